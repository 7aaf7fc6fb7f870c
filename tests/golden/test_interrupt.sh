#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# test_interrupt.sh - goal: a full disk and Ctrl-C cost no committed replication, leave nothing
# half-written under the result's name, and say how to go on; `resume` then ends with the bytes of
# an undisturbed run.
#
# Method: the program itself on a disk of a few hundred kilobytes: a tmpfs where one can be mounted,
# else a limit on the size of files; and with SIGINT once replications have been committed, in `run`
# and in `extend`. Every result is compared with that of an undisturbed run.
#
# usage: bash tests/golden/test_interrupt.sh PROGRAM
set -u
program=$(readlink -f "${1:?usage: test_interrupt.sh PROGRAM}")
cd "$(dirname "$0")/../.." || exit 1
if [ ! -x "$program" ]; then
    echo "skipped: $program is not built"
    exit 77
fi
work=$(mktemp -d) || exit 1
disk=$work/disk
mkdir "$disk"
trap 'umount "$disk" 2>/dev/null; rm -rf "$work"' EXIT
passed=0 failed=0

short=(scenarios/experiments/first.yml --set study.cohort=1d --set study.warm_up=1d --quiet)
eight=("${short[@]}" --set replications=8)

check() { # WHAT CONDITION...
    local what=$1
    shift
    if "$@"; then
        passed=$((passed + 1))
    else
        echo "FAILED $what"
        sed 's/^/    /' "$work/log"
        failed=$((failed + 1))
    fi
}

says() { grep -qF -- "$1" "$work/log"; }
leaves() { # the names in a folder, nothing else
    [ "$(ls "$1")" = "$2" ] || { echo "    there: $(ls "$1" | tr '\n' ' ')" && false; }
}

"$program" run "${eight[@]}" --out "$work/whole.h5" >/dev/null || exit 1

# ---- a full disk ---------------------------------------------------------------------------------

kind=tmpfs
if ! mount -t tmpfs -o size=300k none "$disk" 2>/dev/null; then
    kind=limit
    (ulimit -f 300) 2>/dev/null || kind=none
fi
limit=300 # kilobytes
resize() {
    limit=$1
    [ $kind != tmpfs ] || mount -o "remount,size=$1k" "$disk"
}
# What a command says goes to the log, and its exit status comes back.
on_disk() {
    if [ $kind = tmpfs ]; then
        "$program" "$@" >/dev/null 2>"$work/log"
    else
        (ulimit -f "$limit" && exec "$program" "$@") >/dev/null 2>"$work/log"
    fi
}

disk_full_in_the_journal() {
    resize 300
    on_disk run "${eight[@]}" --threads 2 --out "$disk/full.h5"
    check "disk full: exit 1" [ $? = 1 ]
    check "disk full: the way out" says "clearlab resume $disk/full.journal"
    check "disk full: the journal alone is left" leaves "$disk" full.journal
    local size
    size=$(stat -c %s "$disk/full.journal")
    on_disk resume "$disk/full.journal" --quiet
    check "still full: exit 1" [ $? = 1 ]
    check "still full: what was committed is kept" \
        [ "$(stat -c %s "$disk/full.journal")" -ge "$size" ]
    resize 20000
    on_disk resume "$disk/full.journal" --quiet
    check "space again: exit 0" [ $? = 0 ]
    check "space again: the same bytes" cmp -s "$work/whole.h5" "$disk/full.h5"
    check "space again: the result alone is left" leaves "$disk" full.h5
    rm -f "$disk"/*
}

# All replications are in the journal, and there is no room for the result. A folder that has come
# to stand in its place has the journal left whole first.
disk_full_at_the_result() {
    "$program" run "${eight[@]}" --out "$work/late.h5" >/dev/null 2>"$work/log" &
    while [ ! -e "$work/late.journal" ]; do
        sleep 0.01
    done
    mkdir "$work/late.h5"
    wait $!
    check "a folder in the result's place: exit 1" [ $? = 1 ]
    check "a folder in the result's place: the journal is kept" [ -s "$work/late.journal" ]
    check "a folder in the result's place: the way out" says "clearlab resume $work/late.journal"
    mv "$work/late.journal" "$work/kept.journal"
    "$program" run "${eight[@]}" --out "$work/late.h5" >/dev/null 2>"$work/log"
    check "a folder in the result's place: refused at once" [ ! -e "$work/late.journal" ]
    resize 20000
    mv "$work/kept.journal" "$disk/late.journal"
    cp "$work/whole.h5" "$disk/older.h5"
    resize $(($(du -k "$disk" | cut -f 1) + 100))
    on_disk resume "$disk/late.journal" --quiet
    check "no room for the result: exit 1" [ $? = 1 ]
    check "no room for the result: the way out" says "clearlab resume $disk/late.journal"
    check "no room for the result: nothing half-written" \
        leaves "$disk" "$(printf 'late.journal\nolder.h5')"
    resize 20000
    on_disk resume "$disk/late.journal" --quiet
    check "room for the result: the same bytes" cmp -s "$work/whole.h5" "$disk/late.h5"
    rm -rf "$disk"/* "$work/late.h5"
}

no_room_at_all() {
    resize 4
    head -c 4096 /dev/zero >"$disk/filler"
    on_disk run "${eight[@]}" --out "$disk/none.h5"
    check "no room at all: exit 1" [ $? = 1 ]
    check "no room at all: the reason" says "No space left on device"
    check "no room at all: nothing is left" leaves "$disk" filler
    rm -f "$disk"/*
}

if [ $kind = none ]; then
    echo "left out: full disks (neither a tmpfs nor a limit on files can be had)"
else
    disk_full_in_the_journal
    if [ $kind = tmpfs ]; then
        disk_full_at_the_result
        no_room_at_all
    else
        echo "left out: a disk without room for the result (no tmpfs can be mounted)"
    fi
fi

# ---- Ctrl-C --------------------------------------------------------------------------------------

# Runs a command and interrupts it once the journal has grown by a replication; its status.
interrupt() { # JOURNAL COMMAND...
    local journal=$1 header= size child status
    shift
    "$program" "$@" >/dev/null 2>"$work/log" &
    child=$!
    while kill -0 "$child" 2>/dev/null; do
        size=$(stat -c %s "$journal" 2>/dev/null || echo 0)
        header=${header:-$size}
        [ "$header" != 0 ] || header=
        if [ -n "$header" ] && [ "$size" -gt "$header" ]; then
            kill -INT "$child" 2>/dev/null
            break
        fi
        sleep 0.01
    done
    wait "$child"
    status=$?
    return $status
}

interrupt "$work/stopped.journal" run "${eight[@]}" --threads 1 --out "$work/stopped.h5"
check "Ctrl-C: exit 1" [ $? = 1 ]
check "Ctrl-C: the way out" says "clearlab resume $work/stopped.journal"
check "Ctrl-C: no result yet" [ ! -e "$work/stopped.h5" ]
"$program" run "${eight[@]}" --out "$work/stopped.h5" >/dev/null 2>"$work/log"
check "a new run in its place is refused" says "clearlab resume $work/stopped.journal"
interrupt "$work/stopped.journal" resume "$work/stopped.journal" --quiet --threads 1
check "Ctrl-C again: exit 1" [ $? = 1 ]
"$program" resume "$work/stopped.journal" --quiet >/dev/null 2>"$work/log"
check "resumed: the same bytes" cmp -s "$work/whole.h5" "$work/stopped.h5"
check "resumed: no journal is left" [ ! -e "$work/stopped.journal" ]

# A slip in what is shown in the end is found before anything is written.
for command in "run ${eight[*]} --out $work/slip.h5" "compare $work/whole.h5"; do
    # shellcheck disable=SC2086
    "$program" $command --by hour >/dev/null 2>"$work/log"
    check "${command%% *} --by hour: exit 2" [ $? = 2 ]
    check "${command%% *} --by hour: the choices" says "expected channel, class or hours"
    check "${command%% *} --by hour: nothing is left" [ ! -e "$work/slip.journal" ]
done

"$program" run "${short[@]}" --set replications=3 --out "$work/part.h5" >/dev/null || exit 1
cp "$work/part.h5" "$work/part_before.h5"
interrupt "$work/part.journal" extend "$work/part.h5" --replications 8 --quiet --threads 1
check "Ctrl-C in extend: exit 1" [ $? = 1 ]
check "Ctrl-C in extend: the way out" says "clearlab resume $work/part.journal"
check "Ctrl-C in extend: the result is as it was" cmp -s "$work/part_before.h5" "$work/part.h5"
cp "$work/part.journal" "$work/again.journal"
"$program" resume "$work/part.journal" >/dev/null 2>"$work/log"
check "extend resumed: the same bytes" cmp -s "$work/whole.h5" "$work/part.h5"
check "extend resumed: 9 replications of 24 are not run again" \
    [ "$(sed -n 's/^first: \([0-9]*\) of 24 .*/\1/p' "$work/log" | head -1)" -gt 9 ]

# The result that was extended is another one now, or is gone: all replications are run.
for what in another missing; do
    cp "$work/again.journal" "$work/part.journal"
    [ $what = another ] || rm "$work/part.h5"
    "$program" resume "$work/part.journal" --quiet >/dev/null 2>"$work/log"
    check "extend resumed, $what result: said so" says "its replications are run again"
    check "extend resumed, $what result: the same bytes" cmp -s "$work/whole.h5" "$work/part.h5"
    "$program" run "${short[@]}" --set replications=3 --set seed=5 --out "$work/part.h5"
done

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]

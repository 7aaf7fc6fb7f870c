#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Goal: what the objects export, import and keep.
#   - An exported name starts with the stem of its file, or with that of a header beside it which
#     the stem extends: recorder_metrics.c may export recorder_*.
#   - core and sim import no transcendental function of libm: their last bits differ by machine.
#   - Memory is asked for in core/base/arena.c only.
#   - core has no clock, file or printing (require.c reports programmer errors and stops).
#   - Nothing writable outlives a call.
# Method: every file compiled without optimisation, so that no call is folded or inlined away, and
# its symbols listed by nm.
set -u
for tool in gcc nm pkg-config; do
    command -v $tool >/dev/null || { echo "skipped: $tool is not installed" && exit 77; }
done
objects=$(mktemp -d)
trap 'rm -rf "$objects"' EXIT
findings=0 files=0
report() { findings=$((findings + 1)) && echo "$1"; }

# Files whose exports have other first words, and why.
prefixes_of() {
    case $1 in
        core/base/arena) echo slab ;;                       # slabs are the other half of arena.h
        core/base/estimate) echo tally moments histogram ;; # the accumulators of estimate.h
        core/ledger/block) echo receipt ;;                  # a block's receipts stand beside it
        sim/commands/*) echo command ;;                     # command.h lists a function a file
        sim/steps/*) echo step_type ;;                      # step.h lists a table a file
        sim/scenario/builder) echo party channel outcome ;; # names of the enums of scenario.h
        sim/scenario/procedure) echo compile step ;;        # compile.h: a function a file
        sim/scenario/system) echo compile patch ;;          # compile.h: the row tables of files
        sim/scenario/experiment_plan) echo experiment ;;
        sim/scenario/*) echo compile ;;
        sim/main) echo main ;;
    esac
}

# Files that may keep something writable, and why.
may_keep() {
    case $1 in
        core/base/require) true ;;        # what a failed REQUIRE prints, one a thread
        sim/main | sim/commands/*) true ;; # the flag that Ctrl-C sets
        *) false ;;
    esac
}

transcendental='a?(cos|sin|tan)h?|atan2|exp(2|10|m1)?|log(2|10|1p)?|pow|cbrt|hypot|erfc?'
transcendental+='|[lt]gamma'
transcendental="^(($transcendental|sincos|lgamma_r|j[01n]|y[01n])[fl]?)\$"
allocation='^(malloc|calloc|realloc|reallocarray|free|aligned_alloc|posix_memalign|memalign|mmap'
allocation+='|munmap|strdup|strndup|asprintf|vasprintf|getline|open_memstream|alloca)$'
outside='^(v?f?printf|puts|putchar|fputs|fputc|fwrite|fopen|fdopen|open|read|write|stdout|time'
outside+='|clock|clock_gettime|gettimeofday|(local|gm)time(_r)?|getenv|s?rand(om)?|getrandom)$'

libraries='gsl yaml-0.1 libxml-2.0'
includes=$(pkg-config --cflags $libraries hdf5 2>/dev/null || pkg-config --cflags $libraries)
compile() {
    local object=$objects/${1//\//+}
    # shellcheck disable=SC2086
    gcc -std=gnu17 -O0 -fno-pic -fno-math-errno -fopenmp -w -I. -isystem /usr/include/hdf5/serial \
        $includes -DCLEARLAB_VERSION='""' -DCLEARLAB_REVISION='""' -c "$1" -o "${object%.c}.o" \
        2>/dev/null || echo "$1" >>"$objects/broken"
}
export -f compile
export objects includes
find core sim analysis -name '*.c' | sort | xargs -P 2 -I {} bash -c 'compile {}'
[ ! -f "$objects/broken" ] || while IFS= read -r file; do
    report "$file: does not compile"
done <"$objects/broken"

check_exports() { # file without .c, folder, stem, name
    local prefix=$3 allowed
    allowed="$3 $(prefixes_of "$1")"
    while [[ $prefix == *_* ]]; do
        prefix=${prefix%_*}
        [ -f "$2/$prefix.h" ] && allowed+=" $prefix"
    done
    for prefix in $allowed; do
        [[ $4 == "$prefix" || $4 == "$prefix"_* ]] && return
    done
    report "$1.c: exports $4, which does not start with $3"
}

for object in "$objects"/*.o; do
    [ -f "$object" ] || continue
    files=$((files + 1))
    path=${object##*/} path=${path%.o} path=${path//+/\/}
    while read -r kind name; do
        [[ $name == .gomp_* ]] && continue # what the compiler makes of a named critical section
        case $kind in
            T | R | D | B | C) check_exports "$path" "${path%/*}" "${path##*/}" "$name" ;;
        esac
        case $kind in
            D | d | B | b | C)
                may_keep "$path" || report "$path.c: $name is writable and outlives its function"
                ;;
            U)
                [[ $path == analysis/* || ! $name =~ $transcendental ]] ||
                    report "$path.c: calls $name of libm"
                [[ $path == core/base/arena || ! $name =~ $allocation ]] ||
                    report "$path.c: calls $name; memory comes from an arena"
                [[ $path != core/* || $path == core/base/require || $path == core/base/arena ||
                    ! $name =~ $outside ]] || report "$path.c: calls $name; core sees no outside"
                ;;
        esac
    done < <(nm -P "$object" | awk '{ print $2, $1 }')
done

echo "$files objects, $findings findings"
[ $findings = 0 ]

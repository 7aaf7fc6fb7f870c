#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Goal: the wrapper's promises. Method: the wrapper in a tree of its own with a program of ten
# lines; dpkg-query, apt-get, id and sudo are stand-ins that say what a bare machine would.
set -u
here=$PWD
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
checks=0 failures=0

check() { # what, condition...
    local what=$1
    shift
    checks=$((checks + 1))
    "$@" || { failures=$((failures + 1)) && echo "failed: $what"; }
}

has() { grep -qF -- "$1" "$2"; }
lacks() { ! grep -qF -- "$1" "$2"; }

command -v cmake >/dev/null || { echo "skipped: no cmake" && exit 77; }

mkdir -p "$tree"/{core,sim,analysis,bin,tests/vectors,elsewhere}
cp "$here/clearlab" "$tree/"
cat >"$tree/CMakeLists.txt" <<'END'
cmake_minimum_required(VERSION 3.18)
project(small C)
add_executable(clearlab sim/main.c)
enable_testing()
add_test(NAME good COMMAND true)
add_test(NAME bad COMMAND false)
add_test(NAME absent COMMAND sh -c "exit 77")
set_tests_properties(absent PROPERTIES SKIP_RETURN_CODE 77)
file(WRITE ${CMAKE_BINARY_DIR}/tests/keep "")
add_executable(test_abc tests/vectors/test_abc.c)
set_target_properties(test_abc PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
END
cat >"$tree/sim/main.c" <<'END'
#include <stdio.h>
#include <unistd.h>
int main(int n, char **a) {
    char cwd[4096];
    printf("in %s\n", getcwd(cwd, sizeof cwd));
    for (int i = 1; i < n; i++) printf("<%s>\n", a[i]);
    return n;
}
END
cat >"$tree/tests/vectors/test_abc.c" <<'END'
#include <stdio.h>
int main(int n, char **a) { printf("%s\n9 checks, 2 failed\n", a[n - 1]); return 1; }
END

# Stand-ins. MISSING holds the packages that are not there; INSTALLS is set where apt-get works.
cat >"$tree/bin/dpkg-query" <<'END'
#!/usr/bin/env bash
shift 2
for p in "$@"; do grep -qx "$p" "$MISSING" || echo "$p installed"; done
END
cat >"$tree/bin/apt-get" <<'END'
#!/usr/bin/env bash
echo "apt-get $*" >>"$MISSING.calls"
case "$*" in
*update*) [ -n "${INSTALLS-}" ] && : >"$MISSING.updated" ;;
*install*) [ -n "${INSTALLS-}" ] && [ -f "$MISSING.updated" ] && : >"$MISSING" ;;
esac
END
cat >"$tree/bin/apt-cache" <<'END'
#!/usr/bin/env bash
shift
[ -f "$MISSING.updated" ] || exit 0
for p in "$@"; do printf '%s:\n  Installed: (none)\n  Candidate: 1.0\n' "$p"; done
END
printf '#!/bin/sh\necho "${USER_ID:-0}"\n' >"$tree/bin/id"
printf '#!/bin/sh\nexit 1\n' >"$tree/bin/sudo"
chmod +x "$tree"/bin/*
export PATH=$tree/bin:$PATH MISSING=$tree/missing
wrapper() { (cd "$tree/elsewhere" && "$tree/clearlab" "$@") >"$tree/out" 2>"$tree/err"; }

# Neither root nor sudo: one command, status 2, and nothing was tried.
printf 'libgsl-dev\ncmake\n' >"$MISSING"
USER_ID=1000 wrapper run x.yml
check "missing packages give status 2" [ $? = 2 ]
install='sudo apt-get install -y --no-install-recommends cmake libgsl-dev'
check "the command is printed" has "sudo apt-get update && $install" "$tree/err"
check "nothing was installed" [ ! -e "$MISSING.calls" ]

# Root without network.
wrapper run x.yml
check "no network gives status 2" [ $? = 2 ]
check "root needs no sudo" lacks sudo "$tree/err"
check "it tried" has "update" "$MISSING.calls"

# Root with network: installs, builds, runs in the caller's folder with the arguments as they are.
rm -f "$MISSING.calls"
INSTALLS=yes wrapper run 'a b' '' '*'
check "the program's own status" [ $? = 5 ]
check "one update was enough" [ "$(grep -c update "$MISSING.calls")" = 1 ]
printf 'in %s\n<run>\n<a b>\n<>\n<*>\n' "$tree/elsewhere" >"$tree/expected"
check "arguments and folder" cmp "$tree/out" "$tree/expected"
check "two lines about it" [ "$(wc -l <"$tree/err")" = 2 ]

# Nothing changed: silent, and nothing asks for packages.
printf 'cmake\n' >"$MISSING"
USER_ID=1000 wrapper
check "silent when nothing changed" [ ! -s "$tree/err" ]
: >"$MISSING"

# A change is seen, and a broken build shows its error and not the old program.
sed -i 's/return n;/return 40;/' "$tree/sim/main.c"
wrapper
check "a change is built" [ $? = 40 ]
echo 'int broken = "text;' >>"$tree/sim/main.c"
wrapper
check "a broken build gives status 1" [ $? = 1 ]
check "its error is shown" has "main.c:9" "$tree/err"
check "the old program does not run" [ ! -s "$tree/out" ]
check "nor later" [ "$(wrapper || echo failed)" = failed ]
sed -i '$d' "$tree/sim/main.c"

# Tests: counts of all builds, the status, and the closing line.
wrapper test
check "a failing test gives status 1" [ $? = 1 ]
builds=2
command -v clang >/dev/null && builds=3
skips=3 # the absent test of each build, or a build that is itself absent
check "the closing line counts all builds" \
    [ "$(tail -1 "$tree/out")" = "$builds passed, $builds failed, $skips skipped" ]
check "ctest's closing lines are there" has "tests passed" "$tree/out"

wrapper test --vectors abc ../missing
check "status of a failing vector test" [ $? = 1 ]
check "the path is absolute" has "$tree/missing" "$tree/out"
check "vectors close alike" [ "$(tail -1 "$tree/out")" = "7 passed, 2 failed" ]
wrapper test --vectors nonsense "$MISSING"
check "an unknown kind gives status 2" [ $? = 2 ]
check "and lists the kinds" has "there are: abc" "$tree/err"
wrapper test --nonsense
check "wrong use gives status 2" [ $? = 2 ]

# Two at once: one waits, both end well.
touch "$tree/sim/main.c"
(cd "$tree" && ./clearlab >"$tree/first" 2>&1) &
wrapper
second=$?
wait $!
check "two wrappers at once" [ "$second:$?" = 40:40 ]

echo "$checks checks, $failures failed"
[ $failures = 0 ]

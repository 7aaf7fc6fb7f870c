#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Goal: a commit does not build everything anew.
# Method: make builds an object again when the flags of its target change, so the revision may stand
# in the flags of one target with one source only.
#
# usage: bash tests/tidy/test_revision.sh PROGRAM BUILD_FOLDER
set -u
build=${2:?usage: test_revision.sh PROGRAM BUILD_FOLDER}
if [ ! -e "$build/CMakeFiles/sim.dir/flags.make" ]; then
    echo "skipped: not built by make"
    exit 77
fi
cd "$build" || exit 1
found=$(grep -rl --include=flags.make CLEARLAB_REVISION .)
if [ "$found" != ./CMakeFiles/version.dir/flags.make ]; then
    printf 'targets that a commit builds anew:\n%s\n' "$found"
    exit 1
fi
echo "one target knows the revision"

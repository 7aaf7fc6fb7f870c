/* SPDX-License-Identifier: GPL-3.0-or-later
 * version.c - see version.h; CMake says both. */
#include "sim/record/version.h"

const char version_number[] = CLEARLAB_VERSION;
const char version_revision[] = CLEARLAB_REVISION;

/* SPDX-License-Identifier: GPL-3.0-or-later
 * wide.h - 128-bit whole numbers. ISO C has none; gcc and clang do, under names that -Wpedantic
 * accepts only behind __extension__. Everyone takes them from here. */
#ifndef CORE_BASE_WIDE_H
#define CORE_BASE_WIDE_H

__extension__ typedef __int128 int128;
__extension__ typedef unsigned __int128 uint128;

#endif

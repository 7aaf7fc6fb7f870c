/* SPDX-License-Identifier: GPL-3.0-or-later
 * checksum.h - CRC-64 against accidents: a cut, a flipped bit, a bad disk.
 *
 * CRC-64/XZ (the polynomial of ECMA-182, reflected; all ones at start and end; "123456789" gives
 * 995dc9bbdf1939fa). It finds every error burst of up to 64 bits. No defence against malice. */
#ifndef SIM_RECORD_CHECKSUM_H
#define SIM_RECORD_CHECKSUM_H

#include <stddef.h>
#include <stdint.h>

/* The checksum of what `before` is the checksum of (0 for nothing), followed by these bytes. */
uint64_t checksum(uint64_t before, const void *bytes, size_t size);

#endif

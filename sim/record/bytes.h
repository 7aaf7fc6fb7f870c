/* SPDX-License-Identifier: GPL-3.0-or-later
 * bytes.h - numbers and texts as bytes, the same on every machine, and back with every step
 * checked.
 *
 * Little-endian. A varint has seven bits a byte, low ones first, and bit 7 set while more follow; a
 * signed one is first folded so that small numbers of either sign stay short. A text is its length
 * as varint and its bytes. */
#ifndef SIM_RECORD_BYTES_H
#define SIM_RECORD_BYTES_H

#include "core/base/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Grows in its arena; set size to 0 to use it again. */
struct bytes {
    uint8_t *data;
    size_t size, capacity;
    struct arena *arena;
};

void bytes_put(struct bytes *bytes, const void *data, size_t size);
void bytes_put_u32(struct bytes *bytes, uint32_t value);
void bytes_put_u64(struct bytes *bytes, uint64_t value);
void bytes_put_real(struct bytes *bytes, double value); /* every NaN becomes the same one */
void bytes_put_varint(struct bytes *bytes, uint64_t value);
void bytes_put_signed(struct bytes *bytes, int64_t value);
void bytes_put_text(struct bytes *bytes, const char *text);

/* Reads what it does not own. Past the end, or where something is not well formed, it sets `failed`
 * and gives zeros from then on, so that a caller checks once at the end. */
struct bytes_reader {
    const uint8_t *data;
    size_t size, at;
    bool failed;
};

size_t bytes_left(const struct bytes_reader *reader);
uint32_t bytes_take_u32(struct bytes_reader *reader);
uint64_t bytes_take_u64(struct bytes_reader *reader);
double bytes_take_real(struct bytes_reader *reader);
uint64_t bytes_take_varint(struct bytes_reader *reader);
int64_t bytes_take_signed(struct bytes_reader *reader);

/* A varint of at most `max`. */
uint32_t bytes_take_count(struct bytes_reader *reader, uint32_t max);

/* A copy in the arena; fails when it holds a '\0' or more than `size_max` bytes. Never NULL. */
const char *bytes_take_text(struct bytes_reader *reader, size_t size_max, struct arena *arena);

#endif

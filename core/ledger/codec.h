/* SPDX-License-Identifier: GPL-3.0-or-later
 * codec.h - one byte string for every value, and no value for any other byte string.
 *
 * What is hashed and signed must be written in one way. A struct is described by rows, in order;
 * nothing stands between the fields:
 *
 *     U8 U32 U64 I64     1, 4, 8, 8 bytes, most significant first, I64 in two's complement
 *     FLAG               one byte, 0 or 1
 *     FIXED              `size` bytes as they are (hashes, keys, signatures)
 *     BLOB               U32 length, then so many bytes
 *     TEXT               the same, valid UTF-8 without control characters
 *     LIST               U32 count, then so many structs of the rows `inner`
 *     SET                the same, strictly ascending as byte strings, so that order says nothing
 *
 * Decoding refuses what encoding never writes: lengths that don't fit, flags of 2, bad UTF-8, sets
 * out of order, bytes left over. It says which field and at which offset. */
#ifndef CORE_LEDGER_CODEC_H
#define CORE_LEDGER_CODEC_H

#include "core/base/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum codec_kind {
    CODEC_END,   /* ends the rows. The C type of the member: */
    CODEC_U8,    /* uint8_t, at most `max` */
    CODEC_U32,   /* uint32_t, at most `max` */
    CODEC_U64,   /* uint64_t */
    CODEC_I64,   /* int64_t */
    CODEC_FLAG,  /* bool */
    CODEC_FIXED, /* `size` bytes in place */
    CODEC_BLOB,  /* struct codec_blob, at most `max` bytes */
    CODEC_TEXT,  /* struct codec_blob, at most `max` bytes */
    CODEC_LIST,  /* struct codec_list, at most `max` items of `size` bytes with the rows `inner` */
    CODEC_SET,   /* the same */
};

struct codec_row {
    const char *name;
    enum codec_kind kind;
    size_t offset, size;
    uint64_t max; /* 0: no limit but the type's */
    const struct codec_row *inner;
};

/* The kind, and what else it needs: CODEC(struct sample, name, CODEC_TEXT, .max = 80). */
#define CODEC(type, member, ...) \
    { .name = #member, .offset = offsetof(type, member), .kind = __VA_ARGS__ }
#define CODEC_BYTES(type, member) \
    CODEC(type, member, CODEC_FIXED, .size = sizeof(((type *)NULL)->member))
#define CODEC_ROWS_END \
    { .kind = CODEC_END }

struct codec_blob {
    const uint8_t *bytes; /* not owned: of a decoded value it points into the input */
    uint32_t size;
};

struct codec_list {
    uint32_t count;
    void *items; /* of a decoded value in the arena */
};

/* Where and why bytes are no value. */
struct codec_fault {
    const char *field;
    size_t offset;
    const char *reason;
};

enum { CODEC_DEPTH_MAX = 8 }; /* lists in lists */

/* Writes at most `capacity` bytes and returns how many it takes. REQUIREs that the value keeps its
 * rows' limits; a set must be in order already, see codec_sort. */
size_t codec_encode(const struct codec_row *rows, const void *value, uint8_t *bytes,
                    size_t capacity);

/* All of `bytes` as one value. 0; -1 and the fault. Time and memory are bounded by `size`. */
int codec_decode(const struct codec_row *rows, const uint8_t *bytes, size_t size,
                 struct arena *arena, void *value, struct codec_fault *fault);

/* Brings a set into order; -1 when two of its items are equal. */
int codec_sort(const struct codec_row *row, struct codec_list *set, struct arena *arena);

#endif

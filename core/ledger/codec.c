/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/ledger/codec.h"

#include "core/base/require.h"

#include <stdlib.h>
#include <string.h>

/* ---- encoding ------------------------------------------------------------------------------- */

struct writer {
    uint8_t *bytes;
    size_t capacity, size;
};

static void put(struct writer *writer, const void *bytes, size_t size) {
    if (writer->size < writer->capacity) {
        size_t room = writer->capacity - writer->size;
        memcpy(writer->bytes + writer->size, bytes, size < room ? size : room);
    }
    writer->size += size;
}

static void put_number(struct writer *writer, uint64_t number, unsigned size) {
    uint8_t bytes[8];
    for (unsigned i = 0; i < size; i++) {
        bytes[i] = (uint8_t)(number >> 8 * (size - 1 - i));
    }
    put(writer, bytes, size);
}

static void put_rows(struct writer *writer, const struct codec_row *rows, const void *value);

static void put_list(struct writer *writer, const struct codec_row *row,
                     const struct codec_list *list) {
    REQUIRE(row->max == 0 || list->count <= row->max);
    put_number(writer, list->count, 4);
    for (uint32_t i = 0; i < list->count; i++) {
        put_rows(writer, row->inner, (const uint8_t *)list->items + i * row->size);
    }
}

static void put_row(struct writer *writer, const struct codec_row *row, const void *at) {
    const struct codec_blob *blob = at;
    switch (row->kind) {
    case CODEC_U8:
        put_number(writer, *(const uint8_t *)at, 1);
        break;
    case CODEC_U32:
        put_number(writer, *(const uint32_t *)at, 4);
        break;
    case CODEC_U64:
        put_number(writer, *(const uint64_t *)at, 8);
        break;
    case CODEC_I64:
        put_number(writer, (uint64_t)(*(const int64_t *)at), 8);
        break;
    case CODEC_FLAG:
        put_number(writer, *(const bool *)at, 1);
        break;
    case CODEC_FIXED:
        put(writer, at, row->size);
        break;
    case CODEC_BLOB:
    case CODEC_TEXT:
        REQUIRE(row->max == 0 || blob->size <= row->max);
        put_number(writer, blob->size, 4);
        if (blob->size > 0) {
            put(writer, blob->bytes, blob->size);
        }
        break;
    case CODEC_LIST:
    case CODEC_SET:
        put_list(writer, row, at);
        break;
    case CODEC_END:
        break;
    }
}

static void put_rows(struct writer *writer, const struct codec_row *rows, const void *value) {
    for (; rows->kind != CODEC_END; rows++) {
        put_row(writer, rows, (const uint8_t *)value + rows->offset);
    }
}

size_t codec_encode(const struct codec_row *rows, const void *value, uint8_t *bytes,
                    size_t capacity) {
    struct writer writer = {.bytes = bytes, .capacity = capacity};
    put_rows(&writer, rows, value);
    return writer.size;
}

/* ---- decoding ------------------------------------------------------------------------------- */

struct reader {
    const uint8_t *bytes;
    size_t size, at;
    unsigned depth;
    struct arena *arena;
    struct codec_fault *fault;
};

static int refuse(struct reader *reader, const struct codec_row *row, size_t offset,
                  const char *reason) {
    *reader->fault = (struct codec_fault){.field = row->name, .offset = offset, .reason = reason};
    return -1;
}

static int take(struct reader *reader, const struct codec_row *row, size_t size,
                const uint8_t **bytes) {
    if (size > reader->size - reader->at) {
        return refuse(reader, row, reader->at, "the bytes end in the middle of it");
    }
    *bytes = reader->bytes + reader->at;
    reader->at += size;
    return 0;
}

static int take_number(struct reader *reader, const struct codec_row *row, unsigned size,
                       uint64_t max, uint64_t *number) {
    const uint8_t *bytes;
    size_t offset = reader->at;
    if (take(reader, row, size, &bytes) != 0) {
        return -1;
    }
    *number = 0;
    for (unsigned i = 0; i < size; i++) {
        *number = *number << 8 | bytes[i];
    }
    return max != 0 && *number > max ? refuse(reader, row, offset, "above its limit") : 0;
}

/* Length of the UTF-8 character at `at`, 0 when it is none (RFC 3629) or a control character. */
static unsigned character_size(const uint8_t *at, size_t size) {
    uint8_t first = at[0];
    if (first < 0x80) {
        return first >= 0x20 && first != 0x7f;
    }
    unsigned length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    if (first < 0xc2 || first > 0xf4 || length > size) {
        return 0;
    }
    for (unsigned i = 1; i < length; i++) {
        if ((at[i] & 0xc0) != 0x80) {
            return 0;
        }
    }
    bool is_overlong = (first == 0xe0 && at[1] < 0xa0) || (first == 0xf0 && at[1] < 0x90);
    bool is_beyond = (first == 0xed && at[1] > 0x9f) || (first == 0xf4 && at[1] > 0x8f);
    bool is_control = first == 0xc2 && at[1] < 0xa0;
    return is_overlong || is_beyond || is_control ? 0 : length;
}

static int check_text(struct reader *reader, const struct codec_row *row, const uint8_t *bytes,
                      size_t size) {
    for (size_t i = 0; i < size;) {
        unsigned length = character_size(bytes + i, size - i);
        if (length == 0) {
            return refuse(reader, row, (size_t)(bytes - reader->bytes) + i,
                          "no printable UTF-8 character");
        }
        i += length;
    }
    return 0;
}

static int take_blob(struct reader *reader, const struct codec_row *row, struct codec_blob *blob) {
    uint64_t size;
    if (take_number(reader, row, 4, row->max, &size) != 0 ||
        take(reader, row, size, &blob->bytes) != 0) {
        return -1;
    }
    blob->size = (uint32_t)size;
    return row->kind == CODEC_TEXT ? check_text(reader, row, blob->bytes, size) : 0;
}

static int take_rows(struct reader *reader, const struct codec_row *rows, void *value);

/* Byte strings in the order of a dictionary. */
static int compare_bytes(const uint8_t *a, size_t a_size, const uint8_t *b, size_t b_size) {
    int order = memcmp(a, b, a_size < b_size ? a_size : b_size);
    return order != 0 ? order : (a_size > b_size) - (a_size < b_size);
}

/* The fewest bytes that an item takes, so that a count can be refused before memory is taken. */
static size_t size_min(const struct codec_row *rows) {
    size_t size = 0;
    for (; rows->kind != CODEC_END; rows++) {
        switch (rows->kind) {
        case CODEC_U8:
        case CODEC_FLAG:
            size += 1;
            break;
        case CODEC_U64:
        case CODEC_I64:
            size += 8;
            break;
        case CODEC_FIXED:
            size += rows->size;
            break;
        default:
            size += 4;
        }
    }
    return size;
}

static int take_list(struct reader *reader, const struct codec_row *row, struct codec_list *list) {
    uint64_t count;
    size_t offset = reader->at;
    if (take_number(reader, row, 4, row->max, &count) != 0) {
        return -1;
    }
    if (count > (reader->size - reader->at) / size_min(row->inner)) {
        return refuse(reader, row, offset, "more items than there are bytes");
    }
    REQUIRE(reader->depth < CODEC_DEPTH_MAX);
    reader->depth++;
    list->count = (uint32_t)count;
    list->items = arena_alloc_array(reader->arena, count, row->size);
    size_t before = 0, before_size = 0;
    for (uint32_t i = 0; i < list->count; i++) {
        size_t start = reader->at;
        if (take_rows(reader, row->inner, (uint8_t *)list->items + i * row->size) != 0) {
            return -1;
        }
        size_t size = reader->at - start;
        if (row->kind == CODEC_SET && i > 0 &&
            compare_bytes(reader->bytes + before, before_size, reader->bytes + start, size) >= 0) {
            return refuse(reader, row, start, "a set is in ascending order, without equals");
        }
        before = start;
        before_size = size;
    }
    reader->depth--;
    return 0;
}

static int take_integer(struct reader *reader, const struct codec_row *row, void *at) {
    uint64_t number;
    unsigned size = row->kind == CODEC_U8 || row->kind == CODEC_FLAG ? 1
                    : row->kind == CODEC_U32                         ? 4
                                                                     : 8;
    uint64_t max = row->kind == CODEC_FLAG ? 1 : size == 8 ? 0 : row->max;
    if (take_number(reader, row, size, max, &number) != 0) {
        return -1;
    }
    if (row->kind == CODEC_U8) {
        *(uint8_t *)at = (uint8_t)number;
    } else if (row->kind == CODEC_U32) {
        *(uint32_t *)at = (uint32_t)number;
    } else if (row->kind == CODEC_U64) {
        *(uint64_t *)at = number;
    } else if (row->kind == CODEC_I64) {
        *(int64_t *)at = (int64_t)number;
    } else {
        *(bool *)at = number == 1;
    }
    return 0;
}

static int take_row(struct reader *reader, const struct codec_row *row, void *at) {
    const uint8_t *bytes;
    switch (row->kind) {
    case CODEC_FIXED:
        if (take(reader, row, row->size, &bytes) != 0) {
            return -1;
        }
        memcpy(at, bytes, row->size);
        return 0;
    case CODEC_BLOB:
    case CODEC_TEXT:
        return take_blob(reader, row, at);
    case CODEC_LIST:
    case CODEC_SET:
        return take_list(reader, row, at);
    default:
        return take_integer(reader, row, at);
    }
}

static int take_rows(struct reader *reader, const struct codec_row *rows, void *value) {
    for (; rows->kind != CODEC_END; rows++) {
        if (take_row(reader, rows, (uint8_t *)value + rows->offset) != 0) {
            return -1;
        }
    }
    return 0;
}

int codec_decode(const struct codec_row *rows, const uint8_t *bytes, size_t size,
                 struct arena *arena, void *value, struct codec_fault *fault) {
    struct reader reader = {.bytes = bytes, .size = size, .arena = arena, .fault = fault};
    if (take_rows(&reader, rows, value) != 0) {
        return -1;
    }
    if (reader.at < size) {
        *fault = (struct codec_fault){
            .field = "end", .offset = reader.at, .reason = "bytes are left over"};
        return -1;
    }
    return 0;
}

/* ---- sets ----------------------------------------------------------------------------------- */

struct encoded {
    const uint8_t *bytes;
    size_t size;
    uint32_t index;
};

static int compare_encoded(const void *a_pointer, const void *b_pointer) {
    const struct encoded *a = a_pointer, *b = b_pointer;
    return compare_bytes(a->bytes, a->size, b->bytes, b->size);
}

int codec_sort(const struct codec_row *row, struct codec_list *set, struct arena *arena) {
    struct encoded *encoded = ARENA_ARRAY(arena, struct encoded, set->count);
    for (uint32_t i = 0; i < set->count; i++) {
        const void *item = (const uint8_t *)set->items + i * row->size;
        size_t size = codec_encode(row->inner, item, NULL, 0);
        uint8_t *bytes = arena_alloc(arena, size);
        codec_encode(row->inner, item, bytes, size);
        encoded[i] = (struct encoded){.bytes = bytes, .size = size, .index = i};
    }
    qsort(encoded, set->count, sizeof *encoded, compare_encoded);
    uint8_t *sorted = arena_alloc_array(arena, set->count, row->size);
    for (uint32_t i = 0; i < set->count; i++) {
        if (i > 0 && compare_encoded(&encoded[i - 1], &encoded[i]) == 0) {
            return -1;
        }
        memcpy(sorted + i * row->size, (const uint8_t *)set->items + encoded[i].index * row->size,
               row->size);
    }
    set->items = sorted;
    return 0;
}

/* SPDX-License-Identifier: GPL-3.0-or-later
 * bytes.c - see bytes.h. */
#include "sim/record/bytes.h"

#include "core/base/numeric.h"

#include <string.h>

static uint8_t *reserve(struct bytes *bytes, size_t size) {
    if (bytes->capacity - bytes->size < size) {
        size_t capacity = 2 * bytes->capacity > bytes->size + size ? 2 * bytes->capacity
                                                                   : 2 * (bytes->size + size);
        uint8_t *data = arena_alloc(bytes->arena, capacity);
        if (bytes->size > 0) {
            memcpy(data, bytes->data, bytes->size);
        }
        bytes->data = data;
        bytes->capacity = capacity;
    }
    return bytes->data + bytes->size;
}

void bytes_put(struct bytes *bytes, const void *data, size_t size) {
    if (size > 0) {
        memcpy(reserve(bytes, size), data, size);
        bytes->size += size;
    }
}

static void put_little_endian(struct bytes *bytes, uint64_t value, unsigned size) {
    uint8_t *at = reserve(bytes, size);
    for (unsigned i = 0; i < size; i++) {
        at[i] = (uint8_t)(value >> 8 * i);
    }
    bytes->size += size;
}

void bytes_put_u32(struct bytes *bytes, uint32_t value) {
    put_little_endian(bytes, value, 4);
}

void bytes_put_u64(struct bytes *bytes, uint64_t value) {
    put_little_endian(bytes, value, 8);
}

void bytes_put_real(struct bytes *bytes, double value) {
    const uint64_t quiet_nan = 0x7ff8000000000000;
    bytes_put_u64(bytes, value != value ? quiet_nan : numeric_bits(value));
}

void bytes_put_varint(struct bytes *bytes, uint64_t value) {
    uint8_t *at = reserve(bytes, 10);
    unsigned size = 0;
    for (; value >= 0x80; value >>= 7) {
        at[size++] = (uint8_t)(value | 0x80);
    }
    at[size++] = (uint8_t)value;
    bytes->size += size;
}

void bytes_put_signed(struct bytes *bytes, int64_t value) {
    uint64_t folded = (uint64_t)value << 1;
    bytes_put_varint(bytes, value < 0 ? ~folded : folded);
}

void bytes_put_text(struct bytes *bytes, const char *text) {
    size_t size = strlen(text);
    bytes_put_varint(bytes, size);
    bytes_put(bytes, text, size);
}

size_t bytes_left(const struct bytes_reader *reader) {
    return reader->failed ? 0 : reader->size - reader->at;
}

static uint64_t take_little_endian(struct bytes_reader *reader, unsigned size) {
    if (bytes_left(reader) < size) {
        reader->failed = true;
        return 0;
    }
    uint64_t value = 0;
    for (unsigned i = 0; i < size; i++) {
        value |= (uint64_t)reader->data[reader->at++] << 8 * i;
    }
    return value;
}

uint32_t bytes_take_u32(struct bytes_reader *reader) {
    return (uint32_t)take_little_endian(reader, 4);
}

uint64_t bytes_take_u64(struct bytes_reader *reader) {
    return take_little_endian(reader, 8);
}

double bytes_take_real(struct bytes_reader *reader) {
    return numeric_from_bits(bytes_take_u64(reader));
}

uint64_t bytes_take_varint(struct bytes_reader *reader) {
    uint64_t value = 0;
    for (unsigned shift = 0; shift < 64 && bytes_left(reader) > 0; shift += 7) {
        uint64_t byte = reader->data[reader->at++];
        if (shift == 63 && byte > 1) {
            break;
        }
        value |= (byte & 0x7f) << shift;
        if (byte < 0x80) {
            return value;
        }
    }
    reader->failed = true;
    return 0;
}

int64_t bytes_take_signed(struct bytes_reader *reader) {
    uint64_t folded = bytes_take_varint(reader);
    uint64_t value = folded >> 1 ^ (0 - (folded & 1));
    int64_t result;
    memcpy(&result, &value, sizeof result);
    return result;
}

uint32_t bytes_take_count(struct bytes_reader *reader, uint32_t max) {
    uint64_t count = bytes_take_varint(reader);
    if (count > max) {
        reader->failed = true;
        return 0;
    }
    return (uint32_t)count;
}

const char *bytes_take_text(struct bytes_reader *reader, size_t size_max, struct arena *arena) {
    uint64_t size = bytes_take_varint(reader);
    if (size > size_max || size > bytes_left(reader) ||
        memchr(reader->data + reader->at, '\0', (size_t)size) != NULL) {
        reader->failed = true;
        return "";
    }
    const char *text = arena_text(arena, (const char *)reader->data + reader->at, (size_t)size);
    reader->at += (size_t)size;
    return text;
}

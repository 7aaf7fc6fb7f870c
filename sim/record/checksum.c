/* SPDX-License-Identifier: GPL-3.0-or-later
 * checksum.c - see checksum.h. */
#include "sim/record/checksum.h"

/* Remainders of the sixteen half bytes. */
static const uint64_t half_byte[16] = {
    0x0000000000000000, 0x7d9ba13851336649, 0xfb374270a266cc92, 0x86ace348f355aadb,
    0x64b62bcaebc387a1, 0x192d8af2baf0e1e8, 0x9f8169ba49a54b33, 0xe21ac88218962d7a,
    0xc96c5795d7870f42, 0xb4f7f6ad86b4690b, 0x325b15e575e1c3d0, 0x4fc0b4dd24d2a599,
    0xadda7c5f3c4488e3, 0xd041dd676d77eeaa, 0x56ed3e2f9e224471, 0x2b769f17cf112238};

static uint64_t add_byte(uint64_t crc, unsigned char byte) {
    crc ^= byte;
    crc = half_byte[crc & 15] ^ crc >> 4;
    return half_byte[crc & 15] ^ crc >> 4;
}

/* Eight bytes at once: remainders of a byte that so many others follow. The tables take as long as
 * a thousand bytes, and there is no place where they could be kept. */
struct tables {
    uint64_t rows[8][256];
};

static void fill(struct tables *tables) {
    for (unsigned i = 0; i < 256; i++) {
        tables->rows[0][i] = add_byte(0, (unsigned char)i);
    }
    for (unsigned row = 1; row < 8; row++) {
        for (unsigned i = 0; i < 256; i++) {
            uint64_t before = tables->rows[row - 1][i];
            tables->rows[row][i] = tables->rows[0][before & 255] ^ before >> 8;
        }
    }
}

static uint64_t add_many(uint64_t crc, const unsigned char *bytes, size_t count) {
    struct tables tables;
    fill(&tables);
    for (size_t i = 0; i < count; i += 8) {
        uint64_t word = crc;
        for (unsigned k = 0; k < 8; k++) {
            word ^= (uint64_t)bytes[i + k] << 8 * k;
        }
        crc = 0;
        for (unsigned k = 0; k < 8; k++) {
            crc ^= tables.rows[7 - k][word >> 8 * k & 255];
        }
    }
    return crc;
}

uint64_t checksum(uint64_t before, const void *bytes, size_t size) {
    enum { MANY = 1 << 11 };
    const unsigned char *at = bytes;
    uint64_t crc = ~before;
    size_t start = size < MANY ? 0 : size / 8 * 8;
    if (start > 0) {
        crc = add_many(crc, at, start);
    }
    for (size_t i = start; i < size; i++) {
        crc = add_byte(crc, at[i]);
    }
    return ~crc;
}

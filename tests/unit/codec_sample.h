/* SPDX-License-Identifier: GPL-3.0-or-later
 * codec_sample.h - a value with a row of every kind, for the tests of the codec. */
#ifndef TESTS_UNIT_CODEC_SAMPLE_H
#define TESTS_UNIT_CODEC_SAMPLE_H

#include "core/ledger/codec.h"

struct sample_item {
    uint8_t kind;
    struct codec_blob note;
};

struct sample {
    uint8_t small;
    uint32_t number;
    uint64_t height;
    int64_t amount;
    bool is_paid;
    uint8_t hash[32];
    struct codec_blob payload, name;
    struct codec_list items, members;
};

static const struct codec_row sample_item_rows[] = {
    CODEC(struct sample_item, kind, CODEC_U8, .max = 5),
    CODEC(struct sample_item, note, CODEC_TEXT, .max = 40), CODEC_ROWS_END};

static const struct codec_row sample_rows[] = {
    CODEC(struct sample, small, CODEC_U8),
    CODEC(struct sample, number, CODEC_U32, .max = 1000000),
    CODEC(struct sample, height, CODEC_U64),
    CODEC(struct sample, amount, CODEC_I64),
    CODEC(struct sample, is_paid, CODEC_FLAG),
    CODEC_BYTES(struct sample, hash),
    CODEC(struct sample, payload, CODEC_BLOB, .max = 64),
    CODEC(struct sample, name, CODEC_TEXT),
    CODEC(struct sample, items, CODEC_LIST, .size = sizeof(struct sample_item), .max = 9,
          .inner = sample_item_rows),
    CODEC(struct sample, members, CODEC_SET, .size = sizeof(struct sample_item),
          .inner = sample_item_rows),
    CODEC_ROWS_END};

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later
 * encode.h - codes, and codes put together, as the rate of findings among declarations like it.
 *
 * A declaration is cut into parts: each code, its heading and chapter, the size of its mass and
 * value. An encoding is a few parts whose values together are a key. What a row gets for it is the
 * log odds of the smoothed rate of the key, (findings + strength * rate of all) / (inspections +
 * strength). A part that is missing is a value of its own; a key that was never inspected has the
 * rate of all rows, and its count is 0.
 *
 * A row that is trained on must not see its own label: its rate leaves out all rows of its fold.
 * Where folds are made of whole goods (see encode_goods), no repetition of a row can tell it. */
#ifndef CORE_RISK_ENCODE_H
#define CORE_RISK_ENCODE_H

#include "core/risk/declaration_table.h"
#include "core/risk/memory.h"

#include <stdint.h>

#define ENCODE_PARTS(X)                                               \
    X(chapter, "chapter")                                             \
    X(heading, "heading")                                             \
    X(five, "first five digits")                                      \
    X(goods, "goods")                                                 \
    X(departure, "departure")                                         \
    X(origin, "origin")                                               \
    X(rate, "rate")                                                   \
    X(tax_type, "kind of tax")                                        \
    X(mass_size, "size of the mass")   /* powers of two of kg */      \
    X(mass_step, "mass, about")        /* four steps between these */ \
    X(value_size, "size of the value") /* powers of two */            \
    X(mass, "mass")                    /* exactly */                  \
    X(unit_value, "unit value")        /* to five digits */           \
    X(importer, "importer")                                           \
    X(declarant, "declarant")                                         \
    X(seller, "seller")                                               \
    X(courier, "courier")                                             \
    X(office, "office")                                               \
    X(process, "process")                                             \
    X(kind, "kind of import")                                         \
    X(use, "use")                                                     \
    X(transport, "transport")                                         \
    X(proof, "proof of origin")                                       \
    X(payment, "payment")

enum encode_part {
#define X(name, doc) ENCODE_##name,
    ENCODE_PARTS(X)
#undef X
        ENCODE_PART_COUNT,
};

/* What an encoding is for. */
enum {
    ENCODE_GENERAL = 1, /* tells something about goods that were never seen */
    ENCODE_CLOSE = 2,   /* tells something about goods much like those that were */
};

struct encoding {
    const char *name;
    uint32_t parts; /* 1 << part, or-ed */
    unsigned uses;  /* ENCODE_GENERAL, ENCODE_CLOSE or both */
};

enum { ENCODINGS_MAX = 64, ENCODE_FOLDS = 5 };

/* All encodings; a NULL name ends them. */
extern const struct encoding encode_all[];

struct encode_row {
    uint64_t parts[ENCODE_PART_COUNT];
};

/* The parts of every row, in the arena. */
struct encode_row *encode_rows(const struct declaration_table *table, struct arena *arena);

/* The key of some parts of a row, never 0. */
uint64_t encode_key(const struct encode_row *row, uint32_t parts);

/* Whole goods: code, departure, origin, rate, kind of tax and exact mass; and these together with
 * the unit value. Two declarations with the same are called repetitions. */
uint64_t encode_goods(const struct encode_row *row);
uint64_t encode_goods_and_price(const struct encode_row *row);

/* The fold of a row, 0 .. ENCODE_FOLDS - 1, a function of `group` and `seed` alone. */
unsigned encode_fold(uint64_t group, uint64_t seed);

/* What was found of one encoding's keys: in all, and in each fold while a model is trained. */
struct encoder {
    const struct encoding *encoding;
    struct memory all, folds[ENCODE_FOLDS]; /* the folds are empty in a model that was read */
    double rate, strength;
};

/* Learns of the rows with a label. `weights` NULL: all 1. 0; or -1 when there are more keys than
 * `limit`, and *full_row is the row whose key found no room. */
int encode_learn(struct encoder *encoder, const struct encoding *encoding,
                 const struct encode_row *rows, const int8_t *labels, const double *weights,
                 const uint8_t *folds, uint32_t row_count, double strength, uint32_t limit,
                 struct arena *arena, uint32_t *full_row);

/* Log odds of the smoothed rate; without what was found in `fold`, -1: with everything. `count` is
 * set to the inspections behind it. */
double encode_log_odds(const struct encoder *encoder, const struct encode_row *row, int fold,
                       double *count);

void encode_write(const struct encoder *encoder, struct model_writer *writer);
void encode_read(struct encoder *encoder, struct model_reader *reader, struct arena *arena);

#endif

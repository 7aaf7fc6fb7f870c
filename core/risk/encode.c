/* SPDX-License-Identifier: GPL-3.0-or-later
 * encode.c - see encode.h.
 *
 * In a model file: text name of the encoding, f64 rate, f64 strength, a memory. */
#include "core/risk/encode.h"

#include "core/base/numeric.h"
#include "core/base/random.h"
#include "core/risk/slots.h"

#include <stdio.h>
#include <string.h>

#define P(part) (1u << ENCODE_##part)

static const uint32_t goods_parts =
    P(goods) | P(departure) | P(origin) | P(rate) | P(tax_type) | P(mass);

/* Chosen on folds of the year 2020 of the published declarations; an encoding that tells nothing
 * about the data in hand is dropped when a model is trained. No encoding but those of the memory
 * in engine.c has the exact mass. */
const struct encoding encode_all[] = {
    {"chapter and mass", P(chapter) | P(mass_size), ENCODE_GENERAL | ENCODE_CLOSE},
    {"kind of tax and mass", P(tax_type) | P(mass_size), ENCODE_GENERAL | ENCODE_CLOSE},
    {"five digits", P(five), ENCODE_GENERAL},
    {"route", P(origin) | P(departure), ENCODE_GENERAL | ENCODE_CLOSE},
    {"rate and kind of tax", P(rate) | P(tax_type), ENCODE_GENERAL | ENCODE_CLOSE},
    {"chapter and value", P(chapter) | P(value_size), ENCODE_GENERAL},
    {"heading and origin", P(heading) | P(origin), ENCODE_GENERAL},
    {"route and mass", P(origin) | P(departure) | P(mass_size), ENCODE_GENERAL | ENCODE_CLOSE},
    {"importer", P(importer), ENCODE_GENERAL},
    {"seller", P(seller), ENCODE_GENERAL},
    {"declarant", P(declarant), ENCODE_GENERAL},
    {"courier", P(courier), ENCODE_GENERAL},
    {"importer and chapter", P(importer) | P(chapter), ENCODE_GENERAL},
    {"office", P(office), ENCODE_GENERAL},
    {"transport", P(transport), ENCODE_GENERAL},
    {"kind of import and use", P(process) | P(kind) | P(use), ENCODE_GENERAL},
    {"proof of origin", P(proof), ENCODE_GENERAL},
    {"payment", P(payment), ENCODE_GENERAL},
    {"chapter", P(chapter), ENCODE_CLOSE},
    {"heading", P(heading), ENCODE_CLOSE},
    {"goods", P(goods), ENCODE_CLOSE},
    {"goods and origin", P(goods) | P(origin), ENCODE_CLOSE},
    {"goods and mass", P(goods) | P(mass_size), ENCODE_CLOSE},
    {"heading and mass", P(heading) | P(mass_size), ENCODE_CLOSE},
    {"chapter, rate and kind of tax", P(chapter) | P(rate) | P(tax_type), ENCODE_CLOSE},
    {"goods, route, rate and kind of tax",
     P(goods) | P(origin) | P(departure) | P(rate) | P(tax_type), ENCODE_CLOSE},
    {"mass, about", P(mass_step), ENCODE_CLOSE},
    {NULL, 0, 0},
};

static uint64_t number_key(double number) {
    return number != number ? 0 : slots_key(1, numeric_bits(number));
}

/* The power of two below a number, from its exponent: exact. */
static uint64_t size_key(double number) {
    return number > 0 ? slots_key(2, numeric_bits(number) >> 52) : 0;
}

/* Four steps between powers of two: the two highest bits behind the exponent. */
static uint64_t step_key(double number) {
    return number > 0 ? slots_key(3, numeric_bits(number) >> 50) : 0;
}

/* Prices are rounded to a few digits, and so is what is left of a unit price in them. */
static uint64_t rounded_key(double number) {
    char text[32];
    return number > 0
               ? declaration_table_hash(text, (size_t)snprintf(text, sizeof text, "%.5g", number))
               : 0;
}

static uint64_t prefix_key(const char *goods, size_t length) {
    size_t whole = strlen(goods);
    return declaration_table_hash(goods, whole < length ? whole : length);
}

static void cut(const struct declaration_table *table, uint32_t i, struct encode_row *row) {
    const char *goods = table->texts[COLUMN_goods][i];
    uint64_t *parts = row->parts;
    parts[ENCODE_chapter] = prefix_key(goods, 2);
    parts[ENCODE_heading] = prefix_key(goods, 4);
    parts[ENCODE_five] = prefix_key(goods, 5);
    parts[ENCODE_rate] = number_key((double)table->rates[i]);
    parts[ENCODE_mass] = number_key(table->masses_kg[i]);
    parts[ENCODE_mass_size] = size_key(table->masses_kg[i]);
    parts[ENCODE_mass_step] = step_key(table->masses_kg[i]);
    parts[ENCODE_value_size] = size_key(table->values[i]);
    parts[ENCODE_unit_value] = rounded_key(declaration_table_unit_value(table, i));
#define CODE(name) parts[ENCODE_##name] = table->codes[COLUMN_##name][i];
    CODE(goods)
    CODE(departure)
    CODE(origin)
    CODE(tax_type)
    CODE(importer)
    CODE(declarant)
    CODE(seller)
    CODE(courier)
    CODE(office)
    CODE(process)
    CODE(kind)
    CODE(use)
    CODE(transport)
    CODE(proof)
    CODE(payment)
#undef CODE
}

struct encode_row *encode_rows(const struct declaration_table *table, struct arena *arena) {
    struct encode_row *rows = ARENA_ARRAY(arena, struct encode_row, table->row_count + 1u);
    for (uint32_t i = 0; i < table->row_count; i++) {
        cut(table, i, &rows[i]);
    }
    return rows;
}

uint64_t encode_key(const struct encode_row *row, uint32_t parts) {
    uint64_t key = slots_key(0, parts);
    for (unsigned part = 0; part < ENCODE_PART_COUNT; part++) {
        if (parts >> part & 1) {
            key = slots_key(key, row->parts[part]);
        }
    }
    return key;
}

uint64_t encode_goods(const struct encode_row *row) {
    return encode_key(row, goods_parts);
}

uint64_t encode_goods_and_price(const struct encode_row *row) {
    return encode_key(row, goods_parts | P(unit_value));
}

unsigned encode_fold(uint64_t group, uint64_t seed) {
    struct random_key key = random_key_make(seed, 0);
    uint64_t bits = random_bits(key, group, random_purpose("fold", 0), 0);
    return (unsigned)((bits >> 32) * ENCODE_FOLDS >> 32);
}

int encode_learn(struct encoder *encoder, const struct encoding *encoding,
                 const struct encode_row *rows, const int8_t *labels, const double *weights,
                 const uint8_t *folds, uint32_t row_count, double strength, uint32_t limit,
                 struct arena *arena, uint32_t *full_row) {
    double findings = 0, inspections = 0;
    *encoder = (struct encoder){.encoding = encoding, .strength = strength};
    memory_init(&encoder->all, limit, arena);
    for (int fold = 0; fold < ENCODE_FOLDS; fold++) {
        memory_init(&encoder->folds[fold], limit, arena);
    }
    for (uint32_t i = 0; i < row_count; i++) {
        double weight = weights != NULL ? weights[i] : 1.0;
        if (labels[i] < 0) {
            continue;
        }
        uint64_t key = encode_key(&rows[i], encoding->parts);
        findings += weight * labels[i];
        inspections += weight;
        if (memory_add(&encoder->all, key, weight * labels[i], weight) < 0) {
            *full_row = i;
            return -1;
        }
        memory_add(&encoder->folds[folds[i]], key, weight * labels[i], weight);
    }
    encoder->rate = inspections > 0 ? findings / inspections : 0.5;
    return 0;
}

double encode_log_odds(const struct encoder *encoder, const struct encode_row *row, int fold,
                       double *count) {
    uint64_t key = encode_key(row, encoder->encoding->parts);
    const struct memory_entry *all = memory_find(&encoder->all, key);
    const struct memory_entry *without = fold < 0 ? NULL : memory_find(&encoder->folds[fold], key);
    double rate = memory_mean(all, without, encoder->rate, encoder->strength);
    *count = all == NULL ? 0 : all->inspections - (without == NULL ? 0 : without->inspections);
    /* The same in any fold but for the last bits, of which sums taken away leave some behind. */
    rate = rate < 1e-4 ? 1e-4 : rate > 1 - 1e-4 ? 1 - 1e-4 : rate;
    *count = *count < 1e-9 ? 0 : *count;
    return numeric_log(rate / (1 - rate));
}

void encode_write(const struct encoder *encoder, struct model_writer *writer) {
    model_file_put_text(writer, encoder->encoding->name);
    model_file_put_f64(writer, encoder->rate);
    model_file_put_f64(writer, encoder->strength);
    memory_write(&encoder->all, writer);
}

void encode_read(struct encoder *encoder, struct model_reader *reader, struct arena *arena) {
    const char *name = model_file_text(reader, arena);
    *encoder = (struct encoder){.encoding = NULL};
    for (const struct encoding *encoding = encode_all; encoding->name != NULL; encoding++) {
        if (!reader->failed && strcmp(encoding->name, name) == 0) {
            encoder->encoding = encoding;
        }
    }
    if (encoder->encoding == NULL) {
        model_file_fail(reader, "this program has no encoding '%s'", name != NULL ? name : "");
        encoder->encoding = encode_all;
    }
    encoder->rate = model_file_f64(reader);
    encoder->strength = model_file_f64(reader);
    if (!(encoder->rate >= 0 && encoder->rate <= 1 && encoder->strength > 0)) {
        model_file_fail(reader, "an encoding has a rate or strength out of range");
    }
    memory_read(&encoder->all, reader, arena);
}

/* SPDX-License-Identifier: GPL-3.0-or-later
 * feature.c - see feature.h.
 *
 * In a model file: u32 prices, of each u64 key, u32 count, f64 median; then the memory of keys and
 * of each key i32 day, i32 month, u32 count, u32 month_count, f64 weights of the credit's outcomes,
 * i64 day, u32 class (negative numbers as two's complement). */
#include "core/risk/feature.h"

#include "core/base/numeric.h"
#include "core/base/units.h"
#include "core/risk/slots.h"

#include <math.h>
#include <stdlib.h>

const char *const feature_names[FEATURE_COUNT] = {
#define X(name, doc) doc,
    FEATURES(X)
#undef X
};

static const uint32_t price_parts = 1u << ENCODE_goods | 1u << ENCODE_origin;
static const uint32_t anywhere_parts = 1u << ENCODE_goods;

/* ---- prices -------------------------------------------------------------------------------- */

struct priced {
    uint64_t key;
    double price;
};

static int compare_priced(const void *left, const void *right) {
    const struct priced *a = left, *b = right;
    if (a->key != b->key) {
        return a->key < b->key ? -1 : 1;
    }
    return (a->price > b->price) - (a->price < b->price);
}

void feature_begin(struct feature_state *state, const struct declaration_table *table,
                   const struct encode_row *rows, struct arena *arena) {
    struct arena scratch = ARENA_INIT;
    struct priced *priced = ARENA_ARRAY(&scratch, struct priced, 2 * (size_t)table->row_count + 1);
    size_t count = 0;
    *state = (struct feature_state){.rules = credit_rules_usual(), .arena = arena};
    memory_init(&state->keys, MEMORY_ENTRIES_MAX, arena);
    for (uint32_t i = 0; i < table->row_count; i++) {
        double unit_value = declaration_table_unit_value(table, i);
        if (unit_value > 0 && rows[i].parts[ENCODE_goods] != 0) {
            double price = numeric_log(unit_value);
            priced[count++] = (struct priced){encode_key(&rows[i], price_parts), price};
            priced[count++] = (struct priced){encode_key(&rows[i], anywhere_parts), price};
        }
    }
    qsort(priced, count, sizeof *priced, compare_priced);
    state->prices = ARENA_ARRAY(arena, struct feature_price, count + 1);
    for (size_t begin = 0, end; begin < count; begin = end) {
        end = begin;
        while (end < count && priced[end].key == priced[begin].key) {
            end++;
        }
        size_t below = begin + (end - begin - 1) / 2, above = begin + (end - begin) / 2;
        state->prices[state->price_count++] =
            (struct feature_price){.key = priced[begin].key,
                                   .count = (uint32_t)(end - begin),
                                   .median = 0.5 * (priced[below].price + priced[above].price)};
    }
    arena_free(&scratch);
}

static const struct feature_price *find_price(const struct feature_state *state, uint64_t key) {
    uint32_t low = 0, high = state->price_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (state->prices[middle].key < key) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < state->price_count && state->prices[low].key == key ? &state->prices[low] : NULL;
}

const struct feature_price *feature_price(const struct feature_state *state,
                                          const struct encode_row *row, bool *from_anywhere) {
    const struct feature_price *price = find_price(state, encode_key(row, price_parts));
    *from_anywhere = price == NULL || price->count < FEATURE_PRICES_MIN;
    return *from_anywhere ? find_price(state, encode_key(row, anywhere_parts)) : price;
}

/* ---- the past ------------------------------------------------------------------------------ */

/* Months since the year 0, near enough: all that matters is that days of one month share it. */
static int32_t month_of(int32_t day) {
    int32_t shifted = day + 719468; /* days since 0000-03-01; after Hinnant's civil_from_days */
    int32_t era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
    int32_t day_of_era = shifted - era * 146097;
    int32_t year =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int32_t day_of_year = day_of_era - (365 * year + year / 4 - year / 100);
    return (era * 400 + year) * 12 + (5 * day_of_year + 2) / 153;
}

static struct feature_past *find_past(const struct feature_state *state, uint64_t key) {
    const struct memory_entry *entry = memory_find(&state->keys, key);
    return entry == NULL ? NULL : &state->pasts[entry - state->keys.entries];
}

static void add_past(struct feature_state *state, uint64_t key, int32_t day) {
    uint32_t known = state->keys.count;
    if (memory_add(&state->keys, key, 0, 1) < 0) {
        return; /* full: those who come now stay strangers, as they are to a fresh model */
    }
    state->pasts =
        arena_grow(state->arena, state->pasts, known, &state->past_capacity, sizeof *state->pasts);
    struct feature_past *past = find_past(state, key);
    if (state->keys.count > known) {
        *past = (struct feature_past){
            .day = day, .month = month_of(day), .credit = credit_begin(&state->rules, day)};
    }
    past->month_count = past->month == month_of(day) ? past->month_count + 1 : 1;
    past->month = month_of(day);
    past->day = day;
    past->count++;
}

void feature_forget_past(struct feature_state *state) {
    memory_init(&state->keys, MEMORY_ENTRIES_MAX, state->arena);
    state->pasts = NULL;
    state->past_capacity = 0;
}

struct keys {
    uint64_t trader, goods, route;
};

static struct keys keys_of(const struct encode_row *row) {
    const uint64_t *parts = row->parts;
    struct keys keys = {0, 0, 0};
    if (parts[ENCODE_importer] != 0) {
        keys.trader = slots_key(1, parts[ENCODE_importer]);
        keys.goods = slots_key(keys.trader, parts[ENCODE_goods]);
        keys.route =
            slots_key(slots_key(keys.goods, parts[ENCODE_origin]), parts[ENCODE_departure]);
    }
    return keys;
}

static void learn(struct feature_state *state, const struct declaration_table *table,
                  const struct encode_row *rows, uint32_t i, bool uses_labels) {
    struct keys keys = keys_of(&rows[i]);
    if (keys.trader == 0) {
        return;
    }
    add_past(state, keys.trader, table->days[i]);
    add_past(state, keys.goods, table->days[i]);
    add_past(state, keys.route, table->days[i]);
    struct feature_past *past = find_past(state, keys.trader);
    if (uses_labels && table->labels[i] >= 0 && past != NULL) {
        credit_record(&past->credit, &state->rules,
                      table->labels[i] ? CREDIT_undeclared : CREDIT_clean, table->days[i]);
    }
}

static double log_count(double count) {
    return numeric_log1p(count);
}

static void put_past(const struct feature_state *state, const struct encode_row *row, int32_t day,
                     float numbers[FEATURE_COUNT]) {
    struct keys keys = keys_of(row);
    for (int i = FEATURE_trader_count; i < FEATURE_COUNT; i++) {
        numbers[i] = keys.trader == 0 || i == FEATURE_trader_pause ? NAN : 0;
    }
    const struct feature_past *trader = find_past(state, keys.trader);
    const struct feature_past *goods = find_past(state, keys.goods);
    const struct feature_past *route = find_past(state, keys.route);
    struct credit credit = trader != NULL ? trader->credit : credit_begin(&state->rules, day);
    if (keys.trader != 0) {
        if (day > credit.day) {
            credit_fade(&credit, &state->rules, day);
        }
        numbers[FEATURE_trader_credit] =
            (float)(credit_explain(&credit, &state->rules).score / 1000);
    }
    if (trader != NULL) {
        numbers[FEATURE_trader_count] = (float)log_count(trader->count);
        numbers[FEATURE_trader_pause] = (float)log_count(day > trader->day ? day - trader->day : 0);
        numbers[FEATURE_trader_month] =
            trader->month == month_of(day) ? (float)log_count(trader->month_count) : 0;
    }
    if (goods != NULL && goods->month == month_of(day)) {
        numbers[FEATURE_trader_goods] = (float)log_count(goods->month_count);
    }
    if (route != NULL) {
        numbers[FEATURE_trader_route] = (float)log_count(route->count);
    }
}

static float log_or_missing(double number) {
    return number > 0 ? (float)numeric_log(number) : NAN;
}

static void put_own(const struct feature_state *state, const struct declaration_table *table,
                    const struct encode_row *rows, uint32_t i, float numbers[FEATURE_COUNT]) {
    double unit_value = declaration_table_unit_value(table, i);
    bool from_anywhere;
    numbers[FEATURE_mass] = log_or_missing(table->masses_kg[i]);
    numbers[FEATURE_value] = log_or_missing(table->values[i]);
    numbers[FEATURE_unit_value] = log_or_missing(unit_value);
    numbers[FEATURE_rate] = table->rates[i];
    numbers[FEATURE_price] = numbers[FEATURE_price_anywhere] = NAN;
    const struct feature_price *price = feature_price(state, &rows[i], &from_anywhere);
    const struct feature_price *anywhere = find_price(state, encode_key(&rows[i], anywhere_parts));
    if (unit_value > 0 && price != NULL) {
        numbers[FEATURE_price] = (float)(numeric_log(unit_value) - price->median);
    }
    if (unit_value > 0 && anywhere != NULL) {
        numbers[FEATURE_price_anywhere] = (float)(numeric_log(unit_value) - anywhere->median);
    }
}

void feature_stream(struct feature_state *state, const struct declaration_table *table,
                    const struct encode_row *rows, bool uses_labels, const struct matrix *matrix,
                    uint32_t first) {
    struct arena scratch = ARENA_INIT;
    const uint32_t *order = declaration_table_by_day(table, &scratch);
    for (uint32_t begin = 0, end; begin < table->row_count; begin = end) {
        int32_t day = table->days[order[begin]];
        for (end = begin; end < table->row_count && table->days[order[end]] == day; end++) {
            float numbers[FEATURE_COUNT];
            uint32_t row = order[end];
            put_own(state, table, rows, row, numbers);
            put_past(state, &rows[row], day, numbers);
            for (uint32_t i = 0; i < FEATURE_COUNT; i++) {
                matrix_column(matrix, first + i)[row] = numbers[i];
            }
        }
        for (uint32_t at = begin; at < end; at++) {
            learn(state, table, rows, order[at], uses_labels);
        }
    }
    arena_free(&scratch);
}

/* ---- files --------------------------------------------------------------------------------- */

void feature_write(const struct feature_state *state, struct model_writer *writer) {
    model_file_put_u32(writer, state->price_count);
    for (uint32_t i = 0; i < state->price_count; i++) {
        model_file_put_u64(writer, state->prices[i].key);
        model_file_put_u32(writer, state->prices[i].count);
        model_file_put_f64(writer, state->prices[i].median);
    }
    memory_write(&state->keys, writer);
    for (uint32_t i = 0; i < state->keys.count; i++) {
        const struct feature_past *past = &state->pasts[i];
        model_file_put_u32(writer, (uint32_t)past->day);
        model_file_put_u32(writer, (uint32_t)past->month);
        model_file_put_u32(writer, past->count);
        model_file_put_u32(writer, past->month_count);
        model_file_put_f64s(writer, past->credit.weights, CREDIT_OUTCOME_COUNT);
        model_file_put_u64(writer, (uint64_t)past->credit.day);
        model_file_put_u32(writer, past->credit.class);
    }
}

static void read_past(struct feature_past *past, struct model_reader *reader) {
    past->day = (int32_t)model_file_u32(reader);
    past->month = (int32_t)model_file_u32(reader);
    past->count = model_file_u32(reader);
    past->month_count = model_file_u32(reader);
    for (int i = 0; i < CREDIT_OUTCOME_COUNT; i++) {
        past->credit.weights[i] = model_file_f64(reader);
        if (!(past->credit.weights[i] >= 0 && past->credit.weights[i] < 1e15)) {
            model_file_fail(reader, "a trader's credit has a weight out of range");
        }
    }
    past->credit.day = (int64_t)model_file_u64(reader);
    past->credit.class = model_file_u32(reader);
    if (past->day < UNITS_DAY_MIN || past->day > UNITS_DAY_MAX ||
        past->credit.day < UNITS_DAY_MIN || past->credit.day > UNITS_DAY_MAX ||
        past->credit.class >= CREDIT_CLASSES) {
        model_file_fail(reader, "a trader's past has a day or class out of range");
    }
}

void feature_read(struct feature_state *state, struct model_reader *reader, struct arena *arena) {
    *state = (struct feature_state){.rules = credit_rules_usual(), .arena = arena};
    state->price_count = model_file_count(reader, MEMORY_ENTRIES_MAX, "prices");
    size_t left = (reader->section_end - reader->next) / 20; /* of an altered count, no memory */
    if (state->price_count > left) {
        model_file_fail(reader, "there are fewer prices than counted");
        state->price_count = 0;
    }
    state->prices = ARENA_ARRAY(arena, struct feature_price, state->price_count + 1u);
    for (uint32_t i = 0; i < state->price_count; i++) {
        struct feature_price *price = &state->prices[i];
        price->key = model_file_u64(reader);
        price->count = model_file_u32(reader);
        price->median = model_file_f64(reader);
        if (!(price->median > -1e3 && price->median < 1e3) ||
            (i > 0 && price->key <= price[-1].key)) {
            model_file_fail(reader, "prices are out of order or out of range");
        }
    }
    memory_read(&state->keys, reader, arena);
    state->past_capacity = state->keys.count + 1u;
    state->pasts = ARENA_ARRAY(arena, struct feature_past, state->past_capacity);
    for (uint32_t i = 0; i < state->keys.count && !reader->failed; i++) {
        read_past(&state->pasts[i], reader);
    }
}

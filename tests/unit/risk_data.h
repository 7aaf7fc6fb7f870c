/* SPDX-License-Identifier: GPL-3.0-or-later
 * risk_data.h - declarations made up for tests of risk, with a truth that is known.
 *
 * There are `goods` different goods. Each has a probability of findings: drawn from the origin's
 * rate, or 0 or 1 with that rate where `are_pure` (then all repetitions have one label). Nothing
 * else tells anything. */
#ifndef TESTS_UNIT_RISK_DATA_H
#define TESTS_UNIT_RISK_DATA_H

#include "core/base/random.h"
#include "core/risk/declaration_table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct risk_data {
    uint64_t seed;
    uint32_t rows, goods;
    bool are_pure;
    double spread; /* of the origins' rates: .3 - spread .. .3 + spread */
};

enum { RISK_DATA_ORIGINS = 8, RISK_DATA_ROW_MAX = 200 };

static const char risk_data_head[] =
    "Declaration ID,Date,Office ID,Process Type,Import Type,Import Use,Payment Type,"
    "Mode of Transport,Declarant ID,Importer ID,Seller ID,Courier ID,HS6 Code,"
    "Country of Departure,Country of Origin,Tax Rate,Tax Type,Country of Origin Indicator,"
    "Net Mass,Item Price,Fraud\n";

static inline double risk_data_rate(const struct risk_data *data, unsigned origin) {
    return 0.3 + data->spread * (2.0 * origin / (RISK_DATA_ORIGINS - 1) - 1.0);
}

/* One CSV; the rows are made in the arena. */
static inline char *risk_data_text(const struct risk_data *data, struct arena *arena) {
    struct random_key key = random_key_make(data->seed, 0);
    size_t size = sizeof risk_data_head + (size_t)data->rows * RISK_DATA_ROW_MAX;
    char *text = arena_alloc(arena, size);
    size_t length = (size_t)snprintf(text, size, "%s", risk_data_head);
    for (uint32_t i = 0; i < data->rows; i++) {
        uint32_t goods = (uint32_t)(random_uniform(key, i, 1, 0) * data->goods);
        unsigned origin = (unsigned)(random_uniform(key, goods, 2, 0) * RISK_DATA_ORIGINS);
        double mass = 1 + (double)(goods % 997) + 0.25 * (double)(goods % 3);
        double rate = risk_data_rate(data, origin);
        rate = !data->are_pure ? rate : random_uniform(key, goods, 3, 0) < rate;
        int label = random_uniform(key, i, 4, 0) < rate;
        length += (size_t)snprintf(
            text + length, size - length,
            "%u,2020-%02u-%02u,10,B,11,21,11,40,D%u,I%u,S%u,,%06u,AA,A%c,%u.5,A,Y,%.2f,%.4f,%d\n",
            i, 1 + i * 12 / data->rows, 1 + i % 28, i % 11, i % 37, i % 23,
            10000 + goods * 7919 % 89999, 'A' + origin, goods % 5, mass,
            mass * (3 + goods % 13) * (0.8 + 0.4 * random_uniform(key, i, 5, 0)), label);
    }
    return text;
}

static inline struct declaration_table risk_data_table(const struct risk_data *data,
                                                       struct arena *arena) {
    struct declaration_table table;
    struct error err = ERROR_INIT;
    struct column_map map = column_map_usual();
    struct declaration_source source = {.name = "made.csv", .text = risk_data_text(data, arena)};
    source.length = strlen(source.text);
    int status =
        declaration_table_read(&table, &map, DECLARATION_LABELS_REQUIRED, &source, 1, arena, &err);
    if (status < 0) {
        printf("%s:%d: %s\n", err.source, err.line, err.text);
        abort();
    }
    return table;
}

#endif

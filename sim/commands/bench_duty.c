/* SPDX-License-Identifier: GPL-3.0-or-later
 * bench_duty.c - see bench_duty.h.
 *
 * The mix: every distinct text of the general, second and additional rates of the American schedule
 * of April 2025, once a pass; NaN where that file isn't. */
#include "sim/commands/bench_duty.h"

#include "core/base/csv.h"
#include "core/tariff/duty.h"
#include "sim/scenario/input_file.h"

#include <stdlib.h>
#include <string.h>

enum { FILE_SIZE_MAX = 64 * 1024 * 1024, COLUMN_COUNT = 3 };

static const double MEASURED_S = 0.3;

struct mix {
    const char **texts;
    size_t count, capacity;
};

static int compare_texts(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void keep_distinct(struct mix *mix) {
    qsort(mix->texts, mix->count, sizeof *mix->texts, compare_texts);
    size_t kept = 0;
    for (size_t i = 0; i < mix->count; i++) {
        if (kept == 0 || strcmp(mix->texts[i], mix->texts[kept - 1]) != 0) {
            mix->texts[kept++] = mix->texts[i];
        }
    }
    mix->count = kept;
}

static int read_mix(struct mix *mix, struct arena *arena, struct error *err) {
    static const char *const names[COLUMN_COUNT] = {"General Rate of Duty", "Column 2 Rate of Duty",
                                                    "Additional Duties"};
    struct error missing = ERROR_INIT;
    const char *path = input_file_data_path(arena, "tariff/us-hts-2025-04-17.csv.gz");
    size_t length;
    char *text = input_file_read(arena, path, FILE_SIZE_MAX, &length, &missing);
    struct csv csv;
    int columns[COLUMN_COUNT], row;
    if (text == NULL) {
        return 0;
    }
    csv_init(&csv, path, text, ',');
    if (csv_next(&csv, err) < 0) {
        return -1;
    }
    for (int c = 0; c < COLUMN_COUNT; c++) {
        columns[c] = csv_find(&csv, names[c]);
        if (columns[c] < 0) {
            return csv_error(&csv, 0, err, "no column '%s'", names[c]);
        }
    }
    while ((row = csv_next(&csv, err)) == 1) {
        for (int c = 0; c < COLUMN_COUNT; c++) {
            const char *field = csv.fields[columns[c]];
            if (*field != '\0') {
                mix->texts =
                    arena_grow(arena, mix->texts, mix->count, &mix->capacity, sizeof *mix->texts);
                mix->texts[mix->count++] = field;
            }
        }
    }
    keep_distinct(mix);
    return row;
}

/* Texts of the mix that are parsed, in one pass. */
static size_t parse_all(const struct mix *mix, struct arena *arena) {
    size_t parsed = 0;
    struct place place = {"mix", 1, 1};
    for (size_t i = 0; i < mix->count; i++) {
        struct duty duty;
        struct error ignored;
        ignored.code = ERROR_NONE;
        parsed += duty_parse(mix->texts[i], arena, place, &duty, NULL, &ignored) == 0;
    }
    return parsed;
}

static int measure(double values[BENCH_KEYS_MAX], struct error *err) {
    struct arena arena = ARENA_INIT, duties = ARENA_INIT;
    struct mix mix = {NULL, 0, 0};
    values[0] = __builtin_nan("");
    int status = read_mix(&mix, &arena, err);
    if (status == 0 && mix.count > 0) {
        double begin_s = bench_now_s(), elapsed_s = 0;
        size_t parsed = 0;
        while (elapsed_s < MEASURED_S) {
            parsed += parse_all(&mix, &duties);
            arena_free(&duties);
            elapsed_s = bench_now_s() - begin_s;
        }
        values[0] = (double)parsed / elapsed_s;
    }
    arena_free(&arena);
    return status;
}

const struct bench_case bench_duty_case = {
    .keys = {{"expressions_parsed_per_s", "1/s",
              "distinct rate texts of the American schedule, parsed one after another", 1e6, true}},
    .measure = measure,
};

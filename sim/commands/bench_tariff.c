/* SPDX-License-Identifier: GPL-3.0-or-later
 * bench_tariff.c - the cases of `bench tariff`: assessments on the American tree of codes with
 * 300,000 made measures, what they keep in memory, and what reading the real schedule takes. */
#include "core/base/csv.h"
#include "core/tariff/assess.h"
#include "core/tariff/schedule_read.h"
#include "core/tariff/us_schedule.h"
#include "sim/commands/bench.h"
#include "sim/commands/bench_duty.h"
#include "sim/scenario/input_file.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    MEASURES_PER_LINE = 17,
    DECLARATIONS = 8192,
    LATENCIES = 200000,
    DAY = 19905,
    TEXT_MAX = 64 * 1024 * 1024
};

/* Others on the same machine take the processor away for milliseconds at a time: of many batches,
 * each shorter than that, the fastest is the one that was let alone. */
enum { BATCHES = 60, CALLS = 2048 };

static const char document_text[] =
    "clearlab: 1\n"
    "tariff: bench\n"
    "currency: USD\n"
    "countries: [A0, A1, A2, A3, A4, A5, A6, A7, A8, A9, AA, AB, AC, AD, AE]\n"
    "areas:\n"
    "  all: {everyone: true, description: everyone}\n"
    "series: {C: duties, P: taxes}\n"
    "measure_types:\n"
    "  \"103\": {series: C, kind: duty, levy: duty, description: duty}\n"
    "  \"142\": {series: C, kind: preference, levy: duty, description: preference}\n"
    "  \"305\": {series: P, kind: vat, levy: vat, description: tax}\n"
    "nomenclature: codes.csv\n"
    "measures: measures.csv\n"
    "facts: {customs_value: money, kg: quantity}\n"
    "levies:\n"
    "  duty: {kind: duty, base: customs_value, measures: lowest, round: half_up 0.01}\n"
    "  vat: {kind: tax, base: customs_value + duty, measures: first, round: half_up 0.01}\n";

struct setup {
    struct arena arena;
    const struct levy_plan *plan;
    struct tariff_facts facts[DECLARATIONS];
    struct assessment result;
    size_t kept_size;
};

/* ---- the made schedule ---- */

struct made {
    char *codes, *measures;
    size_t code_length, measure_length;
    uint64_t *lines;
    unsigned line_count;
};

static void add_measures(struct made *made, uint64_t code, unsigned number) {
    char *to = made->measures;
    size_t *length = &made->measure_length;
    *length += (size_t)snprintf(to + *length, 80, "%010llu,103,all,%u.%u%% + 0.%02u USD / kg\n",
                                (unsigned long long)code, number % 30, number % 10, number % 90);
    *length += (size_t)snprintf(to + *length, 80, "%010llu,305,all,%u%%\n",
                                (unsigned long long)code, 5 + number % 20);
    for (unsigned i = 0; i < MEASURES_PER_LINE - 2; i++) {
        *length += (size_t)snprintf(to + *length, 80, "%010llu,142,A%X,%u.%u%% + 0.%02u USD / kg\n",
                                    (unsigned long long)code, i, number % 20, i % 10, number % 50);
    }
}

/* Lines and their indents are those of the file; ten digits get measures. */
static int make(struct made *made, struct arena *arena, struct error *err) {
    size_t length;
    struct csv csv;
    char *text =
        input_file_read(arena, input_file_data_path(arena, "tariff/us-hts-2025-04-17.csv.gz"),
                        TEXT_MAX, &length, err);
    if (text == NULL) {
        return -1;
    }
    csv_init(&csv, "schedule", text, ',');
    if (csv_next(&csv, err) <= 0) {
        return -1;
    }
    int number = csv_find(&csv, "HTS Number"), indent = csv_find(&csv, "Indent");
    made->codes = arena_alloc(arena, 4 * 1024 * 1024);
    made->measures = arena_alloc(arena, TEXT_MAX);
    made->lines = ARENA_ARRAY(arena, uint64_t, 40000);
    made->code_length = (size_t)sprintf(made->codes, "description,indent,code\n");
    made->measure_length = (size_t)sprintf(made->measures, "code,type,area,duty\n");
    while (number >= 0 && indent >= 0 && csv_next(&csv, err) > 0) {
        uint64_t code;
        unsigned digits = 0;
        bool has_code = nomenclature_code(csv.fields[number], &code, &digits) == 0;
        made->code_length +=
            (size_t)snprintf(made->codes + made->code_length, 64, "x,%.3s,%.16s\n",
                             csv.fields[indent], has_code ? csv.fields[number] : "");
        if (has_code && digits == 10 && made->line_count < 40000) {
            add_measures(made, code, made->line_count);
            made->lines[made->line_count++] = code;
        }
    }
    return err->code == ERROR_NONE ? 0 : -1;
}

static void declare(struct setup *setup, const struct made *made) {
    const struct levy_plan *plan = setup->plan;
    unsigned value = levy_slot(plan, "customs_value"), kg = levy_slot(plan, "kg");
    uint64_t state = 11;
    for (unsigned i = 0; i < DECLARATIONS; i++) {
        struct tariff_facts *facts = &setup->facts[i];
        assess_facts_init(plan, &setup->arena, facts);
        state = state * 6364136223846793005u + 1442695040888963407u;
        facts->code = made->lines[(state >> 33) % made->line_count];
        facts->origin = 1 + (unsigned)(state >> 20) % 15;
        facts->preference = (state >> 60) < 8;
        assess_facts_number(plan, facts, value, exact_ratio((int64_t)(state >> 40), 100));
        assess_facts_number(plan, facts, kg, exact_ratio((int64_t)(state >> 45), 10));
    }
}

static int open_setup(struct setup *setup, struct error *err) {
    struct arena scratch = ARENA_INIT;
    struct made made = {.codes = NULL};
    int status = make(&made, &scratch, err);
    struct schedule_file files[2] = {{.name = "codes.csv", .text = made.codes},
                                     {.name = "measures.csv", .text = made.measures}};
    const struct node *document =
        status == 0
            ? node_read_text(&setup->arena, "bench", document_text, strlen(document_text), err)
            : NULL;
    const struct tariff *tariff =
        document != NULL ? schedule_read(document, files, 2, &setup->arena, err) : NULL;
    setup->plan = tariff != NULL ? levy_read(document, tariff, &setup->arena, err) : NULL;
    setup->kept_size = setup->arena.total_size;
    if (setup->plan != NULL) {
        declare(setup, &made);
    }
    arena_free(&scratch);
    return setup->plan != NULL ? 0 : -1;
}

/* Made once for all rounds; NULL where the shared file is absent, or an error. */
static struct setup *the_setup(struct error *err) {
    static struct setup setup;
    struct arena arena = ARENA_INIT;
    if (setup.plan == NULL) {
        FILE *file = fopen(input_file_data_path(&arena, "tariff/us-hts-2025-04-17.csv.gz"), "r");
        if (file != NULL) {
            fclose(file);
            open_setup(&setup, err);
        }
    }
    arena_free(&arena);
    return setup.plan != NULL ? &setup : NULL;
}

/* ---- cases ---- */

/* Only what has all its amounts counts as an assessment. */
static double time_batches(struct setup *setup) {
    double best_s = INFINITY;
    for (unsigned b = 0; b < BATCHES; b++) {
        unsigned whole = 0, first = b * CALLS % DECLARATIONS;
        double begin_s = bench_now_s();
        for (unsigned i = 0; i < CALLS; i++) {
            whole += assess(setup->plan, &setup->facts[(first + i) % DECLARATIONS], DAY, DAY,
                            &setup->result) == 0;
        }
        double elapsed_s = bench_now_s() - begin_s;
        if (whole == CALLS && elapsed_s < best_s) {
            best_s = elapsed_s;
        }
    }
    return CALLS / best_s;
}

static int by_size(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double p99_us(struct setup *setup) {
    static double latencies[LATENCIES];
    for (unsigned i = 0; i < LATENCIES; i++) {
        double begin_s = bench_now_s();
        assess(setup->plan, &setup->facts[i % DECLARATIONS], DAY, DAY, &setup->result);
        latencies[i] = bench_now_s() - begin_s;
    }
    qsort(latencies, LATENCIES, sizeof latencies[0], by_size);
    return latencies[LATENCIES / 100 * 99] * 1e6;
}

static int measure_assessments(double values[BENCH_KEYS_MAX], struct error *err) {
    struct setup *setup = the_setup(err);
    bool is_here = setup != NULL;
    values[0] = is_here ? time_batches(setup) : NAN;
    values[1] = is_here ? p99_us(setup) : NAN;
    values[2] = is_here ? (double)setup->kept_size / (1024 * 1024) *
                              (300000.0 / (double)setup->plan->tariff->measure_count)
                        : NAN;
    values[3] = is_here ? (double)setup->plan->tariff->measure_count : NAN;
    return err->code == ERROR_NONE ? 0 : -1;
}

static const struct bench_case bench_assess = {
    .keys = {{"assessments_per_s", "1/s", "duty of two components and tax, each with its trace",
              1e6, true},
             {"p99_us", "us", "of one assessment", 10, false},
             {"memory_300k_measures_mib", "MiB", "tariff and jurisdiction, per 300,000 measures",
              200, false},
             {"tariff_measures", "", "on the American tree of codes", 250000, true}},
    .measure = measure_assessments,
};

static int measure_load(double values[BENCH_KEYS_MAX], struct error *err) {
    struct arena arena = ARENA_INIT;
    size_t length;
    const char *path = input_file_data_path(&arena, "tariff/us-hts-2025-04-17.csv.gz");
    const char *home = getenv("CLEARLAB_HOME");
    FILE *file = fopen(path, "r");
    values[0] = NAN;
    if (file == NULL) {
        arena_free(&arena);
        return 0;
    }
    fclose(file);
    char *text = input_file_read(&arena, path, TEXT_MAX, &length, err);
    const struct node *document = input_file_node(
        &arena,
        arena_format(&arena, "%s/scenarios/tariffs/us_schedule.yml", home != NULL ? home : "."),
        err);
    if (text != NULL && document != NULL) {
        double begin_s = bench_now_s();
        const struct tariff *tariff = us_schedule_read(document, path, text, &arena, NULL, err);
        values[0] = tariff != NULL ? (bench_now_s() - begin_s) * 1e3 : NAN;
    }
    arena_free(&arena);
    return err->code == ERROR_NONE ? 0 : -1;
}

static const struct bench_case bench_load = {
    .keys = {{"load_us_schedule_ms", "ms", "the American schedule of April 2025, from its text",
              100, false}},
    .measure = measure_load,
};

const struct bench_case *const bench_tariff_cases[] = {&bench_assess, &bench_load, &bench_duty_case,
                                                       NULL};

/* SPDX-License-Identifier: GPL-3.0-or-later
 * Goal: the American schedule of April 2025 and the database of May 2024 are read whole, with the
 * traps that their description counts, and what is inherited on their real tree is what a walk over
 * everything finds. Method: counts known from the files; single lines as the files have them; every
 * code asked for areas and dates against the walk, with the real measures and with 300,000 made
 * ones. */
#include "core/base/units.h"
#include "sim/scenario/input_file.h"
#include "sim/scenario/tariff_file.h"
#include "tests/test.h"
#include "tests/unit/brute_schedule.h"
#include "tests/unit/made_tariff.h"

#include <unistd.h>

static const char document[] = SOURCE_DIR "/scenarios/tariffs/us_schedule.yml";

static const struct tariff *load(struct arena *arena, enum tariff_file_kind kind, const char *name,
                                 struct us_schedule_notes *notes) {
    struct error err = ERROR_INIT;
    const char *path = input_file_data_path(arena, name);
    if (access(path, R_OK) != 0) {
        SKIP("the American files are not among the shared data");
    }
    const struct tariff *tariff = tariff_file_foreign(arena, kind, document, path, notes, &err);
    CHECK_TEXT(err.text, "");
    return tariff;
}

static int64_t date(const char *text) {
    int64_t day = 0;
    struct error err = ERROR_INIT;
    units_parse_date(text, &day, (struct place){0}, &err);
    return day;
}

static void test_counts(const struct tariff *tariff) {
    const struct nomenclature *tree = &tariff->nomenclature;
    unsigned without_number = 0, headings = 0, implied = 0, indent_max = 0, ten = 0, six = 0;
    unsigned titles = 0;
    for (uint32_t i = 1; i < tree->count; i++) {
        const struct nomenclature_line *line = &tree->lines[i];
        without_number += line->digits == 0;
        titles += line->code == 0;
        ten += line->digits == 10;
        six += line->digits == 6;
        headings += line->digits == 4 && !line->is_implied;
        implied += line->digits == 4 && line->is_implied;
        indent_max = line->indent > indent_max ? line->indent : indent_max;
    }
    CHECK_INT(without_number, 6018);
    CHECK_INT(headings, 1059);
    CHECK_INT(ten, 19733);
    CHECK_INT(six, 824 + 1171); /* the 824 are written with five digits */
    CHECK_INT(indent_max, 11);
    CHECK_INT(titles, 33); /* "I. CHEMICAL ELEMENTS": nothing hangs below them */
    CHECK(nomenclature_first(tree, 1003900000, 80) != 0); /* 1003.9 */
    CHECK(nomenclature_first(tree, 409000000, 80) != 0);  /* 0409.00.00, its own heading */
    CHECK(implied > 0 && implied <= 205); /* the others are lines of 6 to 10 digits themselves */
    for (uint32_t i = 1; i < tree->count; i++) {
        uint32_t parent = tree->lines[i].parent;
        bool is_in = parent == 0 || (parent < i && i < tree->lines[parent].end);
        if (!is_in) {
            CHECK(is_in);
        }
    }
}

/* The duties found for an origin, joined by " | ". */
static void finds(const struct tariff *tariff, uint64_t code, const char *origin, const char *day,
                  const char *expected) {
    const struct measure *matches[64];
    struct schedule_query query = {.code = code,
                                   .origin = schedule_area(tariff, origin),
                                   .goods_day = date(day),
                                   .known_day = date("2025-06-01")};
    int count = schedule_find(tariff, &query, matches, 64);
    char got[512] = "";
    for (int i = 0; i < count; i++) {
        snprintf(got + strlen(got), sizeof got - strlen(got), "%s%s %s", i > 0 ? " | " : "",
                 tariff->types[matches[i]->type].id, tariff->duty_texts[matches[i]->duty]);
    }
    CHECK_TEXT(count == SCHEDULE_NO_CODE ? "none" : got, expected);
}

static void test_lines(const struct tariff *schedule, const struct tariff *database) {
    const char *day = "2025-05-01";
    finds(schedule, 101210010, "CN", day, "general 0%");
    finds(schedule, 101300000, "AU", day, "general 6.8% | preference 0%");
    finds(schedule, 101300000, "CN", day, "general 6.8%");
    finds(schedule, 101300000, "CU", day, "column_2 15%");
    finds(schedule, 101300000, "RU", "2022-04-08", "general 6.8%");
    finds(schedule, 101300000, "RU", "2022-04-09", "column_2 15%");
    finds(schedule, 102294024, "CN", day, "general 0.01 USD / kg"); /* a dash between */
    finds(schedule, 102294024, "SG", day, "general 0.01 USD / kg | preference 0%");
    finds(schedule, 101000000, "CN", day, ""); /* a heading has no rate, whatever its row says */
    finds(schedule, 9006591520, "CU", day, "column_2 20%");
    finds(database, 9903452200, "CN", "2024-02-06", "general 14.5%");
    finds(database, 9903452200, "CN", "2024-02-07", "general 14.25%");
    finds(database, 9903452200, "CN", "2025-02-06", "general 14.25%");
    finds(database, 9903452200, "CN", "2025-02-07", "none");
    finds(database, 9903452200, "CN", "2023-02-06", "none");
    finds(database, 2202992800, "CU", "2024-06-01", "column_2 0.276 USD / l + 17.5%");
}

/* Measures of each line, by scanning all measures once. */
struct buckets {
    uint32_t *starts, *measures;
};

static struct buckets make_buckets(const struct tariff *tariff, struct arena *arena) {
    uint32_t lines = tariff->nomenclature.count;
    struct buckets buckets = {ARENA_ARRAY(arena, uint32_t, lines + 2),
                              ARENA_ARRAY(arena, uint32_t, tariff->measure_count)};
    for (uint32_t i = 1; i < tariff->measure_count; i++) {
        buckets.starts[tariff->measures[i].line + 2]++;
    }
    for (uint32_t i = 2; i < lines + 2; i++) {
        buckets.starts[i] += buckets.starts[i - 1];
    }
    for (uint32_t i = 1; i < tariff->measure_count; i++) {
        buckets.measures[buckets.starts[tariff->measures[i].line + 1]++] = i;
    }
    return buckets;
}

static bool agrees(const struct tariff *tariff, const struct buckets *buckets, uint32_t line,
                   const struct schedule_query *query, unsigned *found) {
    const struct measure *expected[BRUTE_MATCHES_MAX], *got[BRUTE_MATCHES_MAX];
    const struct nomenclature_line *lines = tariff->nomenclature.lines;
    unsigned count = 0;
    if (lines[line].code == 0 || query->goods_day < lines[line].valid_from ||
        query->goods_day > lines[line].valid_to) { /* a title, or not this version */
        return true;
    }
    for (uint32_t below = line; below != 0; below = lines[below].parent) {
        uint32_t at =
            nomenclature_first(&tariff->nomenclature, lines[below].code, lines[below].suffix);
        for (uint32_t i = buckets->starts[at]; i < buckets->starts[at + 1]; i++) {
            const struct measure *measure = &tariff->measures[buckets->measures[i]];
            unsigned k = count;
            if (!brute_applies(tariff, measure, query) || count == BRUTE_MATCHES_MAX) {
                continue;
            }
            for (; k > 0 && brute_before(tariff, measure, expected[k - 1]); k--) {
                expected[k] = expected[k - 1];
            }
            expected[k] = measure;
            count++;
        }
    }
    *found += count;
    return schedule_find(tariff, query, got, BRUTE_MATCHES_MAX) == (int)count &&
           memcmp(expected, got, count * sizeof got[0]) == 0;
}

static void test_every_code(const struct tariff *tariff) {
    static const char *const origins[] = {"CN", "AU", "CU", "RU", "KE", "CA", "nowhere"};
    static const char *const days[] = {"2020-06-01", "2022-04-09", "2025-05-01"};
    struct arena arena = ARENA_INIT;
    struct buckets buckets = make_buckets(tariff, &arena);
    unsigned wrong = 0, found = 0, asked = 0;
    for (uint32_t line = 1; line < tariff->nomenclature.count; line++) {
        const struct nomenclature_line *at = &tariff->nomenclature.lines[line];
        for (int i = 0; i < 21; i++, asked++) {
            struct schedule_query query = {.code = at->code,
                                           .suffix = at->suffix,
                                           .origin = schedule_area(tariff, origins[i / 3]),
                                           .goods_day = date(days[i % 3])};
            wrong += !agrees(tariff, &buckets, line, &query, &found);
        }
    }
    CHECK_INT(wrong, 0);
    CHECK(found > asked / 3);
    arena_free(&arena);
}

/* 300,000 made measures on the real tree: right, and within the memory that is allowed. */
static void test_made(const struct tariff *real) {
    struct arena arena = ARENA_INIT;
    struct schedule_builder builder;
    struct made_chance chance = {.state = 1003};
    enum { MEASURES = 300000 };
    schedule_build_init(&builder, &arena, NULL);
    made_registers(&builder, &chance);
    for (uint32_t i = 1; i < real->nomenclature.count; i++) {
        struct nomenclature_line row = real->nomenclature.lines[i];
        if (!row.is_implied) {
            schedule_build_row(&builder, &row);
        }
    }
    schedule_build_tree(&builder);
    const struct nomenclature *tree = &builder.tariff->nomenclature;
    CHECK_INT(tree->count, real->nomenclature.count);
    for (unsigned i = 0; i < MEASURES; i++) {
        uint32_t line = 1 + made_below(&chance, tree->count - 1);
        const struct nomenclature_line *at = &tree->lines[line];
        if (at->code != 0) {
            line = nomenclature_first(tree, at->code, at->suffix);
        }
        made_measure(&builder, &chance, line, 0);
    }
    CHECK(builder.scratch.total_size + arena.total_size < 200000000);
    const struct tariff *tariff = schedule_build_finish(&builder);
    printf("%u measures on %u lines in %.1f MB\n", tariff->measure_count - 1, tree->count - 1,
           (double)arena.total_size / 1e6);
    CHECK(arena.total_size < 100000000);
    struct buckets buckets = make_buckets(tariff, &arena);
    unsigned wrong = 0, found = 0;
    for (uint32_t line = 1; line < tree->count; line++) {
        for (unsigned i = 0; i < 8; i++) {
            uint16_t declared[2];
            struct schedule_query query = made_query(&chance, &tree->lines[line], declared);
            wrong += !agrees(tariff, &buckets, line, &query, &found);
        }
    }
    CHECK_INT(wrong, 0);
    CHECK(found > tree->count);
    arena_free(&arena);
}

static void test_notes(const struct us_schedule_notes *notes) {
    unsigned of_line = 0;
    for (uint32_t i = 0; i < notes->count; i++) {
        /* 22029928, column 2: "27.6 cents/liter+ 17.5%" is stored as type 1 */
        of_line += strcmp(notes->notes[i].rule, "US6") == 0 && notes->notes[i].place.line == 1993;
    }
    CHECK_INT(of_line, 1);
    CHECK(notes->count < 400);
}

int main(void) {
    struct arena arena = ARENA_INIT;
    struct us_schedule_notes notes = {.count = 0};
    const struct tariff *schedule =
        load(&arena, TARIFF_FILE_US_SCHEDULE, "tariff/us-hts-2025-04-17.csv.gz", NULL);
    const struct tariff *database =
        load(&arena, TARIFF_FILE_US_DATABASE, "tariff/us-tariff-database-2024-05.csv.gz", &notes);
    if (schedule != NULL && database != NULL) {
        test_counts(schedule);
        test_lines(schedule, database);
        test_every_code(schedule);
        test_every_code(database);
        test_made(schedule);
        test_notes(&notes);
    }
    arena_free(&arena);
    return test_summary();
}

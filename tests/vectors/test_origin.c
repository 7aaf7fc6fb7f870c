/* SPDX-License-Identifier: GPL-3.0-or-later
 * Goal: the rules of 43 agreements (41,255 rows) are read, found and judged.
 * Method: the table is read a second time here, row by row: each set that the lookup finds must be
 * what a walk over all rows of the scheme finds, at every end of every range and one beside it. The
 * worked examples about origin go through the rules of the table themselves. How many rules can be
 * judged is printed by class, and no class may get worse. */
#include "core/base/csv.h"
#include "core/base/node.h"
#include "core/tariff/origin.h"
#include "sim/scenario/input_file.h"
#include "tests/test.h"

#include <time.h>

enum { ROWS_MAX = 60000, TABLE_SIZE_MAX = 64 << 20 };

static char *read_data(struct arena *arena, const char *name, size_t *length) {
    struct error err = ERROR_INIT;
    char *text =
        input_file_read(arena, input_file_data_path(arena, name), TABLE_SIZE_MAX, length, &err);
    if (text == NULL) {
        SKIP("no tariff data; set CLEARLAB_DATA");
    }
    return text;
}

static void read_origin(struct arena *arena, struct origin *origin) {
    size_t length;
    struct origin_table table = {
        .name = "uk-rules-of-origin.csv.gz",
        .text = read_data(arena, "tariff/uk/uk-rules-of-origin.csv.gz", &length)};
    struct error err = ERROR_INIT;
    clock_t start = clock();
    CHECK(origin_read(NULL, &table, 1, arena, origin, &err) == 0);
    printf("%u schemes, %u sets, %u rules read in %.0f ms\n", origin->scheme_count,
           origin->set_count, origin->rule_count, 1e3 * (double)(clock() - start) / CLOCKS_PER_SEC);
    CHECK_INT(origin->scheme_count, 43);
}

/* --- the lookup --- */

struct row {
    const char *scheme;
    uint64_t low, high;
    int line, run; /* rows of one run have scheme, heading, range and description in common */
};

static unsigned read_rows(struct arena *arena, struct row *rows) {
    size_t length;
    char *text = read_data(arena, "tariff/uk/uk-rules-of-origin.csv.gz", &length);
    struct csv csv;
    struct error err = ERROR_INIT;
    const char *before[5] = {"", "", "", "", ""};
    unsigned count = 0;
    int run = 0;
    csv_init(&csv, "again", text, ',');
    CHECK_INT(csv_next(&csv, &err), 1);
    while (csv_next(&csv, &err) == 1 && count < ROWS_MAX) {
        bool is_same = true;
        for (int i = 0; i < 5; i++) {
            is_same = is_same && strcmp(before[i], csv.fields[i]) == 0;
            before[i] = csv.fields[i];
        }
        run += !is_same;
        rows[count++] = (struct row){.scheme = csv.fields[0],
                                     .low = strtoull(csv.fields[2], NULL, 10),
                                     .high = strtoull(csv.fields[3], NULL, 10),
                                     .line = csv.row_line,
                                     .run = run};
    }
    return count;
}

static const struct row *row_of_line(const struct row *rows, unsigned count, int line) {
    unsigned low = 0, high = count;
    while (low < high) {
        unsigned middle = low + (high - low) / 2;
        if (rows[middle].line < line) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return &rows[low];
}

/* The runs of a scheme's rows that have the code must be those of the sets found. */
static void check_code(const struct origin *origin, int scheme, uint64_t code,
                       const struct row *rows, unsigned first, unsigned end, unsigned all) {
    const struct origin_set *sets[64];
    unsigned found = origin_sets(origin, scheme, code, sets, 64), walked = 0;
    int64_t sum_found = 0, sum_walked = 0;
    int last_run = 0;
    for (unsigned i = first; i < end; i++) {
        if (rows[i].low <= code && rows[i].high >= code && rows[i].run != last_run) {
            last_run = rows[i].run;
            sum_walked += (int64_t)last_run * last_run;
            walked++;
        }
    }
    for (unsigned i = 0; i < found && i < 64; i++) {
        int line = origin->rules[sets[i]->first].line;
        int64_t run = row_of_line(rows, all, line)->run;
        sum_found += run * run;
    }
    CHECK_INT(found, walked);
    CHECK_INT(sum_found, sum_walked);
}

static void test_lookup(const struct origin *origin, struct arena *arena) {
    struct row *rows = ARENA_ARRAY(arena, struct row, ROWS_MAX);
    unsigned count = read_rows(arena, rows);
    CHECK_INT(count, 41255);
    for (unsigned first = 0, end; first < count; first = end) {
        for (end = first; end < count && strcmp(rows[end].scheme, rows[first].scheme) == 0; end++) {
        }
        int scheme = origin_find(origin, rows[first].scheme);
        CHECK(scheme >= 0);
        for (unsigned i = first; i < end; i += 3) {
            const uint64_t codes[] = {rows[i].low, rows[i].low - 1, rows[i].high, rows[i].high + 1,
                                      (rows[i].low + rows[i].high) / 2};
            for (unsigned j = 0; j < 5; j++) {
                check_code(origin, scheme, codes[j], rows, first, end, count);
            }
        }
    }
    CHECK_INT(origin_find(origin, "atlantis"), -1);
}

/* --- what can be judged --- */

struct tally {
    const char *classes;
    unsigned count, reach[3];
};

static int by_count(const void *left, const void *right) {
    const struct tally *a = left, *b = right;
    return (a->count < b->count) - (a->count > b->count);
}

static void test_reach(const struct origin *origin) {
    static struct tally tallies[256];
    unsigned kinds = 0, all[3] = {0};
    for (unsigned i = 0; i < origin->rule_count; i++) {
        const struct origin_rule *rule = &origin->rules[i];
        unsigned at = 0;
        while (at < kinds && strcmp(tallies[at].classes, rule->classes) != 0) {
            at++;
        }
        kinds += at == kinds;
        tallies[at].classes = rule->classes;
        tallies[at].count++;
        tallies[at].reach[origin_rule_reach(rule)]++;
        all[origin_rule_reach(rule)]++;
    }
    qsort(tallies, kinds, sizeof tallies[0], by_count);
    printf("%6s %9s %6s %6s  class\n", "rules", "decidable", "partly", "opaque");
    for (unsigned i = 0; i < kinds && i < 24; i++) {
        printf("%6u %9u %6u %6u  %.60s\n", tallies[i].count, tallies[i].reach[ORIGIN_DECIDABLE],
               tallies[i].reach[ORIGIN_PARTLY], tallies[i].reach[ORIGIN_OPAQUE],
               tallies[i].classes);
    }
    printf("%6u %9u %6u %6u  all, in %u combinations of classes\n", origin->rule_count, all[0],
           all[1], all[2], kinds);
    CHECK(all[ORIGIN_DECIDABLE] >= 28000);
    CHECK(all[ORIGIN_PARTLY] >= 1400);
}

/* --- worked examples --- */

static struct exact number(const struct node *inputs, const char *name) {
    struct exact value = {0};
    const struct node *node = node_get(inputs, name);
    CHECK(node != NULL && exact_parse(node->text, &value) == 0);
    return value;
}

static struct origin_material part(uint64_t heading, struct exact value) {
    return (struct origin_material){
        .code = heading * 1000000, .digits = 4, .status = ORIGIN_NON_ORIGINATING, .value = value};
}

static void judges(const struct origin *origin, const char *scheme,
                   const struct origin_goods *goods, const struct origin_material *materials,
                   unsigned count, bool qualifies, const char *why) {
    struct origin_judgement judgement;
    origin_judge(origin, origin_find(origin, scheme), goods, materials, count, &judgement);
    CHECK_TEXT(origin_answer_name(judgement.answer),
               origin_answer_name(qualifies ? ORIGIN_YES : ORIGIN_NO));
    CHECK(strstr(judgement.why, why) != NULL);
    printf("%s %010" PRIu64 " %s: %s\n", scheme, goods->code, origin_answer_name(judgement.answer),
           judgement.why);
}

/* Each as it stands, and once more with an input that turns the answer. */
static void test_worked_example(const struct origin *origin, const struct node *example) {
    const char *id = node_get(example, "id")->text;
    const struct node *inputs = node_get(example, "inputs");
    const struct exact cent = exact_ratio(1, 100);
    if (strcmp(id, "roo-eu-maxnom-70-pass") == 0) {
        struct origin_goods goods = {.code = 2520100000, .ex_works = number(inputs, "exw")};
        struct origin_material material = part(2520, number(inputs, "nom"));
        judges(origin, "eu", &goods, &material, 1, true, "not above 70 %");
        CHECK(exact_add(material.value, cent, &material.value) == 0);
        judges(origin, "eu", &goods, &material, 1, false, "above 70 %");
    } else if (strcmp(id, "roo-japan-rvc-45") == 0) {
        struct origin_goods goods = {.code = 1602320000,
                                     .fob = number(inputs, "fob"),
                                     .ex_works = exact_integer(700)}; /* 451 is above 60 % of it */
        struct origin_material material = part(207, number(inputs, "vnm"));
        judges(origin, "japan", &goods, &material, 1, true, "not below 45 %");
        CHECK(exact_add(material.value, cent, &material.value) == 0);
        judges(origin, "japan", &goods, &material, 1, false, "");
    } else if (strcmp(id, "roo-eu-cth") == 0) {
        uint64_t heading = strtoull(node_get(inputs, "out_heading")->text, NULL, 10);
        struct origin_goods goods = {.code = heading * 1000000 + 100000};
        struct origin_material materials[] = {
            part(strtoull(node_get(inputs, "in1")->text, NULL, 10), exact_integer(1)),
            part(strtoull(node_get(inputs, "in2")->text, NULL, 10), exact_integer(1))};
        judges(origin, "eu", &goods, materials, 2, true, "another heading");
        materials[1].code = goods.code;
        judges(origin, "eu", &goods, materials, 2, false, "the goods' own heading");
    } else {
        CHECK_TEXT(id, "an example that this test knows");
    }
}

static void test_worked_examples(const struct origin *origin, struct arena *arena) {
    size_t length;
    struct error err = ERROR_INIT;
    const char *text = read_data(arena, "tariff/worked-examples.yaml", &length);
    const struct node *file = node_read_text(arena, "worked-examples.yaml", text, length, &err);
    unsigned count = 0;
    CHECK(file != NULL);
    for (const struct node *example = node_get(file, "cases")->first; example != NULL;
         example = example->next) {
        if (strncmp(node_get(example, "id")->text, "roo-", 4) == 0) {
            test_worked_example(origin, example);
            count++;
        }
    }
    CHECK_INT(count, 3);
}

/* Rules of the table that are more than one sentence. */
static void test_real_rules(const struct origin *origin) {
    struct origin_goods machine = {.code = 8463100000, .fob = {1000, 1}};
    struct origin_material materials[] = {part(8466, exact_integer(450)),
                                          part(7208, exact_integer(150))};
    /* Of any other heading but 8466, or 35 % built up, 45 % built down, 55 % without 8463, 8466. */
    judges(origin, "cptpp", &machine, materials, 2, true, "not below 55 %");
    materials[0].value = exact_integer(451);
    judges(origin, "cptpp", &machine, materials, 2, false, "");
    struct origin_goods tuna = {.code = 1604140000};
    struct origin_material fish = part(302, exact_integer(1));
    struct origin_judgement judgement;
    origin_judge(origin, origin_find(origin, "eu"), &tuna, &fish, 1, &judgement);
    CHECK_INT(judgement.answer, ORIGIN_HUMAN); /* only within a quota */
    struct origin_goods silk = {.code = 5007100000, .ex_works = {100, 1}};
    fish = part(5006, exact_integer(1));
    origin_judge(origin, origin_find(origin, "eu"), &silk, &fish, 1, &judgement);
    CHECK_INT(judgement.answer, ORIGIN_HUMAN); /* weaving and dyeing are not in any code */
}

int main(void) {
    struct arena arena = ARENA_INIT;
    struct origin origin;
    read_origin(&arena, &origin);
    test_lookup(&origin, &arena);
    test_reach(&origin);
    test_worked_examples(&origin, &arena);
    test_real_rules(&origin);
    arena_free(&arena);
    return test_summary();
}

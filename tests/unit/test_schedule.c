/* SPDX-License-Identifier: GPL-3.0-or-later
 * Goal: the measures that are found are those that apply: inherited down the tree, in force and
 * known, in season, for the origin, with the additional codes, in the order of series. Method: a
 * small tariff whose answers are written out, and a made one against a walk over everything. */
#include "core/base/units.h"
#include "core/tariff/schedule_read.h"
#include "tests/unit/brute_schedule.h"
#include "tests/unit/made_tariff.h"

static const char small[] =
    "clearlab: 1\n"
    "tariff: small\n"
    "areas:\n"
    "  all: {everyone: true}\n"
    "  AA: Aland\n"
    "  BB:\n"
    "  CC:\n"
    "  club: {members: [AA, {area: BB, from: 2020-01-01, to: 2020-12-31}]}\n"
    "series: {B: restrictions, C: duties, P: taxes}\n"
    "measure_types:\n"
    "  vat: {series: P, kind: vat}\n"
    "  duty: {series: C, kind: duty}\n"
    "  preference: {series: C, kind: preference}\n"
    "  dumping: {series: C, kind: anti_dumping}\n"
    "  licence: {series: B, kind: licence}\n"
    "  export: {series: B, kind: licence, movement: export}\n"
    "additional_codes: {X1: one maker, X2: the others}\n"
    "certificates: {N853: paper}\n"
    "nomenclature:\n"
    "  - {code: \"0808\", indent: 0, description: apples and pears}\n"
    "  - {code: \"\", indent: 1, description: Apples}\n"
    "  - {code: 0808.10, indent: 2, description: fresh}\n"
    "  - {code: 0808.10.10, indent: 3, description: for cider, units: kg}\n"
    "  - {code: 0808.10.80, indent: 3, description: other}\n"
    "  - {code: 0808.30, indent: 1, description: pears}\n"
    "measures:\n"
    "  - {id: vat, code: \"08\", type: vat, area: all, duty: 20%}\n"
    "  - {id: duty, code: \"0808\", type: duty, area: all, duty: 10%}\n"
    "  - {id: cider, code: 08081010, type: duty, area: all, duty: 2%, exclude: [CC]}\n"
    "  - {id: summer, code: 080810, type: preference, area: club, duty: 5%, season: 1/5..31/10}\n"
    "  - {id: winter, code: 080810, type: preference, area: club, duty: 1%, season: 1/11..30/4}\n"
    "  - {id: maker, code: 080810, type: dumping, area: AA, duty: 7%, additional_code: X1}\n"
    "  - {id: others, code: 080810, type: dumping, area: AA, duty: 9%, additional_code: X2}\n"
    "  - {id: paper, code: 080810, suffix: 10, type: licence, area: all,\n"
    "     conditions: \"B: document N853 -> apply; B: otherwise -> prohibit\"}\n"
    "  - {id: out, code: \"0808\", type: export, area: all,\n"
    "     conditions: \"B: otherwise -> prohibit\"}\n"
    "  - {id: old, code: 080830, type: duty, area: all, duty: 4%, from: 2021-01-01,\n"
    "     to: 2021-12-31, known_to: 2022-03-14}\n"
    "  - {id: corrected, code: 080830, type: duty, area: all, duty: 3%, from: 2021-01-01,\n"
    "     to: 2021-12-31, known_from: 2022-03-15}\n";

static const struct tariff *read_text(const char *text, struct arena *arena) {
    struct error err = ERROR_INIT;
    const struct node *document = node_read_text(arena, "small.yml", text, strlen(text), &err);
    const struct tariff *tariff =
        document == NULL ? NULL : schedule_read(document, NULL, 0, arena, &err);
    CHECK_TEXT(err.text, "");
    return tariff;
}

static int64_t date(const char *text) {
    int64_t day = 0;
    struct error err = ERROR_INIT;
    CHECK_INT(units_parse_date(text, &day, (struct place){0}, &err), 0);
    return day;
}

/* The ids of what is found, "none" for a code that isn't there. */
static void finds(const struct tariff *tariff, uint64_t code, const char *origin, const char *goods,
                  const char *known, const char *additional_code, const char *expected) {
    const struct measure *matches[16];
    uint16_t declared = (uint16_t)schedule_entry(&tariff->additional_codes, additional_code);
    struct schedule_query query = {.code = code,
                                   .origin = schedule_area(tariff, origin),
                                   .goods_day = date(goods),
                                   .known_day = date(known),
                                   .additional_codes = &declared,
                                   .additional_code_count = declared != 0};
    int count = schedule_find(tariff, &query, matches, 16);
    char got[256] = "";
    for (int i = 0; i < count; i++) {
        strcat(strcat(got, i > 0 ? " " : ""), matches[i]->id);
    }
    CHECK_TEXT(count == SCHEDULE_NO_CODE ? "none" : got, expected);
    unsigned found = 0;
    CHECK(brute_agrees(tariff, &query, &found));
}

static void test_small(void) {
    struct arena arena = ARENA_INIT;
    const struct tariff *t = read_text(small, &arena);
    const char *day = "2020-06-01", *winter = "2020-12-31", *now = "2023-01-01";
    finds(t, 808101000, "CC", day, now, "", "paper duty vat");
    finds(t, 808101000, "BB", day, now, "", "paper duty cider summer vat");
    finds(t, 808101000, "BB", winter, now, "", "paper duty cider winter vat");
    finds(t, 808101000, "BB", "2021-01-01", now, "", "paper duty cider vat");
    finds(t, 808101000, "BB", "2019-12-31", now, "", "paper duty cider vat");
    finds(t, 808108000, "AA", "2031-04-30", now, "", "paper duty winter vat");
    finds(t, 808108000, "AA", "2031-05-01", now, "X1", "paper duty summer maker vat");
    finds(t, 808108000, "AA", "2031-10-31", now, "X2", "paper duty summer others vat");
    finds(t, 808108000, "nowhere", "2031-11-01", now, "X2", "paper duty vat");
    finds(t, 808300000, "AA", "2021-01-01", "2022-03-14", "", "duty old vat");
    finds(t, 808300000, "AA", "2021-12-31", "2022-03-15", "", "duty corrected vat");
    finds(t, 808300000, "AA", "2022-01-01", "2022-03-15", "", "duty vat");
    finds(t, 808000000, "AA", day, now, "", "duty vat");
    finds(t, 809000000, "AA", day, now, "", "none");

    struct schedule_query query = {.code = 808101000, .movement = MOVEMENT_EXPORT};
    const struct measure *matches[4];
    CHECK_INT(schedule_find(t, &query, matches, 4), 1);
    CHECK_TEXT(matches[0]->id, "out");
    query.movement = MOVEMENT_BOTH;
    CHECK_INT(schedule_find(t, &query, matches, 4), SCHEDULE_TOO_MANY);
    query = (struct schedule_query){.code = 808100000, .suffix = 10};
    CHECK_INT(schedule_find(t, &query, matches, 4), 3);
    CHECK_TEXT(matches[0]->id, "paper");
    arena_free(&arena);
}

static void test_places(void) {
    struct arena arena = ARENA_INIT;
    const struct tariff *t = read_text(small, &arena);
    const struct measure *matches[16];
    struct schedule_query query = {.code = 808300000};
    CHECK_INT(schedule_find(t, &query, matches, 16), 2);
    struct place place = schedule_place(t, matches[1], -1);
    CHECK_TEXT(place.source, "small.yml");
    CHECK_INT(place.line, 27);
    CHECK_INT(place.column, 5);
    place = schedule_place(t, matches[1], SCHEDULE_FIELD_duty);
    CHECK_INT(place.line, 27);
    CHECK_INT(place.column, 55);
    place = schedule_place(t, matches[1], SCHEDULE_FIELD_season); /* is not written */
    CHECK_INT(place.column, 5);
    CHECK_TEXT(t->areas[matches[1]->area].id, "all");
    CHECK_INT(
        t->nomenclature.lines[nomenclature_find(&t->nomenclature, 808101000, 80, 0)].unit_count, 1);
    arena_free(&arena);
}

static void test_conditions(void) {
    struct arena arena = ARENA_INIT;
    char text[4096];
    snprintf(text, sizeof text,
             "%s  - {code: \"0808\", type: duty, area: all, duty: 1%%, conditions: "
             "\"V: price_min 54.3 EUR / 100 kg -> apply 8%%; V: otherwise -> apply;"
             "Q: quantity_max 2 t -> not_apply; Z: value_max 150 EUR -> prohibit;\"}\n",
             small);
    const struct tariff *t = read_text(text, &arena);
    const struct measure *measure = NULL;
    for (uint32_t i = 1; i < t->measure_count; i++) {
        measure = t->measures[i].condition_count == 4 ? &t->measures[i] : measure;
    }
    CHECK(measure != NULL);
    if (measure != NULL) {
        const struct condition *c = &t->conditions[measure->condition];
        CHECK_INT(c[0].group, 'V');
        CHECK_INT(c[0].test, CONDITION_PRICE_MIN);
        CHECK_INT(exact_compare(c[0].threshold.amount, exact_ratio(543, 10)), 0);
        CHECK_INT(exact_compare(c[0].threshold.scale, exact_integer(100)), 0);
        CHECK_TEXT(c[0].threshold.currency, "EUR");
        CHECK_TEXT(t->duty_texts[c[0].duty], "8%");
        CHECK_INT(c[1].test, CONDITION_OTHERWISE);
        CHECK_INT(c[1].duty, 0);
        CHECK_INT(c[2].test, CONDITION_QUANTITY_MAX);
        CHECK_INT(c[2].action, CONDITION_NOT);
        CHECK_INT(exact_compare(c[2].threshold.amount, exact_integer(2)), 0);
        CHECK_INT(c[3].test, CONDITION_VALUE_MAX);
        CHECK_INT(c[3].action, CONDITION_PROHIBIT);
    }
    arena_free(&arena);
}

/* A tree by chance: depths go up by one at most, some lines have no number, some two versions. */
static void make_rows(struct schedule_builder *builder, struct made_chance *chance) {
    for (uint64_t heading = 101; heading < 140; heading += 1 + made_below(chance, 3)) {
        uint64_t code = heading * 1000000;
        struct nomenclature_line row = {.description = "",
                                        .code = code,
                                        .digits = made_below(chance, 5) == 0 ? 0 : 4,
                                        .valid_from = NOMENCLATURE_EVER,
                                        .valid_to = NOMENCLATURE_FOREVER};
        if (row.digits > 0) { /* else a heading without a row of its own */
            schedule_build_row(builder, &row);
        }
        unsigned indent = 0;
        for (unsigned k = made_below(chance, 12); k < 14; k++) {
            bool is_numbered = made_below(chance, 4) != 0;
            indent = 1 + made_below(chance, indent < 5 ? indent + 1 : 5);
            code += 10000 + made_below(chance, 9);
            row = (struct nomenclature_line){.description = "",
                                             .code = is_numbered ? code : 0,
                                             .digits = is_numbered ? 10 : 0,
                                             .indent = (uint8_t)indent,
                                             .valid_from = NOMENCLATURE_EVER,
                                             .valid_to = NOMENCLATURE_FOREVER};
            if (is_numbered && made_below(chance, 6) == 0) {
                row.valid_to = (int32_t)made_below(chance, MADE_DAYS);
                schedule_build_row(builder, &row);
                row.valid_from = row.valid_to + 1 + (int32_t)made_below(chance, 2);
                row.valid_to = NOMENCLATURE_FOREVER;
            }
            schedule_build_row(builder, &row);
        }
    }
}

/* Every line of a made tree, asked many times, on dates and for areas by chance. */
static void test_made(unsigned measure_count) {
    struct arena arena = ARENA_INIT;
    struct schedule_builder builder;
    struct made_chance chance = {.state = 2385};
    schedule_build_init(&builder, &arena, NULL);
    made_registers(&builder, &chance);
    make_rows(&builder, &chance);
    schedule_build_tree(&builder);
    const struct nomenclature *tree = &builder.tariff->nomenclature;
    for (unsigned i = 0; i < measure_count; i++) {
        const struct nomenclature_line *line =
            &tree->lines[1 + made_below(&chance, tree->count - 1)];
        if (line->code != 0) {
            made_measure(&builder, &chance, nomenclature_first(tree, line->code, line->suffix), 0);
        }
    }
    const struct tariff *tariff = schedule_build_finish(&builder);
    unsigned asked = 0, found = 0, wrong = 0;
    for (uint32_t line = 1; line < tree->count; line++) {
        for (unsigned i = 0; i < 40 && tree->lines[line].code != 0; i++, asked++) {
            uint16_t declared[2];
            struct schedule_query query = made_query(&chance, &tree->lines[line], declared);
            wrong += !brute_agrees(tariff, &query, &found);
        }
    }
    CHECK_INT(wrong, 0);
    printf("%u queries found %u measures\n", asked, found);
    CHECK(asked > 6000 && found > 20);
    arena_free(&arena);
}

int main(void) {
    test_small();
    test_places();
    test_conditions();
    test_made(9000);
    test_made(120); /* most lines have none of their own */
    return test_summary();
}

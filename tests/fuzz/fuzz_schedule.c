/* SPDX-License-Identifier: GPL-3.0-or-later
 * fuzz_schedule.c - bytes as tariffs of every layout: read, looked up on every line, and linted.
 *
 * The first byte chooses: a YAML document of our own; or rows of measures, of the nomenclature, of
 * the American schedule or database, or of seasonal rates, read with a document that is right. */
#include "core/base/require.h"
#include "core/tariff/lint.h"
#include "core/tariff/schedule_read.h"
#include "core/tariff/schedule_season.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char frame[] =
    "clearlab: 1\n"
    "tariff: frame\n"
    "currency: USD\n"
    "areas: {all: {everyone: true}, AA: a, BB: b, club: {members: [AA, {area: BB, from: "
    "2020-01-01}]}}\n"
    "series: {B: licences, C: duties}\n"
    "measure_types:\n"
    "  \"103\": {series: C, kind: duty}\n"
    "  \"142\": {series: C, kind: preference}\n"
    "  \"143\": {series: C, kind: preferential_quota}\n"
    "  \"410\": {series: B, kind: licence}\n"
    "additional_codes: {X1: maker}\n"
    "certificates: {N853: paper}\n"
    "footnotes: {TN1: remark}\n"
    "acts: {R1: act}\n"
    "american:\n"
    "  general: {type: \"103\", area: all, exclude: [club]}\n"
    "  column_2: {type: \"103\", area: club}\n"
    "  additional: {type: \"103\", area: all}\n"
    "  programmes: {A*: {type: \"142\", area: AA}, P: {type: \"142\", area: BB, to: 2020-12-31}}\n";
static const char rows[] = "nomenclature:\n"
                           "  - {code: \"08\", indent: 0}\n"
                           "  - {code: \"0808\", indent: 0}\n"
                           "  - {code: \"\", indent: 1}\n"
                           "  - {code: 080810, indent: 2, units: kg|p/st}\n";

/* Every line is asked once for each area. */
static void look_up(const struct tariff *tariff) {
    const struct measure *matches[64];
    for (uint32_t line = 1; line < tariff->nomenclature.count; line++) {
        for (unsigned origin = 0; origin < tariff->area_count && origin < 8; origin++) {
            const struct nomenclature_line *at = &tariff->nomenclature.lines[line];
            struct schedule_query query = {.code = at->code,
                                           .suffix = at->suffix,
                                           .origin = origin,
                                           .goods_day = 18500 + (int)line,
                                           .known_day = 20000};
            int count = schedule_find(tariff, &query, matches, 64);
            for (int i = 1; i < count; i++) {
                REQUIRE(tariff->types[matches[i - 1]->type].order <=
                        tariff->types[matches[i]->type].order);
            }
        }
    }
}

static const struct tariff *read_own(struct arena *arena, const char *head, const char *section,
                                     char *text, struct error *err) {
    struct schedule_file file = {.name = "file.csv", .text = text};
    const char *document_text =
        section == NULL ? text : arena_format(arena, "%s%s: file.csv\n", head, section);
    const struct node *document =
        node_read_text(arena, "tariff.yml", document_text, strlen(document_text), err);
    return document == NULL ? NULL : schedule_read(document, &file, 1, arena, err);
}

static const struct tariff *read_any(struct arena *arena, unsigned layout, char *text,
                                     struct us_schedule_notes *notes, struct error *err) {
    const struct node *document = node_read_text(arena, "frame.yml", frame, strlen(frame), err);
    REQUIRE(document != NULL);
    switch (layout % 6) {
    case 0:
        return read_own(arena, "", NULL, text, err);
    case 1:
        return read_own(arena, arena_format(arena, "%s%s", frame, rows), "measures", text, err);
    case 2:
        return read_own(arena, frame, "nomenclature", text, err);
    case 3:
        return us_schedule_read(document, "us.csv", text, arena, notes, err);
    case 4:
        return us_schedule_read_database(document, "us.csv", text, arena, notes, err);
    default:
        return schedule_season_read(document, "seasons.csv", text, arena, err);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct arena arena = ARENA_INIT;
    struct error err = ERROR_INIT;
    struct us_schedule_notes notes = {.count = 0};
    if (size == 0 || size > 16384) {
        return 0;
    }
    char *text = arena_text(&arena, (const char *)data + 1, size - 1);
    const struct tariff *tariff = read_any(&arena, data[0], text, &notes, &err);
    REQUIRE((tariff == NULL) == (err.code != ERROR_NONE));
    if (tariff != NULL) {
        look_up(tariff);
        lint_tariff(tariff, &notes, &arena);
    }
    arena_free(&arena);
    return 0;
}

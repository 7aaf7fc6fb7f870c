/* SPDX-License-Identifier: GPL-3.0-or-later
 * Goal: the preferences of a whole national tariff are understood, each for its own programmes.
 * Method: the annual tariff database of May 2024 gives for each line the text of its special
 * column, and for each programme the parts of its rate. Where a text names a programme whose rate
 * is typed (0 to 7), its duty must give those parts. The source cuts some parts after two decimals;
 * lines in which it contradicts itself stand below with the reason. */
#include "core/base/csv.h"
#include "core/tariff/duty_special.h"
#include "tests/vectors/us_rates.h"

static const struct programme {
    const char *block, *symbol;
} programmes[] = {
    {"jordan", "JO"},    {"singapore", "SG"},     {"chile", "CL"}, {"morocco", "MA"},
    {"australia", "AU"}, {"bahrain", "BH"},       {"oman", "OM"},  {"peru", "PE"},
    {"dr_cafta", "P"},   {"dr_cafta_plus", "P+"}, {"korea", "KR"}, {"columbia", "CO"},
    {"panama", "PA"},    {"japan", "JP"},         {"usmca", "S"},  {"usmca", "S+"},
};
enum { PROGRAMME_COUNT = sizeof programmes / sizeof programmes[0], SUFFIX_COUNT = 4 };

static const struct contradiction {
    const char *line, *symbol, *reason;
} contradictions[] = {
    {"04052030", "PA", "the text gives the programme two rates"},
    {"04062067", "P", "the rates of two programmes are exchanged"},
    {"10063010", "KR", "the stored rate is another one than the text's"},
    {"18062028", "P", "the text gives the programme two rates"},
    {"18062028", "CO", "the text gives the programme two rates"},
    {"18062028", "PA", "the text gives the programme two rates"},
    {"18062038", "P", "the text gives the programme two rates"},
    {"18062038", "CO", "the text gives the programme two rates"},
    {"18062038", "PA", "the text gives the programme two rates"},
    {"19011066", "PA", "the stored rate is another one than the text's"},
    {"21050025", "JP", "the stored rate is another one than the text's"},
    {"21069087", "PA", "the stored rate is another one than the text's"},
    {"98230606", "S+", "the rates of neighbouring lines are exchanged"},
    {"98230609", "S+", "the rates of neighbouring lines are exchanged"},
    {"98230707", "S+", "the rates of neighbouring lines are exchanged"},
    {"98230806", "S+", "the rates of neighbouring lines are exchanged"},
    {"98230807", "S+", "the rates of neighbouring lines are exchanged"},
    {"98230809", "S+", "the rates of neighbouring lines are exchanged"},
    {"98230810", "S+", "the rates of neighbouring lines are exchanged"},
    {"99150492", "P+", "the stored rate is another one than the text's"},
    {"99182411", "CO", "4.6% stored as 46.6%"},
};

static unsigned same, cut, references, listed;

/* Stored with the decimals behind the second cut off. */
static bool is_cut(struct exact value, const char *text) {
    struct rounding down = {ROUNDING_DOWN, exact_ratio(1, 100)};
    struct exact result = {0, 1};
    return us_rates_equal(value, text) ||
           (exact_round(value, down, &result) == 0 && us_rates_equal(result, text));
}

static bool is_listed(const struct us_rates_official *official) {
    for (size_t i = 0; i < sizeof contradictions / sizeof contradictions[0]; i++) {
        if (strcmp(contradictions[i].line, official->line) == 0 &&
            strcmp(contradictions[i].symbol, official->column) == 0) {
            return true;
        }
    }
    return false;
}

static void check_rate(const struct us_rates_official *official, const struct duty *duty) {
    struct us_rates_parts parts;
    if (!duty_is_computable(duty)) {
        references++;
        return;
    }
    bool has_units = us_rates_sum(official, duty, &parts);
    if (has_units && us_rates_equal(parts.share, official->share) &&
        us_rates_equal(parts.specific, official->specific) &&
        us_rates_equal(parts.other, official->other)) {
        same++;
    } else if (has_units && is_cut(parts.share, official->share) &&
               is_cut(parts.specific, official->specific) && is_cut(parts.other, official->other)) {
        cut++;
    } else if (is_listed(official)) {
        listed++;
    } else {
        printf("%s %s type %c '%s': stored %s, %s, %s\n", official->line, official->column,
               official->type, official->text, official->share, official->specific,
               official->other);
        CHECK(false);
    }
}

/* Entries that name the programme itself. */
static const struct duty_special_entry *find_named(const struct duty_special *special,
                                                   const char *symbol) {
    const struct duty_special_entry *entry = duty_special_find(special, symbol);
    return entry != NULL && entry->programme_count > 0 ? entry : NULL;
}

static void test_database(char *text) {
    static const char *const suffixes[SUFFIX_COUNT] = {"rate_type_code", "ad_val_rate",
                                                       "specific_rate", "other_rate"};
    struct csv csv;
    struct error err = ERROR_INIT;
    struct arena arena = ARENA_INIT;
    csv_init(&csv, "database", text, ',');
    CHECK_INT(csv_next(&csv, &err), 1);
    int line = csv_find(&csv, "hts8"), special_text = csv_find(&csv, "col1_special_text");
    int quantity[2] = {csv_find(&csv, "quantity_1_code"), csv_find(&csv, "quantity_2_code")};
    int columns[PROGRAMME_COUNT][SUFFIX_COUNT];
    for (int p = 0; p < PROGRAMME_COUNT; p++) {
        for (int s = 0; s < SUFFIX_COUNT; s++) {
            columns[p][s] =
                csv_find(&csv, arena_format(&arena, "%s_%s", programmes[p].block, suffixes[s]));
            CHECK(columns[p][s] >= 0);
        }
    }
    unsigned refused = 0;
    while (csv_next(&csv, &err) == 1) {
        struct duty_special special;
        struct error refusal = ERROR_INIT;
        struct place place = {csv.source, csv.row_line, 1};
        const char *texts = csv.fields[special_text];
        if (duty_special_parse(texts, &arena, place, &special, NULL, &refusal) != 0) {
            printf("%s '%s': %s\n", csv.fields[line], texts, refusal.text);
            refused++;
            continue;
        }
        for (int p = 0; p < PROGRAMME_COUNT; p++) {
            const struct duty_special_entry *entry = find_named(&special, programmes[p].symbol);
            const char *type = csv.fields[columns[p][0]];
            if (entry == NULL || type[0] < '0' || type[0] > '7') {
                continue;
            }
            struct us_rates_official official = {
                .line = csv.fields[line],
                .column = programmes[p].symbol,
                .text = texts,
                .quantities = {csv.fields[quantity[0]], csv.fields[quantity[1]]},
                .share = csv.fields[columns[p][1]],
                .specific = csv.fields[columns[p][2]],
                .other = csv.fields[columns[p][3]],
                .type = type[0]};
            check_rate(&official, &entry->duty);
        }
    }
    CHECK_INT(err.code, ERROR_NONE);
    CHECK_INT(refused, 2); /* a missing cent sign and a missing slash, as printed above */
    CHECK_INT(listed, sizeof contradictions / sizeof contradictions[0]);
    CHECK(same > 88000);
    printf("May 2024: %u rates of programmes give their parts, %u are stored cut after two "
           "decimals, %u refer to another line, %u are contradicted by the source\n",
           same, cut, references, listed);
    arena_free(&arena);
}

int main(void) {
    struct arena arena = ARENA_INIT;
    char *database = us_rates_read(&arena, "tariff/us-tariff-database-2024-05.csv.gz");
    if (database == NULL) {
        SKIP("the American tariff database is not here; set CLEARLAB_DATA");
    }
    test_database(database);
    arena_free(&arena);
    return test_summary();
}

/* SPDX-License-Identifier: GPL-3.0-or-later
 * Goal: the rate texts of a whole national tariff are understood, to the last digit.
 * Method: the annual tariff database of May 2024 gives for each line the text and its parts: a
 * share of the value and amounts per first and second quantity, by rate type. Every text of a typed
 * rate (0 to 7) must give the same parts; where the source contradicts itself, the line stands
 * below with the reason. The schedule of April 2025 has no parts: there every text is parsed, and
 * the rate of every line of ten digits is found up the tree of indents and can be computed, refers
 * to another provision, or is left to a person for a reason. */
#include "core/base/csv.h"
#include "core/tariff/duty_special.h"
#include "tests/vectors/us_rates.h"

/* Lines whose text and parts contradict each other in the source. */
static const struct source_error {
    const char *line, *column, *reason;
} source_errors[] = {
    {"22029928", "col2", "the text adds 17.5% to the specific rate, the parts leave it out"},
    {"29372325", "col2", "cents per kg stored as dollars per g"},
    {"29372350", "col2", "cents per kg stored as dollars per g"},
    {"29372910", "col2", "cents per kg stored as dollars per g"},
    {"29379005", "col2", "cents per kg stored as dollars per g"},
    {"29379010", "col2", "cents per kg stored as dollars per g"},
    {"36050000", "col2", "cents per gross of containers, but the quantity is kg"},
    {"76161090", "col2", "a share alone, but the parts have a specific rate too"},
    {"91061000", "mfn", "type 5 (second quantity and value), but the text has three parts"},
};
enum { SOURCE_ERROR_COUNT = sizeof source_errors / sizeof source_errors[0] };

static const struct source_error *find_source_error(const char *line, const char *column) {
    for (size_t i = 0; i < SOURCE_ERROR_COUNT; i++) {
        if (strcmp(source_errors[i].line, line) == 0 &&
            strcmp(source_errors[i].column, column) == 0) {
            return &source_errors[i];
        }
    }
    return NULL;
}

static unsigned same, rounded, references, listed;

/* 33 1/3 % is stored as 0.333. */
static bool is_rounded_third(struct exact share, const char *text) {
    struct rounding thousandths = {ROUNDING_HALF_UP, exact_ratio(1, 1000)};
    struct exact result = {0, 1};
    return share.denominator % 3 == 0 && exact_round(share, thousandths, &result) == 0 &&
           us_rates_equal(result, text);
}

static void check_reprint(const struct duty *duty, struct arena *arena) {
    struct duty again = {0, NULL};
    struct error err = ERROR_INIT;
    struct place place = {"print", 1, 1};
    CHECK_INT(duty_parse(duty_print(duty, arena), arena, place, &again, NULL, &err), 0);
    CHECK(duty_is_equal(duty, &again));
}

static void check_official(const struct us_rates_official *official, struct arena *arena) {
    struct duty duty = {0, NULL};
    struct error err = ERROR_INIT;
    struct place place = {official->line, 1, 1};
    CHECK_INT(duty_parse(official->text, arena, place, &duty, NULL, &err), 0);
    if (err.code != ERROR_NONE) {
        printf("%s %s '%s': %s\n", official->line, official->column, official->text, err.text);
        return;
    }
    check_reprint(&duty, arena);
    if (!duty_is_computable(&duty)) {
        references++; /* the parts, where there are any, are those of the other provision */
        CHECK(duty.components[0].verb == DUTY_REFERENCE);
        return;
    }
    struct us_rates_parts parts;
    bool has_units = us_rates_sum(official, &duty, &parts);
    bool is_amount = has_units && us_rates_equal(parts.specific, official->specific) &&
                     us_rates_equal(parts.other, official->other);
    bool is_same = is_amount && us_rates_equal(parts.share, official->share);
    bool is_rounded = !is_same && is_amount && is_rounded_third(parts.share, official->share);
    if (!is_same && !is_rounded) {
        bool is_listed = find_source_error(official->line, official->column) != NULL;
        listed += is_listed;
        if (!is_listed) {
            printf("%s %s type %c '%s': stored %s, %s, %s\n", official->line, official->column,
                   official->type, official->text, official->share, official->specific,
                   official->other);
        }
        CHECK(is_listed);
        return;
    }
    same += is_same;
    rounded += is_rounded;
}

static int column_of(const struct csv *csv, const char *prefix, const char *suffix) {
    char name[64];
    snprintf(name, sizeof name, "%s_%s", prefix, suffix);
    int column = csv_find(csv, name);
    CHECK(column >= 0);
    return column < 0 ? 0 : column;
}

static void test_database(char *text) {
    static const char *const prefixes[] = {"mfn", "col2"};
    static const char *const suffixes[] = {"text_rate", "rate_type_code", "ad_val_rate",
                                           "specific_rate", "other_rate"};
    struct csv csv;
    struct error err = ERROR_INIT;
    struct arena arena = ARENA_INIT;
    csv_init(&csv, "database", text, ',');
    CHECK_INT(csv_next(&csv, &err), 1);
    int line = csv_find(&csv, "hts8"), columns[2][5], quantity[2];
    quantity[0] = csv_find(&csv, "quantity_1_code");
    quantity[1] = csv_find(&csv, "quantity_2_code");
    for (int p = 0; p < 2; p++) {
        for (int s = 0; s < 5; s++) {
            columns[p][s] = column_of(&csv, prefixes[p], suffixes[s]);
        }
    }
    unsigned lines = 0, typed[2] = {0, 0};
    while (csv_next(&csv, &err) == 1) {
        lines++;
        for (int p = 0; p < 2; p++) {
            const char *type = csv.fields[columns[p][1]];
            if (type[0] < '0' || type[0] > '7' || type[1] != '\0') {
                continue;
            }
            typed[p]++;
            struct us_rates_official official = {
                .line = csv.fields[line],
                .column = prefixes[p],
                .text = csv.fields[columns[p][0]],
                .quantities = {csv.fields[quantity[0]], csv.fields[quantity[1]]},
                .share = csv.fields[columns[p][2]],
                .specific = csv.fields[columns[p][3]],
                .other = csv.fields[columns[p][4]],
                .type = type[0]};
            check_official(&official, &arena);
        }
    }
    CHECK_INT(err.code, ERROR_NONE);
    CHECK_INT(lines, 12975);
    CHECK_INT(typed[0], 12057);
    CHECK_INT(listed, SOURCE_ERROR_COUNT);
    CHECK_INT(references, 16);
    CHECK_INT(same + rounded + listed + references, typed[0] + typed[1]);
    printf("May 2024: %u lines, %u general and %u column-2 texts of types 0 to 7: %u give their "
           "parts, %u a third that is stored rounded, %u refer to another provision, %u "
           "contradicted by the source\n",
           lines, typed[0], typed[1], same, rounded, references, listed);
    arena_free(&arena);
}

/* What becomes of a text. */
enum fate {
    FATE_COMPUTED,
    FATE_LINE, /* from the duty of another line */
    FATE_NOTE, /* refers to a note or to another column */
    FATE_PERSON,
    FATE_REFUSED,
    FATE_COUNT
};

enum { RATE_COLUMNS = 4, TEXTS_MAX = 8192, INDENTS_MAX = 16 };

static const char *const rate_columns[RATE_COLUMNS] = {
    "General Rate of Duty", "Special Rate of Duty", "Column 2 Rate of Duty", "Additional Duties"};
enum { GENERAL, SPECIAL, COLUMN_2, ADDITIONAL };

/* Texts that are refused, and why that is right. */
static const struct refusal {
    const char *text, *reason;
} refusals[] = {
    {":", "a misprint: no rate stands there"},
};

static enum fate fate_of_duty(const struct duty *duty) {
    enum fate fate = FATE_COMPUTED;
    for (unsigned i = 0; i < duty->count; i++) {
        const struct duty_component *component = &duty->components[i];
        if (component->verb == DUTY_UNRESOLVED) {
            CHECK(component->name != NULL); /* the reason */
            return FATE_PERSON;
        }
        if (component->verb == DUTY_REFERENCE) {
            fate = duty_is_of_line(component) ? FATE_LINE : FATE_NOTE;
        }
    }
    return fate;
}

/* A duty of nothing says so in its text. */
static bool is_silent_zero(const struct duty *duty, const char *text) {
    bool is_zero = duty_is_computable(duty);
    for (unsigned i = 0; i < duty->count; i++) {
        is_zero = is_zero && exact_sign(duty->components[i].amount) == 0;
    }
    return is_zero && strstr(text, "Free") == NULL && strncmp(text, "No additional duty", 18) != 0;
}

static enum fate refused(const char *text, const struct error *err) {
    bool is_known = false;
    for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++) {
        is_known |= strcmp(refusals[i].text, text) == 0;
    }
    if (!is_known) {
        printf("'%s': %s\n", text, err->text);
    }
    CHECK(is_known);
    return FATE_REFUSED;
}

static enum fate fate_of(const char *text, int column, struct arena *arena) {
    struct error err = ERROR_INIT;
    struct place place = {"schedule", 1, 1};
    struct duty_special special = {0, NULL};
    struct duty duty = {0, NULL};
    if (column != SPECIAL) {
        if (duty_parse(text, arena, place, &duty, NULL, &err) != 0) {
            return refused(text, &err);
        }
        CHECK(!is_silent_zero(&duty, text));
        check_reprint(&duty, arena);
        return fate_of_duty(&duty);
    }
    if (duty_special_parse(text, arena, place, &special, NULL, &err) != 0) {
        return refused(text, &err);
    }
    CHECK(special.count > 0);
    enum fate worst = FATE_COMPUTED;
    for (unsigned i = 0; i < special.count; i++) {
        CHECK(!is_silent_zero(&special.entries[i].duty, text));
        check_reprint(&special.entries[i].duty, arena);
        enum fate fate = fate_of_duty(&special.entries[i].duty);
        worst = fate > worst ? fate : worst;
    }
    return worst;
}

/* Distinct texts of a column and their fates, sorted by insertion: a few hundred. */
struct texts {
    unsigned count, fates[FATE_COUNT];
    const char *all[TEXTS_MAX];
    enum fate fate[TEXTS_MAX];
};

static enum fate look_up(struct texts *texts, const char *text, int column, struct arena *arena) {
    unsigned low = 0, high = texts->count;
    while (low < high) {
        unsigned middle = (low + high) / 2;
        int order = strcmp(texts->all[middle], text);
        if (order == 0) {
            return texts->fate[middle];
        }
        low = order < 0 ? middle + 1 : low;
        high = order < 0 ? high : middle;
    }
    CHECK(texts->count < TEXTS_MAX);
    size_t behind = texts->count - low;
    memmove(texts->all + low + 1, texts->all + low, behind * sizeof texts->all[0]);
    memmove(texts->fate + low + 1, texts->fate + low, behind * sizeof texts->fate[0]);
    texts->count++;
    texts->all[low] = text;
    texts->fate[low] = fate_of(text, column, arena);
    texts->fates[texts->fate[low]]++;
    return texts->fate[low];
}

static unsigned digits_of(const char *number) {
    unsigned digits = 0;
    for (; *number != '\0'; number++) {
        digits += *number >= '0' && *number <= '9';
    }
    return digits;
}

static void test_schedule(char *text) {
    struct csv csv;
    struct error err = ERROR_INIT;
    struct arena arena = ARENA_INIT;
    csv_init(&csv, "schedule", text, ',');
    CHECK_INT(csv_next(&csv, &err), 1);
    int number = csv_find(&csv, "HTS Number"), indent = csv_find(&csv, "Indent");
    int columns[RATE_COLUMNS];
    struct texts *texts = ARENA_ARRAY(&arena, struct texts, RATE_COLUMNS);
    for (int c = 0; c < RATE_COLUMNS; c++) {
        columns[c] = csv_find(&csv, rate_columns[c]);
    }
    const char *rates[INDENTS_MAX] = {NULL}; /* general rates on the way down to a line */
    unsigned rows = 0, lines = 0, without = 0, fates[FATE_COUNT] = {0};
    while (csv_next(&csv, &err) == 1) {
        rows++;
        unsigned depth = (unsigned)atoi(csv.fields[indent]);
        CHECK(depth < INDENTS_MAX);
        if (depth >= INDENTS_MAX) {
            break;
        }
        const char *general = csv.fields[columns[GENERAL]];
        bool is_given = *general != '\0';
        rates[depth] = is_given ? general : depth > 0 ? rates[depth - 1] : NULL;
        for (int c = 0; c < RATE_COLUMNS; c++) {
            if (*csv.fields[columns[c]] != '\0') {
                look_up(&texts[c], csv.fields[columns[c]], c, &arena);
            }
        }
        if (digits_of(csv.fields[number]) == 10) {
            lines++;
            without += rates[depth] == NULL;
            fates[rates[depth] == NULL ? FATE_REFUSED
                                       : look_up(&texts[GENERAL], rates[depth], GENERAL, &arena)]++;
        }
    }
    CHECK_INT(err.code, ERROR_NONE);
    CHECK_INT(rows, 35938);
    CHECK_INT(without, 0);
    CHECK(fates[FATE_COMPUTED] + fates[FATE_LINE] >= lines * 0.99);
    printf(
        "April 2025: of %u lines of ten digits %u are computed, %u from the duty of the line that "
        "they name, %u refer to a note, %u need a person, %u have no rate\n",
        lines, fates[FATE_COMPUTED], fates[FATE_LINE], fates[FATE_NOTE], fates[FATE_PERSON],
        fates[FATE_REFUSED]);
    for (int c = 0; c < RATE_COLUMNS; c++) {
        const unsigned *of = texts[c].fates;
        printf("  %s: %u texts, %u computed, %u of a line, %u of a note, %u for a person, %u "
               "refused\n",
               rate_columns[c], texts[c].count, of[FATE_COMPUTED], of[FATE_LINE], of[FATE_NOTE],
               of[FATE_PERSON], of[FATE_REFUSED]);
    }
    arena_free(&arena);
}

int main(void) {
    struct arena arena = ARENA_INIT;
    char *database = us_rates_read(&arena, "tariff/us-tariff-database-2024-05.csv.gz");
    char *schedule = us_rates_read(&arena, "tariff/us-hts-2025-04-17.csv.gz");
    if (database == NULL || schedule == NULL) {
        SKIP("the American schedule and database are not here; set CLEARLAB_DATA");
    }
    test_database(database);
    test_schedule(schedule);
    arena_free(&arena);
    return test_summary();
}

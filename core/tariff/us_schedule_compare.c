/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/tariff/us_schedule_compare.h"

#include <stdio.h>
#include <string.h>

static int find_suffixed(const struct csv *csv, const char *prefix, size_t length,
                         const char *suffix) {
    char name[64];
    snprintf(name, sizeof name, "%.*s%s", (int)length, prefix, suffix);
    return csv_find(csv, name);
}

static struct us_schedule_stored find_stored(const struct csv *csv, const char *prefix,
                                             size_t length) {
    return (struct us_schedule_stored){
        .text = find_suffixed(csv, prefix, length, "_text_rate"),
        .type = find_suffixed(csv, prefix, length, "_rate_type_code"),
        .share = find_suffixed(csv, prefix, length, "_ad_val_rate"),
        .specific = find_suffixed(csv, prefix, length, "_specific_rate"),
        .other = find_suffixed(csv, prefix, length, "_other_rate"),
        .indicator = find_suffixed(csv, prefix, length, "_indicator"),
    };
}

void us_schedule_compare_header(struct us_schedule_compare *compare, const struct csv *csv) {
    static const char indicator[] = "_indicator";
    *compare = (struct us_schedule_compare){.general = find_stored(csv, "mfn", 3),
                                            .column_2 = find_stored(csv, "col2", 4),
                                            .special = csv_find(csv, "col1_special_text")};
    for (unsigned i = 0; i < csv->count; i++) {
        size_t length = strlen(csv->fields[i]), tail = sizeof indicator - 1;
        if (length > tail && strcmp(csv->fields[i] + length - tail, indicator) == 0 &&
            compare->programme_count < US_SCHEDULE_STORED_MAX) {
            struct us_schedule_stored stored = find_stored(csv, csv->fields[i], length - tail);
            if (stored.type >= 0) {
                compare->programmes[compare->programme_count++] = stored;
            }
        }
    }
}

/* What a duty amounts to in the terms of the database. */
struct shape {
    unsigned moneys, shares;
    struct exact money[2], per_scale[2], share; /* 2 and 1/500 of "$2/1,000" */
    bool is_plain;                              /* a sum of rates, nothing else */
};

static struct shape shape_of(const struct duty *duty) {
    struct shape shape = {.is_plain = true};
    for (unsigned i = 0; i < duty->count; i++) {
        const struct duty_component *component = &duty->components[i];
        if (component->verb != DUTY_PLUS) {
            shape.is_plain &= component->verb == DUTY_NIL;
        } else if (component->basis == DUTY_SHARE) {
            shape.share = component->amount;
            shape.shares += exact_sign(component->amount) != 0;
        } else if (component->basis == DUTY_MONEY && shape.moneys < 2) {
            shape.money[shape.moneys] = component->amount;
            shape.per_scale[shape.moneys] = component->amount; /* should the quotient not fit */
            exact_divide(component->amount, component->scale, &shape.per_scale[shape.moneys]);
            shape.moneys++;
        } else {
            shape.is_plain = false;
        }
    }
    return shape;
}

/* Whether there are as many rates of each kind as the type has. */
static bool has_shape(const struct shape *shape, char type) {
    static const unsigned char moneys[] = {0, 1, 1, 2, 1, 1, 2, 0};
    static const unsigned char shares[] = {0, 0, 0, 0, 1, 1, 1, 1};
    return shape->moneys == moneys[type - '0'] && shape->shares == shares[type - '0'];
}

/* Whether a stored decimal is the number in as many decimals as it has. */
static bool is_rounded(const char *stored, struct exact number, enum rounding_mode mode) {
    struct exact value, rounded, step = exact_integer(1);
    const char *point = strchr(stored, '.');
    for (size_t i = point == NULL ? 0 : strlen(point + 1); i > 0; i--) {
        if (exact_divide(step, exact_integer(10), &step) < 0) {
            return false;
        }
    }
    return exact_parse(stored, &value) == 0 &&
           exact_round(number, (struct rounding){mode, step}, &rounded) == 0 &&
           exact_compare(value, rounded) == 0;
}

static const char *field(const struct csv *csv, int column) {
    return column < 0 || (unsigned)column >= csv->count ? "" : csv->fields[column];
}

/* Whether a stored amount is that of the text, for one or for as many as the text names. */
static bool has_money(const char *stored, const struct shape *shape, unsigned money,
                      enum rounding_mode mode) {
    return *stored == '\0' || is_rounded(stored, shape->money[money], mode) ||
           is_rounded(stored, shape->per_scale[money], mode);
}

/* Whether the stored rates are those of the text, rounded in that mode. Two amounts stand in the
 * order of their quantities, which need not be that of the text. */
static bool has_rates(const struct csv *csv, const struct us_schedule_stored *stored,
                      const struct shape *shape, enum rounding_mode mode) {
    const char *share = field(csv, stored->share), *specific = field(csv, stored->specific);
    const char *other = field(csv, stored->other);
    if (shape->shares > 0 && *share != '\0' && !is_rounded(share, shape->share, mode)) {
        return false;
    }
    if (shape->moneys < 2) {
        return shape->moneys == 0 || has_money(specific, shape, 0, mode);
    }
    return (has_money(specific, shape, 0, mode) && has_money(other, shape, 1, mode)) ||
           (has_money(specific, shape, 1, mode) && has_money(other, shape, 0, mode));
}

/* Holds the duty of a text against what is stored in its place. */
static void compare_duty(struct us_schedule_reader *reader, const struct csv *csv,
                         const struct us_schedule_stored *stored, const struct duty *duty,
                         const char *text, const char *what) {
    const char *type = field(csv, stored->type);
    int line = csv->row_line, column = stored->type < 0 ? 1 : csv->columns[stored->type];
    if (type[0] < '0' || type[0] > '7' || type[1] != '\0') {
        return;
    }
    struct shape shape = shape_of(duty);
    if (!shape.is_plain) {
        us_schedule_column_note(reader, line, column, "US8",
                                "%s: type %s is a sum of rates, the text '%.80s' is not", what,
                                type, text);
        return;
    }
    if (!has_shape(&shape, type[0])) {
        us_schedule_column_note(reader, line, column, "US6",
                                "%s: the text '%.80s' is not of the stored type %s", what, text,
                                type);
        return;
    }
    if (!has_rates(csv, stored, &shape, ROUNDING_HALF_UP)) {
        bool is_cut = has_rates(csv, stored, &shape, ROUNDING_DOWN);
        us_schedule_column_note(reader, line, column, is_cut ? "US10" : "US7",
                                "%s: the text '%.80s' and the stored rates %s, %s, %s disagree%s",
                                what, text, field(csv, stored->share), field(csv, stored->specific),
                                field(csv, stored->other), is_cut ? ": decimals are cut off" : "");
    }
}

static void compare_text(struct us_schedule_reader *reader, const struct csv *csv,
                         const struct us_schedule_stored *stored, const char *what) {
    const char *text = field(csv, stored->text);
    struct duty duty;
    struct error err = ERROR_INIT;
    if (*text != '\0' &&
        duty_parse(text, &reader->builder.scratch, (struct place){0}, &duty, NULL, &err) == 0) {
        compare_duty(reader, csv, stored, &duty, text, what);
    }
}

void us_schedule_compare_row(struct us_schedule_compare *compare, struct us_schedule_reader *reader,
                             const struct csv *csv) {
    compare_text(reader, csv, &compare->general, "general");
    compare_text(reader, csv, &compare->column_2, "column 2");
    const char *text = field(csv, compare->special);
    struct duty_special special = {.count = 0};
    struct error err = ERROR_INIT;
    if (*text != '\0' && duty_special_parse(text, &reader->builder.scratch, (struct place){0},
                                            &special, NULL, &err) < 0) {
        return; /* noted when its measures are made */
    }
    for (unsigned i = 0; i < compare->programme_count; i++) {
        const struct us_schedule_stored *stored = &compare->programmes[i];
        const char *symbol = field(csv, stored->indicator);
        const struct duty_special_entry *entry =
            *symbol == '\0' ? NULL : duty_special_find(&special, symbol);
        if (entry != NULL) {
            compare_duty(reader, csv, stored, &entry->duty, text, symbol);
        } else if (*symbol != '\0' && *text != '\0') {
            us_schedule_column_note(reader, csv->row_line, csv->columns[stored->indicator], "US9",
                                    "the special text does not name the programme '%.8s'", symbol);
        }
    }
}

/* SPDX-License-Identifier: GPL-3.0-or-later
 * schedule_read_condition.c - conditions of measures, as texts between semicolons:
 *
 *     B: document N853 -> apply; B: otherwise -> prohibit
 *     V: price_min 54.3 EUR / 100 kg -> apply 8%; V: otherwise -> apply 8% + 12.3 EUR / 100 kg
 *     Q: quantity_max 1000 kg -> not_apply
 *
 * group: test [what it needs] -> action [duty]. */
#include "core/tariff/duty_units.h"
#include "core/tariff/schedule_read_rows.h"

#include <string.h>

struct clause {
    struct schedule_builder *builder;
    const struct schedule_record *record;
    struct condition condition;
};

static int clause_error(const struct clause *clause, struct error *err, const char *what,
                        const char *got) {
    return schedule_record_error(clause->record, SCHEDULE_FIELD_conditions, err, "%s, got '%.80s'",
                                 what, got);
}

/* Cuts blanks off both ends. */
static char *trim(char *text) {
    text += strspn(text, " \t\n");
    size_t length = strlen(text);
    while (length > 0 && strchr(" \t\n", text[length - 1]) != NULL) {
        text[--length] = '\0';
    }
    return text;
}

/* Cuts the first word off and returns it; `*rest` is what stands behind it. */
static char *first_word(char *text, char **rest) {
    char *end = text + strcspn(text, " \t\n");
    *rest = *end == '\0' ? end : trim(end + 1);
    *end = '\0';
    return text;
}

/* The index of a word in "a|b|c", or -1. */
static int find_choice(const char *choices, const char *word) {
    size_t length = strlen(word);
    for (int index = 0;; index++) {
        size_t end = strcspn(choices, "|");
        if (end == length && memcmp(choices, word, length) == 0) {
            return index;
        }
        if (choices[end] == '\0') {
            return -1;
        }
        choices += end + 1;
    }
}

static int read_quantity(struct clause *clause, char *text, struct error *err) {
    struct duty_component *threshold = &clause->condition.threshold;
    struct duty_measurement measurement;
    const char *end;
    char *unit, *number = first_word(text, &unit);
    bool is_number = exact_parse(number, &threshold->amount) == 0;
    if (!is_number || !duty_units_match(unit, &measurement, &end) || *end != '\0') {
        return clause_error(clause, err, "expected a quantity such as '1000 kg'",
                            is_number ? unit : number);
    }
    threshold->basis = DUTY_MONEY;
    threshold->scale = exact_integer(measurement.scale);
    threshold->unit = measurement.unit;
    threshold->qualifier = measurement.qualifier;
    return 0;
}

static int read_money(struct clause *clause, char *text, bool has_unit, struct error *err) {
    struct duty duty;
    struct place place = schedule_record_place(clause->record, SCHEDULE_FIELD_conditions);
    if (duty_parse(text, &clause->builder->scratch, place, &duty, NULL, err) < 0) {
        return -1;
    }
    const struct duty_component *threshold = duty.components;
    if (duty.count != 1 || threshold->verb != DUTY_PLUS || threshold->basis != DUTY_MONEY ||
        (threshold->unit != 0) != has_unit || threshold->part != NULL) {
        return clause_error(clause, err,
                            has_unit ? "expected a price such as '12 EUR / 100 kg'"
                                     : "expected a value such as '150 EUR'",
                            text);
    }
    clause->condition.threshold = *threshold;
    return 0;
}

static int read_test(struct clause *clause, char *text, struct error *err) {
    struct condition *condition = &clause->condition;
    char *rest, *word = first_word(trim(text), &rest);
    int test = find_choice(CONDITION_TEST_CHOICES, word);
    if (test < 0) {
        return clause_error(clause, err, "expected one of " CONDITION_TEST_CHOICES, word);
    }
    condition->test = (enum condition_test)test;
    switch (condition->test) {
    case CONDITION_DOCUMENT:
        condition->certificate = (uint16_t)schedule_names_find(
            &clause->builder->registers[REGISTER_CERTIFICATES].names, rest);
        return condition->certificate != 0
                   ? 0
                   : schedule_read_unknown(clause->builder, clause->record,
                                           SCHEDULE_FIELD_conditions, REGISTER_CERTIFICATES, rest,
                                           err);
    case CONDITION_PRICE_MIN:
    case CONDITION_PRICE_MAX:
        return read_money(clause, rest, true, err);
    case CONDITION_VALUE_MIN:
    case CONDITION_VALUE_MAX:
        return read_money(clause, rest, false, err);
    case CONDITION_QUANTITY_MIN:
    case CONDITION_QUANTITY_MAX:
        return read_quantity(clause, rest, err);
    case CONDITION_OTHERWISE:
        break;
    }
    return *rest == '\0' ? 0 : clause_error(clause, err, "'otherwise' needs nothing", rest);
}

static int read_action(struct clause *clause, char *text, struct error *err) {
    char *rest, *word = first_word(trim(text), &rest);
    int action = find_choice(CONDITION_ACTION_CHOICES, word);
    if (action < 0) {
        return clause_error(clause, err, "expected one of " CONDITION_ACTION_CHOICES, word);
    }
    clause->condition.action = (enum condition_action)action;
    if (*rest == '\0') {
        return 0;
    }
    if (action != CONDITION_APPLY) {
        return clause_error(clause, err, "only 'apply' takes a duty", rest);
    }
    return schedule_build_duty(clause->builder, rest,
                               schedule_record_place(clause->record, SCHEDULE_FIELD_conditions),
                               &clause->condition.duty, err);
}

/* One condition between semicolons. */
static int read_clause(struct schedule_builder *builder, const struct schedule_record *record,
                       char *text, struct error *err) {
    struct clause clause = {.builder = builder, .record = record};
    text = trim(text);
    char *arrow = strstr(text, "->");
    if (!(text[0] >= 'A' && text[0] <= 'Z' && text[1] == ':') || arrow == NULL) {
        return clause_error(&clause, err, "expected 'GROUP: test -> action', the group a letter",
                            text);
    }
    clause.condition.group = text[0];
    *arrow = '\0';
    if (read_test(&clause, text + 2, err) < 0 || read_action(&clause, arrow + 2, err) < 0) {
        return -1;
    }
    schedule_build_condition(builder, &clause.condition);
    return 0;
}

int schedule_read_conditions(struct schedule_builder *builder, const struct schedule_record *record,
                             struct measure *measure, struct error *err) {
    const char *written = record->fields[SCHEDULE_FIELD_conditions].text;
    char *next = arena_text(builder->arena, written, strlen(written));
    if (*trim(next) == '\0') {
        return 0;
    }
    uint32_t first = builder->conditions.count == 0 ? 1 : builder->conditions.count;
    unsigned count = 0;
    while (next != NULL) {
        char *text = next;
        next = strchr(text, ';');
        if (next != NULL) {
            *next++ = '\0';
        }
        if (*trim(text) == '\0') {
            continue;
        }
        if (++count > UINT8_MAX) {
            return clause_error(&(struct clause){builder, record, {0}}, err,
                                "more conditions than a measure can have", text);
        }
        if (read_clause(builder, record, text, err) < 0) {
            return -1;
        }
    }
    measure->condition = count == 0 ? 0 : first;
    measure->condition_count = (uint8_t)count;
    return 0;
}

/* SPDX-License-Identifier: GPL-3.0-or-later
 * read_scalar.c - one value by the kind of its row. */
#include "core/base/money.h"
#include "core/base/require.h"
#include "sim/kernel/calendar.h"
#include "sim/scenario/read_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CHOICES_MAX = 32 };
#define MONEY_MAX 9.0e14 /* currency units that fit struct money, with a margin */

/* One value on its way from a node into a member. */
struct reading {
    struct reader *reader;
    const struct field *field;
    const char *label;
    const struct node *node;
    struct error *err;
};

static int refuse(const struct reading *reading, const char *expected) {
    char got[READ_DESCRIPTION_SIZE];
    return node_error(reading->node, reading->err, "%s: expected %s, got %s", reading->label,
                      expected, read_describe(reading->node, got));
}

/* A text in quotes is no number and no truth value, though it may look like one. */
static int refuse_text(const struct reading *reading, const char *expected) {
    if (reading->node->kind != NODE_SCALAR || !reading->node->quoted) {
        return refuse(reading, expected);
    }
    char got[READ_DESCRIPTION_SIZE];
    return node_error(reading->node, reading->err, "%s: expected %s, got the text %s in quotes",
                      reading->label, expected, read_describe(reading->node, got));
}

static int read_text(const struct reading *reading, const char **text) {
    if (reading->node->kind != NODE_SCALAR) {
        return refuse(reading, "a text");
    }
    *text = reading->node->text;
    return 0;
}

static int read_name(const struct reading *reading, const char **name) {
    const struct node *node = reading->node;
    if (node->kind != NODE_SCALAR || !read_is_name(node->text, strlen(node->text), false)) {
        return refuse(reading, "a name (small letters, digits and _, a letter first)");
    }
    *name = node->text;
    return 0;
}

static int read_boolean(const struct reading *reading, bool *value) {
    const struct node *node = reading->node;
    bool is_scalar = node->kind == NODE_SCALAR && !node->quoted;
    *value = is_scalar && strcmp(node->text, "true") == 0;
    if (!*value && !(is_scalar && strcmp(node->text, "false") == 0)) {
        return refuse_text(reading, "true or false");
    }
    return 0;
}

/* An error when the value is outside the limits; `text` is the value as it was written. */
static int check_range(const struct reading *reading, const char *text, double value, double min,
                       double max, enum dimension dimension) {
    if (value >= min && value <= max) {
        return 0;
    }
    char low[READ_DESCRIPTION_SIZE], high[READ_DESCRIPTION_SIZE];
    const char *currency = reading->reader->currency;
    read_quantity_print(min, dimension, currency, low);
    read_quantity_print(max, dimension, currency, high);
    if (value < min && __builtin_isinf(max)) {
        return node_error(reading->node, reading->err, "%s: %s is less than %s", reading->label,
                          text, low);
    }
    return node_error(reading->node, reading->err, "%s: %s is not within %s..%s", reading->label,
                      text, low, high);
}

static bool has_range(const struct field *field) {
    return field->min != 0 || field->max != 0;
}

static int parse_whole(const char *text, int64_t *value) {
    bool negative = *text == '-';
    text += negative;
    if (*text == '\0') {
        return -1;
    }
    *value = 0;
    for (; *text >= '0' && *text <= '9'; text++) {
        int digit = negative ? '0' - *text : *text - '0';
        if (__builtin_mul_overflow(*value, 10, value) ||
            __builtin_add_overflow(*value, digit, value)) {
            return -1;
        }
    }
    return *text == '\0' ? 0 : -1;
}

static int read_integer(const struct reading *reading, int64_t *value) {
    const struct field *field = reading->field;
    const struct node *node = reading->node;
    static const char expected[] = "a whole number";
    if (node->kind != NODE_SCALAR || node->quoted) {
        return refuse_text(reading, expected);
    }
    const struct parameter *parameter = read_parameter(reading->reader, node->text);
    const char *text = parameter != NULL ? parameter->text : node->text;
    if (parse_whole(text, value) < 0) {
        if (parameter != NULL) {
            return node_error(node, reading->err, "%s: expected %s, but %s is %s", reading->label,
                              expected, node->text, text);
        }
        return refuse(reading, expected);
    }
    return has_range(field)
               ? check_range(reading, text, (double)*value, field->min, field->max, DIMENSION_NONE)
               : 0;
}

static int read_number(const struct reading *reading, enum dimension dimension, double min,
                       double max, double *value) {
    struct quantity quantity;
    const char *text;
    if (read_quantity_plain(reading->reader, reading->label, reading->node, dimension, &quantity,
                            &text, reading->err) < 0) {
        return -1;
    }
    *value = quantity.value;
    return check_range(reading, text, quantity.value, min, max, dimension);
}

static int read_real(const struct reading *reading, double *value) {
    const struct field *field = reading->field;
    double infinity = __builtin_inf();
    return has_range(field)
               ? read_number(reading, (enum dimension)field->dimension, field->min, field->max,
                             value)
               : read_number(reading, (enum dimension)field->dimension, -infinity, infinity, value);
}

static int read_share(const struct reading *reading, double *value) {
    const struct field *field = reading->field;
    bool limited = has_range(field) && field->max < 1;
    return read_number(reading, DIMENSION_SHARE, field->min > 0 ? field->min : 0,
                       limited ? field->max : 1, value);
}

static int read_time(const struct reading *reading, int64_t *value_ns) {
    const struct field *field = reading->field;
    double value_s;
    double max_s = has_range(field) ? field->max : __builtin_inf();
    if (read_number(reading, DIMENSION_TIME, field->min, max_s, &value_s) < 0) {
        return -1;
    }
    *value_ns = units_ns(value_s);
    return 0;
}

static int read_money(const struct reading *reading, struct money *money) {
    const struct field *field = reading->field;
    bool limited = has_range(field) && field->max < MONEY_MAX;
    double units;
    if (read_number(reading, DIMENSION_MONEY, has_range(field) ? field->min : -MONEY_MAX,
                    limited ? field->max : MONEY_MAX, &units) < 0) {
        return -1;
    }
    *money = money_from_real(units);
    return 0;
}

/* "finish, suspend or discard" */
static void list_choices(const char *const *names, unsigned count, char *list, size_t size) {
    size_t used = 0;
    for (unsigned i = 0; i < count && used < size; i++) {
        const char *between = i == 0 ? "" : i + 1 < count ? ", " : " or ";
        used += (size_t)snprintf(list + used, size - used, "%s%s", between, names[i]);
    }
}

static int read_choice(const struct reading *reading, int *choice) {
    char copy[512], list[640];
    const char *names[CHOICES_MAX];
    unsigned count = 0;
    REQUIRE(strlen(reading->field->choices) < sizeof copy);
    strcpy(copy, reading->field->choices);
    char *rest = copy;
    for (char *name; (name = rest) != NULL;) {
        REQUIRE(count < CHOICES_MAX);
        rest = strchr(name, '|');
        if (rest != NULL) {
            *rest++ = '\0';
        }
        names[count++] = name;
    }
    const struct node *node = reading->node;
    for (unsigned i = 0; node->kind == NODE_SCALAR && i < count; i++) {
        if (strcmp(node->text, names[i]) == 0) {
            *choice = (int)i;
            return 0;
        }
    }
    list_choices(names, count, list, sizeof list);
    const char *nearest =
        node->kind == NODE_SCALAR ? error_nearest_name(node->text, names, count) : NULL;
    if (nearest == NULL) {
        return refuse(reading, list);
    }
    return node_error(node, reading->err, "%s: expected %s, got '%s'; did you mean '%s'?",
                      reading->label, list, node->text, nearest);
}

static int read_date(const struct reading *reading, int64_t *day) {
    const struct node *node = reading->node;
    if (node->kind != NODE_SCALAR) {
        return refuse(reading, "a date (e.g. 2017-01-28)");
    }
    struct error found = ERROR_INIT;
    if (units_parse_date(node->text, day, read_text_place(node), &found) < 0) {
        return read_text_error(node, reading->label, &found, reading->err);
    }
    return 0;
}

static int compare_days(const void *a, const void *b) {
    long long left = *(const long long *)a, right = *(const long long *)b;
    return (left > right) - (left < right);
}

/* At the second of the items that give the day. */
static int refuse_repeated_date(const struct reading *reading, int64_t repeated) {
    const struct node *second = NULL;
    unsigned seen = 0;
    for (const struct node *item = reading->node->first; seen < 2; item = item->next) {
        struct reading inner = *reading;
        int64_t day = 0;
        inner.node = second = item;
        seen += read_date(&inner, &day) == 0 && day == repeated;
    }
    return node_error(second, reading->err, "%s: %s stands here twice", reading->label,
                      second->text);
}

static int read_dates(const struct reading *reading, struct field_dates *dates) {
    const struct node *list = reading->node;
    bool is_list = list->kind == NODE_SEQUENCE;
    unsigned count = is_list ? list->count : 1;
    long long *days = ARENA_ARRAY(reading->reader->arena, long long, count);
    const struct node *item = is_list ? list->first : list;
    for (unsigned i = 0; i < count; i++, item = item->next) {
        struct reading inner = *reading;
        int64_t day;
        inner.node = item;
        if (read_date(&inner, &day) < 0) {
            return -1;
        }
        days[i] = day;
    }
    qsort(days, count, sizeof *days, compare_days);
    for (unsigned i = 1; i < count; i++) {
        if (days[i] == days[i - 1]) {
            return refuse_repeated_date(reading, days[i]);
        }
    }
    *dates = (struct field_dates){count, days};
    return 0;
}

static int read_hours(const struct reading *reading, const struct calendar **calendar) {
    const struct node *node = reading->node;
    if (node->kind != NODE_SCALAR) {
        return refuse(reading, "hours (e.g. 08:00-17:00 mon-fri)");
    }
    struct calendar *hours = ARENA_NEW(reading->reader->arena, struct calendar);
    struct error found = ERROR_INIT;
    if (calendar_parse(node->text, hours, reading->reader->arena, read_text_place(node), &found) <
        0) {
        return read_text_error(node, reading->label, &found, reading->err);
    }
    *calendar = hours;
    return 0;
}

static int read_distribution_of(const struct reading *reading,
                                const struct distribution **distribution) {
    struct distribution *made = ARENA_NEW(reading->reader->arena, struct distribution);
    if (read_distribution_plain(reading->reader, reading->label, reading->node,
                                (enum dimension)reading->field->dimension, made,
                                reading->err) < 0) {
        return -1;
    }
    *distribution = made;
    return 0;
}

static int read_expression(const struct reading *reading, enum value_type type,
                           const struct expression **expression) {
    const struct node *node = reading->node;
    if (node->kind != NODE_SCALAR) {
        return refuse(reading, type == VALUE_BOOLEAN ? "a condition" : "an expression");
    }
    if (reading->reader->names == NULL) {
        return node_error(node, reading->err, "%s: no expression may stand here", reading->label);
    }
    struct error found = ERROR_INIT;
    *expression = expression_compile(node->text, type, reading->reader->names,
                                     reading->reader->arena, read_text_place(node), &found);
    return *expression == NULL ? read_text_error(node, reading->label, &found, reading->err) : 0;
}

int read_scalar(struct reader *reader, const struct field *field, const char *label,
                const struct node *node, void *member, struct error *err) {
    const struct reading reading = {reader, field, label, node, err};
    switch (field->kind) {
    case FIELD_TEXT:
        return read_text(&reading, member);
    case FIELD_NAME:
        return read_name(&reading, member);
    case FIELD_BOOLEAN:
        return read_boolean(&reading, member);
    case FIELD_INTEGER:
        return read_integer(&reading, member);
    case FIELD_REAL:
        return read_real(&reading, member);
    case FIELD_SHARE:
        return read_share(&reading, member);
    case FIELD_TIME:
        return read_time(&reading, member);
    case FIELD_MONEY:
        return read_money(&reading, member);
    case FIELD_CHOICE:
        return read_choice(&reading, member);
    case FIELD_DATE:
        return read_date(&reading, member);
    case FIELD_DATES:
        return read_dates(&reading, member);
    case FIELD_HOURS:
        return read_hours(&reading, member);
    case FIELD_DISTRIBUTION:
        return read_distribution_of(&reading, member);
    case FIELD_CONDITION:
        return read_expression(&reading, VALUE_BOOLEAN, member);
    case FIELD_EXPRESSION:
        return read_expression(&reading, VALUE_DECIMAL, member);
    case FIELD_REFERENCE:
        return read_reference(reader, label, node, member, err);
    default:
        REQUIRE(field->kind == FIELD_REFERENCES);
        return read_reference_list(reader, label, node, member, err);
    }
}

/* SPDX-License-Identifier: GPL-3.0-or-later
 * read_quantity.c - numbers with units, and the names of parameters that stand for them. */
#include "core/base/require.h"
#include "sim/scenario/read_parts.h"

#include <stdio.h>
#include <string.h>

const char *read_quantity_expected(enum dimension dimension, char text[READ_DESCRIPTION_SIZE * 2]) {
    static const char *const nouns[DIMENSION_COUNT] = {
        [DIMENSION_NONE] = "a number",
        [DIMENSION_TIME] = "a time with a unit",
        [DIMENSION_MASS] = "a mass with a unit",
        [DIMENSION_SHARE] = "a share",
        [DIMENSION_MONEY] = "an amount with its currency",
        [DIMENSION_RATE] = "a rate",
        [DIMENSION_MONEY_PER_TIME] = "an amount per time",
        [DIMENSION_MONEY_PER_MASS] = "an amount per mass",
        [DIMENSION_LENGTH] = "a length with a unit",
    };
    snprintf(text, READ_DESCRIPTION_SIZE * 2, "%s (%s)", nouns[dimension],
             units_examples(dimension));
    return text;
}

/* Whether quantities of the dimension carry a currency. */
static bool is_amount(enum dimension dimension) {
    return dimension == DIMENSION_MONEY || dimension == DIMENSION_MONEY_PER_TIME ||
           dimension == DIMENSION_MONEY_PER_MASS;
}

const char *read_quantity_print(double value, enum dimension dimension, const char *currency,
                                char text[READ_DESCRIPTION_SIZE]) {
    static const char *const units[DIMENSION_COUNT] = {
        [DIMENSION_NONE] = "",
        [DIMENSION_TIME] = " s",
        [DIMENSION_MASS] = " kg",
        [DIMENSION_SHARE] = " %",
        [DIMENSION_MONEY] = "",
        [DIMENSION_RATE] = "/s",
        [DIMENSION_MONEY_PER_TIME] = "/s",
        [DIMENSION_MONEY_PER_MASS] = "/kg",
        [DIMENSION_LENGTH] = " m",
    };
    char time[48];
    if (dimension == DIMENSION_TIME && value >= -UNITS_SECONDS_MAX && value <= UNITS_SECONDS_MAX) {
        units_print_time(units_ns(value), time);
        snprintf(text, READ_DESCRIPTION_SIZE, "%s", time);
        return text;
    }
    bool has_currency = is_amount(dimension) && currency[0] != '\0';
    double shown = dimension == DIMENSION_SHARE ? 100 * value : value;
    bool is_whole = shown > -1e16 && shown < 1e16 && shown == (double)(int64_t)shown;
    snprintf(text, READ_DESCRIPTION_SIZE, is_whole ? "%.0f%s%s%s" : "%.15g%s%s%s", shown,
             has_currency ? " " : "", has_currency ? currency : "", units[dimension]);
    return text;
}

/* A bare number may stand for a share; nothing else changes its dimension. */
static bool fit_dimension(struct quantity *quantity, enum dimension dimension) {
    if (dimension == DIMENSION_SHARE && quantity->dimension == DIMENSION_NONE) {
        quantity->dimension = DIMENSION_SHARE;
    }
    return quantity->dimension == dimension;
}

static int check_currency(const struct reader *reader, const char *label, const struct node *node,
                          const struct quantity *quantity, struct error *err) {
    if (quantity->currency[0] == '\0' || reader->currency[0] == '\0' ||
        strcmp(quantity->currency, reader->currency) == 0) {
        return 0;
    }
    return node_error(node, err, "%s: amounts of this world are in %s, got '%s'", label,
                      reader->currency, node->text);
}

/* The declared names, for the nearest one. */
static const char *nearest_parameter(const struct reader *reader, const char *wrong) {
    const char **names = ARENA_ARRAY(reader->arena, const char *, reader->parameter_count);
    unsigned count = 0;
    for (size_t i = 0; i < reader->parameter_count; i++) {
        if (reader->parameters[i].is_declared) {
            names[count++] = reader->parameters[i].name;
        }
    }
    return error_nearest_name(wrong, names, count);
}

static int unknown_parameter(const struct reader *reader, const char *label,
                             const struct node *node, enum dimension dimension, struct error *err) {
    const char *nearest = nearest_parameter(reader, node->text);
    if (nearest != NULL) {
        return node_error(node, err, "%s: no parameter is called '%s'; did you mean '%s'?", label,
                          node->text, nearest);
    }
    char expected[READ_DESCRIPTION_SIZE * 2], got[READ_DESCRIPTION_SIZE];
    return node_error(node, err, "%s: expected %s or the name of a parameter, got %s", label,
                      read_quantity_expected(dimension, expected), read_describe(node, got));
}

static int named_quantity(struct reader *reader, const char *label, const struct node *node,
                          enum dimension dimension, struct quantity *quantity, const char **text,
                          struct error *err) {
    const struct parameter *parameter = read_parameter(reader, node->text);
    if (parameter == NULL) {
        return unknown_parameter(reader, label, node, dimension, err);
    }
    *quantity = parameter->quantity;
    if (text != NULL) {
        *text = parameter->text;
    }
    if (parameter->is_distribution || !fit_dimension(quantity, dimension)) {
        char expected[READ_DESCRIPTION_SIZE * 2];
        return node_error(node, err, "%s: expected %s, but %s is %s", label,
                          read_quantity_expected(dimension, expected), node->text, parameter->text);
    }
    return check_currency(reader, label, node, quantity, err);
}

/* Then the parser of quantities says best what is wrong with it. */
static bool looks_like_number(const char *text) {
    text += *text == '-' || *text == '+';
    text += *text == '.';
    return *text >= '0' && *text <= '9';
}

int read_quantity_plain(struct reader *reader, const char *label, const struct node *node,
                        enum dimension dimension, struct quantity *quantity, const char **text,
                        struct error *err) {
    char expected[READ_DESCRIPTION_SIZE * 2], got[READ_DESCRIPTION_SIZE];
    if (node->kind != NODE_SCALAR) {
        return node_error(node, err, "%s: expected %s, got %s", label,
                          read_quantity_expected(dimension, expected), read_describe(node, got));
    }
    if (read_is_name(node->text, strlen(node->text), false)) {
        return named_quantity(reader, label, node, dimension, quantity, text, err);
    }
    if (!looks_like_number(node->text)) {
        return node_error(node, err, "%s: expected %s, got %s", label,
                          read_quantity_expected(dimension, expected), read_describe(node, got));
    }
    if (text != NULL) {
        *text = node->text;
    }
    struct error found = ERROR_INIT;
    if (units_parse(node->text, quantity, read_text_place(node), &found) < 0) {
        return read_text_error(node, label, &found, err);
    }
    if (node->quoted && quantity->dimension == DIMENSION_NONE) {
        return node_error(node, err, "%s: expected %s, got the text %s in quotes", label,
                          read_quantity_expected(dimension, expected), read_describe(node, got));
    }
    if (!fit_dimension(quantity, dimension)) {
        return node_error(node, err, "%s: expected %s, got %s", label,
                          read_quantity_expected(dimension, expected), read_describe(node, got));
    }
    return check_currency(reader, label, node, quantity, err);
}

int read_quantity(struct reader *reader, const struct node *node, enum dimension dimension,
                  struct quantity *quantity, struct error *err) {
    const char *label = node->key != NULL ? node->key : units_dimension_name(dimension);
    if (read_parameter_unwrap(reader, &node, err) < 0) {
        return -1;
    }
    return read_quantity_plain(reader, label, node, dimension, quantity, NULL, err);
}

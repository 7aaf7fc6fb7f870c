/* SPDX-License-Identifier: GPL-3.0-or-later
 * read_distribution.c - distributions whose arguments may be parameters, or that are one. */
#include "sim/scenario/read_parts.h"

#include <string.h>

static int look_up(void *user, const char *name, struct quantity *quantity, struct place place,
                   struct error *err) {
    const struct parameter *parameter = read_parameter(user, name);
    if (parameter == NULL) {
        return 1;
    }
    if (parameter->is_distribution) {
        return error_at(err, place,
                        "%s is a distribution itself; only a plain quantity can stand inside one",
                        name);
    }
    *quantity = parameter->quantity;
    return 0;
}

int read_distribution_plain(struct reader *reader, const char *label, const struct node *node,
                            enum dimension dimension, struct distribution *distribution,
                            struct error *err) {
    char expected[READ_DESCRIPTION_SIZE * 2], got[READ_DESCRIPTION_SIZE];
    if (node->kind != NODE_SCALAR) {
        return node_error(node, err, "%s: expected %s or a distribution of it, got %s", label,
                          read_quantity_expected(dimension, expected), read_describe(node, got));
    }
    const struct node *text_node = node;
    if (read_is_name(node->text, strlen(node->text), false)) {
        const struct parameter *parameter = read_parameter(reader, node->text);
        if (parameter == NULL || !parameter->is_distribution) {
            struct quantity quantity;
            if (read_quantity_plain(reader, label, node, dimension, &quantity, NULL, err) < 0) {
                return -1;
            }
        } else {
            label = parameter->name;
            text_node = parameter->node;
        }
    }
    struct error found = ERROR_INIT;
    if (distribution_parse(text_node->text, dimension, look_up, reader, distribution, reader->arena,
                           read_text_place(text_node), &found) < 0) {
        return read_text_error(text_node, label, &found, err);
    }
    const char *currency = distribution->currency;
    if (currency[0] != '\0' && reader->currency[0] != '\0' &&
        strcmp(currency, reader->currency) != 0) {
        return node_error(text_node, err, "%s: amounts of this world are in %s, got '%s'", label,
                          reader->currency, currency);
    }
    return 0;
}

int read_distribution(struct reader *reader, const struct node *node, enum dimension dimension,
                      struct distribution *distribution, struct error *err) {
    const char *label = node->key != NULL ? node->key : "distribution";
    if (read_parameter_unwrap(reader, &node, err) < 0) {
        return -1;
    }
    return read_distribution_plain(reader, label, node, dimension, distribution, err);
}

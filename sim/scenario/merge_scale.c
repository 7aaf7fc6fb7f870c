/* SPDX-License-Identifier: GPL-3.0-or-later
 * merge_scale.c - see merge_scale.h. */
#include "sim/scenario/merge_scale.h"

#include "core/base/require.h"
#include "sim/scenario/merge_decimal.h"

#include <string.h>

struct scaling {
    struct arena *arena;
    struct error *err;
};

static bool is_percent(const struct merge_decimal *decimal) {
    return strcmp(decimal->unit, "%") == 0 || strcmp(decimal->unit, " %") == 0;
}

/* Reads 0.5 or 50 %; the percent sign stays the unit. */
static bool read_factor(const struct node *node, struct merge_decimal *factor) {
    return node->kind == NODE_SCALAR && merge_decimal_read(node->text, factor) &&
           !factor->negative && (factor->unit[0] == '\0' || is_percent(factor));
}

/* `node` becomes itself times the factor that `at` gave. */
static int multiply(struct scaling *scaling, struct node *node, const struct merge_decimal *factor,
                    const struct node *at) {
    struct merge_decimal value, product;
    if (node->kind != NODE_SCALAR || !merge_decimal_read(node->text, &value)) {
        return node_error(at, scaling->err, "cannot scale '%s': only a number with its unit can be",
                          node->kind == NODE_SCALAR ? node->text : "(not one value)");
    }
    struct merge_decimal share = *factor;
    share.exponent -= is_percent(factor) ? 2 : 0;
    if (!merge_decimal_multiply(&value, &share, &product)) {
        return node_error(at, scaling->err, "'%s' times '%s' has too many digits", node->text,
                          merge_decimal_print(scaling->arena, factor));
    }
    char *text = merge_decimal_print(scaling->arena, &product);
    node_replace(node, node_scalar(scaling->arena, at, text));
    return 0;
}

/* A bound of the factor, times the value; any other bound as it is. */
static int append_bound(struct scaling *scaling, struct node *range, const struct node *bound,
                        const struct node *value, const struct merge_decimal *factor) {
    struct merge_decimal of_factor;
    if (!read_factor(bound, &of_factor) || is_percent(&of_factor) != is_percent(factor)) {
        node_append(range, node_copy(scaling->arena, bound), NULL);
        return 0;
    }
    struct node *scaled = node_copy(scaling->arena, value);
    if (multiply(scaling, scaled, &of_factor, bound) < 0) {
        return -1;
    }
    node_append(range, scaled, NULL);
    return 0;
}

/* The range of the scaled value; `value` is still the old one. */
static int scale_range(struct scaling *scaling, struct node *parameter, const struct node *patch,
                       const struct node *value, const struct merge_decimal *factor) {
    const struct node *given = node_get(patch, "range");
    struct node *range = node_get(parameter, "range");
    if (given != NULL && given->kind == NODE_SEQUENCE) {
        range = node_new(scaling->arena, NODE_SEQUENCE, given);
        for (const struct node *bound = given->first; bound != NULL; bound = bound->next) {
            if (append_bound(scaling, range, bound, value, factor) < 0) {
                return -1;
            }
        }
        node_put(parameter, range, "range");
    } else if (given != NULL && given->kind != NODE_NULL) {
        node_put(parameter, node_copy(scaling->arena, given), "range");
    } else if (given != NULL && range != NULL) {
        node_remove(parameter, range);
    } else if (range != NULL && range->kind == NODE_SEQUENCE) {
        for (struct node *bound = range->first; bound != NULL; bound = bound->next) {
            if (multiply(scaling, bound, factor, node_get(patch, "scale")) < 0) {
                return -1;
            }
        }
    }
    return 0;
}

/* The product of this factor and those before it is kept beside the value. */
static int note_factor(struct scaling *scaling, struct node *parameter, const struct node *by,
                       const struct merge_decimal *factor) {
    const struct node *before = node_get(parameter, "scaled");
    struct node *product =
        before != NULL ? node_copy(scaling->arena, before) : node_scalar(scaling->arena, by, "1");
    if (multiply(scaling, product, factor, by) < 0) {
        return -1;
    }
    node_put(parameter, product, "scaled");
    return 0;
}

int merge_scale(struct arena *arena, struct node *parameter, const struct node *patch,
                bool is_declared, struct error *err) {
    struct scaling scaling = {arena, err};
    const struct node *by = node_get(patch, "scale");
    struct node *value = node_get(parameter, "value");
    struct merge_decimal factor;
    if (!read_factor(by, &factor)) {
        return node_error(by, err, "expected a factor of at least 0, such as 0.5 or 50 %%");
    }
    if (scale_range(&scaling, parameter, patch, value, &factor) < 0 ||
        multiply(&scaling, value, &factor, by) < 0) {
        return -1;
    }
    return is_declared ? note_factor(&scaling, parameter, by, &factor) : 0;
}

void merge_scale_forget(struct node *parameter) {
    struct node *scaled = node_get(parameter, "scaled");
    if (scaled != NULL) {
        node_remove(parameter, scaled);
    }
}

int merge_scale_set(struct arena *arena, struct node *parameters, const char *name,
                    const struct node *value, struct error *err) {
    struct scaling scaling = {arena, err};
    struct node *parameter = node_get(parameters, name), *level = node_copy(arena, value);
    const struct node *scaled = node_get(parameter, "scaled");
    REQUIRE(parameter != NULL);
    if (value->kind != NODE_SCALAR || node_get(parameter, "value") == NULL) {
        node_put(parameters, level, name);
        return 0;
    }
    struct merge_decimal factor;
    if (scaled != NULL && read_factor(scaled, &factor) &&
        multiply(&scaling, level, &factor, value) < 0) {
        return -1;
    }
    node_put(parameter, level, "value");
    return 0;
}

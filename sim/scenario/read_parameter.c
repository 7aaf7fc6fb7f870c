/* SPDX-License-Identifier: GPL-3.0-or-later
 * read_parameter.c - scalars with what is known about them, declared or in place. */
#include "core/base/require.h"
#include "sim/scenario/read_parts.h"

#include <stdio.h>
#include <string.h>

enum { PARAMETERS_MAX = 10000, WAY_MAX = 2 * NODE_DEPTH_MAX };

struct keys {
    const struct node *value;
    int evidence;
    const char *source;
    const struct node *range;
    double scaled;
};

const struct field read_parameter_fields[] = {
    FIELD(struct keys, value, FIELD_NODE, .required = true, .doc = "The value itself."),
    FIELD(struct keys, evidence, FIELD_CHOICE, .choices = "none|assumed|derived|measured",
          .text_default = "none", .doc = "How the value is known."),
    FIELD(struct keys, source, FIELD_TEXT, .doc = "Where the value comes from."),
    FIELD(struct keys, range, FIELD_NODE,
          .doc = "The lowest and the highest plausible value, as a list of two."),
    FIELD(struct keys, scaled, FIELD_REAL, .min = 0, .max = 1e18,
          .doc =
              "Written where patches are merged: the product of their factors `scale`, which the "
              "value contains. A factor's level and `--set NAME=` are multiplied by it."),
    FIELD_END};

static bool is_call(const char *text, size_t *name_length) {
    const char *open = strchr(text, '(');
    *name_length = open != NULL ? (size_t)(open - text) : 0;
    return open != NULL && read_is_name(text, *name_length, false);
}

static int check_distribution_name(const struct reader *reader, const char *label,
                                   const struct node *node, size_t length, struct error *err) {
    const char *names[DISTRIBUTION_KIND_COUNT];
    const char *name = arena_text(reader->arena, node->text, length);
    for (int i = 0; i < DISTRIBUTION_KIND_COUNT; i++) {
        names[i] = distribution_kind_name((enum distribution_kind)i);
        if (strcmp(names[i], name) == 0) {
            return 0;
        }
    }
    return node_error(node, err, "%s: no distribution is called '%s'%s", label, name,
                      error_hint(name, names, DISTRIBUTION_KIND_COUNT, "").text);
}

/* The value of a declared parameter: a quantity, or a distribution that is parsed where it is used,
 * because only there its dimension is known. */
static int read_declared(const struct reader *reader, const char *label, const struct node *node,
                         struct parameter *parameter, struct error *err) {
    size_t name_length;
    char got[READ_DESCRIPTION_SIZE];
    if (node->kind != NODE_SCALAR) {
        return node_error(node, err, "%s: expected a quantity or a distribution, got %s", label,
                          read_describe(node, got));
    }
    parameter->text = node->text;
    if (is_call(node->text, &name_length)) {
        parameter->is_distribution = true;
        return check_distribution_name(reader, label, node, name_length, err);
    }
    struct error found = ERROR_INIT;
    if (units_parse(node->text, &parameter->quantity, read_text_place(node), &found) == 0) {
        return 0;
    }
    if (node->text[0] >= '0' && node->text[0] <= '9') {
        return read_text_error(node, label, &found, err);
    }
    return node_error(node, err,
                      "%s: expected a quantity (%s) or a distribution of quantities, got %s", label,
                      units_examples(DIMENSION_TIME), read_describe(node, got));
}

/* The value of a scalar in place, whatever it is: its row says later what it must be. */
static void note_in_place(const struct reader *reader, const struct node *node,
                          struct parameter *parameter) {
    struct error ignored = ERROR_INIT;
    if (node->kind != NODE_SCALAR) {
        char description[READ_DESCRIPTION_SIZE];
        read_describe(node, description);
        parameter->text = arena_text(reader->arena, description, strlen(description));
        parameter->is_distribution = true;
        return;
    }
    parameter->text = node->text;
    const struct parameter *named = read_parameter(reader, node->text);
    if (named != NULL) {
        parameter->quantity = named->quantity;
        parameter->is_distribution = named->is_distribution;
    } else {
        parameter->is_distribution =
            units_parse(node->text, &parameter->quantity, read_text_place(node), &ignored) < 0;
    }
}

static int read_bound(const char *label, const struct node *node, const struct parameter *parameter,
                      struct quantity *bound, struct error *err) {
    char expected[READ_DESCRIPTION_SIZE * 2], got[READ_DESCRIPTION_SIZE];
    if (node->kind != NODE_SCALAR) {
        return node_error(node, err, "%s: expected a bound of the range, got %s", label,
                          read_describe(node, got));
    }
    struct error found = ERROR_INIT;
    if (units_parse(node->text, bound, read_text_place(node), &found) < 0) {
        return read_text_error(node, label, &found, err);
    }
    const struct quantity *value = &parameter->quantity;
    bool is_share = value->dimension == DIMENSION_SHARE && bound->dimension == DIMENSION_NONE;
    if (is_share) {
        bound->dimension = DIMENSION_SHARE;
    }
    if (bound->dimension != value->dimension || strcmp(bound->currency, value->currency) != 0) {
        return node_error(node, err, "%s: the value is '%s', so a bound is %s, got %s", label,
                          parameter->text, read_quantity_expected(value->dimension, expected),
                          read_describe(node, got));
    }
    return 0;
}

static int read_range(const struct reader *reader, const char *label, const struct node *range,
                      struct parameter *parameter, struct error *err) {
    char got[READ_DESCRIPTION_SIZE];
    if (range == NULL || range->kind == NODE_NULL) {
        return 0;
    }
    if (range->kind != NODE_SEQUENCE || range->count != 2) {
        return node_error(range, err, "%s: expected a range of two values, e.g. [20 min, 80 min]",
                          label);
    }
    if (parameter->is_distribution) {
        return node_error(range, err,
                          "%s: a range belongs to a quantity; name the quantity in parameters and "
                          "give the range there",
                          label);
    }
    if (read_bound(label, range->first, parameter, &parameter->range_low, err) < 0 ||
        read_bound(label, range->last, parameter, &parameter->range_high, err) < 0) {
        return -1;
    }
    if (parameter->range_low.value > parameter->range_high.value) {
        return node_error(range, err, "%s: the range ends at %s, before it begins", label,
                          read_describe(range->last, got));
    }
    parameter->has_range = true;
    parameter->range_text =
        arena_format(reader->arena, "%s..%s", range->first->text, range->last->text);
    return 0;
}

/* Puts a parameter into the list; one of the same node is read again, not twice. */
static int note(struct reader *reader, const struct parameter *parameter, struct error *err) {
    for (size_t i = 0; i < reader->parameter_count; i++) {
        struct parameter *known = &reader->parameters[i];
        if (known->node == parameter->node) {
            *known = *parameter;
            return 0;
        }
        if (known->is_declared && parameter->is_declared &&
            strcmp(known->name, parameter->name) == 0) {
            const char *name = known->node->source != NULL ? known->node->source->name : "";
            return node_key_error(parameter->node, err,
                                  "parameter '%s' is declared already, at %s:%d", known->name, name,
                                  known->node->line);
        }
    }
    reader->parameters = arena_grow(reader->arena, reader->parameters, reader->parameter_count,
                                    &reader->parameter_capacity, sizeof *reader->parameters);
    reader->parameters[reader->parameter_count++] = *parameter;
    return 0;
}

/* The nodes on the way from below `from` to `node`; their number, 0 when it is not there. */
static unsigned find_way(const struct node *from, const struct node *node,
                         const struct node *way[WAY_MAX], unsigned depth) {
    for (const struct node *child = from->first; child != NULL && depth < WAY_MAX;
         child = child->next) {
        way[depth] = child;
        unsigned length = child == node ? depth + 1 : find_way(child, node, way, depth + 1);
        if (length > 0) {
            return length;
        }
    }
    return 0;
}

/* The keys on the way with dots between them. An item of a list is told by its number from 1, a
 * step (a mapping of one key) by its key. */
static const char *path_of(const struct reader *reader, const struct node *node) {
    const struct node *way[WAY_MAX], *parent = reader->root;
    unsigned length = parent != NULL ? find_way(parent, node, way, 0) : 0;
    const char *path = length == 0 && node->key != NULL ? node->key : "";
    for (unsigned i = 0; i < length; parent = way[i++]) {
        const char *dot = *path != '\0' ? "." : "";
        unsigned number = 1;
        for (const struct node *item = parent->first; item != way[i]; item = item->next) {
            number++;
        }
        if (way[i]->key != NULL) {
            path = arena_format(reader->arena, "%s%s%s", path, dot, way[i]->key);
        } else if (way[i]->kind != NODE_MAPPING || way[i]->count != 1) {
            path = arena_format(reader->arena, "%s%s%u", path, dot, number);
        }
    }
    return path;
}

int read_parameter_unwrap(struct reader *reader, const struct node **node, struct error *err) {
    const struct node *outer = *node;
    bool is_wrapped = node_get(outer, "value") != NULL || node_get(outer, "evidence") != NULL ||
                      node_get(outer, "range") != NULL;
    if (!is_wrapped) {
        return 0; /* a mapping that is no scalar is refused by whoever wants a scalar */
    }
    struct keys keys = {0};
    if (read_fields(reader, outer, read_parameter_fields, NULL, &keys, err) < 0) {
        return -1;
    }
    *node = keys.value;
    struct parameter parameter = {.name = path_of(reader, outer),
                                  .evidence = (enum evidence)keys.evidence,
                                  .source = keys.source,
                                  .node = keys.value};
    note_in_place(reader, keys.value, &parameter);
    const char *label = outer->key != NULL ? outer->key : "range";
    if (read_range(reader, label, keys.range, &parameter, err) < 0) {
        return -1;
    }
    return note(reader, &parameter, err);
}

static int declare(struct reader *reader, const struct node *child, struct error *err) {
    struct keys keys = {.value = child};
    if (!read_is_name(child->key, strlen(child->key), false)) {
        return node_key_error(child, err,
                              "'%s' is no name of a parameter: small letters, digits and _, a "
                              "letter first, at most %d of them",
                              child->key, READ_NAME_LENGTH_MAX);
    }
    if (child->kind == NODE_MAPPING &&
        read_fields(reader, child, read_parameter_fields, NULL, &keys, err) < 0) {
        return -1;
    }
    struct parameter parameter = {.name = child->key,
                                  .is_declared = true,
                                  .evidence = (enum evidence)keys.evidence,
                                  .source = keys.source,
                                  .node = keys.value};
    if (read_declared(reader, child->key, keys.value, &parameter, err) < 0 ||
        read_range(reader, child->key, keys.range, &parameter, err) < 0) {
        return -1;
    }
    return note(reader, &parameter, err);
}

int read_parameters(struct reader *reader, const struct node *mapping, struct error *err) {
    if (mapping == NULL || mapping->kind == NODE_NULL) {
        return 0;
    }
    if (mapping->kind != NODE_MAPPING) {
        char got[READ_DESCRIPTION_SIZE];
        return node_error(mapping, err, "parameters: expected a mapping, got %s",
                          read_describe(mapping, got));
    }
    for (const struct node *child = mapping->first; child != NULL; child = child->next) {
        if (declare(reader, child, err) < 0) {
            return -1;
        }
    }
    return 0;
}

const struct parameter *read_parameter(const struct reader *reader, const char *name) {
    for (size_t i = 0; i < reader->parameter_count; i++) {
        const struct parameter *parameter = &reader->parameters[i];
        if (parameter->is_declared && strcmp(parameter->name, name) == 0) {
            return parameter;
        }
    }
    return NULL;
}

/* SPDX-License-Identifier: GPL-3.0-or-later
 * dmn_page.c - a translated decision table as a page of rule.h: the YAML that `rules run` reads. */
#include "core/rule/dmn_model.h"

#include <string.h>

struct writing {
    struct dmn_model *model;
    struct arena *arena;
    const struct dmn_table *table;
    struct dmn_page_parts parts;
};

enum { ROOM_SIZE = 4096 };

struct feel_part dmn_page_fixed(struct dmn_model *model, struct feel_part part) {
    if (!part.is_fixed || part.is_plain || part.type == VALUE_MISSING) {
        return part;
    }
    struct error why = ERROR_INIT;
    struct expression_names names = dmn_names(model);
    const struct expression *expression = expression_compile(
        part.text, part.type, &names, model->arena, (struct place){NULL, 0, 0}, &why);
    if (expression == NULL) {
        return part; /* the page says why */
    }
    char bytes[ROOM_SIZE], printed[ROOM_SIZE];
    struct expression_room room = {names.symbols, bytes, sizeof bytes, 0};
    struct value value = expression_evaluate_in(expression, NULL, &room);
    if (value.type == VALUE_MISSING) {
        return feel_null();
    }
    unsigned length = value_print(value, names.symbols, printed, sizeof printed);
    if (length >= sizeof printed) {
        return part;
    }
    const char *text = arena_text(model->arena, printed, length);
    part.literal = value.type == VALUE_TEXT ? text : NULL;
    part.text = part.condition = value.type == VALUE_TEXT ? part.text : text;
    part.is_plain = true;
    return part;
}

static struct node *put_scalar(struct writing *writing, struct node *mapping, const char *key,
                               const char *text, bool quoted) {
    struct node *scalar = node_scalar(writing->arena, NULL, text);
    scalar->quoted = quoted;
    node_append(mapping, scalar, key);
    return scalar;
}

static struct node *put_mapping(struct writing *writing, struct node *mapping, const char *key) {
    struct node *child = node_new(writing->arena, NODE_MAPPING, NULL);
    node_append(mapping, child, key);
    return child;
}

static const char *type_name(enum value_type type) {
    return type == VALUE_DECIMAL   ? "number"
           : type == VALUE_BOOLEAN ? "boolean"
           : type == VALUE_DATE    ? "date"
                                   : "text";
}

/* A plain value: texts stand for themselves, in quotes where they would mean something else. */
static struct node *plain(struct writing *writing, const struct feel_part *part) {
    struct node *scalar =
        node_scalar(writing->arena, NULL, part->literal != NULL ? part->literal : part->text);
    scalar->quoted = part->literal != NULL && strcmp(part->literal, "missing") == 0;
    return scalar;
}

/* Each once, and only if they are all of the type. */
static void put_choices(struct writing *writing, struct node *mapping, enum value_type type,
                        const struct feel_part *values, unsigned count) {
    struct node *list = node_new(writing->arena, NODE_SEQUENCE, NULL);
    for (unsigned i = 0; i < count; i++) {
        bool is_new = true;
        if (values[i].type == VALUE_MISSING) {
            continue;
        }
        if (values[i].type != type || type == VALUE_BOOLEAN) {
            return;
        }
        for (unsigned j = 0; j < i; j++) {
            is_new =
                is_new && (values[j].type != type || strcmp(values[j].text, values[i].text) != 0);
        }
        if (is_new) {
            node_append(list, plain(writing, &values[i]), NULL);
        }
    }
    if (list->count > 0) {
        node_append(mapping, list, "choices");
    }
}

static void put_inputs(struct writing *writing, struct node *page) {
    const struct dmn_model *model = writing->model;
    struct node *inputs = node_new(writing->arena, NODE_MAPPING, NULL);
    for (unsigned slot = 0; slot < model->slot_count; slot++) {
        if (!model->feel_names[slot].is_used) {
            continue;
        }
        struct node *input = put_mapping(writing, inputs, model->slots[slot].key);
        put_scalar(writing, input, "type", type_name(model->slots[slot].type), false);
        for (unsigned i = 0; i < writing->table->column_count && writing->parts.has_choices; i++) {
            const struct dmn_column *column = &writing->table->columns[i];
            if (column->slot == (int)slot && node_get(input, "choices") == NULL) {
                put_choices(writing, input, model->slots[slot].type, column->allowed,
                            column->allowed_count);
            }
        }
        put_scalar(writing, input, "optional", "true", false);
        if (strcmp(model->slots[slot].key, model->slots[slot].name) != 0) {
            put_scalar(writing, input, "doc", model->slots[slot].name, false);
        }
    }
    if (inputs->count > 0) {
        node_append(page, inputs, "inputs");
    }
}

static void put_outputs(struct writing *writing, struct node *page) {
    const struct dmn_table *table = writing->table;
    struct node *outputs = put_mapping(writing, page, "outputs");
    bool needs_order =
        strcmp(table->hit, "priority") == 0 || strcmp(table->hit, "output order") == 0;
    for (unsigned i = 0; i < table->output_count; i++) {
        const struct dmn_output *output = &table->outputs[i];
        struct node *node = put_mapping(writing, outputs, output->key);
        put_scalar(writing, node, "type", type_name(output->type), false);
        if (writing->parts.has_choices || needs_order) {
            put_choices(writing, node, output->type, output->allowed, output->allowed_count);
        }
        put_scalar(writing, node, "optional", "true", false);
        if (output->otherwise != NULL) {
            node_append(node, plain(writing, output->otherwise), "default");
        }
        if (strcmp(output->key, output->name) != 0) {
            put_scalar(writing, node, "doc", output->name, false);
        }
    }
}

static void put_entry(struct writing *writing, struct node *then, const char *key,
                      const struct feel_part *part) {
    bool is_equation = part->literal != NULL && *part->literal == '=';
    bool is_left = part->type == VALUE_TEXT && !part->is_plain && !writing->parts.has_texts;
    if (part->type == VALUE_MISSING || is_left) {
        put_scalar(writing, then, key, "missing", false);
    } else if (part->is_plain && !is_equation) {
        node_append(then, plain(writing, part), key);
    } else {
        const char *mark = part->type == VALUE_TEXT ? "= " : "";
        put_scalar(writing, then, key, arena_format(writing->arena, "%s%s", mark, part->text),
                   false);
    }
}

/* Cells of plain inputs go under `when`, all else into one condition. */
static void put_tests(struct writing *writing, struct node *rule, const struct dmn_row *row) {
    const struct dmn_table *table = writing->table;
    struct node *when = node_new(writing->arena, NODE_MAPPING, NULL);
    const char *provided = NULL;
    for (unsigned i = 0; i < table->column_count; i++) {
        const struct feel_tests *tests = &row->tests[i];
        const char *key =
            table->columns[i].slot < 0 ? NULL : writing->model->slots[table->columns[i].slot].key;
        if (tests->is_any) {
            continue;
        }
        if (key != NULL && tests->cell != NULL && node_get(when, key) == NULL) {
            put_scalar(writing, when, key, tests->cell, false);
            continue;
        }
        const char *condition =
            tests->condition.type == VALUE_BOOLEAN ? tests->condition.condition : "false";
        provided = provided == NULL
                       ? arena_format(writing->arena, "(%s)", condition)
                       : arena_format(writing->arena, "%s and (%s)", provided, condition);
    }
    if (when->count > 0) {
        node_append(rule, when, "when");
    }
    if (provided != NULL) {
        put_scalar(writing, rule, "provided", provided, false);
    }
}

static void put_rules(struct writing *writing, struct node *page) {
    const struct dmn_table *table = writing->table;
    struct node *rules = put_mapping(writing, page, "rules");
    for (unsigned r = 0; r < table->row_count; r++) {
        const struct dmn_row *row = &table->rows[r];
        struct node *rule =
            put_mapping(writing, rules, arena_format(writing->arena, "rule_%u", r + 1));
        put_tests(writing, rule, row);
        struct node *then = put_mapping(writing, rule, "then");
        for (unsigned i = 0; i < table->output_count; i++) {
            put_entry(writing, then, table->outputs[i].key, &row->entries[i]);
        }
        if (row->reference != NULL) {
            put_scalar(writing, rule, "reference", row->reference, false);
        }
    }
}

const char *dmn_page_write(struct dmn_model *model, const char *name, const struct dmn_table *table,
                           struct dmn_page_parts parts) {
    struct writing writing = {model, model->arena, table, parts};
    struct node *page = node_new(model->arena, NODE_MAPPING, NULL);
    put_scalar(&writing, page, "clearlab", "1", false);
    put_scalar(&writing, page, "table", feel_identifier(name, model->arena), false);
    put_scalar(
        &writing, page, "summary",
        arena_format(model->arena, "Decision '%s' of the DMN model '%s'.", name, model->name),
        false);
    put_scalar(&writing, page, "hit", table->hit, false);
    put_scalar(&writing, page, "complete", "false", false);
    put_inputs(&writing, page);
    put_outputs(&writing, page);
    put_rules(&writing, page);
    return node_write(model->arena, page);
}

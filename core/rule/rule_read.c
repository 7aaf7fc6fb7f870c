/* SPDX-License-Identifier: GPL-3.0-or-later
 * rule_read.c - a page from its head to its outputs; rule_rows.c reads the rules themselves. */
#include "core/base/require.h"
#include "core/rule/rule_table.h"

#include <string.h>

static const char *const page_keys[] = {"clearlab",   "table",    "summary", "reference", "from",
                                        "to",         "currency", "hit",     "complete",  "inputs",
                                        "parameters", "outputs",  "rules",   NULL};

static const struct type_row {
    const char *name;
    enum value_type type;
    int dimension;
    bool is_integer;
} type_rows[] = {
    {"number", VALUE_DECIMAL, DIMENSION_NONE, false},
    {"integer", VALUE_DECIMAL, DIMENSION_NONE, true},
    {"text", VALUE_SYMBOL, DIMENSION_NONE, false},
    {"boolean", VALUE_BOOLEAN, DIMENSION_NONE, false},
    {"date", VALUE_DATE, DIMENSION_NONE, false},
    {"share", VALUE_DECIMAL, DIMENSION_SHARE, false},
    {"money", VALUE_DECIMAL, DIMENSION_MONEY, false},
    {"time", VALUE_DECIMAL, DIMENSION_TIME, false},
    {"mass", VALUE_DECIMAL, DIMENSION_MASS, false},
    {"length", VALUE_DECIMAL, DIMENSION_LENGTH, false},
    {"rate", VALUE_DECIMAL, DIMENSION_RATE, false},
    {"money per time", VALUE_DECIMAL, DIMENSION_MONEY_PER_TIME, false},
    {"money per mass", VALUE_DECIMAL, DIMENSION_MONEY_PER_MASS, false},
};
enum { TYPE_COUNT = sizeof type_rows / sizeof *type_rows };

/* The order of enum rule_hit. */
static const char *const hit_names[] = {
    "unique",  "any",         "priority",    "first",       "rule order",   "output order",
    "collect", "collect sum", "collect min", "collect max", "collect count"};
enum { HIT_COUNT = sizeof hit_names / sizeof *hit_names };

static const struct type_row *read_type(struct rule *rule, const struct node *node) {
    const struct node *type = node->kind == NODE_MAPPING ? node_get(node, "type") : node;
    const char *names[TYPE_COUNT];
    if (type == NULL || type->kind != NODE_SCALAR) {
        node_key_error(node, rule->err, "'%s' needs a type, such as 'type: money'", node->key);
        return NULL;
    }
    for (unsigned i = 0; i < TYPE_COUNT; i++) {
        names[i] = type_rows[i].name;
        if (strcmp(type->text, names[i]) == 0) {
            return &type_rows[i];
        }
    }
    rule_text_error(rule, type, 0, "there is no type '%s'%s", type->text,
                    rule_text_hint(rule, type->text, "types are", names, TYPE_COUNT));
    return NULL;
}

static int read_flag(struct rule *rule, const struct node *mapping, const char *key, bool *flag) {
    const struct node *node = rule_text_scalar(rule, mapping, key);
    if (node == NULL) {
        return rule->err->code == ERROR_NONE ? 0 : -1;
    }
    *flag = strcmp(node->text, "true") == 0;
    return *flag || strcmp(node->text, "false") == 0
               ? 0
               : node_error(node, rule->err, "%s: expected true or false, got '%s'", key,
                            node->text);
}

static int read_text(struct rule *rule, const struct node *mapping, const char *key,
                     const char **text) {
    const struct node *node = rule_text_scalar(rule, mapping, key);
    *text = node != NULL ? node->text : "";
    return rule->err->code == ERROR_NONE ? 0 : -1;
}

/* A section of named things, of which there may be so many. NULL and no error when it is absent. */
static const struct node *section(struct rule *rule, const char *key, unsigned count_max) {
    const struct node *node = node_get(rule->file, key);
    if (node == NULL) {
        return NULL;
    }
    if (node->kind != NODE_MAPPING) {
        node_error(node, rule->err, "%s: expected names here", key);
        return NULL;
    }
    if (node->count > count_max) {
        node_key_error(node, rule->err, "%s: %u of them; at most %u are allowed", key, node->count,
                       count_max);
        return NULL;
    }
    return node;
}

/* Enters a name; its place says what kind it is. */
static int enter_name(struct rule *rule, const struct node *node, unsigned index,
                      enum value_type type, int dimension, const char *doc) {
    if (!rule_text_is_name(node->key)) {
        return node_key_error(node, rule->err,
                              "'%s' is no name: letters, digits and _ make one, and it is no word "
                              "of the language",
                              node->key);
    }
    for (unsigned i = 0; i < index; i++) {
        if (strcmp(rule->all_names[i].name, node->key) == 0) {
            return node_key_error(node, rule->err,
                                  "'%s' stands here twice: inputs, parameters and outputs have "
                                  "different names",
                                  node->key);
        }
    }
    rule->all_names[index] = (struct expression_input){node->key, type, dimension, doc, NULL};
    return 0;
}

/* ---- choices and ranges ---- */

/* A list of plain values; of an input or output number `name`. */
static const struct value *read_choices(struct rule *rule, const struct node *list, unsigned name,
                                        unsigned *count) {
    if (list->kind != NODE_SEQUENCE || list->count == 0 || list->count > RULE_CHOICES_MAX) {
        node_error(list, rule->err, "choices: expected a list of 1 to %d values", RULE_CHOICES_MAX);
        return NULL;
    }
    struct value *choices = ARENA_ARRAY(rule->arena, struct value, list->count);
    *count = 0;
    for (const struct node *child = list->first; child != NULL; child = child->next) {
        if (rule_text_value(rule, child, name, &choices[*count]) < 0) {
            return NULL;
        }
        for (unsigned i = 0; i < *count; i++) {
            if (rule_key(&choices[i]) == rule_key(&choices[*count])) {
                node_error(child, rule->err, "'%s' is among the choices twice", child->text);
                return NULL;
            }
        }
        ++*count;
    }
    return choices;
}

/* "red|yellow|green", as expressions want it, unless a text has a bar itself. */
static const char *join_choices(struct rule *rule, const struct node *list) {
    const char *text = "";
    for (const struct node *child = list->first; child != NULL; child = child->next) {
        if (strchr(child->text, '|') != NULL) {
            return NULL;
        }
        text =
            arena_format(rule->arena, "%s%s%s", text, child == list->first ? "" : "|", child->text);
    }
    return text;
}

static struct rule_set set_of(struct rule *rule, const struct value *values, unsigned count) {
    struct rule_interval *intervals = ARENA_ARRAY(rule->arena, struct rule_interval, count);
    for (unsigned i = 0; i < count; i++) {
        intervals[i] = (struct rule_interval){rule_key(&values[i]), rule_key(&values[i])};
    }
    return rule_set_join(intervals, count);
}

/* What an input can hold. */
static int read_domain(struct rule *rule, const struct node *node, unsigned index) {
    struct rule_input *input = &rule->inputs[index];
    struct expression_input *name = &rule->all_names[index];
    const struct node *choices = node_get(node, "choices"), *range = node_get(node, "range");
    struct value *booleans = (struct value[]){{.type = VALUE_BOOLEAN, .boolean = false},
                                              {.type = VALUE_BOOLEAN, .boolean = true}};
    input->domain = rule_set_all(rule->arena);
    if (name->type == VALUE_BOOLEAN) {
        input->domain = set_of(rule, booleans, 2);
    }
    if (choices != NULL) {
        unsigned count;
        const struct value *values = read_choices(rule, choices, index, &count);
        if (values == NULL) {
            return -1;
        }
        input->domain = set_of(rule, values, count);
        name->choices = name->type == VALUE_SYMBOL ? join_choices(rule, choices) : NULL;
    }
    if (range != NULL && (choices != NULL || name->type == VALUE_SYMBOL)) {
        return node_key_error(range, rule->err,
                              "a range and choices exclude each other, and a "
                              "text has no range");
    }
    if (range != NULL) {
        const struct rule_cell *cell = rule_cell_read(rule, index, range);
        if (cell == NULL) {
            return -1;
        }
        struct value parameters[1] = {{.type = VALUE_MISSING}};
        input->domain = rule_cell_set(rule, cell, parameters, rule->arena);
        if (input->domain.count == 0 || input->domain.has_missing) {
            return node_error(range, rule->err, "nothing is in this range");
        }
    }
    return 0;
}

/* ---- sections ---- */

static int read_inputs(struct rule *rule, const struct node *inputs) {
    static const char *const keys[] = {"type", "choices", "range", "optional", "doc", NULL};
    unsigned index = 0;
    for (const struct node *node = inputs == NULL ? NULL : inputs->first; node != NULL;
         node = node->next, index++) {
        struct rule_input *input = &rule->inputs[index];
        const struct type_row *type = read_type(rule, node);
        const char *doc = "";
        bool is_mapping = node->kind == NODE_MAPPING;
        if (type == NULL ||
            (is_mapping && (rule_text_check_keys(rule, node, keys) < 0 ||
                            read_text(rule, node, "doc", &doc) < 0 ||
                            read_flag(rule, node, "optional", &input->is_optional) < 0)) ||
            enter_name(rule, node, index, type->type, type->dimension, doc) < 0) {
            return -1;
        }
        input->is_integer = type->is_integer;
        input->node = node;
        if (read_domain(rule, node, index) < 0) {
            return -1;
        }
    }
    return 0;
}

/* The type of a parameter is what its value looks like. */
static int guess_type(struct rule *rule, const struct node *node, enum value_type *type,
                      int *dimension) {
    struct error ignored = ERROR_INIT;
    struct quantity quantity;
    int64_t day;
    const char *text = node->text;
    bool is_number = (text[0] >= '0' && text[0] <= '9') || text[0] == '-';
    *dimension = DIMENSION_NONE;
    *type = VALUE_SYMBOL;
    if (node->quoted) {
        return 0;
    }
    if (strcmp(text, "true") == 0 || strcmp(text, "false") == 0) {
        *type = VALUE_BOOLEAN;
    } else if (is_number && units_parse_date(text, &day, (struct place){0}, &ignored) == 0) {
        *type = VALUE_DATE;
    } else if (is_number) {
        struct error why = ERROR_INIT;
        if (units_parse(text, &quantity, (struct place){0}, &why) < 0) {
            return node_error(node, rule->err, "%s", why.text);
        }
        *type = VALUE_DECIMAL;
        *dimension = (int)quantity.dimension;
    }
    return 0;
}

/* One value, valid from a day on; later than the one before, and of the same kind. */
static int read_dated(struct rule *rule, const struct node *node, unsigned index, unsigned number,
                      int64_t *first_day, struct value *value) {
    static const char *const keys[] = {"value", "from", "reference", "doc", NULL};
    const struct rule_parameter *parameter = &rule->parameters[index - rule->input_count];
    const struct node *scalar = node;
    *first_day = RULE_DAY_MIN;
    if (node->kind == NODE_MAPPING) {
        const char *reference;
        if (rule_text_check_keys(rule, node, keys) < 0 ||
            read_text(rule, node, "reference", &reference) < 0 ||
            rule_text_date(rule, node, "from", first_day) < 0) {
            return -1;
        }
        scalar = node_get(node, "value");
    }
    if (scalar == NULL || scalar->kind != NODE_SCALAR) {
        return node_error(node, rule->err, "expected a value, or 'value:' and 'from:'");
    }
    if (number > 0 && *first_day <= parameter->first_days[number - 1]) {
        return node_error(node, rule->err, "each value needs a later 'from:' than the one before");
    }
    if (number == 0) {
        enum value_type type;
        int dimension;
        if (guess_type(rule, scalar, &type, &dimension) < 0) {
            return -1;
        }
        rule->all_names[index].type = type;
        rule->all_names[index].dimension = dimension;
    }
    return rule_text_value(rule, scalar, index, value);
}

static int read_parameters(struct rule *rule, const struct node *parameters) {
    unsigned index = rule->input_count;
    for (const struct node *node = parameters == NULL ? NULL : parameters->first; node != NULL;
         node = node->next, index++) {
        struct rule_parameter *parameter = &rule->parameters[index - rule->input_count];
        bool is_list = node->kind == NODE_SEQUENCE;
        unsigned count = is_list ? node->count : 1;
        if (enter_name(rule, node, index, VALUE_DECIMAL, DIMENSION_NONE, "") < 0) {
            return -1;
        }
        if (count == 0 || count > RULE_VALUES_MAX) {
            return node_error(node, rule->err, "expected 1 to %d values", RULE_VALUES_MAX);
        }
        int64_t *days = ARENA_ARRAY(rule->arena, int64_t, count);
        struct value *values = ARENA_ARRAY(rule->arena, struct value, count);
        *parameter = (struct rule_parameter){node, days, values, count};
        const struct node *child = is_list ? node->first : node;
        for (unsigned i = 0; i < count; i++, child = child->next) {
            if (read_dated(rule, child, index, i, &days[i], &values[i]) < 0) {
                return -1;
            }
        }
    }
    return 0;
}

static int read_default(struct rule *rule, const struct node *node, unsigned index,
                        struct rule_output *output) {
    const struct node *value = node_get(node, "default");
    if (value == NULL) {
        return 0;
    }
    if (rule_text_value(rule, value, index, &output->default_value) < 0) {
        return -1;
    }
    for (unsigned i = 0; i < output->choice_count; i++) {
        if (rule_key(&output->choices[i]) == rule_key(&output->default_value)) {
            return 0;
        }
    }
    return output->choice_count == 0 ? 0
                                     : node_error(value, rule->err, "'%s' is no choice of '%s'",
                                                  value->text, output->name);
}

static int read_outputs(struct rule *rule, const struct node *outputs) {
    static const char *const keys[] = {"type", "choices", "optional", "default", "doc", NULL};
    unsigned number = 0, first = rule->input_count + rule->parameter_count;
    for (const struct node *node = outputs->first; node != NULL; node = node->next, number++) {
        struct rule_output *output = &rule->outputs[number];
        const struct type_row *type = read_type(rule, node);
        const char *doc = "";
        bool is_mapping = node->kind == NODE_MAPPING;
        if (type == NULL ||
            (is_mapping && (rule_text_check_keys(rule, node, keys) < 0 ||
                            read_text(rule, node, "doc", &doc) < 0 ||
                            read_flag(rule, node, "optional", &output->is_optional) < 0)) ||
            enter_name(rule, node, first + number, type->type, type->dimension, doc) < 0) {
            return -1;
        }
        output->name = node->key;
        output->type = type->type;
        output->dimension = type->dimension;
        output->is_integer = type->is_integer;
        const struct node *choices = node_get(node, "choices");
        if (choices != NULL) {
            output->choices = read_choices(rule, choices, first + number, &output->choice_count);
            if (output->choices == NULL) {
                return -1;
            }
        }
        if (read_default(rule, node, first + number, output) < 0) {
            return -1;
        }
    }
    return 0;
}

/* ---- the head ---- */

static int read_hit(struct rule *rule) {
    const struct node *node = rule_text_scalar(rule, rule->file, "hit");
    if (node == NULL) {
        return rule->err->code == ERROR_NONE ? 0 : -1;
    }
    for (unsigned i = 0; i < HIT_COUNT; i++) {
        if (strcmp(node->text, hit_names[i]) == 0) {
            rule->hit = (enum rule_hit)i;
            return 0;
        }
    }
    return node_error(node, rule->err, "hit: there is no hit policy '%s'%s", node->text,
                      rule_text_hint(rule, node->text, "there are", hit_names, HIT_COUNT));
}

static int read_head(struct rule *rule) {
    const struct node *file = rule->file;
    const char *summary;
    if (file->kind != NODE_MAPPING || node_get(file, "table") == NULL) {
        return node_error(file, rule->err, "this is no page of rules: it has no 'table: NAME'");
    }
    if (rule_text_check_keys(rule, file, page_keys) < 0) {
        return -1;
    }
    const struct node *version = node_get(file, "clearlab");
    if (version == NULL || version->kind != NODE_SCALAR || strcmp(version->text, "1") != 0) {
        return node_error(version != NULL ? version : file, rule->err,
                          "a page of rules begins with 'clearlab: 1', the version of its language");
    }
    rule->is_complete = true;
    if (read_text(rule, file, "table", &rule->name) < 0 ||
        read_text(rule, file, "summary", &summary) < 0 ||
        read_text(rule, file, "reference", &rule->reference) < 0 ||
        read_text(rule, file, "currency", &rule->currency) < 0 ||
        read_flag(rule, file, "complete", &rule->is_complete) < 0 ||
        rule_text_date(rule, file, "from", &rule->first_day) < 0 ||
        rule_text_date(rule, file, "to", &rule->last_day) < 0 || read_hit(rule) < 0) {
        return -1;
    }
    if (rule->first_day > rule->last_day) {
        return node_error(node_get(file, "to"), rule->err, "the page ends before it begins");
    }
    rule->names.currency = rule->currency;
    return 0;
}

int rule_read(struct rule *rule) {
    rule->first_day = RULE_DAY_MIN;
    rule->last_day = RULE_DAY_MAX;
    if (read_head(rule) < 0) {
        return -1;
    }
    const struct node *inputs = section(rule, "inputs", RULE_INPUTS_MAX);
    const struct node *parameters = section(rule, "parameters", RULE_PARAMETERS_MAX);
    const struct node *outputs = section(rule, "outputs", RULE_OUTPUTS_MAX);
    if (rule->err->code != ERROR_NONE) {
        return -1;
    }
    if (outputs == NULL || outputs->count == 0) {
        return node_error(rule->file, rule->err, "the page has no outputs");
    }
    rule->input_count = inputs == NULL ? 0 : inputs->count;
    rule->parameter_count = parameters == NULL ? 0 : parameters->count;
    rule->output_count = outputs->count;
    rule->inputs = ARENA_ARRAY(rule->arena, struct rule_input, rule->input_count + 1u);
    rule->parameters = ARENA_ARRAY(rule->arena, struct rule_parameter, rule->parameter_count + 1u);
    rule->outputs = ARENA_ARRAY(rule->arena, struct rule_output, rule->output_count);
    rule->all_names = ARENA_ARRAY(rule->arena, struct expression_input, RULE_NAMES_MAX);
    rule->names.inputs = rule->all_names;
    if (read_inputs(rule, inputs) < 0 || read_parameters(rule, parameters) < 0 ||
        read_outputs(rule, outputs) < 0) {
        return -1;
    }
    return 0;
}

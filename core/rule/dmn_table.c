/* SPDX-License-Identifier: GPL-3.0-or-later
 * dmn_table.c - decision tables of DMN: columns, outputs and rules, translated cell by cell. */
#include "core/rule/dmn_model.h"

#include <string.h>

struct reading {
    struct dmn_model *model;
    unsigned index;
    struct dmn_decision *decision;
    struct dmn_table *table;
    struct dmn_column *columns;
    struct dmn_row *rows;
    struct dmn_text_test *text_tests;
    struct expression_input *symbols; /* the slots as a page sees them: texts are symbols */
    unsigned symbol_count;
};

static unsigned count_children(const struct dmn_xml *element, const char *name) {
    unsigned count = 0;
    for (const struct dmn_xml *at = dmn_xml_child(element, name); at != NULL;
         at = dmn_xml_next(at)) {
        count++;
    }
    return count;
}

/* The hit policy as pages call it; NULL for one that DMN does not have. */
static const char *hit_of(const struct dmn_xml *element) {
    static const char *const hits[][3] = {
        {"UNIQUE", NULL, "unique"},
        {"ANY", NULL, "any"},
        {"PRIORITY", NULL, "priority"},
        {"FIRST", NULL, "first"},
        {"RULE ORDER", NULL, "rule order"},
        {"OUTPUT ORDER", NULL, "output order"},
        {"COLLECT", NULL, "collect"},
        {"COLLECT", "SUM", "collect sum"},
        {"COLLECT", "MIN", "collect min"},
        {"COLLECT", "MAX", "collect max"},
        {"COLLECT", "COUNT", "collect count"},
    };
    const char *policy = dmn_xml_attribute(element, "hitPolicy");
    const char *aggregation = dmn_xml_attribute(element, "aggregation");
    policy = policy == NULL ? "UNIQUE" : policy;
    aggregation = strcmp(policy, "COLLECT") == 0 ? aggregation : NULL;
    for (size_t i = 0; i < sizeof hits / sizeof *hits; i++) {
        bool is_same = aggregation == NULL || hits[i][1] == NULL
                           ? aggregation == hits[i][1]
                           : strcmp(aggregation, hits[i][1]) == 0;
        if (is_same && strcmp(policy, hits[i][0]) == 0) {
            return hits[i][2];
        }
    }
    return NULL;
}

static void read_column(struct reading *reading, const struct dmn_xml *element,
                        struct dmn_column *column) {
    struct dmn_model *model = reading->model;
    struct feel_scope scope = dmn_scope(model);
    struct feel_problem problem = {0};
    const struct dmn_xml *place;
    const struct dmn_xml *expression = dmn_xml_child(element, "inputExpression");
    const char *text = dmn_text(expression != NULL ? expression : element, &place);
    *column = (struct dmn_column){.element = element, .slot = -1};
    column->subject = feel_expression(text, &scope, model->arena, &problem);
    if (problem.text != NULL) {
        dmn_refuse_feel(reading->decision, place, &problem);
        return;
    }
    for (unsigned i = 0; i < model->slot_count; i++) {
        if (strcmp(model->slots[i].key, column->subject.text) == 0) {
            column->slot = (int)i;
            column->allowed = model->slot_types[i].allowed;
            column->allowed_count = model->slot_types[i].allowed_count;
        }
    }
    const struct feel_part *list;
    unsigned count = dmn_type_values(model, dmn_xml_child(element, "inputValues"), &list);
    if (count > 0) {
        column->allowed = list;
        column->allowed_count = count;
    }
}

/* The type of the whole result, for a table with one output that says none. */
static struct dmn_type result_type(struct reading *reading, const struct dmn_xml *element) {
    const struct dmn_xml *variable = dmn_xml_child(element->parent, "variable");
    const char *references[] = {dmn_xml_attribute(element, "typeRef"),
                                variable == NULL ? NULL : dmn_xml_attribute(variable, "typeRef")};
    struct dmn_type type = {.base = VALUE_MISSING};
    for (int i = 0; i < 2 && !type.is_known; i++) {
        (void)dmn_type_find(reading->model, element, references[i], &type);
    }
    return type;
}

/* The component of the result's type by that name, for outputs that say no type themselves. */
static struct dmn_type component_type(struct reading *reading, const struct dmn_xml *element,
                                      const char *name) {
    struct dmn_type whole = result_type(reading, element), type = {.base = VALUE_MISSING};
    const struct dmn_xml *component =
        whole.components == NULL ? NULL : dmn_xml_child(whole.components, "itemComponent");
    for (; component != NULL; component = dmn_xml_next(component)) {
        const char *other = dmn_xml_attribute(component, "name");
        if (other != NULL && feel_same_name(other, name)) {
            (void)dmn_type_of_component(reading->model, component, &type);
        }
    }
    return type;
}

static void read_output(struct reading *reading, const struct dmn_xml *element,
                        struct dmn_output *output) {
    struct dmn_model *model = reading->model;
    const char *name = dmn_xml_attribute(element, "name");
    const char *reference = dmn_xml_attribute(element, "typeRef");
    bool is_only = reading->table->output_count == 1;
    struct dmn_type type;
    name = is_only || name == NULL || *name == '\0' ? reading->decision->name : name;
    if (dmn_type_find(model, element, reference, &type) < 0) {
        return;
    }
    if (!type.is_known || type.base == VALUE_MISSING) {
        type = is_only ? result_type(reading, element->parent)
                       : component_type(reading, element->parent, name);
    }
    *output = (struct dmn_output){.name = name,
                                  .key = dmn_new_key(model, name),
                                  .type = type.base,
                                  .allowed = type.allowed,
                                  .allowed_count = type.allowed_count};
    if (type.hindrance != NULL) {
        dmn_refuse(reading->decision, DMN_NOT_SUPPORTED, element,
                   "the output '%.100s', %s, is not supported", name, type.hindrance);
    }
    if (output->allowed_count == 0 && !is_only) {
        struct dmn_type component = component_type(reading, element->parent, name);
        output->allowed = component.allowed;
        output->allowed_count = component.allowed_count;
    }
    const struct feel_part *list;
    unsigned count = dmn_type_values(model, dmn_xml_child(element, "outputValues"), &list);
    if (count > 0) {
        output->allowed = list;
        output->allowed_count = count;
    }
}

/* An output entry, as `output` has its type; a value of another type is null. */
static struct feel_part read_entry(struct reading *reading, const struct dmn_xml *element,
                                   struct dmn_output *output) {
    struct feel_scope scope = dmn_scope(reading->model);
    struct feel_problem problem = {0};
    const struct dmn_xml *place;
    const char *text = dmn_text(element, &place);
    size_t blanks = strspn(text, " \t\r\n");
    if (text[blanks] == '\0' || (text[blanks] == '-' && text[blanks + 1] == '\0')) {
        return feel_null();
    }
    struct feel_part part = feel_expression(text, &scope, reading->model->arena, &problem);
    if (problem.text != NULL) {
        dmn_refuse_feel(reading->decision, place, &problem);
        return feel_null();
    }
    part = dmn_page_fixed(reading->model, part);
    if (output->type == VALUE_MISSING) {
        output->type = part.type;
    }
    return part.type == output->type ? part : feel_null();
}

/* What editors keep beside a rule: the annotations in the last columns, else its description. */
static const char *reference_of(struct reading *reading, const struct dmn_xml *element) {
    const char *reference = NULL;
    for (const struct dmn_xml *at = dmn_xml_child(element, "annotationEntry"); at != NULL;
         at = dmn_xml_next(at)) {
        const struct dmn_xml *place;
        const char *text = dmn_text(at, &place);
        if (*text != '\0') {
            reference = reference == NULL
                            ? text
                            : arena_format(reading->model->arena, "%s; %s", reference, text);
        }
    }
    const struct dmn_xml *description = dmn_xml_child(element, "description");
    return reference == NULL && description != NULL && *description->text != '\0'
               ? description->text
               : reference;
}

/* Whether a condition says something of texts that it cannot say of a page's symbols: their order,
 * or whether two are alike that the page doesn't mention. */
static bool needs_texts(struct reading *reading, const char *condition) {
    struct dmn_model *model = reading->model;
    struct error why = ERROR_INIT;
    struct expression_names names = dmn_names(model);
    for (; reading->symbol_count < model->slot_count; reading->symbol_count++) {
        struct expression_input *input = &reading->symbols[reading->symbol_count];
        *input = model->inputs[reading->symbol_count];
        input->type = input->type == VALUE_TEXT ? VALUE_SYMBOL : input->type;
    }
    names.inputs = reading->symbols;
    names.has_room = false;
    const struct expression *expression = expression_compile(
        condition, VALUE_BOOLEAN, &names, model->arena, (struct place){NULL, 0, 0}, &why);
    unsigned count = 0, texts = 0;
    const uint16_t *inputs = expression != NULL ? expression_inputs(expression, &count) : NULL;
    for (unsigned i = 0; i < count; i++) {
        texts += names.inputs[inputs[i]].type == VALUE_SYMBOL;
    }
    return expression == NULL || texts > 1;
}

/* Puts a slot for its outcome in the place of a test that only texts can meet. */
static void lift_test(struct reading *reading, const struct dmn_xml *place,
                      const struct dmn_column *column, struct feel_tests *tests) {
    struct dmn_model *model = reading->model;
    struct dmn_logic *logic = &model->logics[reading->index];
    struct feel_part *condition = &tests->condition;
    struct error why = ERROR_INIT;
    bool is_plain =
        column->slot >= 0 && tests->cell != NULL && strpbrk(tests->cell, "<>[(") == NULL;
    if (tests->is_any || is_plain || condition->type != VALUE_BOOLEAN ||
        !needs_texts(reading, condition->condition) ||
        logic->text_test_count == DMN_TEXT_TESTS_MAX || model->slot_count == DMN_SLOTS_MAX) {
        return;
    }
    struct expression_names names = dmn_names(model);
    const struct expression *expression =
        expression_compile(condition->condition, VALUE_BOOLEAN, &names, model->arena,
                           (struct place){NULL, 0, 0}, &why);
    if (expression == NULL) {
        return; /* the page says why */
    }
    unsigned slot = model->slot_count;
    dmn_add_slot(model, place, arena_format(model->arena, "#%u", slot), VALUE_BOOLEAN, NULL);
    model->feel_names[slot].is_used = true;
    reading->text_tests[logic->text_test_count++] = (struct dmn_text_test){slot, expression};
    tests->cell = NULL;
    condition->text = condition->condition = model->slots[slot].key;
}

static void read_row(struct reading *reading, const struct dmn_xml *element, struct dmn_row *row) {
    struct dmn_table *table = reading->table;
    struct arena *arena = reading->model->arena;
    struct feel_scope scope = dmn_scope(reading->model);
    struct feel_tests *tests = ARENA_ARRAY(arena, struct feel_tests, table->column_count);
    struct feel_part *entries = ARENA_ARRAY(arena, struct feel_part, table->output_count);
    if (count_children(element, "inputEntry") != table->column_count ||
        count_children(element, "outputEntry") != table->output_count) {
        dmn_refuse(reading->decision, DMN_WRONG, element,
                   "this rule has %u input and %u output entries, but the table has %u inputs and "
                   "%u outputs",
                   count_children(element, "inputEntry"), count_children(element, "outputEntry"),
                   table->column_count, table->output_count);
        return;
    }
    unsigned i = 0;
    for (const struct dmn_xml *at = dmn_xml_child(element, "inputEntry"); at != NULL;
         at = dmn_xml_next(at), i++) {
        struct feel_problem problem = {0};
        const struct dmn_xml *place;
        const char *text = dmn_text(at, &place);
        tests[i] = feel_unary_tests(text, &table->columns[i].subject, &scope, arena, &problem);
        if (problem.text != NULL) {
            dmn_refuse_feel(reading->decision, place, &problem);
        } else {
            lift_test(reading, place, &table->columns[i], &tests[i]);
        }
    }
    i = 0;
    for (const struct dmn_xml *at = dmn_xml_child(element, "outputEntry"); at != NULL;
         at = dmn_xml_next(at), i++) {
        entries[i] = read_entry(reading, at, &table->outputs[i]);
    }
    *row = (struct dmn_row){tests, entries, reference_of(reading, element)};
}

static void read_defaults(struct reading *reading, const struct dmn_xml *element) {
    unsigned i = 0;
    for (const struct dmn_xml *at = dmn_xml_child(element, "output"); at != NULL;
         at = dmn_xml_next(at), i++) {
        const struct dmn_xml *entry = dmn_xml_child(at, "defaultOutputEntry");
        struct dmn_output *output = &reading->table->outputs[i];
        if (entry == NULL) {
            continue;
        }
        struct feel_part *value = ARENA_NEW(reading->model->arena, struct feel_part);
        *value = read_entry(reading, entry, output);
        if (!value->is_fixed) {
            dmn_refuse(reading->decision, DMN_NOT_SUPPORTED, entry,
                       "a default output that is calculated is not supported");
        }
        output->otherwise = value->type == VALUE_MISSING ? NULL : value;
    }
}

static void read_parts(struct reading *reading, const struct dmn_xml *element) {
    struct dmn_table *table = reading->table;
    unsigned i = 0;
    for (const struct dmn_xml *at = dmn_xml_child(element, "input"); at != NULL;
         at = dmn_xml_next(at), i++) {
        read_column(reading, at, &reading->columns[i]);
    }
    i = 0;
    for (const struct dmn_xml *at = dmn_xml_child(element, "output"); at != NULL;
         at = dmn_xml_next(at), i++) {
        read_output(reading, at, &table->outputs[i]);
    }
    i = 0;
    for (const struct dmn_xml *at = dmn_xml_child(element, "rule");
         at != NULL && reading->decision->state == DMN_TAKEN; at = dmn_xml_next(at), i++) {
        read_row(reading, at, &reading->rows[i]);
    }
    read_defaults(reading, element);
    for (i = 0; i < table->output_count; i++) {
        bool is_null = table->outputs[i].type == VALUE_MISSING;
        table->outputs[i].type = is_null ? VALUE_TEXT : table->outputs[i].type;
    }
}

/* Expressions for texts that are calculated. */
static void compile_texts(struct reading *reading) {
    struct dmn_model *model = reading->model;
    const struct dmn_table *table = reading->table;
    unsigned count = table->row_count * table->output_count;
    const struct expression **texts = ARENA_ARRAY(model->arena, const struct expression *, count);
    for (unsigned i = 0; i < count; i++) {
        const struct feel_part *part =
            &table->rows[i / table->output_count].entries[i % table->output_count];
        struct error why = ERROR_INIT;
        struct expression_names names = dmn_names(model);
        if (part->type == VALUE_TEXT && !part->is_plain) {
            texts[i] = expression_compile(part->text, VALUE_TEXT, &names, model->arena,
                                          (struct place){NULL, 0, 0}, &why);
        }
    }
    model->logics[reading->index].texts = texts;
}

/* Whether a rule can be chosen without looking at the texts it gives. */
static bool may_leave_texts(const struct dmn_table *table) {
    static const char *const hits[] = {"unique", "first", "rule order", "collect"};
    for (size_t i = 0; i < sizeof hits / sizeof *hits; i++) {
        if (strcmp(table->hit, hits[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* The page with choices, else without: DMN lets a rule give what is not among the allowed values.
 * Where texts are put together, which no page can, they are left to expressions. */
static void compile(struct reading *reading, const struct dmn_xml *element) {
    struct dmn_model *model = reading->model;
    struct dmn_decision *decision = reading->decision;
    struct dmn_logic *logic = &model->logics[reading->index];
    struct error why = ERROR_INIT;
    const char *title = arena_format(model->arena, "page of '%s'", decision->name);
    static const struct dmn_page_parts attempts[] = {
        {true, true}, {false, true}, {true, false}, {false, false}};
    for (int i = 0; i < 4 && logic->rule == NULL; i++) {
        if (attempts[i].has_texts || may_leave_texts(reading->table)) {
            const char *page = dmn_page_write(model, decision->name, reading->table, attempts[i]);
            struct error unused = ERROR_INIT, *err = attempts[i].has_texts ? &why : &unused;
            *err = unused;
            logic->rule = rule_compile_text(title, page, strlen(page), model->arena, err);
            decision->page = logic->rule != NULL && attempts[i].has_texts ? page : NULL;
        }
    }
    if (logic->rule == NULL) {
        dmn_refuse(decision, DMN_NOT_SUPPORTED, element, "as a page of rules: %s", why.text);
        return;
    }
    if (logic->text_test_count > 0) {
        decision->page = NULL;
        decision->page_hindrance = "a rule asks for the order of texts, or puts them together; "
                                   "the names of a page have no order";
    } else if (decision->page == NULL) {
        decision->page_hindrance = arena_text(model->arena, why.text, strlen(why.text));
    }
    unsigned count;
    const struct expression_input *inputs = rule_inputs(logic->rule, &count);
    uint16_t *slots = ARENA_ARRAY(model->arena, uint16_t, count);
    for (unsigned i = 0; i < count; i++) {
        for (unsigned slot = 0; slot < model->slot_count; slot++) {
            slots[i] =
                strcmp(model->slots[slot].key, inputs[i].name) == 0 ? (uint16_t)slot : slots[i];
        }
    }
    logic->rule_slots = slots;
    compile_texts(reading);
}

/* Slots for a single result, so that other decisions see it; lists have none. */
static void add_results(struct reading *reading, const struct dmn_xml *element) {
    struct dmn_model *model = reading->model;
    struct dmn_logic *logic = &model->logics[reading->index];
    const struct dmn_table *table = reading->table;
    const char *name = reading->decision->name;
    const char **names = ARENA_ARRAY(model->arena, const char *, table->output_count);
    for (unsigned i = 0; i < table->output_count; i++) {
        names[i] = table->outputs[i].name;
    }
    logic->output_names = names;
    bool is_list = strcmp(table->hit, "rule order") == 0 ||
                   strcmp(table->hit, "output order") == 0 || strcmp(table->hit, "collect") == 0;
    if (is_list) {
        return;
    }
    unsigned first = model->slot_count;
    for (unsigned i = 0; i < table->output_count; i++) {
        bool is_count = strcmp(table->hit, "collect count") == 0;
        const char *slot_name =
            table->output_count == 1 ? name : arena_format(model->arena, "%s.%s", name, names[i]);
        dmn_add_slot(model, element, slot_name, is_count ? VALUE_DECIMAL : table->outputs[i].type,
                     NULL);
    }
    logic->first_slot = first;
    logic->slot_count = table->output_count;
}

void dmn_table_read(struct dmn_model *model, unsigned decision, const struct dmn_xml *element) {
    struct dmn_table table = {.hit = hit_of(element),
                              .column_count = count_children(element, "input"),
                              .output_count = count_children(element, "output"),
                              .row_count = count_children(element, "rule")};
    struct reading reading = {.model = model,
                              .index = decision,
                              .decision = &model->decisions[decision],
                              .table = &table,
                              .columns =
                                  ARENA_ARRAY(model->arena, struct dmn_column, table.column_count),
                              .rows = ARENA_ARRAY(model->arena, struct dmn_row, table.row_count)};
    reading.text_tests = ARENA_ARRAY(model->arena, struct dmn_text_test, DMN_TEXT_TESTS_MAX);
    model->logics[decision].text_tests = reading.text_tests;
    reading.symbols = ARENA_ARRAY(model->arena, struct expression_input, DMN_SLOTS_MAX);
    table.columns = reading.columns;
    table.rows = reading.rows;
    table.outputs = ARENA_ARRAY(model->arena, struct dmn_output, table.output_count);
    if (table.hit == NULL) {
        dmn_refuse(
            reading.decision, DMN_WRONG, element,
            "hitPolicy is UNIQUE, ANY, PRIORITY, FIRST, RULE ORDER, OUTPUT ORDER or COLLECT; "
            "aggregation of COLLECT is SUM, MIN, MAX or COUNT");
    } else if (table.output_count == 0 || table.row_count == 0) {
        dmn_refuse(reading.decision, DMN_WRONG, element, "a table needs an output and a rule");
    }
    if (reading.decision->state == DMN_TAKEN) {
        read_parts(&reading, element);
    }
    if (reading.decision->state == DMN_TAKEN && model->err->code == ERROR_NONE) {
        compile(&reading, element);
    }
    if (reading.decision->state == DMN_TAKEN && model->err->code == ERROR_NONE) {
        add_results(&reading, element);
    }
}

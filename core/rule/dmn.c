/* SPDX-License-Identifier: GPL-3.0-or-later
 * dmn.c - reads a model: functions, inputs, and the decisions in the order of what they require. */
#include "core/rule/dmn.h"

#include "core/rule/dmn_model.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { REQUIREMENTS_DEPTH_MAX = 200, COMPONENTS_DEPTH_MAX = 8 };

/* ---- for all files dmn*.c ---- */

const char *dmn_text(const struct dmn_xml *element, const struct dmn_xml **place) {
    const struct dmn_xml *text = dmn_xml_child(element, "text");
    *place = text != NULL ? text : element;
    return text != NULL ? text->text : "";
}

void dmn_refuse(struct dmn_decision *decision, enum dmn_state state, const struct dmn_xml *at,
                const char *format, ...) {
    char text[500];
    if (decision->state != DMN_TAKEN) {
        return;
    }
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    decision->state = state;
    dmn_xml_error(at, &decision->problem, "%s", text);
}

void dmn_refuse_feel(struct dmn_decision *decision, const struct dmn_xml *text,
                     const struct feel_problem *problem) {
    if (decision->state == DMN_TAKEN) {
        decision->state = problem->is_gap ? DMN_NOT_SUPPORTED : DMN_WRONG;
        dmn_xml_text_error(text, problem->offset, &decision->problem, "%s%s", problem->text,
                           problem->is_gap ? " is not supported" : "");
    }
}

struct feel_scope dmn_scope(struct dmn_model *model) {
    return (struct feel_scope){model->feel_names, model->slot_count, model->functions,
                               model->function_count};
}

struct expression_names dmn_names(struct dmn_model *model) {
    return (struct expression_names){
        .inputs = model->inputs, .input_count = model->slot_count, .has_room = true};
}

static bool is_key_taken(const struct dmn_model *model, const char *key) {
    for (unsigned i = 0; i < model->slot_count; i++) {
        if (strcmp(model->slots[i].key, key) == 0) {
            return true;
        }
    }
    return false;
}

const char *dmn_new_key(struct dmn_model *model, const char *name) {
    const char *stem = feel_identifier(name, model->arena), *key = stem;
    for (unsigned number = 2; is_key_taken(model, key); number++) {
        key = arena_format(model->arena, "%s_%u", stem, number);
    }
    return key;
}

void dmn_add_slot(struct dmn_model *model, const struct dmn_xml *at, const char *name,
                  enum value_type type, const char *hindrance) {
    if (model->slot_count == DMN_SLOTS_MAX) {
        dmn_xml_error(at, model->err, "the model has more than %d inputs and results",
                      DMN_SLOTS_MAX);
        return;
    }
    const char *key = dmn_new_key(model, name);
    unsigned slot = model->slot_count++;
    model->slots[slot] = (struct dmn_slot){name, key, hindrance, type};
    model->inputs[slot] = (struct expression_input){key, type, 0, name, NULL};
    model->feel_names[slot] = (struct feel_name){name, key, hindrance, type, false};
}

static const char *name_of(struct dmn_model *model, const struct dmn_xml *element) {
    const struct dmn_xml *variable = dmn_xml_child(element, "variable");
    const char *name = dmn_xml_attribute(element, "name");
    const char *variable_name = variable == NULL ? NULL : dmn_xml_attribute(variable, "name");
    name = variable_name != NULL ? variable_name : name;
    if (name == NULL || *name == '\0') {
        dmn_xml_error(element, model->err, "this <%s> needs a name=\"...\"", element->name);
        return "";
    }
    return name;
}

static bool is_feel(const struct dmn_xml *element) {
    const char *language = dmn_xml_attribute(element, "expressionLanguage");
    return language == NULL || *language == '\0' || strstr(language, "FEEL") != NULL ||
           strstr(language, "feel") != NULL;
}

/* ---- functions ---- */

static void read_function(struct dmn_model *model, const struct dmn_xml *element) {
    const struct dmn_xml *logic = dmn_xml_child(element, "encapsulatedLogic"), *place;
    const struct dmn_xml *body = dmn_xml_child(logic, "literalExpression");
    const char *kind = logic == NULL ? NULL : dmn_xml_attribute(logic, "kind");
    unsigned count = 0;
    struct feel_function *function = &model->functions[model->function_count++];
    *function = (struct feel_function){.feel = name_of(model, element), .body = ""};
    for (const struct dmn_xml *p = dmn_xml_child(logic, "formalParameter"); p != NULL;
         p = dmn_xml_next(p)) {
        count++;
    }
    const char **parameters = ARENA_ARRAY(model->arena, const char *, count);
    for (const struct dmn_xml *p = dmn_xml_child(logic, "formalParameter"); p != NULL;
         p = dmn_xml_next(p)) {
        parameters[function->parameter_count++] = name_of(model, p);
    }
    function->parameters = parameters;
    if (body == NULL || !is_feel(body) || (kind != NULL && strcmp(kind, "FEEL") != 0)) {
        function->hindrance = "a function whose logic is no literal expression in FEEL";
    } else {
        function->body = dmn_text(body, &place);
    }
}

static void read_functions(struct dmn_model *model) {
    unsigned count = 0;
    const struct dmn_xml *first = dmn_xml_child(model->root, "businessKnowledgeModel");
    for (const struct dmn_xml *at = first; at != NULL; at = dmn_xml_next(at)) {
        count++;
    }
    model->functions = ARENA_ARRAY(model->arena, struct feel_function, count);
    for (const struct dmn_xml *at = first; at != NULL; at = dmn_xml_next(at)) {
        read_function(model, at);
    }
}

/* ---- inputs ---- */

/* What a table says of an input whose type is nowhere said. */
static enum value_type guess_type(struct dmn_model *model, const struct dmn_xml *at,
                                  const char *name, int depth) {
    enum value_type found = VALUE_MISSING;
    for (; at != NULL && depth > 0 && found == VALUE_MISSING; at = at->next) {
        const struct dmn_xml *place;
        const char *reference =
            strcmp(at->name, "inputExpression") == 0 ? dmn_xml_attribute(at, "typeRef") : NULL;
        struct dmn_type type;
        if (reference != NULL && feel_same_name(dmn_text(at, &place), name) &&
            dmn_type_find(model, at, reference, &type) == 0 && !type.is_list) {
            found = type.base;
        } else {
            found = guess_type(model, at->first, name, depth - 1);
        }
    }
    return found;
}

static void add_input(struct dmn_model *model, const struct dmn_xml *at, const char *name,
                      struct dmn_type type, int depth) {
    if (type.components != NULL && !type.is_list && depth < COMPONENTS_DEPTH_MAX) {
        const struct dmn_xml *component = dmn_xml_child(type.components, "itemComponent");
        dmn_add_slot(model, at, name, VALUE_MISSING, "a value with components");
        for (; component != NULL && model->err->code == ERROR_NONE;
             component = dmn_xml_next(component)) {
            struct dmn_type inner;
            const char *path = arena_format(model->arena, "%s.%s", name, name_of(model, component));
            if (dmn_type_of_component(model, component, &inner) == 0) {
                add_input(model, component, path, inner, depth + 1);
            }
        }
        return;
    }
    if (!type.is_known) {
        type.base = guess_type(model, model->root->first, name, 6);
    }
    const char *hindrance = type.is_list                 ? "a list"
                            : type.components != NULL    ? "a value with components"
                            : type.base == VALUE_MISSING ? "of no type that is known here"
                                                         : NULL;
    dmn_add_slot(model, at, name, type.base, type.hindrance != NULL ? type.hindrance : hindrance);
    model->slot_types[model->slot_count - 1] = type;
}

static void read_inputs(struct dmn_model *model) {
    for (const struct dmn_xml *at = dmn_xml_child(model->root, "inputData");
         at != NULL && model->err->code == ERROR_NONE; at = dmn_xml_next(at)) {
        const struct dmn_xml *variable = dmn_xml_child(at, "variable");
        struct dmn_type type;
        if (dmn_type_find(model, at,
                          variable == NULL ? NULL : dmn_xml_attribute(variable, "typeRef"),
                          &type) == 0) {
            add_input(model, at, name_of(model, at), type, 0);
        }
    }
    model->input_count = model->slot_count;
}

/* ---- decisions ---- */

/* A boxed invocation, written as the call that it is: F(p: (1 + 2)). NULL, and the decision is
 * refused, where a binding is no literal expression. */
static const char *call_of(struct dmn_model *model, struct dmn_decision *decision,
                           const struct dmn_xml *invocation) {
    const struct dmn_xml *place, *function = dmn_xml_child(invocation, "literalExpression");
    const char *call = arena_format(model->arena, "%s(", dmn_text(function, &place));
    for (const struct dmn_xml *at = dmn_xml_child(invocation, "binding"); at != NULL;
         at = dmn_xml_next(at)) {
        const struct dmn_xml *parameter = dmn_xml_child(at, "parameter");
        const struct dmn_xml *value = dmn_xml_child(at, "literalExpression");
        const char *name = parameter == NULL ? NULL : dmn_xml_attribute(parameter, "name");
        if (name == NULL || value == NULL || !is_feel(value)) {
            dmn_refuse(decision, DMN_NOT_SUPPORTED, at,
                       "an argument that is no literal expression in FEEL is not supported");
            return NULL;
        }
        call =
            arena_format(model->arena, "%s%s%s: (%s\n)", call,
                         call[strlen(call) - 1] == '(' ? "" : ", ", name, dmn_text(value, &place));
    }
    return arena_format(model->arena, "%s)", call);
}

/* `text` was made; NULL: it is the element's own. */
static void read_literal(struct dmn_model *model, unsigned index, const struct dmn_xml *element,
                         const char *text, struct dmn_type type) {
    struct dmn_decision *decision = &model->decisions[index];
    struct dmn_logic *logic = &model->logics[index];
    const struct dmn_xml *place = element;
    struct feel_problem problem = {0};
    bool is_made = text != NULL;
    text = is_made ? text : dmn_text(element, &place);
    struct feel_scope scope = dmn_scope(model);
    if (!is_feel(element)) {
        dmn_refuse(decision, DMN_NOT_SUPPORTED, element,
                   "another language than FEEL is not supported");
        return;
    }
    struct feel_part part = feel_expression(text, &scope, model->arena, &problem);
    if (problem.text != NULL && is_made) {
        dmn_refuse(decision, problem.is_gap ? DMN_NOT_SUPPORTED : DMN_WRONG, element, "%s%s",
                   problem.text, problem.is_gap ? " is not supported" : "");
        return;
    }
    if (problem.text != NULL) {
        dmn_refuse_feel(decision, place, &problem);
        return;
    }
    bool is_plain = !type.is_list && type.components == NULL && type.hindrance == NULL;
    if (type.is_known && (!is_plain || part.type != type.base)) {
        part.type = VALUE_MISSING; /* a result of another type is null */
        part.text = "missing";
    }
    enum value_type result = part.type != VALUE_MISSING   ? part.type
                             : type.base != VALUE_MISSING ? type.base
                                                          : VALUE_BOOLEAN;
    struct error why = ERROR_INIT;
    struct expression_names names = dmn_names(model);
    logic->expression = expression_compile(part.text, result, &names, model->arena,
                                           (struct place){NULL, 0, 0}, &why);
    if (logic->expression == NULL) {
        dmn_refuse(decision, DMN_NOT_SUPPORTED, place, "as '%.200s': %s", part.text, why.text);
        return;
    }
    logic->first_slot = model->slot_count;
    logic->slot_count = 1;
    const char *name = decision->name;
    struct dmn_output output = {name, dmn_new_key(model, name), result, NULL, 0, NULL};
    struct feel_part entry = dmn_page_fixed(model, part);
    struct dmn_row row = {NULL, &entry, NULL};
    struct dmn_table table = {"unique", NULL, &output, &row, 0, 1, 1};
    decision->page = dmn_page_write(model, name, &table, (struct dmn_page_parts){false, true});
    dmn_add_slot(model, element, name, result, NULL);
    const struct rule *rule =
        rule_compile_text(arena_format(model->arena, "page of '%s'", name), decision->page,
                          strlen(decision->page), model->arena, &why);
    if (rule == NULL) {
        decision->page = NULL;
        decision->page_hindrance = arena_text(model->arena, why.text, strlen(why.text));
    }
}

static void read_logic(struct dmn_model *model, unsigned index, const struct dmn_xml *element) {
    struct dmn_decision *decision = &model->decisions[index];
    struct dmn_logic *logic = &model->logics[index];
    const struct dmn_xml *variable = dmn_xml_child(element, "variable");
    const struct dmn_xml *literal = dmn_xml_child(element, "literalExpression");
    const struct dmn_xml *table = dmn_xml_child(element, "decisionTable");
    const struct dmn_xml *invocation = dmn_xml_child(element, "invocation");
    static const char *const others[] = {"context",     "relation", "list",  "functionDefinition",
                                         "conditional", "for",      "every", "some",
                                         "filter"};
    struct dmn_type type;
    if (dmn_type_find(model, element,
                      variable == NULL ? NULL : dmn_xml_attribute(variable, "typeRef"),
                      &type) < 0) {
        return;
    }
    for (unsigned i = 0; i < model->slot_count; i++) {
        model->feel_names[i].is_used = false;
    }
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        const struct dmn_xml *other = dmn_xml_child(element, others[i]);
        if (other != NULL) {
            dmn_refuse(decision, DMN_NOT_SUPPORTED, other, "a boxed <%s> is not supported",
                       others[i]);
        }
    }
    if (literal != NULL) {
        read_literal(model, index, literal, NULL, type);
    } else if (invocation != NULL) {
        const char *call = call_of(model, decision, invocation);
        if (call != NULL) {
            read_literal(model, index, invocation, call, type);
        }
    } else if (table != NULL) {
        dmn_table_read(model, index, table);
    } else {
        dmn_refuse(decision, DMN_NOT_SUPPORTED, element,
                   "a decision without logic is not supported");
    }
    if (logic->slot_count == 0) {
        const char *why = decision->state == DMN_TAKEN
                              ? "a list or a value with components"
                              : "the result of a decision that is not taken";
        dmn_add_slot(model, element, decision->name, VALUE_MISSING, why);
    }
}

struct ordering {
    struct dmn_model *model;
    const struct dmn_xml **elements;
    enum { UNREAD, READING, READ } * progress;
    unsigned count;
};

static int find_by_id(const struct ordering *ordering, const char *id) {
    for (unsigned i = 0; i < ordering->count; i++) {
        const char *other = dmn_xml_attribute(ordering->elements[i], "id");
        if (other != NULL && strcmp(other, id) == 0) {
            return (int)i;
        }
    }
    return -1;
}

static void read_decision(struct ordering *ordering, unsigned number, int depth);

/* Each decision that is required is read before. A requirement of another file is left to the
 * expressions, which then miss the name. */
static void read_requirements(struct ordering *ordering, const struct dmn_xml *element, int depth) {
    struct dmn_model *model = ordering->model;
    for (const struct dmn_xml *at = dmn_xml_child(element, "informationRequirement");
         at != NULL && model->err->code == ERROR_NONE; at = dmn_xml_next(at)) {
        const struct dmn_xml *required = dmn_xml_child(at, "requiredDecision");
        const char *href = required == NULL ? NULL : dmn_xml_attribute(required, "href");
        if (href == NULL || *href != '#') {
            continue;
        }
        int found = find_by_id(ordering, href + 1);
        if (found < 0) {
            dmn_xml_error(required, model->err, "there is no decision with id=\"%.100s\"",
                          href + 1);
        } else if (ordering->progress[found] == READING || depth == REQUIREMENTS_DEPTH_MAX) {
            dmn_xml_error(required, model->err,
                          "the decision '%.100s' requires itself, or too many others stand "
                          "between",
                          name_of(model, ordering->elements[found]));
        } else {
            read_decision(ordering, (unsigned)found, depth + 1);
        }
    }
}

static void read_decision(struct ordering *ordering, unsigned number, int depth) {
    struct dmn_model *model = ordering->model;
    const struct dmn_xml *element = ordering->elements[number];
    if (ordering->progress[number] == READ) {
        return;
    }
    ordering->progress[number] = READING;
    read_requirements(ordering, element, depth);
    ordering->progress[number] = READ;
    if (model->err->code == ERROR_NONE) {
        unsigned index = model->decision_count++;
        model->decisions[index] = (struct dmn_decision){.name = name_of(model, element)};
        read_logic(model, index, element);
    }
}

static void read_decisions(struct dmn_model *model) {
    struct ordering ordering = {.model = model};
    const struct dmn_xml *first = dmn_xml_child(model->root, "decision");
    for (const struct dmn_xml *at = first; at != NULL; at = dmn_xml_next(at)) {
        ordering.count++;
    }
    ordering.elements = ARENA_ARRAY(model->arena, const struct dmn_xml *, ordering.count);
    ordering.progress = arena_alloc_array(model->arena, ordering.count, sizeof *ordering.progress);
    model->decisions = ARENA_ARRAY(model->arena, struct dmn_decision, ordering.count);
    model->logics = ARENA_ARRAY(model->arena, struct dmn_logic, ordering.count);
    unsigned count = 0;
    for (const struct dmn_xml *at = first; at != NULL; at = dmn_xml_next(at)) {
        ordering.elements[count++] = at;
    }
    for (unsigned i = 0; i < count && model->err->code == ERROR_NONE; i++) {
        read_decision(&ordering, i, 0);
    }
}

const struct dmn_model *dmn_read(const char *name, const char *text, size_t length,
                                 struct arena *arena, struct error *err) {
    const struct dmn_xml *root = dmn_xml_read(name, text, length, arena, err);
    if (root == NULL) {
        return NULL;
    }
    if (strcmp(root->name, "definitions") != 0 ||
        strstr(root->domain, "omg.org/spec/DMN/") == NULL) {
        dmn_xml_error(root, err,
                      "this is no DMN model: expected <definitions "
                      "xmlns=\"https://www.omg.org/spec/DMN/...\">, got <%.60s>",
                      root->name);
        return NULL;
    }
    struct dmn_model *model = ARENA_NEW(arena, struct dmn_model);
    const char *model_name = dmn_xml_attribute(root, "name");
    model->name = model_name != NULL ? model_name : "";
    model->root = root;
    model->arena = arena;
    model->err = err;
    read_functions(model);
    read_inputs(model);
    if (err->code == ERROR_NONE) {
        read_decisions(model);
    }
    model->err = NULL;
    return err->code == ERROR_NONE ? model : NULL;
}

/* ---- what is in a model ---- */

const struct dmn_slot *dmn_slots(const struct dmn_model *model, unsigned *input_count) {
    *input_count = model->input_count;
    return model->slots;
}

const struct dmn_decision *dmn_decisions(const struct dmn_model *model, unsigned *count) {
    *count = model->decision_count;
    return model->decisions;
}

int dmn_find_input(const struct dmn_model *model, const char *name) {
    for (unsigned i = 0; i < model->input_count; i++) {
        if (feel_same_name(model->slots[i].name, name)) {
            return (int)i;
        }
    }
    return -1;
}

int dmn_find_decision(const struct dmn_model *model, const char *name) {
    for (unsigned i = 0; i < model->decision_count; i++) {
        if (feel_same_name(model->decisions[i].name, name)) {
            return (int)i;
        }
    }
    return -1;
}

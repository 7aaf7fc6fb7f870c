/* SPDX-License-Identifier: GPL-3.0-or-later
 * levy.c - reads a jurisdiction: facts, levies, waivers; and makes the schedule's duties ready. */
#include "core/tariff/levy.h"

#include "core/base/units.h"
#include "core/tariff/entry.h"
#include "core/tariff/levy_build.h"

#include <string.h>

static const char *const kind_names[] = {"value", "number", "total", "duty", "tax", "fee"};

const char *levy_kind_name(enum levy_kind kind) {
    return kind_names[kind];
}

static int find_word(const char *word, const char *const *words, unsigned count) {
    for (unsigned i = 0; i < count; i++) {
        if (strcmp(word, words[i]) == 0) {
            return (int)i;
        }
    }
    return -1;
}

/* ---- slots ---- */

static bool is_same_name(const char *a, const char *b) {
    for (; *a != '\0'; a++, b++) {
        if (*a != *b && !(*a == '_' && *b == ' ')) {
            return false;
        }
    }
    return *b == '\0';
}

unsigned levy_slot(const struct levy_plan *plan, const char *name) {
    for (unsigned i = 0; i < plan->slot_count; i++) {
        if (is_same_name(plan->names[i], name)) {
            return i;
        }
    }
    return LEVY_NO_SLOT;
}

unsigned levy_build_slot(const struct levy_builder *builder, const char *name) {
    return levy_slot(builder->plan, name);
}

static void add_name(struct levy_builder *builder, const char *name) {
    struct levy_plan *plan = builder->plan;
    builder->names = arena_grow(builder->arena, builder->names, plan->slot_count,
                                &builder->name_capacity, sizeof *builder->names);
    builder->names[plan->slot_count++] = name;
    plan->names = builder->names;
}

unsigned levy_build_quantity(struct levy_builder *builder, const char *name) {
    unsigned slot = levy_slot(builder->plan, name);
    if (slot == LEVY_NO_SLOT && builder->plan->slot_count < LEVY_NO_SLOT) {
        slot = builder->plan->slot_count;
        add_name(builder, arena_text(builder->arena, name, strlen(name)));
    }
    return slot;
}

/* ---- facts ---- */

struct fact_type {
    const char *name;
    enum value_type type;
    enum dimension dimension;
};
static const struct fact_type fact_types[] = {
    {"money", VALUE_DECIMAL, DIMENSION_MONEY},   {"number", VALUE_DECIMAL, DIMENSION_NONE},
    {"quantity", VALUE_DECIMAL, DIMENSION_NONE}, {"share", VALUE_DECIMAL, DIMENSION_SHARE},
    {"text", VALUE_SYMBOL, DIMENSION_NONE},      {"boolean", VALUE_BOOLEAN, DIMENSION_NONE},
    {"date", VALUE_DATE, DIMENSION_NONE}};
enum { FACT_TYPES = sizeof fact_types / sizeof fact_types[0] };

static int find_type(const struct node *node) {
    for (unsigned i = 0; node != NULL && node->kind == NODE_SCALAR && i < FACT_TYPES; i++) {
        if (strcmp(fact_types[i].name, node->text) == 0) {
            return (int)i;
        }
    }
    return -1;
}

/* "a|b|c" of a list; NULL where there is none. */
static int join_choices(struct levy_builder *builder, const struct node *list, const char **text) {
    *text = NULL;
    if (list != NULL && list->kind != NODE_SEQUENCE) {
        return node_error(list, builder->err, "expected a list of choices, e.g. [sea, air]");
    }
    for (const struct node *choice = list != NULL ? list->first : NULL; choice != NULL;
         choice = choice->next) {
        if (choice->kind != NODE_SCALAR) {
            return node_error(choice, builder->err, "expected a text");
        }
        *text = arena_format(builder->arena, "%s%s%s", *text != NULL ? *text : "",
                             *text != NULL ? "|" : "", choice->text);
    }
    return 0;
}

static int read_default(struct levy_builder *builder, const struct node *node,
                        const struct fact_type *type, struct levy_fact *fact) {
    struct decimal decimal;
    if (node->kind != NODE_SCALAR) {
        return node_error(node, builder->err, "expected a value");
    }
    switch (type->type) {
    case VALUE_DECIMAL:
        if (exchange_number(node, &fact->number, builder->err) != 0) {
            return -1;
        }
        fact->has_number = true;
        if (decimal_parse(node->text, &decimal) == 0) {
            fact->value = (struct value){.type = VALUE_DECIMAL, .decimal = decimal};
        }
        return 0;
    case VALUE_BOOLEAN:
        fact->value =
            (struct value){.type = VALUE_BOOLEAN, .boolean = strcmp(node->text, "true") == 0};
        return 0;
    case VALUE_SYMBOL:
        fact->value = (struct value){.type = VALUE_SYMBOL,
                                     .symbol = expression_symbol(&builder->plan->expression_names,
                                                                 builder->arena, node->text)};
        return 0;
    default:
        fact->value.type = VALUE_DATE;
        return exchange_day(node, &fact->value.date_day, builder->err);
    }
}

static int read_fact(struct levy_builder *builder, const struct node *node,
                     struct expression_input *input, struct levy_fact *fact) {
    static const char *const keys[] = {"type", "choices", "default", "doc", "per_unit"};
    bool is_map = node->kind == NODE_MAPPING;
    int type = find_type(is_map ? node_get(node, "type") : node);
    if (node->key == NULL || type < 0) {
        return node_error(node, builder->err,
                          "expected a type: money, number, quantity, share, text, boolean or date");
    }
    for (const struct node *key = is_map ? node->first : NULL; key != NULL; key = key->next) {
        if (find_word(key->key, keys, sizeof keys / sizeof keys[0]) < 0) {
            return node_key_error(key, builder->err,
                                  "expected type, choices, default, per_unit or doc");
        }
    }
    if (levy_build_slot(builder, node->key) != LEVY_NO_SLOT) {
        return node_key_error(node, builder->err, "there is a fact of this name already");
    }
    const struct node *choices = node_get(node, "choices"), *doc = node_get(node, "doc");
    *input = (struct expression_input){.name = node->key,
                                       .type = fact_types[type].type,
                                       .dimension = (int)fact_types[type].dimension,
                                       .doc = doc != NULL ? doc->text : NULL};
    add_name(builder, node->key);
    const struct node *otherwise = node_get(node, "default"), *rate = node_get(node, "per_unit");
    bool is_rate = false;
    if ((rate != NULL && entry_boolean(rate, &is_rate, builder->err) != 0) ||
        join_choices(builder, choices, &input->choices) != 0) {
        return -1;
    }
    const char *name = fact_types[type].name;
    fact->is_divided = !is_rate && (strcmp(name, "money") == 0 || strcmp(name, "quantity") == 0);
    return otherwise == NULL ? 0 : read_default(builder, otherwise, &fact_types[type], fact);
}

static int read_facts(struct levy_builder *builder, const struct node *section,
                      struct expression_input *inputs, struct levy_fact *facts) {
    struct levy_plan *plan = builder->plan;
    if (section != NULL && (section->kind != NODE_MAPPING || section->count > LEVY_FACTS_MAX)) {
        return node_error(section, builder->err, "expected at most %d facts by name",
                          LEVY_FACTS_MAX);
    }
    plan->facts = facts;
    for (const struct node *node = section != NULL ? section->first : NULL; node != NULL;
         node = node->next) {
        if (read_fact(builder, node, &inputs[plan->fact_count], &facts[plan->fact_count]) != 0) {
            return -1;
        }
        plan->fact_count++;
    }
    return 0;
}

/* ---- levies ---- */

static int read_names(struct levy_builder *builder, const struct node *section,
                      struct expression_input *inputs) {
    struct levy_plan *plan = builder->plan;
    if (section->kind != NODE_MAPPING || section->count > LEVY_MAX) {
        return node_error(section, builder->err, "expected at most %d levies by name", LEVY_MAX);
    }
    plan->levies = ARENA_ARRAY(builder->arena, struct levy, section->count + 1);
    for (const struct node *node = section->first; node != NULL; node = node->next) {
        struct levy *levy = &plan->levies[plan->levy_count];
        const struct node *kind = node_get(node, "kind"), *doc = node_get(node, "doc");
        int found =
            kind != NULL && kind->kind == NODE_SCALAR
                ? find_word(kind->text, kind_names, sizeof kind_names / sizeof kind_names[0])
                : -1;
        if (found < 0) {
            return node_error(kind != NULL ? kind : node, builder->err,
                              "expected kind: value, number, total, duty, tax or fee");
        }
        if (levy_build_slot(builder, node->key) != LEVY_NO_SLOT) {
            return node_key_error(node, builder->err, "there is a fact of this name already");
        }
        *levy = (struct levy){.name = node->key,
                              .kind = (enum levy_kind)found,
                              .doc = doc != NULL ? doc->text : NULL};
        inputs[plan->fact_count + plan->levy_count] = (struct expression_input){
            .name = node->key,
            .type = VALUE_DECIMAL,
            .dimension = levy->kind == LEVY_NUMBER ? DIMENSION_NONE : DIMENSION_MONEY};
        add_name(builder, node->key);
        plan->levy_count++;
    }
    return 0;
}

static int read_waiver(struct levy_builder *builder, const struct node *node,
                       struct levy_waiver *waiver) {
    const struct node *levies = node_get(node, "levies"), *reference = node_get(node, "reference");
    const struct node *at_most = node_get(node, "at_most"), *below = node_get(node, "below");
    if (levies == NULL || levies->kind != NODE_SEQUENCE || levies->count > LEVY_MAX ||
        (at_most == NULL) == (below == NULL)) {
        return node_error(node, builder->err,
                          "expected {levies: [NAME, ...], at_most: AMOUNT} or below: AMOUNT");
    }
    for (const struct node *name = levies->first; name != NULL; name = name->next) {
        unsigned slot = name->kind == NODE_SCALAR ? levy_build_slot(builder, name->text)
                                                  : (unsigned)LEVY_NO_SLOT;
        unsigned levy = levy_of_slot(builder->plan, slot);
        if (slot == LEVY_NO_SLOT || levy == LEVY_MAX) {
            return node_error(name, builder->err, "there is no levy of this name");
        }
        waiver->levies[waiver->count++] = (uint16_t)levy;
    }
    waiver->waive = at_most != NULL ? LEVY_WAIVE_AT_MOST : LEVY_WAIVE_BELOW;
    waiver->reference = reference != NULL ? reference->text : NULL;
    return exchange_number(at_most != NULL ? at_most : below, &waiver->limit, builder->err);
}

static int read_waivers(struct levy_builder *builder, const struct node *section) {
    struct levy_plan *plan = builder->plan;
    struct levy_waiver *waivers = ARENA_ARRAY(builder->arena, struct levy_waiver, LEVY_WAIVERS_MAX);
    plan->waivers = waivers;
    if (section != NULL && section->kind != NODE_SEQUENCE) {
        return node_error(section, builder->err, "expected a list of waivers");
    }
    for (const struct node *node = section != NULL ? section->first : NULL; node != NULL;
         node = node->next) {
        if (plan->waiver_count == LEVY_WAIVERS_MAX) {
            return node_error(node, builder->err, "at most %d waivers", LEVY_WAIVERS_MAX);
        }
        if (read_waiver(builder, node, &waivers[plan->waiver_count]) != 0) {
            return -1;
        }
        plan->waiver_count++;
    }
    return 0;
}

/* ---- the schedule ---- */

static unsigned count_conditions(const struct tariff *tariff) {
    uint32_t count = 0;
    for (uint32_t i = 1; i < tariff->measure_count; i++) {
        uint32_t end = tariff->measures[i].condition + tariff->measures[i].condition_count;
        count = end > count ? end : count;
    }
    return count;
}

static int prepare_schedule(struct levy_builder *builder) {
    struct levy_plan *plan = builder->plan;
    const struct tariff *tariff = plan->tariff;
    struct levy_duty *duties =
        ARENA_ARRAY(builder->arena, struct levy_duty, tariff->duty_count + 1);
    for (uint32_t i = 1; i < tariff->duty_count; i++) {
        if (levy_build_duty(builder, &tariff->duties[i], &duties[i]) != 0) {
            return -1;
        }
    }
    unsigned count = count_conditions(tariff);
    struct levy_threshold *thresholds =
        ARENA_ARRAY(builder->arena, struct levy_threshold, count + 1);
    for (unsigned i = 0; i < count; i++) {
        thresholds[i] = levy_build_threshold(builder, &tariff->conditions[i].threshold);
    }
    uint8_t *levy_of_type = arena_alloc(builder->arena, tariff->type_count + 1);
    for (uint32_t i = 0; i < tariff->type_count; i++) {
        const char *name = tariff->types[i].levy;
        unsigned slot = name != NULL ? levy_slot(plan, name) : (unsigned)LEVY_NO_SLOT;
        levy_of_type[i] =
            (uint8_t)(slot == LEVY_NO_SLOT ? (unsigned)LEVY_MAX : levy_of_slot(plan, slot));
    }
    plan->duties = duties;
    plan->thresholds = thresholds;
    plan->levy_of_type = levy_of_type;
    return 0;
}

static int read_sections(struct levy_builder *builder, const struct node *document) {
    struct levy_plan *plan = builder->plan;
    struct expression_input *inputs =
        ARENA_ARRAY(builder->arena, struct expression_input, LEVY_FACTS_MAX + LEVY_MAX);
    const struct node *levies = node_get(document, "levies");
    if (levies == NULL) {
        return node_error(document, builder->err,
                          "there is no section `levies`: a jurisdiction's file is wanted, or "
                          "levies: FILE in the tariff");
    }
    plan->expression_names =
        (struct expression_names){.inputs = inputs, .currency = plan->exchange.own};
    struct levy_fact *facts = ARENA_ARRAY(builder->arena, struct levy_fact, LEVY_FACTS_MAX);
    if (read_facts(builder, node_get(document, "facts"), inputs, facts) != 0 ||
        read_names(builder, levies, inputs) != 0) {
        return -1;
    }
    plan->expression_names.input_count = plan->fact_count + plan->levy_count;
    plan->value_slot = levy_build_quantity(builder, "customs_value");
    unsigned levy = 0;
    for (const struct node *node = levies->first; node != NULL; node = node->next) {
        if (levy_build_rows(builder, node, levy++) != 0) {
            return -1;
        }
    }
    return levy_build_circles(builder) != 0 ||
                   levy_build_regimes(builder, node_get(document, "regimes"), facts) != 0 ||
                   read_waivers(builder, node_get(document, "waivers")) != 0 ||
                   (plan->tariff != NULL && prepare_schedule(builder) != 0)
               ? -1
               : 0;
}

/* A whole tariff has further sections, which schedule_read checks. */
static int check_sections(const struct node *document, struct error *err) {
    bool is_tariff = node_get(document, "tariff") != NULL || node_get(document, "measures") != NULL;
    return is_tariff ? 0
                     : entry_keys(document,
                                  "clearlab|jurisdiction|summary|source|currency|exchange|facts|"
                                  "levies|waivers|regimes",
                                  "a jurisdiction", err);
}

const struct levy_plan *levy_read(const struct node *document, const struct tariff *tariff,
                                  struct arena *arena, struct error *err) {
    struct levy_plan *plan = ARENA_NEW(arena, struct levy_plan);
    struct levy_builder builder = {.plan = plan, .arena = arena, .err = err};
    const struct node *name = node_get(document, "jurisdiction");
    plan->tariff = tariff;
    plan->jurisdiction = name != NULL ? name->text : NULL;
    if (check_sections(document, err) != 0 ||
        exchange_read(document, arena, &plan->exchange, err) != 0 ||
        read_sections(&builder, document) != 0) {
        return NULL;
    }
    return plan;
}

/* SPDX-License-Identifier: GPL-3.0-or-later
 * tariff_load.c - tariffs and declarations from files. */
#include "sim/commands/tariff_load.h"

#include "core/tariff/entry.h"
#include "sim/commands/tariff_load_claim.h"
#include "sim/scenario/input_file.h"
#include "sim/scenario/tariff_file.h"

#include <string.h>

const struct levy_plan *tariff_load_plan(const char *path, const char *jurisdiction,
                                         struct arena *arena, struct claim_law *law,
                                         struct error *err) {
    const struct node *document = input_file_node(arena, path, err);
    const struct node *levies = node_get(document, "levies");
    const struct tariff *tariff = NULL;
    if (document == NULL || tariff_file_claims(arena, path, document, law, err) != 0) {
        return NULL;
    }
    if (node_get(document, "measures") != NULL) {
        tariff = tariff_file_of(arena, path, document, err);
        if (tariff == NULL) {
            return NULL;
        }
    }
    bool is_named = levies != NULL && levies->kind == NODE_SCALAR;
    if (jurisdiction != NULL || is_named) {
        document = input_file_node(
            arena,
            jurisdiction != NULL ? jurisdiction : input_file_beside(arena, path, levies->text),
            err);
        if (document == NULL) {
            return NULL;
        }
    }
    return levy_read(document, tariff, arena, err);
}

/* ---- declarations ---- */

struct item_reader {
    const struct levy_plan *plan;
    struct arena *arena;
    struct error *err;
    struct tariff_facts *facts;
};

static const char *text_of(const struct node *node) {
    return node != NULL && node->kind == NODE_SCALAR ? node->text : NULL;
}

/* A name in one of the schedule's registers. */
static int read_entry(const struct item_reader *reader, const struct node *node,
                      const struct tariff_register *entries, const char *what, uint16_t *index) {
    if (node == NULL) {
        return 0;
    }
    unsigned found = text_of(node) != NULL ? schedule_entry(entries, node->text) : 0;
    *index = (uint16_t)found;
    return found != 0 ? 0
                      : node_error(node, reader->err, "the tariff has no %s '%s'", what,
                                   text_of(node) != NULL ? node->text : "");
}

static int read_entries(const struct item_reader *reader, const struct node *list,
                        const struct tariff_register *entries, const char *what,
                        const uint16_t **indices, unsigned *count) {
    if (list == NULL) {
        return 0;
    }
    if (list->kind != NODE_SEQUENCE) {
        return node_error(list, reader->err, "expected a list of names");
    }
    uint16_t *found = ARENA_ARRAY(reader->arena, uint16_t, list->count + 1);
    for (const struct node *node = list->first; node != NULL; node = node->next) {
        if (read_entry(reader, node, entries, what, &found[*count]) != 0) {
            return -1;
        }
        (*count)++;
    }
    *indices = found;
    return 0;
}

static int read_goods(const struct item_reader *reader, const struct node *item) {
    const struct tariff *tariff = reader->plan->tariff;
    struct tariff_facts *facts = reader->facts;
    const struct node *code = node_get(item, "code"), *origin = node_get(item, "origin");
    const struct node *suffix = node_get(item, "suffix"), *claim = node_get(item, "preference");
    unsigned digits;
    if (tariff == NULL) {
        return 0;
    }
    if (code == NULL || text_of(code) == NULL ||
        nomenclature_code(code->text, &facts->code, &digits) != 0) {
        return node_error(code != NULL ? code : item, reader->err,
                          "expected code: the goods' code of 2 to 10 digits");
    }
    if (origin != NULL) {
        facts->origin = text_of(origin) != NULL ? schedule_area(tariff, origin->text) : 0;
        if (facts->origin == 0) {
            return node_error(origin, reader->err, "the tariff has no area of this name");
        }
    }
    struct exact number = exact_integer(0);
    if (suffix != NULL && exchange_number(suffix, &number, reader->err) != 0) {
        return -1;
    }
    facts->suffix = (unsigned)number.numerator;
    facts->preference = text_of(claim) != NULL && strcmp(claim->text, "true") == 0;
    return read_entry(reader, node_get(item, "order_number"), &tariff->order_numbers,
                      "order number", &facts->order_number) != 0 ||
                   read_entry(reader, node_get(item, "scheme"), &tariff->schemes, "scheme",
                              &facts->scheme) != 0 ||
                   read_entries(reader, node_get(item, "documents"), &tariff->certificates,
                                "certificate", &facts->documents, &facts->document_count) != 0 ||
                   read_entries(reader, node_get(item, "additional_codes"),
                                &tariff->additional_codes, "additional code",
                                &facts->additional_codes, &facts->additional_code_count) != 0
               ? -1
               : 0;
}

/* Texts that no condition mentions are a symbol of their own. */
static uint32_t symbol_of(const struct levy_plan *plan, const char *text) {
    for (uint32_t i = 0; i < plan->expression_names.symbol_count; i++) {
        if (strcmp(plan->expression_names.symbols[i], text) == 0) {
            return i;
        }
    }
    return plan->expression_names.symbol_count;
}

static int check_choice(const struct item_reader *reader, const struct node *node,
                        const char *choices) {
    size_t length = strlen(node->text);
    for (const char *at = choices; at != NULL; at = strchr(at, '|')) {
        at += *at == '|';
        if (strncmp(at, node->text, length) == 0 && (at[length] == '|' || at[length] == '\0')) {
            return 0;
        }
    }
    return choices == NULL
               ? 0
               : node_error(node, reader->err, "%s: expected one of %s", node->key, choices);
}

static int read_fact(const struct item_reader *reader, const struct node *node, unsigned slot) {
    const struct levy_plan *plan = reader->plan;
    struct exact number;
    struct value value = {.type = slot < plan->fact_count ? plan->expression_names.inputs[slot].type
                                                          : VALUE_DECIMAL};
    if (node->kind != NODE_SCALAR) {
        return node_error(node, reader->err, "expected a value");
    }
    switch (value.type) {
    case VALUE_SYMBOL:
        value.symbol = symbol_of(plan, node->text);
        if (check_choice(reader, node, plan->expression_names.inputs[slot].choices) != 0) {
            return -1;
        }
        break;
    case VALUE_BOOLEAN:
        value.boolean = strcmp(node->text, "true") == 0;
        if (!value.boolean && strcmp(node->text, "false") != 0) {
            return node_error(node, reader->err, "expected true or false");
        }
        break;
    case VALUE_DATE:
        if (exchange_day(node, &value.date_day, reader->err) != 0) {
            return -1;
        }
        break;
    default:
        if (exchange_number(node, &number, reader->err) != 0) {
            return -1;
        }
        assess_facts_number(plan, reader->facts, slot, number);
        return 0;
    }
    assess_facts_value(plan, reader->facts, slot, value);
    return 0;
}

static int read_facts(const struct item_reader *reader, const struct node *facts) {
    const struct levy_plan *plan = reader->plan;
    if (facts != NULL && facts->kind != NODE_MAPPING) {
        return node_error(facts, reader->err, "expected facts by name, e.g. {customs_value: 500}");
    }
    for (const struct node *node = facts != NULL ? facts->first : NULL; node != NULL;
         node = node->next) {
        unsigned slot = levy_slot(plan, node->key);
        if (slot == LEVY_NO_SLOT || levy_of_slot(plan, slot) != LEVY_MAX) {
            return node_key_error(node, reader->err, "there is no fact or quantity '%s'%s",
                                  node->key,
                                  error_hint(node->key, plan->names, plan->slot_count, "").text);
        }
        if (read_fact(reader, node, slot) != 0) {
            return -1;
        }
    }
    return 0;
}

#define HEAD_KEYS "clearlab|declaration|date"
#define ITEM_KEYS                                                                   \
    "code|suffix|origin|preference|scheme|order_number|facts|documents|additional_" \
    "codes|" TARIFF_LOAD_CLAIM_KEYS

static int read_item(const struct levy_plan *plan, const struct node *item, struct arena *arena,
                     struct claim *claim, struct error *err) {
    struct tariff_facts *facts = ARENA_NEW(arena, struct tariff_facts);
    struct item_reader reader = {.plan = plan, .arena = arena, .err = err, .facts = facts};
    assess_facts_init(plan, arena, facts);
    claim->entry.facts = facts;
    return read_goods(&reader, item) != 0 || read_facts(&reader, node_get(item, "facts")) != 0
               ? -1
               : tariff_load_claim(plan->tariff, item, arena, claim, err);
}

/* A declaration of one item has its keys at the top; of several, a list of them. */
static int check_keys(const struct node *document, const struct node *list, struct error *err) {
    if (list == NULL) {
        return entry_keys(document, HEAD_KEYS "|items|" ITEM_KEYS, "a declaration", err);
    }
    if (list->kind != NODE_SEQUENCE || list->count == 0) {
        return node_error(list, err, "expected a list of items");
    }
    for (const struct node *item = list->first; item != NULL; item = item->next) {
        if (entry_keys(item, ITEM_KEYS, "an item", err) != 0) {
            return -1;
        }
    }
    return entry_keys(document, HEAD_KEYS "|items", "a declaration of several items", err);
}

int tariff_load_declaration(const struct levy_plan *plan, const char *path, int64_t on_day,
                            struct arena *arena, struct tariff_items *items, struct error *err) {
    const struct node *document = input_file_node(arena, path, err);
    const struct node *list = node_get(document, "items"), *date = node_get(document, "date");
    const char *name = text_of(node_get(document, "declaration"));
    int64_t day = on_day;
    if (document == NULL || check_keys(document, list, err) != 0 ||
        (on_day == INT64_MIN && exchange_day(date, &day, err) != 0)) {
        return -1;
    }
    if (day == INT64_MIN) {
        return node_error(document, err, "there is no date: write date: DATE, or give --on DATE");
    }
    unsigned number = 0;
    items->declaration_count++;
    const struct node *item = list != NULL ? list->first : document;
    for (; item != NULL; item = list != NULL ? item->next : NULL) {
        items->claims =
            arena_grow(arena, items->claims, items->count, &items->capacity, sizeof *items->claims);
        struct claim *claim = &items->claims[items->count];
        *claim =
            (struct claim){.entry = {.goods_day = day, .declaration = items->declaration_count}};
        claim->entry.id = arena_format(arena, "%s item %u", name != NULL ? name : path, ++number);
        if (read_item(plan, item, arena, claim, err) != 0) {
            return -1;
        }
        items->count++;
    }
    return 0;
}

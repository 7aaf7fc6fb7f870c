/* SPDX-License-Identifier: GPL-3.0-or-later
 * quota_read.c - the section `quotas` of a tariff, checked as a whole: definitions of one order
 * number don't overlap, a part lies within its main in time and unit, the parts of one main have
 * one relation (the rules QA1 to QA6 of the European tariff data model). */
#include "core/base/units.h"
#include "core/tariff/entry.h"
#include "core/tariff/quota.h"

#include <stdlib.h>
#include <string.h>

static const char QUOTA_KEYS[] = "unit|step|ties|licensed|critical|part_of|definitions";
static const char DEFINITION_KEYS[] = "from|to|volume|balance|blocked|suspended|carry_over";

struct draft {
    struct quota_definition definition;
    const struct node *node;    /* of the definition */
    const struct node *part_of; /* of its quota; NULL */
    const char *main_number;
    bool has_volume;
};

struct reader {
    struct arena *arena;
    struct error *err;
    struct draft *drafts;
    size_t count, capacity;
};

static int read_days(const struct node *node, int64_t *from, int64_t *to, struct error *err) {
    const struct node *from_node = entry_need(node, "from", err);
    const struct node *to_node = entry_need(node, "to", err);
    if (from_node == NULL || to_node == NULL || entry_day(from_node, from, err) < 0 ||
        entry_day(to_node, to, err) < 0) {
        return -1;
    }
    return *from <= *to ? 0 : node_error(to_node, err, "the end is before the begin");
}

static int read_periods(struct reader *reader, const struct node *node, unsigned *count,
                        const struct quota_period **periods) {
    if (node == NULL) {
        return 0;
    }
    if (node->kind != NODE_SEQUENCE) {
        return node_error(node, reader->err, "expected a list of {from: DATE, to: DATE}");
    }
    struct quota_period *items = ARENA_ARRAY(reader->arena, struct quota_period, node->count);
    unsigned index = 0;
    for (const struct node *item = node->first; item != NULL; item = item->next, index++) {
        if (entry_keys(item, "from|to", "a period", reader->err) < 0 ||
            read_days(item, &items[index].from_day, &items[index].to_day, reader->err) < 0) {
            return -1;
        }
    }
    *count = index;
    *periods = items;
    return 0;
}

static int read_critical(const struct node *node, struct quota_critical *critical,
                         struct error *err) {
    *critical = (struct quota_critical){.used_share = exact_ratio(9, 10)};
    if (node == NULL) {
        return 0;
    }
    const struct node *at = node_get(node, "at"), *from = node_get(node, "from_opening");
    const struct node *stays = node_get(node, "stays");
    if (entry_keys(node, "at|from_opening|stays", "a critical state", err) < 0 ||
        (at != NULL && entry_share(at, 100, &critical->used_share, err) < 0) ||
        (from != NULL && entry_boolean(from, &critical->from_opening, err) < 0) ||
        (stays != NULL && entry_boolean(stays, &critical->stays, err) < 0)) {
        return -1;
    }
    return 0;
}

/* The relation and coefficient; which main it is becomes known when all are read. */
static int read_part(const struct node *node, struct draft *draft, struct error *err) {
    struct quota_definition *definition = &draft->definition;
    if (node == NULL) {
        return 0;
    }
    int relation = 0;
    const struct node *quota, *related = node_get(node, "relation");
    const struct node *coefficient = node_get(node, "coefficient");
    if (entry_keys(node, "quota|relation|coefficient", "a part of a quota", err) < 0 ||
        (quota = entry_need(node, "quota", err)) == NULL ||
        entry_text(quota, &draft->main_number, err) < 0 ||
        (related != NULL && entry_choice(related, "normal|equivalent", &relation, err) < 0) ||
        (coefficient != NULL &&
         entry_number(coefficient, QUOTA_COEFFICIENT_MAX, QUOTA_COEFFICIENT_DECIMALS_MAX,
                      &definition->coefficient, err) < 0)) {
        return -1;
    }
    if (exact_sign(definition->coefficient) == 0) {
        return node_error(coefficient, err, "a coefficient is above zero");
    }
    definition->relation = relation == 0 ? QUOTA_NORMAL : QUOTA_EQUIVALENT;
    draft->part_of = node;
    return 0;
}

/* What all definitions of an order number share. */
static int read_common(const struct node *node, struct draft *draft, struct error *err) {
    struct quota_definition *definition = &draft->definition;
    *draft = (struct draft){.definition = {.order_number = node->key,
                                           .volume = exact_integer(0),
                                           .balance = exact_integer(0),
                                           .step = exact_ratio(1, 1000),
                                           .main = -1,
                                           .coefficient = exact_integer(1)}};
    const struct node *unit, *step = node_get(node, "step"), *ties = node_get(node, "ties");
    const struct node *licensed = node_get(node, "licensed");
    int tie = 0;
    if (entry_keys(node, QUOTA_KEYS, "a quota", err) < 0 ||
        (unit = entry_need(node, "unit", err)) == NULL ||
        entry_text(unit, &definition->unit, err) < 0 ||
        (step != NULL &&
         entry_number(step, 1000000, QUOTA_DECIMALS_MAX, &definition->step, err) < 0) ||
        (ties != NULL && entry_choice(ties, "pro_rata|in_order", &tie, err) < 0) ||
        (licensed != NULL && entry_boolean(licensed, &definition->licensed, err) < 0) ||
        read_critical(node_get(node, "critical"), &definition->critical, err) < 0 ||
        read_part(node_get(node, "part_of"), draft, err) < 0) {
        return -1;
    }
    if (exact_sign(definition->step) == 0) {
        return node_error(step, err, "a step is above zero");
    }
    if (ties != NULL && draft->part_of != NULL) {
        return node_key_error(ties, err, "a part of a quota has the ties of its main");
    }
    definition->in_order = tie == 1;
    return 0;
}

static int read_carry(const struct node *node, struct quota_definition *definition,
                      struct error *err) {
    struct quota_carry *carry = &definition->carry;
    *carry = (struct quota_carry){.to = -1,
                                  .share = exact_integer(1),
                                  .max = exact_integer(QUOTA_VOLUME_MAX),
                                  .on_day = definition->to_day + 1};
    if (node == NULL) {
        return 0;
    }
    const struct node *share = node_get(node, "share"), *max = node_get(node, "max");
    const struct node *on = node_get(node, "on");
    if (entry_keys(node, "share|max|on", "a carry-over", err) < 0 ||
        (share != NULL && entry_share(share, 100, &carry->share, err) < 0) ||
        (max != NULL &&
         entry_number(max, QUOTA_VOLUME_MAX, QUOTA_DECIMALS_MAX, &carry->max, err) < 0) ||
        (on != NULL && entry_day(on, &carry->on_day, err) < 0)) {
        return -1;
    }
    if (carry->on_day <= definition->to_day) {
        return node_error(on, err, "a balance is carried over when its definition has ended");
    }
    carry->to = 0; /* which one is known when all are read */
    return 0;
}

static int read_volume(const struct node *node, struct draft *draft, struct error *err) {
    struct quota_definition *definition = &draft->definition;
    const struct node *volume = node_get(node, "volume"), *balance = node_get(node, "balance");
    draft->has_volume = volume != NULL;
    if (definition->relation == QUOTA_EQUIVALENT && balance != NULL) {
        return node_key_error(balance, err, "an equivalent quota has no balance of its own");
    }
    if (volume == NULL && definition->relation == QUOTA_EQUIVALENT) {
        return 0; /* its main's */
    }
    if ((volume = entry_need(node, "volume", err)) == NULL ||
        entry_number(volume, QUOTA_VOLUME_MAX, QUOTA_DECIMALS_MAX, &definition->volume, err) < 0) {
        return -1;
    }
    definition->balance = definition->volume;
    if (balance != NULL && entry_number(balance, QUOTA_VOLUME_MAX, QUOTA_DECIMALS_MAX,
                                        &definition->balance, err) < 0) {
        return -1;
    }
    return exact_compare(definition->balance, definition->volume) <= 0
               ? 0
               : node_error(balance, err, "the balance is above the volume");
}

static int read_definition(struct reader *reader, const struct node *node,
                           const struct draft *common) {
    struct draft draft = *common;
    struct quota_definition *definition = &draft.definition;
    draft.node = node;
    if (entry_keys(node, DEFINITION_KEYS, "a definition", reader->err) < 0 ||
        read_days(node, &definition->from_day, &definition->to_day, reader->err) < 0 ||
        read_volume(node, &draft, reader->err) < 0 ||
        read_periods(reader, node_get(node, "blocked"), &definition->blocked_count,
                     &definition->blocked) < 0 ||
        read_periods(reader, node_get(node, "suspended"), &definition->suspended_count,
                     &definition->suspended) < 0 ||
        read_carry(node_get(node, "carry_over"), definition, reader->err) < 0) {
        return -1;
    }
    reader->drafts = arena_grow(reader->arena, reader->drafts, reader->count, &reader->capacity,
                                sizeof *reader->drafts);
    reader->drafts[reader->count++] = draft;
    return 0;
}

static int read_quota(struct reader *reader, const struct node *node) {
    struct draft common;
    if (read_common(node, &common, reader->err) < 0) {
        return -1;
    }
    const struct node *definitions = entry_need(node, "definitions", reader->err);
    if (definitions == NULL) {
        return -1;
    }
    if (definitions->kind != NODE_SEQUENCE) {
        return node_error(definitions, reader->err, "expected a list of definitions");
    }
    for (const struct node *item = definitions->first; item != NULL; item = item->next) {
        if (read_definition(reader, item, &common) < 0) {
            return -1;
        }
    }
    return 0;
}

/* --- the section as a whole --- */

static int by_number_and_day(const void *left, const void *right) {
    const struct quota_definition *a = &((const struct draft *)left)->definition;
    const struct quota_definition *b = &((const struct draft *)right)->definition;
    int order = strcmp(a->order_number, b->order_number);
    if (order != 0) {
        return order;
    }
    return (a->from_day > b->from_day) - (a->from_day < b->from_day);
}

static int check_neighbours(struct reader *reader) {
    for (size_t i = 0; i < reader->count; i++) {
        struct draft *draft = &reader->drafts[i];
        const struct draft *next = i + 1 < reader->count ? draft + 1 : NULL;
        bool has_next = next != NULL &&
                        strcmp(next->definition.order_number, draft->definition.order_number) == 0;
        if (has_next && next->definition.from_day <= draft->definition.to_day) {
            char day[16];
            units_print_date(draft->definition.to_day, day);
            return node_error(next->node, reader->err,
                              "begins before the former definition of %s ends on %s",
                              draft->definition.order_number, day);
        }
        if (draft->definition.carry.to >= 0) {
            if (!has_next || draft->definition.relation == QUOTA_EQUIVALENT) {
                return node_error(node_get(draft->node, "carry_over"), reader->err,
                                  has_next ? "an equivalent quota has no balance to carry over"
                                           : "there is no next definition to carry over to");
            }
            draft->definition.carry.to = (int)i + 1;
        }
    }
    return 0;
}

static int unknown_main(struct reader *reader, const struct draft *draft) {
    const char **names = ARENA_ARRAY(reader->arena, const char *, reader->count);
    unsigned count = 0;
    for (size_t i = 0; i < reader->count; i++) {
        const char *name = reader->drafts[i].definition.order_number;
        if (count == 0 || strcmp(names[count - 1], name) != 0) {
            names[count++] = name;
        }
        if (strcmp(name, draft->main_number) == 0) {
            return node_error(draft->node, reader->err,
                              "no definition of %s, its main quota, has all of its days", name);
        }
    }
    return entry_unknown(node_get(draft->part_of, "quota"), "quota", draft->main_number, names,
                         count, reader->err);
}

static int find_main(struct reader *reader, const struct quotas *all, struct draft *draft) {
    struct quota_definition *own = &draft->definition;
    int index = quota_find(all, draft->main_number, own->from_day);
    if (index < 0 || all->definitions[index].to_day < own->to_day) {
        return unknown_main(reader, draft);
    }
    const struct quota_definition *found = &all->definitions[index];
    if (strcmp(found->unit, own->unit) != 0) {
        return node_error(draft->part_of, reader->err, "%s counts %s, its main quota %s counts %s",
                          own->order_number, own->unit, found->order_number, found->unit);
    }
    if (own->relation == QUOTA_EQUIVALENT && draft->has_volume &&
        exact_compare(own->volume, found->volume) != 0) {
        return node_error(node_get(draft->node, "volume"), reader->err,
                          "an equivalent quota has the volume of its main");
    }
    own->main = index;
    return 0;
}

/* How deep it stands, and what it has from its mains. */
static int find_level(struct reader *reader, struct draft *draft) {
    const struct quota_definition *at = &draft->definition;
    int level = 0;
    while (at->main >= 0) {
        at = &reader->drafts[at->main].definition;
        if (++level >= QUOTA_LEVELS_MAX) {
            return node_error(draft->part_of, reader->err,
                              "quotas within quotas go no deeper than %d, and never in a circle",
                              QUOTA_LEVELS_MAX);
        }
    }
    draft->definition.level = level;
    draft->definition.in_order = at->in_order;
    return 0;
}

/* The parts of a main are all normal or all equivalent. `first` holds a part of each main, or -1.
 */
static int check_relations(struct reader *reader) {
    int *first = ARENA_ARRAY(reader->arena, int, reader->count);
    for (size_t i = 0; i < reader->count; i++) {
        first[i] = -1;
    }
    for (size_t i = 0; i < reader->count; i++) {
        const struct draft *draft = &reader->drafts[i];
        int whole = draft->definition.main;
        if (whole < 0) {
            continue;
        }
        if (first[whole] < 0) {
            first[whole] = (int)i;
        }
        const struct quota_definition *sibling = &reader->drafts[first[whole]].definition;
        if (sibling->relation != draft->definition.relation) {
            return node_error(draft->part_of, reader->err,
                              "the parts of %s are all normal or all equivalent; %s is not as this",
                              draft->main_number, sibling->order_number);
        }
    }
    return 0;
}

static void copy_definitions(const struct reader *reader, struct quota_definition *definitions) {
    for (size_t i = 0; i < reader->count; i++) {
        definitions[i] = reader->drafts[i].definition;
    }
}

int quota_read(const struct node *section, struct arena *arena, struct quotas *quotas,
               struct error *err) {
    struct reader reader = {.arena = arena, .err = err};
    if (section->kind != NODE_MAPPING) {
        return node_error(section, err, "quotas is a mapping of order numbers");
    }
    for (const struct node *node = section->first; node != NULL; node = node->next) {
        if (read_quota(&reader, node) < 0) {
            return -1;
        }
    }
    struct quotas all = {.count = (unsigned)reader.count};
    struct quota_definition *definitions =
        ARENA_ARRAY(arena, struct quota_definition, reader.count);
    if (reader.count > 0) {
        qsort(reader.drafts, reader.count, sizeof *reader.drafts, by_number_and_day);
    }
    if (check_neighbours(&reader) < 0) {
        return -1;
    }
    copy_definitions(&reader, definitions);
    all.definitions = definitions;
    for (size_t i = 0; i < reader.count; i++) {
        if (reader.drafts[i].part_of != NULL && find_main(&reader, &all, &reader.drafts[i]) < 0) {
            return -1;
        }
    }
    for (size_t i = 0; i < reader.count; i++) {
        if (find_level(&reader, &reader.drafts[i]) < 0) {
            return -1;
        }
    }
    if (check_relations(&reader) < 0) {
        return -1;
    }
    copy_definitions(&reader, definitions);
    *quotas = all;
    return 0;
}

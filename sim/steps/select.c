/* SPDX-License-Identifier: GPL-3.0-or-later
 * select.c - the channel: green, yellow or red.
 *
 * By shares: a list of rules, of which the first whose condition holds gives the shares. One
 * uniform number a consignment decides, red at its lower end, so raising a share never sends away
 * somebody who was selected.
 *
 * By a profile: a page of rules (core/risk/profile.h), which gets the same number as `draw`. */
#include "core/risk/profile.h"
#include "sim/run/walk.h"
#include "sim/scenario/builder.h"
#include "sim/scenario/rule_page.h"
#include "sim/world/facts.h"

#include <stdlib.h>

struct rule {
    struct field_item item;
    const struct expression *when;
    double red, yellow;
};

struct params {
    struct field_items rules;
    const struct node *page; /* NULL: by shares */
    const struct profile *profile;
};

static const struct field rule_fields[] = {
    FIELD(struct rule, when, FIELD_CONDITION, .doc = "Whom the rule is about; absent: everybody."),
    FIELD(struct rule, red, FIELD_SHARE, .text_default = "0 %",
          .doc = "Share sent to examination."),
    FIELD(struct rule, yellow, FIELD_SHARE, .text_default = "0 %",
          .doc = "Share sent to a check of documents."),
    FIELD_END};

static const struct field fields[] = {
    FIELD(struct params, rules, FIELD_LIST, .inner = rule_fields, .inner_size = sizeof(struct rule),
          .doc = "Rules in order; the first whose condition holds decides, and whoever no rule is "
                 "about is green."),
    FIELD_AS(struct params, page, "profile", FIELD_NODE,
             .doc =
                 "In place of `rules`: a file with a page of rules that has an output `channel`, "
                 "see scenarios/rules/README.md. Whoever no rule is about is green."),
    FIELD_END};

static int resolve(struct builder *builder, struct step *step, void *params, struct error *err) {
    struct params *select = params;
    if ((select->page == NULL) == (select->rules.count == 0)) {
        return node_error(step->node, err, "step '%s': expected either `rules` or `profile`",
                          step->name);
    }
    if (select->page != NULL) {
        select->profile = rule_page_bind(builder->arena, select->page, err);
        return select->profile != NULL ? 0 : -1;
    }
    const struct rule *rules = select->rules.items;
    for (unsigned i = 0; i < select->rules.count; i++) {
        if (rules[i].red + rules[i].yellow > 1) {
            return node_error(rules[i].item.node, err,
                              "red and yellow together are more than 100 %%");
        }
    }
    return 0;
}

static enum channel by_shares(struct replication *rep, const struct params *params,
                              const struct consignment *consignment, const struct token *token,
                              double u) {
    const struct rule *rules = params->rules.items;
    for (unsigned i = 0; i < params->rules.count; i++) {
        if (rules[i].when == NULL || facts_hold(rep, consignment, token, rules[i].when)) {
            return u < rules[i].red                     ? CHANNEL_RED
                   : u < rules[i].red + rules[i].yellow ? CHANNEL_YELLOW
                                                        : CHANNEL_GREEN;
        }
    }
    return CHANNEL_GREEN;
}

/* Worlds know the chapter of goods, so their code ends in zeros. */
static enum channel by_profile(const struct replication *rep, const struct params *params,
                               const struct consignment *consignment, double u) {
    const struct world *world = &rep->scenario->world;
    struct declaration declaration = {
        .number = consignment->entity,
        .time_ns = rep->now_ns,
        .trader = consignment->trader + 1,
        .mass_kg = consignment->mass_kg,
        .value = consignment->value,
        .duty_share = consignment->duty_share,
    };
    if (consignment->chapter != 0) {
        const char *chapter = world->chapters[consignment->chapter - 1].name;
        declaration.goods = (uint32_t)strtoul(chapter, NULL, 10) * 10000;
    }
    struct profile_facts facts = {
        .declaration = &declaration,
        .probability = __builtin_nan(""),
        .trader = world->class_count == 0 ? NULL : world->classes[consignment->trader_class].name,
        .draw = u,
    };
    int64_t day = world->start_day + rep->now_ns / CALENDAR_DAY_NS;
    return profile_ask(params->profile, &facts, day).channel;
}

static void end(struct replication *rep, const struct step *step, struct token *token) {
    const struct params *params = step->params;
    struct consignment *consignment = consignment_at(rep, token->consignment);
    struct draw draw = walk_draw(rep, token, step->purpose);
    double u = random_uniform(draw.key, draw.entity, draw.purpose, draw.index);
    enum channel channel = params->profile != NULL ? by_profile(rep, params, consignment, u)
                                                   : by_shares(rep, params, consignment, token, u);
    consignment->channel = channel == CHANNEL_NONE ? CHANNEL_GREEN : (uint8_t)channel;
}

const struct step_type step_type_select = {
    .name = "select",
    .doc = "Sets the channel of the consignment, by shares or by a page of rules.",
    .fields = fields,
    .params_size = sizeof(struct params),
    .resolve = resolve,
    .end = end,
};

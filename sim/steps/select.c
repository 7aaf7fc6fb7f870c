/* SPDX-License-Identifier: GPL-3.0-or-later
 * select.c - the channel: green, yellow or red.
 *
 * A list of rules; the first whose condition holds gives the shares. One uniform number a
 * consignment decides, red at its lower end, so raising a share never sends away somebody who was
 * selected. */
#include "sim/run/walk.h"
#include "sim/scenario/builder.h"
#include "sim/world/facts.h"

struct rule {
    struct field_item item;
    const struct expression *when;
    double red, yellow;
};

struct params {
    struct field_items rules;
};

static const struct field rule_fields[] = {
    FIELD(struct rule, when, FIELD_CONDITION, .doc = "Whom the rule is about; absent: everybody."),
    FIELD(struct rule, red, FIELD_SHARE, .text_default = "0 %",
          .doc = "Share sent to examination."),
    FIELD(struct rule, yellow, FIELD_SHARE, .text_default = "0 %",
          .doc = "Share sent to a check of documents."),
    FIELD_END};

static const struct field fields[] = {
    FIELD(struct params, rules, FIELD_LIST, .required = true, .inner = rule_fields,
          .inner_size = sizeof(struct rule),
          .doc = "Rules in order; the first whose condition holds decides, and whoever no rule is "
                 "about is green."),
    FIELD_END};

static int resolve(struct builder *builder, struct step *step, void *params, struct error *err) {
    (void)builder;
    (void)step;
    const struct params *select = params;
    const struct rule *rules = select->rules.items;
    for (unsigned i = 0; i < select->rules.count; i++) {
        if (rules[i].red + rules[i].yellow > 1) {
            return node_error(rules[i].item.node, err,
                              "red and yellow together are more than 100 %%");
        }
    }
    return 0;
}

static void end(struct replication *rep, const struct step *step, struct token *token) {
    const struct params *params = step->params;
    const struct rule *rules = params->rules.items;
    struct consignment *consignment = consignment_at(rep, token->consignment);
    struct draw draw = walk_draw(rep, token, step->purpose);
    double u = random_uniform(draw.key, draw.entity, draw.purpose, draw.index);
    consignment->channel = CHANNEL_GREEN;
    for (unsigned i = 0; i < params->rules.count; i++) {
        if (rules[i].when == NULL || facts_hold(rep, consignment, token, rules[i].when)) {
            consignment->channel = u < rules[i].red                     ? CHANNEL_RED
                                   : u < rules[i].red + rules[i].yellow ? CHANNEL_YELLOW
                                                                        : CHANNEL_GREEN;
            return;
        }
    }
}

const struct step_type step_type_select = {
    .name = "select",
    .doc = "Sets the channel of the consignment.",
    .fields = fields,
    .params_size = sizeof(struct params),
    .resolve = resolve,
    .end = end,
};

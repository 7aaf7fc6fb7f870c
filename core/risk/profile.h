/* SPDX-License-Identifier: GPL-3.0-or-later
 * profile.h - a page of rules that chooses channels: bound by names to what is known of a
 * declaration.
 *
 * An input of the page is one of PROFILE_FACTS; other inputs are an error that names these. The
 * page has an output `channel` of the texts red, yellow, green; a `reason` is for people. Where no
 * rule fires the page says nothing, and the budget decides (selection.h). */
#ifndef CORE_RISK_PROFILE_H
#define CORE_RISK_PROFILE_H

#include "core/risk/channel.h"
#include "core/risk/declaration.h"
#include "core/rule/rule.h"

/* Name and meaning. */
#define PROFILE_FACTS(X)                                                        \
    X(risk_score, "0 to 100: the model's probability of a finding in percent")  \
    X(trader, "authorised, known or new")                                       \
    X(chapter, "first two digits of the Harmonized System")                     \
    X(goods, "its six digits; missing where no more than the chapter is known") \
    X(origin, "country, two letters")                                           \
    X(departure, "country, two letters")                                        \
    X(value, "as declared")                                                     \
    X(mass, "as declared, kg")                                                  \
    X(duty_share, "rate of duty")                                               \
    X(draw, "a uniform number of the declaration's own")

struct profile_facts {
    const struct declaration *declaration;
    double probability; /* of the model; NaN: no score */
    const char *trader; /* NULL: not known */
    double draw;
};

struct profile;

struct profile_answer {
    enum channel channel; /* NONE: no rule fired */
    const char *reason;   /* "" for none; of the page */
    const char *rule;     /* the name of the rule that fired, "" for none */
    const char *reference;
    unsigned cost;
};

/* NULL and an error. The rule must live as long. */
const struct profile *profile_bind(const struct rule *rule, struct arena *arena, struct error *err);

/* Pure; any number of threads may ask. Rules that contradict each other, and facts outside of the
 * ranges of the page, send to red: `reason` says so. */
struct profile_answer profile_ask(const struct profile *profile, const struct profile_facts *facts,
                                  int64_t day);

#endif

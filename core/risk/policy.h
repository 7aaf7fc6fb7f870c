/* SPDX-License-Identifier: GPL-3.0-or-later
 * policy.h - what a new rate, embargo or agreement changes in risk from its date on, without
 * training anew.
 *
 * A model has learnt from a time when the policy was another. An event says for which goods and
 * origins, from which day, how the odds of a finding change (who pays more has more reason to
 * cheat), which duty counts in revenue, and which channel is the least. The change of the odds
 * fades with a half-life, as the model comes to see declarations made under the policy. */
#ifndef CORE_RISK_POLICY_H
#define CORE_RISK_POLICY_H

#include "core/risk/alert.h"
#include "core/risk/channel.h"
#include "core/risk/declaration.h"

struct policy_event {
    const char *name;                 /* for people */
    int64_t from_day, to_day;         /* to_day: the last one; INT64_MAX: for good */
    uint32_t goods_first, goods_last; /* codes of six digits; 0 and UINT32_MAX: all */
    uint16_t origin;                  /* 0: all */
    double odds_factor;               /* 1: as before */
    double half_life_days;            /* of the factor's logarithm; 0: never fades */
    double duty_share;                /* the new rate; NaN: as declared */
    enum channel least_channel;       /* NONE: as selected */
    enum alert_severity severity;     /* of the alert on its first day */
};

struct policy_effect {
    double probability, duty_share;
    enum channel least_channel;
    const struct policy_event *strictest; /* the event behind least_channel, NULL: none */
};

/* What all events together make of a model's probability for a declaration of that day. */
struct policy_effect policy_apply(const struct policy_event *events, uint32_t count,
                                  const struct declaration *declaration, int64_t day,
                                  double probability);

/* Raises the alerts of the events that begin in after_day < from_day <= day; returns how many went
 * out. `alerts` has room for `count`. Analysts are told, of embargoes officers too. */
uint32_t policy_alert(const struct policy_event *events, uint32_t count, int64_t after_day,
                      int64_t day, struct alert_desk *desk, struct alert *alerts);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later
 * policy.c - see policy.h. */
#include "core/risk/policy.h"

#include "core/base/numeric.h"

static bool concerns(const struct policy_event *event, const struct declaration *declaration,
                     int64_t day) {
    return day >= event->from_day && day <= event->to_day &&
           declaration->goods >= event->goods_first && declaration->goods <= event->goods_last &&
           (event->origin == 0 || event->origin == declaration->origin);
}

/* ln of what is left of the factor. */
static double log_factor(const struct policy_event *event, int64_t day) {
    double fading = 1.0;
    if (event->half_life_days > 0.0) {
        double age = (double)(day - event->from_day) / event->half_life_days;
        fading = numeric_exp(-0.6931471805599453 * age);
    }
    return numeric_log(event->odds_factor) * fading;
}

struct policy_effect policy_apply(const struct policy_event *events, uint32_t count,
                                  const struct declaration *declaration, int64_t day,
                                  double probability) {
    struct policy_effect effect = {probability, declaration->duty_share, CHANNEL_NONE, NULL};
    double shift = 0.0;
    for (uint32_t i = 0; i < count; i++) {
        if (!concerns(&events[i], declaration, day)) {
            continue;
        }
        shift += log_factor(&events[i], day);
        if (events[i].duty_share == events[i].duty_share) {
            effect.duty_share = events[i].duty_share;
        }
        if (events[i].least_channel > effect.least_channel) {
            effect.least_channel = events[i].least_channel;
            effect.strictest = &events[i];
        }
    }
    if (shift != 0.0) {
        double odds = numeric_exp(shift) * probability;
        effect.probability = odds / (1.0 - probability + odds);
    }
    return effect;
}

uint32_t policy_alert(const struct policy_event *events, uint32_t count, int64_t after_day,
                      int64_t day, struct alert_desk *desk, struct alert *alerts) {
    uint32_t sent = 0;
    for (uint32_t i = 0; i < count; i++) {
        const struct policy_event *event = &events[i];
        if (event->from_day <= after_day || event->from_day > day) {
            continue;
        }
        enum alert_addressee to =
            event->least_channel == CHANNEL_RED ? ALERT_TO_officer : ALERT_TO_analyst;
        sent += alert_raise(desk, day * INT64_C(86400000000000), event->severity, to, &alerts[sent],
                            "%s is in force: the odds of a finding count %.2g times", event->name,
                            event->odds_factor);
    }
    return sent;
}

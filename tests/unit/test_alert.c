/* SPDX-License-Identifier: GPL-3.0-or-later
 * Goal: alert.h and policy.h. Method: purses by hand; a policy's effect by the formula on, before
 * and after its days, with the model untouched. */
#include "tests/test.h"

#include "core/risk/policy.h"

#include <math.h>

static const int64_t day_ns = INT64_C(86400000000000);

static void test_purse(void) {
    struct alert_desk desk = alert_desk_open(4.0, 8.0, 0);
    struct alert alert;
    unsigned sent = 0;
    for (unsigned i = 0; i < 20; i++) {
        sent += alert_raise(&desk, 0, ALERT_notice, ALERT_TO_analyst, &alert, "change %u", i);
    }
    CHECK_INT(sent, 5); /* 8, 7, 6, 5 and 4 in the purse; at 3 notices wait */
    CHECK_TEXT(alert.reason, "change 4");
    sent = 0;
    for (unsigned i = 0; i < 20; i++) {
        sent += alert_raise(&desk, 0, ALERT_warning, ALERT_TO_analyst, &alert, "drift");
    }
    CHECK_INT(sent, 2);
    CHECK_INT(alert.kept_back, 0);
    CHECK(alert_raise(&desk, 0, ALERT_alarm, ALERT_TO_analyst, &alert, "embargo"));
    CHECK_INT(alert.kept_back, 18); /* of the warnings; the first one told of the notices */
    CHECK(alert_raise(&desk, 0, ALERT_alarm, ALERT_TO_analyst, &alert, "embargo"));
    CHECK(alert_raise(&desk, 0, ALERT_notice, ALERT_TO_officer, &alert, "another purse"));
    CHECK(!alert_raise(&desk, day_ns / 2, ALERT_notice, ALERT_TO_analyst, &alert, "too early"));
    CHECK(alert_raise(&desk, day_ns, ALERT_notice, ALERT_TO_analyst, &alert, "a day later"));
    CHECK_INT(alert.kept_back, 1);
    CHECK_TEXT(alert_severity_name(ALERT_alarm), "alarm");
    CHECK_TEXT(alert_addressee_name(ALERT_TO_intelligence), "intelligence");
}

static const struct policy_event events[] = {
    {.name = "additional duty on solar cells",
     .from_day = 100,
     .to_day = INT64_MAX,
     .goods_first = 854140,
     .goods_last = 854149,
     .origin = 0,
     .odds_factor = 3.0,
     .half_life_days = 50.0,
     .duty_share = 0.25,
     .severity = ALERT_warning},
    {.name = "embargo",
     .from_day = 120,
     .to_day = 130,
     .goods_first = 0,
     .goods_last = UINT32_MAX,
     .origin = 0x5858,
     .odds_factor = 1.0,
     .duty_share = NAN,
     .least_channel = CHANNEL_RED,
     .severity = ALERT_alarm},
};

static struct policy_effect on(int64_t day, uint32_t goods, uint16_t origin) {
    struct declaration declaration = {.goods = goods, .origin = origin, .duty_share = 0.02};
    return policy_apply(events, 2, &declaration, day, 0.1);
}

static void test_policy(void) {
    struct policy_effect effect = on(99, 854142, 0x5858);
    CHECK(effect.probability == 0.1 && effect.duty_share == 0.02);
    CHECK_INT(effect.least_channel, CHANNEL_NONE);
    effect = on(100, 854142, 0);
    CHECK_NEAR(effect.probability / (1.0 - effect.probability), 3.0 * 0.1 / 0.9, 1e-12);
    CHECK(effect.duty_share == 0.25);
    effect = on(150, 854149, 0); /* half of the factor's logarithm is left */
    CHECK_NEAR(effect.probability / (1.0 - effect.probability), sqrt(3.0) * 0.1 / 0.9, 1e-12);
    CHECK(on(150, 854150, 0).probability == 0.1);
    effect = on(120, 10121, 0x5858);
    CHECK(effect.least_channel == CHANNEL_RED && effect.strictest == &events[1]);
    CHECK(effect.probability == 0.1 && effect.duty_share == 0.02);
    CHECK_INT(on(131, 10121, 0x5858).least_channel, CHANNEL_NONE);
    CHECK_INT(on(120, 10121, 0x5859).least_channel, CHANNEL_NONE);
}

static void test_policy_alerts(void) {
    struct alert_desk desk = alert_desk_open(1.0, 4.0, 0);
    struct alert alerts[2];
    CHECK_INT(policy_alert(events, 2, 0, 99, &desk, alerts), 0);
    CHECK_INT(policy_alert(events, 2, 99, 119, &desk, alerts), 1);
    CHECK_TEXT(alerts[0].reason,
               "additional duty on solar cells is in force: the odds of a finding count 3 times");
    CHECK_INT(alerts[0].addressee, ALERT_TO_analyst);
    CHECK_INT(policy_alert(events, 2, 119, 125, &desk, alerts), 1);
    CHECK_INT(alerts[0].addressee, ALERT_TO_officer);
    CHECK_INT(policy_alert(events, 2, 125, 1000, &desk, alerts), 0);
}

int main(void) {
    test_purse();
    test_policy();
    test_policy_alerts();
    return test_summary();
}

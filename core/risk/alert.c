/* SPDX-License-Identifier: GPL-3.0-or-later
 * alert.c - see alert.h. */
#include "core/risk/alert.h"

#include "core/base/require.h"

#include <stdarg.h>
#include <stdio.h>

const char *alert_severity_name(enum alert_severity severity) {
    static const char *const names[] = {
#define X(name) #name,
        ALERT_SEVERITIES(X)
#undef X
    };
    return names[severity];
}

const char *alert_addressee_name(enum alert_addressee addressee) {
    static const char *const names[] = {
#define X(name) #name,
        ALERT_ADDRESSEES(X)
#undef X
    };
    return names[addressee];
}

struct alert_desk alert_desk_open(double per_day, double purse_max, int64_t time_ns) {
    REQUIRE(per_day > 0.0 && purse_max >= 1.0);
    struct alert_desk desk = {.per_day = per_day, .purse_max = purse_max};
    for (unsigned i = 0; i < ALERT_ADDRESSEE_COUNT; i++) {
        desk.purses[i] = purse_max;
        desk.times_ns[i] = time_ns;
    }
    return desk;
}

static double purse_at(struct alert_desk *desk, enum alert_addressee addressee, int64_t time_ns) {
    REQUIRE(time_ns >= desk->times_ns[addressee]);
    double days = (double)(time_ns - desk->times_ns[addressee]) / 86400e9;
    double purse = desk->purses[addressee] + days * desk->per_day;
    desk->times_ns[addressee] = time_ns;
    return purse < desk->purse_max ? purse : desk->purse_max;
}

bool alert_raise(struct alert_desk *desk, int64_t time_ns, enum alert_severity severity,
                 enum alert_addressee addressee, struct alert *alert, const char *format, ...) {
    static const double full[] = {0.5, 0.25, 0.0};
    double purse = purse_at(desk, addressee, time_ns);
    bool is_sent =
        severity == ALERT_alarm || (purse >= 1.0 && purse >= full[severity] * desk->purse_max);
    desk->purses[addressee] = is_sent ? (purse > 1.0 ? purse - 1.0 : 0.0) : purse;
    if (!is_sent) {
        desk->kept_back[addressee]++;
        return false;
    }
    *alert = (struct alert){.time_ns = time_ns,
                            .severity = severity,
                            .addressee = addressee,
                            .kept_back = desk->kept_back[addressee]};
    desk->kept_back[addressee] = 0;
    va_list args;
    va_start(args, format);
    vsnprintf(alert->reason, sizeof alert->reason, format, args);
    va_end(args);
    return true;
}

/* SPDX-License-Identifier: GPL-3.0-or-later
 * alert.h - what somebody has to be told, no more often than he can read.
 *
 * Every addressee has a purse of alerts that fills at a rate up to a limit. A notice needs a purse
 * that is half full, a warning a quarter; an alarm takes the last one, and goes out in any case.
 * What was kept back is counted, and the next alert that goes out says so. */
#ifndef CORE_RISK_ALERT_H
#define CORE_RISK_ALERT_H

#include <stdbool.h>
#include <stdint.h>

#define ALERT_SEVERITIES(X) X(notice) X(warning) X(alarm)
#define ALERT_ADDRESSEES(X) X(officer) X(supervisor) X(analyst) X(intelligence)

enum alert_severity {
#define X(name) ALERT_##name,
    ALERT_SEVERITIES(X)
#undef X
};

enum alert_addressee {
#define X(name) ALERT_TO_##name,
    ALERT_ADDRESSEES(X)
#undef X
        ALERT_ADDRESSEE_COUNT,
};

enum { ALERT_REASON_MAX = 200 };

struct alert {
    int64_t time_ns;
    enum alert_severity severity;
    enum alert_addressee addressee;
    uint32_t kept_back; /* alerts to this addressee since the last one, not delivered */
    char reason[ALERT_REASON_MAX];
};

struct alert_desk {
    double per_day, purse_max;
    double purses[ALERT_ADDRESSEE_COUNT];
    int64_t times_ns[ALERT_ADDRESSEE_COUNT];
    uint32_t kept_back[ALERT_ADDRESSEE_COUNT];
};

/* Purses are full at first. */
struct alert_desk alert_desk_open(double per_day, double purse_max, int64_t time_ns);

/* Whether it goes out; then `alert` is what the addressee reads. Times do not run back. */
bool alert_raise(struct alert_desk *desk, int64_t time_ns, enum alert_severity severity,
                 enum alert_addressee addressee, struct alert *alert, const char *format, ...)
    __attribute__((format(printf, 6, 7)));

/* "warning", "analyst". */
const char *alert_severity_name(enum alert_severity severity);
const char *alert_addressee_name(enum alert_addressee addressee);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later
 * recorder.h - what is kept of a replication while it runs, and the metrics made of it at the end.
 *
 * Memory does not grow with the number of consignments: exact tallies and histograms by interval
 * and group, integrals of resources, bins of the time series; only the sampled table has rows. */
#ifndef SIM_RECORD_RECORDER_H
#define SIM_RECORD_RECORDER_H

#include "sim/record/result.h"
#include "sim/scenario/experiment_plan.h"

struct replication;
struct consignment;
struct recorder;

/* When a declaration was lodged: while customs was open, or not. */
enum hours { HOURS_PEAK, HOURS_OFF_PEAK, HOURS_COUNT };

/* Groups of consignments: all, one a channel, one a class of importers, and the hours, where a
 * system has a milestone `lodged` and a customs that closes. */
enum { GROUPS_MAX = 1 + CHANNEL_COUNT + CLASSES_MAX + HOURS_COUNT };

/* Statistics of an interval, in this order for every group. */
#define INTERVAL_STATISTICS(X)                                                          \
    X(mean, "s", "Mean; clearance before arrival counts as negative.")                  \
    X(mean_from_zero, "s", "Mean; clearance before arrival counts as zero.")            \
    X(mean_by_value, "s", "Mean weighted by declared value.")                           \
    X(median, "s", "Median; before arrival counts as zero.")                            \
    X(p90, "s", "90 % quantile; before arrival counts as zero.")                        \
    X(sd, "s", "Standard deviation.")                                                   \
    X(count, "1", "Consignments of the cohort that passed both milestones.")            \
    X(censored, "1", "Consignments of the cohort that were still inside at the limit.") \
    X(within_target, "1", "Share of those that passed within the target.")

enum interval_statistic {
#define X(name, unit, doc) INTERVAL_##name,
    INTERVAL_STATISTICS(X)
#undef X
        INTERVAL_STATISTIC_COUNT
};

#define RESOURCE_STATISTICS(X)                                                      \
    X(utilisation, "1", "Busy unit time over open unit time, from warm-up to end.") \
    X(queue_mean, "1", "Time average of the number waiting.")                       \
    X(queue_max, "1", "Largest number waiting since time 0.")                       \
    X(wait_mean, "s", "Mean wait of those served.")                                 \
    X(served, "1", "Requests granted.")                                             \
    X(balked, "1", "Requests turned away by a full queue.")                         \
    X(withdrawn, "1", "Requests given up while waiting.")                           \
    X(interrupted, "1", "Holders interrupted.")                                     \
    X(units_mean, "1", "Time average of open units.")

enum resource_statistic {
#define X(name, unit, doc) RESOURCE_##name,
    RESOURCE_STATISTICS(X)
#undef X
        RESOURCE_STATISTIC_COUNT
};

enum cost { COST_RESOURCE, COST_TRANSFER, COST_TIME, COST_COUNT };

/* How a point tells the hours. */
struct recorder_hours {
    const struct calendar *customs; /* NULL: it does not */
    uint32_t lodged;                /* milestone */
};

/* Which metric is where. Fixed when the experiment is loaded; shared by all threads. */
struct recorder_plan {
    struct result_layout layout;
    uint32_t group_count, class_count;
    uint32_t hours_first;               /* group of HOURS_PEAK; group_count when there are none */
    const struct recorder_hours *hours; /* [point] */
    uint32_t interval_count;
    const struct interval *intervals;
    uint32_t interval_first; /* metric of interval 0, group 0, statistic 0 */
    uint32_t party_first;    /* [interval][PARTY_COUNT]; every party has a column */
    uint32_t cost_first;     /* [group][COST_COUNT] */
    uint32_t count_first;    /* created, one per outcome, examined, illicit, found */
    uint32_t resource_first; /* [union resource][statistic] */
    uint32_t resource_count; /* of the union over all points */
    uint32_t slack_first, slack_count;
    uint32_t ledger_first, ledger_count; /* 0 of them when no point has a ledger */
    const uint32_t *const *resource_of;  /* [point][resource]: number in the union */
    const uint32_t *const *slack_of;     /* [point][branch of a join]: number in the union */
    uint32_t table_fixed_count;          /* columns before the milestones */
    uint32_t milestone_count;            /* of the table: the union over all points */
    const uint32_t *const
        *milestone_of; /* [point][union milestone]: the point's number, or UINT32_MAX */
};

/* Makes the layout of an experiment, in the arena. */
int recorder_plan_make(const struct experiment_plan *experiment, struct recorder_plan *plan,
                       struct arena *arena, struct error *err);

/* Marks of the clock, the subjects of EVENT_CLOCK. */
enum { MARK_WARM_UP, MARK_END, MARK_BIN };

struct recorder *recorder_create(const struct recorder_plan *plan, struct arena *arena);
void recorder_free(struct recorder *recorder);

/* Which point comes next; `recorder` may be NULL in all of the following: then nothing is kept. */
void recorder_set_point(struct recorder *recorder, uint32_t point);
void recorder_start(struct recorder *recorder, struct replication *rep);
void recorder_mark(struct recorder *recorder, struct replication *rep, uint32_t mark);
void recorder_ended(struct recorder *recorder, struct replication *rep,
                    const struct consignment *consignment);
void recorder_slack(struct recorder *recorder, const struct replication *rep,
                    const struct step *join, uint32_t branch, int64_t slack_ns);
void recorder_stop(struct recorder *recorder, struct replication *rep);

/* The replication as it is committed; arrays belong to the recorder until its next start. */
void recorder_result(const struct recorder *recorder, const struct replication *rep,
                     struct result_replication *result);

#endif

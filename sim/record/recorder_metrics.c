/* SPDX-License-Identifier: GPL-3.0-or-later
 * recorder_metrics.c - the end of a replication: from tallies and integrals to metrics. */
#include "sim/actors/ledger_service.h"
#include "sim/record/recorder.h"
#include "sim/record/recorder_state.h"
#include "sim/run/replication.h"

#include <math.h>

/* Those of the cohort that the limit cut off: what they passed counts, what they did not is
 * censored. */
static void add_inside(struct recorder *recorder, struct replication *rep) {
    for (uint32_t i = 1; i < rep->consignments.used; i++) {
        struct consignment *consignment = consignment_at(rep, i);
        if (consignment->token_count == 0 || !consignment->in_cohort ||
            consignment->subject != SUBJECT_CONSIGNMENT) {
            continue;
        }
        recorder_ended(recorder, rep, consignment);
        const struct recorder_groups groups = recorder_groups(recorder, consignment);
        for (uint32_t n = 0; n < recorder->plan->interval_count; n++) {
            const struct interval *interval = &rep->scenario->intervals[n];
            if ((consignment->reached >> interval->from & 1) &&
                (consignment->reached >> interval->to & 1)) {
                continue;
            }
            struct interval_record *records =
                &recorder->intervals[(size_t)n * recorder->plan->group_count];
            for (uint32_t g = 0; g < groups.count; g++) {
                records[groups.numbers[g]].censored++;
            }
        }
    }
}

/* Every consignment is in one channel, and sums of whole numbers are exact in any order. */
static void add_up_channels(struct recorder *recorder) {
    for (uint32_t i = 0; i < recorder->plan->interval_count; i++) {
        size_t first = (size_t)i * recorder->plan->group_count;
        struct interval_record *all = &recorder->intervals[first + GROUP_ALL];
        uint32_t *counts = &recorder->histograms[(first + GROUP_ALL) * HISTOGRAM_BUCKETS];
        for (size_t c = first + GROUP_CHANNEL; c < first + GROUP_CLASS; c++) {
            const struct interval_record *channel = &recorder->intervals[c];
            tally_merge(&all->time_ns, &channel->time_ns);
            all->from_zero_ns += channel->from_zero_ns;
            all->within_target += channel->within_target;
            for (uint32_t b = 0; b < HISTOGRAM_BUCKETS && channel->time_ns.count > 0; b++) {
                counts[b] += recorder->histograms[c * HISTOGRAM_BUCKETS + b];
            }
        }
    }
}

static double ratio(double part, double whole) {
    return whole > 0 ? part / whole : NAN;
}

static void make_interval(const struct recorder *recorder, uint32_t interval, uint32_t group,
                          double *metrics) {
    size_t cell = (size_t)interval * recorder->plan->group_count + group;
    const struct interval_record *record = &recorder->intervals[cell];
    const uint32_t *histogram = &recorder->histograms[cell * HISTOGRAM_BUCKETS];
    double count = (double)record->time_ns.count;
    metrics[INTERVAL_mean] = tally_mean(&record->time_ns) * 1e-9;
    metrics[INTERVAL_mean_from_zero] = ratio((double)record->from_zero_ns, count) * 1e-9;
    metrics[INTERVAL_mean_by_value] = ratio(record->value_time, record->value);
    metrics[INTERVAL_median] = histogram_quantile_32(histogram, 0.5) * 1e-9;
    metrics[INTERVAL_p90] = histogram_quantile_32(histogram, 0.9) * 1e-9;
    metrics[INTERVAL_sd] = tally_standard_deviation(&record->time_ns) * 1e-9;
    metrics[INTERVAL_count] = count;
    metrics[INTERVAL_censored] = (double)record->censored;
    metrics[INTERVAL_within_target] = recorder->plan->intervals[interval].target_ns > 0
                                          ? ratio((double)record->within_target, count)
                                          : NAN;
}

static void make_intervals(struct recorder *recorder) {
    const struct recorder_plan *plan = recorder->plan;
    double *metrics = recorder->metrics + plan->interval_first;
    for (uint32_t i = 0; i < plan->interval_count; i++) {
        for (uint32_t group = 0; group < plan->group_count; group++) {
            make_interval(recorder, i, group, metrics);
            metrics += INTERVAL_STATISTIC_COUNT;
        }
    }
    metrics = recorder->metrics + plan->party_first;
    for (uint32_t i = 0; i < plan->interval_count; i++) {
        double count = (double)recorder->intervals[(size_t)i * plan->group_count].time_ns.count;
        count = plan->intervals[i].party_number >= 0 ? count : 0; /* NaN: not kept */
        for (uint32_t party = 0; party < PARTY_COUNT; party++) {
            *metrics++ = ratio((double)recorder->party_ns[i * PARTY_COUNT + party] * 1e-9, count);
        }
    }
}

static void make_costs_and_counts(struct recorder *recorder) {
    const struct recorder_plan *plan = recorder->plan;
    double *metrics = recorder->metrics + plan->cost_first;
    for (uint32_t group = 0; group < plan->group_count; group++) {
        const struct cost_record *costs = &recorder->costs[group];
        double count = (double)costs->count;
        *metrics++ = ratio(costs->resource, count);
        *metrics++ = ratio((double)costs->transfer_e4 / MONEY_SCALE, count);
        *metrics++ = ratio(costs->time, count);
    }
    metrics = recorder->metrics + plan->count_first;
    *metrics++ = (double)recorder->created;
    for (uint32_t outcome = 0; outcome < OUTCOME_COUNT; outcome++) {
        *metrics++ = (double)recorder->ended[outcome];
    }
    *metrics++ = (double)recorder->examined;
    *metrics++ = (double)recorder->illicit;
    *metrics++ = (double)recorder->found;
    metrics = recorder->metrics + plan->slack_first;
    for (uint32_t i = 0; i < plan->slack_count; i++) {
        metrics[i] = tally_mean(&recorder->slacks[i]) * 1e-9;
    }
}

/* From warm-up to end: differences of the two copies. */
static void make_resource(const struct resource *from, const struct resource *to, double window_ns,
                          double *metrics) {
    double waiting_ns = (double)(to->waiting_ns - from->waiting_ns);
    double busy_ns = (double)(to->busy_ns - from->busy_ns);
    double open_ns = (double)(to->capacity_ns - from->capacity_ns);
    double served = (double)(to->wait_ns.count - from->wait_ns.count);
    metrics[RESOURCE_utilisation] = ratio(busy_ns, open_ns);
    metrics[RESOURCE_queue_mean] = ratio(waiting_ns, window_ns);
    metrics[RESOURCE_queue_max] = to->waiting_most;
    metrics[RESOURCE_wait_mean] =
        ratio((double)(to->wait_ns.sum - from->wait_ns.sum) * 1e-9, served);
    metrics[RESOURCE_served] = served;
    metrics[RESOURCE_balked] = (double)(to->balked - from->balked);
    metrics[RESOURCE_withdrawn] = (double)(to->withdrawn - from->withdrawn);
    metrics[RESOURCE_interrupted] = (double)(to->interrupted - from->interrupted);
    metrics[RESOURCE_units_mean] = ratio(open_ns, window_ns);
}

static void make_resources(struct recorder *recorder, const struct scenario *scenario) {
    const struct recorder_plan *plan = recorder->plan;
    double window_ns = (double)(scenario->study.end_ns - scenario->study.warm_up_ns);
    for (uint32_t i = 0; i < scenario->resource_count; i++) {
        uint32_t number = plan->resource_of[recorder->point][i];
        make_resource(&recorder->at_warm_up[i], &recorder->at_end[i], window_ns,
                      recorder->metrics + plan->resource_first +
                          (size_t)number * RESOURCE_STATISTIC_COUNT);
    }
}

void recorder_stop(struct recorder *recorder, struct replication *rep) {
    if (recorder == NULL) {
        return;
    }
    for (uint32_t i = 0; i < recorder->plan->layout.metric_count; i++) {
        recorder->metrics[i] = NAN;
    }
    if (!rep->scenario->study.statistics || rep->failed) {
        return;
    }
    add_inside(recorder, rep);
    add_up_channels(recorder);
    make_intervals(recorder);
    make_costs_and_counts(recorder);
    make_resources(recorder, rep->scenario);
    if (recorder->plan->ledger_count > 0 && rep->scenario->ledger != NULL) {
        ledger_service_figures(rep->ledger, recorder->metrics + recorder->plan->ledger_first);
    }
}

void recorder_result(const struct recorder *recorder, const struct replication *rep,
                     struct result_replication *result) {
    *result = (struct result_replication){
        .point = recorder->point,
        .replication = rep->number,
        .fingerprint = rep->fingerprint,
        .event_count = rep->event_count,
        .metrics = recorder->metrics,
        .histograms = recorder->histograms,
        .series = recorder->series,
        .table_row_count = recorder->rows.used - 1,
        .table = (const int64_t *)slab_at(&recorder->rows, 1),
    };
}

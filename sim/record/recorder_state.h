/* SPDX-License-Identifier: GPL-3.0-or-later
 * recorder_state.h - the inside of a recorder, shared by the files that fill it and that read it.
 */
#ifndef SIM_RECORD_RECORDER_STATE_H
#define SIM_RECORD_RECORDER_STATE_H

#include "core/base/estimate.h"
#include "core/base/require.h"
#include "sim/kernel/resource.h"
#include "sim/record/recorder.h"

/* Series in this order: the first interval's sum (s) and count by bin of creation, then the waiting
 * unit-seconds of each resource. */
enum { SERIES_SUM, SERIES_COUNT, SERIES_RESOURCE_FIRST };

struct interval_record {
    struct tally time_ns;
    int128 from_zero_ns;
    double value, value_time;
    int64_t within_target, censored;
};

/* Transfers are added exactly, to the ten-thousandth. */
struct cost_record {
    int64_t count;
    double resource, time;
    int128 transfer_e4;
};

/* Numbers of groups, before those of the hours. */
enum { GROUP_ALL, GROUP_CHANNEL, GROUP_CLASS = GROUP_CHANNEL + CHANNEL_COUNT };

/* The groups that a consignment is in: the first is GROUP_ALL, the second its channel. */
struct recorder_groups {
    uint32_t count, numbers[4];
};

struct recorder {
    const struct recorder_plan *plan;
    uint32_t point;
    uint32_t sample_purpose;
    struct interval_record *intervals; /* [interval][group] */
    uint32_t *histograms;              /* [interval][group][HISTOGRAM_BUCKETS] */
    int128 *party_ns;                  /* [interval][PARTY_COUNT] */
    struct cost_record *costs;         /* [group] */
    struct tally *slacks;
    struct resource *at_warm_up, *at_end; /* copies of the point's resources */
    int128 *bin_waiting_ns;
    uint32_t bin;
    int64_t created, ended[OUTCOME_COUNT], examined, illicit, found; /* of the cohort */
    double *metrics;
    int64_t *series;                        /* [series][bin] */
    int64_t series_bin, series_bin_from_ns; /* where the last consignment was created */
    struct slab rows;
};

struct recorder_groups recorder_groups(const struct recorder *recorder,
                                       const struct consignment *consignment);

#endif

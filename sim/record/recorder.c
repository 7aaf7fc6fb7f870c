/* SPDX-License-Identifier: GPL-3.0-or-later
 * recorder.c - see recorder.h. */
#include "sim/record/recorder.h"

#include "sim/record/recorder_state.h"
#include "sim/run/replication.h"

#include <string.h>

enum { TABLE_ROWS_MAX = 1 << 22 };

struct recorder *recorder_create(const struct recorder_plan *plan, struct arena *arena) {
    struct recorder *recorder = ARENA_NEW(arena, struct recorder);
    size_t cells = (size_t)plan->interval_count * plan->group_count;
    recorder->plan = plan;
    recorder->intervals = ARENA_ARRAY(arena, struct interval_record, cells);
    recorder->histograms = ARENA_ARRAY(arena, uint32_t, cells * HISTOGRAM_BUCKETS);
    recorder->party_ns = ARENA_ARRAY(arena, int128, plan->interval_count * PARTY_COUNT);
    recorder->costs = ARENA_ARRAY(arena, struct cost_record, plan->group_count);
    recorder->slacks = ARENA_ARRAY(arena, struct tally, plan->slack_count + 1);
    recorder->at_warm_up = ARENA_ARRAY(arena, struct resource, plan->resource_count + 1);
    recorder->at_end = ARENA_ARRAY(arena, struct resource, plan->resource_count + 1);
    recorder->bin_waiting_ns = ARENA_ARRAY(arena, int128, plan->resource_count + 1);
    recorder->metrics = ARENA_ARRAY(arena, double, plan->layout.metric_count);
    recorder->series = ARENA_ARRAY(
        arena, int64_t, (size_t)plan->layout.series_count * plan->layout.series_bin_count + 1);
    recorder->sample_purpose = random_purpose("consignment_table", 0);
    slab_init(&recorder->rows, sizeof(int64_t) * plan->layout.table_column_count, TABLE_ROWS_MAX);
    return recorder;
}

void recorder_free(struct recorder *recorder) {
    if (recorder != NULL) {
        slab_free(&recorder->rows);
    }
}

void recorder_set_point(struct recorder *recorder, uint32_t point) {
    if (recorder != NULL) {
        recorder->point = point;
    }
}

static void schedule_mark(struct replication *rep, int64_t time_ns, uint32_t mark) {
    event_queue_push(&rep->queue, time_ns, EVENT_CLOCK, mark, mark);
}

static void clear(struct recorder *recorder) {
    const struct recorder_plan *plan = recorder->plan;
    size_t cells = (size_t)plan->interval_count * plan->group_count;
    memset(recorder->intervals, 0, cells * sizeof *recorder->intervals);
    memset(recorder->histograms, 0, cells * HISTOGRAM_BUCKETS * sizeof *recorder->histograms);
    memset(recorder->party_ns, 0, plan->interval_count * PARTY_COUNT * sizeof(int128));
    memset(recorder->costs, 0, plan->group_count * sizeof(struct cost_record));
    memset(recorder->slacks, 0, (plan->slack_count + 1) * sizeof(struct tally));
    memset(recorder->bin_waiting_ns, 0, (plan->resource_count + 1) * sizeof(int128));
    memset(recorder->series, 0,
           (size_t)plan->layout.series_count * plan->layout.series_bin_count * sizeof(int64_t));
    memset(recorder->ended, 0, sizeof recorder->ended);
    recorder->created = recorder->examined = recorder->illicit = recorder->found = 0;
    recorder->bin = 0;
    recorder->series_bin = recorder->series_bin_from_ns = 0;
    slab_reset(&recorder->rows);
}

void recorder_start(struct recorder *recorder, struct replication *rep) {
    if (recorder == NULL || !rep->scenario->study.statistics) {
        return;
    }
    clear(recorder);
    const struct study *study = &rep->scenario->study;
    schedule_mark(rep, study->warm_up_ns, MARK_WARM_UP);
    schedule_mark(rep, study->end_ns, MARK_END);
    if (recorder->plan->layout.series_bin_count > 0) {
        schedule_mark(rep, recorder->plan->layout.series_bin_ns, MARK_BIN);
    }
}

static void keep_resources(struct replication *rep, struct resource *kept) {
    for (uint32_t i = 0; i < rep->scenario->resource_count; i++) {
        resource_account(&rep->pool, i, rep->now_ns);
        kept[i] = rep->pool.resources[i];
    }
}

/* A bin of the time series has ended: what waited in it, in whole unit-seconds. */
static void end_bin(struct recorder *recorder, struct replication *rep) {
    const struct result_layout *layout = &recorder->plan->layout;
    if (recorder->bin >= layout->series_bin_count) {
        return;
    }
    for (uint32_t i = 0; i < rep->scenario->resource_count; i++) {
        resource_account(&rep->pool, i, rep->now_ns);
        uint32_t series = SERIES_RESOURCE_FIRST + recorder->plan->resource_of[recorder->point][i];
        int128 waiting_ns = rep->pool.resources[i].waiting_ns;
        int128 in_bin_ns = waiting_ns - recorder->bin_waiting_ns[i];
        recorder->bin_waiting_ns[i] = waiting_ns;
        recorder->series[(size_t)series * layout->series_bin_count + recorder->bin] =
            (int64_t)(in_bin_ns / 1000000000);
    }
    recorder->bin++;
    schedule_mark(rep, rep->now_ns + layout->series_bin_ns, MARK_BIN);
}

void recorder_mark(struct recorder *recorder, struct replication *rep, uint32_t mark) {
    switch (mark) {
    case MARK_WARM_UP:
        keep_resources(rep, recorder->at_warm_up);
        break;
    case MARK_END:
        keep_resources(rep, recorder->at_end);
        break;
    default:
        end_bin(recorder, rep);
        break;
    }
}

/* ---- one consignment ----------------------------------------------------------------------- */

static int64_t interval_ns(const struct consignment *consignment, const struct interval *interval) {
    return consignment->data[interval->to] - consignment->data[interval->from];
}

static bool passed(const struct consignment *consignment, const struct interval *interval) {
    return (consignment->reached >> interval->from & 1) &&
           (consignment->reached >> interval->to & 1);
}

/* Whole numbers: those of all consignments are added up from the channels at the end. */
static inline void count_in_group(struct recorder *recorder, uint32_t interval, uint32_t group,
                                  int64_t elapsed_ns) {
    size_t cell = (size_t)interval * recorder->plan->group_count + group;
    struct interval_record *record = &recorder->intervals[cell];
    int64_t from_zero_ns = elapsed_ns > 0 ? elapsed_ns : 0;
    tally_add(&record->time_ns, elapsed_ns);
    record->from_zero_ns += from_zero_ns;
    record->within_target += elapsed_ns <= recorder->plan->intervals[interval].target_ns;
    recorder->histograms[cell * HISTOGRAM_BUCKETS + histogram_bucket((uint64_t)from_zero_ns)]++;
}

/* Sums of reals depend on the order of adding, so every group has its own. */
static inline void add_value(struct interval_record *record, double value, double value_time) {
    record->value += value;
    record->value_time += value_time;
}

struct recorder_groups recorder_groups(const struct recorder *recorder,
                                       const struct consignment *consignment) {
    const struct recorder_plan *plan = recorder->plan;
    const struct recorder_hours *hours = &plan->hours[recorder->point];
    struct recorder_groups groups = {.count = 2,
                                     .numbers = {GROUP_ALL, GROUP_CHANNEL + consignment->channel}};
    if (plan->class_count > 0) {
        groups.numbers[groups.count++] = GROUP_CLASS + consignment->trader_class;
    }
    if (hours->customs != NULL && (consignment->reached >> hours->lodged & 1)) {
        bool open = calendar_is_open(hours->customs, consignment->data[hours->lodged]);
        groups.numbers[groups.count++] = plan->hours_first + (open ? HOURS_PEAK : HOURS_OFF_PEAK);
    }
    return groups;
}

static void add_parties(struct recorder *recorder, const struct replication *rep,
                        const struct consignment *consignment, uint32_t number) {
    const struct scenario *scenario = rep->scenario;
    uint32_t place = (uint32_t)scenario->intervals[number].party_number;
    const int64_t *times = consignment->data + rep->interval_offset + place * scenario->party_count;
    for (uint32_t party = 0; party < scenario->party_count; party++) {
        recorder->party_ns[number * PARTY_COUNT + scenario->parties[party]] += times[party];
    }
}

static void add_intervals(struct recorder *recorder, const struct replication *rep,
                          const struct consignment *consignment,
                          const struct recorder_groups *groups) {
    const struct recorder_plan *plan = recorder->plan;
    const struct scenario *scenario = rep->scenario;
    for (uint32_t i = 0; i < plan->interval_count; i++) {
        const struct interval *interval = &scenario->intervals[i];
        if (!passed(consignment, interval)) {
            continue;
        }
        int64_t elapsed_ns = interval_ns(consignment, interval);
        double value_time = consignment->value * ((double)elapsed_ns * 1e-9);
        struct interval_record *records = &recorder->intervals[(size_t)i * plan->group_count];
        add_value(&records[GROUP_ALL], consignment->value, value_time);
        for (uint32_t g = 1; g < groups->count; g++) {
            count_in_group(recorder, i, groups->numbers[g], elapsed_ns);
            add_value(&records[groups->numbers[g]], consignment->value, value_time);
        }
        if (interval->party_number >= 0) {
            add_parties(recorder, rep, consignment, i);
        }
    }
}

static void add_costs(struct recorder *recorder, const struct replication *rep,
                      const struct consignment *consignment, const struct recorder_groups *groups) {
    const struct interval *first = &rep->scenario->intervals[0];
    double time_cost = 0;
    if (rep->scenario->interval_count > 0 && passed(consignment, first)) {
        int64_t elapsed_ns = interval_ns(consignment, first);
        time_cost = elapsed_ns > 0 ? consignment->value * rep->scenario->world.value_of_time_per_s *
                                         ((double)elapsed_ns * 1e-9)
                                   : 0;
    }
    for (uint32_t g = 0; g < groups->count; g++) {
        struct cost_record *costs = &recorder->costs[groups->numbers[g]];
        costs->count++;
        costs->resource += consignment->resource_cost;
        costs->transfer_e4 += consignment->paid.e4;
        costs->time += time_cost;
    }
}

/* Who leaves was most often created in the same bin as who left before. */
static inline int64_t series_bin(struct recorder *recorder, int64_t created_ns) {
    int64_t bin_ns = recorder->plan->layout.series_bin_ns;
    if (created_ns < recorder->series_bin_from_ns ||
        created_ns - recorder->series_bin_from_ns >= bin_ns) {
        recorder->series_bin = created_ns / bin_ns;
        recorder->series_bin_from_ns = recorder->series_bin * bin_ns;
    }
    return recorder->series_bin;
}

/* The time series of the first interval, by the time of arrival in the system: for finding the
 * warm-up, so those before the cohort count too. */
static void add_to_series(struct recorder *recorder, const struct replication *rep,
                          const struct consignment *consignment) {
    const struct result_layout *layout = &recorder->plan->layout;
    if (layout->series_bin_count == 0 || rep->scenario->interval_count == 0 ||
        !passed(consignment, &rep->scenario->intervals[0])) {
        return;
    }
    int64_t bin = series_bin(recorder, consignment->data[MILESTONE_CREATED]);
    if (bin < layout->series_bin_count) {
        int64_t elapsed_ns = interval_ns(consignment, &rep->scenario->intervals[0]);
        recorder->series[SERIES_SUM * layout->series_bin_count + bin] += elapsed_ns / 1000000000;
        recorder->series[SERIES_COUNT * layout->series_bin_count + bin]++;
    }
}

static void add_row(struct recorder *recorder, const struct replication *rep,
                    const struct consignment *consignment) {
    const struct recorder_plan *plan = recorder->plan;
    if (rep->scenario->study.sample <= 0 ||
        random_uniform(rep->key, consignment->entity, recorder->sample_purpose, 0) >=
            rep->scenario->study.sample) {
        return;
    }
    uint32_t index = slab_take(&recorder->rows);
    if (index == 0) {
        return; /* the table is a sample; it says how many rows it has */
    }
    int64_t *row = slab_at(&recorder->rows, index);
    const int64_t fixed[] = {
        recorder->point,
        rep->number,
        consignment->entity,
        consignment->trader,
        consignment->trader_class,
        consignment->chapter,
        consignment->channel,
        consignment->outcome,
        consignment->lodged_before_arrival,
        consignment->permit,
        consignment->illicit,
        consignment->examined,
        consignment->found,
        (int64_t)consignment->value,
        (int64_t)consignment->mass_kg,
        consignment->duty.e4,
        consignment->paid.e4,
        (int64_t)(consignment->resource_cost * MONEY_SCALE),
    };
    REQUIRE(sizeof fixed / sizeof fixed[0] == plan->table_fixed_count);
    memcpy(row, fixed, sizeof fixed);
    for (uint32_t i = 0; i < plan->milestone_count; i++) {
        uint32_t milestone = plan->milestone_of[recorder->point][i];
        bool reached = milestone != UINT32_MAX && (consignment->reached >> milestone & 1);
        row[plan->table_fixed_count + i] = reached ? consignment->data[milestone] : -1;
    }
}

void recorder_ended(struct recorder *recorder, struct replication *rep,
                    const struct consignment *consignment) {
    if (recorder == NULL || !rep->scenario->study.statistics) {
        return;
    }
    add_to_series(recorder, rep, consignment);
    if (!consignment->in_cohort) {
        return;
    }
    recorder->created++;
    recorder->ended[consignment->outcome]++;
    recorder->examined += consignment->examined;
    recorder->illicit += consignment->illicit;
    recorder->found += consignment->found;
    struct recorder_groups groups = recorder_groups(recorder, consignment);
    add_intervals(recorder, rep, consignment, &groups);
    add_costs(recorder, rep, consignment, &groups);
    add_row(recorder, rep, consignment);
}

void recorder_slack(struct recorder *recorder, const struct replication *rep,
                    const struct step *join, uint32_t branch, int64_t slack_ns) {
    if (recorder == NULL || !rep->scenario->study.statistics) {
        return;
    }
    const uint32_t *slack_of = recorder->plan->slack_of[recorder->point];
    uint32_t number = slack_of[join->slack_first + branch];
    tally_add(&recorder->slacks[number], slack_ns);
}

/* SPDX-License-Identifier: GPL-3.0-or-later
 * scenario.h - one world and one system, checked and immutable: what a replication runs on.
 *
 * Everything that YAML names is an index here. A scenario lives in one arena together with the
 * other points of its experiment and is shared by all threads. */
#ifndef SIM_SCENARIO_SCENARIO_H
#define SIM_SCENARIO_SCENARIO_H

#include "core/base/money.h"
#include "core/risk/channel.h"
#include "core/rule/expression.h"
#include "sim/kernel/arrival.h"
#include "sim/kernel/calendar.h"
#include "sim/kernel/distribution.h"
#include "sim/kernel/resource.h"
#include "sim/scenario/read.h"

/* Whose time it is. */
#define PARTIES(X) \
    X(importer) X(broker) X(carrier) X(port) X(customs) X(agency) X(bank) X(technology)
enum party {
#define X(name) PARTY_##name,
    PARTIES(X)
#undef X
        PARTY_COUNT
};
extern const char *const party_names[PARTY_COUNT];

/* Channels of selection. */
extern const char *const channel_names[CHANNEL_COUNT];

/* How a consignment's walk ended. */
enum outcome {
    OUTCOME_INSIDE, /* not ended: censored when the study stops */
    OUTCOME_COMPLETED,
    OUTCOME_REFUSED,
    OUTCOME_BALKED,    /* turned away by a full queue */
    OUTCOME_RENEGED,   /* lost patience */
    OUTCOME_DISCARDED, /* its work was thrown away by an interruption */
    OUTCOME_COUNT
};
extern const char *const outcome_names[OUTCOME_COUNT];

/* What becomes of work that is interrupted. */
enum interruption { INTERRUPT_FINISH, INTERRUPT_SUSPEND, INTERRUPT_RESTART, INTERRUPT_DISCARD };

enum {
    MILESTONE_CREATED = 0, /* the walk began */
    MILESTONE_ENDED = 1,   /* it ended */
    MILESTONES_MAX = 32,
    INTERVALS_MAX = 16,
    CLASSES_MAX = 15,
    STEPS_MAX = 256,
    JOINS_MAX = 8,
    BRANCHES_MAX = 8,
};

struct organisation {
    const char *name;
    enum party party;
    const struct calendar *calendar;
};

struct shift {
    const struct calendar *calendar;
    int32_t units;
};

struct breakdown {
    bool exists;
    struct distribution after, repair; /* of one unit */
    enum interruption rule;
};

struct resource_type {
    const char *name; /* customs.examiner */
    uint32_t organisation;
    enum party party;
    uint32_t shift_count;
    const struct shift *shifts;
    int32_t units_most; /* open at any time of the week */
    enum interruption at_shift_end, when_preempted;
    uint32_t waiting_count_max;
    bool interruptible; /* by any of its rules, or because a step may preempt */
    struct breakdown breakdown;
    double cost_per_s;  /* of one unit at work, in currency units */
    double utilisation; /* stated, 0 when not */
};

struct charge {
    const char *name; /* customs.examination */
    uint32_t organisation;
    struct money amount;
    int64_t per_ns;  /* 0: once */
    int64_t free_ns; /* not charged */
};

/* Where a step's duration comes from. */
enum duration_source { DURATION_NONE, DURATION_DISTRIBUTION, DURATION_CONDUCT };

struct scenario;
struct ledger_plan; /* sim/scenario/ledger_plan.h */
struct step_type;   /* sim/steps/step.h */

/* One line of a procedure: the frame that every step has, and the parameters of its type. */
struct step {
    const char *name;
    const struct step_type *type;
    const void *params;
    const struct node *node;
    const struct expression *when; /* NULL: always */
    uint32_t use_count;
    const struct resource_use *uses; /* taken for the step */
    uint32_t seize_count;
    const struct resource_use *seizes; /* taken and kept */
    uint32_t release_count;
    const uint32_t *releases; /* resources given back at the end */
    enum duration_source duration_source;
    struct distribution duration;
    uint32_t conduct;                     /* index of a conduct of the trader's class */
    const struct calendar *work_calendar; /* the duration is open time of this; NULL: elapsed */
    enum party party;                     /* whose time the duration is */
    enum party wait_party;                /* whose time waiting for resources is */
    const struct expression *priority;    /* NULL: 0 */
    bool preempt;
    bool has_patience;
    struct distribution patience;
    uint32_t otherwise; /* step after balking, reneging or discard; 0: it ends so */
    int32_t milestone;  /* reached at the end; -1 for none */
    int32_t charge;     /* -1 for none */
    uint32_t next;      /* step that follows; 0: the end */
    uint32_t purpose;   /* hash of procedure and step */
    uint32_t number;    /* among all steps of the scenario */
    uint32_t purpose_duration, purpose_patience;
    uint32_t branch_count;    /* of a fork */
    const uint32_t *branches; /* first steps */
    const char *const *branch_names;
    uint32_t join;        /* of a fork: where its branches meet; of a join: its number */
    uint32_t branch;      /* number within its fork */
    uint32_t slack_first; /* of a join: number of its first branch in the scenario */
    uint32_t state;       /* index of the step's own state in a replication (batches) */
};

struct procedure {
    const char *name;
    uint32_t step_count;
    const struct step *steps; /* steps[0] is unused: index 0 is the end */
    uint32_t first;
    uint32_t join_count;
};

struct trader_class {
    const char *name;
    double share;  /* of importers */
    double weight; /* consignments of one importer relative to others */
    bool trusted;
    double before_arrival;               /* willing to lodge before arrival */
    double careless, fraudulent;         /* shares of conduct */
    const struct distribution *conducts; /* [conduct_count] of the scenario; times */
};

struct goods_chapter {
    const char *name;
    double share;
    struct distribution value, mass; /* currency units, kg, of one consignment */
    double permit;                   /* share that needs another agency's permit */
    double duty;                     /* share of value */
    double illicit_factor;
};

enum { SUBJECT_CONSIGNMENT, SUBJECT_VESSEL };

/* A row of a file of real declarations. */
struct declared {
    int64_t time_ns;
    uint32_t trader;
    uint32_t chapter; /* index among the world's */
    double value, mass_kg, duty;
    bool illicit;
};

struct stream {
    const char *name;
    struct arrival_pattern pattern;
    uint32_t procedure;
    int subject;
    struct distribution count; /* consignments that a vessel carries */
    uint32_t purpose;
    uint32_t declared_count; /* a stream that replays a file has rows instead of a pattern */
    const struct declared *declared;
};

struct world {
    const char *name;
    int64_t start_day;
    const char *currency;
    double value_of_time_per_s; /* share of the goods' value a second */
    uint32_t importer_count;
    uint32_t class_count;
    const struct trader_class *classes;
    const double *class_cumulative; /* of consignments, last is 1 */
    const uint32_t *class_first;    /* first importer of each class; [class_count + 1] */
    uint32_t conduct_count;
    const char *const *conducts;
    uint32_t chapter_count;
    uint32_t drawn_chapter_count; /* the first ones; the others stand in declarations only */
    const struct goods_chapter *chapters;
    const double *chapter_cumulative;
    uint32_t stream_count;
    const struct stream *streams;
    struct {
        uint32_t trader_class, trader, willing, deficient, illicit, chapter, value, mass, permit;
    } purpose; /* of the draws that make a consignment */
};

struct interval {
    const char *name, *doc;
    uint32_t from, to;          /* milestones */
    int64_t target_ns;          /* 0 for none */
    int32_t party_number;       /* place of its party times in a consignment; -1: none are kept */
    int32_t from_slot, to_slot; /* where tokens keep their party times at these; -1 likewise */
};

struct study {
    int64_t warm_up_ns; /* the cohort arrives from here */
    int64_t end_ns;     /* to here, exclusive */
    int64_t limit_ns;   /* what is inside then is censored */
    bool terminating;
    bool statistics; /* off: the walk and its fingerprint only */
    double sample;   /* share of the cohort in the consignment table */
    int64_t bin_ns;  /* of the time series */
};

struct scenario {
    const char *name; /* of the point */
    const char *system;
    uint64_t seed;
    struct world world;
    struct study study;
    uint32_t organisation_count;
    const struct organisation *organisations;
    uint32_t resource_count;
    const struct resource_type *resources;
    uint32_t charge_count;
    const struct charge *charges;
    const struct ledger_plan *ledger; /* NULL for none */
    uint32_t procedure_count;
    const struct procedure *procedures;
    uint32_t milestone_count;
    const char *const *milestones;
    uint64_t snapshot_mask; /* milestones at which party times are kept */
    uint32_t snapshot_count;
    int8_t snapshot_slot[MILESTONES_MAX]; /* -1 where none */
    uint32_t interval_count;
    const struct interval *intervals;
    uint32_t party_interval_count;  /* those whose party times are kept */
    uint32_t party_count;           /* parties whose time can run in this system */
    int8_t party_slot[PARTY_COUNT]; /* place in a token's vector, -1 for none */
    enum party parties[PARTY_COUNT];
    struct expression_names *names;          /* inputs of conditions, symbols */
    uint32_t channel_symbols[CHANNEL_COUNT]; /* their numbers in conditions */
    const uint32_t *class_symbols, *chapter_symbols;
    int32_t carried_milestone;      /* that vessels await of all they carry; -1 for none */
    uint32_t slack_count;           /* branches of all joins */
    const char *const *slack_names; /* procedure.branch */
    uint32_t step_count;            /* of all procedures */
    uint32_t state_count;           /* steps that keep a state in a replication */
    const char *const *inert_patches;
    uint32_t inert_patch_count;
};

/* Inputs that conditions may read, in this order; values come from sim/world/facts.h. */
#define SCENARIO_INPUTS(X)                                                                \
    X(channel, SYMBOL, NONE, "Channel set by selection: none, green, yellow or red.")     \
    X(trader_class, SYMBOL, NONE, "Class of the importer.")                               \
    X(trusted, BOOLEAN, NONE, "The importer's class is trusted.")                         \
    X(willing, BOOLEAN, NONE, "The importer is willing to lodge before arrival.")         \
    X(lodged_before_arrival, BOOLEAN, NONE, "The declaration was lodged before arrival.") \
    X(chapter, SYMBOL, NONE, "HS chapter of the goods, two digits.")                      \
    X(value, DECIMAL, MONEY, "Declared value.")                                           \
    X(mass, DECIMAL, MASS, "Declared mass.")                                              \
    X(duty, DECIMAL, MONEY, "Duty assessed so far.")                                      \
    X(permit, BOOLEAN, NONE, "The goods need another agency's permit.")                   \
    X(deficient, BOOLEAN, NONE, "The papers have an error that a check brings to light.") \
    X(found, BOOLEAN, NONE, "An examination found an infringement.")                      \
    X(examined, BOOLEAN, NONE, "The goods were examined.")                                \
    X(visits, DECIMAL, NONE, "How often the token was sent back so far.")                 \
    X(waiting, DECIMAL, TIME, "Time since the walk began.")                               \
    X(hour, DECIMAL, NONE, "Hour of the day in world time, 0..23.")                       \
    X(weekday, DECIMAL, NONE, "Day of the week, 1 Monday .. 7 Sunday.")

enum scenario_input {
#define X(name, type, dimension, doc) INPUT_##name,
    SCENARIO_INPUTS(X)
#undef X
        INPUT_COUNT
};

#endif

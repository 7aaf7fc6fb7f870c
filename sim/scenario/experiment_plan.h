/* SPDX-License-Identifier: GPL-3.0-or-later
 * experiment_plan.h - an experiment file, resolved: points, each a compiled scenario. */
#ifndef SIM_SCENARIO_EXPERIMENT_PLAN_H
#define SIM_SCENARIO_EXPERIMENT_PLAN_H

#include "sim/scenario/scenario.h"

struct plan_point {
    const char *name, *system, *levels;
    const struct scenario *scenario;
};

struct experiment_plan {
    const char *name, *summary;
    const char *source;   /* the file it came from */
    const char *resolved; /* one YAML text that loads again and gives the same fingerprints */
    uint64_t seed;
    uint32_t point_count, base_point;
    const struct plan_point *points;
    uint32_t replications_min, replications_max; /* equal when fixed */
    const char *precision_metric;                /* NULL when fixed */
    double relative_precision, level;
    const struct parameter *parameters; /* of all files, for --evidence */
    uint32_t parameter_count;
};

/* Loads an experiment file; `settings` are `--set` assignments. Everything lives in the arena. */
int experiment_plan_load(const char *path, const char *const *settings, unsigned setting_count,
                         struct experiment_plan *plan, struct arena *arena, struct error *err);

/* The same from the text that a result or journal keeps. */
int experiment_plan_load_text(const char *name, const char *text, const char *const *settings,
                              unsigned setting_count, struct experiment_plan *plan,
                              struct arena *arena, struct error *err);

#endif

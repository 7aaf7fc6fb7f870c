/* SPDX-License-Identifier: GPL-3.0-or-later
 * trace.c - the event log of one replication of a result. */
#include "sim/commands/trace.h"

#include "sim/record/result_file.h"

static const struct option options[] = {
    {"event-log", "FILE.tsv", "where the event log goes; - is standard output, and so is absent"},
    {"point", "NAME", "the point; absent: the first"},
    {"replication", "R", "the replication; absent: 0"},
    {NULL, NULL, NULL}};

static int run(const struct invocation *invocation, struct error *err) {
    struct arena *arena = invocation->arena;
    struct ready_experiment *experiment = ARENA_NEW(arena, struct ready_experiment);
    struct result result;
    const char *path = command_option(invocation, "event-log");
    if (result_file_read(invocation->positionals[0], &result, arena, err) != 0 ||
        plan_load_text(invocation->positionals[0], result.layout.resolved, NULL, 0,
                       &experiment->plan, arena, err) != 0 ||
        worker_prepare(experiment, arena, err) != 0) {
        return -1;
    }
    return trace_replication(invocation, experiment, path == NULL ? "-" : path, err);
}

const struct command command_trace = {
    .name = "trace",
    .arguments = "RESULT.h5 --event-log FILE.tsv [--point NAME] [--replication R]",
    .doc = "Reruns one replication of a result and writes its event log.",
    .positionals_min = 1,
    .positionals_max = 1,
    .options = options,
    .run = run,
};

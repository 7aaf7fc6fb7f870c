/* SPDX-License-Identifier: GPL-3.0-or-later
 * extend.c - more replications of a finished run. */
#include "sim/commands/session.h"

static const struct option options[] = {
    {"replications", "N", "how many there shall be in all"},
    {"out", "FILE.h5", "where the result goes; absent: the same file"},
    SESSION_OPTIONS,
    {NULL, NULL, NULL}};

static int run(const struct invocation *invocation, struct error *err) {
    struct session session = {.invocation = invocation, .shard_count = 1};
    struct arena *arena = invocation->arena;
    const char *path = invocation->positionals[0], *out = command_option(invocation, "out");
    int64_t count;
    struct result existing;
    if (command_option(invocation, "replications") == NULL) {
        return error_set(err, ERROR_INPUT, "extend needs --replications N");
    }
    if (command_option_number(invocation, "replications", 1, 10000000, 0, &count, err) != 0 ||
        result_file_read(path, &existing, arena, err) != 0) {
        return -1;
    }
    const char *setting = arena_format(arena, "replications=%lld", (long long)count);
    if (experiment_plan_load_text(path, existing.layout.resolved, &setting, 1,
                                  &session.experiment.plan, arena, err) != 0 ||
        worker_prepare(&session.experiment, arena, err) != 0) {
        return -1;
    }
    session.existing = &existing;
    session.experiment.recorder.layout.extends = path;
    session.result_path = out != NULL ? out : path;
    session.journal_path = session_beside(arena, session.result_path, ".journal");
    if (session_begin(&session, err) != 0) {
        return -1;
    }
    return session_complete(&session, err);
}

const struct command command_extend = {
    .name = "extend",
    .arguments = "RESULT.h5 --replications N [options]",
    .doc = "Adds replications to a result; the same bytes as one longer run.",
    .positionals_min = 1,
    .positionals_max = 1,
    .options = options,
    .run = run,
};

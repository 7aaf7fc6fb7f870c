/* SPDX-License-Identifier: GPL-3.0-or-later
 * run.c - runs an experiment, or one replication of it for a look at every event. */
#define _POSIX_C_SOURCE 200809L /* mkdir, access */
#include "sim/commands/session.h"
#include "sim/commands/trace.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct option options[] = {
    {"out", "FILE.h5", "where the result goes; absent: results/EXPERIMENT.h5"},
    {"set", "KEY=VALUE", "sets a parameter or a dotted path; may be repeated"},
    {"shard", "I/N", "runs every N-th replication only, I from 0; `merge` joins the shards"},
    {"trace", "FILE.tsv", "writes the event log of one replication and nothing else"},
    {"point", "NAME", "the point to trace; absent: the first"},
    {"replication", "R", "the replication to trace; absent: 0"},
    SESSION_OPTIONS,
    {NULL, NULL, NULL}};

static int parse_shard(struct session *session, struct error *err) {
    const char *text = command_option(session->invocation, "shard");
    session->shard_count = 1;
    if (text == NULL) {
        return 0;
    }
    long long shard, count;
    int used = 0;
    if (sscanf(text, "%lld/%lld%n", &shard, &count, &used) != 2 || text[used] != '\0' ||
        count < 1 || count > 1000000 || shard < 0 || shard >= count) {
        return error_set(err, ERROR_INPUT,
                         "--shard: expected I/N with 0 <= I < N, such as 0/4, got '%s'", text);
    }
    session->shard = shard;
    session->shard_count = count;
    return 0;
}

static int choose_paths(struct session *session, struct error *err) {
    const struct invocation *invocation = session->invocation;
    struct arena *arena = invocation->arena;
    const char *out = command_option(invocation, "out");
    if (out == NULL) {
        if (mkdir("results", 0777) != 0 && errno != EEXIST) {
            return error_set(err, ERROR_RUN,
                             "the folder results cannot be made here: %s (name a file with --out)",
                             strerror(errno));
        }
        out = arena_format(arena, "results/%s.h5", session->experiment.plan.name);
        if (session->shard_count > 1) {
            out = arena_format(arena, "results/%s_shard_%lld_of_%lld.h5",
                               session->experiment.plan.name, (long long)session->shard,
                               (long long)session->shard_count);
        }
    }
    session->result_path = out;
    session->journal_path = session_beside(arena, out, ".journal");
    if (access(session->journal_path, F_OK) == 0) {
        return error_set(err, ERROR_RUN,
                         "%s: an earlier run was not finished; go on with `clearlab resume %s`, or "
                         "remove that file to begin anew",
                         session->journal_path, session->journal_path);
    }
    return 0;
}

/* ---- the command --------------------------------------------------------------------------- */

static int run(const struct invocation *invocation, struct error *err) {
    struct session session = {.invocation = invocation};
    const char *settings[OPTION_VALUES_MAX];
    unsigned setting_count = command_option_all(invocation, "set", settings);
    struct experiment_plan *plan = &session.experiment.plan;
    if (experiment_plan_load(invocation->positionals[0], settings, setting_count, plan,
                             invocation->arena, err) != 0 ||
        worker_prepare(&session.experiment, invocation->arena, err) != 0) {
        return -1;
    }
    const char *trace = command_option(invocation, "trace");
    if (trace != NULL) {
        return trace_replication(invocation, &session.experiment, trace, err);
    }
    if (parse_shard(&session, err) != 0 || choose_paths(&session, err) != 0) {
        return -1;
    }
    if (session_begin(&session, err) != 0) {
        return -1;
    }
    return session_complete(&session, err);
}

const struct command command_run = {
    .name = "run",
    .arguments = "EXPERIMENT.yml [options]",
    .doc = "Runs an experiment: tables on the terminal, figures and a result file.",
    .positionals_min = 1,
    .positionals_max = 1,
    .options = options,
    .run = run,
};

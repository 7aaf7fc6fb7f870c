/* SPDX-License-Identifier: GPL-3.0-or-later
 * trace.c - the event log of one replication of a result. */
#include "sim/commands/trace.h"

#include "sim/actors/ledger_service.h"
#include "sim/record/chain_file.h"
#include "sim/record/result_file.h"
#include "sim/record/trace.h"
#include "sim/run/replication.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static const struct option options[] = {
    {"event-log", "FILE.tsv", "where the event log goes; - is standard output, and so is absent"},
    {"point", "NAME", "the point; absent: the first"},
    {"replication", "R", "the replication; absent: 0"},
    {"save-chain", "FILE.h5", "where the blocks of its ledger go, for verify"},
    {NULL, NULL, NULL}};

static int find_point(const struct experiment_plan *plan, const char *name, uint32_t *point,
                      struct error *err) {
    *point = 0;
    for (uint32_t i = 0; name != NULL && i < plan->point_count; i++) {
        if (strcmp(plan->points[i].name, name) == 0) {
            *point = i;
            return 0;
        }
    }
    return name == NULL ? 0
                        : error_set(err, ERROR_INPUT, "--point: there is no point '%s' in '%s'",
                                    name, plan->name);
}

/* Why the blocks of a point can't be saved, or NULL. */
static const char *chain_fault(const struct scenario *scenario) {
    if (scenario->ledger == NULL || scenario->ledger->type != &ledger_type_chain) {
        return "it has no ledger of type chain";
    }
    return scenario->ledger->has_stand_ins
               ? "its signatures are stand-ins; run it with ledger.signatures: real"
               : NULL;
}

/* Runs the replication, its blocks being saved where that is asked for. */
static int rerun(const struct invocation *invocation, const struct ready_experiment *experiment,
                 struct replication *rep, uint32_t point, uint32_t replication, struct error *err) {
    struct result_replication result;
    const char *path = command_option(invocation, "save-chain");
    if (path == NULL) {
        return experiment->worker.run(experiment, rep, point, replication, &result, err);
    }
    const char *fault = chain_fault(experiment->scenarios[point]);
    if (fault != NULL) {
        return error_set(err, ERROR_INPUT, "--save-chain: point '%s': %s",
                         experiment->plan.points[point].name, fault);
    }
    struct chain_writer *writer = chain_file_create(path, NULL, invocation->arena, err);
    if (writer == NULL) {
        return -1;
    }
    ledger_service_save(rep->ledger, writer, point);
    if (experiment->worker.run(experiment, rep, point, replication, &result, err) != 0) {
        chain_file_abandon(writer);
        return -1;
    }
    return chain_file_close(writer, err);
}

int trace_replication(const struct invocation *invocation,
                      const struct ready_experiment *experiment, const char *path,
                      struct error *err) {
    uint32_t point;
    int64_t replication;
    if (find_point(&experiment->plan, command_option(invocation, "point"), &point, err) != 0 ||
        command_option_number(invocation, "replication", 0, UINT32_MAX, 0, &replication, err) !=
            0) {
        return -1;
    }
    struct trace trace = {.file = strcmp(path, "-") == 0 ? stdout : fopen(path, "w")};
    if (trace.file == NULL) {
        return error_set(err, ERROR_RUN, "%s: cannot be written: %s", path, strerror(errno));
    }
    struct replication *rep = experiment->worker.workspace_create(experiment);
    rep->trace = &trace;
    trace_header(&trace);
    int status = rerun(invocation, experiment, rep, point, (uint32_t)replication, err);
    experiment->worker.workspace_free(rep);
    bool failed = fflush(trace.file) != 0 || ferror(trace.file);
    if (trace.file != stdout) {
        failed = fclose(trace.file) != 0 || failed;
    }
    if (status == 0 && failed) {
        return error_set(err, ERROR_RUN, "%s: cannot be written: %s", path, strerror(errno));
    }
    return status;
}

static int run(const struct invocation *invocation, struct error *err) {
    struct arena *arena = invocation->arena;
    struct ready_experiment *experiment = ARENA_NEW(arena, struct ready_experiment);
    struct result result;
    const char *path = command_option(invocation, "event-log");
    if (result_file_read(invocation->positionals[0], &result, arena, err) != 0 ||
        experiment_plan_load_text(invocation->positionals[0], result.layout.resolved, NULL, 0,
                                  &experiment->plan, arena, err) != 0 ||
        worker_prepare(experiment, arena, err) != 0) {
        return -1;
    }
    return trace_replication(invocation, experiment, path == NULL ? "-" : path, err);
}

const struct command command_trace = {
    .name = "trace",
    .arguments =
        "RESULT.h5 --event-log FILE.tsv [--point NAME] [--replication R] [--save-chain FILE.h5]",
    .doc =
        "Reruns one replication of a result and writes its event log, and the chain of its ledger.",
    .positionals_min = 1,
    .positionals_max = 1,
    .options = options,
    .run = run,
};

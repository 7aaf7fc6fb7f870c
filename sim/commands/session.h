/* SPDX-License-Identifier: GPL-3.0-or-later
 * session.h - what run, resume, extend and reproduce have in common: an experiment that is run into
 * a journal, and a journal that becomes a result. */
#ifndef SIM_COMMANDS_SESSION_H
#define SIM_COMMANDS_SESSION_H

#include "sim/commands/command.h"
#include "sim/record/result_file.h"
#include "sim/run/worker.h"

#include <stdio.h>

/* Options that all of them take; a table of options begins with these. */
#define SESSION_OPTIONS                                                                          \
    {"threads", "N", "threads; absent: one a processor"},                                        \
        {"quiet", NULL, "no progress and no tables"},                                            \
        {"json", NULL, "prints the results as JSON instead of tables"}, {                        \
        "by", "channel|class|hours", "tables for every channel, class, or peak and off-peak too" \
    }

struct session {
    const struct invocation *invocation;
    struct ready_experiment experiment;
    const char *journal_path, *result_path;
    const struct result *existing; /* replications that need not be run again; NULL for none */
    int64_t shard, shard_count;
    struct experiment_outcome outcome;
};

/* A new journal at the session's path, when a result may stand at the other. */
int session_begin(const struct session *session, struct error *err);

/* Runs what is missing into the journal, makes the result file of it (and of what existed), removes
 * the journal, prints tables (or JSON) and draws figures beside the result. 0; 1 when Ctrl-C
 * stopped it (how to go on is printed); -1 and an error. */
int session_complete(struct session *session, struct error *err);

/* "results/first.h5" -> "results/first" + ending, in the arena. */
const char *session_beside(struct arena *arena, const char *result_path, const char *ending);

#endif

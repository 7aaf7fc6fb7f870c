/* SPDX-License-Identifier: GPL-3.0-or-later
 * resume.c - goes on with a run that was stopped, from its journal alone. */
#include "sim/commands/session.h"
#include "sim/record/journal.h"
#include "sim/record/version.h"

#include <string.h>

static const struct option options[] = {SESSION_OPTIONS, {NULL, NULL, NULL}};

static int run(const struct invocation *invocation, struct error *err) {
    struct session session = {.invocation = invocation, .shard_count = 1};
    session.journal_path = invocation->positionals[0];
    struct journal *journal = journal_open(session.journal_path, err);
    if (journal == NULL) {
        return -1;
    }
    const struct result_layout *layout = journal_layout(journal);
    int status = experiment_plan_load_text(session.journal_path, layout->resolved, NULL, 0,
                                           &session.experiment.plan, invocation->arena, err);
    if (status == 0 && strcmp(layout->revision, version_revision) != 0) {
        fprintf(stderr, "note: begun by revision %s, this is %s\n", layout->revision,
                version_revision);
    }
    if (journal_close(journal, err) != 0 || status != 0 ||
        worker_prepare(&session.experiment, invocation->arena, err) != 0) {
        return -1;
    }
    size_t length = strlen(session.journal_path);
    bool usual = length > 8 && strcmp(session.journal_path + length - 8, ".journal") == 0;
    session.result_path = arena_format(invocation->arena, "%.*s.h5",
                                       (int)(usual ? length - 8 : length), session.journal_path);
    return session_complete(&session, err);
}

const struct command command_resume = {
    .name = "resume",
    .arguments = "FILE.journal [options]",
    .doc = "Goes on with a run that was stopped, and ends with the same bytes.",
    .positionals_min = 1,
    .positionals_max = 1,
    .options = options,
    .run = run,
};

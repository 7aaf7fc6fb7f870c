/* SPDX-License-Identifier: GPL-3.0-or-later
 * resume.c - goes on with a run that was stopped, from its journal alone. */
#include "sim/commands/session.h"
#include "sim/record/journal.h"
#include "sim/record/version.h"
#include "sim/scenario/resolve.h"

#include <string.h>

static const struct option options[] = {SESSION_OPTIONS, {NULL, NULL, NULL}};

/* The result must come from the journal's run, asked for fewer replications. */
static int check_extended(const struct result *existing, const struct result_layout *layout,
                          uint32_t replications, struct arena *arena, struct error *err) {
    const char *resolved = existing->layout.resolved;
    const char *setting = arena_format(arena, "replications=%u", replications);
    struct node *root =
        node_read_text(arena, existing->layout.experiment, resolved, strlen(resolved), err);
    if (root == NULL || resolve_settings(arena, root, &setting, 1, err) != 0 ||
        result_compare_layouts(layout, &existing->layout, RESULT_COMPARE_SHAPE, err) != 0) {
        return -1;
    }
    if (strcmp(resolved, layout->resolved) == 0) { /* stopped before the journal was removed */
        return error_set(err, ERROR_INPUT, "it holds all replications already");
    }
    if (strcmp(node_write(arena, root), layout->resolved) != 0) {
        return error_set(err, ERROR_INPUT, "it is another result than the one that was extended");
    }
    return 0;
}

/* The result that an interrupted `extend` adds to. Where it cannot be had any more, its
 * replications are run again. */
static const struct result *read_extended(const struct result_layout *layout,
                                          const struct experiment_plan *plan, struct arena *arena) {
    struct result *existing = ARENA_NEW(arena, struct result);
    struct error err = ERROR_INIT;
    if (layout->extends == NULL) {
        return NULL;
    }
    if (result_file_read(layout->extends, existing, arena, &err) == 0 &&
        check_extended(existing, layout, plan->replications_max, arena, &err) == 0) {
        return existing;
    }
    fprintf(stderr, "note: %s: %s; its replications are run again\n", layout->extends, err.text);
    return NULL;
}

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
    if (status == 0) {
        session.existing = read_extended(layout, &session.experiment.plan, invocation->arena);
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

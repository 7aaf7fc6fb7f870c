/* SPDX-License-Identifier: GPL-3.0-or-later
 * merge.c - the shards of a run become its result. */
#include "sim/commands/command.h"
#include "sim/record/result_file.h"
#include "sim/record/result_merge.h"
#include "sim/scenario/experiment_plan.h"

#include <stdio.h>

static const struct option options[] = {{"out", "FILE.h5", "where the merged result goes"},
                                        {NULL, NULL, NULL}};

/* A last shard that is missing leaves no gap, so the number that was asked for is looked up. */
static int check_complete(const struct result *merged, struct arena *arena, struct error *err) {
    struct experiment_plan plan;
    if (experiment_plan_load_text("the shards' experiment", merged->layout.resolved, NULL, 0, &plan,
                                  arena, err) != 0) {
        return -1;
    }
    uint32_t wanted = plan.replications_min * merged->layout.point_count;
    if (merged->replication_count < wanted) {
        return error_set(err, ERROR_INPUT,
                         "%u of %u replications are here: a shard is missing, or was not finished",
                         merged->replication_count, wanted);
    }
    return 0;
}

static int run(const struct invocation *invocation, struct error *err) {
    const char *out = command_option(invocation, "out");
    uint32_t count = invocation->positional_count;
    struct arena *arena = invocation->arena;
    struct result *results = ARENA_ARRAY(arena, struct result, count);
    const struct result **parts = ARENA_ARRAY(arena, const struct result *, count);
    if (out == NULL) {
        return error_set(err, ERROR_INPUT, "merge needs --out FILE.h5");
    }
    for (uint32_t i = 0; i < count; i++) {
        parts[i] = &results[i];
        if (result_file_read(invocation->positionals[i], &results[i], arena, err) != 0) {
            return -1;
        }
    }
    struct result merged;
    if (result_merge(parts, count, NULL, &merged, arena, err) != 0 ||
        check_complete(&merged, arena, err) != 0 || result_file_write(out, &merged, err) != 0) {
        return -1;
    }
    printf("%s: %u replications of %u files\n", out, merged.replication_count, count);
    return 0;
}

const struct command command_merge = {
    .name = "merge",
    .arguments = "SHARD.h5 ... --out RESULT.h5",
    .doc = "Joins the shards of a run; the same bytes as one run.",
    .positionals_min = 1,
    .positionals_max = POSITIONALS_MAX,
    .options = options,
    .run = run,
};

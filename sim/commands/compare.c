/* SPDX-License-Identifier: GPL-3.0-or-later
 * compare.c - the tables of a result again, every point against a base. */
#include "analysis/plots/plots.h"
#include "analysis/tables/tables.h"
#include "sim/commands/command.h"
#include "sim/record/result_file.h"

#include <stdio.h>
#include <string.h>

static const struct option options[] = {
    {"base", "POINT", "compare with this point; absent: the experiment's base"},
    {"by", "channel|class|hours", "tables for every channel, class, or peak and off-peak too"},
    {"level", "PERCENT", "level of intervals; absent: 95"},
    {"json", NULL, "prints JSON"},
    {"tsv", NULL, "prints tab-separated values, one line a metric"},
    {"figures", "STEM", "draws the figures as STEM_release_cdf.svg and so on"},
    {NULL, NULL, NULL}};

static int choose_base(const struct invocation *invocation, struct result *result,
                       struct error *err) {
    const char *base = command_option(invocation, "base");
    if (base == NULL) {
        return 0;
    }
    const char **names =
        ARENA_ARRAY(invocation->arena, const char *, result->layout.point_count + 1);
    for (uint32_t i = 0; i < result->layout.point_count; i++) {
        names[i] = result->layout.points[i].name;
        if (strcmp(names[i], base) == 0) {
            result->layout.base_point = i;
            return 0;
        }
    }
    return error_set(err, ERROR_INPUT, "--base: there is no point '%s'%s", base,
                     error_hint(base, names, result->layout.point_count, "").text);
}

static int draw(const struct invocation *invocation, const struct result *result,
                struct error *err) {
    const char *stem = command_option(invocation, "figures");
    if (stem == NULL) {
        return 0;
    }
    struct arena *arena = invocation->arena;
    if (plots_release_cdf(result, arena_format(arena, "%s_release_cdf", stem), err) != 0) {
        return -1;
    }
    return plots_party_time(result, arena_format(arena, "%s_party_time", stem), err);
}

static int run(const struct invocation *invocation, struct error *err) {
    struct tables_options tables = TABLES_OPTIONS_INIT;
    struct result result;
    int64_t level;
    tables.by = command_option(invocation, "by");
    if (tables_check_by(tables.by, err) != 0 ||
        command_option_number(invocation, "level", 50, 99, 95, &level, err) != 0 ||
        result_file_read(invocation->positionals[0], &result, invocation->arena, err) != 0 ||
        choose_base(invocation, &result, err) != 0) {
        return -1;
    }
    tables.level = (double)level / 100;
    int status = 0;
    if (command_option(invocation, "json") != NULL) {
        status = tables_write_json(&result, &tables, stdout, err);
    } else if (command_option(invocation, "tsv") != NULL) {
        status = tables_write_tsv(&result, &tables, stdout, err);
    } else {
        tables_print(&result, &tables, stdout);
    }
    return status != 0 ? status : draw(invocation, &result, err);
}

const struct command command_compare = {
    .name = "compare",
    .arguments = "RESULT.h5 [options]",
    .doc = "Prints the tables of a result, each system against a base.",
    .positionals_min = 1,
    .positionals_max = 1,
    .options = options,
    .run = run,
};

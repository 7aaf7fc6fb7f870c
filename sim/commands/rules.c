/* SPDX-License-Identifier: GPL-3.0-or-later
 * rules.c - `clearlab rules WORD ...`: finds the word. */
#include "sim/commands/rules.h"

static const struct option options[] = {
    {"set", "INPUT=VALUE", "run: gives an input; may be repeated"},
    {"on", "DATE", "run: the day that counts; absent: the last on which something changes"},
    {"resolved", NULL, "run, check: prints the page with its overlays in it, and nothing else"},
    {"json", NULL, "run: prints the answer as one JSON object"},
    {"output", "FILE.yml", "import: where the page goes; absent: standard output"},
    {NULL, NULL, NULL}};

static const struct command_word words[] = {
    {"run", 1, 1, rules_run},
    {"diff", 2, 2, rules_diff},
    {"check", 1, POSITIONALS_MAX, rules_check},
    {"import", 1, POSITIONALS_MAX, rules_import}, /* FILE.dmn and names of decisions */
    {NULL, 0, 0, NULL}};

static int run(const struct invocation *invocation, struct error *err) {
    return command_dispatch(invocation, words, err);
}

const struct command command_rules = {
    .name = "rules",
    .arguments = "run TABLE.yml --set INPUT=VALUE [--on DATE] | check FILE... | diff OLD NEW | "
                 "import FILE.dmn",
    .doc = "Asks, checks and compares decision tables.",
    .positionals_min = 2,
    .positionals_max = POSITIONALS_MAX,
    .options = options,
    .run = run,
};

/* SPDX-License-Identifier: GPL-3.0-or-later
 * rules.c - `clearlab rules WORD ...`: finds the word. */
#include "sim/commands/rules.h"

#include <string.h>

static const struct option options[] = {
    {"set", "INPUT=VALUE", "run: gives an input; may be repeated"},
    {"on", "DATE", "run: the day that counts; absent: the last on which something changes"},
    {"resolved", NULL, "run, check: prints the page with its overlays in it, and nothing else"},
    {"json", NULL, "run: prints the answer as one JSON object"},
    {"output", "FILE.yml", "import: where the page goes; absent: standard output"},
    {NULL, NULL, NULL}};

static const struct word {
    const char *name;
    int (*run)(const struct invocation *invocation, struct error *err);
} words[] = {
#define X(name) {#name, rules_##name},
    RULES_COMMANDS(X)
#undef X
};
enum { WORD_COUNT = sizeof words / sizeof *words };

static int run(const struct invocation *invocation, struct error *err) {
    const char *names[WORD_COUNT], *wanted = invocation->positionals[0];
    for (unsigned i = 0; i < WORD_COUNT; i++) {
        names[i] = words[i].name;
        if (strcmp(names[i], wanted) == 0) {
            return words[i].run(invocation, err);
        }
    }
    error_set(err, ERROR_INPUT, "rules: there is no '%s'%s", wanted,
              error_hint(wanted, names, WORD_COUNT, "; see --help").text);
    return 2;
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

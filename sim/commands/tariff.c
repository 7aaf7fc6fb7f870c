/* SPDX-License-Identifier: GPL-3.0-or-later
 * tariff.c - `clearlab tariff`: assess goods, read a duty expression, look for faults. */
#include "sim/commands/tariff.h"

static const struct option options[] = {
    {"tariff", "FILE", "assess: the tariff or the jurisdiction"},
    {"jurisdiction", "FILE", "assess: the levies; absent: those that the tariff has or names"},
    {"on", "DATE", "assess: the date of the goods; absent: what the declaration says"},
    {"known", "DATE", "assess: as the law was known that day; absent: as it is known at last"},
    {"imports", "FILE", "assess: what came in, for surges: CSV with date, surge, quantity"},
    {"since", "DATE", "assess: lists what is different from what was known that day"},
    {"us-schedule", NULL, "lint: FILE is the American schedule (CSV)"},
    {"us-database", NULL, "lint: FILE is the American annual tariff database (CSV)"},
    {"seasons", NULL, "lint: FILE is a table of seasonal rates (CSV)"},
    {"columns", "FILE", "lint: the YAML file that says what the columns of such a CSV mean"},
    {"json", NULL, "prints JSON"},
    {NULL, NULL, NULL}};

static const struct command_word words[] = {{"assess", 1, POSITIONALS_MAX, tariff_assess},
                                            {"parse", 1, 1, tariff_parse},
                                            {"lint", 1, 1, tariff_lint},
                                            {NULL, 0, 0, NULL}};

static int run(const struct invocation *invocation, struct error *err) {
    return command_dispatch(invocation, words, err);
}

const struct command command_tariff = {
    .name = "tariff",
    .arguments = "assess DECLARATION... --tariff FILE [--on DATE] [--known DATE] [--since DATE] | "
                 "parse TEXT | lint FILE [--us-schedule | --us-database | --seasons]",
    .doc = "Assesses duties and taxes with their trace; reads duty expressions; finds what is odd.",
    .positionals_min = 2,
    .positionals_max = POSITIONALS_MAX,
    .options = options,
    .run = run,
};

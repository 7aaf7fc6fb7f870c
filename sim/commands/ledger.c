/* SPDX-License-Identifier: GPL-3.0-or-later
 * ledger.c - `clearlab ledger WORD ...`: finds the word. */
#include "sim/commands/ledger.h"

static const struct option options[] = {
    {"kind", "NAME", "schedules: random, twins or forks; absent: random"},
    {"count", "N", "schedules: how many; absent: 10000"},
    {"seed", "SEED", "schedules: the first seed; the others follow it; absent: 1"},
    {"threads", "N", "schedules: absent: 1"},
    {"replay", "SEED", "schedules: runs this one alone and prints what its members did"},
    {NULL, NULL, NULL}};

static const struct command_word words[] = {{"schedules", 0, 0, ledger_schedules},
                                            {NULL, 0, 0, NULL}};

static int run(const struct invocation *invocation, struct error *err) {
    return command_dispatch(invocation, words, err);
}

const struct command command_ledger = {
    .name = "ledger",
    .arguments = "schedules [--kind random|twins|forks] [--count N] [--seed SEED] [--replay SEED]",
    .doc = "Puts the agreement of a ledger's members to schedules of attacks.",
    .positionals_min = 1,
    .positionals_max = 1,
    .options = options,
    .run = run,
};

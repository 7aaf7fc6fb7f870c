/* SPDX-License-Identifier: GPL-3.0-or-later
 * command.h - what a command of the command line is, and what its options are.
 *
 * A command returns the exit status: 0; 1 when the run, the machine or a comparison failed; 2 when
 * what the user gave is wrong. On 1 and 2 the error, when set, is printed by main. */
#ifndef SIM_COMMANDS_COMMAND_H
#define SIM_COMMANDS_COMMAND_H

#include "core/base/arena.h"
#include "core/base/error.h"

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

enum { OPTION_VALUES_MAX = 64, POSITIONALS_MAX = 1024, COMMAND_WORDS_MAX = 32 };

struct option {
    const char *name;     /* without the dashes; NULL ends a table */
    const char *argument; /* what to call its value; NULL for a flag */
    const char *doc;
};

struct invocation {
    const struct command *command;
    struct arena *arena;
    volatile sig_atomic_t *stop; /* set by Ctrl-C */
    const char *program;
    const char *positionals[POSITIONALS_MAX];
    unsigned positional_count;
    const char *names[OPTION_VALUES_MAX]; /* options given, in order */
    const char *values[OPTION_VALUES_MAX];
    unsigned option_count;
};

struct command {
    const char *name, *arguments, *doc;
    unsigned positionals_min, positionals_max;
    const struct option *options;
    int (*run)(const struct invocation *invocation, struct error *err);
};

#define COMMANDS(X) \
    X(check)        \
    X(plan)         \
    X(run)          \
    X(resume)       \
    X(extend)       \
    X(merge)        \
    X(compare)      \
    X(trace)        \
    X(reproduce) X(schema) X(bench) X(rules) X(tariff) X(verify) X(risk) X(ledger) X(contract)

#define X(name) extern const struct command command_##name;
COMMANDS(X)
#undef X

/* The value of an option, NULL when it was not given ("" for a flag that was). */
const char *command_option(const struct invocation *invocation, const char *name);

/* All values of an option that may be repeated; returns their number. */
unsigned command_option_all(const struct invocation *invocation, const char *name,
                            const char *values[OPTION_VALUES_MAX]);

/* A whole number from an option, `otherwise` when it was not given. 0, or -1 and an error. */
int command_option_number(const struct invocation *invocation, const char *name, int64_t min,
                          int64_t max, int64_t otherwise, int64_t *number, struct error *err);

/* One word that a command has sub-commands by: `clearlab rules run ...`. `run` returns the exit
 * status and finds the word itself in positionals[0]; NULL as name ends a table. */
struct command_word {
    const char *name;
    unsigned positionals_min, positionals_max; /* behind the word */
    int (*run)(const struct invocation *invocation, struct error *err);
};

/* Runs the word of the table that stands in positionals[0]. Its exit status, or 2 and an error. */
int command_dispatch(const struct invocation *invocation, const struct command_word *words,
                     struct error *err);

/* Reads the command's own arguments. 0; 1 when --help was asked for; -1 and an error. */
int command_parse(struct invocation *invocation, int argc, char **argv, struct error *err);

#endif

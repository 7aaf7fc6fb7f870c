/* SPDX-License-Identifier: GPL-3.0-or-later
 * command.c - see command.h. */
#include "sim/commands/command.h"

#include "core/base/require.h"

#include <stdlib.h>
#include <string.h>

static const struct option *find_option(const struct command *command, const char *name,
                                        size_t length) {
    for (const struct option *option = command->options; option != NULL && option->name != NULL;
         option++) {
        if (strlen(option->name) == length && strncmp(option->name, name, length) == 0) {
            return option;
        }
    }
    return NULL;
}

static int unknown_option(const struct command *command, const char *name, size_t length,
                          struct arena *arena, struct error *err) {
    const char *names[OPTION_VALUES_MAX];
    unsigned count = 0;
    for (const struct option *option = command->options; option != NULL && option->name != NULL;
         option++) {
        names[count++] = option->name;
    }
    const char *wrong = arena_text(arena, name, length);
    const char *nearest = error_nearest_name(wrong, names, count);
    return error_set(err, ERROR_INPUT, "%s has no option --%s%s%s%s", command->name, wrong,
                     nearest ? "; did you mean --" : "; see --help", nearest ? nearest : "",
                     nearest ? "?" : "");
}

/* One argument that begins with two dashes. Returns how many arguments it took, or -1. */
static int parse_option(struct invocation *invocation, int left, char **argv, struct error *err) {
    const char *name = argv[0] + 2;
    const char *equals = strchr(name, '=');
    size_t length = equals != NULL ? (size_t)(equals - name) : strlen(name);
    const struct option *option = find_option(invocation->command, name, length);
    if (option == NULL) {
        return unknown_option(invocation->command, name, length, invocation->arena, err);
    }
    if (invocation->option_count == OPTION_VALUES_MAX) {
        return error_set(err, ERROR_INPUT, "more than %d options", OPTION_VALUES_MAX);
    }
    const char *value = "";
    int taken = 1;
    if (option->argument == NULL && equals != NULL) {
        return error_set(err, ERROR_INPUT, "--%s takes no value", option->name);
    }
    if (option->argument != NULL) {
        if (equals == NULL && left < 2) {
            return error_set(err, ERROR_INPUT, "--%s needs a value: --%s %s", option->name,
                             option->name, option->argument);
        }
        value = equals != NULL ? equals + 1 : argv[1];
        taken = equals != NULL ? 1 : 2;
    }
    invocation->names[invocation->option_count] = option->name;
    invocation->values[invocation->option_count++] = value;
    return taken;
}

int command_parse(struct invocation *invocation, int argc, char **argv, struct error *err) {
    const struct command *command = invocation->command;
    for (int i = 0; i < argc;) {
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
            return 1;
        }
        if (strncmp(argv[i], "--", 2) == 0) {
            int taken = parse_option(invocation, argc - i, argv + i, err);
            if (taken < 0) {
                return -1;
            }
            i += taken;
            continue;
        }
        if (invocation->positional_count == command->positionals_max ||
            invocation->positional_count == POSITIONALS_MAX) {
            return error_set(err, ERROR_INPUT, "%s: '%s' is one argument too many; usage: %s %s",
                             command->name, argv[i], command->name, command->arguments);
        }
        invocation->positionals[invocation->positional_count++] = argv[i++];
    }
    if (invocation->positional_count < command->positionals_min) {
        return error_set(err, ERROR_INPUT, "usage: clearlab %s %s", command->name,
                         command->arguments);
    }
    return 0;
}

const char *command_option(const struct invocation *invocation, const char *name) {
    for (unsigned i = invocation->option_count; i-- > 0;) {
        if (strcmp(invocation->names[i], name) == 0) {
            return invocation->values[i];
        }
    }
    return NULL;
}

unsigned command_option_all(const struct invocation *invocation, const char *name,
                            const char *values[OPTION_VALUES_MAX]) {
    unsigned count = 0;
    for (unsigned i = 0; i < invocation->option_count; i++) {
        if (strcmp(invocation->names[i], name) == 0) {
            values[count++] = invocation->values[i];
        }
    }
    return count;
}

int command_option_number(const struct invocation *invocation, const char *name, int64_t min,
                          int64_t max, int64_t otherwise, int64_t *number, struct error *err) {
    const char *text = command_option(invocation, name);
    *number = otherwise;
    if (text == NULL) {
        return 0;
    }
    char *end;
    long long value = strtoll(text, &end, 10);
    if (end == text || *end != '\0' || value < min || value > max) {
        return error_set(err, ERROR_INPUT,
                         "--%s: expected a whole number from %lld to %lld, got '%s'", name,
                         (long long)min, (long long)max, text);
    }
    *number = value;
    return 0;
}

int command_dispatch(const struct invocation *invocation, const struct command_word *words,
                     struct error *err) {
    const struct command *command = invocation->command;
    const char *names[COMMAND_WORDS_MAX];
    const char *wanted = invocation->positional_count > 0 ? invocation->positionals[0] : "";
    unsigned count = 0;
    for (const struct command_word *word = words; word->name != NULL; word++) {
        REQUIRE(count < COMMAND_WORDS_MAX);
        names[count++] = word->name;
        if (strcmp(word->name, wanted) != 0) {
            continue;
        }
        unsigned behind = invocation->positional_count - 1;
        if (behind < word->positionals_min || behind > word->positionals_max) {
            error_set(err, ERROR_INPUT, "%s %s: %s; usage: clearlab %s %s", command->name, wanted,
                      behind < word->positionals_min ? "something is missing" : "too many words",
                      command->name, command->arguments);
            return 2;
        }
        return word->run(invocation, err);
    }
    error_set(err, ERROR_INPUT, "%s: there is no '%s'%s", command->name, wanted,
              error_hint(wanted, names, count, "; see --help").text);
    return 2;
}

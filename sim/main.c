/* SPDX-License-Identifier: GPL-3.0-or-later
 * main.c - the command line: finds the command, prints what went wrong, gives the exit status. */
#define _POSIX_C_SOURCE 200809L /* sigaction */
#include "sim/commands/command.h"
#include "sim/record/version.h"

#include <gsl/gsl_errno.h>
#include <stdio.h>
#include <string.h>

static volatile sig_atomic_t stop;

static void on_signal(int signal_number) {
    (void)signal_number;
    stop = 1;
}

static const struct command *const commands[] = {
#define X(name) &command_##name,
    COMMANDS(X)
#undef X
};
enum { COMMAND_COUNT = sizeof commands / sizeof commands[0] };

static void print_help(FILE *file) {
    fputs("Clearlab, a laboratory for customs clearance.\n\nusage: clearlab COMMAND ...\n\n", file);
    for (unsigned i = 0; i < COMMAND_COUNT; i++) {
        fprintf(file, "  %-10s %s\n", commands[i]->name, commands[i]->doc);
    }
    fputs("  test       Builds and runs the tests (given to the wrapper at the root).\n"
          "\n`clearlab COMMAND --help` says more; `clearlab --version` which one this is.\n",
          file);
}

static void print_command_help(const struct command *command) {
    printf("usage: clearlab %s %s\n\n%s\n", command->name, command->arguments, command->doc);
    const struct option *option = command->options;
    if (option != NULL && option->name != NULL) {
        putchar('\n');
    }
    for (; option != NULL && option->name != NULL; option++) {
        char left[64];
        snprintf(left, sizeof left, "--%s %s", option->name,
                 option->argument != NULL ? option->argument : "");
        printf("  %-24s %s\n", left, option->doc);
    }
}

static const struct command *find_command(const char *name, struct error *err) {
    const char *names[COMMAND_COUNT];
    for (unsigned i = 0; i < COMMAND_COUNT; i++) {
        names[i] = commands[i]->name;
        if (strcmp(name, names[i]) == 0) {
            return commands[i];
        }
    }
    error_set(err, ERROR_INPUT, "there is no command '%s'%s", name,
              error_hint(name, names, COMMAND_COUNT, "; `clearlab --help` lists them").text);
    return NULL;
}

static int fail(const struct error *err) {
    char text[2048];
    error_print(err, text, sizeof text);
    fflush(stdout);
    fputs(text, stderr);
    return (int)err->code;
}

static int run_command(const struct command *command, const char *program, int argc, char **argv,
                       struct error *err) {
    struct arena arena = ARENA_INIT;
    struct invocation *invocation = ARENA_NEW(&arena, struct invocation);
    *invocation =
        (struct invocation){.command = command, .arena = &arena, .stop = &stop, .program = program};
    int status = command_parse(invocation, argc, argv, err);
    if (status == 1) {
        print_command_help(command);
        status = 0;
    } else if (status == 0) {
        status = command->run(invocation, err);
    }
    arena_free(&arena);
    return status;
}

int main(int argc, char **argv) {
    struct error err = ERROR_INIT;
    gsl_set_error_handler_off();
    if (argc < 2 || strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 ||
        strcmp(argv[1], "help") == 0) {
        print_help(argc < 2 ? stderr : stdout);
        return argc < 2 ? 2 : 0;
    }
    if (strcmp(argv[1], "--version") == 0) {
        printf("clearlab %s (%s)\n", version_number, version_revision);
        return 0;
    }
    const struct command *command = find_command(argv[1], &err);
    if (command == NULL) {
        return fail(&err);
    }
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = (int)SA_RESETHAND};
    sigaction(SIGINT, &action, NULL); /* a second Ctrl-C stops at once */
    sigaction(SIGTERM, &action, NULL);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
    int status = run_command(command, argv[0], argc - 2, argv + 2, &err);
    if (err.code != ERROR_NONE) {
        return fail(&err);
    }
    if (fflush(stdout) != 0) {
        fputs("error: standard output cannot be written\n", stderr);
        return 1;
    }
    return status;
}

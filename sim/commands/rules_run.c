/* SPDX-License-Identifier: GPL-3.0-or-later
 * rules_run.c - one question to a table, and its answer with the rules that gave it. */
#include "core/base/units.h"
#include "sim/commands/rules.h"
#include "sim/scenario/rule_file.h"

#include <stdio.h>
#include <string.h>

struct question {
    const struct rule *rule;
    struct arena *arena;
    struct value values[RULE_INPUTS_MAX];
    bool is_given[RULE_INPUTS_MAX];
    int64_t day;
    struct rule_result result;
};

/* The input that "name=value" gives. */
static int set_input(struct question *question, const char *setting, struct error *err) {
    unsigned count;
    const struct expression_input *inputs = rule_inputs(question->rule, &count);
    const char *equals = strchr(setting, '=');
    const char *names[RULE_INPUTS_MAX];
    if (equals == NULL) {
        return error_set(err, ERROR_INPUT, "--set %s: expected INPUT=VALUE", setting);
    }
    const char *name = arena_text(question->arena, setting, (size_t)(equals - setting));
    for (unsigned i = 0; i < count; i++) {
        names[i] = inputs[i].name;
        if (strcmp(names[i], name) == 0) {
            question->is_given[i] = true;
            return rule_parse_input(question->rule, i, equals + 1, &question->values[i],
                                    question->arena, err);
        }
    }
    return error_set(err, ERROR_INPUT, "--set: '%s' has no input '%s'%s", rule_name(question->rule),
                     name, error_hint(name, names, count, "").text);
}

static int read_question(struct question *question, const struct invocation *invocation,
                         struct error *err) {
    const char *settings[OPTION_VALUES_MAX], *on = command_option(invocation, "on");
    unsigned count = command_option_all(invocation, "set", settings);
    for (unsigned i = 0; i < count; i++) {
        if (set_input(question, settings[i], err) < 0) {
            return -1;
        }
    }
    question->day = rule_last_change(question->rule);
    if (on != NULL) {
        return units_parse_date(on, &question->day, (struct place){.source = "--on"}, err);
    }
    return 0;
}

/* ---- what was asked wrongly ---- */

static int refuse_input(const struct question *question, struct error *err) {
    unsigned count, input = question->result.refused;
    const struct expression_input *like = &rule_inputs(question->rule, &count)[input];
    char text[640];
    if (question->values[input].type == VALUE_MISSING) {
        error_set(err, ERROR_INPUT, "'%s' %s: it may not be missing; --set %s=VALUE gives it",
                  like->name, question->is_given[input] ? "is missing" : "is not given",
                  like->name);
    } else {
        rule_print_value(question->rule, question->values[input], like->dimension, text,
                         sizeof text);
        error_set(err, ERROR_INPUT, "'%s' cannot be %s: that is outside of its range", like->name,
                  text);
    }
    return 2;
}

static int refuse_conflict(const struct question *question, struct error *err) {
    const char *text = "";
    for (unsigned i = 0; i < question->result.fired_count; i++) {
        text = arena_format(question->arena, "%s%s%s", text, i == 0 ? "" : ", ",
                            rule_name_of(question->rule, question->result.fired[i]));
    }
    error_set(err, ERROR_RUN, "the rules %s contradict each other here", text);
    return 1;
}

/* ---- the answer ---- */

static bool gives_rows(const struct question *question) {
    enum rule_hit hit = rule_hit(question->rule);
    return hit >= RULE_HIT_RULE_ORDER && hit <= RULE_HIT_COLLECT;
}

/* Calls with each row of outputs: one, or with the policies that give all, one a rule. */
static void each_row(struct question *question,
                     void (*print)(const struct question *question, unsigned row,
                                   const struct value *outputs)) {
    unsigned rows = gives_rows(question) ? question->result.fired_count : 1;
    print(question, 0, question->result.outputs);
    for (unsigned row = 1; row < rows; row++) {
        struct value outputs[RULE_OUTPUTS_MAX];
        rule_outputs(question->rule, question->result.fired[row], question->values, question->day,
                     outputs);
        print(question, row, outputs);
    }
}

static void print_row(const struct question *question, unsigned row, const struct value *outputs) {
    unsigned count;
    const struct rule_output *list = rule_output_list(question->rule, &count);
    if (row > 0) {
        putchar('\n');
    }
    for (unsigned o = 0; o < count; o++) {
        char text[640];
        rule_print_value(question->rule, outputs[o], list[o].dimension, text, sizeof text);
        printf("%-16s %s\n", list[o].name, text);
    }
}

static void print_text(struct question *question) {
    const struct rule_result *result = &question->result;
    each_row(question, print_row);
    putchar('\n');
    for (unsigned i = 0; i < result->fired_count; i++) {
        const char *reference = rule_reference_of(question->rule, result->fired[i]);
        printf("%-16s %s%s%s\n", i == 0 ? "fired" : "",
               rule_name_of(question->rule, result->fired[i]), reference[0] != '\0' ? ": " : "",
               reference);
    }
    if (result->fired_count == 0) {
        printf("%-16s %s\n", "fired",
               result->status == RULE_DEFAULT ? "no rule; these are defaults" : "no rule");
    }
    if (question->day >= UNITS_DAY_MIN && question->day <= UNITS_DAY_MAX) {
        char date[16];
        units_print_date(question->day, date);
        printf("%-16s %s\n", "on", date);
    }
    printf("%-16s %u of at most %u operations\n", "cost", result->cost, rule_cost(question->rule));
}

static void print_json_text(const char *text) {
    putchar('"');
    for (; *text != '\0'; text++) {
        if (*text == '"' || *text == '\\') {
            printf("\\%c", *text);
        } else if ((unsigned char)*text < 0x20) {
            printf("\\u%04x", (unsigned)(unsigned char)*text);
        } else {
            putchar(*text);
        }
    }
    putchar('"');
}

static void print_json_row(const struct question *question, unsigned row,
                           const struct value *outputs) {
    unsigned count;
    uint32_t symbol_count;
    const struct rule_output *list = rule_output_list(question->rule, &count);
    printf("%s{", row > 0 ? ", " : "");
    for (unsigned o = 0; o < count; o++) {
        char text[640];
        printf("%s", o > 0 ? ", " : "");
        print_json_text(list[o].name);
        printf(": ");
        value_print(outputs[o], rule_symbols(question->rule, &symbol_count), text, sizeof text);
        if (outputs[o].type == VALUE_MISSING) {
            printf("null");
        } else if (outputs[o].type == VALUE_DECIMAL || outputs[o].type == VALUE_BOOLEAN) {
            printf("%s", text);
        } else {
            print_json_text(text);
        }
    }
    printf("}");
}

static void print_json(struct question *question) {
    const struct rule_result *result = &question->result;
    printf("{\"outputs\": [");
    each_row(question, print_json_row);
    printf("],\n \"fired\": [");
    for (unsigned i = 0; i < result->fired_count; i++) {
        printf("%s{\"rule\": ", i > 0 ? ", " : "");
        print_json_text(rule_name_of(question->rule, result->fired[i]));
        printf(", \"reference\": ");
        print_json_text(rule_reference_of(question->rule, result->fired[i]));
        printf("}");
    }
    printf("],\n \"cost\": %u, \"cost_bound\": %u}\n", result->cost, rule_cost(question->rule));
}

int rules_run(const struct invocation *invocation, struct error *err) {
    struct arena *arena = invocation->arena;
    const char *path = invocation->positionals[1];
    if (command_option(invocation, "resolved") != NULL) {
        const struct node *page = rule_file_read(arena, path, err);
        fputs(page != NULL ? node_write(arena, page) : "", stdout);
        return page != NULL ? 0 : 2;
    }
    struct question *question = ARENA_NEW(arena, struct question);
    question->arena = arena;
    question->rule = rule_file_load(arena, path, err);
    if (question->rule == NULL || read_question(question, invocation, err) < 0) {
        return 2;
    }
    rule_evaluate(question->rule, question->values, question->day, &question->result);
    if (question->result.status == RULE_REFUSED) {
        return refuse_input(question, err);
    }
    if (question->result.status == RULE_CONFLICT) {
        return refuse_conflict(question, err);
    }
    if (question->result.status == RULE_NOT_IN_FORCE) {
        error_set(err, ERROR_RUN, "%s: the page is not in force on that day", path);
        return 1;
    }
    if (command_option(invocation, "json") != NULL) {
        print_json(question);
    } else {
        print_text(question);
    }
    return 0;
}

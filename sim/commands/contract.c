/* SPDX-License-Identifier: GPL-3.0-or-later
 * contract.c - `clearlab contract WORD ...`: whether a page of rules can be a contract of a type,
 * and what such pages may ask and say. */
#include "core/contract/contract.h"

#include "sim/commands/command.h"
#include "sim/scenario/rule_file.h"

#include <stdio.h>
#include <string.h>

static const struct option options[] = {{NULL, NULL, NULL}};

static int run_types(const struct invocation *invocation, struct error *err) {
    (void)invocation, (void)err;
    for (unsigned i = 0; contract_type_at(i) != NULL; i++) {
        const struct contract_type *type = contract_type_at(i);
        printf("%-12s %s", type->name, type->doc);
        if (type->grant != NULL) {
            printf(" Done on the decision '%s'.", type->grant);
        }
        for (unsigned k = 0; k < OUTCOME_KINDS; k++) {
            if ((type->outcomes >> k & 1) != 0) {
                printf(" Needs the output '%s'.", contract_facts_outcomes[k].name);
            }
        }
        puts("");
    }
    return 0;
}

static int run_facts(const struct invocation *invocation, struct error *err) {
    static const char *const kinds[] = {
        [FACT_MONEY] = "money", [FACT_COUNT] = "integer", [FACT_SHARE] = "share",
        [FACT_WORD] = "text",   [FACT_FLAG] = "boolean",  [FACT_CODE] = "text",
    };
    (void)invocation, (void)err;
    puts("inputs:");
    for (const struct contract_fact *fact = contract_facts_list; fact->name != NULL; fact++) {
        printf("  %-20s %-8s %s", fact->name, kinds[fact->kind], fact->doc);
        for (unsigned i = 0; i < CONTRACT_WORDS_MAX && fact->words[i] != NULL; i++) {
            printf("%s%s", i == 0 ? " One of " : ", ", fact->words[i]);
        }
        puts("");
    }
    puts("outputs:");
    for (unsigned i = 0; i < OUTCOME_KINDS; i++) {
        printf("  %-20s %s\n", contract_facts_outcomes[i].name, contract_facts_outcomes[i].doc);
    }
    return 0;
}

static const struct contract_type *find_type(const char *name, struct error *err) {
    const char *names[32];
    unsigned count = 0;
    int index = contract_type_find(name);
    if (index >= 0) {
        return contract_type_at((unsigned)index);
    }
    for (; count < 32 && contract_type_at(count) != NULL; count++) {
        names[count] = contract_type_at(count)->name;
    }
    error_set(err, ERROR_INPUT, "there is no type of contracts '%s'%s", name,
              error_hint(name, names, count, "; 'clearlab contract types' lists them").text);
    return NULL;
}

/* contract check TYPE FILE... */
static int run_check(const struct invocation *invocation, struct error *err) {
    const struct contract_type *type = find_type(invocation->positionals[1], err);
    for (unsigned i = 2; type != NULL && i < invocation->positional_count; i++) {
        const char *path = invocation->positionals[i];
        const struct node *page = rule_file_read(invocation->arena, path, err);
        const struct contract *contract =
            page == NULL ? NULL : contract_compile(type, page, invocation->arena, err);
        if (contract == NULL) {
            return 2;
        }
        printf("%s: a contract of type '%s', at most %u steps a call\n", path, type->name,
               rule_cost(contract_rule(contract)));
    }
    return type == NULL ? 2 : 0;
}

static const struct command_word words[] = {{"check", 2, POSITIONALS_MAX, run_check},
                                            {"types", 0, 0, run_types},
                                            {"facts", 0, 0, run_facts},
                                            {NULL, 0, 0, NULL}};

static int run(const struct invocation *invocation, struct error *err) {
    return command_dispatch(invocation, words, err);
}

const struct command command_contract = {
    .name = "contract",
    .arguments = "check TYPE FILE.yml... | types | facts",
    .doc = "Checks pages of rules as contracts, and says what these may ask and decide.",
    .positionals_min = 1,
    .positionals_max = POSITIONALS_MAX,
    .options = options,
    .run = run,
};

/* SPDX-License-Identifier: GPL-3.0-or-later
 * rules_diff.c - what a reform changes: for which inputs, with an example each. */
#include "core/rule/rule_diff.h"

#include "core/base/units.h"
#include "sim/commands/rules.h"
#include "sim/scenario/rule_file.h"

#include <stdio.h>

static void print_dates(const struct rule_change *change) {
    char text[16];
    if (change->first_day != INT64_MIN) {
        units_print_date(change->first_day, text);
        printf(" from %s", text);
    }
    if (change->last_day != INT64_MAX) {
        units_print_date(change->last_day, text);
        printf(" to %s", text);
    }
}

int rules_diff(const struct invocation *invocation, struct error *err) {
    struct arena *arena = invocation->arena;
    const struct rule *old_rule = rule_file_load(arena, invocation->positionals[1], err);
    const struct rule *new_rule =
        old_rule == NULL ? NULL : rule_file_load(arena, invocation->positionals[2], err);
    struct rule_diff diff;
    if (new_rule == NULL || rule_diff_make(old_rule, new_rule, 0, arena, &diff, err) < 0) {
        return 2;
    }
    for (unsigned i = 0; i < diff.change_count; i++) {
        const struct rule_change *change = &diff.changes[i];
        printf("%u. %s", i + 1, change->region);
        print_dates(change);
        printf("\n   example  %s\n   old      %s\n   new      %s\n\n", change->inputs,
               change->outcomes[0], change->outcomes[1]);
    }
    printf("%u change%s of outcome\n", diff.change_count, diff.change_count == 1 ? "" : "s");
    if (diff.is_sampled) {
        puts("conditions and computed values were compared at sample inputs, not everywhere");
    }
    if (diff.is_bounded) {
        puts("the comparison stopped at its bound: there may be more");
    }
    return 0;
}

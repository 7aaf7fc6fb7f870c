/* SPDX-License-Identifier: GPL-3.0-or-later
 * rule_diff.h - which inputs have another outcome under another version of a table.
 *
 * Every combination of classes of values, on every stretch of time, is held against both tables.
 * Exact over the cells of `when`; where conditions or computed outputs take part, several values of
 * each combination are tried, and `is_sampled` says so. Inputs and outputs are matched by name. */
#ifndef CORE_RULE_RULE_DIFF_H
#define CORE_RULE_RULE_DIFF_H

#include "core/rule/rule.h"

enum { RULE_DIFF_CHANGES_MAX = 1000 };

/* What differs in the same way, by the same rules. */
struct rule_change {
    const char *region;          /* in words: the inputs of the example and all that are alike */
    const char *inputs;          /* the example: "value = 3000 CNY, trusted = true" */
    const char *outcomes[2];     /* "duty = 0 CNY (rule 'small')", "no rule", ... */
    int64_t first_day, last_day; /* INT64_MIN and INT64_MAX without dates */
    int64_t day;                 /* of the example */
    const struct value *values[2];
};

struct rule_diff {
    const struct rule_change *changes;
    unsigned change_count;
    bool is_sampled, is_bounded;
};

/* 0, or -1 and an error where an input of one name has two types. */
int rule_diff_make(const struct rule *old_rule, const struct rule *new_rule, uint64_t work_max,
                   struct arena *arena, struct rule_diff *diff, struct error *err);

#endif

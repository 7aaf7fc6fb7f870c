/* SPDX-License-Identifier: GPL-3.0-or-later
 * rule_analysis.h - what is wrong with a table whatever comes in: rules that clash, inputs that no
 * rule covers, rules that never fire.
 *
 * Exact over the cells of `when`, dates included. Conditions (`provided`) and computed outputs are
 * taken with caution: a clash or a gap that hangs on them is an error when an example was found,
 * else a warning that says so. Work is bounded; where the bound is reached a warning says that. */
#ifndef CORE_RULE_RULE_ANALYSIS_H
#define CORE_RULE_RULE_ANALYSIS_H

#include "core/rule/rule.h"

enum { RULE_ANALYSIS_FINDINGS_MAX = 100 };

enum rule_finding_kind {
    RULE_FINDING_OVERLAP, /* two rules of a unique table match, or two of an `any` table differ */
    RULE_FINDING_GAP,     /* no rule matches, and there is no default */
    RULE_FINDING_MASKED,  /* a rule that never fires because others come first */
    RULE_FINDING_IDLE,    /* a rule whose cells nothing can meet */
    RULE_FINDING_BOUND,   /* the analysis stopped */
};

struct rule_finding {
    enum rule_finding_kind kind;
    bool is_error;
    unsigned rules[2];           /* overlap: both; masked and idle: the first */
    const struct value *example; /* one value an input; NULL for none */
    int64_t day;                 /* of the example */
    struct error message;        /* place, text and line */
};

struct rule_analysis {
    const struct rule_finding *findings; /* of a kind: by rule, as written */
    unsigned finding_count, error_count;
    bool is_bounded; /* it stopped before the end */
};

/* `work_max` bounds the steps, 0 for the usual bound (about a second). */
struct rule_analysis rule_analysis_make(const struct rule *rule, uint64_t work_max,
                                        struct arena *arena);

/* The first error of an analysis, if any. 0, or -1 and an error. */
int rule_analysis_check(const struct rule *rule, struct arena *arena, struct error *err);

#endif

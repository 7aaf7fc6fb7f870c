/* SPDX-License-Identifier: GPL-3.0-or-later
 * credit.h - how far a trader's past inspections speak for him: a score, a class, the reasons.
 *
 * Each outcome weighs 1 on its day and half of that after every half-life. With g the weight of
 * clean outcomes, b that of the others times their severity, and a beginning of g0 and b0,
 *
 *     score = 1000 (g0 + g) / (g0 + g + b0 + b)
 *
 * which is a beta-binomial posterior mean with fading memory. The points that each kind takes away
 * are 1000 severity weight / (g0 + g + b0 + b); with what is taken for want of knowledge, b0, they
 * sum to 1000 - score. Outcomes may come in any order of their days. */
#ifndef CORE_RISK_CREDIT_H
#define CORE_RISK_CREDIT_H

#include <stddef.h>
#include <stdint.h>

#define CREDIT_OUTCOMES(X)                         \
    X(clean, "inspections without a finding")      \
    X(amended, "amendments asked for by customs")  \
    X(careless, "errors without gain")             \
    X(undeclared, "findings that raised the duty") \
    X(fraud, "frauds")

enum credit_outcome {
#define X(name, doc) CREDIT_##name,
    CREDIT_OUTCOMES(X)
#undef X
        CREDIT_OUTCOME_COUNT,
};

/* From the best to the worst. */
enum { CREDIT_CLASSES = 4 };

struct credit_rules {
    double half_life_days;
    double good, bad;                        /* g0 and b0 */
    double severities[CREDIT_OUTCOME_COUNT]; /* of clean: unused */
    double floors[CREDIT_CLASSES - 1]; /* least score of each class but the last, descending */
    double margin; /* points by which a floor must be passed to rise, so that classes stay */
};

struct credit {
    double weights[CREDIT_OUTCOME_COUNT]; /* as of `day` */
    int64_t day;
    unsigned class; /* 0: the best */
};

struct credit_parts {
    double score, unknown, taken[CREDIT_OUTCOME_COUNT]; /* 1000 = score + unknown + all taken */
};

/* 365 days, 4 and 1, severities .1, .3, 3, 10, floors 950, 800, 500 with a margin of 10 points. */
struct credit_rules credit_rules_usual(void);

/* A trader of whom nothing is known. */
struct credit credit_begin(const struct credit_rules *rules, int64_t day);

/* The weights fade up to `day`, not before the credit's own, and the class follows. */
void credit_fade(struct credit *credit, const struct credit_rules *rules, int64_t day);

/* An inspection of `day`, before or after the credit's own, which moves on if it is later. */
void credit_record(struct credit *credit, const struct credit_rules *rules,
                   enum credit_outcome outcome, int64_t day);

/* An appeal that was won: the outcome recorded for `day` counts as clean from now on. */
void credit_appeal(struct credit *credit, const struct credit_rules *rules,
                   enum credit_outcome outcome, int64_t day);

struct credit_parts credit_explain(const struct credit *credit, const struct credit_rules *rules);

/* "score 732 of 1000, class C: 41 for frauds, 12 for want of knowledge"; largest first. */
void credit_print(const struct credit *credit, const struct credit_rules *rules, char *text,
                  size_t size);

#endif

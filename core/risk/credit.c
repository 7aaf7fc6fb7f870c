/* SPDX-License-Identifier: GPL-3.0-or-later
 * credit.c - see credit.h. */
#include "core/risk/credit.h"

#include "core/base/numeric.h"
#include "core/base/require.h"

#include <stdio.h>

static const char *const outcome_docs[] = {
#define X(name, doc) doc,
    CREDIT_OUTCOMES(X)
#undef X
};

struct credit_rules credit_rules_usual(void) {
    return (struct credit_rules){
        .half_life_days = 365.0,
        .good = 4.0,
        .bad = 1.0,
        .severities = {0.0, 0.1, 0.3, 3.0, 10.0},
        .floors = {950.0, 800.0, 500.0},
        .margin = 10.0,
    };
}

/* What one outcome of `then` still weighs on `now`; more than 1 for one that is yet to come. */
static double faded(const struct credit_rules *rules, int64_t then, int64_t now) {
    return numeric_exp(-0.6931471805599453 * (double)(now - then) / rules->half_life_days);
}

struct credit_parts credit_explain(const struct credit *credit, const struct credit_rules *rules) {
    struct credit_parts parts = {0};
    double total = rules->good + credit->weights[CREDIT_clean] + rules->bad;
    for (unsigned i = CREDIT_clean + 1; i < CREDIT_OUTCOME_COUNT; i++) {
        total += rules->severities[i] * credit->weights[i];
    }
    for (unsigned i = CREDIT_clean + 1; i < CREDIT_OUTCOME_COUNT; i++) {
        parts.taken[i] = 1000.0 * rules->severities[i] * credit->weights[i] / total;
    }
    parts.unknown = 1000.0 * rules->bad / total;
    parts.score = 1000.0 * (rules->good + credit->weights[CREDIT_clean]) / total;
    return parts;
}

/* A class is left downwards at its floor, upwards only well above the next one's. */
static void classify(struct credit *credit, const struct credit_rules *rules) {
    double score = credit_explain(credit, rules).score;
    while (credit->class < CREDIT_CLASSES - 1 && score < rules->floors[credit->class]) {
        credit->class ++;
    }
    while (credit->class > 0 && score >= rules->floors[credit->class - 1] + rules->margin) {
        credit->class --;
    }
}

struct credit credit_begin(const struct credit_rules *rules, int64_t day) {
    struct credit credit = {.day = day, .class = CREDIT_CLASSES - 1};
    classify(&credit, rules);
    return credit;
}

static void move_to(struct credit *credit, const struct credit_rules *rules, int64_t day) {
    double factor = faded(rules, credit->day, day);
    for (unsigned i = 0; i < CREDIT_OUTCOME_COUNT; i++) {
        credit->weights[i] *= factor;
    }
    credit->day = day;
}

void credit_fade(struct credit *credit, const struct credit_rules *rules, int64_t day) {
    REQUIRE(day >= credit->day);
    move_to(credit, rules, day);
    classify(credit, rules);
}

void credit_record(struct credit *credit, const struct credit_rules *rules,
                   enum credit_outcome outcome, int64_t day) {
    if (day > credit->day) {
        move_to(credit, rules, day);
    }
    credit->weights[outcome] += faded(rules, day, credit->day);
    classify(credit, rules);
}

void credit_appeal(struct credit *credit, const struct credit_rules *rules,
                   enum credit_outcome outcome, int64_t day) {
    REQUIRE(day <= credit->day);
    double weight = faded(rules, day, credit->day);
    double left = credit->weights[outcome] - weight;
    REQUIRE(left > -1e-9);
    credit->weights[outcome] = left > 1e-12 ? left : 0.0;
    credit->weights[CREDIT_clean] += weight;
    classify(credit, rules);
}

void credit_print(const struct credit *credit, const struct credit_rules *rules, char *text,
                  size_t size) {
    struct credit_parts parts = credit_explain(credit, rules);
    int length =
        snprintf(text, size, "score %.0f of 1000, class %c", parts.score, 'A' + (int)credit->class);
    double points[CREDIT_OUTCOME_COUNT];
    for (unsigned i = 0; i < CREDIT_OUTCOME_COUNT; i++) {
        points[i] = i == CREDIT_clean ? parts.unknown : parts.taken[i];
    }
    const char *between = ":";
    for (;;) {
        unsigned largest = 0;
        for (unsigned i = 1; i < CREDIT_OUTCOME_COUNT; i++) {
            largest = points[i] > points[largest] ? i : largest;
        }
        if (points[largest] < 0.5 || length < 0 || (size_t)length >= size) {
            return;
        }
        length += snprintf(text + length, size - (size_t)length, "%s %.0f for %s", between,
                           points[largest],
                           largest == CREDIT_clean ? "want of knowledge" : outcome_docs[largest]);
        points[largest] = 0.0;
        between = ",";
    }
}

/* SPDX-License-Identifier: GPL-3.0-or-later
 * risk_figures.c - see risk_figures.h. */
#include "sim/commands/risk_figures.h"

#include <stdio.h>

static const char *const scorers[RISK_SCORERS] = {"model", "balanced", "exact_match_table",
                                                  "random"};
static const char *const labels[RISK_SCORERS] = {"model", "balanced", "exact-match table",
                                                 "random"};
static const char *const subsets[RISK_ROWS] = {"all", "seen", "unseen"};
static const char *const headings[RISK_ROWS] = {"all declarations", "goods inspected before",
                                                "goods never inspected before"};

static bool is_number(double number) {
    return number == number;
}

/* ---- what memory explains ------------------------------------------------------------------ */

/* A figure of all rows is explained by memory where the table of exact matches alone comes within
 * its interval or above; one of goods that were never seen cannot be. */
static bool is_memory(struct interval model, struct interval table) {
    return is_number(model.value) && table.value >= model.low;
}

static void print_memory(const struct risk_figures *figures) {
    const struct evaluation *model = &figures->of[RISK_MODEL][RISK_ALL];
    const struct evaluation *table = &figures->of[RISK_TABLE][RISK_ALL];
    const char *comma = "";
    printf("\nNo more than memory of repeated goods explains:");
    if (is_memory(model->auc, table->auc)) {
        printf(" the area");
        comma = ",";
    }
    for (int i = 0; i < EVALUATE_SHARES; i++) {
        if (model->rows > 0 && is_memory(model->at[i].precision, table->at[i].precision)) {
            printf("%s precision at %g %%", comma, 100 * evaluate_shares[i]);
            comma = ",";
        }
    }
    printf(comma[0] == '\0' ? " none of the figures of all declarations.\n"
                            : " of all declarations.\nThe table of exact matches alone does as "
                              "well there. What the model knows\nof other goods stands in the "
                              "part on goods never inspected before.\n");
}

/* ---- for people ---------------------------------------------------------------------------- */

static void print_subset(const struct risk_figures *figures, int subset) {
    const struct evaluation *first = &figures->of[RISK_MODEL][subset];
    printf("\n%s: %u, findings in %.2f %%\n", headings[subset], first->rows, 100 * first->rate);
    if (first->rows == 0) {
        return;
    }
    printf("  %-18s%-22s", "", "area (95 %)");
    for (int i = 0; i < EVALUATE_SHARES; i++) {
        char head[16];
        snprintf(head, sizeof head, "%g %%", 100 * evaluate_shares[i]);
        printf("%8s", head);
    }
    printf("%10s%8s\n", "mean", "Brier");
    for (int scorer = 0; scorer < RISK_SCORERS; scorer++) {
        const struct evaluation *of = &figures->of[scorer][subset];
        printf("  %-18s", labels[scorer]);
        if (is_number(of->auc.value)) {
            printf("%.3f (%.3f-%.3f)   ", of->auc.value, of->auc.low, of->auc.high);
        } else {
            printf("%-22s", "-");
        }
        for (int i = 0; i < EVALUATE_SHARES; i++) {
            printf("%8.3f", of->at[i].precision.value);
        }
        if (is_number(of->brier)) {
            printf("%10.4f%8.4f", of->mean_score, of->brier);
        }
        printf("\n");
        printf("  %-18s%-22s", "", "  recall");
        for (int i = 0; i < EVALUATE_SHARES; i++) {
            printf("%8.3f", of->at[i].recall);
        }
        printf("\n  %-18s%-22s", "", "  revenue");
        for (int i = 0; i < EVALUATE_SHARES; i++) {
            printf("%8.3f", of->at[i].revenue);
        }
        printf("\n");
    }
    const struct evaluation_at *five = &first->at[2], *ten = &first->at[3];
    printf("  model, 95 %% intervals: precision at 5 %% %.3f-%.3f, at 10 %% %.3f-%.3f; calibration "
           "in the large %+.4f\n",
           five->precision.low, five->precision.high, ten->precision.low, ten->precision.high,
           first->mean_score - first->rate);
}

void risk_figures_print(const struct risk_figures *figures) {
    printf("Precision, recall and revenue where the shares named are inspected; the mean score "
           "beside the\nBrier score. Revenue: value times rate of what is found. Balanced: "
           "probability times stake^%g.\n",
           figures->weight);
    if (figures->unlabelled > 0) {
        printf("%u declarations without a label count nowhere.\n", figures->unlabelled);
    }
    for (int subset = 0; subset < RISK_ROWS; subset++) {
        print_subset(figures, subset);
    }
    print_memory(figures);
}

/* ---- JSON ---------------------------------------------------------------------------------- */

void risk_figures_number(struct json *json, const char *key, double number) {
    if (is_number(number)) {
        json_number(json, key, number);
    } else {
        json_raw(json, key, "null");
    }
}

void risk_figures_interval(struct json *json, const char *key, struct interval interval) {
    json_enter(json, key, '{');
    risk_figures_number(json, "value", interval.value);
    risk_figures_number(json, "low", interval.low);
    risk_figures_number(json, "high", interval.high);
    json_leave(json, '}');
}

static void write_evaluation(const struct evaluation *of, const char *key, struct json *json) {
    json_enter(json, key, '{');
    json_number(json, "rows", of->rows);
    json_number(json, "findings", of->findings);
    risk_figures_interval(json, "auc", of->auc);
    json_enter(json, "at", '[');
    for (int i = 0; i < EVALUATE_SHARES && of->rows > 0; i++) {
        const struct evaluation_at *at = &of->at[i];
        json_enter(json, NULL, '{');
        json_number(json, "share", evaluate_shares[i]);
        json_number(json, "inspected", at->inspected);
        risk_figures_interval(json, "precision", at->precision);
        risk_figures_number(json, "recall", at->recall);
        risk_figures_number(json, "revenue", at->revenue);
        json_leave(json, '}');
    }
    json_leave(json, ']');
    if (is_number(of->brier)) {
        json_enter(json, "calibration", '{');
        json_number(json, "mean_score", of->mean_score);
        json_number(json, "rate", of->rate);
        json_number(json, "in_the_large", of->mean_score - of->rate);
        json_number(json, "brier", of->brier);
        json_leave(json, '}');
    }
    json_leave(json, '}');
}

static void write_memory(const struct risk_figures *figures, struct json *json) {
    const struct evaluation *model = &figures->of[RISK_MODEL][RISK_ALL];
    const struct evaluation *table = &figures->of[RISK_TABLE][RISK_ALL];
    json_enter(json, "explained_by_memory_of_repeated_goods", '{');
    json_raw(json, "auc", is_memory(model->auc, table->auc) ? "true" : "false");
    json_enter(json, "precision_at", '[');
    for (int i = 0; i < EVALUATE_SHARES; i++) {
        if (model->rows > 0 && is_memory(model->at[i].precision, table->at[i].precision)) {
            json_number(json, NULL, evaluate_shares[i]);
        }
    }
    json_leave(json, ']');
    json_leave(json, '}');
}

void risk_figures_json(const struct risk_figures *figures, struct json *json) {
    json_raw(json, "with_memory", figures->with_memory ? "true" : "false");
    json_number(json, "weight_of_the_stake", figures->weight);
    json_number(json, "rows_without_label", figures->unlabelled);
    for (int scorer = 0; scorer < RISK_SCORERS; scorer++) {
        json_enter(json, scorers[scorer], '{');
        for (int subset = 0; subset < RISK_ROWS; subset++) {
            write_evaluation(&figures->of[scorer][subset], subsets[subset], json);
        }
        json_leave(json, '}');
    }
    write_memory(figures, json);
}

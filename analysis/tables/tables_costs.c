/* SPDX-License-Identifier: GPL-3.0-or-later
 * tables_costs.c - cost per consignment; kinds of cost are never added up, because a transfer is
 * somebody else's income and the cost of time may contain storage. */
#include "analysis/statistics/metric.h"
#include "analysis/tables/number.h"
#include "analysis/tables/table.h"
#include "analysis/tables/tables.h"

#include <string.h>

enum { COSTS_MAX = (TABLE_COLUMNS_MAX - 1) / 2 };

static unsigned find_costs(const struct result *result, int metrics[COSTS_MAX]) {
    unsigned count = 0;
    for (uint32_t m = 0; m < result->layout.metric_count && count < COSTS_MAX; m++) {
        const struct result_column *column = &result->layout.metrics[m];
        if (strcmp(column->kind, "cost") == 0 && strcmp(column->group, "all") == 0 &&
            strcmp(column->statistic, "mean") == 0) {
            metrics[count++] = (int)m;
        }
    }
    return count;
}

/* A study of times alone has no prices, and needs no table of zeros. */
static bool is_free(const struct result *result, const int *metrics, unsigned count) {
    for (uint32_t point = 0; point < result->layout.point_count; point++) {
        for (unsigned i = 0; i < count; i++) {
            struct metric_estimate cost = metric_estimate(result, point, metrics[i], 0.95);
            if (cost.count > 0 && cost.mean != 0) {
                return false;
            }
        }
    }
    return true;
}

void tables_costs(const struct result *result, const struct tables_options *options, FILE *file) {
    int metrics[COSTS_MAX];
    unsigned count = find_costs(result, metrics);
    if (is_free(result, metrics, count)) {
        return;
    }
    struct arena arena = ARENA_INIT;
    const char *heads[TABLE_COLUMNS_MAX] = {""};
    for (unsigned i = 0; i < count; i++) {
        heads[1 + 2 * i] = result->layout.metrics[metrics[i]].subject;
        heads[2 + 2 * i] = "±";
    }
    struct table *table = table_create(&arena, options->width, 1 + 2 * count, heads);
    for (uint32_t point = 0; point < result->layout.point_count; point++) {
        table_text(table, result->layout.points[point].name);
        for (unsigned i = 0; i < count; i++) {
            struct metric_estimate cost =
                metric_estimate(result, point, metrics[i], options->level);
            unsigned decimals = number_decimals(cost.half_width, 2);
            table_number(table, cost.mean, decimals);
            table_number(table, cost.half_width, decimals);
        }
    }
    fprintf(file, "Cost of a consignment, in %s\n\n", result->layout.metrics[metrics[0]].unit);
    table_print(table, file);
    fputc('\n', file);
    arena_free(&arena);
}

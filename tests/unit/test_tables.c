/* SPDX-License-Identifier: GPL-3.0-or-later
 * Goal: what the tables say is what the result holds.
 * Method: a result made by hand (made_result.h); figures of the tables are read back from their
 * text and compared with the result's own; files are checked line by line. */
#include "analysis/statistics/metric.h"
#include "analysis/statistics/mode.h"
#include "analysis/statistics/mser.h"
#include "analysis/tables/table.h"
#include "analysis/tables/tables.h"
#include "tests/test.h"
#include "tests/unit/made_result.h"

#include <math.h>

static char printed[1 << 18];

typedef void table_function(const struct result *, const struct tables_options *, FILE *);

static const char *print(table_function *function, const struct result *result,
                         const struct tables_options *options) {
    FILE *file = tmpfile();
    function(result, options, file);
    rewind(file);
    printed[fread(printed, 1, sizeof printed - 1, file)] = '\0';
    fclose(file);
    return printed;
}

/* The figures of the first line after `section` whose first word is `label`; NaN for a dash. */
static int figures_of(const char *text, const char *section, const char *label, double *figures,
                      int count_max) {
    const char *line = *section == '\0' ? text : strstr(text, section);
    size_t length = strlen(label);
    for (; line != NULL; line = strchr(line, '\n') == NULL ? NULL : strchr(line, '\n') + 1) {
        const char *start = line + strspn(line, " ");
        if (strncmp(start, label, length) == 0 && (start[length] == ' ' || start[length] == '\n')) {
            break;
        }
    }
    if (line == NULL) {
        return -1;
    }
    char copy[512];
    size_t end = strcspn(line, "\n");
    snprintf(copy, sizeof copy, "%.*s", (int)end, line);
    int count = 0;
    char *rest = strstr(copy, label) + length;
    for (char *word = strtok(rest, " "); word != NULL && count < count_max;
         word = strtok(NULL, " ")) {
        char plain[64];
        size_t next = 0;
        for (; *word != '\0' && next < sizeof plain - 1; word++) {
            if (*word != ',') {
                plain[next++] = *word;
            }
        }
        plain[next] = '\0';
        if (strcmp(plain, "%") != 0) {
            figures[count++] = strcmp(plain, "–") == 0 ? NAN : strtod(plain, NULL);
        }
    }
    return count;
}

static double mean_of(const struct result *result, uint32_t point, int metric) {
    return metric_estimate(result, point, metric, 0.95).mean;
}

static void test_release(const struct result *result) {
    struct tables_options options = TABLES_OPTIONS_INIT;
    double figures[9];
    const char *text = print(tables_release, result, &options);
    CHECK(strstr(text, "Time between milestones, in hours") != NULL);
    CHECK(strstr(text, "release_time: from arrival to customs release") != NULL);
    CHECK(strstr(text, "    red") == NULL);
    CHECK_INT(figures_of(text, "release_time", "paper", figures, 9), 9);
    CHECK_NEAR(figures[0], SAMPLE_REPLICATIONS * SAMPLE_SIZE, 0);
    CHECK_NEAR(figures[1], metric_estimate(result, 1, SAMPLE_CENSORED, 0.95).sum, 0);
    CHECK_NEAR(figures[2], mean_of(result, 1, SAMPLE_MEAN) / 3600, 0.0501);
    CHECK_NEAR(figures[3], metric_estimate(result, 1, SAMPLE_MEAN, 0.95).half_width / 3600, 0.0501);
    CHECK_NEAR(figures[4],
               mode_of(metric_counts(result, 1, "release_time", "all"), 3.6e12).value / 3.6e12,
               0.0501);
    /* Pooled over the replications, so near the mean of theirs but not the same. */
    CHECK_NEAR(figures[5], mean_of(result, 1, SAMPLE_MEDIAN) / 3600, 2);
    CHECK_NEAR(figures[6], mean_of(result, 1, SAMPLE_P90) / 3600, 4);
    CHECK_NEAR(figures[5],
               histogram_quantile(metric_counts(result, 1, "release_time", "all"), 0.5) / 3.6e12,
               0.0501);
    CHECK_NEAR(figures[7], mean_of(result, 1, SAMPLE_SD) / 3600, 0.0501);
    CHECK_NEAR(figures[8], 100 * mean_of(result, 1, SAMPLE_TARGET), 0.0501);
    CHECK_INT(figures_of(text, "release_time", "null", figures, 9), 9);
    CHECK_NEAR(figures[2], 0, 0);
    CHECK_NEAR(figures[8], 100, 0);
}

static void test_groups(const struct result *result) {
    struct tables_options options = TABLES_OPTIONS_INIT;
    double figures[9];
    options.by = "channel";
    const char *text = print(tables_release, result, &options);
    CHECK_INT(figures_of(text, "  single_window", "red", figures, 9), 9);
    CHECK_NEAR(figures[0], SAMPLE_REPLICATIONS * SAMPLE_SIZE / 8, 0);
    CHECK_NEAR(figures[2], mean_of(result, 2, SAMPLE_RED_MEAN) / 3600, 0.0501);
    CHECK(isnan(figures[5]) && isnan(figures[8]));
    CHECK(strstr(text, "trusted") == NULL);
    options.by = "class"; /* a class without anybody in it has no row */
    text = print(tables_release, result, &options);
    CHECK(strstr(text, "trusted") != NULL);
    CHECK_INT(figures_of(text, "  single_window", "trusted", figures, 9), 9);
    CHECK(strstr(strstr(text, "trusted") + 1, "trusted") == NULL);
}

/* The rounded parties add up to the rounded mean, which is that of the release table. */
static void test_parties(const struct result *result) {
    struct tables_options options = TABLES_OPTIONS_INIT;
    double figures[8], release[8];
    const char *text = print(tables_parties, result, &options);
    CHECK_INT(figures_of(text, "Whose time", "paper", figures, 8), 4);
    CHECK_NEAR(figures[0] + figures[1] + figures[2], figures[3], 1e-9);
    CHECK(strstr(text, "bank") == NULL); /* nobody waited for it */
    CHECK(strstr(text, "50 %     25 %     25 %       100 %") != NULL);
    CHECK(strstr(text, "warning") == NULL);
    figures_of(print(tables_release, result, &options), "release_time", "paper", release, 8);
    CHECK_NEAR(figures[3], release[2], 1e-9);
}

/* A planted loss of a thousandth of one party's time is reported. */
static void test_lost_time_is_reported(const struct result *result) {
    struct tables_options options = TABLES_OPTIONS_INIT;
    static double metrics[SAMPLE_POINTS * SAMPLE_REPLICATIONS * SAMPLE_METRICS];
    struct result broken = *result;
    memcpy(metrics, result->metrics, sizeof metrics);
    metrics[(SAMPLE_REPLICATIONS + 3) * SAMPLE_METRICS + SAMPLE_PORT] *= 0.999;
    broken.metrics = metrics;
    const char *text = print(tables_parties, &broken, &options);
    CHECK(strstr(text, "warning: paper, release_time: the parties' times add up to") != NULL);
    CHECK(strstr(text, "warning: single_window") == NULL);
}

static void test_resources_and_costs(const struct result *result) {
    struct tables_options options = TABLES_OPTIONS_INIT;
    double figures[8];
    const char *text = print(tables_resources, result, &options);
    CHECK(strstr(text, "null") == NULL); /* it has no resources */
    CHECK_INT(figures_of(text, "single_window", "customs.examiner", figures, 8), 6);
    CHECK_NEAR(figures[0], 100 * mean_of(result, 2, SAMPLE_UTILISATION), 0.0501);
    CHECK_NEAR(figures[3], 17, 0);
    CHECK_NEAR(figures[4], mean_of(result, 2, SAMPLE_WAIT) / 3600, 0.00501);
    text = print(tables_costs, result, &options);
    CHECK(strstr(text, "Cost of a consignment, in USD") != NULL);
    CHECK_INT(figures_of(text, "Cost", "paper", figures, 8), 4);
    CHECK_NEAR(figures[0], mean_of(result, 1, SAMPLE_RESOURCE_COST), 0.00501);
    CHECK_NEAR(figures[1], metric_estimate(result, 1, SAMPLE_RESOURCE_COST, 0.95).half_width,
               0.00501);
    CHECK_NEAR(figures[2], mean_of(result, 1, SAMPLE_TRANSFER), 0.00501);
}

/* Tables that would say nothing are left out. */
static void test_tables_left_out(const struct result *result) {
    struct tables_options options = TABLES_OPTIONS_INIT;
    struct result little = *result;
    little.layout.point_count = 1;
    CHECK_TEXT(print(tables_differences, &little, &options), "");
    little.layout.metric_count = SAMPLE_RESOURCE_COST;
    CHECK_TEXT(print(tables_costs, &little, &options), "");
    little.layout.series_bin_count = 9;
    CHECK_TEXT(print(tables_warm_up, &little, &options), "");
    double figures[4];
    const char *text = print(tables_warm_up, result, &options);
    CHECK_INT(figures_of(text, "Warm-up", "paper", figures, 4), 4);
    CHECK_NEAR(figures[0], MSER_BATCH, 0); /* bins of an hour */
    CHECK_NEAR(figures[2], SAMPLE_BINS, 0);
}

static void test_differences(const struct result *result) {
    struct tables_options options = TABLES_OPTIONS_INIT;
    double figures[8], base = mean_of(result, 1, SAMPLE_MEAN) / 3600;
    const char *text = print(tables_differences, result, &options);
    CHECK(strstr(text, "Against paper, replication by replication") != NULL);
    CHECK_INT(figures_of(text, "interval release_time, h", "single_window", figures, 8), 8);
    CHECK_NEAR(figures[0], base, 0.0501);
    CHECK_NEAR(figures[1], mean_of(result, 2, SAMPLE_MEAN) / 3600, 0.0501);
    CHECK_NEAR(figures[2], mean_of(result, 2, SAMPLE_MEAN) / 3600 - base, 0.0501);
    CHECK_NEAR(figures[4], 100 * (mean_of(result, 2, SAMPLE_MEAN) / 3600 - base) / base, 0.0501);
    CHECK(strstr(text, "<0.001") != NULL);
    CHECK(figures[7] > 1.5); /* the systems share random numbers */
    CHECK(strstr(text, "warning") == NULL);
    struct result short_one = *result;
    short_one.replication_count -= 2; /* the last two replications of the last point */
    text = print(tables_differences, &short_one, &options);
    CHECK(strstr(text, "warning: 2 replications have no partner") != NULL);
}

/* Nothing is wider than asked for, with every table there is. */
static void test_widths(const struct result *result) {
    struct tables_options options = TABLES_OPTIONS_INIT;
    options.cohort = "sea imports that arrive on days 7 to 35";
    options.by = "channel";
    const char *text = print(tables_print, result, &options);
    CHECK(strstr(text, "10 replications, seed 20231") != NULL);
    CHECK(strstr(text, "Measured: sea imports") != NULL);
    CHECK(strstr(text, "Warm-up by MSER on release_time") != NULL);
    while (*text != '\0') {
        char line[512];
        size_t length = strcspn(text, "\n");
        snprintf(line, sizeof line, "%.*s", (int)length, text);
        CHECK(table_display_width(line) <= options.width);
        CHECK(length == 0 || line[length - 1] != ' ');
        text += length + (text[length] == '\n');
    }
}

/* One row a point and metric that it has; the value reads back bit for bit. */
static void test_tsv(const struct result *result) {
    struct tables_options options = TABLES_OPTIONS_INIT;
    struct error err = ERROR_INIT;
    FILE *file = tmpfile();
    char line[1024], value[64], half_width[64];
    int rows = 0, replications, present = 0;
    CHECK_INT(tables_write_tsv(result, &options, file, &err), 0);
    rewind(file);
    CHECK(fgets(line, sizeof line, file) != NULL);
    CHECK_TEXT(line, "point\tsystem\tlevels\tkind\tsubject\tgroup\tstatistic\tunit\tvalue\t"
                     "half_width\treplications\n");
    for (; fgets(line, sizeof line, file) != NULL; rows++) {
        if (strncmp(line, "paper\tpaper\t\tinterval\trelease_time\tall\tmean\ts\t", 46) == 0) {
            CHECK_INT(sscanf(line + 46, "%63s\t%63s\t%d", value, half_width, &replications), 3);
            CHECK(strtod(value, NULL) == mean_of(result, 1, SAMPLE_MEAN));
            CHECK_INT(replications, SAMPLE_REPLICATIONS);
        }
    }
    for (uint32_t point = 0; point < SAMPLE_POINTS; point++) {
        for (int m = 0; m < SAMPLE_METRICS; m++) {
            present += metric_estimate(result, point, m, 0.95).count > 0;
        }
    }
    CHECK_INT(rows, present);
    fclose(file);
    file = fopen("/dev/full", "w");
    if (file != NULL) {
        CHECK_INT(tables_write_tsv(result, &options, file, &err), -1);
        CHECK(strstr(err.text, "could not be written") != NULL);
        fclose(file);
    }
}

/* Every brace, bracket and quote closes outside texts, and no NaN is left. */
static void test_json(const struct result *result) {
    struct tables_options options = TABLES_OPTIONS_INIT;
    struct error err = ERROR_INIT;
    FILE *file = tmpfile();
    struct result named = *result;
    named.layout.experiment = "a \"quoted\"\tname \\ with é";
    CHECK_INT(tables_write_json(&named, &options, file, &err), 0);
    rewind(file);
    printed[fread(printed, 1, sizeof printed - 1, file)] = '\0';
    fclose(file);
    int depth = 0;
    bool inside = false;
    for (const char *c = printed; *c != '\0'; c++) {
        if (*c == '"') {
            inside = !inside;
        } else if (inside && *c == '\\') {
            c++;
        } else if (!inside) {
            depth += *c == '{' || *c == '[';
            depth -= *c == '}' || *c == ']';
            CHECK(depth > 0 || c[1] == '\n' || c[1] == '\0');
        }
    }
    CHECK_INT(depth, 0);
    CHECK(!inside);
    CHECK(strstr(printed, "\"experiment\": \"a \\\"quoted\\\"\\u0009name \\\\ with é\"") != NULL);
    CHECK(strstr(printed, "NaN") == NULL && strstr(printed, "nan") == NULL);
    CHECK(strstr(printed, "\"variance_reduction\": ") != NULL);
}

/* The error that is stated is one that the histogram keeps: no quantile of one value is farther
 * off, and that of a value at the low end of its bucket is nearly as far. */
static void test_stated_error(const struct result *result) {
    struct tables_options options = TABLES_OPTIONS_INIT;
    const char *text = strstr(print(tables_provenance, result, &options), "P90 are within ");
    CHECK(text != NULL);
    double stated = text == NULL ? 0 : strtod(text + strlen("P90 are within "), NULL) / 100,
           most = 0;
    static uint64_t counts[HISTOGRAM_BUCKETS];
    for (uint64_t value = 1; value < 1 << 20; value += 1 + value / 997) {
        uint32_t bucket = histogram_bucket(value);
        for (int low = 0; low < 2; low++) { /* either end of the bucket is asked for */
            counts[bucket] = 1000;
            double got = histogram_quantile(counts, low ? 0 : 1);
            double error = fabs(got - (double)value) / (double)value;
            most = error > most ? error : most;
            counts[bucket] = 0;
        }
    }
    CHECK(most <= stated);
    CHECK(most > 0.9 * stated);
}

int main(void) {
    struct arena arena = ARENA_INIT;
    struct result result = sample_result(&arena);
    test_release(&result);
    test_groups(&result);
    test_parties(&result);
    test_lost_time_is_reported(&result);
    test_resources_and_costs(&result);
    test_tables_left_out(&result);
    test_differences(&result);
    test_widths(&result);
    test_stated_error(&result);
    test_tsv(&result);
    test_json(&result);
    arena_free(&arena);
    return test_summary();
}

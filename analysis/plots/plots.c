/* SPDX-License-Identifier: GPL-3.0-or-later
 * plots.c - writes the table of a figure and has gnuplot draw it, without a shell in between. */
#include "analysis/plots/plots.h"

#include "analysis/statistics/metric.h"
#include "analysis/tables/number.h"
#include "core/base/estimate.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PATH_SIZE = 1024, NO_GNUPLOT = 127 };

static const double hour_ns = 3.6e12;

/* ---- running gnuplot ----------------------------------------------------------------------- */

/* The folder of the program is .build/<name> in the tree, or anywhere else. */
static int find_script(const char *name, char path[PATH_SIZE]) {
    char program[PATH_SIZE];
    const char *home = getenv("CLEARLAB_HOME");
    if (home != NULL && snprintf(path, PATH_SIZE, "%s/analysis/plots/%s", home, name) < PATH_SIZE &&
        access(path, R_OK) == 0) {
        return 0;
    }
    ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    program[length > 0 ? length : 0] = '\0';
    for (char *slash; (slash = strrchr(program, '/')) != NULL;) {
        *slash = '\0';
        if (snprintf(path, PATH_SIZE, "%s/analysis/plots/%s", program, name) < PATH_SIZE &&
            access(path, R_OK) == 0) {
            return 0;
        }
    }
    snprintf(path, PATH_SIZE, "analysis/plots/%s", name);
    return access(path, R_OK);
}

/* gnuplot's messages go where ours go; what it would read from the terminal is closed to it. */
_Noreturn static void become_gnuplot(const char *script, const char *table, const char *picture,
                                     const char *interval) {
    int nothing = open("/dev/null", O_RDWR);
    if (nothing >= 0) {
        dup2(nothing, STDIN_FILENO);
        dup2(nothing, STDOUT_FILENO);
    }
    execlp("gnuplot", "gnuplot", "-c", script, table, picture, interval, (char *)NULL);
    _exit(NO_GNUPLOT);
}

static int draw(const char *script_name, const char *table, const char *picture,
                const char *interval, struct error *err) {
    char script[PATH_SIZE];
    if (find_script(script_name, script) < 0) {
        return error_set(err, ERROR_RUN,
                         "analysis/plots/%s is not found; set CLEARLAB_HOME to the "
                         "folder of the sources (the figures are in %s)",
                         script_name, table);
    }
    pid_t child = fork();
    if (child == 0) {
        become_gnuplot(script, table, picture, interval);
    }
    int status = 0;
    while (child > 0 && waitpid(child, &status, 0) < 0) {
        if (errno != EINTR) {
            child = -1;
        }
    }
    if (child < 0) {
        return error_set(err, ERROR_RUN, "gnuplot could not be started: %s", strerror(errno));
    }
    if (WIFEXITED(status) && WEXITSTATUS(status) == NO_GNUPLOT) {
        return error_set(err, ERROR_RUN,
                         "gnuplot is not installed (package gnuplot-nox); the figures "
                         "are in %s",
                         table);
    }
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        return error_set(err, ERROR_RUN, "gnuplot failed to draw %s from %s", picture, table);
    }
    return 0;
}

/* ---- tables of the figures ----------------------------------------------------------------- */

/* The interval that an experiment names first is the one that its figures are about. */
static const char *first_interval(const struct result *result) {
    for (uint32_t m = 0; m < result->layout.metric_count; m++) {
        if (strcmp(result->layout.metrics[m].kind, "interval") == 0) {
            return result->layout.metrics[m].subject;
        }
    }
    return "";
}

static void write_point_cdf(const char *name, const uint64_t *counts, FILE *file) {
    static const double marks[] = {0.5, 0.9};
    uint64_t total = 0, below = 0;
    size_t mark = 0;
    for (uint32_t bucket = 0; bucket < HISTOGRAM_BUCKETS; bucket++) {
        total += counts[bucket];
    }
    for (uint32_t bucket = 0; bucket < HISTOGRAM_BUCKETS; bucket++) {
        if (counts[bucket] == 0) {
            continue;
        }
        double lower_h = (double)histogram_lower(bucket) / hour_ns;
        double upper_h = lower_h + (double)histogram_width(bucket) / hour_ns;
        fprintf(file, "%s\t%.9g\t%.9g\t0\n", name, lower_h, (double)below / (double)total);
        below += counts[bucket];
        double share = (double)below / (double)total;
        for (; mark < 2 && share >= marks[mark]; mark++) {
            double at_h = histogram_quantile(counts, marks[mark]) / hour_ns;
            fprintf(file, "%s\t%.9g\t%g\t%g\n", name, at_h, marks[mark], marks[mark]);
        }
        fprintf(file, "%s\t%.9g\t%.9g\t0\n", name, upper_h, share);
    }
}

static int write_release_cdf(const struct result *result, FILE *file) {
    const char *interval = first_interval(result);
    int lines = 0;
    fputs("system\thours\tshare\tquantile\n", file);
    for (uint32_t point = 0; point < result->layout.point_count; point++) {
        const uint64_t *counts = metric_counts(result, point, interval, "all");
        if (counts != NULL && histogram_quantile(counts, 1) > 0) {
            write_point_cdf(result->layout.points[point].name, counts, file);
            lines++;
        }
    }
    return lines;
}

static int write_party_time(const struct result *result, FILE *file) {
    const char *interval = first_interval(result);
    int pieces = 0;
    fputs("system\tparty\tfrom_hours\tto_hours\n", file);
    for (uint32_t point = 0; point < result->layout.point_count; point++) {
        double from_h = 0;
        for (uint32_t m = 0; m < result->layout.metric_count; m++) {
            const struct result_column *column = &result->layout.metrics[m];
            if (strcmp(column->kind, "party") != 0 || strcmp(column->subject, interval) != 0) {
                continue;
            }
            double hours = metric_estimate(result, point, (int)m, 0.95).mean *
                           metric_seconds(result, (int)m) / 3600;
            if (hours > 0) {
                fprintf(file, "%s\t%s\t%.9g\t%.9g\n", result->layout.points[point].name,
                        column->group, from_h, from_h + hours);
                from_h += hours;
                pieces++;
            }
        }
    }
    return pieces;
}

/* Writes STEM.tsv by `write`, which returns how much there is to draw, and draws it twice. */
static int plot(const struct result *result, const char *stem, const char *script,
                int (*write)(const struct result *, FILE *), struct error *err) {
    char table[PATH_SIZE], picture[PATH_SIZE];
    if (snprintf(table, sizeof table, "%s.tsv", stem) >= (int)sizeof table) {
        return error_set(err, ERROR_RUN, "the name is too long: %s", stem);
    }
    FILE *file = fopen(table, "w");
    if (file == NULL) {
        return error_set(err, ERROR_RUN, "%s: %s", table, strerror(errno));
    }
    int pieces = write(result, file);
    bool failed = ferror(file) != 0;
    if (fclose(file) != 0 || failed) {
        return error_set(err, ERROR_RUN, "%s could not be written: %s", table, strerror(errno));
    }
    if (pieces == 0) {
        return error_set(err, ERROR_RUN, "nothing in the result takes any time");
    }
    for (int i = 0; i < 2; i++) {
        snprintf(picture, sizeof picture, "%s.%s", stem, i == 0 ? "svg" : "png");
        if (draw(script, table, picture, first_interval(result), err) < 0) {
            return -1;
        }
    }
    return 0;
}

int plots_release_cdf(const struct result *result, const char *stem, struct error *err) {
    return plot(result, stem, "release_cdf.gp", write_release_cdf, err);
}

int plots_party_time(const struct result *result, const char *stem, struct error *err) {
    return plot(result, stem, "party_time.gp", write_party_time, err);
}

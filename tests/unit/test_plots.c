/* SPDX-License-Identifier: GPL-3.0-or-later
 * Goal: a figure is drawn where gnuplot is, and where it is not the table stands and the message
 * says what is missing. Method: a result made by hand, a folder of its own, an empty PATH. */
#include "analysis/plots/plots.h"
#include "tests/test.h"
#include "tests/unit/made_result.h"

#include <unistd.h>

static char folder[] = P_tmpdir "/clearlab_plots_XXXXXX";

static void read_start(const char *name, char *text, size_t size) {
    char path[128];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "rb");
    size_t length = file == NULL ? 0 : fread(text, 1, size - 1, file);
    text[length] = '\0';
    if (file != NULL) {
        fclose(file);
    }
}

static const char *stem(const char *name) {
    static char path[128];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

/* Shares rise to 1 and each line has its two marks, in place. */
static void check_cdf_table(void) {
    char text[1 << 18], name[64], last[64] = "";
    double hours, share, quantile, before_h = 0, before = 0;
    int marks = 0, lines = 0, used = 0;
    read_start("cdf.tsv", text, sizeof text);
    const char *next = text + strcspn(text, "\n");
    while (sscanf(next, " %63[^\t] %lf %lf %lf%n", name, &hours, &share, &quantile, &used) == 4) {
        if (strcmp(name, last) != 0) {
            CHECK(lines == 0 || before == 1);
            before = before_h = 0;
            lines++;
        }
        CHECK(share >= before && share <= 1 && hours >= before_h * (1 - 1e-7));
        marks += quantile > 0;
        CHECK(quantile == 0 || quantile == share);
        strcpy(last, name);
        before = share;
        before_h = hours;
        next += used;
    }
    CHECK_INT(lines, 2); /* nothing takes time in the null system */
    CHECK_INT(marks, 4);
    CHECK_NEAR(before, 1, 0);
}

static void test_without_gnuplot(const struct result *result) {
    struct error err = ERROR_INIT;
    char text[64], *path = strdup(getenv("PATH"));
    setenv("PATH", folder, 1);
    CHECK_INT(plots_release_cdf(result, stem("cdf"), &err), -1);
    CHECK_INT(err.code, ERROR_RUN);
    CHECK(strstr(err.text, "gnuplot is not installed (package gnuplot-nox)") != NULL);
    CHECK(strstr(err.text, "cdf.tsv") != NULL);
    read_start("cdf.tsv", text, sizeof text);
    CHECK(strncmp(text, "system\thours\tshare\tquantile\n", 28) == 0);
    setenv("PATH", path, 1);
    free(path);
    check_cdf_table();
}

static void test_errors(const struct result *result) {
    struct error err = ERROR_INIT;
    CHECK_INT(plots_party_time(result, "/nowhere/at/all", &err), -1);
    CHECK(strstr(err.text, "/nowhere/at/all.tsv") != NULL);
    struct result only_null = *result;
    only_null.layout.point_count = 1;
    err = (struct error)ERROR_INIT;
    CHECK_INT(plots_release_cdf(&only_null, stem("null"), &err), -1);
    CHECK(strstr(err.text, "nothing in the result takes any time") != NULL);
}

static void test_pictures(const struct result *result) {
    char text[4096];
    struct error err = ERROR_INIT;
    CHECK_INT(plots_release_cdf(result, stem("cdf"), &err), 0);
    CHECK_INT(plots_party_time(result, stem("party"), &err), 0);
    CHECK_TEXT(err.text, "");
    read_start("cdf.svg", text, sizeof text);
    CHECK(strstr(text, "<svg") != NULL);
    read_start("party.png", text, sizeof text);
    CHECK(memcmp(text, "\x89PNG\r\n", 6) == 0);
    read_start("party.tsv", text, sizeof text);
    CHECK(strstr(text, "paper\timporter\t0\t") != NULL);
    CHECK(strstr(text, "bank") == NULL);
}

int main(void) {
    struct arena arena = ARENA_INIT;
    struct result result = sample_result(&arena);
    CHECK(mkdtemp(folder) != NULL);
    setenv("CLEARLAB_HOME", SOURCE_DIR, 1);
    test_without_gnuplot(&result);
    test_errors(&result);
    bool drawn = system("command -v gnuplot >/dev/null 2>&1") == 0;
    if (drawn) {
        test_pictures(&result);
    }
    char command[sizeof folder + 16];
    snprintf(command, sizeof command, "rm -r %s", folder);
    CHECK_INT(system(command), 0);
    arena_free(&arena);
    if (!drawn && test_failures == 0) {
        SKIP("gnuplot is not installed: no picture drawn");
    }
    return test_summary();
}

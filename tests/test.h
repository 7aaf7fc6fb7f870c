/* SPDX-License-Identifier: GPL-3.0-or-later
 * test.h - the whole test harness: checks that count, and a summary that main returns.
 *
 *     int main(void) { test_this(); test_that(); return test_summary(); }
 *
 * A test that cannot run here says so with SKIP("why"); ctest counts it as skipped (exit 77). */
#ifndef TESTS_TEST_H
#define TESTS_TEST_H

#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static unsigned test_checks, test_failures;

static inline bool test_check(bool ok, const char *file, int line, const char *what) {
    test_checks++;
    if (!ok) {
        test_failures++;
        printf("%s:%d: failed: %s", file, line, what);
    }
    return ok;
}

#define CHECK(condition) \
    (test_check((condition), __FILE__, __LINE__, #condition) ? (void)0 : (void)printf("\n"))

#define CHECK_INT(actual, expected)                                              \
    do {                                                                         \
        int64_t test_a = (int64_t)(actual), test_e = (int64_t)(expected);        \
        if (!test_check(test_a == test_e, __FILE__, __LINE__, #actual))          \
            printf(": got %" PRId64 ", expected %" PRId64 "\n", test_a, test_e); \
    } while (0)

/* NaN is near nothing. */
#define CHECK_NEAR(actual, expected, tolerance)                                             \
    do {                                                                                    \
        double test_a = (actual), test_e = (expected), test_t = (tolerance);                \
        double test_d = test_a > test_e ? test_a - test_e : test_e - test_a;                \
        if (!test_check(test_a == test_e || test_d <= test_t, __FILE__, __LINE__, #actual)) \
            printf(": got %.17g, expected %.17g within %g\n", test_a, test_e, test_t);      \
    } while (0)

#define CHECK_TEXT(actual, expected)                                               \
    do {                                                                           \
        const char *test_a = (actual), *test_e = (expected);                       \
        if (!test_check(strcmp(test_a, test_e) == 0, __FILE__, __LINE__, #actual)) \
            printf(":\n--- got\n%s\n--- expected\n%s\n", test_a, test_e);          \
    } while (0)

#define SKIP(reason) (printf("skipped: %s\n", reason), exit(77))

static inline int test_summary(void) {
    printf("%u checks, %u failed\n", test_checks, test_failures);
    return test_failures != 0 || test_checks == 0;
}

#endif

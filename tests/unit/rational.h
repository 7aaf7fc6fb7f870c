/* SPDX-License-Identifier: GPL-3.0-or-later
 * rational.h - the promise of decimal.h in GMP rationals, word by word: the oracle of decimals and
 * of expressions. Empty where GMP is not installed. */
#ifndef TESTS_UNIT_RATIONAL_H
#define TESTS_UNIT_RATIONAL_H

#include "core/rule/decimal.h"

#ifdef HAVE_MPFR
#include <gmp.h>
#include <stdbool.h>

/* The exact value of a decimal. */
static inline void rational_set(mpq_t q, struct decimal a) {
    mpz_set_si(mpq_numref(q), (long)a.coefficient);
    mpz_ui_pow_ui(mpq_denref(q), 10, (unsigned long)a.scale);
    mpq_canonicalize(q);
}

/* Rounds half to even, to 18 decimals, or to as many fewer as make the coefficient fit; false when
 * not even the whole number does. */
static inline bool rational_round(mpq_t q) {
    mpz_t power, rounded, rest;
    mpz_inits(power, rounded, rest, NULL);
    bool fits = false;
    for (unsigned long decimals = 19; decimals-- > 0 && !fits;) {
        mpz_ui_pow_ui(power, 10, decimals);
        mpz_mul(rest, mpq_numref(q), power);
        mpz_fdiv_qr(rounded, rest, rest, mpq_denref(q));
        mpz_mul_2exp(rest, rest, 1);
        int half = mpz_cmp(rest, mpq_denref(q));
        if (half > 0 || (half == 0 && mpz_odd_p(rounded))) {
            mpz_add_ui(rounded, rounded, 1);
        }
        fits = mpz_cmpabs_ui(rounded, INT64_MAX) <= 0;
    }
    if (fits) {
        mpz_set(mpq_numref(q), rounded);
        mpz_set(mpq_denref(q), power);
        mpq_canonicalize(q);
    }
    mpz_clears(power, rounded, rest, NULL);
    return fits;
}
#endif

#endif

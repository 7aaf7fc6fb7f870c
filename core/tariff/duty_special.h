/* SPDX-License-Identifier: GPL-3.0-or-later
 * duty_special.h - a column of preferences: duties, each with the programmes that it is for.
 *
 *     Free (A+,AU,BH) 1.9¢/kg + 0.5% (PA) See 9823.08.01-9823.08.38 (S+)
 *
 * is three entries. Symbols are one or two capital letters, with + or * behind them or not. */
#ifndef CORE_TARIFF_DUTY_SPECIAL_H
#define CORE_TARIFF_DUTY_SPECIAL_H

#include "core/tariff/duty.h"

struct duty_special_entry {
    struct duty duty;              /* a "See ..." is a DUTY_REFERENCE */
    unsigned programme_count;      /* 0: no list is given, so any programme */
    const char *const *programmes; /* "A+", "AU", ...; in the order of the text, in the arena */
};

struct duty_special {
    unsigned count;
    const struct duty_special_entry *entries; /* in the arena */
};

enum { DUTY_SPECIAL_ENTRIES_MAX = 24, DUTY_SPECIAL_PROGRAMMES_MAX = 64 };

/* Reads the text of a special column; an empty text has no entries. 0, or -1 and an error, and
 * `*fault` (may be NULL) where a duty in it is wrong. */
int duty_special_parse(const char *text, struct arena *arena, struct place place,
                       struct duty_special *special, enum duty_fault *fault, struct error *err);

/* The first entry for a programme, or the entry without a list, or NULL. */
const struct duty_special_entry *duty_special_find(const struct duty_special *special,
                                                   const char *programme);

#endif

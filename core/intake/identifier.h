/* SPDX-License-Identifier: GPL-3.0-or-later
 * identifier.h - check digits of the numbers that name containers, ships, goods, places, accounts
 * and companies.
 *
 *     iso6346   freight containers: owner and category in letters, serial number, digit (ISO 6346)
 *     imo_ship  ships (IMO resolution A.1117)
 *     gtin14    trade items; gtin13, gtin12 and gtin8 stand with zeros before (GS1)
 *     sscc18    logistic units (GS1)
 *     gln13     places (GS1)
 *     iban      bank accounts (ISO 13616, ISO 7064 MOD 97-10)
 *     lei       legal entities (ISO 17442, the same) */
#ifndef CORE_INTAKE_IDENTIFIER_H
#define CORE_INTAKE_IDENTIFIER_H

#include <stdbool.h>

#define IDENTIFIER_KINDS(X) X(iso6346) X(imo_ship) X(gtin14) X(sscc18) X(gln13) X(iban) X(lei)

enum identifier_kind {
#define X(name) IDENTIFIER_##name,
    IDENTIFIER_KINDS(X)
#undef X
        IDENTIFIER_KIND_COUNT,
};

/* The kind of that name; IDENTIFIER_KIND_COUNT when there is none. */
enum identifier_kind identifier_find(const char *name);

/* Whether the text has the kind's length and signs and its check digit is right. Strict: capital
 * letters, no blanks. */
bool identifier_is_valid(enum identifier_kind kind, const char *text);

/* The GS1 check digit of a row of digits, as a sign: weights 3 and 1 from the right. '\0' where
 * there is another sign in it. */
char identifier_gs1_digit(const char *digits);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later
 * declaration.h - what a trader states about one consignment, as codes and numbers.
 *
 * A code 0 is missing, and so is a number that is NaN; nothing here is known to be true. */
#ifndef CORE_RISK_DECLARATION_H
#define CORE_RISK_DECLARATION_H

#include <stdint.h>

struct declaration {
    uint64_t number; /* names the declaration */
    int64_t time_ns; /* when it was lodged; does not run back */
    uint32_t trader; /* importer */
    uint32_t seller; /* abroad */
    uint32_t goods;  /* six digits of the Harmonized System as a number: 20130 is 0201.30 */
    uint16_t origin; /* countries: declaration_country() */
    uint16_t departure;
    uint64_t document; /* hash of the invoice's or transport document's number */
    double mass_kg, value;
    double duty_share;     /* the rate that goods and origin stand for, 0.08 is 8 % */
    const uint32_t *words; /* of the description, as numbers; not owned */
    uint32_t word_count;
};

/* Two letters of ISO 3166 as one number. */
static inline uint16_t declaration_country(const char letters[2]) {
    return (uint16_t)((unsigned char)letters[0] << 8 | (unsigned char)letters[1]);
}

#endif

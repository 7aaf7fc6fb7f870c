/* SPDX-License-Identifier: GPL-3.0-or-later
 * duty_units.h - units, qualifiers and currencies of duty expressions.
 *
 * A unit says which declared quantity it counts and how many of it make one: a hectolitre is 100 of
 * "l", so an amount per hectolitre is multiplied with l / 100. A qualifier narrows the quantity
 * ("kg of drained weight") or multiplies with a further one (per hectolitre and "% vol"), and is
 * permitted with certain units only. Codes are those of TARIC and the UK tariff; DTN (100 kg) and
 * its like are packs: a unit and a scale. Codes of American units are those of the US schedule. */
#ifndef CORE_TARIFF_DUTY_UNITS_H
#define CORE_TARIFF_DUTY_UNITS_H

#include <stdbool.h>
#include <stdint.h>

/* code, canonical text, declared quantity, and what a unit is of it: numerator / denominator. */
#define DUTY_UNITS(X)                                         \
    X(KGM, "kg", "kg", 1, 1)                                  \
    X(KGP, "kg/polar", "kg corrected for polarisation", 1, 1) \
    X(GRM, "g", "kg", 1, 1000)                                \
    X(T, "t", "kg", 1000, 1)                                  \
    X(CTM, "c/k", "carat", 1, 1)                              \
    X(GFI, "gi F/S", "g of fissile isotopes", 1, 1)           \
    X(KNI, "kg N", "kg N", 1, 1)                              \
    X(KNS, "kg H2O2", "kg H2O2", 1, 1)                        \
    X(KPH, "kg KOH", "kg KOH", 1, 1)                          \
    X(KPO, "kg K2O", "kg K2O", 1, 1)                          \
    X(KPP, "kg P2O5", "kg P2O5", 1, 1)                        \
    X(KSD, "kg 90% sdt", "kg 90% sdt", 1, 1)                  \
    X(KSH, "kg NaOH", "kg NaOH", 1, 1)                        \
    X(KUR, "kg U", "kg U", 1, 1)                              \
    X(KMA, "kg methylamines", "kg methylamines", 1, 1)        \
    X(KCC, "kg C5H14ClNO", "kg C5H14ClNO", 1, 1)              \
    X(KCL, "tonne KCl", "kg KCl", 1000, 1)                    \
    X(DHS, "kg DHS", "kg DHS", 1, 1)                          \
    X(CCT, "ct/l", "t of carrying capacity", 1, 1)            \
    X(GRT, "GT", "gross tonnage", 1, 1)                       \
    X(CYK, "clean kg", "clean kg", 1, 1)                      \
    X(LTR, "l", "l", 1, 1)                                    \
    X(HLT, "hl", "l", 100, 1)                                 \
    X(LPA, "l alc. 100%", "l of pure alcohol", 1, 1)          \
    X(PFL, "pf. liter", "proof l", 1, 1)                      \
    X(BBL, "bbl", "bbl", 1, 1)                                \
    X(ASV, "% vol", "% vol", 1, 1)                            \
    X(BRX, "% sucrose", "% sucrose", 1, 1)                    \
    X(NAR, "p/st", "p/st", 1, 1)                              \
    X(DOZ, "doz.", "p/st", 12, 1)                             \
    X(GRS, "gross", "p/st", 144, 1)                           \
    X(NPR, "pa", "pa", 1, 1)                                  \
    X(DPR, "doz. prs.", "pa", 12, 1)                          \
    X(NCL, "ce/el", "ce/el", 1, 1)                            \
    X(PK, "pack", "pack", 1, 1)                               \
    X(JWL, "jewel", "jewel", 1, 1)                            \
    X(GRL, "line/gross", "gross lines", 1, 1)                 \
    X(MTR, "m", "m", 1, 1)                                    \
    X(KMT, "KM", "m", 1000, 1)                                \
    X(MTK, "m2", "m2", 1, 1)                                  \
    X(MTQ, "m3", "m3", 1, 1)                                  \
    X(KWH, "kWh", "kWh", 1, 1)                                \
    X(TJO, "TJ", "TJ", 1, 1)                                  \
    X(WAT, "Watt", "W", 1, 1)                                 \
    X(SPR, "SPR discount", "SPR discount", 1, 1)              \
    X(SPQ, "SPQ", "SPR discount", 1, 1)

enum duty_unit_index {
    DUTY_UNIT_NONE,
#define X(code, text, quantity, numerator, denominator) DUTY_UNIT_##code,
    DUTY_UNITS(X)
#undef X
        DUTY_UNIT_COUNT
};

struct duty_unit {
    const char *code, *text, *quantity;
    int64_t numerator, denominator; /* of the quantity, in one unit */
};

extern const struct duty_unit duty_units[DUTY_UNIT_COUNT]; /* row 0 is empty */

/* A qualifier either narrows ("of") or multiplies with up to two further declared quantities, after
 * dividing by `divisor`: % vol per hectolitre is % vol times l / 100. */
struct duty_qualifier {
    const char *code, *text;
    const char *permitted; /* codes of units and packs, with spaces around each */
    const char *of;
    const char *times[2];
    int64_t divisor;
};

enum { DUTY_QUALIFIER_COUNT = 21 };
extern const struct duty_qualifier duty_units_qualifiers[DUTY_QUALIFIER_COUNT]; /* row 0 is empty */

/* "100 kg / net eda" is unit KGM, scale 100 and qualifier E. */
struct duty_measurement {
    unsigned unit, qualifier;
    int64_t scale;
};

/* Reads the longest unit name or code at the begin of a text (not its number: "kg", "p / st",
 * "% vol/hl", "DTN", "DTNE"). False, and nothing changed, when there is none. */
bool duty_units_match(const char *text, struct duty_measurement *measurement, const char **end);

/* The same for codes of units and packs in capital letters alone. */
bool duty_units_match_code(const char *text, struct duty_measurement *measurement,
                           const char **end);

/* The longest qualifier name at the begin of a text, else the code of one that is permitted with
 * the unit; 0 when there is none. */
unsigned duty_units_match_qualifier(const char *text, struct duty_measurement measurement,
                                    const char **end);

bool duty_units_is_permitted(struct duty_measurement measurement);

/* The code of a unit or of its pack ("DTN"); NULL for a scale that has none. */
const char *duty_units_code(unsigned unit, int64_t scale);

/* Whether three capital letters are a currency: ISO 4217, and XEM (the unit of account of
 * agricultural duties). */
bool duty_units_is_currency(const char code[3]);

/* Whether a part is read as it stands behind a unit ("over 7", "including weight of container")
 * instead of with an "on" in front. */
bool duty_units_keeps_preposition(const char *part);

/* The known name nearest to a wrong one among units, qualifiers or currencies, or NULL. */
const char *duty_units_nearest(const char *wrong);
const char *duty_units_nearest_qualifier(const char *wrong);
const char *duty_units_nearest_currency(const char *wrong, char nearest[4]);

#endif

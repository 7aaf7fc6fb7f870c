/* SPDX-License-Identifier: GPL-3.0-or-later
 * duty_units.c - see duty_units.h.
 *
 * Names are kept in lower case, sorted by their bytes; a space in a name stands for any number of
 * spaces in the text, and around a slash there may be some. The longest name wins: "% vol/hl"
 * before
 * "% vol". */
#include "core/tariff/duty_units.h"

#include "core/base/error.h"
#include "core/tariff/duty_text.h"

#include <stddef.h>
#include <string.h>

const struct duty_unit duty_units[DUTY_UNIT_COUNT] = {[DUTY_UNIT_NONE] = {"", "", "", 1, 1},
#define X(code, text, quantity, numerator, denominator) \
    [DUTY_UNIT_##code] = {#code, text, quantity, numerator, denominator},
                                                      DUTY_UNITS(X)
#undef X
};

enum qualifier {
    QUALIFIER_NONE,
    QUALIFIER_TOTAL_ALCOHOL,
    QUALIFIER_FLASK,
    QUALIFIER_DRAINED,
    QUALIFIER_WHEAT,
    QUALIFIER_GROSS,
    QUALIFIER_BIODIESEL,
    QUALIFIER_FUEL,
    QUALIFIER_BIOETHANOL,
    QUALIFIER_LIVE,
    QUALIFIER_DRY,
    QUALIFIER_LACTIC,
    QUALIFIER_LACTIC_ECU,
    QUALIFIER_STANDARD,
    QUALIFIER_RAW_SUGAR,
    QUALIFIER_DRY_LACTIC,
    QUALIFIER_HL,
    QUALIFIER_SUCROSE,
    QUALIFIER_SPQ_LPA,
    QUALIFIER_SPQ_LTR,
    QUALIFIER_DEGREE,
    QUALIFIER_COUNT
};
_Static_assert((int)QUALIFIER_COUNT == (int)DUTY_QUALIFIER_COUNT, "the header says how many");

/* The last is none of TARIC's: the American sugar duties fall by the degree. */
const struct duty_qualifier duty_units_qualifiers[DUTY_QUALIFIER_COUNT] = {
    [QUALIFIER_NONE] = {"", "", "", NULL, {NULL, NULL}, 1},
    [QUALIFIER_TOTAL_ALCOHOL] = {"A", "tot/alc", " KGM LTR ", "total alcohol", {NULL, NULL}, 1},
    [QUALIFIER_FLASK] = {"B", "flask", " NAR ", "flasks", {NULL, NULL}, 1},
    [QUALIFIER_DRAINED] = {"E", "net eda", " DTN KGM TNE ", "drained weight", {NULL, NULL}, 1},
    [QUALIFIER_WHEAT] = {"F", "common wheat", " DTN ", "common wheat", {NULL, NULL}, 1},
    [QUALIFIER_GROSS] = {"G", "gross", " DTN KGM ", "gross weight", {NULL, NULL}, 1},
    [QUALIFIER_BIODIESEL] = {"I", "biodiesel", " TNE ", "biodiesel content", {NULL, NULL}, 1},
    [QUALIFIER_FUEL] = {"J", "fuel content", " TNE ", "fuel content", {NULL, NULL}, 1},
    [QUALIFIER_BIOETHANOL] = {"K", "bioethanol", " TNE ", "bioethanol content", {NULL, NULL}, 1},
    [QUALIFIER_LIVE] = {"L", "live weight", " DTN ", "live weight", {NULL, NULL}, 1},
    [QUALIFIER_DRY] = {"M", "net mas", " DTN TNE ", "dry matter", {NULL, NULL}, 1},
    [QUALIFIER_LACTIC] = {"P", "lactic matter", " KGM ", "lactic matter", {NULL, NULL}, 1},
    [QUALIFIER_LACTIC_ECU] = {"P", "lactic.", " DTN ", "lactic matter", {NULL, NULL}, 1},
    [QUALIFIER_STANDARD] = {"R", "std qual", " DTN TNE ", "standard quality", {NULL, NULL}, 1},
    [QUALIFIER_RAW_SUGAR] = {"S", "raw sugar", " DTN KGM ", "raw sugar", {NULL, NULL}, 1},
    [QUALIFIER_DRY_LACTIC] =
        {"T", "dry lactic matter", " KGM ", "dry lactic matter", {NULL, NULL}, 1},
    [QUALIFIER_HL] = {"X", "hl", " ASV ", NULL, {"l", NULL}, 100},
    [QUALIFIER_SUCROSE] = {"Z", "% sacchar.", " DTN TNE ", NULL, {"% sucrose", NULL}, 1},
    [QUALIFIER_SPQ_LPA] = {"LPA", "LPA", " SPQ ", NULL, {"l of pure alcohol", NULL}, 1},
    [QUALIFIER_SPQ_LTR] = {"LTR", "LTR", " SPQ ", NULL, {"% vol", "l"}, 100},
    [QUALIFIER_DEGREE] = {"", "degree under 100", " KGM ", NULL, {"degrees under 100", NULL}, 1},
};

struct pack {
    const char *code;
    unsigned unit;
    int64_t scale;
};

static const struct pack packs[] = {
    {"MTQC", DUTY_UNIT_MTQ, 1000}, {"DTN", DUTY_UNIT_KGM, 100},  {"TNE", DUTY_UNIT_KGM, 1000},
    {"DAP", DUTY_UNIT_KGP, 10000}, {"CEN", DUTY_UNIT_NAR, 100},  {"MIL", DUTY_UNIT_NAR, 1000},
    {"KLT", DUTY_UNIT_LTR, 1000},  {"MPR", DUTY_UNIT_NPR, 1000}, {"HMT", DUTY_UNIT_MTR, 100},
    {"MWH", DUTY_UNIT_KWH, 1000},
};
enum { PACK_COUNT = sizeof packs / sizeof packs[0] };

struct unit_name {
    const char *name;
    unsigned unit, qualifier;
    int64_t scale;
};

static const struct unit_name unit_names[] = {
    {"% sucrose", DUTY_UNIT_BRX, 0, 1},
    {"% vol", DUTY_UNIT_ASV, 0, 1},
    {"% vol/hl", DUTY_UNIT_ASV, QUALIFIER_HL, 1},
    {"article", DUTY_UNIT_NAR, 0, 1},
    {"articles", DUTY_UNIT_NAR, 0, 1},
    {"b/f", DUTY_UNIT_NAR, QUALIFIER_FLASK, 1},
    {"barrel", DUTY_UNIT_BBL, 0, 1},
    {"bbl", DUTY_UNIT_BBL, 0, 1},
    {"c/k", DUTY_UNIT_CTM, 0, 1},
    {"carat", DUTY_UNIT_CTM, 0, 1},
    {"carats", DUTY_UNIT_CTM, 0, 1},
    {"ce/el", DUTY_UNIT_NCL, 0, 1},
    {"clean kg", DUTY_UNIT_CYK, 0, 1},
    {"ct/l", DUTY_UNIT_CCT, 0, 1},
    {"cubic meter", DUTY_UNIT_MTQ, 0, 1},
    {"cubic metre", DUTY_UNIT_MTQ, 0, 1},
    {"cy kg", DUTY_UNIT_CYK, 0, 1},
    {"doz", DUTY_UNIT_DOZ, 0, 1},
    {"doz.", DUTY_UNIT_DOZ, 0, 1},
    {"doz. pr.", DUTY_UNIT_DPR, 0, 1},
    {"doz. prs.", DUTY_UNIT_DPR, 0, 1},
    {"dozen", DUTY_UNIT_DOZ, 0, 1},
    {"dozen pairs", DUTY_UNIT_DPR, 0, 1},
    {"each", DUTY_UNIT_NAR, 0, 1},
    {"g", DUTY_UNIT_GRM, 0, 1},
    {"gi f/s", DUTY_UNIT_GFI, 0, 1},
    {"gkg", DUTY_UNIT_KGM, QUALIFIER_GROSS, 1},
    {"gram", DUTY_UNIT_GRM, 0, 1},
    {"grams", DUTY_UNIT_GRM, 0, 1},
    {"gross", DUTY_UNIT_GRS, 0, 1},
    {"gt", DUTY_UNIT_GRT, 0, 1},
    {"head", DUTY_UNIT_NAR, 0, 1},
    {"hectoliter", DUTY_UNIT_HLT, 0, 1},
    {"hectolitre", DUTY_UNIT_HLT, 0, 1},
    {"hl", DUTY_UNIT_HLT, 0, 1},
    {"hundred", DUTY_UNIT_NAR, 0, 100},
    {"hundreds", DUTY_UNIT_NAR, 0, 100},
    {"item", DUTY_UNIT_NAR, 0, 1},
    {"items", DUTY_UNIT_NAR, 0, 1},
    {"jewel", DUTY_UNIT_JWL, 0, 1},
    {"jewels", DUTY_UNIT_JWL, 0, 1},
    {"kg", DUTY_UNIT_KGM, 0, 1},
    {"kg 90% sdt", DUTY_UNIT_KSD, 0, 1},
    {"kg c5h14clno", DUTY_UNIT_KCC, 0, 1},
    {"kg c₅h₁₄clno", DUTY_UNIT_KCC, 0, 1},
    {"kg dhs", DUTY_UNIT_DHS, 0, 1},
    {"kg h2o2", DUTY_UNIT_KNS, 0, 1},
    {"kg h₂o₂", DUTY_UNIT_KNS, 0, 1},
    {"kg k2o", DUTY_UNIT_KPO, 0, 1},
    {"kg koh", DUTY_UNIT_KPH, 0, 1},
    {"kg k₂o", DUTY_UNIT_KPO, 0, 1},
    {"kg met.am.", DUTY_UNIT_KMA, 0, 1},
    {"kg methylamines", DUTY_UNIT_KMA, 0, 1},
    {"kg n", DUTY_UNIT_KNI, 0, 1},
    {"kg naoh", DUTY_UNIT_KSH, 0, 1},
    {"kg p2o5", DUTY_UNIT_KPP, 0, 1},
    {"kg p₂o₅", DUTY_UNIT_KPP, 0, 1},
    {"kg u", DUTY_UNIT_KUR, 0, 1},
    {"kg/polar", DUTY_UNIT_KGP, 0, 1},
    {"kgs", DUTY_UNIT_KGM, 0, 1},
    {"kilogram", DUTY_UNIT_KGM, 0, 1},
    {"kilograms", DUTY_UNIT_KGM, 0, 1},
    {"km", DUTY_UNIT_KMT, 0, 1},
    {"kwh", DUTY_UNIT_KWH, 0, 1},
    {"l", DUTY_UNIT_LTR, 0, 1},
    {"l alc. 100%", DUTY_UNIT_LPA, 0, 1},
    {"lin. m", DUTY_UNIT_MTR, 0, 1},
    {"line/gross", DUTY_UNIT_GRL, 0, 1},
    {"liter", DUTY_UNIT_LTR, 0, 1},
    {"liter of pure alcohol", DUTY_UNIT_LPA, 0, 1},
    {"liters", DUTY_UNIT_LTR, 0, 1},
    {"litre", DUTY_UNIT_LTR, 0, 1},
    {"litre of pure alcohol", DUTY_UNIT_LPA, 0, 1},
    {"litre of pure alcohol, multiplied by the spr discount", DUTY_UNIT_SPQ, QUALIFIER_SPQ_LPA, 1},
    {"litres", DUTY_UNIT_LTR, 0, 1},
    {"m", DUTY_UNIT_MTR, 0, 1},
    {"m2", DUTY_UNIT_MTK, 0, 1},
    {"m3", DUTY_UNIT_MTQ, 0, 1},
    {"meter", DUTY_UNIT_MTR, 0, 1},
    {"metre", DUTY_UNIT_MTR, 0, 1},
    {"metric ton", DUTY_UNIT_T, 0, 1},
    {"metric tons", DUTY_UNIT_T, 0, 1},
    {"m²", DUTY_UNIT_MTK, 0, 1},
    {"m³", DUTY_UNIT_MTQ, 0, 1},
    {"no.", DUTY_UNIT_NAR, 0, 1},
    {"number", DUTY_UNIT_NAR, 0, 1},
    {"p/st", DUTY_UNIT_NAR, 0, 1},
    {"pa", DUTY_UNIT_NPR, 0, 1},
    {"pack", DUTY_UNIT_PK, 0, 1},
    {"packs", DUTY_UNIT_PK, 0, 1},
    {"pair", DUTY_UNIT_NPR, 0, 1},
    {"pairs", DUTY_UNIT_NPR, 0, 1},
    {"pcs", DUTY_UNIT_NAR, 0, 1},
    {"pf. liter", DUTY_UNIT_PFL, 0, 1},
    {"pf. liters", DUTY_UNIT_PFL, 0, 1},
    {"piece", DUTY_UNIT_NAR, 0, 1},
    {"pieces", DUTY_UNIT_NAR, 0, 1},
    {"pins", DUTY_UNIT_NAR, 0, 1},
    {"pr", DUTY_UNIT_NPR, 0, 1},
    {"pr.", DUTY_UNIT_NPR, 0, 1},
    {"proof liter", DUTY_UNIT_PFL, 0, 1},
    {"proof litre", DUTY_UNIT_PFL, 0, 1},
    {"prs.", DUTY_UNIT_NPR, 0, 1},
    {"spq", DUTY_UNIT_SPQ, 0, 1},
    {"spr discount", DUTY_UNIT_SPR, 0, 1},
    {"square meter", DUTY_UNIT_MTK, 0, 1},
    {"square metre", DUTY_UNIT_MTK, 0, 1},
    {"t", DUTY_UNIT_T, 0, 1},
    {"thou- sand", DUTY_UNIT_NAR, 0, 1000},
    {"thousand", DUTY_UNIT_NAR, 0, 1000},
    {"thousands", DUTY_UNIT_NAR, 0, 1000},
    {"tj", DUTY_UNIT_TJO, 0, 1},
    {"ton", DUTY_UNIT_T, 0, 1},
    {"tonne", DUTY_UNIT_T, 0, 1},
    {"tonne kcl", DUTY_UNIT_KCL, 0, 1},
    {"tonnes", DUTY_UNIT_T, 0, 1},
    {"tons", DUTY_UNIT_T, 0, 1},
    {"unit", DUTY_UNIT_NAR, 0, 1},
    {"units", DUTY_UNIT_NAR, 0, 1},
    {"w", DUTY_UNIT_WAT, 0, 1},
    {"watt", DUTY_UNIT_WAT, 0, 1},
};
enum { UNIT_NAME_COUNT = sizeof unit_names / sizeof unit_names[0] };

struct qualifier_name {
    const char *name;
    unsigned qualifier;
};

static const struct qualifier_name qualifier_names[] = {
    {"% sacchar", QUALIFIER_SUCROSE},
    {"% sacchar.", QUALIFIER_SUCROSE},
    {"biodiesel", QUALIFIER_BIODIESEL},
    {"biodiesel content", QUALIFIER_BIODIESEL},
    {"bioethanol", QUALIFIER_BIOETHANOL},
    {"br", QUALIFIER_GROSS},
    {"common wheat", QUALIFIER_WHEAT},
    {"degree under 100", QUALIFIER_DEGREE},
    {"degree under 100 degrees", QUALIFIER_DEGREE},
    {"drained net weight", QUALIFIER_DRAINED},
    {"drained weight", QUALIFIER_DRAINED},
    {"dry lactic matter", QUALIFIER_DRY_LACTIC},
    {"dry matter", QUALIFIER_DRY},
    {"flask", QUALIFIER_FLASK},
    {"fuel content", QUALIFIER_FUEL},
    {"gross", QUALIFIER_GROSS},
    {"hl", QUALIFIER_HL},
    {"lactic matter", QUALIFIER_LACTIC},
    {"lactic.", QUALIFIER_LACTIC_ECU},
    {"live weight", QUALIFIER_LIVE},
    {"lpa", QUALIFIER_SPQ_LPA},
    {"ltr", QUALIFIER_SPQ_LTR},
    {"net drained wt", QUALIFIER_DRAINED},
    {"net dry", QUALIFIER_DRY},
    {"net eda", QUALIFIER_DRAINED},
    {"net mas", QUALIFIER_DRY},
    {"net/% saccha.", QUALIFIER_SUCROSE},
    {"net/% sacchar.", QUALIFIER_SUCROSE},
    {"of biodiesel content", QUALIFIER_BIODIESEL},
    {"raw sugar", QUALIFIER_RAW_SUGAR},
    {"std qual", QUALIFIER_STANDARD},
    {"tot alc", QUALIFIER_TOTAL_ALCOHOL},
    {"tot/alc", QUALIFIER_TOTAL_ALCOHOL},
    {"total alc.", QUALIFIER_TOTAL_ALCOHOL},
    {"total alcohol", QUALIFIER_TOTAL_ALCOHOL},
};
enum { QUALIFIER_NAME_COUNT = sizeof qualifier_names / sizeof qualifier_names[0] };

static const char currencies[] =
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BOV BRL BSD BTN "
    "BWP BYN BZD CAD CDF CHE CHF CHW CLF CLP CNY COP COU CRC CUC CUP CVE CZK DJF DKK DOP DZD EGP "
    "ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HRK HTG HUF IDR ILS INR IQD IRR "
    "ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD "
    "MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR "
    "PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SLL SOS SRD SSP STN SVC SYP SZL "
    "THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD USN UYI UYU UYW UZS VED VES VND VUV WST XAF "
    "XAG XAU XBA XBB XBC XBD XCD XCG XDR XEM XOF XPD XPF XPT XSU XUA YER ZAR ZMW ZWG ZWL ";
enum { CURRENCY_COUNT = sizeof currencies / 4 };

bool duty_units_match(const char *text, struct duty_measurement *measurement, const char **end) {
    char first = duty_text_lower(*text);
    size_t low = 0, high = UNIT_NAME_COUNT;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (unit_names[middle].name[0] < first) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    const struct unit_name *best = NULL;
    const char *best_end = text;
    for (; low < UNIT_NAME_COUNT && unit_names[low].name[0] == first; low++) {
        const char *behind = duty_text_match(text, unit_names[low].name);
        if (behind != NULL && behind > best_end) {
            best = &unit_names[low];
            best_end = behind;
        }
    }
    if (best == NULL) {
        return duty_units_match_code(text, measurement, end);
    }
    *measurement = (struct duty_measurement){best->unit, best->qualifier, best->scale};
    *end = best_end;
    return true;
}

/* The length of a code at the begin of a text, 0 where it isn't there. */
static size_t match_code(const char *text, const char *code) {
    size_t length = strlen(code);
    return length > 0 && strncmp(text, code, length) == 0 ? length : 0;
}

static bool ends_word(char c) {
    return !duty_text_is_letter(c) && !duty_text_is_digit(c);
}

/* A qualifier's code at once behind a unit's: "DTNE". */
static bool match_attached(const char *text, struct duty_measurement *measurement,
                           const char **end) {
    if (ends_word(*text)) {
        *end = text;
        return true;
    }
    for (unsigned i = 1; i < DUTY_QUALIFIER_COUNT; i++) {
        struct duty_measurement qualified = *measurement;
        qualified.qualifier = i;
        size_t length = match_code(text, duty_units_qualifiers[i].code);
        if (length > 0 && ends_word(text[length]) && duty_units_is_permitted(qualified)) {
            *measurement = qualified;
            *end = text + length;
            return true;
        }
    }
    return false;
}

bool duty_units_match_code(const char *text, struct duty_measurement *measurement,
                           const char **end) {
    if (!duty_text_is_capital(*text)) {
        return false;
    }
    for (size_t i = 0; i < PACK_COUNT; i++) {
        size_t length = match_code(text, packs[i].code);
        struct duty_measurement found = {packs[i].unit, 0, packs[i].scale};
        if (length > 0 && match_attached(text + length, &found, end)) {
            *measurement = found;
            return true;
        }
    }
    for (unsigned i = 1; i < DUTY_UNIT_COUNT; i++) {
        size_t length = match_code(text, duty_units[i].code);
        struct duty_measurement found = {i, 0, 1};
        if (length > 0 && match_attached(text + length, &found, end)) {
            *measurement = found;
            return true;
        }
    }
    return false;
}

unsigned duty_units_match_qualifier(const char *text, struct duty_measurement measurement,
                                    const char **end) {
    unsigned best = 0;
    const char *best_end = text;
    for (size_t i = 0; i < QUALIFIER_NAME_COUNT; i++) {
        if (qualifier_names[i].name[0] != duty_text_lower(*text)) {
            continue;
        }
        const char *behind = duty_text_match(text, qualifier_names[i].name);
        if (behind != NULL && behind > best_end) {
            best = qualifier_names[i].qualifier;
            best_end = behind;
        }
    }
    for (unsigned i = 1; best_end == text && i < DUTY_QUALIFIER_COUNT; i++) {
        size_t length = match_code(text, duty_units_qualifiers[i].code);
        measurement.qualifier = i;
        if (length > 0 && ends_word(text[length]) && duty_units_is_permitted(measurement)) {
            best = i;
            best_end = text + length;
        }
    }
    *end = best_end;
    return best;
}

const char *duty_units_code(unsigned unit, int64_t scale) {
    if (scale == 1) {
        return duty_units[unit].code;
    }
    for (size_t i = 0; i < PACK_COUNT; i++) {
        if (packs[i].unit == unit && packs[i].scale == scale) {
            return packs[i].code;
        }
    }
    return NULL;
}

bool duty_units_is_permitted(struct duty_measurement measurement) {
    if (measurement.qualifier == 0) {
        return true;
    }
    const char *code = duty_units_code(measurement.unit, measurement.scale);
    if (code == NULL || *code == '\0') {
        return false;
    }
    size_t length = strlen(code);
    const char *list = duty_units_qualifiers[measurement.qualifier].permitted;
    for (const char *at = strstr(list, code); at != NULL; at = strstr(at + 1, code)) {
        if (at[-1] == ' ' && at[length] == ' ') {
            return true;
        }
    }
    return false;
}

bool duty_units_is_currency(const char code[3]) {
    size_t low = 0, high = CURRENCY_COUNT;
    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = memcmp(currencies + middle * 4, code, 3);
        if (order == 0) {
            return true;
        }
        if (order < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return false;
}

bool duty_units_keeps_preposition(const char *part) {
    return duty_text_match(part, "over") != NULL || duty_text_match(part, "including") != NULL;
}

const char *duty_units_nearest(const char *wrong) {
    const char *names[UNIT_NAME_COUNT + DUTY_UNIT_COUNT];
    for (size_t i = 0; i < UNIT_NAME_COUNT; i++) {
        names[i] = unit_names[i].name;
    }
    for (size_t i = 1; i < DUTY_UNIT_COUNT; i++) {
        names[UNIT_NAME_COUNT + i - 1] = duty_units[i].code;
    }
    return error_nearest_name(wrong, names, UNIT_NAME_COUNT + DUTY_UNIT_COUNT - 1);
}

const char *duty_units_nearest_qualifier(const char *wrong) {
    const char *names[QUALIFIER_NAME_COUNT];
    for (size_t i = 0; i < QUALIFIER_NAME_COUNT; i++) {
        names[i] = qualifier_names[i].name;
    }
    return error_nearest_name(wrong, names, QUALIFIER_NAME_COUNT);
}

/* How near a code is: the country's two letters agree, or two letters are swapped, or one letter is
 * too many. */
static bool is_near_currency(const char *wrong, const char *code) {
    size_t length = strlen(wrong);
    bool is_begin = length >= 2 && length <= 4 && memcmp(wrong, code, 2) == 0;
    bool is_swapped =
        length == 3 && ((wrong[0] == code[1] && wrong[1] == code[0] && wrong[2] == code[2]) ||
                        (wrong[0] == code[0] && wrong[1] == code[2] && wrong[2] == code[1]));
    return is_swapped || (is_begin && (length < 4 || wrong[2] == code[2]));
}

const char *duty_units_nearest_currency(const char *wrong, char nearest[4]) {
    for (size_t i = 0; i < CURRENCY_COUNT; i++) {
        if (is_near_currency(wrong, currencies + i * 4)) {
            memcpy(nearest, currencies + i * 4, 3);
            nearest[3] = '\0';
            return nearest;
        }
    }
    return NULL;
}

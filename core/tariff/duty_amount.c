/* SPDX-License-Identifier: GPL-3.0-or-later
 * duty_amount.c - amounts of duty expressions: shares, money, and what they are per.
 *
 *     amount    = number share [on value] | money [per [number] unit [qualifier] [on part]]
 *     share     = "%" | "percent"
 *     money     = number currency | number cents | sign-of-currency number
 *     per       = "/" | "per" | "for each" | "each"
 *     qualifier = ["/"] name */
#include "core/tariff/duty_number.h"
#include "core/tariff/duty_parser.h"
#include "core/tariff/duty_units.h"

#include <string.h>

/* "on the lead content", "of total sugars", "over 7", ", including weight of container". */
static int read_part(struct duty_parser *parser, struct duty_component *component) {
    duty_parser_skip(parser);
    const char *begin = parser->at;
    char first = duty_text_lower(*begin);
    if (first == ',' && component->basis == DUTY_MONEY) {
        const char *word = duty_text_skip(begin + 1);
        if (duty_text_match(word, "including") == NULL) {
            return 0;
        }
        begin = word;
        first = 'i';
    }
    bool is_on = (first == 'o' || first == 'u') &&
                 (duty_parser_take(parser, "on") || duty_parser_take(parser, "of") ||
                  duty_parser_take(parser, "upon"));
    bool is_kept = component->basis == DUTY_MONEY &&
                   ((first == 'o' && duty_text_match(begin, "over") != NULL) ||
                    (first == 'i' && duty_text_match(begin, "including") != NULL));
    if (!is_on && !is_kept) {
        return 0;
    }
    component->part =
        duty_prose_read(is_kept ? begin : parser->at, true, parser->arena, &parser->at);
    return component->part != NULL ? 0
                                   : duty_parser_stop(parser, DUTY_FAULT_UNKNOWN_QUALIFIER, begin);
}

/* Behind a unit: its qualifier, with a slash or without, or what it is on. */
static int read_qualifier(struct duty_parser *parser, struct duty_measurement *measurement) {
    duty_parser_skip(parser);
    const char *begin = parser->at;
    bool has_slash = *begin == '/';
    bool is_each = !has_slash && duty_parser_take(parser, "for each");
    if (has_slash) {
        parser->at++;
    }
    duty_parser_skip(parser);
    char first = *parser->at;
    bool is_name = duty_text_is_letter(first) || first == '%';
    if (!has_slash && !is_each && (!is_name || duty_parser_is_at_sign(parser))) {
        return 0;
    }
    const char *behind;
    unsigned qualifier =
        is_name ? duty_units_match_qualifier(parser->at, *measurement, &behind) : 0;
    if (qualifier == 0) {
        bool is_part = !has_slash && !is_each &&
                       (duty_text_match(begin, "on") || duty_text_match(begin, "of") ||
                        duty_text_match(begin, "over") || duty_text_match(begin, "including"));
        return is_part ? 0 : duty_parser_stop(parser, DUTY_FAULT_UNKNOWN_QUALIFIER, parser->at);
    }
    bool is_second = measurement->qualifier != 0;
    measurement->qualifier = qualifier;
    if (is_second || !duty_units_is_permitted(*measurement)) {
        duty_parser_forbid(parser, DUTY_FAULT_QUALIFIER_NOT_PERMITTED, parser->at);
    }
    parser->at = behind;
    duty_parser_skip(parser);
    duty_parser_take(parser, "(and fractions of a degree in proportion)");
    return 0;
}

int duty_parser_read_measurement(struct duty_parser *parser, struct duty_component *component) {
    duty_parser_skip(parser);
    const char *begin = parser->at;
    int64_t scale = 1;
    enum duty_number_kind kind = duty_number_read_whole(parser->at, &scale, &parser->at);
    if (kind == DUTY_NUMBER_TOO_LARGE) {
        return duty_parser_stop(parser, DUTY_FAULT_TOO_LARGE, begin);
    }
    if (kind == DUTY_NUMBER_NONE && duty_text_is_digit(*begin)) { /* per 0 kg */
        return duty_parser_stop(parser, DUTY_FAULT_UNKNOWN_UNIT, begin);
    }
    duty_parser_skip(parser);
    struct duty_measurement measurement = {DUTY_UNIT_NAR, 0, 1};
    const char *unit = parser->at;
    if (!duty_units_match(parser->at, &measurement, &parser->at)) {
        bool is_count = kind == DUTY_NUMBER_READ &&
                        (*unit == '\0' || *unit == '.' || *unit == ';' ||
                         duty_parser_is_at_sign(parser) || duty_parser_footnote(unit) != NULL);
        if (!is_count) {
            return duty_parser_stop(parser, DUTY_FAULT_UNKNOWN_UNIT, unit);
        }
    }
    if (__builtin_mul_overflow(scale, measurement.scale, &measurement.scale) ||
        measurement.scale > INT64_C(999999999999999)) {
        return duty_parser_stop(parser, DUTY_FAULT_TOO_LARGE, begin);
    }
    if (measurement.qualifier != 0 && !duty_units_is_permitted(measurement)) {
        duty_parser_forbid(parser, DUTY_FAULT_QUALIFIER_NOT_PERMITTED, unit);
    }
    if (read_qualifier(parser, &measurement) != 0) {
        return -1;
    }
    component->unit = measurement.unit;
    component->qualifier = measurement.qualifier;
    component->scale = exact_integer(measurement.scale);
    return 0;
}

/* "/ 100 kg", "each", "for each pair", "per kg", or a code of TARIC at once: "EUR DTN G". */
static int read_per(struct duty_parser *parser, struct duty_component *component) {
    struct duty_measurement ignored;
    const char *behind;
    duty_parser_skip(parser);
    char first = duty_text_lower(*parser->at);
    if (first == '/') {
        parser->at++;
    } else if (!(first == 'p' && duty_parser_take(parser, "per")) &&
               !(first == 'f' && duty_parser_take(parser, "for each")) &&
               !(first == 'e' && duty_text_match(parser->at, "each") != NULL) &&
               !duty_units_match_code(parser->at, &ignored, &behind)) {
        return 0;
    }
    if (duty_parser_read_measurement(parser, component) != 0) {
        return -1;
    }
    return read_part(parser, component);
}

/* Behind a percentage: the value that it is of. */
static int read_share(struct duty_parser *parser, struct duty_component *component) {
    duty_parser_skip(parser);
    const char *begin = parser->at;
    bool has_slash = *begin == '/';
    if (has_slash) {
        parser->at++;
        duty_parser_skip(parser);
    }
    char first = duty_text_lower(*parser->at);
    if (first == 'r' &&
        (duty_parser_take(parser, "retail price") || duty_parser_take(parser, "ret"))) {
        component->part = "retail price";
        return 0;
    }
    if (has_slash) {
        struct duty_component unit = *component;
        if (duty_parser_read_measurement(parser, &unit) != 0) {
            return -1;
        }
        duty_parser_forbid(parser, DUTY_FAULT_UNIT_NOT_PERMITTED, begin);
        return 0;
    }
    return read_part(parser, component);
}

static void set_amount(struct duty_component *component, struct duty_number number,
                       int64_t divisor) {
    component->amount.numerator = number.numerator;
    component->amount.denominator = (int128)number.denominator * divisor;
}

/* Three letters of one case that name a currency. */
static bool take_currency(struct duty_parser *parser, char currency[4]) {
    const char *at = parser->at;
    if (!duty_text_is_letter(at[0]) || !duty_text_is_letter(at[1]) || !duty_text_is_letter(at[2]) ||
        duty_text_is_letter(at[3]) || duty_text_is_capital(at[0]) != duty_text_is_capital(at[1]) ||
        duty_text_is_capital(at[1]) != duty_text_is_capital(at[2])) {
        return false;
    }
    char code[4] = {0};
    for (int i = 0; i < 3; i++) {
        code[i] = (char)(duty_text_lower(at[i]) - 'a' + 'A');
    }
    if (!duty_units_is_currency(code)) {
        return false;
    }
    memcpy(currency, code, 4);
    parser->at += 3;
    return true;
}

static bool take_cents(struct duty_parser *parser) {
    if (parser->at[0] == '\xC2' && parser->at[1] == '\xA2') {
        parser->at += 2;
        return true;
    }
    return duty_text_lower(*parser->at) == 'c' &&
           (duty_parser_take(parser, "cents") || duty_parser_take(parser, "cent"));
}

/* A number and a unit as the very first thing: "100 kg", "2 % vol". */
static bool is_supplementary(const struct duty_parser *parser, const char *begin) {
    struct duty_measurement ignored;
    const char *unit;
    int64_t scale;
    return parser->count == 0 && begin == duty_text_skip(parser->text) &&
           duty_number_read_whole(begin, &scale, &unit) == DUTY_NUMBER_READ &&
           duty_units_match(duty_text_skip(unit), &ignored, &unit);
}

static int read_supplementary(struct duty_parser *parser, const char *begin,
                              struct duty_component *component) {
    component->verb = DUTY_SUPPLEMENTARY;
    component->basis = DUTY_NO_AMOUNT;
    parser->at = begin;
    return duty_parser_read_measurement(parser, component);
}

/* What a number counts: a share, money, or (where nothing precedes it) a supplementary unit. */
static int read_kind(struct duty_parser *parser, struct duty_number number, const char *begin,
                     struct duty_component *component) {
    duty_parser_skip(parser);
    bool is_percent = *parser->at == '%';
    if (is_percent && duty_text_is_letter(*duty_text_skip(parser->at + 1)) &&
        is_supplementary(parser, begin)) {
        return read_supplementary(parser, begin, component);
    }
    parser->at += is_percent;
    if (is_percent ||
        (duty_text_lower(*parser->at) == 'p' &&
         (duty_parser_take(parser, "percent") || duty_parser_take(parser, "per cent")))) {
        component->basis = DUTY_SHARE;
        set_amount(component, number, 100);
        return read_share(parser, component);
    }
    component->basis = DUTY_MONEY;
    if (take_cents(parser)) {
        memcpy(component->currency, "USD", 4);
        set_amount(component, number, 100);
        return number.denominator > DUTY_NUMBER_DENOMINATOR_MAX / 100
                   ? duty_parser_stop(parser, DUTY_FAULT_TOO_LARGE, begin)
                   : read_per(parser, component);
    }
    if (take_currency(parser, component->currency)) {
        set_amount(component, number, 1);
        return read_per(parser, component);
    }
    if (!is_supplementary(parser, begin)) {
        return duty_parser_stop(parser, DUTY_FAULT_UNKNOWN_MONEY, parser->at);
    }
    return read_supplementary(parser, begin, component);
}

int duty_parser_read_amount(struct duty_parser *parser, struct duty_component *component) {
    const char *begin = parser->at, *currency = NULL;
    if (*begin == '$') {
        currency = "USD";
        parser->at = duty_text_skip(begin + 1);
    } else if (*begin == '\xC2') {
        currency = "GBP";
        parser->at = duty_text_skip(begin + 2);
    } else if (*begin == '\xE2') {
        currency = "EUR";
        parser->at = duty_text_skip(begin + 3);
    }
    struct duty_number number;
    enum duty_number_kind kind = duty_number_read(parser->at, &number, &parser->at);
    if (kind == DUTY_NUMBER_READ && currency == NULL &&
        duty_number_read_fraction(parser->at, &number, &parser->at) == DUTY_NUMBER_TOO_LARGE) {
        kind = DUTY_NUMBER_TOO_LARGE;
    }
    if (kind != DUTY_NUMBER_READ) {
        return duty_parser_stop(parser, DUTY_FAULT_TOO_LARGE, begin);
    }
    if (currency == NULL) {
        return read_kind(parser, number, begin, component);
    }
    component->basis = DUTY_MONEY;
    memcpy(component->currency, currency, 4);
    set_amount(component, number, 1);
    return read_per(parser, component);
}

/* SPDX-License-Identifier: GPL-3.0-or-later
 * Goal: every form of duty.h becomes the components that it says, every wrong text its class of
 * error at its place, and what is printed reads back the same.
 * Method: tables of texts of European and American tariffs with their canonical form; what each
 * amount is multiplied with; random lists of components printed and read back. */
#include "core/tariff/duty.h"
#include "core/tariff/duty_units.h"
#include "tests/test.h"

static struct arena arena;
static const struct place here = {"text", 3, 10};

static int parse(const char *text, struct duty *duty, enum duty_fault *fault, int *column) {
    struct error err = ERROR_INIT;
    int result = duty_parse(text, &arena, here, duty, fault, &err);
    CHECK((result == 0) == (err.code == ERROR_NONE));
    *column = err.column - here.column;
    return result;
}

static struct duty parsed(const char *text) {
    struct duty duty = {0, NULL};
    enum duty_fault fault = DUTY_FAULT_NONE;
    int column;
    if (parse(text, &duty, &fault, &column) != 0) {
        printf("'%s': %s at %d\n", text, duty_fault_name(fault), column);
    }
    CHECK_INT(fault, DUTY_FAULT_NONE);
    return duty;
}

/* A text and its canonical form, which is its own canonical form. */
static const char *const forms[][2] = {
    {"4.000%", "4%"},
    {"10.20 % + 93.10 EUR / 100 kg", "10.2% + 93.1 EUR / 100 kg"},
    {"45.10 GBP / 100 KG", "45.1 GBP / 100 kg"},
    {"20%+10EUR/100kg", "20% + 10 EUR / 100 kg"},
    {"1.0 EUR/1000 p/st", "1 EUR / 1000 p/st"},
    {"1,234.50 EUR / 1 000 p / st", "1234.5 EUR / 1000 p/st"},
    {"1.000 EUR", "1 EUR"},
    {"0.300 XEM / 100 kg / lactic.", "0.3 XEM / 100 kg / lactic."},
    {"9.10% + 45.10 GBP / 100 KG  MAX 18.90% + 16.50 GBP / 100 KG",
     "9.1% + 45.1 GBP / 100 kg MAX 18.9% + 16.5 GBP / 100 kg"},
    {"13.8% min 13 GBP/100 kg max 15 GBP/100 kg minus 7 GBP/100 kg",
     "13.8% MIN 13 GBP / 100 kg MAX 15 GBP / 100 kg - 7 GBP / 100 kg"},
    {"16.50 % / Retail Price + 244.78 GBP / 1000 p/st MIN 320.90 GBP / 1000 p/st",
     "16.5% on retail price + 244.78 GBP / 1000 p/st MIN 320.9 GBP / 1000 p/st"},
    {"16.50% RET", "16.5% on retail price"},
    {"0.50 GBP / % vol/hl", "0.5 GBP / % vol / hl"},
    {"0.50 GBP / ASVX", "0.5 GBP / % vol / hl"},
    {"0.30 GBP / 100 kg / % sacchar.", "0.3 GBP / 100 kg / % sacchar."},
    {"144.10 GBP / 1000 kg/biodiesel", "144.1 GBP / 1000 kg / biodiesel"},
    {"3.80 % MIN 0.60 EUR DTN G", "3.8% MIN 0.6 EUR / 100 kg / gross"},
    {"0.000% + AC", "0% + AC"},
    {"9.000% + EA MAX 24.200% + ADSZ", "9% + AC MAX 24.2% + SD"},
    {"AC (reduced) / 100 kg", "AC (reduced) / 100 kg"},
    {"10% MAX 20% MIN 5%", "10% MAX 20% MIN 5%"},
    {"NIHIL", "NIHIL"},
    {"No additional duty", "NIHIL"},
    {"kg", "kg"},
    {"NAR", "p/st"},
    {"100 kg", "100 kg"},
    {"10 000 kg/polar", "10000 kg/polar"},
    {"\xC2\xA3"
     "2.50 / l alc. 100%",
     "2.5 GBP / l alc. 100%"},
    {"\xE2\x82\xAC 3/m\xC2\xB2", "3 EUR / m2"},
    {"1/3 EUR / kg", "1/3 EUR / kg"},
    {"33 1/3%", "33 1/3%"},
    {"Free", "0%"},
    {"0.9\xC2\xA2/kg + 4%", "0.009 USD / kg + 4%"},
    {"68 cents/head", "0.68 USD / p/st"},
    {"$1.34/1000", "1.34 USD / 1000 p/st"},
    {"$1/1,000 pins + 35%", "1 USD / 1000 p/st + 35%"},
    {"20\xC2\xA2/thousand", "0.2 USD / 1000 p/st"},
    {"4.4 cents/liter + 31.4 cents/pf. liter 1/", "0.044 USD / l + 0.314 USD / pf. liter"},
    {"36 cents each + 5.6% + 2 cents/jewel", "0.36 USD / p/st + 5.6% + 0.02 USD / jewel"},
    {"2% + $1/kg + 12 cents/pair", "2% + 1 USD / kg + 0.12 USD / pa"},
    {"27.6 cents/liter+ 17.5%", "0.276 USD / l + 17.5%"},
    {"3 percent of the fair retail value", "3% on fair retail value"},
    {"6\xC2\xA2/kg on drained weight + 8.5%", "0.06 USD / kg on drained weight + 8.5%"},
    {"51 cents each + 6.25% on the case and strap, band or bracelet + 5.3% on the battery",
     "0.51 USD / p/st + 6.25% on case and strap, band or bracelet + 5.3% on battery"},
    {"57\xC2\xA2 each + 3.7\xC2\xA2/jewel over 7 + 4.9% on the case",
     "0.57 USD / p/st + 0.037 USD / jewel over 7 + 4.9% on case"},
    {"$1.32/t, including weight of container", "1.32 USD / t including weight of container"},
    {"0.3\xC2\xA2/line/ gross + 4.6%", "0.003 USD / line/gross + 4.6%"},
    {"3.6606 cents/kg less 0.020668 cents/kg for each degree under 100 degrees (and fractions of a "
     "degree in proportion) but not less than 3.143854 cents/kg",
     "0.036606 USD / kg - 0.00020668 USD / kg / degree under 100 MIN 0.03143854 USD / kg"},
    {"The duty provided in the applicable subheading + a duty of 25% upon the value of the steel "
     "content.",
     "The duty provided in the applicable subheading + 25% on value of the steel content"},
    {"The duty rate provided in such  subheading minus 0.5%",
     "The duty rate provided in such subheading - 0.5%"},
    {"See additional U.S. note 1", "See additional U.S. note 1"},
    {"Free, under bond, as prescribed in U.S. note 2",
     "Free, under bond, as prescribed in U.S. note 2"},
    {"Free (see U.S. note 4)", "Free (see U.S. note 4)"},
    {"A duty upon the value of the repairs", "A duty upon the value of the repairs"},
};

static void test_forms(void) {
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        struct duty duty = parsed(forms[i][0]);
        const char *printed = duty_print(&duty, &arena);
        CHECK_TEXT(printed, forms[i][1]);
        struct duty again = parsed(printed);
        CHECK(duty_is_equal(&duty, &again));
        CHECK_TEXT(duty_print(&again, &arena), printed);
    }
}

struct wrong {
    const char *text;
    enum duty_fault fault;
    int column; /* from 0 */
};

static const struct wrong wrongs[] = {
    {"", DUTY_FAULT_AMOUNT_REQUIRED, 0},
    {" ", DUTY_FAULT_AMOUNT_REQUIRED, 1},
    {"+", DUTY_FAULT_AMOUNT_REQUIRED, 1},
    {"10% +", DUTY_FAULT_AMOUNT_REQUIRED, 5},
    {"10% + MIN 3%", DUTY_FAULT_AMOUNT_REQUIRED, 6},
    {"ABC", DUTY_FAULT_UNKNOWN_EXPRESSION, 0},
    {"10% + Blah duty (reduced)", DUTY_FAULT_UNKNOWN_EXPRESSION, 6},
    {"10%&@#^&", DUTY_FAULT_UNKNOWN_EXPRESSION, 3},
    {"@(*&$#)", DUTY_FAULT_UNKNOWN_EXPRESSION, 0},
    {"10% - AC", DUTY_FAULT_UNKNOWN_EXPRESSION, 6},
    {"10% kg", DUTY_FAULT_UNKNOWN_EXPRESSION, 4},
    {"10% The duty provided there", DUTY_FAULT_UNKNOWN_EXPRESSION, 4},
    {"10% + 100 ABC / 100 kg", DUTY_FAULT_UNKNOWN_MONEY, 10},
    {"100 DEF", DUTY_FAULT_UNKNOWN_MONEY, 4},
    {"5", DUTY_FAULT_UNKNOWN_MONEY, 1},
    {"10,2%", DUTY_FAULT_UNKNOWN_MONEY, 2},
    {"5.5% + 100 kg", DUTY_FAULT_UNKNOWN_MONEY, 11},
    {"10% + 100 GBP / 100 abc", DUTY_FAULT_UNKNOWN_UNIT, 20},
    {"100 GBP / foobar measurement", DUTY_FAULT_UNKNOWN_UNIT, 10},
    {"5 EUR / kgg", DUTY_FAULT_UNKNOWN_UNIT, 8},
    {"5 EUR / 0 kg", DUTY_FAULT_UNKNOWN_UNIT, 8},
    {"5 EUR /", DUTY_FAULT_UNKNOWN_UNIT, 7},
    {"10% + 100 GBP / 100 kg / ABC", DUTY_FAULT_UNKNOWN_QUALIFIER, 25},
    {"5.5% + 100 EUR / % vol foo bar", DUTY_FAULT_UNKNOWN_QUALIFIER, 23},
    {"5 cents/kg on", DUTY_FAULT_UNKNOWN_QUALIFIER, 11},
    {"1.0 EUR / kg / lactic.", DUTY_FAULT_QUALIFIER_NOT_PERMITTED, 15},
    {"1.0 EUR / 100 kg / biodiesel", DUTY_FAULT_QUALIFIER_NOT_PERMITTED, 19},
    {"1.0 EUR / 50 kg / net eda", DUTY_FAULT_QUALIFIER_NOT_PERMITTED, 18},
    {"1.0 EUR / l / gross", DUTY_FAULT_QUALIFIER_NOT_PERMITTED, 14},
    {"10% + 10% + 10% + 10% + 10% + 10%", DUTY_FAULT_EXPRESSION_USED_TWICE, 22},
    {"5.5% 10%", DUTY_FAULT_EXPRESSION_USED_TWICE, 5},
    {"5% - 1% - 1%", DUTY_FAULT_EXPRESSION_USED_TWICE, 8},
    {"5% + AC + EA", DUTY_FAULT_EXPRESSION_USED_TWICE, 10},
    {"5% MIN 1% MIN 2% MIN 3%", DUTY_FAULT_EXPRESSION_USED_TWICE, 17},
    {"+ 5.5% 10%", DUTY_FAULT_EXPRESSION_OUT_OF_ORDER, 7},
    {"MAX 5%", DUTY_FAULT_EXPRESSION_OUT_OF_ORDER, 0},
    {"NIHIL + 5%", DUTY_FAULT_EXPRESSION_OUT_OF_ORDER, 6},
    {"kg + 5%", DUTY_FAULT_EXPRESSION_OUT_OF_ORDER, 3},
    {"+ AC 10%", DUTY_FAULT_AMOUNT_NOT_PERMITTED, 5},
    {"NIHIL 3%", DUTY_FAULT_AMOUNT_NOT_PERMITTED, 6},
    {"NIHIL / 100 kg", DUTY_FAULT_UNIT_NOT_PERMITTED, 6},
    {"5% / kg", DUTY_FAULT_UNIT_NOT_PERMITTED, 3},
    {"5% + 1% + 1% + 1% + 1% + 1 foo", DUTY_FAULT_UNKNOWN_MONEY, 27}, /* the worse of two */
    {"1234567890123456789%", DUTY_FAULT_TOO_LARGE, 0},
    {"0.1234567890123456789%", DUTY_FAULT_TOO_LARGE, 0},
    {"1 EUR / 1000000000000000 kg", DUTY_FAULT_TOO_LARGE, 8},
};

static void test_wrong(void) {
    for (size_t i = 0; i < sizeof wrongs / sizeof wrongs[0]; i++) {
        struct duty duty;
        enum duty_fault fault = DUTY_FAULT_NONE;
        int column = -1;
        int result = parse(wrongs[i].text, &duty, &fault, &column);
        if (result == 0 || fault != wrongs[i].fault || column != wrongs[i].column) {
            printf("'%s': %s at %d\n", wrongs[i].text, duty_fault_name(fault), column);
        }
        CHECK_INT(result, -1);
        CHECK_INT(fault, wrongs[i].fault);
        CHECK_INT(column, wrongs[i].column);
    }
}

static void test_messages(void) {
    static const char *const messages[][2] = {
        {"5 EUR / kgm2", "unknown-unit: no unit has this name: 'kgm2'; did you mean 'kg'?"},
        {"5 GPB / kg", "unknown-money: neither % nor a known currency follows the number: 'GPB'; "
                       "did you mean 'GBP'?"},
        {"5 EUR / 100 kg / net eba", "unknown-qualifier: no qualifier of units has this name: "
                                     "'net eba'; did you mean 'net eda'?"},
        {"5% +", "amount-required: an amount is missing here"},
    };
    for (size_t i = 0; i < sizeof messages / sizeof messages[0]; i++) {
        struct duty duty;
        struct error err = ERROR_INIT;
        CHECK_INT(duty_parse(messages[i][0], &arena, here, &duty, NULL, &err), -1);
        CHECK_TEXT(err.text, messages[i][1]);
        CHECK_INT(err.line, here.line);
    }
}

struct multiplied {
    const char *text;
    unsigned component, count;
    const char *names[DUTY_FACTORS_MAX];
    int64_t numerator, denominator;
};

static const struct multiplied multiplications[] = {
    {"93.10 EUR / 100 kg", 0, 1, {"kg"}, 1, 100},
    {"1 EUR / DTN", 0, 1, {"kg"}, 1, 100},
    {"1 EUR / hl", 0, 1, {"l"}, 1, 100},
    {"1 EUR / 1000 l", 0, 1, {"l"}, 1, 1000},
    {"1 EUR / g", 0, 1, {"kg"}, 1000, 1},
    {"$1/t", 0, 1, {"kg"}, 1, 1000},
    {"1 EUR / DAP", 0, 1, {"kg corrected for polarisation"}, 1, 10000},
    {"$1/doz.", 0, 1, {"p/st"}, 1, 12},
    {"$1/doz. prs.", 0, 1, {"pa"}, 1, 12},
    {"0.50 GBP / % vol/hl", 0, 2, {"% vol", "l"}, 1, 100},
    {"0.30 GBP / 100 kg / % sacchar.", 0, 2, {"kg", "% sucrose"}, 1, 100},
    {"1 GBP / SPQLTR", 0, 3, {"SPR discount", "% vol", "l"}, 1, 100},
    {"1 GBP / SPQLPA", 0, 2, {"SPR discount", "l of pure alcohol"}, 1, 1},
    {"5 EUR / 100 kg / net eda", 0, 1, {"kg of drained weight"}, 1, 100},
    {"5 cents/kg on drained weight", 0, 1, {"kg of drained weight"}, 1, 1},
    {"1.7 cents/kg on the lead content", 0, 1, {"kg of lead content"}, 1, 1},
    {"2.8 cents/jewel over 7", 0, 1, {"jewel over 7"}, 1, 1},
    {"3 USD/kg less 2 cents/kg for each degree under 100 degrees",
     1,
     2,
     {"kg", "degrees under 100"},
     1,
     1},
    {"2 EUR", 0, 0, {NULL}, 1, 1},
    {"5%", 0, 0, {NULL}, 1, 1},
};

static void test_factors(void) {
    for (size_t i = 0; i < sizeof multiplications / sizeof multiplications[0]; i++) {
        const struct multiplied *expected = &multiplications[i];
        struct duty duty = parsed(expected->text);
        const char *names[DUTY_FACTORS_MAX];
        struct exact factor;
        unsigned count = duty_factor(&duty.components[expected->component], &arena, names, &factor);
        CHECK_INT(count, expected->count);
        for (unsigned k = 0; k < count; k++) {
            CHECK_TEXT(names[k], expected->names[k]);
        }
        CHECK(exact_compare(factor, exact_ratio(expected->numerator, expected->denominator)) == 0);
    }
}

static void test_components(void) {
    struct duty duty = parsed("33 1/3% on the case - 46.3 cents/100 kg / net eda");
    const struct duty_component *share = &duty.components[0], *money = &duty.components[1];
    CHECK_INT(duty.count, 2);
    CHECK(share->verb == DUTY_PLUS && share->basis == DUTY_SHARE);
    CHECK(exact_compare(share->amount, exact_ratio(1, 3)) == 0);
    CHECK_TEXT(duty_share_of(share), "case");
    CHECK(money->verb == DUTY_MINUS && money->basis == DUTY_MONEY);
    CHECK(exact_compare(money->amount, exact_ratio(463, 1000)) == 0);
    CHECK_TEXT(money->currency, "USD");
    CHECK_INT(money->unit, DUTY_UNIT_KGM);
    CHECK(exact_compare(money->scale, exact_integer(100)) == 0);
    CHECK(money->part == NULL && duty_share_of(money) == NULL);
    CHECK(duty_is_computable(&duty));

    duty = parsed("The duty provided there + 25%");
    CHECK(!duty_is_computable(&duty));
    CHECK(duty.components[0].verb == DUTY_REFERENCE);
    CHECK_TEXT(duty.components[0].name, "The duty provided there");
    CHECK(duty_is_of_line(&duty.components[0]) && !duty_is_of_line(&duty.components[1]));
    duty = parsed("See additional U.S. note 1");
    CHECK(!duty_is_computable(&duty) && !duty_is_of_line(&duty.components[0]));
    duty = parsed("See 9823.01.01-9823.01.07");
    CHECK(!duty_is_computable(&duty) && duty_is_of_line(&duty.components[0]));
    duty = parsed("No change");
    CHECK(!duty_is_computable(&duty) && !duty_is_of_line(&duty.components[0]));
    duty = parsed("The quantity specified in such notice");
    CHECK(!duty_is_computable(&duty) && duty.components[0].verb == DUTY_UNRESOLVED);
    CHECK_TEXT(duty.components[0].name, "a quantity, not a rate");
    duty = parsed("4.3% + 1.7 cents/jewel + 0.2 cents for each other piece or part, but if "
                  "consisting in part of a plate the duty shall not exceed that of a movement");
    CHECK_INT(duty.count, 1);
    CHECK(!duty_is_computable(&duty));
    duty = parsed("Free, under bond");
    CHECK_TEXT(duty.components[0].name, "under bond");
    CHECK(exact_sign(duty.components[0].amount) == 0 && duty.components[0].basis == DUTY_SHARE);
}

static uint64_t state = 20170209;

static uint64_t draw(uint64_t count) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (state >> 20) % count;
}

/* Decimals and fractions that a text can hold. */
static struct exact draw_amount(void) {
    int64_t numerator = (int64_t)draw(1 + (UINT64_C(1) << draw(40)));
    if (draw(4) == 0) {
        return exact_ratio(numerator, 1 + (int64_t)draw(1 + (UINT64_C(1) << draw(40))));
    }
    int64_t denominator = 1;
    for (uint64_t zeros = draw(13); zeros > 0; zeros--) {
        denominator *= 10;
    }
    return exact_ratio(numerator, denominator);
}

static void draw_measurement(struct duty_component *component) {
    static const int64_t scales[] = {1, 1, 1, 100, 1000, 10000, 12345, 2};
    struct duty_measurement measurement;
    do {
        measurement.unit = 1 + (unsigned)draw(DUTY_UNIT_COUNT - 1);
        measurement.scale = scales[draw(8)];
        measurement.qualifier = draw(2) == 0 ? 0 : (unsigned)draw(DUTY_QUALIFIER_COUNT);
    } while (!duty_units_is_permitted(measurement));
    component->unit = measurement.unit;
    component->qualifier = measurement.qualifier;
    component->scale = exact_integer(measurement.scale);
}

static struct duty_component draw_component(enum duty_verb verb) {
    static const char *const currencies[] = {"EUR", "GBP", "USD", "XEM", "JPY", "NPR"};
    static const char *const parts[] = {"lead content", "case and strap, band or bracelet",
                                        "value of the rifle", "over 7", "including container"};
    struct duty_component component = {.verb = verb, .amount = draw_amount(), .scale = {1, 1}};
    component.basis = draw(2) == 0 ? DUTY_SHARE : DUTY_MONEY;
    if (component.basis == DUTY_SHARE) {
        component.amount.denominator *= 100;
    } else {
        memcpy(component.currency, currencies[draw(6)], 4);
        if (draw(5) > 0) {
            draw_measurement(&component);
        }
    }
    if (draw(4) == 0 && (component.basis == DUTY_SHARE || component.unit != 0)) {
        component.part = parts[draw(5)];
    }
    return component;
}

static void test_random(void) {
    static const enum duty_verb verbs[] = {DUTY_PLUS, DUTY_PLUS, DUTY_MINUS,       DUTY_MIN,
                                           DUTY_MAX,  DUTY_MAX,  DUTY_AGRICULTURAL};
    static const char *const kinds[] = {"AC", "SD (reduced)", "FD"};
    for (int round = 0; round < 100000; round++) {
        struct arena mine = ARENA_INIT;
        struct duty_component components[DUTY_COMPONENTS_MAX];
        struct duty duty = {.components = components, .count = 1}, again = {0, NULL};
        components[0] = draw_component(DUTY_PLUS);
        if (draw(20) == 0) {
            components[0] = (struct duty_component){
                .verb = DUTY_SUPPLEMENTARY, .amount = {0, 1}, .scale = {1, 1}};
            draw_measurement(&components[0]);
        }
        for (unsigned i = 0; i < 7 && components[0].verb == DUTY_PLUS; i++) {
            if (draw(3) > 0) {
                continue;
            }
            struct duty_component *next = &components[duty.count++];
            *next = draw_component(verbs[i]);
            if (verbs[i] == DUTY_AGRICULTURAL) {
                *next = (struct duty_component){.verb = DUTY_AGRICULTURAL,
                                                .amount = {0, 1},
                                                .scale = {1, 1},
                                                .name = kinds[draw(3)]};
            }
        }
        const char *text = duty_print(&duty, &mine);
        struct error err = ERROR_INIT;
        int result = duty_parse(text, &mine, here, &again, NULL, &err);
        bool is_same = result == 0 && duty_is_equal(&duty, &again);
        if (!is_same) {
            printf("%s\n%s\n", text, err.text);
        }
        CHECK(is_same);
        arena_free(&mine);
    }
}

/* A text of the greatest length takes no longer a byte than a short one: no word is read again and
 * again. Counted in work, not time: the arena is what a parser could misuse. */
static void test_long(void) {
    static char text[DUTY_TEXT_MAX + 2];
    memset(text, '+', DUTY_TEXT_MAX + 1);
    struct duty duty;
    enum duty_fault fault;
    int column;
    CHECK_INT(parse(text, &duty, &fault, &column), -1);
    CHECK_INT(fault, DUTY_FAULT_TOO_LARGE);
    memset(text, 'x', DUTY_TEXT_MAX);
    memcpy(text, "See ", 4);
    text[DUTY_TEXT_MAX] = '\0';
    CHECK_INT(parse(text, &duty, &fault, &column), 0);
    CHECK_INT(strlen(duty.components[0].name), DUTY_TEXT_MAX);
}

/* What a duty is on is one of the things that schedules name, or a person reads it. */
static void test_parts(void) {
    static const struct {
        const char *text;
        bool is_known;
    } cases[] = {{"5%", true},
                 {"5% on the case and strap, band or bracelet", true},
                 {"51¢ each + 6.25% on the Case + 5.3% on the battery", true},
                 {"1.5% on lead content", true},
                 {"2 cents/kg on the ethyl alcohol content", true},
                 {"7% on the value of the telescopic sight, if any", true},
                 {"3 percent of the fair retail value", true},
                 {"4 USD / kg on entire contents of container", true},
                 {"5% on the banana", false},
                 {"5% on the content", false},
                 {"5% on the whole of the banana content", false},
                 {"5% on the showcase", false},
                 {"3 USD / kg on banana split + 5%", false}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct duty duty;
        struct error err = ERROR_INIT;
        int status =
            duty_parse(cases[i].text, &arena, (struct place){"t", 1, 1}, &duty, NULL, &err);
        CHECK_INT(status, 0);
        if (status == 0 && duty_is_computable(&duty) != cases[i].is_known) {
            printf("%s\n", cases[i].text);
            CHECK(false);
        }
    }
}

int main(void) {
    test_parts();
    test_forms();
    test_wrong();
    test_messages();
    test_factors();
    test_components();
    test_random();
    test_long();
    arena_free(&arena);
    return test_summary();
}

/* SPDX-License-Identifier: GPL-3.0-or-later
 * Goal: a special column becomes its duties, each with its own programmes, whatever the printer did
 * to the commas. Method: texts of the April 2025 schedule, misprints among them. */
#include "core/tariff/duty_special.h"
#include "tests/test.h"

static struct arena arena;

/* "canonical duty: symbol symbol; ..." */
static const char *flat(const char *text) {
    struct duty_special special;
    struct error err = ERROR_INIT;
    struct place place = {"text", 1, 1};
    if (duty_special_parse(text, &arena, place, &special, NULL, &err) != 0) {
        return arena_format(&arena, "%d: %s", err.column, err.text);
    }
    const char *all = "";
    for (unsigned i = 0; i < special.count; i++) {
        const struct duty_special_entry *entry = &special.entries[i];
        all = arena_format(&arena, "%s%s%s:", all, i > 0 ? "; " : "",
                           duty_print(&entry->duty, &arena));
        for (unsigned k = 0; k < entry->programme_count; k++) {
            all = arena_format(&arena, "%s %s", all, entry->programmes[k]);
        }
    }
    return all;
}

static const char *const texts[][2] = {
    {"", ""},
    {"Free", "0%:"},
    {"Free (A,AU,BH)", "0%: A AU BH"},
    {"Free(A*,AU,E*)", "0%: A* AU E*"},
    {"Free \n(A, AU,S+)", "0%: A AU S+"},
    {"Free (A*,D,E IL,JO,MA,.OM)", "0%: A* D E IL JO MA OM"}, /* misprints of the schedule */
    {"Free (CL)3% (JP)", "0%: CL; 3%: JP"},
    {"Free (CL) 3% (PA), 2% (P)", "0%: CL; 3%: PA; 2%: P"},
    {"3.3\xC2\xA2/kg + 1.1% (PA) See 9822.04.25 (AU) See 9918.04.60, 9918.04.79 (CO)",
     "0.033 USD / kg + 1.1%: PA; See 9822.04.25: AU; See 9918.04.60, 9918.04.79: CO"},
    {"See 9919.04.50, 9919.04.67 (PA (PA)", "See 9919.04.50, 9919.04.67: PA PA"},
    {"Free (See U.S. note 4 of this subchapter)", "Free (See U.S. note 4 of this subchapter):"},
    {"Free (AU) A duty upon the value of the repairs (see U.S. note 3 of this subchapter) (B,C,)",
     "0%: AU; A duty upon the value of the repairs (see U.S. note 3 of this subchapter): B C"},
    {"The duty provided in the applicable subheading + 200% (AU, BH)",
     "The duty provided in the applicable subheading + 200%: AU BH"},
    {"No change (A) Free (CA,IL, MX)", "No change: A; 0%: CA IL MX"},
    {"Free (A) 3 foo (B)", "12: unknown-money: neither % nor a known currency follows the number: "
                           "'foo'"},
    {"(A)", "1: amount-required: an amount is missing here"},
};

static void test_find(void) {
    struct duty_special special;
    struct error err = ERROR_INIT;
    struct place place = {"text", 1, 1};
    CHECK_INT(duty_special_parse("Free (A+,CL) 2% (CO,CL) 7%", &arena, place, &special, NULL, &err),
              0);
    CHECK_INT(special.count, 3);
    CHECK(duty_special_find(&special, "A+") == &special.entries[0]);
    CHECK(duty_special_find(&special, "CL") == &special.entries[0]);
    CHECK(duty_special_find(&special, "CO") == &special.entries[1]);
    CHECK(duty_special_find(&special, "A") == &special.entries[2]);
    special.count = 2;
    CHECK(duty_special_find(&special, "A") == NULL);
}

/* Brackets without end are refused by their number, not by patience. */
static void test_long(void) {
    static char text[DUTY_TEXT_MAX + 2];
    struct duty_special special;
    enum duty_fault fault;
    struct place place = {"text", 1, 1};
    for (int size = DUTY_TEXT_MAX; size <= DUTY_TEXT_MAX + 1; size++) {
        struct error err = ERROR_INIT;
        memset(text, '(', (size_t)size);
        text[size] = '\0';
        CHECK_INT(duty_special_parse(text, &arena, place, &special, &fault, &err), -1);
        CHECK_INT(fault,
                  size <= DUTY_TEXT_MAX ? DUTY_FAULT_UNKNOWN_EXPRESSION : DUTY_FAULT_TOO_LARGE);
    }
}

int main(void) {
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        CHECK_TEXT(flat(texts[i][0]), texts[i][1]);
    }
    test_find();
    test_long();
    arena_free(&arena);
    return test_summary();
}

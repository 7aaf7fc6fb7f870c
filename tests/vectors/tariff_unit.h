/* SPDX-License-Identifier: GPL-3.0-or-later
 * tariff_unit.h - which unit and quantity an input of a worked example states, by its name. */
#ifndef TESTS_VECTORS_TARIFF_UNIT_H
#define TESTS_VECTORS_TARIFF_UNIT_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/* Whether a name stands in a list of names with blanks between them. */
static bool lower_is_listed(const char *name, const char *list) {
    size_t length = strlen(name);
    for (const char *at = list; (at = strstr(at, name)) != NULL; at += length) {
        if ((at == list || at[-1] == ' ') && (at[length] == ' ' || at[length] == '\0')) {
            return true;
        }
    }
    return false;
}

struct lower_unit {
    const char *names, *unit, *quantity;
    int scale;
};

/* How a duty calls the quantity that an input states. */
static const struct lower_unit *lower_unit_of(const char *name) {
    static const struct lower_unit units[] = {
        {"kg weight_kg quantity_kg gross_kg net_kg", "kg", "kg", 1},
        {"lead_kg", "kg on lead content", "kg of lead content", 1},
        {"zinc_kg", "kg on zinc content", "kg of zinc content", 1},
        {"copper_kg", "kg on copper content", "kg of copper content", 1},
        {"units_100kg", "100 kg", "kg", 100},
        {"tonnes tons", "t", "kg", 1000},
        {"litres liters", "l", "l", 1},
        {"hl hectolitres", "hl", "l", 100},
        {"lpa", "l alc. 100%", "l of pure alcohol", 1},
        {"proof_litres proof_liters", "pf. liter", "proof l", 1},
        {"jewels", "jewel", "jewel", 1},
        {"units heads head pieces articles watches sticks number", "p/st", "p/st", 1},
        {"thousands", "1000 p/st", "p/st", 1000},
        {"pairs", "pa", "pa", 1},
        {"m2 square_metres", "m2", "m2", 1},
        {"m3 cubic_metres", "m3", "m3", 1},
        {"carats", "c/k", "carat", 1}};
    for (unsigned i = 0; i < sizeof units / sizeof units[0]; i++) {
        if (lower_is_listed(name, units[i].names)) {
            return &units[i];
        }
    }
    return NULL;
}

#endif

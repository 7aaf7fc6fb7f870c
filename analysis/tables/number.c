/* SPDX-License-Identifier: GPL-3.0-or-later
 * number.c - see the header. */
#include "analysis/tables/number.h"

#include "core/base/require.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DECIMALS_MAX = 9, PARTS_MAX = 64 };

void number_print(double value, unsigned decimals, char text[NUMBER_TEXT_SIZE]) {
    REQUIRE(decimals <= DECIMALS_MAX);
    if (isnan(value) || isinf(value)) {
        strcpy(text, isnan(value) ? NUMBER_NONE : value > 0 ? "∞" : "-∞");
        return;
    }
    if (fabs(value) >= 1e15) {
        snprintf(text, NUMBER_TEXT_SIZE, "%.3g", value);
        return;
    }
    char plain[NUMBER_TEXT_SIZE];
    snprintf(plain, sizeof plain, "%.*f", (int)decimals, fabs(value));
    size_t whole = strcspn(plain, "."), next = 0;
    if (value < 0 && strspn(plain, "0.") != strlen(plain)) {
        text[next++] = '-';
    }
    for (size_t i = 0; plain[i] != '\0'; i++) {
        if (i > 0 && i < whole && (whole - i) % 3 == 0) {
            text[next++] = ',';
        }
        text[next++] = plain[i];
    }
    text[next] = '\0';
}

unsigned number_decimals(double half_width, unsigned most) {
    if (!(half_width > 0)) {
        return most;
    }
    /* 9.95 is shown as 10: it has one significant digit before the point already. */
    unsigned decimals = 0;
    for (double scaled = half_width; decimals < most && scaled < 9.95; decimals++) {
        scaled *= 10;
    }
    return decimals;
}

void number_print_p(double p, char text[NUMBER_TEXT_SIZE]) {
    if (p < 0.001) {
        strcpy(text, "<0.001");
    } else {
        number_print(p, 3, text);
    }
}

void number_print_exact(double value, char text[NUMBER_TEXT_SIZE]) {
    if (isnan(value)) {
        strcpy(text, "NaN");
        return;
    }
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, NUMBER_TEXT_SIZE, "%.*g", digits, value);
        if (strtod(text, NULL) == value) {
            return;
        }
    }
}

struct number_unit number_time_unit(double largest_s) {
    static const struct number_unit units[] = {{"ms", "milliseconds", 0.001},
                                               {"s", "seconds", 1},
                                               {"min", "minutes", 60},
                                               {"h", "hours", 3600}};
    unsigned unit = 3;
    /* A unit serves while its figures stay below two of the next. */
    while (unit > 0 && largest_s < 2 * units[unit].size_s) {
        unit--;
    }
    return largest_s > 0 ? units[unit] : units[3];
}

void number_round_together(double *values, unsigned count, unsigned decimals) {
    REQUIRE(count <= PARTS_MAX && decimals <= DECIMALS_MAX);
    double scale = 1, total = 0, remainders[PARTS_MAX];
    for (unsigned i = 0; i < decimals; i++) {
        scale *= 10;
    }
    for (unsigned i = 0; i < count; i++) {
        total += values[i] * scale;
    }
    double left = round(total);
    for (unsigned i = 0; i < count; i++) {
        double scaled = values[i] * scale;
        values[i] = floor(scaled);
        remainders[i] = scaled - values[i];
        left -= values[i];
    }
    for (; left >= 1; left--) {
        unsigned largest = 0;
        for (unsigned i = 1; i < count; i++) {
            largest = remainders[i] > remainders[largest] ? i : largest;
        }
        values[largest] += 1;
        remainders[largest] = -1;
    }
    for (unsigned i = 0; i < count; i++) {
        values[i] /= scale;
    }
}

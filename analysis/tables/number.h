/* SPDX-License-Identifier: GPL-3.0-or-later
 * number.h - figures as people read them: one unit a table, no more digits than are known. */
#ifndef ANALYSIS_TABLES_NUMBER_H
#define ANALYSIS_TABLES_NUMBER_H

#define NUMBER_NONE "–" /* stands where there is no figure */

enum { NUMBER_TEXT_SIZE = 48 };

/* "1,234.50", "-0.3", never "-0.0"; NUMBER_NONE for what is not a number, "∞" where it is infinite.
 * Ties round as printf does. */
void number_print(double value, unsigned decimals, char text[NUMBER_TEXT_SIZE]);

/* Decimals that show two significant digits of a half width, at most `most`; `most` itself when
 * the half width is unknown or zero. */
unsigned number_decimals(double half_width, unsigned most);

/* "0.032", "<0.001". */
void number_print_p(double p, char text[NUMBER_TEXT_SIZE]);

/* The shortest decimal that reads back as the same double; "NaN" otherwise. For files. */
void number_print_exact(double value, char text[NUMBER_TEXT_SIZE]);

/* The unit in which times up to `largest_s` seconds are shown: ms, s, min or h. */
struct number_unit {
    const char *name, *long_name;
    double size_s;
};

struct number_unit number_time_unit(double largest_s);

/* Rounds values to `decimals` so that the rounded ones add up to the rounded total (largest
 * remainders). */
void number_round_together(double *values, unsigned count, unsigned decimals);

#endif

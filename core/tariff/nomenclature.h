/* SPDX-License-Identifier: GPL-3.0-or-later
 * nomenclature.h - the tree of goods codes: chapters, headings, and every dash below them.
 *
 * After the model of the European tariffs: a line is a code of ten digits and a suffix. 80 is the
 * line that goods are declared on; 10, 20, ... are lines above it that have no number of their own
 * ("- Horses") and bear the code of the first numbered line below them. Lines stand in preorder, an
 * indent says how deep: a line hangs below the nearest former line with a smaller indent. A line
 * may occur again with another validity; such versions stand behind one another. */
#ifndef CORE_TARIFF_NOMENCLATURE_H
#define CORE_TARIFF_NOMENCLATURE_H

#include <stdbool.h>
#include <stdint.h>

enum {
    NOMENCLATURE_SUFFIX = 80,        /* of lines that goods can be declared on */
    NOMENCLATURE_DEPTH_MAX = 32,     /* lines from a chapter down to a leaf */
    NOMENCLATURE_FOREVER = 0x7fffff, /* a day, that of an end that is not known */
    NOMENCLATURE_EVER = -0x7fffff,   /* a day, that of a begin that is not known */
};

struct nomenclature_line {
    uint64_t code; /* ten digits: 0101210000 */
    const char *description;
    int32_t valid_from, valid_to; /* days since 1970-01-01, both included */
    uint32_t parent;              /* index of a line; 0 for chapters */
    uint32_t end;                 /* its descendants are the lines behind it up to this index */
    uint32_t version;             /* the next version of the same code and suffix, or 0 */
    uint32_t measure_first;       /* those on this very code and suffix; the same in all versions */
    uint32_t measure_count;
    uint32_t chain; /* the nearest line above it that has measures, or 0 */
    uint32_t place_line;
    uint16_t place_source, place_column;
    uint16_t unit_first; /* units to declare, in the tariff's line_units */
    uint8_t unit_count;
    uint8_t suffix;
    uint8_t indent;   /* below the heading, which has 0, as chapters have */
    uint8_t digits;   /* as written: 2, 4, 6, 8, 10; 0 for lines without a number */
    bool is_implied;  /* a heading or chapter that has no row of its own */
    bool has_choices; /* other lines hang below it */
};

/* Line 0 is none. */
struct nomenclature {
    struct nomenclature_line *lines;
    uint32_t count; /* including line 0 */
    uint32_t *slots;
    uint32_t slot_mask; /* of the hash table of first versions */
};

/* The line with this code and suffix that is valid on the day; 0 when there is none. */
uint32_t nomenclature_find(const struct nomenclature *nomenclature, uint64_t code, unsigned suffix,
                           int64_t day);

/* The first version, whenever it is valid; 0 when there is none. */
uint32_t nomenclature_first(const struct nomenclature *nomenclature, uint64_t code,
                            unsigned suffix);

/* Whether goods can be declared on the line that day: suffix 80, valid, and none valid below it. */
bool nomenclature_is_declarable(const struct nomenclature *nomenclature, uint32_t line,
                                int64_t day);

/* Whether `above` is the line itself or hangs above it, by way of any version. */
bool nomenclature_is_above(const struct nomenclature *nomenclature, uint32_t above, uint32_t line);

/* Reads "0101210000" or "0101.21.00": the code filled up with zeros and its number of digits, 2 to
 * 10. An odd number of digits lacks the zero at its end that a spreadsheet took
 * ("1003.9" is 1003.90). -1 when it is anything else. */
int nomenclature_code(const char *text, uint64_t *code, unsigned *digits);

/* "0101.21.00.10", without the pairs of zeros behind `digits`. */
void nomenclature_print(uint64_t code, unsigned digits, char text[16]);

/* How deep a code reaches: 2 to 10 digits, without the pairs of zeros at its end. */
unsigned nomenclature_level(uint64_t code);

/* The slot of the hash table where a code and suffix stand or would stand; for those who fill it.
 */
uint32_t *nomenclature_slot(const struct nomenclature *nomenclature, uint64_t code,
                            unsigned suffix);

#endif

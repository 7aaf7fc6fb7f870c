/* SPDX-License-Identifier: GPL-3.0-or-later
 * feel_scan.c - the characters of FEEL: names with blanks in them, numbers, texts and comments. */
#include "core/base/units.h"
#include "core/rule/feel_reading.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

bool feel_failed(const struct feel_reading *reading) {
    return reading->problem->text != NULL;
}

static void set_problem(struct feel_reading *reading, size_t offset, bool is_gap,
                        const char *format, va_list args) {
    char text[400];
    if (feel_failed(reading)) {
        return;
    }
    vsnprintf(text, sizeof text, format, args);
    *reading->problem = (struct feel_problem){
        .text = arena_text(reading->arena, text, strlen(text)), .offset = offset, .is_gap = is_gap};
}

void feel_wrong(struct feel_reading *reading, size_t offset, const char *format, ...) {
    va_list args;
    va_start(args, format);
    set_problem(reading, offset, false, format, args);
    va_end(args);
}

void feel_gap(struct feel_reading *reading, size_t offset, const char *format, ...) {
    va_list args;
    va_start(args, format);
    set_problem(reading, offset, true, format, args);
    va_end(args);
}

static bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/* Of letters beyond ASCII every byte counts. */
static bool is_name_byte(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '_' ||
           (unsigned char)c >= 0x80;
}

/* The length of a blank, a no-break space, or a comment; 0 for none. */
static size_t gap_length(const char *text) {
    if (is_blank(*text)) {
        return 1;
    }
    if (strncmp(text, "\xc2\xa0", 2) == 0) {
        return 2;
    }
    if (strncmp(text, "//", 2) == 0) {
        return strcspn(text, "\n");
    }
    if (strncmp(text, "/*", 2) == 0) {
        const char *end = strstr(text + 2, "*/");
        return end == NULL ? strlen(text) : (size_t)(end - text) + 2;
    }
    return 0;
}

bool feel_at_end(struct feel_reading *reading) {
    if (feel_failed(reading)) {
        return true;
    }
    for (size_t gap; (gap = gap_length(reading->text + reading->at)) > 0;) {
        reading->at += gap;
    }
    return reading->text[reading->at] == '\0';
}

bool feel_is_mark(struct feel_reading *reading, const char *mark) {
    return !feel_at_end(reading) && strncmp(reading->text + reading->at, mark, strlen(mark)) == 0;
}

bool feel_take_mark(struct feel_reading *reading, const char *mark) {
    bool is_there = feel_is_mark(reading, mark);
    reading->at += is_there ? strlen(mark) : 0;
    return is_there;
}

bool feel_is_word(struct feel_reading *reading, const char *word) {
    return feel_is_mark(reading, word) && !is_name_byte(reading->text[reading->at + strlen(word)]);
}

bool feel_take_word(struct feel_reading *reading, const char *word) {
    bool is_there = feel_is_word(reading, word);
    reading->at += is_there ? strlen(word) : 0;
    return is_there;
}

void feel_expected(struct feel_reading *reading, const char *what) {
    if (feel_at_end(reading)) {
        feel_wrong(reading, reading->at, "expected %s, but the expression ends", what);
        return;
    }
    const char *here = reading->text + reading->at;
    size_t length = 0;
    while (length < 30 && is_name_byte(here[length])) {
        length++;
    }
    feel_wrong(reading, reading->at, "expected %s, got '%.*s'", what,
               (int)(length > 0 ? length : 1), here);
}

void feel_expect_mark(struct feel_reading *reading, const char *mark) {
    if (!feel_take_mark(reading, mark)) {
        char what[16];
        snprintf(what, sizeof what, "'%s'", mark);
        feel_expected(reading, what);
    }
}

/* Where a blank may stand in a name, any number of them may. */
size_t feel_name_length(const struct feel_reading *reading, const char *name) {
    const char *begin = reading->text + reading->at, *at = begin;
    for (; *name != '\0'; name++) {
        if (is_blank(*name)) {
            if (!is_blank(*at)) {
                return 0;
            }
            while (is_blank(name[1])) {
                name++;
            }
            while (is_blank(*at)) {
                at++;
            }
        } else if (*at++ != *name) {
            return 0;
        }
    }
    bool is_cut = at > begin && is_name_byte(at[-1]) && is_name_byte(*at);
    return is_cut ? 0 : (size_t)(at - begin);
}

const char *feel_take_function_name(struct feel_reading *reading) {
    char name[64];
    size_t length = 0, at = reading->at;
    const char *text = reading->text;
    while (is_name_byte(text[at]) && length + 2 < sizeof name) {
        while (is_name_byte(text[at]) && length + 2 < sizeof name) {
            name[length++] = text[at++];
        }
        while (is_blank(text[at])) {
            at++;
        }
        name[length++] = ' ';
    }
    if (length == 0 || text[at] != '(') {
        return NULL;
    }
    reading->at = at;
    return arena_text(reading->arena, name, length - 1);
}

/* ---- literals ---- */

struct feel_part feel_take_number(struct feel_reading *reading) {
    size_t begin = reading->at, end = begin;
    const char *text = reading->text;
    while (is_digit(text[end])) {
        end++;
    }
    if (text[end] == '.' && is_digit(text[end + 1])) {
        for (end++; is_digit(text[end]);) {
            end++;
        }
    }
    if (text[end] == 'e' || text[end] == 'E') {
        size_t digits = end + 1 + (text[end + 1] == '-' || text[end + 1] == '+');
        for (end = is_digit(text[digits]) ? digits : end; is_digit(text[end]);) {
            end++;
        }
    }
    reading->at = end;
    struct decimal decimal;
    char printed[28];
    const char *zero = text[begin] == '.' ? "0" : "";
    const char *whole =
        arena_format(reading->arena, "%s%.*s", zero, (int)(end - begin), text + begin);
    if (decimal_parse(whole, &decimal) < 0) {
        feel_gap(reading, begin, "the number '%.30s' (more than 18 decimals, or not below 9.2e18)",
                 whole);
        return feel_null();
    }
    decimal_print(decimal, printed);
    const char *copy = arena_text(reading->arena, printed, strlen(printed));
    return (struct feel_part){.type = VALUE_DECIMAL,
                              .text = copy,
                              .condition = copy,
                              .strength = FEEL_FIRM,
                              .is_plain = true,
                              .is_fixed = true};
}

static int hex_digit(char c) {
    return is_digit(c)              ? c - '0'
           : (c >= 'a' && c <= 'f') ? c - 'a' + 10
           : (c >= 'A' && c <= 'F') ? c - 'A' + 10
                                    : -1;
}

/* The code after \u (4 digits) or \U (6); -1 for none. */
static long read_code(const char *text, int digits) {
    long code = 0;
    for (int i = 0; i < digits; i++) {
        int digit = hex_digit(text[i]);
        if (digit < 0) {
            return -1;
        }
        code = code * 16 + digit;
    }
    return code;
}

static size_t put_utf8(long code, char *to) {
    if (code < 0x80) {
        to[0] = (char)code;
        return 1;
    }
    if (code < 0x800) {
        to[0] = (char)(0xc0 | code >> 6);
        to[1] = (char)(0x80 | (code & 0x3f));
        return 2;
    }
    size_t length = code < 0x10000 ? 3 : 4;
    to[0] = (char)(length == 3 ? 0xe0 | code >> 12 : 0xf0 | code >> 18);
    for (size_t i = 1; i < length; i++) {
        to[i] = (char)(0x80 | (code >> (6 * (length - 1 - i)) & 0x3f));
    }
    return length;
}

/* One escape at the backslash *at; 0 when it is none. Advances *at. */
static size_t take_escape(const char *text, size_t *at, char *to) {
    static const char *const letters = "ntr\"'\\", *const meanings = "\n\t\r\"'\\";
    char kind = text[*at + 1];
    const char *found = kind == '\0' ? NULL : strchr(letters, kind);
    if (found != NULL) {
        *to = meanings[found - letters];
        *at += 2;
        return 1;
    }
    int digits = kind == 'u' ? 4 : kind == 'U' ? 6 : 0;
    long code = digits > 0 ? read_code(text + *at + 2, digits) : -1;
    if (code <= 0 || code > 0x10ffff) {
        return 0;
    }
    *at += 2 + (size_t)digits;
    if (code >= 0xd800 && code < 0xdc00 && text[*at] == '\\' && text[*at + 1] == 'u') {
        long low = read_code(text + *at + 2, 4); /* the second half of a pair */
        if (low >= 0xdc00 && low < 0xe000) {
            *at += 6;
            code = 0x10000 + (code - 0xd800) * 0x400 + (low - 0xdc00);
        }
    }
    return put_utf8(code, to);
}

struct feel_part feel_take_text(struct feel_reading *reading) {
    size_t begin = reading->at, at = begin + 1, length = 0;
    const char *text = reading->text;
    char *made = arena_alloc(reading->arena, strlen(text + begin) + 1);
    while (text[at] != '"' && text[at] != '\0') {
        size_t taken = text[at] == '\\' ? take_escape(text, &at, made + length) : 0;
        if (taken == 0) {
            made[length++] = text[at++];
        }
        length += taken;
    }
    if (text[at] == '\0') {
        feel_wrong(reading, begin, "the text that begins here has no closing \"");
        return feel_null();
    }
    made[length] = '\0';
    reading->at = at + 1;
    return feel_text_literal(reading, made);
}

struct feel_part feel_date(struct feel_reading *reading, const struct feel_part *text) {
    int64_t day;
    char printed[16];
    struct error why = ERROR_INIT;
    struct place place = {NULL, 0, 0};
    if (text->type == VALUE_MISSING || units_parse_date(text->literal, &day, place, &why) < 0) {
        return feel_null();
    }
    units_print_date(day, printed);
    const char *copy = arena_text(reading->arena, printed, strlen(printed));
    return (struct feel_part){.type = VALUE_DATE,
                              .text = copy,
                              .condition = copy,
                              .strength = FEEL_FIRM,
                              .is_plain = true,
                              .is_fixed = true};
}

/* ---- names of a model ---- */

const char *feel_identifier(const char *name, struct arena *arena) {
    static const char *const words[] = {"and", "or",   "not",   "in",  "is",  "then", "else",
                                        "if",  "true", "false", "min", "max", "abs",  "missing"};
    size_t length = 0;
    char *made = arena_alloc(arena, strlen(name) + 3);
    if (!is_name_byte(*name) || is_digit(*name)) {
        made[length++] = '_';
    }
    for (; *name != '\0'; name++) {
        bool is_ascii = is_name_byte(*name) && (unsigned char)*name < 0x80;
        if (is_ascii || length == 0 || made[length - 1] != '_') {
            made[length++] = is_ascii ? *name : '_';
        }
    }
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (strcmp(words[i], made) == 0) {
            made[length] = '_';
        }
    }
    return made;
}

bool feel_same_name(const char *a, const char *b) {
    for (;; a++, b++) {
        while (is_blank(*a) && (is_blank(a[1]) || a[1] == '\0')) {
            a++;
        }
        while (is_blank(*b) && (is_blank(b[1]) || b[1] == '\0')) {
            b++;
        }
        if (is_blank(*a) && is_blank(*b)) {
            continue;
        }
        if (*a != *b || *a == '\0') {
            return *a == *b;
        }
    }
}

/* SPDX-License-Identifier: GPL-3.0-or-later
 * feel_reading.h - what the files feel*.c share: the text that is read, and what is made of it. */
#ifndef CORE_RULE_FEEL_READING_H
#define CORE_RULE_FEEL_READING_H

#include "core/rule/feel.h"

enum {
    FEEL_DEPTH_MAX = 64,   /* of parentheses and calls */
    FEEL_WORK_MAX = 50000, /* parts, those of bodies counted at every call */
    FEEL_LIST_MAX = 256,
};

/* How firmly operators bind; a weaker part stands in parentheses. */
enum feel_strength {
    FEEL_WEAK_IF,
    FEEL_WEAK_OR,
    FEEL_WEAK_AND,
    FEEL_WEAK_NOT,
    FEEL_WEAK_COMPARE,
    FEEL_WEAK_SUM,
    FEEL_WEAK_PRODUCT,
    FEEL_WEAK_SIGN,
    FEEL_WEAK_POWER,
    FEEL_FIRM,
};

struct feel_reading {
    const char *text;
    size_t at;
    const struct feel_scope *scope;
    const struct feel_function *function; /* whose body this is, with its arguments; else NULL */
    const struct feel_part *arguments;
    const struct feel_part *subject; /* what `?` is; NULL for none */
    bool subject_used;
    bool in_range; /* at its upper end, where [ closes it */
    struct arena *arena;
    struct feel_problem *problem;
    unsigned depth;
    unsigned *work;
};

/* ---- feel_scan.c: characters and words ---- */

bool feel_failed(const struct feel_reading *reading);
/* The first problem stays. */
void feel_wrong(struct feel_reading *reading, size_t offset, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void feel_gap(struct feel_reading *reading, size_t offset, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Passes over blanks and comments; true at the end, and after a problem. */
bool feel_at_end(struct feel_reading *reading);
bool feel_is_mark(struct feel_reading *reading, const char *mark);
bool feel_take_mark(struct feel_reading *reading, const char *mark);
bool feel_is_word(struct feel_reading *reading, const char *word);
bool feel_take_word(struct feel_reading *reading, const char *word);
/* "expected WHAT, got ..." */
void feel_expected(struct feel_reading *reading, const char *what);
void feel_expect_mark(struct feel_reading *reading, const char *mark);

/* The length of `name` as it stands here, blanks as they are; 0 when it does not. */
size_t feel_name_length(const struct feel_reading *reading, const char *name);
/* Words before "(": "date and time". NULL when there are none. */
const char *feel_take_function_name(struct feel_reading *reading);

struct feel_part feel_take_number(struct feel_reading *reading);
struct feel_part feel_take_text(struct feel_reading *reading);
struct feel_part feel_date(struct feel_reading *reading, const struct feel_part *text);

/* ---- feel_part.c: what operators make of their parts ---- */

struct feel_part feel_boolean(bool truth);
struct feel_part feel_text_literal(struct feel_reading *reading, const char *text);
struct feel_part feel_calculate(struct feel_reading *reading, const char *operator_mark,
                                struct feel_part a, struct feel_part b);
struct feel_part feel_negative(struct feel_reading *reading, struct feel_part a);
struct feel_part feel_compare(struct feel_reading *reading, const char *relation,
                              struct feel_part a, struct feel_part b);
struct feel_part feel_join(struct feel_reading *reading, bool is_and, struct feel_part a,
                           struct feel_part b);
struct feel_part feel_not(struct feel_reading *reading, struct feel_part a);
struct feel_part feel_choose(struct feel_reading *reading, struct feel_part condition,
                             struct feel_part then, struct feel_part otherwise);
struct feel_part feel_call(struct feel_reading *reading, const char *function, struct feel_part a,
                           struct feel_part b);

/* ---- feel.c and feel_test.c ---- */

struct feel_part feel_read_expression(struct feel_reading *reading);
struct feel_part feel_read_sum(struct feel_reading *reading);
/* Tests separated by commas, of which the subject has to meet one. */
struct feel_tests feel_read_tests(struct feel_reading *reading, const struct feel_part *subject);
struct feel_tests feel_read_test(struct feel_reading *reading, const struct feel_part *subject);

#endif

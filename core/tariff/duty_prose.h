/* SPDX-License-Identifier: GPL-3.0-or-later
 * duty_prose.h - the words between the numbers: signs written out, references, and prose. */
#ifndef CORE_TARIFF_DUTY_PROSE_H
#define CORE_TARIFF_DUTY_PROSE_H

#include "core/tariff/duty.h"

/* A sign at the begin of a text: + - MIN MAX, "plus", "less", "but not less than", ... True, with
 * its verb and where it ends. */
bool duty_prose_match_sign(const char *at, enum duty_verb *verb, const char **end);

/* Whether an amount begins here: a digit, or the sign of a currency before one. */
bool duty_prose_begins_amount(const char *at);

/* Words up to the next sign with an amount behind it, or to the end of the text: one space between
 * words, without a "the" in front (`is_part`), without marks of footnotes ("1/") and punctuation at
 * the end. NULL when nothing is left. */
const char *duty_prose_read(const char *at, bool is_part, struct arena *arena, const char **end);

/* The same up to the end of the text. */
const char *duty_prose_rest(const char *at, struct arena *arena, const char **end);

/* Whether a text begins with a known kind of reference or of prose, and which: DUTY_REFERENCE, or
 * DUTY_UNRESOLVED with the reason. */
bool duty_prose_find(const char *at, enum duty_verb *verb, const char **reason);

/* Whether words behind "on" name what goods or declarations have: "case and strap", "value of the
 * rifle", "lead content". Other words are left to a person. */
bool duty_prose_knows_part(const char *part);

/* Whether a reference is to the duty or the rate of another line. */
bool duty_prose_names_line(const char *reference);

/* The reason for which a text that no rule reads is left to a person, or NULL when it is wrong. */
const char *duty_prose_reason(const char *text);

#endif

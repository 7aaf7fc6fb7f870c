/* SPDX-License-Identifier: GPL-3.0-or-later
 * origin_match.h - whether words are of a wording: patterns for the texts of rules of origin.
 *
 * In a wording, a|b are words of which one stands there, w? may be missing, {n} is a percentage,
 * {codes} a list of chapters, headings and subheadings, {words} up to twenty words that nothing
 * here understands, {exw} the ex-works price of the goods, {good} the goods. Commas, colons and
 * quotes are passed over: lists are clear without. */
#ifndef CORE_TARIFF_ORIGIN_MATCH_H
#define CORE_TARIFF_ORIGIN_MATCH_H

#include "core/tariff/origin.h"

enum { ORIGIN_TOKENS_MAX = 400 };

/* A text, word by word in lower case; full stops and semicolons are words. */
struct origin_words {
    struct arena *arena;
    unsigned count; /* ORIGIN_TOKENS_MAX + 1 when there are too many */
    const char *tokens[ORIGIN_TOKENS_MAX + 1];
};

void origin_match_split(const char *source, struct arena *arena, struct origin_words *words);

/* What a wording found. */
struct origin_capture {
    unsigned share_count, codes_count;
    struct exact shares[2];
    struct origin_ranges codes[2];
};

/* Whether the text at `*at` is of that wording; then `*at` is moved behind it. */
bool origin_match(const struct origin_words *text, unsigned *at, const char *wording,
                  struct origin_capture *capture);

/* Whether that word stands there. */
bool origin_match_is(const struct origin_words *text, unsigned at, const char *word);

#endif

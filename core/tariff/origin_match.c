/* SPDX-License-Identifier: GPL-3.0-or-later
 * origin_match.c - words, and wordings that they are held against. */
#include "core/tariff/origin_match.h"

#include <stdio.h>
#include <string.h>

enum { RANGES_MAX = 64, NAMED_WORDS_MAX = 20 };

/* --- tokens --- */

/* Lower case; hyphens of three bytes become one; marks that say nothing become blanks. Where a word
 * was broken behind a hyphen it is put together. */
static char *plain(const char *text, struct arena *arena) {
    size_t length = strlen(text), out = 0;
    char *copy = arena_text(arena, text, length);
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c == 0xE2 && i + 2 < length && (unsigned char)text[i + 1] == 0x80) {
            copy[out++] = (unsigned char)text[i + 2] <= 0x95 ? '-' : ' ';
            i += 2;
        } else if (c >= 'A' && c <= 'Z') {
            copy[out++] = (char)(c + 32);
        } else {
            copy[out++] = strchr(",:*\"'\t\n\r", c) != NULL ? ' ' : (char)c;
        }
    }
    copy[out] = '\0';
    return copy;
}

static void token_add(struct origin_words *text, const char *token, size_t length) {
    if (text->count < ORIGIN_TOKENS_MAX) {
        text->tokens[text->count++] = arena_text(text->arena, token, length);
    } else {
        text->count = ORIGIN_TOKENS_MAX + 1; /* too long to be understood */
    }
}

/* A full stop or semicolon behind a word is a token of its own. */
static void token_split(struct origin_words *text, const char *word, size_t length) {
    const char *end = NULL;
    if (length > 1 && (word[length - 1] == '.' || word[length - 1] == ';')) {
        end = &word[--length];
    }
    const char *last =
        text->count > 0 && text->count <= ORIGIN_TOKENS_MAX ? text->tokens[text->count - 1] : "";
    size_t last_length = strlen(last);
    if (last_length > 1 && last[last_length - 1] == '-') {
        text->tokens[text->count - 1] =
            arena_format(text->arena, "%s%.*s", last, (int)length, word);
    } else {
        token_add(text, word, length);
    }
    if (end != NULL) {
        token_add(text, end, 1);
    }
}

void origin_match_split(const char *source, struct arena *arena, struct origin_words *text) {
    *text = (struct origin_words){.arena = arena};
    const char *next = plain(source, text->arena);
    while (*next != '\0' && text->count <= ORIGIN_TOKENS_MAX) {
        size_t blank = strspn(next, " "), length = strcspn(next + blank, " ");
        next += blank;
        if (length > 0) {
            token_split(text, next, length);
        }
        next += length;
    }
    if (text->count <= ORIGIN_TOKENS_MAX) {
        text->tokens[text->count] = "";
    }
}

bool origin_match_is(const struct origin_words *text, unsigned at, const char *word) {
    return at < text->count && strcmp(text->tokens[at], word) == 0;
}

/* --- wordings --- */

/* "50%", or "50" "%|percent|per cent" */
static bool match_percent(const struct origin_words *text, unsigned *at,
                          struct origin_capture *capture) {
    if (*at >= text->count || capture->share_count == 2) {
        return false;
    }
    char number[16];
    const char *token = text->tokens[*at];
    size_t length = strlen(token);
    unsigned used = 1;
    if (length > 0 && token[length - 1] == '%') {
        length--;
    } else if (origin_match_is(text, *at + 1, "%") || origin_match_is(text, *at + 1, "percent")) {
        used = 2;
    } else if (origin_match_is(text, *at + 1, "per") && origin_match_is(text, *at + 2, "cent")) {
        used = 3;
    } else {
        return false;
    }
    if (length == 0 || length >= sizeof number || strspn(token, "0123456789.") < length) {
        return false;
    }
    snprintf(number, sizeof number, "%.*s", (int)length, token);
    struct exact percent;
    if (exact_parse(number, &percent) < 0 || exact_compare(percent, exact_integer(100)) > 0 ||
        exact_multiply(percent, exact_ratio(1, 100), &percent) < 0) {
        return false;
    }
    capture->shares[capture->share_count++] = exact_reduced(percent);
    *at += used;
    return true;
}

/* The level that a word names: chapter 2, heading 4, subheading 6; 0 for other words. */
static unsigned level_of(const char *word) {
    static const char *const names[] = {"chapter", "heading", "subheading"};
    for (unsigned i = 0; i < 3; i++) {
        size_t length = strlen(names[i]);
        if (strncmp(word, names[i], length) == 0 &&
            (word[length] == '\0' || strcmp(word + length, "s") == 0)) {
            return 2 * (i + 1);
        }
    }
    return 0;
}

/* "17", "1701", "17.01", "170191": the span of codes; false for anything else, and for a code with
 * another number of digits than its word says. */
static bool read_code(const char *token, unsigned level, struct origin_range *span) {
    uint64_t code = 0;
    unsigned digits = 0;
    for (; *token != '\0'; token++) {
        if (*token >= '0' && *token <= '9' && digits < 10) {
            code = code * 10 + (uint64_t)(*token - '0');
            digits++;
        } else if (*token != '.') {
            return false;
        }
    }
    unsigned least = digits == 1 ? 2 : digits; /* chapter 1 is 01 */
    if (digits == 0 || least % 2 != 0 || (level < 6 ? least != level : least < level)) {
        return false;
    }
    uint64_t width = 1;
    for (unsigned i = least; i < 10; i++) {
        width *= 10;
    }
    *span = (struct origin_range){code * width, code * width + width - 1};
    return true;
}

/* [level] code at a place; the level stays as it was where none is named. */
static bool match_code(const struct origin_words *text, unsigned *at, unsigned *level,
                       struct origin_range *span) {
    unsigned next = *at;
    unsigned named = next < text->count ? level_of(text->tokens[next]) : 0;
    unsigned as = named != 0 ? named : *level;
    next += named != 0;
    if (as == 0 || next >= text->count || !read_code(text->tokens[next], as, span)) {
        return false;
    }
    *level = as;
    *at = next + 1;
    return true;
}

/* "heading 1507 heading 1512 to heading 1515 and chapter 17" */
static bool match_codes(const struct origin_words *text, unsigned *at,
                        struct origin_capture *capture) {
    struct origin_range ranges[RANGES_MAX], span;
    unsigned count = 0, level = 0, next = *at;
    while (count < RANGES_MAX && match_code(text, &next, &level, &span)) {
        ranges[count++] = span;
        *at = next;
        if (origin_match_is(text, next, "to") || origin_match_is(text, next, "through") ||
            origin_match_is(text, next, "-")) {
            next++;
            if (match_code(text, &next, &level, &span) && span.high > ranges[count - 1].low) {
                ranges[count - 1].high = span.high;
                *at = next;
            }
        }
        next = *at;
        next += origin_match_is(text, next, "and") || origin_match_is(text, next, "or");
        next += origin_match_is(text, next, "of");
    }
    if (count == 0 || capture->codes_count == 2) {
        return false;
    }
    struct origin_range *items = ARENA_ARRAY(text->arena, struct origin_range, count);
    memcpy(items, ranges, count * sizeof *ranges);
    capture->codes[capture->codes_count++] = (struct origin_ranges){count, items};
    return true;
}

/* Whether the token is one of the words a|b of the wording. */
static bool match_word(const char *token, const char *words, size_t length) {
    while (length > 0) {
        size_t one = 0;
        while (one < length && words[one] != '|') {
            one++;
        }
        if (strlen(token) == one && memcmp(token, words, one) == 0) {
            return true;
        }
        one += one < length;
        words += one;
        length -= one;
    }
    return false;
}

static const char EX_WORKS[] =
    "ex-works|ex-work|ex? works? price (exw)? of the final? product|products|good|goods";

/* Words with which another clause begins, and stops and bullets: they name no goods. */
static bool is_clause_word(const char *token) {
    static const char *const words[] = {"which",   "that",   "where",  "value",
                                        "weight",  "does",   "exceed", "provided",
                                        "however", "volume", "wholly", "originating"};
    for (unsigned i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (strcmp(token, words[i]) == 0) {
            return true;
        }
    }
    return strchr(".;-", token[0]) != NULL;
}

/* Any words up to where the rest of the wording fits. */
static bool match_named(const struct origin_words *text, unsigned *at, const char *rest,
                        struct origin_capture *capture) {
    struct origin_capture before = *capture;
    for (unsigned words = 1; words <= NAMED_WORDS_MAX; words++) {
        unsigned next = *at + words;
        if (next > text->count || is_clause_word(text->tokens[next - 1])) {
            return false;
        }
        *capture = before;
        if (origin_match(text, &next, rest, capture)) {
            *at = next;
            return true;
        }
    }
    return false;
}

static bool match_item(const struct origin_words *text, unsigned *at, const char *item,
                       size_t length, struct origin_capture *capture) {
    if (length == 3 && memcmp(item, "{n}", 3) == 0) {
        return match_percent(text, at, capture);
    }
    if (length == 5 && memcmp(item, "{exw}", 5) == 0) {
        return origin_match(text, at, EX_WORKS, capture);
    }
    if (length == 6 && memcmp(item, "{good}", 6) == 0) {
        return origin_match(text, at, "product|good", capture);
    }
    if (length == 7 && memcmp(item, "{codes}", 7) == 0) {
        return match_codes(text, at, capture);
    }
    if (*at < text->count && match_word(text->tokens[*at], item, length)) {
        ++*at;
        return true;
    }
    return false;
}

bool origin_match(const struct origin_words *text, unsigned *at, const char *wording,
                  struct origin_capture *capture) {
    unsigned next = *at;
    while (*wording != '\0') {
        size_t length = strcspn(wording, " ");
        const char *rest = wording + length + (wording[length] == ' ');
        if (length == 7 && memcmp(wording, "{words}", 7) == 0) {
            if (!match_named(text, &next, rest, capture)) {
                return false;
            }
            break;
        }
        bool is_optional = wording[length - 1] == '?';
        if (!match_item(text, &next, wording, length - is_optional, capture) && !is_optional) {
            return false;
        }
        wording = rest;
    }
    *at = next;
    return true;
}

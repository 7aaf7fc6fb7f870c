/* SPDX-License-Identifier: GPL-3.0-or-later
 * duty_prose.c - see duty_prose.h. */
#include "core/tariff/duty_prose.h"

#include "core/tariff/duty_text.h"

#include <string.h>

struct sign {
    const char *name;
    enum duty_verb verb;
};

/* Longer ones first where one begins another. */
static const struct sign signs[] = {
    {"+", DUTY_PLUS},
    {"-", DUTY_MINUS},
    {"\xE2\x80\x93", DUTY_MINUS}, /* an en dash */
    {"\xE2\x88\x92", DUTY_MINUS}, /* a minus sign */
    {"min", DUTY_MIN},
    {"max", DUTY_MAX},
    {"plus", DUTY_PLUS},
    {"minus", DUTY_MINUS},
    {"less", DUTY_MINUS},
    {"but not less than", DUTY_MIN},
    {"but not less", DUTY_MIN},
    {"but not more than", DUTY_MAX},
    {"but not over", DUTY_MAX},
};
enum { SIGN_COUNT = sizeof signs / sizeof signs[0] };

bool duty_prose_match_sign(const char *at, enum duty_verb *verb, const char **end) {
    char first = duty_text_lower(*at);
    for (size_t i = 0; i < SIGN_COUNT; i++) {
        const char *behind = signs[i].name[0] == first ? duty_text_match(at, signs[i].name) : NULL;
        if (behind != NULL) {
            *verb = signs[i].verb;
            *end = behind;
            return true;
        }
    }
    return false;
}

bool duty_prose_begins_amount(const char *at) {
    if (*at == '$') {
        at = duty_text_skip(at + 1);
    } else if (at[0] == '\xC2' && at[1] == '\xA3') { /* the pound sign */
        at = duty_text_skip(at + 2);
    } else if (at[0] == '\xE2' && at[1] == '\x82' && at[2] == '\xAC') { /* the euro sign */
        at = duty_text_skip(at + 3);
    }
    return duty_text_is_digit(*at) || (*at == '.' && duty_text_is_digit(at[1]));
}

/* Whether words end here. A sign other than + stands between spaces: "9903.88-9904" has none. */
static bool ends_words(const char *begin, const char *at) {
    enum duty_verb verb;
    const char *behind;
    if (*at == '+') {
        return true;
    }
    if (at == begin || !duty_text_is_space(at[-1]) || duty_text_is_space(*at) ||
        !duty_prose_match_sign(at, &verb, &behind) || !duty_text_is_space(*behind)) {
        return false;
    }
    behind = duty_text_skip(behind);
    const char *filler = duty_text_match(behind, "a duty of");
    return duty_prose_begins_amount(filler != NULL ? duty_text_skip(filler) : behind);
}

/* The length without punctuation, spaces and footnote marks ("1/") at the end. */
static size_t trimmed(const char *text, size_t length) {
    for (;;) {
        size_t before = length;
        while (length > 0 &&
               (text[length - 1] == ' ' || text[length - 1] == '.' || text[length - 1] == ',' ||
                text[length - 1] == ';' || text[length - 1] == ':')) {
            length--;
        }
        size_t digits = length > 0 && text[length - 1] == '/' ? length - 1 : 0;
        size_t first = digits;
        while (first > 0 && duty_text_is_digit(text[first - 1])) {
            first--;
        }
        if (first < digits && (first == 0 || text[first - 1] == ' ')) {
            length = first;
        }
        if (length == before) {
            return length;
        }
    }
}

/* The words between begin and end in one line. */
static const char *copy_words(const char *begin, const char *end, bool is_part,
                              struct arena *arena) {
    char *copy = arena_alloc(arena, (size_t)(end - begin) + 1);
    size_t length = 0;
    for (const char *at = begin; at < end; at++) {
        if (!duty_text_is_space(*at)) {
            copy[length++] = *at;
        } else if (length > 0 && copy[length - 1] != ' ') {
            copy[length++] = ' ';
        }
    }
    length = trimmed(copy, length);
    copy[length] = '\0';
    while (is_part && strncmp(copy, "the ", 4) == 0) {
        copy += 4;
    }
    return *copy != '\0' ? copy : NULL;
}

const char *duty_prose_read(const char *at, bool is_part, struct arena *arena, const char **end) {
    at = duty_text_skip(at);
    const char *stop = at;
    while (*stop != '\0' && !ends_words(at, stop)) {
        stop++;
    }
    *end = stop;
    return copy_words(at, stop, is_part, arena);
}

const char *duty_prose_rest(const char *at, struct arena *arena, const char **end) {
    at = duty_text_skip(at);
    *end = at + strlen(at);
    return copy_words(at, *end, false, arena);
}

struct opening {
    const char *words;
    enum duty_verb verb;
    const char *reason;
};

static const struct opening openings[] = {
    {"the duty", DUTY_REFERENCE, NULL},
    {"the rate", DUTY_REFERENCE, NULL},
    {"the rateapplicable", DUTY_REFERENCE, NULL}, /* as printed in one schedule */
    {"see", DUTY_REFERENCE, NULL},
    {"no change", DUTY_REFERENCE, NULL},
    {"a duty", DUTY_UNRESOLVED, "a duty on another value or limited by other duties"},
    {"the quantity", DUTY_UNRESOLVED, "a quantity, not a rate"},
    {"suspended", DUTY_UNRESOLVED, "suspended: no rate is given"},
};

bool duty_prose_find(const char *at, enum duty_verb *verb, const char **reason) {
    char first = duty_text_lower(*at);
    for (size_t i = 0; i < sizeof openings / sizeof openings[0]; i++) {
        if (openings[i].words[0] == first && duty_text_match(at, openings[i].words) != NULL) {
            *verb = openings[i].verb;
            *reason = openings[i].reason;
            return true;
        }
    }
    return false;
}

/* Whatever follows these names a value; whatever precedes "content" names a substance. */
static const char *const value_openings[] = {"value of",          "full value of", "cost of",
                                             "fair retail value", "retail price",  "retail value"};
static const char *const part_words[] = {
    "and",      "any",       "apparatus", "band",      "battery",   "bracelet",
    "case",     "cases",     "container", "contents",  "dry",       "drained",
    "entire",   "gross",     "if",        "immediate", "including", "matter",
    "movement", "net",       "of",        "or",        "over",      "plate",
    "pure",     "recording", "set",       "strap",     "sugar",     "sugars",
    "surface",  "the",       "total",     "tungsten",  "weight",    "containers"};

static bool is_word(const char *at, size_t length, const char *word) {
    size_t i = 0;
    while (i < length && word[i] != '\0' && duty_text_lower(at[i]) == word[i]) {
        i++;
    }
    return i == length && word[i] == '\0';
}

static bool is_part_word(const char *at, size_t length) {
    if (strspn(at, "0123456789") >= length) {
        return true;
    }
    for (size_t i = 0; i < sizeof part_words / sizeof part_words[0]; i++) {
        if (is_word(at, length, part_words[i])) {
            return true;
        }
    }
    return false;
}

bool duty_prose_knows_part(const char *part) {
    enum { SUBSTANCE_WORDS_MAX = 4 };
    for (size_t i = 0; i < sizeof value_openings / sizeof value_openings[0]; i++) {
        if (duty_text_match(part, value_openings[i]) != NULL) {
            return true;
        }
    }
    unsigned count = 0, known = 0;
    bool is_content = false;
    for (const char *at = part + strspn(part, " ,"); *at != '\0'; at += strspn(at, " ,")) {
        size_t length = strcspn(at, " ,");
        count++;
        known += is_part_word(at, length);
        is_content = is_word(at, length, "content");
        at += length;
    }
    return known == count || (is_content && count > 1 && count <= SUBSTANCE_WORDS_MAX);
}

bool duty_prose_names_line(const char *reference) {
    const char *behind = duty_text_match(reference, "see");
    if (behind != NULL) {
        return duty_text_is_digit(*duty_text_skip(behind)); /* "See 9823.01.01" */
    }
    return duty_text_match(reference, "no change") == NULL;
}

const char *duty_prose_reason(const char *text) {
    if (strstr(text, "but if consisting in part of") != NULL) {
        return "a limit that depends on the duty of another article";
    }
    return NULL;
}

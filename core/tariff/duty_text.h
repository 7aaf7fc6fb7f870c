/* SPDX-License-Identifier: GPL-3.0-or-later
 * duty_text.h - characters and words of duty expressions, for the readers of this folder. */
#ifndef CORE_TARIFF_DUTY_TEXT_H
#define CORE_TARIFF_DUTY_TEXT_H

#include <stdbool.h>
#include <stddef.h>

static inline bool duty_text_is_space(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static inline char duty_text_lower(char c) {
    return (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

static inline bool duty_text_is_letter(char c) {
    return duty_text_lower(c) >= 'a' && duty_text_lower(c) <= 'z';
}

static inline bool duty_text_is_capital(char c) {
    return c >= 'A' && c <= 'Z';
}

static inline bool duty_text_is_digit(char c) {
    return c >= '0' && c <= '9';
}

static inline const char *duty_text_skip(const char *at) {
    while (duty_text_is_space(*at)) {
        at++;
    }
    return at;
}

/* Behind a name in lower case, or NULL. A space in it is any number of spaces in the text, a slash
 * may have spaces around it, and a name is no part of a longer word or number. */
static inline const char *duty_text_match(const char *at, const char *name) {
    for (; *name != '\0'; name++) {
        if (*name == ' ') {
            at = duty_text_skip(at);
            continue;
        }
        if (*name == '/') {
            at = duty_text_skip(at);
        }
        if (duty_text_lower(*at) != *name) {
            return NULL;
        }
        at++;
        if (*name == '/') {
            at = duty_text_skip(at);
        }
    }
    if ((duty_text_is_letter(name[-1]) && duty_text_is_letter(*at)) ||
        (duty_text_is_digit(name[-1]) && duty_text_is_digit(*at))) {
        return NULL;
    }
    return at;
}

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later
 * identifier.c - see identifier.h. */
#include "core/intake/identifier.h"

#include <string.h>

static const char digits[] = "0123456789", capitals[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

enum identifier_kind identifier_find(const char *name) {
    static const char *const names[] = {
#define X(name) #name,
        IDENTIFIER_KINDS(X)
#undef X
    };
    unsigned kind = 0;
    while (kind < IDENTIFIER_KIND_COUNT && strcmp(names[kind], name) != 0) {
        kind++;
    }
    return (enum identifier_kind)kind;
}

/* Whether `count` signs of the set stand at the text's beginning. */
static bool begins_with(const char *text, const char *set, size_t count) {
    return strnlen(text, count) == count && strspn(text, set) >= count;
}

static bool is_all(const char *text, const char *set, size_t count) {
    return begins_with(text, set, count) && text[count] == '\0';
}

static int digit_of(char sign) {
    return sign - '0';
}

/* Letters count from 10 and leave out the multiples of 11; weights double; the remainder 10 is
 * written 0. */
static bool is_container(const char *text) {
    if (!begins_with(text, capitals, 4) || !is_all(text + 4, digits, 7) ||
        strchr("UJZ", text[3]) == NULL) {
        return false;
    }
    int sum = 0;
    for (int i = 0; i < 10; i++) {
        int letter = text[i] - 'A', value = i < 4 ? 10 + letter : digit_of(text[i]);
        if (i < 4) {
            value += (letter > 0) + (letter > 10) + (letter > 20);
        }
        sum += value << i;
    }
    return sum % 11 % 10 == digit_of(text[10]);
}

static bool is_ship(const char *text) {
    if (!is_all(text, digits, 7)) {
        return false;
    }
    int sum = 0;
    for (int i = 0; i < 6; i++) {
        sum += digit_of(text[i]) * (7 - i);
    }
    return sum % 10 == digit_of(text[6]);
}

char identifier_gs1_digit(const char *text) {
    size_t length = strlen(text);
    int sum = 0;
    if (strspn(text, digits) != length) {
        return '\0';
    }
    for (size_t i = 0; i < length; i++) {
        sum += digit_of(text[i]) * ((length - i) % 2 == 1 ? 3 : 1);
    }
    return (char)('0' + (10 - sum % 10) % 10);
}

static bool is_gs1(const char *text, size_t length) {
    char body[20] = "";
    if (!is_all(text, digits, length)) {
        return false;
    }
    memcpy(body, text, length - 1);
    return identifier_gs1_digit(body) == text[length - 1];
}

/* The remainder by 97 of a text in which a letter stands for two digits, A for 10; -1 for another
 * sign. `first` signs are taken last. */
static int remainder_97(const char *text, size_t first) {
    size_t length = strlen(text);
    int remainder = 0;
    for (size_t i = 0; i < length; i++) {
        char sign = text[(i + first) % length];
        if (sign >= '0' && sign <= '9') {
            remainder = (remainder * 10 + digit_of(sign)) % 97;
        } else if (sign >= 'A' && sign <= 'Z') {
            remainder = (remainder * 100 + sign - 'A' + 10) % 97;
        } else {
            return -1;
        }
    }
    return remainder;
}

static bool is_account(const char *text) {
    size_t length = strlen(text);
    return length >= 15 && length <= 34 && begins_with(text, capitals, 2) &&
           begins_with(text + 2, digits, 2) && remainder_97(text, 4) == 1;
}

static bool is_entity(const char *text) {
    return strlen(text) == 20 && is_all(text + 18, digits, 2) && remainder_97(text, 0) == 1;
}

bool identifier_is_valid(enum identifier_kind kind, const char *text) {
    switch (kind) {
    case IDENTIFIER_iso6346:
        return is_container(text);
    case IDENTIFIER_imo_ship:
        return is_ship(text);
    case IDENTIFIER_gtin14:
        return is_gs1(text, 14);
    case IDENTIFIER_sscc18:
        return is_gs1(text, 18);
    case IDENTIFIER_gln13:
        return is_gs1(text, 13);
    case IDENTIFIER_iban:
        return is_account(text);
    case IDENTIFIER_lei:
        return is_entity(text);
    case IDENTIFIER_KIND_COUNT:
        break;
    }
    return false;
}

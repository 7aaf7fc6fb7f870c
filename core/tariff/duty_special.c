/* SPDX-License-Identifier: GPL-3.0-or-later
 * duty_special.c - see duty_special.h.
 *
 * A list of programmes is a pair of brackets with nothing but symbols in it; other brackets belong
 * to the words around them: "Free (See U.S. note 4 of this subchapter)". Between symbols stand
 * commas, and in print also points, spaces and brackets too many. */
#include "core/tariff/duty_special.h"

#include "core/tariff/duty_text.h"

#include <string.h>

struct reader {
    const char *text;
    struct arena *arena;
    struct place place;
    enum duty_fault *fault;
    struct error *err;
    unsigned count;
    struct duty_special_entry entries[DUTY_SPECIAL_ENTRIES_MAX];
};

static bool is_between(char c) {
    return c == ',' || c == '.' || c == '(' || duty_text_is_space(c);
}

/* The length of a symbol: one or two capital letters, then + or * or nothing. */
static size_t symbol_length(const char *at) {
    size_t length = 0;
    while (length < 2 && duty_text_is_capital(at[length])) {
        length++;
    }
    if (length > 0 && (at[length] == '+' || at[length] == '*')) {
        length++;
    }
    bool ends = at[length] == ')' || is_between(at[length]);
    return length > 0 && ends ? length : 0;
}

/* The symbols of a list that begins behind a bracket, and where the list ends; 0 when it is none.
 */
static unsigned read_symbols(const char *at, const char *symbols[DUTY_SPECIAL_PROGRAMMES_MAX],
                             const char **end) {
    unsigned count = 0;
    for (;;) {
        while (is_between(*at)) {
            at++;
        }
        if (*at == ')') {
            *end = at + 1;
            return count;
        }
        size_t length = symbol_length(at);
        if (length == 0 || count == DUTY_SPECIAL_PROGRAMMES_MAX) {
            return 0;
        }
        symbols[count++] = at;
        at += length;
    }
}

/* The duty between two places of the text and its programmes. */
static int add_entry(struct reader *reader, const char *begin, const char *end,
                     const char *const *symbols, unsigned count) {
    while (begin < end && (duty_text_is_space(*begin) || *begin == ',')) {
        begin++;
    }
    struct place place = reader->place;
    place.column += (int)(begin - reader->text);
    if (reader->count == DUTY_SPECIAL_ENTRIES_MAX) {
        return error_at(reader->err, place, "more than %d duties in a special column",
                        DUTY_SPECIAL_ENTRIES_MAX);
    }
    struct duty_special_entry *entry = &reader->entries[reader->count++];
    const char *text = arena_text(reader->arena, begin, (size_t)(end - begin));
    const char **programmes = ARENA_ARRAY(reader->arena, const char *, count + 1);
    for (unsigned i = 0; i < count; i++) {
        programmes[i] = arena_text(reader->arena, symbols[i], symbol_length(symbols[i]));
    }
    *entry = (struct duty_special_entry){.programme_count = count, .programmes = programmes};
    return duty_parse(text, reader->arena, place, &entry->duty, reader->fault, reader->err);
}

static int read_entries(struct reader *reader) {
    const char *symbols[DUTY_SPECIAL_PROGRAMMES_MAX];
    const char *begin = reader->text, *at = begin;
    while (*at != '\0') {
        const char *end;
        unsigned count = *at == '(' ? read_symbols(at + 1, symbols, &end) : 0;
        if (count == 0) {
            at++;
            continue;
        }
        if (add_entry(reader, begin, at, symbols, count) != 0) {
            return -1;
        }
        begin = at = end;
    }
    bool is_rest = *duty_text_skip(begin) != '\0';
    return is_rest ? add_entry(reader, begin, at, NULL, 0) : 0;
}

int duty_special_parse(const char *text, struct arena *arena, struct place place,
                       struct duty_special *special, enum duty_fault *fault, struct error *err) {
    struct reader reader = {
        .text = text, .arena = arena, .place = place, .fault = fault, .err = err};
    bool is_long = strnlen(text, DUTY_TEXT_MAX + 1) > DUTY_TEXT_MAX;
    if (fault != NULL) {
        *fault = is_long ? DUTY_FAULT_TOO_LARGE : DUTY_FAULT_NONE;
    }
    if (is_long) { /* a bracket that opens a list is looked for behind each bracket */
        return error_at(err, place, "%s: more than %d bytes", duty_fault_name(DUTY_FAULT_TOO_LARGE),
                        DUTY_TEXT_MAX);
    }
    if (read_entries(&reader) != 0) {
        return -1;
    }
    struct duty_special_entry *entries =
        ARENA_ARRAY(arena, struct duty_special_entry, reader.count);
    memcpy(entries, reader.entries, reader.count * sizeof *entries);
    *special = (struct duty_special){.count = reader.count, .entries = entries};
    return 0;
}

const struct duty_special_entry *duty_special_find(const struct duty_special *special,
                                                   const char *programme) {
    const struct duty_special_entry *any = NULL;
    for (unsigned i = 0; i < special->count; i++) {
        const struct duty_special_entry *entry = &special->entries[i];
        for (unsigned k = 0; k < entry->programme_count; k++) {
            if (strcmp(entry->programmes[k], programme) == 0) {
                return entry;
            }
        }
        any = any == NULL && entry->programme_count == 0 ? entry : any;
    }
    return any;
}

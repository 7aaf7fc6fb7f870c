/* SPDX-License-Identifier: GPL-3.0-or-later
 * node_text.c - see node_text.h. */
#include "core/base/node_text.h"

#include <string.h>

unsigned node_text_decode(const char *at, size_t length, uint32_t *code) {
    unsigned char lead = (unsigned char)at[0];
    if (lead < 0x80) {
        *code = lead;
        return 1;
    }
    unsigned size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4 || size > length) {
        return 0;
    }
    uint32_t value = lead & (0xFFu >> (size + 1));
    for (unsigned i = 1; i < size; i++) {
        unsigned char next = (unsigned char)at[i];
        if ((next & 0xC0) != 0x80) {
            return 0;
        }
        value = (value << 6) | (next & 0x3Fu);
    }
    static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    if (value < smallest[size] || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF)) {
        return 0;
    }
    *code = value;
    return size;
}

bool node_text_is_printable(uint32_t code) {
    if (code < 0x20) {
        return code == '\t' || code == '\n' || code == '\r';
    }
    if (code == 0x2028 || code == 0x2029 || code == 0xFEFF) {
        return false;
    }
    return code < 0x7F || (code >= 0xA0 && code <= 0xFFFD) || code >= 0x10000;
}

bool node_text_is_null(const char *text) {
    return text[0] == '\0' || strcmp(text, "~") == 0 || strcmp(text, "null") == 0 ||
           strcmp(text, "Null") == 0 || strcmp(text, "NULL") == 0;
}

/* These errors show no excerpt: the line holds what a terminal should not be given. */
static int refuse(const struct source *source, struct place place, size_t at, uint32_t code,
                  bool is_character, struct error *err) {
    unsigned char byte = (unsigned char)source->text[at];
    if (!is_character && at == 0 && (byte == 0xFF || byte == 0xFE)) {
        return error_at(err, place, "not UTF-8 (it looks like UTF-16); save the file as UTF-8");
    }
    if (!is_character) {
        return error_at(err, place, "byte 0x%02X is not UTF-8; save the file as UTF-8", byte);
    }
    if (code == 0) {
        return error_at(err, place, "a NUL byte; this is no text file");
    }
    return error_at(err, place, "character U+%04X is not allowed as itself; write \"\\u%04X\"",
                    (unsigned)code, (unsigned)code);
}

int node_text_check(const struct source *source, struct error *err) {
    const char *text = source->text;
    int line = 1;
    size_t line_start = 0;
    for (size_t at = 0; at < source->length;) {
        uint32_t code = 0;
        unsigned size = node_text_decode(text + at, source->length - at, &code);
        if (size == 0 || !node_text_is_printable(code)) {
            struct place place = {source->name, line, (int)(at - line_start) + 1};
            return refuse(source, place, at, code, size != 0, err);
        }
        at += size;
        if (code == '\n' || (code == '\r' && (at == source->length || text[at] != '\n'))) {
            line++;
            line_start = at;
        }
    }
    return 0;
}

/* SPDX-License-Identifier: GPL-3.0-or-later
 * json_read.c - see json_read.h. */
#include "core/base/json_read.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct reader {
    struct json_document *document;
    const char *next, *end;
    struct arena *arena;
    struct error *err;
    unsigned depth;
    double *numbers; /* of the array that is being read; used again by the next */
    size_t number_capacity;
};

/* ---- errors -------------------------------------------------------------------------------- */

static struct place place_of(const struct json_document *document, size_t offset) {
    struct place place = {document->source, 1, 1};
    for (size_t i = 0; i < offset; i++) {
        bool ends_line = document->text[i] == '\n';
        place.line += ends_line;
        place.column = ends_line ? 1 : place.column + 1;
    }
    return place;
}

int json_read_error(const struct json_document *document, const struct json *json,
                    struct error *err, const char *format, ...) {
    char text[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    return error_at(err, place_of(document, json == NULL ? 0 : json->offset), "%s", text);
}

static int fail(struct reader *reader, const char *what) {
    size_t offset = (size_t)(reader->next - reader->document->text);
    return error_at(reader->err, place_of(reader->document, offset), "%s", what);
}

/* ---- parts --------------------------------------------------------------------------------- */

/* The character at the reader; 0 at the end, and for a zero byte within, which nothing allows. */
static char peek(const struct reader *reader) {
    return reader->next < reader->end ? *reader->next : '\0';
}

static void skip_space(struct reader *reader) {
    while (peek(reader) == ' ' || peek(reader) == '\t' || peek(reader) == '\n' ||
           peek(reader) == '\r') {
        reader->next++;
    }
}

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

static int skip_digits(struct reader *reader) {
    if (!is_digit(peek(reader))) {
        return fail(reader, "expected a digit");
    }
    while (is_digit(peek(reader))) {
        reader->next++;
    }
    return 0;
}

static int read_number(struct reader *reader, double *number) {
    const char *begin = reader->next;
    reader->next += *begin == '-';
    if (peek(reader) == '0') {
        reader->next++;
        if (is_digit(peek(reader))) {
            return fail(reader, "a number does not begin with 0 and a digit");
        }
    } else if (skip_digits(reader) < 0) {
        return -1;
    }
    if (peek(reader) == '.') {
        reader->next++;
        if (skip_digits(reader) < 0) {
            return -1;
        }
    }
    if (peek(reader) == 'e' || peek(reader) == 'E') {
        reader->next++;
        reader->next += peek(reader) == '+' || peek(reader) == '-';
        if (skip_digits(reader) < 0) {
            return -1;
        }
    }
    *number = strtod(begin, NULL);
    return __builtin_isfinite(*number) ? 0 : fail(reader, "a number too large");
}

static int read_hex(struct reader *reader, uint32_t *code) {
    *code = 0;
    for (int i = 0; i < 4; i++) {
        char c = peek(reader);
        uint32_t digit = is_digit(c)            ? (uint32_t)(c - '0')
                         : c >= 'a' && c <= 'f' ? (uint32_t)(c - 'a' + 10)
                         : c >= 'A' && c <= 'F' ? (uint32_t)(c - 'A' + 10)
                                                : 16;
        if (digit == 16) {
            return fail(reader, "expected four hexadecimal digits behind \\u");
        }
        *code = *code << 4 | digit;
        reader->next++;
    }
    return 0;
}

static char *put_code(char *into, uint32_t code) {
    if (code < 0x80) {
        *into++ = (char)code;
        return into;
    }
    if (code < 0x800) {
        *into++ = (char)(0xc0 | code >> 6);
    } else {
        if (code < 0x10000) {
            *into++ = (char)(0xe0 | code >> 12);
        } else {
            *into++ = (char)(0xf0 | code >> 18);
            *into++ = (char)(0x80 | (code >> 12 & 63));
        }
        *into++ = (char)(0x80 | (code >> 6 & 63));
    }
    *into++ = (char)(0x80 | (code & 63));
    return into;
}

/* \uXXXX, or two of them for a code beyond 16 bits. */
static int read_code(struct reader *reader, char **into) {
    uint32_t code, low;
    if (read_hex(reader, &code) < 0) {
        return -1;
    }
    if (code >= 0xd800 && code < 0xdc00 && reader->end - reader->next >= 2 &&
        reader->next[0] == '\\' && reader->next[1] == 'u') {
        reader->next += 2;
        if (read_hex(reader, &low) < 0) {
            return -1;
        }
        if (low < 0xdc00 || low > 0xdfff) {
            return fail(reader, "the second half of a surrogate pair is missing");
        }
        code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
    }
    if (code == 0 || (code >= 0xd800 && code < 0xe000)) {
        return fail(reader, "a code that is no character");
    }
    *into = put_code(*into, code);
    return 0;
}

static int read_escape(struct reader *reader, char **into) {
    static const char escapes[] = "\"\\/bfnrt", meanings[] = "\"\\/\b\f\n\r\t";
    char c = peek(reader);
    const char *found = c == '\0' ? NULL : strchr(escapes, c);
    if (c == 'u') {
        reader->next++;
        return read_code(reader, into);
    }
    if (found == NULL) {
        return fail(reader, "no escape begins so");
    }
    reader->next++;
    *(*into)++ = meanings[found - escapes];
    return 0;
}

/* Escapes never take less room than what they stand for. */
static int read_text(struct reader *reader, const char **text) {
    const char *closing = ++reader->next;
    while (closing < reader->end && *closing != '"') {
        closing += *closing == '\\' ? 2 : 1;
    }
    size_t length = (size_t)((closing < reader->end ? closing : reader->end) - reader->next);
    char *into = arena_alloc(reader->arena, length + 1);
    *text = into;
    while (peek(reader) != '"') {
        unsigned char c = (unsigned char)peek(reader);
        if (c < ' ') {
            return fail(reader, reader->next == reader->end ? "a text that never ends"
                                                            : "a control character in a text");
        }
        reader->next++;
        if (c != '\\') {
            *into++ = (char)c;
        } else if (read_escape(reader, &into) < 0) {
            return -1;
        }
    }
    reader->next++;
    return 0;
}

static int read_word(struct reader *reader, struct json *json) {
    static const struct {
        const char *word;
        enum json_kind kind;
        double number;
    } words[] = {{"null", JSON_NULL, 0}, {"true", JSON_BOOLEAN, 1}, {"false", JSON_BOOLEAN, 0}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        size_t length = strlen(words[i].word);
        if ((size_t)(reader->end - reader->next) >= length &&
            memcmp(reader->next, words[i].word, length) == 0) {
            reader->next += length;
            json->kind = words[i].kind;
            json->number = words[i].number;
            return 0;
        }
    }
    return fail(reader,
                reader->next == reader->end ? "the text ends too early" : "expected a JSON value");
}

/* ---- values -------------------------------------------------------------------------------- */

static int read_value(struct reader *reader, struct json *json);

/* The key of a pair and its colon. */
static int read_key(struct reader *reader, const struct json *object, struct json *value) {
    skip_space(reader);
    if (peek(reader) != '"') {
        return fail(reader, "expected a key in quotes");
    }
    if (read_text(reader, &value->key) < 0) {
        return -1;
    }
    if (json_read_get(object, value->key) != NULL) {
        return fail(reader, "the key before stands here twice");
    }
    skip_space(reader);
    if (peek(reader) != ':') {
        return fail(reader, "expected ':'");
    }
    reader->next++;
    return 0;
}

static int read_members(struct reader *reader, struct json *json, char closing) {
    const struct json **link = &json->first;
    do {
        reader->next++; /* the opening bracket, or a comma */
        struct json *value = ARENA_NEW(reader->arena, struct json);
        if ((json->kind == JSON_OBJECT && read_key(reader, json, value) < 0) ||
            read_value(reader, value) < 0) {
            return -1;
        }
        *link = value;
        link = &value->next;
        json->count++;
        skip_space(reader);
    } while (peek(reader) == ',');
    if (peek(reader) != closing) {
        return fail(reader, closing == ']' ? "expected ',' or ']'" : "expected ',' or '}'");
    }
    reader->next++;
    return 0;
}

/* Numbers up to the closing bracket; 1 and the reader where it was when there is anything else. */
static int read_numbers(struct reader *reader, struct json *json) {
    const char *begin = reader->next;
    size_t count = 0;
    do {
        reader->next++;
        skip_space(reader);
        if (peek(reader) != '-' && !is_digit(peek(reader))) {
            reader->next = begin;
            return 1;
        }
        reader->numbers = arena_grow(reader->arena, reader->numbers, count,
                                     &reader->number_capacity, sizeof *reader->numbers);
        if (read_number(reader, &reader->numbers[count++]) < 0) {
            return -1;
        }
        skip_space(reader);
    } while (peek(reader) == ',');
    if (peek(reader) != ']') {
        return fail(reader, "expected ',' or ']'");
    }
    reader->next++;
    double *numbers = ARENA_ARRAY(reader->arena, double, count);
    memcpy(numbers, reader->numbers, count * sizeof *numbers);
    json->numbers = numbers;
    json->count = count;
    return 0;
}

static int read_container(struct reader *reader, struct json *json) {
    char closing = peek(reader) == '[' ? ']' : '}';
    const char *begin = reader->next;
    json->kind = closing == ']' ? JSON_ARRAY : JSON_OBJECT;
    if (++reader->depth > JSON_READ_DEPTH_MAX) {
        return fail(reader, "values stand too deep within each other");
    }
    reader->next++;
    skip_space(reader);
    int status = 0;
    if (peek(reader) == closing) {
        reader->next++;
    } else {
        reader->next = begin;
        status = closing == ']' ? read_numbers(reader, json) : 1;
        if (status == 1) {
            status = read_members(reader, json, closing);
        }
    }
    reader->depth--;
    return status;
}

static int read_value(struct reader *reader, struct json *json) {
    skip_space(reader);
    json->offset = (size_t)(reader->next - reader->document->text);
    char c = peek(reader);
    if (c == '[' || c == '{') {
        return read_container(reader, json);
    }
    if (c == '"') {
        json->kind = JSON_TEXT;
        return read_text(reader, &json->text);
    }
    if (c == '-' || is_digit(c)) {
        json->kind = JSON_NUMBER;
        return read_number(reader, &json->number);
    }
    return read_word(reader, json);
}

int json_read(struct json_document *document, const char *source, const char *text, size_t length,
              struct arena *arena, struct error *err) {
    *document = (struct json_document){.source = source, .text = text};
    struct reader reader = {
        .document = document, .next = text, .end = text + length, .arena = arena, .err = err};
    if (read_value(&reader, &document->root) < 0) {
        return -1;
    }
    skip_space(&reader);
    return reader.next == reader.end ? 0 : fail(&reader, "something stands behind the value");
}

const struct json *json_read_get(const struct json *json, const char *key) {
    if (json == NULL || json->kind != JSON_OBJECT) {
        return NULL;
    }
    for (const struct json *value = json->first; value != NULL; value = value->next) {
        if (strcmp(value->key, key) == 0) {
            return value;
        }
    }
    return NULL;
}

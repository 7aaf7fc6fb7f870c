/* SPDX-License-Identifier: GPL-3.0-or-later
 * expression_token.c - the words of the expression language: names, numbers with their units,
 * dates, texts and marks. */
#include "core/rule/expression_tree.h"

#include <string.h>

enum { NUMBER_LENGTH_MAX = 60, TEXT_LENGTH_MAX = 1024 };

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

static bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static unsigned word_length(const char *text) {
    unsigned length = 0;
    while (is_letter(text[length]) || is_digit(text[length])) {
        length++;
    }
    return length;
}

bool expression_token_is(const struct expression_tree *tree, const char *word) {
    const struct expression_token *token = &tree->token;
    return (token->kind == TOKEN_NAME || token->kind == TOKEN_MARK) &&
           strlen(word) == token->length &&
           memcmp(word, tree->text + token->offset, token->length) == 0;
}

/* Words that may follow a number and are no unit. */
static bool is_connective(const char *word, unsigned length) {
    static const char *const connectives[] = {"and", "or", "not", "in", "is", "then", "else"};
    for (size_t i = 0; i < sizeof connectives / sizeof *connectives; i++) {
        if (strlen(connectives[i]) == length && memcmp(connectives[i], word, length) == 0) {
            return true;
        }
    }
    return false;
}

/* The length of the unit at `text` that has a slash after `over_length` bytes, or 0. A division by
 * an input of that name goes before. */
static unsigned per_length(const struct expression_tree *tree, const char *text,
                           unsigned over_length) {
    const char *under = text + over_length + 1;
    if (text[over_length] != '/' || !is_letter(*under)) {
        return 0;
    }
    struct unit unit;
    unsigned under_length = word_length(under), length = over_length + 1 + under_length;
    bool is_unit = expression_find_input(tree->names, under, under_length) < 0 &&
                   units_find(text, length, &unit) == 0;
    return is_unit ? length : 0;
}

/* The length of the unit at `text`, or 0 where there is none. */
static unsigned unit_length(const struct expression_tree *tree, const char *text) {
    if (*text == '%') {
        return 1;
    }
    unsigned length = word_length(text);
    if (length == 0 || is_connective(text, length)) {
        return 0;
    }
    unsigned with_slash = per_length(tree, text, length);
    return with_slash > 0 ? with_slash : length;
}

/* Lets units_parse say what is wrong with a unit; it knows the likely slips. */
static void refuse_unit(struct expression_tree *tree, unsigned offset, unsigned length) {
    char text[40];
    unsigned shown = length < 36 ? length : 36;
    memcpy(text, "1 ", 2);
    memcpy(text + 2, tree->text + offset, shown);
    text[2 + shown] = '\0';
    struct quantity quantity;
    struct error why = ERROR_INIT;
    units_parse(text, &quantity, tree->place, &why);
    expression_fail(tree, offset, "%s", why.text);
}

static void apply_unit(struct expression_tree *tree, unsigned offset, unsigned length) {
    struct expression_token *token = &tree->token;
    struct unit unit;
    if (units_find(tree->text + offset, length, &unit) < 0) {
        refuse_unit(tree, offset, length);
        return;
    }
    unit.numerator *= is_per_time((int)unit.dimension) ? WEEK_S : 1;
    const char *currency = tree->names->currency;
    if (unit.currency[0] != '\0' && currency != NULL && currency[0] != '\0' &&
        strcmp(unit.currency, currency) != 0) {
        expression_fail(tree, offset, "money is in %s here, not in %s", currency, unit.currency);
    } else if (decimal_scale(token->value.decimal, unit.numerator, unit.denominator,
                             &token->value.decimal) < 0) {
        expression_fail(tree, token->offset, "'%.*s' is too large",
                        (int)(offset + length - token->offset), tree->text + token->offset);
    }
    token->has_unit = true;
    token->dimension = unit.dimension == DIMENSION_SHARE ? DIMENSION_NONE : (int)unit.dimension;
}

static unsigned digits_length(const char *text) {
    unsigned length = 0;
    while (is_digit(text[length])) {
        length++;
    }
    return length;
}

static unsigned number_length(const char *text) {
    unsigned length = digits_length(text);
    if (text[length] == '.' && is_digit(text[length + 1])) {
        length += 1 + digits_length(text + length + 1);
    }
    if (text[length] == 'e' || text[length] == 'E') {
        unsigned sign = text[length + 1] == '-' || text[length + 1] == '+';
        unsigned digits = digits_length(text + length + 1 + sign);
        length += digits > 0 ? 1 + sign + digits : 0;
    }
    return length;
}

static void take_number(struct expression_tree *tree) {
    struct expression_token *token = &tree->token;
    const char *text = tree->text + token->offset;
    char copy[NUMBER_LENGTH_MAX + 1];
    token->kind = TOKEN_NUMBER;
    token->length = number_length(text);
    token->value.type = VALUE_DECIMAL;
    unsigned shown = token->length < NUMBER_LENGTH_MAX ? token->length : NUMBER_LENGTH_MAX;
    memcpy(copy, text, shown);
    copy[shown] = '\0';
    if (token->length > NUMBER_LENGTH_MAX || decimal_parse(copy, &token->value.decimal) < 0) {
        expression_fail(tree, token->offset,
                        "'%s' does not fit: numbers have at most 18 decimals and stay below 9.2e18",
                        copy);
        return;
    }
    unsigned unit_offset = token->offset + token->length;
    unsigned length = per_length(tree, tree->text + unit_offset, 0);
    if (length == 0) {
        while (is_blank(tree->text[unit_offset])) {
            unit_offset++;
        }
        length = unit_length(tree, tree->text + unit_offset);
    }
    if (length > 0) {
        apply_unit(tree, unit_offset, length);
        token->length = unit_offset + length - token->offset;
    }
}

static bool looks_like_date(const char *text) {
    return digits_length(text) == 4 && text[4] == '-' && digits_length(text + 5) == 2 &&
           text[7] == '-' && digits_length(text + 8) == 2 && !is_letter(text[10]);
}

static void take_date(struct expression_tree *tree) {
    struct expression_token *token = &tree->token;
    char copy[11];
    memcpy(copy, tree->text + token->offset, 10);
    copy[10] = '\0';
    token->kind = TOKEN_DATE;
    token->length = 10;
    token->value.type = VALUE_DATE;
    struct error why = ERROR_INIT;
    if (units_parse_date(copy, &token->value.date_day, tree->place, &why) < 0) {
        expression_fail(tree, token->offset, "%s", why.text);
    }
}

static void take_text(struct expression_tree *tree) {
    struct expression_token *token = &tree->token;
    char quote = tree->text[token->offset++];
    const char *text = tree->text + token->offset;
    token->kind = TOKEN_TEXT;
    while (text[token->length] != quote) {
        if ((unsigned char)text[token->length] < ' ' || token->length >= TEXT_LENGTH_MAX) {
            expression_fail(tree, token->offset - 1,
                            "the text that begins here has no closing %c within %d bytes", quote,
                            TEXT_LENGTH_MAX);
            return;
        }
        if (text[token->length] == '\\' && (text[token->length + 1] == '\0' ||
                                            strchr("\\\"'nrt", text[token->length + 1]) == NULL)) {
            expression_fail(tree, token->offset + token->length,
                            "write '\\\\' for a backslash in a text");
            return;
        }
        token->length += text[token->length] == '\\' ? 2 : 1;
    }
}

/* What people write who know other languages. */
static const char *advice_on(const char *text) {
    static const struct {
        const char *mark, *advice;
    } advices[] = {{"&", "and"},           {"|", "or"},
                   {"!", "not"},           {"=", "=="},
                   {"\xe2\x89\xa4", "<="}, {"\xe2\x89\xa5", ">="},
                   {"\xe2\x89\xa0", "!="}};
    for (size_t i = 0; i < sizeof advices / sizeof *advices; i++) {
        if (strncmp(text, advices[i].mark, strlen(advices[i].mark)) == 0) {
            return advices[i].advice;
        }
    }
    return NULL;
}

static void take_mark(struct expression_tree *tree) {
    static const char *const marks[] = {"==", "!=", "<=", ">=", "..", "**", "<", ">", "+",
                                        "-",  "*",  "/",  "(",  ")",  "[",  "]", ","};
    struct expression_token *token = &tree->token;
    const char *text = tree->text + token->offset;
    token->kind = TOKEN_MARK;
    if (strncmp(text, "<>", 2) == 0) {
        expression_fail(tree, token->offset, "write '!=' instead of '<>'");
        return;
    }
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        if (strncmp(text, marks[i], strlen(marks[i])) == 0) {
            token->length = (unsigned)strlen(marks[i]);
            return;
        }
    }
    const char *advice = advice_on(text);
    if (advice != NULL) {
        expression_fail(tree, token->offset, "write '%s' here", advice);
    } else if (*text > ' ' && *text <= '~') {
        expression_fail(tree, token->offset, "'%c' has no meaning here", *text);
    } else {
        expression_fail(tree, token->offset, "this character has no meaning here");
    }
}

void expression_token_next(struct expression_tree *tree) {
    if (expression_failed(tree)) {
        return;
    }
    tree->end = tree->offset;
    while (is_blank(tree->text[tree->offset])) {
        tree->offset++;
    }
    const char *text = tree->text + tree->offset;
    tree->token = (struct expression_token){.kind = TOKEN_END, .offset = tree->offset};
    if (*text == '\0') {
        return;
    }
    if (is_letter(*text)) {
        tree->token.kind = TOKEN_NAME;
        tree->token.length = word_length(text);
    } else if (is_digit(*text) && looks_like_date(text)) {
        take_date(tree);
    } else if (is_digit(*text)) {
        take_number(tree);
    } else if (*text == '"' || *text == '\'') {
        take_text(tree);
    } else {
        take_mark(tree);
    }
    tree->offset = tree->token.offset + tree->token.length + (tree->token.kind == TOKEN_TEXT);
}

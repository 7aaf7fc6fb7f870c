/* SPDX-License-Identifier: GPL-3.0-or-later
 * distribution_parse.c - reads distributions as people write them.
 *
 *     distribution = quantity | parameter | kind "(" [key ":" value {"," key ":" value}] ")"
 *
 * Keys are names of arguments, or quantities and parameters in discrete, empirical and mixture.
 * What is drawn needs no further check: whatever passes here is positive, finite and drawable. */
#include "sim/kernel/distribution_make.h"

#include <stdlib.h>
#include <string.h>

enum { DEPTH_MAX = 8, TABLE_MAX = 100000, WORD_MAX = 63 };

struct parser {
    const char *text;
    size_t at;
    int depth;
    enum dimension dimension;
    distribution_lookup *lookup;
    void *user;
    struct arena *arena;
    struct place place;
    struct error *err;
    char currency[4]; /* of the first money read */
};

static struct place place_at(const struct parser *parser, size_t at) {
    struct place place = parser->place;
    place.column += place.column > 0 ? (int)at : 0;
    return place;
}

static void skip_blanks(struct parser *parser) {
    while (strchr(" \t\r\n", parser->text[parser->at]) != NULL &&
           parser->text[parser->at] != '\0') {
        parser->at++;
    }
}

static bool accept(struct parser *parser, char c) {
    skip_blanks(parser);
    if (parser->text[parser->at] != c) {
        return false;
    }
    parser->at++;
    return true;
}

/* What stands at the cursor, as an error shows it. */
static int refuse_here(struct parser *parser, const char *expected) {
    const char *found = parser->text + parser->at;
    if (*found == '\0') {
        return error_at(parser->err, place_at(parser, parser->at),
                        "expected %s, but the text ends here", expected);
    }
    int length = 1;
    while (((unsigned char)found[length] & 0xC0) == 0x80 && length < 4) {
        length++; /* the rest of a UTF-8 sequence */
    }
    return error_at(parser->err, place_at(parser, parser->at), "expected %s, got '%.*s'", expected,
                    length, found);
}

static bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_in_name(char c) {
    return is_letter(c) || (c >= '0' && c <= '9') || c == '.';
}

/* A name or a literal with its unit, up to the next delimiter, without blanks around it. */
static int read_word(struct parser *parser, const char *what, char word[WORD_MAX + 1], size_t *at) {
    skip_blanks(parser);
    const char *start = parser->text + parser->at;
    size_t length = is_letter(*start) ? 0 : strcspn(start, ",:()");
    while (is_letter(*start) && is_in_name(start[length])) {
        length++;
    }
    size_t next = parser->at + length;
    while (length > 0 && strchr(" \t\r\n", start[length - 1]) != NULL) {
        length--;
    }
    if (length == 0) {
        return refuse_here(parser, what);
    }
    if (length > WORD_MAX) {
        return error_at(parser->err, place_at(parser, parser->at), "'%.20s...' is too long", start);
    }
    memcpy(word, start, length);
    word[length] = '\0';
    *at = parser->at;
    parser->at = next;
    return 0;
}

static const char *all_kinds(struct arena *arena) {
    const char *text = distribution_kind_name(0);
    for (unsigned kind = 1; kind < DISTRIBUTION_KIND_COUNT; kind++) {
        text = arena_format(arena, "%s, %s", text, distribution_kind_name(kind));
    }
    return text;
}

/* An unknown name, with the nearest kind where there is one. */
static int refuse_name(struct parser *parser, const char *word, size_t at, const char *what) {
    const char *names[DISTRIBUTION_KIND_COUNT];
    for (unsigned kind = 0; kind < DISTRIBUTION_KIND_COUNT; kind++) {
        names[kind] = distribution_kind_name(kind);
    }
    const char *nearest = error_nearest_name(word, names, DISTRIBUTION_KIND_COUNT);
    if (nearest != NULL) {
        return error_at(parser->err, place_at(parser, at), "unknown %s '%s'; did you mean '%s'?",
                        what, word, nearest);
    }
    return error_at(parser->err, place_at(parser, at),
                    "unknown %s '%s'; the known distributions are %s", what, word,
                    all_kinds(parser->arena));
}

/* DISTRIBUTION_KIND_COUNT when there is none of that name. */
static enum distribution_kind find_kind(const char *word) {
    unsigned kind = 0;
    while (kind < DISTRIBUTION_KIND_COUNT && strcmp(word, distribution_kind_name(kind)) != 0) {
        kind++;
    }
    return kind;
}

/* A literal, or the parameter of that name. */
static int resolve(struct parser *parser, const char *word, size_t at, struct quantity *quantity) {
    struct place place = place_at(parser, at);
    if (!is_letter(word[0])) {
        return units_parse(word, quantity, place, parser->err);
    }
    enum distribution_kind kind = find_kind(word);
    if (kind < DISTRIBUTION_KIND_COUNT) {
        return error_at(parser->err, place, "'%s' needs its arguments: %s", word,
                        distribution_kind_doc(kind));
    }
    int found = parser->lookup == NULL
                    ? 1
                    : parser->lookup(parser->user, word, quantity, place, parser->err);
    return found == 1 ? refuse_name(parser, word, at, "parameter or distribution") : found;
}

/* Without a sign in front: what is drawn is never negative. */
static int check_value(struct parser *parser, const struct quantity *quantity, size_t at,
                       double *value) {
    struct place place = place_at(parser, at);
    enum dimension dimension = parser->dimension;
    bool is_share = dimension == DIMENSION_SHARE && quantity->dimension == DIMENSION_NONE;
    if (quantity->dimension == DIMENSION_NONE && dimension != DIMENSION_NONE && !is_share) {
        return error_at(parser->err, place, "a bare number where a %s is due: write the unit, %s",
                        units_dimension_name(dimension), units_examples(dimension));
    }
    if (quantity->dimension != dimension && !is_share) {
        return error_at(parser->err, place, "expected a %s, %s, got a %s",
                        units_dimension_name(dimension), units_examples(dimension),
                        units_dimension_name(quantity->dimension));
    }
    if (quantity->value < 0.0) {
        return error_at(parser->err, place, "must not be negative");
    }
    if (dimension == DIMENSION_SHARE && quantity->value > 1.0) {
        return error_at(parser->err, place, "must not be above 100 %%");
    }
    if (dimension == DIMENSION_TIME && quantity->value > DISTRIBUTION_SECONDS_MAX) {
        return error_at(parser->err, place, "must not be longer than 145 years");
    }
    if (parser->currency[0] == '\0') {
        memcpy(parser->currency, quantity->currency, sizeof parser->currency);
    } else if (strcmp(parser->currency, quantity->currency) != 0) {
        return error_at(parser->err, place, "%s and %s in one distribution", parser->currency,
                        quantity->currency);
    }
    *value = quantity->value;
    return 0;
}

/* Shapes, cv's, weights: a number without unit; a share is one too. */
static int check_bare(struct parser *parser, const struct quantity *quantity, size_t at,
                      double *value) {
    if (quantity->dimension != DIMENSION_NONE && quantity->dimension != DIMENSION_SHARE) {
        return error_at(parser->err, place_at(parser, at), "expected a bare number, got a %s",
                        units_dimension_name(quantity->dimension));
    }
    if (quantity->value < 0.0) {
        return error_at(parser->err, place_at(parser, at), "must not be negative");
    }
    *value = quantity->value;
    return 0;
}

static int read_number(struct parser *parser, bool is_bare, double *value, size_t *at) {
    char word[WORD_MAX + 1];
    struct quantity quantity;
    if (read_word(parser, is_bare ? "a number" : "a quantity", word, at) < 0 ||
        resolve(parser, word, *at, &quantity) < 0) {
        return -1;
    }
    return is_bare ? check_bare(parser, &quantity, *at, value)
                   : check_value(parser, &quantity, *at, value);
}

/* "mean and cv, or shape and scale". */
static const char *forms_text(struct arena *arena, enum distribution_kind kind) {
    const char *text = "";
    unsigned set;
    for (unsigned form = 0; (set = distribution_make_form(kind, form)) != 0; form++) {
        const char *between = form > 0 ? ", or " : "";
        for (unsigned name = 0; set != 0; name++) {
            if (set & (1u << name)) {
                set ^= 1u << name;
                text = arena_format(arena, "%s%s%s", text, between,
                                    distribution_make_argument_name(name));
                between = (set & (set - 1)) == 0 ? " and " : ", ";
            }
        }
    }
    return text;
}

/* Number of the argument; -1 and an error when the kind has none of that name. */
static int find_argument(struct parser *parser, enum distribution_kind kind, const char *word,
                         size_t at) {
    unsigned all = 0, set;
    for (unsigned form = 0; (set = distribution_make_form(kind, form)) != 0; form++) {
        all |= set;
    }
    const char *known[DISTRIBUTION_ARGUMENT_COUNT];
    unsigned known_count = 0;
    for (unsigned name = 0; name < DISTRIBUTION_ARGUMENT_COUNT; name++) {
        if (all & (1u << name)) {
            known[known_count++] = distribution_make_argument_name(name);
            if (strcmp(word, known[known_count - 1]) == 0) {
                return (int)name;
            }
        }
    }
    struct place place = place_at(parser, at);
    const char *kind_name = distribution_kind_name(kind);
    const char *nearest = error_nearest_name(word, known, known_count);
    if (nearest != NULL) {
        return error_at(parser->err, place, "%s has no argument '%s'; did you mean '%s'?",
                        kind_name, word, nearest);
    }
    return error_at(parser->err, place, "%s has no argument '%s'; it takes %s", kind_name, word,
                    forms_text(parser->arena, kind));
}

/* One "name: value". */
static int read_argument(struct parser *parser, enum distribution_kind kind,
                         struct distribution_arguments *arguments) {
    char word[WORD_MAX + 1];
    size_t at;
    if (read_word(parser, "the name of an argument", word, &at) < 0) {
        return -1;
    }
    int name = find_argument(parser, kind, word, at);
    if (name < 0) {
        return -1;
    }
    if (arguments->given & (1u << name)) {
        return error_at(parser->err, place_at(parser, at), "'%s' is given twice", word);
    }
    arguments->given |= 1u << name;
    if (!accept(parser, ':')) {
        return refuse_here(parser, "':' after the name of an argument");
    }
    if (read_number(parser, name > DISTRIBUTION_MEDIAN, &arguments->values[name], &at) < 0) {
        return -1;
    }
    arguments->places[name] = place_at(parser, at);
    return 0;
}

/* Reads the arguments up to ")" and checks that they are one of the kind's forms. */
static int read_arguments(struct parser *parser, enum distribution_kind kind, size_t at,
                          struct distribution *distribution) {
    struct distribution_arguments arguments = {.place = place_at(parser, at)};
    bool is_empty = accept(parser, ')');
    while (!is_empty) {
        if (read_argument(parser, kind, &arguments) < 0) {
            return -1;
        }
        if (accept(parser, ')')) {
            break;
        }
        if (!accept(parser, ',')) {
            return refuse_here(parser, "',' or ')'");
        }
    }
    unsigned form = 0, set;
    while ((set = distribution_make_form(kind, form)) != 0 && set != arguments.given) {
        form++;
    }
    if (set == 0) {
        return error_at(parser->err, arguments.place, "%s takes %s", distribution_kind_name(kind),
                        forms_text(parser->arena, kind));
    }
    return distribution_make(kind, parser->dimension, &arguments, distribution, parser->err);
}

/* One row of a table as it is read. */
struct row {
    double value, weight;
    size_t at;
    struct distribution component;
};

static int read_distribution(struct parser *parser, struct distribution *distribution);

/* "value: weight", "value: cumulative share" or "weight: distribution". */
static int read_row(struct parser *parser, enum distribution_kind kind, struct row *row) {
    bool is_mixture = kind == DISTRIBUTION_MIXTURE;
    size_t weight_at;
    if (read_number(parser, is_mixture, is_mixture ? &row->weight : &row->value, &row->at) < 0) {
        return -1;
    }
    if (!accept(parser, ':')) {
        return refuse_here(parser, is_mixture ? "':' after a weight" : "':' after a value");
    }
    return is_mixture ? read_distribution(parser, &row->component)
                      : read_number(parser, true, &row->weight, &weight_at);
}

static int read_rows(struct parser *parser, enum distribution_kind kind, struct row **rows,
                     size_t *count) {
    size_t capacity = 0;
    *rows = NULL;
    *count = 0;
    do {
        if (*count == TABLE_MAX) {
            return error_at(parser->err, place_at(parser, parser->at),
                            "more than %d rows in one distribution", TABLE_MAX);
        }
        *rows = arena_grow(parser->arena, *rows, *count, &capacity, sizeof **rows);
        if (read_row(parser, kind, &(*rows)[*count]) < 0) {
            return -1;
        }
        ++*count;
    } while (accept(parser, ','));
    return accept(parser, ')') ? 0 : refuse_here(parser, "',' or ')'");
}

static int compare_rows(const void *a, const void *b) {
    const struct row *first = a, *second = b;
    return (first->value > second->value) - (first->value < second->value);
}

/* Puts the values of a discrete distribution in order, so that a draw rises with its uniform. */
static int sort_rows(struct parser *parser, struct row *rows, size_t count) {
    qsort(rows, count, sizeof *rows, compare_rows);
    for (size_t i = 1; i < count; i++) {
        if (rows[i].value == rows[i - 1].value) {
            size_t later = rows[i].at > rows[i - 1].at ? rows[i].at : rows[i - 1].at;
            return error_at(parser->err, place_at(parser, later), "this value is given twice");
        }
    }
    return 0;
}

/* Values rise, shares do not fall and end at 1. */
static int check_shares(struct parser *parser, const struct row *rows, size_t count) {
    for (size_t i = 1; i < count; i++) {
        if (rows[i].value <= rows[i - 1].value) {
            return error_at(parser->err, place_at(parser, rows[i].at),
                            "the values of empirical must rise");
        }
        if (rows[i].weight < rows[i - 1].weight) {
            return error_at(parser->err, place_at(parser, rows[i].at),
                            "the cumulative shares of empirical must not fall");
        }
    }
    if (rows[count - 1].weight != 1.0) {
        return error_at(parser->err, place_at(parser, rows[count - 1].at),
                        "the last cumulative share of empirical must be 100 %%");
    }
    return 0;
}

/* Weights as cumulative shares, the last exactly 1. */
static int accumulate(struct parser *parser, struct row *rows, size_t count, size_t at) {
    double total = 0.0, sum = 0.0;
    for (size_t i = 0; i < count; i++) {
        total += rows[i].weight;
    }
    if (total <= 0.0) {
        return error_at(parser->err, place_at(parser, at), "all weights are 0");
    }
    for (size_t i = 0; i < count; i++) {
        sum += rows[i].weight;
        rows[i].weight = sum < total ? sum / total : 1.0;
    }
    return 0;
}

static int read_table(struct parser *parser, enum distribution_kind kind, size_t at,
                      struct distribution *distribution) {
    struct row *rows;
    size_t count;
    if (read_rows(parser, kind, &rows, &count) < 0) {
        return -1;
    }
    if (kind == DISTRIBUTION_DISCRETE && sort_rows(parser, rows, count) < 0) {
        return -1;
    }
    if ((kind == DISTRIBUTION_EMPIRICAL ? check_shares(parser, rows, count)
                                        : accumulate(parser, rows, count, at)) < 0) {
        return -1;
    }
    double *values = ARENA_ARRAY(parser->arena, double, count);
    double *weights = ARENA_ARRAY(parser->arena, double, count);
    struct distribution *components =
        ARENA_ARRAY(parser->arena, struct distribution, kind == DISTRIBUTION_MIXTURE ? count : 0);
    for (size_t i = 0; i < count; i++) {
        values[i] = rows[i].value;
        weights[i] = rows[i].weight;
        if (kind == DISTRIBUTION_MIXTURE) {
            components[i] = rows[i].component;
        }
    }
    *distribution = (struct distribution){.kind = kind,
                                          .table_count = (uint32_t)count,
                                          .table_values = values,
                                          .table_weights = weights,
                                          .components = components};
    return 0;
}

/* What stands before "(". */
static int read_kind(struct parser *parser, const char *word, size_t at,
                     struct distribution *distribution) {
    enum distribution_kind kind = find_kind(word);
    if (kind == DISTRIBUTION_KIND_COUNT) {
        return refuse_name(parser, word, at, "distribution");
    }
    if (parser->depth == DEPTH_MAX) {
        return error_at(parser->err, place_at(parser, at), "mixtures nest deeper than %d",
                        DEPTH_MAX);
    }
    parser->depth++;
    int status = kind >= DISTRIBUTION_DISCRETE ? read_table(parser, kind, at, distribution)
                                               : read_arguments(parser, kind, at, distribution);
    parser->depth--;
    return status;
}

static int read_distribution(struct parser *parser, struct distribution *distribution) {
    char word[WORD_MAX + 1];
    size_t at;
    if (read_word(parser, "a distribution", word, &at) < 0) {
        return -1;
    }
    if (accept(parser, '(')) {
        return read_kind(parser, word, at, distribution);
    }
    struct quantity quantity;
    *distribution = (struct distribution){.kind = DISTRIBUTION_CONSTANT};
    if (resolve(parser, word, at, &quantity) < 0) {
        return -1;
    }
    return check_value(parser, &quantity, at, &distribution->a);
}

int distribution_parse(const char *text, enum dimension dimension, distribution_lookup *lookup,
                       void *user, struct distribution *distribution, struct arena *arena,
                       struct place place, struct error *err) {
    struct parser parser = {.text = text,
                            .dimension = dimension,
                            .lookup = lookup,
                            .user = user,
                            .arena = arena,
                            .place = place,
                            .err = err};
    if (read_distribution(&parser, distribution) < 0) {
        return -1;
    }
    skip_blanks(&parser);
    if (text[parser.at] != '\0') {
        return refuse_here(&parser, "nothing more");
    }
    memcpy(distribution->currency, parser.currency, sizeof distribution->currency);
    return 0;
}

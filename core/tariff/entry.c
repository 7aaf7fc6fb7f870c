/* SPDX-License-Identifier: GPL-3.0-or-later
 * entry.c - checked scalars of a tariff's sections. */
#include "core/tariff/entry.h"

#include "core/base/units.h"

#include <stdio.h>
#include <string.h>

enum { WORDS_MAX = 40, WORDS_SIZE = 512, LIST_MAX = 12 };

struct words {
    unsigned count;
    const char *items[WORDS_MAX];
    char text[WORDS_SIZE];
};

/* Cuts "a|b|c" apart. */
static void words_split(const char *choices, struct words *words) {
    snprintf(words->text, sizeof words->text, "%s", choices);
    words->count = 0;
    for (char *next = words->text; next != NULL && words->count < WORDS_MAX;) {
        char *bar = strchr(next, '|');
        if (bar != NULL) {
            *bar++ = '\0';
        }
        words->items[words->count++] = next;
        next = bar;
    }
}

static int words_find(const struct words *words, const char *text) {
    for (unsigned i = 0; i < words->count; i++) {
        if (strcmp(words->items[i], text) == 0) {
            return (int)i;
        }
    }
    return -1;
}

/* "'wrong' is no what; did you mean 'nearest'?" */
static void describe(char text[WORDS_SIZE], const char *what, const char *wrong,
                     const char *const *names, unsigned count) {
    const char *nearest = error_nearest_name(wrong, names, count);
    int length = snprintf(text, WORDS_SIZE, "'%.80s' is no %s", wrong, what);
    if (nearest != NULL) {
        snprintf(text + length, WORDS_SIZE - (size_t)length, "; did you mean '%.80s'?", nearest);
    } else if (count > 0 && count <= LIST_MAX) {
        length += snprintf(text + length, WORDS_SIZE - (size_t)length, "; there is");
        for (unsigned i = 0; i < count && length < WORDS_SIZE - 100; i++) {
            length += snprintf(text + length, WORDS_SIZE - (size_t)length, "%s %.60s",
                               i > 0 ? "," : "", names[i]);
        }
    }
}

int entry_unknown(const struct node *node, const char *what, const char *wrong,
                  const char *const *names, unsigned count, struct error *err) {
    char text[WORDS_SIZE];
    describe(text, what, wrong, names, count);
    return node_error(node, err, "%s", text);
}

int entry_keys(const struct node *node, const char *keys, const char *what, struct error *err) {
    if (node->kind != NODE_MAPPING) {
        return node_error(node, err, "%s is a mapping with the keys %s", what, keys);
    }
    struct words words;
    words_split(keys, &words);
    for (const struct node *child = node->first; child != NULL; child = child->next) {
        if (words_find(&words, child->key) < 0) {
            char text[WORDS_SIZE], key_of[100];
            snprintf(key_of, sizeof key_of, "key of %s", what);
            describe(text, key_of, child->key, words.items, words.count);
            return node_key_error(child, err, "%s", text);
        }
    }
    return 0;
}

const struct node *entry_need(const struct node *mapping, const char *key, struct error *err) {
    const struct node *node = node_get(mapping, key);
    if (node == NULL) {
        node_error(mapping, err, "the key '%s' is missing", key);
    }
    return node;
}

/* NULL and an error where there is none. */
static const char *text_of(const struct node *node, struct error *err) {
    if (node->kind != NODE_SCALAR || node->text[0] == '\0') {
        node_error(node, err, "expected a text");
        return NULL;
    }
    return node->text;
}

int entry_text(const struct node *node, const char **text, struct error *err) {
    *text = text_of(node, err);
    return *text != NULL ? 0 : -1;
}

int entry_day(const struct node *node, int64_t *day, struct error *err) {
    const char *text = text_of(node, err);
    if (text == NULL) {
        return -1;
    }
    struct error inner = ERROR_INIT;
    if (units_parse_date(text, day, (struct place){0}, &inner) < 0) {
        return node_error(node, err, "%s", inner.text);
    }
    return 0;
}

int entry_boolean(const struct node *node, bool *value, struct error *err) {
    bool is_plain = node->kind == NODE_SCALAR && !node->quoted;
    if (!is_plain || (strcmp(node->text, "true") != 0 && strcmp(node->text, "false") != 0)) {
        return node_error(node, err, "expected true or false");
    }
    *value = node->text[0] == 't';
    return 0;
}

int entry_choice(const struct node *node, const char *choices, int *index, struct error *err) {
    const char *text = text_of(node, err);
    if (text == NULL) {
        return -1;
    }
    struct words words;
    words_split(choices, &words);
    *index = words_find(&words, text);
    return *index >= 0 ? 0
                       : entry_unknown(node, "choice here", text, words.items, words.count, err);
}

/* Whether it has at most that many decimal places. */
static bool has_places(struct exact number, unsigned decimals) {
    int64_t scale = 1;
    for (unsigned i = 0; i < decimals; i++) {
        scale *= 10;
    }
    return scale % exact_reduced(number).denominator == 0;
}

static int check_number(const struct node *node, const char *text, int64_t max, unsigned decimals,
                        struct exact *number, struct error *err) {
    struct exact found;
    if (exact_parse(text, &found) < 0) {
        return node_error(node, err, "expected a number, got '%.80s'", text);
    }
    if (exact_sign(found) < 0 || exact_compare(found, exact_integer(max)) > 0) {
        return node_error(node, err, "%.80s is not between 0 and %lld", text, (long long)max);
    }
    if (!has_places(found, decimals)) {
        return node_error(node, err, "%.80s has more than %u decimal places", text, decimals);
    }
    *number = exact_reduced(found);
    return 0;
}

int entry_number(const struct node *node, int64_t max, unsigned decimals, struct exact *number,
                 struct error *err) {
    const char *text = text_of(node, err);
    if (text == NULL) {
        return -1;
    }
    return check_number(node, text, max, decimals, number, err);
}

int entry_share(const struct node *node, int64_t max_percent, struct exact *share,
                struct error *err) {
    const char *text = text_of(node, err);
    if (text == NULL) {
        return -1;
    }
    size_t length = strlen(text);
    if (text[length - 1] != '%' || length > 40) {
        return node_error(node, err, "expected a share in percent, such as 90 %%, got '%.80s'",
                          text);
    }
    char number[48];
    snprintf(number, sizeof number, "%.*s", (int)length - 1, text);
    for (size_t end = strlen(number); end > 0 && number[end - 1] == ' '; end--) {
        number[end - 1] = '\0';
    }
    struct exact percent;
    if (check_number(node, number, max_percent, 6, &percent, err) < 0 ||
        exact_multiply(percent, exact_ratio(1, 100), share) < 0) {
        return -1;
    }
    return 0;
}

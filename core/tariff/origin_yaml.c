/* SPDX-License-Identifier: GPL-3.0-or-later
 * origin_yaml.c - one mapping of one key is one test. */
#include "core/tariff/origin_yaml.h"

#include "core/tariff/entry.h"

#include <string.h>

enum { DEPTH_MAX = 16, PARTS_MAX = 64 };

struct reader {
    struct arena *arena;
    struct error *err;
};

static const struct origin_test *read_test(struct reader *reader, const struct node *node,
                                           unsigned depth);

/* Reads digits up to a '-' or the end; returns the number of bytes, 0 when there are not 2 to 10
 * digits, an even number of them. */
static unsigned read_digits(const char *text, struct origin_range *range) {
    unsigned digits = 0;
    uint64_t code = 0, width = 1;
    for (; digits < 11 && text[digits] >= '0' && text[digits] <= '9'; digits++) {
        code = code * 10 + (uint64_t)(text[digits] - '0');
    }
    if (digits < 2 || digits > 10 || digits % 2 != 0) {
        return 0;
    }
    for (unsigned i = digits; i < 10; i++) {
        width *= 10;
    }
    *range = (struct origin_range){code * width, code * width + width - 1};
    return digits;
}

int origin_yaml_range(const struct node *node, struct origin_range *range, struct error *err) {
    const char *text;
    if (entry_text(node, &text, err) < 0) {
        return -1;
    }
    struct origin_range last;
    unsigned used = read_digits(text, range);
    if (used > 0 && text[used] == '-') {
        unsigned more = read_digits(text + used + 1, &last);
        used = more > 0 ? used + 1 + more : 0;
        if (used > 0 && last.high < range->low) {
            return node_error(node, err, "the last code is below the first");
        }
        range->high = used > 0 ? last.high : 0;
    }
    if (used == 0 || text[used] != '\0') {
        return node_error(node, err,
                          "'%.60s' is no code: 2, 4, 6, 8 or 10 digits, or two such "
                          "with - between",
                          text);
    }
    return 0;
}

static int read_codes(struct reader *reader, const struct node *node,
                      struct origin_ranges *ranges) {
    if (node == NULL) {
        return 0;
    }
    if (node->kind != NODE_SEQUENCE || node->count == 0) {
        return node_error(node, reader->err,
                          "expected a list of codes, such as [\"17\", \"2207\"]");
    }
    struct origin_range *items = ARENA_ARRAY(reader->arena, struct origin_range, node->count);
    unsigned count = 0;
    for (const struct node *item = node->first; item != NULL; item = item->next) {
        if (origin_yaml_range(item, &items[count++], reader->err) < 0) {
            return -1;
        }
    }
    *ranges = (struct origin_ranges){count, items};
    return 0;
}

static int read_codes_alone(struct reader *reader, const struct node *node,
                            struct origin_test *test) {
    return read_codes(reader, node, &test->codes);
}

static int read_parts(struct reader *reader, const struct node *node, struct origin_test *test,
                      unsigned depth) {
    if (node->kind != NODE_SEQUENCE || node->count == 0 || node->count > PARTS_MAX) {
        return node_error(node, reader->err, "expected a list of 1 to %d tests", PARTS_MAX);
    }
    struct origin_test *parts = ARENA_ARRAY(reader->arena, struct origin_test, node->count);
    unsigned count = 0;
    for (const struct node *item = node->first; item != NULL; item = item->next, count++) {
        const struct origin_test *part = read_test(reader, item, depth + 1);
        if (part == NULL) {
            return -1;
        }
        parts[count] = *part;
        if (count > 0) {
            parts[count - 1].next = &parts[count];
        }
    }
    test->first = parts;
    return 0;
}

/* wholly_obtained: goods, or a list of the materials that have to be. */
static int read_obtained(struct reader *reader, const struct node *node, struct origin_test *test) {
    if (node->kind == NODE_SCALAR && strcmp(node->text, "goods") == 0) {
        test->kind = ORIGIN_TEST_GOODS_OBTAINED;
        return 0;
    }
    return read_codes(reader, node, &test->codes);
}

static int read_allowance(struct reader *reader, const struct node *node,
                          struct origin_test *test) {
    if (node == NULL) {
        return 0;
    }
    const struct node *share, *codes = node_get(node, "codes");
    if (entry_keys(node, "codes|share", "an allowance", reader->err) < 0 ||
        (share = entry_need(node, "share", reader->err)) == NULL ||
        entry_share(share, 100, &test->allowed_share, reader->err) < 0 ||
        read_codes(reader, codes, &test->allowed) < 0) {
        return -1;
    }
    test->has_allowance = true;
    test->allows_same_heading = codes == NULL;
    return 0;
}

static int read_change(struct reader *reader, const struct node *node, struct origin_test *test) {
    const struct node *of;
    int level = 0;
    if (entry_keys(node, "of|except|unless", "a change", reader->err) < 0 ||
        (of = entry_need(node, "of", reader->err)) == NULL ||
        entry_choice(of, "chapter|heading|subheading", &level, reader->err) < 0 ||
        read_codes(reader, node_get(node, "except"), &test->codes) < 0 ||
        read_allowance(reader, node_get(node, "unless"), test) < 0) {
        return -1;
    }
    test->level = 2 * ((unsigned)level + 1);
    return 0;
}

static int read_base(struct reader *reader, const struct node *node, bool *is_fob) {
    int base = 0;
    if (node != NULL && entry_choice(node, "ex_works|fob", &base, reader->err) < 0) {
        return -1;
    }
    *is_fob = node != NULL ? base == 1 : *is_fob;
    return 0;
}

static int read_maximum(struct reader *reader, const struct node *node, struct origin_test *test) {
    bool by_weight = test->kind == ORIGIN_TEST_WEIGHT_MAX;
    const struct node *share;
    if (entry_keys(node, by_weight ? "share|codes" : "share|codes|base", "a limit", reader->err) <
            0 ||
        (share = entry_need(node, "share", reader->err)) == NULL ||
        entry_share(share, 100, &test->share, reader->err) < 0 ||
        read_codes(reader, node_get(node, "codes"), &test->codes) < 0) {
        return -1;
    }
    return read_base(reader, node_get(node, "base"), &test->is_fob);
}

/* Either method is a choice of two tests. */
static int read_content(struct reader *reader, const struct node *node, struct origin_test *test) {
    const struct node *share, *method = node_get(node, "method");
    int way = 0;
    test->is_fob = true;
    if (entry_keys(node, "share|method|base", "a regional content", reader->err) < 0 ||
        (share = entry_need(node, "share", reader->err)) == NULL ||
        entry_share(share, 100, &test->share, reader->err) < 0 ||
        (method != NULL &&
         entry_choice(method, "build_down|build_up|either", &way, reader->err) < 0) ||
        read_base(reader, node_get(node, "base"), &test->is_fob) < 0) {
        return -1;
    }
    test->kind = way == 1 ? ORIGIN_TEST_BUILD_UP : ORIGIN_TEST_BUILD_DOWN;
    if (way == 2) {
        struct origin_test *ways = ARENA_ARRAY(reader->arena, struct origin_test, 2);
        ways[0] = ways[1] = *test;
        ways[1].kind = ORIGIN_TEST_BUILD_UP;
        ways[0].next = &ways[1];
        test->kind = ORIGIN_TEST_ANY;
        test->first = ways;
    }
    return 0;
}

static int read_true(struct reader *reader, const struct node *node, struct origin_test *test) {
    bool value = false;
    (void)test;
    if (entry_boolean(node, &value, reader->err) < 0) {
        return -1;
    }
    return value ? 0 : node_error(node, reader->err, "only true can stand here");
}

static int read_words(struct reader *reader, const struct node *node, struct origin_test *test) {
    return entry_text(node, &test->words, reader->err);
}

static int read_as_text(struct reader *reader, const struct node *node, struct origin_test *test) {
    const char *text;
    if (entry_text(node, &text, reader->err) < 0) {
        return -1;
    }
    *test = *origin_text_read(text, reader->arena);
    return 0;
}

static const struct {
    const char *key;
    enum origin_kind kind;
    int (*read)(struct reader *reader, const struct node *node, struct origin_test *test);
} tests[] = {
    {"all", ORIGIN_TEST_ALL, NULL},
    {"any", ORIGIN_TEST_ANY, NULL},
    {"wholly_obtained", ORIGIN_TEST_OBTAINED, read_obtained},
    {"originating", ORIGIN_TEST_ORIGINATING, read_codes_alone},
    {"change", ORIGIN_TEST_CHANGE, read_change},
    {"not_from", ORIGIN_TEST_NOT_FROM, read_codes_alone},
    {"only_from", ORIGIN_TEST_ONLY_FROM, read_codes_alone},
    {"any_heading", ORIGIN_TEST_ANY_HEADING, read_true},
    {"value_max", ORIGIN_TEST_VALUE_MAX, read_maximum},
    {"weight_max", ORIGIN_TEST_WEIGHT_MAX, read_maximum},
    {"content_min", ORIGIN_TEST_BUILD_DOWN, read_content},
    {"balance", ORIGIN_TEST_BALANCE, read_true},
    {"text", ORIGIN_TEST_HUMAN, read_as_text},
    {"human", ORIGIN_TEST_HUMAN, read_words},
};

enum { TEST_COUNT = sizeof tests / sizeof tests[0] };

static const struct origin_test *read_test(struct reader *reader, const struct node *node,
                                           unsigned depth) {
    if (node->kind != NODE_MAPPING || node->count != 1 || depth > DEPTH_MAX) {
        node_error(node, reader->err,
                   "expected one test: a mapping with one key, no deeper than "
                   "%d",
                   DEPTH_MAX);
        return NULL;
    }
    const struct node *value = node->first;
    const char *names[TEST_COUNT];
    for (unsigned i = 0; i < TEST_COUNT; i++) {
        names[i] = tests[i].key;
        if (strcmp(value->key, tests[i].key) != 0) {
            continue;
        }
        struct origin_test *test = ARENA_NEW(reader->arena, struct origin_test);
        *test = (struct origin_test){
            .kind = tests[i].kind, .share = exact_integer(0), .allowed_share = exact_integer(0)};
        int status = tests[i].read == NULL ? read_parts(reader, value, test, depth)
                                           : tests[i].read(reader, value, test);
        return status < 0 ? NULL : test;
    }
    entry_unknown(value, "test of a rule of origin", value->key, names, TEST_COUNT, reader->err);
    return NULL;
}

const struct origin_test *origin_yaml_test(const struct node *node, struct arena *arena,
                                           struct error *err) {
    struct reader reader = {arena, err};
    return read_test(&reader, node, 0);
}

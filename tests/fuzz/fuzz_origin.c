/* SPDX-License-Identifier: GPL-3.0-or-later
 * fuzz_origin.c - goal: no bytes make the readers of rules of origin, quotas and surges crash, hang
 * or refuse without a place; what they read can be used. Method: text that begins with
 * "scheme_code" is a table of rules, other text is YAML with the sections quotas, schemes and
 * surges. Whatever was read is put to use: goods are judged under every scheme, quotas are drawn
 * and surges recorded. */
#include "core/tariff/origin.h"
#include "core/tariff/quota.h"
#include "core/tariff/surge.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static _Noreturn void fail(const char *what) {
    fprintf(stderr, "%s\n", what);
    abort();
}

static void check_error(const struct error *err) {
    if (err->code != ERROR_INPUT || err->text[0] == '\0' || err->line < 1 || err->column < 1) {
        fprintf(stderr, "%d:%d: %s\n", err->line, err->column, err->text);
        fail("an error without a message or a place");
    }
}

/* Goods of the first code of each set, made of materials of codes near it. */
static void judge(const struct origin *origin) {
    for (unsigned i = 0; i < origin->scheme_count; i++) {
        const struct origin_scheme *scheme = &origin->schemes[i];
        for (unsigned j = 0; j < scheme->set_count && j < 20; j++) {
            uint64_t code = origin->sets[scheme->set_first + j].low;
            struct origin_goods goods = {
                .code = code, .ex_works = {100, 1}, .fob = {120, 1}, .weight = {7, 2}};
            struct origin_material materials[] = {
                {.code = code, .digits = 6, .value = {30, 1}, .weight = {1, 1}},
                {.code = 1701140000, .digits = 10, .area = "FR", .value = {1, 3}},
                {.code = 5007000000, .digits = 4, .status = ORIGIN_ORIGINATING}};
            struct origin_judgement judgement;
            const struct origin_set *sets[4];
            origin_judge(origin, (int)i, &goods, materials, 3, &judgement);
            if (judgement.why[0] == '\0' || origin_sets(origin, (int)i, code, sets, 4) == 0) {
                fail("a judgement without a reason, or a set that is not found");
            }
        }
    }
}

static void draw(const struct quotas *quotas, struct arena *arena) {
    struct quota_book book;
    struct error err = ERROR_INIT;
    quota_book_open(&book, quotas, arena);
    for (unsigned i = 0; i < quotas->count && i < 50; i++) {
        const struct quota_definition *definition = &quotas->definitions[i];
        struct quota_draw draws[3];
        for (int j = 0; j < 3; j++) {
            draws[j] = (struct quota_draw){.definition = (int)i,
                                           .accepted_day = definition->from_day + j / 2,
                                           .asked = exact_ratio(1234567 + j, 7),
                                           .licence_left = exact_integer(1000)};
        }
        if (quota_allocate(&book, draws, 3, definition->to_day, &err) < 0 ||
            quota_return(&book, &draws[0], draws[0].granted, definition->to_day, &err) < 0) {
            fail(err.text);
        }
        quota_carry_over(&book, (int)i, definition->carry.on_day);
    }
    for (unsigned i = 0; i < quotas->count; i++) {
        if (exact_sign(book.balances[i].balance) < 0) {
            fail("a balance below zero");
        }
    }
}

static void record(const struct surges *surges, struct arena *arena) {
    struct surge_book book;
    struct error err = ERROR_INIT;
    surge_book_open(&book, surges, 19000, arena);
    for (unsigned i = 0; i < surges->count && i < 50; i++) {
        const struct surge *surge = &surges->items[i];
        struct exact duty;
        for (int64_t day = 19001; surge->unit != NULL && day < 21000; day += 333) {
            if (surge_record(&book, (int)i, day, exact_ratio(123456789, 100), &err) < 0) {
                fail(err.text);
            }
            surge_applies(&book, (int)i, day, day - 10);
        }
        if (surge->bracket_count > 0 && surge_price_duty(surge, exact_ratio(7, 2), &duty) == 0 &&
            exact_sign(duty) < 0) {
            fail("a duty below zero");
        }
    }
}

static void read_table(struct arena *arena, char *text) {
    struct origin_table table = {.name = "table", .text = text};
    struct origin origin;
    struct error err = ERROR_INIT;
    if (origin_read(NULL, &table, 1, arena, &origin, &err) == 0) {
        judge(&origin);
    } else {
        check_error(&err);
    }
}

static void read_sections(struct arena *arena, const char *text, size_t size) {
    struct error err = ERROR_INIT;
    const struct node *document = node_read_text(arena, "document", text, size, &err);
    const struct node *quota = node_get(document, "quotas"), *surge = node_get(document, "surges");
    struct origin origin;
    struct quotas quotas;
    struct surges surges;
    if (origin_read(node_get(document, "schemes"), NULL, 0, arena, &origin, &err) == 0) {
        judge(&origin);
    } else if (document != NULL) {
        check_error(&err);
    }
    err = (struct error)ERROR_INIT;
    if (quota != NULL && quota_read(quota, arena, &quotas, &err) == 0) {
        draw(&quotas, arena);
    } else if (quota != NULL) {
        check_error(&err);
    }
    err = (struct error)ERROR_INIT;
    if (surge != NULL && surge_read(surge, arena, &surges, &err) == 0) {
        record(&surges, arena);
    } else if (surge != NULL) {
        check_error(&err);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct arena arena = ARENA_INIT;
    char *text = arena_text(&arena, (const char *)data, size);
    static const char begin[] = "scheme_code";
    if (size >= strlen(begin) && memcmp(text, begin, strlen(begin)) == 0) {
        read_table(&arena, text);
    } else if (size <= 20000) {
        read_sections(&arena, text, size);
    }
    arena_free(&arena);
    return 0;
}

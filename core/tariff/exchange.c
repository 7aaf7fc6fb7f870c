/* SPDX-License-Identifier: GPL-3.0-or-later
 * exchange.c - reads tables of exchange rates and finds the rate of a day. */
#include "core/tariff/exchange.h"

#include "core/base/csv.h"
#include "core/base/units.h"

#include <string.h>

int exchange_number(const struct node *node, struct exact *number, struct error *err) {
    char text[96];
    size_t length = node->kind == NODE_SCALAR ? strlen(node->text) : 0;
    if (length > 0 && length < sizeof text) {
        memcpy(text, node->text, length + 1);
        bool is_percent = text[length - 1] == '%';
        if (is_percent) {
            text[--length] = '\0';
            while (length > 0 && text[length - 1] == ' ') {
                text[--length] = '\0';
            }
        }
        if (exact_parse(text, number) == 0 &&
            (!is_percent || exact_divide(*number, exact_integer(100), number) == 0)) {
            return 0;
        }
    }
    return node_error(node, err, "expected a number, e.g. 12.50, 1/3 or 15 %%");
}

int exchange_day(const struct node *node, int64_t *day, struct error *err) {
    if (node == NULL) {
        return 0;
    }
    struct error wrong = ERROR_INIT;
    struct place place = {.source = node->source->name, .line = node->line};
    if (node->kind != NODE_SCALAR || units_parse_date(node->text, day, place, &wrong) != 0) {
        return node_error(node, err, "expected a date, e.g. 2024-02-29");
    }
    return 0;
}

int exchange_rounding(const struct node *node, struct rounding *rounding, struct error *err) {
    static const char *const modes[] = {"none", "half_up", "half_even", "half_down",
                                        "down", "up",      "floor",     "ceiling"};
    const char *text = node->kind == NODE_SCALAR ? node->text : "";
    size_t length = strcspn(text, " ");
    for (unsigned mode = 0; mode < sizeof modes / sizeof modes[0]; mode++) {
        if (strlen(modes[mode]) != length || strncmp(modes[mode], text, length) != 0) {
            continue;
        }
        rounding->mode = (enum rounding_mode)mode;
        rounding->step = exact_integer(1);
        const char *step = text + length + strspn(text + length, " ");
        if ((mode == ROUNDING_NONE && *step == '\0') ||
            (mode != ROUNDING_NONE && exact_parse(step, &rounding->step) == 0 &&
             exact_sign(rounding->step) > 0)) {
            return 0;
        }
    }
    return node_error(node, err, "expected a mode (%s) and a step above 0, e.g. half_up 0.01",
                      ROUNDING_MODE_CHOICES);
}

static int read_dated(const struct node *list, struct arena *arena,
                      struct exchange_currency *currency, struct error *err) {
    struct exchange_rate *rates = ARENA_ARRAY(arena, struct exchange_rate, list->count + 1);
    currency->rates = rates;
    for (const struct node *row = list->first; row != NULL; row = row->next) {
        struct exchange_rate *rate = &rates[currency->count];
        rate->from_day = UNITS_DAY_MIN;
        rate->to_day = UNITS_DAY_MAX;
        const struct node *number = node_get(row, "rate");
        if (number == NULL) {
            return node_error(row, err, "expected {from: DATE, to: DATE, rate: NUMBER}");
        }
        if (exchange_day(node_get(row, "from"), &rate->from_day, err) != 0 ||
            exchange_day(node_get(row, "to"), &rate->to_day, err) != 0 ||
            exchange_number(number, &rate->rate, err) != 0) {
            return -1;
        }
        if (rate->from_day > rate->to_day ||
            (currency->count > 0 && rates[currency->count - 1].to_day >= rate->from_day)) {
            return node_error(row, err, "rates of a currency stand in order and don't overlap");
        }
        currency->count++;
    }
    return 0;
}

/* A row is a first day and a rate; it ends where the next begins, the last with its month. */
static int read_rows(const struct node *text, struct arena *arena,
                     struct exchange_currency *currency, struct error *err) {
    struct csv csv;
    size_t capacity = 0;
    struct exchange_rate *rates = NULL;
    csv_init(&csv, text->source->name, arena_text(arena, text->text, strlen(text->text)), ',');
    int status;
    while ((status = csv_next(&csv, err)) > 0) {
        rates = arena_grow(arena, rates, currency->count, &capacity, sizeof *rates);
        struct exchange_rate *rate = &rates[currency->count];
        struct place place = {.source = text->source->name, .line = text->line};
        struct error wrong = ERROR_INIT;
        if (csv.count < 2 || units_parse_date(csv.fields[0], &rate->from_day, place, &wrong) != 0 ||
            exact_parse(csv.fields[1], &rate->rate) != 0) {
            if (currency->count == 0 && csv.count >= 2 && csv.fields[0][0] > '9') {
                continue; /* a header */
            }
            return node_error(text, err, "row %d: expected DATE,RATE", csv.row_line);
        }
        rate->to_day = rate->from_day + 30;
        if (currency->count > 0) {
            if (rates[currency->count - 1].from_day >= rate->from_day) {
                return node_error(text, err, "row %d: rows stand in order of date", csv.row_line);
            }
            rates[currency->count - 1].to_day = rate->from_day - 1;
        }
        currency->count++;
    }
    currency->rates = rates;
    return status;
}

static int read_currency(const struct node *node, struct arena *arena,
                         struct exchange_currency *currency, struct error *err) {
    if (strlen(node->key) != 3) {
        return node_key_error(node, err, "expected a currency of three letters, e.g. EUR");
    }
    memcpy(currency->code, node->key, 4);
    const struct node *rows = node_get(node, "rows");
    if (rows != NULL && rows->kind == NODE_SCALAR) {
        return read_rows(rows, arena, currency, err);
    }
    if (node->kind == NODE_SEQUENCE) {
        return read_dated(node, arena, currency, err);
    }
    struct exchange_rate *rate = ARENA_NEW(arena, struct exchange_rate);
    *rate = (struct exchange_rate){.from_day = UNITS_DAY_MIN, .to_day = UNITS_DAY_MAX};
    currency->rates = rate;
    currency->count = 1;
    return exchange_number(node, &rate->rate, err);
}

int exchange_read(const struct node *document, struct arena *arena, struct exchange *exchange,
                  struct error *err) {
    *exchange = (struct exchange){.rounding = {.step = {1, 1}}};
    const struct node *own = node_get(document, "currency");
    if (own != NULL) {
        if (own->kind != NODE_SCALAR || strlen(own->text) != 3) {
            return node_error(own, err, "expected a currency of three letters, e.g. EUR");
        }
        memcpy(exchange->own, own->text, 4);
    }
    const struct node *section = node_get(document, "exchange");
    if (section != NULL && section->kind != NODE_MAPPING) {
        return node_error(section, err, "expected {rates: {EUR: NUMBER, ...}}");
    }
    const struct node *rounding = node_get(section, "rate_round");
    if (rounding != NULL && exchange_rounding(rounding, &exchange->rounding, err) != 0) {
        return -1;
    }
    const struct node *rates = node_get(section, "rates");
    for (const struct node *node = rates != NULL ? rates->first : NULL; node; node = node->next) {
        if (node->key == NULL || exchange->count == EXCHANGE_CURRENCIES_MAX) {
            return node_error(rates, err, "expected at most %d currencies by name",
                              EXCHANGE_CURRENCIES_MAX);
        }
        if (read_currency(node, arena, &exchange->currencies[exchange->count], err) != 0) {
            return -1;
        }
        exchange->count++;
    }
    return 0;
}

int exchange_find(const struct exchange *exchange, const char code[4]) {
    if (exchange->own[0] == '\0' || code[0] == '\0' || strcmp(exchange->own, code) == 0) {
        return EXCHANGE_OWN;
    }
    for (unsigned i = 0; i < exchange->count; i++) {
        if (strcmp(exchange->currencies[i].code, code) == 0) {
            return (int)i;
        }
    }
    return EXCHANGE_UNKNOWN;
}

const struct exact *exchange_on(const struct exchange *exchange, int currency, int64_t day) {
    const struct exchange_currency *table = &exchange->currencies[currency];
    uint32_t low = 0, high = table->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (table->rates[middle].to_day < day) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < table->count && table->rates[low].from_day <= day ? &table->rates[low].rate : NULL;
}

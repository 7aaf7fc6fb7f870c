/* SPDX-License-Identifier: GPL-3.0-or-later
 * levy_rows.c - reads the rows of a levy: what it charges, from when, known since when, rounded
 * where. */
#include "core/base/units.h"
#include "core/tariff/levy_build.h"

#include <string.h>

struct row_reader {
    struct levy_builder *builder;
    const struct node *levy, *row; /* row may be NULL: the levy has only one */
    unsigned index;
    struct levy_row *to;
};

static const char *const row_keys[] = {
    "from",  "to",         "known_from", "known_to",      "when",
    "base",  "base_round", "rate",       "measures",      "component_round",
    "round", "minimum",    "maximum",    "entry_minimum", "entry_maximum",
    "waive", "tiers",      "slices",     "slices_of",     "reference"};
enum { ROW_KEYS = sizeof row_keys / sizeof row_keys[0] };

static bool is_row_key(const char *key) {
    for (unsigned i = 0; i < ROW_KEYS; i++) {
        if (strcmp(row_keys[i], key) == 0) {
            return true;
        }
    }
    return false;
}

/* What the row says goes before what the levy says. */
static const struct node *get(const struct row_reader *reader, const char *key) {
    const struct node *node = node_get(reader->row, key);
    return node != NULL ? node : node_get(reader->levy, key);
}

static int check_keys(const struct row_reader *reader, const struct node *node, bool is_levy) {
    if (node->kind != NODE_MAPPING) {
        return node_error(node, reader->builder->err,
                          "expected a row by its keys, e.g. {rate: 5%%}");
    }
    for (const struct node *key = node->first; key != NULL; key = key->next) {
        bool is_known = is_row_key(key->key) || (is_levy && (strcmp(key->key, "kind") == 0 ||
                                                             strcmp(key->key, "doc") == 0 ||
                                                             strcmp(key->key, "rows") == 0));
        if (!is_known) {
            return node_key_error(key, reader->builder->err, "unknown key '%s' of a levy%s",
                                  key->key, error_hint(key->key, row_keys, ROW_KEYS, "").text);
        }
    }
    return 0;
}

static int read_sum(const struct row_reader *reader, const char *key, struct levy_sum *sum,
                    bool *is_given) {
    const struct node *node = get(reader, key);
    *is_given = node != NULL;
    return node == NULL ? 0 : levy_build_sum(reader->builder, node, sum);
}

static int read_rounding(const struct row_reader *reader, const char *key,
                         struct rounding *rounding) {
    const struct node *node = get(reader, key);
    *rounding = (struct rounding){.mode = ROUNDING_NONE, .step = {1, 1}};
    return node == NULL ? 0 : exchange_rounding(node, rounding, reader->builder->err);
}

static int read_rate(const struct row_reader *reader, const struct node *node) {
    struct levy_builder *builder = reader->builder;
    struct duty duty;
    if (node->kind != NODE_SCALAR) {
        return node_error(node, builder->err,
                          "expected a duty expression, e.g. 8.5%% + 2 EUR / kg");
    }
    struct place place = {.source = node->source->name, .line = node->line, .column = node->column};
    if (duty_parse(node->text, builder->arena, place, &duty, NULL, builder->err) != 0 ||
        levy_build_duty(builder, &duty, &reader->to->duty) != 0) {
        return -1;
    }
    for (unsigned i = 0; i < duty.count; i++) {
        if (reader->to->duty.components[i].currency == EXCHANGE_UNKNOWN) {
            return node_error(node, builder->err, "there is no exchange rate of %s",
                              duty.components[i].currency);
        }
    }
    reader->to->charge = LEVY_RATE;
    return 0;
}

static int read_choice(const struct row_reader *reader, const struct node *node) {
    static const char *const names[] = {"sum", "lowest", "highest", "first"};
    for (unsigned i = 0; node->kind == NODE_SCALAR && i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(node->text, names[i]) == 0) {
            reader->to->charge = LEVY_MEASURES;
            reader->to->choice = (enum levy_choice)i;
            return 0;
        }
    }
    return node_error(node, reader->builder->err, "expected sum, lowest, highest or first");
}

static int read_tier(const struct row_reader *reader, const struct node *node,
                     struct levy_tier *tier, bool is_slice) {
    struct error *err = reader->builder->err;
    const struct node *from = node_get(node, "from"), *amount = node_get(node, "amount");
    const struct node *to = node_get(node, is_slice ? "to" : "up_to"),
                      *rate = node_get(node, "rate");
    *tier = (struct levy_tier){.is_open = to == NULL,
                               .has_amount = amount != NULL,
                               .from = exact_integer(0),
                               .to = exact_integer(0),
                               .amount = exact_integer(0),
                               .rate = exact_integer(0)};
    if ((amount == NULL) == (rate == NULL) || (is_slice && rate == NULL)) {
        return node_error(node, err,
                          is_slice ? "expected {from: SHARE, to: SHARE, rate: SHARE}"
                                   : "expected {up_to: LIMIT, amount: AMOUNT} or rate");
    }
    if ((from != NULL && exchange_number(from, &tier->from, err) != 0) ||
        (to != NULL && exchange_number(to, &tier->to, err) != 0) ||
        (amount != NULL && exchange_number(amount, &tier->amount, err) != 0) ||
        (rate != NULL && exchange_number(rate, &tier->rate, err) != 0)) {
        return -1;
    }
    return 0;
}

static int read_tiers(const struct row_reader *reader, const struct node *list, bool is_slices) {
    struct levy_row *to = reader->to;
    struct error *err = reader->builder->err;
    if (list->kind != NODE_SEQUENCE || list->count == 0 || list->count > LEVY_TIERS_MAX) {
        return node_error(list, err, "expected a list of 1 to %d", LEVY_TIERS_MAX);
    }
    struct levy_tier *tiers = ARENA_ARRAY(reader->builder->arena, struct levy_tier, list->count);
    for (const struct node *node = list->first; node != NULL; node = node->next) {
        struct levy_tier *tier = &tiers[to->tier_count];
        if (read_tier(reader, node, tier, is_slices) != 0) {
            return -1;
        }
        const struct levy_tier *before = to->tier_count > 0 ? tier - 1 : NULL;
        if ((before != NULL &&
             (before->is_open || (!tier->is_open && exact_compare(before->to, tier->to) >= 0))) ||
            (is_slices && before != NULL && exact_compare(before->to, tier->from) > 0)) {
            return node_error(node, err, "limits rise, and only the last is open");
        }
        to->tier_count++;
    }
    to->tiers = tiers;
    to->charge = is_slices ? LEVY_SLICES : LEVY_TIERS;
    return 0;
}

static int read_charge(const struct row_reader *reader) {
    const struct node *found = NULL;
    static const char *const keys[] = {"rate", "measures", "tiers", "slices"};
    /* The row's own comes first: it replaces whatever kind of charge the levy has. */
    for (int level = 0; level < 2 && found == NULL; level++) {
        const struct node *from = level == 0 ? reader->row : reader->levy;
        for (unsigned i = 0; i < sizeof keys / sizeof keys[0]; i++) {
            const struct node *node = node_get(from, keys[i]);
            if (node != NULL && found != NULL) {
                return node_key_error(node, reader->builder->err,
                                      "one of rate, measures, tiers and slices is enough");
            }
            found = node != NULL ? node : found;
        }
    }
    if (found == NULL) {
        reader->to->charge = LEVY_AS_BASE;
        return 0;
    }
    return found->key[0] == 'r'   ? read_rate(reader, found)
           : found->key[0] == 'm' ? read_choice(reader, found)
                                  : read_tiers(reader, found, found->key[0] == 's');
}

static int read_waive(const struct row_reader *reader) {
    const struct node *node = get(reader, "waive");
    if (node == NULL) {
        return 0;
    }
    const char *text = node->kind == NODE_SCALAR ? node->text : "";
    bool is_at_most = strncmp(text, "at most ", 8) == 0, is_below = strncmp(text, "below ", 6) == 0;
    if ((!is_at_most && !is_below) ||
        exact_parse(text + (is_at_most ? 8 : 6), &reader->to->waive_limit) != 0) {
        return node_error(node, reader->builder->err,
                          "expected `at most AMOUNT` or `below AMOUNT`");
    }
    reader->to->waive = is_at_most ? LEVY_WAIVE_AT_MOST : LEVY_WAIVE_BELOW;
    return 0;
}

/* Conditions are judged when the levy's turn comes: later levies have no amount yet. */
static int check_condition(const struct row_reader *reader, const struct node *node,
                           const struct expression *when) {
    unsigned count;
    const struct levy_plan *plan = reader->builder->plan;
    const uint16_t *inputs = expression_inputs(when, &count);
    for (unsigned i = 0; i < count; i++) {
        if (inputs[i] >= plan->fact_count + reader->index) {
            return node_error(node, reader->builder->err,
                              "'%s' has no amount yet: conditions look at facts and former levies",
                              plan->names[inputs[i]]);
        }
    }
    return 0;
}

static int read_when(const struct row_reader *reader) {
    const struct node *levy = node_get(reader->levy, "when"), *row = node_get(reader->row, "when");
    const struct node *node = row != NULL ? row : levy;
    struct levy_builder *builder = reader->builder;
    if (node == NULL) {
        return 0;
    }
    for (int i = 0; i < 2; i++) {
        const struct node *one = i == 0 ? levy : row;
        if (one != NULL && one->kind != NODE_SCALAR) {
            return node_error(one, builder->err, "expected a condition, e.g. mode == sea");
        }
    }
    const char *text = levy != NULL && row != NULL
                           ? arena_format(builder->arena, "(%s) and (%s)", row->text, levy->text)
                           : node->text;
    struct place place = {.source = node->source->name, .line = node->line, .column = node->column};
    reader->to->when = expression_compile(text, VALUE_BOOLEAN, &builder->plan->expression_names,
                                          builder->arena, place, builder->err);
    builder->plan->has_conditions = true;
    return reader->to->when == NULL ? -1 : check_condition(reader, node, reader->to->when);
}

static int read_dates(const struct row_reader *reader) {
    struct levy_row *to = reader->to;
    struct error *err = reader->builder->err;
    to->from_day = to->known_from_day = UNITS_DAY_MIN;
    to->to_day = to->known_to_day = UNITS_DAY_MAX;
    if (exchange_day(get(reader, "from"), &to->from_day, err) != 0 ||
        exchange_day(get(reader, "to"), &to->to_day, err) != 0 ||
        exchange_day(get(reader, "known_from"), &to->known_from_day, err) != 0 ||
        exchange_day(get(reader, "known_to"), &to->known_to_day, err) != 0) {
        return -1;
    }
    if (to->from_day > to->to_day || to->known_from_day > to->known_to_day) {
        return node_error(reader->row != NULL ? reader->row : reader->levy, err,
                          "ends before it begins");
    }
    return 0;
}

static bool reads_from(const struct levy_plan *plan, const struct levy_sum *sum, unsigned levy) {
    for (unsigned t = 0; t < sum->count; t++) {
        const struct levy_term *term = &sum->terms[t];
        for (unsigned f = 0; f < term->factor_count; f++) {
            unsigned of = levy_of_slot(plan, term->factors[f]);
            if (of != LEVY_MAX && of >= levy) {
                return true;
            }
        }
        for (unsigned d = 0; d < term->divisor_count; d++) {
            unsigned of = levy_of_slot(plan, term->divisors[d]);
            if (of != LEVY_MAX && of >= levy) {
                return true;
            }
        }
    }
    return false;
}

/* Limits of all items together are plain amounts: items differ in their facts. */
static int read_entry_limits(const struct row_reader *reader) {
    struct levy_row *to = reader->to;
    struct error *err = reader->builder->err;
    const struct node *least = get(reader, "entry_minimum"), *most = get(reader, "entry_maximum");
    to->has_entry_minimum = least != NULL;
    to->has_entry_maximum = most != NULL;
    if (least == NULL && most == NULL) {
        return 0;
    }
    reader->builder->plan->has_entry_limits = true;
    if ((least != NULL && exchange_number(least, &to->entry_minimum, err) != 0) ||
        (most != NULL && exchange_number(most, &to->entry_maximum, err) != 0)) {
        return -1;
    }
    bool is_crossed =
        least != NULL && most != NULL && exact_compare(to->entry_minimum, to->entry_maximum) > 0;
    if (is_crossed || (least != NULL && exact_sign(to->entry_minimum) < 0)) {
        return node_error(least, err, "expected 0 or more, and no more than the maximum");
    }
    return to->waive != LEVY_COLLECT
               ? node_error(least != NULL ? least : most, err,
                            "what an item waives can't be held against limits of all items")
               : 0;
}

static int read_row(const struct row_reader *reader) {
    struct levy_row *to = reader->to;
    bool has_base, has_slices_of;
    const struct node *reference = get(reader, "reference");
    to->reference = reference != NULL ? reference->text : NULL;
    to->node = reader->row != NULL ? reader->row : reader->levy;
    if (read_dates(reader) != 0 || read_when(reader) != 0 ||
        read_sum(reader, "base", &to->base, &has_base) != 0 ||
        read_rounding(reader, "base_round", &to->base_round) != 0 ||
        read_rounding(reader, "component_round", &to->component_round) != 0 ||
        read_rounding(reader, "round", &to->round) != 0 || read_charge(reader) != 0 ||
        read_sum(reader, "minimum", &to->minimum, &to->has_minimum) != 0 ||
        read_sum(reader, "maximum", &to->maximum, &to->has_maximum) != 0 ||
        read_sum(reader, "slices_of", &to->slices_of, &has_slices_of) != 0 ||
        read_waive(reader) != 0 || read_entry_limits(reader) != 0) {
        return -1;
    }
    const struct levy_plan *plan = reader->builder->plan;
    if (reads_from(plan, &to->minimum, reader->index) ||
        reads_from(plan, &to->maximum, reader->index) ||
        reads_from(plan, &to->slices_of, reader->index)) {
        return node_error(to->node, reader->builder->err,
                          "limits are made of facts and former levies");
    }
    to->is_circular = reads_from(plan, &to->base, reader->index);
    if (to->charge == LEVY_SLICES && !has_slices_of) {
        return node_error(to->node, reader->builder->err, "slices need slices_of: their whole");
    }
    if (!has_base && to->charge != LEVY_RATE && to->charge != LEVY_MEASURES) {
        return node_error(to->node, reader->builder->err, "there is no base");
    }
    return 0;
}

int levy_build_rows(struct levy_builder *builder, const struct node *node, unsigned levy) {
    struct row_reader reader = {.builder = builder, .levy = node, .index = levy};
    const struct node *list = node_get(node, "rows");
    if (list != NULL &&
        (list->kind != NODE_SEQUENCE || list->count == 0 || list->count > LEVY_ROWS_MAX)) {
        return node_error(list, builder->err, "expected a list of 1 to %d rows", LEVY_ROWS_MAX);
    }
    unsigned count = list != NULL ? list->count : 1;
    struct levy_row *rows = ARENA_ARRAY(builder->arena, struct levy_row, count);
    builder->plan->levies[levy].rows = rows;
    if (check_keys(&reader, node, true) != 0) {
        return -1;
    }
    reader.row = list != NULL ? list->first : NULL;
    for (unsigned i = 0; i < count; i++) {
        reader.to = &rows[i];
        if ((reader.row != NULL && check_keys(&reader, reader.row, false) != 0) ||
            read_row(&reader) != 0) {
            return -1;
        }
        builder->plan->levies[levy].row_count++;
        reader.row = reader.row != NULL ? reader.row->next : NULL;
    }
    return 0;
}

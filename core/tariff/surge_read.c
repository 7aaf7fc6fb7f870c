/* SPDX-License-Identifier: GPL-3.0-or-later
 * surge_read.c - the section `surges` of a tariff, see surge.h. */
#include "core/base/units.h"
#include "core/tariff/entry.h"
#include "core/tariff/surge.h"

#include <string.h>

/* Whole days from `min` on, or the word `year` for 0 where that is allowed. */
static int read_days(const struct node *node, int min, bool may_be_year, int *days,
                     struct error *err) {
    struct exact number;
    if (may_be_year && node->kind == NODE_SCALAR && strcmp(node->text, "year") == 0) {
        *days = 0;
        return 0;
    }
    if (entry_number(node, SURGE_WINDOW_MAX, 0, &number, err) < 0) {
        return -1;
    }
    *days = (int)exact_reduced(number).numerator;
    return *days >= min ? 0 : node_error(node, err, "at least %d day", min);
}

static int read_optional_days(const struct node *mapping, const char *key, int *days,
                              struct error *err) {
    const struct node *node = node_get(mapping, key);
    *days = 0;
    return node == NULL ? 0 : read_days(node, 0, false, days, err);
}

/* One volume for ever, or a list of volumes with the days from which they count. */
static int read_references(const struct node *node, struct arena *arena, struct surge *surge,
                           struct error *err) {
    bool is_list = node->kind == NODE_SEQUENCE;
    if (is_list && node->count == 0) {
        return node_error(node, err, "expected a volume or a list of {from: DATE, volume: NUMBER}");
    }
    unsigned count = is_list ? node->count : 1, index = 0;
    struct surge_reference *items = ARENA_ARRAY(arena, struct surge_reference, count);
    surge->references = items;
    surge->reference_count = count;
    if (!is_list) {
        items[0].from_day = UNITS_DAY_MIN;
        return entry_number(node, SURGE_VOLUME_MAX, 3, &items[0].volume, err);
    }
    for (const struct node *item = node->first; item != NULL; item = item->next, index++) {
        const struct node *from, *volume;
        if (entry_keys(item, "from|volume", "a reference", err) < 0 ||
            (from = entry_need(item, "from", err)) == NULL ||
            (volume = entry_need(item, "volume", err)) == NULL ||
            entry_day(from, &items[index].from_day, err) < 0 ||
            entry_number(volume, SURGE_VOLUME_MAX, 3, &items[index].volume, err) < 0) {
            return -1;
        }
        if (index > 0 && items[index].from_day <= items[index - 1].from_day) {
            return node_error(from, err, "references are in the order of their days");
        }
    }
    return 0;
}

static int read_share(const struct node *node, struct surge *surge, struct error *err) {
    const struct node *above = node_get(node, "above"), *at_least = node_get(node, "at_least");
    if ((above == NULL) == (at_least == NULL)) {
        return node_error(node, err, "expected one of the keys above and at_least");
    }
    surge->is_at_least = at_least != NULL;
    return entry_share(above != NULL ? above : at_least, 100000, &surge->share, err);
}

static int read_volume(const struct node *node, struct arena *arena, struct surge *surge,
                       struct error *err) {
    const struct node *unit, *window, *reference, *term, *spares;
    if (entry_keys(node, "unit|window|reference|above|at_least|notice|term|pause|spares_in_transit",
                   "a volume trigger", err) < 0 ||
        (unit = entry_need(node, "unit", err)) == NULL ||
        (window = entry_need(node, "window", err)) == NULL ||
        (reference = entry_need(node, "reference", err)) == NULL ||
        (term = entry_need(node, "term", err)) == NULL || entry_text(unit, &surge->unit, err) < 0 ||
        read_days(window, 1, true, &surge->window_days, err) < 0 ||
        read_references(reference, arena, surge, err) < 0 || read_share(node, surge, err) < 0 ||
        read_days(term, 1, true, &surge->term_days, err) < 0 ||
        read_optional_days(node, "notice", &surge->notice_days, err) < 0 ||
        read_optional_days(node, "pause", &surge->pause_days, err) < 0) {
        return -1;
    }
    spares = node_get(node, "spares_in_transit");
    return spares == NULL ? 0 : entry_boolean(spares, &surge->spares_in_transit, err);
}

/* All but the last bracket say where they end, each above the one before. */
static int read_bracket(const struct node *item, struct surge_bracket *bracket,
                        const struct surge_bracket *before, struct error *err) {
    const struct node *up_to = node_get(item, "up_to"), *rate;
    if (entry_keys(item, "up_to|rate", "a bracket", err) < 0 ||
        (rate = entry_need(item, "rate", err)) == NULL ||
        entry_share(rate, 1000, &bracket->rate, err) < 0) {
        return -1;
    }
    if ((up_to == NULL) != (item->next == NULL)) {
        return node_error(item, err, "every bracket but the last has the key up_to");
    }
    if (up_to == NULL) {
        return 0;
    }
    if (entry_share(up_to, 100, &bracket->up_to, err) < 0) {
        return -1;
    }
    bool is_higher = before == NULL ? exact_sign(bracket->up_to) > 0
                                    : exact_compare(bracket->up_to, before->up_to) > 0;
    return is_higher ? 0 : node_error(up_to, err, "a bracket ends above the one before");
}

static int read_price(const struct node *node, struct arena *arena, struct surge *surge,
                      struct error *err) {
    const struct node *trigger, *unit, *currency, *brackets;
    if (entry_keys(node, "trigger|per|currency|brackets", "a price trigger", err) < 0 ||
        (trigger = entry_need(node, "trigger", err)) == NULL ||
        (unit = entry_need(node, "per", err)) == NULL ||
        (currency = entry_need(node, "currency", err)) == NULL ||
        (brackets = entry_need(node, "brackets", err)) == NULL ||
        entry_number(trigger, SURGE_VOLUME_MAX, 6, &surge->trigger_price, err) < 0 ||
        entry_text(unit, &surge->price_unit, err) < 0 ||
        entry_text(currency, &surge->currency, err) < 0) {
        return -1;
    }
    if (exact_sign(surge->trigger_price) == 0 || strlen(surge->currency) != 3) {
        bool is_price = exact_sign(surge->trigger_price) == 0;
        return node_error(is_price ? trigger : currency, err,
                          is_price ? "a price of 0 triggers nothing"
                                   : "expected a currency of three letters, e.g. EUR");
    }
    if (brackets->kind != NODE_SEQUENCE || brackets->count == 0 ||
        brackets->count > SURGE_BRACKETS_MAX) {
        return node_error(brackets, err, "expected a list of 1 to %d brackets", SURGE_BRACKETS_MAX);
    }
    struct surge_bracket *items = ARENA_ARRAY(arena, struct surge_bracket, brackets->count);
    for (const struct node *item = brackets->first; item != NULL; item = item->next) {
        unsigned index = surge->bracket_count++;
        if (read_bracket(item, &items[index], index > 0 ? &items[index - 1] : NULL, err) < 0) {
            return -1;
        }
    }
    surge->brackets = items;
    return 0;
}

int surge_read(const struct node *section, struct arena *arena, struct surges *surges,
               struct error *err) {
    if (section->kind != NODE_MAPPING) {
        return node_error(section, err, "surges is a mapping of names");
    }
    struct surge *items = ARENA_ARRAY(arena, struct surge, section->count);
    unsigned count = 0;
    for (const struct node *node = section->first; node != NULL; node = node->next) {
        struct surge *surge = &items[count++];
        const struct node *volume = node_get(node, "volume"), *price = node_get(node, "price");
        surge->name = node->key;
        if (entry_keys(node, "volume|price", "a surge", err) < 0 ||
            (volume != NULL && read_volume(volume, arena, surge, err) < 0) ||
            (price != NULL && read_price(price, arena, surge, err) < 0)) {
            return -1;
        }
        if (volume == NULL && price == NULL) {
            return node_error(node, err, "a surge has a volume, a price, or both");
        }
    }
    *surges = (struct surges){.count = count, .items = items};
    return 0;
}

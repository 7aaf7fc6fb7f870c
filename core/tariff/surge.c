/* SPDX-License-Identifier: GPL-3.0-or-later
 * surge.c - what came in, when that was too much, and what too low a price costs. */
#include "core/tariff/surge.h"

#include "core/base/require.h"
#include "core/base/units.h"

#include <string.h>

static struct exact sum(struct exact a, struct exact b) {
    REQUIRE(exact_add(a, b, &a) == 0);
    return a;
}

static struct exact product(struct exact a, struct exact b) {
    REQUIRE(exact_multiply(a, b, &a) == 0);
    return a;
}

/* 1 January of the day's year, moved by some years. */
static int64_t year_start(int64_t day, int years) {
    char text[16];
    struct error err = ERROR_INIT;
    units_print_date(day, text);
    int year = (text[0] - '0') * 1000 + (text[1] - '0') * 100 + (text[2] - '0') * 10 +
               (text[3] - '0') + years;
    const char digits[] = {(char)('0' + year / 1000 % 10), (char)('0' + year / 100 % 10),
                           (char)('0' + year / 10 % 10), (char)('0' + year % 10)};
    memcpy(text, digits, sizeof digits);
    memcpy(text + 4, "-01-01", 7);
    REQUIRE(units_parse_date(text, &day, (struct place){0}, &err) == 0);
    return day;
}

int surge_find(const struct surges *surges, const char *name) {
    for (unsigned i = 0; i < surges->count; i++) {
        if (strcmp(surges->items[i].name, name) == 0) {
            return (int)i;
        }
    }
    return -1;
}

void surge_book_open(struct surge_book *book, const struct surges *surges, int64_t day,
                     struct arena *arena) {
    book->surges = surges;
    book->states = ARENA_ARRAY(arena, struct surge_state, surges->count);
    for (unsigned i = 0; i < surges->count; i++) {
        struct surge_state *state = &book->states[i];
        const int window = surges->items[i].window_days;
        *state = (struct surge_state){.sum = exact_integer(0), .day = day};
        if (window > 0) {
            state->days = ARENA_ARRAY(arena, struct exact, (size_t)window);
        }
        for (int slot = 0; slot < window; slot++) {
            state->days[slot] = exact_integer(0);
        }
    }
}

/* The place of a day in the ring, before 1970 too. */
static struct exact *day_slot(const struct surge *surge, struct surge_state *state, int64_t day) {
    int64_t slot = day % surge->window_days;
    return &state->days[slot < 0 ? slot + surge->window_days : slot];
}

/* Moves the window to end on `day`; what falls out of it is forgotten. */
static void advance(const struct surge *surge, struct surge_state *state, int64_t day) {
    if (surge->window_days == 0) {
        if (year_start(day, 0) > state->day) {
            state->sum = exact_integer(0);
        }
        state->day = day;
        return;
    }
    int64_t last = day;
    if (last - state->day > surge->window_days) {
        last = state->day + surge->window_days; /* once around is enough */
    }
    for (int64_t next = state->day + 1; next <= last; next++) {
        struct exact *slot = day_slot(surge, state, next);
        state->sum = sum(state->sum, exact_negate(*slot));
        *slot = exact_integer(0);
    }
    state->day = day;
}

/* The reference volume of a day; before the first begins there is none, and no surge. */
static const struct surge_reference *reference_of(const struct surge *surge, int64_t day) {
    const struct surge_reference *found = NULL;
    for (unsigned i = 0; i < surge->reference_count; i++) {
        if (surge->references[i].from_day <= day) {
            found = &surge->references[i];
        }
    }
    return found;
}

static bool is_surge(const struct surge *surge, const struct surge_state *state) {
    const struct surge_reference *reference = reference_of(surge, state->day);
    if (reference == NULL) {
        return false;
    }
    int order = exact_compare(state->sum, product(reference->volume, surge->share));
    return surge->is_at_least ? order >= 0 : order > 0;
}

/* Nothing is found while one runs, is announced, or has just ended. */
static bool is_quiet(const struct surge *surge, const struct surge_state *state) {
    if (state->episode_count == 0) {
        return true;
    }
    const struct surge_episode *last = &state->episodes[state->episode_count - 1];
    return state->day > last->to_day + surge->pause_days;
}

static void add_episode(const struct surge *surge, struct surge_state *state) {
    if (state->episode_count == SURGE_EPISODES_MAX) {
        memmove(&state->episodes[0], &state->episodes[1],
                (SURGE_EPISODES_MAX - 1) * sizeof state->episodes[0]);
        state->episode_count--;
    }
    int64_t from = state->day + surge->notice_days;
    state->episodes[state->episode_count++] = (struct surge_episode){
        .found_day = state->day,
        .from_day = from,
        .to_day = surge->term_days > 0 ? from + surge->term_days - 1 : year_start(from, 1) - 1};
}

int surge_record(struct surge_book *book, int index, int64_t day, struct exact quantity,
                 struct error *err) {
    REQUIRE(index >= 0 && (unsigned)index < book->surges->count);
    const struct surge *surge = &book->surges->items[index];
    struct surge_state *state = &book->states[index];
    REQUIRE(surge->unit != NULL);
    struct exact reduced = exact_reduced(quantity);
    if (exact_sign(quantity) < 0 || exact_compare(quantity, exact_integer(SURGE_VOLUME_MAX)) > 0 ||
        1000 % reduced.denominator != 0) {
        return error_set(err, ERROR_INPUT,
                         "surge %s: what came in is no quantity from 0 to %lld "
                         "with at most three decimal places",
                         surge->name, (long long)SURGE_VOLUME_MAX);
    }
    if (day > state->day) {
        advance(surge, state, day);
    }
    bool is_old = surge->window_days > 0 ? day <= state->day - surge->window_days
                                         : day < year_start(state->day, 0);
    if (is_old) {
        return 0;
    }
    if (surge->window_days > 0) {
        struct exact *slot = day_slot(surge, state, day);
        *slot = sum(*slot, reduced);
    }
    state->sum = sum(state->sum, reduced);
    if (!is_quiet(surge, state) || !is_surge(surge, state)) {
        return 0;
    }
    add_episode(surge, state);
    return 1;
}

const struct surge_episode *surge_applies(const struct surge_book *book, int index,
                                          int64_t goods_day, int64_t shipped_day) {
    REQUIRE(index >= 0 && (unsigned)index < book->surges->count);
    const struct surge *surge = &book->surges->items[index];
    const struct surge_state *state = &book->states[index];
    for (unsigned i = 0; i < state->episode_count; i++) {
        const struct surge_episode *episode = &state->episodes[i];
        bool is_spared = surge->spares_in_transit && shipped_day < episode->found_day;
        if (goods_day >= episode->from_day && goods_day <= episode->to_day && !is_spared) {
            return episode;
        }
    }
    return NULL;
}

/* The part of the gap between two shares of the trigger price, at the bracket's rate. */
static int bracket_duty(struct exact gap, struct exact from, struct exact to, struct exact rate,
                        struct exact *duty) {
    struct exact part, upper = exact_compare(gap, to) < 0 ? gap : to;
    *duty = exact_integer(0);
    if (exact_compare(upper, from) <= 0) {
        return 0;
    }
    return exact_subtract(upper, from, &part) < 0 || exact_multiply(part, rate, duty) < 0 ? -1 : 0;
}

int surge_price_duty(const struct surge *surge, struct exact price, struct exact *duty) {
    struct exact gap, total = exact_integer(0), from = exact_integer(0);
    REQUIRE(surge->bracket_count > 0);
    if (exact_subtract(surge->trigger_price, price, &gap) < 0) {
        return -1;
    }
    for (unsigned i = 0; i < surge->bracket_count; i++) {
        const struct surge_bracket *bracket = &surge->brackets[i];
        struct exact to = gap, part;
        if (bracket->up_to.denominator != 0 &&
            exact_multiply(surge->trigger_price, bracket->up_to, &to) < 0) {
            return -1;
        }
        if (bracket_duty(gap, from, to, bracket->rate, &part) < 0 ||
            exact_add(total, part, &total) < 0) {
            return -1;
        }
        from = to;
    }
    *duty = exact_reduced(total);
    return 0;
}

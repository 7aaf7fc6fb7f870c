/* SPDX-License-Identifier: GPL-3.0-or-later
 * quota.c - the book of a quota: draws, returns, transfers. The limits of quota.h keep every number
 * here within 127 bits, so the arithmetic cannot fail. */
#include "core/tariff/quota.h"

#include "core/base/require.h"

#include <string.h>

static struct exact sum(struct exact a, struct exact b) {
    REQUIRE(exact_add(a, b, &a) == 0);
    return a;
}

static struct exact difference(struct exact a, struct exact b) {
    REQUIRE(exact_subtract(a, b, &a) == 0);
    return a;
}

static struct exact product(struct exact a, struct exact b) {
    REQUIRE(exact_multiply(a, b, &a) == 0);
    return a;
}

static struct exact quotient(struct exact a, struct exact b) {
    REQUIRE(exact_divide(a, b, &a) == 0);
    return a;
}

static struct exact smaller(struct exact a, struct exact b) {
    return exact_compare(a, b) <= 0 ? a : b;
}

/* To a multiple of the definition's step, down. */
static struct exact step_down(const struct quota_definition *definition, struct exact quantity) {
    struct rounding rounding = {.mode = ROUNDING_FLOOR, .step = definition->step};
    REQUIRE(exact_round(quantity, rounding, &quantity) == 0);
    return quantity;
}

static bool is_within(const struct quota_period *periods, unsigned count, int64_t day) {
    for (unsigned i = 0; i < count; i++) {
        if (day >= periods[i].from_day && day <= periods[i].to_day) {
            return true;
        }
    }
    return false;
}

static const struct quota_definition *definition_at(const struct quota_book *book, int index) {
    REQUIRE(index >= 0 && (unsigned)index < book->quotas->count);
    return &book->quotas->definitions[index];
}

/* An equivalent sub-quota lives on its main's volume. */
static bool has_volume(const struct quota_definition *definition) {
    return definition->relation != QUOTA_EQUIVALENT;
}

int quota_find(const struct quotas *quotas, const char *order_number, int64_t day) {
    unsigned low = 0, high = quotas->count;
    while (low < high) {
        unsigned middle = low + (high - low) / 2;
        const struct quota_definition *definition = &quotas->definitions[middle];
        int order = strcmp(definition->order_number, order_number);
        if (order < 0 || (order == 0 && definition->to_day < day)) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    bool is_found = low < quotas->count &&
                    strcmp(quotas->definitions[low].order_number, order_number) == 0 &&
                    quotas->definitions[low].from_day <= day;
    return is_found ? (int)low : -1;
}

/* What counts as the volume once there were transfers. */
static struct exact volume_now(const struct quota_definition *definition,
                               const struct quota_balance *balance) {
    return difference(sum(definition->volume, balance->transferred_in), balance->transferred_out);
}

/* Called behind every change of a balance. */
static void review_critical(const struct quota_definition *definition,
                            struct quota_balance *balance, int64_t today) {
    if (definition->critical.from_opening) {
        balance->critical_since_day = definition->from_day;
        return;
    }
    struct exact unused = difference(exact_integer(1), definition->critical.used_share);
    struct exact limit = product(unused, volume_now(definition, balance));
    bool is_critical = exact_compare(balance->balance, limit) <= 0;
    if (is_critical && balance->critical_since_day == QUOTA_NEVER) {
        balance->critical_since_day = today;
    } else if (!is_critical && !definition->critical.stays) {
        balance->critical_since_day = QUOTA_NEVER;
    }
}

void quota_book_open(struct quota_book *book, const struct quotas *quotas, struct arena *arena) {
    book->quotas = quotas;
    book->balances = ARENA_ARRAY(arena, struct quota_balance, quotas->count);
    const struct exact zero = exact_integer(0);
    for (unsigned i = 0; i < quotas->count; i++) {
        const struct quota_definition *definition = &quotas->definitions[i];
        struct exact opening = has_volume(definition) ? definition->balance : zero;
        book->balances[i] = (struct quota_balance){.opening = opening,
                                                   .transferred_in = zero,
                                                   .transferred_out = zero,
                                                   .drawn = zero,
                                                   .returned = zero,
                                                   .balance = opening,
                                                   .critical_since_day = QUOTA_NEVER,
                                                   .demand = zero};
        if (has_volume(definition)) {
            review_critical(definition, &book->balances[i], definition->from_day);
        }
    }
}

const char *quota_outcome_name(enum quota_outcome outcome) {
    static const char *const names[] = {"waiting", "granted",   "part",      "empty",
                                        "closed",  "suspended", "unlicensed"};
    REQUIRE(outcome <= QUOTA_UNLICENSED);
    return names[outcome];
}

/* --- settling draws --- */

/* Not seen by callers: admitted, to be settled with the others of its date. */
enum { SETTLING = QUOTA_UNLICENSED + 1 };

static bool is_settling(const struct quota_draw *draw) {
    return (int)draw->outcome == SETTLING;
}

static int check(const struct quota_book *book, const struct quota_draw *draw, struct error *err) {
    struct exact max = exact_integer(QUOTA_VOLUME_MAX);
    if (draw->definition < 0 || (unsigned)draw->definition >= book->quotas->count) {
        return error_set(err, ERROR_INPUT, "a draw on a quota definition that doesn't exist");
    }
    if (exact_sign(draw->asked) < 0 || exact_compare(draw->asked, max) > 0) {
        return error_set(err, ERROR_INPUT,
                         "a draw on quota %s: the quantity is not between 0 and "
                         "%lld",
                         book->quotas->definitions[draw->definition].order_number,
                         (long long)QUOTA_VOLUME_MAX);
    }
    return 0;
}

/* Refuses the draw, leaves it waiting, or takes it on with what it may get at most. */
static void admit(const struct quota_book *book, struct quota_draw *draw, int64_t today) {
    const struct quota_definition *definition = definition_at(book, draw->definition);
    struct exact asked = step_down(definition, draw->asked);
    draw->granted = draw->returned = exact_integer(0);
    if (draw->accepted_day < definition->from_day || draw->accepted_day > definition->to_day) {
        draw->outcome = QUOTA_CLOSED;
        return;
    }
    for (const struct quota_definition *at = definition;; at = definition_at(book, at->main)) {
        if (is_within(at->suspended, at->suspended_count, draw->accepted_day)) {
            draw->outcome = QUOTA_SUSPENDED;
            return;
        }
        if (is_within(at->blocked, at->blocked_count, today)) {
            return;
        }
        if (at->main < 0) {
            break;
        }
    }
    if (definition->licensed && exact_sign(draw->licence_left) <= 0) {
        draw->outcome = QUOTA_UNLICENSED;
        return;
    }
    draw->granted =
        definition->licensed ? smaller(asked, step_down(definition, draw->licence_left)) : asked;
    draw->outcome = (enum quota_outcome)SETTLING;
}

/* One of the draw's definitions: its own or a main; what one unit granted takes from it. */
struct stage {
    const struct quota_definition *definition;
    struct quota_balance *balance;
    struct exact coefficient;
};

/* The stages of a definition that have a volume, from the innermost; returns their number. */
static unsigned stages(const struct quota_book *book, int definition,
                       struct stage found[QUOTA_LEVELS_MAX]) {
    unsigned count = 0;
    struct exact coefficient = exact_integer(1);
    while (definition >= 0) {
        const struct quota_definition *at = definition_at(book, definition);
        if (has_volume(at)) {
            found[count++] = (struct stage){at, &book->balances[definition], coefficient};
        }
        coefficient = product(coefficient, at->coefficient);
        definition = at->main;
    }
    return count;
}

struct exact quota_available(const struct quota_book *book, int definition) {
    struct stage found[QUOTA_LEVELS_MAX];
    unsigned count = stages(book, definition, found);
    struct exact least = exact_integer(QUOTA_VOLUME_MAX);
    for (unsigned i = 0; i < count; i++) {
        least = smaller(least, quotient(found[i].balance->balance, found[i].coefficient));
    }
    return step_down(definition_at(book, definition), least);
}

/* The draw's stage of that level; NULL when it has none. */
static const struct stage *stage_of(const struct quota_book *book, const struct quota_draw *draw,
                                    int level, struct stage found[QUOTA_LEVELS_MAX]) {
    unsigned count = stages(book, draw->definition, found);
    for (unsigned i = 0; i < count; i++) {
        if (found[i].definition->level == level) {
            return &found[i];
        }
    }
    return NULL;
}

/* Cuts all draws of a level by the same share where they ask for more than there is. Sub-quotas
 * come first, so that a main is asked only for what its parts can give. */
static void share_level(struct quota_book *book, struct quota_draw *draws, unsigned count,
                        int level) {
    struct stage found[QUOTA_LEVELS_MAX];
    for (int pass = 0; pass < 3; pass++) {
        for (unsigned i = 0; i < count; i++) {
            struct quota_draw *draw = &draws[i];
            const struct stage *stage =
                is_settling(draw) ? stage_of(book, draw, level, found) : NULL;
            if (stage == NULL) {
                continue;
            }
            struct quota_balance *balance = stage->balance;
            if (pass == 0) {
                balance->demand = exact_integer(0);
            } else if (pass == 1) {
                struct exact demand = product(draw->granted, stage->coefficient);
                balance->demand = sum(balance->demand, demand);
            } else if (exact_compare(balance->demand, balance->balance) > 0) {
                struct exact share = quotient(balance->balance, balance->demand);
                draw->granted =
                    step_down(definition_at(book, draw->definition), product(share, draw->granted));
            }
        }
    }
}

static void post(struct quota_book *book, struct quota_draw *draw, int64_t today) {
    const struct quota_definition *own = definition_at(book, draw->definition);
    struct stage found[QUOTA_LEVELS_MAX];
    unsigned count = stages(book, draw->definition, found);
    for (unsigned i = 0; i < count; i++) {
        struct quota_balance *balance = found[i].balance;
        struct exact quantity = product(draw->granted, found[i].coefficient);
        balance->drawn = sum(balance->drawn, quantity);
        balance->balance = difference(balance->balance, quantity);
        REQUIRE(exact_sign(balance->balance) >= 0);
        review_critical(found[i].definition, balance, today);
    }
    if (!has_volume(own)) {
        struct quota_balance *balance = &book->balances[draw->definition];
        balance->drawn = sum(balance->drawn, draw->granted);
    }
    bool is_all = exact_compare(draw->granted, step_down(own, draw->asked)) == 0;
    draw->outcome = is_all                          ? QUOTA_GRANTED
                    : exact_sign(draw->granted) > 0 ? QUOTA_PART
                                                    : QUOTA_EMPTY;
}

/* The first date after `day` that a waiting draw was accepted on; `today` + 1 when there is none.
 */
static int64_t next_date(const struct quota_draw *draws, unsigned count, int64_t day,
                         int64_t today) {
    int64_t next = today + 1;
    for (unsigned i = 0; i < count; i++) {
        int64_t accepted = draws[i].accepted_day;
        if (draws[i].outcome == QUOTA_WAITING && accepted > day && accepted < next) {
            next = accepted;
        }
    }
    return next;
}

/* Settles the draws accepted on one day and returns their number. */
static int settle_date(struct quota_book *book, struct quota_draw *draws, unsigned count,
                       int64_t day, int64_t today) {
    int settled = 0;
    bool is_shared = false;
    for (unsigned i = 0; i < count; i++) {
        struct quota_draw *draw = &draws[i];
        if (draw->outcome != QUOTA_WAITING || draw->accepted_day != day) {
            continue;
        }
        admit(book, draw, today);
        settled += draw->outcome != QUOTA_WAITING;
        if (is_settling(draw) && definition_at(book, draw->definition)->in_order) {
            draw->granted = smaller(draw->granted, quota_available(book, draw->definition));
            post(book, draw, today);
        }
        is_shared = is_shared || is_settling(draw);
    }
    for (int level = QUOTA_LEVELS_MAX - 1; level >= 0 && is_shared; level--) {
        share_level(book, draws, count, level);
    }
    for (unsigned i = 0; i < count && is_shared; i++) {
        if (is_settling(&draws[i])) {
            post(book, &draws[i], today);
        }
    }
    return settled;
}

int quota_allocate(struct quota_book *book, struct quota_draw *draws, unsigned count, int64_t today,
                   struct error *err) {
    for (unsigned i = 0; i < count; i++) {
        if (draws[i].outcome == QUOTA_WAITING && check(book, &draws[i], err) < 0) {
            return -1;
        }
    }
    int settled = 0;
    int64_t day = next_date(draws, count, INT64_MIN, today);
    while (day <= today) {
        settled += settle_date(book, draws, count, day, today);
        day = next_date(draws, count, day, today);
    }
    return settled;
}

int quota_preview(const struct quota_book *book, struct quota_draw *draw, int64_t today,
                  struct error *err) {
    if (check(book, draw, err) < 0) {
        return -1;
    }
    draw->outcome = QUOTA_WAITING;
    if (draw->accepted_day > today) {
        draw->granted = exact_integer(0);
        return 0;
    }
    admit(book, draw, today);
    if (!is_settling(draw)) {
        return 0;
    }
    const struct quota_definition *own = definition_at(book, draw->definition);
    draw->granted = smaller(draw->granted, quota_available(book, draw->definition));
    bool is_all = exact_compare(draw->granted, step_down(own, draw->asked)) == 0;
    draw->outcome = is_all                          ? QUOTA_GRANTED
                    : exact_sign(draw->granted) > 0 ? QUOTA_PART
                                                    : QUOTA_EMPTY;
    return 0;
}

/* --- giving back and moving --- */

int quota_return(struct quota_book *book, struct quota_draw *draw, struct exact quantity,
                 int64_t today, struct error *err) {
    const struct quota_definition *own = definition_at(book, draw->definition);
    struct exact left = difference(draw->granted, draw->returned);
    if (exact_sign(quantity) < 0 || exact_compare(quantity, left) > 0) {
        return error_set(err, ERROR_INPUT, "quota %s: a return of more than was granted",
                         own->order_number);
    }
    if (exact_compare(quantity, step_down(own, quantity)) != 0) {
        return error_set(err, ERROR_INPUT, "quota %s: a return of less than its step",
                         own->order_number);
    }
    struct stage found[QUOTA_LEVELS_MAX];
    unsigned count = stages(book, draw->definition, found);
    for (unsigned i = 0; i < count; i++) {
        struct quota_balance *balance = found[i].balance;
        struct exact part = product(quantity, found[i].coefficient);
        balance->returned = sum(balance->returned, part);
        balance->balance = sum(balance->balance, part);
        review_critical(found[i].definition, balance, today);
    }
    if (!has_volume(own)) {
        struct quota_balance *balance = &book->balances[draw->definition];
        balance->returned = sum(balance->returned, quantity);
    }
    draw->returned = sum(draw->returned, quantity);
    return 0;
}

int quota_transfer(struct quota_book *book, int from, int to, struct exact volume, int64_t today,
                   struct error *err) {
    const struct quota_definition *giver = definition_at(book, from);
    const struct quota_definition *taker = definition_at(book, to);
    struct quota_balance *given = &book->balances[from], *taken = &book->balances[to];
    if (from == to || !has_volume(giver) || !has_volume(taker) ||
        strcmp(giver->unit, taker->unit) != 0) {
        return error_set(err, ERROR_INPUT,
                         "quota %s: nothing moves to %s: a transfer is between "
                         "volumes of one unit",
                         giver->order_number, taker->order_number);
    }
    struct exact total = sum(volume_now(taker, taken), volume);
    if (exact_sign(volume) < 0 || exact_compare(volume, given->balance) > 0 ||
        exact_compare(volume, step_down(giver, volume)) != 0 ||
        exact_compare(total, exact_integer(QUOTA_VOLUME_MAX)) > 0) {
        return error_set(err, ERROR_INPUT, "quota %s: the volume to transfer is not there",
                         giver->order_number);
    }
    given->transferred_out = sum(given->transferred_out, volume);
    given->balance = difference(given->balance, volume);
    taken->transferred_in = sum(taken->transferred_in, volume);
    taken->balance = sum(taken->balance, volume);
    review_critical(giver, given, today);
    review_critical(taker, taken, today);
    return 0;
}

int quota_carry_over(struct quota_book *book, int definition, int64_t today) {
    const struct quota_definition *own = definition_at(book, definition);
    struct quota_balance *balance = &book->balances[definition];
    const struct quota_carry *carry = &own->carry;
    if (carry->to < 0 || balance->carried || today < carry->on_day) {
        return 0;
    }
    struct exact volume = smaller(product(balance->balance, carry->share), carry->max);
    struct error err = ERROR_INIT;
    balance->carried = true;
    return quota_transfer(book, definition, carry->to, step_down(own, volume), today, &err) == 0;
}

struct exact quota_used_share(const struct quota_book *book, int definition) {
    const struct quota_definition *own = definition_at(book, definition);
    while (!has_volume(own)) {
        definition = own->main;
        own = definition_at(book, definition);
    }
    struct exact volume = volume_now(own, &book->balances[definition]);
    if (exact_sign(volume) <= 0) {
        return exact_integer(1);
    }
    struct exact used = difference(volume, book->balances[definition].balance);
    return exact_reduced(quotient(used, volume));
}

bool quota_is_critical(const struct quota_book *book, int definition, int64_t accepted_day) {
    struct stage found[QUOTA_LEVELS_MAX];
    unsigned count = stages(book, definition, found);
    for (unsigned i = 0; i < count; i++) {
        if (found[i].balance->critical_since_day <= accepted_day) {
            return true;
        }
    }
    return false;
}

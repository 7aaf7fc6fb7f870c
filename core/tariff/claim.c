/* SPDX-License-Identifier: GPL-3.0-or-later
 * claim.c - judges origins one by one, asks surges, then draws on all quotas at once, then divides
 * goods. */
#include "core/tariff/claim.h"

#include "core/base/units.h"
#include "core/tariff/duty_units.h"

#include <string.h>

struct settlement {
    const struct levy_plan *plan;
    const struct claim_law *law;
    int64_t known_day;
    struct arena *arena;
    struct error *err;
    struct quota_draw *draws;
    struct claim **drawers; /* whose claim a draw is */
    unsigned draw_count;
};

const char *claim_state_name(enum claim_state state) {
    static const char *const names[] = {"kept", "dropped", "split", "needs a human"};
    return names[state];
}

/* The facts of a part, a copy that may be changed. */
static struct tariff_facts *own_facts(struct settlement *work, struct reassess_entry *part) {
    unsigned slots = work->plan->slot_count;
    struct tariff_facts *facts = ARENA_NEW(work->arena, struct tariff_facts);
    *facts = *part->facts;
    facts->known = ARENA_ARRAY(work->arena, bool, slots + 1);
    facts->numbers = ARENA_ARRAY(work->arena, struct exact, slots + 1);
    facts->values = ARENA_ARRAY(work->arena, struct value, work->plan->fact_count + 1);
    memcpy(facts->known, part->facts->known, slots * sizeof *facts->known);
    memcpy(facts->numbers, part->facts->numbers, slots * sizeof *facts->numbers);
    memcpy(facts->values, part->facts->values, work->plan->fact_count * sizeof *facts->values);
    part->facts = facts;
    return facts;
}

/* ---- origin ---- */

static void judge_origin(struct settlement *work, struct claim *claim) {
    const struct tariff_facts *facts = claim->entry.facts;
    if (!facts->preference || !claim->has_materials) {
        return;
    }
    const char *code = work->plan->tariff->schemes.entries[facts->scheme].id;
    int scheme = work->law->origin != NULL ? origin_find(work->law->origin, code) : -1;
    if (scheme < 0) {
        claim->preference = CLAIM_HUMAN;
        claim->preference_why =
            arena_format(work->arena, "the tariff has no rules of origin of scheme %s", code);
        return;
    }
    struct origin_judgement judgement;
    origin_judge(work->law->origin, scheme, &claim->goods, claim->materials, claim->material_count,
                 &judgement);
    claim->preference = judgement.answer == ORIGIN_YES  ? CLAIM_KEPT
                        : judgement.answer == ORIGIN_NO ? CLAIM_DROPPED
                                                        : CLAIM_HUMAN;
    claim->preference_why = arena_format(work->arena, "%s", judgement.why);
    if (claim->preference == CLAIM_DROPPED) {
        own_facts(work, &claim->parts[0])->preference = false;
    }
}

/* ---- quotas ---- */

static void refuse(struct settlement *work, struct claim *claim, const char *why) {
    claim->quota = CLAIM_DROPPED;
    claim->quota_why = why;
    own_facts(work, &claim->parts[0])->order_number = 0;
}

/* The measures that apply to the goods of a claim before its claims are asked about. */
static int find_measures(const struct settlement *work, const struct claim *claim,
                         const struct measure *matches[ASSESS_MATCHES_MAX]) {
    const struct tariff_facts *facts = claim->parts[0].facts;
    struct schedule_query query = {.code = facts->code,
                                   .suffix = facts->suffix,
                                   .origin = facts->origin,
                                   .movement = facts->movement,
                                   .goods_day = claim->entry.goods_day,
                                   .known_day = work->known_day,
                                   .additional_codes = facts->additional_codes,
                                   .additional_code_count = facts->additional_code_count};
    return schedule_find(work->plan->tariff, &query, matches, ASSESS_MATCHES_MAX);
}

/* Whether a measure of the quota applies to the goods: none does where it is for goods of an origin
 * that they don't have. */
static bool has_measure(const struct settlement *work, const struct claim *claim) {
    const struct tariff *tariff = work->plan->tariff;
    const struct tariff_facts *facts = claim->parts[0].facts;
    const struct measure *matches[ASSESS_MATCHES_MAX];
    int count = find_measures(work, claim, matches);
    for (int i = 0; i < count; i++) {
        enum measure_kind kind = tariff->types[matches[i]->type].kind;
        bool is_for_origin = kind == MEASURE_KIND_preferential_quota;
        bool is_scheme =
            matches[i]->scheme == 0 || facts->scheme == 0 || matches[i]->scheme == facts->scheme;
        if (matches[i]->order_number == facts->order_number &&
            (!is_for_origin || (facts->preference && is_scheme))) {
            return true;
        }
    }
    return false;
}

/* Where a unit is declared, and how many of those one is: kilograms where it is t. */
static unsigned unit_slot(const struct levy_plan *plan, const char *unit, struct exact *size) {
    struct duty_measurement measurement;
    const char *end, *name = unit;
    *size = exact_integer(1);
    if (levy_slot(plan, name) == LEVY_NO_SLOT && duty_units_match(unit, &measurement, &end) &&
        *end == '\0' && measurement.qualifier == 0) {
        const struct duty_unit *found = &duty_units[measurement.unit];
        name = found->quantity;
        *size = exact_ratio(measurement.scale * found->numerator, found->denominator);
    }
    return levy_slot(plan, name);
}

static bool quantity_in(const struct levy_plan *plan, const struct tariff_facts *facts,
                        const char *unit, struct exact *quantity) {
    struct exact size;
    unsigned slot = unit_slot(plan, unit, &size);
    return slot != LEVY_NO_SLOT && facts->known[slot] &&
           exact_divide(facts->numbers[slot], size, quantity) == 0;
}

static void ask_quota(struct settlement *work, struct claim *claim) {
    const struct tariff_facts *facts = claim->parts[0].facts;
    const struct quotas *quotas = work->law->quotas;
    if (facts->order_number == 0 || quotas == NULL || claim->preference == CLAIM_HUMAN ||
        claim->surge == CLAIM_HUMAN) {
        return;
    }
    const char *number = work->plan->tariff->order_numbers.entries[facts->order_number].id;
    int found = quota_find(quotas, number, claim->entry.goods_day);
    if (found < 0 || !has_measure(work, claim)) {
        refuse(work, claim,
               found < 0 ? "the quota has no period with the date of the goods"
                         : "no measure of the quota applies to these goods");
        return;
    }
    struct quota_draw draw = {.definition = found,
                              .accepted_day = claim->entry.goods_day,
                              .licence_left = claim->licence_left};
    const char *unit = quotas->definitions[found].unit;
    if (!quantity_in(work->plan, facts, unit, &draw.asked) || exact_sign(draw.asked) <= 0) {
        claim->quota = CLAIM_HUMAN;
        claim->quota_why = arena_format(
            work->arena, "quota %s is counted in %s: no such quantity is declared", number, unit);
        return;
    }
    work->drawers[work->draw_count] = claim;
    work->draws[work->draw_count++] = draw;
}

/* Shares of the goods, such as an alcoholic strength, are those of each part. */
static bool is_divided(const struct levy_plan *plan, unsigned slot) {
    return slot < plan->fact_count
               ? plan->facts[slot].is_divided
               : levy_of_slot(plan, slot) == LEVY_MAX && plan->names[slot][0] != '%';
}

/* The first part gets the share of every divided number, the second what is left of it. */
static int divide(struct settlement *work, struct claim *claim, struct exact share) {
    const struct levy_plan *plan = work->plan;
    const struct tariff_facts *whole = claim->parts[0].facts;
    claim->parts[1] = claim->parts[0];
    struct tariff_facts *in = own_facts(work, &claim->parts[0]);
    struct tariff_facts *out = own_facts(work, &claim->parts[1]);
    for (unsigned slot = 0; slot < plan->slot_count; slot++) {
        struct exact part, rest;
        if (!whole->known[slot] || !is_divided(plan, slot)) {
            continue;
        }
        if (exact_multiply(whole->numbers[slot], share, &part) != 0 ||
            exact_subtract(whole->numbers[slot], part, &rest) != 0) {
            return error_set(work->err, ERROR_INPUT, "%s: '%s' has too many digits to be divided",
                             claim->entry.id, plan->names[slot]);
        }
        assess_facts_number(plan, in, slot, exact_reduced(part));
        assess_facts_number(plan, out, slot, exact_reduced(rest));
    }
    out->order_number = 0;
    claim->part_count = 2;
    claim->parts[0].id = arena_format(work->arena, "%s, in quota", claim->entry.id);
    claim->parts[1].id = arena_format(work->arena, "%s, out of quota", claim->entry.id);
    return 0;
}

static int apply_draw(struct settlement *work, const struct quota_draw *draw, struct claim *claim) {
    const struct quota_definition *quota = &work->law->quotas->definitions[draw->definition];
    char asked[96], granted[96];
    struct exact share;
    exact_print(draw->asked, asked);
    exact_print(draw->granted, granted);
    claim->quota_why = arena_format(work->arena, "quota %s: %s, %s of %s %s", quota->order_number,
                                    quota_outcome_name(draw->outcome), granted, asked, quota->unit);
    if (draw->outcome == QUOTA_WAITING) {
        claim->quota = CLAIM_HUMAN;
        return 0;
    }
    if (exact_sign(draw->granted) <= 0) {
        refuse(work, claim, claim->quota_why);
        return 0;
    }
    if (exact_compare(draw->granted, draw->asked) == 0) {
        return 0;
    }
    claim->quota = CLAIM_SPLIT;
    return exact_divide(draw->granted, draw->asked, &share) != 0
               ? error_set(work->err, ERROR_INPUT, "%s: the quantity has too many digits",
                           claim->entry.id)
               : divide(work, claim, share);
}

static int settle_quotas(struct settlement *work, int64_t today) {
    struct quota_book book;
    if (work->draw_count == 0) {
        return 0;
    }
    quota_book_open(&book, work->law->quotas, work->arena);
    if (quota_allocate(&book, work->draws, work->draw_count, today, work->err) < 0) {
        return -1;
    }
    for (unsigned i = 0; i < work->draw_count; i++) {
        if (apply_draw(work, &work->draws[i], work->drawers[i]) != 0) {
            return -1;
        }
    }
    return 0;
}

/* ---- surges ---- */

static bool surge_human(struct settlement *work, struct claim *claim, const char *why,
                        const char *name) {
    claim->surge = CLAIM_HUMAN;
    claim->surge_why = arena_format(work->arena, "%s: %s", name, why);
    return false;
}

/* What the book says of one surge. */
static bool is_raised(struct settlement *work, struct claim *claim, int index, const char *name) {
    char from[16] = "", to[16] = "";
    if (work->law->imports == NULL) {
        return surge_human(work, claim, "nothing is said of the imports that trigger it", name);
    }
    const struct surge_episode *episode =
        surge_applies(work->law->imports, index, claim->entry.goods_day, claim->shipped_day);
    if (episode == NULL) {
        return false;
    }
    units_print_date(episode->from_day, from);
    units_print_date(episode->to_day, to);
    claim->surge = CLAIM_KEPT;
    claim->surge_why =
        arena_format(work->arena, "%s raises the rate from %s to %s", name, from, to);
    return true;
}

/* How the measures of one trigger stand; a surge that the tariff doesn't have triggers all. */
static void ask_trigger(struct settlement *work, struct claim *claim, const char *name,
                        struct tariff_trigger *trigger) {
    int found = surge_find(work->law->surges, name);
    *trigger = (struct tariff_trigger){.is_raised = found < 0, .quantity = LEVY_NO_SLOT};
    if (found < 0) {
        return;
    }
    const struct surge *surge = &work->law->surges->items[found];
    if (surge->unit != NULL) {
        trigger->is_raised = is_raised(work, claim, found, name);
    }
    if (surge->bracket_count == 0 || claim->surge == CLAIM_HUMAN) {
        return;
    }
    trigger->price = surge;
    trigger->quantity = (uint16_t)unit_slot(work->plan, surge->price_unit, &trigger->unit_size);
    if (trigger->quantity == LEVY_NO_SLOT) {
        surge_human(work, claim, "no declaration states the unit of its price", name);
    }
}

/* A measure says by its duty which kind of trigger it has; the surge must have it. */
static void check_trigger(struct settlement *work, struct claim *claim,
                          const struct measure *measure, const struct tariff_trigger *trigger,
                          const char *name) {
    int found = surge_find(work->law->surges, name);
    const struct surge *surge = found >= 0 ? &work->law->surges->items[found] : NULL;
    if (surge == NULL || claim->surge == CLAIM_HUMAN) {
        return;
    }
    if (measure->duty != 0 && surge->unit == NULL) {
        surge_human(work, claim, "no volume triggers it, and its price gives the duty", name);
    } else if (measure->duty == 0 && surge->bracket_count == 0) {
        surge_human(work, claim, "no price triggers it, and its measure has no duty", name);
    } else if (measure->duty == 0 && !trigger->is_raised) {
        claim->surge = CLAIM_KEPT;
        claim->surge_why = arena_format(work->arena, "%s charges what the price lacks", name);
    }
}

static void ask_surges(struct settlement *work, struct claim *claim) {
    const struct tariff *tariff = work->plan->tariff;
    const struct measure *matches[ASSESS_MATCHES_MAX];
    if (tariff == NULL || work->law->surges == NULL) {
        return;
    }
    int count = find_measures(work, claim, matches);
    struct tariff_trigger *triggers = NULL;
    for (int i = 0; i < count && claim->surge != CLAIM_HUMAN; i++) {
        unsigned index = matches[i]->trigger;
        if (index == 0) {
            continue;
        }
        const char *name = tariff->triggers.entries[index].id;
        if (triggers == NULL) {
            triggers = ARENA_ARRAY(work->arena, struct tariff_trigger, tariff->triggers.count + 1);
            own_facts(work, &claim->parts[0])->triggers = triggers;
            claim->surge = CLAIM_DROPPED;
            claim->surge_why = arena_format(work->arena, "%s raises no rate of these goods", name);
        }
        ask_trigger(work, claim, name, &triggers[index]);
        check_trigger(work, claim, matches[i], &triggers[index], name);
    }
}

static void begin(struct claim *claim) {
    claim->preference = claim->quota = claim->surge = CLAIM_KEPT;
    claim->preference_why = claim->quota_why = claim->surge_why = NULL;
    claim->part_count = 1;
    claim->parts[0] = claim->entry;
}

int claim_settle(const struct levy_plan *plan, const struct claim_law *law, struct claim *claims,
                 unsigned count, int64_t known_day, struct arena *arena, struct error *err) {
    struct settlement work = {.plan = plan,
                              .law = law,
                              .known_day = known_day,
                              .arena = arena,
                              .err = err,
                              .draws = ARENA_ARRAY(arena, struct quota_draw, count + 1),
                              .drawers = ARENA_ARRAY(arena, struct claim *, count + 1)};
    int64_t today = INT64_MIN;
    for (unsigned i = 0; i < count; i++) {
        struct claim *claim = &claims[i];
        begin(claim);
        today = claim->entry.goods_day > today ? claim->entry.goods_day : today;
        judge_origin(&work, claim);
        ask_surges(&work, claim);
        ask_quota(&work, claim);
    }
    if (settle_quotas(&work, today) != 0) {
        return -1;
    }
    for (unsigned i = 0; i < count; i++) {
        struct claim *claim = &claims[i];
        if (claim->preference == CLAIM_HUMAN || claim->quota == CLAIM_HUMAN ||
            claim->surge == CLAIM_HUMAN) {
            claim->part_count = 0;
        }
    }
    return 0;
}

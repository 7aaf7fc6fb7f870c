/* SPDX-License-Identifier: GPL-3.0-or-later
 * lint_measure.c - rules about one measure and what it refers to. */
#include "core/base/units.h"
#include "core/tariff/lint_work.h"
#include "core/tariff/schedule_read.h"

#include <string.h>

static void check_dates(struct lint *lint, const struct measure *measure) {
    if (measure->valid_from > measure->valid_to) {
        lint_add_measure(lint, measure, SCHEDULE_FIELD_to, LINT_M1,
                         "the measure ends before it begins");
    }
    if (measure->known_from > measure->known_to) {
        lint_add_measure(lint, measure, SCHEDULE_FIELD_known_to, LINT_M8,
                         "the measure ends to be known before it is known");
    }
}

static void check_line(struct lint *lint, const struct measure *measure) {
    const struct nomenclature *tree = &lint->tariff->nomenclature;
    const struct nomenclature_line *line = &tree->lines[measure->line];
    const struct measure_type *type = &lint->tariff->types[measure->type];
    int32_t from = line->valid_from, to = line->valid_to;
    for (uint32_t next = line->version; next != 0; next = tree->lines[next].version) {
        from = tree->lines[next].valid_from < from ? tree->lines[next].valid_from : from;
        to = tree->lines[next].valid_to > to ? tree->lines[next].valid_to : to;
    }
    if (from <= to && (measure->valid_from < from || measure->valid_to > to)) {
        lint_add_measure(lint, measure, SCHEDULE_FIELD_code, LINT_M2,
                         "the measure is in force when %010llu is not valid",
                         (unsigned long long)line->code);
    }
    if (nomenclature_level(line->code) > type->level) {
        lint_add_measure(lint, measure, SCHEDULE_FIELD_code, LINT_M6,
                         "measures of type %s stand on codes of at most %u digits", type->id,
                         type->level);
    }
    if (line->suffix != NOMENCLATURE_SUFFIX) {
        lint_add_measure(lint, measure, SCHEDULE_FIELD_suffix, LINT_M7,
                         "goods are not declared on the suffix %u", line->suffix);
    }
    if (type->valid_from <= type->valid_to &&
        (measure->valid_from < type->valid_from || measure->valid_to > type->valid_to)) {
        lint_add_measure(lint, measure, SCHEDULE_FIELD_type, LINT_M9,
                         "the measure is in force when its type %s is not", type->id);
    }
}

/* An entry that ends before it begins has a rule of its own. */
static bool outlives(const struct measure *measure, const struct tariff_entry *entry) {
    return entry->valid_from <= entry->valid_to &&
           (measure->valid_from < entry->valid_from || measure->valid_to > entry->valid_to);
}

static void check_entries(struct lint *lint, const struct measure *measure) {
    const struct tariff *tariff = lint->tariff;
    const struct tariff_entry *act = &tariff->acts.entries[measure->act];
    const struct tariff_entry *code = &tariff->additional_codes.entries[measure->additional_code];
    if (measure->act != 0 &&
        (measure->valid_from < act->valid_from || measure->valid_from > act->valid_to)) {
        lint_add_measure(lint, measure, SCHEDULE_FIELD_act, LINT_M10,
                         "the act %s is not in force when the measure begins", act->id);
    }
    if (measure->act == 0 && tariff->acts.count > 1) {
        lint_add_measure(lint, measure, SCHEDULE_FIELD_act, LINT_M11, "the measure names no act");
    }
    if (measure->additional_code != 0 && outlives(measure, code)) {
        lint_add_measure(lint, measure, SCHEDULE_FIELD_additional_code, LINT_M12,
                         "the measure is in force when the additional code %s is not valid",
                         code->id);
    }
    for (unsigned i = 0; i < measure->footnote_count; i++) {
        uint16_t footnote = tariff->measure_footnotes[measure->footnote + i];
        if (outlives(measure, &tariff->footnotes.entries[footnote])) {
            lint_add_measure(lint, measure, SCHEDULE_FIELD_footnotes, LINT_M13,
                             "the measure is in force when the footnote %s is not valid",
                             tariff->footnotes.entries[footnote].id);
        }
        for (unsigned k = 0; k < i; k++) {
            if (tariff->measure_footnotes[measure->footnote + k] == footnote) {
                lint_add_measure(lint, measure, SCHEDULE_FIELD_footnotes, LINT_M17,
                                 "the footnote %s stands twice",
                                 tariff->footnotes.entries[footnote].id);
            }
        }
    }
}

static bool is_quota(const struct measure_type *type) {
    return type->kind == MEASURE_KIND_quota || type->kind == MEASURE_KIND_preferential_quota;
}

/* What the type requires and forbids; that a quota type forbids order numbers is its own fault. */
static void check_needs(struct lint *lint, const struct measure *measure) {
    const struct measure_type *type = &lint->tariff->types[measure->type];
    bool has_duty = measure->duty != 0;
    for (unsigned i = 0; i < measure->condition_count; i++) {
        has_duty |= lint->tariff->conditions[measure->condition + i].duty != 0;
    }
    struct {
        bool is_there;
        enum measure_need need;
        int field;
        enum lint_rule missing, given;
        const char *what;
    } needs[] = {{has_duty, type->duty, SCHEDULE_FIELD_duty, LINT_D1, LINT_D2, "a duty"},
                 {measure->order_number != 0, type->order_number, SCHEDULE_FIELD_order_number,
                  LINT_Q1, LINT_Q2, "an order number"},
                 {measure->additional_code != 0, type->additional_code,
                  SCHEDULE_FIELD_additional_code, LINT_M15, LINT_M16, "an additional code"}};
    for (int i = 0; i < 3; i++) {
        if (!needs[i].is_there && needs[i].need == NEED_REQUIRED) {
            lint_add_measure(lint, measure, -1, needs[i].missing, "the type %s requires %s",
                             type->id, needs[i].what);
        } else if (needs[i].is_there && needs[i].need == NEED_FORBIDDEN &&
                   !(needs[i].field == SCHEDULE_FIELD_order_number && is_quota(type))) {
            lint_add_measure(lint, measure, needs[i].field, needs[i].given,
                             "the type %s forbids %s", type->id, needs[i].what);
        }
    }
}

/* Whether one area lies in another as a whole, in the eyes of the author. */
static bool belongs(const struct tariff *tariff, unsigned group, unsigned area) {
    if (tariff->areas[group].is_everyone) {
        return true;
    }
    const uint64_t *bits = tariff->membership + (size_t)group * tariff->membership_stride;
    if ((bits[area / 64] >> area % 64 & 1) != 0) {
        return true;
    }
    const struct tariff_area *members = &tariff->areas[area];
    for (uint32_t i = 0; i < members->member_count; i++) {
        unsigned member = tariff->members[members->member_first + i].member;
        if ((bits[member / 64] >> member % 64 & 1) == 0) {
            return false;
        }
    }
    return members->member_count > 0;
}

static void check_exclusions(struct lint *lint, const struct measure *measure) {
    const struct tariff *tariff = lint->tariff;
    for (unsigned i = 0; i < measure->exclusion_count; i++) {
        unsigned area = tariff->exclusions[measure->exclusion + i];
        if (area == measure->area) {
            lint_add_measure(lint, measure, SCHEDULE_FIELD_exclude, LINT_G2,
                             "the measure excludes its own area %s", tariff->areas[area].id);
        } else if (!belongs(tariff, measure->area, area)) {
            lint_add_measure(lint, measure, SCHEDULE_FIELD_exclude, LINT_G1,
                             "%s does not belong to %s", tariff->areas[area].id,
                             tariff->areas[measure->area].id);
        }
        for (unsigned k = 0; k < i; k++) {
            if (tariff->exclusions[measure->exclusion + k] == area) {
                lint_add_measure(lint, measure, SCHEDULE_FIELD_exclude, LINT_G3,
                                 "%s is excluded twice", tariff->areas[area].id);
            }
        }
    }
}

static void check_preference(struct lint *lint, const struct measure *measure) {
    const struct tariff *tariff = lint->tariff;
    enum measure_kind kind = tariff->types[measure->type].kind;
    bool is_preference = kind == MEASURE_KIND_preference || kind == MEASURE_KIND_preferential_quota;
    const struct node *schemes = node_get(tariff->document, "schemes");
    const char *scheme = measure->scheme == 0 ? NULL : tariff->schemes.entries[measure->scheme].id;
    if (is_preference && scheme == NULL) {
        lint_add_measure(lint, measure, -1, LINT_P1, "the preference names no scheme of origin");
    }
    if (!is_preference && scheme != NULL) {
        lint_add_measure(lint, measure, SCHEDULE_FIELD_scheme, LINT_P3,
                         "the measure is no preference and names the scheme %s", scheme);
    }
    if (is_preference && scheme != NULL && schemes != NULL && node_get(schemes, scheme) == NULL) {
        lint_add_measure(lint, measure, SCHEDULE_FIELD_scheme, LINT_P2,
                         "the document has no scheme %s", scheme);
    }
    if (is_preference && tariff->areas[measure->area].is_everyone) {
        lint_add_measure(lint, measure, SCHEDULE_FIELD_area, LINT_P4,
                         "a preference for everyone is none");
    }
}

/* The first day and the last of a quota's definitions; both NOMENCLATURE_EVER without a readable
 * one. Definitions are days that quota_read checks. */
static bool quota_covers(const struct node *quota, const struct measure *measure) {
    const struct node *definitions = node_get(quota, "definitions");
    int64_t first = INT64_MAX, last = INT64_MIN;
    for (const struct node *at = definitions == NULL ? NULL : definitions->first; at != NULL;
         at = at->next) {
        const struct node *from = node_get(at, "from"), *to = node_get(at, "to");
        int64_t from_day, to_day;
        struct error err = ERROR_INIT;
        if (from == NULL || to == NULL || from->text == NULL || to->text == NULL ||
            units_parse_date(from->text, &from_day, (struct place){0}, &err) < 0 ||
            units_parse_date(to->text, &to_day, (struct place){0}, &err) < 0) {
            return true;
        }
        first = from_day < first ? from_day : first;
        last = to_day > last ? to_day : last;
    }
    return first <= measure->valid_from && measure->valid_to <= last;
}

static void check_references(struct lint *lint, const struct measure *measure) {
    const struct tariff *tariff = lint->tariff;
    const struct node *quotas = node_get(tariff->document, "quotas");
    const struct node *surges = node_get(tariff->document, "surges");
    if (measure->order_number != 0 && quotas != NULL &&
        tariff->types[measure->type].order_number != NEED_FORBIDDEN) {
        const char *number = tariff->order_numbers.entries[measure->order_number].id;
        const struct node *quota = node_get(quotas, number);
        if (quota == NULL) {
            lint_add_measure(lint, measure, SCHEDULE_FIELD_order_number, LINT_Q3,
                             "the document has no quota %s", number);
        } else if (!quota_covers(quota, measure)) {
            lint_add_measure(lint, measure, SCHEDULE_FIELD_order_number, LINT_Q4,
                             "the measure is in force outside of the periods of quota %s", number);
        }
    }
    if (measure->trigger != 0) {
        const char *trigger = tariff->triggers.entries[measure->trigger].id;
        if (tariff->types[measure->type].kind != MEASURE_KIND_safeguard ||
            node_get(surges, trigger) == NULL) {
            lint_add_measure(lint, measure, SCHEDULE_FIELD_trigger, LINT_X1,
                             "no surge %s, or a measure that is no safeguard", trigger);
        }
    }
}

static void check_season(struct lint *lint, const struct measure *measure) {
    unsigned from = measure->season_from, to = measure->season_to;
    if (from == 0) {
        return;
    }
    if ((from == measure_day_of_year(1, 1) && to == measure_day_of_year(12, 31)) ||
        from == to + 1 || (from == measure_day_of_year(3, 1) && to == measure_day_of_year(2, 29))) {
        lint_add_measure(lint, measure, SCHEDULE_FIELD_season, LINT_S1,
                         "the season is the whole year");
    }
    if (to == measure_day_of_year(2, 28)) {
        lint_add_measure(lint, measure, SCHEDULE_FIELD_season, LINT_S2,
                         "the season leaves 29 February out");
    }
    bool has_day = (int64_t)measure->valid_to - measure->valid_from >= 366;
    for (int32_t day = measure->valid_from; !has_day && day <= measure->valid_to; day++) {
        has_day = measure_in_season(from, to, day);
    }
    if (!has_day) {
        lint_add_measure(lint, measure, SCHEDULE_FIELD_season, LINT_S3,
                         "no day of the season is among the measure's dates");
    }
}

static void check_ids(struct lint *lint) {
    const struct tariff *tariff = lint->tariff;
    struct schedule_names ids = {.count = 0};
    for (uint32_t i = 1; i < tariff->measure_count; i++) {
        const char *id = tariff->measures[i].id;
        if (id == NULL) {
            continue;
        }
        if (schedule_names_find(&ids, id) != 0) {
            lint_add_measure(lint, &tariff->measures[i], SCHEDULE_FIELD_id, LINT_M14,
                             "another measure has the id %.60s", id);
        }
        schedule_names_add(&ids, lint->arena, id);
    }
}

void lint_measure(struct lint *lint) {
    for (uint32_t i = 1; i < lint->tariff->measure_count; i++) {
        const struct measure *measure = &lint->tariff->measures[i];
        check_dates(lint, measure);
        check_line(lint, measure);
        check_entries(lint, measure);
        check_needs(lint, measure);
        check_exclusions(lint, measure);
        check_preference(lint, measure);
        check_references(lint, measure);
        check_season(lint, measure);
    }
    check_ids(lint);
}

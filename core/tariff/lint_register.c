/* SPDX-License-Identifier: GPL-3.0-or-later
 * lint_register.c - rules about areas, types and the other things that measures refer to. */
#include "core/tariff/lint_work.h"

static void check_members(struct lint *lint, const struct tariff_area *area) {
    const struct tariff *tariff = lint->tariff;
    for (uint32_t i = 0; i < area->member_count; i++) {
        const struct tariff_member *member = &tariff->members[area->member_first + i];
        const struct tariff_area *country = &tariff->areas[member->member];
        if (member->valid_from > member->valid_to) {
            lint_add(lint, area->place, LINT_A3, "the membership of %s ends before it begins",
                     country->id);
        }
        if (country->member_count > 0 || country->is_everyone) {
            lint_add(lint, area->place, LINT_A4, "%s is a group; groups have countries as members",
                     country->id);
        }
        for (uint32_t k = 0; k < i; k++) {
            const struct tariff_member *other = &tariff->members[area->member_first + k];
            if (other->member == member->member &&
                lint_overlaps(member->valid_from, member->valid_to, other->valid_from,
                              other->valid_to)) {
                lint_add(lint, area->place, LINT_A2, "%s is a member twice on the same day",
                         country->id);
            }
        }
    }
}

static void check_areas(struct lint *lint) {
    const struct tariff *tariff = lint->tariff;
    bool has_everyone = false;
    for (uint32_t i = 1; i < tariff->area_count; i++) {
        const struct tariff_area *area = &tariff->areas[i];
        if (area->is_group && area->member_count == 0) {
            lint_add(lint, area->place, LINT_A1, "the group %s has no members", area->id);
        }
        if (area->is_everyone && has_everyone) {
            lint_add(lint, area->place, LINT_A5, "another area is everyone already");
        }
        has_everyone |= area->is_everyone;
        check_members(lint, area);
    }
}

static void check_types(struct lint *lint, const bool *used) {
    const struct tariff *tariff = lint->tariff;
    for (uint32_t i = 1; i < tariff->type_count; i++) {
        const struct measure_type *type = &tariff->types[i];
        bool is_quota =
            type->kind == MEASURE_KIND_quota || type->kind == MEASURE_KIND_preferential_quota;
        if (type->valid_from > type->valid_to) {
            lint_add(lint, type->place, LINT_T1, "the type %s ends before it begins", type->id);
        }
        if (is_quota && type->order_number == NEED_FORBIDDEN) {
            lint_add(lint, type->place, LINT_T2, "the quota type %s forbids order numbers",
                     type->id);
        }
        if (!used[i]) {
            lint_add(lint, type->place, LINT_R2, "no measure is of the type %s", type->id);
        }
    }
}

static void check_entries(struct lint *lint, const struct tariff_register *entries,
                          const bool *used, const char *what) {
    for (uint32_t i = 1; i < entries->count; i++) {
        const struct tariff_entry *entry = &entries->entries[i];
        if (entry->valid_from > entry->valid_to) {
            lint_add(lint, entry->place, LINT_R1, "the %s %s ends before it begins", what,
                     entry->id);
        }
        if (!used[i]) {
            lint_add(lint, entry->place, LINT_R2, "no measure uses the %s %s", what, entry->id);
        }
    }
}

void lint_register(struct lint *lint) {
    const struct tariff *tariff = lint->tariff;
    struct arena *arena = lint->arena;
    bool *types = ARENA_ARRAY(arena, bool, tariff->type_count);
    bool *series = ARENA_ARRAY(arena, bool, tariff->series.count);
    bool *codes = ARENA_ARRAY(arena, bool, tariff->additional_codes.count);
    bool *certificates = ARENA_ARRAY(arena, bool, tariff->certificates.count);
    bool *footnotes = ARENA_ARRAY(arena, bool, tariff->footnotes.count);
    bool *acts = ARENA_ARRAY(arena, bool, tariff->acts.count);
    for (uint32_t i = 1; i < tariff->measure_count; i++) {
        const struct measure *measure = &tariff->measures[i];
        types[measure->type] = codes[measure->additional_code] = acts[measure->act] = true;
        for (unsigned k = 0; k < measure->footnote_count; k++) {
            footnotes[tariff->measure_footnotes[measure->footnote + k]] = true;
        }
        for (unsigned k = 0; k < measure->condition_count; k++) {
            certificates[tariff->conditions[measure->condition + k].certificate] = true;
        }
    }
    for (uint32_t i = 1; i < tariff->type_count; i++) {
        series[tariff->types[i].series] = true;
    }
    check_areas(lint);
    check_types(lint, types);
    check_entries(lint, &tariff->series, series, "series");
    check_entries(lint, &tariff->additional_codes, codes, "additional code");
    check_entries(lint, &tariff->certificates, certificates, "certificate");
    check_entries(lint, &tariff->footnotes, footnotes, "footnote");
    check_entries(lint, &tariff->acts, acts, "act");
}

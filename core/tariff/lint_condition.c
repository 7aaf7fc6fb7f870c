/* SPDX-License-Identifier: GPL-3.0-or-later
 * lint_condition.c - rules about the conditions of measures. */
#include "core/tariff/lint_work.h"
#include "core/tariff/schedule_read.h"

static bool is_same_condition(const struct condition *a, const struct condition *b) {
    return a->test == b->test && a->certificate == b->certificate && a->group == b->group &&
           a->threshold.unit == b->threshold.unit &&
           (a->test == CONDITION_DOCUMENT || a->test == CONDITION_OTHERWISE ||
            exact_compare(a->threshold.amount, b->threshold.amount) == 0);
}

/* One group: conditions that stand together. */
static void check_group(struct lint *lint, const struct measure *measure,
                        const struct condition *conditions, unsigned count) {
    bool has_no = false, is_closed = false, asks = false;
    for (unsigned i = 0; i < count; i++) {
        const struct condition *condition = &conditions[i];
        if (is_closed) {
            lint_add_measure(lint, measure, SCHEDULE_FIELD_conditions, LINT_C2,
                             "group %c: condition %u stands behind one that is always met",
                             condition->group, i + 1);
        }
        for (unsigned k = 0; k < i; k++) {
            if (is_same_condition(condition, &conditions[k])) {
                lint_add_measure(lint, measure, SCHEDULE_FIELD_conditions, LINT_C3,
                                 "group %c: condition %u stands twice", condition->group, i + 1);
            }
        }
        asks |= condition->test == CONDITION_DOCUMENT;
        is_closed |= condition->test == CONDITION_OTHERWISE;
        has_no |= condition->action != CONDITION_APPLY;
    }
    if (asks && !has_no && !is_closed) {
        lint_add_measure(lint, measure, SCHEDULE_FIELD_conditions, LINT_C1,
                         "group %c: nothing says what happens without the document",
                         conditions[0].group);
    }
}

static void check_certificates(struct lint *lint, const struct measure *measure,
                               const struct condition *conditions) {
    const struct tariff *tariff = lint->tariff;
    bool asks = false;
    for (unsigned i = 0; i < measure->condition_count; i++) {
        const struct tariff_entry *certificate =
            &tariff->certificates.entries[conditions[i].certificate];
        bool is_document = conditions[i].test == CONDITION_DOCUMENT;
        asks |= is_document;
        if (is_document && (measure->valid_from < certificate->valid_from ||
                            measure->valid_from > certificate->valid_to)) {
            lint_add_measure(lint, measure, SCHEDULE_FIELD_conditions, LINT_C5,
                             "the certificate %s is not valid when the measure begins",
                             certificate->id);
        }
    }
    if (!asks && tariff->types[measure->type].kind == MEASURE_KIND_licence) {
        lint_add_measure(lint, measure, -1, LINT_C6, "the licence asks for no document");
    }
}

void lint_condition(struct lint *lint) {
    const struct tariff *tariff = lint->tariff;
    for (uint32_t m = 1; m < tariff->measure_count; m++) {
        const struct measure *measure = &tariff->measures[m];
        const struct condition *conditions = &tariff->conditions[measure->condition];
        bool seen[128] = {false};
        unsigned end;
        for (unsigned first = 0; first < measure->condition_count; first = end) {
            unsigned char group = (unsigned char)conditions[first].group;
            for (end = first + 1;
                 end < measure->condition_count && conditions[end].group == conditions[first].group;
                 end++) {
            }
            if (seen[group & 127]) {
                lint_add_measure(lint, measure, SCHEDULE_FIELD_conditions, LINT_C4,
                                 "the conditions of group %c do not stand together", group);
            }
            seen[group & 127] = true;
            check_group(lint, measure, conditions + first, end - first);
        }
        check_certificates(lint, measure, conditions);
    }
}

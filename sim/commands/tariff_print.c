/* SPDX-License-Identifier: GPL-3.0-or-later
 * tariff_print.c - says what is due and why, from the trace alone and the names it refers to. */
#include "sim/commands/tariff_print.h"

#include "core/base/units.h"

#include <string.h>

struct text {
    char bytes[160];
};

/* A step that has no such number leaves it empty. */
static struct text number_text(struct exact number) {
    struct text text = {{0}};
    if (number.denominator > 0) {
        exact_print(number, text.bytes);
    }
    return text;
}

static struct text percent_text(struct exact share) {
    struct exact percent;
    struct text text;
    if (exact_multiply(share, exact_integer(100), &percent) != 0) {
        percent = share;
    }
    unsigned length = exact_print(percent, text.bytes);
    memcpy(text.bytes + length, " %", 3);
    return text;
}

static const char *mode_text(unsigned mode) {
    static const char *const modes[] = {"not",  "half up", "half to even", "half down",
                                        "down", "up",      "to the floor", "to the ceiling"};
    return modes[mode];
}

static const char *sign_text(unsigned verb) {
    return verb == DUTY_MINUS ? "- "
           : verb == DUTY_MIN ? "at least "
           : verb == DUTY_MAX ? "at most "
                              : "+ ";
}

static const char *name_of(const struct levy_plan *plan, unsigned slot) {
    return slot < plan->slot_count ? plan->names[slot] : "";
}

/* "measure 4711: 103 third country duty, all, act R1" */
static void measure_text(const struct levy_plan *plan, uint32_t index, char *text, size_t size) {
    const struct tariff *tariff = plan->tariff;
    const struct measure *measure = &tariff->measures[index];
    const struct measure_type *type = &tariff->types[measure->type];
    const char *act = measure->act != 0 ? tariff->acts.entries[measure->act].id : NULL;
    snprintf(text, size, "measure %s%s%s%s%s, %s%s%s", measure->id != NULL ? measure->id : "",
             measure->id != NULL ? ": " : "", type->id, type->description != NULL ? " " : "",
             type->description != NULL ? type->description : "", tariff->areas[measure->area].id,
             act != NULL ? ", act " : "", act != NULL ? act : "");
}

/* What an amount is held against, and what is put in its place. */
static void limit_text(const struct trace_step *step, const char *name, char *text, size_t size) {
    struct text a = number_text(step->a), b = number_text(step->b);
    switch (step->operation) {
    case TRACE_trigger:
        snprintf(text, size, "the trigger price of %s %s is %s", b.bytes, name, a.bytes);
        return;
    case TRACE_floor:
        snprintf(text, size, "not less than %s", a.bytes);
        return;
    case TRACE_ceiling:
        snprintf(text, size, "not more than %s", a.bytes);
        return;
    case TRACE_entry:
        snprintf(text, size, "its part of what all items pay is %s", a.bytes);
        return;
    case TRACE_waive:
        snprintf(text, size, "not collected up to %s", a.bytes);
        return;
    default:
        text[0] = '\0';
        return;
    }
}

static void step_text(const struct levy_plan *plan, const struct trace_step *step, char *text,
                      size_t size) {
    struct text a = number_text(step->a), b = {{0}}, percent = {{0}};
    const char *name = name_of(plan, step->slot);
    switch (step->operation) {
    case TRACE_term:
    case TRACE_times:
    case TRACE_over:
    case TRACE_quantity:
        b = step->slot == TRACE_NO_SLOT ? b : number_text(step->b);
        snprintf(text, size, "%s%s%s%s%s%s",
                 step->operation == TRACE_term   ? "base + "
                 : step->operation == TRACE_over ? "  over "
                                                 : "  times ",
                 step->operation != TRACE_term || strcmp(a.bytes, "1") == 0 ? "" : a.bytes,
                 step->operation != TRACE_term || strcmp(a.bytes, "1") == 0 || name[0] == '\0'
                     ? ""
                     : " x ",
                 b.bytes, name[0] != '\0' ? " " : "", name);
        return;
    case TRACE_share:
    case TRACE_slice:
        percent = percent_text(step->a);
        b = step->slot == TRACE_NO_SLOT && step->operation == TRACE_share ? b
                                                                          : number_text(step->b);
        snprintf(text, size, "%s%s of %s%s%s", sign_text(step->verb), percent.bytes,
                 b.bytes[0] != '\0' ? b.bytes : "the base", name[0] != '\0' ? " " : "", name);
        return;
    case TRACE_base_round:
        snprintf(text, size, "base rounded %s to multiples of %s", mode_text(step->mode), a.bytes);
        return;
    case TRACE_component_round:
    case TRACE_round:
        snprintf(text, size, "rounded %s to multiples of %s", mode_text(step->mode), a.bytes);
        return;
    case TRACE_measure:
        measure_text(plan, step->measure, text, size);
        return;
    case TRACE_money:
        snprintf(text, size, "%s%s%s%s", sign_text(step->verb), a.bytes, name[0] != '\0' ? " " : "",
                 name);
        return;
    case TRACE_exchange:
        b = number_text(step->b);
        snprintf(text, size, "  at an exchange rate of %s%s%s", a.bytes,
                 step->mode != ROUNDING_NONE ? ", rounded to multiples of " : "",
                 step->mode != ROUNDING_NONE ? b.bytes : "");
        return;
    case TRACE_factor:
        snprintf(text, size, "  times %s", a.bytes);
        return;
    default:
        limit_text(step, name, text, size);
        return;
    }
}

static void reason_text(const struct assessment *assessment, const struct assess_line *line,
                        char *text, size_t size) {
    snprintf(text, size, "%s%s%s%s%s", assess_outcome_doc(line->outcome),
             line->detail != LEVY_NO_SLOT && !line->is_known ? ": " : "",
             line->detail != LEVY_NO_SLOT && !line->is_known
                 ? name_of(assessment->plan, line->detail)
                 : "",
             line->reason != NULL ? ": " : "", line->reason != NULL ? line->reason : "");
}

static void print_line(const struct assessment *assessment, unsigned index) {
    const struct levy_plan *plan = assessment->plan;
    const struct levy *levy = &plan->levies[index];
    const struct assess_line *line = &assessment->lines[index];
    char text[400];
    struct text amount = number_text(line->due);
    printf("  %-28s %18s %s\n", levy->name, line->is_known ? amount.bytes : "?",
           line->is_known && levy->kind != LEVY_NUMBER ? plan->exchange.own : "");
    if (line->outcome != ASSESS_due) {
        reason_text(assessment, line, text, sizeof text);
        printf("      %s\n", text);
    }
    for (unsigned i = line->step_first; i < line->step_first + line->step_count; i++) {
        step_text(plan, &assessment->trace.steps[i], text, sizeof text);
        if (text[0] != '\0') {
            printf("      %s\n", text);
        }
    }
    if (line->row < levy->row_count && levy->rows[line->row].reference != NULL) {
        printf("      by %s\n", levy->rows[line->row].reference);
    }
}

static void notice_text(const struct assessment *assessment, const struct assess_notice *notice,
                        char *text, size_t size) {
    const struct tariff *tariff = assessment->plan->tariff;
    char measure[300] = "";
    const char *detail = "";
    if (notice->measure != 0) {
        measure_text(assessment->plan, notice->measure, measure, sizeof measure);
    }
    if (notice->outcome == ASSESS_unit_missing) {
        detail = name_of(assessment->plan, notice->detail);
    } else if (tariff != NULL && notice->detail != 0 &&
               notice->detail < tariff->certificates.count) {
        detail = tariff->certificates.entries[notice->detail].id;
    }
    snprintf(text, size, "%s%s%s%s%s%s", assess_outcome_doc(notice->outcome),
             detail[0] != '\0' ? ": " : "", detail, measure[0] != '\0' ? " (" : "", measure,
             measure[0] != '\0' ? ")" : "");
}

void tariff_print_assessment(const struct assessment *assessment,
                             const struct reassess_entry *entry) {
    const struct levy_plan *plan = assessment->plan;
    char date[16], text[500];
    struct text due = number_text(assessment->due);
    units_print_date(entry->goods_day, date);
    printf("%s, goods of %s", entry->id, date);
    if (plan->tariff != NULL) {
        printf(", code %010llu, origin %s", (unsigned long long)entry->facts->code,
               entry->facts->origin != 0 ? plan->tariff->areas[entry->facts->origin].id
                                         : "not known");
    }
    printf("\n");
    for (unsigned i = 0; i < assessment->notice_count; i++) {
        notice_text(assessment, &assessment->notices[i], text, sizeof text);
        printf("  ! %s\n", text);
    }
    for (unsigned i = 0; i < plan->levy_count; i++) {
        print_line(assessment, i);
    }
    printf("  %-28s %18s %s%s\n\n", "to be paid", due.bytes, plan->exchange.own,
           assessment->is_blocked     ? ", and the goods may not come in"
           : !assessment->is_complete ? ", without what isn't known"
                                      : "");
}

/* ---- claims ---- */

static void print_why(const char *id, const char *what, enum claim_state state, const char *why) {
    if (why != NULL) {
        printf("%s: %s %s: %s\n", id, what, claim_state_name(state), why);
    }
}

void tariff_print_claim(const struct claim *claim) {
    print_why(claim->entry.id, "preference", claim->preference, claim->preference_why);
    print_why(claim->entry.id, "quota", claim->quota, claim->quota_why);
    print_why(claim->entry.id, "surge measure", claim->surge, claim->surge_why);
    if (claim->part_count == 0) {
        printf("%s: not assessed\n\n", claim->entry.id);
    }
}

static void why_json(struct json *json, const char *what, enum claim_state state, const char *why) {
    if (why == NULL) {
        return;
    }
    json_enter(json, NULL, '{');
    json_text(json, "claim", what);
    json_text(json, "state", claim_state_name(state));
    json_text(json, "why", why);
    json_leave(json, '}');
}

static void claims_json(struct json *json, const struct claim *claim) {
    json_enter(json, "claims", '[');
    why_json(json, "preference", claim->preference, claim->preference_why);
    why_json(json, "quota", claim->quota, claim->quota_why);
    why_json(json, "surge measure", claim->surge, claim->surge_why);
    json_leave(json, ']');
}

void tariff_print_claim_json(struct json *json, const struct claim *claim) {
    json_enter(json, NULL, '{');
    json_text(json, "entry", claim->entry.id);
    claims_json(json, claim);
    json_raw(json, "complete", "false");
    json_leave(json, '}');
}

void tariff_print_together(const struct levy_plan *plan, const struct claim *claim,
                           struct exact due) {
    struct text text = number_text(due);
    printf("%s, both parts\n  %-28s %18s %s\n\n", claim->entry.id, "to be paid", text.bytes,
           plan->exchange.own);
}

void tariff_print_json(struct json *json, const struct assessment *assessment,
                       const struct claim *claim, const struct reassess_entry *part) {
    const struct levy_plan *plan = assessment->plan;
    char text[500];
    struct text due = number_text(assessment->due);
    json_enter(json, NULL, '{');
    json_text(json, "entry", part->id);
    units_print_date(part->goods_day, text);
    json_text(json, "date", text);
    claims_json(json, claim);
    json_enter(json, "notices", '[');
    for (unsigned i = 0; i < assessment->notice_count; i++) {
        notice_text(assessment, &assessment->notices[i], text, sizeof text);
        json_text(json, NULL, text);
    }
    json_leave(json, ']');
    json_enter(json, "levies", '[');
    for (unsigned i = 0; i < plan->levy_count; i++) {
        const struct assess_line *line = &assessment->lines[i];
        struct text amount = number_text(line->amount), collected = number_text(line->due);
        json_enter(json, NULL, '{');
        json_text(json, "levy", plan->levies[i].name);
        json_text(json, "kind", levy_kind_name(plan->levies[i].kind));
        json_text(json, "outcome", assess_outcome_name(line->outcome));
        if (line->is_known) {
            json_text(json, "amount", amount.bytes);
            json_text(json, "due", collected.bytes);
        }
        json_enter(json, "trace", '[');
        for (unsigned k = line->step_first; k < line->step_first + line->step_count; k++) {
            step_text(plan, &assessment->trace.steps[k], text, sizeof text);
            if (text[0] != '\0') {
                json_text(json, NULL, text + strspn(text, " "));
            }
        }
        json_leave(json, ']');
        json_leave(json, '}');
    }
    json_leave(json, ']');
    json_text(json, "due", due.bytes);
    json_raw(json, "complete", assessment->is_complete ? "true" : "false");
    json_raw(json, "blocked", assessment->is_blocked ? "true" : "false");
    json_leave(json, '}');
}

/* ---- changes ---- */

static struct text side_text(bool is_known, struct exact amount, enum assess_outcome outcome) {
    struct text text = number_text(amount);
    if (!is_known) {
        snprintf(text.bytes, sizeof text.bytes, "%s", assess_outcome_name(outcome));
    }
    return text;
}

void tariff_print_changes(const struct levy_plan *plan, const struct reassess_entry *entries,
                          const struct reassess_list *list) {
    struct text owed = number_text(list->owed), returned = number_text(list->returned);
    for (unsigned i = 0; i < list->change_count; i++) {
        const struct reassess_change *change = &list->changes[i];
        struct text before = side_text(change->was_known, change->before, change->outcome_before);
        struct text after = side_text(change->is_known, change->after, change->outcome_after);
        struct text difference = number_text(change->difference);
        printf("%-28s %-20s %14s -> %14s  %s%s\n", entries[change->entry].id,
               plan->levies[change->levy].name, before.bytes, after.bytes,
               exact_sign(change->difference) > 0 ? "+" : "", difference.bytes);
    }
    printf("%u entries affected; %s owed, %s returned%s%s\n", list->entry_count, owed.bytes,
           returned.bytes, plan->exchange.own[0] != '\0' ? " " : "", plan->exchange.own);
    if (!list->is_complete) {
        printf("some amounts are not known and not in these sums\n");
    }
}

void tariff_print_changes_json(struct json *json, const struct levy_plan *plan,
                               const struct reassess_entry *entries,
                               const struct reassess_list *list) {
    struct text owed = number_text(list->owed), returned = number_text(list->returned);
    json_enter(json, NULL, '{');
    json_enter(json, "changes", '[');
    for (unsigned i = 0; i < list->change_count; i++) {
        const struct reassess_change *change = &list->changes[i];
        struct text difference = number_text(change->difference);
        json_enter(json, NULL, '{');
        json_text(json, "entry", entries[change->entry].id);
        json_text(json, "levy", plan->levies[change->levy].name);
        json_text(json, "before",
                  side_text(change->was_known, change->before, change->outcome_before).bytes);
        json_text(json, "after",
                  side_text(change->is_known, change->after, change->outcome_after).bytes);
        json_text(json, "difference", difference.bytes);
        json_leave(json, '}');
    }
    json_leave(json, ']');
    json_text(json, "owed", owed.bytes);
    json_text(json, "returned", returned.bytes);
    json_raw(json, "complete", list->is_complete ? "true" : "false");
    json_leave(json, '}');
}

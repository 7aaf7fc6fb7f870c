/* SPDX-License-Identifier: GPL-3.0-or-later
 * origin.c - which rules are for the goods, and what they say together. */
#include "core/tariff/origin.h"

#include "core/base/require.h"
#include "core/tariff/origin_test.h"

#include <stdio.h>
#include <string.h>

enum { MATERIALS_MAX = 256, SETS_MAX = 64, RULES_MAX = 64 };

const char *origin_answer_name(enum origin_answer answer) {
    static const char *const names[] = {"does not qualify", "qualifies", "needs a human"};
    REQUIRE(answer <= ORIGIN_HUMAN);
    return names[answer];
}

int origin_find(const struct origin *origin, const char *scheme_code) {
    unsigned low = 0, high = origin->scheme_count;
    while (low < high) {
        unsigned middle = low + (high - low) / 2;
        int order = strcmp(origin->schemes[middle].code, scheme_code);
        if (order == 0) {
            return (int)middle;
        }
        if (order < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return -1;
}

/* The sets are a balanced search tree in place: the middle of a range is its root, and `reach` the
 * highest code below it (Cormen et al., Introduction to Algorithms, 14.3). */
struct search {
    const struct origin_set *sets;
    uint64_t code;
    const struct origin_set **found;
    unsigned count, max;
};

static void search_range(struct search *search, unsigned low, unsigned high) {
    if (low >= high) {
        return;
    }
    unsigned middle = low + (high - low) / 2;
    const struct origin_set *set = &search->sets[middle];
    if (set->reach < search->code) {
        return;
    }
    search_range(search, low, middle);
    if (set->low <= search->code) {
        if (set->high >= search->code) {
            if (search->count < search->max) {
                search->found[search->count] = set;
            }
            search->count++;
        }
        search_range(search, middle + 1, high);
    }
}

unsigned origin_sets(const struct origin *origin, int scheme, uint64_t code,
                     const struct origin_set **sets, unsigned max) {
    REQUIRE(scheme >= 0 && (unsigned)scheme < origin->scheme_count);
    const struct origin_scheme *own = &origin->schemes[scheme];
    struct search search = {&origin->sets[own->set_first], code, sets, 0, max};
    search_range(&search, 0, own->set_count);
    return search.count;
}

enum origin_reach origin_rule_reach(const struct origin_rule *rule) {
    return origin_test_reach(rule->test);
}

/* --- judging --- */

/* What one rule, group or set says, and by which rule. */
struct opinion {
    const struct origin_rule *rule;
    struct origin_finding finding;
};

static void judge_rule(const struct origin_rule *rule, const struct origin_facts *facts,
                       struct opinion *opinion) {
    opinion->rule = rule;
    origin_test_judge(rule->test, facts, &opinion->finding);
    if (rule->is_quota && opinion->finding.answer == ORIGIN_YES) {
        opinion->finding.answer = ORIGIN_HUMAN;
        snprintf(opinion->finding.why, sizeof opinion->finding.why,
                 "the rule is met, but holds within a yearly quota only");
    }
}

/* Keeps what decides among alternatives: a yes, else what is open, else a no, with all reasons. */
static void alternative(struct opinion *kept, const struct opinion *next, bool is_first) {
    enum origin_answer has = kept->finding.answer, comes = next->finding.answer;
    if (is_first || (has != ORIGIN_YES && comes == ORIGIN_YES) ||
        (has == ORIGIN_NO && comes == ORIGIN_HUMAN)) {
        *kept = *next;
    } else if (has == ORIGIN_NO) {
        char *why = kept->finding.why;
        size_t length = strlen(why);
        if (length < sizeof kept->finding.why / 2) {
            snprintf(why + length, sizeof kept->finding.why / 2, "; %.140s", next->finding.why);
        }
    }
}

/* Two opinions of which nobody says how they stand together: where they differ, a human. */
static void unstated(struct opinion *kept, const struct opinion *next, bool is_first,
                     const char *what) {
    if (is_first) {
        *kept = *next;
    } else if (kept->finding.answer != next->finding.answer &&
               kept->finding.answer != ORIGIN_HUMAN) {
        kept->finding.answer = ORIGIN_HUMAN;
        snprintf(kept->finding.why, sizeof kept->finding.why, "%s: %.20s (%.140s)", what,
                 origin_answer_name(next->finding.answer), next->finding.why);
    }
}

/* The end of the group that begins at rule `first` of a set: rules without "or" up to those with
 * it, or one rule where no "or" follows. */
static unsigned group_end(const struct origin_rule *rules, unsigned first, unsigned count) {
    unsigned end = first;
    while (end < count && !rules[end].is_alternative) {
        end++;
    }
    if (end == count) {
        return first + 1;
    }
    while (end < count && rules[end].is_alternative) {
        end++;
    }
    return end;
}

/* False when none of its rules is for the direction. */
static bool judge_set(const struct origin *origin, const struct origin_set *set,
                      const struct origin_facts *facts, struct opinion *opinion) {
    const struct origin_rule *rules = &origin->rules[set->first];
    unsigned groups = 0;
    for (unsigned first = 0, end; first < set->count; first = end) {
        end = group_end(rules, first, set->count);
        struct opinion group = {0}, one;
        unsigned judged = 0;
        for (unsigned i = first; i < end; i++) {
            if (facts->goods->is_export ? rules[i].on_export : rules[i].on_import) {
                judge_rule(&rules[i], facts, &one);
                alternative(&group, &one, judged++ == 0);
            }
        }
        if (rules[first].is_alternative && group.finding.answer == ORIGIN_NO) {
            group.finding.answer = ORIGIN_HUMAN; /* "or" with nothing before it */
            snprintf(group.finding.why, sizeof group.finding.why,
                     "the rule is not met, and the one it is an alternative to is missing");
        }
        if (judged > 0) {
            unstated(opinion, &group, groups++ == 0,
                     "the table does not say whether all of its rules have to be met or one, and "
                     "another says");
        }
    }
    return groups > 0;
}

/* The sets whose description is the goods', or all. 0 and a reason when there is none. */
static unsigned candidates(const struct origin *origin, int scheme,
                           const struct origin_goods *goods, const struct origin_set **sets,
                           struct origin_judgement *judgement) {
    unsigned count = origin_sets(origin, scheme, goods->code, sets, SETS_MAX), kept = 0;
    if (count == 0 || count > SETS_MAX) {
        snprintf(judgement->why, sizeof judgement->why, "scheme %.40s has %s for code %010llu",
                 origin->schemes[scheme].code, count == 0 ? "no rule" : "too many rules",
                 (unsigned long long)goods->code);
        return 0;
    }
    if (goods->subdivision == NULL) {
        return count;
    }
    for (unsigned i = 0; i < count; i++) {
        if (strcmp(sets[i]->subdivision, goods->subdivision) == 0) {
            sets[kept++] = sets[i];
        }
    }
    if (kept == 0) {
        snprintf(judgement->why, sizeof judgement->why,
                 "no rule for code %010llu has the description '%.120s'",
                 (unsigned long long)goods->code, goods->subdivision);
    }
    return kept;
}

static void judge_sets(const struct origin *origin, const struct origin_set *const *sets,
                       unsigned count, const struct origin_facts *facts,
                       struct origin_judgement *judgement) {
    struct opinion kept = {0}, one;
    unsigned judged = 0;
    judgement->set = NULL;
    for (unsigned i = 0; i < count; i++) {
        if (judge_set(origin, sets[i], facts, &one)) {
            judgement->set = judged == 0 ? sets[i] : judgement->set;
            unstated(&kept, &one, judged++ == 0,
                     "several descriptions cover the code, and for another one");
        }
    }
    if (judged == 0) {
        judgement->answer = ORIGIN_HUMAN;
        snprintf(judgement->why, sizeof judgement->why, "no rule is for this direction of trade");
        return;
    }
    judgement->answer = kept.finding.answer;
    judgement->rule = kept.rule;
    snprintf(judgement->why, sizeof judgement->why, "%s", kept.finding.why);
}

static bool has_name(const char *const *names, unsigned count, const char *name) {
    for (unsigned i = 0; i < count; i++) {
        if (strcmp(names[i], name) == 0) {
            return true;
        }
    }
    return false;
}

/* Whether the material originates; HUMAN where that is for a human to say. */
static enum origin_answer status_of(const struct origin_scheme *scheme,
                                    const struct origin_material *material) {
    if (material->status != ORIGIN_BY_AREA) {
        return material->status == ORIGIN_ORIGINATING ? ORIGIN_YES : ORIGIN_NO;
    }
    if (material->area == NULL) {
        return ORIGIN_NO;
    }
    if (has_name(scheme->parties, scheme->party_count, material->area)) {
        return ORIGIN_YES;
    }
    bool is_open = scheme->party_count + scheme->partner_count == 0 ||
                   has_name(scheme->partners, scheme->partner_count, material->area);
    return is_open ? ORIGIN_HUMAN : ORIGIN_NO;
}

static const struct origin_tolerance *tolerance_of(const struct origin_scheme *scheme,
                                                   uint64_t code) {
    for (unsigned i = 0; i < scheme->tolerance_count; i++) {
        const struct origin_range *goods = &scheme->tolerances[i].goods;
        if (code >= goods->low && code <= goods->high) {
            return &scheme->tolerances[i];
        }
    }
    return NULL;
}

/* An amount below zero, or a code of more than ten digits. */
static bool is_absurd(const struct origin_material *material) {
    return material->code > UINT64_C(9999999999) || exact_sign(material->value) < 0 ||
           exact_sign(material->weight) < 0;
}

/* What is clear before any rule is read; false when nothing is. */
static bool is_clear(const struct origin_goods *goods, unsigned material_count,
                     const enum origin_answer *status, struct origin_judgement *judgement) {
    const char *why = NULL;
    bool all = material_count > 0;
    for (unsigned i = 0; i < material_count; i++) {
        all = all && status[i] == ORIGIN_YES;
    }
    judgement->answer = ORIGIN_HUMAN;
    if (goods->wholly_obtained == ORIGIN_TRUE && all == (material_count > 0)) {
        judgement->answer = ORIGIN_YES;
        why = "the goods are wholly obtained";
    } else if (all) {
        judgement->answer = goods->minimal_only == ORIGIN_TRUE ? ORIGIN_HUMAN : ORIGIN_YES;
        why = goods->minimal_only == ORIGIN_TRUE
                  ? "only minimal operations were done to originating materials; whose origin they "
                    "keep is for a human"
                  : "the goods are made of originating materials only";
    } else if (goods->minimal_only == ORIGIN_TRUE) {
        judgement->answer = ORIGIN_NO;
        why = "only minimal operations were done, which never give origin";
    } else if (material_count == 0) {
        why = "no materials are declared, and nothing says that the goods are wholly obtained";
    }
    if (why != NULL) {
        snprintf(judgement->why, sizeof judgement->why, "%s", why);
    }
    return why != NULL;
}

/* Judges with what is open as it is, and with that as originating: where both say the same, so it
 * is. A test is never harder when more materials originate. */
static void judge_both(const struct origin *origin, const struct origin_set *const *sets,
                       unsigned count, struct origin_facts *facts, const enum origin_answer *status,
                       struct origin_judgement *judgement) {
    bool assumed[MATERIALS_MAX];
    const struct origin_material *open = NULL;
    for (unsigned i = 0; i < facts->count; i++) {
        assumed[i] = status[i] == ORIGIN_YES;
        if (status[i] == ORIGIN_HUMAN && open == NULL) {
            open = &facts->materials[i];
        }
    }
    facts->is_originating = assumed;
    judge_sets(origin, sets, count, facts, judgement);
    if (open == NULL || judgement->answer == ORIGIN_YES) {
        return;
    }
    struct origin_judgement second = *judgement;
    for (unsigned i = 0; i < facts->count; i++) {
        assumed[i] = status[i] != ORIGIN_NO;
    }
    judge_sets(origin, sets, count, facts, &second);
    if (second.answer == ORIGIN_NO) {
        *judgement = second;
    } else if (second.answer != judgement->answer) {
        judgement->answer = ORIGIN_HUMAN;
        snprintf(judgement->why, sizeof judgement->why,
                 "it depends on whether material %010llu from %.40s counts as originating by "
                 "cumulation",
                 (unsigned long long)open->code, open->area);
    }
}

void origin_judge(const struct origin *origin, int scheme, const struct origin_goods *goods,
                  const struct origin_material *materials, unsigned material_count,
                  struct origin_judgement *judgement) {
    enum origin_answer status[MATERIALS_MAX];
    const struct origin_set *sets[SETS_MAX];
    *judgement = (struct origin_judgement){.answer = ORIGIN_HUMAN};
    REQUIRE(scheme >= 0 && (unsigned)scheme < origin->scheme_count);
    const struct origin_scheme *own = &origin->schemes[scheme];
    bool is_absurd_amount = goods->code > UINT64_C(9999999999);
    for (unsigned i = 0; i < material_count && i < MATERIALS_MAX; i++) {
        status[i] = status_of(own, &materials[i]);
        is_absurd_amount = is_absurd_amount || is_absurd(&materials[i]);
    }
    if (material_count > MATERIALS_MAX || is_absurd_amount) {
        snprintf(judgement->why, sizeof judgement->why,
                 is_absurd_amount ? "a code has more than ten digits, or an amount is below zero"
                                  : "there are more than %d materials",
                 MATERIALS_MAX);
        return;
    }
    if (is_clear(goods, material_count, status, judgement)) {
        return;
    }
    unsigned count = candidates(origin, scheme, goods, sets, judgement);
    if (count == 0) {
        return;
    }
    struct origin_facts facts = {.goods = goods,
                                 .materials = materials,
                                 .count = material_count,
                                 .tolerance = tolerance_of(own, goods->code)};
    judge_both(origin, sets, count, &facts, status, judgement);
}

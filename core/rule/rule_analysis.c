/* SPDX-License-Identifier: GPL-3.0-or-later
 * rule_analysis.c - see rule_analysis.h.
 *
 * Two rules clash where every input has a class that meets both: that is exact, for a rule is a
 * box. Gaps and masked rules are searched input by input, with the rules left after the inputs so
 * far as the state; a state is looked at once, and a branch ends as soon as some rule that is left
 * takes everything from there on. */
#include "core/rule/rule_analysis.h"

#include "core/rule/rule_grid.h"

#include <stdio.h>
#include <string.h>

#define WORK_MAX UINT64_C(50000000)
enum { VARIED_INPUTS_MAX = 6 }; /* examples take both values of so many inputs */

struct epoch_grid {
    const struct rule_epoch *epoch;
    const struct rule_grid *grid;
    int64_t day; /* one of it */
};

struct analysing {
    const struct rule *rule;
    struct arena *arena;
    struct epoch_grid *epochs; /* those in which the page is in force */
    unsigned epoch_count;
    uint64_t work, work_max;
    uint16_t bit_of[RULE_RULES_MAX];
    uint64_t sure[RULE_WORDS_MAX]; /* bits of rules without a condition */
    struct rule_grid_seen seen;
    struct rule_analysis result;
    struct rule_finding *findings;
    size_t capacity;
};

static bool has_bit(const uint64_t *mask, unsigned bit) {
    return (mask[bit / 64] >> (bit % 64) & 1) != 0;
}

static bool spend(struct analysing *analysing, uint64_t work) {
    analysing->work += work;
    if (analysing->work > analysing->work_max) {
        analysing->result.is_bounded = true;
    }
    return !analysing->result.is_bounded;
}

/* ---- findings ---- */

static const char *on_day(struct analysing *analysing, int64_t day) {
    const struct rule *rule = analysing->rule;
    bool is_dated =
        rule->epoch_count > 1 || rule->first_day != RULE_DAY_MIN || rule->last_day != RULE_DAY_MAX;
    char text[16];
    if (!is_dated) {
        return "";
    }
    units_print_date(day, text);
    return arena_format(analysing->arena, ", on %s", text);
}

static struct rule_finding *add(struct analysing *analysing, enum rule_finding_kind kind,
                                bool is_error) {
    struct rule_analysis *result = &analysing->result;
    if (result->finding_count >= RULE_ANALYSIS_FINDINGS_MAX) {
        return NULL;
    }
    analysing->findings = arena_grow(analysing->arena, analysing->findings, result->finding_count,
                                     &analysing->capacity, sizeof *analysing->findings);
    struct rule_finding *finding = &analysing->findings[result->finding_count++];
    result->error_count += is_error;
    *finding = (struct rule_finding){.kind = kind, .is_error = is_error};
    return finding;
}

/* ---- examples ---- */

static const struct value *values_of(struct analysing *analysing, const struct epoch_grid *at,
                                     const unsigned *picks, uint64_t high) {
    struct value *values =
        ARENA_ARRAY(analysing->arena, struct value, analysing->rule->input_count + 1u);
    rule_grid_values(at->grid, picks, 0, high, values);
    return values;
}

typedef bool is_example(const struct rule_result *result, const unsigned *rules);

/* Values of the classes picked for which the table does what is looked for, NULL when none was
 * found. */
static const struct value *find_example(struct analysing *analysing, const struct epoch_grid *at,
                                        const unsigned *picks, is_example *is_wanted,
                                        const unsigned *rules) {
    unsigned inputs = at->grid->input_count;
    unsigned varied = inputs < VARIED_INPUTS_MAX ? inputs : VARIED_INPUTS_MAX;
    for (uint64_t high = 0; high < UINT64_C(1) << varied; high++) {
        struct value values[RULE_INPUTS_MAX];
        struct rule_result result;
        if (!spend(analysing, 64)) {
            return NULL;
        }
        rule_grid_values(at->grid, picks, 0, high, values);
        rule_evaluate(analysing->rule, values, at->day, &result);
        if (is_wanted(&result, rules)) {
            return values_of(analysing, at, picks, high);
        }
    }
    return NULL;
}

static bool fires(const struct rule_result *result, unsigned rule) {
    for (unsigned i = 0; i < result->fired_count; i++) {
        if (result->fired[i] == rule) {
            return true;
        }
    }
    return false;
}

static bool both_clash(const struct rule_result *result, const unsigned *rules) {
    return result->status == RULE_CONFLICT && fires(result, rules[0]) && fires(result, rules[1]);
}

static bool nothing_fires(const struct rule_result *result, const unsigned *rules) {
    (void)rules;
    return result->fired_count == 0 && result->status != RULE_REFUSED;
}

/* ---- overlap ---- */

enum verdict { APART, MAYBE, CERTAIN };

/* Whether the outputs of two rules are the same, for all that is known. */
static enum verdict outputs_differ(const struct rule *rule, unsigned a, unsigned b) {
    enum verdict verdict = APART;
    for (unsigned o = 0; o < rule->output_count; o++) {
        const struct rule_entry *x = &rule->rows[a].entries[o], *y = &rule->rows[b].entries[o];
        bool is_plain = x->expression == NULL && y->expression == NULL;
        bool has_both = x->node != NULL && y->node != NULL;
        if (is_plain &&
            (x->value.type != y->value.type ||
             (x->value.type != VALUE_MISSING && rule_key(&x->value) != rule_key(&y->value)))) {
            return CERTAIN;
        }
        if (!is_plain && (!has_both || strcmp(x->node->text, y->node->text) != 0)) {
            verdict = MAYBE;
        }
    }
    return verdict;
}

/* One class an input that meets both rules; false when some input has none. */
static bool pick_both(struct analysing *analysing, const struct epoch_grid *at, unsigned a,
                      unsigned b, unsigned *picks) {
    unsigned bits[2] = {analysing->bit_of[a], analysing->bit_of[b]};
    if (!has_bit(at->epoch->active, bits[0]) || !has_bit(at->epoch->active, bits[1])) {
        return false;
    }
    for (unsigned i = 0; i < at->grid->input_count; i++) {
        const struct rule_grid_input *input = &at->grid->inputs[i];
        unsigned c = 0;
        while (c < input->class_count && !(has_bit(input->classes[c].mask, bits[0]) &&
                                           has_bit(input->classes[c].mask, bits[1]))) {
            c++;
        }
        if (c == input->class_count || !spend(analysing, c + 1)) {
            return false;
        }
        picks[i] = c;
    }
    return true;
}

static void report_overlap(struct analysing *analysing, const unsigned *rules,
                           const struct epoch_grid *at, const struct value *example,
                           bool is_certain) {
    const struct rule *rule = analysing->rule;
    struct rule_finding *finding = add(analysing, RULE_FINDING_OVERLAP, is_certain);
    if (finding == NULL) {
        return;
    }
    memcpy(finding->rules, rules, sizeof finding->rules);
    finding->example = example;
    finding->day = at->day;
    bool is_unique = rule->hit == RULE_HIT_UNIQUE;
    node_key_error(rule->rows[rules[1]].node, &finding->message,
                   "rules '%s' and '%s' %s match%s%s: %s%s%s", rule->rows[rules[0]].name,
                   rule->rows[rules[1]].name, is_certain ? "both" : "may both",
                   is_unique    ? ""
                   : is_certain ? " and differ"
                                : " and differ, perhaps",
                   is_certain ? "" : " (conditions and computed values are not analysed)",
                   rule_print_inputs(rule, example, analysing->arena), on_day(analysing, at->day),
                   is_unique ? "; under 'hit: unique' one rule may match"
                             : "; under 'hit: any' rules that match give the same");
}

static void check_pair(struct analysing *analysing, unsigned a, unsigned b) {
    const struct rule *rule = analysing->rule;
    const unsigned rules[2] = {a, b};
    enum verdict differ = rule->hit == RULE_HIT_ANY ? outputs_differ(rule, a, b) : CERTAIN;
    bool is_sure = rule->rows[a].provided == NULL && rule->rows[b].provided == NULL;
    const struct epoch_grid *doubtful = NULL;
    const struct value *doubtful_example = NULL;
    for (unsigned e = 0; e < analysing->epoch_count && differ != APART; e++) {
        const struct epoch_grid *at = &analysing->epochs[e];
        unsigned picks[RULE_GRID_INPUTS_MAX] = {0};
        if (!pick_both(analysing, at, a, b, picks)) {
            continue;
        }
        const struct value *example = is_sure && differ == CERTAIN
                                          ? values_of(analysing, at, picks, 0)
                                          : find_example(analysing, at, picks, both_clash, rules);
        if (example != NULL) {
            report_overlap(analysing, rules, at, example, true);
            return;
        }
        if (doubtful == NULL) {
            doubtful = at;
            doubtful_example = values_of(analysing, at, picks, 0);
        }
    }
    if (doubtful != NULL) {
        report_overlap(analysing, rules, doubtful, doubtful_example, false);
    }
}

static void check_overlaps(struct analysing *analysing) {
    const struct rule *rule = analysing->rule;
    if (rule->hit != RULE_HIT_UNIQUE && rule->hit != RULE_HIT_ANY) {
        return;
    }
    for (unsigned b = 1; b < rule->row_count; b++) {
        for (unsigned a = 0; a < b && spend(analysing, 1); a++) {
            check_pair(analysing, a, b);
        }
    }
}

/* ---- searching for a point that no rule of a mask takes ---- */

struct search {
    struct analysing *analysing;
    const struct rule_grid *grid;
    unsigned words;
    int only; /* this bit is met everywhere; -1 for any */
    unsigned picks[RULE_GRID_INPUTS_MAX];
    uint64_t rest[RULE_GRID_INPUTS_MAX + 1][RULE_WORDS_MAX]; /* what takes all from an input on */
};

static bool is_allowed(const struct search *search, unsigned input, unsigned c) {
    const struct rule_grid_class *of = &search->grid->inputs[input].classes[c];
    return search->only < 0 || has_bit(of->mask, (unsigned)search->only);
}

static void prepare(struct search *search) {
    unsigned count = search->grid->input_count;
    memset(search->rest[count], 0xff, search->words * sizeof(uint64_t));
    for (unsigned i = count; i-- > 0;) {
        memcpy(search->rest[i], search->rest[i + 1], search->words * sizeof(uint64_t));
        for (unsigned c = 0; c < search->grid->inputs[i].class_count; c++) {
            for (unsigned w = 0; w < search->words && is_allowed(search, i, c); w++) {
                search->rest[i][w] &= search->grid->inputs[i].classes[c].mask[w];
            }
        }
    }
    rule_grid_forget(&search->analysing->seen, search->words, search->analysing->arena);
}

/* Any allowed class for the inputs from `depth` on; false when an input has none. */
static bool fill_picks(struct search *search, unsigned depth) {
    for (unsigned i = depth; i < search->grid->input_count; i++) {
        unsigned c = 0;
        while (c < search->grid->inputs[i].class_count && !is_allowed(search, i, c)) {
            c++;
        }
        if (c == search->grid->inputs[i].class_count) {
            return false;
        }
        search->picks[i] = c;
    }
    return true;
}

/* Whether there is a point that no rule of `mask` takes; it is then in search->picks. */
static bool find_free(struct search *search, unsigned depth, const uint64_t *mask) {
    bool is_empty = true, is_taken = false;
    for (unsigned w = 0; w < search->words; w++) {
        is_empty = is_empty && mask[w] == 0;
        is_taken = is_taken || (mask[w] & search->rest[depth][w]) != 0;
    }
    if (is_empty) {
        return fill_picks(search, depth);
    }
    if (is_taken || !spend(search->analysing, 4) ||
        rule_grid_enter(&search->analysing->seen, depth, mask)) {
        return false;
    }
    const struct rule_grid_input *input = &search->grid->inputs[depth];
    for (unsigned c = 0; c < input->class_count; c++) {
        uint64_t next[RULE_WORDS_MAX];
        if (!is_allowed(search, depth, c)) {
            continue;
        }
        for (unsigned w = 0; w < search->words; w++) {
            next[w] = mask[w] & input->classes[c].mask[w];
        }
        search->picks[depth] = c;
        if (!spend(search->analysing, search->words) || find_free(search, depth + 1, next)) {
            return !search->analysing->result.is_bounded;
        }
    }
    return false;
}

/* ---- gaps ---- */

static bool may_have_gaps(const struct rule *rule) {
    bool has_defaults = true;
    for (unsigned o = 0; o < rule->output_count; o++) {
        has_defaults = has_defaults && (rule->outputs[o].is_optional ||
                                        rule->outputs[o].default_value.type != VALUE_MISSING);
    }
    return rule->is_complete && !has_defaults && rule->hit != RULE_HIT_COUNT;
}

static void report_gap(struct analysing *analysing, const struct epoch_grid *at,
                       const struct value *example, bool is_certain) {
    const struct rule *rule = analysing->rule;
    struct rule_finding *finding = add(analysing, RULE_FINDING_GAP, is_certain);
    if (finding == NULL) {
        return;
    }
    finding->example = example;
    finding->day = at->day;
    node_key_error(node_get(rule->file, "rules"), &finding->message,
                   "%s: %s%s; add a rule, a default, or 'complete: false'",
                   is_certain ? "no rule covers this input"
                              : "only rules with conditions, which are not analysed, cover this "
                                "input",
                   rule_print_inputs(rule, example, analysing->arena), on_day(analysing, at->day));
}

/* A gap that is one whatever conditions say, else one that hangs on them. */
static bool check_gap_on(struct analysing *analysing, const struct epoch_grid *at, bool sure_only) {
    struct search search = {
        .analysing = analysing, .grid = at->grid, .words = analysing->rule->word_count, .only = -1};
    uint64_t mask[RULE_WORDS_MAX];
    for (unsigned w = 0; w < search.words; w++) {
        mask[w] = at->epoch->active[w] & (sure_only ? analysing->sure[w] : UINT64_MAX);
    }
    prepare(&search);
    if (!find_free(&search, 0, mask)) {
        return false;
    }
    const struct value *example =
        sure_only ? find_example(analysing, at, search.picks, nothing_fires, NULL)
                  : values_of(analysing, at, search.picks, 0);
    bool is_certain = example != NULL;
    report_gap(analysing, at, is_certain ? example : values_of(analysing, at, search.picks, 0),
               is_certain);
    return true;
}

static void check_gaps(struct analysing *analysing) {
    for (unsigned pass = 0; pass < 2 && may_have_gaps(analysing->rule); pass++) {
        for (unsigned e = 0; e < analysing->epoch_count; e++) {
            if (check_gap_on(analysing, &analysing->epochs[e], pass == 1)) {
                return;
            }
        }
    }
}

/* ---- rules that never fire ---- */

/* Whether the cells of a rule can be met at all on a day. */
static bool can_be_met(const struct epoch_grid *at, unsigned bit) {
    for (unsigned i = 0; i < at->grid->input_count; i++) {
        const struct rule_grid_input *input = &at->grid->inputs[i];
        unsigned c = 0;
        while (c < input->class_count && !has_bit(input->classes[c].mask, bit)) {
            c++;
        }
        if (c == input->class_count) {
            return false;
        }
    }
    return true;
}

/* Whether some point of a rule is taken by no sure rule before it. */
static bool is_reached(struct analysing *analysing, const struct epoch_grid *at, unsigned bit) {
    struct search search = {.analysing = analysing,
                            .grid = at->grid,
                            .words = analysing->rule->word_count,
                            .only = (int)bit};
    uint64_t mask[RULE_WORDS_MAX];
    for (unsigned w = 0; w < search.words; w++) {
        uint64_t before = w < bit / 64    ? UINT64_MAX
                          : w == bit / 64 ? (UINT64_C(1) << (bit % 64)) - 1
                                          : 0;
        mask[w] = at->epoch->active[w] & analysing->sure[w] & before;
    }
    prepare(&search);
    return find_free(&search, 0, mask) || analysing->result.is_bounded;
}

static void report_idle(struct analysing *analysing, unsigned row, bool is_met, bool is_in_force) {
    const struct rule *rule = analysing->rule;
    struct rule_finding *finding =
        add(analysing, is_met ? RULE_FINDING_MASKED : RULE_FINDING_IDLE, false);
    if (finding == NULL) {
        return;
    }
    finding->rules[0] = row;
    node_key_error(rule->rows[row].node, &finding->message, "rule '%s' never fires: %s",
                   rule->rows[row].name,
                   is_met        ? "rules that come first take all that it covers"
                   : is_in_force ? "nothing can meet its cells"
                                 : "it is in force only when the page is not");
}

static void check_idle(struct analysing *analysing) {
    const struct rule *rule = analysing->rule;
    bool takes_one = rule->hit == RULE_HIT_FIRST || rule->hit == RULE_HIT_PRIORITY;
    for (unsigned row = 0; row < rule->row_count; row++) {
        bool is_in_force = false, is_met = false, is_free = false;
        unsigned bit = analysing->bit_of[row];
        for (unsigned e = 0; e < analysing->epoch_count && !is_free; e++) {
            const struct epoch_grid *at = &analysing->epochs[e];
            if (!has_bit(at->epoch->active, bit)) {
                continue;
            }
            bool is_met_here = can_be_met(at, bit);
            is_in_force = true;
            is_met = is_met || is_met_here;
            is_free = is_met_here && (!takes_one || is_reached(analysing, at, bit));
        }
        if (!is_free) {
            report_idle(analysing, row, is_met, is_in_force);
        }
    }
}

/* ---- the whole ---- */

/* A day from first to last, if possible one that says something. */
static int64_t day_within(int64_t first, int64_t last) {
    enum { SOME_DAY = 17167 }; /* 2017-01-01 */
    int64_t day = first != RULE_DAY_MIN ? first : last != RULE_DAY_MAX ? last : SOME_DAY;
    return day < UNITS_DAY_MIN ? UNITS_DAY_MIN : day > UNITS_DAY_MAX ? UNITS_DAY_MAX : day;
}

static void make_grids(struct analysing *analysing) {
    const struct rule *rule = analysing->rule;
    analysing->epochs = ARENA_ARRAY(analysing->arena, struct epoch_grid, rule->epoch_count);
    for (unsigned e = 0; e < rule->epoch_count; e++) {
        int64_t first = rule->epochs[e].first_day, last = RULE_DAY_MAX;
        if (e + 1 < rule->epoch_count) {
            last = rule->epochs[e + 1].first_day - 1;
        }
        first = first < rule->first_day ? rule->first_day : first;
        last = last > rule->last_day ? rule->last_day : last;
        if (first <= last) {
            struct error none = ERROR_INIT;
            analysing->epochs[analysing->epoch_count++] = (struct epoch_grid){
                &rule->epochs[e],
                rule_grid_make(rule, &rule->epochs[e], NULL, NULL, analysing->arena, &none),
                day_within(first, last)};
        }
    }
}

struct rule_analysis rule_analysis_make(const struct rule *rule, uint64_t work_max,
                                        struct arena *arena) {
    struct analysing *analysing = ARENA_NEW(arena, struct analysing);
    analysing->rule = rule;
    analysing->arena = arena;
    analysing->work_max = work_max > 0 ? work_max : WORK_MAX;
    for (unsigned bit = 0; bit < rule->row_count; bit++) {
        unsigned row = rule->order[bit];
        analysing->bit_of[row] = (uint16_t)bit;
        analysing->sure[bit / 64] |=
            rule->rows[row].provided == NULL ? UINT64_C(1) << (bit % 64) : 0;
    }
    make_grids(analysing);
    check_overlaps(analysing);
    check_gaps(analysing);
    check_idle(analysing);
    if (analysing->result.is_bounded) {
        struct rule_finding *finding = add(analysing, RULE_FINDING_BOUND, false);
        if (finding != NULL) {
            node_error(rule->file, &finding->message,
                       "the table is too entangled to be analysed to the end: there may be "
                       "overlaps and gaps that are not reported");
        }
    }
    analysing->result.findings = analysing->findings;
    return analysing->result;
}

int rule_analysis_check(const struct rule *rule, struct arena *arena, struct error *err) {
    struct rule_analysis analysis = rule_analysis_make(rule, 0, arena);
    for (unsigned i = 0; i < analysis.finding_count; i++) {
        if (analysis.findings[i].is_error) {
            *err = analysis.findings[i].message;
            return -1;
        }
    }
    return 0;
}

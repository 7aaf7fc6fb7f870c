/* SPDX-License-Identifier: GPL-3.0-or-later
 * fuzz_rule.c - goal: whatever page compiles can be asked, analysed, compared and printed, and
 * whatever does not has a message with a place.
 *
 * Method: values are drawn from a hash of the text. The cost stays within the bound; the answer is
 * that of the page printed and read again; a page does not differ from itself; errors of the
 * analysis come with an example that shows them. A text with a line "---" is a base and an overlay.
 */
#include "core/rule/rule_analysis.h"
#include "core/rule/rule_diff.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { TRIALS = 8, WORK = 20000, SIZE_MAX_TRIED = 1 << 16 };

static _Noreturn void fail(const char *what, const char *text) {
    fprintf(stderr, "%s:\n%s\n", what, text);
    abort();
}

static uint64_t pick(uint64_t *state, uint64_t count) {
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (*state >> 12) % count;
}

static struct value draw(uint64_t *state, enum value_type type, uint32_t symbol_count) {
    static const int64_t roots[] = {0, 1, 2, 5, 10, 100, 5000, INT64_MAX / 3, INT64_MAX};
    struct value value = {.type = pick(state, 6) == 0 ? VALUE_MISSING : type};
    if (value.type == VALUE_DECIMAL) {
        value.decimal.coefficient = roots[pick(state, sizeof roots / sizeof *roots)];
        value.decimal.coefficient *= pick(state, 4) == 0 ? -1 : 1;
        value.decimal.scale = (int32_t)(pick(state, 3) == 0 ? pick(state, 19) : pick(state, 3));
    } else if (value.type == VALUE_BOOLEAN) {
        value.boolean = pick(state, 2) == 0;
    } else if (value.type == VALUE_SYMBOL) {
        value.symbol = (uint32_t)pick(state, symbol_count + 2u);
    } else {
        value.date_day = 17000 + (int64_t)pick(state, 4000);
    }
    return value;
}

static bool is_same(const struct value *a, const struct value *b) {
    return a->type == b->type &&
           (a->type != VALUE_DECIMAL || decimal_compare(a->decimal, b->decimal) == 0) &&
           (a->type != VALUE_BOOLEAN || a->boolean == b->boolean) &&
           (a->type != VALUE_DATE || a->date_day == b->date_day);
}

/* Both come from one page, so their inputs, rules and symbols are alike. */
static void check_answers(const struct rule *rule, const struct rule *again, uint64_t state,
                          const char *text) {
    static struct rule_result results[2];
    unsigned input_count, output_count;
    uint32_t symbol_count;
    const struct expression_input *inputs = rule_inputs(rule, &input_count);
    const struct rule_output *outputs = rule_output_list(rule, &output_count);
    rule_symbols(rule, &symbol_count);
    for (int trial = 0; trial < TRIALS; trial++) {
        struct value values[RULE_INPUTS_MAX];
        for (unsigned i = 0; i < input_count; i++) {
            values[i] = draw(&state, inputs[i].type, symbol_count);
        }
        int64_t day = (int64_t)pick(&state, 30000);
        rule_evaluate(rule, values, day, &results[0]);
        rule_evaluate(again, values, day, &results[1]);
        if (results[0].cost > rule_cost(rule)) {
            fail("a cost above the bound", text);
        }
        if (results[0].status != results[1].status ||
            results[0].fired_count != results[1].fired_count) {
            fail("a page that answers otherwise when it is printed and read again", text);
        }
        for (unsigned o = 0; o < output_count; o++) {
            const struct value *value = &results[0].outputs[o];
            if (value->type != VALUE_MISSING && value->type != outputs[o].type &&
                rule_hit(rule) != RULE_HIT_COUNT) {
                fail("an output of another type", text);
            }
            if (!is_same(value, &results[1].outputs[o])) {
                fail("an output that differs when the page is read again", text);
            }
        }
        for (unsigned i = 0; i < results[0].fired_count; i++) {
            struct value row[RULE_OUTPUTS_MAX];
            rule_outputs(rule, results[0].fired[i], values, day, row);
        }
    }
}

static void check_analysis(const struct rule *rule, struct arena *arena, const char *text) {
    static struct rule_result result;
    struct rule_analysis analysis = rule_analysis_make(rule, WORK, arena);
    for (unsigned i = 0; i < analysis.finding_count; i++) {
        const struct rule_finding *finding = &analysis.findings[i];
        if (finding->message.text[0] == '\0' || finding->message.line <= 0) {
            fail("a finding without a message or a place", text);
        }
        if (!finding->is_error) {
            continue;
        }
        rule_evaluate(rule, finding->example, finding->day, &result);
        bool is_shown = finding->kind == RULE_FINDING_GAP
                            ? result.fired_count == 0 && result.status != RULE_REFUSED
                            : result.status == RULE_CONFLICT;
        if (!is_shown) {
            fail(finding->message.text, text);
        }
    }
}

static void check_page(const struct node *page, struct arena *arena, uint64_t state,
                       const char *text) {
    struct error err = ERROR_INIT;
    const struct rule *rule = rule_compile(page, arena, &err);
    if (rule == NULL) {
        if (err.code != ERROR_INPUT || err.text[0] == '\0' || err.line <= 0) {
            fail("a refusal without a message or a place", text);
        }
        return;
    }
    const char *printed = node_write(arena, page);
    const struct rule *again = rule_compile_text("printed", printed, strlen(printed), arena, &err);
    if (again == NULL) {
        fail(err.text, printed);
    }
    check_answers(rule, again, state, text);
    check_analysis(rule, arena, text);
    struct rule_diff diff;
    if (rule_diff_make(rule, again, WORK, arena, &diff, &err) < 0 || diff.change_count > 0) {
        fail("a page that differs from itself", text);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size > SIZE_MAX_TRIED) {
        return 0;
    }
    struct arena arena = ARENA_INIT;
    struct error err = ERROR_INIT;
    char *text = arena_text(&arena, (const char *)data, size);
    uint64_t state = 14695981039346656037u;
    for (size_t i = 0; i < size; i++) {
        state = (state ^ data[i]) * 1099511628211u;
    }
    char *rest = strstr(text, "\n---\n");
    size_t length = rest != NULL ? (size_t)(rest - text) + 1 : strlen(text);
    struct node *page = node_read_text(&arena, "page", text, length, &err);
    if (page != NULL && rest != NULL) {
        rest += strlen("\n---\n");
        const struct node *overlay = node_read_text(&arena, "overlay", rest, strlen(rest), &err);
        page = overlay == NULL ? NULL : rule_overlay(page, overlay, &arena, &err);
    }
    if (page != NULL) {
        check_page(page, &arena, state, text);
    } else if (err.text[0] == '\0') {
        fail("a refusal without a message", text);
    }
    arena_free(&arena);
    return 0;
}

/* SPDX-License-Identifier: GPL-3.0-or-later
 * Goal: worked examples of duties and taxes come out of the engine exact to the last digit.
 * Method: every case is written as a jurisdiction (levies, duties, rows by date, tiers, measures,
 * rules of origin, quotas), read and assessed by the engine; the trace has to give each amount
 * again. With a file as argument, that file of the same layout; without, the shared one and our
 * own, and then once more with a digit of each expected value changed, which must fail. */
#include "tests/test.h"
#include "tests/vectors/tariff_case.h"
#include "tests/vectors/tariff_expression.h"
#include "tests/vectors/tariff_origin.h"
#include "tests/vectors/tariff_parse.h"
#include "tests/vectors/tariff_quota.h"

static bool is_kind(const struct node *node, const char *kind) {
    const struct node *kinds = node_get(node, "kinds");
    for (const struct node *one = kinds != NULL ? kinds->first : NULL; one; one = one->next) {
        if (one->kind == NODE_SCALAR && strcmp(one->text, kind) == 0) {
            return true;
        }
    }
    return false;
}

static bool run_case(const struct case_world *world, const struct node *node, struct arena *arena,
                     struct case_run *run) {
    const struct node *inputs = node_get(node, "inputs"), *expected = node_get(node, "expected");
    const struct node *formulas = node_get(node, "formulas");
    if (inputs == NULL || expected == NULL) {
        return case_fail(run, "no inputs or nothing expected%s%s", "", "");
    }
    if (node_get(expected, "components") != NULL || node_get(expected, "error") != NULL) {
        return parse_check(run, inputs, expected, arena);
    }
    struct lower_context *lowered = ARENA_NEW(arena, struct lower_context);
    *lowered = (struct lower_context){
        .arena = arena,
        .inputs = inputs,
        .facts = arena_format(arena, "  unused: {type: number, default: 0}\n"),
        .levies = arena_format(arena, "%s", "")};
    run->lowered = lowered;
    lower_find_exchange(lowered);
    for (const struct node *step = formulas != NULL ? formulas->first : NULL; step != NULL;
         step = step->next) {
        for (const struct node *formula = step->first; formula != NULL; formula = formula->next) {
            lower_formula(lowered, formula->key, formula->text);
        }
    }
    if (lowered->why != NULL || !expression_add(lowered, node_get(node, "rule"), expected)) {
        return case_fail(run, "can't be written as levies: %s%s", lowered->why, "");
    }
    if (lowered->formula_count > 0 && !case_read(run, world, arena)) {
        return false;
    }
    for (const struct node *value = expected->first; value != NULL; value = value->next) {
        bool is_regime = lowered->regime != NULL && strcmp(lowered->regime, value->key) == 0;
        if (is_regime ? !case_check_regime(run, world, inputs, value, arena)
                      : run->plan == NULL || !case_check_amount(run, inputs, value, arena)) {
            return false;
        }
    }
    if (lowered->has_expression && !case_check_expression(run)) {
        return false;
    }
    return (!is_kind(node, "origin") || origin_check(run, expected)) &&
           (!is_kind(node, "quota") || quota_check(run, expected));
}

static const char *read_data(struct arena *arena, const char *name) {
    struct error err = ERROR_INIT;
    size_t length;
    return input_file_read(arena, input_file_data_path(arena, name), 1 << 26, &length, &err);
}

static void open_world(struct case_world *world, struct arena *arena) {
    struct error err = ERROR_INIT;
    *world = (struct case_world){.arena = arena};
    world->seasonal = read_data(arena, "tariff/uk/uk-seasonal-measures.csv");
    world->solar = read_data(arena, "tariff/us-tariff-database-2024-05.csv.gz");
    const struct node *parcels =
        input_file_node(arena, SOURCE_DIR "/scenarios/tariffs/jurisdictions/cn.yml", &err);
    world->parcels = parcels != NULL ? levy_read(parcels, NULL, arena, &err) : NULL;
    if (world->parcels == NULL) {
        char text[1000];
        error_print(&err, text, sizeof text);
        printf("%s", text);
    }
}

static unsigned passed, failed, mutants, survivors, expressions, engine_answers;

/* Another digit at the end of one expected value: the case has to fail. */
static void run_mutants(const struct case_world *world, const struct node *node,
                        struct assessment *result) {
    const struct node *expected = node_get(node, "expected");
    for (struct node *value = expected->first; value != NULL; value = value->next) {
        if (value->kind != NODE_SCALAR || value->text[0] == '\0') {
            continue;
        }
        struct arena arena = ARENA_INIT;
        struct case_run run = {.result = result};
        const char *before = value->text;
        char *text = arena_text(&arena, before, strlen(before));
        char *last = &text[strlen(text) - 1];
        *last = *last == '9' ? '8' : (char)(*last + 1);
        value->text = text;
        mutants++;
        if (run_case(world, node, &arena, &run)) {
            survivors++;
            printf("%s: %s changed to %s and nobody noticed\n", node_get(node, "id")->text,
                   value->key, text);
        }
        value->text = before;
        arena_free(&arena);
    }
}

static void run_file(const struct case_world *world, const char *path, bool with_mutants,
                     struct arena *file_arena) {
    struct error err = ERROR_INIT;
    struct assessment *result = ARENA_NEW(file_arena, struct assessment);
    const struct node *document = input_file_node(file_arena, path, &err);
    const struct node *cases = node_get(document, "cases");
    const char *only = getenv("TARIFF_ONLY");
    if (cases == NULL) {
        char text[1000];
        error_print(&err, text, sizeof text);
        printf("%s%s: no cases\n", err.code != ERROR_NONE ? text : "", path);
        failed++;
    }
    for (const struct node *node = cases != NULL ? cases->first : NULL; node != NULL;
         node = node->next) {
        struct arena arena = ARENA_INIT;
        struct case_run run = {.result = result};
        const struct node *id = node_get(node, "id");
        if (only != NULL && (id == NULL || strcmp(id->text, only) != 0)) {
            continue;
        }
        if (run_case(world, node, &arena, &run)) {
            passed++;
            engine_answers += run.engine_count;
            expressions += run.lowered != NULL && run.lowered->has_expression;
            if (with_mutants) {
                run_mutants(world, node, result);
            }
        } else {
            failed++;
            printf("%s: %s\n", id != NULL ? id->text : "a case without id", run.why);
        }
        arena_free(&arena);
    }
}

int main(int argc, char **argv) {
    struct arena arena = ARENA_INIT;
    struct case_world world;
    const char *path =
        argc > 1 ? argv[1] : input_file_data_path(&arena, "tariff/worked-examples.yaml");
    FILE *file = fopen(path, "r");
    if (file == NULL) {
        SKIP("the worked examples of tariffs are not here: set CLEARLAB_DATA");
    }
    fclose(file);
    open_world(&world, &arena);
    run_file(&world, path, argc == 1, &arena);
    if (argc == 1) {
        run_file(&world, SOURCE_DIR "/tests/vectors/tariff_own.yml", true, &arena);
        printf("%u changed digits, %u not noticed\n", mutants, survivors);
        CHECK_INT(survivors, 0);
        CHECK(mutants > passed / 2);
        printf("%u duties also by their own expression, %u answers of rules of origin and quotas\n",
               expressions, engine_answers);
        CHECK(expressions >= 17);
        CHECK(engine_answers >= 7);
    }
    arena_free(&arena);
    printf("%u passed, %u failed\n", passed, failed);
    return failed != 0 || passed == 0 || test_failures != 0;
}

/* SPDX-License-Identifier: GPL-3.0-or-later
 * Goal: the units and the duty texts of the British tariff are understood as it stores them.
 * Method: every measurement unit of its list is read by code and by abbreviation, and multiplied
 * with what the list says; duties of sample measures must give the components stored beside them;
 * seasonal duties print as texts that read back the same. */
#include "core/base/csv.h"
#include "core/base/node.h"
#include "core/tariff/duty.h"
#include "core/tariff/duty_units.h"
#include "sim/scenario/input_file.h"
#include "tests/test.h"

enum { FILE_SIZE_MAX = 16 * 1024 * 1024 };

static struct arena arena;

static const char *scalar(const struct node *mapping, const char *key) {
    const struct node *node = node_get(mapping, key);
    return node != NULL && node->kind == NODE_SCALAR ? node->text : "";
}

static bool parse(const char *text, struct duty *duty) {
    struct error err = ERROR_INIT;
    struct place place = {"text", 1, 1};
    bool ok = duty_parse(text, &arena, place, duty, NULL, &err) == 0;
    if (!ok) {
        printf("'%s': %s\n", text, err.text);
    }
    CHECK(ok);
    return ok;
}

static void check_reprint(const struct duty *duty) {
    struct duty again = {0, NULL};
    CHECK(parse(duty_print(duty, &arena), &again) && duty_is_equal(duty, &again));
}

static struct node *read_data(const char *name) {
    struct error err = ERROR_INIT;
    size_t length;
    const char *path = input_file_data_path(&arena, name);
    char *text = input_file_read(&arena, path, FILE_SIZE_MAX, &length, &err);
    return text != NULL ? node_read_text(&arena, name, text, length, &err) : NULL;
}

/* The code that the list has for a component's unit: "DTNE". */
static const char *code_of(const struct duty_component *component) {
    const char *code = duty_units_code(component->unit, (int64_t)component->scale.numerator);
    return arena_format(&arena, "%s%s", code != NULL ? code : "",
                        duty_units_qualifiers[component->qualifier].code);
}

/* Units that are money, a value, or a rebate that has no abbreviation of its own. */
static bool is_no_quantity(const char *key) {
    return strcmp(key, "EUR") == 0 || strcmp(key, "RET") == 0 || strcmp(key, "SPQ") == 0;
}

/* The list has the same words for the two rebates of small producers. */
static bool has_other_words(const char *key) {
    return strcmp(key, "SPQLTR") == 0;
}

static void check_unit(const struct node *unit) {
    struct duty by_code, by_text;
    if (is_no_quantity(unit->key) ||
        !parse(arena_format(&arena, "1 GBP / %s", unit->key), &by_code)) {
        return;
    }
    CHECK_TEXT(code_of(&by_code.components[0]), unit->key);
    check_reprint(&by_code);
    const char *names[DUTY_FACTORS_MAX];
    struct exact factor, multiplier;
    unsigned count = duty_factor(&by_code.components[0], &arena, names, &factor);
    const struct node *compound = node_get(unit, "compound_units");
    bool is_omitted = strcmp(unit->key, "TNEZ") == 0; /* DTNZ, its tenth part, has its two units */
    CHECK_INT(count, is_omitted                                ? 2
                     : compound != NULL && compound->count > 0 ? compound->count
                                                               : 1);
    if (exact_parse(scalar(unit, "multiplier"), &multiplier) == 0) {
        CHECK(exact_compare(factor, multiplier) == 0);
    }
    const char *text = scalar(unit, "abbreviation");
    bool is_sentence = strncmp(text, "for each", 8) == 0;
    if (!has_other_words(unit->key) && parse(is_sentence ? arena_format(&arena, "1 GBP %s", text)
                                                         : arena_format(&arena, "1 GBP / %s", text),
                                             &by_text)) {
        CHECK(duty_is_equal(&by_code, &by_text));
    }
}

static void test_units(const struct node *units) {
    CHECK_INT(units->count, 72);
    for (const struct node *unit = units->first; unit != NULL; unit = unit->next) {
        check_unit(unit);
    }
}

static void check_component(const struct duty_component *component, const struct node *stored) {
    static const struct {
        const char *expression;
        enum duty_verb verb;
    } verbs[] = {{"01", DUTY_PLUS},
                 {"04", DUTY_PLUS},
                 {"15", DUTY_MIN},
                 {"17", DUTY_MAX},
                 {"99", DUTY_SUPPLEMENTARY}};
    bool is_known = false;
    for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++) {
        is_known |= strcmp(verbs[i].expression, scalar(stored, "duty_expression_id")) == 0 &&
                    verbs[i].verb == component->verb;
    }
    CHECK(is_known);
    struct exact amount, percent;
    if (exact_parse(scalar(stored, "duty_amount"), &amount) == 0) {
        CHECK(exact_multiply(component->amount, exact_integer(100), &percent) == 0);
        bool is_share = component->basis == DUTY_SHARE;
        CHECK(exact_compare(is_share ? percent : component->amount, amount) == 0);
    }
    CHECK_TEXT(component->currency, scalar(stored, "monetary_unit_code"));
    const char *unit = scalar(stored, "measurement_unit_code");
    if (strcmp(unit, "RET") == 0) {
        CHECK_TEXT(duty_share_of(component), "retail price");
    } else {
        CHECK_TEXT(
            code_of(component),
            arena_format(&arena, "%s%s", unit, scalar(stored, "measurement_unit_qualifier_code")));
    }
}

static void test_measures(const struct node *commodities) {
    unsigned duties = 0;
    for (const struct node *one = commodities->first; one != NULL; one = one->next) {
        const struct node *measures = node_get(one, "import_measures");
        for (const struct node *measure = measures->first; measure != NULL;
             measure = measure->next) {
            const struct node *stored = node_get(measure, "components");
            struct duty duty;
            if (*scalar(measure, "duty") == '\0' || !parse(scalar(measure, "duty"), &duty)) {
                continue;
            }
            duties++;
            check_reprint(&duty);
            CHECK_INT(duty.count, stored->count);
            const struct node *component = stored->first;
            for (unsigned i = 0; i < duty.count && component != NULL; i++) {
                check_component(&duty.components[i], component);
                component = component->next;
            }
        }
    }
    CHECK(duties > 20);
    printf("%u duties of sample measures give their components\n", duties);
}

static void test_seasonal(char *text) {
    struct csv csv;
    struct error err = ERROR_INIT;
    unsigned rows = 0;
    csv_init(&csv, "seasonal", text, ',');
    CHECK_INT(csv_next(&csv, &err), 1);
    int column = csv_find(&csv, "duty");
    CHECK(column >= 0);
    while (csv_next(&csv, &err) == 1) {
        struct duty duty;
        if (parse(csv.fields[column], &duty)) {
            check_reprint(&duty);
            rows++;
        }
    }
    CHECK_INT(rows, 317);
}

int main(void) {
    struct error err = ERROR_INIT;
    size_t length;
    const struct node *units = read_data("tariff/uk/uk-measurement-units.json");
    const struct node *commodities = read_data("tariff/uk/uk-commodity-fixtures.json.gz");
    char *seasonal =
        input_file_read(&arena, input_file_data_path(&arena, "tariff/uk/uk-seasonal-measures.csv"),
                        FILE_SIZE_MAX, &length, &err);
    if (units == NULL || commodities == NULL || seasonal == NULL) {
        SKIP("the British units and measures are not here; set CLEARLAB_DATA");
    }
    test_units(units);
    test_measures(commodities);
    test_seasonal(seasonal);
    arena_free(&arena);
    return test_summary();
}

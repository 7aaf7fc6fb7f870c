/* SPDX-License-Identifier: GPL-3.0-or-later
 * Goal: the jurisdictions of the repository come to the amounts that authorities publish.
 * Method: each file read and assessed with the facts of a published example (sources: the worked
 * examples of the shared tariff data, same ids); every file has at least one, every trace is
 * replayed. */
#include "core/base/units.h"
#include "core/tariff/assess.h"
#include "sim/scenario/input_file.h"
#include "tests/test.h"

#define FOLDER SOURCE_DIR "/scenarios/tariffs/jurisdictions/"

static const struct example {
    const char *file, *day, *facts, *expected; /* "name=number ..." */
} examples[] = {
    {"gb.yml", "2021-05-15", "goods=1000 freight=250.89 insurance=10", "customs_value=1260.89"},
    {"gb.yml", "2021-05-15", "goods=30 vat_rate=0.08", "vat=2.4"},
    {"us.yml", "2018-01-31", "value=250000.00", "merchandise_fee=497.99 harbor_fee=0"},
    {"us.yml", "2024-10-01", "value=5000.00", "merchandise_fee=32.71"},
    {"us.yml", "2025-10-01", "value=190000.00", "merchandise_fee=651.50"},
    {"us.yml", "2025-10-01", "value=84250.40 mode=sea", "harbor_fee=105.31"},
    {"us.yml", "2025-10-01", "value=12000 us_content=7400", "customs_value=4600"},
    {"cn.yml", "2024-01-01",
     "customs_value=850000 duty_rate=0.1 consumption_rate=0.15 vat_rate=0.13",
     "duty=85000 consumption_tax=165000 vat=143000 total=393000"},
    {"cn.yml", "2024-01-01", "order_value=1200", "duty=0 consumption_tax=0 vat=109.20"},
    {"sg.yml", "2024-01-01",
     "customs_value=420 litres=75 alcohol=0.05 customs_per_litre=16 "
     "excise_per_litre=60",
     "customs_duty=60 excise_duty=225 gst=63.45"},
    {"sg.yml", "2024-01-01", "customs_value=0 tobacco_kg=100 excise_per_kg=446",
     "excise_duty=44600"},
    {"jp.yml", "2024-01-01", "cif=534795 duty_rate=0.14",
     "duty_raw=74760 duty=74700 tax_base=609000 tax_raw=47502 national_tax=47500 local_tax=13397"},
    {"jp.yml", "2014-04-01", "cif=56876", "tax_base=56000 national_tax=3500 local_tax=900"},
    {"th.yml", "2024-01-01",
     "cif=200 duty_rate=0.60 surcharge=10 fee=50 excise_rate=0.30 interior_rate=0.10",
     "duty=130 excise=170 interior=17 vat=40 total=407"},
    {"in.yml", "2024-01-01", "assessable_value=100 integrated_rate=0.12",
     "basic_duty=10 cess=0.2 higher_cess=0.1 integrated_tax=13.236"},
    {"in.yml", "2024-01-01", "assessable_value=100 countervailing_rate=0.12 integrated_rate=0.28",
     "countervailing_duty=13.2 cess=0.464 higher_cess=0.232"},
    {"br.yml", "2024-01-01", "customs_value=1000 ii_rate=0.1 ipi_rate=0.05",
     "ii=100 ipi=55 icms=253.54"},
    {"za.yml", "2024-01-01", "goods=12000 freight=1500 insurance=300 duty_rate=0.2",
     "customs_value=13800 duty=2760 added_tax_value=17940 vat=2691 landed=19251"},
    {"ke.yml", "2024-01-01", "cif=1000000",
     "duty=250000 declaration_fee=25000 railway_levy=20000 vat=207200 landed=1502200"},
    {"nz.yml", "2024-01-01", "cost=390", "gst=58.5"},
    {"nz.yml", "2024-01-01", "cost=1000 insurance_and_freight=100 duty_rate=0.05",
     "duty=50 gst=172.5"},
    {"au.yml", "2024-01-01", "customs_value=1200 transport_and_insurance=150",
     "duty=60 taxable_importation=1410 gst=141 total=201"},
    {"au.yml", "2024-01-01", "customs_value=999.99", "duty=0 gst=0"},
    {"ca.yml", "2024-01-01", "invoice=200 exchange_rate=1.35 duty_rate=0.18 gst_rate=0.13",
     "value_for_duty=270 duty=48.6 value_for_tax=318.6 gst=41.42 total=90.02"},
    {"hk.yml", "2024-11-01", "value=306", "liquor_duty=210.6"},
    {"ph.yml", "2024-01-01", "dutiable_value=250000", "processing_fee=250"},
    {"ph.yml", "2024-01-01", "dutiable_value=250000.01", "processing_fee=500"},
    {"eu.yml", "2024-01-01", "customs_value=50 trigger_value=100", "price_gap=50 additional=14"},
    {"eu.yml", "2024-01-01", "customs_value=10000 tonnes=10 minimum_price=1153",
     "price_difference=1530"},
};
enum { EXAMPLES = sizeof examples / sizeof examples[0] };

/* Cuts "name=value" off; false at the end. */
static bool next_pair(const char **at, char name[64], char value[64]) {
    int length = 0;
    if (sscanf(*at, " %63[^=]=%63s%n", name, value, &length) != 2) {
        return false;
    }
    *at += length;
    return true;
}

static void declare(const struct levy_plan *plan, struct tariff_facts *facts, const char *pairs) {
    char name[64], value[64];
    while (next_pair(&pairs, name, value)) {
        unsigned slot = levy_slot(plan, name);
        struct exact number;
        CHECK(slot < plan->fact_count);
        if (exact_parse(value, &number) == 0) {
            assess_facts_number(plan, facts, slot, number);
            continue;
        }
        for (uint32_t i = 0; i < plan->expression_names.symbol_count; i++) {
            if (strcmp(plan->expression_names.symbols[i], value) == 0) {
                assess_facts_value(plan, facts, slot,
                                   (struct value){.type = VALUE_SYMBOL, .symbol = i});
            }
        }
    }
}

static void check(const struct assessment *result, const char *file, const char *pairs) {
    char name[64], value[64], text[96];
    while (next_pair(&pairs, name, value)) {
        const struct assess_line *line = assess_line_of(result, name);
        struct exact want;
        CHECK(line != NULL && line->is_known && exact_parse(value, &want) == 0);
        if (line != NULL && exact_compare(line->amount, want) != 0) {
            exact_print(line->amount, text);
            printf("%s: %s: expected %s, got %s\n", file, name, value, text);
            CHECK(exact_compare(line->amount, want) == 0);
        }
    }
}

static void test_examples(void) {
    static struct assessment result;
    for (int i = 0; i < EXAMPLES; i++) {
        struct arena arena = ARENA_INIT;
        struct error err = ERROR_INIT;
        struct place place = {.source = "day"};
        struct tariff_facts facts;
        int64_t day = 0;
        const char *path = arena_format(&arena, FOLDER "%s", examples[i].file);
        const struct node *document = input_file_node(&arena, path, &err);
        const struct levy_plan *plan =
            document != NULL ? levy_read(document, NULL, &arena, &err) : NULL;
        CHECK_TEXT(err.text, "");
        if (plan != NULL) {
            units_parse_date(examples[i].day, &day, place, &err);
            assess_facts_init(plan, &arena, &facts);
            declare(plan, &facts, examples[i].facts);
            assess(plan, &facts, day, UNITS_DAY_MAX, &result);
            check(&result, examples[i].file, examples[i].expected);
            CHECK(trace_agrees(&result.trace));
        }
        arena_free(&arena);
    }
}

int main(void) {
    test_examples();
    return test_summary();
}

/* SPDX-License-Identifier: GPL-3.0-or-later
 * Goal: where the American files contradict themselves, each rule finds it. Method: a database of
 * one row in its own columns, right, and wrong in one way for each rule. */
#include "core/tariff/lint.h"
#include "tests/test.h"

static const char document_text[] =
    "clearlab: 1\n"
    "tariff: small\n"
    "countries: [AA, BB]\n"
    "areas: {all: {everyone: true}, none: {members: [BB]}}\n"
    "series: {C: duties}\n"
    "measure_types:\n"
    "  duty: {series: C, kind: duty}\n"
    "  two: {series: C, kind: duty}\n"
    "  preference: {series: C, kind: preference}\n"
    "american:\n"
    "  general: {type: duty, area: all, exclude: [none]}\n"
    "  column_2: {type: two, area: none}\n"
    "  programmes: {P: {type: preference, area: AA, scheme: pact}}\n";

static const char header[] =
    "hts8,brief_description,quantity_1_code,quantity_2_code,mfn_text_rate,mfn_rate_type_code,"
    "mfn_ad_val_rate,mfn_specific_rate,mfn_other_rate,col1_special_text,gsp_ctry_excluded,"
    "pact_indicator,pact_rate_type_code,pact_ad_val_rate,pact_specific_rate,pact_other_rate,"
    "col2_text_rate,col2_rate_type_code,col2_ad_val_rate,col2_specific_rate,col2_other_rate,"
    "begin_effect_date,end_effective_date\n";

/* Rows in the order of the header. */
static const struct {
    enum lint_rule rule; /* LINT_RULE_COUNT for none */
    const char *row;
} rows[] = {
    {LINT_RULE_COUNT, "KG,,5%,7,0.05,0,0,Free (P),,P,0,0,0,0,33 1/3%,7,0.333333,0,0"},
    {LINT_RULE_COUNT, "KG,,5 cents/kg + 2%,4,0.02,0.05,0,1.4% (P),,P,7,0.014,0,0,20%,7,0.2,0,0"},
    {LINT_US2, "KG,,5 quarks,N,,,,Free (P),,P,0,0,0,0,20%,7,0.2,0,0"},
    {LINT_US3, "KG,,5%,7,0.05,0,0,5 quarks (P),,,,,,,20%,7,0.2,0,0"},
    {LINT_US4, "KG,,5%,7,0.05,0,0,Free (P Q),,P,0,0,0,0,20%,7,0.2,0,0"},
    {LINT_US5, "KG,,5%,7,0.05,0,0,3%,,,,,,,20%,7,0.2,0,0"},
    {LINT_US6, "KG,,5%,7,0.05,0,0,Free (P),,P,0,0,0,0,27.6 cents/kg+ 17.5%,1,0,0.276,0"},
    {LINT_US6, "KG,,5%,0,0.05,0,0,Free (P),,P,0,0,0,0,20%,7,0.2,0,0"},
    {LINT_US7, "KG,,5%,7,0.06,0,0,Free (P),,P,0,0,0,0,20%,7,0.2,0,0"},
    {LINT_US7, "KG,,5%,7,0.05,0,0,4.6% (P),,P,7,0.466,0,0,20%,7,0.2,0,0"},
    {LINT_US7, "KG,,5 cents/kg + 2%,4,0.02,0.06,0,Free (P),,P,0,0,0,0,20%,7,0.2,0,0"},
    {LINT_US8,
     "KG,,The duty provided in the applicable subheading + 25%,7,0.25,0,0,Free (P),,P,0,0,"
     "0,0,20%,7,0.2,0,0"},
    {LINT_US9, "KG,,5%,7,0.05,0,0,Free (P),,P+,0,0,0,0,20%,7,0.2,0,0"},
    {LINT_US10, "KG,,5%,7,0.05,0,0,2.8% (P),,P,7,0.02,0,0,20%,7,0.2,0,0"},
};

static void finds(enum lint_rule rule, const char *row) {
    struct arena arena = ARENA_INIT;
    struct error err = ERROR_INIT;
    struct us_schedule_notes notes = {.count = 0};
    char *text = arena_format(&arena, "%s01012100,goods,%s,2020-01-01,2050-12-31\n", header, row);
    const struct node *document =
        node_read_text(&arena, "us.yml", document_text, strlen(document_text), &err);
    const struct tariff *tariff =
        us_schedule_read_database(document, "us.csv", text, &arena, &notes, &err);
    CHECK_TEXT(err.text, "");
    if (tariff != NULL) {
        struct lint_report report = lint_tariff(tariff, &notes, &arena);
        unsigned american = 0;
        for (uint32_t i = 0; i < report.count; i++) {
            const struct lint_finding *finding = &report.findings[i];
            if (finding->rule >= LINT_US2) {
                american++;
                CHECK_TEXT(lint_rule_name(finding->rule), lint_rule_name(rule));
                CHECK_TEXT(finding->place.source, "us.csv");
                CHECK_INT(finding->place.line, 2);
            }
        }
        if (american != (rule != LINT_RULE_COUNT)) {
            printf("%u findings: %s\n", american, row);
        }
        CHECK_INT(american, rule != LINT_RULE_COUNT);
    }
    arena_free(&arena);
}

int main(void) {
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        finds(rows[i].rule, rows[i].row);
    }
    return test_summary();
}

/* SPDX-License-Identifier: GPL-3.0-or-later
 * Goal: each rule finds what it is about, at its place, and nothing else; a clean tariff has no
 * finding. Method: one clean tariff, and for each rule one small change that breaks that rule
 * alone.
 */
#include "core/tariff/lint.h"
#include "core/tariff/schedule_read.h"
#include "tests/test.h"

static const char clean[] =
    "clearlab: 1\n"
    "tariff: clean\n"
    "currency: EUR\n"
    "exchange: {rates: {USD: [{from: 2020-01-01, to: 2020-12-31, rate: 0.9}]}}\n"
    "countries: [AA, BB, CC, DD]\n"
    "areas:\n"
    "  all: {everyone: true}\n"
    "  club: {members: [AA, {area: BB, from: 2020-01-01, to: 2020-12-31}]}\n"
    "series: {B: restrictions, C: duties, P: taxes}\n"
    "measure_types:\n"
    "  vat: {series: P, kind: vat}\n"
    "  duty: {series: C, kind: duty, additional_code: forbidden}\n"
    "  preference: {series: C, kind: preference, from: 2000-01-01}\n"
    "  quota: {series: C, kind: preferential_quota}\n"
    "  dumping: {series: C, kind: anti_dumping, level: 6, additional_code: required}\n"
    "  surge: {series: C, kind: safeguard}\n"
    "  licence: {series: B, kind: licence}\n"
    "additional_codes: {X1: {description: a maker, from: 2010-01-01}}\n"
    "certificates: {N853: {description: paper, from: 2010-01-01}}\n"
    "footnotes: {TN1: {description: a remark, from: 2010-01-01}}\n"
    "acts: {R1: {description: an act, from: 2010-01-01}, R0: {description: older}}\n"
    "schemes: {club: {title: the club}}\n"
    "surges: {S1: {}}\n"
    "quotas: {\"0501\": {unit: kg, definitions: [{from: 2020-01-01, to: 2020-12-31}]}}\n"
    "nomenclature:\n"
    "  - {code: \"08\", indent: 0, description: fruit}\n"
    "  - {code: \"0808\", indent: 0, description: apples and pears}\n"
    "  - {code: \"\", indent: 1, description: Apples}\n"
    "  - {code: 0808.10, indent: 2, description: fresh apples}\n"
    "  - {code: 0808.10.10, indent: 3, description: for cider, units: \"kg|p/st\"}\n"
    "  - {code: 0808.10.80, indent: 3, description: other, units: \"kg|p/st\", from: 2010-01-01}\n"
    "  - {code: 0808.30, indent: 1, description: pears, units: kg}\n"
    "measures:\n"
    "  - {id: vat, act: R0, code: \"08\", type: vat, area: all, duty: 20%}\n"
    "  - {id: duty, act: R0, code: \"0808\", type: duty, area: all, duty: 10%, footnotes: TN1,\n"
    "     from: 2011-01-01}\n"
    "  - {id: club, act: R1, code: 080810, type: preference, area: club, exclude: [BB], duty: 5%,\n"
    "     scheme: club, season: 1/5..31/10, from: 2011-01-01}\n"
    "  - {id: winter, act: R1, code: 080810, type: preference, area: club, exclude: [BB], duty: "
    "1%,\n"
    "     scheme: club, season: 1/11..30/4, from: 2013-01-01}\n"
    "  - {id: piece, act: R1, code: 080810, type: dumping, area: CC, duty: 2 EUR / p/st,\n"
    "     additional_code: X1, from: 2011-01-01}\n"
    "  - {id: in, act: R1, code: 080830, type: quota, area: AA, duty: 0%, scheme: club,\n"
    "     order_number: \"0501\", from: 2020-01-01, to: 2020-12-31}\n"
    "  - {id: paper, act: R1, code: 080830, type: licence, area: all, from: 2011-01-01,\n"
    "     conditions: \"B: document N853 -> apply; B: otherwise -> prohibit\"}\n"
    "  - {id: flood, act: R1, code: 080830, type: surge, area: all, duty: 8%, trigger: S1,\n"
    "     from: 2011-01-01}\n";

static const struct {
    enum lint_rule rule;
    const char *old, *new; /* old NULL: new is added at the end */
} plants[] = {
    {LINT_N1, "pears, units: kg}", "pears, units: kg, from: 2099-01-02, to: 2099-01-01}"},
    {LINT_N2, "indent: 2, description: fresh apples", "indent: 2"},
    {LINT_N3, "{code: 0808.10.10, indent: 3", "{code: 0808.10.10, indent: 4"},
    {LINT_N4, "  - {code: 0808.30,",
     "  - {code: 0808.10.80, indent: 3, description: other, units: \"kg|p/st\", from: 2030-01-01}\n"
     "  - {code: 0808.30,"},
    {LINT_N5, "  - {code: 0808.30,",
     "  - {code: 0808.20.80, indent: 3, description: quinces}\n"
     "  - {code: 0808.30,"},
    {LINT_N6, "description: Apples", "description: Apples, to: 2090-12-31"},
    {LINT_N7, "  - {code: 0808.30,",
     "  - {code: \"\", indent: 1, description: Pears}\n"
     "  - {code: 0808.30,"},
    {LINT_N8, "measures:\n",
     "  - {code: 0809.10, indent: 0, description: apricots}\n"
     "measures:\n"
     "  - {id: x, act: R0, code: 080910, type: duty, area: all, duty: 1%}\n"},
    {LINT_N9, "measures:\n", "  - {code: 0808.20, indent: 1, description: quinces}\nmeasures:\n"},
    {LINT_N10, "description: pears, units: kg", "description: pears, units: kg|crates"},
    {LINT_N11,
     "  - {code: 0808.10.80, indent: 3, description: other, units: \"kg|p/st\", "
     "from: 2010-01-01}\n",
     ""},
    {LINT_A1, "areas:\n", "areas:\n  nobody: {members: []}\n"},
    {LINT_A2, "members: [AA, ", "members: [AA, {area: AA, from: 2020-01-01}, "},
    {LINT_A3, "{area: BB, from: 2020-01-01, to: 2020-12-31}",
     "{area: BB, from: 2020-01-01, to: 2019-12-31}"},
    {LINT_A4, "areas:\n", "areas:\n  more: {members: [club]}\n"},
    {LINT_A5, "areas:\n", "areas:\n  world: {everyone: true}\n"},
    {LINT_R1, "B: restrictions",
     "B: {description: restrictions, from: 2020-01-01, to: 2019-12-31}"},
    {LINT_R2, "footnotes: {", "footnotes: {TN2: unused, "},
    {LINT_T1, "kind: preference, from: 2000-01-01",
     "kind: preference, from: 2000-01-01, to: 1999-01-01"},
    {LINT_T2, "kind: preferential_quota", "kind: preferential_quota, order_number: forbidden"},
    {LINT_M1, "type: surge, area: all, duty: 8%,",
     "type: surge, area: all, duty: 8%, to: 2010-12-31,"},
    {LINT_M2, NULL,
     "  - {act: R1, code: 0808.10.80, type: surge, area: BB, duty: 1%, trigger: S1,\n"
     "     from: 2010-01-01, to: 2090-01-01}\n"
     "  - {act: R0, code: 0808.10.80, type: surge, area: CC, duty: 1%, trigger: S1}\n"},
    {LINT_M3, NULL,
     "  - {act: R0, code: \"0808\", type: duty, area: all, duty: 11%,\n"
     "     from: 2090-01-01}\n"},
    {LINT_M4, NULL, "  - {act: R0, code: \"08\", type: vat, area: all, duty: 20%}\n"},
    {LINT_M5, NULL, "  - {act: R0, code: 080810, type: duty, area: all, duty: 11%}\n"},
    {LINT_M6, NULL,
     "  - {act: R1, code: 08081010, type: dumping, area: DD, duty: 1%,\n"
     "     additional_code: X1, from: 2011-01-01}\n"},
    {LINT_M7, "{id: piece, act: R1, code: 080810, ",
     "{id: piece, act: R1, code: 080810, suffix: 10, "},
    {LINT_M8, "{id: vat,", "{id: vat, known_from: 2020-01-02, known_to: 2020-01-01,"},
    {LINT_M9, "kind: preference, from: 2000-01-01", "kind: preference, from: 2012-01-01"},
    {LINT_M10, "R1: {description: an act, from: 2010-01-01}",
     "R1: {description: an act, from: 2012-01-01}"},
    {LINT_M11, "{id: vat, act: R0,", "{id: vat,"},
    {LINT_M12, "{description: a maker, from: 2010-01-01}",
     "{description: a maker, from: 2012-01-01}"},
    {LINT_M13, "{description: a remark, from: 2010-01-01}",
     "{description: a remark, from: 2010-01-01, to: 2090-01-01}"},
    {LINT_M14, "{id: duty,", "{id: vat,"},
    {LINT_M15, "     additional_code: X1, from: 2011-01-01}\n",
     "     from: 2011-01-01}\n"
     "  - {act: R1, code: 080830, type: surge, area: DD, duty: 1%, additional_code: X1,\n"
     "     trigger: S1, from: 2011-01-01}\n"},
    {LINT_M16, NULL,
     "  - {act: R1, code: 080830, type: duty, area: DD, duty: 1%,\n"
     "     additional_code: X1, from: 2011-01-01}\n"},
    {LINT_M17, "footnotes: TN1,", "footnotes: [TN1, TN1],"},
    {LINT_G1, "exclude: [BB]", "exclude: [CC]"},
    {LINT_G2, "exclude: [BB]", "exclude: [club]"},
    {LINT_G3, "exclude: [BB]", "exclude: [BB, AA, BB]"},
    {LINT_P1, "duty: 5%,\n     scheme: club,", "duty: 5%,\n    "},
    {LINT_P2, "duty: 5%,\n     scheme: club,", "duty: 5%,\n     scheme: clu,"},
    {LINT_P3, "{id: duty,", "{id: duty, scheme: club,"},
    {LINT_P4, "type: preference, area: club,", "type: preference, area: all,"},
    {LINT_P5, "duty: 5%,", "duty: 10.5%,"},
    {LINT_S1, "duty: 8%, trigger", "duty: 8%, season: 1/1..31/12, trigger"},
    {LINT_S2, "1/11..30/4", "1/11..28/2"},
    {LINT_S3, "season: 1/5..31/10, from: 2011-01-01",
     "season: 1/5..31/10, from: 2011-11-01, to: 2012-04-30"},
    {LINT_D1, "type: vat, area: all, duty: 20%}", "type: vat, area: all}"},
    {LINT_D2, "type: licence, area: all,", "type: licence, area: all, duty: 1%,"},
    {LINT_D3, "duty: 20%}", "duty: 500.5%}"},
    {LINT_D4, "duty: 8%, trigger", "duty: 8% MIN 6% MAX 5%, trigger"},
    {LINT_D5, "description: for cider, units: \"kg|p/st\"", "description: for cider, units: kg"},
    {LINT_D6, "duty: 8%, trigger", "duty: suspended, trigger"},
    {LINT_D7, "duty: 8%, trigger", "duty: 8 GBP / 100 kg, trigger"},
    {LINT_D8, "duty: 8%, trigger", "duty: 8 USD / 100 kg, trigger"},
    {LINT_Q1, "     order_number: \"0501\",", "    "},
    {LINT_Q2, "{id: duty,", "{id: duty, order_number: \"0501\","},
    {LINT_Q3, "order_number: \"0501\"", "order_number: \"0502\""},
    {LINT_Q4, "from: 2020-01-01, to: 2020-12-31}\n  - {id: paper",
     "from: 2020-01-01, to: 2021-01-01}\n  - {id: paper"},
    {LINT_C1, "; B: otherwise -> prohibit", ""},
    {LINT_C2, "B: otherwise -> prohibit", "B: otherwise -> prohibit; B: value_max 9 EUR -> apply"},
    {LINT_C3, "B: otherwise", "B: document N853 -> not_apply; B: otherwise"},
    {LINT_C4, "B: otherwise -> prohibit",
     "B: otherwise -> prohibit; D: otherwise -> apply; B: value_max 9 EUR -> not_apply"},
    {LINT_C5, "{description: paper, from: 2010-01-01}", "{description: paper, from: 2012-01-01}"},
    {LINT_C6, NULL,
     "  - {act: R1, code: 080810, type: licence, area: all, from: 2011-01-01,\n"
     "     conditions: \"B: value_max 150 EUR -> apply; B: otherwise -> prohibit\"}\n"},
    {LINT_V1, "code: \"08\", type: vat", "code: 0808.10, type: vat"},
    {LINT_V2, "code: \"0808\", type: duty", "code: 0808.30, type: duty"},
    {LINT_X1, "trigger: S1", "trigger: S2"},
};

static struct lint_report lint_text(const char *text, struct arena *arena) {
    struct error err = ERROR_INIT;
    const struct node *document = node_read_text(arena, "clean.yml", text, strlen(text), &err);
    const struct tariff *tariff =
        document == NULL ? NULL : schedule_read(document, NULL, 0, arena, &err);
    CHECK_TEXT(err.text, "");
    return tariff == NULL ? (struct lint_report){.count = 0} : lint_tariff(tariff, NULL, arena);
}

/* The clean tariff with one text for another, or added. */
static void plant(char text[8192], const char *old, const char *new) {
    const char *at = old == NULL ? clean + strlen(clean) : strstr(clean, old);
    CHECK(at != NULL);
    if (at != NULL) {
        snprintf(text, 8192, "%.*s%s%s", (int)(at - clean), clean, new,
                 at + (old == NULL ? 0 : strlen(old)));
    }
}

static void finds_only(const char *text, enum lint_rule rule) {
    struct arena arena = ARENA_INIT;
    struct lint_report report = lint_text(text, &arena);
    if (report.counts[rule] == 0) {
        printf("%s is not found\n", lint_rule_name(rule));
    }
    CHECK(report.counts[rule] > 0);
    for (uint32_t i = 0; i < report.count; i++) {
        const struct lint_finding *finding = &report.findings[i];
        if (finding->rule != rule) {
            printf("%s brings %s:%d:%d: %s: %s\n", lint_rule_name(rule), finding->place.source,
                   finding->place.line, finding->place.column, lint_rule_name(finding->rule),
                   finding->text);
        }
        CHECK_INT(finding->rule, rule);
        CHECK(finding->place.line > 0 && finding->place.column > 0);
    }
    arena_free(&arena);
}

static void test_clean(void) {
    struct arena arena = ARENA_INIT;
    struct lint_report report = lint_text(clean, &arena);
    for (uint32_t i = 0; i < report.count; i++) {
        printf("%d:%d: %s: %s\n", report.findings[i].place.line, report.findings[i].place.column,
               lint_rule_name(report.findings[i].rule), report.findings[i].text);
    }
    CHECK_INT(report.count, 0);
    arena_free(&arena);
}

/* Rules about American files are planted in test_lint_american.c. */
static void test_all_planted(void) {
    for (int rule = 0; rule < LINT_US2; rule++) {
        bool is_planted = false;
        for (size_t i = 0; i < sizeof plants / sizeof plants[0]; i++) {
            is_planted |= plants[i].rule == (enum lint_rule)rule;
        }
        if (!is_planted) {
            printf("%s is not planted\n", lint_rule_name((enum lint_rule)rule));
        }
        CHECK(is_planted);
        CHECK(strlen(lint_rule_doc((enum lint_rule)rule)) > 10);
    }
    CHECK(LINT_RULE_COUNT >= 40);
}

/* A finding stands at the field that is wrong. */
static void test_places(void) {
    struct arena arena = ARENA_INIT;
    char text[8192];
    plant(text, "exclude: [BB]", "exclude: [CC]");
    struct lint_report report = lint_text(text, &arena);
    CHECK_INT(report.count, 1);
    if (report.count == 1) {
        CHECK_TEXT(report.findings[0].place.source, "clean.yml");
        CHECK_INT(report.findings[0].place.line, 37);
        CHECK_INT(report.findings[0].place.column, 78);
        CHECK_TEXT(report.findings[0].text, "CC does not belong to club");
    }
    arena_free(&arena);
}

int main(void) {
    test_clean();
    test_all_planted();
    test_places();
    for (size_t i = 0; i < sizeof plants / sizeof plants[0]; i++) {
        char text[8192];
        plant(text, plants[i].old, plants[i].new);
        finds_only(text, plants[i].rule);
    }
    return test_summary();
}

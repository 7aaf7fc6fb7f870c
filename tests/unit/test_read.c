/* SPDX-License-Identifier: GPL-3.0-or-later
 * test_read.c - rows fill members of every kind; each mistake has its text and its place.
 *
 * Errors are compared as they are printed, caret included, so a message that moves fails here. */
#include "sim/scenario/read.h"

#include "core/base/money.h"
#include "sim/kernel/calendar.h"
#include "tests/test.h"

struct crew {
    struct field_item item;
    int64_t count;
    bool on_call;
};

struct repair {
    int64_t after_ns;
    double rate_per_s;
    struct reference by;
};

struct desk {
    const char *title, *name;
    bool open;
    int64_t officers;
    double mass_kg, fee_per_s, factor;
    double red_share, small_share;
    int64_t mean_ns, offset_ns;
    struct money fee;
    int rule;
    int64_t day;
    struct field_dates holidays;
    const struct calendar *hours;
    const struct distribution *service, *value;
    const struct expression *when, *priority;
    struct reference by;
    struct references uses;
    struct repair repair;
    struct field_items staff, rows;
    const struct node *rest;
};

static const struct field crew_fields[] = {
    FIELD(struct crew, count, FIELD_INTEGER, .min = 1, .max = 1000),
    FIELD(struct crew, on_call, FIELD_BOOLEAN, .text_default = "true"), FIELD_END};

static const struct field repair_fields[] = {
    FIELD_AS(struct repair, after_ns, "after", FIELD_TIME, .text_default = "35 min"),
    FIELD_AS(struct repair, rate_per_s, "rate", FIELD_REAL, .dimension = DIMENSION_RATE,
             .required = true),
    FIELD(struct repair, by, FIELD_REFERENCE, .doc = ""), FIELD_END};

static const struct field desk_fields[] = {
    FIELD(struct desk, title, FIELD_TEXT, .doc = ""),
    FIELD(struct desk, name, FIELD_NAME, .doc = ""),
    FIELD(struct desk, open, FIELD_BOOLEAN, .doc = ""),
    FIELD(struct desk, officers, FIELD_INTEGER, .min = -7, .max = 900),
    FIELD_AS(struct desk, mass_kg, "mass", FIELD_REAL, .dimension = DIMENSION_MASS, .min = 0.25,
             .max = __builtin_inf()),
    FIELD_AS(struct desk, fee_per_s, "wage", FIELD_REAL, .dimension = DIMENSION_MONEY_PER_TIME),
    FIELD(struct desk, factor, FIELD_REAL, .doc = ""),
    FIELD(struct desk, red_share, FIELD_SHARE, .doc = ""),
    FIELD(struct desk, small_share, FIELD_SHARE, .min = 0.02, .max = 0.3),
    FIELD_AS(struct desk, mean_ns, "check_mean", FIELD_TIME, .text_default = "4 h"),
    FIELD_AS(struct desk, offset_ns, "offset", FIELD_TIME, .min = -50400, .max = 50400),
    FIELD(struct desk, fee, FIELD_MONEY, .doc = ""),
    FIELD(struct desk, rule, FIELD_CHOICE, .choices = "finish|suspend|restart|discard",
          .text_default = "suspend"),
    FIELD(struct desk, day, FIELD_DATE, .doc = ""),
    FIELD(struct desk, holidays, FIELD_DATES, .doc = ""),
    FIELD(struct desk, hours, FIELD_HOURS, .doc = ""),
    FIELD(struct desk, service, FIELD_DISTRIBUTION, .dimension = DIMENSION_TIME),
    FIELD(struct desk, value, FIELD_DISTRIBUTION, .dimension = DIMENSION_MONEY),
    FIELD(struct desk, when, FIELD_CONDITION, .doc = ""),
    FIELD(struct desk, priority, FIELD_EXPRESSION, .doc = ""),
    FIELD(struct desk, by, FIELD_REFERENCE, .doc = ""),
    FIELD(struct desk, uses, FIELD_REFERENCES, .text_default = "[a, b x 3]"),
    FIELD(struct desk, repair, FIELD_GROUP, .inner = repair_fields,
          .inner_size = sizeof(struct repair)),
    FIELD(struct desk, staff, FIELD_MAP, .inner = crew_fields, .inner_size = sizeof(struct crew),
          .has_short_form = true),
    FIELD(struct desk, rows, FIELD_LIST, .inner = crew_fields, .inner_size = sizeof(struct crew),
          .min = 1, .max = 3),
    FIELD(struct desk, rest, FIELD_NODE, .doc = ""),
    FIELD_END};

static const struct expression_input inputs[] = {
    {.name = "channel", .type = VALUE_SYMBOL, .doc = ""},
    {.name = "value", .type = VALUE_DECIMAL, .dimension = DIMENSION_MONEY, .doc = ""},
};

/* A file with an optional `parameters:` block; the rest is a desk. */
struct loaded {
    struct arena arena;
    struct reader reader;
    struct expression_names names;
    struct desk desk;
    struct error err;
    int result;
};

static struct loaded *load(const char *text) {
    static const char *const ignored[] = {"parameters", NULL};
    struct loaded *loaded = calloc(1, sizeof *loaded);
    loaded->names = (struct expression_names){.inputs = inputs, .input_count = 2};
    loaded->reader =
        (struct reader){.arena = &loaded->arena, .names = &loaded->names, .currency = "USD"};
    const struct node *root =
        node_read_text(&loaded->arena, "desk.yml", text, strlen(text), &loaded->err);
    loaded->reader.root = root;
    loaded->result = -1;
    if (root != NULL &&
        read_parameters(&loaded->reader, node_get(root, "parameters"), &loaded->err) == 0) {
        loaded->result =
            read_fields(&loaded->reader, root, desk_fields, ignored, &loaded->desk, &loaded->err);
    }
    return loaded;
}

static void unload(struct loaded *loaded) {
    arena_free(&loaded->arena);
    free(loaded);
}

static void print_failure(const struct loaded *loaded) {
    char text[1200];
    if (loaded->result < 0) {
        error_print(&loaded->err, text, sizeof text);
        printf("%s", text);
    }
}

static const char every_kind[] = "title: 35 desks\n"
                                 "name: desk_7\n"
                                 "open: true\n"
                                 "officers: -7\n"
                                 "mass: 2.385 t\n"
                                 "wage: 36 USD/h\n"
                                 "factor: 2.385\n"
                                 "red_share: 7 %\n"
                                 "small_share: 0.05\n"
                                 "check_mean: 35 min\n"
                                 "offset: -4.5 h\n"
                                 "fee: 100.25 USD\n"
                                 "rule: discard\n"
                                 "day: 1970-01-12\n"
                                 "holidays: [1970-03-01, 1970-01-02]\n"
                                 "hours: 08:00-17:00 mon-fri\n"
                                 "service: 'exponential(mean: 20 min)'\n"
                                 "when: channel == red and value > 5 USD\n"
                                 "priority: 3\n"
                                 "by: port.handler x 2\n"
                                 "uses: [customs.examiner, port.handler x 10000]\n"
                                 "repair: {rate: 12/h}\n"
                                 "staff: {02: 5, clerk: {count: 6, on_call: false}}\n"
                                 "rows: [{count: 11}]\n"
                                 "rest: {any: [thing]}\n";

static void test_every_kind(void) {
    struct loaded *loaded = load(every_kind);
    const struct desk *desk = &loaded->desk;
    print_failure(loaded);
    CHECK_INT(loaded->result, 0);
    CHECK_TEXT(desk->title, "35 desks");
    CHECK_TEXT(desk->name, "desk_7");
    CHECK(desk->open);
    CHECK_INT(desk->officers, -7);
    CHECK_NEAR(desk->mass_kg, 2385, 0);
    CHECK_NEAR(desk->fee_per_s, 0.01, 0);
    CHECK_NEAR(desk->factor, 2.385, 0);
    CHECK_NEAR(desk->red_share, 0.07, 0);
    CHECK_NEAR(desk->small_share, 0.05, 0);
    CHECK_INT(desk->mean_ns, INT64_C(2100000000000));
    CHECK_INT(desk->offset_ns, -INT64_C(16200000000000));
    CHECK_INT(desk->fee.e4, 1002500);
    CHECK_INT(desk->rule, 3);
    CHECK_INT(desk->day, 11);
    CHECK_INT(desk->holidays.count, 2);
    CHECK_INT(desk->holidays.days[0], 1);
    CHECK_INT(desk->holidays.days[1], 59);
    CHECK_NEAR(calendar_open_share(desk->hours), 45.0 / 168, 1e-15);
    CHECK_NEAR(distribution_mean(desk->service), 1200, 0);
    CHECK(desk->value == NULL);
    unsigned read = 0;
    CHECK(expression_inputs(desk->when, &read) != NULL);
    CHECK_INT(read, 2);
    CHECK(desk->priority != NULL);
    CHECK_TEXT(desk->by.name, "port.handler");
    CHECK_INT(desk->by.count, 2);
    CHECK_INT(desk->by.index, -1);
    CHECK_INT(desk->uses.count, 2);
    CHECK_TEXT(desk->uses.items[0].name, "customs.examiner");
    CHECK_INT(desk->uses.items[0].count, 1);
    CHECK_INT(desk->uses.items[1].count, 10000);
    CHECK_INT(desk->repair.after_ns, INT64_C(2100000000000));
    CHECK_NEAR(desk->repair.rate_per_s, 12.0 / 3600, 0);
    const struct crew *crew = desk->staff.items;
    CHECK_INT(desk->staff.count, 2);
    CHECK_TEXT(crew[0].item.name, "02");
    CHECK_INT(crew[0].count, 5);
    CHECK(crew[0].on_call);
    CHECK_INT(crew[1].count, 6);
    CHECK(!crew[1].on_call);
    CHECK_INT(((const struct crew *)desk->rows.items)->count, 11);
    CHECK(((const struct crew *)desk->rows.items)->item.name == NULL);
    CHECK(node_get(desk->rest, "any") != NULL);
    unload(loaded);
}

static void test_absent(void) {
    struct loaded *loaded = load("title: ''\n");
    const struct desk *desk = &loaded->desk;
    print_failure(loaded);
    CHECK_INT(loaded->result, 0);
    CHECK_TEXT(desk->title, "");
    CHECK_INT(desk->mean_ns, INT64_C(14400000000000));
    CHECK_INT(desk->rule, 1);
    CHECK_INT(desk->officers, 0);
    CHECK(desk->hours == NULL);
    CHECK(desk->by.name == NULL);
    CHECK_INT(desk->by.index, -1);
    CHECK_INT(desk->uses.count, 2);
    CHECK_INT(desk->uses.items[1].count, 3);
    /* A group that is not given has the defaults of its rows and asks for none of them. */
    CHECK_INT(desk->repair.after_ns, INT64_C(2100000000000));
    CHECK_INT(desk->repair.by.index, -1);
    CHECK_INT(desk->staff.count, 0);
    unload(loaded);

    struct arena arena = ARENA_INIT;
    struct reader reader = {.arena = &arena};
    struct error err = ERROR_INIT;
    struct desk bare = {0};
    CHECK_INT(read_fields(&reader, NULL, desk_fields, NULL, &bare, &err), 0);
    CHECK_INT(bare.rule, 1);
    struct repair repair = {0};
    CHECK_INT(read_fields(&reader, NULL, repair_fields, NULL, &repair, &err), -1);
    CHECK_INT(err.code, ERROR_INPUT);
    CHECK_TEXT(err.text, "missing key 'rate'");
    arena_free(&arena);
}

static void test_two_tables(void) {
    struct arena arena = ARENA_INIT;
    struct reader reader = {.arena = &arena};
    struct error err = ERROR_INIT;
    struct crew crew = {.count = 0};
    struct repair repair = {0};
    static const char text[] = "{rate: 6/min, count: 3, after: 2 s, type: work}";
    static const char *const ignored[] = {"type", NULL};
    const struct node *node = node_read_text(&arena, "step.yml", text, strlen(text), &err);
    CHECK_INT(read_fields_of_two(&reader, node, crew_fields, &crew, repair_fields, &repair, ignored,
                                 &err),
              0);
    CHECK_INT(crew.count, 3);
    CHECK(crew.on_call);
    CHECK_INT(repair.after_ns, 2000000000);
    CHECK_NEAR(repair.rate_per_s, 0.1, 0);
    CHECK_INT(
        read_fields_of_two(&reader, node, crew_fields, &crew, repair_fields, &repair, NULL, &err),
        -1);
    CHECK_TEXT(err.text, "unknown key 'type'; the keys are count, on_call, after, rate, by");
    arena_free(&arena);
}

static void test_parameters(void) {
    struct loaded *loaded =
        load("parameters:\n"
             "  spread: 'gamma(mean: middle, cv: 0.8)'\n"
             "  middle: {value: 40 min, evidence: assumed, source: interviews,\n"
             "           range: [20 min, 1.5 h]}\n"
             "  red: 4 %\n"
             "  crowd: 12\n"
             "service: spread\n"
             "check_mean: middle\n"
             "red_share: red\n"
             "officers: crowd\n"
             "mass: {value: 3 kg, evidence: measured, source: scales}\n"
             "staff: {clerk: {value: crowd, evidence: derived}}\n"
             "rows: [{count: {value: 7, range: [5, 9]}},\n"
             "       {on_call: false, count: {value: 8, range: [5, 9]}}]\n");
    const struct desk *desk = &loaded->desk;
    const struct reader *reader = &loaded->reader;
    print_failure(loaded);
    CHECK_INT(loaded->result, 0);
    CHECK_NEAR(distribution_mean(desk->service), 2400, 1e-9);
    CHECK_INT(desk->mean_ns, INT64_C(2400000000000));
    CHECK_NEAR(desk->red_share, 0.04, 0);
    CHECK_INT(desk->officers, 12);
    CHECK_NEAR(desk->mass_kg, 3, 0);
    CHECK_INT(((const struct crew *)desk->staff.items)->count, 12);
    CHECK_INT(((const struct crew *)desk->rows.items)->count, 7);

    CHECK_INT(reader->parameter_count, 8);
    const struct parameter *middle = read_parameter(reader, "middle");
    CHECK(middle != NULL && middle->is_declared && !middle->is_distribution);
    CHECK_INT(middle->evidence, EVIDENCE_ASSUMED);
    CHECK_TEXT(middle->source, "interviews");
    CHECK(middle->has_range);
    CHECK_NEAR(middle->range_low.value, 1200, 0);
    CHECK_NEAR(middle->range_high.value, 5400, 0);
    CHECK_TEXT(middle->range_text, "20 min..1.5 h");
    CHECK_INT(middle->node->line, 3);
    CHECK(read_parameter(reader, "spread")->is_distribution);
    CHECK(read_parameter(reader, "mass") == NULL); /* in place: has a path, is no name */
    const struct parameter *in_place = &reader->parameters[4];
    CHECK_TEXT(in_place[0].name, "mass");
    CHECK_TEXT(in_place[0].text, "3 kg");
    CHECK_INT(in_place[0].evidence, EVIDENCE_MEASURED);
    CHECK_TEXT(in_place[1].name, "staff.clerk");
    CHECK_NEAR(in_place[1].quantity.value, 12, 0);
    CHECK_TEXT(in_place[2].name, "rows.count");
    CHECK(in_place[2].has_range);
    CHECK_TEXT(in_place[3].name, "rows.2.count");
    unload(loaded);
}

static void test_repeated(void) {
    struct loaded *loaded = load("parameters: {middle: 40 min}\n"
                                 "mass: {value: 3 kg, evidence: measured}\n");
    struct desk again = {0};
    static const char *const ignored[] = {"parameters", NULL};
    const struct node *root = loaded->reader.root;
    CHECK_INT(read_parameters(&loaded->reader, node_get(root, "parameters"), &loaded->err), 0);
    CHECK_INT(read_fields(&loaded->reader, root, desk_fields, ignored, &again, &loaded->err), 0);
    CHECK_INT(loaded->reader.parameter_count, 2);
    CHECK_NEAR(again.mass_kg, loaded->desk.mass_kg, 0);
    CHECK_INT(again.mean_ns, loaded->desk.mean_ns);
    unload(loaded);
}

static void test_quantities(void) {
    struct arena arena = ARENA_INIT;
    struct reader reader = {.arena = &arena};
    struct error err = ERROR_INIT;
    static const char text[] = "{fee: 12 EUR, value: 'uniform(low: 1 EUR, high: 3 EUR)', "
                               "parameters: {mean: 5 EUR}, named: 'exponential(mean: mean)'}";
    const struct node *root = node_read_text(&arena, "q.yml", text, strlen(text), &err);
    struct quantity quantity;
    struct distribution distribution;
    /* Without an accounting currency any will do. */
    CHECK_INT(read_quantity(&reader, node_get(root, "fee"), DIMENSION_MONEY, &quantity, &err), 0);
    CHECK_NEAR(quantity.value, 12, 0);
    CHECK_TEXT(quantity.currency, "EUR");
    CHECK_TEXT(reader.currency, "");
    CHECK_INT(
        read_distribution(&reader, node_get(root, "value"), DIMENSION_MONEY, &distribution, &err),
        0);
    CHECK_NEAR(distribution_mean(&distribution), 2, 1e-15);
    memcpy(reader.currency, "USD", 4);
    CHECK_INT(
        read_distribution(&reader, node_get(root, "value"), DIMENSION_MONEY, &distribution, &err),
        -1);
    CHECK_TEXT(err.text, "value: amounts of this world are in USD, got 'EUR'");
    /* The currency of a parameter too, which the text does not show. */
    err = (struct error)ERROR_INIT;
    CHECK_INT(read_parameters(&reader, node_get(root, "parameters"), &err), 0);
    CHECK_INT(
        read_distribution(&reader, node_get(root, "named"), DIMENSION_MONEY, &distribution, &err),
        -1);
    CHECK_TEXT(err.text, "named: amounts of this world are in USD, got 'EUR'");
    arena_free(&arena);
}

/* A text, and what is printed about it behind "desk.yml:". */
static const struct mistake {
    const char *text, *error;
} mistakes[] = {
    {"check_mean: 35", "1:13: error: check_mean: expected a time with a unit (e.g. 35 min, 2 h, "
                       "1.5 d), got '35'\n  check_mean: 35\n              ^\n"},
    {"check_mean: 5 %", "1:13: error: check_mean: expected a time with a unit (e.g. 35 min, 2 h, "
                        "1.5 d), got '5 %'\n  check_mean: 5 %\n              ^\n"},
    {"check_mean: -2 h",
     "1:13: error: check_mean: -2 h is less than 0 s\n  check_mean: -2 h\n              ^\n"},
    {"check_mean: nan", "1:13: error: check_mean: expected a time with a unit (e.g. 35 min, 2 h, "
                        "1.5 d) or the name of a parameter, got 'nan'\n"
                        "  check_mean: nan\n              ^\n"},
    {"check_mean: {value: 3 h, evidens: assumed}",
     "1:26: error: unknown key 'evidens'; did you mean 'evidence'?\n"
     "  check_mean: {value: 3 h, evidens: assumed}\n                           ^\n"},
    {"check_mean: {evidence: assumed}", "1:13: error: missing key 'value'\n"
                                        "  check_mean: {evidence: assumed}\n              ^\n"},
    {"check_mean: {value: 3 h, range: [2 h]}",
     "1:33: error: check_mean: expected a range of two values, e.g. [20 min, 80 min]\n"
     "  check_mean: {value: 3 h, range: [2 h]}\n                                  ^\n"},
    {"check_mean:",
     "1:12: error: check_mean: expected a time with a unit (e.g. 35 min, 2 h, 1.5 d), got nothing\n"
     "  check_mean:\n             ^\n"},
    {"resorces: 7", "1:1: error: unknown key 'resorces'; the keys are title, name, open, officers, "
                    "mass, wage, factor, red_share, small_share, check_mean, offset, fee, ...\n"
                    "  resorces: 7\n  ^\n"},
    {"ofices: 7", "1:1: error: unknown key 'ofices'; did you mean 'officers'?\n  ofices: 7\n  ^\n"},
    {"parameter: {}",
     "1:1: error: unknown key 'parameter'; did you mean 'parameters'?\n  parameter: {}\n  ^\n"},
    {"red_share: 130 %", "1:12: error: red_share: 130 % is not within 0 %..100 %\n"
                         "  red_share: 130 %\n             ^\n"},
    {"red_share: 7", "1:12: error: red_share: 7 is not within 0 %..100 %\n"
                     "  red_share: 7\n             ^\n"},
    {"red_share: '0.5'", "1:12: error: red_share: expected a share (e.g. 5 %, 0.05), got the text "
                         "'0.5' in quotes\n  red_share: '0.5'\n             ^\n"},
    {"small_share: 1 %", "1:14: error: small_share: 1 % is not within 2 %..30 %\n"
                         "  small_share: 1 %\n               ^\n"},
    {"offset: 15 h", "1:9: error: offset: 15 h is not within -14 h..14 h\n"
                     "  offset: 15 h\n          ^\n"},
    {"mass: 200 g", "1:7: error: mass: 200 g is less than 0.25 kg\n  mass: 200 g\n        ^\n"},
    {"officers: 901", "1:11: error: officers: 901 is not within -7..900\n"
                      "  officers: 901\n            ^\n"},
    {"officers: three", "1:11: error: officers: expected a whole number, got 'three'\n"
                        "  officers: three\n            ^\n"},
    {"officers: 2.5", "1:11: error: officers: expected a whole number, got '2.5'\n"
                      "  officers: 2.5\n            ^\n"},
    {"officers: 9223372036854775808",
     "1:11: error: officers: expected a whole number, got '9223372036854775808'\n"
     "  officers: 9223372036854775808\n            ^\n"},
    {"officers: -99999999999999999999",
     "1:11: error: officers: expected a whole number, got '-99999999999999999999'\n"
     "  officers: -99999999999999999999\n            ^\n"},
    {"officers: \"12\"",
     "1:11: error: officers: expected a whole number, got the text '12' in quotes\n"
     "  officers: \"12\"\n            ^\n"},
    {"open: no", "1:7: error: open: expected true or false, got 'no'\n  open: no\n        ^\n"},
    {"name: Desk", "1:7: error: name: expected a name (small letters, digits and _, a letter "
                   "first), got 'Desk'\n  name: Desk\n        ^\n"},
    {"title: [a]", "1:8: error: title: expected a text, got a list\n  title: [a]\n         ^\n"},
    {"rule: finsh", "1:7: error: rule: expected finish, suspend, restart or discard, got 'finsh'; "
                    "did you mean 'finish'?\n  rule: finsh\n        ^\n"},
    {"rule: 3", "1:7: error: rule: expected finish, suspend, restart or discard, got '3'\n"
                "  rule: 3\n        ^\n"},
    {"fee: 10 EUR", "1:6: error: fee: amounts of this world are in USD, got '10 EUR'\n"
                    "  fee: 10 EUR\n       ^\n"},
    {"wage: 10 USD", "1:7: error: wage: expected an amount per time (e.g. 30 USD/h), got '10 USD'\n"
                     "  wage: 10 USD\n        ^\n"},
    {"fee: 1e15 USD", "1:6: error: fee: 1e15 USD is not within -900000000000000 "
                      "USD..900000000000000 USD\n  fee: 1e15 USD\n       ^\n"},
    {"value: 'uniform(low: 1 EUR, high: 2 USD)'",
     "1:35: error: value: EUR and USD in one distribution\n"
     "  value: 'uniform(low: 1 EUR, high: 2 USD)'\n                                    ^\n"},
    {"value: 'uniform(low: 1 EUR, high: 2 EUR)'",
     "1:8: error: value: amounts of this world are in USD, got 'EUR'\n"
     "  value: 'uniform(low: 1 EUR, high: 2 EUR)'\n         ^\n"},
    {"value: 7 EUR", "1:8: error: value: amounts of this world are in USD, got 'EUR'\n"
                     "  value: 7 EUR\n         ^\n"},
    {"holidays: [2017-01-02, 2017-01-01, 2017-01-02]",
     "1:36: error: holidays: 2017-01-02 stands here twice\n"
     "  holidays: [2017-01-02, 2017-01-01, 2017-01-02]\n"
     "                                     ^\n"},
    {"by: port.handler x 0", "1:5: error: by: the number in 'port.handler x 0' is not within "
                             "1..10000\n  by: port.handler x 0\n      ^\n"},
    {"uses: [a, Port]",
     "1:11: error: uses: expected a name (e.g. port.handler, or port.handler x 2 for two), got "
     "'Port'\n  uses: [a, Port]\n            ^\n"},
    {"by: port..handler", "1:5: error: by: expected a name (e.g. port.handler, or port.handler x 2 "
                          "for two), got 'port..handler'\n  by: port..handler\n      ^\n"},
    {"staff: 5", "1:8: error: staff: expected a mapping, got '5'\n  staff: 5\n         ^\n"},
    {"staff: [1]", "1:8: error: staff: expected a mapping, got a list\n  staff: [1]\n         ^\n"},
    {"staff: {clerk: many}", "1:16: error: clerk: expected a whole number, got 'many'\n"
                             "  staff: {clerk: many}\n                 ^\n"},
    {"staff: {Clerk: 1}", "1:9: error: 'Clerk' is no name: it may have small letters, digits and "
                          "_, at most 63 of them\n  staff: {Clerk: 1}\n          ^\n"},
    {"rows: [5]", "1:8: error: expected a mapping, got '5'\n  rows: [5]\n         ^\n"},
    {"rows: []", "1:7: error: rows: at least 1 due, got 0\n  rows: []\n        ^\n"},
    {"rows: [{}, {}, {}, {}]", "1:7: error: rows: at most 3 may stand here, got 4\n"
                               "  rows: [{}, {}, {}, {}]\n        ^\n"},
    {"repair: {after: 3 h}",
     "1:9: error: missing key 'rate'\n  repair: {after: 3 h}\n          ^\n"},
    {"service: 'gamma(mean: 20, cv: 1)'",
     "1:23: error: service: a bare number where a time is due: write the unit, e.g. 35 min, 2 h, "
     "1.5 d\n  service: 'gamma(mean: 20, cv: 1)'\n                        ^\n"},
    {"parameters: {middle: 3 h}\nservice: midle",
     "2:10: error: service: no parameter is called 'midle'; did you mean 'middle'?\n"
     "  service: midle\n           ^\n"},
    {"parameters: {middle: 3 h}\nmass: middle",
     "2:7: error: mass: expected a mass with a unit (e.g. 20 kg, 1.5 t), but middle is 3 h\n"
     "  mass: middle\n        ^\n"},
    {"parameters: {middle: 3 h}\nofficers: middle",
     "2:11: error: officers: expected a whole number, but middle is 3 h\n"
     "  officers: middle\n            ^\n"},
    {"parameters: {low: 'exponential(mean: 1 h)'}\ncheck_mean: low",
     "2:13: error: check_mean: expected a time with a unit (e.g. 35 min, 2 h, 1.5 d), but low is "
     "exponential(mean: 1 h)\n  check_mean: low\n              ^\n"},
    {"parameters: {low: 'exponentil(mean: 1 h)'}",
     "1:19: error: low: no distribution is called 'exponentil'; did you mean 'exponential'?\n"
     "  parameters: {low: 'exponentil(mean: 1 h)'}\n                    ^\n"},
    {"parameters: {Low: 3 h}", "1:14: error: 'Low' is no name of a parameter: small letters, "
                               "digits and _, a letter first, at "
                               "most 63 of them\n  parameters: {Low: 3 h}\n               ^\n"},
    {"parameters: {low: fast}",
     "1:19: error: low: expected a quantity (e.g. 35 min, 2 h, 1.5 d) or a distribution of "
     "quantities, got 'fast'\n  parameters: {low: fast}\n                    ^\n"},
    {"parameters: {low: {value: 3 h, range: [4 h, 2 h]}}",
     "1:39: error: low: the range ends at '2 h', before it begins\n"
     "  parameters: {low: {value: 3 h, range: [4 h, 2 h]}}\n"
     "                                        ^\n"},
    {"parameters: {low: {value: 3 h, range: [4, 5]}}",
     "1:40: error: low: the value is '3 h', so a bound is a time with a unit (e.g. 35 min, 2 h, "
     "1.5 d), got '4'\n  parameters: {low: {value: 3 h, range: [4, 5]}}\n"
     "                                         ^\n"},
    {"parameters: {low: {value: 'exponential(mean: 1 h)', range: [1 h, 2 h]}}",
     "1:60: error: low: a range belongs to a quantity; name the quantity in parameters and give "
     "the range there\n  parameters: {low: {value: 'exponential(mean: 1 h)', range: [1 h, 2 h]}}\n"
     "                                                             ^\n"},
    {"parameters: 7",
     "1:13: error: parameters: expected a mapping, got '7'\n  parameters: 7\n              ^\n"},
};

static void test_mistakes(void) {
    for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
        char expected[1200], printed[1200] = "";
        struct loaded *loaded = load(mistakes[i].text);
        snprintf(expected, sizeof expected, "desk.yml:%s", mistakes[i].error);
        CHECK_INT(loaded->result, -1);
        CHECK_INT(loaded->err.code, ERROR_INPUT);
        error_print(&loaded->err, printed, sizeof printed);
        CHECK_TEXT(printed, expected);
        unload(loaded);
    }
}

/* Errors of texts that others parse: only the place is ours. */
static void check_place(const char *text, int line, int column) {
    struct loaded *loaded = load(text);
    CHECK_INT(loaded->result, -1);
    CHECK_INT(loaded->err.line, line);
    CHECK_INT(loaded->err.column, column);
    unload(loaded);
}

static void test_places_in_texts(void) {
    check_place("title: x\nhours: 08:00-17:00 mon-fro", 2, 24);
    check_place("hours: '08:00-17:00 mon-fro'", 1, 25);
    check_place("when: value > 3 USD and chanel == red", 1, 25);
    check_place("when: \"value > 3 USD and chanel == red\"", 1, 26);
    check_place("when: >\n  value > 3 USD and\n  chanel == red", 1, 7); /* folded: at its head */
    check_place("when: value > 3 USD and\n  chanel == red", 1, 7);
    check_place("day: 2017-02-29", 1, 6);
    check_place("priority: channel", 1, 11);
}

static void test_wrong_default(void) {
    static const struct field wrong[] = {
        FIELD(struct crew, count, FIELD_INTEGER, .min = 1, .max = 5, .text_default = "6"),
        FIELD_END};
    struct arena arena = ARENA_INIT;
    struct reader reader = {.arena = &arena};
    struct error err = ERROR_INIT;
    struct crew crew = {.count = 0};
    char printed[300];
    CHECK_INT(read_fields(&reader, NULL, wrong, NULL, &crew, &err), -1);
    error_print(&err, printed, sizeof printed);
    CHECK_TEXT(printed, "default of count:1:1: error: count: 6 is not within 1..5\n  6\n  ^\n");
    arena_free(&arena);
}

int main(void) {
    test_every_kind();
    test_absent();
    test_two_tables();
    test_parameters();
    test_repeated();
    test_quantities();
    test_mistakes();
    test_places_in_texts();
    test_wrong_default();
    return test_summary();
}

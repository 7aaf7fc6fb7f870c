/* SPDX-License-Identifier: GPL-3.0-or-later
 * test_rule_naive.c - goal: a compiled table answers as its rules read, whatever they are.
 *
 * Method: random tables over all types, hit policies, missing values, dated rules and parameters
 * are written down as YAML and compiled; beside that they are kept as plain numbers, and a
 * straightforward evaluator, which shares no code with the compiled form, walks rule by rule and
 * test by test. Both must agree on 100,000 inputs: status, rules fired, outputs. Besides: the cost
 * never exceeds the bound, and the order of the rules does not matter where the policy says so. */
#include "core/base/units.h"
#include "core/rule/rule.h"
#include "tests/test.h"

#include <stdarg.h>

enum { TABLES = 5000, QUESTIONS = 20, INPUTS_MAX = 5, ROWS_MAX = 150, TESTS_MAX = 3 };
enum { DAY = 17167, DAYS = 40, OTHER = 9 }; /* a text that no cell mentions */

enum kind { NUMBER, INTEGER, TEXT, CHOICE, BOOLEAN, DATE, KINDS };
enum comparison { IS, LESS, AT_MOST, MORE, AT_LEAST, BETWEEN, MISSING, COMPARISONS };

/* Numbers are kept in tenths, dates in days from DAY, texts and booleans as small numbers. */
struct plain_test {
    enum comparison comparison;
    int low, high;
    bool low_open, high_open;
    bool is_parameter; /* the bound is the parameter */
};

struct plain_cell {
    bool is_present, is_negated;
    int count;
    struct plain_test tests[TESTS_MAX];
};

struct plain_row {
    struct plain_cell cells[INPUTS_MAX];
    bool has_condition;  /* input 0 more than `limit`, when input 0 is a number */
    int limit, from, to; /* -1: no date */
    int amount, rank;    /* the outputs */
};

struct plain_table {
    enum rule_hit hit;
    int input_count, row_count;
    enum kind kinds[INPUTS_MAX];
    bool is_optional[INPUTS_MAX];
    int parameter_from[2], parameter_value[2]; /* the first -1: from the beginning */
    bool has_default;
    struct plain_row rows[ROWS_MAX];
};

static uint64_t state = 20170102;

static int pick(int count) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (int)((state >> 33) % (unsigned)count);
}

/* ---- drawing ---- */

static int draw_value(enum kind kind) {
    switch (kind) {
    case NUMBER:
        return pick(100);
    case INTEGER:
        return 10 * pick(10);
    case DATE:
        return pick(DAYS);
    case BOOLEAN:
        return pick(2);
    default:
        return pick(5);
    }
}

static struct plain_test draw_test(enum kind kind, bool is_optional, bool may_be_missing) {
    bool has_order = kind == NUMBER || kind == INTEGER || kind == DATE;
    struct plain_test test = {.comparison = has_order ? (enum comparison)pick(BETWEEN + 1) : IS};
    if (may_be_missing && is_optional && pick(4) == 0) {
        test.comparison = MISSING;
    }
    test.low = draw_value(kind);
    test.high = test.low + pick(5) * (kind == INTEGER ? 10 : 1);
    test.low_open = pick(2) == 0;
    test.high_open = pick(2) == 0;
    test.is_parameter = kind == NUMBER && test.comparison < BETWEEN && pick(4) == 0;
    return test;
}

static void draw_row(const struct plain_table *table, struct plain_row *row) {
    *row = (struct plain_row){.from = -1, .to = -1, .amount = pick(40), .rank = pick(3)};
    for (int i = 0; i < table->input_count; i++) {
        struct plain_cell *cell = &row->cells[i];
        cell->is_present = pick(3) > 0;
        cell->is_negated = pick(5) == 0;
        cell->count = 1 + pick(TESTS_MAX);
        for (int t = 0; t < cell->count; t++) {
            cell->tests[t] = draw_test(table->kinds[i], table->is_optional[i], true);
        }
    }
    row->has_condition = table->kinds[0] == NUMBER && pick(5) == 0;
    row->limit = pick(100);
    row->from = pick(4) == 0 ? pick(DAYS) : -1;
    row->to = pick(4) == 0 ? (row->from < 0 ? 0 : row->from) + pick(DAYS) : -1;
}

static void draw_table(struct plain_table *table) {
    table->hit = (enum rule_hit)pick(RULE_HIT_COUNT + 1);
    table->input_count = 1 + pick(INPUTS_MAX);
    table->row_count = pick(20) == 0 ? 60 + pick(ROWS_MAX - 60) : 1 + pick(12);
    for (int i = 0; i < table->input_count; i++) {
        table->kinds[i] = (enum kind)pick(KINDS);
        table->is_optional[i] = pick(2) == 0;
    }
    table->parameter_from[0] = pick(2) == 0 ? -1 : pick(DAYS / 2);
    table->parameter_from[1] = DAYS / 2 + pick(DAYS / 2);
    table->parameter_value[0] = pick(100);
    table->parameter_value[1] = pick(100);
    table->has_default = pick(2) == 0;
    for (int r = 0; r < table->row_count; r++) {
        draw_row(table, &table->rows[r]);
    }
}

/* ---- writing down ---- */

static char page[400000];
static size_t used;

static void put(const char *format, ...) __attribute__((format(printf, 1, 2)));
static void put(const char *format, ...) {
    va_list args;
    va_start(args, format);
    used += (size_t)vsnprintf(page + used, sizeof page - used, format, args);
    va_end(args);
}

static void put_value(enum kind kind, int value) {
    char date[16];
    if (kind == NUMBER) {
        put("%d.%d", value / 10, value % 10);
    } else if (kind == INTEGER) {
        put("%d", value / 10);
    } else if (kind == BOOLEAN) {
        put("%s", value ? "true" : "false");
    } else if (kind == DATE) {
        units_print_date(DAY + value, date);
        put("%s", date);
    } else {
        put("word %c", 'a' + value);
    }
}

static void put_test(enum kind kind, const struct plain_test *test) {
    static const char *const marks[][2] = {{"", "== "},
                                           {"less than ", "<"},
                                           {"at most ", "<= "},
                                           {"more than ", "> "},
                                           {"at least ", ">="}};
    if (test->comparison == MISSING) {
        put("missing");
    } else if (test->comparison == BETWEEN) {
        put("%c", test->low_open ? '(' : '[');
        put_value(kind, test->low);
        put(" .. ");
        put_value(kind, test->high);
        put("%c", test->high_open ? ')' : ']');
    } else {
        bool is_word = kind == TEXT || kind == CHOICE;
        put("%s", marks[test->comparison][is_word ? 0 : pick(2)]);
        if (test->is_parameter) {
            put("threshold");
        } else {
            put_value(kind, test->low);
        }
    }
}

static void put_row(const struct plain_table *table, const struct plain_row *row, int number) {
    char date[16];
    put("  rule_%d:\n    when:\n", number);
    for (int i = 0; i < table->input_count; i++) {
        const struct plain_cell *cell = &row->cells[i];
        if (!cell->is_present) {
            put("      input_%d: \"-\"\n", i);
            continue;
        }
        put("      input_%d: \"%s", i, cell->is_negated ? "not(" : "");
        for (int t = 0; t < cell->count; t++) {
            put("%s", t > 0 ? ", " : "");
            put_test(table->kinds[i], &cell->tests[t]);
        }
        put("%s\"\n", cell->is_negated ? ")" : "");
    }
    if (row->has_condition) {
        put("    provided: input_0 > %d.%d\n", row->limit / 10, row->limit % 10);
    }
    if (row->from >= 0) {
        units_print_date(DAY + row->from, date);
        put("    from: %s\n", date);
    }
    if (row->to >= 0) {
        units_print_date(DAY + row->to, date);
        put("    to: %s\n", date);
    }
    put(table->hit >= RULE_HIT_SUM ? "    then: %d\n" : "    then: {amount: %d, rank: %c}\n",
        row->amount, 'x' + row->rank);
}

static const char *const hit_texts[] = {
    "unique",  "any",         "priority",    "first",       "rule order",   "output order",
    "collect", "collect sum", "collect min", "collect max", "collect count"};

static void write_page(const struct plain_table *table, const int *order) {
    static const char *const types[] = {"number", "integer", "text", "text", "boolean", "date"};
    char dates[2][16];
    used = 0;
    put("clearlab: 1\ntable: random\nhit: %s\ncomplete: false\ninputs:\n", hit_texts[table->hit]);
    for (int i = 0; i < table->input_count; i++) {
        put("  input_%d: {type: %s, optional: %s%s}\n", i, types[table->kinds[i]],
            table->is_optional[i] ? "true" : "false",
            table->kinds[i] == CHOICE ? ", choices: [word a, word b, word c, word d, word e]" : "");
    }
    units_print_date(DAY + table->parameter_from[0], dates[0]);
    units_print_date(DAY + table->parameter_from[1], dates[1]);
    put("parameters:\n  threshold:\n    - {value: %d.%d%s%s}\n    - {value: %d.%d, from: %s}\n",
        table->parameter_value[0] / 10, table->parameter_value[0] % 10,
        table->parameter_from[0] < 0 ? "" : ", from: ",
        table->parameter_from[0] < 0 ? "" : dates[0], table->parameter_value[1] / 10,
        table->parameter_value[1] % 10, dates[1]);
    put("outputs:\n  amount: {type: number%s}\n", table->has_default ? ", default: 7" : "");
    if (table->hit < RULE_HIT_SUM) {
        put("  rank: {type: text, choices: [z, x, y]%s}\n",
            table->has_default ? ", default: y" : "");
    }
    put("rules:\n");
    for (int r = 0; r < table->row_count; r++) {
        put_row(table, &table->rows[order[r]], order[r]);
    }
}

/* ---- the straightforward evaluator ---- */

enum truth { NO, UNKNOWN, YES };

struct question {
    int values[INPUTS_MAX];
    bool is_missing[INPUTS_MAX];
    int day;
};

static enum truth test_holds(const struct plain_table *table, const struct plain_test *test,
                             int value, bool is_missing, int day) {
    int low = test->low;
    bool is_known = true;
    if (test->comparison == MISSING) {
        return is_missing ? YES : NO;
    }
    if (test->is_parameter) {
        bool is_second = day >= table->parameter_from[1];
        is_known = is_second || table->parameter_from[0] < 0 || day >= table->parameter_from[0];
        low = table->parameter_value[is_second];
    }
    if (is_missing || !is_known) {
        return UNKNOWN;
    }
    bool holds[] = {value == low, value<low, value <= low, value> low, value >= low,
                    (test->low_open ? value > low : value >= low) &&
                        (test->high_open ? value < test->high : value <= test->high)};
    return holds[test->comparison] ? YES : NO;
}

static bool row_fires(const struct plain_table *table, const struct plain_row *row,
                      const struct question *question) {
    if ((row->from >= 0 && question->day < row->from) ||
        (row->to >= 0 && question->day > row->to)) {
        return false;
    }
    for (int i = 0; i < table->input_count; i++) {
        const struct plain_cell *cell = &row->cells[i];
        enum truth any = NO;
        for (int t = 0; t < cell->count; t++) {
            enum truth one = test_holds(table, &cell->tests[t], question->values[i],
                                        question->is_missing[i], question->day);
            any = one > any ? one : any;
        }
        any = cell->is_negated ? YES - any : any;
        if (cell->is_present && any != YES) {
            return false;
        }
    }
    return !row->has_condition || (!question->is_missing[0] && question->values[0] > row->limit);
}

struct answer {
    enum rule_status status;
    int fired[ROWS_MAX], fired_count;
    bool has_outputs;
    int amount, rank;
};

/* z before x before y. */
static int priority_of(const struct plain_row *row) {
    return row->rank == 2 ? 0 : row->rank + 1;
}

static void sort_by_priority(const struct plain_table *table, struct answer *answer) {
    for (int i = 1; i < answer->fired_count; i++) {
        int row = answer->fired[i], at = i;
        for (; at > 0 &&
               priority_of(&table->rows[row]) < priority_of(&table->rows[answer->fired[at - 1]]);
             at--) {
            answer->fired[at] = answer->fired[at - 1];
        }
        answer->fired[at] = row;
    }
}

static void aggregate(const struct plain_table *table, struct answer *answer) {
    for (int i = 1; i < answer->fired_count; i++) {
        int amount = table->rows[answer->fired[i]].amount;
        if (table->hit == RULE_HIT_SUM) {
            answer->amount += amount;
        } else if ((table->hit == RULE_HIT_MIN && amount < answer->amount) ||
                   (table->hit == RULE_HIT_MAX && amount > answer->amount)) {
            answer->amount = amount;
        }
    }
}

static void conclude(const struct plain_table *table, struct answer *answer) {
    const struct plain_row *first = &table->rows[answer->fired[0]];
    answer->status = RULE_FIRED;
    answer->has_outputs = true;
    answer->amount = first->amount;
    answer->rank = first->rank;
    aggregate(table, answer);
    for (int i = 1; i < answer->fired_count; i++) {
        const struct plain_row *row = &table->rows[answer->fired[i]];
        bool differs = row->amount != first->amount || row->rank != first->rank;
        if (table->hit == RULE_HIT_UNIQUE || (table->hit == RULE_HIT_ANY && differs)) {
            answer->status = RULE_CONFLICT;
            answer->has_outputs = false;
        }
    }
}

static void answer_plainly(const struct plain_table *table, const struct question *question,
                           struct answer *answer) {
    answer->fired_count = 0;
    for (int i = 0; i < table->input_count; i++) {
        if (question->is_missing[i] && !table->is_optional[i]) {
            answer->status = RULE_REFUSED;
            answer->has_outputs = false;
            return;
        }
    }
    for (int r = 0; r < table->row_count; r++) {
        if (row_fires(table, &table->rows[r], question)) {
            answer->fired[answer->fired_count++] = r;
        }
    }
    if (table->hit == RULE_HIT_PRIORITY || table->hit == RULE_HIT_OUTPUT_ORDER) {
        sort_by_priority(table, answer);
    }
    if ((table->hit == RULE_HIT_PRIORITY || table->hit == RULE_HIT_FIRST) &&
        answer->fired_count > 1) {
        answer->fired_count = 1;
    }
    if (answer->fired_count > 0) {
        conclude(table, answer);
    } else {
        answer->status = table->has_default ? RULE_DEFAULT : RULE_NONE;
        answer->has_outputs = table->has_default;
        answer->amount = 7;
        answer->rank = 1;
    }
    if (table->hit == RULE_HIT_COUNT) {
        answer->status = answer->fired_count > 0 ? RULE_FIRED : RULE_NONE;
        answer->has_outputs = true;
        answer->amount = answer->fired_count;
    }
}

/* ---- both held against each other ---- */

static void draw_question(const struct plain_table *table, struct question *question) {
    question->day = pick(DAYS + 10) - 5;
    for (int i = 0; i < table->input_count; i++) {
        question->is_missing[i] = pick(6) == 0 && (table->is_optional[i] || pick(8) == 0);
        question->values[i] = draw_value(table->kinds[i]);
        if (table->kinds[i] == TEXT && pick(5) == 0) {
            question->values[i] = OTHER;
        }
    }
}

/* Decimals of other scales mean the same. */
static struct value value_of(const struct rule *rule, enum kind kind, int value) {
    char text[8] = "word ?";
    int64_t powers[] = {1, 10, 100, 100000, 1000000000000};
    int32_t scales[] = {1, 2, 3, 6, 13};
    int scale = pick(5);
    switch (kind) {
    case NUMBER:
    case INTEGER:
        return kind == INTEGER && pick(2) == 0
                   ? (struct value){.type = VALUE_DECIMAL, .decimal = {value / 10, 0}}
                   : (struct value){.type = VALUE_DECIMAL,
                                    .decimal = {value * powers[scale], scales[scale]}};
    case BOOLEAN:
        return (struct value){.type = VALUE_BOOLEAN, .boolean = value != 0};
    case DATE:
        return (struct value){.type = VALUE_DATE, .date_day = DAY + value};
    default:
        text[5] = (char)('a' + value);
        return rule_symbol(rule, text);
    }
}

static int whole(struct value value) {
    return value.type == VALUE_DECIMAL && value.decimal.scale == 0 ? (int)value.decimal.coefficient
                                                                   : -1;
}

/* The number behind a rule's name, as its index depends on the order of the rules. */
static int number_of(const struct rule *rule, unsigned index) {
    return atoi(rule_name_of(rule, index) + strlen("rule_"));
}

static bool same_fired(const struct rule *rule, const struct answer *answer,
                       const struct rule_result *result, bool in_order) {
    bool is_same = (unsigned)answer->fired_count == result->fired_count;
    for (unsigned i = 0; is_same && i < result->fired_count; i++) {
        bool found = false;
        for (unsigned k = 0; k < result->fired_count; k++) {
            found = found || ((!in_order || k == i) &&
                              answer->fired[k] == number_of(rule, result->fired[i]));
        }
        is_same = found;
    }
    return is_same;
}

static bool same_outputs(const struct plain_table *table, const struct rule *rule,
                         const struct answer *answer, const struct rule_result *result,
                         bool in_order) {
    char rank[2] = {(char)('x' + answer->rank), '\0'};
    if (!answer->has_outputs) {
        return result->outputs[0].type == VALUE_MISSING;
    }
    bool has_rank = table->hit < RULE_HIT_SUM;
    /* Out of order, priority settles the rank alone. */
    bool has_amount = in_order || table->hit != RULE_HIT_PRIORITY;
    return (!has_amount || whole(result->outputs[0]) == answer->amount) &&
           (!has_rank || result->outputs[1].symbol == rule_symbol(rule, rank).symbol);
}

static bool agrees(const struct plain_table *table, const struct rule *rule,
                   const struct question *question, bool in_order) {
    struct value values[INPUTS_MAX];
    struct answer answer;
    static struct rule_result result;
    for (int i = 0; i < table->input_count; i++) {
        values[i] = question->is_missing[i] ? (struct value){.type = VALUE_MISSING}
                                            : value_of(rule, table->kinds[i], question->values[i]);
    }
    answer_plainly(table, question, &answer);
    rule_evaluate(rule, values, DAY + question->day, &result);
    bool one_by_priority = !in_order && table->hit == RULE_HIT_PRIORITY;
    return result.status == answer.status && result.cost <= rule_cost(rule) &&
           (one_by_priority || same_fired(rule, &answer, &result, in_order)) &&
           same_outputs(table, rule, &answer, &result, in_order);
}

static bool depends_on_order(enum rule_hit hit) {
    return hit == RULE_HIT_FIRST || hit == RULE_HIT_RULE_ORDER || hit == RULE_HIT_OUTPUT_ORDER ||
           hit == RULE_HIT_COLLECT;
}

static const struct rule *compile(const struct plain_table *table, const int *order,
                                  struct arena *arena) {
    struct error err = ERROR_INIT;
    write_page(table, order);
    const struct rule *rule = rule_compile_text("random.yml", page, used, arena, &err);
    if (rule == NULL) {
        char text[2000];
        error_print(&err, text, sizeof text);
        CHECK_TEXT(text, "");
        printf("%s", page);
    }
    return rule;
}

static void shuffle(int *order, int count) {
    for (int i = count - 1; i > 0; i--) {
        int other = pick(i + 1), kept = order[i];
        order[i] = order[other];
        order[other] = kept;
    }
}

static unsigned statuses[RULE_NOT_IN_FORCE + 1], asked;

static void test_table(void) {
    static struct plain_table table;
    struct arena arena = ARENA_INIT;
    int order[ROWS_MAX];
    draw_table(&table);
    for (int r = 0; r < table.row_count; r++) {
        order[r] = r;
    }
    const struct rule *rule = compile(&table, order, &arena);
    shuffle(order, table.row_count);
    const struct rule *shuffled =
        depends_on_order(table.hit) ? rule : compile(&table, order, &arena);
    for (int q = 0; q < QUESTIONS && rule != NULL && shuffled != NULL; q++) {
        struct question question;
        struct answer answer;
        draw_question(&table, &question);
        answer_plainly(&table, &question, &answer);
        statuses[answer.status]++;
        asked++;
        bool is_right = agrees(&table, rule, &question, true) &&
                        (shuffled == rule || agrees(&table, shuffled, &question, false));
        CHECK(is_right);
        if (!is_right) {
            printf("day %d of\n%s", question.day, page);
            exit(1);
        }
    }
    arena_free(&arena);
}

int main(void) {
    for (int i = 0; i < TABLES; i++) {
        test_table();
    }
    CHECK_INT(asked, TABLES * QUESTIONS);
    /* Every answer was met often. */
    for (int i = RULE_FIRED; i <= RULE_REFUSED; i++) {
        CHECK(statuses[i] > 1000);
    }
    return test_summary();
}

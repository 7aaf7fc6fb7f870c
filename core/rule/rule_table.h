/* SPDX-License-Identifier: GPL-3.0-or-later
 * rule_table.h - the inside of a decision table, for the files rule_*.c only.
 *
 *     YAML -> rule_read (inputs, parameters, outputs, rows) -> rule_cell (tests) -> rule_epoch
 *
 * Every value of an input is a whole number on a line, its key: a decimal in units of 1e-18 (so
 * that nothing lies between two keys), a date in days, a symbol by its index, false 0 and true 1.
 * What a cell accepts is a set of closed intervals of keys, and whether a missing value meets it.
 *
 * Within an epoch, the time between two dates at which a rule or a parameter changes, all cells of
 * one input cut its line into segments; each has a mask of the rows whose cell it meets:
 *
 *     starts      a        b           c            sorted keys; segment s holds what is at least
 *     segment  0  |   1    |     2     |  3         starts[s - 1] and below starts[s]
 *     masks    m0    m1         m2       m3    mm   mm is that of a missing value
 *
 * Evaluation finds one mask an input and joins them. Bit b of a mask is row order[b]: the rows in
 * the order in which the hit policy wants them. */
#ifndef CORE_RULE_RULE_TABLE_H
#define CORE_RULE_RULE_TABLE_H

#include "core/base/units.h"
#include "core/base/wide.h"
#include "core/rule/rule.h"

enum {
    RULE_TESTS_MAX = 1024, /* of one cell */
    RULE_CHOICES_MAX = 256,
    RULE_VALUES_MAX = 256,                  /* dated values of one parameter */
    RULE_MASKS_SIZE_MAX = 64 * 1024 * 1024, /* bytes of all masks */
    RULE_WORDS_MAX = RULE_RULES_MAX / 64,
    RULE_NAMES_MAX = RULE_INPUTS_MAX + RULE_PARAMETERS_MAX + RULE_OUTPUTS_MAX,
};

/* Beyond the key of every value: 2^63 * 10^18 is below 2^123. */
#define RULE_KEY_MAX ((int128)1 << 125)
#define RULE_KEY_ONE ((int128)1000000000000000000) /* of the number 1 */

/* First and last days for what has no date. */
#define RULE_DAY_MIN INT64_MIN
#define RULE_DAY_MAX INT64_MAX

struct rule_interval {
    int128 low, high; /* both included */
};

struct rule_set {
    struct rule_interval *intervals; /* ascending, apart by at least one key */
    unsigned count;
    bool has_missing;
};

struct rule_bound {
    const struct expression *expression; /* over parameters; NULL for a plain value */
    struct value value;
};

enum rule_test_kind { RULE_TEST_ANY, RULE_TEST_MISSING, RULE_TEST_RANGE, RULE_TEST_NOT };

struct rule_test {
    enum rule_test_kind kind;
    bool has_low, has_high, low_open, high_open;
    struct rule_bound low, high;
    const struct rule_test *tests; /* of a negation */
    unsigned test_count;
};

struct rule_cell {
    const struct node *node;
    const struct rule_test *tests;
    unsigned test_count;
};

struct rule_input {
    bool is_optional, is_integer;
    struct rule_set domain;
    const struct node *node;
};

struct rule_parameter {
    const struct node *node;
    const int64_t *first_days; /* ascending */
    const struct value *values;
    unsigned count;
};

/* What a row puts into an output. */
struct rule_entry {
    const struct expression *expression; /* NULL for a plain value */
    struct value value;
    const struct node *node; /* NULL where nothing is said */
};

struct rule_row {
    const char *name, *reference;
    const struct node *node;
    int64_t first_day, last_day;
    const struct rule_cell *const *cells; /* one an input; NULL: anything */
    const struct expression *provided;    /* NULL for none */
    const struct rule_entry *entries;     /* one an output */
};

/* Where all starts and the value fit 64 bits in units of 10^-short_scale, the search goes over
 * short_starts, each rounded up to such a unit: a whole number of units is at least the one just
 * when it is at least the other. */
struct rule_axis {
    enum value_type type;
    bool is_optional, is_integer;
    bool has_short_starts;
    int32_t short_scale; /* 0 for what is no decimal */
    unsigned start_count;
    unsigned cost;
    const int64_t *short_starts;
    const uint32_t *symbol_segments; /* of a text: one a symbol, and one for any that came later */
    uint32_t symbol_count;
    const uint64_t *masks;     /* words a segment, and for a missing value at the end */
    const uint8_t *is_outside; /* one a segment: not in the input's domain */
    const int128 *starts;
};

struct rule_epoch {
    int64_t first_day;
    const struct value *parameters;
    const struct rule_axis *axes;
    const uint64_t *active; /* rows that are in force */
    unsigned cost;          /* of all look-ups */
};

struct rule {
    const char *name, *reference, *currency;
    const struct node *file;
    struct arena *arena;
    struct error *err; /* while it is compiled */
    int64_t first_day, last_day;
    enum rule_hit hit;
    bool is_complete; /* that nothing fires is a finding */
    struct expression_names names;
    struct expression_input *all_names; /* inputs, parameters, outputs */
    unsigned cell_names;                /* those that cells know: none before all are read */
    unsigned input_count, parameter_count, output_count, row_count, epoch_count, word_count;
    struct rule_input *inputs;
    struct rule_parameter *parameters;
    struct rule_output *outputs;
    struct rule_row *rows;
    const uint16_t *order; /* row of each bit */
    const struct rule_epoch *epochs;
    uint32_t other_symbol; /* stands for every text that no cell mentions */
    unsigned cost;
};

/* The key of a value that is not missing. */
int128 rule_key(const struct value *value);

/* Whether a decimal is a whole number. */
bool rule_is_whole(struct decimal decimal);

/* ---- rule_set.c: intervals of keys ---- */

struct rule_set rule_set_all(struct arena *arena);
struct rule_set rule_set_complement(struct rule_set set, struct arena *arena);
/* Sorts and joins what touches; takes the intervals as they are. */
struct rule_set rule_set_join(struct rule_interval *intervals, unsigned count);
bool rule_set_contains(const struct rule_set *set, int128 key);

/* ---- rule_cell.c: the tests of a cell ---- */

/* A cell of row `row` for input `input`. NULL and an error. */
const struct rule_cell *rule_cell_read(struct rule *rule, unsigned input, const struct node *node);

/* What meets it, given the values of the parameters. */
struct rule_set rule_cell_set(const struct rule *rule, const struct rule_cell *cell,
                              const struct value *parameters, struct arena *arena);

/* ---- rule_text.c: texts of a page ---- */

/* Compiles a text that stands at `offset` in the scalar `node` for something of that name (an
 * index of all_names, whose type and dimension it must have), with so many names known. */
const struct expression *rule_text_compile(struct rule *rule, const struct node *node,
                                           const char *text, size_t offset, unsigned name,
                                           unsigned known);

/* Compiles a condition over inputs and parameters. */
const struct expression *rule_text_condition(struct rule *rule, const struct node *node);

/* An error at `offset` of a scalar. Returns -1. */
int rule_text_error(struct rule *rule, const struct node *node, size_t offset, const char *format,
                    ...) __attribute__((format(printf, 4, 5)));

/* "; did you mean 'red'?", else "; KNOWN green, yellow, red", in the rule's arena. */
const char *rule_text_hint(struct rule *rule, const char *wrong, const char *known,
                           const char *const *names, unsigned count);

/* Whether it is a name that expressions can use. */
bool rule_text_is_name(const char *text);

/* Refuses keys that are not in the list `keys` (NULL ends). 0, or -1 and an error. */
int rule_text_check_keys(struct rule *rule, const struct node *mapping, const char *const *keys);

/* The scalar under a key, NULL where there is none; an error when it is no scalar. */
const struct node *rule_text_scalar(struct rule *rule, const struct node *mapping, const char *key);

/* A date under a key; *day stays as it is where there is none. */
int rule_text_date(struct rule *rule, const struct node *mapping, const char *key, int64_t *day);

/* A value for output or input number `name` of all_names as a plain value (no names). */
int rule_text_value(struct rule *rule, const struct node *node, unsigned name, struct value *value);

/* ---- stages of rule_compile ---- */

int rule_read(struct rule *rule);
int rule_read_rows(struct rule *rule);

/* Whether the hit policy prefers row a to row b. */
bool rule_row_is_before(const struct rule *rule, unsigned a, unsigned b);

int rule_epoch_make(struct rule *rule);

/* Days at which something changes, ascending, beginning with RULE_DAY_MIN; -1 and an error when
 * there are more than RULE_EPOCHS_MAX. */
int rule_epoch_days(struct rule *rule, int64_t days[RULE_EPOCHS_MAX]);

/* ---- rule_evaluate.c ---- */

/* The epoch of a day, and the segment of a value in an axis (start_count + 1 for missing). */
const struct rule_epoch *rule_epoch_of(const struct rule *rule, int64_t day);
unsigned rule_axis_segment(const struct rule_axis *axis, int128 key);

#endif

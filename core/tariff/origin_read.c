/* SPDX-License-Identifier: GPL-3.0-or-later
 * origin_read.c - tables of rules and the section `origin` become schemes, sets and rules.
 *
 * First all rows are gathered in the order of the files, then rows that go on with the sentence of
 * the row before are joined to it, then neighbours make sets, and sets are sorted into the search
 * trees of their schemes. Equal texts are read once. */
#include "core/base/csv.h"
#include "core/base/require.h"
#include "core/tariff/entry.h"
#include "core/tariff/origin_yaml.h"

#include <stdlib.h>
#include <string.h>

enum { ROWS_MAX = 1000000 };

static const char SCHEME_KEYS[] = "title|table|parties|partners|tolerance|rules";

struct row {
    const char *scheme, *heading, *subdivision;
    struct origin_range range;
    struct origin_rule rule;
    bool is_fixed; /* its test was written as such, not as a text */
};

/* A text that has been read. */
struct known {
    const char *text, *classes;
    const struct origin_test *test;
};

struct draft {
    struct arena *arena;
    struct arena *scratch; /* for what is needed while reading */
    struct error *err;
    struct row *rows;
    size_t row_count, row_capacity;
    struct known *known; /* a hash table */
    size_t known_mask;
};

static struct row *row_add(struct draft *draft) {
    draft->rows = arena_grow(draft->scratch, draft->rows, draft->row_count, &draft->row_capacity,
                             sizeof *draft->rows);
    return &draft->rows[draft->row_count++];
}

/* --- tables --- */

enum column {
    COLUMN_SCHEME,
    COLUMN_HEADING,
    COLUMN_MIN,
    COLUMN_MAX,
    COLUMN_SUBDIVISION,
    COLUMN_CLASSES,
    COLUMN_OPERATOR,
    COLUMN_QUOTA,
    COLUMN_IMPORT,
    COLUMN_EXPORT,
    COLUMN_TEXT,
    COLUMN_COUNT
};

static const char *const column_names[COLUMN_COUNT] = {
    "scheme_code", "heading", "min_code", "max_code", "subdivision", "rule_classes",
    "operator",    "quota",   "import",   "export",   "rule_text"};

static int read_header(struct csv *csv, unsigned columns[COLUMN_COUNT], struct error *err) {
    int status = csv_next(csv, err);
    if (status <= 0) {
        return status < 0 ? -1 : csv_error(csv, 0, err, "the table has no header");
    }
    for (unsigned i = 0; i < COLUMN_COUNT; i++) {
        int found = csv_find(csv, column_names[i]);
        if (found < 0) {
            return csv_error(csv, 0, err, "the column '%s' is missing", column_names[i]);
        }
        columns[i] = (unsigned)found;
    }
    return 0;
}

static int read_code(const struct csv *csv, unsigned field, uint64_t *code, struct error *err) {
    const char *text = csv->fields[field];
    if (strlen(text) != 10 || strspn(text, "0123456789") != 10) {
        return csv_error(csv, field, err, "'%.40s' is no code of ten digits", text);
    }
    *code = strtoull(text, NULL, 10);
    return 0;
}

static int read_flag(const struct csv *csv, unsigned field, bool *flag, struct error *err) {
    const char *text = csv->fields[field];
    if (strcmp(text, "0") != 0 && strcmp(text, "1") != 0) {
        return csv_error(csv, field, err, "expected 0 or 1, got '%.40s'", text);
    }
    *flag = text[0] == '1';
    return 0;
}

static int read_row(struct draft *draft, const struct csv *csv,
                    const unsigned columns[COLUMN_COUNT]) {
    struct row row = {.scheme = csv->fields[columns[COLUMN_SCHEME]],
                      .heading = csv->fields[columns[COLUMN_HEADING]],
                      .subdivision = csv->fields[columns[COLUMN_SUBDIVISION]],
                      .rule = {.classes = csv->fields[columns[COLUMN_CLASSES]],
                               .text = csv->fields[columns[COLUMN_TEXT]],
                               .line = csv->row_line}};
    const char *joined_by = csv->fields[columns[COLUMN_OPERATOR]];
    struct error *err = draft->err;
    if (row.scheme[0] == '\0') {
        return csv_error(csv, columns[COLUMN_SCHEME], err, "the scheme has no name");
    }
    if (strcmp(joined_by, "or") != 0 && joined_by[0] != '\0') {
        return csv_error(csv, columns[COLUMN_OPERATOR], err,
                         "expected 'or' or nothing, got '%.40s'", joined_by);
    }
    row.rule.is_alternative = joined_by[0] != '\0';
    if (read_code(csv, columns[COLUMN_MIN], &row.range.low, err) < 0 ||
        read_code(csv, columns[COLUMN_MAX], &row.range.high, err) < 0 ||
        read_flag(csv, columns[COLUMN_QUOTA], &row.rule.is_quota, err) < 0 ||
        read_flag(csv, columns[COLUMN_IMPORT], &row.rule.on_import, err) < 0 ||
        read_flag(csv, columns[COLUMN_EXPORT], &row.rule.on_export, err) < 0) {
        return -1;
    }
    if (row.range.high < row.range.low) {
        return csv_error(csv, columns[COLUMN_MAX], err, "the last code is below the first");
    }
    *row_add(draft) = row;
    return 0;
}

static int read_table(struct draft *draft, const struct origin_table *table) {
    struct csv csv;
    unsigned columns[COLUMN_COUNT];
    csv_init(&csv, table->name, table->text, ',');
    if (read_header(&csv, columns, draft->err) < 0) {
        return -1;
    }
    unsigned width = csv.count;
    int status;
    while ((status = csv_next(&csv, draft->err)) == 1) {
        if (csv.count != width) {
            return csv_error(&csv, csv.count, draft->err, "the row has %u fields, the header %u",
                             csv.count, width);
        }
        if (draft->row_count >= ROWS_MAX) {
            return csv_error(&csv, 0, draft->err, "more than %d rules", ROWS_MAX);
        }
        if (read_row(draft, &csv, columns) < 0) {
            return -1;
        }
    }
    return status;
}

/* --- the section --- */

static int read_rule(struct draft *draft, const struct node *scheme, const struct node *node) {
    const struct node *codes, *rule, *goods = node_get(node, "goods");
    struct row row = {
        .scheme = scheme->key,
        .subdivision = "",
        .is_fixed = true,
        .rule = {
            .classes = "", .text = "", .on_import = true, .on_export = true, .line = node->line}};
    if (entry_keys(node, "codes|goods|rule", "a rule of origin", draft->err) < 0 ||
        (codes = entry_need(node, "codes", draft->err)) == NULL ||
        (rule = entry_need(node, "rule", draft->err)) == NULL ||
        origin_yaml_range(codes, &row.range, draft->err) < 0 ||
        (goods != NULL && entry_text(goods, &row.subdivision, draft->err) < 0)) {
        return -1;
    }
    row.heading = codes->text;
    row.rule.test = origin_yaml_test(rule, draft->arena, draft->err);
    if (row.rule.test == NULL) {
        return -1;
    }
    *row_add(draft) = row;
    return 0;
}

static int read_list(const struct node *node, struct arena *arena, unsigned *count,
                     const char *const **names, struct error *err) {
    if (node == NULL) {
        return 0;
    }
    if (node->kind != NODE_SEQUENCE) {
        return node_error(node, err, "expected a list of areas");
    }
    const char **items = ARENA_ARRAY(arena, const char *, node->count);
    for (const struct node *item = node->first; item != NULL; item = item->next) {
        if (entry_text(item, &items[*count], err) < 0) {
            return -1;
        }
        ++*count;
    }
    *names = items;
    return 0;
}

static int read_tolerances(const struct node *node, struct arena *arena,
                           struct origin_scheme *scheme, struct error *err) {
    if (node == NULL) {
        return 0;
    }
    if (node->kind != NODE_SEQUENCE) {
        return node_error(node, err,
                          "expected a list of {codes: \"01-24\", share: 15 %%, of: "
                          "weight}");
    }
    struct origin_tolerance *items = ARENA_ARRAY(arena, struct origin_tolerance, node->count);
    for (const struct node *item = node->first; item != NULL; item = item->next) {
        struct origin_tolerance *tolerance = &items[scheme->tolerance_count++];
        const struct node *codes, *share, *of = node_get(item, "of");
        int by_weight = 0;
        if (entry_keys(item, "codes|share|of", "a tolerance", err) < 0 ||
            (codes = entry_need(item, "codes", err)) == NULL ||
            (share = entry_need(item, "share", err)) == NULL ||
            origin_yaml_range(codes, &tolerance->goods, err) < 0 ||
            entry_share(share, 100, &tolerance->share, err) < 0 ||
            (of != NULL && entry_choice(of, "ex_works|weight", &by_weight, err) < 0)) {
            return -1;
        }
        tolerance->by_weight = by_weight == 1;
    }
    scheme->tolerances = items;
    return 0;
}

static int read_scheme(const struct node *node, struct arena *arena, struct origin_scheme *scheme,
                       struct error *err) {
    const struct node *title = node_get(node, "title"), *table = node_get(node, "table");
    const char *name;
    if (table != NULL && entry_text(table, &name, err) < 0) {
        return -1;
    }
    if (title != NULL && entry_text(title, &scheme->title, err) < 0) {
        return -1;
    }
    if (read_list(node_get(node, "parties"), arena, &scheme->party_count, &scheme->parties, err) <
            0 ||
        read_list(node_get(node, "partners"), arena, &scheme->partner_count, &scheme->partners,
                  err) < 0) {
        return -1;
    }
    return read_tolerances(node_get(node, "tolerance"), arena, scheme, err);
}

static int read_rules(struct draft *draft, const struct node *schemes) {
    if (schemes != NULL && schemes->kind != NODE_MAPPING) {
        return node_error(schemes, draft->err, "expected a mapping of names of schemes");
    }
    for (const struct node *node = schemes != NULL ? schemes->first : NULL; node != NULL;
         node = node->next) {
        if (entry_keys(node, SCHEME_KEYS, "a scheme", draft->err) < 0) {
            return -1;
        }
        const struct node *rules = node_get(node, "rules");
        if (rules != NULL && rules->kind != NODE_SEQUENCE) {
            return node_error(rules, draft->err, "expected a list of rules");
        }
        for (const struct node *rule = rules != NULL ? rules->first : NULL; rule != NULL;
             rule = rule->next) {
            if (read_rule(draft, node, rule) < 0) {
                return -1;
            }
        }
    }
    return 0;
}

/* --- joining and reading texts --- */

static bool is_same_set(const struct row *a, const struct row *b) {
    return a->range.low == b->range.low && a->range.high == b->range.high &&
           strcmp(a->scheme, b->scheme) == 0 && strcmp(a->heading, b->heading) == 0 &&
           strcmp(a->subdivision, b->subdivision) == 0;
}

/* Whether the row is no rule of its own but goes on with the one before. */
static bool is_continued(const struct row *row) {
    static const char *const begins[] = {
        "-",     "However", "However,", "However:", "Followed",
        "Note:", "None",    "For",      "Any",      "Non-originating"};
    const char *text = row->rule.text;
    size_t length = strcspn(text, " ");
    for (unsigned i = 0; i < sizeof begins / sizeof begins[0]; i++) {
        if (strlen(begins[i]) == length && memcmp(begins[i], text, length) == 0) {
            return true;
        }
    }
    return !row->rule.is_alternative && text[0] >= 'a' && text[0] <= 'z';
}

static void join_rows(struct draft *draft) {
    size_t kept = 0;
    for (size_t i = 0; i < draft->row_count; i++) {
        const struct row *row = &draft->rows[i];
        struct row *before = kept > 0 ? &draft->rows[kept - 1] : NULL;
        if (before != NULL && !row->is_fixed && !before->is_fixed && is_same_set(before, row) &&
            is_continued(row)) {
            before->rule.text =
                arena_format(draft->arena, "%s %s", before->rule.text, row->rule.text);
            before->rule.is_quota = before->rule.is_quota || row->rule.is_quota;
        } else {
            draft->rows[kept++] = *row;
        }
    }
    draft->row_count = kept;
}

static uint64_t hash_text(const char *text, uint64_t hash) { /* FNV-1a */
    for (; *text != '\0'; text++) {
        hash = (hash ^ (unsigned char)*text) * 0x100000001b3u;
    }
    return hash;
}

/* The test of a text; one that its classes contradict is for a human. */
static const struct origin_test *intern(struct draft *draft, const char *text,
                                        const char *classes) {
    uint64_t hash = hash_text(classes, hash_text(text, 0xcbf29ce484222325u));
    size_t at = (size_t)(hash ^ hash >> 29) & draft->known_mask;
    while (draft->known[at].test != NULL) {
        if (strcmp(draft->known[at].text, text) == 0 &&
            strcmp(draft->known[at].classes, classes) == 0) {
            return draft->known[at].test;
        }
        at = (at + 1) & draft->known_mask;
    }
    const struct origin_test *test = origin_text_read(text, draft->arena);
    if (!origin_text_agrees(test, classes)) {
        struct origin_test *human = ARENA_NEW(draft->arena, struct origin_test);
        human->kind = ORIGIN_TEST_HUMAN;
        human->words = arena_format(
            draft->arena, "the class %.60s is not what the rule says: %.160s", classes, text);
        test = human;
    }
    draft->known[at] = (struct known){text, classes, test};
    return test;
}

static void read_texts(struct draft *draft) {
    size_t size = 64;
    while (size < 2 * draft->row_count) {
        size *= 2;
    }
    draft->known = ARENA_ARRAY(draft->scratch, struct known, size);
    draft->known_mask = size - 1;
    for (size_t i = 0; i < draft->row_count; i++) {
        struct origin_rule *rule = &draft->rows[i].rule;
        if (!draft->rows[i].is_fixed) {
            rule->test = intern(draft, rule->text, rule->classes);
        }
    }
}

/* --- sets and schemes --- */

/* A set with its scheme, for sorting. */
struct placed {
    struct origin_set set;
    const char *scheme;
};

static int by_scheme_and_range(const void *left, const void *right) {
    const struct placed *a = left, *b = right;
    int order = strcmp(a->scheme, b->scheme);
    if (order != 0) {
        return order;
    }
    if (a->set.low != b->set.low) {
        return a->set.low < b->set.low ? -1 : 1;
    }
    if (a->set.high != b->set.high) {
        return a->set.high > b->set.high ? -1 : 1; /* the wider first */
    }
    return (a->set.first > b->set.first) - (a->set.first < b->set.first);
}

static struct placed *place_sets(const struct draft *draft, struct origin *origin) {
    struct placed *placed = ARENA_ARRAY(draft->scratch, struct placed, draft->row_count + 1);
    origin->rules = ARENA_ARRAY(draft->arena, struct origin_rule, draft->row_count + 1);
    for (size_t i = 0; i < draft->row_count; i++) {
        const struct row *row = &draft->rows[i];
        origin->rules[i] = row->rule;
        bool is_joined = i > 0 && !row->is_fixed && !row[-1].is_fixed && is_same_set(&row[-1], row);
        if (!is_joined) {
            placed[origin->set_count++] = (struct placed){.scheme = row->scheme,
                                                          .set = {.low = row->range.low,
                                                                  .high = row->range.high,
                                                                  .heading = row->heading,
                                                                  .subdivision = row->subdivision,
                                                                  .first = (unsigned)i}};
        }
        placed[origin->set_count - 1].set.count++;
    }
    origin->rule_count = (unsigned)draft->row_count;
    qsort(placed, origin->set_count, sizeof *placed, by_scheme_and_range);
    return placed;
}

/* Fills `reach` in and returns it; the tree is that of origin_sets. */
static uint64_t fill_reach(struct origin_set *sets, unsigned low, unsigned high) {
    if (low >= high) {
        return 0;
    }
    unsigned middle = low + (high - low) / 2;
    uint64_t left = fill_reach(sets, low, middle), right = fill_reach(sets, middle + 1, high);
    uint64_t reach = sets[middle].high;
    reach = left > reach ? left : reach;
    sets[middle].reach = right > reach ? right : reach;
    return sets[middle].reach;
}

static int by_code(const void *left, const void *right) {
    return strcmp(((const struct origin_scheme *)left)->code,
                  ((const struct origin_scheme *)right)->code);
}

/* Schemes of the tables and those that the section adds, sorted by code. */
static int make_schemes(const struct draft *draft, const struct node *schemes,
                        const struct placed *placed, struct origin *origin) {
    unsigned extra = schemes != NULL ? schemes->count : 0, own = 0;
    for (unsigned i = 0; i < origin->set_count; i++) {
        own += i == 0 || strcmp(placed[i - 1].scheme, placed[i].scheme) != 0;
    }
    origin->sets = ARENA_ARRAY(draft->arena, struct origin_set, origin->set_count + 1);
    origin->schemes = ARENA_ARRAY(draft->arena, struct origin_scheme, own + extra + 1);
    for (unsigned i = 0; i < origin->set_count; i++) {
        struct origin_scheme *scheme = &origin->schemes[origin->scheme_count];
        if (i == 0 || strcmp(placed[i - 1].scheme, placed[i].scheme) != 0) {
            *scheme = (struct origin_scheme){.code = placed[i].scheme, .title = placed[i].scheme};
            scheme->set_first = i;
            origin->scheme_count++;
        }
        origin->schemes[origin->scheme_count - 1].set_count++;
        origin->sets[i] = placed[i].set;
    }
    for (unsigned i = 0; i < origin->scheme_count; i++) {
        const struct origin_scheme *scheme = &origin->schemes[i];
        fill_reach(&origin->sets[scheme->set_first], 0, scheme->set_count);
    }
    for (const struct node *node = extra > 0 ? schemes->first : NULL; node != NULL;
         node = node->next) {
        int found = origin_find(origin, node->key);
        if (found < 0) {
            origin->schemes[origin->scheme_count++] =
                (struct origin_scheme){.code = node->key, .title = node->key};
            qsort(origin->schemes, origin->scheme_count, sizeof *origin->schemes, by_code);
            found = origin_find(origin, node->key);
        }
        if (read_scheme(node, draft->arena, &origin->schemes[found], draft->err) < 0) {
            return -1;
        }
    }
    return 0;
}

static int read_all(struct draft *draft, const struct node *schemes,
                    const struct origin_table *tables, unsigned table_count,
                    struct origin *origin) {
    for (unsigned i = 0; i < table_count; i++) {
        if (read_table(draft, &tables[i]) < 0) {
            return -1;
        }
    }
    if (read_rules(draft, schemes) < 0) {
        return -1;
    }
    join_rows(draft);
    read_texts(draft);
    const struct placed *placed = place_sets(draft, origin);
    return make_schemes(draft, schemes, placed, origin);
}

int origin_read(const struct node *schemes, const struct origin_table *tables, unsigned table_count,
                struct arena *arena, struct origin *origin, struct error *err) {
    struct arena scratch = ARENA_INIT;
    struct draft draft = {.arena = arena, .scratch = &scratch, .err = err};
    struct origin result = {0};
    int status = read_all(&draft, schemes, tables, table_count, &result);
    arena_free(&scratch);
    if (status == 0) {
        *origin = result;
    }
    return status;
}

unsigned origin_table_names(const struct node *schemes, const char **names, unsigned max) {
    unsigned count = 0;
    for (const struct node *node = schemes != NULL ? schemes->first : NULL; node != NULL;
         node = node->next) {
        const struct node *table = node_get(node, "table");
        bool is_new = table != NULL && table->kind == NODE_SCALAR && count < max;
        for (unsigned i = 0; i < count && is_new; i++) {
            is_new = strcmp(names[i], table->text) != 0;
        }
        if (is_new) {
            names[count++] = table->text;
        }
    }
    return count;
}

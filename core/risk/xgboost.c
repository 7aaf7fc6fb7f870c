/* SPDX-License-Identifier: GPL-3.0-or-later
 * xgboost.c - see xgboost.h.
 *
 * A tree is a set of arrays, one entry a node: children (-1 in leaves), the column and its
 * threshold, below which a row goes left, where missing cells go, and the cover (sum of second
 * derivatives). A leaf's value stands in the place of its threshold. Numbers of the model's own are
 * texts ("5E-1", since 3.0 "[5E-1]"). */
#include "core/risk/xgboost.h"

#include "core/base/json_read.h"
#include "core/risk/forest.h"

#include <stdlib.h>
#include <string.h>

enum { TREES_MAX = 100000 };

struct reading {
    struct json_document document;
    struct arena *scratch;
    struct error *err;
    uint32_t column_count;
};

static int fail_at(const struct reading *reading, const struct json *json, const char *what,
                   const char *name) {
    return json_read_error(&reading->document, json, reading->err, "%s '%.64s'", what, name);
}

/* ---- values -------------------------------------------------------------------------------- */

/* The value of a key, which must be there and of that kind. */
static const struct json *get(const struct reading *reading, const struct json *object,
                              const char *key, enum json_kind kind) {
    const struct json *value = json_read_get(object, key);
    if (value == NULL) {
        fail_at(reading, object, "a model of XGBoost has here the key", key);
    } else if (value->kind != kind) {
        fail_at(reading, value, "a value of another kind than XGBoost writes for", key);
        value = NULL;
    }
    return value;
}

/* A number that is written as a text, with or without brackets. */
static int get_number(const struct reading *reading, const struct json *object, const char *key,
                      double least, double most, double *number) {
    const struct json *value = get(reading, object, key, JSON_TEXT);
    char *end;
    if (value == NULL) {
        return -1;
    }
    const char *text = value->text + (value->text[0] == '[');
    *number = strtod(text, &end);
    if (end == text || (*end != '\0' && strcmp(end, "]") != 0) ||
        !(*number >= least && *number <= most)) {
        return fail_at(reading, value, "no number that XGBoost could have written for", key);
    }
    return 0;
}

/* An array of `count` numbers. */
static const double *get_numbers(const struct reading *reading, const struct json *object,
                                 const char *key, size_t count) {
    const struct json *value = get(reading, object, key, JSON_ARRAY);
    if (value == NULL) {
        return NULL;
    }
    if (value->count != count || value->numbers == NULL) {
        fail_at(reading, value, "not as many numbers as the tree has nodes in", key);
        return NULL;
    }
    return value->numbers;
}

/* Like get_numbers, of true and false or 1 and 0; both were written at different times. */
static const double *get_flags(const struct reading *reading, const struct json *object,
                               const char *key, size_t count) {
    const struct json *value = json_read_get(object, key);
    if (value == NULL || value->numbers != NULL || value->count != count) {
        return get_numbers(reading, object, key, count);
    }
    double *flags = ARENA_ARRAY(reading->scratch, double, count);
    size_t i = 0;
    for (const struct json *flag = value->first; flag != NULL; flag = flag->next) {
        if (flag->kind != JSON_BOOLEAN) {
            fail_at(reading, flag, "neither true nor false in", key);
            return NULL;
        }
        flags[i++] = flag->number;
    }
    return flags;
}

/* ---- trees --------------------------------------------------------------------------------- */

struct arrays {
    const struct json *json; /* for errors */
    uint32_t count;
    const double *left, *right, *columns, *thresholds, *missing_left, *covers;
};

static int get_arrays(const struct reading *reading, const struct json *json,
                      struct arrays *arrays) {
    const struct json *children = get(reading, json, "left_children", JSON_ARRAY);
    if (children == NULL) {
        return -1;
    }
    if (children->count == 0 || children->count > TREE_NODES_MAX) {
        return json_read_error(&reading->document, children, reading->err,
                               "a tree of %zu nodes; it has 1 to %d", children->count,
                               TREE_NODES_MAX);
    }
    size_t count = children->count;
    *arrays = (struct arrays){
        .json = json,
        .count = (uint32_t)count,
        .left = get_numbers(reading, json, "left_children", count),
        .right = get_numbers(reading, json, "right_children", count),
        .columns = get_numbers(reading, json, "split_indices", count),
        .thresholds = get_numbers(reading, json, "split_conditions", count),
        .missing_left = get_flags(reading, json, "default_left", count),
        .covers = get_numbers(reading, json, "sum_hessian", count),
    };
    if (arrays->left == NULL || arrays->right == NULL || arrays->columns == NULL ||
        arrays->thresholds == NULL || arrays->missing_left == NULL || arrays->covers == NULL) {
        return -1;
    }
    const struct json *types = json_read_get(json, "split_type");
    for (size_t i = 0; types != NULL && types->numbers != NULL && i < types->count; i++) {
        if (types->numbers[i] != 0) {
            return json_read_error(&reading->document, types, reading->err,
                                   "a split by categories; only splits by numbers are known");
        }
    }
    return 0;
}

static int fail_node(const struct reading *reading, const struct arrays *arrays, uint32_t node,
                     const char *what) {
    return json_read_error(&reading->document, arrays->json, reading->err, "node %u of the tree %s",
                           node, what);
}

/* Whether a number is a whole one of 0 .. count - 1. */
static bool is_index(double number, uint32_t count) {
    return number >= 0 && number < count && number == __builtin_floor(number);
}

/* Copies a node and all below it. Every node is copied once, so a loop has more than there are. */
static int copy_node(const struct reading *reading, const struct arrays *arrays, uint32_t from,
                     double scale, struct tree *tree, uint32_t into, uint32_t level) {
    float threshold = (float)arrays->thresholds[from];
    double cover = arrays->covers[from];
    if (!__builtin_isfinite(threshold) || !(cover >= 0 && cover <= 1e30)) {
        return fail_node(reading, arrays, from, "has a threshold or cover out of range");
    }
    tree->nodes[into].cover = (float)cover;
    if (arrays->left[from] == -1) {
        tree->nodes[into].value = (float)(scale * arrays->thresholds[from]);
        return __builtin_isfinite(tree->nodes[into].value)
                   ? 0
                   : fail_node(reading, arrays, from, "has a value out of range");
    }
    if (!is_index(arrays->left[from], arrays->count) ||
        !is_index(arrays->right[from], arrays->count) ||
        !is_index(arrays->columns[from], reading->column_count)) {
        return fail_node(reading, arrays, from, "has no such children or no such column");
    }
    if (level == TREE_DEPTH_MAX || tree->count + 2 > arrays->count) {
        return fail_node(reading, arrays, from, "is too deep, or leads back");
    }
    uint32_t left = tree_add(tree, reading->scratch), right = tree_add(tree, reading->scratch);
    struct tree_node *node = &tree->nodes[into];
    node->left = left;
    node->right = right;
    node->column = (uint32_t)arrays->columns[from];
    node->threshold = threshold;
    node->missing_left = arrays->missing_left[from] != 0;
    if (copy_node(reading, arrays, (uint32_t)arrays->left[from], scale, tree, left, level + 1) <
        0) {
        return -1;
    }
    return copy_node(reading, arrays, (uint32_t)arrays->right[from], scale, tree, right, level + 1);
}

static int read_trees(const struct reading *reading, const struct json *list, const double *weights,
                      struct tree *trees) {
    size_t i = 0;
    for (const struct json *json = list->first; json != NULL; json = json->next, i++) {
        struct arrays arrays;
        if (get_arrays(reading, json, &arrays) < 0) {
            return -1;
        }
        tree_add(&trees[i], reading->scratch);
        double weight = weights == NULL ? 1.0 : weights[i];
        if (copy_node(reading, &arrays, 0, weight, &trees[i], 0, 0) < 0) {
            return -1;
        }
    }
    return 0;
}

/* ---- the model ----------------------------------------------------------------------------- */

static int check_objective(const struct reading *reading, const struct json *learner) {
    const struct json *objective = get(reading, learner, "objective", JSON_OBJECT);
    const struct json *name = objective == NULL ? NULL : get(reading, objective, "name", JSON_TEXT);
    if (name == NULL) {
        return -1;
    }
    if (strcmp(name->text, "binary:logistic") != 0 && strcmp(name->text, "reg:logistic") != 0) {
        return fail_at(reading, name, "only models of binary:logistic come in; this one is of",
                       name->text);
    }
    return 0;
}

static int copy_names(const struct reading *reading, const struct json *learner,
                      struct arena *arena, struct learner_model *model) {
    const struct json *list = json_read_get(learner, "feature_names");
    if (list == NULL || list->count == 0) {
        return 0;
    }
    const char **names = ARENA_ARRAY(arena, const char *, reading->column_count);
    size_t i = 0;
    if (list->count != reading->column_count || list->first == NULL) {
        return fail_at(reading, list, "not as many names as there are columns in", "feature_names");
    }
    for (const struct json *name = list->first; name != NULL; name = name->next) {
        if (name->kind != JSON_TEXT) {
            return fail_at(reading, name, "no name in", "feature_names");
        }
        names[i++] = arena_text(arena, name->text, strlen(name->text));
    }
    model->names = names;
    return 0;
}

/* Finds the trees; a dart model has them one level deeper, and weights beside them. */
static int find_trees(const struct reading *reading, const struct json *learner,
                      const struct json **list, const double **weights) {
    const struct json *outer = get(reading, learner, "gradient_booster", JSON_OBJECT);
    const struct json *booster = outer;
    const struct json *name = booster == NULL ? NULL : get(reading, booster, "name", JSON_TEXT);
    const struct json *drops = NULL;
    if (name == NULL) {
        return -1;
    }
    if (strcmp(name->text, "dart") == 0) {
        drops = get(reading, booster, "weight_drop", JSON_ARRAY);
        booster = drops == NULL ? NULL : get(reading, booster, "gbtree", JSON_OBJECT);
    } else if (strcmp(name->text, "gbtree") != 0) {
        return fail_at(reading, name, "a booster without trees:", name->text);
    }
    const struct json *model = booster == NULL ? NULL : get(reading, booster, "model", JSON_OBJECT);
    *list = model == NULL ? NULL : get(reading, model, "trees", JSON_ARRAY);
    if (*list == NULL) {
        return -1;
    }
    if ((*list)->numbers != NULL || (*list)->count > TREES_MAX) {
        return fail_at(reading, *list, "no list of trees in", "trees");
    }
    *weights = NULL;
    if (drops != NULL && (*list)->count > 0) {
        *weights = get_numbers(reading, outer, "weight_drop", (*list)->count);
        return *weights == NULL ? -1 : 0;
    }
    return 0;
}

static int read_model(struct reading *reading, struct arena *arena, struct learner_model *model) {
    double base, column_count, class_count = 0.0;
    const struct json *list = NULL;
    const double *weights = NULL;
    const struct json *learner = get(reading, &reading->document.root, "learner", JSON_OBJECT);
    const struct json *numbers =
        learner == NULL ? NULL : get(reading, learner, "learner_model_param", JSON_OBJECT);
    if (numbers == NULL || check_objective(reading, learner) < 0 ||
        get_number(reading, numbers, "num_feature", 0, MATRIX_COLUMNS_MAX, &column_count) < 0 ||
        get_number(reading, numbers, "base_score", 1e-300, 1, &base) < 0 ||
        get_number(reading, numbers, "num_class", 0, 1, &class_count) < 0 ||
        find_trees(reading, learner, &list, &weights) < 0) {
        return -1;
    }
    if (base >= 1) {
        return fail_at(reading, numbers, "no probability in", "base_score");
    }
    reading->column_count = (uint32_t)column_count;
    *model = (struct learner_model){&learner_boost, reading->column_count, NULL, NULL};
    struct tree *trees = ARENA_ARRAY(reading->scratch, struct tree, list->count);
    if (copy_names(reading, learner, arena, model) < 0 ||
        read_trees(reading, list, weights, trees) < 0) {
        return -1;
    }
    struct forest *forest = ARENA_NEW(arena, struct forest);
    forest_make(forest, trees, (uint32_t)list->count, reading->column_count,
                numeric_log(base) - numeric_log1p(-base), 1.0, arena);
    model->state = forest;
    return 0;
}

int xgboost_read(const char *source, const char *text, size_t length, struct arena *arena,
                 struct learner_model *model, struct error *err) {
    struct arena scratch = ARENA_INIT;
    struct reading reading = {.scratch = &scratch, .err = err};
    int status;
    if (length > 1 && text[0] == '{' && text[1] == 'L') {
        status = error_at(err, (struct place){source, 1, 1},
                          "this is UBJSON; have XGBoost save the model under a name in .json");
    } else {
        status = json_read(&reading.document, source, text, length, &scratch, err);
        status = status < 0 ? -1 : read_model(&reading, arena, model);
    }
    arena_free(&scratch);
    return status;
}

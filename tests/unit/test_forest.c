/* SPDX-License-Identifier: GPL-3.0-or-later
 * test_forest.c - goal: a packed forest gives each row the leaves that its trees give, its Shapley
 * values are those of the definition, and a section that is no forest is refused. Method: random
 * trees, with missing cells, columns asked for again, and nodes that nothing covers; Shapley values
 * by all coalitions of features. */
#include "core/risk/forest.h"
#include "tests/test.h"

enum { COLUMNS = 5 };

static double draw(uint64_t entity, uint32_t index) {
    return random_uniform(random_key_make(20170102, 0), entity, 1, index);
}

/* Grows a random tree; `entity` keys its draws, of which node i takes those from 8 i on. */
static void grow(struct tree *tree, uint32_t at, uint32_t depth, float cover, uint64_t entity,
                 struct arena *arena) {
    tree->nodes[at].cover = cover;
    tree->nodes[at].value = (float)(2.0 * draw(entity, 8 * at) - 1.0);
    if (depth == 0 || draw(entity, 8 * at + 1) < 0.15) {
        return;
    }
    float share = (float)draw(entity, 8 * at + 2);
    share = share < 0.1f ? 0.0f : share;
    uint32_t left = tree_add(tree, arena), right = tree_add(tree, arena);
    struct tree_node *node = &tree->nodes[at];
    node->left = left;
    node->right = right;
    node->column = (uint32_t)(draw(entity, 8 * at + 3) * COLUMNS);
    node->threshold = (float)draw(entity, 8 * at + 4);
    node->missing_left = draw(entity, 8 * at + 5) < 0.5;
    grow(tree, left, depth - 1, cover * share, entity, arena);
    grow(tree, right, depth - 1, cover * (1.0f - share), entity, arena);
}

static void make_row(float row[COLUMNS], uint64_t number) {
    for (uint32_t c = 0; c < COLUMNS; c++) {
        double cell = draw(1000000 + number, c);
        row[c] = cell < 0.2 ? __builtin_nanf("") : (float)(1.25 * (cell - 0.2));
    }
}

static bool goes_left(const struct tree_node *node, const float *row) {
    float cell = row[node->column];
    return cell != cell ? node->missing_left : cell < node->threshold;
}

static double walk(const struct tree *tree, const float *row) {
    const struct tree_node *node = tree->nodes;
    while (!tree_is_leaf(node)) {
        node = &tree->nodes[goes_left(node, row) ? node->left : node->right];
    }
    return (double)node->value;
}

static void make_trees(struct tree *trees, uint32_t count, uint32_t depth, struct arena *arena) {
    for (uint32_t t = 0; t < count; t++) {
        grow(&trees[t], tree_add(&trees[t], arena), depth, 100.0f, 100 * depth + t, arena);
    }
}

/* Any number of trees, not only whole groups, and any depth. */
static void test_margins(uint32_t count, uint32_t depth) {
    struct arena arena = ARENA_INIT;
    struct tree trees[21] = {{0}};
    struct forest forest;
    double worst = 0.0;
    make_trees(trees, count, depth, &arena);
    forest_make(&forest, trees, count, COLUMNS, -0.7, 0.25, &arena);
    for (uint64_t i = 0; i < 300; i++) {
        float row[COLUMNS];
        double sum = 0.0, leaves = 0.0;
        make_row(row, i);
        for (uint32_t t = 0; t < count; t++) {
            sum += walk(&trees[t], row);
            leaves += (double)forest.values[forest_leaf(&forest, t, row)];
        }
        double off = forest_margin(&forest, row) - (-0.7 + 0.25 * sum);
        worst = off > worst ? off : -off > worst ? -off : worst;
        worst = sum - leaves > worst ? sum - leaves : worst;
    }
    CHECK_NEAR(worst, 0.0, 1e-12);
    arena_free(&arena);
}

/* What a coalition of known columns expects, the covers deciding about the others. */
static double value_of(const struct tree *tree, uint32_t at, const float *row, unsigned known) {
    const struct tree_node *node = &tree->nodes[at];
    if (tree_is_leaf(node)) {
        return (double)node->value;
    }
    if (known >> node->column & 1) {
        return value_of(tree, goes_left(node, row) ? node->left : node->right, row, known);
    }
    double left = (double)tree->nodes[node->left].cover;
    double right = (double)tree->nodes[node->right].cover;
    double share = left + right > 0 ? left / (left + right) : 0.5;
    return share * value_of(tree, node->left, row, known) +
           (1.0 - share) * value_of(tree, node->right, row, known);
}

/* Shapley (1953): the mean over the orders of all columns of what knowing the column adds. */
static double shapley(const struct tree *tree, const float *row, uint32_t column) {
    static const double factorials[] = {1, 1, 2, 6, 24, 120};
    double sum = 0.0;
    for (unsigned known = 0; known < 1u << COLUMNS; known++) {
        if (known >> column & 1) {
            continue;
        }
        int size = __builtin_popcount(known);
        double weight = factorials[size] * factorials[COLUMNS - 1 - size] / factorials[COLUMNS];
        sum +=
            weight * (value_of(tree, 0, row, known | 1u << column) - value_of(tree, 0, row, known));
    }
    return sum;
}

static void test_shapley(uint32_t depth) {
    struct arena arena = ARENA_INIT;
    struct tree trees[3] = {{0}};
    struct forest forest;
    double worst = 0.0, worst_base = 0.0;
    make_trees(trees, 3, depth, &arena);
    forest_make(&forest, trees, 3, COLUMNS, 1.5, 2.0, &arena);
    for (uint64_t i = 0; i < 40; i++) {
        float row[COLUMNS];
        double parts[COLUMNS] = {0}, base = 1.5;
        make_row(row, i);
        double found = forest_explain(&forest, row, LEARNER_EXACT, parts);
        for (uint32_t c = 0; c < COLUMNS; c++) {
            double wanted = 0.0;
            for (int t = 0; t < 3; t++) {
                wanted += 2.0 * shapley(&trees[t], row, c);
            }
            double off = parts[c] - wanted;
            worst = off > worst ? off : -off > worst ? -off : worst;
        }
        for (int t = 0; t < 3; t++) {
            base += 2.0 * value_of(&trees[t], 0, row, 0);
        }
        worst_base = found - base > worst_base ? found - base : worst_base;
    }
    CHECK_NEAR(worst, 0.0, 1e-12);
    CHECK_NEAR(worst_base, 0.0, 1e-12);
    arena_free(&arena);
}

/* value < 0.5 (cover 30): -1; else mass < 2 (cover 20): 1, else (cover 50): 2. */
static void test_path(void) {
    struct arena arena = ARENA_INIT;
    struct tree tree = {0};
    struct forest forest;
    for (int i = 0; i < 5; i++) {
        tree_add(&tree, &arena);
    }
    tree.nodes[0] = (struct tree_node){1, 2, 0, 0.5f, true, 0, 100};
    tree.nodes[1] = (struct tree_node){.value = -1, .cover = 30};
    tree.nodes[2] = (struct tree_node){3, 4, 1, 2.0f, false, 0, 70};
    tree.nodes[3] = (struct tree_node){.value = 1, .cover = 20};
    tree.nodes[4] = (struct tree_node){.value = 2, .cover = 50};
    forest_make(&forest, &tree, 1, 2, 0.0, 1.0, &arena);
    double parts[2] = {0, 0};
    double base =
        forest_explain(&forest, (const float[]){0.7f, __builtin_nanf("")}, LEARNER_PATH, parts);
    CHECK_NEAR(base, 0.9, 1e-7);                    /* (-30 + 20 + 100) / 100 */
    CHECK_NEAR(parts[0], 120.0 / 70.0 - 0.9, 1e-6); /* the right side's mean */
    CHECK_NEAR(parts[1], 2.0 - 120.0 / 70.0, 1e-6);
    CHECK_INT(forest_leaf(&forest, 0, (const float[]){__builtin_nanf(""), 9}), 1);
    arena_free(&arena);
}

/* A chain as deep as trees may be: products of many shares, and columns asked for again. */
static void test_deepest(void) {
    struct arena arena = ARENA_INIT;
    struct tree tree = {0};
    struct forest forest;
    uint32_t at = tree_add(&tree, &arena);
    for (uint32_t level = 0; level < TREE_DEPTH_MAX; level++) {
        uint32_t left = tree_add(&tree, &arena), right = tree_add(&tree, &arena);
        struct tree_node node = {left, right, level % COLUMNS, 1.0f - (float)level / 100, true,
                                 0,    0};
        tree.nodes[at] = node;
        tree.nodes[right].value = (float)level;
        tree.nodes[right].cover = 1.0f;
        at = left;
    }
    tree.nodes[at].value = 100.0f;
    tree.nodes[at].cover = 1.0f;
    for (uint32_t i = tree.count - 1; i-- > 0;) {
        if (!tree_is_leaf(&tree.nodes[i])) {
            tree.nodes[i].cover = tree.nodes[tree.nodes[i].left].cover + 1.0f;
        }
    }
    forest_make(&forest, &tree, 1, COLUMNS, 0.0, 1.0, &arena);
    CHECK_INT(forest.depth, TREE_DEPTH_MAX);
    const float row[COLUMNS] = {0.1f, 0.9f, __builtin_nanf(""), 0.3f, 0.2f};
    double parts[COLUMNS] = {0}, sum = forest_explain(&forest, row, LEARNER_EXACT, parts);
    for (uint32_t c = 0; c < COLUMNS; c++) {
        CHECK_NEAR(parts[c], shapley(&tree, row, c), 1e-10);
        sum += parts[c];
    }
    CHECK_NEAR(sum, forest_margin(&forest, row), 1e-10);
    CHECK_NEAR(forest_margin(&forest, row), walk(&tree, row), 0);
    arena_free(&arena);
}

/* ---- sections that are no forests ---------------------------------------------------------- */

static const char *reading(const uint32_t *slots, const float *thresholds, const float *values,
                           const float *covers, uint32_t count, struct error *err) {
    struct arena arena = ARENA_INIT;
    struct model_writer writer;
    struct model_reader reader;
    struct forest forest;
    *err = (struct error)ERROR_INIT;
    model_file_create(&writer, &arena);
    model_file_section(&writer, "forest");
    model_file_put_u32(&writer, 1);
    model_file_put_f64(&writer, 0.0);
    model_file_put_f64(&writer, 1.0);
    model_file_put_u32(&writer, count);
    model_file_put_u32s(&writer, slots, 3);
    model_file_put_f32s(&writer, thresholds, 3);
    model_file_put_f32s(&writer, values, 3);
    model_file_put_f32s(&writer, covers, 3);
    model_file_finish(&writer);
    model_file_open(&reader, "a", writer.bytes, writer.length, err);
    int status = forest_read(&forest, &reader, COLUMNS, &arena);
    arena_free(&arena);
    return status == 0 ? "fine" : err->text;
}

static void test_sections(void) {
    struct error err;
    const uint32_t leaf = UINT32_MAX;
    const uint32_t slots[3] = {9, leaf, leaf}, far[3] = {10, leaf, leaf}, more[3] = {9, 1, leaf};
    const uint32_t lonely[3] = {leaf, leaf, leaf};
    const float zeros[3] = {0, 0, 0}, nans[3] = {0, __builtin_nanf(""), 0};
    const float negative[3] = {2, 3, -1};
    CHECK_TEXT(reading(slots, zeros, zeros, zeros, 3, &err), "fine");
    CHECK_TEXT(reading(far, zeros, zeros, zeros, 3, &err),
               "offset 104: node 0 asks for column 5 of 5");
    CHECK_TEXT(reading(more, zeros, zeros, zeros, 3, &err),
               "offset 104: tree 0: node 1 has no children, or is too deep");
    CHECK_TEXT(reading(lonely, zeros, zeros, zeros, 3, &err),
               "offset 104: tree 0: nobody leads to node 1");
    CHECK_TEXT(reading(slots, nans, zeros, zeros, 3, &err),
               "offset 104: node 1 has a threshold, value or cover that is none");
    CHECK_TEXT(reading(slots, zeros, zeros, negative, 3, &err),
               "offset 104: node 2 has a threshold, value or cover that is none");
    CHECK_TEXT(reading(slots, zeros, zeros, zeros, 0, &err),
               "offset 56: tree 0 has 0 nodes; it has 1 to 1048576");
    CHECK_TEXT(reading(slots, zeros, zeros, zeros, 1000, &err),
               "offset 56: the section has 48 bytes left and needs 1000 numbers of 4");
}

int main(void) {
    for (uint32_t depth = 0; depth < 14; depth++) {
        test_margins(1 + (depth * 5) % 21, depth);
    }
    for (uint32_t depth = 0; depth < 9; depth++) {
        test_shapley(depth);
    }
    test_path();
    test_deepest();
    test_sections();
    return test_summary();
}

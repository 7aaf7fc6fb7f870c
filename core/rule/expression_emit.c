/* SPDX-License-Identifier: GPL-3.0-or-later
 * expression_emit.c - writes the checked tree down as postfix code. */
#include "core/rule/expression_tree.h"

struct emitter {
    struct expression_tree *tree;
    struct instruction *code;
    struct value *constants;
    unsigned code_count, constant_count;
    unsigned extra_cost; /* beyond one operation an instruction */
    bool needs_room;
};

static const struct expression_node *node_at(const struct emitter *emitter, uint16_t index) {
    return &emitter->tree->nodes[index];
}

static struct instruction *put(struct emitter *emitter, enum operation operation) {
    struct instruction *instruction = &emitter->code[emitter->code_count++];
    *instruction = (struct instruction){.operation = (uint8_t)operation};
    return instruction;
}

static uint16_t add_constant(struct emitter *emitter, struct value value) {
    emitter->constants[emitter->constant_count] = value;
    return (uint16_t)emitter->constant_count++;
}

static void land_here(struct emitter *emitter, unsigned jump) {
    emitter->code[jump].a = (uint16_t)emitter->code_count;
}

/* `depth` values lie on the stack before it; one more after it. */
static void emit(struct emitter *emitter, uint16_t index, unsigned depth);

/* The same, and a symbol becomes a text where one is wanted. */
static void emit_as(struct emitter *emitter, uint16_t index, unsigned depth, bool wants_text) {
    emit(emitter, index, depth);
    if (wants_text && node_at(emitter, index)->type == VALUE_SYMBOL) {
        put(emitter, OPERATION_SYMBOL_TO_TEXT);
        emitter->needs_room = true;
    }
}

/* and / or: the second part is passed over when the first settles it. */
static void emit_logic(struct emitter *emitter, const struct expression_node *node,
                       unsigned depth) {
    bool is_and = node->kind == NODE_AND;
    emit(emitter, node->first, depth);
    unsigned jump = emitter->code_count;
    put(emitter, is_and ? OPERATION_JUMP_IF_FALSE : OPERATION_JUMP_IF_TRUE);
    emit(emitter, node->second, depth + 1);
    put(emitter, is_and ? OPERATION_AND : OPERATION_OR);
    land_here(emitter, jump);
}

static void emit_choice(struct emitter *emitter, const struct expression_node *node,
                        unsigned depth) {
    emit(emitter, node->first, depth);
    unsigned branch = emitter->code_count;
    put(emitter, OPERATION_BRANCH);
    emit_as(emitter, node->second, depth, node->type == VALUE_TEXT);
    unsigned jump = emitter->code_count;
    put(emitter, OPERATION_JUMP);
    land_here(emitter, branch);
    emit_as(emitter, node->third, depth, node->type == VALUE_TEXT);
    land_here(emitter, jump);
}

static uint8_t mirrored(uint8_t relation) {
    return (uint8_t)((relation & RELATION_EQUAL) | (relation & RELATION_LESS) << 2 |
                     (relation & RELATION_GREATER) >> 2);
}

/* An input beside a constant is what most conditions consist of: one operation instead of three. */
static bool emit_input_comparison(struct emitter *emitter, const struct expression_node *node) {
    const struct expression_node *input = node_at(emitter, node->first);
    const struct expression_node *constant = node_at(emitter, node->second);
    uint8_t relation = node->relation;
    if (input->kind == NODE_CONSTANT) {
        const struct expression_node *first = input;
        input = constant;
        constant = first;
        relation = mirrored(relation);
    }
    if (input->kind != NODE_INPUT || constant->kind != NODE_CONSTANT ||
        input->type != constant->type ||
        (input->type != VALUE_DECIMAL && input->type != VALUE_SYMBOL) ||
        is_per_time(input->dimension) ||
        (input->type == VALUE_SYMBOL && constant->value.symbol > UINT16_MAX)) {
        return false;
    }
    bool is_symbol = input->type == VALUE_SYMBOL;
    struct instruction *instruction =
        put(emitter, is_symbol ? OPERATION_COMPARE_INPUT_SYMBOL : OPERATION_COMPARE_INPUT_DECIMAL);
    instruction->relation = relation;
    instruction->type = (uint8_t)input->type;
    instruction->a = input->input;
    instruction->b =
        is_symbol ? (uint16_t)constant->value.symbol : add_constant(emitter, constant->value);
    return true;
}

static void emit_list(struct emitter *emitter, const struct expression_node *node, unsigned depth) {
    emit(emitter, node->first, depth);
    struct instruction *instruction = put(emitter, OPERATION_IN_LIST);
    instruction->a = (uint16_t)emitter->constant_count;
    for (uint16_t item = node->second; item != 0; item = node_at(emitter, item)->next) {
        add_constant(emitter, node_at(emitter, item)->value);
        instruction->b++;
        emitter->extra_cost++;
    }
}

static void emit_leaf(struct emitter *emitter, const struct expression_node *node) {
    bool is_input = node->kind == NODE_INPUT;
    uint16_t a = is_input ? node->input : add_constant(emitter, node->value);
    struct instruction *instruction = put(emitter, is_input ? OPERATION_INPUT : OPERATION_CONSTANT);
    instruction->a = a;
    instruction->type = (uint8_t)node->type;
    if (is_input && is_per_time(node->dimension)) {
        put(emitter, OPERATION_TO_WEEK);
    }
}

/* A quotient by a time or by a rate is short of a factor of a week; it goes into what is divided,
 * before anything is rounded. Between two rates it cancels out. */
static bool needs_week(const struct emitter *emitter, const struct expression_node *node) {
    return node->kind == NODE_DIVIDE &&
           is_per_time(node_at(emitter, node->first)->dimension) !=
               (is_per_time(node->dimension) !=
                is_per_time(node_at(emitter, node->second)->dimension));
}

/* A rate times a time. */
static bool spends_week(const struct emitter *emitter, const struct expression_node *node) {
    return node->kind == NODE_MULTIPLY && !is_per_time(node->dimension) &&
           (is_per_time(node_at(emitter, node->first)->dimension) ||
            is_per_time(node_at(emitter, node->second)->dimension));
}

/* Whether one of the operands is a text. */
static bool is_beside_text(const struct emitter *emitter, const struct expression_node *node) {
    const uint16_t operands[] = {node->first, node->second, node->third};
    for (int i = 0; i < 3; i++) {
        if (operands[i] != 0 && node_at(emitter, operands[i])->type == VALUE_TEXT) {
            return true;
        }
    }
    return false;
}

/* Multiplications of a power, about. */
enum { POWER_COST = 60 };

static void emit_operator(struct emitter *emitter, const struct expression_node *node,
                          unsigned depth) {
    static const uint8_t operations[] = {
        [NODE_NEGATE] = OPERATION_NEGATE,     [NODE_ABS] = OPERATION_ABS,
        [NODE_ADD] = OPERATION_ADD,           [NODE_SUBTRACT] = OPERATION_SUBTRACT,
        [NODE_MULTIPLY] = OPERATION_MULTIPLY, [NODE_DIVIDE] = OPERATION_DIVIDE,
        [NODE_POWER] = OPERATION_POWER,       [NODE_JOIN] = OPERATION_JOIN,
        [NODE_MIN] = OPERATION_MIN,           [NODE_MAX] = OPERATION_MAX,
        [NODE_COMPARE] = OPERATION_COMPARE,   [NODE_IS_MISSING] = OPERATION_IS_MISSING,
        [NODE_NOT] = OPERATION_NOT,           [NODE_IN_RANGE] = OPERATION_IN_RANGE,
    };
    bool wants_text = is_beside_text(emitter, node);
    emit_as(emitter, node->first, depth, wants_text);
    if (needs_week(emitter, node)) {
        put(emitter, OPERATION_TO_WEEK);
    }
    if (node->second != 0) {
        emit_as(emitter, node->second, depth + 1, wants_text);
    }
    if (node->third != 0) {
        emit_as(emitter, node->third, depth + 2, wants_text);
    }
    emitter->needs_room = emitter->needs_room || node->kind == NODE_JOIN;
    emitter->extra_cost += node->kind == NODE_POWER ? POWER_COST : 0;
    struct instruction *instruction = put(emitter, operations[node->kind]);
    instruction->relation = node->relation;
    if (node->kind == NODE_IN_RANGE) {
        instruction->relation = (uint8_t)((node->low_open ? RANGE_LOW_OPEN : 0) |
                                          (node->high_open ? RANGE_HIGH_OPEN : 0));
    }
    if (spends_week(emitter, node)) {
        put(emitter, OPERATION_TO_SECOND);
    }
}

static void emit(struct emitter *emitter, uint16_t index, unsigned depth) {
    const struct expression_node *node = node_at(emitter, index);
    if (depth == EXPRESSION_STACK_MAX) {
        expression_fail(emitter->tree, node->offset,
                        "more than %d values wait for others here: simplify or reorder",
                        EXPRESSION_STACK_MAX);
    }
    if (expression_failed(emitter->tree)) {
        return;
    }
    switch ((enum node_kind)node->kind) {
    case NODE_INPUT:
    case NODE_CONSTANT:
        emit_leaf(emitter, node);
        break;
    case NODE_AND:
    case NODE_OR:
        emit_logic(emitter, node, depth);
        break;
    case NODE_IF:
        emit_choice(emitter, node, depth);
        break;
    case NODE_IN_LIST:
        emit_list(emitter, node, depth);
        break;
    case NODE_COMPARE:
        if (emit_input_comparison(emitter, node)) {
            break;
        }
        /* fall through */
    default:
        emit_operator(emitter, node, depth);
    }
}

/* The inputs that are read, ascending. */
static const uint16_t *read_inputs(const struct expression_tree *tree, unsigned *count) {
    uint16_t *inputs = ARENA_ARRAY(tree->arena, uint16_t, tree->node_count);
    *count = 0;
    for (unsigned input = 0; input < tree->names->input_count; input++) {
        for (unsigned i = 1; i < tree->node_count; i++) {
            if (tree->nodes[i].kind == NODE_INPUT && tree->nodes[i].input == input) {
                inputs[(*count)++] = (uint16_t)input;
                break;
            }
        }
    }
    return inputs;
}

const struct expression *expression_emit(struct expression_tree *tree) {
    /* A node is at most three operations and one constant. */
    struct emitter emitter = {
        .tree = tree,
        .code = ARENA_ARRAY(tree->arena, struct instruction, 3 * tree->node_count + 3u),
        .constants = ARENA_ARRAY(tree->arena, struct value, tree->node_count)};
    emit_as(&emitter, tree->root, 0, tree->type == VALUE_TEXT);
    if (is_per_time(tree->nodes[tree->root].dimension)) {
        put(&emitter, OPERATION_TO_SECOND);
    }
    put(&emitter, OPERATION_END);
    if (expression_failed(tree)) {
        return NULL;
    }
    struct expression *expression = ARENA_NEW(tree->arena, struct expression);
    expression->code = emitter.code;
    expression->constants = emitter.constants;
    expression->inputs = read_inputs(tree, &expression->input_count);
    expression->cost = emitter.code_count + emitter.extra_cost;
    expression->needs_room = emitter.needs_room;
    expression->type = tree->type;
    return expression;
}

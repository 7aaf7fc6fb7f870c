/* SPDX-License-Identifier: GPL-3.0-or-later
 * contract.c - binding a page to its type, and asking it. */
#include "core/contract/contract.h"

#include "core/base/require.h"
#include "core/base/units.h"

#include <string.h>

enum { SLOTS_MAX = 1024 };

/* Where an input of the page comes from. */
struct binding {
    enum contract_fact_kind kind;
    size_t offset;
    uint32_t symbols[CONTRACT_WORDS_MAX + 1]; /* of a word: the page's, by number */
};

/* The page's symbols by their text, so that a code is found in one look or two. */
struct code_slot {
    const char *text; /* NULL: empty */
    uint32_t symbol;
};

struct contract {
    const struct contract_type *type;
    const struct rule *rule;
    const char *currency;
    unsigned input_count;
    const struct expression_input *names;
    struct binding inputs[RULE_INPUTS_MAX];
    int outputs[OUTCOME_KINDS]; /* index of the page's output, -1 for none */
    unsigned effect_count;      /* of the outputs that are neither decision nor reason */
    int effects[OUTCOME_KINDS]; /* which outcomes these are */
    const char *const *symbols;
    uint32_t grant; /* symbol */
    uint32_t channels[CHANNELS];
    uint32_t other; /* stands for any text that the page doesn't mention */
    uint32_t slot_mask;
    struct code_slot *slots;
};

static const struct contract_type *const types[] = {
#define X(name) &contract_type_##name,
    CONTRACT_TYPES(X)
#undef X
};
enum { TYPE_COUNT = sizeof types / sizeof *types };

const struct contract_type *contract_type_at(unsigned index) {
    return index < TYPE_COUNT ? types[index] : NULL;
}

int contract_type_find(const char *name) {
    for (int i = 0; i < TYPE_COUNT; i++) {
        if (strcmp(types[i]->name, name) == 0) {
            return i;
        }
    }
    return -1;
}

const struct contract_type *contract_type_of(const struct contract *contract) {
    return contract->type;
}

const struct rule *contract_rule(const struct contract *contract) {
    return contract->rule;
}

const char *contract_currency(const struct contract *contract) {
    return contract->currency;
}

bool contract_asks(const struct contract *contract, size_t offset) {
    for (unsigned i = 0; i < contract->input_count; i++) {
        if (contract->inputs[i].offset == offset) {
            return true;
        }
    }
    return false;
}

/* ---- binding -------------------------------------------------------------------------------- */

struct binder {
    const struct node *file;
    struct arena *arena;
    struct error *err;
    struct contract *contract;
};

/* The key of an input or output, for the place of an error. */
static const struct node *node_of(const struct binder *binder, const char *list, const char *name) {
    const struct node *node = node_get(node_get(binder->file, list), name);
    return node != NULL ? node : binder->file;
}

static const struct contract_fact *find_fact(const char *name) {
    for (const struct contract_fact *fact = contract_facts_list; fact->name != NULL; fact++) {
        if (strcmp(fact->name, name) == 0) {
            return fact;
        }
    }
    return NULL;
}

static const struct {
    enum value_type type;
    int dimension;
    const char *name;
} kind_rows[] = {
    [FACT_MONEY] = {VALUE_DECIMAL, DIMENSION_MONEY, "money"},
    [FACT_COUNT] = {VALUE_DECIMAL, DIMENSION_NONE, "integer"},
    [FACT_SHARE] = {VALUE_DECIMAL, DIMENSION_SHARE, "share"},
    [FACT_WORD] = {VALUE_SYMBOL, DIMENSION_NONE, "text"},
    [FACT_FLAG] = {VALUE_BOOLEAN, DIMENSION_NONE, "boolean"},
    [FACT_CODE] = {VALUE_SYMBOL, DIMENSION_NONE, "text"},
};

static bool has_word(const struct contract_fact *fact, const char *word, size_t length) {
    for (unsigned i = 0; i < CONTRACT_WORDS_MAX && fact->words[i] != NULL; i++) {
        if (strlen(fact->words[i]) == length && memcmp(fact->words[i], word, length) == 0) {
            return true;
        }
    }
    return false;
}

/* A choice that the fact never is would be a rule that never fires. */
static int check_choices(const struct binder *binder, const struct contract_fact *fact,
                         const struct expression_input *input) {
    for (const char *at = input->choices; at != NULL && *at != '\0';) {
        size_t length = strcspn(at, "|");
        if (!has_word(fact, at, length)) {
            const char *word = arena_text(binder->arena, at, length);
            unsigned count = 0;
            while (count < CONTRACT_WORDS_MAX && fact->words[count] != NULL) {
                count++;
            }
            return node_error(node_of(binder, "inputs", input->name), binder->err,
                              "the fact '%s' is never '%s'%s", fact->name, word,
                              error_hint(word, fact->words, count, "").text);
        }
        at += length + (at[length] == '|');
    }
    return 0;
}

static int bind_input(const struct binder *binder, const struct expression_input *input,
                      struct binding *binding) {
    const struct contract_fact *fact = find_fact(input->name);
    if (fact == NULL) {
        const char *names[64];
        unsigned count = 0;
        for (fact = contract_facts_list; fact->name != NULL && count < 64; fact++) {
            names[count++] = fact->name;
        }
        return node_key_error(node_of(binder, "inputs", input->name), binder->err,
                              "contracts know no fact '%s'%s", input->name,
                              error_hint(input->name, names, count, "").text);
    }
    if (input->type != kind_rows[fact->kind].type ||
        input->dimension != kind_rows[fact->kind].dimension) {
        return node_error(node_of(binder, "inputs", input->name), binder->err,
                          "the fact '%s' is of type %s", fact->name, kind_rows[fact->kind].name);
    }
    if (fact->kind == FACT_WORD && check_choices(binder, fact, input) < 0) {
        return -1;
    }
    binding->kind = fact->kind;
    binding->offset = fact->offset;
    for (unsigned i = 0; i < CONTRACT_WORDS_MAX && fact->words[i] != NULL; i++) {
        binding->symbols[i + 1] = rule_symbol(binder->contract->rule, fact->words[i]).symbol;
    }
    return 0;
}

static int bind_inputs(const struct binder *binder) {
    struct contract *contract = binder->contract;
    contract->names = rule_inputs(contract->rule, &contract->input_count);
    for (unsigned i = 0; i < contract->input_count; i++) {
        if (bind_input(binder, &contract->names[i], &contract->inputs[i]) < 0) {
            return -1;
        }
    }
    return 0;
}

static int find_outcome(const char *name) {
    for (int i = 0; i < OUTCOME_KINDS; i++) {
        if (strcmp(contract_facts_outcomes[i].name, name) == 0) {
            return i;
        }
    }
    return -1;
}

static int bind_output(const struct binder *binder, const struct rule_output *output, int index) {
    const struct node *node = node_of(binder, "outputs", output->name);
    int kind = find_outcome(output->name);
    if (kind < 0) {
        const char *names[OUTCOME_KINDS];
        for (int i = 0; i < OUTCOME_KINDS; i++) {
            names[i] = contract_facts_outcomes[i].name;
        }
        return node_key_error(node, binder->err, "contracts know no outcome '%s'%s", output->name,
                              error_hint(output->name, names, OUTCOME_KINDS, "").text);
    }
    const struct contract_outcome_row *row = &contract_facts_outcomes[kind];
    bool is_count = kind == OUTCOME_COUNT || kind == OUTCOME_DAYS || kind == OUTCOME_RANK;
    if (output->type != row->type || output->dimension != row->dimension ||
        (is_count && !output->is_integer)) {
        return node_error(node, binder->err, "the outcome '%s' is of another type: %s", row->name,
                          is_count ? "integer" : row->doc);
    }
    binder->contract->outputs[kind] = index;
    if (kind != OUTCOME_DECISION && kind != OUTCOME_REASON) {
        binder->contract->effects[binder->contract->effect_count++] = kind;
    }
    return 0;
}

/* The decision by which the type does something must be one that the page can make. */
static int bind_grant(const struct binder *binder, const struct rule_output *outputs) {
    struct contract *contract = binder->contract;
    int index = contract->outputs[OUTCOME_DECISION];
    if (contract->type->grant == NULL) {
        return 0;
    }
    contract->grant = rule_symbol(contract->rule, contract->type->grant).symbol;
    if (contract->grant == contract->other) {
        return node_error(node_of(binder, "outputs", outputs[index].name), binder->err,
                          "a contract of type '%s' needs the decision '%s', by which it is done",
                          contract->type->name, contract->type->grant);
    }
    return 0;
}

static int bind_outputs(const struct binder *binder) {
    struct contract *contract = binder->contract;
    unsigned count;
    const struct rule_output *outputs = rule_output_list(contract->rule, &count);
    enum rule_hit hit = rule_hit(contract->rule);
    for (int i = 0; i < OUTCOME_KINDS; i++) {
        contract->outputs[i] = -1;
    }
    for (unsigned i = 0; i < count; i++) {
        if (bind_output(binder, &outputs[i], (int)i) < 0) {
            return -1;
        }
    }
    unsigned wanted = contract->type->outcomes;
    wanted |= contract->type->grant != NULL ? 1u << OUTCOME_DECISION : 0;
    for (int i = 0; i < OUTCOME_KINDS; i++) {
        if ((wanted >> i & 1) != 0 && contract->outputs[i] < 0) {
            return node_key_error(node_get(binder->file, "outputs"), binder->err,
                                  "a contract of type '%s' needs the output '%s'",
                                  contract->type->name, contract_facts_outcomes[i].name);
        }
    }
    if (hit != RULE_HIT_UNIQUE && hit != RULE_HIT_ANY && hit != RULE_HIT_PRIORITY &&
        hit != RULE_HIT_FIRST) {
        return node_error(node_get(binder->file, "hit"), binder->err,
                          "a contract goes by one rule: unique, any, priority or first");
    }
    return bind_grant(binder, outputs);
}

static uint32_t hash_code(const char *text) {
    uint32_t hash = 2166136261u; /* FNV-1a */
    for (; *text != '\0'; text++) {
        hash = (hash ^ (uint8_t)*text) * 16777619u;
    }
    return hash ^ hash >> 15;
}

static void bind_codes(const struct binder *binder) {
    struct contract *contract = binder->contract;
    uint32_t count, size = 8;
    contract->symbols = rule_symbols(contract->rule, &count);
    while (size < 2 * count) {
        size *= 2;
    }
    contract->slots = ARENA_ARRAY(binder->arena, struct code_slot, size);
    contract->slot_mask = size - 1;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t at = hash_code(contract->symbols[i]) & contract->slot_mask;
        while (contract->slots[at].text != NULL) {
            at = (at + 1) & contract->slot_mask;
        }
        contract->slots[at] = (struct code_slot){.text = contract->symbols[i], .symbol = i};
    }
    contract->channels[CHANNEL_GREEN] = rule_symbol(contract->rule, "green").symbol;
    contract->channels[CHANNEL_YELLOW] = rule_symbol(contract->rule, "yellow").symbol;
    contract->channels[CHANNEL_RED] = rule_symbol(contract->rule, "red").symbol;
}

const struct contract *contract_compile(const struct contract_type *type, const struct node *file,
                                        struct arena *arena, struct error *err) {
    struct contract *contract = ARENA_NEW(arena, struct contract);
    struct binder binder = {.file = file, .arena = arena, .err = err, .contract = contract};
    contract->type = type;
    contract->rule = rule_compile(file, arena, err);
    if (contract->rule == NULL) {
        return NULL;
    }
    const struct node *currency = node_get(file, "currency");
    contract->currency = currency != NULL ? currency->text : "";
    /* No page spells a text like this one. */
    contract->other = rule_symbol(contract->rule, "\x01").symbol;
    if (bind_inputs(&binder) < 0 || bind_outputs(&binder) < 0) {
        return NULL;
    }
    if (rule_cost(contract->rule) > CONTRACT_COST_MAX) {
        node_error(file, err, "a contract may cost %d steps, this page may take %u",
                   CONTRACT_COST_MAX, rule_cost(contract->rule));
        return NULL;
    }
    bind_codes(&binder);
    return contract;
}

/* ---- asking --------------------------------------------------------------------------------- */

static inline uint32_t code_symbol(const struct contract *contract, const char *text) {
    uint32_t at = hash_code(text) & contract->slot_mask;
    while (contract->slots[at].text != NULL) {
        if (strcmp(contract->slots[at].text, text) == 0) {
            return contract->slots[at].symbol;
        }
        at = (at + 1) & contract->slot_mask;
    }
    return contract->other;
}

static inline void put_number(const void *at, int32_t scale, struct value *value) {
    int64_t number = *(const int64_t *)at;
    value->type = number == CONTRACT_UNKNOWN ? VALUE_MISSING : VALUE_DECIMAL;
    value->decimal.coefficient = number;
    value->decimal.scale = scale;
}

static inline void put_symbol(uint32_t symbol, bool is_missing, struct value *value) {
    value->type = is_missing ? VALUE_MISSING : VALUE_SYMBOL;
    value->symbol = symbol;
}

/* Field by field: a value put together elsewhere and copied here takes four times as long. */
static inline void put_fact(const struct contract *contract, const struct binding *binding,
                            const struct contract_facts *facts, struct value *value) {
    const void *at = (const char *)facts + binding->offset;
    bool is_missing;
    switch (binding->kind) {
    case FACT_MONEY:
        put_number(at, 4, value);
        break;
    case FACT_COUNT:
        put_number(at, 0, value);
        break;
    case FACT_SHARE:
        put_number(at, 9, value);
        break;
    case FACT_FLAG:
        value->type = VALUE_BOOLEAN;
        value->boolean = *(const bool *)at;
        break;
    case FACT_WORD:
        put_symbol(binding->symbols[*(const uint8_t *)at], *(const uint8_t *)at == 0, value);
        break;
    default:
        is_missing = *(const char *)at == '\0';
        put_symbol(is_missing ? 0 : code_symbol(contract, at), is_missing, value);
    }
}

/* A whole number of 0 .. CONTRACT_AMOUNT_MAX_E4 units of 10^-scale, half to even; -1 for others. */
static int64_t whole(const struct value *value, int32_t scale) {
    struct decimal decimal = value->decimal;
    static const struct decimal units_max = {1000000000000, 0};
    if (value->type != VALUE_DECIMAL || decimal.coefficient < 0 ||
        decimal_compare(decimal, units_max) > 0) {
        return -1;
    }
    int64_t power = 1, unit = 1;
    for (int32_t i = 0; i < decimal.scale; i++) {
        power *= 10;
    }
    for (int32_t i = 0; i < scale; i++) {
        unit *= 10;
    }
    return money_scale((struct money){decimal.coefficient}, unit, power).e4;
}

/* false when it is no share of 0 .. 1. */
static bool take_share(const struct value *value, struct decimal *share) {
    static const struct decimal one = {1, 0};
    if (value->type != VALUE_DECIMAL || value->decimal.coefficient < 0 ||
        decimal_compare(value->decimal, one) > 0) {
        return false;
    }
    *share = value->decimal;
    return true;
}

static bool take_count(const struct value *value, int32_t scale, int64_t *count) {
    *count = whole(value, scale);
    return *count >= 0;
}

static bool take_channel(const struct contract *contract, const struct value *value,
                         uint8_t *channel) {
    for (uint8_t i = CHANNEL_GREEN; i < CHANNELS; i++) {
        if (value->type == VALUE_SYMBOL && value->symbol == contract->channels[i]) {
            *channel = i;
            return true;
        }
    }
    return false;
}

/* False when the page says what no act can do: a negative amount, a share above one. */
static bool take_outcome(const struct contract *contract, int kind, const struct value *value,
                         struct contract_outcome *outcome) {
    switch (kind) {
    case OUTCOME_CHANNEL:
        return take_channel(contract, value, &outcome->channel);
    case OUTCOME_RELIEF:
        return take_share(value, &outcome->relief);
    case OUTCOME_SURCHARGE:
        return take_share(value, &outcome->surcharge);
    case OUTCOME_AMOUNT:
        return take_count(value, 4, &outcome->amount_e4);
    case OUTCOME_COUNT:
        return take_count(value, 0, &outcome->count);
    case OUTCOME_DAYS:
        return take_count(value, 0, &outcome->days);
    default:
        return take_count(value, 0, &outcome->rank);
    }
}

static const char *text_of(const struct contract *contract, const struct rule_result *result,
                           int kind) {
    int index = contract->outputs[kind];
    return index >= 0 && result->outputs[index].type == VALUE_SYMBOL
               ? contract->symbols[result->outputs[index].symbol]
               : NULL;
}

/* Outcomes count only for what is granted: a page need not give an amount that it refuses. */
static void conclude(const struct contract *contract, const struct rule_result *result,
                     struct contract_decision *decision) {
    struct contract_outcome *outcome = &decision->outcome;
    outcome->decision = text_of(contract, result, OUTCOME_DECISION);
    outcome->reason = text_of(contract, result, OUTCOME_REASON);
    if (contract->type->grant != NULL) {
        const struct value *said = &result->outputs[contract->outputs[OUTCOME_DECISION]];
        decision->is_granted = said->type == VALUE_SYMBOL && said->symbol == contract->grant;
    } else {
        decision->is_granted = true;
    }
    for (unsigned i = 0; i < contract->effect_count && decision->is_granted; i++) {
        int kind = contract->effects[i];
        if (!take_outcome(contract, kind, &result->outputs[contract->outputs[kind]], outcome)) {
            decision->refusal = "the page says what cannot be done";
            decision->is_granted = false;
        }
    }
}

void contract_decide(const struct contract *contract, const struct contract_facts *facts,
                     int64_t day, struct rule_result *result, struct contract_decision *decision) {
    struct value values[RULE_INPUTS_MAX];
    for (unsigned i = 0; i < contract->input_count; i++) {
        put_fact(contract, &contract->inputs[i], facts, &values[i]);
    }
    rule_evaluate(contract->rule, values, day, result);
    static const struct contract_decision nothing;
    *decision = nothing;
    decision->cost = result->cost;
    decision->rule = decision->reference = "";
    switch (result->status) {
    case RULE_FIRED:
        decision->rule = rule_name_of(contract->rule, result->fired[0]);
        decision->reference = rule_reference_of(contract->rule, result->fired[0]);
        conclude(contract, result, decision);
        break;
    case RULE_DEFAULT:
        conclude(contract, result, decision);
        break;
    case RULE_NOT_IN_FORCE:
        decision->refusal = "the contract is not in force on this day";
        break;
    case RULE_CONFLICT:
        decision->refusal = "rules of the contract contradict each other";
        break;
    case RULE_REFUSED:
        decision->refusal = "a fact is missing or outside of what the contract takes";
        decision->fact = contract->names[result->refused].name;
        break;
    default:
        decision->refusal = "no rule of the contract applies";
    }
}

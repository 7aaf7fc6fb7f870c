/* SPDX-License-Identifier: GPL-3.0-or-later
 * profile.c - see profile.h. */
#include "core/risk/profile.h"

#include <stdio.h>
#include <string.h>

enum fact {
#define X(name, doc) FACT_##name,
    PROFILE_FACTS(X)
#undef X
        FACTS,
};

struct profile {
    const struct rule *rule;
    unsigned input_count;
    enum fact facts[RULE_INPUTS_MAX]; /* by input */
    unsigned channel, reason;         /* outputs; reason: RULE_OUTPUTS_MAX for none */
    uint32_t channels[CHANNEL_COUNT]; /* symbols */
};

static const char *const fact_names[] = {
#define X(name, doc) #name,
    PROFILE_FACTS(X)
#undef X
};

static int bind_inputs(struct profile *profile, struct error *err) {
    const struct expression_input *inputs = rule_inputs(profile->rule, &profile->input_count);
    for (unsigned i = 0; i < profile->input_count; i++) {
        unsigned fact = 0;
        while (fact < FACTS && strcmp(fact_names[fact], inputs[i].name) != 0) {
            fact++;
        }
        if (fact == FACTS) {
            return error_set(err, ERROR_INPUT,
                             "'%s': nothing is known of an input '%s' when a channel is chosen%s",
                             rule_name(profile->rule), inputs[i].name,
                             error_hint(inputs[i].name, fact_names, FACTS, "").text);
        }
        profile->facts[i] = (enum fact)fact;
    }
    return 0;
}

static int bind_outputs(struct profile *profile, struct error *err) {
    unsigned count;
    const struct rule_output *outputs = rule_output_list(profile->rule, &count);
    profile->channel = profile->reason = RULE_OUTPUTS_MAX;
    for (unsigned i = 0; i < count; i++) {
        if (strcmp(outputs[i].name, "channel") == 0) {
            profile->channel = i;
        } else if (strcmp(outputs[i].name, "reason") == 0) {
            profile->reason = i;
        }
    }
    if (profile->channel == RULE_OUTPUTS_MAX || outputs[profile->channel].type != VALUE_SYMBOL) {
        return error_set(err, ERROR_INPUT, "'%s': expected an output 'channel' of the type text",
                         rule_name(profile->rule));
    }
    static const char *const names[CHANNEL_COUNT] = {"", "green", "yellow", "red"};
    for (unsigned i = CHANNEL_GREEN; i < CHANNEL_COUNT; i++) {
        profile->channels[i] = rule_symbol(profile->rule, names[i]).symbol;
    }
    return 0;
}

const struct profile *profile_bind(const struct rule *rule, struct arena *arena,
                                   struct error *err) {
    struct profile *profile = ARENA_NEW(arena, struct profile);
    profile->rule = rule;
    return bind_inputs(profile, err) < 0 || bind_outputs(profile, err) < 0 ? NULL : profile;
}

static struct value text_of(const struct profile *profile, const char *text) {
    return text[0] != '\0' ? rule_symbol(profile->rule, text)
                           : (struct value){.type = VALUE_MISSING};
}

static struct value country_of(const struct profile *profile, uint16_t country) {
    const char text[3] = {(char)(country >> 8), (char)(country & 0xff), '\0'};
    return text_of(profile, text);
}

static struct value fact_of(const struct profile *profile, const struct profile_facts *facts,
                            enum fact fact) {
    const struct declaration *declaration = facts->declaration;
    char digits[16] = "";
    if (declaration->goods != 0) {
        snprintf(digits, sizeof digits, "%06u", declaration->goods);
    }
    switch (fact) {
    case FACT_risk_score: {
        double score = 100.0 * facts->probability + 0.5;
        return value_decimal_from_real(score == score ? (double)(int)score : score);
    }
    case FACT_trader:
        return text_of(profile, facts->trader != NULL ? facts->trader : "");
    case FACT_chapter:
        digits[2] = '\0';
        return text_of(profile, digits);
    case FACT_goods:
        return text_of(profile, digits);
    case FACT_origin:
        return country_of(profile, declaration->origin);
    case FACT_departure:
        return country_of(profile, declaration->departure);
    case FACT_value:
        return value_decimal_from_real(declaration->value);
    case FACT_mass:
        return value_decimal_from_real(declaration->mass_kg);
    case FACT_duty_share:
        return value_decimal_from_real(declaration->duty_share);
    case FACT_draw:
        return value_decimal_from_real(facts->draw);
    case FACTS:
        break;
    }
    return (struct value){.type = VALUE_MISSING};
}

static enum channel channel_of(const struct profile *profile, struct value value) {
    for (unsigned i = CHANNEL_GREEN; value.type == VALUE_SYMBOL && i < CHANNEL_COUNT; i++) {
        if (profile->channels[i] == value.symbol) {
            return (enum channel)i;
        }
    }
    return CHANNEL_NONE;
}

struct profile_answer profile_ask(const struct profile *profile, const struct profile_facts *facts,
                                  int64_t day) {
    struct value values[RULE_INPUTS_MAX];
    struct rule_result result;
    for (unsigned i = 0; i < profile->input_count; i++) {
        values[i] = fact_of(profile, facts, profile->facts[i]);
    }
    rule_evaluate(profile->rule, values, day, &result);
    struct profile_answer answer = {CHANNEL_NONE, "", "", "", result.cost};
    if (result.status == RULE_CONFLICT || result.status == RULE_REFUSED) {
        answer.channel = CHANNEL_RED;
        answer.reason = result.status == RULE_CONFLICT
                            ? "the rules contradict each other"
                            : "what is declared is missing or outside of the page's ranges";
        return answer;
    }
    if (result.status == RULE_NONE || result.status == RULE_NOT_IN_FORCE) {
        return answer;
    }
    answer.channel = channel_of(profile, result.outputs[profile->channel]);
    if (result.fired_count > 0) {
        answer.rule = rule_name_of(profile->rule, result.fired[0]);
        answer.reference = rule_reference_of(profile->rule, result.fired[0]);
    }
    uint32_t symbol_count;
    const char *const *symbols = rule_symbols(profile->rule, &symbol_count);
    if (profile->reason < RULE_OUTPUTS_MAX &&
        result.outputs[profile->reason].type == VALUE_SYMBOL &&
        result.outputs[profile->reason].symbol < symbol_count) {
        answer.reason = symbols[result.outputs[profile->reason].symbol];
    }
    return answer;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/contract/contract_facts.h"

#include "core/base/units.h"

#define FACT(member, name, kind, doc)                                \
    {                                                                \
#name, kind, offsetof(struct contract_facts, member), doc, { \
            NULL                                                     \
        }                                                            \
    }
#define WORDS(member, doc, ...)                                             \
    {                                                                       \
#member, FACT_WORD, offsetof(struct contract_facts, member), doc, { \
            __VA_ARGS__                                                     \
        }                                                                   \
    }

const struct contract_fact contract_facts_list[] = {
    FACT(value_e4, value, FACT_MONEY, "Customs value of the goods."),
    FACT(duty_e4, duty, FACT_MONEY, "Duties and taxes as customs have assessed them."),
    FACT(due_e4, due, FACT_MONEY,
         "What is left to pay: duty and surcharge less relief and payments."),
    FACT(paid_e4, paid, FACT_MONEY, "Paid to customs, refunds taken off."),
    FACT(overpaid_e4, overpaid, FACT_MONEY, "Paid above what was due."),
    FACT(escrow_e4, escrow, FACT_MONEY, "Held in escrow for this case."),
    FACT(guaranteed_e4, guaranteed, FACT_MONEY, "Due and covered by a guarantee."),
    FACT(balance_e4, balance, FACT_MONEY, "What the caller has at the contract's bank."),
    FACT(claimed_e4, claimed, FACT_MONEY, "What the caller asks for."),
    FACT(guarantee_left_e4, guarantee_left, FACT_MONEY,
         "Limit of the guarantee less what it covers already."),
    FACT(price_e4, price, FACT_MONEY, "At which a title is offered."),
    FACT(risk_score, risk_score, FACT_COUNT, "Score of the risk model, signed by its operator."),
    FACT(rank, rank, FACT_COUNT, "Priority that the case has, 0 without any."),
    FACT(instalments_asked, instalments_asked, FACT_COUNT,
         "Number of parts in which the declarant asks to pay."),
    FACT(days_since_lodging, days_since_lodging, FACT_COUNT, "Days since the case was lodged."),
    FACT(days_since_release, days_since_release, FACT_COUNT, "Days since the goods were released."),
    FACT(days_as_trader, days_as_trader, FACT_COUNT,
         "Days since customs gave the declarant his class."),
    FACT(licence_days_left, licence_days_left, FACT_COUNT,
         "Days that the licence named is still valid."),
    FACT(guarantee_days_left, guarantee_days_left, FACT_COUNT,
         "Days that the guarantee named is still valid."),
    FACT(inspection_days, inspection_days, FACT_COUNT, "Age of the foreign inspection in days."),
    FACT(covered_e9, covered, FACT_SHARE, "Licensed quantity left over the quantity declared."),
    FACT(draw_e9, draw, FACT_SHARE, "A draw that differs from call to call."),
    WORDS(trader, "Class that customs gave the declarant.", "new", "known", "participant",
          "authorised"),
    WORDS(category, "Of the goods.", "unrestricted", "food", "medicine", "dual_use"),
    WORDS(end_use, "Of the goods, as the declarant states it.", "civil", "military", "unknown"),
    WORDS(channel, "That the declaration was sent through.", "green", "yellow", "red"),
    WORDS(licence, "Status of the licence named, on this day.", "valid", "expired", "revoked"),
    WORDS(inspection, "Result of the foreign inspection.", "passed", "failed"),
    FACT(assessed, assessed, FACT_FLAG, "Customs have assessed the duty."),
    FACT(approved, approved, FACT_FLAG, "The declaration is approved."),
    FACT(licensed, licensed, FACT_FLAG, "The licence check has let the goods through."),
    FACT(inspected, inspected, FACT_FLAG, "An inspection is done or recognised."),
    FACT(released, released, FACT_FLAG, "The goods are released."),
    FACT(chapter, chapter, FACT_CODE, "First two digits of the Harmonized System."),
    FACT(origin, origin, FACT_CODE, "Country of origin."),
    FACT(purpose, purpose, FACT_CODE, "Why the goods come, as far as the law asks."),
    {.name = NULL},
};

const struct contract_outcome_row contract_facts_outcomes[OUTCOME_KINDS] = {
    [OUTCOME_DECISION] = {"decision", VALUE_SYMBOL, DIMENSION_NONE, "What is decided."},
    [OUTCOME_REASON] = {"reason", VALUE_SYMBOL, DIMENSION_NONE, "Why, for people."},
    [OUTCOME_CHANNEL] = {"channel", VALUE_SYMBOL, DIMENSION_NONE, "green, yellow or red."},
    [OUTCOME_RELIEF] = {"relief", VALUE_DECIMAL, DIMENSION_SHARE, "Of the duty that is not due."},
    [OUTCOME_SURCHARGE] = {"surcharge", VALUE_DECIMAL, DIMENSION_SHARE, "On the duty."},
    [OUTCOME_AMOUNT] = {"amount", VALUE_DECIMAL, DIMENSION_MONEY, "To be paid."},
    [OUTCOME_COUNT] = {"count", VALUE_DECIMAL, DIMENSION_NONE, "Of instalments."},
    [OUTCOME_DAYS] = {"days", VALUE_DECIMAL, DIMENSION_NONE, "Until it has to be paid."},
    [OUTCOME_RANK] = {"rank", VALUE_DECIMAL, DIMENSION_NONE, "Of the case in queues, 0 lowest."},
};

int64_t contract_facts_part(int64_t amount_e4, struct decimal share) {
    int64_t power = 1;
    for (int32_t i = 0; i < share.scale; i++) {
        power *= 10;
    }
    return money_scale((struct money){amount_e4}, share.coefficient, power).e4;
}

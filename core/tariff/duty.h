/* SPDX-License-Identifier: GPL-3.0-or-later
 * duty.h - duty expressions: "8.5% + 12.3 EUR / 100 kg MIN 5% MAX 20%", "0.9¢/kg + 4%", "Free".
 *
 * A text becomes a list of components, in the order in which they stand. Printing gives one
 * canonical text, which parses to the same components. What an amount is multiplied with is a
 * product of declared quantities; duty_factor says which.
 *
 * Evaluated from the left: `+` and `-` add to what has come so far; behind MIN or MAX a new sum
 * begins, and what stands to the right of the last MIN or MAX binds first:
 * a MIN b MAX c - d is min(max(a, b), c - d). MIN is a floor, MAX a ceiling. */
#ifndef CORE_TARIFF_DUTY_H
#define CORE_TARIFF_DUTY_H

#include "core/base/arena.h"
#include "core/base/error.h"
#include "core/tariff/exact.h"

#include <stdbool.h>

enum duty_verb {
    DUTY_PLUS,
    DUTY_MINUS,
    DUTY_MIN,           /* but not less than */
    DUTY_MAX,           /* but not more than */
    DUTY_NIL,           /* nothing is due, said so: NIHIL; "Free" is 0 % */
    DUTY_AGRICULTURAL,  /* AC, SD, FD and the like by `name`: a component looked up elsewhere */
    DUTY_SUPPLEMENTARY, /* only a supplementary unit to be declared */
    DUTY_REFERENCE,     /* the duty of another provision, named in `name` */
    DUTY_UNRESOLVED,    /* prose that no rule here reads: `name` says why, `part` is the prose */
};

enum duty_basis {
    DUTY_NO_AMOUNT,
    DUTY_SHARE, /* of a value: 8.5 % is 0.085 */
    DUTY_MONEY, /* units of a currency, per unit of a quantity */
};

/* A unit without an amount (supplementary), a share or a sum of money per scale x unit. */
struct duty_component {
    enum duty_verb verb;
    enum duty_basis basis;
    struct exact amount;
    char currency[4];   /* "EUR", of money */
    struct exact scale; /* 100 in "EUR / 100 kg"; 1 where nothing is said */
    unsigned unit;      /* index in the table of duty_units.h, 0 for none */
    unsigned qualifier; /* index in the table of qualifiers there, 0 for none */
    const char *name; /* see the verbs; of a "Free, under bond, ...": the conditions, to be read by
                         a person; else NULL */
    const char *part; /* what it is on, where that is not the goods as declared: "drained weight",
                         "value of the lead content", "retail price", "over 7" (jewels), "including
                         weight of container"; without a leading "the"; NULL for the goods */
};

enum { DUTY_COMPONENTS_MAX = 16, DUTY_TEXT_MAX = 4096 };

struct duty {
    unsigned count;
    const struct duty_component *components; /* in the arena */
};

/* Why a text is refused. Each duty expression may occur as often as the expression codes of TARIC
 * say: an amount without a sign once and first, + three times, - once, MIN and MAX twice, each
 * agricultural component once, NIHIL and a supplementary unit alone. What is not understood is
 * reported before what is not permitted. */
enum duty_fault {
    DUTY_FAULT_NONE,
    DUTY_FAULT_AMOUNT_REQUIRED,
    DUTY_FAULT_UNKNOWN_EXPRESSION,
    DUTY_FAULT_UNKNOWN_MONEY, /* a number that is neither a percentage nor of a known currency */
    DUTY_FAULT_UNKNOWN_UNIT,
    DUTY_FAULT_UNKNOWN_QUALIFIER,
    DUTY_FAULT_QUALIFIER_NOT_PERMITTED,
    DUTY_FAULT_EXPRESSION_USED_TWICE,
    DUTY_FAULT_EXPRESSION_OUT_OF_ORDER,
    DUTY_FAULT_AMOUNT_NOT_PERMITTED, /* "AC 10%", "NIHIL 3%" */
    DUTY_FAULT_UNIT_NOT_PERMITTED,   /* "NIHIL / 100 kg", "5% / kg" */
    DUTY_FAULT_TOO_LARGE,            /* a number, the text, or too many components */
};

/* "amount-required", ... */
const char *duty_fault_name(enum duty_fault fault);

/* Reads a text (place: where it stands, for errors; columns are added). 0; -1, an error that names
 * the fault's class, and `*fault` (may be NULL). Prose that is no expression but a known kind of
 * reference or footnote becomes one DUTY_UNRESOLVED or DUTY_REFERENCE component, never 0. An empty
 * text is an error. A comma separates thousands; decimals stand behind a point. Takes time linear
 * in the length of the text. */
int duty_parse(const char *text, struct arena *arena, struct place place, struct duty *duty,
               enum duty_fault *fault, struct error *err);

/* The canonical text, in the arena. */
const char *duty_print(const struct duty *duty, struct arena *arena);

/* Same components: same verbs, amounts, units, names and parts. */
bool duty_is_equal(const struct duty *a, const struct duty *b);

/* Whether a list knows what a component is on ("the case", "lead content"): else a person has to
 * read it. True where nothing is said. */
bool duty_knows_part(const struct duty_component *component);

/* Whether duty and quantities alone give its amount: no reference, nothing unresolved. */
bool duty_is_computable(const struct duty *duty);

/* Whether a component is the duty of another line of the tariff ("The duty provided in the
 * applicable subheading"), so that the duty of that line gives its amount; a reference to a note
 * ("See additional U.S. note 1") or to another column ("No change") is none. */
bool duty_is_of_line(const struct duty_component *component);

/* What the amount of a component of money or of an agricultural kind is multiplied with: the names
 * of up to three declared quantities ("kg", "l", "% vol", "p/st", "kg of lead content", see
 * duty_units.h) and a factor: "EUR / 100 kg" is {"kg"} and 1/100, "GBP / % vol/hl" is {"% vol",
 * "l"} and 1/100. Returns their number; 0 for shares and for money per nothing ("2 GBP"). Names
 * live as long as the arena. */
enum { DUTY_FACTORS_MAX = 3 };
unsigned duty_factor(const struct duty_component *component, struct arena *arena,
                     const char *names[DUTY_FACTORS_MAX], struct exact *factor);

/* The name of the value that a share is of: NULL for the measure's own base, else "retail price",
 * "value of the lead content", ... */
const char *duty_share_of(const struct duty_component *component);

#endif

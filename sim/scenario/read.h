/* SPDX-License-Identifier: GPL-3.0-or-later
 * read.h - fills parameter structs from nodes by their field rows.
 *
 * Any scalar may be written as a mapping {value: ..., evidence: measured|derived|assumed, source:
 * ..., range: [low, high]}, and any quantity as the name of a parameter. Such scalars are noted in
 * the reader, so that `check --evidence` can list them. Where a row has a short form, its first
 * inner row may stand for the whole: `staff: {examiner: 6}` is `staff: {examiner: {count: 6}}`.
 *
 * Unknown keys, wrong kinds, wrong units, bare numbers where a unit is due and values out of range
 * are errors with their place. A text that another reader takes apart (a condition, hours, a
 * distribution) is reported where it is wrong, not where it begins. */
#ifndef SIM_SCENARIO_READ_H
#define SIM_SCENARIO_READ_H

#include "core/base/field.h"
#include "core/base/node.h"
#include "core/base/units.h"
#include "core/rule/expression.h"
#include "sim/kernel/distribution.h"

enum evidence { EVIDENCE_NONE, EVIDENCE_ASSUMED, EVIDENCE_DERIVED, EVIDENCE_MEASURED };

/* A scalar with what is known about it. */
struct parameter {
    const char *name; /* of the parameters: block, or the dotted path of an inline one */
    const char *text; /* the value as written */
    struct quantity quantity;
    bool is_distribution; /* no plain quantity: only the text counts */
    bool is_declared;     /* in a parameters: block, so that others may name it */
    enum evidence evidence;
    const char *source; /* NULL when not given */
    bool has_range;
    struct quantity range_low, range_high;
    const char *range_text; /* "20 min..80 min", as written; NULL when not given */
    const struct node *node;
};

/* What reading needs beside the node and the rows. */
struct reader {
    struct arena *arena;
    struct parameter *parameters;
    size_t parameter_count, parameter_capacity;
    struct expression_names *names; /* for conditions; NULL where none may stand */
    char currency[4];               /* the accounting currency; empty until it is known */
    const struct node *root; /* of the file being read, for the dotted paths of inline parameters;
                                may be NULL: then they are called by their key alone */
};

/* Reads a `parameters:` mapping into the reader; `mapping` may be NULL. A value is a quantity or a
 * distribution over other parameters, earlier or later ones. */
int read_parameters(struct reader *reader, const struct node *mapping, struct error *err);

/* The declared parameter of that name, or NULL. */
const struct parameter *read_parameter(const struct reader *reader, const char *name);

/* Fills `target` (zeroed, of the struct that the rows describe) from a mapping. `node` may be NULL
 * or null: then all keys are absent. A group that is absent and not required gets the defaults of
 * its rows; its required keys are asked for only when it is given. Keys listed in `ignored`
 * (NULL-terminated, may be NULL) are left to the caller. */
int read_fields(struct reader *reader, const struct node *node, const struct field *fields,
                const char *const *ignored, void *target, struct error *err);

/* The same with two tables whose keys may stand mixed in one mapping (the frame of a step and the
 * keys of its type). */
int read_fields_of_two(struct reader *reader, const struct node *node, const struct field *first,
                       void *first_target, const struct field *second, void *second_target,
                       const char *const *ignored, struct error *err);

/* A scalar node as a quantity of `dimension`, parameter names included. */
int read_quantity(struct reader *reader, const struct node *node, enum dimension dimension,
                  struct quantity *quantity, struct error *err);

/* A scalar node as a distribution of `dimension`. */
int read_distribution(struct reader *reader, const struct node *node, enum dimension dimension,
                      struct distribution *distribution, struct error *err);

#endif

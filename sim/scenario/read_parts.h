/* SPDX-License-Identifier: GPL-3.0-or-later
 * read_parts.h - what the files of the reader share; nobody else needs it.
 *
 * `label` is what an error calls the value: its key, or the row's name in a list. */
#ifndef SIM_SCENARIO_READ_PARTS_H
#define SIM_SCENARIO_READ_PARTS_H

#include "sim/scenario/read.h"

enum { READ_NAME_LENGTH_MAX = 63, READ_DESCRIPTION_SIZE = 80 };

/* What was found instead: "'35'", "a list", "a mapping", "nothing". Returns `text`. */
const char *read_describe(const struct node *node, char text[READ_DESCRIPTION_SIZE]);

/* [a-z][a-z0-9_]*, not too long; where `digit_first`, [a-z0-9_]+. */
bool read_is_name(const char *text, size_t length, bool digit_first);

/* Where the text of a scalar begins, quotes aside: what parsers of texts are given. */
struct place read_text_place(const struct node *node);

/* Passes on what such a parser found in the node's text, with the label before it; at the node
 * itself where the text does not stand in the source as it is (folded, escaped). Returns -1. */
int read_text_error(const struct node *node, const char *label, const struct error *found,
                    struct error *err);

/* Fills one member of a scalar kind, lists of dates and references included. */
int read_scalar(struct reader *reader, const struct field *field, const char *label,
                const struct node *node, void *member, struct error *err);

/* The value inside {value: ..., evidence: ...}, which is noted; else the node itself. */
int read_parameter_unwrap(struct reader *reader, const struct node **node, struct error *err);

/* The keys of such a mapping. */
extern const struct field read_parameter_fields[];

/* As read_quantity of a node that is unwrapped. `text` (may be NULL) becomes the number as written,
 * by the parameter where one stands for it. */
int read_quantity_plain(struct reader *reader, const char *label, const struct node *node,
                        enum dimension dimension, struct quantity *quantity, const char **text,
                        struct error *err);

/* "a time with a unit (e.g. 35 min, 2 h, 1.5 d)". Returns `text`. */
const char *read_quantity_expected(enum dimension dimension, char text[READ_DESCRIPTION_SIZE * 2]);

/* A value in the inside unit, as a limit in an error or a reference page: "35 min", "130 %". */
const char *read_quantity_print(double value, enum dimension dimension, const char *currency,
                                char text[READ_DESCRIPTION_SIZE]);

/* As read_distribution of a node that is unwrapped. */
int read_distribution_plain(struct reader *reader, const char *label, const struct node *node,
                            enum dimension dimension, struct distribution *distribution,
                            struct error *err);

/* One name or name x count, and one or a list of them. */
int read_reference(struct reader *reader, const char *label, const struct node *node,
                   struct reference *reference, struct error *err);
int read_reference_list(struct reader *reader, const char *label, const struct node *node,
                        struct references *references, struct error *err);

#endif

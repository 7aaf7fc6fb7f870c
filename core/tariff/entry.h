/* SPDX-License-Identifier: GPL-3.0-or-later
 * entry.h - reading the entries of a tariff's sections: their keys, texts, days and exact numbers.
 *
 * Each function sets an error at the node and returns -1 when something is wrong. What is optional
 * is looked for by node_get first. */
#ifndef CORE_TARIFF_ENTRY_H
#define CORE_TARIFF_ENTRY_H

#include "core/base/node.h"
#include "core/tariff/exact.h"

#include <stdint.h>

/* That `node` is a mapping with no other keys than "a|b|c"; `what` names it: "a quota". */
int entry_keys(const struct node *node, const char *keys, const char *what, struct error *err);

/* The value of a required key; NULL and an error where it is missing. */
const struct node *entry_need(const struct node *mapping, const char *key, struct error *err);

/* A scalar's text, not empty. */
int entry_text(const struct node *node, const char **text, struct error *err);

/* 2017-01-28 */
int entry_day(const struct node *node, int64_t *day, struct error *err);

/* true or false */
int entry_boolean(const struct node *node, bool *value, struct error *err);

/* The index of the text in "a|b|c". */
int entry_choice(const struct node *node, const char *choices, int *index, struct error *err);

/* A decimal number or fraction from 0 to `max` with at most `decimals` places. */
int entry_number(const struct node *node, int64_t max, unsigned decimals, struct exact *number,
                 struct error *err);

/* "90 %" is 9/10; a number without the sign is refused. From 0 % to `max_percent`. */
int entry_share(const struct node *node, int64_t max_percent, struct exact *share,
                struct error *err);

/* An error at the node that says `wrong` is no `what`, with the nearest of `names` or all of them
 * where they are few. Returns -1. */
int entry_unknown(const struct node *node, const char *what, const char *wrong,
                  const char *const *names, unsigned count, struct error *err);

#endif

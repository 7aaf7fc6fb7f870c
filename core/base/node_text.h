/* SPDX-License-Identifier: GPL-3.0-or-later
 * node_text.h - which characters a scenario file may contain, for its reader and its writer. */
#ifndef CORE_BASE_NODE_TEXT_H
#define CORE_BASE_NODE_TEXT_H

#include "core/base/node.h"

#include <stdint.h>

/* Length of the UTF-8 character at `at` and its code point; 0 when it is none (RFC 3629: no
 * surrogates, nothing longer than needed, at most U+10FFFF). */
unsigned node_text_decode(const char *at, size_t length, uint32_t *code);

/* Whether a character may stand in a file as itself: what YAML calls printable, less the line and
 * paragraph separators, at which YAML 1.1 and 1.2 end lines differently. */
bool node_text_is_printable(uint32_t code);

/* Whether plain text is null in YAML 1.2: empty, ~, null, Null or NULL. */
bool node_text_is_null(const char *text);

/* Refuses bad UTF-8 and what is not printable, at its place. 0, or -1 and an error. */
int node_text_check(const struct source *source, struct error *err);

#endif

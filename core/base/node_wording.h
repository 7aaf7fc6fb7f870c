/* SPDX-License-Identifier: GPL-3.0-or-later
 * node_wording.h - what libyaml complains about, in the words of somebody who edits a scenario. */
#ifndef CORE_BASE_NODE_WORDING_H
#define CORE_BASE_NODE_WORDING_H

#include <stdbool.h>

/* `context` may be NULL; `at` is the character where libyaml stopped, '\0' when that is another
 * line than where the context began. The place to show is where it stopped, or with `*at_context`
 * where the unfinished thing began. NULL for what is not known here. */
const char *node_wording(const char *problem, const char *context, char at, bool *at_context);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later
 * require.c - see require.h. */
#include "core/base/require.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static _Thread_local const struct require_context *current;

void require_set_context(const struct require_context *context) {
    current = context;
}

_Noreturn void require_failed(const char *condition, const char *file, int line) {
    fprintf(stderr, "%s:%d: internal error: '%s' does not hold\n", file, line, condition);
    if (current != NULL) {
        fprintf(stderr, "  scenario %s, seed %" PRIu64 ", replication %" PRIu64, current->scenario,
                current->seed, current->replication);
        if (current->now_ns != NULL) {
            fprintf(stderr, ", simulated time %" PRId64 " ns", *current->now_ns);
        }
        fputc('\n', stderr);
    }
    abort();
}

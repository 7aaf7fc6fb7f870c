/* SPDX-License-Identifier: GPL-3.0-or-later
 * require.h - programmer errors stop the program, in every build, and say how to come back here.
 *
 * REQUIRE is for what cannot happen; what a user or a machine can cause is a struct error. */
#ifndef CORE_BASE_REQUIRE_H
#define CORE_BASE_REQUIRE_H

#include <stdint.h>

/* What to print so that the failing replication can be rerun alone. */
struct require_context {
    const char *scenario;
    uint64_t seed;
    uint64_t replication;
    const int64_t *now_ns; /* the replication's clock; may be NULL */
};

/* Names the work of the calling thread until it is set again; NULL for none. The context is the
 * one thread-local of the program: it is read only when a REQUIRE fails. Not owned. */
void require_set_context(const struct require_context *context);

_Noreturn void require_failed(const char *condition, const char *file, int line);

#define REQUIRE(condition) \
    (__builtin_expect(!!(condition), 1) ? (void)0 : require_failed(#condition, __FILE__, __LINE__))

#endif

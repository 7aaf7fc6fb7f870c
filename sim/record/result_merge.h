/* SPDX-License-Identifier: GPL-3.0-or-later
 * result_merge.h - several results of one run, each with some of the replications, as one.
 *
 * For shards, and to extend a finished result by the journal of new replications. The merged
 * result has the bytes of one run that did everything. */
#ifndef SIM_RECORD_RESULT_MERGE_H
#define SIM_RECORD_RESULT_MERGE_H

#include "sim/record/result.h"

/* The parts must describe the same run, every (point, replication) must be in one of them only, and
 * those of a point must be 0, 1, ... without a gap; ERROR_INPUT says what is missing or twice.
 * `layout` is what the merged result carries: where it is NULL, the first part's, and the parts
 * must agree in the resolved text too; where it is given, their resolved texts may be older ones
 * (that asked for fewer replications). In the arena; texts are shared with the parts. */
int result_merge(const struct result *const *parts, uint32_t count,
                 const struct result_layout *layout, struct result *merged, struct arena *arena,
                 struct error *err);

#endif

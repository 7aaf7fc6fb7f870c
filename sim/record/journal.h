/* SPDX-License-Identifier: GPL-3.0-or-later
 * journal.h - the append-only file that a run writes while it goes on.
 *
 *   header   "CLJOURN1"  u64 size  layout   u64 checksum
 *   record   "CLRR"  u32 point  u32 replication  u64 size  payload  u64 checksum
 *
 * one record per committed replication; layout and payload are drawn in journal_record.h, the
 * checksum is CRC-64 over all before it in its part. A record's starts from the header's, so a
 * record of another run does not pass.
 *
 * A record is synced before the replication counts as committed. Reading stops at the first record
 * that is cut short or whose checksum is wrong and says how many bytes it left; a record before
 * that is never lost. One process at a time writes to a journal. */
#ifndef SIM_RECORD_JOURNAL_H
#define SIM_RECORD_JOURNAL_H

#include "core/base/arena.h"
#include "core/base/error.h"
#include "sim/record/result.h"

struct journal; /* open for appending */

/* Creates `path` and writes the header; NULL and an error when a journal is there already. What a
 * crash left of a header holds no replication and is written anew. */
struct journal *journal_create(const char *path, const struct result_layout *layout,
                               struct error *err);

/* Opens an existing journal, cuts a damaged tail off, and goes on appending. */
struct journal *journal_open(const char *path, struct error *err);

/* What the header says. */
const struct result_layout *journal_layout(const struct journal *journal);

/* Writes and syncs one replication. After an error (disk full) what was committed is still whole,
 * and later calls fail with the same error. */
int journal_append(struct journal *journal, const struct result_replication *replication,
                   struct error *err);

/* Frees it too, even after an error; NULL is allowed. */
int journal_close(struct journal *journal, struct error *err);

/* All committed replications as one result, sorted by point and replication, duplicates dropped
 * (they must agree), pooled. Replications of point p at or beyond `replication_limit[p]` are left
 * out (overruns of a stopping rule); NULL keeps all. `lost_size` gets the bytes of a damaged tail;
 * it may be NULL. */
int journal_read(const char *path, struct result *result, const uint32_t *replication_limit,
                 size_t *lost_size, struct arena *arena, struct error *err);

#endif

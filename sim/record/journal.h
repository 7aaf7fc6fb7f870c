/* SPDX-License-Identifier: GPL-3.0-or-later
 * journal.h - the append-only file that a run writes while it goes on.
 *
 *   header   "CLJOURN1", layout (everything of struct result_layout), checksum
 *   record   magic, length, point, replication, payload, checksum    one per committed replication
 *
 * A record is synced before the replication counts as committed. Reading stops at the first record
 * that is cut short or whose checksum is wrong and says how many bytes it left; a record before
 * that is never lost. Histograms are stored sparse. */
#ifndef SIM_RECORD_JOURNAL_H
#define SIM_RECORD_JOURNAL_H

#include "core/base/arena.h"
#include "core/base/error.h"
#include "sim/record/result_file.h"

struct journal; /* open for appending */

/* Creates `path` (which must not exist) and writes the header. */
struct journal *journal_create(const char *path, const struct result_layout *layout,
                               struct error *err);

/* Opens an existing journal, cuts a damaged tail off, and goes on appending. */
struct journal *journal_open(const char *path, struct error *err);

int journal_append(struct journal *journal, const struct result_replication *replication,
                   struct error *err);
int journal_close(struct journal *journal, struct error *err);

/* All committed replications as one result, sorted by point and replication, duplicates dropped
 * (they must agree), pooled. Replications of point p at or beyond `replication_limit[p]` are left
 * out (overruns of a stopping rule); NULL keeps all. `lost_size` gets the bytes of a damaged tail.
 */
int journal_read(const char *path, struct result *result, const uint32_t *replication_limit,
                 size_t *lost_size, struct arena *arena, struct error *err);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later
 * result_file.h - the canonical HDF5 file of a run.
 *
 * Singular names are the dimensions, each a dimension scale with its labels; plural names hold what
 * belongs to them (result_schema.c has the list, a row a dataset):
 *
 *   /                 attributes: format_version experiment version revision seed base_point
 *                     series_bin_ns
 *   /resolved         the experiment as one YAML text
 *   /point [P]        names; /points/{system,levels}
 *   /row [R]          0, 1, ...: one a replication, sorted by point and replication;
 *                     /replications/{point,replication,fingerprint,event_count}
 *   /metric [M]       names; /metrics/value [R x M] double, NaN where a system lacks the metric;
 *                     /metrics/{unit,doc,kind,subject,group,statistic} [M]
 *   /histogram [H]    names; /bucket [B] lower bounds, ns; /histograms/count [P x H x B] uint64,
 *                     pooled over replications; /histograms/{unit,doc,...} [H]
 *   /series [S]       names; /bin [T] starts, ns; /time_series/sum [P x S x T] int64, pooled;
 *                     /time_series/{unit,doc,...} [S]
 *   /consignment [N]  0, 1, ...; /column [C] names; /consignments/value [N x C] int64, the sample;
 *                     /consignments/{unit,doc,text,...} [C]
 *
 * Texts are UTF-8. Behind the HDF5 data, where HDF5 readers do not look, stand 24 bytes:
 *
 *   "CLRESULT"   u64 size of what is before   u64 CRC-64 of all that, size included
 *
 * so that a cut or altered file is known before HDF5 tries to make sense of it.
 *
 * The same replications give the same bytes whatever order or number of runs they came from, for
 * one release of HDF5 and zlib: the file is made in memory in one pass, written under a temporary
 * name in the same folder, synced, and renamed. */
#ifndef SIM_RECORD_RESULT_FILE_H
#define SIM_RECORD_RESULT_FILE_H

#include "sim/record/result.h"

enum { RESULT_FORMAT_VERSION = 1 };

/* Replaces an earlier result of that name, but no file of another kind. 0, or -1 and an error; then
 * what stood under `path` before still stands there. HDF5 is entered by one thread at a time. */
int result_file_write(const char *path, const struct result *result, struct error *err);

/* Whether a result may stand under `path`, as far as one can see without writing it. 0, or -1 and
 * an error. */
int result_file_check_path(const char *path, struct error *err);

/* Reads a whole file, checking every shape; a truncated, altered or foreign file is an error. */
int result_file_read(const char *path, struct result *result, struct arena *arena,
                     struct error *err);

#endif

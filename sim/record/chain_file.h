/* SPDX-License-Identifier: GPL-3.0-or-later
 * chain_file.h - the saved chains of a run: an HDF5 file of their own, or part of a result.
 *
 * Chains stand one after another by point and replication, each as its records: the genesis at
 * height 0, then its blocks as block_encode writes them.
 *
 *   /                   attribute: chain_format_version
 *   /chain [C]          0, 1, ...
 *   /chains/{point,replication,first_block,height} [C]
 *                       which replication; its first record; the height of its last block
 *   /block [K]          the height of every record, 0 for a genesis
 *   /blocks/{offset,length,checksum} [K]
 *                       where it stands in the bytes; how long it is; its CRC-64
 *   /blocks/bytes [B]   of all records, in chunks of 256 KiB, neither compressed nor padded
 *
 * Numbers are uint64, bytes uint8. Behind the HDF5 data stand, little-endian, what vouches for
 * HDF5's own structures before HDF5 sees them, and the trailer of result_file.h:
 *
 *   u64 address of each chunk of bytes, ascending
 *   u64 CRC-64 of each page of what is not in these chunks: every gap cut into 4096 bytes
 *   "CLCHAINS"  u64 chunks  u64 pages  u64 size of the HDF5 data  u64 CRC-64 of all since then
 *   "CLRESULT"  u64 size of what is before  u64 CRC-64 of all that, size included
 *
 * Blocks are vouched for by their hashes and signatures, see chain_file_verify.h. The same blocks
 * give the same bytes for one release of HDF5. Writers and readers may be used by several threads,
 * each by one at a time: they enter HDF5 one after another. */
#ifndef SIM_RECORD_CHAIN_FILE_H
#define SIM_RECORD_CHAIN_FILE_H

#include "core/base/error.h"
#include "core/ledger/ledger.h"

enum { CHAIN_FILE_VERSION = 1, CHAIN_FILE_CHUNK = 1 << 18, CHAIN_FILE_PARAMETERS_MAX = 1 << 16 };

/* ---- writing -------------------------------------------------------------------------------- */

struct chain_writer;

/* Begins a file that stands under a temporary name until it is closed. `result` is a result file
 * whose contents the file is to have too (it may be `path` itself), NULL for none. NULL and an
 * error. Memory does not grow with the chains but for 8 bytes a chunk. */
struct chain_writer *chain_file_create(const char *path, const char *result, struct arena *arena,
                                       struct error *err);

/* Begins a chain; point and replication rise. `parameters` is text for the reader, such as those of
 * consensus, and no part of what names the ledger. 0, or -1 and an error, as all below. */
int chain_file_begin(struct chain_writer *writer, uint32_t point, uint32_t replication,
                     const struct ledger_genesis *genesis, const char *parameters,
                     struct error *err);

/* Adds the next block of that chain. */
int chain_file_add(struct chain_writer *writer, const struct block *block,
                   const struct consensus_certificate *certificate, struct error *err);

/* Adds all chains of another file. Their blocks are copied, not looked at. */
int chain_file_append(struct chain_writer *writer, const char *path, struct error *err);

/* Finishes the file, syncs it and gives it its name. After an error nothing stands there, or what
 * stood there before. Either way the writer is gone. */
int chain_file_close(struct chain_writer *writer, struct error *err);

/* Gives the file up; NULL is fine. */
void chain_file_abandon(struct chain_writer *writer);

/* ---- reading -------------------------------------------------------------------------------- */

/* Where and why a file is damaged. */
struct chain_fault {
    bool has_chain, has_height; /* whether what follows is known */
    uint32_t chain, point, replication;
    uint64_t height;
    char field[40];
    uint64_t offset; /* in the file */
    char reason[160];
};

/* Of a genesis the blobs point into the record, the rest into an arena. */
struct chain_genesis {
    struct ledger_genesis ledger;
    struct codec_blob parameters;
};

struct chain_record {
    uint64_t height;
    uint64_t position; /* in the bytes of all chains */
    uint64_t checksum;
    struct codec_blob bytes;
};

struct chain_file;

/* Opens a file in which all but the blocks is as it was written. NULL, and the error when it cannot
 * be read or the fault when it is damaged. To be closed. */
struct chain_file *chain_file_open(const char *path, struct arena *arena, struct chain_fault *fault,
                                   struct error *err);
void chain_file_free(struct chain_file *file);

/* Whether a file says of itself that it has chains. False as well when it cannot be read. */
bool chain_file_has_chains(const char *path);

uint32_t chain_file_count(const struct chain_file *file);
uint64_t chain_file_height(const struct chain_file *file, uint32_t chain); /* of its last block */
void chain_file_replication(const struct chain_file *file, uint32_t chain, uint32_t *point,
                            uint32_t *replication);

/* The records of a chain from `height` on: at most `count_max`, and about `size_max` bytes but at
 * least one record. In the arena. The number of records; 0 behind the last; -1 and the fault. */
int32_t chain_file_read(struct chain_file *file, uint32_t chain, uint64_t height,
                        uint32_t count_max, uint64_t size_max, struct arena *arena,
                        struct chain_record **records, struct chain_fault *fault);

/* Where in the file a byte of a record stands. */
uint64_t chain_file_offset(const struct chain_file *file, const struct chain_record *record,
                           size_t within);

/* Whether its bytes have its checksum. */
bool chain_file_is_whole(const struct chain_record *record);

/* Reads a record as a genesis. 0, or -1 and where and why it is none. */
int chain_file_genesis(const struct chain_record *record, struct arena *arena,
                       struct chain_genesis *genesis, struct codec_fault *fault);

/* What is damaged although all that was read is as it should be: the bytes behind the last block,
 * or the trailer. 0, or -1 and the fault. */
int chain_file_check_rest(struct chain_file *file, struct chain_fault *fault);

/* Fills a fault of a chain; -1. `height` NULL: of no block in particular. */
int chain_file_fault(const struct chain_file *file, uint32_t chain, const uint64_t *height,
                     const char *field, uint64_t offset, const char *reason,
                     struct chain_fault *fault);

#endif

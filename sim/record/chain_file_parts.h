/* SPDX-License-Identifier: GPL-3.0-or-later
 * chain_file_parts.h - what the writer and the reader of saved chains share. */
#ifndef SIM_RECORD_CHAIN_FILE_PARTS_H
#define SIM_RECORD_CHAIN_FILE_PARTS_H

#include "sim/record/chain_file.h"
#include "sim/record/result_hdf5.h"

#define CHAIN_FILE_MAGIC "CLCHAINS"
#define CHAIN_FILE_BYTES_PATH "/blocks/bytes"

enum {
    CHAIN_FILE_FOOT = 8 + 8 + 8 + 8 + 8, /* of the directory, behind its lists */
    CHAIN_FILE_PAGE = 4096,
    CHAIN_FILE_ROWS = 1024, /* in a chunk of a column */
};

/* Columns of numbers, a row each; the first of an axis is its scale. */
enum chain_column {
    COLUMN_CHAIN,
    COLUMN_POINT,
    COLUMN_REPLICATION,
    COLUMN_FIRST_BLOCK,
    COLUMN_HEIGHT,
    COLUMN_BLOCK,
    COLUMN_OFFSET,
    COLUMN_LENGTH,
    COLUMN_CHECKSUM,
    CHAIN_FILE_COLUMNS
};

struct chain_file_column {
    const char *path, *unit, *doc;
};

extern const struct chain_file_column chain_file_columns[CHAIN_FILE_COLUMNS];

/* Which parts of a file are chunks of bytes, and checksums of the rest. */
struct chain_directory {
    uint64_t hdf5_size, chunk_count, page_count;
    uint64_t *addresses, *pages;
};

/* Pages of what is not in chunks; UINT64_MAX when the chunks overlap or lie outside. */
uint64_t chain_file_page_count(const struct chain_directory *directory);

/* Reads the HDF5 data, works out the checksum of every page into `pages`, and of the whole. */
int chain_file_scan(int file, const char *path, const struct chain_directory *directory,
                    uint64_t *pages, uint64_t *whole, struct error *err);

/* Puts directory and trailer behind the HDF5 data, which is all that stands in the file. Of the
 * directory the chunks are known; the rest is filled. */
int chain_file_seal(int file, const char *path, struct chain_directory *directory,
                    struct arena *arena, struct error *err);

/* How HDF5 opens these files. */
hid_t chain_file_access(void);

struct codec_blob chain_file_encode_genesis(const struct ledger_genesis *genesis,
                                            const char *parameters, struct arena *arena);

#endif

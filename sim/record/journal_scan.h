/* SPDX-License-Identifier: GPL-3.0-or-later
 * journal_scan.h - what a journal file holds, found by reading it once from the start. */
#ifndef SIM_RECORD_JOURNAL_SCAN_H
#define SIM_RECORD_JOURNAL_SCAN_H

#include "sim/record/bytes.h"
#include "sim/record/result.h"

#define JOURNAL_HEADER_MAGIC "CLJOURN1"
#define JOURNAL_RECORD_MAGIC "CLRR"
enum {
    JOURNAL_MAGIC_SIZE = 8,
    JOURNAL_HEADER_HEAD_SIZE = 8 + 8,         /* magic, size */
    JOURNAL_RECORD_HEAD_SIZE = 4 + 4 + 4 + 8, /* magic, point, replication, size */
    JOURNAL_CHECKSUM_SIZE = 8,
};

/* One whole record. */
struct journal_entry {
    uint32_t point, replication;
    uint32_t table_row_count;
    uint64_t offset; /* of its payload */
    size_t size;     /* of its payload */
    uint64_t checksum;
};

struct journal_scan {
    struct result_layout layout;
    uint64_t header_checksum;
    struct journal_entry *entries; /* in the order of the file */
    size_t entry_count;
    uint64_t good_size; /* up to the end of the last whole record */
    uint64_t lost_size; /* behind that */
};

enum journal_header { JOURNAL_HEADER_WHOLE, JOURNAL_HEADER_CUT, JOURNAL_HEADER_FOREIGN };

/* Whether the file begins as a journal, and with a whole header. -1 when it cannot be read. */
int journal_scan_header(int file, uint64_t file_size, const char *path, struct error *err);

/* Reads the whole file. Layout and entries go to the arena. */
int journal_scan(int file, uint64_t file_size, const char *path, struct journal_scan *scan,
                 struct arena *arena, struct error *err);

/* Reads one record's payload into `buffer` and checks it again. */
int journal_scan_payload(int file, const char *path, const struct journal_scan *scan,
                         const struct journal_entry *entry, struct bytes *buffer,
                         struct error *err);

#endif

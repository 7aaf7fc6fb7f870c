/* SPDX-License-Identifier: GPL-3.0-or-later
 * journal_read.c - a journal as a result; see journal.h.
 *
 * The file is gone through twice: once to know what is there, once in the order of the result, so
 * that memory holds one unpacked replication at a time. */
#define _DEFAULT_SOURCE /* close */
#include "sim/record/journal.h"
#include "sim/record/journal_record.h"
#include "sim/record/journal_scan.h"
#include "sim/record/result_pool.h"
#include "sim/record/storage.h"

#include <stdlib.h>
#include <unistd.h>

static int compare_entries(const void *left, const void *right) {
    const struct journal_entry *a = left, *b = right;
    if (a->point != b->point) {
        return a->point < b->point ? -1 : 1;
    }
    if (a->replication != b->replication) {
        return a->replication < b->replication ? -1 : 1;
    }
    return (a->offset > b->offset) - (a->offset < b->offset);
}

/* Leaves the entries that go into the result, sorted. Two records of one replication are equal when
 * their checksums are: these cover all their bytes. */
static int choose_entries(struct journal_scan *scan, const uint32_t *replication_limit,
                          const char *path, struct error *err) {
    struct journal_entry *entries = scan->entries;
    if (scan->entry_count > 0) {
        qsort(entries, scan->entry_count, sizeof *entries, compare_entries);
    }
    size_t kept = 0;
    for (size_t i = 0; i < scan->entry_count; i++) {
        const struct journal_entry *e = &entries[i];
        const struct journal_entry *before = kept > 0 ? &entries[kept - 1] : NULL;
        if (replication_limit != NULL && e->replication >= replication_limit[e->point]) {
            continue;
        }
        if (before != NULL && before->point == e->point && before->replication == e->replication) {
            if (before->checksum != e->checksum) {
                return error_set(err, ERROR_RUN,
                                 "%s holds replication %u of point '%s' twice, and they differ: "
                                 "remove it and run again",
                                 path, e->replication, scan->layout.points[e->point].name);
            }
            continue;
        }
        entries[kept++] = *e;
    }
    scan->entry_count = kept;
    return 0;
}

static int pool_entries(int file, const char *path, const struct journal_scan *scan,
                        struct result_pool *pool, struct error *err) {
    struct arena scratch = ARENA_INIT;
    struct bytes buffer = {.arena = &scratch};
    struct journal_unpacked unpacked;
    journal_record_prepare(&unpacked, &scan->layout, &scratch);
    int status = 0;
    for (size_t i = 0; i < scan->entry_count && status == 0; i++) {
        const struct journal_entry *e = &scan->entries[i];
        struct result_replication rep = {.point = e->point, .replication = e->replication};
        status = journal_scan_payload(file, path, scan, e, &buffer, err);
        if (status == 0) {
            status =
                journal_record_take(buffer.data, buffer.size, &scan->layout, &unpacked, &rep, err);
        }
        if (status == 0) {
            status = result_pool_add(pool, &rep, err);
        }
    }
    arena_free(&scratch);
    return status;
}

static int read_open_file(int file, uint64_t file_size, const char *path, struct result *result,
                          const uint32_t *replication_limit, size_t *lost_size, struct arena *arena,
                          struct error *err) {
    struct journal_scan scan;
    if (journal_scan(file, file_size, path, &scan, arena, err) != 0 ||
        choose_entries(&scan, replication_limit, path, err) != 0) {
        return -1;
    }
    uint64_t table_row_count = 0;
    for (size_t i = 0; i < scan.entry_count; i++) {
        table_row_count += scan.entries[i].table_row_count;
    }
    if (scan.entry_count > RESULT_CELLS_MAX) {
        return error_set(err, ERROR_RUN, "%s holds too many replications for one result", path);
    }
    struct result_pool pool;
    if (result_pool_init(&pool, &scan.layout, (uint32_t)scan.entry_count, table_row_count, arena,
                         err) != 0 ||
        pool_entries(file, path, &scan, &pool, err) != 0) {
        return -1;
    }
    if (lost_size != NULL) {
        *lost_size = (size_t)scan.lost_size;
    }
    *result = result_pool_finish(&pool);
    return result_check(result, err);
}

int journal_read(const char *path, struct result *result, const uint32_t *replication_limit,
                 size_t *lost_size, struct arena *arena, struct error *err) {
    uint64_t file_size;
    int file = storage_open(path, &file_size, err);
    if (file < 0) {
        return -1;
    }
    int status =
        read_open_file(file, file_size, path, result, replication_limit, lost_size, arena, err);
    close(file);
    return status;
}

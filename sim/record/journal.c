/* SPDX-License-Identifier: GPL-3.0-or-later
 * journal.c - appending to a journal; see journal.h. */
#define _DEFAULT_SOURCE /* flock, fdatasync, ftruncate */
#include "sim/record/journal.h"

#include "core/base/require.h"
#include "sim/record/checksum.h"
#include "sim/record/journal_record.h"
#include "sim/record/journal_scan.h"
#include "sim/record/storage.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

struct journal {
    int file;
    const char *path;
    struct result_layout layout;
    uint64_t header_checksum;
    uint64_t size;       /* what is committed */
    struct bytes record; /* used again for each */
    struct arena arena;  /* all of the above, this struct included */
    struct error failed; /* the first failure; nothing is appended after it */
};

/* Opens for writing and shuts other processes out until it is closed or its process ends. */
static int open_locked(const char *path, int flags, uint64_t *size, struct error *err) {
    int file = open(path, flags | O_RDWR | O_CLOEXEC, 0666);
    if (file < 0) {
        return error_set(err, ERROR_RUN, "cannot %s journal %s: %s",
                         flags & O_CREAT ? "create" : "open", path, strerror(errno));
    }
    if (flock(file, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
        close(file);
        return error_set(err, ERROR_RUN,
                         "another process writes to journal %s: wait for it or stop it", path);
    }
    struct stat status;
    if (fstat(file, &status) != 0 || !S_ISREG(status.st_mode)) {
        close(file);
        return error_set(err, ERROR_RUN, "cannot write journal %s: it is not a file", path);
    }
    *size = (uint64_t)status.st_size;
    return file;
}

static struct journal *make(int file, const char *path) {
    struct arena arena = ARENA_INIT;
    struct journal *journal = ARENA_NEW(&arena, struct journal);
    journal->file = file;
    journal->path = arena_text(&arena, path, strlen(path));
    journal->arena = arena;
    journal->record.arena = &journal->arena;
    journal->failed = (struct error)ERROR_INIT;
    return journal;
}

static void discard(struct journal *journal) {
    struct arena arena = journal->arena; /* it holds the struct itself */
    close(journal->file);
    arena_free(&arena);
}

/* Fills journal->record with the header and takes the layout over from it, texts and all. */
static int pack_header(struct journal *journal, const struct result_layout *layout,
                       struct error *err) {
    struct bytes packed = {.arena = &journal->arena}, *header = &journal->record;
    journal_record_put_layout(&packed, layout);
    bytes_put(header, JOURNAL_HEADER_MAGIC, JOURNAL_MAGIC_SIZE);
    bytes_put_u64(header, packed.size);
    bytes_put(header, packed.data, packed.size);
    journal->header_checksum = checksum(0, header->data, header->size);
    bytes_put_u64(header, journal->header_checksum);
    journal->size = header->size;
    return journal_record_take_layout(packed.data, packed.size, &journal->layout, &journal->arena,
                                      err);
}

static int write_header(struct journal *journal, struct error *err) {
    const struct bytes *header = &journal->record;
    if (ftruncate(journal->file, 0) != 0) {
        return error_set(err, ERROR_RUN, "cannot write journal %s: %s", journal->path,
                         strerror(errno));
    }
    if (storage_write(journal->file, header->data, header->size, journal->path, err) != 0) {
        return -1;
    }
    if (fdatasync(journal->file) != 0) {
        return error_set(err, ERROR_RUN, "cannot sync %s: %s", journal->path, strerror(errno));
    }
    return storage_sync_folder(journal->path, err);
}

/* The file must be new, or as short as a crash within this header leaves it. */
static int check_new(const struct journal *journal, uint64_t size, struct error *err) {
    int header = journal_scan_header(journal->file, size, journal->path, err);
    if (header == JOURNAL_HEADER_CUT && size < journal->record.size) {
        return 0;
    }
    if (header == JOURNAL_HEADER_FOREIGN) {
        return error_set(err, ERROR_RUN,
                         "%s exists and is not a journal; it was left alone: choose another name",
                         journal->path);
    }
    return error_set(err, ERROR_RUN,
                     "journal %s exists: go on with `clearlab resume %s`, or remove it",
                     journal->path, journal->path);
}

struct journal *journal_create(const char *path, const struct result_layout *layout,
                               struct error *err) {
    uint64_t size;
    if (result_check_layout(layout, err) != 0) {
        return NULL;
    }
    int file = open_locked(path, O_CREAT, &size, err);
    if (file < 0) {
        return NULL;
    }
    struct journal *journal = make(file, path);
    if (pack_header(journal, layout, err) == 0 && check_new(journal, size, err) == 0) {
        if (write_header(journal, err) == 0) {
            return journal;
        }
        unlink(path);
    }
    discard(journal);
    return NULL;
}

struct journal *journal_open(const char *path, struct error *err) {
    uint64_t size;
    int file = open_locked(path, 0, &size, err);
    if (file < 0) {
        return NULL;
    }
    struct journal *journal = make(file, path);
    struct journal_scan scan;
    if (journal_scan(file, size, path, &scan, &journal->arena, err) != 0) {
        discard(journal);
        return NULL;
    }
    journal->layout = scan.layout;
    journal->header_checksum = scan.header_checksum;
    journal->size = scan.good_size;
    if (ftruncate(file, (off_t)scan.good_size) != 0 ||
        lseek(file, (off_t)scan.good_size, SEEK_SET) < 0) {
        error_set(err, ERROR_RUN, "cannot write journal %s: %s", path, strerror(errno));
        discard(journal);
        return NULL;
    }
    return journal;
}

const struct result_layout *journal_layout(const struct journal *journal) {
    return &journal->layout;
}

/* Fills journal->record. */
static void pack(struct journal *journal, const struct result_replication *replication) {
    struct bytes *record = &journal->record;
    const size_t size_at = JOURNAL_RECORD_HEAD_SIZE - 8;
    record->size = 0;
    bytes_put(record, JOURNAL_RECORD_MAGIC, 4);
    bytes_put_u32(record, replication->point);
    bytes_put_u32(record, replication->replication);
    bytes_put_u64(record, 0); /* the size, once it is known */
    journal_record_put(record, &journal->layout, replication);
    size_t end = record->size;
    record->size = size_at;
    bytes_put_u64(record, end - JOURNAL_RECORD_HEAD_SIZE);
    record->size = end;
    bytes_put_u64(record, checksum(journal->header_checksum, record->data, record->size));
}

int journal_append(struct journal *journal, const struct result_replication *replication,
                   struct error *err) {
    REQUIRE(replication->point < journal->layout.point_count);
    REQUIRE(replication->replication < RESULT_REPLICATIONS_MAX);
    struct error cause = ERROR_INIT;
    if (journal->failed.code == ERROR_NONE) {
        pack(journal, replication);
        int status = storage_write(journal->file, journal->record.data, journal->record.size,
                                   journal->path, &cause);
        if (status == 0 && fdatasync(journal->file) != 0) {
            status =
                error_set(&cause, ERROR_RUN, "cannot sync %s: %s", journal->path, strerror(errno));
        }
        if (status == 0) {
            journal->size += journal->record.size;
            return 0;
        }
        error_set(&journal->failed, ERROR_RUN,
                  "%s; what is committed in it is kept: free some space and run "
                  "`clearlab resume %s`",
                  cause.text, journal->path);
        /* A part of a record would be known as such when read; without it the file is tidy. */
        if (ftruncate(journal->file, (off_t)journal->size) == 0) {
            (void)fdatasync(journal->file);
        }
    }
    return error_set(err, ERROR_RUN, "%s", journal->failed.text);
}

int journal_close(struct journal *journal, struct error *err) {
    if (journal == NULL) {
        return 0;
    }
    struct arena arena = journal->arena;
    int status = close(journal->file) == 0
                     ? 0
                     : error_set(err, ERROR_RUN, "cannot close journal %s: %s", journal->path,
                                 strerror(errno));
    arena_free(&arena);
    return status;
}

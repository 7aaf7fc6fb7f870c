/* SPDX-License-Identifier: GPL-3.0-or-later
 * journal_scan.c - see journal_scan.h. */
#include "sim/record/journal_scan.h"

#include "sim/record/checksum.h"
#include "sim/record/journal_record.h"
#include "sim/record/storage.h"

#include <string.h>

/* `size` bytes of the file in a buffer that is used again. */
static int load(int file, const char *path, uint64_t offset, size_t size, struct bytes *buffer,
                struct error *err) {
    if (size > buffer->capacity) {
        buffer->capacity = 2 * size;
        buffer->data = arena_alloc(buffer->arena, buffer->capacity);
    }
    buffer->size = size;
    return storage_read(file, buffer->data, size, offset, path, err);
}

static uint64_t little_endian(const uint8_t *data, size_t at) {
    struct bytes_reader reader = {.data = data, .size = at + 8, .at = at};
    return bytes_take_u64(&reader);
}

/* The size of the layout, or 0 when the file ends before the header does. */
static size_t layout_size(uint64_t file_size, const uint8_t *head) {
    uint64_t around = JOURNAL_HEADER_HEAD_SIZE + JOURNAL_CHECKSUM_SIZE;
    uint64_t size = little_endian(head, JOURNAL_MAGIC_SIZE);
    return file_size >= around && size <= file_size - around ? (size_t)size : 0;
}

int journal_scan_header(int file, uint64_t file_size, const char *path, struct error *err) {
    uint8_t head[JOURNAL_HEADER_HEAD_SIZE];
    size_t size = file_size < sizeof head ? (size_t)file_size : sizeof head;
    if (storage_read(file, head, size, 0, path, err) != 0) {
        return -1;
    }
    if (memcmp(head, JOURNAL_HEADER_MAGIC, size < JOURNAL_MAGIC_SIZE ? size : JOURNAL_MAGIC_SIZE) !=
        0) {
        return JOURNAL_HEADER_FOREIGN;
    }
    return size < sizeof head || layout_size(file_size, head) == 0 ? JOURNAL_HEADER_CUT
                                                                   : JOURNAL_HEADER_WHOLE;
}

/* Checks and unpacks the header; leaves scan->good_size behind it. */
static int read_header(int file, uint64_t file_size, const char *path, struct journal_scan *scan,
                       struct bytes *buffer, struct arena *arena, struct error *err) {
    int header = journal_scan_header(file, file_size, path, err);
    if (header == JOURNAL_HEADER_FOREIGN) {
        return error_set(err, ERROR_RUN, "%s is not a journal of a run", path);
    }
    if (header == JOURNAL_HEADER_CUT) {
        return error_set(err, ERROR_RUN,
                         "%s ends within its header, before the first replication: give the "
                         "command that began the run again",
                         path);
    }
    uint8_t head[JOURNAL_HEADER_HEAD_SIZE];
    if (header < 0 || storage_read(file, head, sizeof head, 0, path, err) != 0) {
        return -1;
    }
    size_t size = sizeof head + layout_size(file_size, head);
    if (load(file, path, 0, size + JOURNAL_CHECKSUM_SIZE, buffer, err) != 0) {
        return -1;
    }
    scan->header_checksum = checksum(0, buffer->data, size);
    if (scan->header_checksum != little_endian(buffer->data, size)) {
        return error_set(err, ERROR_RUN,
                         "the header of %s is damaged: its replications are lost; remove it and "
                         "give the command that began the run again",
                         path);
    }
    scan->good_size = size + JOURNAL_CHECKSUM_SIZE;
    return journal_record_take_layout(buffer->data + sizeof head, size - sizeof head, &scan->layout,
                                      arena, err);
}

/* Takes the record at `offset`. 1 when it is whole, 0 when it is not, -1 on a read error. */
static int read_record(int file, uint64_t file_size, const char *path, uint64_t offset,
                       const struct journal_scan *scan, struct journal_entry *entry,
                       struct bytes *buffer, struct error *err) {
    const size_t around = JOURNAL_RECORD_HEAD_SIZE + JOURNAL_CHECKSUM_SIZE;
    if (file_size - offset < around) {
        return 0;
    }
    uint8_t head[JOURNAL_RECORD_HEAD_SIZE];
    if (storage_read(file, head, sizeof head, offset, path, err) != 0) {
        return -1;
    }
    struct bytes_reader reader = {.data = head, .size = sizeof head, .at = 4};
    *entry = (struct journal_entry){.point = bytes_take_u32(&reader),
                                    .replication = bytes_take_u32(&reader),
                                    .offset = offset + sizeof head};
    uint64_t size = bytes_take_u64(&reader);
    if (memcmp(head, JOURNAL_RECORD_MAGIC, 4) != 0 || size > file_size - offset - around ||
        entry->point >= scan->layout.point_count || entry->replication >= RESULT_REPLICATIONS_MAX) {
        return 0;
    }
    entry->size = (size_t)size;
    if (load(file, path, entry->offset, entry->size + JOURNAL_CHECKSUM_SIZE, buffer, err) != 0) {
        return -1;
    }
    entry->checksum =
        checksum(checksum(scan->header_checksum, head, sizeof head), buffer->data, entry->size);
    entry->table_row_count = journal_record_table_rows(buffer->data, entry->size);
    return entry->checksum == little_endian(buffer->data, entry->size);
}

int journal_scan(int file, uint64_t file_size, const char *path, struct journal_scan *scan,
                 struct arena *arena, struct error *err) {
    struct arena scratch = ARENA_INIT;
    struct bytes buffer = {.arena = &scratch};
    *scan = (struct journal_scan){0};
    int status = read_header(file, file_size, path, scan, &buffer, arena, err);
    size_t capacity = 0;
    while (status == 0) {
        struct journal_entry entry;
        int whole = read_record(file, file_size, path, scan->good_size, scan, &entry, &buffer, err);
        if (whole <= 0) {
            status = whole;
            break;
        }
        scan->entries =
            arena_grow(arena, scan->entries, scan->entry_count, &capacity, sizeof *scan->entries);
        scan->entries[scan->entry_count++] = entry;
        scan->good_size = entry.offset + entry.size + JOURNAL_CHECKSUM_SIZE;
    }
    scan->lost_size = file_size - scan->good_size;
    arena_free(&scratch);
    return status;
}

int journal_scan_payload(int file, const char *path, const struct journal_scan *scan,
                         const struct journal_entry *entry, struct bytes *buffer,
                         struct error *err) {
    struct journal_entry again;
    uint64_t offset = entry->offset - JOURNAL_RECORD_HEAD_SIZE;
    int whole = read_record(file, scan->good_size, path, offset, scan, &again, buffer, err);
    if (whole < 0) {
        return -1;
    }
    if (whole == 0 || again.checksum != entry->checksum) {
        return error_set(err, ERROR_RUN, "%s changed while it was read", path);
    }
    buffer->size = entry->size;
    return 0;
}

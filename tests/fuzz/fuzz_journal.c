/* SPDX-License-Identifier: GPL-3.0-or-later
 * fuzz_journal.c - no bytes make the reader of journals crash, hang or ask for absurd memory.
 *
 * Most inputs would end at the first checksum, so the same bytes are also tried behind it: as a
 * layout, as the payload of a replication, and as one in a journal whose checksums are right. What
 * is accepted as a payload must come back the same after being written again. */
#define _GNU_SOURCE /* memfd_create */
#include "tests/unit/sample_result.h"

#include "core/base/require.h"
#include "sim/record/checksum.h"
#include "sim/record/journal_record.h"
#include "sim/record/journal_scan.h"

#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_as_file(const uint8_t *data, size_t size) {
    struct arena arena = ARENA_INIT;
    struct error err = ERROR_INIT;
    struct result result;
    char path[64];
    int file = memfd_create("journal", MFD_CLOEXEC);
    REQUIRE(file >= 0);
    REQUIRE(write(file, data, size) == (ssize_t)size);
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    if (journal_read(path, &result, NULL, NULL, &arena, &err) == 0) {
        struct error check = ERROR_INIT;
        REQUIRE(result_check(&result, &check) == 0);
    }
    close(file);
    arena_free(&arena);
}

static void read_as_layout(const uint8_t *data, size_t size) {
    struct arena arena = ARENA_INIT;
    struct error err = ERROR_INIT;
    struct result_layout layout, again;
    if (journal_record_take_layout(data, size, &layout, &arena, &err) == 0) {
        struct bytes bytes = {.arena = &arena};
        journal_record_put_layout(&bytes, &layout);
        REQUIRE(journal_record_take_layout(bytes.data, bytes.size, &again, &arena, &err) == 0);
        REQUIRE(result_compare_layouts(&layout, &again, RESULT_COMPARE_ALL, &err) == 0);
    }
    arena_free(&arena);
}

static void read_as_payload(const uint8_t *data, size_t size) {
    struct arena arena = ARENA_INIT;
    struct error err = ERROR_INIT;
    struct result_layout layout = sample_layout();
    struct journal_unpacked unpacked;
    struct result_replication rep = {0}, again = {0};
    journal_record_prepare(&unpacked, &layout, &arena);
    int status = journal_record_take(data, size, &layout, &unpacked, &rep, &err);
    for (uint32_t row = 0; status == 0 && row < rep.table_row_count; row++) {
        unpacked.table[row * SAMPLE_COLUMNS] = rep.point;
        unpacked.table[row * SAMPLE_COLUMNS + 1] = rep.replication;
    }
    if (status == 0) {
        struct bytes first = {.arena = &arena}, second = {.arena = &arena};
        journal_record_put(&first, &layout, &rep);
        REQUIRE(journal_record_take(first.data, first.size, &layout, &unpacked, &again, &err) == 0);
        journal_record_put(&second, &layout, &again);
        REQUIRE(first.size == second.size);
        REQUIRE(memcmp(first.data, second.data, first.size) == 0);
    }
    arena_free(&arena);
}

static void read_in_journal(const uint8_t *data, size_t size) {
    struct arena arena = ARENA_INIT;
    struct bytes layout_bytes = {.arena = &arena}, journal = {.arena = &arena};
    struct result_layout layout = sample_layout();
    journal_record_put_layout(&layout_bytes, &layout);
    bytes_put(&journal, JOURNAL_HEADER_MAGIC, JOURNAL_MAGIC_SIZE);
    bytes_put_u64(&journal, layout_bytes.size);
    bytes_put(&journal, layout_bytes.data, layout_bytes.size);
    uint64_t header = checksum(0, journal.data, journal.size);
    bytes_put_u64(&journal, header);
    size_t start = journal.size;
    bytes_put(&journal, JOURNAL_RECORD_MAGIC, 4);
    bytes_put_u32(&journal, 0);
    bytes_put_u32(&journal, 0);
    bytes_put_u64(&journal, size);
    bytes_put(&journal, data, size);
    bytes_put_u64(&journal, checksum(header, journal.data + start, journal.size - start));
    read_as_file(journal.data, journal.size);
    arena_free(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    read_as_file(data, size);
    read_as_layout(data, size);
    read_as_payload(data, size);
    read_in_journal(data, size);
    return 0;
}

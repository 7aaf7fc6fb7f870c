/* SPDX-License-Identifier: GPL-3.0-or-later
 * fuzz_chain.c - no bytes make the reader of saved chains crash, hang or call altered blocks valid.
 *
 * Input whose first byte is even is a file. Otherwise it alters a file of two chains, six bytes an
 * alteration: which dataset, where in it, what to add; then all checksums are made anew, so that it
 * gets past them. HDF5's own parser is not ours: what it alone reads is left alone. */
#define _DEFAULT_SOURCE /* mkdtemp, mkstemp */
#include "core/base/require.h"
#include "sim/record/chain_file_parts.h"
#include "sim/record/checksum.h"
#include "tests/unit/made_chain.h"

#include <unistd.h>

enum { CHAINS = 2, HEIGHTS = 3, RECORDS = CHAINS * (HEIGHTS + 1), FILE_SIZE_MAX = 1 << 20 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct base {
    uint8_t *bytes;
    size_t size;
    uint64_t hdf5_size, chunk, used; /* of the chunk of bytes; how many are of blocks */
    uint64_t columns[CHAIN_FILE_COLUMNS];
};

static uint64_t address_of(hid_t hdf5, const char *path) {
    hid_t dataset = H5Dopen2(hdf5, path, H5P_DEFAULT), space = H5Dget_space(dataset);
    hsize_t offset, length;
    haddr_t address;
    unsigned mask;
    REQUIRE(H5Dget_chunk_info(dataset, space, 0, &offset, &mask, &address, &length) >= 0);
    H5Sclose(space);
    H5Dclose(dataset);
    return address;
}

static void write_base(const char *path, struct arena *arena) {
    struct error err = ERROR_INIT;
    struct chain_writer *writer = chain_file_create(path, NULL, arena, &err);
    REQUIRE(writer != NULL);
    for (uint32_t i = 0; i < CHAINS; i++) {
        struct made_chain chain = made_chain(arena, 5 + i, HEIGHTS, 3);
        REQUIRE(made_chain_write(&chain, writer, 0, i, HEIGHTS, &err) == 0);
        made_chain_close(&chain);
    }
    REQUIRE(chain_file_close(writer, &err) == 0);
}

static uint64_t number_at(const uint8_t *bytes) {
    uint64_t number;
    memcpy(&number, bytes, sizeof number);
    return number;
}

static struct base make_base(struct arena *arena) {
    struct base base = {.bytes = arena_alloc(arena, FILE_SIZE_MAX)};
    char folder[] = "/tmp/fuzz_chain_XXXXXX", path[64];
    REQUIRE(mkdtemp(folder) != NULL);
    snprintf(path, sizeof path, "%s/chain.h5", folder);
    write_base(path, arena);
    FILE *stream = fopen(path, "rb");
    REQUIRE(stream != NULL);
    base.size = fread(base.bytes, 1, FILE_SIZE_MAX, stream);
    fclose(stream);
    hid_t hdf5 = H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT);
    base.chunk = address_of(hdf5, CHAIN_FILE_BYTES_PATH);
    for (int i = 0; i < CHAIN_FILE_COLUMNS; i++) {
        base.columns[i] = address_of(hdf5, chain_file_columns[i].path);
    }
    H5Fclose(hdf5);
    unlink(path);
    rmdir(folder);
    base.hdf5_size = number_at(base.bytes + base.size - RESULT_TRAILER_SIZE - 16);
    base.used = number_at(base.bytes + base.columns[COLUMN_OFFSET] + 8 * (RECORDS - 1)) +
                number_at(base.bytes + base.columns[COLUMN_LENGTH] + 8 * (RECORDS - 1));
    return base;
}

/* The checksums of the blocks as the index has them now, wherever they lie in the chunk. */
static void sum_blocks(const struct base *base, uint8_t *bytes) {
    for (int i = 0; i < RECORDS; i++) {
        uint64_t offset = number_at(bytes + base->columns[COLUMN_OFFSET] + 8 * i);
        uint64_t length = number_at(bytes + base->columns[COLUMN_LENGTH] + 8 * i);
        if (offset < CHAIN_FILE_CHUNK && length <= CHAIN_FILE_CHUNK - offset) {
            uint64_t sum = checksum(0, bytes + base->chunk + offset, (size_t)length);
            memcpy(bytes + base->columns[COLUMN_CHECKSUM] + 8 * i, &sum, sizeof sum);
        }
    }
}

static void alter(const struct base *base, const uint8_t *data, size_t size, uint8_t *bytes) {
    memcpy(bytes, base->bytes, base->hdf5_size);
    for (size_t i = 0; i + 6 <= size; i += 6) {
        uint32_t where = data[i + 1] | (uint32_t)data[i + 2] << 8 | (uint32_t)data[i + 3] << 16;
        unsigned target = data[i] % (2 * CHAIN_FILE_COLUMNS);
        uint64_t at = target < CHAIN_FILE_COLUMNS ? base->columns[target] + where % (8 * RECORDS)
                                                  : base->chunk + where % base->used;
        bytes[at] = (uint8_t)(bytes[at] + data[i + 4]);
        bytes[at + 1] = (uint8_t)(bytes[at + 1] ^ data[i + 5]);
    }
    sum_blocks(base, bytes);
}

/* Who is called valid has the blocks of the base; a genesis may have other parameters. */
static void check_valid(const struct base *base, const uint8_t *bytes) {
    const uint64_t parameters = strlen("timeout: 1 s\n");
    for (int i = 0; i < RECORDS; i++) {
        bool is_genesis = i % (HEIGHTS + 1) == 0;
        uint64_t offset = number_at(base->bytes + base->columns[COLUMN_OFFSET] + 8 * i);
        uint64_t length = number_at(base->bytes + base->columns[COLUMN_LENGTH] + 8 * i) -
                          (is_genesis ? parameters : 0);
        REQUIRE(memcmp(bytes + base->chunk + offset, base->bytes + base->chunk + offset,
                       (size_t)length) == 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static struct arena lasting;
    static struct base base;
    static uint8_t *bytes;
    static struct chain_report report;
    if (bytes == NULL) {
        base = make_base(&lasting);
        bytes = arena_alloc(&lasting, FILE_SIZE_MAX);
    }
    if (size == 0) {
        return 0;
    }
    struct arena scratch = ARENA_INIT;
    struct error err = ERROR_INIT;
    char path[] = "/tmp/fuzz_chain_XXXXXX"; /* HDF5 opens no file in memory by its name */
    bool is_altered = data[0] % 2 == 1;
    int file = mkstemp(path);
    REQUIRE(file >= 0);
    if (is_altered) {
        struct chain_directory directory = {.chunk_count = 1, .addresses = &base.chunk};
        alter(&base, data + 1, size - 1, bytes);
        REQUIRE(write(file, bytes, base.hdf5_size) == (ssize_t)base.hdf5_size);
        REQUIRE(chain_file_seal(file, path, &directory, &scratch, &err) == 0);
    } else {
        REQUIRE(write(file, data + 1, size - 1) == (ssize_t)(size - 1));
    }
    REQUIRE(chain_file_verify(path, 1, &report, &err) == 0);
    REQUIRE(report.damage_count == 0 || report.damages[0].field[0] != '\0');
    if (is_altered && report.damage_count == 0) {
        check_valid(&base, bytes);
    } else if (is_altered) {
        REQUIRE(memcmp(bytes, base.bytes, base.hdf5_size) != 0);
    }
    close(file);
    unlink(path);
    arena_free(&scratch);
    return 0;
}

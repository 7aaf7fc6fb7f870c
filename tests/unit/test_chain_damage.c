/* SPDX-License-Identifier: GPL-3.0-or-later
 * Goal: whatever is done to a saved chain is found, and named where it is.
 *
 * Method: drawn attacks on one small file, each undone before the next: bits flipped anywhere; bits
 * of blocks flipped and all checksums made anew; cuts; blocks swapped, checksums made anew;
 * suffixes signed anew by liars who are no quorum. Where an attack was is known byte by byte, and
 * compared with what is told. Their number and a seed may be given: test_chain_damage 100000 7. */
#define _DEFAULT_SOURCE /* mkdtemp, pwrite, ftruncate */
#include "sim/record/chain_file_parts.h"
#include "sim/record/checksum.h"
#include "tests/test.h"
#include "tests/unit/made_chain.h"

#include <fcntl.h>
#include <unistd.h>

enum { HEIGHTS = 6, TRANSACTIONS = 3, RECORDS = HEIGHTS + 1, ATTACKS = 2500 };

/* Who a byte of the file belongs to, besides the heights of blocks. */
enum { FRAME = -1, REST = -2, DIRECTORY = -3, TRAILER = -4 };

static struct arena arena;
static char path[64];
static int file;
static uint8_t *original;
static size_t size;
static int *owner;                     /* of every byte */
static uint64_t chunk, checksums;      /* where the bytes and their checksums stand */
static uint64_t hdf5_size, parameters; /* the latter: where those of the genesis begin */
static struct chain_record *records;
static uint64_t random_state = 1862;

static uint64_t draw(uint64_t below) {
    random_state = random_state * 6364136223846793005u + 1442695040888963407u;
    return (random_state >> 20) % below;
}

/* ---- the file ------------------------------------------------------------------------------- */

static uint64_t address_of(hid_t hdf5, const char *name) {
    hid_t dataset = H5Dopen2(hdf5, name, H5P_DEFAULT), space = H5Dget_space(dataset);
    hsize_t offset, length;
    haddr_t address = 0;
    unsigned mask;
    CHECK(H5Dget_chunk_info(dataset, space, 0, &offset, &mask, &address, &length) >= 0);
    H5Sclose(space);
    H5Dclose(dataset);
    return address;
}

static void load(void) {
    FILE *stream = fopen(path, "rb");
    original = arena_alloc(&arena, 1 << 20);
    size = fread(original, 1, 1 << 20, stream);
    fclose(stream);
    file = open(path, O_RDWR | O_CLOEXEC);
    hid_t hdf5 = H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT);
    chunk = address_of(hdf5, CHAIN_FILE_BYTES_PATH);
    checksums = address_of(hdf5, "/blocks/checksum");
    H5Fclose(hdf5);
    memcpy(&hdf5_size, original + size - RESULT_TRAILER_SIZE - 16, 8);
}

static void map(void) {
    struct chain_fault fault;
    struct error err = ERROR_INIT;
    struct chain_file *reader = chain_file_open(path, &arena, &fault, &err);
    CHECK_INT(chain_file_read(reader, 0, 0, RECORDS, 1 << 20, &arena, &records, &fault), RECORDS);
    owner = arena_alloc_array(&arena, size, sizeof *owner);
    for (size_t i = 0; i < size; i++) {
        owner[i] = i >= size - RESULT_TRAILER_SIZE              ? TRAILER
                   : i >= hdf5_size                             ? DIRECTORY
                   : i >= chunk && i < chunk + CHAIN_FILE_CHUNK ? REST
                                                                : FRAME;
    }
    for (int r = 0; r < RECORDS; r++) {
        for (uint32_t i = 0; i < records[r].bytes.size; i++) {
            owner[chain_file_offset(reader, &records[r], i)] = r;
        }
    }
    parameters = records[0].bytes.size - strlen("timeout: 1 s\n");
    chain_file_free(reader);
}

static void restore(void) {
    CHECK(pwrite(file, original, size, 0) == (ssize_t)size && ftruncate(file, (off_t)size) == 0);
}

/* Directory and trailer anew, as who knows the format would write them. */
static void seal(void) {
    struct arena scratch = ARENA_INIT;
    struct error err = ERROR_INIT;
    struct chain_directory directory = {.chunk_count = 1, .addresses = &chunk};
    CHECK(ftruncate(file, (off_t)hdf5_size) == 0);
    CHECK_INT(chain_file_seal(file, path, &directory, &scratch, &err), 0);
    arena_free(&scratch);
}

/* The one damage that is told. */
static const struct chain_fault *verify(void) {
    static struct chain_report report;
    static struct chain_fault none;
    struct error err = ERROR_INIT;
    if (chain_file_verify(path, 1, &report, &err) != 0 || report.damage_count != 1) {
        printf("%s, %u damages\n", err.text, report.damage_count);
        return &none;
    }
    return &report.damages[0];
}

static bool is_at(const struct chain_fault *fault, int height, const char *field) {
    bool found = fault->has_height && fault->height == (uint64_t)height &&
                 fault->field[0] != '\0' && (field == NULL || strcmp(fault->field, field) == 0);
    if (!found) {
        printf("told: height %d, %s at %llu: %s; done: height %d\n",
               fault->has_height ? (int)fault->height : -1, fault->field,
               (unsigned long long)fault->offset, fault->reason, height);
    }
    return found;
}

static bool is_in(const struct chain_fault *fault, const char *field, uint64_t at, uint64_t range) {
    bool found = !fault->has_height && strcmp(fault->field, field) == 0 && fault->offset <= at &&
                 at - fault->offset < range;
    if (!found) {
        printf("told: %s at %llu: %s; done: %s at %llu\n", fault->field,
               (unsigned long long)fault->offset, fault->reason, field, (unsigned long long)at);
    }
    return found;
}

/* ---- attacks -------------------------------------------------------------------------------- */

static void flip(size_t at) {
    uint8_t byte = original[at] ^ (uint8_t)(1u << draw(8));
    CHECK(pwrite(file, &byte, 1, (off_t)at) == 1);
}

/* A byte of a record. */
static size_t draw_in_block(void) {
    const struct chain_record *last = &records[RECORDS - 1];
    return (size_t)(chunk + draw(last->position + last->bytes.size));
}

static bool attack_bit(void) {
    size_t at = draw(2) == 0 ? draw_in_block() : (size_t)draw(size);
    flip(at);
    const struct chain_fault *fault = verify();
    switch (owner[at]) {
    case FRAME:
        return is_in(fault, "frame", at, CHAIN_FILE_PAGE);
    case REST:
        return is_in(fault, CHAIN_FILE_BYTES_PATH, at, 1);
    case DIRECTORY:
        return is_in(fault, "directory", at, size);
    case TRAILER:
        return is_in(fault, "trailer", at, RESULT_TRAILER_SIZE);
    default:
        return is_at(fault, owner[at], NULL);
    }
}

/* The ledger's name is that of all its blocks: what is wrong with a genesis shows at height 1. Its
 * parameters vouch for nothing. */
static bool attack_forged_bit(void) {
    size_t at = draw_in_block();
    int height = owner[at];
    if (height == 0 && at - chunk >= parameters) {
        return true;
    }
    flip(at);
    const struct chain_record *record = &records[height];
    struct arena scratch = ARENA_INIT;
    uint8_t *bytes = arena_alloc(&scratch, record->bytes.size);
    CHECK(pread(file, bytes, record->bytes.size, (off_t)(chunk + record->position)) > 0);
    uint64_t sum = checksum(0, bytes, record->bytes.size);
    arena_free(&scratch);
    CHECK(pwrite(file, &sum, 8, (off_t)checksums + 8 * height) == 8);
    seal();
    const struct chain_fault *fault = verify();
    return height > 0 ? is_at(fault, height, NULL)
                      : fault->has_height && fault->height <= 1 && fault->field[0] != '\0';
}

static bool attack_cut(void) {
    size_t length = (size_t)draw(size);
    CHECK(ftruncate(file, (off_t)length) == 0);
    return is_in(verify(), "trailer", length, 1);
}

/* Other records in place of those of the file, by HDF5, and all checksums anew. */
static void replace(const struct codec_blob replaced[RECORDS]) {
    uint64_t columns[3][RECORDS], next = 0;
    static const char *const names[3] = {"/blocks/offset", "/blocks/length", "/blocks/checksum"};
    struct arena scratch = ARENA_INIT;
    uint8_t *bytes = arena_alloc(&scratch, CHAIN_FILE_CHUNK);
    for (int r = 0; r < RECORDS; r++) {
        columns[0][r] = next;
        columns[1][r] = replaced[r].size;
        columns[2][r] = checksum(0, replaced[r].bytes, replaced[r].size);
        memcpy(bytes + next, replaced[r].bytes, replaced[r].size);
        next += replaced[r].size;
    }
    hid_t hdf5 = H5Fopen(path, H5F_ACC_RDWR, H5P_DEFAULT);
    for (int i = 0; i < 3; i++) {
        hid_t column = H5Dopen2(hdf5, names[i], H5P_DEFAULT);
        H5Dwrite(column, H5T_NATIVE_UINT64, H5S_ALL, H5S_ALL, H5P_DEFAULT, columns[i]);
        H5Dclose(column);
    }
    hid_t dataset = H5Dopen2(hdf5, CHAIN_FILE_BYTES_PATH, H5P_DEFAULT);
    hsize_t length = next;
    CHECK(H5Dset_extent(dataset, &length) >= 0 &&
          H5Dwrite(dataset, H5T_NATIVE_UINT8, H5S_ALL, H5S_ALL, H5P_DEFAULT, bytes) >= 0);
    H5Dclose(dataset);
    CHECK(H5Fclose(hdf5) >= 0);
    seal();
    arena_free(&scratch);
}

static bool attack_swap(void) {
    struct codec_blob swapped[RECORDS];
    int a = (int)draw(RECORDS), b = (int)draw(RECORDS - 1);
    b += b >= a;
    for (int r = 0; r < RECORDS; r++) {
        swapped[r] = records[r == a ? b : r == b ? a : r].bytes;
    }
    replace(swapped);
    return is_at(verify(), a < b ? a : b, NULL);
}

/* Liars go on alone from some height, and sign all that they make. */
static struct codec_blob *forge(int fork, unsigned liars, struct arena *scratch) {
    struct made_chain chain =
        made_chain_forked(scratch, 5, HEIGHTS, TRANSACTIONS, (uint32_t)fork, liars);
    struct codec_blob *forged = ARENA_ARRAY(scratch, struct codec_blob, RECORDS);
    forged[0] = records[0].bytes;
    for (int r = 1; r < RECORDS; r++) {
        const struct consensus_certificate *certificate = &chain.certificates[r - 1];
        forged[r] = block_encode(chain.blocks[r - 1], certificate->count == 0 ? NULL : certificate,
                                 scratch);
    }
    made_chain_close(&chain);
    return forged;
}

static bool attack_suffix(void) {
    static const unsigned few[] = {0, 1, 2, 4, 8, 3, 5, 6, 9, 10, 12}; /* f = 1, and f + 1 */
    struct arena scratch = ARENA_INIT;
    int fork = 1 + (int)draw(HEIGHTS);
    replace(forge(fork, few[draw(sizeof few / sizeof *few)], &scratch));
    arena_free(&scratch);
    return is_at(verify(), fork, "certificate");
}

/* What no attack is: three of four voters may decide what they like. */
static void test_quorum(void) {
    struct chain_report *report = ARENA_NEW(&arena, struct chain_report);
    struct error err = ERROR_INIT;
    struct arena scratch = ARENA_INIT;
    replace(forge(3, 14, &scratch));
    arena_free(&scratch);
    CHECK_INT(chain_file_verify(path, 2, report, &err), 0);
    CHECK_INT(report->damage_count, 0);
    CHECK_INT(report->block_count, HEIGHTS);
    restore();
}

static void test_attacks(uint64_t count) {
    static const struct {
        const char *name;
        bool (*run)(void);
        unsigned share; /* of 20 */
    } attacks[] = {{"flipped bits", attack_bit, 13},
                   {"flipped bits, checksums made anew", attack_forged_bit, 3},
                   {"cuts", attack_cut, 2},
                   {"swapped blocks", attack_swap, 1},
                   {"suffixes signed anew", attack_suffix, 1}};
    uint64_t done[5] = {0}, found[5] = {0};
    for (uint64_t i = 0; i < count; i++) {
        unsigned kind = 0, place = (unsigned)draw(20);
        for (; place >= attacks[kind].share; kind++) {
            place -= attacks[kind].share;
        }
        done[kind]++;
        found[kind] += attacks[kind].run();
        restore();
    }
    for (int k = 0; k < 5; k++) {
        printf("%" PRIu64 " of %" PRIu64 " %s found and located\n", found[k], done[k],
               attacks[k].name);
        CHECK(done[k] > 0);
        CHECK_INT(found[k], done[k]);
    }
}

int main(int argc, char **argv) {
    char folder[] = "/tmp/chain_damage_XXXXXX";
    struct error err = ERROR_INIT;
    CHECK(mkdtemp(folder) != NULL);
    snprintf(path, sizeof path, "%s/chain.h5", folder);
    struct made_chain chain = made_chain(&arena, 5, HEIGHTS, TRANSACTIONS);
    CHECK_INT(made_chain_file(&chain, path, &err), 0);
    made_chain_close(&chain);
    load();
    map();
    random_state += argc > 2 ? strtoull(argv[2], NULL, 10) : 0;
    test_quorum();
    test_attacks(argc > 1 ? strtoull(argv[1], NULL, 10) : ATTACKS);
    close(file);
    unlink(path);
    rmdir(folder);
    arena_free(&arena);
    return test_summary();
}

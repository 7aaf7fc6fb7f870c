/* SPDX-License-Identifier: GPL-3.0-or-later
 * Goal: saved chains come back as they were, are valid, and have the same bytes however they came
 * about. Method: files of one and several chains, put together from parts, written by two threads,
 * added to a result; 100 seeds against one hash, which every compiler and optimisation must give;
 * and files whose ledgers, though all checksums are right, are none. */
#define _DEFAULT_SOURCE /* mkdtemp */
#include "tests/test.h"
#include "tests/unit/made_chain.h"
#include "tests/unit/sample_result.h"

#include <hdf5.h>
#include <unistd.h>

enum { PATH_SIZE = 128, SEEDS = 100 };

static struct arena arena;
static char folder[] = "/tmp/chain_file_XXXXXX";

static const char *path_of(const char *name) {
    return arena_format(&arena, "%s/%s", folder, name);
}

static struct codec_blob load(const char *path) {
    FILE *stream = fopen(path, "rb");
    uint8_t *bytes = arena_alloc(&arena, 1 << 22);
    struct codec_blob blob = {.bytes = bytes};
    if (stream != NULL) {
        blob.size = (uint32_t)fread(bytes, 1, 1 << 22, stream);
        fclose(stream);
    }
    return blob;
}

static bool same_files(const char *a, const char *b) {
    struct codec_blob one = load(a), other = load(b);
    return one.size > 0 && one.size == other.size && memcmp(one.bytes, other.bytes, one.size) == 0;
}

static struct chain_report verify(const char *path, int threads) {
    static struct chain_report report;
    struct error err = ERROR_INIT;
    CHECK_INT(chain_file_verify(path, threads, &report, &err), 0);
    CHECK_TEXT(err.text, "");
    return report;
}

/* A file of chains of such seeds, one a replication of point 2; from seed to seed one block more.
 */
static void write_file(const char *path, const char *result, uint64_t seed, uint32_t first,
                       uint32_t count) {
    struct error err = ERROR_INIT;
    struct arena memory = ARENA_INIT;
    struct chain_writer *writer = chain_file_create(path, result, &memory, &err);
    for (uint32_t i = first; i < first + count && writer != NULL; i++) {
        struct made_chain chain = made_chain(&memory, seed + i, 2 + i, 4);
        CHECK_INT(made_chain_write(&chain, writer, 2, i, 2 + i, &err), 0);
        made_chain_close(&chain);
    }
    CHECK_TEXT(err.text, "");
    CHECK(writer != NULL && chain_file_close(writer, &err) == 0);
    arena_free(&memory);
}

/* ---- there and back ------------------------------------------------------------------------- */

static void check_records(const struct made_chain *chain, struct chain_file *file) {
    struct chain_record *records;
    struct chain_fault fault;
    struct chain_genesis genesis;
    struct codec_fault refusal;
    int32_t count = chain_file_read(file, 0, 0, 100, 1 << 20, &arena, &records, &fault);
    CHECK_INT(count, chain->block_count + 1);
    CHECK_INT(chain_file_genesis(&records[0], &arena, &genesis, &refusal), 0);
    CHECK(genesis.ledger.name.size == 14 &&
          memcmp(genesis.ledger.name.bytes, "port community", 14) == 0);
    CHECK(genesis.parameters.size == 13 &&
          memcmp(genesis.parameters.bytes, "timeout: 1 s\n", 13) == 0);
    CHECK_INT(genesis.ledger.time_ns, 1000);
    struct members members = made_members(&arena);
    struct hash expected = members_hash(&members, chain->ledger.hasher);
    struct hash found = members_hash(&genesis.ledger.members, chain->ledger.hasher);
    CHECK(hash_equal(&expected, &found));
    for (uint32_t i = 0; i < chain->block_count; i++) {
        struct codec_blob block = block_encode(chain->blocks[i], &chain->certificates[i], &arena);
        CHECK_INT(records[i + 1].height, i + 1);
        CHECK(chain_file_is_whole(&records[i + 1]) && records[i + 1].bytes.size == block.size &&
              memcmp(records[i + 1].bytes.bytes, block.bytes, block.size) == 0);
    }
    /* One by one, and beyond the end. */
    CHECK_INT(chain_file_read(file, 0, 3, 100, 1, &arena, &records, &fault), 1);
    CHECK_INT(records[0].height, 3);
    CHECK_INT(chain_file_read(file, 0, chain->block_count + 1, 9, 9, &arena, &records, &fault), 0);
}

static void test_round_trip(void) {
    struct error err = ERROR_INIT;
    struct chain_fault fault;
    const char *path = path_of("one.h5");
    struct made_chain chain = made_chain(&arena, 12, 7, 5);
    CHECK_INT(made_chain_file(&chain, path, &err), 0);
    struct chain_file *file = chain_file_open(path, &arena, &fault, &err);
    CHECK(file != NULL && chain_file_has_chains(path));
    CHECK_INT(chain_file_count(file), 1);
    CHECK_INT(chain_file_height(file, 0), 7);
    check_records(&chain, file);
    chain_file_free(file);
    for (int threads = 1; threads <= 3; threads++) {
        struct chain_report report = verify(path, threads);
        struct hash head = ledger_head(chain.ledger.nodes[0]);
        uint64_t transactions = 0;
        for (uint32_t i = 0; i < 7; i++) {
            transactions += chain.blocks[i]->header.transaction_count;
        }
        CHECK_INT(report.damage_count, 0);
        CHECK_INT(report.block_count, 7);
        CHECK_INT(report.transaction_count, transactions);
        CHECK(report.signature_count >= transactions + 3 * 7);
        CHECK(hash_equal(&report.head, &head));
    }
    made_chain_close(&chain);
}

/* More than a chunk of bytes, and of the index. */
static void test_long(void) {
    const char *path = path_of("long.h5");
    struct error err = ERROR_INIT;
    struct made_chain chain = made_chain(&arena, 8, 1100, 1);
    CHECK_INT(made_chain_file(&chain, path, &err), 0);
    made_chain_close(&chain);
    struct chain_report report = verify(path, 2);
    CHECK_INT(report.damage_count, 0);
    CHECK_INT(report.block_count, 1100);
    CHECK(load(path).size > 2 * CHAIN_FILE_CHUNK);
}

/* ---- sameness ------------------------------------------------------------------------------- */

static void test_parts(void) {
    const char *whole = path_of("whole.h5"), *first = path_of("first.h5");
    const char *second = path_of("second.h5"), *joined = path_of("joined.h5");
    struct error err = ERROR_INIT;
    write_file(whole, NULL, 40, 0, 5);
#pragma omp parallel for num_threads(2) schedule(static, 1)
    for (int i = 0; i < 2; i++) { /* files are written side by side while a run goes on */
        struct arena memory = ARENA_INIT;
        struct error failure = ERROR_INIT;
        struct chain_writer *writer =
            chain_file_create(i == 0 ? first : second, NULL, &memory, &failure);
        for (uint32_t k = i == 0 ? 0 : 2; k < (i == 0 ? 2u : 5u); k++) {
            struct made_chain chain = made_chain(&memory, 40 + k, 2 + k, 4);
            made_chain_write(&chain, writer, 2, k, 2 + k, &failure);
            made_chain_close(&chain);
        }
        chain_file_close(writer, &failure);
        arena_free(&memory);
    }
    struct chain_writer *writer = chain_file_create(joined, NULL, &arena, &err);
    CHECK_INT(chain_file_append(writer, first, &err), 0);
    CHECK_INT(chain_file_append(writer, second, &err), 0);
    CHECK_INT(chain_file_close(writer, &err), 0);
    CHECK_TEXT(err.text, "");
    CHECK(same_files(whole, joined));
    CHECK_INT(verify(joined, 2).chain_count, 5);
    CHECK_INT(verify(joined, 2).block_count, 2 + 3 + 4 + 5 + 6);
}

static void test_result(void) {
    const char *plain = path_of("plain.h5"), *both = path_of("both.h5"), *journal_path;
    static struct sample_arrays arrays;
    struct error err = ERROR_INIT;
    struct result_layout layout = sample_layout();
    struct result result, again;
    journal_path = path_of("sample.journal");
    struct journal *journal = journal_create(journal_path, &layout, &err);
    for (uint32_t i = 0; i < SAMPLE_POINTS; i++) {
        struct result_replication rep = sample_replication(i, 0, &arrays);
        CHECK_INT(journal_append(journal, &rep, &err), 0);
    }
    CHECK_INT(journal_close(journal, &err), 0);
    CHECK_INT(journal_read(journal_path, &result, NULL, NULL, &arena, &err), 0);
    CHECK_INT(result_file_write(plain, &result, &err), 0);
    unlink(journal_path);
    write_file(both, plain, 60, 0, 2);
    CHECK(!chain_file_has_chains(plain) && chain_file_has_chains(both));
    CHECK_INT(verify(both, 1).block_count, 5);
    CHECK_INT(verify(both, 1).damage_count, 0);
    CHECK_INT(result_file_read(both, &again, &arena, &err), 0);
    CHECK_TEXT(err.text, "");
    CHECK_INT(result_compare_layouts(&result.layout, &again.layout, RESULT_COMPARE_ALL, &err), 0);
    CHECK_INT(again.replication_count, SAMPLE_POINTS);
    write_file(plain, plain, 60, 0, 2); /* in the place of the result itself */
    CHECK(same_files(plain, both));
}

/* The hash of all files, and of all heads and state roots, of 100 seeds. The latter is the same on
 * every machine, the former for one release of HDF5. */
static void test_seeds(void) {
    const char *path = path_of("seed.h5");
    struct error err = ERROR_INIT;
    struct hasher *files = hash_open(), *chains = hash_open();
    char text[2][2 * HASH_SIZE + 1];
    hash_begin(files, HASH_PLAIN);
    hash_begin(chains, HASH_PLAIN);
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        struct arena memory = ARENA_INIT;
        struct made_chain chain = made_chain(&memory, 1000 + seed, 3, 4);
        CHECK_INT(made_chain_file(&chain, path, &err), 0);
        for (uint32_t i = 0; i < chain.block_count; i++) {
            hash_add(chains, chain.blocks[i]->hash.bytes, HASH_SIZE);
            hash_add(chains, chain.blocks[i]->header.state_root.bytes, HASH_SIZE);
        }
        made_chain_close(&chain);
        arena_free(&memory);
        FILE *stream = fopen(path, "rb");
        uint8_t bytes[4096];
        for (size_t got; (got = fread(bytes, 1, sizeof bytes, stream)) > 0;) {
            hash_add(files, bytes, got);
        }
        fclose(stream);
    }
    struct hash hashes[2] = {hash_end(chains), hash_end(files)};
    for (int i = 0; i < 2 * HASH_SIZE; i++) {
        snprintf(&text[i / HASH_SIZE][i % HASH_SIZE * 2], 3, "%02x",
                 hashes[i / HASH_SIZE].bytes[i % HASH_SIZE]);
    }
    printf("blocks and state roots of %d seeds: %s\nfiles: %s\n", SEEDS, text[0], text[1]);
    CHECK_TEXT(text[0], "0e058f1a023ef2b1ccb500d734fcd785d7e801477deb835c9fd646bcaba1ab9d");
    if (strcmp(H5_VERS_INFO, "HDF5 library version: 1.10.8") == 0) {
        CHECK_TEXT(text[1], "ba32d8414c615ecb35b1d9943d718924bbf26a9897311215659bfb7499229d14");
    }
    hash_close(files);
    hash_close(chains);
}

/* ---- no ledgers ----------------------------------------------------------------------------- */

static void check_genesis(const struct members *members, const char *field) {
    const char *path = path_of("genesis.h5");
    struct error err = ERROR_INIT;
    struct ledger_genesis genesis = {.name = made_text("x"), .members = *members};
    struct chain_writer *writer = chain_file_create(path, NULL, &arena, &err);
    CHECK_INT(chain_file_begin(writer, 0, 3, &genesis, "", &err), 0);
    CHECK_INT(chain_file_close(writer, &err), 0);
    struct chain_report report = verify(path, 1);
    CHECK_INT(report.damage_count, 1);
    CHECK(report.damages[0].has_height && report.damages[0].height == 0);
    CHECK_INT(report.damages[0].replication, 3);
    CHECK_TEXT(report.damages[0].field, field);
}

static void test_genesis(void) {
    struct members members = made_members(&arena);
    struct member *list = members.list.items;
    struct member_key *keys = ARENA_ARRAY(&arena, struct member_key, 2);
    for (int i = 0; i < MADE_MEMBERS; i++) {
        list[i].is_voter = false;
    }
    check_genesis(&members, "members"); /* nobody decides */
    members = made_members(&arena);
    list = members.list.items;
    list[1].number = 10; /* twice, but with other keys, so that they differ */
    list[1].is_voter = false;
    list[0].is_voter = true;
    if (memcmp(&list[0].keys, &list[1].keys, sizeof list[0].keys) != 0) {
        list[0].name = made_text("a");
        list[1].name = made_text("b");
        check_genesis(&members, "members");
    }
    members = made_members(&arena);
    list = members.list.items;
    keys[0] = (struct member_key){.key = made_key(1), .to_height = 5};
    keys[1] = (struct member_key){.key = made_key(2), .from_height = 4, .to_height = 9};
    list[0].keys = (struct codec_list){.count = 2, .items = keys};
    check_genesis(&members, "members"); /* two keys at height 4 */
}

static void test_no_files(void) {
    struct error err = ERROR_INIT;
    static struct chain_report report;
    CHECK(!chain_file_has_chains(path_of("none.h5")));
    CHECK_INT(chain_file_verify(path_of("none.h5"), 1, &report, &err), -1);
    CHECK_INT(err.code, ERROR_RUN);
    err = (struct error)ERROR_INIT;
    CHECK(chain_file_create("/nowhere/none.h5", NULL, &arena, &err) == NULL);
    CHECK_INT(err.code, ERROR_RUN);
    err = (struct error)ERROR_INIT;
    struct chain_writer *writer = chain_file_create(path_of("given_up.h5"), NULL, &arena, &err);
    chain_file_abandon(writer);
    CHECK(access(path_of("given_up.h5"), F_OK) != 0);
}

int main(void) {
    CHECK(mkdtemp(folder) != NULL);
    test_round_trip();
    test_long();
    test_parts();
    test_result();
    test_seeds();
    test_genesis();
    test_no_files();
    CHECK_INT(system(arena_format(&arena, "rm -r %s", folder)), 0);
    arena_free(&arena);
    return test_summary();
}

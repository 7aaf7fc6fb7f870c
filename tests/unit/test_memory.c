/* SPDX-License-Identifier: GPL-3.0-or-later
 * Goal: memory.h's promises. Method: thousands of keys, many of them in one place of the index,
 * compared with sums over a plain array; saved and read again. */
#include "tests/test.h"

#include "core/risk/memory.h"
#include "core/risk/slots.h"

enum { KEYS = 5003, ADDS = 40000 };

/* Every fifth key shares the upper bits by which places are found. */
static uint64_t key_of(uint64_t i) {
    return i % 5 == 0 ? UINT64_C(0x1234567800000001) + i : slots_key(7, i);
}

static void test_sums(void) {
    struct arena arena = ARENA_INIT;
    struct memory memory;
    static double findings[KEYS], inspections[KEYS];
    memset(findings, 0, sizeof findings);
    memset(inspections, 0, sizeof inspections);
    memory_init(&memory, KEYS, &arena);
    for (uint64_t i = 0; i < ADDS; i++) {
        uint64_t key = i * i % KEYS;
        double finding = (double)(i % 3 == 0), weight = 0.25 + (double)(i % 7);
        CHECK_INT(memory_add(&memory, key_of(key), finding * weight, weight), 0);
        findings[key] += finding * weight;
        inspections[key] += weight;
    }
    uint32_t known = 0;
    for (uint64_t key = 0; key < KEYS; key++) {
        const struct memory_entry *entry = memory_find(&memory, key_of(key));
        known += entry != NULL;
        CHECK((entry != NULL) == (inspections[key] > 0));
        if (entry != NULL) {
            CHECK_NEAR(entry->findings, findings[key], 0);
            CHECK_NEAR(entry->inspections, inspections[key], 0);
        }
    }
    CHECK_INT(memory.count, known);
    CHECK(memory_find(&memory, slots_key(8, 1)) == NULL);
    arena_free(&arena);
}

static void test_limits(void) {
    struct arena arena = ARENA_INIT;
    struct memory memory;
    memory_init(&memory, 3, &arena);
    CHECK_INT(memory_add(&memory, 0, 1, 1), 0); /* missing: not remembered */
    CHECK_INT(memory.count, 0);
    CHECK(memory_find(&memory, 0) == NULL);
    for (uint64_t key = 1; key <= 3; key++) {
        CHECK_INT(memory_add(&memory, key, 1, 1), 0);
    }
    CHECK_INT(memory_add(&memory, 4, 1, 1), -1);
    CHECK_INT(memory_add(&memory, 2, 1, 1), 0); /* known already */
    CHECK_INT(memory.count, 3);
    arena_free(&arena);
}

static void test_mean(void) {
    struct memory_entry all = {1, 3, 7}, fold = {1, 2, 3};
    CHECK_NEAR(memory_mean(&all, NULL, 0.2, 5), (3 + 1.0) / 12, 1e-15);
    CHECK_NEAR(memory_mean(&all, &fold, 0.2, 5), (1 + 1.0) / 9, 1e-15);
    CHECK_NEAR(memory_mean(NULL, NULL, 0.2, 5), 0.2, 1e-15);
    CHECK_NEAR(memory_mean(&all, &all, 0.2, 0), 0.2, 0); /* nothing known at all */
}

static void test_file(void) {
    struct arena arena = ARENA_INIT;
    struct error err = ERROR_INIT;
    struct memory memory, again;
    struct model_writer writer;
    struct model_reader reader;
    memory_init(&memory, 100, &arena);
    for (uint64_t i = 1; i <= 77; i++) {
        memory_add(&memory, slots_key(3, i), 0.5 * (double)i, (double)i);
    }
    model_file_create(&writer, &arena);
    model_file_section(&writer, "memory");
    memory_write(&memory, &writer);
    model_file_finish(&writer);
    CHECK_INT(model_file_open(&reader, "m", writer.bytes, writer.length, &err), 0);
    model_file_require(&reader, "memory");
    memory_read(&again, &reader, &arena);
    CHECK(!reader.failed);
    CHECK_INT(again.count, 77);
    for (uint32_t i = 0; i < 77; i++) {
        CHECK(memcmp(&again.entries[i], &memory.entries[i], sizeof again.entries[i]) == 0);
    }
    /* More findings than inspections were never written by this program. */
    model_file_create(&writer, &arena);
    model_file_section(&writer, "memory");
    memory.entries[5].findings = 7;
    memory_write(&memory, &writer);
    model_file_finish(&writer);
    CHECK_INT(model_file_open(&reader, "m", writer.bytes, writer.length, &err), 0);
    model_file_require(&reader, "memory");
    memory_read(&again, &reader, &arena);
    CHECK(reader.failed && strstr(err.text, "more findings than inspections") != NULL);
    arena_free(&arena);
}

int main(void) {
    test_sums();
    test_limits();
    test_mean();
    test_file();
    return test_summary();
}

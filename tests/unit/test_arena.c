/* SPDX-License-Identifier: GPL-3.0-or-later
 * test_arena.c - memory freed at once: zeroed, aligned, never moved; slabs with stable indices. */
#include "core/base/arena.h"

#include "tests/test.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

static bool is_zero(const unsigned char *bytes, size_t size) {
    for (size_t i = 0; i < size; i++) {
        if (bytes[i] != 0) {
            return false;
        }
    }
    return true;
}

/* Pieces of awkward sizes are zeroed, aligned and apart from each other. */
static void test_pieces(void) {
    struct arena arena = ARENA_INIT;
    enum { COUNT = 3000 };
    static unsigned char *pieces[COUNT];
    static size_t sizes[COUNT];
    uint64_t state = 2385;
    for (int round = 0; round < 2; round++) {
        int failures = 0;
        for (int i = 0; i < COUNT; i++) {
            state = state * 6364136223846793005u + 1442695040888963407u;
            sizes[i] = i % 500 == 499 ? (size_t)(state >> 44) : (size_t)(state >> 56);
            pieces[i] = arena_alloc(&arena, sizes[i]);
            failures += (uintptr_t)pieces[i] % _Alignof(max_align_t) != 0;
            failures += !is_zero(pieces[i], sizes[i]);
            memset(pieces[i], i % 255 + 1, sizes[i]);
        }
        for (int i = 0; i < COUNT; i++) {
            for (size_t at = 0; at < sizes[i]; at++) {
                failures += pieces[i][at] != i % 255 + 1;
            }
        }
        CHECK_INT(failures, 0);
        CHECK(arena.total_size > 0);
        arena_free(&arena);
        CHECK(arena.chunks == NULL);
        CHECK_INT(arena.total_size, 0);
    }
}

static void test_texts(void) {
    struct arena arena = ARENA_INIT;
    char source[] = "customs.examiner";
    char *copy = arena_text(&arena, source, 7);
    source[0] = 'X';
    CHECK_TEXT(copy, "customs");
    CHECK_TEXT(arena_text(&arena, "", 0), "");
    CHECK_TEXT(arena_format(&arena, "%s:%d", copy, 14), "customs:14");
    char *wide = arena_format(&arena, "%200000d", 7);
    CHECK_INT(strlen(wide), 200000);
    arena_free(&arena);
}

static void test_grow(void) {
    struct arena arena = ARENA_INIT;
    int64_t *items = NULL;
    size_t count = 0, capacity = 0;
    unsigned moves = 0;
    for (; count < 1000; count++) {
        int64_t *grown = arena_grow(&arena, items, count, &capacity, sizeof *items);
        moves += grown != items;
        items = grown;
        CHECK(count < capacity);
        CHECK_INT(items[count], 0); /* zero-extended */
        items[count] = (int64_t)count * 7;
    }
    CHECK_INT(moves, 8); /* 8, 16, ... 1024 */
    for (size_t i = 0; i < count; i++) {
        CHECK_INT(items[i], i * 7);
    }
    struct pair {
        int first, second;
    };
    struct pair *pairs = ARENA_ARRAY(&arena, struct pair, 3);
    CHECK_INT(pairs[2].second, 0);
    CHECK_INT(*ARENA_NEW(&arena, int), 0);
    arena_free(&arena);
}

static void ask_for_too_much(void) {
    struct arena arena = ARENA_INIT;
    arena_alloc(&arena, SIZE_MAX - 8);
}

static void ask_for_too_many(void) {
    struct arena arena = ARENA_INIT;
    arena_alloc_array(&arena, SIZE_MAX / 4, 8);
}

static void test_no_memory(void) {
    void (*const greedy[])(void) = {ask_for_too_much, ask_for_too_many};
    for (size_t i = 0; i < sizeof greedy / sizeof *greedy; i++) {
        fflush(stdout);
        pid_t child = fork();
        if (child == 0) {
            fclose(stderr);
            greedy[i]();
            _exit(0);
        }
        int status = 0;
        waitpid(child, &status, 0);
        CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 1);
    }
}

static void test_slab(void) {
    struct slab slab;
    slab_init(&slab, 13, 5);
    CHECK_INT(slab.stride, 16);
    for (uint32_t i = 1; i < 5; i++) {
        CHECK_INT(slab_take(&slab), i);
        memset(slab_at(&slab, i), (int)i, 13);
    }
    CHECK_INT(slab_take(&slab), 0); /* slot 0 counts but is never given */
    CHECK_INT(slab.live, 4);
    slab_give(&slab, 2);
    slab_give(&slab, 4);
    CHECK_INT(slab.live, 2);
    CHECK_INT(((unsigned char *)slab_at(&slab, 4))[12], 4); /* keeps its bytes */
    CHECK_INT(slab_take(&slab), 4);                         /* the last one back goes first */
    CHECK_INT(slab_take(&slab), 2);
    CHECK_INT(slab_take(&slab), 0);
    CHECK_INT(((unsigned char *)slab_at(&slab, 3))[0], 3);
    slab_give(&slab, 3);
    slab_reset(&slab); /* what was given back is forgotten, too */
    CHECK_INT(slab.live, 0);
    CHECK_INT(slab_take(&slab), 1);
    CHECK_INT(slab_take(&slab), 2);
    slab_free(&slab);
    CHECK(slab.slots == NULL);
}

/* Against a list of what is out: no index is given twice, and slots keep what was put in. */
static void test_slab_at_random(void) {
    enum { CAPACITY = 400, ROUNDS = 200000 };
    struct slab slab;
    slab_init(&slab, 24, CAPACITY);
    static uint64_t owner[CAPACITY];
    uint64_t state = 17;
    uint32_t live = 0;
    int failures = 0;
    for (uint64_t round = 1; round <= ROUNDS; round++) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        uint32_t some = (uint32_t)(state >> 33) % CAPACITY;
        if (some != 0 && owner[some] != 0 && (state >> 60) < 8) {
            failures += ((uint64_t *)slab_at(&slab, some))[1] != owner[some];
            owner[some] = 0;
            slab_give(&slab, some);
            live--;
        } else {
            uint32_t index = slab_take(&slab);
            failures += (index == 0) != (live == CAPACITY - 1);
            if (index != 0) {
                failures += owner[index] != 0;
                owner[index] = round;
                ((uint64_t *)slab_at(&slab, index))[1] = round;
                live++;
            }
        }
        failures += slab.live != live;
    }
    CHECK_INT(failures, 0);
    slab_free(&slab);
}

/* A large slab costs address space only. */
static void test_slab_is_lazy(void) {
    struct slab slab;
    slab_init(&slab, 128, 1u << 28); /* 32 GiB */
    uint32_t index = slab_take(&slab);
    memset(slab_at(&slab, index), 1, 128);
    CHECK_INT(index, 1);
    slab_free(&slab);
}

int main(void) {
    test_pieces();
    test_texts();
    test_grow();
    test_no_memory();
    test_slab();
    test_slab_at_random();
    test_slab_is_lazy();
    return test_summary();
}

/* SPDX-License-Identifier: GPL-3.0-or-later
 * arena.c - see arena.h. */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS, MAP_NORESERVE */
#include "core/base/arena.h"

#include "core/base/require.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

struct arena_chunk {
    struct arena_chunk *older;
    alignas(max_align_t) unsigned char bytes[];
};

enum { CHUNK_SIZE_MIN = 64 * 1024, CHUNK_SIZE_DOUBLING_MAX = 16 * 1024 * 1024 };

static _Noreturn void out_of_memory(size_t size) {
    fprintf(stderr, "error: out of memory (%zu bytes more were needed)\n", size);
    exit(1);
}

static void add_chunk(struct arena *arena, size_t size) {
    size_t chunk_size = arena->total_size < CHUNK_SIZE_MIN ? CHUNK_SIZE_MIN : arena->total_size;
    if (chunk_size > CHUNK_SIZE_DOUBLING_MAX) {
        chunk_size = CHUNK_SIZE_DOUBLING_MAX;
    }
    if (chunk_size < size) {
        chunk_size = size;
    }
    struct arena_chunk *chunk = calloc(1, sizeof *chunk + chunk_size);
    if (chunk == NULL) {
        out_of_memory(chunk_size);
    }
    chunk->older = arena->chunks;
    arena->chunks = chunk;
    arena->next = chunk->bytes;
    arena->end = chunk->bytes + chunk_size;
    arena->total_size += chunk_size;
}

void *arena_alloc(struct arena *arena, size_t size) {
    if (size > SIZE_MAX / 2) {
        out_of_memory(size);
    }
    size_t rounded = (size + alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1);
    if (arena->next == NULL || (size_t)(arena->end - arena->next) < rounded) {
        add_chunk(arena, rounded);
    }
    void *memory = arena->next;
    arena->next += rounded;
    return memory;
}

void *arena_alloc_array(struct arena *arena, size_t count, size_t size) {
    size_t total;
    if (__builtin_mul_overflow(count, size, &total)) {
        out_of_memory(SIZE_MAX);
    }
    return arena_alloc(arena, total);
}

char *arena_text(struct arena *arena, const char *text, size_t length) {
    char *copy = arena_alloc(arena, length + 1);
    memcpy(copy, text, length);
    return copy;
}

char *arena_format(struct arena *arena, const char *format, ...) {
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int length = vsnprintf(NULL, 0, format, args);
    va_end(args);
    REQUIRE(length >= 0);
    char *text = arena_alloc(arena, (size_t)length + 1);
    vsnprintf(text, (size_t)length + 1, format, again);
    va_end(again);
    return text;
}

void *arena_grow(struct arena *arena, void *items, size_t count, size_t *capacity, size_t size) {
    if (count < *capacity) {
        return items;
    }
    size_t grown_capacity = *capacity == 0 ? 8 : *capacity * 2;
    void *grown = arena_alloc_array(arena, grown_capacity, size);
    if (count > 0) {
        memcpy(grown, items, count * size);
    }
    *capacity = grown_capacity;
    return grown;
}

void arena_free(struct arena *arena) {
    struct arena_chunk *chunk = arena->chunks;
    while (chunk != NULL) {
        struct arena_chunk *older = chunk->older;
        free(chunk);
        chunk = older;
    }
    *arena = (struct arena)ARENA_INIT;
}

void slab_init(struct slab *slab, size_t stride, uint32_t capacity) {
    stride = (stride + 7) & ~(size_t)7;
    REQUIRE(capacity > 0);
    REQUIRE(stride > 0);
    size_t reserved_size = stride * capacity;
    void *slots = mmap(NULL, reserved_size, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (slots == MAP_FAILED) {
        out_of_memory(reserved_size);
    }
    madvise(slots, reserved_size, MADV_HUGEPAGE); /* a hint: millions of slots are met at random */
    *slab = (struct slab){.slots = slots,
                          .stride = stride,
                          .capacity = capacity,
                          .used = 1,
                          .reserved_size = reserved_size};
}

void slab_free(struct slab *slab) {
    if (slab->slots != NULL) {
        munmap(slab->slots, slab->reserved_size);
    }
    *slab = (struct slab){0};
}

void slab_reset(struct slab *slab) {
    slab->used = 1;
    slab->free = 0;
    slab->live = 0;
}

/* SPDX-License-Identifier: GPL-3.0-or-later
 * arena.h - memory that is freed all at once, and slabs of equal slots addressed by index.
 *
 * This file is the only one that asks the system for memory. Where there is none left the program
 * stops with a message, so no caller checks for NULL. */
#ifndef CORE_BASE_ARENA_H
#define CORE_BASE_ARENA_H

#include <stddef.h>
#include <stdint.h>

struct arena_chunk;

struct arena {
    struct arena_chunk *chunks; /* newest first */
    unsigned char *next;
    unsigned char *end;
    size_t total_size; /* bytes asked from the system */
};

#define ARENA_INIT \
    { 0 }

/* Zeroed memory, aligned for any type, alive until the arena is reset or freed. */
void *arena_alloc(struct arena *arena, size_t size);

#define ARENA_NEW(arena, type) ((type *)arena_alloc((arena), sizeof(type)))
#define ARENA_ARRAY(arena, type, count) ((type *)arena_alloc_array((arena), (count), sizeof(type)))

/* The same for `count` elements; stops the program when the product overflows. */
void *arena_alloc_array(struct arena *arena, size_t count, size_t size);

/* A copy of `length` bytes with a final '\0'. */
char *arena_text(struct arena *arena, const char *text, size_t length);

/* The formatted text. */
char *arena_format(struct arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* An array that doubles: returns `items` itself while `count` is below `*capacity`, else a larger
 * zero-extended copy in the arena. For building lists at load time. */
void *arena_grow(struct arena *arena, void *items, size_t count, size_t *capacity, size_t size);

/* Gives everything back. The arena may be used again. */
void arena_free(struct arena *arena);

/* Slots of one size, addressed by index, never moved. Address space for `capacity` slots is
 * reserved at once and costs memory only when touched, so taking a slot allocates nothing. Slot 0
 * is never handed out: index 0 means none. A slot keeps its bytes when it is given back. */
struct slab {
    unsigned char *slots;
    size_t stride;
    uint32_t capacity; /* including slot 0 */
    uint32_t used;     /* slots 1 .. used - 1 were handed out at least once */
    uint32_t free;     /* first free slot, 0 for none; its first four bytes hold the next */
    uint32_t live;     /* slots handed out and not given back */
    size_t reserved_size;
};

/* `stride` is rounded up to a multiple of 8. */
void slab_init(struct slab *slab, size_t stride, uint32_t capacity);
void slab_free(struct slab *slab);

/* Forgets all slots and keeps the memory. */
void slab_reset(struct slab *slab);

/* An index of at least 1, or 0 when `capacity` is used up. */
static inline uint32_t slab_take(struct slab *slab) {
    uint32_t index = slab->free;
    if (__builtin_expect(index != 0, 1)) {
        slab->free = *(const uint32_t *)(const void *)(slab->slots + slab->stride * index);
    } else if (slab->used < slab->capacity) {
        index = slab->used++;
    } else {
        return 0;
    }
    slab->live++;
    return index;
}

static inline void slab_give(struct slab *slab, uint32_t index) {
    *(uint32_t *)(void *)(slab->slots + slab->stride * index) = slab->free;
    slab->free = index;
    slab->live--;
}

static inline void *slab_at(const struct slab *slab, uint32_t index) {
    return slab->slots + slab->stride * index;
}

#endif

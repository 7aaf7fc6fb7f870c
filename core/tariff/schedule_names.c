/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/tariff/schedule_names.h"

#include <string.h>

/* Fowler, Noll and Vo's 1a. */
static uint32_t hash_text(const char *text) {
    uint32_t hash = 2166136261u;
    for (; *text != '\0'; text++) {
        hash = (hash ^ (unsigned char)*text) * 16777619u;
    }
    return hash ^ hash >> 15;
}

/* The slot where the text stands or would stand. */
static uint32_t find_slot(const struct schedule_names *names, const char *text) {
    uint32_t mask = names->slot_count - 1;
    uint32_t slot = hash_text(text) & mask;
    while (names->slots[slot] != 0 && strcmp(names->texts[names->slots[slot]], text) != 0) {
        slot = (slot + 1) & mask;
    }
    return slot;
}

uint32_t schedule_names_find(const struct schedule_names *names, const char *text) {
    return names->count == 0 ? 0 : names->slots[find_slot(names, text)];
}

static void spread(struct schedule_names *names, struct arena *arena, uint32_t slot_count) {
    names->slots = ARENA_ARRAY(arena, uint32_t, slot_count);
    names->slot_count = slot_count;
    for (uint32_t i = 1; i < names->count; i++) {
        names->slots[find_slot(names, names->texts[i])] = i;
    }
}

uint32_t schedule_names_add(struct schedule_names *names, struct arena *arena, const char *text) {
    if (2 * (names->count + 1) > names->slot_count) {
        spread(names, arena, names->slot_count == 0 ? 16 : 2 * names->slot_count);
    }
    if (names->count == 0) {
        names->texts = arena_grow(arena, NULL, 0, &names->capacity, sizeof *names->texts);
        names->count = 1;
    }
    uint32_t slot = find_slot(names, text);
    if (names->slots[slot] == 0) {
        names->texts =
            arena_grow(arena, names->texts, names->count, &names->capacity, sizeof *names->texts);
        names->texts[names->count] = text;
        names->slots[slot] = names->count++;
    }
    return names->slots[slot];
}

struct schedule_names schedule_names_copy(const struct schedule_names *names, struct arena *arena) {
    struct schedule_names copy = {.count = names->count, .capacity = names->count};
    if (names->count > 0) {
        copy.texts = ARENA_ARRAY(arena, const char *, names->count);
        memcpy(copy.texts, names->texts, names->count * sizeof *names->texts);
        spread(&copy, arena, names->slot_count);
    }
    return copy;
}

/* SPDX-License-Identifier: GPL-3.0-or-later
 * memory.c - see memory.h.
 *
 * In a model file: u32 count, then of each entry u64 key, f64 findings, f64 inspections. */
#include "core/risk/memory.h"

#include "core/base/require.h"

enum { INDEX_BEGIN = 64 };

void memory_init(struct memory *memory, uint32_t limit, struct arena *arena) {
    REQUIRE(limit <= MEMORY_ENTRIES_MAX);
    *memory = (struct memory){.limit = limit,
                              .index = ARENA_ARRAY(arena, uint32_t, INDEX_BEGIN),
                              .index_mask = INDEX_BEGIN - 1,
                              .arena = arena};
}

/* Keys are mixed already. The place of the key, or the free one where it would stand. */
static uint32_t place_of(const struct memory *memory, uint64_t key) {
    uint32_t place = (uint32_t)(key >> 32) & memory->index_mask;
    while (memory->index[place] != 0 && memory->entries[memory->index[place] - 1].key != key) {
        place = (place + 1) & memory->index_mask;
    }
    return place;
}

/* At most half of the index is used, so that searches are short and end. */
static void grow_index(struct memory *memory) {
    uint32_t size = (memory->index_mask + 1) * 2;
    memory->index = ARENA_ARRAY(memory->arena, uint32_t, size);
    memory->index_mask = size - 1;
    for (uint32_t i = 0; i < memory->count; i++) {
        memory->index[place_of(memory, memory->entries[i].key)] = i + 1;
    }
}

int memory_add(struct memory *memory, uint64_t key, double findings, double inspections) {
    if (key == 0) {
        return 0;
    }
    uint32_t place = place_of(memory, key);
    if (memory->index[place] == 0) {
        if (memory->count == memory->limit) {
            return -1;
        }
        memory->entries = arena_grow(memory->arena, memory->entries, memory->count,
                                     &memory->capacity, sizeof *memory->entries);
        memory->entries[memory->count++] = (struct memory_entry){.key = key};
        memory->index[place] = memory->count;
        if (memory->count > memory->index_mask / 2) {
            grow_index(memory);
            place = place_of(memory, key);
        }
    }
    struct memory_entry *entry = &memory->entries[memory->index[place] - 1];
    entry->findings += findings;
    entry->inspections += inspections;
    return 0;
}

const struct memory_entry *memory_find(const struct memory *memory, uint64_t key) {
    uint32_t place = key == 0 ? 0 : place_of(memory, key);
    return key == 0 || memory->index[place] == 0 ? NULL
                                                 : &memory->entries[memory->index[place] - 1];
}

double memory_mean(const struct memory_entry *entry, const struct memory_entry *without,
                   double prior, double strength) {
    double findings = strength * prior, inspections = strength;
    if (entry != NULL) {
        findings += entry->findings - (without != NULL ? without->findings : 0.0);
        inspections += entry->inspections - (without != NULL ? without->inspections : 0.0);
    }
    return inspections > 0 ? findings / inspections : prior;
}

void memory_write(const struct memory *memory, struct model_writer *writer) {
    model_file_put_u32(writer, memory->count);
    for (uint32_t i = 0; i < memory->count; i++) {
        model_file_put_u64(writer, memory->entries[i].key);
        model_file_put_f64(writer, memory->entries[i].findings);
        model_file_put_f64(writer, memory->entries[i].inspections);
    }
}

void memory_read(struct memory *memory, struct model_reader *reader, struct arena *arena) {
    memory_init(memory, MEMORY_ENTRIES_MAX, arena);
    uint32_t count = model_file_count(reader, MEMORY_ENTRIES_MAX, "remembered keys");
    for (uint32_t i = 0; i < count && !reader->failed; i++) {
        uint64_t key = model_file_u64(reader);
        double findings = model_file_f64(reader), inspections = model_file_f64(reader);
        if (!(findings >= 0 && inspections >= findings && inspections < 1e15)) {
            model_file_fail(reader, "a memory has more findings than inspections");
            return;
        }
        memory_add(memory, key, findings, inspections);
    }
}

/* SPDX-License-Identifier: GPL-3.0-or-later
 * memory.h - what was found of each key: how many inspections, how many findings.
 *
 * The entries stand in the order in which their keys came first; an index finds them. Everything
 * that remembers labels by a code, a pair of codes or whole goods is a memory. */
#ifndef CORE_RISK_MEMORY_H
#define CORE_RISK_MEMORY_H

#include "core/base/arena.h"
#include "core/risk/model_file.h"

#include <stdint.h>

enum { MEMORY_ENTRIES_MAX = 1 << 24 };

struct memory_entry {
    uint64_t key;
    double findings, inspections; /* weighted */
};

struct memory {
    struct memory_entry *entries;
    uint32_t count, limit;
    size_t capacity;
    uint32_t *index; /* of entries, from 1; 0: free */
    uint32_t index_mask;
    struct arena *arena;
};

/* Remembers up to `limit` keys. */
void memory_init(struct memory *memory, uint32_t limit, struct arena *arena);

/* Adds an inspection. Key 0 is missing and is not remembered. 0, or -1 when there is no room for a
 * new key. */
int memory_add(struct memory *memory, uint64_t key, double findings, double inspections);

/* NULL when the key was never added. */
const struct memory_entry *memory_find(const struct memory *memory, uint64_t key);

/* (findings + strength * prior) / (inspections + strength), the mean of a beta posterior, of
 * evidence that may be missing (NULL) and less what `without` holds (NULL: nothing). */
double memory_mean(const struct memory_entry *entry, const struct memory_entry *without,
                   double prior, double strength);

void memory_write(const struct memory *memory, struct model_writer *writer);
void memory_read(struct memory *memory, struct model_reader *reader, struct arena *arena);

#endif

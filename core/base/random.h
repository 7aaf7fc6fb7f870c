/* SPDX-License-Identifier: GPL-3.0-or-later
 * random.h - every draw is a function of (seed, replication, entity, purpose, index).
 *
 * Philox4x32-10 (Salmon, Moraes, Dror and Shaw 2011, as in Random123) with a 64-bit key and a
 * 128-bit counter:
 *
 *     key      63                              32 31                               0
 *              +---------------------------------+---------------------------------+
 *              |            first 64 bits of Philox(counter = (replication, tag),  |
 *              |                                    key = seed)                    |
 *              +---------------------------------+---------------------------------+
 *     counter  127           96 95            64 63                               0
 *              +---------------+----------------+----------------------------------+
 *              |   purpose     |  index / 2     |             entity               |
 *              +---------------+----------------+----------------------------------+
 *     output   127                             64 63                               0
 *              +---------------------------------+---------------------------------+
 *              |  64 bits for odd index          |  64 bits for even index         |
 *              +---------------------------------+---------------------------------+
 *
 * A uniform takes the upper 52 bits u of its 64 and is (u + 1/2) / 2^52: never 0, never 1.
 * A purpose is the hash of names, never a position, so adding a step moves no other draw. */
#ifndef CORE_BASE_RANDOM_H
#define CORE_BASE_RANDOM_H

#include <stddef.h>
#include <stdint.h>

/* The key of one replication. */
struct random_key {
    uint64_t bits;
};

struct random_key random_key_make(uint64_t seed, uint64_t replication);

/* Hash of a name, to be combined: random_purpose("sea_import", random_purpose("check", ...)).
 * `outer` is 0 for the outermost name. Never returns 0. */
uint32_t random_purpose(const char *name, uint32_t outer);

/* 64 random bits. */
uint64_t random_bits(struct random_key key, uint64_t entity, uint32_t purpose, uint32_t index);

/* 0 < u < 1. */
double random_uniform(struct random_key key, uint64_t entity, uint32_t purpose, uint32_t index);

/* -ln(1 - u), mean 1, by inversion. */
double random_exponential(struct random_key key, uint64_t entity, uint32_t purpose, uint32_t index);

/* The draws of `count` successive indices of one entity and purpose, bit for bit the same as one by
 * one; vectorised. `first_index` must be even. */
void random_uniform_block(struct random_key key, uint64_t entity, uint32_t purpose,
                          uint32_t first_index, double *result, size_t count);
void random_exponential_block(struct random_key key, uint64_t entity, uint32_t purpose,
                              uint32_t first_index, double *result, size_t count);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later
 * random.h - every draw is a function of (seed, replication, entity, purpose, index).
 *
 * Philox4x32-10 (Salmon, Moraes, Dror and Shaw 2011) with a 64-bit key and a 128-bit counter:
 *
 *     key      63                                                                 0
 *              +-------------------------------------------------------------------+
 *              |  low 64 bits of Philox(key = seed, counter = (replication, tag))  |
 *              +-------------------------------------------------------------------+
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

#include "core/base/numeric.h"

#include <stddef.h>
#include <stdint.h>

/* The key of one replication. */
struct random_key {
    uint64_t bits;
};

struct random_key random_key_make(uint64_t seed, uint64_t replication);

/* Hash of a name within an outer one: random_purpose("duration", random_purpose("check", 0)).
 * `outer` is 0 for the outermost name. Never returns 0. */
uint32_t random_purpose(const char *name, uint32_t outer);

/* The draws of `count` successive indices of one entity and purpose, bit for bit the same as one by
 * one; vectorised. `first_index` must be even, and the last index fit 32 bits. */
void random_uniform_block(struct random_key key, uint64_t entity, uint32_t purpose,
                          uint32_t first_index, double *result, size_t count);
void random_exponential_block(struct random_key key, uint64_t entity, uint32_t purpose,
                              uint32_t first_index, double *result, size_t count);

/* Draws of index 0 of RANDOM_ENTITIES successive entities, for those who will need them soon; bit
 * for bit the same as one by one. `first_entity` is a multiple of RANDOM_ENTITIES. */
enum { RANDOM_ENTITIES = 16 };
void random_uniform_entities(struct random_key key, uint64_t first_entity, uint32_t purpose,
                             double result[RANDOM_ENTITIES]);
void random_exponential_entities(struct random_key key, uint64_t first_entity, uint32_t purpose,
                                 double result[RANDOM_ENTITIES]);

/* 128 bits, the counter or the output of Philox. */
struct random_words {
    uint64_t low, high;
};

#define RANDOM_PHILOX_MULTIPLIER_0 0xd2511f53u
#define RANDOM_PHILOX_MULTIPLIER_1 0xcd9e8d57u
#define RANDOM_PHILOX_WEYL_0 0x9e3779b9u
#define RANDOM_PHILOX_WEYL_1 0xbb67ae85u
enum { RANDOM_PHILOX_ROUNDS = 10 };

/* Philox4x32-10 itself. */
static inline struct random_words random_philox(uint64_t key, struct random_words counter) {
    uint32_t c0 = (uint32_t)counter.low, c1 = (uint32_t)(counter.low >> 32);
    uint32_t c2 = (uint32_t)counter.high, c3 = (uint32_t)(counter.high >> 32);
    uint32_t k0 = (uint32_t)key, k1 = (uint32_t)(key >> 32);
    for (int round = 0; round < RANDOM_PHILOX_ROUNDS; round++) {
        uint64_t product_0 = (uint64_t)RANDOM_PHILOX_MULTIPLIER_0 * c0;
        uint64_t product_1 = (uint64_t)RANDOM_PHILOX_MULTIPLIER_1 * c2;
        c0 = (uint32_t)(product_1 >> 32) ^ c1 ^ k0;
        c1 = (uint32_t)product_1;
        c2 = (uint32_t)(product_0 >> 32) ^ c3 ^ k1;
        c3 = (uint32_t)product_0;
        k0 += RANDOM_PHILOX_WEYL_0;
        k1 += RANDOM_PHILOX_WEYL_1;
    }
    return (struct random_words){c0 | (uint64_t)c1 << 32, c2 | (uint64_t)c3 << 32};
}

/* 64 random bits. */
static inline uint64_t random_bits(struct random_key key, uint64_t entity, uint32_t purpose,
                                   uint32_t index) {
    struct random_words counter = {entity, (uint64_t)purpose << 32 | index >> 1};
    struct random_words words = random_philox(key.bits, counter);
    return index & 1 ? words.high : words.low;
}

/* (u + 1/2) / 2^52 of the upper 52 bits u, exactly: they become the mantissa of a double in
 * [1, 2), of which 1 - 2^-53 is taken away. */
static inline double random_unit(uint64_t bits) {
    return numeric_from_bits(bits >> 12 | 0x3ff0000000000000) - 0x1.fffffffffffffp-1;
}

/* 0 < u < 1. */
static inline double random_uniform(struct random_key key, uint64_t entity, uint32_t purpose,
                                    uint32_t index) {
    return random_unit(random_bits(key, entity, purpose, index));
}

/* -ln(1 - u), mean 1, by inversion; between 2^-53 and 37. 1 - u, exactly, is the unit number of the
 * inverted bits. */
static inline double random_exponential(struct random_key key, uint64_t entity, uint32_t purpose,
                                        uint32_t index) {
    return -numeric_log_normal(random_unit(~random_bits(key, entity, purpose, index)), 0.0);
}

#endif

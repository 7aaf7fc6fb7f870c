/* SPDX-License-Identifier: GPL-3.0-or-later
 * random.c - see random.h.
 *
 * Blocks are made in chunks: Philox over lanes of 64 bits, then loops that the compiler turns into
 * vector code. The same chunk is compiled for several instruction sets and chosen when it runs;
 * each does the operations of the scalar functions, so the bits are the same. */
#include "core/base/random.h"

#include "core/base/require.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

/* Counters of draws have a purpose, which is never 0, in the tag's place; this tag has a key too
 * that no draw has. */
#define KEY_TAG 0x7265706c69636174u

struct random_key random_key_make(uint64_t seed, uint64_t replication) {
    struct random_words words = random_philox(seed, (struct random_words){replication, KEY_TAG});
    return (struct random_key){words.low};
}

uint32_t random_purpose(const char *name, uint32_t outer) {
    uint64_t hash = 0xcbf29ce484222325 ^ outer; /* FNV-1a, then mixed as in SplitMix64 */
    hash *= 0x100000001b3;
    for (const char *c = name; *c != '\0'; c++) {
        hash = (hash ^ (unsigned char)*c) * 0x100000001b3;
    }
    hash = (hash ^ hash >> 30) * 0xbf58476d1ce4e5b9;
    hash = (hash ^ hash >> 27) * 0x94d049bb133111eb;
    uint32_t purpose = (uint32_t)((hash ^ hash >> 31) >> 32);
    return purpose != 0 ? purpose : 1;
}

/* Draws of a chunk. Eight vectors of 512 bits keep the multipliers busy. */
enum { CHUNK_DRAWS = 128, CHUNK_COUNTERS = CHUNK_DRAWS / 2 };

#define INLINE static inline __attribute__((always_inline))

INLINE void bits_chunk_plain(uint64_t key, struct random_words counter,
                             uint64_t bits[CHUNK_DRAWS]) {
    for (size_t i = 0; i < CHUNK_COUNTERS; i++) {
        struct random_words words = random_philox(key, counter);
        bits[2 * i] = words.low;
        bits[2 * i + 1] = words.high;
        counter.high++;
    }
}

INLINE void uniform_chunk(const uint64_t bits[CHUNK_DRAWS], double result[CHUNK_DRAWS]) {
    for (size_t i = 0; i < CHUNK_DRAWS; i++) {
        result[i] = random_unit(bits[i]);
    }
}

INLINE void exponential_chunk(const uint64_t bits[CHUNK_DRAWS], double result[CHUNK_DRAWS]) {
    for (size_t i = 0; i < CHUNK_DRAWS; i++) {
        result[i] = -numeric_log_normal(random_unit(~bits[i]), 0.0);
    }
}

INLINE void bits_entities_plain(uint64_t key, struct random_words counter,
                                uint64_t bits[RANDOM_ENTITIES]) {
    for (size_t i = 0; i < RANDOM_ENTITIES; i++) {
        bits[i] = random_philox(key, counter).low;
        counter.low++;
    }
}

#if defined(__x86_64__)
/* Philox with one counter in each lane of 64 bits. A multiplication reads the lower halves only,
 * so what the shifts and sums leave in the upper ones does no harm. */
#define DEFINE_ROUNDS(name, instructions, vector, set_all, multiply)                    \
    __attribute__((target(instructions))) INLINE void name(uint64_t key, vector c[4]) { \
        const vector m0 = set_all(RANDOM_PHILOX_MULTIPLIER_0);                          \
        const vector m1 = set_all(RANDOM_PHILOX_MULTIPLIER_1);                          \
        uint32_t k0 = (uint32_t)key, k1 = (uint32_t)(key >> 32);                        \
        for (int round = 0; round < RANDOM_PHILOX_ROUNDS; round++) {                    \
            vector product_0 = multiply(c[0], m0), product_1 = multiply(c[2], m1);      \
            c[0] = (product_1 >> 32) ^ c[1] ^ set_all(k0);                              \
            c[1] = product_1;                                                           \
            c[2] = (product_0 >> 32) ^ c[3] ^ set_all(k1);                              \
            c[3] = product_0;                                                           \
            k0 += RANDOM_PHILOX_WEYL_0;                                                 \
            k1 += RANDOM_PHILOX_WEYL_1;                                                 \
        }                                                                               \
    }

/* Counters of successive indices stand in the lanes so that unpacking brings the draws out in
 * order; those of successive entities simply follow each other. */
#define DEFINE_BITS(suffix, instructions, vector, lanes, set_all, unpack_low, unpack_high, order, \
                    ...)                                                                          \
    __attribute__((target(instructions))) INLINE void bits_chunk_##suffix(                        \
        uint64_t key, struct random_words counter, uint64_t bits[CHUNK_DRAWS]) {                  \
        const vector low_half = set_all(0xffffffff), steps = order;                               \
        for (size_t i = 0; i < CHUNK_COUNTERS; i += lanes) {                                      \
            vector c[4] = {set_all((int64_t)counter.low), set_all((int64_t)(counter.low >> 32)),  \
                           set_all((int64_t)(counter.high + i)) + steps,                          \
                           set_all((int64_t)(counter.high >> 32))};                               \
            rounds_##suffix(key, c);                                                              \
            vector low = (c[0] & low_half) | c[1] << 32, high = (c[2] & low_half) | c[3] << 32;   \
            vector first = unpack_low(low, high), second = unpack_high(low, high);                \
            memcpy(bits + 2 * i, &first, sizeof first);                                           \
            memcpy(bits + 2 * i + lanes, &second, sizeof second);                                 \
        }                                                                                         \
    }                                                                                             \
    __attribute__((target(instructions))) INLINE void bits_entities_##suffix(                     \
        uint64_t key, struct random_words counter, uint64_t bits[RANDOM_ENTITIES]) {              \
        const vector low_half = set_all(0xffffffff), steps = __VA_ARGS__;                         \
        for (size_t i = 0; i < RANDOM_ENTITIES; i += lanes) {                                     \
            vector c[4] = {set_all((int64_t)(counter.low + i)) + steps,                           \
                           set_all((int64_t)(counter.low >> 32)), set_all((int64_t)counter.high), \
                           set_all((int64_t)(counter.high >> 32))};                               \
            rounds_##suffix(key, c);                                                              \
            vector low = (c[0] & low_half) | c[1] << 32;                                          \
            memcpy(bits + i, &low, sizeof low);                                                   \
        }                                                                                         \
    }

#define LANES(...) \
    { __VA_ARGS__ }
DEFINE_ROUNDS(rounds_256, "avx2", __m256i, _mm256_set1_epi64x, _mm256_mul_epu32)
DEFINE_ROUNDS(rounds_512, "avx512f", __m512i, _mm512_set1_epi64, _mm512_mul_epu32)
DEFINE_BITS(256, "avx2", __m256i, 4, _mm256_set1_epi64x, _mm256_unpacklo_epi64,
            _mm256_unpackhi_epi64, LANES(0, 2, 1, 3), {0, 1, 2, 3})
DEFINE_BITS(512, "avx512f", __m512i, 8, _mm512_set1_epi64, _mm512_unpacklo_epi64,
            _mm512_unpackhi_epi64, LANES(0, 4, 1, 5, 2, 6, 3, 7), {0, 1, 2, 3, 4, 5, 6, 7})
#endif

/* A chunk of draws of each kind for one instruction set. */
#define DEFINE_CHUNKS(suffix, bits_of, ...)                                                     \
    __VA_ARGS__ static void uniforms_##suffix(uint64_t key, struct random_words counter,        \
                                              double result[CHUNK_DRAWS]) {                     \
        uint64_t bits[CHUNK_DRAWS];                                                             \
        bits_of(key, counter, bits);                                                            \
        uniform_chunk(bits, result);                                                            \
    }                                                                                           \
    __VA_ARGS__ static void exponentials_##suffix(uint64_t key, struct random_words counter,    \
                                                  double result[CHUNK_DRAWS]) {                 \
        uint64_t bits[CHUNK_DRAWS];                                                             \
        bits_of(key, counter, bits);                                                            \
        exponential_chunk(bits, result);                                                        \
    }                                                                                           \
    __VA_ARGS__ static void entity_exponentials_##suffix(                                       \
        uint64_t key, struct random_words counter, double result[RANDOM_ENTITIES]) {            \
        uint64_t bits[RANDOM_ENTITIES];                                                         \
        bits_entities_##suffix(key, counter, bits);                                             \
        for (size_t i = 0; i < RANDOM_ENTITIES; i++) {                                          \
            result[i] = -numeric_log_normal(random_unit(~bits[i]), 0.0);                        \
        }                                                                                       \
    }                                                                                           \
    __VA_ARGS__ static void entity_uniforms_##suffix(uint64_t key, struct random_words counter, \
                                                     double result[RANDOM_ENTITIES]) {          \
        uint64_t bits[RANDOM_ENTITIES];                                                         \
        bits_entities_##suffix(key, counter, bits);                                             \
        for (size_t i = 0; i < RANDOM_ENTITIES; i++) {                                          \
            result[i] = random_unit(bits[i]);                                                   \
        }                                                                                       \
    }

DEFINE_CHUNKS(plain, bits_chunk_plain, )
#if defined(__x86_64__)
DEFINE_CHUNKS(256, bits_chunk_256, __attribute__((target("avx2"))))
DEFINE_CHUNKS(512, bits_chunk_512, __attribute__((target("avx512f"))))
#endif

typedef void draws_chunk(uint64_t key, struct random_words counter, double result[CHUNK_DRAWS]);

struct chunks {
    draws_chunk *uniforms, *exponentials, *entity_uniforms, *entity_exponentials;
};

static struct chunks chunks_for_this_processor(void) {
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx512f")) {
        return (struct chunks){uniforms_512, exponentials_512, entity_uniforms_512,
                               entity_exponentials_512};
    }
    if (__builtin_cpu_supports("avx2")) {
        return (struct chunks){uniforms_256, exponentials_256, entity_uniforms_256,
                               entity_exponentials_256};
    }
#endif
    return (struct chunks){uniforms_plain, exponentials_plain, entity_uniforms_plain,
                           entity_exponentials_plain};
}

static struct random_words first_counter(uint64_t entity, uint32_t purpose, uint32_t first_index,
                                         size_t count) {
    REQUIRE(first_index % 2 == 0);
    REQUIRE(count <= 0x100000000u - (uint64_t)first_index);
    return (struct random_words){entity, (uint64_t)purpose << 32 | first_index >> 1};
}

static void draw_block(draws_chunk *draws, uint64_t key, struct random_words counter,
                       double *result, size_t count) {
    while (count >= CHUNK_DRAWS) {
        draws(key, counter, result);
        counter.high += CHUNK_COUNTERS;
        result += CHUNK_DRAWS;
        count -= CHUNK_DRAWS;
    }
    if (count != 0) {
        double rest[CHUNK_DRAWS];
        draws(key, counter, rest);
        memcpy(result, rest, count * sizeof *rest);
    }
}

void random_uniform_block(struct random_key key, uint64_t entity, uint32_t purpose,
                          uint32_t first_index, double *result, size_t count) {
    draw_block(chunks_for_this_processor().uniforms, key.bits,
               first_counter(entity, purpose, first_index, count), result, count);
}

void random_exponential_block(struct random_key key, uint64_t entity, uint32_t purpose,
                              uint32_t first_index, double *result, size_t count) {
    draw_block(chunks_for_this_processor().exponentials, key.bits,
               first_counter(entity, purpose, first_index, count), result, count);
}

static struct random_words entity_counter(uint64_t first_entity, uint32_t purpose) {
    REQUIRE(first_entity % RANDOM_ENTITIES == 0);
    return (struct random_words){first_entity, (uint64_t)purpose << 32};
}

void random_uniform_entities(struct random_key key, uint64_t first_entity, uint32_t purpose,
                             double result[RANDOM_ENTITIES]) {
    chunks_for_this_processor().entity_uniforms(key.bits, entity_counter(first_entity, purpose),
                                                result);
}

void random_exponential_entities(struct random_key key, uint64_t first_entity, uint32_t purpose,
                                 double result[RANDOM_ENTITIES]) {
    chunks_for_this_processor().entity_exponentials(key.bits, entity_counter(first_entity, purpose),
                                                    result);
}

/* SPDX-License-Identifier: GPL-3.0-or-later
 * Goal: draws are Philox4x32-10 with the layout of random.h, every block and every instruction set
 * gives the bits of the scalar functions, and the numbers are as random as their users need.
 *
 * Method: published vectors, and Random123 as oracle where installed; comparison of bits; a hash
 * of many draws, so that another compiler with other bits is noticed; chi-square, Kolmogorov and
 * Smirnov, and avalanche with fixed seeds, at limits that chance passes once in 10^5 choices of
 * them. The source is included, since the processor chooses one instruction set and all are
 * tested. */
#include "core/base/random.c" /* NOLINT(bugprone-suspicious-include) */
#include "tests/test.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

#if __has_include(<Random123/philox.h>)
#define HAVE_RANDOM123
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpedantic"
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wsign-conversion"
#include <Random123/philox.h>
#pragma GCC diagnostic pop
#endif

/* Numbers that choose the cases; not from the generator under test. */
static uint64_t next_case(uint64_t *state) {
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return *state ^ *state >> 29;
}

/* The vectors that Salmon et al. publish with Random123 for philox4x32 with ten rounds. */
static void test_known_answers(void) {
    static const struct {
        uint64_t key;
        struct random_words counter, output;
    } known[] = {
        {0, {0, 0}, {0xe169c58d6627e8d5, 0x9b00dbd8bc57ac4c}},
        {UINT64_MAX, {UINT64_MAX, UINT64_MAX}, {0x41c83b0e408f276d, 0x6d5451fda20bc7c6}},
        {0x299f31d0a4093822,
         {0x85a308d3243f6a88, 0x0370734413198a2e},
         {0x94fdccebd16cfe09, 0x24126ea15001e420}},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        struct random_words words = random_philox(known[i].key, known[i].counter);
        CHECK(words.low == known[i].output.low);
        CHECK(words.high == known[i].output.high);
    }
}

/* The layout drawn in random.h, taken apart by another program's Philox. */
static void test_layout(void) {
#ifdef HAVE_RANDOM123
    uint64_t state = 7;
    for (int i = 0; i < 100000; i++) {
        struct random_key key = {next_case(&state)};
        uint64_t entity = next_case(&state);
        uint32_t purpose = (uint32_t)next_case(&state), index = (uint32_t)next_case(&state);
        philox4x32_ctr_t counter = {
            {(uint32_t)entity, (uint32_t)(entity >> 32), index / 2, purpose}};
        philox4x32_key_t philox_key = {{(uint32_t)key.bits, (uint32_t)(key.bits >> 32)}};
        philox4x32_ctr_t output = philox4x32(counter, philox_key);
        uint32_t first = index % 2 * 2;
        uint64_t expected = output.v[first] | (uint64_t)output.v[first + 1] << 32;
        CHECK(random_bits(key, entity, purpose, index) == expected);
    }
#else
    printf("Random123 is not installed: only its published vectors are tested\n");
#endif
}

static void test_units(void) {
    CHECK(random_unit(0) == 0x1p-53);
    CHECK(random_unit(0xfff) == 0x1p-53); /* the lower 12 bits do not count */
    CHECK(random_unit(0x1000) == 0x1.8p-52);
    CHECK(random_unit(UINT64_MAX) == 1.0 - 0x1p-53);
    CHECK(random_unit(UINT64_C(1) << 63) == 0.5 + 0x1p-53);
    struct random_key key = random_key_make(1, 2);
    for (uint32_t i = 0; i < 100000; i++) {
        double u = random_uniform(key, i, 77, i);
        CHECK(random_exponential(key, i, 77, i) == -numeric_log(1.0 - u));
    }
}

/* Bits of any length, start and end, against one by one. */
static void test_blocks(void) {
    enum { COUNT = 700, GUARD = 1 };
    static double uniforms[COUNT + GUARD], exponentials[COUNT + GUARD];
    uint64_t state = 11;
    for (uint32_t count = 0; count <= COUNT; count += count < 300 ? 1 : 61) {
        struct random_key key = {next_case(&state)};
        uint64_t entity = next_case(&state);
        uint32_t purpose = (uint32_t)next_case(&state);
        uint32_t first =
            count % 7 == 0 ? 0u - count - count % 2 : (uint32_t)next_case(&state) & ~1u;
        first = count == 0 || first > UINT32_MAX - COUNT ? first & 0xfffffff0 : first;
        uniforms[count] = exponentials[count] = 42.0;
        random_uniform_block(key, entity, purpose, first, uniforms, count);
        random_exponential_block(key, entity, purpose, first, exponentials, count);
        uint32_t different = 0;
        for (uint32_t i = 0; i < count; i++) {
            different += uniforms[i] != random_uniform(key, entity, purpose, first + i);
            different += exponentials[i] != random_exponential(key, entity, purpose, first + i);
        }
        CHECK_INT(different, 0);
        CHECK(uniforms[count] == 42.0 && exponentials[count] == 42.0);
    }
}

/* One instruction set against the scalar functions. */
static void check_chunks(const char *name, struct chunks chunks) {
    uint64_t state = 13;
    uint32_t different = 0;
    for (int round = 0; round < 500; round++) {
        struct random_key key = {next_case(&state)};
        /* Entities next to 2^32, where a carry would be lost, come often. */
        uint64_t entity = next_case(&state) & (round % 2 ? ~UINT64_C(15) : 0x1fffffff0);
        uint32_t purpose = (uint32_t)next_case(&state), first = (uint32_t)next_case(&state) & ~255u;
        struct random_words counter = {entity, (uint64_t)purpose << 32 | first / 2};
        double uniforms[CHUNK_DRAWS], exponentials[CHUNK_DRAWS];
        chunks.uniforms(key.bits, counter, uniforms);
        chunks.exponentials(key.bits, counter, exponentials);
        for (uint32_t i = 0; i < CHUNK_DRAWS; i++) {
            different += uniforms[i] != random_uniform(key, entity, purpose, first + i);
            different += exponentials[i] != random_exponential(key, entity, purpose, first + i);
        }
        counter.high = (uint64_t)purpose << 32;
        chunks.entity_uniforms(key.bits, counter, uniforms);
        chunks.entity_exponentials(key.bits, counter, exponentials);
        for (uint32_t i = 0; i < RANDOM_ENTITIES; i++) {
            different += uniforms[i] != random_uniform(key, entity + i, purpose, 0);
            different += exponentials[i] != random_exponential(key, entity + i, purpose, 0);
        }
    }
    printf("%s: %u draws differ\n", name, different);
    CHECK_INT(different, 0);
}

static void test_instruction_sets(void) {
    check_chunks("plain", (struct chunks){uniforms_plain, exponentials_plain, entity_uniforms_plain,
                                          entity_exponentials_plain});
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2")) {
        check_chunks("avx2", (struct chunks){uniforms_256, exponentials_256, entity_uniforms_256,
                                             entity_exponentials_256});
    }
    if (__builtin_cpu_supports("avx512f")) {
        check_chunks("avx512f", (struct chunks){uniforms_512, exponentials_512, entity_uniforms_512,
                                                entity_exponentials_512});
    }
#endif
    double uniforms[RANDOM_ENTITIES], exponentials[RANDOM_ENTITIES];
    struct random_key key = random_key_make(3, 4);
    random_uniform_entities(key, 160, 5, uniforms);
    random_exponential_entities(key, 160, 5, exponentials);
    for (uint32_t i = 0; i < RANDOM_ENTITIES; i++) {
        CHECK(uniforms[i] == random_uniform(key, 160 + i, 5, 0));
        CHECK(exponentials[i] == random_exponential(key, 160 + i, 5, 0));
    }
}

/* Whatever builds this, a run of draws has these bits. */
static void test_same_bits_everywhere(void) {
    static double exponentials[100000];
    struct random_key key = random_key_make(20260101, 3);
    random_exponential_block(key, 5, random_purpose("duration", random_purpose("check", 0)), 0,
                             exponentials, 100000);
    uint64_t hash = 0xcbf29ce484222325;
    for (size_t i = 0; i < 100000; i++) {
        hash = (hash ^ numeric_bits(exponentials[i])) * 0x100000001b3;
    }
    printf("hash of 100000 draws: %016" PRIx64 "\n", hash);
    CHECK(hash == 0x866eeae4e9698b15);
}

enum axis { BY_INDEX, BY_ENTITY, BY_PURPOSE, BY_REPLICATION, BY_SEED, AXES };

/* The i-th draw when only one part of the key or counter moves. */
static double draw_along(enum axis axis, uint32_t i) {
    struct random_key key =
        random_key_make(axis == BY_SEED ? i : 9, axis == BY_REPLICATION ? i : 2);
    return random_uniform(key, axis == BY_ENTITY ? i : 1, axis == BY_PURPOSE ? i + 1 : 1,
                          axis == BY_INDEX ? i : 0);
}

/* Chi-square over cells of single draws and of successive pairs. */
static void test_even_in_one_and_two_dimensions(void) {
    enum { DRAWS = 1000000, SIDE = 64, CELLS = SIDE * SIDE };
    for (enum axis axis = 0; axis < AXES; axis++) {
        static uint32_t single[CELLS], pairs[CELLS];
        memset(single, 0, sizeof single);
        memset(pairs, 0, sizeof pairs);
        double before = draw_along(axis, DRAWS), chi_single = 0.0, chi_pairs = 0.0;
        for (uint32_t i = 0; i < DRAWS; i++) {
            double u = draw_along(axis, i);
            single[(size_t)(u * CELLS)]++;
            pairs[(size_t)(u * SIDE) * SIDE + (size_t)(before * SIDE)]++;
            before = u;
        }
        double expected = (double)DRAWS / CELLS;
        for (size_t cell = 0; cell < CELLS; cell++) {
            chi_single += (single[cell] - expected) * (single[cell] - expected) / expected;
            chi_pairs += (pairs[cell] - expected) * (pairs[cell] - expected) / expected;
        }
        double p_single = gsl_cdf_chisq_Q(chi_single, CELLS - 1);
        double p_pairs = gsl_cdf_chisq_Q(chi_pairs, CELLS - 1);
        printf("axis %d: p %.3f single, %.3f pairs\n", (int)axis, p_single, p_pairs);
        CHECK(p_single > 1e-6 && p_single < 1.0 - 1e-6);
        CHECK(p_pairs > 1e-6 && p_pairs < 1.0 - 1e-6);
    }
}

static int ascending(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Kolmogorov and Smirnov's distance of 10^6 exponential draws; the limit distribution passes 2.5 /
 * sqrt(n) with probability 7e-6. */
static void test_exponential_distribution(void) {
    enum { DRAWS = 1000000 };
    static double draws[DRAWS];
    random_exponential_block(random_key_make(5, 6), 7, 8, 0, draws, DRAWS);
    qsort(draws, DRAWS, sizeof *draws, ascending);
    double distance = 0.0;
    for (uint32_t i = 0; i < DRAWS; i++) {
        double p = gsl_cdf_exponential_P(draws[i], 1.0);
        distance = fmax(distance, fmax((i + 1.0) / DRAWS - p, p - (double)i / DRAWS));
    }
    printf("exponential: distance %.3f / sqrt(n)\n", distance * sqrt(DRAWS));
    CHECK(distance * sqrt(DRAWS) < 2.5);
}

/* Each of the 192 bits of key and counter turns each of the 64 bits of a draw half the time. */
static void test_avalanche(void) {
    enum { POINTS = 4000, INPUTS = 192 };
    static uint32_t turned[INPUTS][64];
    uint64_t state = 17;
    for (int point = 0; point < POINTS; point++) {
        uint64_t parts[3] = {next_case(&state), next_case(&state), next_case(&state)};
        uint64_t base = random_bits((struct random_key){parts[0]}, parts[1],
                                    (uint32_t)(parts[2] >> 32), (uint32_t)parts[2]);
        for (uint32_t input = 0; input < INPUTS; input++) {
            uint64_t other[3] = {parts[0], parts[1], parts[2]};
            other[input / 64] ^= UINT64_C(1) << input % 64;
            uint64_t difference =
                base ^ random_bits((struct random_key){other[0]}, other[1],
                                   (uint32_t)(other[2] >> 32), (uint32_t)other[2]);
            for (uint32_t bit = 0; bit < 64; bit++) {
                turned[input][bit] += (uint32_t)(difference >> bit & 1);
            }
        }
    }
    double worst = 0.0;
    for (uint32_t input = 0; input < INPUTS; input++) {
        for (uint32_t bit = 0; bit < 64; bit++) {
            worst = fmax(worst, fabs(turned[input][bit] - POINTS / 2.0) / sqrt(POINTS / 4.0));
        }
    }
    printf("avalanche: at most %.2f standard deviations from one half\n", worst);
    CHECK(worst < 6.0); /* of 12,288 normal numbers: once in 40,000 */
}

static int ascending_word(const void *a, const void *b) {
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static uint32_t equal_pairs(uint64_t *words, size_t count) {
    qsort(words, count, sizeof *words, ascending_word);
    uint32_t equal = 0;
    for (size_t i = 1; i < count; i++) {
        equal += words[i] == words[i - 1];
    }
    return equal;
}

/* 10^5 names in 2^32 purposes: 1.2 pairs expected, eight or more once in 10^5. Keys: none. */
static void test_collisions(void) {
    enum { COUNT = 100000 };
    static uint64_t words[COUNT];
    char name[32];
    for (uint32_t i = 0; i < COUNT; i++) {
        snprintf(name, sizeof name, "step_%u", i / 100);
        uint32_t outer = random_purpose(name, 0);
        snprintf(name, sizeof name, "use_%u", i % 100);
        words[i] = random_purpose(name, outer);
        CHECK(words[i] != 0);
    }
    uint32_t equal = equal_pairs(words, COUNT);
    printf("purposes: %u pairs of %d collide\n", equal, COUNT);
    CHECK(equal < 8);
    for (uint32_t i = 0; i < COUNT; i++) {
        words[i] = random_key_make(i / 1000, i % 1000).bits;
    }
    CHECK_INT(equal_pairs(words, COUNT), 0);
    uint32_t a = random_purpose("a", 0), ab = random_purpose("ab", 0);
    CHECK(random_purpose("bc", a) != random_purpose("c", ab));
    CHECK(random_purpose("b", a) != ab);
    CHECK(random_purpose("", 0) != random_purpose("", random_purpose("", 0)));
}

int main(void) {
    test_known_answers();
    test_layout();
    test_units();
    test_blocks();
    test_instruction_sets();
    test_same_bits_everywhere();
    test_even_in_one_and_two_dimensions();
    test_exponential_distribution();
    test_avalanche();
    test_collisions();
    return test_summary();
}

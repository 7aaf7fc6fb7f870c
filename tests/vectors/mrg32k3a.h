/* SPDX-License-Identifier: GPL-3.0-or-later
 * mrg32k3a.h - L'Ecuyer's combined multiple recursive generator, for published simulations only.
 *
 * Two recursions of order 3 (L'Ecuyer 1999); streams are 2^127 steps apart and substreams 2^76
 * (L'Ecuyer, Simard, Chen and Kelton 2002), reached by powers of the transition matrices. */
#ifndef TESTS_VECTORS_MRG32K3A_H
#define TESTS_VECTORS_MRG32K3A_H

#include <stdint.h>
#include <string.h>

enum { MRG_STREAM_LOG2 = 127, MRG_SUBSTREAM_LOG2 = 76 };

static const uint64_t mrg_modulus[2] = {4294967087u, 4294944443u};

struct mrg {
    uint64_t state[2][3]; /* oldest first */
    uint64_t substream[2][3];
    uint64_t stream[2][3];
};

typedef uint64_t mrg_matrix[3][3];

static inline void mrg_multiply(mrg_matrix a, mrg_matrix b, mrg_matrix result, uint64_t modulus) {
    mrg_matrix product = {{0}};
    for (int i = 0; i < 3; i++) {
        for (int j = 0; j < 3; j++) {
            for (int k = 0; k < 3; k++) {
                product[i][j] = (product[i][j] + a[i][k] * b[k][j] % modulus) % modulus;
            }
        }
    }
    memcpy(result, product, sizeof product);
}

/* 2^log2 steps ahead. */
static inline void mrg_jump(uint64_t state[2][3], int log2) {
    for (int part = 0; part < 2; part++) {
        uint64_t m = mrg_modulus[part], next[3] = {0};
        mrg_matrix step = {{0, 1, 0}, {0, 0, 1}, {0, 0, 0}};
        step[2][0] = part == 0 ? m - 810728 : m - 1370589;
        step[2][1] = part == 0 ? 1403580 : 0;
        step[2][2] = part == 0 ? 0 : 527612;
        for (int i = 0; i < log2; i++) {
            mrg_multiply(step, step, step, m);
        }
        for (int i = 0; i < 3; i++) {
            for (int k = 0; k < 3; k++) {
                next[i] = (next[i] + step[i][k] * state[part][k] % m) % m;
            }
        }
        memcpy(state[part], next, sizeof next);
    }
}

/* Stream `number`, from 0, of the default seed 12345 six times. */
static inline struct mrg mrg_stream(int number) {
    struct mrg mrg;
    for (int i = 0; i < 6; i++) {
        mrg.stream[i / 3][i % 3] = 12345;
    }
    for (int i = 0; i < number; i++) {
        mrg_jump(mrg.stream, MRG_STREAM_LOG2);
    }
    memcpy(mrg.substream, mrg.stream, sizeof mrg.stream);
    memcpy(mrg.state, mrg.stream, sizeof mrg.stream);
    return mrg;
}

static inline void mrg_next_substream(struct mrg *mrg) {
    mrg_jump(mrg->substream, MRG_SUBSTREAM_LOG2);
    memcpy(mrg->state, mrg->substream, sizeof mrg->state);
}

/* 0 < u < 1. */
static inline double mrg_uniform(struct mrg *mrg) {
    uint64_t *a = mrg->state[0], *b = mrg->state[1];
    uint64_t m1 = mrg_modulus[0], m2 = mrg_modulus[1];
    uint64_t x = (1403580 * a[1] + (m1 - 810728) * a[0] % m1) % m1;
    uint64_t y = (527612 * b[2] + (m2 - 1370589) * b[0] % m2) % m2;
    a[0] = a[1], a[1] = a[2], a[2] = x;
    b[0] = b[1], b[1] = b[2], b[2] = y;
    uint64_t z = x > y ? x - y : x + m1 - y;
    return (double)z * 2.328306549295727688e-10; /* 1 / (m1 + 1) */
}

#endif

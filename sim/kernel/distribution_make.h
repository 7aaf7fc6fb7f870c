/* SPDX-License-Identifier: GPL-3.0-or-later
 * distribution_make.h - the step between reading a distribution and drawing from it: arguments of a
 * kind, checked and turned into what a draw needs. */
#ifndef SIM_KERNEL_DISTRIBUTION_MAKE_H
#define SIM_KERNEL_DISTRIBUTION_MAKE_H

#include "sim/kernel/distribution.h"

/* Those up to DISTRIBUTION_MEDIAN have the dimension of the distribution; the others are bare. */
enum distribution_argument {
    DISTRIBUTION_VALUE,
    DISTRIBUTION_LOW,
    DISTRIBUTION_MODE,
    DISTRIBUTION_HIGH,
    DISTRIBUTION_MEAN,
    DISTRIBUTION_SD,
    DISTRIBUTION_SCALE,
    DISTRIBUTION_MEDIAN,
    DISTRIBUTION_CV,
    DISTRIBUTION_SHAPE,
    DISTRIBUTION_SIGMA,
    DISTRIBUTION_ALPHA,
    DISTRIBUTION_BETA_SHAPE, /* written `beta` */
    DISTRIBUTION_ARGUMENT_COUNT
};

/* Non-negative finite numbers, and where each was read, for errors. */
struct distribution_arguments {
    unsigned given; /* bit n: argument n */
    double values[DISTRIBUTION_ARGUMENT_COUNT];
    struct place places[DISTRIBUTION_ARGUMENT_COUNT];
    struct place place; /* of the kind's name */
};

const char *distribution_make_argument_name(enum distribution_argument argument);

/* The sets of arguments by which a kind can be given: set `form` of it, 0 after the last. */
unsigned distribution_make_form(enum distribution_kind kind, unsigned form);

/* Makes a kind without a table from arguments that are one of its forms. Errors say which argument
 * is out of which range. */
int distribution_make(enum distribution_kind kind, enum dimension dimension,
                      const struct distribution_arguments *arguments,
                      struct distribution *distribution, struct error *err);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later
 * distribution_make.c - see distribution_make.h. */
#include "sim/kernel/distribution_make.h"

#include "core/base/numeric.h"
#include "core/base/require.h"

static const char *const argument_names[DISTRIBUTION_ARGUMENT_COUNT] = {
    [DISTRIBUTION_VALUE] = "value",     [DISTRIBUTION_LOW] = "low",
    [DISTRIBUTION_MODE] = "mode",       [DISTRIBUTION_HIGH] = "high",
    [DISTRIBUTION_MEAN] = "mean",       [DISTRIBUTION_SD] = "sd",
    [DISTRIBUTION_SCALE] = "scale",     [DISTRIBUTION_MEDIAN] = "median",
    [DISTRIBUTION_CV] = "cv",           [DISTRIBUTION_SHAPE] = "shape",
    [DISTRIBUTION_SIGMA] = "sigma",     [DISTRIBUTION_ALPHA] = "alpha",
    [DISTRIBUTION_BETA_SHAPE] = "beta",
};

const char *distribution_make_argument_name(enum distribution_argument argument) {
    return argument_names[argument];
}

enum {
    VALUE = 1u << DISTRIBUTION_VALUE,
    LOW = 1u << DISTRIBUTION_LOW,
    MODE = 1u << DISTRIBUTION_MODE,
    HIGH = 1u << DISTRIBUTION_HIGH,
    MEAN = 1u << DISTRIBUTION_MEAN,
    SD = 1u << DISTRIBUTION_SD,
    SCALE = 1u << DISTRIBUTION_SCALE,
    MEDIAN = 1u << DISTRIBUTION_MEDIAN,
    CV = 1u << DISTRIBUTION_CV,
    SHAPE = 1u << DISTRIBUTION_SHAPE,
    SIGMA = 1u << DISTRIBUTION_SIGMA,
    ALPHA = 1u << DISTRIBUTION_ALPHA,
    BETA = 1u << DISTRIBUTION_BETA_SHAPE,
};

enum { FORMS_MAX = 4 };
static const unsigned forms[DISTRIBUTION_KIND_COUNT][FORMS_MAX + 1] = {
    [DISTRIBUTION_CONSTANT] = {VALUE},
    [DISTRIBUTION_UNIFORM] = {LOW | HIGH},
    [DISTRIBUTION_TRIANGULAR] = {LOW | MODE | HIGH},
    [DISTRIBUTION_EXPONENTIAL] = {MEAN},
    [DISTRIBUTION_ERLANG] = {MEAN | SHAPE},
    [DISTRIBUTION_GAMMA] = {MEAN | CV, SHAPE | SCALE},
    [DISTRIBUTION_WEIBULL] = {MEAN | CV, SHAPE | SCALE},
    [DISTRIBUTION_NORMAL] = {MEAN | CV, MEAN | SD},
    [DISTRIBUTION_LOGNORMAL] = {MEAN | CV, MEDIAN | SIGMA},
    [DISTRIBUTION_BETA] = {LOW | HIGH | ALPHA | BETA, LOW | HIGH | MEAN | CV, ALPHA | BETA,
                           MEAN | CV},
    [DISTRIBUTION_POISSON] = {MEAN},
};

unsigned distribution_make_form(enum distribution_kind kind, unsigned form) {
    return forms[kind][form];
}

/* What a maker works on. */
struct making {
    enum distribution_kind kind;
    enum dimension dimension;
    const struct distribution_arguments *arguments;
    struct distribution *distribution;
    struct error *err;
};

static double value_of(const struct making *making, enum distribution_argument argument) {
    return making->arguments->values[argument];
}

static bool is_given(const struct making *making, unsigned argument_set) {
    return (making->arguments->given & argument_set) == argument_set;
}

static int check_range(const struct making *making, enum distribution_argument argument, double low,
                       double high) {
    double value = value_of(making, argument);
    if (value >= low && value <= high) {
        return 0;
    }
    return error_at(making->err, making->arguments->places[argument],
                    "%s: %s must lie between %.6g and %.6g, got %.6g",
                    distribution_kind_name(making->kind), argument_names[argument], low, high,
                    value);
}

/* `low_name` <= `high_name`. */
static int check_order(const struct making *making, enum distribution_argument low_name,
                       enum distribution_argument high_name) {
    if (value_of(making, low_name) <= value_of(making, high_name)) {
        return 0;
    }
    return error_at(making->err, making->arguments->places[high_name],
                    "%s: %s must not be below %s", distribution_kind_name(making->kind),
                    argument_names[high_name], argument_names[low_name]);
}

static int set(const struct making *making, double a, double b, double c, double d) {
    *making->distribution =
        (struct distribution){.kind = making->kind, .a = a, .b = b, .c = c, .d = d};
    return 0;
}

static int set_constant(const struct making *making, double value) {
    *making->distribution = (struct distribution){.kind = DISTRIBUTION_CONSTANT, .a = value};
    return 0;
}

static int make_constant(const struct making *making) {
    return set_constant(making, value_of(making, DISTRIBUTION_VALUE));
}

static int make_uniform(const struct making *making) {
    double low = value_of(making, DISTRIBUTION_LOW), high = value_of(making, DISTRIBUTION_HIGH);
    if (check_order(making, DISTRIBUTION_LOW, DISTRIBUTION_HIGH) < 0) {
        return -1;
    }
    return low < high ? set(making, low, high, 0.0, 0.0) : set_constant(making, low);
}

static int make_triangular(const struct making *making) {
    double low = value_of(making, DISTRIBUTION_LOW), high = value_of(making, DISTRIBUTION_HIGH);
    if (check_order(making, DISTRIBUTION_LOW, DISTRIBUTION_MODE) < 0 ||
        check_order(making, DISTRIBUTION_MODE, DISTRIBUTION_HIGH) < 0) {
        return -1;
    }
    return low < high ? set(making, low, value_of(making, DISTRIBUTION_MODE), high, 0.0)
                      : set_constant(making, low);
}

static int make_exponential(const struct making *making) {
    double mean = value_of(making, DISTRIBUTION_MEAN);
    return mean > 0.0 ? set(making, mean, 0.0, 0.0, 0.0) : set_constant(making, 0.0);
}

static int make_erlang(const struct making *making) {
    double mean = value_of(making, DISTRIBUTION_MEAN), shape = value_of(making, DISTRIBUTION_SHAPE);
    if (check_range(making, DISTRIBUTION_SHAPE, 1.0, 1000.0) < 0) {
        return -1;
    }
    if (shape != (double)(int)shape) {
        return error_at(making->err, making->arguments->places[DISTRIBUTION_SHAPE],
                        "erlang: shape must be a whole number, got %.6g; gamma takes any", shape);
    }
    return mean > 0.0 ? set(making, mean / shape, shape, 0.0, 0.0) : set_constant(making, 0.0);
}

static int make_gamma(const struct making *making) {
    double shape = value_of(making, DISTRIBUTION_SHAPE);
    double scale = value_of(making, DISTRIBUTION_SCALE);
    if (is_given(making, CV)) {
        double mean = value_of(making, DISTRIBUTION_MEAN), cv = value_of(making, DISTRIBUTION_CV);
        if (cv == 0.0) {
            return set_constant(making, mean);
        }
        if (check_range(making, DISTRIBUTION_CV, 1e-4, 100.0) < 0) {
            return -1;
        }
        shape = 1.0 / (cv * cv);
        scale = mean * (cv * cv);
    } else if (check_range(making, DISTRIBUTION_SHAPE, 1e-4, 1e8) < 0) {
        return -1;
    }
    return scale > 0.0 ? set(making, shape, scale, 0.0, 0.0) : set_constant(making, 0.0);
}

static double weibull_cv(double inverse_shape) {
    struct distribution unit = {
        .kind = DISTRIBUTION_WEIBULL, .a = 1.0 / inverse_shape, .b = 1.0, .c = inverse_shape};
    return numeric_sqrt(distribution_variance(&unit)) / distribution_mean(&unit);
}

/* cv rises with 1 / shape. Halving the bracket 60 times leaves a relative width of 1e-15. */
static double weibull_inverse_shape(double cv) {
    double low = 0.001, high = 10.0;
    for (int step = 0; step < 60; step++) {
        double middle = 0.5 * (low + high);
        if (weibull_cv(middle) < cv) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return 0.5 * (low + high);
}

static int make_weibull(const struct making *making) {
    double shape = value_of(making, DISTRIBUTION_SHAPE);
    double scale = value_of(making, DISTRIBUTION_SCALE), inverse_shape;
    if (is_given(making, CV)) {
        double mean = value_of(making, DISTRIBUTION_MEAN), cv = value_of(making, DISTRIBUTION_CV);
        if (cv == 0.0) {
            return set_constant(making, mean);
        }
        if (check_range(making, DISTRIBUTION_CV, 0.0013, 400.0) < 0) {
            return -1; /* shapes between 0.1 and 1000 give a little more than this */
        }
        inverse_shape = weibull_inverse_shape(cv);
        shape = 1.0 / inverse_shape;
        scale = mean / numeric_exp(numeric_log_gamma(1.0 + inverse_shape));
    } else {
        if (check_range(making, DISTRIBUTION_SHAPE, 0.1, 1000.0) < 0) {
            return -1;
        }
        inverse_shape = 1.0 / shape;
    }
    return scale > 0.0 ? set(making, shape, scale, inverse_shape, 0.0) : set_constant(making, 0.0);
}

/* Standard normal distribution function for x >= 0: Marsaglia 2004, a sum of positive terms. */
static double normal_cdf(double x) {
    const double inverse_root_two_pi = 0x1.9884533d43651p-2;
    if (x > 8.5) {
        return 1.0;
    }
    double sum = x, term = x;
    for (int odd = 3; odd < 400; odd += 2) {
        term *= x * x / odd;
        sum += term;
    }
    return 0.5 + inverse_root_two_pi * numeric_exp(-0.5 * x * x) * sum;
}

static int make_normal(const struct making *making) {
    double mean = value_of(making, DISTRIBUTION_MEAN);
    double deviation = is_given(making, CV) ? mean * value_of(making, DISTRIBUTION_CV)
                                            : value_of(making, DISTRIBUTION_SD);
    return deviation > 0.0 ? set(making, mean, deviation, normal_cdf(mean / deviation), 0.0)
                           : set_constant(making, mean);
}

static int make_lognormal(const struct making *making) {
    double median = value_of(making, DISTRIBUTION_MEDIAN);
    double sigma = value_of(making, DISTRIBUTION_SIGMA);
    if (is_given(making, CV)) {
        double cv = value_of(making, DISTRIBUTION_CV);
        if (check_range(making, DISTRIBUTION_CV, 0.0, 1000.0) < 0) {
            return -1;
        }
        median = value_of(making, DISTRIBUTION_MEAN) / numeric_sqrt(1.0 + cv * cv);
        sigma = numeric_sqrt(numeric_log1p(cv * cv));
    } else if (check_range(making, DISTRIBUTION_SIGMA, 0.0, 5.0) < 0) {
        return -1;
    }
    return median > 0.0 && sigma > 0.0 ? set(making, median, sigma, 0.0, 0.0)
                                       : set_constant(making, median);
}

static const double beta_shape_min = 1e-3, beta_shape_max = 1e8;

/* cv of a beta of mean `share` of its width, `offset` + `share` widths, with `sum` = alpha + beta.
 */
static double beta_cv(double share, double offset, double sum) {
    return numeric_sqrt(share * (1.0 - share) / (sum + 1.0)) / (offset + share);
}

static int make_beta_by_mean(const struct making *making, double low, double high) {
    double mean = value_of(making, DISTRIBUTION_MEAN), cv = value_of(making, DISTRIBUTION_CV);
    if (!(mean > low && mean < high)) {
        return error_at(making->err, making->arguments->places[DISTRIBUTION_MEAN],
                        "beta: mean must lie between low and high");
    }
    if (cv == 0.0) {
        return set_constant(making, mean);
    }
    double share = (mean - low) / (high - low), smaller = share < 0.5 ? share : 1.0 - share;
    double offset = low / (high - low);
    if (check_range(making, DISTRIBUTION_CV, beta_cv(share, offset, beta_shape_max),
                    beta_cv(share, offset, beta_shape_min / smaller)) < 0) {
        return -1;
    }
    double deviation = cv * mean / (high - low);
    double sum = share * (1.0 - share) / (deviation * deviation) - 1.0;
    return set(making, low, high, share * sum, (1.0 - share) * sum);
}

static int make_beta(const struct making *making) {
    double low = 0.0, high = 1.0;
    if (is_given(making, LOW | HIGH)) {
        low = value_of(making, DISTRIBUTION_LOW);
        high = value_of(making, DISTRIBUTION_HIGH);
    } else if (making->dimension != DIMENSION_NONE && making->dimension != DIMENSION_SHARE) {
        return error_at(making->err, making->arguments->place,
                        "beta: a %s needs low and high beside the other arguments",
                        units_dimension_name(making->dimension));
    }
    if (!(low < high)) {
        return error_at(making->err, making->arguments->places[DISTRIBUTION_HIGH],
                        "beta: high must be above low");
    }
    if (is_given(making, CV)) {
        return make_beta_by_mean(making, low, high);
    }
    if (check_range(making, DISTRIBUTION_ALPHA, beta_shape_min, beta_shape_max) < 0 ||
        check_range(making, DISTRIBUTION_BETA_SHAPE, beta_shape_min, beta_shape_max) < 0) {
        return -1;
    }
    return set(making, low, high, value_of(making, DISTRIBUTION_ALPHA),
               value_of(making, DISTRIBUTION_BETA_SHAPE));
}

static int make_poisson(const struct making *making) {
    double mean = value_of(making, DISTRIBUTION_MEAN);
    if (making->dimension != DIMENSION_NONE) {
        return error_at(making->err, making->arguments->place,
                        "poisson gives counts, but a %s is due",
                        units_dimension_name(making->dimension));
    }
    if (check_range(making, DISTRIBUTION_MEAN, 0.0, 1e9) < 0) {
        return -1;
    }
    if (mean == 0.0) {
        return set_constant(making, 0.0);
    }
    return set(making, mean,
               mean < DISTRIBUTION_POISSON_LARGE ? numeric_exp(-mean) : numeric_log(mean), 0.0,
               0.0);
}

int distribution_make(enum distribution_kind kind, enum dimension dimension,
                      const struct distribution_arguments *arguments,
                      struct distribution *distribution, struct error *err) {
    static int (*const makers[DISTRIBUTION_KIND_COUNT])(const struct making *) = {
        [DISTRIBUTION_CONSTANT] = make_constant,     [DISTRIBUTION_UNIFORM] = make_uniform,
        [DISTRIBUTION_TRIANGULAR] = make_triangular, [DISTRIBUTION_EXPONENTIAL] = make_exponential,
        [DISTRIBUTION_ERLANG] = make_erlang,         [DISTRIBUTION_GAMMA] = make_gamma,
        [DISTRIBUTION_WEIBULL] = make_weibull,       [DISTRIBUTION_NORMAL] = make_normal,
        [DISTRIBUTION_LOGNORMAL] = make_lognormal,   [DISTRIBUTION_BETA] = make_beta,
        [DISTRIBUTION_POISSON] = make_poisson,
    };
    REQUIRE(makers[kind] != NULL);
    struct making making = {kind, dimension, arguments, distribution, err};
    return makers[kind](&making);
}

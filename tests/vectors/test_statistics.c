/* SPDX-License-Identifier: GPL-3.0-or-later
 * test_statistics.c - goal: accumulators, intervals and queues reproduce published figures.
 *
 * Method: the cases uni-*, ci-*, paired-t-*, rng-mrg32k3a, ssj-* and mm1-* of a file of known
 * answers are read, and what they describe is computed with moments, tally, estimate_*, the event
 * queue and a resource. Expected figures stand in the file only. The published simulations draw
 * from MRG32k3a. */
#include "core/base/estimate.h"
#include "core/base/node.h"
#include "sim/kernel/event_queue.h"
#include "sim/kernel/resource.h"
#include "sim/scenario/input_file.h"
#include "tests/test.h"
#include "tests/vectors/mrg32k3a.h"

#include <math.h>

static const struct node *cases;

static const struct node *case_of(const char *id) {
    for (const struct node *each = cases->first; each != NULL; each = each->next) {
        const struct node *name = node_get(each, "id");
        if (name != NULL && strcmp(name->text, id) == 0) {
            return each;
        }
    }
    printf("there is no case '%s'\n", id);
    exit(1);
}

static double number(const struct node *node) {
    const char *slash = strchr(node->text, '/');
    return slash != NULL ? atof(node->text) / atof(slash + 1) : atof(node->text);
}

static double expected(const char *id, const char *key) {
    const struct node *node = node_get(node_get(case_of(id), "expected"), key);
    if (node == NULL) {
        printf("case '%s' expects no '%s'\n", id, key);
        exit(1);
    }
    return number(node);
}

static double expected_at(const char *id, const char *key, int index) {
    const struct node *node = node_get(node_get(case_of(id), "expected"), key)->first;
    while (index-- > 0) {
        node = node->next;
    }
    return number(node);
}

static double input(const char *id, const char *key) {
    return number(node_get(node_get(case_of(id), "inputs"), key));
}

static unsigned input_list(const char *id, const char *key, double *values) {
    unsigned count = 0;
    const struct node *list = node_get(node_get(case_of(id), "inputs"), key);
    for (const struct node *node = list->first; node != NULL; node = node->next) {
        values[count++] = number(node);
    }
    return count;
}

static void check_relative(const char *what, double actual, double wanted, double tolerance) {
    if (fabs(actual - wanted) > tolerance * fabs(wanted)) {
        printf("-- %s\n", what);
    }
    CHECK_NEAR(actual, wanted, tolerance * fabs(wanted));
}

/* ---- one sample ---------------------------------------------------------------------------- */

static double lag_1(const double *values, unsigned count, double mean) {
    double products = 0, squares = 0;
    for (unsigned i = 0; i < count; i++) {
        squares += (values[i] - mean) * (values[i] - mean);
        products += i + 1 < count ? (values[i] - mean) * (values[i + 1] - mean) : 0;
    }
    return products / squares;
}

static void check_sample(const char *id, const double *values, unsigned count, double of_mean,
                         double of_sd) {
    struct moments moments = {0}, halves[2] = {{0}};
    for (unsigned i = 0; i < count; i++) {
        moments_add(&moments, values[i]);
        moments_add(&halves[i >= count / 2], values[i]);
    }
    moments_merge(&halves[0], &halves[1]);
    check_relative(id, moments.mean, expected(id, "mean"), of_mean);
    check_relative(id, sqrt(moments_variance(&moments)), expected(id, "sd"), of_sd);
    check_relative(id, halves[0].mean, expected(id, "mean"), of_mean);
    check_relative(id, sqrt(moments_variance(&halves[0])), expected(id, "sd"), of_sd);
    check_relative(id, lag_1(values, count, expected(id, "mean")), expected(id, "lag1"), of_sd);
}

static void test_samples(void) {
    static double values[1001];
    unsigned count = input_list("uni-numacc1", "data", values);
    check_sample("uni-numacc1", values, count, 1e-13, 1e-13);
    for (int large = 0; large < 2; large++) {
        double whole = large ? 1000000 : 1;
        values[0] = whole + 0.2;
        for (unsigned i = 1; i < 1001; i++) {
            values[i] = whole + (i % 2 == 1 ? 0.1 : 0.3);
        }
        check_sample(large ? "uni-numacc3" : "uni-numacc2", values, 1001, 1e-14,
                     large ? 1e-8 : 1e-12);
    }
    count = input_list("uni-michelso", "data", values);
    check_sample("uni-michelso", values, count, 1e-10, 1e-10);
}

static void test_intervals(void) {
    double a[64], b[64];
    struct moments moments = {0};
    unsigned count = input_list("ci-t-10", "data", a);
    for (unsigned i = 0; i < count; i++) {
        moments_add(&moments, a[i]);
    }
    double half = estimate_half_width(moments_variance(&moments), count, input("ci-t-10", "level"));
    check_relative("ci-t-10", moments.mean, expected("ci-t-10", "mean"), 1e-10);
    check_relative("ci-t-10", moments_variance(&moments), expected("ci-t-10", "variance"), 1e-10);
    check_relative("ci-t-10", half, expected("ci-t-10", "half_width"), 1e-10);

    count = input_list("paired-t-sleep", "a", a);
    input_list("paired-t-sleep", "b", b);
    struct paired paired = estimate_paired(b, a, count, 0.95);
    check_relative("paired", paired.t, expected("paired-t-sleep", "t"), 1e-9);
    check_relative("paired", paired.p, expected("paired-t-sleep", "p"), 1e-9);
    check_relative("paired", paired.difference - paired.half_width,
                   expected("paired-t-sleep", "ci_low"), 1e-9);
    check_relative("paired", paired.difference + paired.half_width,
                   expected("paired-t-sleep", "ci_high"), 1e-9);
}

/* ---- published simulations ----------------------------------------------------------------- */

static void test_generator(void) {
    struct mrg first = mrg_stream(0), second = mrg_stream(1), substream = first;
    for (int i = 0; i < 4; i++) {
        CHECK_NEAR(mrg_uniform(&first), expected_at("rng-mrg32k3a", "stream1_first4", i), 1e-15);
    }
    CHECK_NEAR(mrg_uniform(&second), expected("rng-mrg32k3a", "stream2_first"), 1e-15);
    mrg_next_substream(&substream);
    CHECK_NEAR(mrg_uniform(&substream), expected("rng-mrg32k3a", "stream1_substream2_first"),
               1e-15);
}

static double exponential(struct mrg *mrg, double rate) {
    return -log1p(-mrg_uniform(mrg)) / rate;
}

/* The next delay after a delay (Lindley 1952). */
static double next_delay(double delay, struct mrg *arrivals, struct mrg *services, double lambda,
                         double mu) {
    double next = delay + exponential(services, mu) - exponential(arrivals, lambda);
    return next > 0 ? next : 0;
}

static void check_moments(const char *id, const struct moments *moments) {
    check_relative(id, moments->mean, expected(id, "mean"), 1e-9);
    check_relative(id, moments_variance(moments), expected(id, "variance"), 1e-9);
    check_relative(id, moments->min, expected(id, "min"), 1e-9);
    check_relative(id, moments->max, expected(id, "max"), 1e-9);
    CHECK_INT(moments->count, expected(id, "n"));
}

static void test_lindley(void) {
    const char *id = "ssj-queue-lindley";
    struct mrg arrivals = mrg_stream(0), services = mrg_stream(1);
    struct moments runs = {0};
    double lambda = input(id, "lambda"), mu = input(id, "mu");
    int customers = (int)input(id, "customers");
    for (int r = 0; r < (int)input(id, "reps"); r++) {
        double delay = 0, sum = 0;
        for (int i = 1; i < customers; i++) {
            delay = next_delay(delay, &arrivals, &services, lambda, mu);
            sum += delay;
        }
        moments_add(&runs, sum / customers);
    }
    check_moments(id, &runs);
}

/* The published run by events, on the event queue and a resource. Times are whole nanoseconds here,
 * so figures agree to about that. */
static void test_queue_by_events(void) {
    enum { ARRIVE = 1, FINISH = 0, NS = 1000000000 };
    const char *id = "ssj-queue-event";
    struct mrg arrivals = mrg_stream(0), services = mrg_stream(1);
    static double service_s[4096];
    double mu = input(id, "mu"), lambda = input(id, "lambda");
    int64_t horizon_ns = (int64_t)input(id, "horizon") * NS;
    struct resource clerk = {.waiting_count_max = UINT32_MAX};
    struct resource_pool pool;
    struct event_queue queue;
    const struct resource_use use = {0, 1};
    uint32_t came = 0, serving = 0, requests[4096];
    resource_pool_init(&pool, &clerk, 1);
    event_queue_init(&queue);
    resource_set_capacity(&pool, 0, 1, 0);
    event_queue_push(&queue, llrint(exponential(&arrivals, lambda) * NS), ARRIVE, 0, 0);
    struct moments waits = {0};
    struct event event;
    while (event_queue_pop(&queue, &event) && event.time_ns <= horizon_ns) {
        uint32_t begins = 0;
        if (event.kind == ARRIVE) {
            event_queue_push(&queue, event.time_ns + llrint(exponential(&arrivals, lambda) * NS),
                             ARRIVE, 0, 0);
            service_s[++came] = exponential(&services, mu);
            if (resource_ask(&pool, came, &use, 1, 0, event.time_ns, &requests[came]) ==
                ASK_GRANTED) {
                begins = came;
                moments_add(&waits, 0);
            }
        } else {
            const struct request *next = request_at(&pool, clerk.waiting[0].first);
            int64_t since_ns = clerk.waiting_count > 0 ? next->since_ns : 0;
            resource_give_back(&pool, requests[serving], event.time_ns);
            begins = resource_ready_pop(&pool);
            resource_ready_pop(&pool);
            if (begins != 0) {
                moments_add(&waits, (double)(event.time_ns - since_ns) / NS);
            }
        }
        if (begins != 0) {
            serving = begins;
            event_queue_push(&queue, event.time_ns + llrint(service_s[begins] * NS), FINISH, begins,
                             begins);
        }
    }
    resource_account(&pool, 0, horizon_ns);
    CHECK_INT(waits.count, expected(id, "waits_n"));
    check_relative(id, waits.max, expected(id, "wait_max"), 1e-6);
    check_relative(id, waits.mean, expected(id, "wait_mean"), 1e-6);
    check_relative(id, moments_variance(&waits), expected(id, "wait_variance"), 1e-6);
    CHECK_INT(clerk.waiting_most, expected(id, "queue_max"));
    check_relative(id, (double)clerk.waiting_ns / (double)horizon_ns,
                   expected(id, "queue_time_average"), 1e-6);
    event_queue_free(&queue);
    resource_pool_free(&pool);
}

/* Poisson by adding probabilities until they exceed u. */
static int poisson(struct mrg *mrg, double mean) {
    double u = mrg_uniform(mrg), term = exp(-mean), sum = term;
    int count = 0;
    while (sum < u) {
        term *= mean / ++count;
        sum += term;
    }
    return count;
}

static void test_inventory(void) {
    const char *id = "ssj-inventory";
    struct mrg demand = mrg_stream(0), order = mrg_stream(1);
    struct moments runs = {0};
    double c = input(id, "c"), h = input(id, "h"), fixed = input(id, "K"), k = input(id, "k");
    for (int r = 0; r < 500; r++) {
        int stock = 200;
        double profit = 0;
        for (int day = 0; day < 2000; day++) {
            int left = stock - poisson(&demand, 100);
            int sold = left < 0 ? stock : stock - left;
            stock = left < 0 ? 0 : left;
            profit += c * sold - h * stock;
            if (stock < 80 && mrg_uniform(&order) < input(id, "p")) {
                profit -= fixed + k * (200 - stock);
                stock = 200;
            }
        }
        moments_add(&runs, profit / 2000);
    }
    check_moments(id, &runs);
}

/* A 99.9 % interval holds the truth. */
static void check_inside(const struct moments *moments, double wanted) {
    double half = estimate_half_width(moments_variance(moments), moments->count, 0.999);
    CHECK_NEAR(moments->mean, wanted, half);
}

/* n times the variance of the mean of n delays, n large: Daley's formula and what runs show. */
static void test_asymptotic_variance(void) {
    enum { RUNS = 1000, CUSTOMERS = 10000 };
    const char *id = "mm1-avar";
    double rho = input(id, "rho"), mu = input(id, "mu"), constant = expected(id, "sigma2_inf");
    double formula =
        rho * (2 + 5 * rho - 4 * rho * rho + rho * rho * rho) / (mu * mu * pow(1 - rho, 4));
    check_relative(id, formula, constant, 1e-12);
    check_relative(id, rho / (mu - rho * mu), expected(id, "mean"), 1e-12);
    struct mrg arrivals = mrg_stream(6), services = mrg_stream(7);
    struct moments means = {0};
    double delay = 0;
    for (int run = 0; run < RUNS; run++) {
        double sum = 0;
        for (int i = 0; i < CUSTOMERS; i++) {
            delay = next_delay(delay, &arrivals, &services, rho * mu, mu);
            sum += delay;
        }
        moments_add(&means, sum / CUSTOMERS);
    }
    check_inside(&means, expected(id, "mean"));
    /* 3.3 standard deviations of a variance of nearly normal numbers. */
    check_relative(id, CUSTOMERS * moments_variance(&means), constant, 3.3 * sqrt(2.0 / RUNS));
}

/* The mean of the first 25 delays from empty, the second and the last of them. */
static void test_transient(void) {
    const char *id = "mm1-transient-25";
    double lambda = input(id, "lambda"), mu = input(id, "mu");
    int customers = (int)input(id, "n");
    struct moments first = {0}, second = {0}, last = {0};
    struct mrg arrivals = mrg_stream(2), services = mrg_stream(3);
    for (int r = 0; r < 200000; r++) {
        double delay = 0, sum = 0;
        for (int i = 2; i <= customers; i++) {
            delay = next_delay(delay, &arrivals, &services, lambda, mu);
            sum += delay;
            if (i == 2) {
                moments_add(&second, delay);
            }
        }
        moments_add(&last, delay);
        moments_add(&first, sum / customers);
    }
    check_inside(&first, expected(id, "mean_of_first_25"));
    check_inside(&second, expected(id, "E_D2"));
    check_inside(&last, expected(id, "E_D25"));
}

/* How often 90 % intervals of n such means hold the truth: below 90 %, by a known amount. */
static void test_coverage(void) {
    const char *id = "ci-coverage-mm1";
    enum { EXPERIMENTS = 60000 };
    const char *queue = "mm1-transient-25";
    double truth = expected(queue, "mean_of_first_25");
    double lambda = input(queue, "lambda"), mu = input(queue, "mu");
    int customers = (int)input(queue, "n");
    struct mrg arrivals = mrg_stream(4), services = mrg_stream(5);
    double counts[2];
    input_list(id, "n", counts);
    for (int which = 0; which < 2; which++) {
        int covered = 0, n = (int)counts[which];
        double t = -estimate_t_quantile(0.05, n - 1), widths = 0;
        for (int e = 0; e < EXPERIMENTS; e++) {
            struct moments means = {0};
            for (int r = 0; r < n; r++) {
                double delay = 0, sum = 0;
                for (int i = 1; i < customers; i++) {
                    delay = next_delay(delay, &arrivals, &services, lambda, mu);
                    sum += delay;
                }
                moments_add(&means, sum / customers);
            }
            double half = t * sqrt(moments_variance(&means) / n);
            covered += fabs(means.mean - truth) <= half;
            widths += half / means.mean;
        }
        CHECK_NEAR((double)covered / EXPERIMENTS, expected_at(id, "coverage", which), 0.006);
        CHECK_NEAR(widths / EXPERIMENTS, expected_at(id, "mean_rel_half_width", which), 0.01);
    }
}

int main(void) {
    struct arena arena = ARENA_INIT;
    struct error err = ERROR_INIT;
    char path[4096];
    const char *folder = getenv("CLEARLAB_DATA");
    snprintf(path, sizeof path, "%s/stats-known-answers.yaml",
             folder != NULL ? folder : "../shared/data");
    FILE *file = fopen(path, "r");
    if (file == NULL) {
        SKIP("stats-known-answers.yaml is not in ../shared/data (set CLEARLAB_DATA)");
    }
    fclose(file);
    const struct node *root = input_file_node(&arena, path, &err);
    if (root == NULL) {
        error_print(&err, path, sizeof path);
        printf("%s", path);
        return 1;
    }
    cases = node_get(root, "cases");
    test_samples();
    test_intervals();
    test_generator();
    test_lindley();
    test_queue_by_events();
    test_inventory();
    test_asymptotic_variance();
    test_transient();
    test_coverage();
    arena_free(&arena);
    return test_summary();
}

/* SPDX-License-Identifier: GPL-3.0-or-later
 * Goal: the interval of clearance_time.h holds nine in ten, and its quantiles lose at least a tenth
 * less than quantiles by channel and office.
 * Method: made records whose hours depend on goods, route, mode, channel, office and the hour of
 * lodging, with a noise that is wider in the red channel; 20,000 to learn, 20,000 to judge. */
#include "tests/test.h"
#include "tests/theory/detector_data.h"

#include "core/risk/clearance_time.h"

#include <math.h>

enum { GOODS = 60, ROUTES = 25, MODES = 3, CHANNELS = 3, OFFICES = 8, COUNT = 20000 };

static double goods_effect[GOODS], route_effect[ROUTES], office_effect[OFFICES];

static void draw_records(struct draws *draws, struct clearance_case *cases, double *hours) {
    static const double channel_effect[CHANNELS] = {0.0, 0.9, 2.0}, mode_effect[] = {0.0, 0.4, 0.9};
    for (unsigned i = 0; i < COUNT; i++) {
        unsigned goods = draw_below(draws, GOODS), route = draw_below(draws, ROUTES);
        unsigned mode = draw_below(draws, MODES), office = draw_below(draws, OFFICES);
        double u = draw_uniform(draws);
        unsigned channel = u < 0.7 ? 0 : u < 0.9 ? 1 : 2;
        double hour = 24.0 * draw_uniform(draws);
        double log_hours = 1.0 + goods_effect[goods] + route_effect[route] + mode_effect[mode] +
                           channel_effect[channel] + office_effect[office] +
                           (hour > 17.0 || hour < 8.0 ? 0.7 : 0.0) +
                           (0.25 + 0.2 * channel) * draw_normal(draws);
        cases[i] =
            (struct clearance_case){{route + 1, goods + 1, mode + 1, channel + 1, office + 1},
                                    i % 50 == 0 ? NAN : hour,
                                    1.0 + draw_below(draws, 5)};
        hours[i] = exp(log_hours);
    }
}

/* Of ln(1 + hours), as the model learns it. */
static double pinball(double actual_h, double predicted_h, double level) {
    double miss = log1p(actual_h) - log1p(predicted_h);
    return miss > 0.0 ? level * miss : (level - 1.0) * miss;
}

static int by_number(const void *a_, const void *b_) {
    const double *a = a_, *b = b_;
    return (*a > *b) - (*a < *b);
}

/* The loss of empirical quantiles by channel and office. */
static double loss_of_cells(const struct clearance_case *learnt, const double *learnt_hours,
                            const struct clearance_case *cases, const double *hours, double level) {
    static double cell[COUNT];
    double loss = 0.0;
    for (unsigned key = 0; key < CHANNELS * OFFICES; key++) {
        unsigned count = 0;
        for (unsigned i = 0; i < COUNT; i++) {
            const uint32_t *codes = learnt[i].codes;
            if ((codes[CLEARANCE_channel] - 1) * OFFICES + codes[CLEARANCE_office] - 1 == key) {
                cell[count++] = learnt_hours[i];
            }
        }
        qsort(cell, count, sizeof *cell, by_number);
        double quantile = cell[(unsigned)(level * (count - 1))];
        for (unsigned i = 0; i < COUNT; i++) {
            const uint32_t *codes = cases[i].codes;
            if ((codes[CLEARANCE_channel] - 1) * OFFICES + codes[CLEARANCE_office] - 1 == key) {
                loss += pinball(hours[i], quantile, level) / COUNT;
            }
        }
    }
    return loss;
}

static struct clearance_case cases[COUNT], others[COUNT];
static double hours[COUNT], other_hours[COUNT];

static void test_forecasts(void) {
    struct arena arena = ARENA_INIT, scratch = ARENA_INIT;
    struct error err = ERROR_INIT;
    struct draws draws = draws_of(479);
    for (unsigned i = 0; i < GOODS; i++) {
        goods_effect[i] = 0.5 * draw_normal(&draws);
        route_effect[i % ROUTES] = 0.4 * draw_normal(&draws);
        office_effect[i % OFFICES] = 0.3 * draw_normal(&draws);
    }
    draw_records(&draws, cases, hours);
    draw_records(&draws, others, other_hours);
    const struct clearance_time *model =
        clearance_time_train(cases, hours, COUNT, random_key_make(402, 0), &arena, &scratch, &err);
    CHECK_TEXT(err.text, "");
    if (model == NULL) {
        return;
    }
    unsigned inside = 0, red_inside = 0, red = 0;
    double loss[3] = {0.0, 0.0, 0.0};
    for (unsigned i = 0; i < COUNT; i++) {
        struct clearance_forecast forecast = clearance_time_ask(model, &others[i]);
        bool holds = other_hours[i] >= forecast.low_h && other_hours[i] <= forecast.high_h;
        bool is_red = others[i].codes[CLEARANCE_channel] == 3;
        inside += holds;
        red += is_red;
        red_inside += is_red && holds;
        loss[0] += pinball(other_hours[i], forecast.median_h, 0.5) / COUNT;
        loss[1] += pinball(other_hours[i], forecast.low_h, 0.05) / COUNT;
        loss[2] += pinball(other_hours[i], forecast.high_h, 0.95) / COUNT;
        CHECK(forecast.low_h <= forecast.median_h && forecast.median_h <= forecast.high_h);
    }
    double levels[3] = {0.5, 0.05, 0.95};
    printf("%.1f %% within the interval, of the red ones %.1f %%\n", 100.0 * inside / COUNT,
           100.0 * red_inside / red);
    CHECK(inside >= 0.88 * COUNT && inside <= 0.92 * COUNT);
    for (unsigned i = 0; i < 3; i++) {
        double cells = loss_of_cells(cases, hours, others, other_hours, levels[i]);
        printf("loss at %.2f: %.4f, by channel and office %.4f (%+.0f %%)\n", levels[i], loss[i],
               cells, 100.0 * (loss[i] / cells - 1.0));
        CHECK(loss[i] <= 0.9 * cells);
    }
    arena_free(&scratch);

    struct model_writer writer;
    struct model_reader reader;
    model_file_create(&writer, &arena);
    clearance_time_write(model, &writer);
    model_file_finish(&writer);
    CHECK_INT(model_file_open(&reader, "times", writer.bytes, writer.length, &err), 0);
    const struct clearance_time *again = clearance_time_read(&reader, &arena);
    CHECK(again != NULL);
    for (unsigned i = 0; again != NULL && i < 1000; i++) {
        struct clearance_forecast a = clearance_time_ask(model, &others[i]);
        struct clearance_forecast b = clearance_time_ask(again, &others[i]);
        CHECK(a.median_h == b.median_h && a.low_h == b.low_h && a.high_h == b.high_h);
    }
    struct clearance_case unknown = {{9999, 9999, 9999, 9999, 0}, NAN, NAN};
    struct clearance_forecast forecast = clearance_time_ask(model, &unknown);
    CHECK(forecast.low_h < forecast.median_h && forecast.median_h < forecast.high_h);
    arena_free(&arena);
}

static void test_refusals(void) {
    struct arena arena = ARENA_INIT;
    struct error err = ERROR_INIT;
    struct random_key key = random_key_make(403, 0);
    CHECK(clearance_time_train(cases, hours, 100, key, &arena, &arena, &err) == NULL);
    CHECK_TEXT(err.text, "100 records are too few to learn times from; it takes 200");
    err = (struct error)ERROR_INIT;
    hours[250] = -1.0;
    CHECK(clearance_time_train(cases, hours, 300, key, &arena, &arena, &err) == NULL);
    CHECK_TEXT(err.text, "record 251: expected hours, 0 or more");
    arena_free(&arena);
}

int main(void) {
    test_forecasts();
    test_refusals();
    return test_summary();
}

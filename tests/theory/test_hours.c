/* SPDX-License-Identifier: GPL-3.0-or-later
 * test_hours.c - goal: peak is who lodged while customs was open, off-peak who lodged otherwise, by
 * the hours of each system's own customs.
 *
 * Method: one consignment an hour, lodged at half past, checked in ten minutes by an officer who is
 * always free when customs is open: means that can be worked out by hand. */
#define _POSIX_C_SOURCE 200809L /* open_memstream */
#include "tests/theory/scene.h"

#include <math.h>

/* Customs open at `hours`, and the milestone that lodging reaches. */
static void play(struct scene *scene, const char *hours, const char *milestone) {
    char text[4096];
    snprintf(text, sizeof text,
             "clearlab: 1\nexperiment: scene\nseed: 1\nreplications: 1\n"
             "study: {cohort: 1 d, limit: 4 d}\n"
             "intervals: {check: {from: handed_in, to: ended}}\n"
             "world: {clearlab: 1, world: w, arrivals: {a: {interarrival: 1 h, procedure: p}}}\n"
             "systems: {s: {clearlab: 1, system: s, organisations: {bank: {hours: never}, "
             "customs: {hours: '%s', staff: {officer: 99}}}, procedures: {p: ["
             "{prepare: {type: work, duration: 30 min, milestone: handed_in}}, "
             "{note: {type: work, milestone: %s}}, "
             "{look: {type: work, by: customs.officer, duration: 10 min}}]}}}\n",
             hours, milestone);
    scene_play(scene, text);
    CHECK_TEXT(scene->message, "");
}

static bool has_metric(const struct scene *scene, const char *name) {
    const struct result_layout *layout = &scene->experiment.recorder.layout;
    for (uint32_t i = 0; i < layout->metric_count; i++) {
        if (strcmp(layout->metrics[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}

static void test_working_day(void) {
    static struct scene scene;
    play(&scene, "08:00-17:00 daily", "lodged");
    /* Lodged from 1:30 to 23:30; 8:30 to 16:30 is open. */
    CHECK_NEAR(scene_metric(&scene, "interval.check.all.count"), 23, 0);
    CHECK_NEAR(scene_metric(&scene, "interval.check.hours_peak.count"), 9, 0);
    CHECK_NEAR(scene_metric(&scene, "interval.check.hours_off_peak.count"), 14, 0);
    CHECK_NEAR(scene_metric(&scene, "interval.check.hours_peak.mean"), 600, 1e-9);
    /* Seven wait 0.5 to 6.5 h for the morning, seven 8.5 to 14.5 h. */
    CHECK_NEAR(scene_metric(&scene, "interval.check.hours_off_peak.mean"), 7.5 * 3600 + 600, 1e-9);
    CHECK_NEAR(scene_metric(&scene, "interval.check.hours_peak.censored"), 0, 0);
    scene_free(&scene);
}

/* Who lodges on Monday, day 0, waits for Friday morning; the limit comes on Friday at 0:00. */
static void test_censored(void) {
    static struct scene scene;
    play(&scene, "08:00-08:05 fri", "lodged");
    CHECK_NEAR(scene_metric(&scene, "interval.check.hours_peak.count"), 0, 0);
    CHECK(isnan(scene_metric(&scene, "interval.check.hours_peak.mean")));
    CHECK_NEAR(scene_metric(&scene, "interval.check.hours_off_peak.count"), 0, 0);
    CHECK_NEAR(scene_metric(&scene, "interval.check.hours_off_peak.censored"), 23, 0);
    scene_free(&scene);
}

/* Nothing tells the hours apart: no groups. */
static void test_no_hours(void) {
    static struct scene scene;
    play(&scene, "always", "lodged");
    CHECK(has_metric(&scene, "interval.check.all.count"));
    CHECK(!has_metric(&scene, "interval.check.hours_peak.count"));
    scene_free(&scene);
    play(&scene, "08:00-17:00 daily", "written");
    CHECK(!has_metric(&scene, "interval.check.hours_peak.count"));
    scene_free(&scene);
}

int main(void) {
    test_working_day();
    test_censored();
    test_no_hours();
    return test_summary();
}

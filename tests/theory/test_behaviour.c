/* SPDX-License-Identifier: GPL-3.0-or-later
 * test_behaviour.c - goal: the steps that make up the flow do what their pages say.
 *
 * Method: small scenes with constant times, told to the minute (scene.h), and metrics that can be
 * worked out by hand. */
#define _POSIX_C_SOURCE 200809L /* open_memstream */
#include "tests/theory/scene.h"

/* One stream a, first arrival in minute 1, every `every` minutes; `procedures` in flow style. */
static const char *text_of(char *text, size_t size, const char *arrival, const char *organisations,
                           const char *procedures, const char *intervals, int cohort_min) {
    snprintf(text, size,
             "clearlab: 1\nexperiment: scene\nseed: 1\nreplications: 1\n"
             "study: {cohort: %d min, limit: 4 d}\nintervals: %s\n"
             "world: {clearlab: 1, world: w, arrivals: {a: {%s}}}\n"
             "systems: {s: {clearlab: 1, system: s, organisations: %s, procedures: %s}}\n",
             cohort_min, intervals, arrival, organisations, procedures);
    return text;
}

static const char once[] = "interarrival: 60 min, procedure: p";
static const char sojourn[] = "{sojourn: {from: created, to: ended}}";

static void play(struct scene *scene, const char *arrival, const char *organisations,
                 const char *procedures, const char *intervals, int cohort_min) {
    char text[8192];
    scene_play(scene, text_of(text, sizeof text, arrival, organisations, procedures, intervals,
                              cohort_min));
}

/* Plays one consignment that arrives in minute 60 and compares its story. */
static void check_story(const char *organisations, const char *procedure, const char *story) {
    static struct scene scene;
    play(&scene, once, organisations, procedure, sojourn, 61);
    CHECK_TEXT(scene.message, "");
    char first[SCENE_SIZE] = ""; /* those who come later are not the question */
    for (char *line = scene.story; *line != '\0';) {
        char *next = line + strcspn(line, "\n") + 1;
        if (strncmp(line + strcspn(line, " "), " a1 ", 4) == 0) {
            strncat(first, line, (size_t)(next - line));
        }
        line = next;
    }
    CHECK_TEXT(first, story);
    scene_free(&scene);
}

/* Branches of 5 and 9 minutes: the slower one's party times count, the other's slack is 4. */
static void test_join_takes_the_last(void) {
    static struct scene scene;
    play(&scene, once, "{customs: {}, port: {}}",
         "{p: [{fork: {papers: [{x: {by: customs, duration: 5 min}}], goods: [{y: {by: port, "
         "duration: 9 min}}]}}, {join: {}}, {z: {by: customs, duration: 2 min}}]}",
         sojourn, 61);
    CHECK_TEXT(scene.message, "");
    CHECK_NEAR(scene_metric(&scene, "interval.sojourn.all.mean"), 11 * 60, 1e-9);
    CHECK_NEAR(scene_metric(&scene, "party.sojourn.customs.mean"), 2 * 60, 1e-9);
    CHECK_NEAR(scene_metric(&scene, "party.sojourn.port.mean"), 9 * 60, 1e-9);
    CHECK_NEAR(scene_metric(&scene, "slack.p_papers.all.mean"), 4 * 60, 1e-9);
    CHECK_NEAR(scene_metric(&scene, "slack.p_goods.all.mean"), 0, 1e-9);
    scene_free(&scene);
}

/* Both take 5 minutes: the first written counts, whichever event came last. */
static void test_join_tie(void) {
    static struct scene scene;
    for (int order = 0; order < 2; order++) {
        play(&scene, once, "{customs: {}, port: {}}",
             order == 0 ? "{p: [{fork: {b1: [{x: {by: customs, duration: 5 min}}], b2: [{y: {by: "
                          "port, duration: 5 min}}]}}, {join: {}}]}"
                        : "{p: [{fork: {b1: [{w: {by: port, duration: 2 min}}, {x: {by: customs, "
                          "duration: 3 min}}], b2: [{y: {by: port, duration: 5 min}}]}}, {join: "
                          "{}}]}",
             sojourn, 61);
        CHECK_TEXT(scene.message, "");
        CHECK_NEAR(scene_metric(&scene, "party.sojourn.customs.mean"), order == 0 ? 300 : 180,
                   1e-9);
        scene_free(&scene);
    }
}

static void test_nested_forks(void) {
    static struct scene scene;
    play(&scene, once, "{customs: {}, port: {}, bank: {}}",
         "{p: [{fork: {b1: [{f2: {type: fork, c1: [{x: {by: customs, duration: 3 min}}], c2: [{y: "
         "{by: bank, duration: 7 min}}]}}, {join: {}}, {w: {by: customs, duration: 1 min}}], b2: "
         "[{z: {by: port, duration: 2 min}}]}}, {join: {}}]}",
         sojourn, 61);
    CHECK_TEXT(scene.message, "");
    CHECK_NEAR(scene_metric(&scene, "interval.sojourn.all.mean"), 8 * 60, 1e-9);
    CHECK_NEAR(scene_metric(&scene, "party.sojourn.bank.mean"), 7 * 60, 1e-9);
    CHECK_NEAR(scene_metric(&scene, "party.sojourn.customs.mean"), 1 * 60, 1e-9);
    scene_free(&scene);
}

static void test_goto(void) {
    check_story("{customs: {}}",
                "{p: [{x: {by: customs, duration: 3 min}}, {again: {type: goto, to: x, at_most: 2, "
                "by: customs}}]}",
                "60 a1 x begin\n63 a1 x end\n63 a1 again begin\n63 a1 again end\n63 a1 x begin\n"
                "66 a1 x end\n66 a1 again begin\n66 a1 again end\n66 a1 x begin\n69 a1 x end\n"
                "69 a1 again begin\n69 a1 again end\n69 a1 completed ended\n");
}

/* Every visit draws its own number, and a step that is added moves no other draw. */
static void test_draws(void) {
    static struct scene scene;
    double means[3];
    const char *const procedures[] = {
        "{p: [{x: {by: customs, duration: 'exponential(mean: 9 min)'}}]}",
        "{p: [{w: {by: customs, duration: 4 min}}, {x: {by: customs, duration: 'exponential(mean: "
        "9 "
        "min)'}}]}",
        "{p: [{x: {by: customs, duration: 'exponential(mean: 9 min)'}}, {again: {type: goto, to: "
        "x, "
        "at_most: 1}}]}"};
    for (int i = 0; i < 3; i++) {
        play(&scene, once, "{customs: {}}", procedures[i], sojourn, 61);
        means[i] = scene_metric(&scene, "interval.sojourn.all.mean");
        scene_free(&scene);
    }
    CHECK_NEAR(means[1], means[0] + 240, 1e-9 * means[1]);
    CHECK(means[2] > means[0]);
    CHECK(means[2] - means[0] < 0.999 * means[0] || means[2] - means[0] > 1.001 * means[0]);
}

static void test_wait_for(void) {
    check_story("{customs: {}, port: {}}",
                "{p: [{fork: {b1: [{x: {type: wait_for, until: landed, by: customs}}], b2: [{y: "
                "{by: port, duration: 7 min, milestone: landed}}]}}, {join: {}}]}",
                "60 a1 fork begin\n60 a1 fork end\n60 a1 x begin\n60 a1 y begin\n67 a1 y end\n"
                "67 a1 join begin\n67 a1 x begin\n67 a1 x end\n67 a1 join begin\n67 a1 join end\n"
                "67 a1 completed ended\n");
    check_story("{customs: {}}",
                "{p: [{x: {type: wait_for, open: '02:30-03:00 daily', by: customs}}]}",
                "60 a1 x begin\n150 a1 x begin\n150 a1 x end\n150 a1 completed ended\n");
}

/* A vessel with three on board: berthed until all are discharged by the one crane. */
static void test_vessel(void) {
    check_story(
        "{port: {machines: {crane: 1}, places: {berth: 1}}, carrier: {}}",
        "{v: [{load: {type: spawn, procedure: c, party: carrier}}, {sail: {type: work, by: "
        "carrier, "
        "duration: 10 min}}, {berth: {type: work, by: carrier, seize: port.berth, milestone: "
        "arrival}}, {stay: {type: wait_for, carried: discharge, party: port}}, {leave: {type: "
        "work, "
        "by: carrier, release: port.berth}}], "
        "c: [{wait: {type: wait_for, vessel: arrival, party: carrier, milestone: arrival}}, {lift: "
        "{type: work, by: port.crane, duration: 2 min, milestone: discharge}}], "
        "p: [{x: {type: work, by: port}}]}",
        "60 a1 x begin\n60 a1 x end\n60 a1 completed ended\n");
    static struct scene scene;
    play(
        &scene, "interarrival: 60 min, carries: 3, procedure: v",
        "{port: {machines: {crane: 1}, places: {berth: 1}}, carrier: {}}",
        "{v: [{load: {type: spawn, procedure: c, party: carrier}}, {sail: {type: work, by: "
        "carrier, "
        "duration: 10 min}}, {berth: {type: work, by: carrier, seize: port.berth, milestone: "
        "arrival}}, {stay: {type: wait_for, carried: discharge, party: port}}, {leave: {type: "
        "work, by: carrier, release: port.berth}}], "
        "c: [{wait: {type: wait_for, vessel: arrival, party: carrier, milestone: arrival}}, {lift: "
        "{type: work, by: port.crane, duration: 2 min, milestone: discharge}}, {rest: {type: work, "
        "by: port, duration: 1 min}}]}",
        "{stay: {from: arrival, to: discharge}}", 61);
    CHECK_TEXT(scene.message, "");
    CHECK_NEAR(scene_metric(&scene, "interval.stay.all.count"), 3, 1e-9);
    CHECK_NEAR(scene_metric(&scene, "interval.stay.all.mean"), (2 + 4 + 6) * 60 / 3.0, 1e-9);
    CHECK(strstr(scene.story, "76 a1 leave begin\n") != NULL); /* 60 + 10 + 3 x 2 */
    scene_free(&scene);
}

/* Arrivals every 10 minutes from minute 10: a load of three goes in minute 30; with a limit of 15
 * minutes the first of a load of two goes with whoever has come. */
static void test_batch(void) {
    static struct scene scene;
    play(&scene, "interarrival: 10 min, procedure: p", "{port: {}}",
         "{p: [{x: {type: batch, size: 3, by: port}}]}", sojourn, 31);
    CHECK_TEXT(scene.message, "");
    CHECK_NEAR(scene_metric(&scene, "interval.sojourn.all.mean"), (20 + 10 + 0) * 60 / 3.0, 1e-9);
    scene_free(&scene);
    play(&scene, "interarrival: 10 min, procedure: p", "{port: {}}",
         "{p: [{x: {type: batch, size: 9, wait_at_most: 15 min, by: port}}]}", sojourn, 21);
    CHECK_TEXT(scene.message, "");
    CHECK_NEAR(scene_metric(&scene, "interval.sojourn.all.mean"), (15 + 5) * 60 / 2.0, 1e-9);
    scene_free(&scene);
}

/* A refusal ends the branch that waits in line, the one that works and the one that is parked. */
static void test_refusal(void) {
    check_story(
        "{customs: {staff: {desk: 1}}, port: {}}",
        "{p: [{fork: {b1: [{x: {type: work, by: customs.desk, duration: 30 min}}], b2: [{y: "
        "{type: work, by: customs.desk, duration: 30 min}}], b3: [{w: {type: wait_for, "
        "until: never, by: port}}, {n: {type: work, by: port, milestone: never}}], b4: [{z: "
        "{type: work, by: port, duration: 5 min}}, {no: {type: end, outcome: refused, by: "
        "port}}]}}, {join: {}}]}",
        "60 a1 fork begin\n60 a1 fork end\n60 a1 x begin\n60 a1 w begin\n60 a1 z begin\n"
        "65 a1 z end\n65 a1 no begin\n65 a1 refused ended\n");
}

static void test_otherwise(void) {
    static struct scene scene;
    play(&scene, "interarrival: 10 min, procedure: p",
         "{customs: {staff: {desk: {units: 1, queue_limit: 0}}}, port: {}}",
         "{p: [{x: {type: work, by: customs.desk, duration: 15 min, otherwise: z}}, {y: {type: "
         "work, "
         "by: port, duration: 1 min}}, {z: {type: work, by: port, duration: 2 min}}]}",
         sojourn, 21);
    CHECK_TEXT(scene.message, "");
    CHECK_NEAR(scene_metric(&scene, "interval.sojourn.all.mean"), (18 + 2) * 60 / 2.0, 1e-9);
    CHECK_NEAR(scene_metric(&scene, "count.balked.all.count"), 0, 1e-9);
    scene_free(&scene);
}

/* A slot kept for 3 h 30 min, two hours free, 20 USD for every hour begun; 90 min of a clerk at 40
 * USD an hour. */
static void test_money(void) {
    static struct scene scene;
    play(
        &scene, once,
        "{port: {staff: {clerk: {units: 1, cost: 40 USD/h}}, places: {slot: 1}, charges: {storage: "
        "{amount: 20 USD, per: 1 h, free: 2 h}, fee: 7.50 USD}}}",
        "{p: [{x: {type: work, by: port, seize: port.slot, duration: 2 h}}, {y: {type: work, by: "
        "port.clerk, duration: 90 min, charge: port.fee}}, {z: {type: work, by: port, release: "
        "port.slot, charge: port.storage}}]}",
        sojourn, 61);
    CHECK_TEXT(scene.message, "");
    CHECK_NEAR(scene_metric(&scene, "cost.transfer.all.mean"), 2 * 20 + 7.5, 1e-9);
    CHECK_NEAR(scene_metric(&scene, "cost.resource.all.mean"), 60, 1e-9);
    scene_free(&scene);
}

/* Units cost from taking to giving back, at every end: 60 USD an hour, seized for two hours; then
 * 30 minutes of work until it is cancelled, while a sibling that waits in line costs nothing. */
static void test_cost_of_what_is_kept_or_cancelled(void) {
    static struct scene scene;
    const char port[] = "{port: {staff: {clerk: {units: 1, cost: 60 USD/h}}}}";
    play(&scene, once, port,
         "{p: [{x: {type: work, by: port, seize: port.clerk}}, {y: {type: work, by: port, "
         "duration: 2 h}}, {z: {type: work, by: port, release: port.clerk}}]}",
         sojourn, 61);
    CHECK_TEXT(scene.message, "");
    CHECK_NEAR(scene_metric(&scene, "cost.resource.all.mean"), 120, 1e-9);
    scene_free(&scene);
    play(&scene, once, port,
         "{p: [{fork: {b1: [{x: {type: work, by: port.clerk, duration: 1 h}}], b2: [{y: {type: "
         "work, by: port.clerk, duration: 1 h}}], b3: [{z: {type: work, by: port, duration: 30 "
         "min}}, {stop: {type: cancel}}]}}, {join: {}}]}",
         sojourn, 61);
    CHECK_TEXT(scene.message, "");
    CHECK_NEAR(scene_metric(&scene, "interval.sojourn.all.mean"), 30 * 60, 1e-9);
    CHECK_NEAR(scene_metric(&scene, "cost.resource.all.mean"), 30, 1e-9);
    scene_free(&scene);
}

/* The urgent branch does not throw its own sibling out, which would end it too: it waits. */
static void test_preempted_sibling(void) {
    check_story("{port: {staff: {clerk: {units: 1, when_preempted: discard}}}}",
                "{p: [{fork: {b1: [{x: {type: work, by: port.clerk, duration: 30 min}}], b2: [{y: "
                "{type: work, by: port, duration: 5 min}}, {z: {type: work, by: port.clerk, "
                "duration: 3 min, priority: 4, preempt: true}}]}}, {join: {}}]}",
                "60 a1 fork begin\n60 a1 fork end\n60 a1 x begin\n60 a1 y begin\n65 a1 y end\n"
                "90 a1 x end\n90 a1 join begin\n90 a1 z begin\n93 a1 z end\n93 a1 join begin\n"
                "93 a1 join end\n93 a1 completed ended\n");
}

/* The urgent one needs a crane too, which it cannot have: the clerk's work is not lost for it. */
static void test_preempting_for_nothing(void) {
    check_story("{port: {staff: {clerk: {units: 1, when_preempted: restart}, crane: 1}}}",
                "{p: [{fork: {b1: [{x: {type: work, by: port.clerk, duration: 30 min}}], b2: [{y: "
                "{type: work, by: port.crane, priority: 5, duration: 20 min}}], b3: [{w: {type: "
                "work, by: port, duration: 5 min}}, {z: {type: work, by: [port.clerk, port.crane], "
                "duration: 3 min, priority: 4, preempt: true}}]}}, {join: {}}]}",
                "60 a1 fork begin\n60 a1 fork end\n60 a1 x begin\n60 a1 y begin\n60 a1 w begin\n"
                "65 a1 w end\n80 a1 y end\n80 a1 join begin\n90 a1 x end\n90 a1 join begin\n"
                "90 a1 z begin\n93 a1 z end\n93 a1 join begin\n93 a1 join end\n"
                "93 a1 completed ended\n");
}

/* Of two clerks the last to begin is parked, with nothing to yield; the other one yields, to the
 * urgent one and at the end of the shift. */
static void test_interrupting_past_the_parked(void) {
    static const char parked[] =
        "{p: [{fork: {b1: [{x: {type: work, by: port.clerk, duration: 30 min}}], b2: [{w: {type: "
        "wait_for, until: m, by: port.clerk}}], b3: [{y: {type: work, by: port, duration: 5 min}}, "
        "{z: {type: work, by: port%s, duration: 3 min, milestone: m}}]}}, {join: {}}]}";
    char procedure[512];
    snprintf(procedure, sizeof procedure, parked, ".clerk, priority: 4, preempt: true");
    check_story("{port: {staff: {clerk: 2}}}", procedure,
                "60 a1 fork begin\n60 a1 fork end\n60 a1 x begin\n60 a1 w begin\n60 a1 y begin\n"
                "65 a1 y end\n65 a1 z begin\n68 a1 z end\n68 a1 join begin\n68 a1 w begin\n"
                "68 a1 w end\n68 a1 join begin\n93 a1 x end\n93 a1 join begin\n93 a1 join end\n"
                "93 a1 completed ended\n");
    snprintf(procedure, sizeof procedure, parked, "");
    check_story("{port: {staff: {clerk: {units: 2, hours: 00:00-01:05 01:20-24:00 daily, "
                "at_shift_end: suspend}}}}",
                procedure,
                "60 a1 fork begin\n60 a1 fork end\n60 a1 x begin\n60 a1 w begin\n60 a1 y begin\n"
                "65 a1 y end\n65 a1 z begin\n68 a1 z end\n68 a1 join begin\n68 a1 w begin\n"
                "68 a1 w end\n68 a1 join begin\n105 a1 x end\n105 a1 join begin\n"
                "105 a1 join end\n105 a1 completed ended\n");
}

/* Who stands before the urgent one in line would get what it freed, so it frees nothing. */
static void test_preempting_before_ones_turn(void) {
    check_story("{port: {staff: {clerk: 1}}}",
                "{p: [{fork: {b1: [{x: {type: work, by: port.clerk, duration: 30 min}}], b2: [{y: "
                "{type: work, by: port.clerk, priority: 9, duration: 1 min}}], b3: [{w: {type: "
                "work, by: port, duration: 5 min}}, {z: {type: work, by: port.clerk, duration: 3 "
                "min, priority: 4, preempt: true}}]}}, {join: {}}]}",
                "60 a1 fork begin\n60 a1 fork end\n60 a1 x begin\n60 a1 w begin\n65 a1 w end\n"
                "90 a1 x end\n90 a1 join begin\n90 a1 y begin\n91 a1 y end\n91 a1 join begin\n"
                "91 a1 z begin\n94 a1 z end\n94 a1 join begin\n94 a1 join end\n"
                "94 a1 completed ended\n");
}

/* b needs the clerk and the crane at which two branches of a work: both are discarded, as one
 * consignment, and what the clerk's queue gets is what b leaves. */
static void test_discarding_branches(void) {
    static struct scene scene;
    play(&scene, "interarrival: 60 min, procedure: p}, b: {interarrival: 65 min, procedure: q",
         "{port: {staff: {clerk: {units: 1, when_preempted: discard}, crane: {units: 1, "
         "when_preempted: discard}}}}",
         "{p: [{fork: {b1: [{x: {type: work, by: port.clerk, duration: 30 min}}], b2: [{y: {type: "
         "work, by: port.crane, duration: 30 min}}]}}, {join: {}}], q: [{z: {type: work, by: "
         "[port.clerk, port.crane], duration: 3 min, priority: 4, preempt: true}}]}",
         sojourn, 66);
    CHECK_TEXT(scene.message, "");
    CHECK(strstr(scene.story, "60 a1 y begin\n65 a1 discarded ended\n65 b1 z begin\n68 b1 z end\n"
                              "68 b1 completed ended\n") != NULL);
    CHECK_NEAR(scene_metric(&scene, "count.discarded.all.count"), 1, 1e-9);
    scene_free(&scene);
}

/* A cancel in an inner branch ends the others at both levels; both joins go on with what is left.
 */
static void test_nested_cancel(void) {
    check_story("{port: {}}",
                "{p: [{fork: {b1: [{inner: {type: fork, c1: [{x: {by: port, type: work, duration: "
                "4 min}}, {stop: {type: cancel}}], c2: [{y: {by: port, type: work, duration: 9 "
                "min}}]}}, {j1: {type: join}}, {v: {by: port, type: work, duration: 1 min}}], b2: "
                "[{z: {by: port, type: work, duration: 9 min}}]}}, {j2: {type: join}}]}",
                "60 a1 fork begin\n60 a1 fork end\n60 a1 inner begin\n60 a1 inner end\n"
                "60 a1 x begin\n60 a1 z begin\n60 a1 y begin\n64 a1 x end\n64 a1 stop begin\n"
                "64 a1 stop end\n64 a1 j1 begin\n64 a1 j1 end\n64 a1 v begin\n65 a1 v end\n"
                "65 a1 j2 begin\n65 a1 j2 end\n65 a1 completed ended\n");
}

/* Rework passes the milestone a second time; the first time counts. */
static void test_milestone_once(void) {
    static struct scene scene;
    play(&scene, once, "{customs: {}}",
         "{p: [{x: {type: work, by: customs, duration: 3 min, milestone: release}}, {again: {type: "
         "goto, to: x, at_most: 2, by: customs}}]}",
         "{to: {from: created, to: release}, rest: {from: release, to: ended}}", 61);
    CHECK_TEXT(scene.message, "");
    CHECK_NEAR(scene_metric(&scene, "interval.to.all.mean"), 3 * 60, 1e-9);
    CHECK_NEAR(scene_metric(&scene, "interval.rest.all.mean"), 6 * 60, 1e-9);
    scene_free(&scene);
}

/* Waits and work of 200 consignments at random: the shares of the parties are the whole. */
static void test_parties_add_up(void) {
    static struct scene scene;
    play(&scene, "interarrival: 'exponential(mean: 10 min)', procedure: p",
         "{customs: {staff: {desk: 1}}, port: {staff: {crane: 1}}, bank: {}}",
         "{p: [{fork: {b1: [{x: {type: work, by: customs.desk, duration: 'exponential(mean: 8 "
         "min)'}}, {y: {type: work, by: bank, duration: 'exponential(mean: 5 min)'}}], b2: [{z: "
         "{type: work, by: port.crane, duration: 'exponential(mean: 8 min)', milestone: landed}}]}}"
         ", {join: {}}, {v: {type: work, by: customs.desk, duration: 'exponential(mean: 1 min)', "
         "milestone: release}}]}",
         "{a: {from: created, to: ended}, b: {from: landed, to: release}}", 2000);
    CHECK_TEXT(scene.message, "");
    CHECK(scene_metric(&scene, "interval.b.all.count") > 150);
    for (const char *interval = "ab"; *interval != '\0'; interval++) {
        static const char *const parties[] = {"customs", "port", "bank", "importer"};
        char name[64];
        double sum = 0;
        for (int i = 0; i < 4; i++) {
            snprintf(name, sizeof name, "party.%c.%s.mean", *interval, parties[i]);
            sum += scene_metric(&scene, name);
        }
        snprintf(name, sizeof name, "interval.%c.all.mean", *interval);
        CHECK_NEAR(sum, scene_metric(&scene, name), 1e-9 * sum);
    }
    scene_free(&scene);
}

/* Who cannot have both is passed over, and nobody who could work stands idle. */
static void test_several_at_once(void) {
    static struct scene scene;
    play(&scene, "interarrival: 10 min, procedure: p", "{port: {staff: {a: 1, b: 1}}, customs: {}}",
         "{p: [{x: {type: work, by: [port.a, port.b], duration: 15 min}}, {y: {type: work, by: "
         "port.a, duration: 1 min}}]}",
         sojourn, 21);
    CHECK_TEXT(scene.message, "");
    CHECK(strstr(scene.story, "10 a1 x begin\n") != NULL);
    CHECK(strstr(scene.story, "25 a2 x begin\n") != NULL);
    CHECK(strstr(scene.story, "40 a1 y begin\n") != NULL);
    scene_free(&scene);
}

/* Released before it arrives: negative, and nothing when counted from zero. */
static void test_before_arrival(void) {
    static struct scene scene;
    play(&scene, once, "{customs: {}, port: {}}",
         "{p: [{fork: {b1: [{x: {type: work, by: customs, duration: 5 min, milestone: release}}], "
         "b2: [{y: {type: work, by: port, duration: 9 min, milestone: arrival}}]}}, {join: {}}]}",
         "{clearance: {from: arrival, to: release, target: 1 min}}", 61);
    CHECK_TEXT(scene.message, "");
    CHECK_NEAR(scene_metric(&scene, "interval.clearance.all.mean"), -4 * 60, 1e-9);
    CHECK_NEAR(scene_metric(&scene, "interval.clearance.all.mean_from_zero"), 0, 1e-9);
    CHECK_NEAR(scene_metric(&scene, "interval.clearance.all.within_target"), 1, 1e-9);
    CHECK_NEAR(scene_metric(&scene, "party.clearance.port.mean"), -4 * 60, 1e-9);
    scene_free(&scene);
}

/* Hours that a step works in: three of them from an hour before closing. */
static void test_working_time(void) {
    check_story("{customs: {hours: 00:00-02:00 10:00-12:00 daily}}",
                "{p: [{x: {type: work, by: customs, working: customs, duration: 2 h}}]}",
                "60 a1 x begin\n660 a1 x end\n660 a1 completed ended\n");
}

static void check_failure(const char *organisations, const char *procedure, const char *part) {
    static struct scene scene;
    play(&scene, once, organisations, procedure, sojourn, 61);
    if (strstr(scene.message, part) == NULL) {
        printf("-- %s\n", scene.message);
    }
    CHECK(strstr(scene.message, part) != NULL);
    scene_free(&scene);
}

static void test_what_can_never_go_on(void) {
    check_failure(
        "{port: {places: {a: 1, b: 1}}}",
        "{p: [{fork: {b1: [{x: {type: work, by: port, seize: port.a, duration: 5 min}}, "
        "{y: {type: work, by: port, seize: port.b, release: [port.a, port.b]}}], b2: [{u: "
        "{type: work, by: port, seize: port.b, duration: 5 min}}, {v: {type: work, by: "
        "port, seize: port.a, release: [port.a, port.b]}}]}}, {join: {}}]}",
        "deadlock: entity 1 waits at step 'y' of 'p' for 'port.b', which is held by others");
    check_failure("{port: {}}",
                  "{p: [{x: {type: wait_for, until: later, by: port}}, {y: {type: work, by: port, "
                  "milestone: later}}]}",
                  "entity 1 can never go on: it waits at step 'x' of 'p'");
    check_failure("{port: {staff: {clerk: {units: 1, queue_limit: 0, hours: 00:00-00:30 daily}}}}",
                  "{p: [{x: {type: work, by: port}}, {y: {type: work, by: port.clerk, duration: 1 "
                  "min, otherwise: x}}]}",
                  "step 'x' of procedure 'p' was reached 10000 times without time passing");
    check_failure(
        "{port: {staff: {clerk: 1}}}",
        "{p: [{x: {type: work, by: port, seize: port.clerk}}, {y: {type: work, by: "
        "port.clerk, duration: 1 min, priority: 4, preempt: true, release: port.clerk}}]}",
        "'port.clerk' is kept across steps by `seize`");
}

int main(void) {
    test_join_takes_the_last();
    test_join_tie();
    test_nested_forks();
    test_goto();
    test_draws();
    test_wait_for();
    test_vessel();
    test_batch();
    test_refusal();
    test_otherwise();
    test_money();
    test_cost_of_what_is_kept_or_cancelled();
    test_preempted_sibling();
    test_preempting_for_nothing();
    test_interrupting_past_the_parked();
    test_preempting_before_ones_turn();
    test_discarding_branches();
    test_nested_cancel();
    test_milestone_once();
    test_parties_add_up();
    test_several_at_once();
    test_before_arrival();
    test_working_time();
    test_what_can_never_go_on();
    return test_summary();
}

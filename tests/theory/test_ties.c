/* SPDX-License-Identifier: GPL-3.0-or-later
 * test_ties.c - goal: whatever happens at one instant happens in the order of enum event_kind, with
 * exact durations, no lost waiter and no lost unit.
 *
 * Method: every pair of {finish, arrive, shift end, breakdown, renege, cancel, preempt} is set up
 * to fall on minute 10 with constant times, and the whole story is compared. Stream a arrives in
 * minute 6 (and 12), b in 7 (and 14), p in 10 (and 20); the study ends before second arrivals
 * matter. That nobody and nothing is lost is what the balances of every replication say: a scene
 * that violates them fails. */
#define _POSIX_C_SOURCE 200809L /* open_memstream */
#include "tests/theory/scene.h"

struct tie {
    const char *name;
    const char *streams;   /* which of a, b, p come */
    const char *desk;      /* keys of the desk beside its units */
    const char *a, *b, *p; /* keys of their step at the desk */
    bool a_is_cancelled;   /* a second branch of a cancels the first in minute 10 */
    const char *story;
};

#define WORK_4 "duration: 4 min"
#define WORK_8 "duration: 8 min"
#define SHIFTS "hours: 00:00-00:10 00:20-24:00 daily, "
#define BREAKS "breakdown: {after: 10 min, repair: 3 min, work: suspend}, "
#define URGENT "duration: 2 min, priority: 5, preempt: true"

static const struct tie ties[] = {
    {"finish, arrive: who comes finds the desk free", "ap", "queue_limit: 0, ", WORK_4, "", WORK_4,
     false,
     "6 a1 a begin\n10 a1 a end\n10 a1 completed ended\n10 p1 p begin\n14 p1 p end\n"
     "14 p1 completed ended\n"},
    {"finish, shift end: work that is done is done", "a", SHIFTS "at_shift_end: restart, ", WORK_4,
     "", "", false, "6 a1 a begin\n10 a1 a end\n10 a1 completed ended\n"},
    {"finish, breakdown: work that is done is done", "a", BREAKS, WORK_4, "", "", false,
     "6 a1 a begin\n10 a1 a end\n10 a1 completed ended\n"},
    {"finish, renege: who is served in time stays", "ab", "", WORK_4,
     "duration: 1 min, patience: 3 min", "", false,
     "6 a1 a begin\n10 a1 a end\n10 a1 completed ended\n10 b1 b begin\n11 b1 b end\n"
     "11 b1 completed ended\n"},
    {"finish, cancel: what was scheduled first happens first", "a", "", WORK_4, "", "", true,
     "6 a1 fork begin\n6 a1 fork end\n6 a1 a begin\n6 a1 other begin\n10 a1 a end\n"
     "10 a1 join begin\n10 a1 other end\n10 a1 stop begin\n10 a1 stop end\n10 a1 join begin\n"
     "10 a1 join end\n10 a1 completed ended\n"},
    {"finish, preempt: nothing is taken from who has ended", "ap", "", WORK_4, "", URGENT, false,
     "6 a1 a begin\n10 a1 a end\n10 a1 completed ended\n10 p1 p begin\n12 p1 p end\n"
     "12 p1 completed ended\n"},
    {"arrive, shift end: who comes as it closes waits", "p", SHIFTS, "", "", WORK_4, false,
     "20 p1 p begin\n24 p1 p end\n24 p1 completed ended\n"},
    {"arrive, breakdown: who comes finds it broken", "p", BREAKS, "", "", WORK_4, false,
     "13 p1 p begin\n17 p1 p end\n17 p1 completed ended\n"},
    {"arrive, renege: who comes takes the place in line", "abp", "queue_limit: 1, ", WORK_8,
     "duration: 1 min, patience: 3 min", WORK_4, false,
     "6 a1 a begin\n10 b1 reneged ended\n14 a1 a end\n14 a1 completed ended\n14 p1 p begin\n"
     "18 p1 p end\n18 p1 completed ended\n"},
    {"arrive, cancel: who comes finds the desk free", "ap", "queue_limit: 0, ", WORK_8, "", WORK_4,
     true,
     "6 a1 fork begin\n6 a1 fork end\n6 a1 a begin\n6 a1 other begin\n10 a1 other end\n"
     "10 a1 stop begin\n10 a1 stop end\n10 a1 join begin\n10 a1 join end\n"
     "10 a1 completed ended\n10 p1 p begin\n14 p1 p end\n14 p1 completed ended\n"},
    {"shift end, breakdown: work waits for the later of both", "a",
     SHIFTS "at_shift_end: suspend, " BREAKS, WORK_8, "", "", false,
     "6 a1 a begin\n27 a1 a end\n27 a1 completed ended\n"},
    {"shift end, renege: nobody is served, so who waits gives up", "ab",
     SHIFTS "at_shift_end: suspend, ", WORK_8, "duration: 1 min, patience: 3 min", "", false,
     "6 a1 a begin\n10 b1 reneged ended\n24 a1 a end\n24 a1 completed ended\n"},
    {"shift end, cancel: the unit goes to who waits, and then home", "ab",
     SHIFTS "at_shift_end: suspend, ", WORK_8, "duration: 1 min", "", true,
     "6 a1 fork begin\n6 a1 fork end\n6 a1 a begin\n6 a1 other begin\n10 a1 other end\n"
     "10 a1 stop begin\n10 a1 stop end\n10 a1 join begin\n10 a1 join end\n"
     "10 a1 completed ended\n10 b1 b begin\n21 b1 b end\n21 b1 completed ended\n"},
    {"shift end, preempt: it is closed, and opens to the urgent one first", "ap",
     SHIFTS "at_shift_end: suspend, ", WORK_8, "", URGENT, false,
     "6 a1 a begin\n20 p1 p begin\n22 p1 p end\n22 p1 completed ended\n28 a1 a end\n"
     "28 a1 completed ended\n"}, /* the second p, in minute 20, is urgent too */
    {"breakdown, renege: nobody is served, so who waits gives up", "ab", BREAKS, WORK_8,
     "duration: 1 min, patience: 3 min", "", false,
     "6 a1 a begin\n10 b1 reneged ended\n17 a1 a end\n17 a1 completed ended\n"},
    {"breakdown, cancel: the unit goes to who waits, and breaks", "ab", BREAKS, WORK_8,
     "duration: 1 min", "", true,
     "6 a1 fork begin\n6 a1 fork end\n6 a1 a begin\n6 a1 other begin\n10 a1 other end\n"
     "10 a1 stop begin\n10 a1 stop end\n10 a1 join begin\n10 a1 join end\n"
     "10 a1 completed ended\n10 b1 b begin\n14 b1 b end\n14 b1 completed ended\n"},
    {"breakdown, preempt: repaired for the urgent one first", "ap", BREAKS, WORK_8, "", URGENT,
     false,
     "6 a1 a begin\n13 p1 p begin\n15 p1 p end\n15 p1 completed ended\n19 a1 a end\n"
     "19 a1 completed ended\n"},
    {"renege, cancel: who is served in time stays", "ab", "", WORK_8,
     "duration: 1 min, patience: 3 min", "", true,
     "6 a1 fork begin\n6 a1 fork end\n6 a1 a begin\n6 a1 other begin\n10 a1 other end\n"
     "10 a1 stop begin\n10 a1 stop end\n10 a1 join begin\n10 a1 join end\n"
     "10 a1 completed ended\n10 b1 b begin\n11 b1 b end\n11 b1 completed ended\n"},
    {"renege, preempt: each goes its way", "abp", "", WORK_8, "duration: 1 min, patience: 3 min",
     URGENT, false,
     "6 a1 a begin\n10 b1 reneged ended\n10 p1 p begin\n12 p1 p end\n12 p1 completed ended\n"
     "16 a1 a end\n16 a1 completed ended\n"},
    {"cancel, preempt: nothing is left to take", "ap", "", WORK_8, "", URGENT, true,
     "6 a1 fork begin\n6 a1 fork end\n6 a1 a begin\n6 a1 other begin\n10 a1 other end\n"
     "10 a1 stop begin\n10 a1 stop end\n10 a1 join begin\n10 a1 join end\n"
     "10 a1 completed ended\n10 p1 p begin\n12 p1 p end\n12 p1 completed ended\n"},
    /* What becomes of the work, by rule. */
    {"shift end restarts", "a", SHIFTS "at_shift_end: restart, ", WORK_8, "", "", false,
     "6 a1 a begin\n28 a1 a end\n28 a1 completed ended\n"},
    {"shift end lets finish", "a", SHIFTS, WORK_8, "", "", false,
     "6 a1 a begin\n14 a1 a end\n14 a1 completed ended\n"},
    {"shift end discards", "a", SHIFTS "at_shift_end: discard, ", WORK_8, "", "", false,
     "6 a1 a begin\n10 a1 discarded ended\n"},
    {"preemption restarts", "ap", "when_preempted: restart, ", WORK_8, "", URGENT, false,
     "6 a1 a begin\n10 p1 p begin\n12 p1 p end\n12 p1 completed ended\n20 a1 a end\n"
     "20 a1 completed ended\n"},
    {"preemption discards", "abp", "when_preempted: discard, ", WORK_8, "duration: 1 min", URGENT,
     false,
     "6 a1 a begin\n10 a1 discarded ended\n10 p1 p begin\n12 p1 p end\n12 p1 completed ended\n"
     "12 b1 b begin\n13 b1 b end\n13 b1 completed ended\n"},
    {"preemption lets finish", "ap", "when_preempted: finish, ", WORK_8, "", URGENT, false,
     "6 a1 a begin\n14 a1 a end\n14 a1 completed ended\n14 p1 p begin\n16 p1 p end\n"
     "16 p1 completed ended\n"},
    {"a breakdown discards", "a", "breakdown: {after: 10 min, repair: 3 min, work: discard}, ",
     WORK_8, "", "", false, "6 a1 a begin\n10 a1 discarded ended\n"},
    {"a breakdown restarts", "a", "breakdown: {after: 10 min, repair: 3 min, work: restart}, ",
     WORK_4 ", priority: 1", "", "", false, "6 a1 a begin\n10 a1 a end\n10 a1 completed ended\n"},
};

static const char step_of_desk[] = "{%c: {type: work, by: customs.desk, %s}}";

static void add_procedure(char *text, size_t size, const struct tie *tie, char who,
                          const char *keys) {
    size_t used = strlen(text);
    char step[512];
    snprintf(step, sizeof step, step_of_desk, who, keys);
    if (who == 'a' && tie->a_is_cancelled) {
        snprintf(text + used, size - used,
                 "      %c: [{fork: {work: [%s], fate: [{other: {type: work, duration: 4 min}}, "
                 "{stop: {type: cancel}}]}}, {join: {}}]\n",
                 who, step);
    } else {
        snprintf(text + used, size - used, "      %c: [%s]\n", who, step);
    }
}

static void play_tie(const struct tie *tie) {
    static const struct {
        char who;
        int minute;
    } arrivals[] = {{'a', 6}, {'b', 7}, {'p', 10}};
    static struct scene scene;
    char text[8192], streams[512] = "";
    const char *const keys[] = {tie->a, tie->b, tie->p};
    for (int i = 0; i < 3; i++) {
        if (strchr(tie->streams, arrivals[i].who) != NULL) {
            size_t used = strlen(streams);
            snprintf(streams + used, sizeof streams - used,
                     "    %c: {interarrival: %d min, procedure: %c}\n", arrivals[i].who,
                     arrivals[i].minute, arrivals[i].who);
        }
    }
    snprintf(
        text, sizeof text,
        "clearlab: 1\nexperiment: tie\nseed: 1\nreplications: 1\n"
        "study: {cohort: 11 min, limit: 2 d}\nintervals: {sojourn: {from: created, to: ended}}\n"
        "world:\n  clearlab: 1\n  world: w\n  arrivals:\n%s"
        "systems:\n  s:\n    clearlab: 1\n    system: s\n    organisations: {customs: {staff: "
        "{desk: {%sunits: 1}}}}\n    procedures:\n",
        streams, tie->desk);
    for (int i = 0; i < 3; i++) {
        if (strchr(tie->streams, arrivals[i].who) != NULL) {
            add_procedure(text, sizeof text, tie, arrivals[i].who, keys[i]);
        }
    }
    scene_play(&scene, text);
    CHECK_TEXT(scene.message, "");
    /* Second arrivals come before the first of the cohort have left: they are not the question. */
    char story[SCENE_SIZE] = "";
    for (char *line = scene.story; *line != '\0';) {
        char *next = line + strcspn(line, "\n") + 1;
        if (line[strcspn(line, " ") + 2] == '1') {
            strncat(story, line, (size_t)(next - line));
        }
        line = next;
    }
    if (strcmp(story, tie->story) != 0) {
        printf("-- %s\n", tie->name);
    }
    CHECK_TEXT(story, tie->story);
    scene_free(&scene);
}

int main(void) {
    for (size_t i = 0; i < sizeof ties / sizeof ties[0]; i++) {
        play_tie(&ties[i]);
    }
    return test_summary();
}

/* SPDX-License-Identifier: GPL-3.0-or-later
 * test_tie_oracle.c - goal: whatever coincides, under whatever rules, ends as the order of enum
 * event_kind says, and no unit and no waiter is ever lost.
 *
 * Method: one desk; a comes every 6 minutes, b every 7, p every 10; at minute 10 the desk closes
 * and breaks down. All combinations of rules, patience, cancellation and preemption are played, and
 * the ends of the first of each stream are compared with those of a model that steps from minute to
 * minute. After every minute the units held and the requests waiting are counted by hand. */
#define _POSIX_C_SOURCE 200809L /* open_memstream */
#include "tests/theory/scene.h"

enum { HORIZON_MIN = 240, CUSTOMERS = HORIZON_MIN };
enum rule { RULE_NONE, RULE_FINISH, RULE_SUSPEND, RULE_RESTART, RULE_DISCARD, RULE_COUNT };

static const char *const rule_names[] = {"none", "finish", "suspend", "restart", "discard"};

struct combination {
    enum rule shift, breakdown, preempt; /* none: there is no such event */
    int b;                               /* 0: does not come, 1: waits, 2: gives up after 3 min */
    bool long_work;                      /* of a: 8 minutes, else 4 */
    bool cancel;                         /* a second branch ends a's work after 4 minutes */
};

/* ---- the model ----------------------------------------------------------------------------- */

enum state { ABSENT, WAITING, SERVED, GONE };

struct customer {
    char who;
    int number, came_min, work_min, left_min, priority, place;
    enum state state;
    bool begun, begun_at_once; /* ever; when it came */
    int ended_min;             /* 0: never */
    const char *outcome;
};

struct model {
    const struct combination *rules;
    struct customer customers[CUSTOMERS];
    int count, front, back, now_min;
    struct customer *served;
    bool closed, broken;
};

static void leave(struct model *model, struct customer *customer, const char *outcome) {
    if (model->served == customer) {
        model->served = NULL;
    }
    customer->state = GONE;
    customer->ended_min = model->now_min;
    customer->outcome = outcome;
}

static bool is_open(const struct model *model) {
    return !model->closed && !model->broken;
}

static void serve(struct model *model) {
    struct customer *best = NULL;
    if (!is_open(model) || model->served != NULL) {
        return;
    }
    for (int i = 0; i < model->count; i++) {
        struct customer *each = &model->customers[i];
        if (each->state == WAITING &&
            (best == NULL || each->priority > best->priority ||
             (each->priority == best->priority && each->place < best->place))) {
            best = each;
        }
    }
    if (best != NULL) {
        best->state = SERVED;
        best->begun_at_once = !best->begun && best->came_min == model->now_min;
        best->begun = true;
        model->served = best;
    }
}

static void interrupt(struct model *model, enum rule rule) {
    struct customer *served = model->served;
    if (served == NULL || rule == RULE_FINISH || rule == RULE_NONE) {
        return;
    }
    if (rule == RULE_DISCARD) {
        leave(model, served, "discarded");
        return;
    }
    model->served = NULL;
    served->state = WAITING;
    served->place = --model->front;
    served->left_min = rule == RULE_RESTART ? served->work_min : served->left_min;
}

static void finish(struct model *model) {
    if (model->served != NULL && model->served->left_min == 0) {
        leave(model, model->served, "completed");
        serve(model);
    }
}

/* Ends and cancellations go by stream, number, and then by which was scheduled first. */
static void finish_and_cancel(struct model *model) {
    struct customer *cancelled = NULL;
    for (int i = 0; i < model->count && model->rules->cancel; i++) {
        struct customer *each = &model->customers[i];
        if (each->who == 'a' && each->state != GONE && each->came_min + 4 == model->now_min) {
            cancelled = each;
        }
    }
    const struct customer *served = model->served;
    if (cancelled == NULL ||
        (served != NULL && served->who == 'a' &&
         (served->number < cancelled->number || (served == cancelled && served->begun_at_once)))) {
        finish(model);
    }
    if (cancelled != NULL && cancelled->state != GONE) {
        leave(model, cancelled, "completed");
        serve(model);
    }
    finish(model);
}

static void arrive(struct model *model, char who, int every_min) {
    const struct combination *rules = model->rules;
    if (model->now_min % every_min != 0 || (who == 'b' && rules->b == 0)) {
        return;
    }
    bool urgent = who == 'p' && rules->preempt != RULE_NONE;
    int work_min = who == 'b' ? 1 : who == 'a' ? (rules->long_work ? 8 : 4) : urgent ? 2 : 4;
    struct customer *customer = &model->customers[model->count++];
    *customer = (struct customer){.who = who,
                                  .number = model->now_min / every_min,
                                  .came_min = model->now_min,
                                  .work_min = work_min,
                                  .left_min = work_min,
                                  .priority = urgent ? 5 : 0,
                                  .place = ++model->back,
                                  .state = WAITING};
    if (urgent && is_open(model) && model->served != NULL && model->served->priority < 5) {
        interrupt(model, rules->preempt);
    }
    serve(model);
}

static void step(struct model *model) {
    const struct combination *rules = model->rules;
    int minute = ++model->now_min;
    if (model->served != NULL) {
        model->served->left_min--;
    }
    finish_and_cancel(model);
    if (rules->breakdown != RULE_NONE && minute >= 13 && minute % 13 == 0) {
        model->broken = false;
        serve(model);
    }
    if (rules->shift != RULE_NONE && (minute == 10 || minute == 20)) {
        model->closed = minute == 10;
        if (!is_open(model)) {
            interrupt(model, rules->shift);
        }
        serve(model);
    }
    if (rules->breakdown != RULE_NONE && minute >= 10 && (minute - 10) % 13 == 0) {
        bool was_open = is_open(model);
        model->broken = true;
        if (was_open) {
            interrupt(model, rules->breakdown);
        }
    }
    for (int i = 0; i < model->count && rules->b == 2; i++) {
        struct customer *each = &model->customers[i];
        if (each->who == 'b' && each->state == WAITING && !each->begun &&
            each->came_min + 3 == minute) {
            leave(model, each, "reneged");
        }
    }
    arrive(model, 'a', 6);
    arrive(model, 'b', 7);
    arrive(model, 'p', 10);
}

/* "a 10 completed" and so on, for the first of each stream. */
static void tell_model(const struct combination *rules, char *story, size_t size) {
    static struct model model;
    memset(&model, 0, sizeof model);
    model.rules = rules;
    while (model.now_min < HORIZON_MIN) {
        step(&model);
    }
    story[0] = '\0';
    for (int i = 0; i < model.count; i++) {
        const struct customer *each = &model.customers[i];
        if (each->number == 1) {
            size_t used = strlen(story);
            snprintf(story + used, size - used, "%c %d %s\n", each->who, each->ended_min,
                     each->ended_min > 0 ? each->outcome : "inside");
        }
    }
}

/* ---- the scene ----------------------------------------------------------------------------- */

static void write_scene(const struct combination *rules, char *text, size_t size) {
    char shift[128] = "", breakdown[128] = "", preempt[64] = "", a[512];
    if (rules->shift != RULE_NONE) {
        snprintf(shift, sizeof shift, "hours: 00:00-00:10 00:20-24:00 daily, at_shift_end: %s, ",
                 rule_names[rules->shift]);
    }
    if (rules->breakdown != RULE_NONE) {
        snprintf(breakdown, sizeof breakdown,
                 "breakdown: {after: 10 min, repair: 3 min, work: %s}, ",
                 rule_names[rules->breakdown]);
    }
    if (rules->preempt != RULE_NONE) {
        snprintf(preempt, sizeof preempt, "when_preempted: %s, ", rule_names[rules->preempt]);
    }
    snprintf(a, sizeof a, "{a: {type: work, by: customs.desk, duration: %d min}}",
             rules->long_work ? 8 : 4);
    snprintf(
        text, size,
        "clearlab: 1\nexperiment: tie\nseed: 1\nreplications: 1\n"
        "study: {cohort: 11 min, limit: %d min}\n"
        "intervals: {sojourn: {from: created, to: ended}}\n"
        "world: {clearlab: 1, world: w, arrivals: {a: {interarrival: 6 min, procedure: a}, %s"
        "p: {interarrival: 10 min, procedure: p}}}\n"
        "systems: {s: {clearlab: 1, system: s, organisations: {customs: {staff: {desk: "
        "{%s%s%sunits: 1}}}}, procedures: {a: [%s%s%s], b: [{b: {type: work, by: "
        "customs.desk, duration: 1 min%s}}], p: [{p: {type: work, by: customs.desk, %s}}]}}}\n",
        HORIZON_MIN, rules->b > 0 ? "b: {interarrival: 7 min, procedure: b}, " : "", shift,
        breakdown, preempt, rules->cancel ? "{fork: {work: [" : "", a,
        rules->cancel ? "], fate: [{other: {type: work, duration: 4 min}}, {stop: {type: "
                        "cancel}}]}}, {join: {}}"
                      : "",
        rules->b == 2 ? ", patience: 3 min" : "",
        rules->preempt != RULE_NONE ? "duration: 2 min, priority: 5, preempt: true"
                                    : "duration: 4 min");
}

/* Units held and requests waiting, counted over all tokens; nobody waits for what is free. */
static bool nothing_is_lost(const struct replication *rep) {
    const struct resource *desk = &rep->pool.resources[0];
    int32_t held = 0;
    uint32_t waiting = 0;
    for (uint32_t i = 1; i < rep->tokens.used; i++) {
        const struct token *token = token_at(rep, i);
        if (token->consignment != 0 && token->requests != 0) {
            bool holds = request_at(&rep->pool, token->requests)->state == REQUEST_HOLDING;
            held += holds;
            waiting += !holds;
        }
    }
    return held == desk->busy_units && waiting == desk->waiting_count &&
           (waiting == 0 || desk->busy_units >= desk->capacity_units);
}

static void tell_scene(const char *log, const char *streams, char *story, size_t size) {
    char ends[3][128];
    for (int i = 0; streams[i] != '\0'; i++) {
        snprintf(ends[i], sizeof ends[i], "%c 0 inside\n", streams[i]);
    }
    for (const char *line = log; *line != '\0'; line += strcspn(line, "\n") + 1) {
        double time_ns;
        unsigned long entity;
        char activity[64], what[64];
        if (sscanf(line, "%lf %lu %*s %63s %63s", &time_ns, &entity, activity, what) == 4 &&
            strcmp(what, "ended") == 0 && (entity & ((1ul << 27) - 1)) == 1) {
            snprintf(ends[entity >> 27], sizeof ends[0], "%c %.15g %s\n", streams[entity >> 27],
                     time_ns / 60e9, activity);
        }
    }
    story[0] = '\0';
    for (int i = 0; streams[i] != '\0'; i++) {
        size_t used = strlen(story);
        snprintf(story + used, size - used, "%s", ends[i]);
    }
}

static void play(const struct combination *rules) {
    static struct scene scene;
    char text[4096], story[512], expected[256], *log = NULL;
    size_t size = 0;
    struct error err = ERROR_INIT;
    write_scene(rules, text, sizeof text);
    scene_load(&scene, text);
    CHECK_TEXT(scene.message, "");
    struct trace trace = {.file = open_memstream(&log, &size)};
    struct replication *rep = scene.rep;
    rep->trace = &trace;
    recorder_set_point(rep->recorder, 0);
    replication_start(rep, scene.experiment.scenarios[0], 0, &err);
    bool kept = true;
    for (int minute = 1; minute <= HORIZON_MIN; minute++) {
        replication_advance(rep, minute * INT64_C(60000000000));
        kept = kept && nothing_is_lost(rep);
    }
    CHECK_INT(replication_stop(rep), 0);
    fclose(trace.file);
    tell_scene(log, rules->b > 0 ? "abp" : "ap", story, sizeof story);
    tell_model(rules, expected, sizeof expected);
    if (!kept || strcmp(story, expected) != 0) {
        printf("-- shift %s, breakdown %s, preempt %s, b %d, long %d, cancel %d\n",
               rule_names[rules->shift], rule_names[rules->breakdown], rule_names[rules->preempt],
               rules->b, rules->long_work, rules->cancel);
    }
    CHECK(kept);
    CHECK_TEXT(story, expected);
    free(log);
    scene_free(&scene);
}

int main(void) {
    enum { COMBINATIONS = RULE_COUNT * RULE_COUNT * RULE_COUNT * 3 * 2 * 2 };
    for (int i = 0; i < COMBINATIONS; i++) {
        int rest = i;
        struct combination rules = {0};
        rules.shift = (enum rule)(rest % RULE_COUNT);
        rest /= RULE_COUNT;
        rules.breakdown = (enum rule)(rest % RULE_COUNT);
        rest /= RULE_COUNT;
        rules.preempt = (enum rule)(rest % RULE_COUNT);
        rest /= RULE_COUNT;
        rules.b = rest % 3;
        rules.long_work = rest / 3 % 2;
        rules.cancel = rest / 6 % 2;
        play(&rules);
    }
    return test_summary();
}

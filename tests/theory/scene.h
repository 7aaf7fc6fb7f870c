/* SPDX-License-Identifier: GPL-3.0-or-later
 * scene.h - plays a small scenario with constant times and tells what happened, to the minute.
 *
 * The story has one line an event: minute, who (stream letter and number), activity, what. A
 * vessel's stream is told like any other. */
#ifndef TESTS_THEORY_SCENE_H
#define TESTS_THEORY_SCENE_H

#include "sim/record/trace.h"
#include "sim/run/replication.h"
#include "sim/run/worker.h"
#include "tests/test.h"

enum { SCENE_SIZE = 16384 };

struct scene {
    struct arena arena;
    struct ready_experiment experiment;
    struct replication *rep;
    struct result_replication result;
    char story[SCENE_SIZE];
    char message[2048]; /* of the error; empty when it ran */
};

/* One line of the event log as one of the story; milestones are left out. */
static inline void scene_tell(struct scene *scene, char *line, const struct scenario *scenario) {
    char *part[6], *rest = line;
    for (int i = 0; i < 6; i++) {
        part[i] = rest;
        rest += strcspn(rest, "\t\n");
        *rest++ = '\0';
    }
    if (strcmp(part[4], "milestone") == 0 || strcmp(part[4], "what") == 0) {
        return;
    }
    unsigned long entity = strtoul(part[1], NULL, 10);
    size_t used = strlen(scene->story);
    snprintf(scene->story + used, SCENE_SIZE - used, "%.15g %s%lu %s %s\n",
             strtod(part[0], NULL) / 60e9, scenario->world.streams[entity >> 27].name,
             entity & ((1ul << 27) - 1), part[3], part[4]);
}

/* Prepares; the message says what failed. */
static inline void scene_load(struct scene *scene, const char *text) {
    struct error err = ERROR_INIT;
    memset(scene, 0, sizeof *scene);
    if (experiment_plan_load_text("scene", text, NULL, 0, &scene->experiment.plan, &scene->arena,
                                  &err) != 0 ||
        worker_prepare(&scene->experiment, &scene->arena, &err) != 0) {
        error_print(&err, scene->message, sizeof scene->message);
        return;
    }
    scene->rep = scene->experiment.worker.workspace_create(&scene->experiment);
}

/* Plays replication 0 of point 0. */
static inline void scene_play(struct scene *scene, const char *text) {
    struct error err = ERROR_INIT;
    char *log = NULL;
    size_t size = 0;
    scene_load(scene, text);
    if (scene->rep == NULL) {
        return;
    }
    struct trace trace = {.file = open_memstream(&log, &size)};
    scene->rep->trace = &trace;
    if (scene->experiment.worker.run(&scene->experiment, scene->rep, 0, 0, &scene->result, &err) !=
        0) {
        error_print(&err, scene->message, sizeof scene->message);
    }
    fclose(trace.file);
    for (char *line = log; *line != '\0';) {
        char *next = line + strcspn(line, "\n") + 1;
        scene_tell(scene, line, scene->experiment.scenarios[0]);
        line = next;
    }
    free(log);
}

static inline void scene_free(struct scene *scene) {
    if (scene->rep != NULL) {
        scene->experiment.worker.workspace_free(scene->rep);
    }
    arena_free(&scene->arena);
}

/* Far off when the scene could not be played. */
static inline double scene_metric(const struct scene *scene, const char *name) {
    const struct result_layout *layout = &scene->experiment.recorder.layout;
    for (uint32_t i = 0; i < layout->metric_count && scene->result.metrics; i++) {
        if (strcmp(layout->metrics[i].name, name) == 0) {
            return scene->result.metrics[i];
        }
    }
    printf("there is no metric '%s'\n", name);
    return -1e300;
}

#endif

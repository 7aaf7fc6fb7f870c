/* SPDX-License-Identifier: GPL-3.0-or-later
 * test_allocation.c - goal: nothing is allocated while events happen.
 *
 * Method: the allocator's entries are counted by functions of the same name here, which the loader
 * finds first, around the event loop of a replication of `paper` that has never run before, so
 * memory cannot have been left over from an earlier one. Sanitizers bring allocators of their own:
 * skipped. */
#include "tests/theory/theory.h"

#if defined(__SANITIZE_ADDRESS__)
int main(void) {
    SKIP("the address sanitizer has an allocator of its own");
}
#else

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *memory, size_t size);

static unsigned long calls;

void *malloc(size_t size) {
    calls++;
    return __libc_malloc(size);
}

void *calloc(size_t count, size_t size) {
    calls++;
    return __libc_calloc(count, size);
}

void *realloc(void *memory, size_t size) {
    calls++;
    return __libc_realloc(memory, size);
}

int main(void) {
    struct arena arena = ARENA_INIT;
    struct error err = ERROR_INIT;
    struct ready_experiment experiment = {0};
    CHECK(experiment_plan_load(SOURCE_DIR "/scenarios/experiments/first.yml", NULL, 0,
                               &experiment.plan, &arena, &err) == 0);
    CHECK(worker_prepare(&experiment, &arena, &err) == 0);
    CHECK(calls > 0); /* the count counts */
    struct replication *rep = experiment.worker.workspace_create(&experiment);
    recorder_set_point(rep->recorder, 0);
    replication_start(rep, experiment.scenarios[0], 0, &err);
    unsigned long before = calls;
    replication_advance(rep, experiment.scenarios[0]->study.limit_ns);
    CHECK_INT(calls - before, 0);
    CHECK(rep->event_count > 100000);
    CHECK(replication_stop(rep) == 0);
    experiment.worker.workspace_free(rep);
    arena_free(&arena);
    return test_summary();
}
#endif

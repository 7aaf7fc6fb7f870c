/* SPDX-License-Identifier: GPL-3.0-or-later
 * test_experiment_crash.c - a hundred kills at random moments lose no committed replication.
 *
 * A child runs a fake experiment with small sleeps, tells over a pipe how many replications are
 * committed, writes the result, and is killed (SIGKILL) after a while drawn from a fixed sequence.
 * Then another child goes on. After each kill the journal must hold all that was reported and all
 * that it held before; in the end the file has the bytes of an undisturbed run. This process starts
 * no threads itself, for they do not outlive a fork. */
#define _DEFAULT_SOURCE
#include "tests/test.h"
#include "tests/unit/sample_result.h"

#include "sim/run/experiment.h"

#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
    PATH_SIZE = 128,
    KILLS = 100,
    REPLICATIONS = 40,
    LIFE_MAX_US = 30000,
    SLEEP_MAX_US = 3000,
    THREADS = 4
};

static char folder[64];

static void sleep_us(uint64_t us) {
    struct timespec pause = {(time_t)(us / 1000000), (long)(us % 1000000) * 1000};
    nanosleep(&pause, NULL);
}

static void *workspace_create(const void *context) {
    (void)context;
    return malloc(sizeof(struct sample_arrays));
}

static void workspace_free(void *workspace) {
    free(workspace);
}

static int run_fake(const void *context, void *workspace, uint32_t point, uint32_t replication,
                    struct result_replication *result, struct error *err) {
    (void)context;
    (void)err;
    sleep_us(sample_bits(point, replication, 99) % SLEEP_MAX_US);
    *result = sample_replication(point, replication, workspace);
    return 0;
}

/* Called after a commit: one byte each, so a kill cannot cut a message. */
static void report(void *user, uint32_t done, uint32_t total, double elapsed_s) {
    (void)done;
    (void)total;
    (void)elapsed_s;
    if (write(*(const int *)user, "c", 1) != 1) {
        _exit(3);
    }
}

/* The child: begins or goes on, and finishes if it lives. */
static int live(const char *journal_path, const char *result_path, int pipe_end) {
    static const struct experiment_stopping stopping = {.replications_min = REPLICATIONS,
                                                        .replications_max = REPLICATIONS};
    struct arena arena = ARENA_INIT;
    struct error err = ERROR_INIT;
    struct result result;
    uint32_t counts[SAMPLE_POINTS];
    struct result_layout layout = sample_layout();
    struct experiment_outcome outcome = {.replication_count = counts};
    struct experiment_worker worker = {
        .workspace_create = workspace_create, .workspace_free = workspace_free, .run = run_fake};
    struct experiment_options options = {.journal_path = journal_path,
                                         .thread_count = THREADS,
                                         .progress = report,
                                         .progress_user = &pipe_end};
    struct journal *journal = journal_create(journal_path, &layout, &err);
    if (journal != NULL && journal_close(journal, &err) != 0) {
        return 1;
    }
    err = (struct error)ERROR_INIT; /* where it exists, it is gone on with */
    int status = experiment_run(&layout, &worker, &stopping, &options, &outcome, &err) != 0 ||
                 journal_read(journal_path, &result, counts, NULL, &arena, &err) != 0 ||
                 result_file_write(result_path, &result, &err) != 0;
    if (status != 0) {
        printf("child: %s\n", err.text);
        fflush(stdout);
    }
    arena_free(&arena);
    return status;
}

static pid_t give_birth(const char *journal_path, const char *result_path, int *pipe_end) {
    int ends[2];
    if (pipe(ends) != 0) {
        SKIP("no pipe");
    }
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        close(ends[0]);
        _exit(live(journal_path, result_path, ends[1]));
    }
    close(ends[1]);
    *pipe_end = ends[0];
    return child;
}

/* Bytes that the child wrote before it ended. */
static uint32_t count_reports(int pipe_end) {
    uint32_t count = 0;
    char bytes[256];
    for (ssize_t got; (got = read(pipe_end, bytes, sizeof bytes)) > 0;) {
        count += (uint32_t)got;
    }
    close(pipe_end);
    return count;
}

struct held {
    bool has[SAMPLE_POINTS][REPLICATIONS];
    uint32_t count;
};

/* What the journal holds now; checks that each of its rows is the right one. */
static struct held read_held(const char *journal_path) {
    static struct sample_arrays arrays;
    struct held held = {0};
    struct arena arena = ARENA_INIT;
    struct error err = ERROR_INIT;
    struct result result;
    if (access(journal_path, F_OK) == 0 &&
        journal_read(journal_path, &result, NULL, NULL, &arena, &err) == 0) {
        held.count = result.replication_count;
        for (uint32_t i = 0; i < held.count; i++) {
            struct result_replication rep =
                sample_replication(result.point[i], result.replication[i], &arrays);
            held.has[rep.point][rep.replication] = true;
            CHECK(result.fingerprint[i] == rep.fingerprint);
            CHECK(result.metrics[(size_t)i * SAMPLE_METRICS] == rep.metrics[0]);
        }
    } else if (err.code != ERROR_NONE) {
        CHECK(strstr(err.text, "ends within its header") != NULL);
    }
    arena_free(&arena);
    return held;
}

static void check_after_kill(const struct held *before, const struct held *after,
                             uint32_t reported) {
    CHECK(after->count >= before->count + reported);
    for (uint32_t p = 0; p < SAMPLE_POINTS; p++) {
        for (uint32_t r = 0; r < REPLICATIONS; r++) {
            CHECK(after->has[p][r] || !before->has[p][r]); /* what was committed is not lost */
        }
    }
}

/* A run from its beginning to its end with as many kills as are left; returns the kills. */
static int run_with_kills(int kills_left, int run, const char *undisturbed) {
    char journal[PATH_SIZE], path[PATH_SIZE];
    snprintf(journal, sizeof journal, "%s/journal%d", folder, run);
    snprintf(path, sizeof path, "%s/result%d.h5", folder, run);
    struct held before = {0};
    for (int kills = 0;;) {
        int pipe_end, status;
        pid_t child = give_birth(journal, path, &pipe_end);
        if (kills < kills_left) {
            sleep_us(sample_bits((uint64_t)run, (uint64_t)kills, 7) % LIFE_MAX_US);
            kill(child, SIGKILL);
        }
        uint32_t reported = count_reports(pipe_end);
        CHECK(waitpid(child, &status, 0) == child);
        struct held after = read_held(journal);
        check_after_kill(&before, &after, reported);
        before = after;
        /* Under its final name the file is whole or not there, killed or not. */
        CHECK(access(path, F_OK) != 0 || sample_same_bytes(path, undisturbed));
        if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) {
            kills++;
            continue;
        }
        CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
        CHECK(sample_same_bytes(path, undisturbed));
        return kills;
    }
}

int main(void) {
    char journal[PATH_SIZE], undisturbed[PATH_SIZE];
    if (sample_folder(folder) == NULL) {
        SKIP("no folder for temporary files");
    }
    snprintf(journal, sizeof journal, "%s/journal", folder);
    snprintf(undisturbed, sizeof undisturbed, "%s/undisturbed.h5", folder);
    int pipe_end, status, kills = 0, run = 0;
    pid_t child = give_birth(journal, undisturbed, &pipe_end);
    CHECK_INT(count_reports(pipe_end), SAMPLE_POINTS * REPLICATIONS);
    CHECK(waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0);
    for (; kills < KILLS && run < 2 * KILLS; run++) {
        kills += run_with_kills(KILLS - kills, run, undisturbed);
    }
    printf("%d kills in %d runs\n", kills, run);
    CHECK_INT(kills, KILLS);
    sample_folder_remove(folder);
    return test_summary();
}

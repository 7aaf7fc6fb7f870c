/* SPDX-License-Identifier: GPL-3.0-or-later
 * session.c - see session.h. */
#define _POSIX_C_SOURCE 200809L /* isatty, fileno */
#include "sim/commands/session.h"

#include "analysis/plots/plots.h"
#include "analysis/tables/tables.h"
#include "core/base/units.h"
#include "sim/record/journal.h"
#include "sim/record/result_merge.h"

#include <errno.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

const char *session_beside(struct arena *arena, const char *result_path, const char *ending) {
    size_t length = strlen(result_path);
    if (length > 3 && strcmp(result_path + length - 3, ".h5") == 0) {
        length -= 3;
    }
    return arena_format(arena, "%.*s%s", (int)length, result_path, ending);
}

/* ---- progress ------------------------------------------------------------------------------ */

struct progress {
    const char *name;
    bool terminal;
    uint32_t tenths; /* already printed */
};

static void show_progress(void *user, uint32_t done, uint32_t total, double elapsed_s) {
    struct progress *progress = user;
    char left[48] = "";
    if (done > 0 && done < total) {
        units_print_time(units_ns(ceil(elapsed_s / done * (total - done))), left);
    }
    if (progress->terminal) {
        fprintf(stderr, "\r%s: %u of %u replications%s%s\033[K", progress->name, done, total,
                left[0] ? ", time left " : "", left);
        if (done == total) {
            fputs("\r\033[K", stderr);
        }
        return;
    }
    uint32_t tenths = total > 0 ? done * 10 / total : 10;
    if (tenths > progress->tenths) {
        progress->tenths = tenths;
        fprintf(stderr, "%s: %u of %u replications%s%s\n", progress->name, done, total,
                left[0] ? ", time left " : "", left);
    }
}

/* ---- running ------------------------------------------------------------------------------- */

static int run_missing(struct session *session, struct error *err) {
    const struct invocation *invocation = session->invocation;
    const struct experiment_plan *plan = &session->experiment.plan;
    bool quiet = command_option(invocation, "quiet") != NULL;
    struct progress progress = {.name = plan->name, .terminal = isatty(fileno(stderr))};
    int64_t threads;
    if (command_option_number(invocation, "threads", 1, 4096, 0, &threads, err) != 0) {
        return -1;
    }
    struct experiment_options options = {
        .journal_path = session->journal_path,
        .thread_count = (int)threads,
        .shard = (uint32_t)session->shard,
        .shard_count = (uint32_t)session->shard_count,
        .stop = invocation->stop,
        .progress = quiet ? NULL : show_progress,
        .progress_user = &progress,
        .existing = session->existing,
    };
    session->outcome.replication_count =
        ARENA_ARRAY(invocation->arena, uint32_t, plan->point_count);
    if (experiment_run(&session->experiment.recorder.layout, &session->experiment.worker,
                       &session->experiment.stopping, &options, &session->outcome, err) != 0) {
        return -1;
    }
    if (session->outcome.interrupted) {
        fprintf(stderr, "%sstopped; %u new replications are kept. To go on: clearlab resume %s\n",
                progress.terminal ? "\r\033[K" : "", session->outcome.run_count,
                session->journal_path);
        return 1;
    }
    return 0;
}

static int finish(struct session *session, struct result *result, struct error *err) {
    struct arena *arena = session->invocation->arena;
    const struct result_layout *layout = &session->experiment.recorder.layout;
    struct result fresh;
    if (journal_read(session->journal_path, &fresh, session->outcome.replication_count, NULL, arena,
                     err) != 0) {
        return -1;
    }
    if (session->existing != NULL) {
        const struct result *parts[] = {session->existing, &fresh};
        if (result_merge(parts, 2, layout, result, arena, err) != 0) {
            return -1;
        }
    } else {
        *result = fresh;
    }
    struct error cause = ERROR_INIT;
    if (result_file_write(session->result_path, result, &cause) != 0) {
        return error_set(err, ERROR_RUN,
                         "%s; all replications are kept, and `clearlab resume %s` makes the result "
                         "of them",
                         cause.text, session->journal_path);
    }
    if (remove(session->journal_path) != 0 && errno != ENOENT) {
        return error_set(err, ERROR_RUN,
                         "%s: the result is written, but the journal cannot be "
                         "removed: %s",
                         session->journal_path, strerror(errno));
    }
    return 0;
}

/* ---- reporting ----------------------------------------------------------------------------- */

static const char *cohort_text(const struct session *session) {
    struct arena *arena = session->invocation->arena;
    const struct study *study = &session->experiment.plan.points[0].scenario->study;
    char from[48], to[48], limit[48];
    units_print_time(study->warm_up_ns, from);
    units_print_time(study->end_ns, to);
    units_print_time(study->limit_ns, limit);
    return arena_format(arena, "consignments that began between %s and %s, followed until %s%s",
                        from, to, limit, study->terminating ? " (a terminating study)" : "");
}

static int draw(const struct session *session, const struct result *result, struct error *err) {
    struct arena *arena = session->invocation->arena;
    const char *cdf = session_beside(arena, session->result_path, "_release_cdf");
    const char *party = session_beside(arena, session->result_path, "_party_time");
    if (plots_release_cdf(result, cdf, err) != 0 || plots_party_time(result, party, err) != 0) {
        char text[1024];
        error_print(err, text, sizeof text);
        fprintf(stderr, "no picture: %s", text);
        *err = (struct error)ERROR_INIT; /* the figures are a courtesy, the result stands */
        return 0;
    }
    if (command_option(session->invocation, "json") == NULL) {
        printf("\nFigures   %s.png, %s.png (.svg and .tsv beside them)\n", cdf, party);
    }
    return 0;
}

static int report(const struct session *session, const struct result *result, struct error *err) {
    const struct invocation *invocation = session->invocation;
    if (command_option(invocation, "quiet") != NULL) {
        return 0;
    }
    struct tables_options options = TABLES_OPTIONS_INIT;
    options.by = command_option(invocation, "by");
    options.cohort = cohort_text(session);
    if (command_option(invocation, "json") != NULL) {
        if (tables_write_json(result, &options, stdout, err) != 0) {
            return -1;
        }
    } else {
        tables_print(result, &options, stdout);
    }
    if (draw(session, result, err) != 0) {
        return -1;
    }
    if (command_option(invocation, "json") == NULL) {
        printf("Result    %s\n", session->result_path);
    }
    return 0;
}

/* ---- all of it ----------------------------------------------------------------------------- */

int session_begin(const struct session *session, struct error *err) {
    if (tables_check_by(command_option(session->invocation, "by"), err) != 0 ||
        result_file_check_path(session->result_path, err) != 0) {
        return -1; /* before there is a journal that somebody would have to remove */
    }
    struct journal *journal =
        journal_create(session->journal_path, &session->experiment.recorder.layout, err);
    return journal == NULL ? -1 : journal_close(journal, err);
}

int session_complete(struct session *session, struct error *err) {
    struct result result;
    if (tables_check_by(command_option(session->invocation, "by"), err) != 0) {
        return -1;
    }
    int status = run_missing(session, err);
    if (status != 0) {
        return status;
    }
    if (finish(session, &result, err) != 0) {
        return -1;
    }
    if (session->shard_count > 1) {
        printf("shard %lld of %lld: %s\n", (long long)session->shard,
               (long long)session->shard_count, session->result_path);
        return 0;
    }
    return report(session, &result, err);
}

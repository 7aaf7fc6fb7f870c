/* SPDX-License-Identifier: GPL-3.0-or-later
 * trace.c - see trace.h. */
#include "sim/record/trace.h"

#include "sim/run/replication.h"

#include <inttypes.h>

void trace_header(struct trace *trace) {
    fputs("time_ns\tconsignment\tprocedure\tactivity\twhat\tchannel\n", trace->file);
}

static void line(const struct trace *trace, const struct replication *rep,
                 const struct consignment *consignment, const char *activity, const char *what) {
    fprintf(trace->file, "%" PRId64 "\t%" PRIu32 "\t%s\t%s\t%s\t%s\n", rep->now_ns,
            consignment->entity, rep->scenario->procedures[consignment->procedure].name, activity,
            what, channel_names[consignment->channel]);
}

void trace_step(struct trace *trace, const struct replication *rep,
                const struct consignment *consignment, const struct step *step, const char *what) {
    line(trace, rep, consignment, step->name, what);
}

void trace_milestone(struct trace *trace, const struct replication *rep,
                     const struct consignment *consignment, uint32_t milestone) {
    line(trace, rep, consignment, rep->scenario->milestones[milestone], "milestone");
}

void trace_ended(struct trace *trace, const struct replication *rep,
                 const struct consignment *consignment) {
    line(trace, rep, consignment, outcome_names[consignment->outcome], "ended");
}

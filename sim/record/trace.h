/* SPDX-License-Identifier: GPL-3.0-or-later
 * trace.h - the event log of one replication, a line an event, for process mining.
 *
 * Tab-separated: time_ns, consignment, procedure, step or milestone, what (begin, end, milestone,
 * ended), channel. Written to a FILE that the caller opened. */
#ifndef SIM_RECORD_TRACE_H
#define SIM_RECORD_TRACE_H

#include <stdint.h>
#include <stdio.h>

struct replication;
struct consignment;
struct step;

struct trace {
    FILE *file;
};

void trace_header(struct trace *trace);
void trace_step(struct trace *trace, const struct replication *rep,
                const struct consignment *consignment, const struct step *step, const char *what);
void trace_milestone(struct trace *trace, const struct replication *rep,
                     const struct consignment *consignment, uint32_t milestone);
void trace_ended(struct trace *trace, const struct replication *rep,
                 const struct consignment *consignment);

#endif

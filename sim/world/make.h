/* SPDX-License-Identifier: GPL-3.0-or-later
 * make.h - makes consignments and vessels, and holds the truth about them.
 *
 * What a consignment is depends on (seed, replication, entity) only, and entities are numbered by
 * the world's streams: the system that is compared cannot change who comes with what. */
#ifndef SIM_WORLD_MAKE_H
#define SIM_WORLD_MAKE_H

#include "sim/run/replication.h"

enum { STREAM_ENTITY_SHIFT = 27 }; /* the upper bits of an entity are its stream */

/* The next arrival of a stream, now: a vessel or a consignment, whose first token begins to walk.
 */
void make_arrival(struct replication *rep, uint32_t stream);

/* The time of the stream's next arrival after now, or INT64_MAX when it has no more. */
int64_t make_next_arrival_ns(struct replication *rep, uint32_t stream);

/* The consignments that a vessel carries begin to walk `procedure`. */
void make_carried(struct replication *rep, uint32_t vessel, uint32_t procedure);

#endif

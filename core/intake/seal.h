/* SPDX-License-Identifier: GPL-3.0-or-later
 * seal.h - what the reports of an electronic seal (ISO 18185) say about a container.
 *
 * Every report carries the seal's number, a count that rises by one, and whether it is closed. It
 * may be opened while somebody who may do so has it open. Anything else than closed at other times,
 * another number, or a count that goes back breaks it for good; a gap in the count is suspicious,
 * since a report was lost or kept back. */
#ifndef CORE_INTAKE_SEAL_H
#define CORE_INTAKE_SEAL_H

#include <stdbool.h>
#include <stdint.h>

enum seal_state { SEAL_UNKNOWN, SEAL_INTACT, SEAL_OPENED, SEAL_SUSPICIOUS, SEAL_BROKEN };

struct seal {
    uint64_t number; /* that was put on */
    enum seal_state state;
    uint32_t count; /* of the last report */
    bool may_open;  /* somebody who may has it open */
    int64_t broken_ns;
};

/* Put on and closed; reports count on from there. */
struct seal seal_close(uint64_t number, uint32_t count);

/* A report; returns the state, which never gets better than broken. */
enum seal_state seal_report(struct seal *seal, uint64_t number, uint32_t count, bool is_closed,
                            int64_t time_ns);

/* "intact", "broken". */
const char *seal_state_name(enum seal_state state);

#endif

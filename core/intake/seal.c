/* SPDX-License-Identifier: GPL-3.0-or-later
 * seal.c - see seal.h. */
#include "core/intake/seal.h"

struct seal seal_close(uint64_t number, uint32_t count) {
    return (struct seal){.number = number, .state = SEAL_INTACT, .count = count};
}

enum seal_state seal_report(struct seal *seal, uint64_t number, uint32_t count, bool is_closed,
                            int64_t time_ns) {
    if (seal->state == SEAL_UNKNOWN || seal->state == SEAL_BROKEN) {
        return seal->state;
    }
    if (number != seal->number || count <= seal->count || (!is_closed && !seal->may_open)) {
        seal->state = SEAL_BROKEN;
        seal->broken_ns = time_ns;
        return SEAL_BROKEN;
    }
    bool has_gap = count != seal->count + 1 || seal->state == SEAL_SUSPICIOUS;
    seal->count = count;
    seal->state = has_gap ? SEAL_SUSPICIOUS : is_closed ? SEAL_INTACT : SEAL_OPENED;
    return seal->state;
}

const char *seal_state_name(enum seal_state state) {
    static const char *const names[] = {"unknown", "intact", "opened", "suspicious", "broken"};
    return names[state];
}

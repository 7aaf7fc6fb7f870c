/* SPDX-License-Identifier: GPL-3.0-or-later
 * Goal: slots.h's promises. Method: a table against a plain list of what was asked for when. */
#include "tests/test.h"

#include "core/base/random.h"
#include "core/risk/slots.h"

static void test_keys(void) {
    CHECK(slots_key(0, 17) != slots_key(0, 18));
    CHECK(slots_key(slots_key(0, 17), 18) != slots_key(slots_key(0, 18), 17));
}

static void test_room(void) {
    struct arena arena = ARENA_INIT;
    struct slots slots;
    slots_init(&slots, 1000, &arena);
    CHECK_INT(slots_count(&slots), 1024);
    slots_init(&slots, 1, &arena);
    CHECK_INT(slots_count(&slots), SLOTS_WAYS);
    bool is_new;
    for (uint64_t key = 1; key <= SLOTS_WAYS; key++) {
        slots_take(&slots, key, &is_new);
        CHECK(is_new);
    }
    slots_take(&slots, 1, &is_new);
    CHECK(!is_new);
    slots_take(&slots, 99, &is_new); /* takes the place of 2, now the oldest */
    CHECK(is_new && slots_find(&slots, 2) < 0 && slots_find(&slots, 1) >= 0);
    arena_free(&arena);
}

/* Of one set: what stands there is what was asked for most recently. */
static void test_oldest_goes(void) {
    struct arena arena = ARENA_INIT;
    struct slots slots;
    slots_init(&slots, SLOTS_WAYS, &arena);
    struct random_key key = random_key_make(51, 0);
    uint64_t recent[SLOTS_WAYS] = {0}; /* newest first */
    for (uint64_t i = 0; i < 5000; i++) {
        uint64_t asked = 1 + random_bits(key, i, 1, 0) % 13;
        bool is_new, is_known = false;
        unsigned at = SLOTS_WAYS - 1;
        for (unsigned j = 0; j < SLOTS_WAYS; j++) {
            if (recent[j] == asked) {
                is_known = true;
                at = j;
            }
        }
        uint32_t place = slots_take(&slots, asked, &is_new);
        CHECK(is_new == !is_known && slots.keys[place] == asked);
        memmove(recent + 1, recent, at * sizeof *recent);
        recent[0] = asked;
    }
    arena_free(&arena);
}

int main(void) {
    test_keys();
    test_room();
    test_oldest_goes();
    return test_summary();
}

/* SPDX-License-Identifier: GPL-3.0-or-later
 * Goal: the checker finds each violation in the shortest trace that shows it, and nothing in the
 * trace beside it that is right. Method: traces by hand of members 0 to 3, 3 being a liar. */
#include "sim/consensus/checker.h"
#include "tests/test.h"

enum { ENTRIES_MAX = 16 };

static struct checker_entry trace[ENTRIES_MAX];
static size_t count;
static const struct hash a = {{1}}, b = {{2}};

static struct checker_entry *add(enum checker_kind kind, uint32_t member, uint64_t height) {
    trace[count] = (struct checker_entry){
        .kind = kind, .member = member, .height = height, .is_valid = true, .value = a};
    return &trace[count++];
}

static enum checker_violation judge_for(uint64_t height_count, uint32_t absent) {
    struct checker_case about = {.trace = trace,
                                 .count = count,
                                 .member_count = 4,
                                 .liars = 1u << 3,
                                 .absent = absent,
                                 .height_count = height_count,
                                 .rounds_max = 5};
    count = 0;
    return checker_judge(&about).violation;
}

static enum checker_violation judge(void) {
    return judge_for(0, 0);
}

static void test_commits(void) {
    for (uint32_t member = 0; member < 3; member++) {
        add(CHECKER_COMMIT, member, 1);
    }
    CHECK_INT(judge_for(1, 0), CHECKER_NONE);
    add(CHECKER_COMMIT, 0, 1);
    add(CHECKER_COMMIT, 3, 1)->value = b; /* whatever a liar says */
    add(CHECKER_COMMIT, 1, 1);
    CHECK_INT(judge_for(1, 1u << 2), CHECKER_NONE); /* member 2 never came back */
    add(CHECKER_COMMIT, 0, 1);
    add(CHECKER_COMMIT, 1, 1);
    CHECK_INT(judge_for(1, 0), CHECKER_STUCK);
    add(CHECKER_COMMIT, 0, 1);
    add(CHECKER_COMMIT, 1, 1)->value = b;
    CHECK_INT(judge(), CHECKER_DISAGREEMENT);
    add(CHECKER_COMMIT, 0, 1)->is_valid = false;
    CHECK_INT(judge(), CHECKER_INVALID);
    add(CHECKER_COMMIT, 0, 2);
    CHECK_INT(judge(), CHECKER_LOST);
    add(CHECKER_COMMIT, 0, 1);
    add(CHECKER_COMMIT, 0, 1);
    CHECK_INT(judge(), CHECKER_LOST);
}

static void test_signatures(void) {
    add(CHECKER_SIGNED, 0, 1);
    add(CHECKER_SIGNED, 0, 1); /* the same once more */
    add(CHECKER_SIGNED, 0, 1)->vote_kind = 1;
    add(CHECKER_SIGNED, 0, 2)->value = b;
    add(CHECKER_SIGNED, 1, 1)->value = b;
    CHECK_INT(judge(), CHECKER_NONE);
    add(CHECKER_SIGNED, 0, 1);
    add(CHECKER_CRASHED, 0, 1);
    add(CHECKER_SIGNED, 0, 1)->value = b;
    CHECK_INT(judge(), CHECKER_CONTRADICTION);
    add(CHECKER_SIGNED, 0, 1)->is_valid = false;
    CHECK_INT(judge(), CHECKER_INVALID);
}

static void hear(struct hash value) {
    struct checker_entry *entry = add(CHECKER_HEARD, 0, 1);
    entry->other = 3;
    entry->value = value;
}

static void test_accusations(void) {
    add(CHECKER_ACCUSED, 0, 1)->other = 3;
    CHECK_INT(judge(), CHECKER_NONE);
    add(CHECKER_ACCUSED, 0, 1)->other = 1;
    CHECK_INT(judge(), CHECKER_SLANDER);
    hear(a);
    hear(b);
    CHECK_INT(judge(), CHECKER_SILENCE);
    hear(a);
    hear(b);
    add(CHECKER_ACCUSED, 0, 1)->other = 3;
    hear(b); /* accused already */
    CHECK_INT(judge(), CHECKER_NONE);
    hear(a);
    hear(b);
    hear(a); /* too late now */
    add(CHECKER_ACCUSED, 0, 1)->other = 3;
    CHECK_INT(judge(), CHECKER_SILENCE);
    hear(a);
    add(CHECKER_CRASHED, 0, 1); /* it no longer knows */
    hear(b);
    CHECK_INT(judge(), CHECKER_NONE);
    hear(a);
    add(CHECKER_CRASHED, 0, 1);
    hear(b);
    hear(a);
    CHECK_INT(judge(), CHECKER_SILENCE);
}

static void test_rounds(void) {
    add(CHECKER_COMMIT, 0, 1)->round = 60; /* while nothing is healed */
    add(CHECKER_HEALED, 1, 1)->round = 7;
    add(CHECKER_HEALED, 2, 1)->round = 3;
    add(CHECKER_COMMIT, 1, 1)->round = 12;
    CHECK_INT(judge(), CHECKER_NONE);
    add(CHECKER_HEALED, 1, 1)->round = 7;
    add(CHECKER_HEALED, 2, 1)->round = 3;
    add(CHECKER_COMMIT, 2, 1)->round = 13;
    CHECK_INT(judge(), CHECKER_LATE);
}

int main(void) {
    test_commits();
    test_signatures();
    test_accusations();
    test_rounds();
    return test_summary();
}

/* SPDX-License-Identifier: GPL-3.0-or-later
 * Goal: a title has one holder at every height, and moves only by the acts of those who may.
 * Method: a story with each refusal once; 20,000 drawn acts by five members on a few titles, on a
 * chain, several a block, after each of which what may have changed is read off from the act and
 * the title before alone; the holder who transfers twice in one block. */
#include "core/ledger/title.h"
#include "tests/test.h"
#include "tests/unit/made_ledger.h"

static const struct transaction_kind *const kinds[] = {&title_kind, NULL};
static struct arena arena;
static uint64_t random_state = 1924; /* the Hague Rules */

static uint32_t draw(uint32_t below) {
    random_state = random_state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(random_state >> 33) % below;
}

/* ---- the story ------------------------------------------------------------------------------ */

enum { CARRIER = 1, SELLER = 2, BUYER = 3, BANK = 4 };

static struct title story;
static bool is_issued;

static void act(uint32_t sender, enum title_act what, uint32_t party, const char *expected) {
    struct title_body body = {
        .act = (uint8_t)what, .acts = story.acts, .party = party, .beneficiary = SELLER};
    struct title next;
    const char *reason = title_apply(is_issued ? &story : NULL, &body, sender, &next);
    CHECK_TEXT(reason == NULL ? "done" : reason, expected);
    if (reason == NULL) {
        story = next;
        is_issued = true;
    }
}

static void stands(uint32_t holder, uint32_t beneficiary, uint32_t nominee) {
    CHECK_INT(story.holder, holder);
    CHECK_INT(story.beneficiary, beneficiary);
    CHECK_INT(story.nominee, nominee);
}

static void test_transfers(void) {
    act(SELLER, TITLE_transfer, BANK, "there is no such title");
    act(CARRIER, TITLE_issue, 0, "a title has an issuer, a holder and a beneficiary");
    act(CARRIER, TITLE_issue, SELLER, "done");
    act(CARRIER, TITLE_issue, SELLER, "the title was issued before");
    act(BUYER, TITLE_nominate, BUYER, "only a beneficiary who is holder nominates");
    act(SELLER, TITLE_nominate, SELLER, "a nominee is somebody else");
    act(SELLER, TITLE_nominate, BUYER, "done");
    act(BANK, TITLE_reject, 0, "the act before was no transfer");
    act(BUYER, TITLE_transfer, BUYER, "only the holder transfers");
    act(SELLER, TITLE_transfer, SELLER, "a transfer goes to somebody else");
    act(SELLER, TITLE_transfer, BANK, "done");
    stands(BANK, SELLER, BUYER);
    act(SELLER, TITLE_transfer, BUYER, "only the holder transfers");
    act(SELLER, TITLE_reject, 0, "only who was given it rejects");
    act(BANK, TITLE_reject, 0, "done");
    stands(SELLER, SELLER, BUYER);
    act(SELLER, TITLE_transfer, BANK, "done");
    act(BANK, TITLE_endorse, CARRIER, "another is nominated");
    act(BANK, TITLE_endorse, BUYER, "done"); /* once it has been paid */
    stands(BANK, BUYER, 0);
    act(BANK, TITLE_endorse, SELLER, "nobody is nominated");
    act(BANK, TITLE_transfer_all, SELLER, "only a beneficiary who is holder transfers all");
    act(BUYER, TITLE_endorse, SELLER, "only the holder endorses");
    act(BANK, TITLE_transfer, BUYER, "done");
    act(BUYER, TITLE_endorse, BUYER, "an endorsement goes to somebody else");
    stands(BUYER, BUYER, 0);
}

static void test_endings(void) {
    act(BUYER, TITLE_transfer_all, SELLER, "done");
    stands(SELLER, SELLER, 0);
    act(BUYER, TITLE_reject, 0, "only who was given it rejects");
    act(SELLER, TITLE_reject, 0, "done");
    stands(BUYER, BUYER, 0);
    act(BUYER, TITLE_reject, 0, "the act before was no transfer"); /* no second time */
    act(CARRIER, TITLE_accept, 0, "the title is not surrendered");
    act(BANK, TITLE_surrender, 0, "only a beneficiary who is holder surrenders");
    act(BUYER, TITLE_surrender, 0, "done");
    act(BUYER, TITLE_transfer, BANK, "the title is surrendered");
    act(BUYER, TITLE_accept, 0, "only the issuer answers a surrender");
    act(CARRIER, TITLE_restore, 0, "done");
    stands(BUYER, BUYER, 0);
    act(BUYER, TITLE_surrender, 0, "done");
    struct title kept = story;
    act(CARRIER, TITLE_to_paper, 0, "done");
    act(BUYER, TITLE_transfer, BANK, "the title has ended");
    story = kept;
    act(CARRIER, TITLE_accept, 0, "done");
    act(CARRIER, TITLE_restore, 0, "the title has ended");
    story.acts--;
    act(BUYER, TITLE_transfer, BANK, "the title has ended");
    struct title_body late = {.act = TITLE_accept, .acts = kept.acts - 1};
    CHECK_TEXT(title_apply(&kept, &late, CARRIER, &story), "the title has moved on");
}

/* ---- properties ----------------------------------------------------------------------------- */

enum { TITLES = 6, ROUNDS = 500, ACTS_A_BLOCK = 40 };

/* A title as it is and as it was before the last act. */
struct followed {
    bool is_there;
    struct title now, before;
    unsigned last; /* act */
};

/* What an act that was done may have changed, by the drawing in title.h. */
static void check_change(const struct followed *old, const struct title *next, unsigned did,
                         uint32_t sender) {
    const struct title *now = &old->now;
    bool holder_moved = next->holder != now->holder;
    bool beneficiary_moved = next->beneficiary != now->beneficiary;
    CHECK_INT(next->acts, now->acts + 1);
    CHECK(next->holder != 0 && next->beneficiary != 0 && next->issuer == now->issuer);
    CHECK(now->stage != TITLE_ACCEPTED && now->stage != TITLE_ON_PAPER);
    if (did == TITLE_reject) {
        CHECK(old->last == TITLE_transfer || old->last == TITLE_endorse ||
              old->last == TITLE_transfer_all);
        CHECK(next->holder == old->before.holder && next->beneficiary == old->before.beneficiary);
        CHECK((holder_moved && sender == now->holder) ||
              (beneficiary_moved && sender == now->beneficiary));
        return;
    }
    CHECK(!holder_moved ||
          ((did == TITLE_transfer || did == TITLE_transfer_all) && sender == now->holder));
    CHECK(!beneficiary_moved ||
          (did == TITLE_endorse && sender == now->holder &&
           (sender == now->beneficiary || next->beneficiary == now->nominee)) ||
          (did == TITLE_transfer_all && sender == now->holder && sender == now->beneficiary));
    CHECK(next->stage == now->stage ||
          (now->stage == TITLE_HELD ? did == TITLE_surrender : sender == now->issuer));
}

static struct hash number_of(uint32_t title) {
    return (struct hash){.bytes = {(uint8_t)(title + 1), (uint8_t)(title >> 8)}};
}

/* A title as the node has it, decoded. */
static bool read_title(struct made_ledger *made, uint32_t number, struct title *title) {
    struct hash name = number_of(number);
    struct execution_key key = title_key(&name);
    struct codec_blob value;
    struct codec_fault fault;
    return ledger_read(made->nodes[3], &key, &value) &&
           codec_decode(title_rows, value.bytes, value.size, &arena, title, &fault) == 0;
}

/* An act that has a chance: mostly by one who has a part in it, who knows how far the title is. */
static struct title_body draw_act(const struct followed *title, uint32_t number, uint32_t *sender) {
    const uint32_t parts[] = {title->now.holder, title->now.beneficiary, title->now.issuer};
    unsigned what = title->is_there ? 1 + draw(TITLE_ACT_COUNT - 1) : TITLE_issue;
    *sender = title->is_there && draw(4) > 0 ? parts[draw(3)] : 10 * (1 + draw(MADE_MEMBERS));
    return (struct title_body){.act = (uint8_t)what,
                               .number = number_of(number),
                               .acts = title->now.acts - (draw(10) == 0),
                               .party = 10 * draw(MADE_MEMBERS + 1),
                               .beneficiary = 10 * (1 + draw(MADE_MEMBERS))};
}

/* The first of a few that would be done, or the last. */
static struct title_body draw_likely_act(const struct followed *title, uint32_t number,
                                         uint32_t *sender) {
    struct title_body body;
    struct title next;
    uint32_t tries = draw(12);
    do {
        body = draw_act(title, number, sender);
    } while (tries-- > 0 &&
             title_apply(title->is_there ? &title->now : NULL, &body, *sender, &next) != NULL);
    return body;
}

static struct followed followed[TITLES * ROUNDS];
static unsigned done[TITLE_ACT_COUNT];

/* What the act makes of the title; false when it is refused. */
static bool follow(struct followed *title, const struct title_body *body, uint32_t sender) {
    struct title next;
    if (title_apply(title->is_there ? &title->now : NULL, body, sender, &next) != NULL) {
        return false;
    }
    if (title->is_there) {
        check_change(title, &next, body->act, sender);
    }
    *title =
        (struct followed){.is_there = true, .now = next, .before = title->now, .last = body->act};
    done[body->act]++;
    return true;
}

/* Titles live until they end; then a new number takes their place. */
static void check_titles(struct made_ledger *made, uint32_t numbers[TITLES],
                         uint32_t *next_number) {
    for (uint32_t i = 0; i < TITLES; i++) {
        struct title title;
        bool is_there = read_title(made, numbers[i], &title);
        CHECK(is_there == followed[numbers[i]].is_there);
        CHECK(!is_there || (title.holder == followed[numbers[i]].now.holder &&
                            title.beneficiary == followed[numbers[i]].now.beneficiary &&
                            title.stage == followed[numbers[i]].now.stage &&
                            title.acts == followed[numbers[i]].now.acts));
        if (is_there && title.stage >= TITLE_ACCEPTED && draw(4) == 0) {
            numbers[i] = (*next_number)++;
        }
    }
}

static void test_properties(void) {
    struct made_ledger made = made_ledger(&arena, &ledger_type_chain, kinds);
    uint64_t sequences[MADE_MEMBERS + 1] = {0};
    uint32_t numbers[TITLES] = {0, 1, 2, 3, 4, 5}, next_number = TITLES;
    for (int round = 0; round < ROUNDS; round++) {
        struct transaction *transactions[ACTS_A_BLOCK];
        bool is_done[ACTS_A_BLOCK];
        for (uint32_t i = 0; i < ACTS_A_BLOCK; i++) {
            uint32_t number = numbers[draw(TITLES)], sender;
            struct title_body body = draw_likely_act(&followed[number], number, &sender);
            is_done[i] = follow(&followed[number], &body, sender);
            transactions[i] = made_transaction(&made, sender, sequences[sender / 10]++, KIND_TITLE,
                                               title_body_rows, &body);
        }
        const struct block *block;
        CHECK(made_commit(&made, transactions, ACTS_A_BLOCK, &block) == NULL);
        CHECK_INT(block->header.transaction_count, ACTS_A_BLOCK);
        for (uint32_t i = 0; i < ACTS_A_BLOCK; i++) {
            CHECK(block->receipts[i].is_refused != is_done[i]);
        }
        check_titles(&made, numbers, &next_number);
    }
    for (unsigned i = 0; i < TITLE_ACT_COUNT; i++) {
        printf("%s %u  ", title_act_name(i), done[i]);
        CHECK(done[i] > 50);
    }
    printf("\n");
    ledger_pool_close(made.pool);
}

static void test_twice_in_a_block(void) {
    struct made_ledger made = made_ledger(&arena, &ledger_type_chain, kinds);
    struct title_body issue = {
        .act = TITLE_issue, .number = number_of(0), .party = 20, .beneficiary = 20};
    struct title_body one = {
        .act = TITLE_transfer_all, .number = number_of(0), .acts = 1, .party = 30};
    struct title_body other = one, stranger = one;
    other.party = 40;
    stranger.party = 60; /* no member */
    struct transaction *transactions[] = {
        made_transaction(&made, 50, 0, KIND_TITLE, title_body_rows, &issue),
        made_transaction(&made, 20, 0, KIND_TITLE, title_body_rows, &stranger),
        made_transaction(&made, 20, 1, KIND_TITLE, title_body_rows, &one),
        made_transaction(&made, 20, 2, KIND_TITLE, title_body_rows, &other)};
    const struct block *block;
    struct title title;
    CHECK(made_commit(&made, transactions, 4, &block) == NULL);
    CHECK(!block->receipts[0].is_refused && block->receipts[1].is_refused);
    CHECK(!block->receipts[2].is_refused && block->receipts[3].is_refused);
    CHECK(memcmp(block->receipts[3].reason.bytes, "the title has moved on", 22) == 0);
    CHECK(read_title(&made, 0, &title) && title.holder == 30 && title.beneficiary == 30);
    ledger_pool_close(made.pool);
}

int main(void) {
    test_transfers();
    test_endings();
    test_properties();
    test_twice_in_a_block();
    arena_free(&arena);
    return test_summary();
}

/* SPDX-License-Identifier: GPL-3.0-or-later
 * A member that takes whatever bytes come as messages, and every other input in between: what it
 * reads as a message is what the message is written as, and whatever all the others sign - here
 * every signature passes - it signs one proposal, one prevote and one precommit a round, keeps its
 * record before it sends, never goes back and commits only by a quorum.
 *
 *     input = steps of: kind U8 % 8, argument U8, and of messages: size U16, bytes */
#include "core/ledger/message.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MEMBERS = 4, ROUNDS = 512, STEPS_MAX = 600 };

/* What the member signed at its height, by round and kind. */
struct signed_vote {
    bool is_signed;
    int32_t valid_round;
    struct hash value;
};

struct handler {
    struct arena arena;
    struct consensus *consensus;
    struct consensus_record kept; /* what a crash leaves */
    bool has_kept, is_lost;       /* lost: there was one, and there is none */
    struct signed_vote *votes;    /* of rounds below ROUNDS */
    uint64_t height;
    int32_t round;
};

static void expect(bool is_so) {
    if (!is_so) {
        abort();
    }
}

/* The vote is one that it may sign, once its record says so. */
static void take_vote(struct handler *handler, const struct consensus_action *action) {
    const struct consensus_vote *vote = &action->vote;
    expect(vote->member == 0 && vote->height == handler->height && handler->has_kept);
    expect((vote->valid_round >= 0) == (action->certificate != NULL));
    expect(handler->kept.height == vote->height && handler->kept.round >= vote->round);
    if (vote->round >= ROUNDS) {
        return;
    }
    struct signed_vote *before = &handler->votes[vote->round * 3 + (int32_t)vote->kind];
    expect(!before->is_signed ||
           (hash_equal(&before->value, &vote->value) && before->valid_round == vote->valid_round));
    *before = (struct signed_vote){
        .is_signed = true, .valid_round = vote->valid_round, .value = vote->value};
}

static void commit(struct handler *handler, const struct consensus_action *action) {
    static const struct hash nothing;
    struct consensus_output output;
    expect(action->height == handler->height && action->certificate->height == handler->height);
    expect(action->certificate->count >= 3 && !hash_equal(&action->value, &nothing));
    handler->height++;
    handler->round = 0;
    memset(handler->votes, 0, 3 * ROUNDS * sizeof *handler->votes);
    consensus_next(handler->consensus, 0, MEMBERS, &output);
    expect(output.count <= CONSENSUS_ACTIONS_MAX);
    for (unsigned i = 0; i < output.count; i++) { /* what came early decides nothing */
        expect(output.actions[i].kind != ACTION_COMMIT);
        if (output.actions[i].kind == ACTION_KEEP) {
            handler->kept = *output.actions[i].record;
            handler->has_kept = true;
            handler->is_lost = false;
        } else if (output.actions[i].kind == ACTION_SEND) {
            take_vote(handler, &output.actions[i]);
        }
    }
}

static void take_output(struct handler *handler, const struct consensus_output *output) {
    expect(output->count <= CONSENSUS_ACTIONS_MAX);
    for (unsigned i = 0; i < output->count; i++) {
        const struct consensus_action *action = &output->actions[i];
        if (action->kind == ACTION_KEEP) {
            handler->kept = *action->record;
            handler->has_kept = true;
            handler->is_lost = false;
        } else if (action->kind == ACTION_SEND) {
            take_vote(handler, action);
        } else if (action->kind == ACTION_COMMIT) {
            commit(handler, action);
        } else if (action->kind == ACTION_ACCUSE) {
            struct evidence_charge charge = {.vote = action->vote, .other = action->other};
            expect(evidence_is_made_out(&charge, MEMBERS));
        }
    }
    uint64_t height = consensus_height(handler->consensus);
    int32_t round = consensus_round(handler->consensus);
    expect(height == handler->height && round >= handler->round);
    handler->round = round;
}

static void take_message(struct handler *handler, const uint8_t *data, size_t size) {
    struct arena scratch = ARENA_INIT;
    struct message message;
    struct codec_fault fault = {.field = NULL};
    struct consensus_output output = {.count = 0};
    if (message_decode(data, size, &scratch, &message, &fault) != 0) {
        expect(fault.field != NULL && fault.reason != NULL && fault.offset <= size);
    } else {
        struct codec_blob again = message_encode(&message, &scratch);
        expect(again.size == size && memcmp(again.bytes, data, size) == 0);
        struct consensus_message vote = {.vote = message.vote, .proof = message.certificate};
        if (message.kind == MESSAGE_VOTE && message.vote.member != 0) {
            consensus_receive(handler->consensus, &vote, &output);
        } else if (message.kind == MESSAGE_DECISION) {
            consensus_catch_up(handler->consensus, message.certificate, &output);
        }
    }
    take_output(handler, &output);
    arena_free(&scratch);
}

static void restore(struct handler *handler, bool loses_record) {
    struct consensus_record none = {.height = 0, .step = CONSENSUS_IDLE}, kept = handler->kept;
    struct consensus_output output;
    if (loses_record) {
        handler->is_lost = handler->is_lost || handler->has_kept;
        handler->has_kept = false;
    }
    consensus_restore(handler->consensus, handler->height,
                      handler->is_lost    ? NULL
                      : handler->has_kept ? &kept
                                          : &none,
                      &output);
    handler->round = 0; /* it kept its votes, not how far it was */
    take_output(handler, &output);
}

static void take_step(struct handler *handler, uint8_t kind, uint8_t argument) {
    struct consensus *consensus = handler->consensus;
    struct hash value = {.bytes = {(uint8_t)(1 + argument % 7)}};
    struct consensus_output output = {.count = 0};
    switch (kind % 8) {
    case 1:
        consensus_begin(consensus, &output);
        break;
    case 2:
        consensus_propose(consensus, &value, &output);
        break;
    case 3:
        consensus_learn(consensus, &value, argument < 200, &output);
        break;
    case 4:
    case 5:
        consensus_timeout(consensus, (enum consensus_timer)(argument % 4), handler->height,
                          handler->round - (argument >= 250), &output);
        break;
    default:
        restore(handler, argument % 16 == 0);
        return;
    }
    take_output(handler, &output);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const struct consensus_times times = {1000, 500, 500, 100, 5000};
    struct handler handler = {.height = 1};
    struct consensus_output output;
    handler.consensus = consensus_create(&handler.arena, MEMBERS, 1, &times);
    handler.votes = ARENA_ARRAY(&handler.arena, struct signed_vote, 3 * ROUNDS);
    consensus_next(handler.consensus, 0, MEMBERS, &output);
    for (unsigned step = 0; size >= 2 && step < STEPS_MAX; step++) {
        uint8_t kind = data[0], argument = data[1];
        data += 2;
        size -= 2;
        if (kind % 8 != 0) {
            take_step(&handler, kind, argument);
            continue;
        }
        size_t message_size = size == 0 ? 0 : ((size_t)argument << 8 | data[0]);
        data += size > 0;
        size -= size > 0;
        message_size = message_size < size ? message_size : size;
        take_message(&handler, data, message_size);
        data += message_size;
        size -= message_size;
    }
    arena_free(&handler.arena);
    return 0;
}

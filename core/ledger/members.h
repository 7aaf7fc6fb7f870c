/* SPDX-License-Identifier: GPL-3.0-or-later
 * members.h - who may write, who decides, and with which keys at which heights.
 *
 * The list changes by transaction only; what a block at height h changes holds from h + 1 on. Those
 * who decide are the voters, numbered 0 .. n - 1 by rising member number: the numbers of
 * consensus.h. Members who leave stay in the list without a valid key, so no number is given twice
 * and old signatures can still be checked.
 *
 *     act      by whom              what it does
 *     add      a quorum of voters   a new member with a first key
 *     rotate   itself or a quorum   a new key from `from_height` on; the one before ends there
 *     revoke   itself or a quorum   all keys end with this block
 *     retire   a quorum of voters   the same, and the vote is lost
 *
 * Whoever brings a key shows that he has it: `possession` is its signature. A quorum approves by
 * signatures over the change and the list that it changes, so an approval is good once. */
#ifndef CORE_LEDGER_MEMBERS_H
#define CORE_LEDGER_MEMBERS_H

#include "core/ledger/codec.h"
#include "core/ledger/consensus.h"
#include "core/ledger/verifier.h"

enum { MEMBERS_MAX = 1024, MEMBER_KEYS_MAX = 64, MEMBER_NAME_MAX = 80 };

#define MEMBER_KEY_OPEN UINT64_MAX /* as the end of a key: none is known yet */

/* Valid at the heights from_height .. to_height - 1. The keys of a member don't overlap. */
struct member_key {
    struct public_key key;
    uint64_t from_height, to_height;
};

struct member {
    uint32_t number;
    struct codec_blob name;
    bool is_voter;
    struct codec_list keys; /* struct member_key, by rising height */
};

struct members {
    struct codec_list list; /* struct member, by rising number */
};

enum members_act { MEMBERS_ADD, MEMBERS_ROTATE, MEMBERS_REVOKE, MEMBERS_RETIRE, MEMBERS_ACT_COUNT };

struct members_approval {
    uint32_t voter; /* number of the member */
    struct signature signature;
};

struct members_change {
    uint8_t act;
    uint32_t member;
    struct codec_blob name; /* of add */
    bool is_voter;          /* of add */
    struct public_key key;  /* of add and rotate */
    uint64_t from_height;   /* of add and rotate */
    struct signature possession;
    struct codec_list approvals; /* a set of struct members_approval */
};

extern const struct codec_row members_rows[];
extern const struct codec_row members_change_rows[];

struct hash members_hash(const struct members *members, struct hasher *hasher);

/* NULL when there is none of that number. */
const struct member *members_find(const struct members *members, uint32_t number);

/* The key that a member signs with at a height; NULL when it has none then. */
const struct public_key *members_key(const struct members *members, uint32_t number,
                                     uint64_t height);

uint32_t members_voter_count(const struct members *members);

/* The voter with that number in consensus; NULL beyond the last. */
const struct member *members_voter(const struct members *members, uint32_t index);

/* Its number in consensus, -1 for one who does not vote. */
int32_t members_voter_index(const struct members *members, uint32_t number);

/* What approvals and possession sign: the change without them, on this list of this ledger. */
struct hash members_change_hash(const struct members *members, const struct members_change *change,
                                const struct hash *ledger, struct hasher *hasher);

/* What a change needs to be judged. */
struct members_case {
    struct hash ledger;
    uint32_t sender; /* has signed with a valid key */
    uint64_t height; /* of the block that the change stands in */
    struct hasher *hasher;
    struct verifier *verifier;
};

/* The list after the change, in the arena. NULL; or why there is none. */
const char *members_apply(const struct members *members, const struct members_change *change,
                          const struct members_case *about, struct arena *arena,
                          struct members *next);

#endif

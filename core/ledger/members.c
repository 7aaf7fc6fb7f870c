/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/ledger/members.h"

static const struct codec_row key_rows[] = {
    CODEC_BYTES(struct member_key, key),
    CODEC(struct member_key, from_height, CODEC_U64),
    CODEC(struct member_key, to_height, CODEC_U64),
    CODEC_ROWS_END,
};

static const struct codec_row member_rows[] = {
    CODEC(struct member, number, CODEC_U32),
    CODEC(struct member, name, CODEC_TEXT, .max = MEMBER_NAME_MAX),
    CODEC(struct member, is_voter, CODEC_FLAG),
    CODEC(struct member, keys, CODEC_LIST, .size = sizeof(struct member_key),
          .max = MEMBER_KEYS_MAX, .inner = key_rows),
    CODEC_ROWS_END,
};

const struct codec_row members_rows[] = {
    CODEC(struct members, list, CODEC_SET, .size = sizeof(struct member), .max = MEMBERS_MAX,
          .inner = member_rows),
    CODEC_ROWS_END,
};

static const struct codec_row approval_rows[] = {
    CODEC(struct members_approval, voter, CODEC_U32),
    CODEC_BYTES(struct members_approval, signature),
    CODEC_ROWS_END,
};

const struct codec_row members_change_rows[] = {
    CODEC(struct members_change, act, CODEC_U8, .max = MEMBERS_ACT_COUNT - 1),
    CODEC(struct members_change, member, CODEC_U32),
    CODEC(struct members_change, name, CODEC_TEXT, .max = MEMBER_NAME_MAX),
    CODEC(struct members_change, is_voter, CODEC_FLAG),
    CODEC_BYTES(struct members_change, key),
    CODEC(struct members_change, from_height, CODEC_U64),
    CODEC_BYTES(struct members_change, possession),
    CODEC(struct members_change, approvals, CODEC_SET, .size = sizeof(struct members_approval),
          .max = CONSENSUS_MEMBERS_MAX, .inner = approval_rows),
    CODEC_ROWS_END,
};

/* ---- the list ------------------------------------------------------------------------------- */

static const struct member *at(const struct members *members, uint32_t index) {
    return (const struct member *)members->list.items + index;
}

static void hash_number(struct hasher *hasher, uint64_t number) {
    uint8_t bytes[8];
    for (int i = 0; i < 8; i++) {
        bytes[i] = (uint8_t)(number >> 8 * (7 - i));
    }
    hash_add(hasher, bytes, sizeof bytes);
}

/* Member by member, so that a long list needs no memory. Lengths stand in front of what varies; the
 * first number keeps lists and changes apart. */
struct hash members_hash(const struct members *members, struct hasher *hasher) {
    hash_begin(hasher, HASH_MEMBERS);
    hash_number(hasher, 0);
    hash_number(hasher, members->list.count);
    for (uint32_t i = 0; i < members->list.count; i++) {
        const struct member *member = at(members, i);
        hash_number(hasher, member->number);
        hash_number(hasher, member->name.size);
        hash_add(hasher, member->name.bytes, member->name.size);
        hash_number(hasher, member->is_voter);
        hash_number(hasher, member->keys.count);
        for (uint32_t k = 0; k < member->keys.count; k++) {
            const struct member_key *key = (const struct member_key *)member->keys.items + k;
            hash_add(hasher, key->key.bytes, SIGNATURE_KEY_SIZE);
            hash_number(hasher, key->from_height);
            hash_number(hasher, key->to_height);
        }
    }
    return hash_end(hasher);
}

const struct member *members_find(const struct members *members, uint32_t number) {
    uint32_t low = 0, high = members->list.count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (at(members, middle)->number < number) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    bool is_found = low < members->list.count && at(members, low)->number == number;
    return is_found ? at(members, low) : NULL;
}

const struct public_key *members_key(const struct members *members, uint32_t number,
                                     uint64_t height) {
    const struct member *member = members_find(members, number);
    for (uint32_t i = 0; member != NULL && i < member->keys.count; i++) {
        const struct member_key *key = (const struct member_key *)member->keys.items + i;
        if (key->from_height <= height && height < key->to_height) {
            return &key->key;
        }
    }
    return NULL;
}

uint32_t members_voter_count(const struct members *members) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < members->list.count; i++) {
        count += at(members, i)->is_voter;
    }
    return count;
}

const struct member *members_voter(const struct members *members, uint32_t index) {
    for (uint32_t i = 0; i < members->list.count; i++) {
        if (at(members, i)->is_voter && index-- == 0) {
            return at(members, i);
        }
    }
    return NULL;
}

int32_t members_voter_index(const struct members *members, uint32_t number) {
    int32_t index = 0;
    for (uint32_t i = 0; i < members->list.count && at(members, i)->number <= number; i++) {
        if (at(members, i)->number == number) {
            return at(members, i)->is_voter ? index : -1;
        }
        index += at(members, i)->is_voter;
    }
    return -1;
}

/* ---- changes -------------------------------------------------------------------------------- */

struct hash members_change_hash(const struct members *members, const struct members_change *change,
                                const struct hash *ledger, struct hasher *hasher) {
    struct hash list = members_hash(members, hasher);
    hash_begin(hasher, HASH_MEMBERS);
    hash_number(hasher, 1);
    hash_add(hasher, ledger->bytes, HASH_SIZE);
    hash_add(hasher, list.bytes, HASH_SIZE);
    hash_number(hasher, change->act);
    hash_number(hasher, change->member);
    hash_number(hasher, change->name.size);
    hash_add(hasher, change->name.bytes, change->name.size);
    hash_number(hasher, change->is_voter);
    hash_add(hasher, change->key.bytes, SIGNATURE_KEY_SIZE);
    hash_number(hasher, change->from_height);
    return hash_end(hasher);
}

static bool is_approved(const struct members *members, const struct members_change *change,
                        const struct members_case *about, const struct hash *statement) {
    uint32_t count = 0;
    int64_t before = -1;
    for (uint32_t i = 0; i < change->approvals.count; i++) {
        const struct members_approval *approval =
            (const struct members_approval *)change->approvals.items + i;
        const struct public_key *key = members_key(members, approval->voter, about->height);
        if (approval->voter <= before || key == NULL ||
            members_voter_index(members, approval->voter) < 0 ||
            !verifier_check(about->verifier, key, statement, &approval->signature)) {
            return false;
        }
        before = approval->voter;
        count++;
    }
    return count >= consensus_quorum(members_voter_count(members));
}

static bool has_key(const struct members *members, const struct public_key *key) {
    for (uint32_t i = 0; i < members->list.count; i++) {
        const struct member_key *keys = at(members, i)->keys.items;
        for (uint32_t k = 0; k < at(members, i)->keys.count; k++) {
            if (memcmp(keys[k].key.bytes, key->bytes, SIGNATURE_KEY_SIZE) == 0) {
                return true;
            }
        }
    }
    return false;
}

/* Its keys with all that reach beyond `height` ended there and those that begin later left out,
 * with room for one more. */
static struct member_key *end_keys(struct member *member, uint64_t height, struct arena *arena) {
    struct member_key *keys = ARENA_ARRAY(arena, struct member_key, (size_t)member->keys.count + 1);
    const struct member_key *old = member->keys.items;
    uint32_t count = 0;
    for (uint32_t i = 0; i < member->keys.count; i++) {
        if (old[i].from_height < height) {
            keys[count] = old[i];
            keys[count].to_height = old[i].to_height < height ? old[i].to_height : height;
            count++;
        }
    }
    member->keys = (struct codec_list){.count = count, .items = keys};
    return keys;
}

static const char *judge_member(const struct members *members, const struct members_change *change,
                                const struct member *member) {
    if (change->act == MEMBERS_ADD) {
        if (change->name.size > MEMBER_NAME_MAX) {
            return "its name is too long";
        }
        if (members->list.count == MEMBERS_MAX) {
            return "the list is full";
        }
        bool is_full = members_voter_count(members) == CONSENSUS_MEMBERS_MAX;
        return member != NULL                ? "the number is taken"
               : change->is_voter && is_full ? "there are as many voters as there may be"
                                             : NULL;
    }
    if (member == NULL) {
        return "there is no such member";
    }
    if (change->act == MEMBERS_RETIRE && member->is_voter && members_voter_count(members) == 1) {
        return "nobody would decide";
    }
    return change->act == MEMBERS_ROTATE && member->keys.count == MEMBER_KEYS_MAX
               ? "it has had too many keys"
               : NULL;
}

static const char *judge(const struct members *members, const struct members_change *change,
                         const struct members_case *about, const struct member *member) {
    struct hash statement = members_change_hash(members, change, &about->ledger, about->hasher);
    bool is_own = change->act == MEMBERS_ROTATE || change->act == MEMBERS_REVOKE;
    if (!(is_own && about->sender == change->member) &&
        !is_approved(members, change, about, &statement)) {
        return "no quorum approves";
    }
    const char *reason = judge_member(members, change, member);
    if (reason != NULL || change->act == MEMBERS_REVOKE || change->act == MEMBERS_RETIRE) {
        return reason;
    }
    if (change->from_height <= about->height || change->from_height == MEMBER_KEY_OPEN) {
        return "a key begins after the block that brings it";
    }
    if (has_key(members, &change->key)) {
        return "the key was used before";
    }
    return verifier_check(about->verifier, &change->key, &statement, &change->possession)
               ? NULL
               : "nobody shows that he has the key";
}

/* A copy with room for one more. */
static struct member *copy_list(const struct members *members, struct arena *arena) {
    struct member *list = ARENA_ARRAY(arena, struct member, (size_t)members->list.count + 1);
    if (members->list.count > 0) {
        memcpy(list, members->list.items, members->list.count * sizeof *list);
    }
    return list;
}

static struct member *insert(struct member *list, uint32_t *count,
                             const struct members_change *change, struct arena *arena) {
    uint32_t place = *count;
    for (; place > 0 && list[place - 1].number > change->member; place--) {
        list[place] = list[place - 1];
    }
    ++*count;
    uint8_t *name = arena_alloc(arena, change->name.size + (size_t)1);
    if (change->name.size > 0) {
        memcpy(name, change->name.bytes, change->name.size);
    }
    list[place] = (struct member){.number = change->member,
                                  .name = {.bytes = name, .size = change->name.size},
                                  .is_voter = change->is_voter};
    return &list[place];
}

const char *members_apply(const struct members *members, const struct members_change *change,
                          const struct members_case *about, struct arena *arena,
                          struct members *next) {
    const struct member *member = members_find(members, change->member);
    const char *reason = judge(members, change, about, member);
    if (reason != NULL) {
        return reason;
    }
    struct member *list = copy_list(members, arena);
    uint32_t count = members->list.count;
    struct member *changed = change->act == MEMBERS_ADD ? insert(list, &count, change, arena)
                                                        : list + (member - at(members, 0));
    bool brings_key = change->act == MEMBERS_ADD || change->act == MEMBERS_ROTATE;
    struct member_key *keys =
        end_keys(changed, brings_key ? change->from_height : about->height + 1, arena);
    if (brings_key) {
        keys[changed->keys.count++] = (struct member_key){
            .key = change->key, .from_height = change->from_height, .to_height = MEMBER_KEY_OPEN};
    }
    changed->is_voter = changed->is_voter && change->act != MEMBERS_RETIRE;
    next->list = (struct codec_list){.count = count, .items = list};
    return NULL;
}

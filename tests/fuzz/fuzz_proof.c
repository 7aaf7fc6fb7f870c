/* SPDX-License-Identifier: GPL-3.0-or-later
 * No bytes but those that were proved convince anybody: of an act, of members, of what the state
 * holds. The ledger is the one that the corpus was made with; a proof of another act of the same
 * block would need signatures that nobody can make. */
#include "core/ledger/foreign.h"
#include "tests/unit/made_ledger.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct transaction_kind *const kinds[] = {&execution_kind_record,
                                                       &execution_kind_members, NULL};

struct proved {
    struct arena arena;
    struct made_ledger made;
    struct foreign_trust trust;
    struct hash state_root;
    struct execution_key absent;
    struct codec_blob act, members, absence;
};

static void prove(struct proved *proved) {
    struct made_ledger *made = &proved->made;
    *made = made_ledger(&proved->arena, &ledger_type_chain, kinds);
    struct transaction *transactions[] = {made_record(made, 50, 0, "seal 4711", "whole"),
                                          made_record(made, 20, 0, "seal 4711", "broken"),
                                          made_record(made, 20, 1, "permit 12", "granted")};
    const struct block *block;
    if (made_commit(made, transactions, 3, &block) != NULL) {
        abort();
    }
    struct consensus_certificate certificate = made_certificate(made, block, 7);
    proved->trust = (struct foreign_trust){.ledger = made->id,
                                           .members = made_members(&proved->arena),
                                           .height = 1,
                                           .time_ns = 1000,
                                           .age_max_ns = 5000,
                                           .hasher = made->hasher,
                                           .verifier = ledger_pool_verifier(made->pool)};
    proved->state_root = block->header.state_root;
    proved->act = foreign_prove_act(block, &certificate, 1, made->hasher, &proved->arena);
    proved->members = foreign_prove_members(made->nodes[0], block, &certificate, &proved->arena);
    proved->absent = made_record_key("permit 13");
    struct state_proof proof;
    ledger_prove(made->nodes[0], &proved->absent, &proved->arena, &proof);
    size_t room = codec_encode(state_proof_rows, &proof, NULL, 0);
    uint8_t *bytes = arena_alloc(&proved->arena, room);
    codec_encode(state_proof_rows, &proof, bytes, room);
    proved->absence = (struct codec_blob){.bytes = bytes, .size = (uint32_t)room};
}

static void expect(bool is_accepted, const uint8_t *data, size_t size,
                   const struct codec_blob *proved) {
    bool is_same = size == proved->size && memcmp(data, proved->bytes, size) == 0;
    if (is_accepted != is_same) {
        abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static struct proved proved;
    if (proved.made.pool == NULL) {
        prove(&proved);
    }
    struct arena arena = ARENA_INIT;
    struct foreign_act act;
    struct foreign_trust trust = proved.trust;
    struct state_proof proof;
    struct codec_fault fault;
    expect(foreign_check_act(&trust, 2000, data, size, &arena, &act) == NULL, data, size,
           &proved.act);
    expect(foreign_follow(&trust, data, size, &arena) == NULL, data, size, &proved.members);
    expect(codec_decode(state_proof_rows, data, size, &arena, &proof, &fault) == 0 &&
               state_verify(proved.made.hasher, &proved.state_root, proved.absent.bytes,
                            proved.absent.size, NULL, &proof),
           data, size, &proved.absence);
    arena_free(&arena);
    return 0;
}

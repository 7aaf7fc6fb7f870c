/* SPDX-License-Identifier: GPL-3.0-or-later
 * Whatever is read as a block is what the block is written as, and can be judged by a node without
 * harm; the rest is refused with a field and an offset within the bytes. */
#include "tests/unit/made_ledger.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct transaction_kind *const kinds[] = {&execution_kind_record,
                                                       &execution_kind_members, NULL};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static struct arena lasting;
    static struct made_ledger made;
    if (made.pool == NULL) {
        made = made_ledger(&lasting, &ledger_type_chain, kinds);
    }
    struct arena arena = ARENA_INIT;
    struct block *block = ARENA_NEW(&arena, struct block);
    struct consensus_certificate certificate;
    struct codec_fault fault = {.field = NULL};
    if (block_decode(data, size, made.hasher, &arena, block, &certificate, &fault) == 0) {
        struct codec_blob again =
            block_encode(block, certificate.count == 0 ? NULL : &certificate, &arena);
        struct ledger *node = ledger_create(made.pool, &ledger_type_chain, &arena);
        if (again.size != size || memcmp(again.bytes, data, size) != 0) {
            abort();
        }
        if (ledger_commit(node, block, &certificate) == NULL &&
            ledger_height(node) != block->header.height) {
            abort();
        }
        ledger_free(node);
    } else if (fault.field == NULL || fault.offset > size) {
        abort();
    }
    arena_free(&arena);
    return 0;
}

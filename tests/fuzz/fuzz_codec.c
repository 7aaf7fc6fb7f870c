/* SPDX-License-Identifier: GPL-3.0-or-later
 * Whatever the codec accepts is what its value encodes to; the rest is refused with a field and an
 * offset within the bytes. */
#include "tests/unit/codec_sample.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct arena arena = ARENA_INIT;
    struct sample sample;
    struct codec_fault fault;
    if (codec_decode(sample_rows, data, size, &arena, &sample, &fault) == 0) {
        uint8_t *again = arena_alloc(&arena, size);
        if (codec_encode(sample_rows, &sample, again, size) != size ||
            memcmp(again, data, size) != 0) {
            abort();
        }
    } else if (fault.field == NULL || fault.offset > size) {
        abort();
    }
    arena_free(&arena);
    return 0;
}

/* SPDX-License-Identifier: GPL-3.0-or-later
 * fuzz_result_file.c - no bytes make the reader of result files crash, hang or ask for absurd
 * memory.
 *
 * The checksum stands before HDF5: damaged bytes end there, and they must. Files of right checksum
 * and wrong content are made in tests/unit/test_result_file.c; HDF5's own parser is not ours. */
#define _GNU_SOURCE /* memfd_create */
#include "tests/unit/sample_result.h"

#include "core/base/require.h"

#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct arena arena = ARENA_INIT;
    struct error err = ERROR_INIT;
    struct result result;
    char path[64];
    int file = memfd_create("result", MFD_CLOEXEC);
    REQUIRE(file >= 0);
    REQUIRE(write(file, data, size) == (ssize_t)size);
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    if (result_file_read(path, &result, &arena, &err) == 0) {
        struct error check = ERROR_INIT;
        REQUIRE(result_check(&result, &check) == 0);
    } else {
        REQUIRE(err.code == ERROR_RUN);
    }
    close(file);
    arena_free(&arena);
    return 0;
}

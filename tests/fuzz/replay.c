/* SPDX-License-Identifier: GPL-3.0-or-later
 * replay.c - runs a fuzz target over the files of its corpus, for builds without libFuzzer.
 *
 * Each file is also tried cut short at every power of two and with single bits flipped at places
 * drawn from a fixed sequence, so that a short run looks beyond the corpus itself. */
#define _DEFAULT_SOURCE
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { FILE_SIZE_MAX = 1 << 22, FLIPS = 64 };

static void try_input(uint8_t *data, size_t size) {
    LLVMFuzzerTestOneInput(data, size);
    for (size_t cut = 1; cut < size; cut *= 2) {
        LLVMFuzzerTestOneInput(data, cut);
    }
    uint64_t state = 20170102;
    for (int flip = 0; flip < FLIPS && size > 0; flip++) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        size_t at = (size_t)(state >> 33) % size;
        uint8_t bit = (uint8_t)(1u << ((state >> 20) & 7));
        data[at] ^= bit;
        LLVMFuzzerTestOneInput(data, size);
        data[at] ^= bit;
    }
}

int main(int argc, char **argv) {
    if (argc != 2) {
        fprintf(stderr, "usage: %s CORPUS_FOLDER\n", argv[0]);
        return 2;
    }
    DIR *folder = opendir(argv[1]);
    if (folder == NULL) {
        perror(argv[1]);
        return 1;
    }
    uint8_t *data = malloc(FILE_SIZE_MAX);
    unsigned tried = 0;
    for (struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
        char path[4096];
        snprintf(path, sizeof path, "%s/%s", argv[1], entry->d_name);
        FILE *file = entry->d_name[0] == '.' ? NULL : fopen(path, "rb");
        if (file == NULL) {
            continue;
        }
        size_t size = fread(data, 1, FILE_SIZE_MAX, file);
        fclose(file);
        try_input(data, size);
        tried++;
    }
    closedir(folder);
    free(data);
    printf("%u corpus files replayed\n", tried);
    return tried == 0;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _DEFAULT_SOURCE /* fstat */
#include "sim/scenario/input_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

enum { FIRST_SIZE = 64 * 1024 };

static int refuse_size(struct place place, size_t size_max, struct error *err) {
    return error_at(err, place, "larger than %zu MiB", size_max / (1024 * 1024));
}

/* What is known before anything is read. */
static int check_status(int descriptor, struct place place, size_t size_max, struct error *err) {
    struct stat status;
    if (fstat(descriptor, &status) != 0) {
        return error_at(err, place, "cannot be read: %s", strerror(errno));
    }
    if (S_ISDIR(status.st_mode)) {
        return error_at(err, place, "is a folder, not a file");
    }
    if (S_ISREG(status.st_mode) && (size_t)status.st_size > size_max) {
        return refuse_size(place, size_max, err);
    }
    return 0;
}

/* Reads to the end, or one byte past the limit. */
static char *read_all(struct arena *arena, gzFile file, struct place place, size_t size_max,
                      size_t *length, struct error *err) {
    size_t capacity = FIRST_SIZE;
    char *text = arena_alloc(arena, capacity);
    for (*length = 0;;) {
        int count = gzread(file, text + *length, (unsigned)(capacity - 1 - *length));
        if (count < 0) {
            int code;
            const char *reason = gzerror(file, &code);
            error_at(err, place, "cannot be read: %s", code == Z_ERRNO ? strerror(errno) : reason);
            return NULL;
        }
        *length += (size_t)count;
        if (count == 0) {
            text[*length] = '\0';
            return text;
        }
        if (*length > size_max) {
            refuse_size(place, size_max, err);
            return NULL;
        }
        text = arena_grow(arena, text, *length + 1, &capacity, 1);
    }
}

char *input_file_read(struct arena *arena, const char *path, size_t size_max, size_t *length,
                      struct error *err) {
    struct place place = {.source = path};
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) {
        error_at(err, place, "cannot be opened: %s", strerror(errno));
        return NULL;
    }
    gzFile file = NULL;
    char *text = NULL;
    if (check_status(descriptor, place, size_max, err) == 0) {
        file = gzdopen(descriptor, "rb");
        if (file == NULL) {
            error_at(err, place, "cannot be read: out of memory");
        }
    }
    if (file == NULL) {
        close(descriptor);
        return NULL;
    }
    text = read_all(arena, file, place, size_max, length, err);
    if (gzclose(file) == Z_BUF_ERROR && text != NULL) {
        error_at(err, place, "ends in the middle of compressed data");
        return NULL;
    }
    return text;
}

struct node *input_file_node(struct arena *arena, const char *path, struct error *err) {
    size_t length = 0;
    char *text = input_file_read(arena, path, NODE_FILE_SIZE_MAX, &length, err);
    return text != NULL ? node_read_text(arena, path, text, length, err) : NULL;
}

const char *input_file_beside(struct arena *arena, const char *from, const char *name) {
    const char *slash = strrchr(from, '/');
    return name[0] == '/' || slash == NULL
               ? name
               : arena_format(arena, "%.*s%s", (int)(slash - from + 1), from, name);
}

const char *input_file_data_path(struct arena *arena, const char *name) {
    const char *folder = getenv("CLEARLAB_DATA");
    if (folder != NULL && folder[0] != '\0') {
        return arena_format(arena, "%s/%s", folder, name);
    }
    const char *home = getenv("CLEARLAB_HOME");
    return home != NULL && home[0] != '\0' ? arena_format(arena, "%s/../shared/data/%s", home, name)
                                           : arena_format(arena, "../shared/data/%s", name);
}

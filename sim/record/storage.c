/* SPDX-License-Identifier: GPL-3.0-or-later
 * storage.c - see storage.h. */
#define _DEFAULT_SOURCE /* fsync, pread */
#include "sim/record/storage.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int fail(const char *what, const char *path, struct error *err) {
    return error_set(err, ERROR_RUN, "cannot %s %s: %s", what, path, strerror(errno));
}

int storage_write(int file, const void *bytes, size_t size, const char *path, struct error *err) {
    const char *at = bytes;
    while (size > 0) {
        ssize_t written = write(file, at, size < INT_MAX ? size : INT_MAX);
        if (written < 0 && errno != EINTR) {
            return fail("write", path, err);
        }
        if (written > 0) {
            at += written;
            size -= (size_t)written;
        }
    }
    return 0;
}

int storage_read(int file, void *bytes, size_t size, uint64_t offset, const char *path,
                 struct error *err) {
    char *at = bytes;
    while (size > 0) {
        ssize_t got = pread(file, at, size < INT_MAX ? size : INT_MAX, (off_t)offset);
        if (got == 0) {
            return error_set(err, ERROR_RUN, "cannot read %s: it became shorter meanwhile", path);
        }
        if (got < 0 && errno != EINTR) {
            return fail("read", path, err);
        }
        if (got > 0) {
            at += got;
            offset += (uint64_t)got;
            size -= (size_t)got;
        }
    }
    return 0;
}

int storage_open(const char *path, uint64_t *size, struct error *err) {
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) {
        return fail("open", path, err);
    }
    struct stat status;
    if (fstat(file, &status) != 0 || !S_ISREG(status.st_mode)) {
        close(file);
        return error_set(err, ERROR_RUN, "cannot read %s: it is not a file", path);
    }
    *size = (uint64_t)status.st_size;
    return file;
}

int storage_sync_folder(const char *path, struct error *err) {
    char folder[PATH_MAX];
    const char *slash = strrchr(path, '/');
    int length = slash == NULL ? 1 : (int)(slash - path) + 1;
    if (length >= PATH_MAX) {
        return error_set(err, ERROR_RUN, "the name %.40s... is too long", path);
    }
    snprintf(folder, sizeof folder, "%.*s", length, slash == NULL ? "." : path);
    int handle = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (handle < 0) {
        return fail("open", folder, err);
    }
    /* Some file systems cannot sync a folder and say EINVAL; they have nothing to sync. */
    int status = fsync(handle) == 0 || errno == EINVAL ? 0 : fail("sync", folder, err);
    close(handle);
    return status;
}

static int write_whole(const char *path, const void *bytes, size_t size, struct error *err) {
    int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (file < 0) {
        return fail("create", path, err);
    }
    int status = storage_write(file, bytes, size, path, err);
    if (status == 0 && fsync(file) != 0) {
        status = fail("sync", path, err);
    }
    if (close(file) != 0 && status == 0) {
        status = fail("close", path, err);
    }
    return status;
}

int storage_replace(const char *path, const void *bytes, size_t size, struct error *err) {
    char temporary[PATH_MAX];
    int length = snprintf(temporary, sizeof temporary, "%s.%ld.part", path, (long)getpid());
    if (length < 0 || length >= PATH_MAX) {
        return error_set(err, ERROR_RUN, "the name %.40s... is too long", path);
    }
    int status = write_whole(temporary, bytes, size, err);
    if (status == 0 && rename(temporary, path) != 0) {
        status = fail("create", path, err);
    }
    if (status != 0) {
        unlink(temporary);
        return status;
    }
    return storage_sync_folder(path, err);
}

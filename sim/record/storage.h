/* SPDX-License-Identifier: GPL-3.0-or-later
 * storage.h - bytes that reach the disk whole or not at all.
 *
 * Every error is ERROR_RUN, names the path and gives the system's reason. */
#ifndef SIM_RECORD_STORAGE_H
#define SIM_RECORD_STORAGE_H

#include "core/base/arena.h"
#include "core/base/error.h"

#include <stddef.h>
#include <stdint.h>

/* All bytes, at the file's position. */
int storage_write(int file, const void *bytes, size_t size, const char *path, struct error *err);

/* Exactly `size` bytes from `offset`; the file's end before that is an error. */
int storage_read(int file, void *bytes, size_t size, uint64_t offset, const char *path,
                 struct error *err);

/* Opens a regular file to read and tells its size. Returns its descriptor or -1. */
int storage_open(const char *path, uint64_t *size, struct error *err);

/* Makes the names in the folder of `path` survive a power cut. */
int storage_sync_folder(const char *path, struct error *err);

/* Puts a file of these bytes under `path`: written to a temporary name beside it, synced, renamed.
 * After an error `path` is as it was. */
int storage_replace(const char *path, const void *bytes, size_t size, struct error *err);

#endif

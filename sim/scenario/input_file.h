/* SPDX-License-Identifier: GPL-3.0-or-later
 * input_file.h - files that users name, whole and in memory: core takes text, not files.
 *
 * A file that was compressed by gzip is read as what it holds (zlib, which knows the format and is
 * on every system that has HDF5). */
#ifndef SIM_SCENARIO_INPUT_FILE_H
#define SIM_SCENARIO_INPUT_FILE_H

#include "core/base/arena.h"
#include "core/base/error.h"
#include "core/base/node.h"

#include <stddef.h>

/* Its bytes in the arena with a final '\0', which `*length` does not count. NULL and an error for a
 * missing file, a folder, damaged compression, and more than `size_max` bytes. */
char *input_file_read(struct arena *arena, const char *path, size_t size_max, size_t *length,
                      struct error *err);

/* A YAML file as a tree, see node_read_text. */
struct node *input_file_node(struct arena *arena, const char *path, struct error *err);

/* `name` as seen from the folder of the file `from`; an absolute one as it is. */
const char *input_file_beside(struct arena *arena, const char *from, const char *name);

/* The path of a file of the shared data, such as "tariff/worked-examples.yaml": below
 * $CLEARLAB_DATA, else below ../shared/data of the project. The file need not exist. */
const char *input_file_data_path(struct arena *arena, const char *name);

#endif

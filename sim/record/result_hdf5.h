/* SPDX-License-Identifier: GPL-3.0-or-later
 * result_hdf5.h - what the writer and the reader of result files both ask of HDF5.
 *
 * Functions of HDF5 that are given an invalid handle fail and do nothing, so a chain of calls is
 * checked once at its end, and every handle is closed on one way out. */
#ifndef SIM_RECORD_RESULT_HDF5_H
#define SIM_RECORD_RESULT_HDF5_H

#include "sim/record/result_schema.h"

#include <hdf5.h>
#include <stdbool.h>

#define RESULT_TRAILER_MAGIC "CLRESULT"
enum { RESULT_TRAILER_SIZE = 8 + 8 + 8 };

/* Keeps HDF5 from printing; errors are reported by the callers. */
void result_hdf5_quiet(void);

/* Closes a handle of any kind if it is one. */
void result_hdf5_close(hid_t handle);

/* For files in memory: handles left open go with the file. */
hid_t result_hdf5_access(void);

/* As numbers stand in the file, and in memory. Texts are UTF-8 of variable length in both. */
hid_t result_hdf5_file_type(enum result_element element);
hid_t result_hdf5_memory_type(enum result_element element);

/* Scalar attributes of the root. */
struct result_attribute {
    const char *name;
    enum result_element element;
    size_t offset; /* of the value (const char * for texts) in a struct result_layout */
};

extern const struct result_attribute result_hdf5_attributes[];
extern const unsigned result_hdf5_attribute_count;

#endif

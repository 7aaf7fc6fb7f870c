/* SPDX-License-Identifier: GPL-3.0-or-later
 * result_schema.h - the datasets of a result file, a row each, for its writer and its reader. */
#ifndef SIM_RECORD_RESULT_SCHEMA_H
#define SIM_RECORD_RESULT_SCHEMA_H

#include "sim/record/result.h"

#include <stdbool.h>

enum result_axis {
    AXIS_NONE,
    AXIS_POINT,
    AXIS_ROW,
    AXIS_METRIC,
    AXIS_HISTOGRAM,
    AXIS_BUCKET,
    AXIS_SERIES,
    AXIS_BIN,
    AXIS_CONSIGNMENT,
    AXIS_COLUMN,
    RESULT_AXIS_COUNT
};

enum result_element { ELEMENT_U32, ELEMENT_U64, ELEMENT_I64, ELEMENT_REAL, ELEMENT_TEXT };

enum { RESULT_RANK_MAX = 3 };

struct result_dataset {
    const char *path;
    enum result_element element;
    enum result_axis axes[RESULT_RANK_MAX]; /* slowest first, AXIS_NONE behind the last */
    bool is_scale;                          /* of axes[0] */
    bool is_made; /* a scale whose labels follow from the layout; not read back */
    const char *unit, *doc;
    size_t offset; /* of the pointer to its numbers, or to the structs of its texts, in a result */
    size_t text_stride, text_offset; /* of those structs, and of the text in each */
};

extern const struct result_dataset result_schema[];
extern const unsigned result_schema_count;

/* Number of positions on an axis of this result. */
size_t result_schema_length(const struct result *result, enum result_axis axis);

/* Label of a position on an axis whose scale is made. */
uint64_t result_schema_label(const struct result *result, enum result_axis axis, size_t position);

#endif

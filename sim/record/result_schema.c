/* SPDX-License-Identifier: GPL-3.0-or-later
 * result_schema.c - see result_schema.h. Scales stand before what they are attached to. */
#include "sim/record/result_schema.h"

#include "core/base/estimate.h"

#define MADE(path_, element_, axis, unit_, doc_)                                    \
    {                                                                               \
        .path = (path_), .element = (element_), .axes = {(axis)}, .is_scale = true, \
        .is_made = true, .unit = (unit_), .doc = (doc_)                             \
    }

#define NUMBERS(path_, element_, member, unit_, doc_, ...)                              \
    {                                                                                   \
        .path = (path_), .element = (element_), .axes = {__VA_ARGS__}, .unit = (unit_), \
        .doc = (doc_), .offset = offsetof(struct result, member)                        \
    }

#define TEXTS(path_, axis, scale, member, type, text, doc_)                              \
    {                                                                                    \
        .path = (path_), .element = ELEMENT_TEXT, .axes = {(axis)}, .is_scale = (scale), \
        .unit = "", .doc = (doc_), .offset = offsetof(struct result, layout.member),     \
        .text_stride = sizeof(struct type), .text_offset = offsetof(struct type, text)   \
    }

/* What describes a metric, histogram, series or table column besides its name. */
#define COLUMN_TEXTS(group_, axis, member)                                                 \
    TEXTS(group_ "/unit", axis, false, member, result_column, unit, "Unit of the value."), \
        TEXTS(group_ "/doc", axis, false, member, result_column, doc, "What it is."),      \
        TEXTS(group_ "/kind", axis, false, member, result_column, kind,                    \
              "First part of the name."),                                                  \
        TEXTS(group_ "/subject", axis, false, member, result_column, subject,              \
              "Second part of the name."),                                                 \
        TEXTS(group_ "/group", axis, false, member, result_column, group,                  \
              "Third part of the name."),                                                  \
        TEXTS(group_ "/statistic", axis, false, member, result_column, statistic,          \
              "Fourth part of the name.")

struct text {
    const char *text;
};

const struct result_dataset result_schema[] = {
    TEXTS("/point", AXIS_POINT, true, points, result_point, name, "System and factor levels."),
    MADE("/row", ELEMENT_U32, AXIS_ROW, "1", "One a replication, by point and replication."),
    TEXTS("/metric", AXIS_METRIC, true, metrics, result_column, name, "Names of the metrics."),
    TEXTS("/histogram", AXIS_HISTOGRAM, true, histograms, result_column, name,
          "Names of the histograms."),
    MADE("/bucket", ELEMENT_U64, AXIS_BUCKET, "ns", "Smallest value that a bucket counts."),
    TEXTS("/series", AXIS_SERIES, true, series, result_column, name, "Names of the time series."),
    MADE("/bin", ELEMENT_I64, AXIS_BIN, "ns", "Simulated time at which a bin begins."),
    MADE("/consignment", ELEMENT_U32, AXIS_CONSIGNMENT, "1", "One a sampled consignment."),
    TEXTS("/column", AXIS_COLUMN, true, table_columns, result_column, name,
          "Names of the columns of the consignment table."),
    TEXTS("/points/system", AXIS_POINT, false, points, result_point, system, "The system's name."),
    TEXTS("/points/levels", AXIS_POINT, false, points, result_point, levels, "The factor levels."),
    NUMBERS("/replications/point", ELEMENT_U32, point, "1", "Position in /point.", AXIS_ROW),
    NUMBERS("/replications/replication", ELEMENT_U32, replication, "1",
            "Number of the replication: the same one has the same people in every point.",
            AXIS_ROW),
    NUMBERS("/replications/fingerprint", ELEMENT_U64, fingerprint, "1", "Hash over every event.",
            AXIS_ROW),
    NUMBERS("/replications/event_count", ELEMENT_U64, event_count, "1", "Events that happened.",
            AXIS_ROW),
    NUMBERS("/metrics/value", ELEMENT_REAL, metrics, "see /metrics/unit",
            "One a replication; not a number where the point's system lacks the metric.", AXIS_ROW,
            AXIS_METRIC),
    COLUMN_TEXTS("/metrics", AXIS_METRIC, metrics),
    NUMBERS("/histograms/count", ELEMENT_U64, histograms, "1",
            "Observations, pooled over the replications of a point.", AXIS_POINT, AXIS_HISTOGRAM,
            AXIS_BUCKET),
    COLUMN_TEXTS("/histograms", AXIS_HISTOGRAM, histograms),
    NUMBERS("/time_series/sum", ELEMENT_I64, series, "see /time_series/unit",
            "Sums over a bin, pooled over the replications of a point.", AXIS_POINT, AXIS_SERIES,
            AXIS_BIN),
    COLUMN_TEXTS("/time_series", AXIS_SERIES, series),
    NUMBERS("/consignments/value", ELEMENT_I64, table, "see /consignments/unit",
            "A sample of the consignments.", AXIS_CONSIGNMENT, AXIS_COLUMN),
    COLUMN_TEXTS("/consignments", AXIS_COLUMN, table_columns),
    TEXTS("/consignments/text", AXIS_COLUMN, false, texts, text, text,
          "What the codes of a column mean, as 0:none,1:green; empty where it has none."),
};

const unsigned result_schema_count = sizeof result_schema / sizeof *result_schema;

size_t result_schema_length(const struct result *result, enum result_axis axis) {
    const struct result_layout *layout = &result->layout;
    switch (axis) {
    case AXIS_POINT:
        return layout->point_count;
    case AXIS_ROW:
        return result->replication_count;
    case AXIS_METRIC:
        return layout->metric_count;
    case AXIS_HISTOGRAM:
        return layout->histogram_count;
    case AXIS_BUCKET:
        return HISTOGRAM_BUCKETS;
    case AXIS_SERIES:
        return layout->series_count;
    case AXIS_BIN:
        return layout->series_bin_count;
    case AXIS_CONSIGNMENT:
        return result->table_row_count;
    case AXIS_COLUMN:
        return layout->table_column_count;
    case AXIS_NONE:
    case RESULT_AXIS_COUNT:
        break;
    }
    return 1;
}

uint64_t result_schema_label(const struct result *result, enum result_axis axis, size_t position) {
    if (axis == AXIS_BUCKET) {
        return histogram_lower((uint32_t)position);
    }
    if (axis == AXIS_BIN) {
        return (uint64_t)position * (uint64_t)result->layout.series_bin_ns;
    }
    return position;
}

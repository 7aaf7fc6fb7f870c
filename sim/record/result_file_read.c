/* SPDX-License-Identifier: GPL-3.0-or-later
 * result_file_read.c - see result_file.h.
 *
 * The checksum is compared before HDF5 sees a byte. Behind it nothing is believed either: types,
 * shapes and limits are checked before memory is asked for, and memory stays in proportion to the
 * size of the file. */
#define _DEFAULT_SOURCE /* close */
#include "core/base/estimate.h"
#include "sim/record/bytes.h"
#include "sim/record/checksum.h"
#include "sim/record/result_file.h"
#include "sim/record/result_hdf5.h"
#include "sim/record/storage.h"

#include <string.h>
#include <unistd.h>

/* Deflate makes at most 1032 bytes of one. */
enum { EXPANSION_MAX = 1100 };

/* All arrays at their limits, and some. */
static const uint64_t FILE_SIZE_MAX = (uint64_t)1 << 33;

struct reader {
    hid_t file;
    uint64_t file_size;
    uint64_t text_size; /* of all texts so far; no file holds more text than bytes */
    struct result *result;
    struct arena *arena;
    const char *path; /* for errors */
    struct error *err;
};

static int refuse(const struct reader *reader, const char *name, const char *why) {
    return error_set(reader->err, ERROR_RUN, "%s is not a result that this program can read: %s %s",
                     reader->path, name, why);
}

/* Called by HDF5 for every text of a dataset. */
static void *take_text_memory(size_t size, void *context) {
    struct reader *reader = context;
    reader->text_size += size;
    bool fits = reader->text_size <= reader->file_size;
    return fits ? arena_alloc(reader->arena, size > 0 ? size : 1) : NULL;
}

static void keep_text_memory(void *memory, void *context) {
    (void)memory;
    (void)context;
}

static bool type_matches(hid_t type, enum result_element element) {
    if (element == ELEMENT_TEXT) {
        return H5Tget_class(type) == H5T_STRING && H5Tis_variable_str(type) > 0;
    }
    hid_t expected = result_hdf5_file_type(element);
    bool same = H5Tequal(type, expected) > 0;
    result_hdf5_close(expected);
    return same;
}

/* A text is copied to the arena, a number to `value`. */
static bool read_attribute_value(struct reader *reader, hid_t attribute,
                                 enum result_element element, void *value) {
    hid_t memory = result_hdf5_memory_type(element);
    char *text = NULL;
    void *target = element == ELEMENT_TEXT ? (void *)&text : value;
    bool done = H5Aread(attribute, memory, target) >= 0;
    if (done && element == ELEMENT_TEXT) {
        const char *copy = text == NULL ? "" : arena_text(reader->arena, text, strlen(text));
        memcpy(value, &copy, sizeof copy);
    }
    H5free_memory(text);
    result_hdf5_close(memory);
    return done;
}

static int read_attribute(struct reader *reader, const char *name, enum result_element element,
                          void *value) {
    hid_t attribute = H5Aopen(reader->file, name, H5P_DEFAULT);
    hid_t type = H5Aget_type(attribute), space = H5Aget_space(attribute);
    bool done = type_matches(type, element) && H5Sget_simple_extent_npoints(space) == 1 &&
                read_attribute_value(reader, attribute, element, value);
    result_hdf5_close(space);
    result_hdf5_close(type);
    result_hdf5_close(attribute);
    return done ? 0 : refuse(reader, name, "is missing or of another type");
}

/* The lengths of a dataset of this rank and type, or false. */
static bool shape_of(hid_t dataset, enum result_element element, int rank, hsize_t *lengths) {
    hid_t type = H5Dget_type(dataset), space = H5Dget_space(dataset);
    bool done = type_matches(type, element) && H5Sget_simple_extent_ndims(space) == rank &&
                H5Sget_simple_extent_dims(space, lengths, NULL) == rank;
    result_hdf5_close(space);
    result_hdf5_close(type);
    return done;
}

/* The whole of a dataset whose shape is known to fit. */
static bool read_values(struct reader *reader, hid_t dataset, enum result_element element,
                        void *values) {
    hid_t memory = result_hdf5_memory_type(element), transfer = H5Pcreate(H5P_DATASET_XFER);
    bool done = H5Pset_vlen_mem_manager(transfer, take_text_memory, reader, keep_text_memory,
                                        reader) >= 0 &&
                H5Dread(dataset, memory, H5S_ALL, H5S_ALL, transfer, values) >= 0;
    result_hdf5_close(transfer);
    result_hdf5_close(memory);
    return done;
}

static void set_length(struct result *result, enum result_axis axis, uint32_t length) {
    struct result_layout *layout = &result->layout;
    switch (axis) {
    case AXIS_POINT:
        layout->point_count = length;
        break;
    case AXIS_ROW:
        result->replication_count = length;
        break;
    case AXIS_METRIC:
        layout->metric_count = length;
        break;
    case AXIS_HISTOGRAM:
        layout->histogram_count = length;
        break;
    case AXIS_SERIES:
        layout->series_count = length;
        break;
    case AXIS_BIN:
        layout->series_bin_count = length;
        break;
    case AXIS_CONSIGNMENT:
        result->table_row_count = length;
        break;
    case AXIS_COLUMN:
        layout->table_column_count = length;
        break;
    case AXIS_BUCKET:
    case AXIS_NONE:
    case RESULT_AXIS_COUNT:
        break;
    }
}

/* How long each axis is, from its scale. */
static int read_lengths(struct reader *reader) {
    for (unsigned i = 0; i < result_schema_count; i++) {
        const struct result_dataset *row = &result_schema[i];
        if (!row->is_scale) {
            continue;
        }
        hsize_t length = 0;
        hid_t dataset = H5Dopen2(reader->file, row->path, H5P_DEFAULT);
        bool done = shape_of(dataset, row->element, 1, &length);
        result_hdf5_close(dataset);
        if (!done || length > RESULT_CELLS_MAX ||
            (row->axes[0] == AXIS_BUCKET && length != HISTOGRAM_BUCKETS)) {
            return refuse(reader, row->path, "is missing, of another type or too long");
        }
        set_length(reader->result, row->axes[0], (uint32_t)length);
    }
    return 0;
}

/* Number of values of a row of the schema, or -1 when so many cannot be in the file. */
static int64_t count_of(const struct reader *reader, const struct result_dataset *row) {
    uint64_t count = 1;
    for (unsigned i = 0; i < RESULT_RANK_MAX && row->axes[i] != AXIS_NONE; i++) {
        count *= result_schema_length(reader->result, row->axes[i]);
        if (count > RESULT_CELLS_MAX) {
            return -1;
        }
    }
    return count > reader->file_size * EXPANSION_MAX / sizeof(uint64_t) ? -1 : (int64_t)count;
}

static bool shape_matches(const struct reader *reader, hid_t dataset,
                          const struct result_dataset *row) {
    hsize_t lengths[RESULT_RANK_MAX];
    int rank = 0;
    while (rank < RESULT_RANK_MAX && row->axes[rank] != AXIS_NONE) {
        rank++;
    }
    bool same = shape_of(dataset, row->element, rank, lengths);
    for (int i = 0; i < rank && same; i++) {
        same = lengths[i] == result_schema_length(reader->result, row->axes[i]);
    }
    return same;
}

/* Texts go into the array of structs that the result points to, made by the first of its texts. */
static bool read_texts(struct reader *reader, hid_t dataset, const struct result_dataset *row,
                       size_t count) {
    char *structs, **texts = ARENA_ARRAY(reader->arena, char *, count);
    char *pointer = (char *)reader->result + row->offset;
    memcpy(&structs, pointer, sizeof structs);
    if (structs == NULL) {
        structs = arena_alloc_array(reader->arena, count, row->text_stride);
        memcpy(pointer, &structs, sizeof structs);
    }
    if (count > 0 && !read_values(reader, dataset, ELEMENT_TEXT, texts)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        const char *text = texts[i] == NULL ? "" : texts[i];
        memcpy(structs + i * row->text_stride + row->text_offset, &text, sizeof text);
    }
    return true;
}

static bool read_numbers(struct reader *reader, hid_t dataset, const struct result_dataset *row,
                         size_t count) {
    void *numbers = arena_alloc_array(reader->arena, count, sizeof(uint64_t));
    memcpy((char *)reader->result + row->offset, &numbers, sizeof numbers);
    return count == 0 || read_values(reader, dataset, row->element, numbers);
}

static int read_row(struct reader *reader, const struct result_dataset *row) {
    int64_t count = count_of(reader, row);
    if (count < 0) {
        return refuse(reader, row->path, "says that it is larger than it can be");
    }
    hid_t dataset = H5Dopen2(reader->file, row->path, H5P_DEFAULT);
    bool done = shape_matches(reader, dataset, row) &&
                (row->element == ELEMENT_TEXT ? read_texts(reader, dataset, row, (size_t)count)
                                              : read_numbers(reader, dataset, row, (size_t)count));
    result_hdf5_close(dataset);
    return done ? 0 : refuse(reader, row->path, "is missing, damaged or of another shape");
}

static int read_resolved(struct reader *reader) {
    char *text = NULL;
    hsize_t none;
    hid_t dataset = H5Dopen2(reader->file, "/resolved", H5P_DEFAULT);
    bool done = shape_of(dataset, ELEMENT_TEXT, 0, &none) &&
                read_values(reader, dataset, ELEMENT_TEXT, &text);
    result_hdf5_close(dataset);
    reader->result->layout.resolved = text == NULL ? "" : text;
    return done ? 0 : refuse(reader, "/resolved", "is missing or of another type");
}

static int read_head(struct reader *reader) {
    uint32_t version = 0;
    if (read_attribute(reader, "format_version", ELEMENT_U32, &version) != 0) {
        return -1;
    }
    if (version != RESULT_FORMAT_VERSION) {
        return error_set(reader->err, ERROR_RUN,
                         "%s has format version %u, this program reads version %d: use the "
                         "program version that wrote it",
                         reader->path, version, RESULT_FORMAT_VERSION);
    }
    for (unsigned i = 0; i < result_hdf5_attribute_count; i++) {
        const struct result_attribute *a = &result_hdf5_attributes[i];
        char *value = (char *)&reader->result->layout + a->offset;
        if (read_attribute(reader, a->name, a->element, value) != 0) {
            return -1;
        }
    }
    return read_resolved(reader);
}

static int read_all(struct reader *reader) {
    if (read_head(reader) != 0 || read_lengths(reader) != 0) {
        return -1;
    }
    for (unsigned i = 0; i < result_schema_count; i++) {
        if (!result_schema[i].is_made && read_row(reader, &result_schema[i]) != 0) {
            return -1;
        }
    }
    struct error cause = ERROR_INIT;
    return result_check(reader->result, &cause) == 0 ? 0 : refuse(reader, "it:", cause.text);
}

/* Opens the bytes of a file as one that HDF5 reads. */
static int read_image(struct reader *reader, uint8_t *image, size_t size) {
    result_hdf5_quiet();
    hid_t access = result_hdf5_access();
    reader->file = H5Pset_file_image(access, image, size) >= 0
                       ? H5Fopen("result", H5F_ACC_RDONLY, access)
                       : H5I_INVALID_HID;
    result_hdf5_close(access);
    int status = reader->file >= 0 ? read_all(reader) : refuse(reader, "HDF5", "cannot open it");
    result_hdf5_close(reader->file);
    return status;
}

/* The size of the HDF5 part, or 0 and an error when the trailer does not vouch for it. */
static size_t check_trailer(const uint8_t *data, size_t size, const char *path, struct error *err) {
    const size_t magic_size = sizeof RESULT_TRAILER_MAGIC - 1;
    static const uint8_t signature[8] = {0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n'};
    if (size < sizeof signature || memcmp(data, signature, sizeof signature) != 0) {
        error_set(err, ERROR_RUN, "%s is not a result file", path);
        return 0;
    }
    struct bytes_reader trailer = {.data = data, .size = size, .at = size - RESULT_TRAILER_SIZE};
    if (size <= RESULT_TRAILER_SIZE ||
        memcmp(data + trailer.at, RESULT_TRAILER_MAGIC, magic_size) != 0) {
        error_set(err, ERROR_RUN,
                  "%s was cut short, or is an HDF5 file that this program did not write", path);
        return 0;
    }
    trailer.at += magic_size;
    uint64_t image_size = bytes_take_u64(&trailer);
    size_t covered = trailer.at;
    if (image_size != size - RESULT_TRAILER_SIZE ||
        bytes_take_u64(&trailer) != checksum(0, data, covered)) {
        error_set(err, ERROR_RUN,
                  "%s was altered after it was written: its checksum does not match", path);
        return 0;
    }
    return (size_t)image_size;
}

static int load(const char *path, uint8_t **data, size_t *size, struct arena *arena,
                struct error *err) {
    uint64_t file_size;
    int file = storage_open(path, &file_size, err);
    if (file < 0) {
        return -1;
    }
    int status = file_size <= FILE_SIZE_MAX
                     ? 0
                     : error_set(err, ERROR_RUN, "%s is too large to be a result", path);
    if (status == 0) {
        *size = (size_t)file_size;
        *data = arena_alloc(arena, *size);
        status = storage_read(file, *data, *size, 0, path, err);
    }
    close(file);
    return status;
}

int result_file_read(const char *path, struct result *result, struct arena *arena,
                     struct error *err) {
    struct arena scratch = ARENA_INIT;
    uint8_t *data;
    size_t size, image_size;
    int status = load(path, &data, &size, &scratch, err);
    if (status == 0) {
        image_size = check_trailer(data, size, path, err);
        status = image_size > 0 ? 0 : -1;
    }
    if (status == 0) {
        *result = (struct result){0};
        struct reader reader = {
            .file_size = size, .result = result, .arena = arena, .path = path, .err = err};
        status = read_image(&reader, data, image_size);
    }
    arena_free(&scratch);
    return status;
}

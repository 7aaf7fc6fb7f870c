/* SPDX-License-Identifier: GPL-3.0-or-later
 * result_file_write.c - see result_file.h. One pass over result_schema; nothing in the file depends
 * on when or where it was made. */
#define _DEFAULT_SOURCE /* stat, S_ISDIR */
#include "core/base/numeric.h"
#include "sim/record/bytes.h"
#include "sim/record/checksum.h"
#include "sim/record/result_file.h"
#include "sim/record/result_hdf5.h"
#include "sim/record/storage.h"

#include <hdf5_hl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* Larger datasets are cut into chunks of about so many numbers, and compressed. */
enum { PLAIN_CELLS_MAX = 1 << 12, CHUNK_CELLS = 1 << 15, DEFLATE_LEVEL = 6 };

struct writer {
    const struct result *result;
    struct arena *scratch;
    hid_t file;
    hid_t scales[RESULT_AXIS_COUNT];
};

static bool write_attribute(hid_t object, const char *name, enum result_element element,
                            const void *value) {
    hid_t type = result_hdf5_file_type(element), memory = result_hdf5_memory_type(element);
    hid_t space = H5Screate(H5S_SCALAR);
    hid_t attribute = H5Acreate2(object, name, type, space, H5P_DEFAULT, H5P_DEFAULT);
    bool done = H5Awrite(attribute, memory, value) >= 0;
    result_hdf5_close(attribute);
    result_hdf5_close(space);
    result_hdf5_close(memory);
    result_hdf5_close(type);
    return done;
}

/* No times in any object; what is few stays in the object's header, in the order of writing. */
static bool prepare_object(hid_t creation) {
    enum { ATTRIBUTES_COMPACT_MAX = 64 };
    return H5Pset_obj_track_times(creation, false) >= 0 &&
           H5Pset_attr_phase_change(creation, ATTRIBUTES_COMPACT_MAX, 0) >= 0;
}

static bool prepare_group(hid_t creation) {
    enum { LINKS_COMPACT_MAX = 64 };
    unsigned order = H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED;
    return prepare_object(creation) && H5Pset_link_creation_order(creation, order) >= 0 &&
           H5Pset_link_phase_change(creation, LINKS_COMPACT_MAX, 0) >= 0;
}

/* Chunks hold whole lines of the last axes; only their edges are filled up, with zeros. */
static bool prepare_chunks(hid_t creation, const hsize_t *lengths, int rank) {
    hsize_t chunk[RESULT_RANK_MAX], cells = 1, room = CHUNK_CELLS;
    for (int i = rank - 1; i >= 0; i--) {
        chunk[i] = lengths[i] < room ? lengths[i] : room;
        cells *= lengths[i];
        room = room / (chunk[i] > 0 ? chunk[i] : 1);
        room = room > 0 ? room : 1;
    }
    if (cells <= PLAIN_CELLS_MAX) {
        return true;
    }
    return H5Pset_chunk(creation, rank, chunk) >= 0 &&
           H5Pset_fill_time(creation, H5D_FILL_TIME_ALLOC) >= 0 && H5Pset_shuffle(creation) >= 0 &&
           H5Pset_deflate(creation, DEFLATE_LEVEL) >= 0;
}

static hid_t dataset_creation(enum result_element element, const hsize_t *lengths, int rank) {
    hid_t creation = H5Pcreate(H5P_DATASET_CREATE);
    if (!prepare_object(creation) ||
        (element != ELEMENT_TEXT && !prepare_chunks(creation, lengths, rank))) {
        result_hdf5_close(creation);
        return H5I_INVALID_HID;
    }
    return creation;
}

/* A dataset of these lengths (a scalar where `rank` is 0) with its values; the caller closes it. */
static hid_t write_dataset(const struct writer *writer, const char *path,
                           enum result_element element, const hsize_t *lengths, int rank,
                           const void *values) {
    hid_t type = result_hdf5_file_type(element), memory = result_hdf5_memory_type(element);
    hid_t space = rank == 0 ? H5Screate(H5S_SCALAR) : H5Screate_simple(rank, lengths, NULL);
    hid_t creation = dataset_creation(element, lengths, rank);
    hid_t dataset = H5Dcreate2(writer->file, path, type, space, H5P_DEFAULT, creation, H5P_DEFAULT);
    hssize_t cells = H5Sget_simple_extent_npoints(space);
    if (cells < 0 ||
        (cells > 0 && H5Dwrite(dataset, memory, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) < 0)) {
        result_hdf5_close(dataset);
        dataset = H5I_INVALID_HID;
    }
    result_hdf5_close(creation);
    result_hdf5_close(space);
    result_hdf5_close(memory);
    result_hdf5_close(type);
    return dataset;
}

static const char *source_of(const struct result *result, const struct result_dataset *row) {
    const char *source;
    memcpy(&source, (const char *)result + row->offset, sizeof source);
    return source;
}

static const void *gather_texts(const struct writer *writer, const struct result_dataset *row,
                                size_t count) {
    const char *source = source_of(writer->result, row);
    const char **texts = ARENA_ARRAY(writer->scratch, const char *, count);
    for (size_t i = 0; i < count; i++) {
        memcpy(&texts[i], source + i * row->text_stride + row->text_offset, sizeof texts[i]);
    }
    return texts;
}

static const void *make_labels(const struct writer *writer, const struct result_dataset *row,
                               size_t count) {
    uint64_t *wide = ARENA_ARRAY(writer->scratch, uint64_t, count);
    uint32_t *narrow = ARENA_ARRAY(writer->scratch, uint32_t, count);
    for (size_t i = 0; i < count; i++) {
        wide[i] = result_schema_label(writer->result, row->axes[0], i);
        narrow[i] = (uint32_t)wide[i];
    }
    return row->element == ELEMENT_U32 ? (const void *)narrow : wide;
}

/* Processors differ in the sign of the not-a-number that they make; the file has only one. */
static const void *canonical_reals(const struct writer *writer, const struct result_dataset *row,
                                   size_t count) {
    const double *source = (const double *)(const void *)source_of(writer->result, row);
    double *reals = ARENA_ARRAY(writer->scratch, double, count);
    for (size_t i = 0; i < count; i++) {
        reals[i] = source[i] != source[i] ? numeric_from_bits(0x7ff8000000000000) : source[i];
    }
    return reals;
}

static const void *values_of(const struct writer *writer, const struct result_dataset *row,
                             size_t count) {
    if (row->is_made) {
        return make_labels(writer, row, count);
    }
    switch (row->element) {
    case ELEMENT_TEXT:
        return gather_texts(writer, row, count);
    case ELEMENT_REAL:
        return canonical_reals(writer, row, count);
    case ELEMENT_U32:
    case ELEMENT_U64:
    case ELEMENT_I64:
        break;
    }
    return source_of(writer->result, row);
}

/* Names the axes: a scale by itself, any other dataset by the scales written before. */
static bool attach_scales(struct writer *writer, const struct result_dataset *row, hid_t dataset) {
    if (row->is_scale) {
        writer->scales[row->axes[0]] = dataset;
        return H5DSset_scale(dataset, row->path + 1) >= 0;
    }
    bool done = true;
    for (unsigned i = 0; i < RESULT_RANK_MAX && row->axes[i] != AXIS_NONE; i++) {
        done = done && H5DSattach_scale(dataset, writer->scales[row->axes[i]], i) >= 0;
    }
    return done;
}

static bool write_row(struct writer *writer, const struct result_dataset *row) {
    hsize_t lengths[RESULT_RANK_MAX];
    size_t count = 1;
    int rank = 0;
    for (; rank < RESULT_RANK_MAX && row->axes[rank] != AXIS_NONE; rank++) {
        lengths[rank] = result_schema_length(writer->result, row->axes[rank]);
        count *= (size_t)lengths[rank];
    }
    const void *values = values_of(writer, row, count);
    hid_t dataset = write_dataset(writer, row->path, row->element, lengths, rank, values);
    bool done =
        dataset >= 0 && attach_scales(writer, row, dataset) &&
        write_attribute(dataset, "long_name", ELEMENT_TEXT, &row->doc) &&
        (row->unit[0] == '\0' || write_attribute(dataset, "units", ELEMENT_TEXT, &row->unit));
    if (!row->is_scale) {
        result_hdf5_close(dataset);
    }
    return done;
}

static bool write_head(const struct writer *writer) {
    const struct result_layout *layout = &writer->result->layout;
    const uint32_t version = RESULT_FORMAT_VERSION;
    bool done = write_attribute(writer->file, "format_version", ELEMENT_U32, &version);
    for (unsigned i = 0; i < result_hdf5_attribute_count && done; i++) {
        const struct result_attribute *a = &result_hdf5_attributes[i];
        done = write_attribute(writer->file, a->name, a->element, (const char *)layout + a->offset);
    }
    hid_t resolved = write_dataset(writer, "/resolved", ELEMENT_TEXT, NULL, 0, &layout->resolved);
    done = done && resolved >= 0;
    result_hdf5_close(resolved);
    return done;
}

static bool write_groups(const struct writer *writer) {
    static const char *const paths[] = {"/points",     "/replications", "/metrics",
                                        "/histograms", "/time_series",  "/consignments"};
    hid_t creation = H5Pcreate(H5P_GROUP_CREATE);
    bool done = prepare_group(creation);
    for (unsigned i = 0; i < sizeof paths / sizeof *paths && done; i++) {
        hid_t group = H5Gcreate2(writer->file, paths[i], H5P_DEFAULT, creation, H5P_DEFAULT);
        done = group >= 0;
        result_hdf5_close(group);
    }
    result_hdf5_close(creation);
    return done;
}

static hid_t create_file(void) {
    hid_t creation = H5Pcreate(H5P_FILE_CREATE), access = result_hdf5_access();
    hid_t file = prepare_group(creation) ? H5Fcreate("result", H5F_ACC_TRUNC, creation, access)
                                         : H5I_INVALID_HID;
    result_hdf5_close(access);
    result_hdf5_close(creation);
    return file;
}

/* The whole HDF5 file in memory, its trailer behind it. False when HDF5 fails. */
static bool make_image(const struct result *result, struct bytes *image, struct arena *scratch) {
    struct writer writer = {.result = result, .scratch = scratch};
    for (int i = 0; i < RESULT_AXIS_COUNT; i++) {
        writer.scales[i] = H5I_INVALID_HID;
    }
    writer.file = create_file();
    bool done = writer.file >= 0 && write_head(&writer) && write_groups(&writer);
    for (unsigned i = 0; i < result_schema_count && done; i++) {
        done = write_row(&writer, &result_schema[i]);
    }
    for (int i = 0; i < RESULT_AXIS_COUNT; i++) {
        result_hdf5_close(writer.scales[i]);
    }
    done = done && H5Fflush(writer.file, H5F_SCOPE_LOCAL) >= 0;
    ssize_t size = done ? H5Fget_file_image(writer.file, NULL, 0) : -1;
    if (size > 0) {
        image->capacity = (size_t)size + RESULT_TRAILER_SIZE;
        image->data = arena_alloc(image->arena, image->capacity);
        image->size = (size_t)size;
    }
    done = size > 0 && H5Fget_file_image(writer.file, image->data, image->size) == size;
    result_hdf5_close(writer.file);
    return done;
}

static void put_trailer(struct bytes *image) {
    uint64_t size = image->size;
    bytes_put(image, RESULT_TRAILER_MAGIC, sizeof RESULT_TRAILER_MAGIC - 1);
    bytes_put_u64(image, size);
    bytes_put_u64(image, checksum(0, image->data, image->size));
}

/* A slip of the hand must not cost the user another file. */
int result_file_check_path(const char *path, struct error *err) {
    struct stat status;
    if (stat(path, &status) != 0) {
        return 0;
    }
    if (S_ISDIR(status.st_mode)) {
        return error_set(err, ERROR_RUN, "%s is a folder: give the name of a file in it", path);
    }
    char signature[8] = {0};
    FILE *file = S_ISREG(status.st_mode) ? fopen(path, "rb") : NULL;
    if (file != NULL) {
        size_t got = fread(signature, 1, sizeof signature, file);
        fclose(file);
        if (got == sizeof signature && memcmp(signature, "\211HDF\r\n\032\n", got) == 0) {
            return 0;
        }
    }
    return error_set(err, ERROR_RUN,
                     "%s exists and is not a result, so it is not replaced: choose another name",
                     path);
}

int result_file_write(const char *path, const struct result *result, struct error *err) {
    if (result_check(result, err) != 0 || result_file_check_path(path, err) != 0) {
        return -1;
    }
    struct arena scratch = ARENA_INIT;
    struct bytes image = {.arena = &scratch};
    int status = 0;
    result_hdf5_quiet();
    if (!make_image(result, &image, &scratch)) {
        status = error_set(err, ERROR_RUN, "HDF5 cannot make the result %s", path);
    }
    if (status == 0) {
        struct error cause = ERROR_INIT;
        put_trailer(&image);
        if (storage_replace(path, image.data, image.size, &cause) != 0) {
            status = error_set(
                err, ERROR_RUN,
                "%s; no result was written: free some space or choose another folder", cause.text);
        }
    }
    arena_free(&scratch);
    return status;
}

/* SPDX-License-Identifier: GPL-3.0-or-later
 * chain_file_write.c - see chain_file.h. Chunks are written as they fill up; what is not full yet
 * is all that is kept. */
#define _DEFAULT_SOURCE /* pread, fsync, ftruncate */
#include "core/base/require.h"
#include "sim/record/bytes.h"
#include "sim/record/chain_file_parts.h"
#include "sim/record/checksum.h"
#include "sim/record/result_file.h"
#include "sim/record/storage.h"

#include <errno.h>
#include <fcntl.h>
#include <hdf5_hl.h>
#include <stdio.h>
#include <unistd.h>

/* A one-dimensional dataset that grows by whole chunks. */
struct growing {
    hid_t dataset;
    uint8_t *chunk;
    hsize_t chunk_length, element_size;
    hsize_t written, pending; /* elements; the pending ones are in `chunk` */
};

struct chain_writer {
    const char *path, *temporary;
    struct arena *arena; /* of the caller, for the writer itself */
    struct arena scratch;
    hid_t file;
    struct growing bytes;
    struct growing columns[CHAIN_FILE_COLUMNS];
    bool has_chain;
    uint32_t point, replication; /* of the chain being written */
    uint64_t height, first_block;
    uint64_t block_count, byte_count, chain_count;
};

static int fail(const struct chain_writer *writer, struct error *err) {
    return error_set(err, ERROR_RUN,
                     "cannot write the chains of %s: free some space or choose another folder",
                     writer->path);
}

/* ---- growing datasets ----------------------------------------------------------------------- */

static bool flush(struct growing *growing) {
    hsize_t length = growing->written + growing->pending, offset = growing->written;
    if (growing->pending == 0) {
        return true;
    }
    size_t used = (size_t)(growing->pending * growing->element_size);
    size_t size = (size_t)(growing->chunk_length * growing->element_size);
    memset(growing->chunk + used, 0, size - used);
    growing->written = length;
    growing->pending = 0;
    return H5Dset_extent(growing->dataset, &length) >= 0 &&
           H5Dwrite_chunk(growing->dataset, H5P_DEFAULT, 0, &offset, size, growing->chunk) >= 0;
}

static bool put(struct growing *growing, const uint8_t *bytes, size_t count) {
    bool done = true;
    while (count > 0 && done) {
        hsize_t room = growing->chunk_length - growing->pending;
        size_t taken = count < room ? count : (size_t)room;
        memcpy(growing->chunk + growing->pending * growing->element_size, bytes,
               taken * growing->element_size);
        growing->pending += taken;
        bytes += taken * growing->element_size;
        count -= taken;
        done = growing->pending < growing->chunk_length || flush(growing);
    }
    return done;
}

static bool put_number(struct chain_writer *writer, enum chain_column column, uint64_t number) {
    uint8_t bytes[8];
    for (int i = 0; i < 8; i++) {
        bytes[i] = (uint8_t)(number >> 8 * i);
    }
    return put(&writer->columns[column], bytes, 1);
}

/* ---- creating ------------------------------------------------------------------------------- */

static bool write_text(hid_t object, const char *name, const char *text) {
    hid_t type = result_hdf5_file_type(ELEMENT_TEXT), space = H5Screate(H5S_SCALAR);
    hid_t attribute = H5Acreate2(object, name, type, space, H5P_DEFAULT, H5P_DEFAULT);
    bool done = H5Awrite(attribute, type, &text) >= 0;
    result_hdf5_close(attribute);
    result_hdf5_close(space);
    result_hdf5_close(type);
    return done;
}

static bool write_version(hid_t file) {
    uint32_t version = CHAIN_FILE_VERSION;
    hid_t space = H5Screate(H5S_SCALAR);
    hid_t attribute =
        H5Acreate2(file, "chain_format_version", H5T_STD_U32LE, space, H5P_DEFAULT, H5P_DEFAULT);
    bool done = H5Awrite(attribute, H5T_NATIVE_UINT32, &version) >= 0;
    result_hdf5_close(attribute);
    result_hdf5_close(space);
    return done;
}

/* A dataset of length 0 that grows; `type` has elements of `element_size` bytes. */
static bool create_growing(const struct chain_writer *writer, struct growing *growing,
                           const struct chain_file_column *column, hid_t type) {
    hsize_t none = 0, unlimited = H5S_UNLIMITED;
    hid_t space = H5Screate_simple(1, &none, &unlimited), creation = H5Pcreate(H5P_DATASET_CREATE);
    bool done = H5Pset_obj_track_times(creation, false) >= 0 &&
                H5Pset_chunk(creation, 1, &growing->chunk_length) >= 0 &&
                H5Pset_fill_time(creation, H5D_FILL_TIME_NEVER) >= 0;
    if (done) {
        growing->dataset =
            H5Dcreate2(writer->file, column->path, type, space, H5P_DEFAULT, creation, H5P_DEFAULT);
    }
    done = growing->dataset >= 0 && write_text(growing->dataset, "long_name", column->doc) &&
           write_text(growing->dataset, "units", column->unit);
    growing->chunk =
        arena_alloc(writer->arena, (size_t)(growing->chunk_length * growing->element_size));
    result_hdf5_close(creation);
    result_hdf5_close(space);
    return done;
}

static bool create_group(hid_t file, const char *path) {
    hid_t creation = H5Pcreate(H5P_GROUP_CREATE);
    bool done = H5Pset_obj_track_times(creation, false) >= 0;
    hid_t group = done ? H5Gcreate2(file, path, H5P_DEFAULT, creation, H5P_DEFAULT) : -1;
    result_hdf5_close(group);
    result_hdf5_close(creation);
    return group >= 0;
}

static bool create_datasets(struct chain_writer *writer) {
    static const struct chain_file_column bytes = {CHAIN_FILE_BYTES_PATH, "byte",
                                                   "All records, one after another."};
    bool done = write_version(writer->file) && create_group(writer->file, "/chains") &&
                create_group(writer->file, "/blocks");
    hid_t scale = H5I_INVALID_HID;
    for (int i = 0; i < CHAIN_FILE_COLUMNS && done; i++) {
        struct growing *column = &writer->columns[i];
        column->chunk_length = CHAIN_FILE_ROWS;
        column->element_size = sizeof(uint64_t);
        done = create_growing(writer, column, &chain_file_columns[i], H5T_STD_U64LE);
        if (i == COLUMN_CHAIN || i == COLUMN_BLOCK) {
            scale = column->dataset;
            done = done && H5DSset_scale(scale, chain_file_columns[i].path + 1) >= 0;
        } else {
            done = done && H5DSattach_scale(column->dataset, scale, 0) >= 0;
        }
    }
    writer->bytes.chunk_length = CHAIN_FILE_CHUNK;
    writer->bytes.element_size = 1;
    return done && create_growing(writer, &writer->bytes, &bytes, H5T_STD_U8LE);
}

static hid_t create_file(const char *path) {
    hid_t creation = H5Pcreate(H5P_FILE_CREATE), access = chain_file_access();
    hid_t file = H5Pset_obj_track_times(creation, false) >= 0
                     ? H5Fcreate(path, H5F_ACC_TRUNC, creation, access)
                     : H5I_INVALID_HID;
    result_hdf5_close(access);
    result_hdf5_close(creation);
    return file;
}

static hid_t open_file(const char *path) {
    hid_t access = chain_file_access();
    hid_t file = H5Fopen(path, H5F_ACC_RDWR, access);
    result_hdf5_close(access);
    return file;
}

/* The HDF5 data of a result, without its trailer, under another name. */
static int copy_result(const char *from, const char *to, struct arena *scratch, struct error *err) {
    struct result result;
    uint64_t size;
    if (result_file_read(from, &result, scratch, err) != 0) { /* all of it is vouched for */
        return -1;
    }
    int source = storage_open(from, &size, err);
    int target = source < 0 ? -1 : open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (source >= 0 && target < 0) {
        error_set(err, ERROR_RUN, "cannot create %s: %s", to, strerror(errno));
    }
    int status = target < 0 ? -1 : 0;
    uint8_t *bytes = arena_alloc(scratch, CHAIN_FILE_CHUNK);
    size = size > RESULT_TRAILER_SIZE ? size - RESULT_TRAILER_SIZE : 0;
    for (uint64_t at = 0; at < size && status == 0; at += CHAIN_FILE_CHUNK) {
        size_t part = size - at < CHAIN_FILE_CHUNK ? (size_t)(size - at) : CHAIN_FILE_CHUNK;
        status = storage_read(source, bytes, part, at, from, err);
        status = status == 0 ? storage_write(target, bytes, part, to, err) : status;
    }
    if (target >= 0 && close(target) != 0 && status == 0) {
        status = error_set(err, ERROR_RUN, "cannot write %s: %s", to, strerror(errno));
    }
    if (source >= 0) {
        close(source);
    }
    return status;
}

static void open_writer(struct chain_writer *writer, bool has_result, bool *done) {
    result_hdf5_quiet();
    writer->file = has_result ? open_file(writer->temporary) : create_file(writer->temporary);
    *done = writer->file >= 0 && create_datasets(writer);
}

struct chain_writer *chain_file_create(const char *path, const char *result, struct arena *arena,
                                       struct error *err) {
    struct chain_writer *writer = ARENA_NEW(arena, struct chain_writer);
    writer->arena = arena;
    writer->path = arena_text(arena, path, strlen(path));
    writer->temporary = arena_format(arena, "%s.%ld.chains", path, (long)getpid());
    writer->file = writer->bytes.dataset = H5I_INVALID_HID;
    for (int i = 0; i < CHAIN_FILE_COLUMNS; i++) {
        writer->columns[i].dataset = H5I_INVALID_HID;
    }
    int status = result_file_check_path(path, err);
    bool done = false;
#pragma omp critical(chain_file_hdf5)
    {
        if (status == 0 && result != NULL) {
            status = copy_result(result, writer->temporary, &writer->scratch, err);
        }
        if (status == 0) {
            open_writer(writer, result != NULL, &done);
        }
    }
    arena_free(&writer->scratch);
    if (status == 0 && done) {
        return writer;
    }
    if (status == 0) {
        fail(writer, err);
    }
    chain_file_abandon(writer);
    return NULL;
}

/* ---- chains --------------------------------------------------------------------------------- */

static bool put_record(struct chain_writer *writer, uint64_t height, const uint8_t *bytes,
                       size_t size) {
    bool done = put_number(writer, COLUMN_BLOCK, height) &&
                put_number(writer, COLUMN_OFFSET, writer->byte_count) &&
                put_number(writer, COLUMN_LENGTH, size) &&
                put_number(writer, COLUMN_CHECKSUM, checksum(0, bytes, size)) &&
                put(&writer->bytes, bytes, size);
    writer->byte_count += size;
    writer->block_count++;
    writer->height = height;
    return done;
}

/* The row of the chain whose last block is known now. */
static bool end_chain(struct chain_writer *writer) {
    if (!writer->has_chain) {
        return true;
    }
    writer->has_chain = false;
    return put_number(writer, COLUMN_CHAIN, writer->chain_count++) &&
           put_number(writer, COLUMN_POINT, writer->point) &&
           put_number(writer, COLUMN_REPLICATION, writer->replication) &&
           put_number(writer, COLUMN_FIRST_BLOCK, writer->first_block) &&
           put_number(writer, COLUMN_HEIGHT, writer->height);
}

/* Begins a chain with the record of its genesis. */
static bool begin_chain(struct chain_writer *writer, uint32_t point, uint32_t replication,
                        struct codec_blob genesis) {
    REQUIRE((writer->chain_count == 0 && !writer->has_chain) || point > writer->point ||
            (point == writer->point && replication > writer->replication));
    if (!end_chain(writer)) {
        return false;
    }
    writer->has_chain = true;
    writer->point = point;
    writer->replication = replication;
    writer->first_block = writer->block_count;
    return put_record(writer, 0, genesis.bytes, genesis.size);
}

int chain_file_begin(struct chain_writer *writer, uint32_t point, uint32_t replication,
                     const struct ledger_genesis *genesis, const char *parameters,
                     struct error *err) {
    struct codec_blob bytes = chain_file_encode_genesis(genesis, parameters, &writer->scratch);
    bool done;
#pragma omp critical(chain_file_hdf5)
    done = begin_chain(writer, point, replication, bytes);
    arena_free(&writer->scratch);
    return done ? 0 : fail(writer, err);
}

int chain_file_add(struct chain_writer *writer, const struct block *block,
                   const struct consensus_certificate *certificate, struct error *err) {
    REQUIRE(writer->has_chain && block->header.height == writer->height + 1);
    struct codec_blob bytes = block_encode(block, certificate, &writer->scratch);
    bool done;
#pragma omp critical(chain_file_hdf5)
    done = put_record(writer, block->header.height, bytes.bytes, bytes.size);
    arena_free(&writer->scratch);
    return done ? 0 : fail(writer, err);
}

static int append_chain(struct chain_writer *writer, struct chain_file *file, uint32_t chain,
                        struct chain_fault *fault) {
    enum { RECORDS = 64, BYTES = 1 << 20 };
    struct chain_record *records;
    uint32_t point, replication;
    int32_t count = 1;
    chain_file_replication(file, chain, &point, &replication);
    for (uint64_t height = 0; count > 0; height += (uint64_t)count) {
        count =
            chain_file_read(file, chain, height, RECORDS, BYTES, &writer->scratch, &records, fault);
        bool done = true;
#pragma omp critical(chain_file_hdf5)
        for (int32_t i = 0; i < count && done; i++) {
            const struct chain_record *record = &records[i];
            done = record->height == 0 ? begin_chain(writer, point, replication, record->bytes)
                                       : put_record(writer, record->height, record->bytes.bytes,
                                                    record->bytes.size);
        }
        arena_free(&writer->scratch);
        if (!done) {
            return 1;
        }
    }
    return count;
}

int chain_file_append(struct chain_writer *writer, const char *path, struct error *err) {
    struct arena arena = ARENA_INIT;
    struct chain_fault fault = {.field = ""};
    struct chain_file *file = chain_file_open(path, &arena, &fault, err);
    int status = file == NULL ? -1 : 0;
    for (uint32_t i = 0; status == 0 && i < chain_file_count(file); i++) {
        status = append_chain(writer, file, i, &fault);
    }
    if (status < 0) { /* the first failure wins, so this is of damage only */
        error_set(err, ERROR_RUN, "%s: %s at byte %llu: %s", path, fault.field,
                  (unsigned long long)fault.offset, fault.reason);
    } else if (status > 0) {
        fail(writer, err);
    }
    chain_file_free(file);
    arena_free(&arena);
    return status == 0 ? 0 : -1;
}

/* ---- closing -------------------------------------------------------------------------------- */

static void close_hdf5(struct chain_writer *writer) {
    result_hdf5_close(writer->bytes.dataset);
    for (int i = 0; i < CHAIN_FILE_COLUMNS; i++) {
        result_hdf5_close(writer->columns[i].dataset);
        writer->columns[i].dataset = H5I_INVALID_HID;
    }
    result_hdf5_close(writer->file);
    writer->bytes.dataset = writer->file = H5I_INVALID_HID;
}

/* Where HDF5 has put the chunks. */
static bool find_chunks(struct chain_writer *writer, struct chain_directory *directory) {
    hsize_t count = (writer->bytes.written + CHAIN_FILE_CHUNK - 1) / CHAIN_FILE_CHUNK;
    hid_t space = H5Dget_space(writer->bytes.dataset);
    directory->chunk_count = count;
    directory->addresses = ARENA_ARRAY(&writer->scratch, uint64_t, (size_t)count);
    bool done = true;
    for (hsize_t i = 0; i < count && done; i++) {
        hsize_t offset, size;
        haddr_t address;
        unsigned mask;
        done = H5Dget_chunk_info(writer->bytes.dataset, space, i, &offset, &mask, &address,
                                 &size) >= 0 &&
               offset == i * CHAIN_FILE_CHUNK && size == CHAIN_FILE_CHUNK;
        directory->addresses[i] = address;
    }
    result_hdf5_close(space);
    return done;
}

static bool finish_hdf5(struct chain_writer *writer, struct chain_directory *directory) {
    bool done = end_chain(writer) && flush(&writer->bytes);
    for (int i = 0; i < CHAIN_FILE_COLUMNS && done; i++) {
        done = flush(&writer->columns[i]);
    }
    done = done && find_chunks(writer, directory) && H5Fflush(writer->file, H5F_SCOPE_LOCAL) >= 0;
    close_hdf5(writer);
    return done;
}

static void put_directory(struct bytes *bytes, const struct chain_directory *directory,
                          uint64_t whole) {
    for (uint64_t i = 0; i < directory->chunk_count; i++) {
        bytes_put_u64(bytes, directory->addresses[i]);
    }
    for (uint64_t i = 0; i < directory->page_count; i++) {
        bytes_put_u64(bytes, directory->pages[i]);
    }
    bytes_put(bytes, CHAIN_FILE_MAGIC, sizeof CHAIN_FILE_MAGIC - 1);
    bytes_put_u64(bytes, directory->chunk_count);
    bytes_put_u64(bytes, directory->page_count);
    bytes_put_u64(bytes, directory->hdf5_size);
    bytes_put_u64(bytes, checksum(0, bytes->data, bytes->size));
    uint64_t size = directory->hdf5_size + bytes->size;
    bytes_put(bytes, RESULT_TRAILER_MAGIC, sizeof RESULT_TRAILER_MAGIC - 1);
    bytes_put_u64(bytes, size);
    bytes_put_u64(bytes, checksum(whole, bytes->data, bytes->size));
}

int chain_file_seal(int file, const char *path, struct chain_directory *directory,
                    struct arena *arena, struct error *err) {
    off_t size = lseek(file, 0, SEEK_END);
    directory->hdf5_size = (uint64_t)size;
    directory->page_count = size < 0 ? UINT64_MAX : chain_file_page_count(directory);
    if (directory->page_count == UINT64_MAX) {
        return error_set(err, ERROR_RUN, "cannot write %s: it is not what HDF5 wrote", path);
    }
    uint64_t whole;
    struct bytes bytes = {.arena = arena};
    directory->pages = ARENA_ARRAY(arena, uint64_t, (size_t)directory->page_count);
    if (chain_file_scan(file, path, directory, directory->pages, &whole, err) != 0) {
        return -1;
    }
    put_directory(&bytes, directory, whole);
    return storage_write(file, bytes.data, bytes.size, path, err);
}

/* Checksums over what HDF5 has written, behind it; all on the disk. */
static int finish_file(struct chain_writer *writer, struct chain_directory *directory,
                       struct error *err) {
    const char *path = writer->temporary;
    int file = open(path, O_RDWR | O_CLOEXEC);
    if (file < 0) {
        return error_set(err, ERROR_RUN, "cannot open %s: %s", path, strerror(errno));
    }
    int status = chain_file_seal(file, path, directory, &writer->scratch, err);
    if (status == 0 && fsync(file) != 0) {
        status = fail(writer, err);
    }
    if (close(file) != 0 && status == 0) {
        status = fail(writer, err);
    }
    return status;
}

int chain_file_close(struct chain_writer *writer, struct error *err) {
    struct chain_directory directory = {.chunk_count = 0};
    bool done;
#pragma omp critical(chain_file_hdf5)
    done = finish_hdf5(writer, &directory);
    int status = done ? finish_file(writer, &directory, err) : fail(writer, err);
    if (status == 0 && rename(writer->temporary, writer->path) != 0) {
        status = error_set(err, ERROR_RUN, "cannot create %s: %s", writer->path, strerror(errno));
    }
    if (status == 0) {
        status = storage_sync_folder(writer->path, err);
    }
    chain_file_abandon(writer);
    return status;
}

void chain_file_abandon(struct chain_writer *writer) {
    if (writer == NULL) {
        return;
    }
#pragma omp critical(chain_file_hdf5)
    close_hdf5(writer);
    unlink(writer->temporary); /* there is none behind a file that got its name */
    arena_free(&writer->scratch);
}

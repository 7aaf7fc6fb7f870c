/* SPDX-License-Identifier: GPL-3.0-or-later
 * chain_file_read.c - see chain_file.h. Nothing is believed before its checksum is compared, and
 * behind that every number is checked before memory is asked for. */
#define _DEFAULT_SOURCE /* close */
#include "sim/record/bytes.h"
#include "sim/record/chain_file_parts.h"
#include "sim/record/checksum.h"
#include "sim/record/storage.h"

#include <stdio.h>
#include <unistd.h>

struct chain_file {
    int file;
    const char *path;
    uint64_t size;
    struct chain_directory directory;
    uint64_t whole, whole_written; /* checksums */
    hid_t hdf5, bytes;
    hid_t columns[CHAIN_FILE_COLUMNS];
    uint64_t chain_count, block_count, byte_count;
    uint64_t *point, *replication, *first_block, *height; /* by chain */
};

int chain_file_fault(const struct chain_file *file, uint32_t chain, const uint64_t *height,
                     const char *field, uint64_t offset, const char *reason,
                     struct chain_fault *fault) {
    *fault = (struct chain_fault){.has_chain = true,
                                  .has_height = height != NULL,
                                  .chain = chain,
                                  .point = (uint32_t)file->point[chain],
                                  .replication = (uint32_t)file->replication[chain],
                                  .height = height != NULL ? *height : 0,
                                  .offset = offset};
    snprintf(fault->field, sizeof fault->field, "%s", field);
    snprintf(fault->reason, sizeof fault->reason, "%s", reason);
    return -1;
}

static int refuse(struct chain_fault *fault, const char *field, uint64_t offset,
                  const char *reason) {
    *fault = (struct chain_fault){.offset = offset};
    snprintf(fault->field, sizeof fault->field, "%s", field);
    snprintf(fault->reason, sizeof fault->reason, "%s", reason);
    return -1;
}

/* ---- trailer, directory, frame -------------------------------------------------------------- */

/* The end of a file. `foot` gets the directory's; false when it is none of a file with chains. */
struct foot {
    uint8_t bytes[CHAIN_FILE_FOOT + RESULT_TRAILER_SIZE];
    uint64_t chunk_count, page_count, hdf5_size, directory_checksum, covered, whole;
    bool has_trailer, has_directory;
};

static int read_foot(int file, const char *path, uint64_t size, struct foot *foot,
                     struct error *err) {
    if (size < sizeof foot->bytes) {
        return 0;
    }
    if (storage_read(file, foot->bytes, sizeof foot->bytes, size - sizeof foot->bytes, path, err) !=
        0) {
        return -1;
    }
    struct bytes_reader reader = {.data = foot->bytes, .size = sizeof foot->bytes, .at = 8};
    foot->has_directory = memcmp(foot->bytes, CHAIN_FILE_MAGIC, 8) == 0;
    foot->chunk_count = bytes_take_u64(&reader);
    foot->page_count = bytes_take_u64(&reader);
    foot->hdf5_size = bytes_take_u64(&reader);
    foot->directory_checksum = bytes_take_u64(&reader);
    foot->has_trailer = memcmp(foot->bytes + reader.at, RESULT_TRAILER_MAGIC, 8) == 0;
    reader.at += 8;
    foot->covered = bytes_take_u64(&reader);
    foot->whole = bytes_take_u64(&reader);
    return 0;
}

bool chain_file_has_chains(const char *path) {
    struct error err = ERROR_INIT;
    struct foot foot = {.has_directory = false};
    uint64_t size;
    int file = storage_open(path, &size, &err);
    bool read = file >= 0 && read_foot(file, path, size, &foot, &err) == 0;
    if (file >= 0) {
        close(file);
    }
    return read && foot.has_directory;
}

/* What the end of the file says about the rest, and that the rest is as long as that. */
static int check_foot(const struct chain_file *file, const struct foot *foot,
                      struct chain_fault *fault) {
    uint64_t end = file->size - RESULT_TRAILER_SIZE, at = end - CHAIN_FILE_FOOT;
    if (file->size < sizeof foot->bytes || (!foot->has_trailer && !foot->has_directory)) {
        return refuse(fault, "trailer", file->size,
                      "the file was cut here, or this program did not write it");
    }
    if (!foot->has_trailer || foot->covered != end) {
        return refuse(fault, "trailer", end, "not that of a file of this length");
    }
    if (!foot->has_directory) {
        return refuse(fault, "directory", at, "none of chains");
    }
    uint64_t most = file->size / sizeof(uint64_t);
    if (foot->chunk_count > most || foot->page_count > most || foot->hdf5_size > at ||
        (foot->chunk_count + foot->page_count) * sizeof(uint64_t) != at - foot->hdf5_size) {
        return refuse(fault, "directory", at, "of another length than it says");
    }
    return 0;
}

/* 0, 1 for damage, -1 and an error. */
static int read_directory(struct chain_file *file, const struct foot *foot, struct arena *arena,
                          struct chain_fault *fault, struct error *err) {
    struct chain_directory *directory = &file->directory;
    uint64_t count = foot->chunk_count + foot->page_count;
    size_t size = (size_t)count * sizeof(uint64_t), covered = size + CHAIN_FILE_FOOT - 8;
    uint8_t *bytes = arena_alloc(arena, covered);
    if (storage_read(file->file, bytes, covered, foot->hdf5_size, file->path, err) != 0) {
        return -1;
    }
    if (checksum(0, bytes, covered) != foot->directory_checksum) {
        refuse(fault, "directory", foot->hdf5_size, "it does not have its checksum");
        return 1;
    }
    struct bytes_reader reader = {.data = bytes, .size = size};
    uint64_t *numbers = ARENA_ARRAY(arena, uint64_t, (size_t)count);
    for (uint64_t i = 0; i < count; i++) {
        numbers[i] = bytes_take_u64(&reader);
    }
    *directory = (struct chain_directory){.hdf5_size = foot->hdf5_size,
                                          .chunk_count = foot->chunk_count,
                                          .page_count = foot->page_count,
                                          .addresses = numbers,
                                          .pages = numbers + foot->chunk_count};
    if (chain_file_page_count(directory) != foot->page_count) {
        refuse(fault, "directory", foot->hdf5_size, "its chunks are not in the file");
        return 1;
    }
    return 0;
}

/* Where a page of the frame begins. */
static uint64_t page_offset(const struct chain_directory *directory, uint64_t page) {
    uint64_t at = 0;
    for (uint64_t i = 0; i <= directory->chunk_count; i++) {
        uint64_t end = i < directory->chunk_count ? directory->addresses[i] : directory->hdf5_size;
        uint64_t count = (end - at + CHAIN_FILE_PAGE - 1) / CHAIN_FILE_PAGE;
        if (page < count) {
            break;
        }
        page -= count;
        at = end + CHAIN_FILE_CHUNK;
    }
    return at + page * CHAIN_FILE_PAGE;
}

static int check_frame(struct chain_file *file, struct arena *arena, struct chain_fault *fault,
                       struct error *err) {
    const struct chain_directory *directory = &file->directory;
    uint64_t *pages = ARENA_ARRAY(arena, uint64_t, (size_t)directory->page_count);
    if (chain_file_scan(file->file, file->path, directory, pages, &file->whole, err) != 0) {
        return -1;
    }
    for (uint64_t i = 0; i < directory->page_count; i++) {
        if (pages[i] != directory->pages[i]) {
            char reason[128];
            snprintf(reason, sizeof reason,
                     "within %d bytes from here, not in a block, something was altered",
                     CHAIN_FILE_PAGE);
            refuse(fault, "frame", page_offset(directory, i), reason);
            return 1;
        }
    }
    return 0;
}

/* The checksum of the whole, of which only the HDF5 data have been read. */
static int finish_whole(struct chain_file *file, const struct foot *foot, struct arena *arena,
                        struct error *err) {
    uint64_t at = file->directory.hdf5_size;
    size_t size = (size_t)(file->size - 8 - at);
    uint8_t *bytes = arena_alloc(arena, size);
    file->whole_written = foot->whole;
    if (storage_read(file->file, bytes, size, at, file->path, err) != 0) {
        return -1;
    }
    file->whole = checksum(file->whole, bytes, size);
    return 0;
}

static int check_file(struct chain_file *file, struct arena *arena, struct chain_fault *fault,
                      struct error *err) {
    struct foot foot = {.has_directory = false};
    if (read_foot(file->file, file->path, file->size, &foot, err) != 0) {
        return -1;
    }
    if (check_foot(file, &foot, fault) != 0) {
        return 1;
    }
    int status = read_directory(file, &foot, arena, fault, err);
    status = status == 0 ? check_frame(file, arena, fault, err) : status;
    return status == 0 ? finish_whole(file, &foot, arena, err) : status;
}

/* ---- HDF5 ----------------------------------------------------------------------------------- */

/* Of a one-dimensional dataset of that type in such chunks, without filters. */
static bool length_of(hid_t dataset, hid_t type, hsize_t chunk, uint64_t *length) {
    hid_t found = H5Dget_type(dataset), space = H5Dget_space(dataset);
    hid_t creation = H5Dget_create_plist(dataset);
    hsize_t lengths[1] = {0}, chunks[1] = {0};
    bool done = H5Tequal(found, type) > 0 && H5Sget_simple_extent_ndims(space) == 1 &&
                H5Sget_simple_extent_dims(space, lengths, NULL) == 1 &&
                H5Pget_chunk(creation, 1, chunks) == 1 && chunks[0] == chunk &&
                H5Pget_nfilters(creation) == 0;
    *length = lengths[0];
    result_hdf5_close(creation);
    result_hdf5_close(space);
    result_hdf5_close(found);
    return done;
}

static bool read_part(hid_t dataset, hid_t memory, uint64_t first, uint64_t count, void *values) {
    hsize_t start = first, length = count;
    hid_t from = H5Dget_space(dataset), to = H5Screate_simple(1, &length, NULL);
    bool done = count == 0 ||
                (H5Sselect_hyperslab(from, H5S_SELECT_SET, &start, NULL, &length, NULL) >= 0 &&
                 H5Dread(dataset, memory, to, from, H5P_DEFAULT, values) >= 0);
    result_hdf5_close(to);
    result_hdf5_close(from);
    return done;
}

static int open_columns(struct chain_file *file, struct chain_fault *fault) {
    uint64_t most = file->size / sizeof(uint64_t);
    for (int i = 0; i < CHAIN_FILE_COLUMNS; i++) {
        const char *path = chain_file_columns[i].path;
        uint64_t length;
        file->columns[i] = H5Dopen2(file->hdf5, path, H5P_DEFAULT);
        if (!length_of(file->columns[i], H5T_STD_U64LE, CHAIN_FILE_ROWS, &length) ||
            length > most) {
            return refuse(fault, path, 0, "missing, or not as this program writes it");
        }
        uint64_t *expected = i < COLUMN_BLOCK ? &file->chain_count : &file->block_count;
        if (i == COLUMN_CHAIN || i == COLUMN_BLOCK) {
            *expected = length;
        }
        if (length != *expected) {
            return refuse(fault, path, 0, "longer or shorter than its axis");
        }
    }
    file->bytes = H5Dopen2(file->hdf5, CHAIN_FILE_BYTES_PATH, H5P_DEFAULT);
    if (!length_of(file->bytes, H5T_STD_U8LE, CHAIN_FILE_CHUNK, &file->byte_count) ||
        file->byte_count > file->size ||
        (file->byte_count + CHAIN_FILE_CHUNK - 1) / CHAIN_FILE_CHUNK !=
            file->directory.chunk_count) {
        return refuse(fault, CHAIN_FILE_BYTES_PATH, 0, "missing, or not as this program writes it");
    }
    return 0;
}

static int check_version(const struct chain_file *file, struct chain_fault *fault) {
    uint32_t version = 0;
    hid_t attribute = H5Aopen(file->hdf5, "chain_format_version", H5P_DEFAULT);
    hid_t type = H5Aget_type(attribute), space = H5Aget_space(attribute);
    bool done = H5Tequal(type, H5T_STD_U32LE) > 0 && H5Sget_simple_extent_npoints(space) == 1 &&
                H5Aread(attribute, H5T_NATIVE_UINT32, &version) >= 0;
    result_hdf5_close(space);
    result_hdf5_close(type);
    result_hdf5_close(attribute);
    return done && version == CHAIN_FILE_VERSION
               ? 0
               : refuse(fault, "chain_format_version", 0, "another than this program reads");
}

/* Chains rise by point and replication, and their records follow on each other without a gap. */
static int check_chains(const struct chain_file *file, const uint64_t *numbers,
                        struct chain_fault *fault) {
    uint64_t next = 0;
    for (uint64_t i = 0; i < file->chain_count; i++) {
        bool rises = i == 0 || file->point[i] > file->point[i - 1] ||
                     (file->point[i] == file->point[i - 1] &&
                      file->replication[i] > file->replication[i - 1]);
        if (numbers[i] != i || !rises || file->point[i] > UINT32_MAX ||
            file->replication[i] > UINT32_MAX) {
            return refuse(fault, "/chain", i, "not by rising point and replication");
        }
        if (file->first_block[i] != next || file->height[i] >= file->block_count - next) {
            return refuse(fault, "/chains/height", i, "more blocks than there are, or a gap");
        }
        next += file->height[i] + 1;
    }
    return next == file->block_count && file->chain_count <= UINT32_MAX
               ? 0
               : refuse(fault, "/block", next, "blocks of no chain");
}

static int read_chains(struct chain_file *file, struct arena *arena, struct chain_fault *fault) {
    uint64_t *numbers[COLUMN_BLOCK];
    for (int i = 0; i < COLUMN_BLOCK; i++) {
        numbers[i] = ARENA_ARRAY(arena, uint64_t, (size_t)file->chain_count);
        if (!read_part(file->columns[i], H5T_NATIVE_UINT64, 0, file->chain_count, numbers[i])) {
            return refuse(fault, chain_file_columns[i].path, 0, "HDF5 cannot read it");
        }
    }
    file->point = numbers[COLUMN_POINT];
    file->replication = numbers[COLUMN_REPLICATION];
    file->first_block = numbers[COLUMN_FIRST_BLOCK];
    file->height = numbers[COLUMN_HEIGHT];
    return check_chains(file, numbers[COLUMN_CHAIN], fault);
}

static int open_hdf5(struct chain_file *file, struct arena *arena, struct chain_fault *fault) {
    result_hdf5_quiet();
    hid_t access = chain_file_access();
    file->hdf5 = H5Fopen(file->path, H5F_ACC_RDONLY, access);
    result_hdf5_close(access);
    if (file->hdf5 < 0) {
        return refuse(fault, "HDF5", 0, "it cannot open the file");
    }
    return check_version(file, fault) == 0 && open_columns(file, fault) == 0
               ? read_chains(file, arena, fault)
               : -1;
}

struct chain_file *chain_file_open(const char *path, struct arena *arena, struct chain_fault *fault,
                                   struct error *err) {
    struct chain_file *file = ARENA_NEW(arena, struct chain_file);
    file->path = arena_text(arena, path, strlen(path));
    file->hdf5 = file->bytes = H5I_INVALID_HID;
    for (int i = 0; i < CHAIN_FILE_COLUMNS; i++) {
        file->columns[i] = H5I_INVALID_HID;
    }
    file->file = storage_open(path, &file->size, err);
    int status = file->file < 0 ? -1 : check_file(file, arena, fault, err);
#pragma omp critical(chain_file_hdf5)
    if (status == 0) {
        status = open_hdf5(file, arena, fault);
    }
    if (status == 0) {
        return file;
    }
    chain_file_free(file);
    return NULL;
}

void chain_file_free(struct chain_file *file) {
    if (file == NULL) {
        return;
    }
#pragma omp critical(chain_file_hdf5)
    {
        result_hdf5_close(file->bytes);
        for (int i = 0; i < CHAIN_FILE_COLUMNS; i++) {
            result_hdf5_close(file->columns[i]);
        }
        result_hdf5_close(file->hdf5);
    }
    if (file->file >= 0) {
        close(file->file);
    }
}

uint32_t chain_file_count(const struct chain_file *file) {
    return (uint32_t)file->chain_count;
}

uint64_t chain_file_height(const struct chain_file *file, uint32_t chain) {
    return file->height[chain];
}

void chain_file_replication(const struct chain_file *file, uint32_t chain, uint32_t *point,
                            uint32_t *replication) {
    *point = (uint32_t)file->point[chain];
    *replication = (uint32_t)file->replication[chain];
}

/* ---- records -------------------------------------------------------------------------------- */

static uint64_t file_offset(const struct chain_file *file, uint64_t at) {
    return file->directory.addresses[at / CHAIN_FILE_CHUNK] + at % CHAIN_FILE_CHUNK;
}

uint64_t chain_file_offset(const struct chain_file *file, const struct chain_record *record,
                           size_t within) {
    return file_offset(file, record->position + (within < record->bytes.size ? within : 0));
}

/* The rows of the index from `first` on: block, offset, length and checksum. */
static bool read_rows(const struct chain_file *file, uint64_t first, uint32_t count,
                      struct arena *arena, uint64_t *rows[4]) {
    bool done = true;
    for (int i = 0; i < 4 && done; i++) {
        rows[i] = ARENA_ARRAY(arena, uint64_t, count);
        done = read_part(file->columns[COLUMN_BLOCK + i], H5T_NATIVE_UINT64, first, count, rows[i]);
    }
    return done;
}

/* How many of the rows are wanted; -1 and a fault when they are none of an index. */
static int32_t check_rows(const struct chain_file *file, uint32_t chain, uint64_t height,
                          uint32_t count, uint64_t size_max, uint64_t *const rows[4],
                          struct chain_fault *fault) {
    uint64_t size = 0, next = rows[1][0];
    for (uint32_t i = 0; i < count; i++) {
        uint64_t at = height + i, length = rows[2][i];
        bool is_first = file->first_block[chain] + at == 0;
        if (rows[0][i] != at) {
            return chain_file_fault(file, chain, &at, "/block", 0, "another height", fault);
        }
        if (rows[1][i] != next || (is_first && next != 0)) {
            return chain_file_fault(file, chain, &at, "/blocks/offset", 0,
                                    "not where the record below ends", fault);
        }
        if (next >= file->byte_count || length == 0 || length > UINT32_MAX ||
            length > file->byte_count - next) {
            return chain_file_fault(file, chain, &at, "/blocks/length", 0,
                                    "more bytes than there are, or none", fault);
        }
        bool is_last = file->first_block[chain] + at + 1 == file->block_count;
        if (is_last && next + length != file->byte_count) {
            return chain_file_fault(file, chain, &at, "/blocks/length", 0,
                                    "bytes are left over behind it", fault);
        }
        if (i > 0 && size + length > size_max) {
            return (int32_t)i;
        }
        size += length;
        next += length;
    }
    return (int32_t)count;
}

static int32_t read_records(struct chain_file *file, uint32_t chain, uint64_t height,
                            uint32_t count, uint64_t size_max, struct arena *arena,
                            struct chain_record **records, struct chain_fault *fault) {
    uint64_t *rows[4];
    if (!read_rows(file, file->first_block[chain] + height, count, arena, rows)) {
        return chain_file_fault(file, chain, &height, "/blocks", 0, "HDF5 cannot read it", fault);
    }
    int32_t wanted = check_rows(file, chain, height, count, size_max, rows, fault);
    if (wanted <= 0) {
        return wanted;
    }
    uint64_t first = rows[1][0], last = (uint64_t)wanted - 1;
    uint64_t size = rows[1][last] + rows[2][last] - first;
    uint8_t *bytes = arena_alloc(arena, (size_t)size);
    if (!read_part(file->bytes, H5T_NATIVE_UINT8, first, size, bytes)) {
        return chain_file_fault(file, chain, &height, CHAIN_FILE_BYTES_PATH,
                                file_offset(file, first), "HDF5 cannot read it", fault);
    }
    *records = ARENA_ARRAY(arena, struct chain_record, (size_t)wanted);
    for (int32_t i = 0; i < wanted; i++) {
        (*records)[i] = (struct chain_record){
            .height = height + (uint64_t)i,
            .position = rows[1][i],
            .checksum = rows[3][i],
            .bytes = {.bytes = bytes + (rows[1][i] - first), .size = (uint32_t)rows[2][i]}};
    }
    return wanted;
}

int32_t chain_file_read(struct chain_file *file, uint32_t chain, uint64_t height,
                        uint32_t count_max, uint64_t size_max, struct arena *arena,
                        struct chain_record **records, struct chain_fault *fault) {
    if (height > file->height[chain]) {
        return 0;
    }
    uint64_t left = file->height[chain] - height + 1;
    uint32_t count = left < count_max ? (uint32_t)left : count_max;
    int32_t wanted;
#pragma omp critical(chain_file_hdf5)
    wanted = read_records(file, chain, height, count, size_max, arena, records, fault);
    return wanted;
}

int chain_file_check_rest(struct chain_file *file, struct chain_fault *fault) {
    struct error err = ERROR_INIT;
    if (file->whole == file->whole_written) {
        return 0;
    }
    uint8_t bytes[CHAIN_FILE_PAGE];
    uint64_t end = file->directory.chunk_count * CHAIN_FILE_CHUNK;
    for (uint64_t at = file->byte_count; at < end;) {
        size_t size = end - at < sizeof bytes ? (size_t)(end - at) : sizeof bytes;
        if (storage_read(file->file, bytes, size, file_offset(file, at), file->path, &err) != 0) {
            return refuse(fault, CHAIN_FILE_BYTES_PATH, file_offset(file, at), "cannot be read");
        }
        for (size_t i = 0; i < size; i++) {
            if (bytes[i] != 0) {
                return refuse(fault, CHAIN_FILE_BYTES_PATH, file_offset(file, at) + i,
                              "behind the last block: not zero");
            }
        }
        at += size;
    }
    return refuse(fault, "trailer", file->size - 8, "not the checksum of the file");
}

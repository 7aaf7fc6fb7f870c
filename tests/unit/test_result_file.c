/* SPDX-License-Identifier: GPL-3.0-or-later
 * test_result_file.c - a result file has the same bytes however it came about, gives back what was
 * written, and is refused when it was damaged or says what cannot be.
 *
 * Method: files from journals in different orders, from shards and from an extended result are
 * compared byte by byte. Damage is a cut or a flipped bit anywhere; malice is a file that HDF5
 * itself was made to change, with the trailer put right again. */
#define _DEFAULT_SOURCE
#include "tests/test.h"
#include "tests/unit/sample_result.h"

#include "sim/record/checksum.h"
#include "sim/record/result_merge.h"

#include <errno.h>
#include <hdf5.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PATH_SIZE = 128, REPLICATIONS = 9, TRAILER_SIZE = 24 };

static char folder[64];

static const char *path_of(const char *name, char path[PATH_SIZE]) {
    snprintf(path, PATH_SIZE, "%s/%s", folder, name);
    return path;
}

/* A journal of the replications first, first + step, ... below end of every point; `backwards`
 * reverses the order of committing. */
static void make_journal(const char *path, uint32_t first, uint32_t step, uint32_t end,
                         bool backwards) {
    static struct sample_arrays arrays;
    struct error err = ERROR_INIT;
    struct result_layout layout = sample_layout();
    unlink(path);
    struct journal *journal = journal_create(path, &layout, &err);
    CHECK_TEXT(err.text, "");
    for (uint32_t i = 0; i < SAMPLE_POINTS * end; i++) {
        uint32_t at = backwards ? SAMPLE_POINTS * end - 1 - i : i;
        if (at / SAMPLE_POINTS >= first && (at / SAMPLE_POINTS - first) % step == 0) {
            struct result_replication rep =
                sample_replication(at % SAMPLE_POINTS, at / SAMPLE_POINTS, &arrays);
            CHECK_INT(journal_append(journal, &rep, &err), 0);
        }
    }
    CHECK_INT(journal_close(journal, &err), 0);
}

static struct result read_journal(const char *path, struct arena *arena) {
    struct error err = ERROR_INIT;
    struct result result = {0};
    CHECK_INT(journal_read(path, &result, NULL, NULL, arena, &err), 0);
    CHECK_TEXT(err.text, "");
    return result;
}

static void write_result(const char *path, const struct result *result) {
    struct error err = ERROR_INIT;
    CHECK_INT(result_file_write(path, result, &err), 0);
    CHECK_TEXT(err.text, "");
}

/* The file that all others are compared with. */
static void test_whole(struct arena *arena) {
    char journal[PATH_SIZE], path[PATH_SIZE], again[PATH_SIZE];
    make_journal(path_of("journal", journal), 0, 1, REPLICATIONS, false);
    struct result result = read_journal(journal, arena);
    write_result(path_of("whole.h5", path), &result);
    write_result(path_of("again.h5", again), &result);
    CHECK(sample_same_bytes(path, again));
    write_result(again, &result);
    CHECK(sample_same_bytes(path, again));
    make_journal(journal, 0, 1, REPLICATIONS, true);
    result = read_journal(journal, arena);
    write_result(again, &result);
    CHECK(sample_same_bytes(path, again));
}

/* Reading and writing again gives the same bytes, so nothing was lost on the way. */
static void test_read(struct arena *arena) {
    char path[PATH_SIZE], again[PATH_SIZE];
    struct error err = ERROR_INIT;
    struct result result;
    CHECK_INT(result_file_read(path_of("whole.h5", path), &result, arena, &err), 0);
    CHECK_TEXT(err.text, "");
    struct result_layout layout = sample_layout();
    CHECK_INT(result_compare_layouts(&layout, &result.layout, RESULT_COMPARE_ALL, &err), 0);
    CHECK_TEXT(result.layout.points[2].name, "Zürich – β");
    CHECK_TEXT(result.layout.metrics[3].doc, "");
    CHECK_INT(result.layout.seed == 0xfedcba9876543210, 1);
    CHECK_INT(result.replication_count, SAMPLE_POINTS * REPLICATIONS);
    CHECK_INT(result.replication[REPLICATIONS], 0);
    CHECK(isnan(result.metrics[(size_t)(2 * REPLICATIONS + 1) * SAMPLE_METRICS + 4]));
    static struct sample_arrays arrays;
    struct result_replication rep = sample_replication(1, 4, &arrays);
    CHECK(result.metrics[(size_t)(REPLICATIONS + 4) * SAMPLE_METRICS + 2] == rep.metrics[2]);
    CHECK(result.fingerprint[REPLICATIONS + 4] == rep.fingerprint);
    write_result(path_of("again.h5", again), &result);
    CHECK(sample_same_bytes(path, again));
}

static void test_shards(struct arena *arena) {
    enum { SHARDS = 4 };
    char path[PATH_SIZE], shard_path[PATH_SIZE], whole[PATH_SIZE];
    struct error err = ERROR_INIT;
    struct result shards[SHARDS], merged;
    const struct result *parts[SHARDS];
    for (unsigned i = 0; i < SHARDS; i++) {
        make_journal(path_of("shard", path), i, SHARDS, REPLICATIONS, i % 2);
        struct result shard = read_journal(path, arena);
        write_result(path_of("shard.h5", shard_path), &shard);
        CHECK_INT(result_file_read(shard_path, &shards[i], arena, &err), 0);
        parts[SHARDS - 1 - i] = &shards[i];
    }
    CHECK_INT(result_merge(parts, SHARDS, NULL, &merged, arena, &err), 0);
    CHECK_TEXT(err.text, "");
    write_result(path_of("merged.h5", path), &merged);
    CHECK(sample_same_bytes(path, path_of("whole.h5", whole)));

    CHECK_INT(result_merge(parts, SHARDS - 1, NULL, &merged, arena, &err), -1);
    CHECK_TEXT(err.text, "replication 0 of point 'paper' is in none of the parts: a shard is "
                         "missing or was interrupted");
    err = (struct error)ERROR_INIT;
    parts[0] = parts[1];
    CHECK_INT(result_merge(parts, SHARDS, NULL, &merged, arena, &err), -1);
    CHECK(strstr(err.text, "replication 2 of point 'paper' is in two of the parts") != NULL);
    err = (struct error)ERROR_INIT;
    CHECK_INT(result_merge(parts, 0, NULL, &merged, arena, &err), -1);
    CHECK_TEXT(err.text, "no results to merge");
}

/* A finished file and the journal of what was added: as if run at once, the newer text included. */
static void test_extend(struct arena *arena) {
    char path[PATH_SIZE], old_path[PATH_SIZE], whole[PATH_SIZE];
    struct error err = ERROR_INIT;
    struct result old, merged;
    make_journal(path_of("journal", path), 0, 1, 5, false);
    struct result first = read_journal(path, arena);
    first.layout.resolved = "experiment: first\nreplications: 5\n";
    write_result(path_of("old.h5", old_path), &first);
    CHECK_INT(result_file_read(old_path, &old, arena, &err), 0);
    make_journal(path, 5, 1, REPLICATIONS, true);
    struct result more = read_journal(path, arena);
    const struct result *parts[] = {&old, &more};
    CHECK_INT(result_merge(parts, 2, &more.layout, &merged, arena, &err), 0);
    write_result(old_path, &merged);
    CHECK(sample_same_bytes(old_path, path_of("whole.h5", whole)));
    CHECK_INT(result_merge(parts, 2, NULL, &merged, arena, &err), -1);
    CHECK(strstr(err.text, "resolved experiments differ") != NULL);
    err = (struct error)ERROR_INIT;
    more.layout.seed++;
    CHECK_INT(result_merge(parts, 2, &old.layout, &merged, arena, &err), -1);
    CHECK(strstr(err.text, "seeds") != NULL);
}

/* Nothing recorded, no table, no histograms: still a file that can be read. */
static void test_empty(struct arena *arena) {
    char path[PATH_SIZE];
    struct error err = ERROR_INIT;
    struct result read, result = {.layout = sample_layout()};
    result.layout.metric_count = 0;
    result.layout.histogram_count = 0;
    result.layout.series_count = 0;
    result.layout.table_column_count = 0;
    write_result(path_of("empty.h5", path), &result);
    CHECK_INT(result_file_read(path, &read, arena, &err), 0);
    CHECK_TEXT(err.text, "");
    CHECK_INT(read.replication_count, 0);
    CHECK_INT(result_compare_layouts(&result.layout, &read.layout, RESULT_COMPARE_ALL, &err), 0);
}

/* Large enough for chunks, and seen with memory that begins full of two different patterns. */
static void write_large(const char *path, uint64_t point_count) {
    struct arena arena = ARENA_INIT;
    struct result_layout layout = sample_layout();
    layout.point_count = (uint32_t)point_count;
    struct result_point *points = ARENA_ARRAY(&arena, struct result_point, point_count);
    for (uint64_t i = 0; i < point_count; i++) {
        points[i] = sample_points[i % SAMPLE_POINTS];
    }
    layout.points = points;
    size_t cells = point_count * SAMPLE_HISTOGRAMS * HISTOGRAM_BUCKETS;
    uint64_t *histograms = ARENA_ARRAY(&arena, uint64_t, cells);
    for (size_t i = 0; i < cells; i += 1 + (sample_bits(0, 0, i) & 63)) {
        histograms[i] = sample_bits(1, 2, i) >> 40;
    }
    enum { ROWS = 20001 };
    uint32_t *numbers = ARENA_ARRAY(&arena, uint32_t, 2 * ROWS);
    uint64_t *prints = ARENA_ARRAY(&arena, uint64_t, ROWS);
    double *metrics = ARENA_ARRAY(&arena, double, (size_t)ROWS *SAMPLE_METRICS);
    for (uint32_t i = 0; i < ROWS; i++) {
        numbers[ROWS + i] = i;
        prints[i] = sample_bits(3, i, 0);
        metrics[(size_t)i * SAMPLE_METRICS] = i / 3.0;
    }
    struct result result = {
        .layout = layout,
        .replication_count = ROWS,
        .point = numbers,
        .replication = numbers + ROWS,
        .fingerprint = prints,
        .event_count = prints,
        .metrics = metrics,
        .histograms = histograms,
        .series = ARENA_ARRAY(&arena, int64_t, point_count * SAMPLE_SERIES * SAMPLE_BINS)};
    write_result(path, &result);
    arena_free(&arena);
}

static void test_large(const char *program, struct arena *arena) {
    char path[PATH_SIZE], command[512];
    write_large(path_of("large.h5", path), 40);
    for (unsigned fill = 1; fill < 256; fill += 84) {
        char again[PATH_SIZE];
        path_of("large_again.h5", again);
        snprintf(command, sizeof command, "MALLOC_PERTURB_=%u '%s' '%s'", fill, program, again);
        CHECK_INT(system(command), 0);
        CHECK(sample_same_bytes(path, again));
    }
    struct error err = ERROR_INIT;
    struct result read;
    CHECK_INT(result_file_read(path, &read, arena, &err), 0);
    CHECK_NEAR(read.metrics[(size_t)20000 * SAMPLE_METRICS], 20000 / 3.0, 0);
    write_result(path_of("large_again.h5", command), &read);
    CHECK(sample_same_bytes(path, command));
}

static uint8_t *load(const char *path, size_t *size) {
    FILE *file = fopen(path, "rb");
    struct stat status;
    CHECK(file != NULL && fstat(fileno(file), &status) == 0);
    uint8_t *data = malloc((size_t)status.st_size);
    *size = fread(data, 1, (size_t)status.st_size, file);
    fclose(file);
    return data;
}

static void store(const char *path, const uint8_t *data, size_t size) {
    FILE *file = fopen(path, "wb");
    CHECK(file != NULL && fwrite(data, 1, size, file) == size);
    fclose(file);
}

static void expect_read_error(const char *path, const char *text) {
    struct arena arena = ARENA_INIT;
    struct error err = ERROR_INIT;
    struct result result;
    CHECK_INT(result_file_read(path, &result, &arena, &err), -1);
    if (strstr(err.text, text) == NULL) {
        CHECK_TEXT(err.text, text);
    }
    CHECK_INT(err.code, ERROR_RUN);
    arena_free(&arena);
}

static void test_damage(void) {
    char path[PATH_SIZE];
    size_t size;
    uint8_t *data = load(path_of("whole.h5", path), &size);
    path_of("damaged.h5", path);
    for (size_t i = 0; i < 300; i++) {
        size_t at = i < 100 ? i : i < 200 ? size - 1 - (i - 100) : sample_bits(0, 1, i) % size;
        data[at] ^= (uint8_t)(1u << i % 8);
        store(path, data, size);
        expect_read_error(path, path);
        data[at] ^= (uint8_t)(1u << i % 8);
        store(path, data, at);
        expect_read_error(path, path);
    }
    store(path, data, 0);
    expect_read_error(path, "is not a result file");
    store(path, data, size - 1);
    expect_read_error(path, "was cut short");
    data[size / 2] ^= 1;
    store(path, data, size);
    expect_read_error(path, "was altered after it was written");
    free(data);
    expect_read_error(folder, "it is not a file");
    expect_read_error(path_of("none.h5", path), "No such file");
    expect_read_error(path_of("journal", path), "is not a result file");
}

/* Puts a right trailer behind what HDF5 left of a file (which may have grown over the old one). */
static void vouch(const char *path) {
    hid_t file = H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT);
    ssize_t image_size = H5Fget_file_image(file, NULL, 0);
    H5Fclose(file);
    size_t size;
    uint8_t *data = load(path, &size);
    CHECK(image_size > 0 && (size_t)image_size <= size);
    size = (size_t)image_size;
    data = realloc(data, size + TRAILER_SIZE);
    memcpy(data + size, "CLRESULT", 8);
    for (unsigned i = 0; i < 8; i++) {
        data[size + 8 + i] = (uint8_t)((uint64_t)size >> 8 * i);
    }
    uint64_t sum = checksum(0, data, size + 16);
    for (unsigned i = 0; i < 8; i++) {
        data[size + 16 + i] = (uint8_t)(sum >> 8 * i);
    }
    store(path, data, size + TRAILER_SIZE);
    free(data);
}

static hid_t open_copy(const char *path) {
    char whole[PATH_SIZE];
    size_t size;
    uint8_t *data = load(path_of("whole.h5", whole), &size);
    store(path, data, size);
    free(data);
    return H5Fopen(path, H5F_ACC_RDWR, H5P_DEFAULT);
}

/* The dataset is replaced by one of this type and these lengths that was never written. */
static void plant(const char *path, const char *name, hid_t type, int rank,
                  const hsize_t *lengths) {
    hid_t file = open_copy(path);
    H5Ldelete(file, name, H5P_DEFAULT);
    if (rank > 0) {
        hid_t space = H5Screate_simple(rank, lengths, NULL),
              creation = H5Pcreate(H5P_DATASET_CREATE);
        const hsize_t chunk[] = {1, 1, 1};
        H5Pset_chunk(creation, rank, chunk);
        hid_t dataset = H5Dcreate2(file, name, type, space, H5P_DEFAULT, creation, H5P_DEFAULT);
        CHECK(dataset >= 0);
        H5Dclose(dataset);
        H5Pclose(creation);
        H5Sclose(space);
    }
    H5Fclose(file);
    vouch(path);
}

static void set_attribute(const char *path, const char *name, uint32_t value) {
    hid_t file = open_copy(path);
    hid_t attribute = H5Aopen(file, name, H5P_DEFAULT);
    CHECK(H5Awrite(attribute, H5T_NATIVE_UINT32, &value) >= 0);
    H5Aclose(attribute);
    H5Fclose(file);
    vouch(path);
}

static void test_malice(void) {
    const hsize_t rows = SAMPLE_POINTS * REPLICATIONS, huge = (hsize_t)1 << 62;
    char path[PATH_SIZE];
    path_of("planted.h5", path);
    /* The trick itself: an untouched copy that is vouched for can be read. */
    H5Fclose(open_copy(path));
    vouch(path);
    struct arena arena = ARENA_INIT;
    struct error err = ERROR_INIT;
    struct result result;
    CHECK_INT(result_file_read(path, &result, &arena, &err), 0);
    arena_free(&arena);

    plant(path, "/metrics/value", H5T_STD_I64LE, 0, NULL);
    expect_read_error(path, "/metrics/value is missing");
    plant(path, "/metrics/value", H5T_STD_I64LE, 2, (const hsize_t[]){rows, SAMPLE_METRICS});
    expect_read_error(path, "/metrics/value is missing, damaged or of another shape");
    plant(path, "/metrics/value", H5T_IEEE_F64LE, 2, (const hsize_t[]){rows, SAMPLE_METRICS - 1});
    expect_read_error(path, "/metrics/value is missing, damaged or of another shape");
    plant(path, "/metrics/value", H5T_IEEE_F64LE, 1, (const hsize_t[]){rows});
    expect_read_error(path, "/metrics/value is missing, damaged or of another shape");
    plant(path, "/consignment", H5T_STD_U32LE, 1, &huge);
    expect_read_error(path, "/consignment is missing, of another type or too long");
    plant(path, "/consignment", H5T_STD_U32LE, 1, (const hsize_t[]){20000000});
    expect_read_error(path, "/consignments/value says that it is larger than it can be");
    plant(path, "/row", H5T_STD_U32LE, 1, (const hsize_t[]){100000000});
    expect_read_error(path, "says that it is larger than it can be");
    plant(path, "/bucket", H5T_STD_U64LE, 1, (const hsize_t[]){100});
    expect_read_error(path, "/bucket is missing");
    plant(path, "/replications/replication", H5T_STD_U32LE, 1, (const hsize_t[]){rows});
    expect_read_error(path, "replications are out of order or occur twice");
    plant(path, "/resolved", H5T_STD_U32LE, 1, (const hsize_t[]){1});
    expect_read_error(path, "/resolved is missing or of another type");
    set_attribute(path, "format_version", 7);
    expect_read_error(path, "has format version 7, this program reads version 1");
    set_attribute(path, "base_point", 3);
    expect_read_error(path, "the base point 3 is none of the 3 points");
}

static void expect_write_error(const char *path, const char *text) {
    struct arena arena = ARENA_INIT;
    char journal[PATH_SIZE];
    struct error err = ERROR_INIT;
    make_journal(path_of("journal", journal), 0, 1, REPLICATIONS, false);
    struct result result = read_journal(journal, &arena);
    CHECK_INT(result_file_write(path, &result, &err), -1);
    if (strstr(err.text, text) == NULL) {
        CHECK_TEXT(err.text, text);
    }
    arena_free(&arena);
}

/* Files in the folder whose name has this part. */
static int count_files(const char *where, const char *part) {
    char command[256];
    snprintf(command, sizeof command, "test $(ls -A '%s' | grep -c -- '%s') = 0", where, part);
    return system(command) == 0 ? 0 : 1;
}

static void test_write_errors(void) {
    char path[PATH_SIZE], whole[PATH_SIZE];
    expect_write_error(folder, "is a folder: give the name of a file in it");
    expect_write_error(path_of("none/result.h5", path), "No such file or directory");
    expect_write_error("/dev/full", "exists and is not a result");
    store(path_of("notes.txt", path), (const uint8_t *)"my notes\n", 9);
    expect_write_error(path, "exists and is not a result, so it is not replaced");
    /* A limit on file size stands for a full disk; the older result stays. */
    struct rlimit before;
    CHECK_INT(getrlimit(RLIMIT_FSIZE, &before), 0);
    signal(SIGXFSZ, SIG_IGN);
    struct rlimit limit = {20000, before.rlim_max};
    size_t size;
    uint8_t *data = load(path_of("whole.h5", whole), &size);
    CHECK(size > 20000);
    CHECK_INT(setrlimit(RLIMIT_FSIZE, &limit), 0);
    expect_write_error(whole, "free some space or choose another folder");
    expect_write_error(path_of("new.h5", path), "File too large");
    CHECK_INT(setrlimit(RLIMIT_FSIZE, &before), 0);
    CHECK(access(path, F_OK) != 0);
    CHECK_INT(count_files(folder, "part"), 0);
    store(path, data, size);
    CHECK(sample_same_bytes(path, whole));
    free(data);
}

/* A real full disk, where this user may mount one. */
static void test_full_disk(void) {
    char mount_point[PATH_SIZE], path[PATH_SIZE];
    path_of("disk", mount_point);
    CHECK_INT(mkdir(mount_point, 0777), 0);
    if (mount("tmpfs", mount_point, "tmpfs", 0, "size=16k") != 0) {
        printf("full disk not tried: mount: %s\n", strerror(errno));
        return;
    }
    expect_write_error(path_of("disk/result.h5", path), "No space left on device");
    CHECK_INT(count_files(mount_point, "."), 0);
    CHECK_INT(umount(mount_point), 0);
}

/* With an argument: writes the large result there, for test_large. */
int main(int argc, char **argv) {
    if (argc == 2) {
        write_large(argv[1], 40);
        return test_summary();
    }
    if (sample_folder(folder) == NULL) {
        SKIP("no folder for temporary files");
    }
    struct arena arena = ARENA_INIT;
    test_whole(&arena);
    test_read(&arena);
    test_shards(&arena);
    test_extend(&arena);
    test_empty(&arena);
    test_large(argv[0], &arena);
    test_damage();
    test_malice();
    test_write_errors();
    test_full_disk();
    arena_free(&arena);
    sample_folder_remove(folder);
    return test_summary();
}

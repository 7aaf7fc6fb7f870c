/* SPDX-License-Identifier: GPL-3.0-or-later
 * test_journal.c - a journal gives back what was committed and nothing else.
 *
 * Oracle: the sample replications, which follow from their numbers. A journal is cut at every
 * length and every byte of it is damaged; what is read must be a run of whole records from its
 * start, or an error. A full disk is played by a limit on the size of files. */
#define _DEFAULT_SOURCE
#include "tests/test.h"
#include "tests/unit/sample_result.h"

#include "sim/record/checksum.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_SIZE = 128, FILE_SIZE_MAX = 1 << 16 };

static char folder[64];

static const char *path_of(const char *name, char path[PATH_SIZE]) {
    snprintf(path, PATH_SIZE, "%s/%s", folder, name);
    return path;
}

static size_t load(const char *path, uint8_t *data) {
    FILE *file = fopen(path, "rb");
    size_t size = file == NULL ? 0 : fread(data, 1, FILE_SIZE_MAX, file);
    if (file != NULL) {
        fclose(file);
    }
    return size;
}

static void store(const char *path, const uint8_t *data, size_t size) {
    FILE *file = fopen(path, "wb");
    CHECK(file != NULL && fwrite(data, 1, size, file) == size);
    if (file != NULL) {
        fclose(file);
    }
}

/* The polynomial bit by bit, against the table of half bytes; and the published check value. */
static void test_checksum(void) {
    CHECK(checksum(0, "123456789", 9) == 0x995dc9bbdf1939fa);
    CHECK(checksum(checksum(0, "1234", 4), "56789", 5) == 0x995dc9bbdf1939fa);
    CHECK(checksum(0, "", 0) == 0);
    for (unsigned byte = 0; byte < 256; byte++) {
        uint8_t data[2] = {(uint8_t)byte, 0x5a};
        uint64_t crc = ~(uint64_t)0;
        for (unsigned i = 0; i < 2; i++) {
            crc ^= data[i];
            for (unsigned bit = 0; bit < 8; bit++) {
                crc = crc >> 1 ^ (crc & 1 ? 0xc96c5795d7870f42 : 0);
            }
        }
        CHECK(checksum(0, data, 2) == ~crc);
    }
}

/* Appends replications; `keys` are point and replication by turns. */
static void append_all(struct journal *journal, const uint32_t *keys, unsigned count) {
    static struct sample_arrays arrays;
    for (unsigned i = 0; i < count; i++) {
        struct error err = ERROR_INIT;
        struct result_replication rep = sample_replication(keys[2 * i], keys[2 * i + 1], &arrays);
        CHECK_INT(journal_append(journal, &rep, &err), 0);
        CHECK_TEXT(err.text, "");
    }
}

static void make_journal(const char *path, const uint32_t *keys, unsigned count) {
    struct error err = ERROR_INIT;
    struct result_layout layout = sample_layout();
    struct journal *journal = journal_create(path, &layout, &err);
    CHECK_TEXT(err.text, "");
    append_all(journal, keys, count);
    CHECK_INT(journal_close(journal, &err), 0);
}

/* The rows of a result are these replications, bit for bit, and its sums are theirs. */
static bool result_is(const struct result *result, const uint32_t *keys, unsigned count) {
    static struct sample_arrays arrays;
    static uint64_t counts[SAMPLE_POINTS][SAMPLE_HISTOGRAMS * HISTOGRAM_BUCKETS];
    static int64_t sums[SAMPLE_POINTS][SAMPLE_SERIES * SAMPLE_BINS];
    memset(counts, 0, sizeof counts);
    memset(sums, 0, sizeof sums);
    uint32_t table_row = 0;
    bool same = result->replication_count == count;
    for (unsigned i = 0; i < count && same; i++) {
        uint32_t point = keys[2 * i];
        struct result_replication rep = sample_replication(point, keys[2 * i + 1], &arrays);
        same = result->point[i] == rep.point && result->replication[i] == rep.replication &&
               result->fingerprint[i] == rep.fingerprint &&
               result->event_count[i] == rep.event_count;
        for (unsigned m = 0; m < SAMPLE_METRICS; m++) {
            double got = result->metrics[i * SAMPLE_METRICS + m];
            uint64_t nan = 0x7ff8000000000000, want = numeric_bits(rep.metrics[m]);
            same = same && numeric_bits(got) == (isnan(rep.metrics[m]) ? nan : want);
        }
        for (unsigned b = 0; b < SAMPLE_HISTOGRAMS * HISTOGRAM_BUCKETS; b++) {
            counts[point][b] += rep.histograms[b];
        }
        for (unsigned b = 0; b < SAMPLE_SERIES * SAMPLE_BINS; b++) {
            sums[point][b] += rep.series[b];
        }
        same = same && table_row + rep.table_row_count <= result->table_row_count &&
               memcmp(result->table + (size_t)table_row * SAMPLE_COLUMNS, rep.table,
                      rep.table_row_count * SAMPLE_COLUMNS * sizeof *rep.table) == 0;
        table_row += rep.table_row_count;
    }
    return same && table_row == result->table_row_count &&
           memcmp(counts, result->histograms, sizeof counts) == 0 &&
           memcmp(sums, result->series, sizeof sums) == 0;
}

static const uint32_t shuffled[] = {2, 0, 0, 1, 1, 0, 0, 0, 2, 1, 1, 1, 0, 2};
static const uint32_t sorted[] = {0, 0, 0, 1, 0, 2, 1, 0, 1, 1, 2, 0, 2, 1};
enum { KEY_COUNT = 7 };

static void test_read_gives_what_was_committed(void) {
    char path[PATH_SIZE];
    make_journal(path_of("plain", path), shuffled, KEY_COUNT);
    struct arena arena = ARENA_INIT;
    struct error err = ERROR_INIT;
    struct result result;
    size_t lost = 99;
    CHECK_INT(journal_read(path, &result, NULL, &lost, &arena, &err), 0);
    CHECK_TEXT(err.text, "");
    CHECK_INT(lost, 0);
    CHECK(result_is(&result, sorted, KEY_COUNT));
    struct result_layout layout = sample_layout();
    CHECK_INT(result_compare_layouts(&layout, &result.layout, RESULT_COMPARE_ALL, &err), 0);
    CHECK_TEXT(result.layout.points[2].levels, "x=∞");
    CHECK_TEXT(result.layout.texts[3], "0:none,1:green,2:red");
    CHECK_INT(result_metric(&result, "cost.resource.all.mean"), 2);
    CHECK_INT(result_metric(&result, "cost"), -1);
    CHECK_INT(result_replication_count(&result, 0), 3);
    CHECK_INT(result_replication_count(&result, 2), 2);
    double values[3] = {0};
    CHECK_INT(result_values(&result, 0, 1, values, 2), 2);
    CHECK(values[1] == result.metrics[1 * SAMPLE_METRICS + 1]);
    CHECK(values[2] == 0);
    arena_free(&arena);
}

static void test_limits_and_header_only(void) {
    char path[PATH_SIZE];
    struct arena arena = ARENA_INIT;
    struct error err = ERROR_INIT;
    struct result result;
    const uint32_t limit[SAMPLE_POINTS] = {2, 1, 0};
    const uint32_t kept[] = {0, 0, 0, 1, 1, 0};
    CHECK_INT(journal_read(path_of("plain", path), &result, limit, NULL, &arena, &err), 0);
    CHECK(result_is(&result, kept, 3));
    make_journal(path_of("header", path), NULL, 0);
    CHECK_INT(journal_read(path, &result, NULL, NULL, &arena, &err), 0);
    CHECK(result_is(&result, NULL, 0));
    CHECK_INT(result_replication_count(&result, 1), 0);
    arena_free(&arena);
}

/* Where the records of a journal end; ends[0] is the header's. */
static unsigned find_ends(const char *path, const uint32_t *keys, unsigned count, size_t *ends) {
    static uint8_t data[FILE_SIZE_MAX];
    for (unsigned i = 0; i <= count; i++) {
        unlink(path);
        make_journal(path, keys, i);
        ends[i] = load(path, data);
    }
    return count;
}

/* Reads damaged bytes: how many records were accepted, -1 for an error; a wrong one is a failure.
 */
static int accepted(const char *path, const uint8_t *data, size_t size, const uint32_t *keys,
                    size_t *lost) {
    struct arena arena = ARENA_INIT;
    struct error err = ERROR_INIT;
    struct result result;
    store(path, data, size);
    int status = journal_read(path, &result, NULL, lost, &arena, &err);
    if (status == 0) {
        status = (int)result.replication_count;
        CHECK(result_is(&result, keys, result.replication_count));
    } else {
        CHECK(err.code == ERROR_RUN || err.code == ERROR_INPUT);
    }
    arena_free(&arena);
    return status;
}

static const uint32_t in_order[] = {0, 0, 0, 1, 1, 0};
enum { IN_ORDER_COUNT = 3 };

static void test_every_cut(void) {
    static uint8_t data[FILE_SIZE_MAX];
    char path[PATH_SIZE];
    size_t ends[IN_ORDER_COUNT + 1], lost = 0;
    find_ends(path_of("cut", path), in_order, IN_ORDER_COUNT, ends);
    size_t size = load(path, data);
    CHECK_INT(size, ends[IN_ORDER_COUNT]);
    for (size_t cut = 0; cut <= size; cut++) {
        int whole = -1;
        for (int i = 0; i <= IN_ORDER_COUNT && ends[i] <= cut; i++) {
            whole = i;
        }
        int got = accepted(path, data, cut, in_order, &lost);
        CHECK_INT(got, whole);
        if (whole >= 0) {
            CHECK_INT(lost, cut - ends[whole]);
        }
    }
}

/* One bit of every byte, another one each time; all bits of the first record's frame. */
static void test_every_damage(void) {
    static uint8_t data[FILE_SIZE_MAX];
    char path[PATH_SIZE];
    size_t ends[IN_ORDER_COUNT + 1];
    find_ends(path_of("flip", path), in_order, IN_ORDER_COUNT, ends);
    size_t size = load(path, data);
    for (size_t at = 0; at < size; at++) {
        int before = -1; /* whole records before the damage */
        for (int i = 0; i <= IN_ORDER_COUNT && ends[i] <= at; i++) {
            before = i;
        }
        bool all_bits = at < 24 || (at >= ends[0] && at < ends[0] + 40);
        for (unsigned bit = 0; bit < 8; bit++) {
            if (all_bits || bit == at * 5 % 8) {
                data[at] ^= (uint8_t)(1u << bit);
                CHECK_INT(accepted(path, data, size, in_order, NULL), before);
                data[at] ^= (uint8_t)(1u << bit);
            }
        }
    }
}

static void test_duplicates(void) {
    static struct sample_arrays arrays;
    const uint32_t twice[] = {0, 0, 1, 0, 0, 0}, once[] = {0, 0, 1, 0};
    char path[PATH_SIZE];
    struct arena arena = ARENA_INIT;
    struct error err = ERROR_INIT;
    struct result result;
    make_journal(path_of("twice", path), twice, 3);
    CHECK_INT(journal_read(path, &result, NULL, NULL, &arena, &err), 0);
    CHECK(result_is(&result, once, 2));
    struct journal *journal = journal_open(path, &err);
    struct result_replication rep = sample_replication(0, 0, &arrays);
    rep.event_count++;
    CHECK_INT(journal_append(journal, &rep, &err), 0);
    CHECK_INT(journal_close(journal, &err), 0);
    CHECK_INT(journal_read(path, &result, NULL, NULL, &arena, &err), -1);
    CHECK(strstr(err.text, "holds replication 0 of point 'paper' twice, and they differ"));
    arena_free(&arena);
}

/* The journal of a run that adds to a result knows which; others know of none. */
static void test_extends(void) {
    static const char *const extended[] = {NULL, "results/first part.h5"};
    char path[PATH_SIZE];
    for (unsigned i = 0; i < 2; i++) {
        struct error err = ERROR_INIT;
        struct result_layout layout = sample_layout();
        layout.extends = extended[i];
        struct journal *journal =
            journal_create(path_of(i == 0 ? "alone" : "extends", path), &layout, &err);
        CHECK_INT(journal_close(journal, &err), 0);
        journal = journal_open(path, &err);
        CHECK(journal != NULL);
        const char *got = journal_layout(journal)->extends;
        CHECK(i == 0 ? got == NULL : got != NULL && strcmp(got, extended[i]) == 0);
        CHECK_INT(journal_close(journal, &err), 0);
        CHECK_TEXT(err.text, "");
    }
}

/* After damage, opening cuts the tail off; the end has the bytes of an undisturbed journal. */
static void test_open_goes_on(void) {
    static uint8_t data[FILE_SIZE_MAX], again[FILE_SIZE_MAX];
    char path[PATH_SIZE];
    size_t ends[IN_ORDER_COUNT + 1];
    struct error err = ERROR_INIT;
    find_ends(path_of("open", path), in_order, IN_ORDER_COUNT, ends);
    size_t size = load(path, data);
    store(path, data, ends[2] + 17);
    struct journal *journal = journal_open(path, &err);
    CHECK(journal != NULL);
    CHECK_INT(journal_layout(journal)->metric_count, SAMPLE_METRICS);
    append_all(journal, in_order + 4, 1);
    CHECK(journal_open(path, &err) == NULL);
    CHECK(strstr(err.text, "another process writes to journal") != NULL);
    err = (struct error)ERROR_INIT;
    CHECK_INT(journal_close(journal, &err), 0);
    CHECK_INT(load(path, again), size);
    CHECK(memcmp(data, again, size) == 0);
    data[ends[1] + 50] ^= 4;
    store(path, data, size);
    CHECK_INT(journal_close(journal_open(path, &err), &err), 0);
    CHECK_INT(load(path, again), ends[1]);
}

/* A record with a right checksum, but under the header of another run. */
static void test_foreign_record(void) {
    static uint8_t data[FILE_SIZE_MAX], other[FILE_SIZE_MAX];
    char path[PATH_SIZE];
    size_t ends[IN_ORDER_COUNT + 1], lost = 0;
    struct error err = ERROR_INIT;
    find_ends(path_of("mine", path), in_order, IN_ORDER_COUNT, ends);
    size_t size = load(path, data);
    struct result_layout layout = sample_layout();
    layout.seed++;
    struct journal *journal = journal_create(path_of("other", path), &layout, &err);
    append_all(journal, in_order, IN_ORDER_COUNT);
    CHECK_INT(journal_close(journal, &err), 0);
    CHECK_INT(load(path, other), size);
    memcpy(data + ends[1], other + ends[1], size - ends[1]);
    CHECK_INT(accepted(path, data, size, in_order, &lost), 1);
    CHECK_INT(lost, size - ends[1]);
}

static void expect_create_error(const char *path, const char *text) {
    struct error err = ERROR_INIT;
    struct result_layout layout = sample_layout();
    CHECK(journal_create(path, &layout, &err) == NULL);
    if (strstr(err.text, text) == NULL) {
        CHECK_TEXT(err.text, text);
    }
}

static void expect_read_error(const char *path, const char *text) {
    struct error err = ERROR_INIT, open_err = ERROR_INIT;
    struct arena arena = ARENA_INIT;
    struct result result;
    CHECK_INT(journal_read(path, &result, NULL, NULL, &arena, &err), -1);
    if (strstr(err.text, text) == NULL) {
        CHECK_TEXT(err.text, text);
    }
    CHECK(journal_open(path, &open_err) == NULL);
    CHECK(open_err.code == ERROR_RUN);
    arena_free(&arena);
}

static void test_errors(void) {
    static uint8_t data[FILE_SIZE_MAX];
    char path[PATH_SIZE], other[PATH_SIZE];
    expect_create_error(path_of("plain", path), "exists: go on with `clearlab resume");
    expect_create_error(path_of("none/journal", path), "No such file or directory");
    expect_create_error(folder, "directory");
    expect_create_error("/dev/full", "it is not a file");
    expect_read_error(path_of("none", path), "No such file or directory");
    expect_read_error(folder, "it is not a file");
    store(path_of("text", path), (const uint8_t *)"experiment: x\nmore: 1\n", 22);
    expect_read_error(path, "is not a journal of a run");
    expect_create_error(path, "is not a journal; it was left alone");
    CHECK_INT(load(path, data), 22);
    /* A header that a crash cut: cannot be read, can be begun again. */
    size_t size = load(path_of("header", other), data);
    for (size_t cut = 0; cut < size; cut += 7) {
        store(path_of("begun", path), data, cut);
        expect_read_error(path, "ends within its header");
        struct error err = ERROR_INIT;
        struct result_layout layout = sample_layout();
        struct journal *journal = journal_create(path, &layout, &err);
        CHECK(journal != NULL);
        CHECK_INT(journal_close(journal, &err), 0);
        CHECK(sample_same_bytes(path, other));
    }
}

static void test_overflow(void) {
    static struct sample_arrays arrays;
    char path[PATH_SIZE];
    struct arena arena = ARENA_INIT;
    struct error err = ERROR_INIT;
    struct result result;
    struct result_layout layout = sample_layout();
    struct journal *journal = journal_create(path_of("overflow", path), &layout, &err);
    for (uint32_t i = 0; i < 2; i++) {
        struct result_replication rep = sample_replication(1, i, &arrays);
        arrays.series[SAMPLE_BINS + 2] = i == 0 ? INT64_MIN : -1;
        CHECK_INT(journal_append(journal, &rep, &err), 0);
    }
    CHECK_INT(journal_close(journal, &err), 0);
    CHECK_INT(journal_read(path, &result, NULL, NULL, &arena, &err), -1);
    CHECK_TEXT(err.text, "the sum of series queue.gate does not fit 64 bits");
    arena_free(&arena);
}

/* No file may grow beyond a limit that falls into a record: what is before it stays whole. */
static void test_full_disk(void) {
    char path[PATH_SIZE];
    size_t ends[IN_ORDER_COUNT + 1];
    struct error err = ERROR_INIT;
    struct arena arena = ARENA_INIT;
    struct result result;
    struct rlimit before;
    find_ends(path_of("full", path), in_order, IN_ORDER_COUNT, ends);
    unlink(path);
    signal(SIGXFSZ, SIG_IGN);
    CHECK_INT(getrlimit(RLIMIT_FSIZE, &before), 0);
    struct rlimit limit = {ends[1] + 100, before.rlim_max};
    struct result_layout layout = sample_layout();
    struct journal *journal = journal_create(path, &layout, &err);
    append_all(journal, in_order, 1);
    CHECK_INT(setrlimit(RLIMIT_FSIZE, &limit), 0);
    static struct sample_arrays arrays;
    struct result_replication rep = sample_replication(0, 1, &arrays);
    CHECK_INT(journal_append(journal, &rep, &err), -1);
    CHECK(strstr(err.text, "cannot write") != NULL);
    CHECK(strstr(err.text, "free some space and run `clearlab resume ") != NULL);
    struct error again = ERROR_INIT;
    CHECK_INT(setrlimit(RLIMIT_FSIZE, &before), 0);
    CHECK_INT(journal_append(journal, &rep, &again), -1);
    CHECK_TEXT(again.text, err.text);
    CHECK_INT(journal_close(journal, &again), 0);
    struct error none = ERROR_INIT;
    size_t lost = 99;
    CHECK_INT(journal_read(path, &result, NULL, &lost, &arena, &none), 0);
    CHECK_INT(lost, 0);
    CHECK(result_is(&result, in_order, 1));
    /* A header that does not fit leaves no file. */
    limit.rlim_cur = ends[0] - 1;
    CHECK_INT(setrlimit(RLIMIT_FSIZE, &limit), 0);
    expect_create_error(path_of("fuller", path), "cannot write");
    CHECK_INT(setrlimit(RLIMIT_FSIZE, &before), 0);
    CHECK(access(path, F_OK) != 0);
    arena_free(&arena);
}

int main(void) {
    if (sample_folder(folder) == NULL) {
        SKIP("no folder for temporary files");
    }
    test_checksum();
    test_read_gives_what_was_committed();
    test_limits_and_header_only();
    test_every_cut();
    test_every_damage();
    test_duplicates();
    test_extends();
    test_open_goes_on();
    test_foreign_record();
    test_errors();
    test_overflow();
    test_full_disk();
    sample_folder_remove(folder);
    return test_summary();
}

/* SPDX-License-Identifier: GPL-3.0-or-later
 * Goal: what machines send is read as the standards say: RFID tags, numbers with check digits,
 * satellite sentences, temperatures. Method: each row of the files of a folder is one case; see the
 * folder's README.
 *
 *   test_standards [FOLDER]     default: $CLEARLAB_DATA or ../shared/data, standards */
#include "tests/test.h"

#include "core/base/csv.h"
#include "core/base/node.h"
#include "core/intake/climate.h"
#include "core/intake/epc.h"
#include "core/intake/identifier.h"
#include "core/intake/nmea.h"
#include "sim/scenario/input_file.h"

#include <math.h>
#include <stdlib.h>

static unsigned passed, failed;

static void judge(const char *file, int line, bool is_right, const char *what) {
    passed += is_right;
    failed += !is_right;
    if (!is_right) {
        printf("%s:%d: failed: %s\n", file, line, what);
    }
}

struct table {
    struct csv csv;
    const char *file;
    const char *header[CSV_COLUMNS_MAX];
    unsigned columns;
};

/* "" where the column or the field is missing. */
static const char *cell(const struct table *table, const char *name) {
    for (unsigned i = 0; i < table->columns && i < table->csv.count; i++) {
        if (strcmp(table->header[i], name) == 0) {
            return table->csv.fields[i];
        }
    }
    return "";
}

static char *whole_file(struct arena *arena, const char *folder, const char *name, size_t *length) {
    struct error err = ERROR_INIT;
    const char *path = arena_format(arena, "%s/%s", folder, name);
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        return NULL; /* the folder need not have all */
    }
    fclose(file);
    char *text = input_file_read(arena, path, 1 << 26, length, &err);
    if (text == NULL) {
        printf("%s\n", err.text);
        failed++;
    }
    return text;
}

static void each_row(const char *folder, const char *name,
                     void (*judge_row)(const struct table *table)) {
    struct arena arena = ARENA_INIT;
    struct error err = ERROR_INIT;
    struct table table = {.file = name};
    size_t length;
    char *text = whole_file(&arena, folder, name, &length);
    if (text != NULL) {
        csv_init(&table.csv, name, text, ',');
        int status = csv_next(&table.csv, &err);
        table.columns = table.csv.count;
        memcpy(table.header, table.csv.fields, table.columns * sizeof *table.header);
        while (status > 0 && (status = csv_next(&table.csv, &err)) > 0) {
            judge_row(&table);
        }
        if (status < 0) {
            judge(name, err.line, false, err.text);
        }
    }
    arena_free(&arena);
}

/* ---- tags ---- */

static bool from_hex(const char *hex, uint8_t word[EPC_BYTES]) {
    for (unsigned i = 0; i < EPC_BYTES; i++) {
        unsigned byte;
        if (sscanf(hex + 2 * i, "%2x", &byte) != 1) {
            return false;
        }
        word[i] = (uint8_t)byte;
    }
    return strlen(hex) == 2 * EPC_BYTES;
}

static void judge_tag(const struct table *table) {
    struct error err = ERROR_INIT;
    struct epc epc, read;
    uint8_t word[EPC_BYTES], back[EPC_BYTES] = {0};
    char tag[EPC_TEXT_MAX] = "", identity[EPC_TEXT_MAX] = "", elements[EPC_TEXT_MAX] = "";
    bool is_right = from_hex(cell(table, "hex"), word) && epc_decode(word, &epc, &err) == 0;
    if (is_right) {
        epc_print_tag(&epc, tag);
        epc_print_identity(&epc, identity);
        epc_print_elements(&epc, elements);
    }
    is_right = is_right && strcmp(tag, cell(table, "tag_uri")) == 0 &&
               strcmp(identity, cell(table, "pure_identity_uri")) == 0 &&
               strcmp(elements, cell(table, "element_string")) == 0 &&
               epc_read_tag(cell(table, "tag_uri"), &read, &err) == 0 &&
               epc_encode(&read, back, &err) == 0 && memcmp(word, back, sizeof word) == 0;
    judge(table->file, table->csv.row_line, is_right,
          err.text[0] != '\0' ? err.text : cell(table, "tag_uri"));
}

static void judge_bad_tag(const struct table *table) {
    struct error err = ERROR_INIT;
    struct epc epc;
    uint8_t word[EPC_BYTES];
    judge(table->file, table->csv.row_line,
          from_hex(cell(table, "hex"), word) && epc_decode(word, &epc, &err) < 0,
          cell(table, "why_invalid"));
}

/* ---- numbers ---- */

static void judge_number(const struct table *table) {
    enum identifier_kind kind = identifier_find(cell(table, "kind"));
    const char *value = cell(table, "value");
    if (kind == IDENTIFIER_KIND_COUNT) {
        judge(table->file, table->csv.row_line, false, "no such kind of number");
        return;
    }
    bool is_valid = strcmp(cell(table, "valid"), "1") == 0;
    judge(table->file, table->csv.row_line, identifier_is_valid(kind, value) == is_valid, value);
}

/* ---- satellite sentences ---- */

static bool is_angle(const struct nmea *nmea, double angle_deg, const char *expected) {
    if (strcmp(expected, "RANGE") == 0) {
        return nmea->position == NMEA_OUT_OF_RANGE;
    }
    if (expected[0] == '\0') {
        return nmea->position == NMEA_NO_POSITION;
    }
    return nmea->position == NMEA_POSITION && fabs(angle_deg - atof(expected)) <= 0.6e-8;
}

static void judge_sentence(const struct table *table) {
    struct nmea nmea;
    const char *sentence = cell(table, "sentence"), *status = cell(table, "fix_or_status");
    bool is_read = nmea_read(sentence, &nmea);
    bool is_right = is_read == (strcmp(cell(table, "checksum_valid"), "1") == 0);
    if (is_right && is_read) {
        is_right = strcmp(nmea.talker, cell(table, "talker")) == 0 &&
                   strcmp(nmea.type, cell(table, "type")) == 0 &&
                   is_angle(&nmea, nmea.latitude_deg, cell(table, "lat_deg")) &&
                   is_angle(&nmea, nmea.longitude_deg, cell(table, "lon_deg")) &&
                   nmea.status == status[0] &&
                   nmea.field_count == (unsigned)atoi(cell(table, "field_count"));
    }
    judge(table->file, table->csv.row_line, is_right, sentence);
}

/* ---- temperatures ---- */

static double number(const struct node *vector, const char *key) {
    const struct node *node = node_get(vector, key);
    return node != NULL && node->kind == NODE_SCALAR ? atof(node->text) : NAN;
}

static void judge_series(const struct node *vector) {
    const struct node *at = node_get(vector, "temperature_C"), *for_h;
    const struct node *durations = node_get(vector, "duration_h"), *id = node_get(vector, "id");
    struct climate climate = {0};
    struct climate_limits limits = {2.0, 8.0, 0, number(vector, "deltaH_J_per_mol")};
    for_h = durations != NULL ? durations->first : NULL;
    for (at = at != NULL ? at->first : NULL; at != NULL && for_h != NULL;
         at = at->next, for_h = for_h->next) {
        climate_add(&climate, &limits, atof(at->text), atof(for_h->text));
    }
    bool is_right =
        fabs(climate_kinetic_c(&climate, &limits) - number(vector, "expected_mkt_C")) <= 1e-4 &&
        fabs(climate_mean_c(&climate) - number(vector, "time_weighted_mean_C")) <= 1e-6 &&
        fabs(climate.outside_hours - number(vector, "hours_outside_2_8_C")) <= 1e-6 &&
        fabs(climate.degree_hours_above - number(vector, "degree_hours_above_8_C")) <= 1e-6;
    judge("mkt_vectors.json", vector->line, is_right, id != NULL ? id->text : "");
}

static void judge_climate(const char *folder) {
    struct arena arena = ARENA_INIT;
    struct error err = ERROR_INIT;
    size_t length;
    char *text = whole_file(&arena, folder, "coldchain/mkt_vectors.json", &length);
    if (text != NULL) {
        const struct node *vectors = node_read_text(&arena, "mkt_vectors.json", text, length, &err);
        if (vectors == NULL) {
            judge("mkt_vectors.json", err.line, false, err.text);
        }
        for (const struct node *vector = vectors != NULL ? vectors->first : NULL; vector != NULL;
             vector = vector->next) {
            judge_series(vector);
        }
    }
    arena_free(&arena);
}

int main(int argc, char **argv) {
    char folder[4096];
    const char *data = getenv("CLEARLAB_DATA");
    snprintf(folder, sizeof folder, "%s/standards",
             data != NULL ? data : SOURCE_DIR "/../shared/data");
    if (argc > 1) {
        snprintf(folder, sizeof folder, "%s", argv[1]);
    }
    each_row(folder, "rfid/epc_tds_96.csv", judge_tag);
    each_row(folder, "rfid/epc_tds_96_invalid.csv", judge_bad_tag);
    each_row(folder, "identifiers/check_digit_vectors.csv", judge_number);
    each_row(folder, "gnss/nmea_vectors.csv", judge_sentence);
    judge_climate(folder);
    if (passed + failed == 0 && argc > 1) {
        printf("%s: holds none of the files of vectors\n", folder);
        return 1;
    }
    if (passed + failed == 0) {
        SKIP("standards are not in ../shared/data (set CLEARLAB_DATA)");
    }
    printf("%u passed, %u failed\n", passed, failed);
    return failed != 0;
}

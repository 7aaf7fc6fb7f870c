/* SPDX-License-Identifier: GPL-3.0-or-later
 * test_schema.c - the schema accepts what the reader accepts, the page shows every row, and every
 * row of the language is sound.
 *
 * Each document is given to the reader of fields and, where Python has a validator, to the schema;
 * both must agree. What only the reader can see (ranges of quantities, names) is marked so. */
#include "sim/scenario/schema.h"

#include "core/base/money.h"
#include "sim/scenario/compile.h"
#include "sim/scenario/read.h"
#include "sim/scenario/read_parts.h"
#include "sim/steps/step.h"
#include "tests/test.h"

#include <unistd.h>

/* ---- a small language ---------------------------------------------------------------------- */

struct crew {
    struct field_item item;
    int64_t count;
    const char *note;
};

struct desk {
    const char *name;
    bool open;
    double red_share, mass_kg, wage_per_s, factor;
    int64_t mean_ns, day;
    struct money fee;
    int rule;
    struct field_dates holidays;
    const struct calendar *hours;
    const struct distribution *service, *carries;
    const struct expression *when;
    struct references by;
    struct field_items staff, rows;
    const struct node *parameters, *procedures;
};

static const struct field crew_fields[] = {
    FIELD(struct crew, count, FIELD_INTEGER, .min = 1, .max = 1000, .required = true,
          .doc = "How many."),
    FIELD(struct crew, note, FIELD_TEXT, .doc = "A \"word\" | two."), FIELD_END};

static const struct field desk_fields[] = {
    FIELD(struct desk, name, FIELD_NAME, .required = true, .doc = "Name."),
    FIELD(struct desk, open, FIELD_BOOLEAN, .text_default = "true", .doc = "Open."),
    FIELD(struct desk, red_share, FIELD_SHARE, .text_default = "5 %", .doc = "Share."),
    FIELD_AS(struct desk, mass_kg, "mass", FIELD_REAL, .dimension = DIMENSION_MASS, .min = 0.25,
             .max = __builtin_inf(), .doc = "Mass."),
    FIELD_AS(struct desk, wage_per_s, "wage", FIELD_REAL, .dimension = DIMENSION_MONEY_PER_TIME,
             .doc = "Wage."),
    FIELD(struct desk, factor, FIELD_REAL, .min = 0, .max = 9, .doc = "Factor."),
    FIELD_AS(struct desk, mean_ns, "mean", FIELD_TIME, .max = 86400, .doc = "Mean."),
    FIELD(struct desk, day, FIELD_DATE, .doc = "Day."),
    FIELD(struct desk, fee, FIELD_MONEY, .doc = "Fee."),
    FIELD(struct desk, rule, FIELD_CHOICE, .choices = "finish|suspend", .text_default = "finish",
          .doc = "Rule."),
    FIELD(struct desk, holidays, FIELD_DATES, .doc = "Holidays."),
    FIELD(struct desk, hours, FIELD_HOURS, .doc = "Hours."),
    FIELD(struct desk, service, FIELD_DISTRIBUTION, .dimension = DIMENSION_TIME, .doc = "Service."),
    FIELD(struct desk, carries, FIELD_DISTRIBUTION, .doc = "On board."),
    FIELD(struct desk, when, FIELD_CONDITION, .doc = "When."),
    FIELD(struct desk, by, FIELD_REFERENCES, .text_default = "[a, b x 2]", .doc = "By."),
    FIELD(struct desk, staff, FIELD_MAP, .inner = crew_fields, .inner_size = sizeof(struct crew),
          .max = 3, .has_short_form = true, .doc = "Staff."),
    FIELD(struct desk, rows, FIELD_LIST, .inner = crew_fields, .inner_size = sizeof(struct crew),
          .min = 1, .max = 2, .doc = "Rows."),
    FIELD(struct desk, parameters, FIELD_NODE, .doc = "Parameters."),
    FIELD(struct desk, procedures, FIELD_NODE, .doc = "Procedures."),
    FIELD_END};

struct frame {
    const struct expression *when;
};

static const struct field frame_fields[] = {
    FIELD(struct frame, when, FIELD_CONDITION, .doc = "When."), FIELD_END};
static const struct field no_fields[] = {FIELD_END};
static const struct field goto_fields[] = {
    FIELD(struct crew, note, FIELD_TEXT, .required = true, .doc = "Where to."), FIELD_END};

static const struct schema_section small_files[] = {{"desk", "A desk.", desk_fields}};
static const struct schema_section small_steps[] = {
    {"work", "Takes time.", no_fields},
    {"fork", "Splits.", no_fields},
    {"goto", "Goes back.", goto_fields},
};

/* ---- documents ----------------------------------------------------------------------------- */

enum verdict {
    GOOD,     /* for both */
    BAD,      /* for both */
    BAD_READ, /* only the reader can tell */
    BAD_STEP, /* only the schema is asked: steps are not read by rows alone */
    GOOD_STEP,
};

static const struct document {
    enum verdict verdict;
    const char *json; /* which is YAML too */
} documents[] = {
    {GOOD, "{\"name\": \"a\"}"},
    {BAD, "{}"},
    {BAD, "{\"name\": \"A\"}"},
    {BAD, "{\"name\": \"a\", \"nmae\": 3}"},
    {BAD, "{\"name\": \"a\", \"open\": \"yes\"}"},
    {GOOD, "{\"name\": \"a\", \"open\": false}"},
    {GOOD, "{\"name\": \"a\", \"red_share\": 0.5}"},
    {GOOD, "{\"name\": \"a\", \"red_share\": \"50 %\"}"},
    {BAD, "{\"name\": \"a\", \"red_share\": 1.5}"},
    {BAD_READ, "{\"name\": \"a\", \"red_share\": \"150 %\"}"},
    {BAD, "{\"name\": \"a\", \"red_share\": \"5 h\"}"},
    {GOOD, "{\"name\": \"a\", \"mass\": \"2.5 t\"}"},
    {GOOD, "{\"name\": \"a\", \"mass\": \"1e3kg\"}"},
    {BAD, "{\"name\": \"a\", \"mass\": 25}"},
    {BAD, "{\"name\": \"a\", \"mass\": \"25\"}"},
    {BAD_READ, "{\"name\": \"a\", \"mass\": \"25 g\"}"},
    {GOOD, "{\"name\": \"a\", \"wage\": \"30 USD/h\"}"},
    {BAD, "{\"name\": \"a\", \"wage\": \"30 USD\"}"},
    {GOOD, "{\"name\": \"a\", \"factor\": 2.5}"},
    {BAD, "{\"name\": \"a\", \"factor\": 9.5}"},
    {BAD, "{\"name\": \"a\", \"factor\": \"2 h\"}"},
    {GOOD, "{\"name\": \"a\", \"mean\": \"35 min\"}"},
    {GOOD,
     "{\"name\": \"a\", \"mean\": \"half_hour\", \"parameters\": {\"half_hour\": \"30 min\"}}"},
    {BAD_READ, "{\"name\": \"a\", \"mean\": \"half_hour\"}"},
    {BAD, "{\"name\": \"a\", \"mean\": \"35 minutes\"}"},
    {BAD, "{\"name\": \"a\", \"mean\": 35}"},
    {GOOD, "{\"name\": \"a\", \"mean\": {\"value\": \"35 min\", \"evidence\": \"assumed\", "
           "\"source\": \"x\", \"range\": [\"20 min\", \"1 h\"]}}"},
    {BAD, "{\"name\": \"a\", \"mean\": {\"evidence\": \"assumed\"}}"},
    {BAD, "{\"name\": \"a\", \"mean\": {\"value\": \"35 min\", \"evidence\": \"guessed\"}}"},
    {BAD, "{\"name\": \"a\", \"mean\": {\"value\": \"35 min\", \"evidense\": \"assumed\"}}"},
    {GOOD, "{\"name\": \"a\", \"day\": \"2017-01-28\"}"},
    {BAD, "{\"name\": \"a\", \"day\": \"28.1.2017\"}"},
    {BAD_READ, "{\"name\": \"a\", \"day\": \"2017-02-30\"}"},
    {GOOD, "{\"name\": \"a\", \"fee\": \"100.50 USD\"}"},
    {BAD, "{\"name\": \"a\", \"fee\": 100}"},
    {GOOD, "{\"name\": \"a\", \"rule\": \"suspend\"}"},
    {BAD, "{\"name\": \"a\", \"rule\": \"restart\"}"},
    {GOOD, "{\"name\": \"a\", \"holidays\": [\"2017-01-28\", \"2017-01-29\"]}"},
    {BAD, "{\"name\": \"a\", \"holidays\": [\"2017-01-28\", \"2017-01-28\"]}"},
    {GOOD, "{\"name\": \"a\", \"hours\": \"08:00-17:00 mon-fri\"}"},
    {BAD, "{\"name\": \"a\", \"hours\": [8, 17]}"},
    {GOOD, "{\"name\": \"a\", \"service\": \"lognormal(mean: 20 h, cv: 0.8)\"}"},
    {GOOD, "{\"name\": \"a\", \"service\": \"20 h\"}"},
    {BAD, "{\"name\": \"a\", \"service\": 20}"},
    {GOOD, "{\"name\": \"a\", \"carries\": 20}"},
    {GOOD, "{\"name\": \"a\", \"when\": \"true\"}"},
    {BAD, "{\"name\": \"a\", \"when\": [1]}"},
    {GOOD, "{\"name\": \"a\", \"by\": \"port.crane x 2\"}"},
    {GOOD, "{\"name\": \"a\", \"by\": [\"port.crane x 2\", \"customs.examiner\"]}"},
    {BAD, "{\"name\": \"a\", \"by\": \"port crane\"}"},
    {GOOD, "{\"name\": \"a\", \"staff\": {\"clerk\": 5, \"02\": {\"count\": 6, \"note\": \"n\"}}}"},
    {GOOD, "{\"name\": \"a\", \"staff\": {\"clerk\": {\"value\": 5, \"evidence\": \"measured\"}}}"},
    {GOOD, "{\"name\": \"a\", \"staff\": null}"},
    {BAD, "{\"name\": \"a\", \"staff\": {\"clerk\": 0}}"},
    {BAD, "{\"name\": \"a\", \"staff\": {\"clerk\": {\"note\": \"n\"}}}"},
    {BAD, "{\"name\": \"a\", \"staff\": {\"Clerk\": 5}}"},
    {BAD, "{\"name\": \"a\", \"staff\": {\"a\": 1, \"b\": 1, \"c\": 1, \"d\": 1}}"},
    {GOOD, "{\"name\": \"a\", \"rows\": [{\"count\": 5}]}"},
    {BAD, "{\"name\": \"a\", \"rows\": [5]}"},
    {BAD, "{\"name\": \"a\", \"rows\": []}"},
    {BAD, "{\"name\": \"a\", \"rows\": [{\"count\": 5}, {\"count\": 5}, {\"count\": 5}]}"},
    {GOOD_STEP, "{\"name\": \"a\", \"procedures\": {\"p\": [{\"check\": {\"when\": \"true\"}}, "
                "{\"goto\": {\"note\": \"n\"}}, {\"work\": null}, {\"back\": {\"type\": \"goto\", "
                "\"note\": \"n\"}}, {\"fork\": {\"x\": [{\"check\": {}}], \"y\": []}}]}}"},
    {GOOD_STEP, "{\"name\": \"a\", \"procedures\": {\"p\": {\"check\": {\"after\": \"x\", "
                "\"duration\": null}, \"back\": null}}, \"parameters\": {\"x\": {\"scale\": 0.5, "
                "\"range\": [0.3, 0.8]}, \"y\": null}}"},
    {BAD_STEP, "{\"name\": \"a\", \"procedures\": {\"p\": [{\"check\": {\"wehn\": \"true\"}}]}}"},
    {BAD_STEP, "{\"name\": \"a\", \"procedures\": {\"p\": [{\"goto\": {}}]}}"},
    {BAD_STEP, "{\"name\": \"a\", \"procedures\": {\"p\": [{\"goto\": {\"type\": \"glide\"}}]}}"},
    {BAD_STEP, "{\"name\": \"a\", \"procedures\": {\"p\": [{\"a\": {}, \"b\": {}}]}}"},
    {BAD_STEP,
     "{\"name\": \"a\", \"procedures\": {\"p\": [{\"fork\": {\"x\": [{\"check\": 5}]}}]}}"},
    {BAD_STEP, "{\"name\": \"a\", \"parameters\": {\"x\": {\"scale\": 0.5, \"value\": 3}}}"},
};
enum { DOCUMENT_COUNT = sizeof documents / sizeof *documents };

static int read_document(const char *text, struct error *err) {
    struct arena arena = ARENA_INIT;
    struct expression_names names = {0};
    struct reader reader = {.arena = &arena, .names = &names, .currency = "USD"};
    struct desk desk = {0};
    const struct node *root = node_read_text(&arena, "desk.yml", text, strlen(text), err);
    int result = -1;
    if (root != NULL && read_parameters(&reader, node_get(root, "parameters"), err) == 0) {
        result = read_fields(&reader, root, desk_fields, NULL, &desk, err);
    }
    arena_free(&arena);
    return result;
}

static void test_reader_on_documents(void) {
    for (int i = 0; i < DOCUMENT_COUNT; i++) {
        struct error err = ERROR_INIT;
        enum verdict verdict = documents[i].verdict;
        if (verdict == BAD_STEP || verdict == GOOD_STEP) {
            continue;
        }
        bool is_good = read_document(documents[i].json, &err) == 0;
        CHECK(is_good == (verdict == GOOD));
        if (is_good != (verdict == GOOD)) {
            printf("  %s\n  %s\n", documents[i].json, err.text);
        }
    }
}

/* ---- the schema ---------------------------------------------------------------------------- */

static char *written(void (*write)(FILE *file, const struct schema_section *, unsigned,
                                   const struct field *, const struct schema_section *, unsigned),
                     const struct schema_section *files, unsigned file_count,
                     const struct field *frame, const struct schema_section *steps,
                     unsigned step_count) {
    char *text = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&text, &size);
    write(file, files, file_count, frame, steps, step_count);
    fclose(file);
    return text;
}

/* Brackets and quotes match, and every reference has its definition. */
static void check_structure(const char *json) {
    char open[256];
    int depth = 0;
    bool in_text = false, matched = true;
    for (const char *c = json; *c != '\0' && depth < 255; c++) {
        if (in_text) {
            c += *c == '\\';
            in_text = *c != '"';
        } else if (*c == '"') {
            in_text = true;
        } else if (*c == '{' || *c == '[') {
            open[depth++] = *c;
        } else if (*c == '}' || *c == ']') {
            matched = matched && depth > 0 && open[depth - 1] == (*c == '}' ? '{' : '[');
            depth -= depth > 0;
        }
    }
    CHECK(matched);
    CHECK(!in_text);
    CHECK_INT(depth, 0);
    const char *definitions = strstr(json, "\"definitions\": {");
    CHECK(definitions != NULL);
    static const char head[] = "#/definitions/";
    for (const char *at = json; (at = strstr(at, head)) != NULL;) {
        char key[160];
        at += strlen(head);
        snprintf(key, sizeof key, "\"%.*s\": {", (int)strcspn(at, "\""), at);
        CHECK(strstr(definitions, key) != NULL);
    }
}

/* Python says whether the schema is valid and judges documents, one JSON text a line behind its
 * verdict. Exit status 77: no validator. */
static const char judge[] = "import json, sys\n"
                            "schema = json.load(open(sys.argv[1]))\n"
                            "try: import jsonschema\n"
                            "except ImportError: sys.exit(77)\n"
                            "jsonschema.Draft7Validator.check_schema(schema)\n"
                            "validator = jsonschema.Draft7Validator(schema)\n"
                            "wrong = 0\n"
                            "for line in sys.stdin:\n"
                            "    good, text = line.split(' ', 1)\n"
                            "    if validator.is_valid(json.loads(text)) != (good == '1'):\n"
                            "        print('the schema is wrong about', text); wrong += 1\n"
                            "sys.exit(wrong != 0)\n";

static int run_judge(const char *json, bool with_documents) {
    char schema_path[] = "/tmp/clearlab_schema_XXXXXX", judge_path[] = "/tmp/clearlab_judge_XXXXXX";
    char command[256];
    FILE *file = fdopen(mkstemp(schema_path), "w");
    fputs(json, file);
    fclose(file);
    file = fdopen(mkstemp(judge_path), "w");
    fputs(judge, file);
    fclose(file);
    snprintf(command, sizeof command, "python3 -W ignore %s %s", judge_path, schema_path);
    fflush(stdout);
    FILE *pipe = popen(command, "w");
    for (int i = 0; with_documents && i < DOCUMENT_COUNT; i++) {
        enum verdict verdict = documents[i].verdict;
        bool is_valid = verdict == GOOD || verdict == BAD_READ || verdict == GOOD_STEP;
        fprintf(pipe, "%d %s\n", is_valid, documents[i].json);
    }
    int status = pclose(pipe);
    remove(schema_path);
    remove(judge_path);
    return status < 0 ? -1 : (status >> 8) & 0xff;
}

static bool has_python(void) {
    return system("command -v python3 >/dev/null 2>&1") == 0;
}

static void check_schema(const char *json, bool with_documents) {
    check_structure(json);
    int status = has_python() ? run_judge(json, with_documents) : 77;
    if (status == 77) {
        printf("skipped: no JSON Schema validator for Python, only the structure is checked\n");
    } else {
        CHECK_INT(status, 0);
    }
}

static void test_small_schema(void) {
    char *json = written(schema_write_json, small_files, 1, frame_fields, small_steps, 3);
    char *again = written(schema_write_json, small_files, 1, frame_fields, small_steps, 3);
    check_schema(json, true);
    CHECK_TEXT(again, json);
    CHECK(strstr(json, "\"description\": \"Mean. (0 s..1 d)\"") != NULL);
    CHECK(strstr(json, "\"default\": \"5 %\"") != NULL);
    CHECK(strstr(json, "\"default\": true") != NULL);
    CHECK(strstr(json, "A \\\"word\\\" | two.") != NULL);
    CHECK(strstr(json, "By. Default: [a, b x 2].") != NULL);
    free(json);
    free(again);
}

/* ---- the page ------------------------------------------------------------------------------ */

static unsigned bars(const char *line, size_t length) {
    unsigned count = 0;
    for (size_t i = 0; i < length; i++) {
        count += line[i] == '|' && (i == 0 || line[i - 1] != '\\');
    }
    return count;
}

/* Every line of a table has as many cells as its head. */
static void check_tables(const char *page) {
    unsigned columns = 0;
    for (const char *line = page; *line != '\0';) {
        size_t length = strcspn(line, "\n");
        if (line[0] != '|') {
            columns = 0;
        } else if (columns == 0) {
            columns = bars(line, length);
        } else {
            CHECK_INT(bars(line, length), columns);
        }
        line += length + (line[length] != '\0');
    }
}

static void test_small_page(void) {
    char *page = written(schema_write_reference, small_files, 1, frame_fields, small_steps, 3);
    check_tables(page);
    CHECK(strstr(page, "| `name` | name | required |  | Name. |") != NULL);
    CHECK(strstr(page, "| `red_share` | share | `5 %` |  | Share. |") != NULL);
    CHECK(strstr(page, "| `mass` | mass |  | at least 0.25 kg | Mass. |") != NULL);
    CHECK(strstr(page, "| `rule` | `finish`, `suspend` | `finish` |  | Rule. |") != NULL);
    CHECK(strstr(page, "| `service` | distribution of time |  |  | Service. |") != NULL);
    CHECK(strstr(page, "| `staff` | names, each with the keys below |  | at most 3 items | Staff. "
                       "The value of "
                       "`count` may stand alone. |") != NULL);
    CHECK(strstr(page, "| `staff.NAME.count` | whole number | required | 1..1000 | How many. |") !=
          NULL);
    CHECK(strstr(page, "| `staff.NAME.note` | text |  |  | A \"word\" \\| two. |") != NULL);
    CHECK(strstr(page, "| `rows` | as `staff.NAME` |  | 1..2 items | Rows. |") != NULL);
    CHECK(strstr(page, "`rows[].note`") == NULL);
    CHECK(strstr(page, "\n### goto\n\nGoes back.\n\n| key |") != NULL);
    CHECK(strstr(page, "`lognormal`") != NULL);
    CHECK(strstr(page, "| `channel` |") != NULL);
    free(page);
}

/* ---- the language of the program ----------------------------------------------------------- */

/* A row must describe itself, and its default must be a value that it accepts. */
static void check_row(const struct field *field, struct reader *reader) {
    bool has_inner =
        field->kind == FIELD_GROUP || field->kind == FIELD_MAP || field->kind == FIELD_LIST;
    bool is_sound = read_is_name(field->name, strlen(field->name), false) && field->doc != NULL &&
                    field->doc[0] != '\0' && field->doc[strlen(field->doc) - 1] == '.' &&
                    field->min <= field->max && has_inner == (field->inner != NULL) &&
                    (field->kind == FIELD_CHOICE) == (field->choices != NULL) &&
                    !(field->required && field->text_default != NULL) &&
                    (!has_inner || field->inner_size > 0);
    CHECK(is_sound);
    if (!is_sound) {
        printf("  row '%s'\n", field->name);
    }
    if (field->text_default != NULL) {
        struct error err = ERROR_INIT;
        struct field alone[] = {*field, FIELD_END};
        void *target = calloc(1, field->offset + field->inner_size + 256);
        CHECK_INT(read_fields(reader, NULL, alone, NULL, target, &err), 0);
        if (err.code != ERROR_NONE) {
            printf("  %s: %s\n", err.source, err.text);
        }
        free(target);
    }
    for (const struct field *inner = field->inner; has_inner && inner->kind != FIELD_LAST;
         inner++) {
        check_row(inner, reader);
    }
}

static void check_rows(const struct field *fields) {
    struct arena arena = ARENA_INIT;
    struct expression_names names = {0};
    struct reader reader = {.arena = &arena, .names = &names};
    for (; fields->kind != FIELD_LAST; fields++) {
        check_row(fields, &reader);
    }
    arena_free(&arena);
}

static bool has_key(const struct field *fields, const char *key) {
    for (; fields->kind != FIELD_LAST; fields++) {
        if (strcmp(fields->name, key) == 0) {
            return true;
        }
    }
    return false;
}

static void test_language(void) {
    const struct schema_section files[] = {
        {"world", "A world.", world_fields},
        {"system", "A system.", system_fields},
        {"patch", "A patch.", patch_fields},
        {"experiment", "An experiment.", experiment_fields},
    };
    enum { FILE_COUNT = sizeof files / sizeof *files };
    struct schema_section steps[64];
    unsigned count;
    const struct step_type *const *types = step_types(&count);
    for (int i = 0; i < FILE_COUNT; i++) {
        check_rows(files[i].fields);
    }
    check_rows(step_frame_fields);
    CHECK(count <= 64);
    for (unsigned i = 0; i < count; i++) {
        steps[i] = (struct schema_section){types[i]->name, types[i]->doc, types[i]->fields};
        check_rows(types[i]->fields);
        for (const struct field *field = types[i]->fields; field->kind != FIELD_LAST; field++) {
            bool is_taken =
                has_key(step_frame_fields, field->name) || strcmp(field->name, "type") == 0;
            CHECK(!is_taken);
            if (is_taken) {
                printf("  step type '%s', key '%s'\n", types[i]->name, field->name);
            }
        }
    }
    char *json = written(schema_write_json, files, FILE_COUNT, step_frame_fields, steps, count);
    check_schema(json, false);
    char *page =
        written(schema_write_reference, files, FILE_COUNT, step_frame_fields, steps, count);
    check_tables(page);
    free(json);
    free(page);
}

int main(void) {
    test_reader_on_documents();
    test_small_schema();
    test_small_page();
    test_language();
    return test_summary();
}

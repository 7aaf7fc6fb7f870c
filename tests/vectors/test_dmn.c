/* SPDX-License-Identifier: GPL-3.0-or-later
 * Goal: models drawn in DMN editors decide as the DMN standard says. Method: every case of a folder
 * in the layout of the DMN TCK (one folder a model: NAME.dmn and NAME-test-*.xml) is decided and
 * held against the expected result. Cases that need what Clearlab does not take are named with the
 * reason, and are no failures. Numbers are equal exactly, long ones within 1e-8 of their size.
 *
 *   test_dmn [--update] [FOLDER]     default: $CLEARLAB_DATA or ../shared/data, dmn-tck-cl2
 *
 * On the default folder core/rule/dmn_coverage.md must be current; --update writes it. */
#include "core/base/units.h"
#include "core/rule/dmn.h"
#include "core/rule/dmn_xml.h"
#include "tests/test.h"

#include <dirent.h>
#include <stdarg.h>
#include <sys/stat.h>

enum { NAMES_MAX = 4096, INPUTS_MAX = DMN_SLOTS_MAX };

enum verdict { PASSED, FAILED, SKIPPED };

struct run {
    struct arena arena;
    const struct dmn_model *model;
    struct error model_error;
    const char *file;
    unsigned counts[3];
    unsigned folder_counts[3];
    char *page; /* the coverage page as it grows */
    size_t page_length, page_size;
    const char *reason; /* of the case at hand */
};

static char *read_whole(const char *path, size_t *length) {
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        return NULL;
    }
    char *text = malloc(DMN_XML_SIZE_MAX);
    *length = fread(text, 1, DMN_XML_SIZE_MAX, file);
    fclose(file);
    return text;
}

static void page_add(struct run *run, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static void page_add(struct run *run, const char *format, ...) {
    char text[2000];
    va_list args;
    va_start(args, format);
    int length = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    while (run->page_length + (size_t)length + 1 > run->page_size) {
        run->page_size = 2 * run->page_size + 4096;
        run->page = realloc(run->page, run->page_size);
    }
    memcpy(run->page + run->page_length, text, (size_t)length + 1);
    run->page_length += (size_t)length;
}

/* ---- values of a test file ---- */

static bool is_null(const struct dmn_xml *value) {
    const char *nil = dmn_xml_attribute(value, "nil");
    return nil != NULL && (strcmp(nil, "true") == 0 || strcmp(nil, "1") == 0);
}

static const char *trimmed(struct arena *arena, const char *text) {
    text += strspn(text, " \t\r\n");
    size_t length = strlen(text);
    while (length > 0 && strchr(" \t\r\n", text[length - 1]) != NULL) {
        length--;
    }
    return arena_text(arena, text, length);
}

/* A <value> as its xsi:type says; missing when it is null or of a kind that Clearlab has not. */
static struct value read_value(struct arena *arena, const struct dmn_xml *element, bool *is_known) {
    struct value value = {.type = VALUE_MISSING};
    const char *type = dmn_xml_attribute(element, "type");
    const char *text = trimmed(arena, element->text);
    *is_known = true;
    type = type == NULL ? "string" : strchr(type, ':') != NULL ? strchr(type, ':') + 1 : type;
    if (is_null(element)) {
        return value;
    }
    if (strcmp(type, "string") == 0) {
        value = (struct value){.type = VALUE_TEXT,
                               .text = {element->text, (uint32_t)strlen(element->text)}};
    } else if (strcmp(type, "boolean") == 0) {
        value = (struct value){.type = VALUE_BOOLEAN,
                               .boolean = strcmp(text, "true") == 0 || strcmp(text, "1") == 0};
    } else if (strcmp(type, "date") == 0) {
        struct error why = ERROR_INIT;
        *is_known = units_parse_date(text, &value.date_day, (struct place){0}, &why) == 0;
        value.type = *is_known ? VALUE_DATE : VALUE_MISSING;
    } else {
        *is_known = decimal_parse(*text == '+' ? text + 1 : text, &value.decimal) == 0;
        value.type = *is_known ? VALUE_DECIMAL : VALUE_MISSING;
    }
    return value;
}

static void set_inputs(struct run *run, const struct dmn_xml *node, const char *path,
                       struct value *inputs, enum verdict *verdict) {
    int input = dmn_find_input(run->model, path);
    const struct dmn_xml *value = dmn_xml_child(node, "value");
    bool is_known;
    if (input < 0) {
        *verdict = dmn_find_decision(run->model, path) >= 0 ? SKIPPED : FAILED;
        run->reason = arena_format(&run->arena, "the model has no input '%s'", path);
        return;
    }
    if (value != NULL) {
        inputs[input] = read_value(&run->arena, value, &is_known);
    }
    for (const struct dmn_xml *at = dmn_xml_child(node, "component"); at != NULL;
         at = dmn_xml_next(at)) {
        const char *name = dmn_xml_attribute(at, "name");
        set_inputs(run, at, arena_format(&run->arena, "%s.%s", path, name), inputs, verdict);
    }
}

/* ---- comparing ---- */

static const char *print(struct arena *arena, const struct dmn_value *value) {
    char text[1000];
    if (value->shape == DMN_SIMPLE) {
        value_print(value->value, NULL, text, sizeof text);
        return value->value.type == VALUE_MISSING
                   ? "null"
                   : arena_format(arena, value->value.type == VALUE_TEXT ? "\"%s\"" : "%s", text);
    }
    const char *all = "";
    for (unsigned i = 0; i < value->count; i++) {
        const struct dmn_value *item = &value->items[i];
        all = arena_format(arena, "%s%s%s%s%s", all, i == 0 ? "" : ", ",
                           item->name == NULL ? "" : item->name, item->name == NULL ? "" : ": ",
                           print(arena, item));
    }
    return arena_format(arena, value->shape == DMN_LIST ? "[%s]" : "{%s}", all);
}

/* The suite's long figures were made with doubles: for 562.707359373292 (case 002 of 0008) 34
 * digits give 562.70735937326592... So where eight decimals or more are given, 1e-8 of the size is
 * the measure, as is customary with this suite. */
static bool is_same_number(struct decimal actual, struct decimal expected, const char *text) {
    struct decimal difference, allowed, size = expected;
    const char *point = strchr(text, '.');
    size_t decimals = point == NULL ? 0 : strspn(point + 1, "0123456789");
    size.coefficient = size.coefficient < 0 ? -size.coefficient : size.coefficient;
    if (decimal_compare(actual, expected) == 0) {
        return true;
    }
    if (decimals < 8 || decimal_subtract(actual, expected, &difference) < 0 ||
        decimal_multiply(size, (struct decimal){1, 8}, &allowed) < 0) {
        return false;
    }
    difference.coefficient *= difference.coefficient < 0 ? -1 : 1;
    return decimal_compare(difference, allowed) <= 0;
}

static bool is_same_simple(struct arena *arena, const struct value *actual,
                           const struct dmn_xml *element) {
    bool is_known;
    struct value expected = read_value(arena, element, &is_known);
    if (!is_known || actual->type != expected.type) {
        return false;
    }
    switch (actual->type) {
    case VALUE_DECIMAL:
        return is_same_number(actual->decimal, expected.decimal, trimmed(arena, element->text));
    case VALUE_BOOLEAN:
        return actual->boolean == expected.boolean;
    case VALUE_DATE:
        return actual->date_day == expected.date_day;
    case VALUE_TEXT:
        return actual->text.length == expected.text.length &&
               memcmp(actual->text.bytes, expected.text.bytes, actual->text.length) == 0;
    default:
        return true;
    }
}

static const struct dmn_value null_value = {.shape = DMN_SIMPLE, .value = {.type = VALUE_MISSING}};

static bool is_same(struct arena *arena, const struct dmn_value *actual,
                    const struct dmn_xml *expected);

static bool is_same_list(struct arena *arena, const struct dmn_value *actual,
                         const struct dmn_xml *list) {
    unsigned count = 0;
    if (is_null(list)) {
        return actual->shape == DMN_SIMPLE && actual->value.type == VALUE_MISSING;
    }
    for (const struct dmn_xml *at = dmn_xml_child(list, "item"); at != NULL;
         at = dmn_xml_next(at), count++) {
        bool is_there = actual->shape == DMN_LIST && count < actual->count;
        if (!is_same(arena, is_there ? &actual->items[count] : &null_value, at) || !is_there) {
            return false;
        }
    }
    return actual->shape == DMN_LIST && actual->count == count;
}

static bool is_same_context(struct arena *arena, const struct dmn_value *actual,
                            const struct dmn_xml *expected) {
    unsigned count = 0;
    for (const struct dmn_xml *at = dmn_xml_child(expected, "component"); at != NULL;
         at = dmn_xml_next(at), count++) {
        const char *name = dmn_xml_attribute(at, "name");
        const struct dmn_value *found = NULL;
        for (unsigned i = 0; actual->shape == DMN_CONTEXT && i < actual->count; i++) {
            found = strcmp(actual->items[i].name, name) == 0 ? &actual->items[i] : found;
        }
        if (found == NULL || !is_same(arena, found, at)) {
            return false;
        }
    }
    return actual->shape == DMN_CONTEXT && actual->count == count;
}

/* `expected` holds a value, a list, or components; FEEL takes a list of one for its item. */
static bool is_same(struct arena *arena, const struct dmn_value *actual,
                    const struct dmn_xml *expected) {
    const struct dmn_xml *value = dmn_xml_child(expected, "value");
    const struct dmn_xml *list = dmn_xml_child(expected, "list");
    if (list != NULL) {
        return is_same_list(arena, actual, list);
    }
    if (actual->shape == DMN_LIST && actual->count == 1) {
        actual = &actual->items[0];
    }
    if (value == NULL && dmn_xml_child(expected, "component") == NULL) {
        return actual->shape == DMN_SIMPLE && actual->value.type == VALUE_MISSING;
    }
    return value != NULL
               ? actual->shape == DMN_SIMPLE && is_same_simple(arena, &actual->value, value)
               : is_same_context(arena, actual, expected);
}

/* ---- cases ---- */

static enum verdict decide(struct run *run, const struct dmn_xml *result,
                           const struct value *inputs) {
    const char *name = dmn_xml_attribute(result, "name");
    const char *type = dmn_xml_attribute(result, "type");
    const char *error_result = dmn_xml_attribute(result, "errorResult");
    int index = name == NULL ? -1 : dmn_find_decision(run->model, name);
    unsigned count;
    const struct dmn_decision *decisions = dmn_decisions(run->model, &count);
    if (type != NULL && strcmp(type, "decision") != 0) {
        run->reason = arena_format(&run->arena, "a result of a %s", type);
        return SKIPPED;
    }
    if (index < 0) {
        run->reason = arena_format(&run->arena, "the model has no decision '%s'", name);
        return FAILED;
    }
    struct dmn_value value = null_value;
    if (decisions[index].state == DMN_TAKEN) {
        value = dmn_decide(run->model, (unsigned)index, inputs, &run->arena);
    } else if (decisions[index].state == DMN_NOT_SUPPORTED) {
        run->reason = arena_format(&run->arena, "%s:%d:%d: %s", name, decisions[index].problem.line,
                                   decisions[index].problem.column, decisions[index].problem.text);
        return SKIPPED;
    }
    const struct dmn_xml *expected = dmn_xml_child(result, "expected");
    bool is_error = error_result != NULL && strcmp(error_result, "true") == 0;
    if (expected == NULL || is_error
            ? value.shape == DMN_SIMPLE && value.value.type == VALUE_MISSING
            : is_same(&run->arena, &value, expected)) {
        return PASSED;
    }
    run->reason = arena_format(&run->arena, "%s gives %s %s", name, print(&run->arena, &value),
                               decisions[index].problem.text);
    return FAILED;
}

static enum verdict run_case(struct run *run, const struct dmn_xml *test) {
    enum verdict verdict = PASSED;
    struct value inputs[INPUTS_MAX];
    for (unsigned i = 0; i < INPUTS_MAX; i++) {
        inputs[i] = (struct value){.type = VALUE_MISSING};
    }
    run->reason = "";
    if (run->model == NULL) {
        run->reason =
            arena_format(&run->arena, "%s:%d:%d: %s", run->model_error.source,
                         run->model_error.line, run->model_error.column, run->model_error.text);
        return FAILED;
    }
    for (const struct dmn_xml *at = dmn_xml_child(test, "inputNode"); at != NULL;
         at = dmn_xml_next(at)) {
        set_inputs(run, at, dmn_xml_attribute(at, "name"), inputs, &verdict);
    }
    for (const struct dmn_xml *at = dmn_xml_child(test, "resultNode");
         at != NULL && verdict == PASSED; at = dmn_xml_next(at)) {
        verdict = decide(run, at, inputs);
    }
    return verdict;
}

static void run_file(struct run *run, const char *folder, const char *title, const char *name) {
    static const char *const words[] = {"PASS", "FAIL", "not supported"};
    struct error err = ERROR_INIT;
    size_t length;
    char *text = read_whole(arena_format(&run->arena, "%s/%s", folder, name), &length);
    const struct dmn_xml *root =
        text == NULL ? NULL : dmn_xml_read(name, text, length, &run->arena, &err);
    const struct dmn_xml *model = root == NULL ? NULL : dmn_xml_child(root, "modelName");
    free(text);
    run->model = NULL;
    run->model_error = err;
    if (model != NULL) {
        const char *path =
            arena_format(&run->arena, "%s/%s", folder, trimmed(&run->arena, model->text));
        text = read_whole(path, &length);
        error_set(&run->model_error, ERROR_INPUT, "cannot read %s", path);
        if (text != NULL) {
            run->model_error = (struct error)ERROR_INIT;
            run->model = dmn_read(trimmed(&run->arena, model->text), text, length, &run->arena,
                                  &run->model_error);
        }
        free(text);
    }
    const struct dmn_xml *test = root == NULL ? NULL : dmn_xml_child(root, "testCase");
    if (test == NULL) {
        printf("%s/%s: FAIL no test cases: %s\n", title, name, err.text);
        run->counts[FAILED]++;
    }
    for (; test != NULL; test = dmn_xml_next(test)) {
        enum verdict verdict = run_case(run, test);
        const char *id = dmn_xml_attribute(test, "id");
        printf("%s %s: %s%s%s\n", name, id != NULL ? id : "", words[verdict],
               *run->reason != '\0' ? ": " : "", run->reason);
        run->counts[verdict]++;
        run->folder_counts[verdict]++;
        if (verdict == SKIPPED) {
            page_add(run, "| %s | case %s | not supported: %s |\n", title, id != NULL ? id : "",
                     run->reason);
        }
    }
}

/* ---- folders ---- */

static int by_name(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static unsigned list_folder(struct arena *arena, const char *path, const char **names) {
    DIR *folder = opendir(path);
    unsigned count = 0;
    for (struct dirent *at; folder != NULL && (at = readdir(folder)) != NULL;) {
        if (at->d_name[0] != '.' && count < NAMES_MAX) {
            names[count++] = arena_text(arena, at->d_name, strlen(at->d_name));
        }
    }
    if (folder != NULL) {
        closedir(folder);
    }
    qsort(names, count, sizeof *names, by_name);
    return count;
}

static bool is_test_file(const char *name) {
    size_t length = strlen(name);
    return length > 4 && strcmp(name + length - 4, ".xml") == 0 && strstr(name, "-test-") != NULL;
}

/* A folder with test files; else those in it. */
static void run_folder(struct run *run, const char *path, const char *title, int depth) {
    const char **names = malloc(NAMES_MAX * sizeof *names);
    unsigned count = list_folder(&run->arena, path, names);
    bool has_tests = false;
    memset(run->folder_counts, 0, sizeof run->folder_counts);
    for (unsigned i = 0; i < count; i++) {
        if (is_test_file(names[i])) {
            has_tests = true;
            run_file(run, path, title, names[i]);
        }
    }
    if (has_tests) {
        page_add(run, "| %s | %u cases | %u passed, %u failed |\n", title,
                 run->folder_counts[0] + run->folder_counts[1] + run->folder_counts[2],
                 run->folder_counts[PASSED], run->folder_counts[FAILED]);
    }
    for (unsigned i = 0; i < count && depth > 0; i++) {
        struct stat status;
        const char *inner = arena_format(&run->arena, "%s/%s", path, names[i]);
        if (stat(inner, &status) == 0 && S_ISDIR(status.st_mode)) {
            run_folder(run, inner, names[i], depth - 1);
        }
    }
    free(names);
}

/* ---- the coverage page ---- */

static void check_page(struct run *run, bool update) {
    const char *path = SOURCE_DIR "/core/rule/dmn_coverage.md";
    if (update) {
        FILE *file = fopen(path, "wb");
        CHECK(file != NULL);
        fwrite(run->page, 1, run->page_length, file);
        fclose(file);
    }
    size_t length = 0;
    char *page = read_whole(path, &length);
    CHECK(page != NULL);
    bool is_current =
        page != NULL && length == run->page_length && memcmp(page, run->page, length) == 0;
    if (!is_current) {
        printf("%s: FAIL: not current, write it anew with test_dmn --update\n", path);
        run->counts[FAILED]++;
    }
    free(page);
}

int main(int argc, char **argv) {
    bool update = argc > 1 && strcmp(argv[1], "--update") == 0;
    const char *given = argc > 1 + update ? argv[1 + update] : NULL;
    const char *data = getenv("CLEARLAB_DATA");
    struct run run = {.arena = ARENA_INIT};
    struct stat status;
    const char *path = given != NULL
                           ? given
                           : arena_format(&run.arena, "%s/dmn-tck-cl2",
                                          data != NULL ? data : SOURCE_DIR "/../shared/data");
    if (stat(path, &status) != 0) {
        if (given == NULL) {
            SKIP("the cases of the DMN TCK are not here: set CLEARLAB_DATA");
        }
        printf("%s: no such folder\n", path);
        return 1;
    }
    page_add(&run, "# DMN: what is decided and what is not\n\n"
                   "Written by tests/vectors/test_dmn.c from the level-2 cases of the DMN TCK that "
                   "are at hand.\nA case that Clearlab does not support is listed with the "
                   "reason.\n\n| model | cases | outcome |\n|---|---|---|\n");
    run_folder(&run, path, strrchr(path, '/') != NULL ? strrchr(path, '/') + 1 : path, 2);
    page_add(&run,
             "\n## What is not supported\n\n"
             "A decision that needs one of these is refused by name, with its place; the "
             "others of its model are\nnot.\n\n"
             "- times of day, durations, and arithmetic with dates\n"
             "- lists, contexts and filters as values; `for`, `some`, `every`, `function` and "
             "`instance of`\n"
             "- functions other than `not`, `abs`, `min`, `max`, `sum`, `date` and those of "
             "the model whose logic is a\n  literal expression\n"
             "- boxed contexts, lists, relations and functions; boxed invocations whose "
             "arguments are no literal\n  expressions; decision services; imported models\n"
             "- a default output that is calculated\n"
             "- numbers of more than 18 decimals, or not below 9.2e18; powers that are not "
             "whole are null\n\n"
             "A text that is put together is decided, but is not part of a page of rules.\n");
    if (given == NULL) {
        check_page(&run, update);
    }
    bool is_good = run.counts[FAILED] == 0 && run.counts[PASSED] + run.counts[SKIPPED] > 0;
    printf("%u passed, %u failed, %u skipped\n", run.counts[PASSED], run.counts[FAILED],
           run.counts[SKIPPED]);
    free(run.page);
    arena_free(&run.arena);
    return is_good ? 0 : 1;
}

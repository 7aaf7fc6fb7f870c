/* SPDX-License-Identifier: GPL-3.0-or-later
 * Goal: csv.h keeps RFC 4180, and says where a row is wrong. Method: rows written out with their
 * fields and places. */
#include "core/base/csv.h"
#include "tests/test.h"

/* Reads the whole text; fields joined by |, rows by /, or the error. */
static void reads(const char *text, char separator, const char *expected) {
    char copy[512], got[2048] = "";
    struct csv csv;
    struct error err = ERROR_INIT;
    snprintf(copy, sizeof copy, "%s", text);
    csv_init(&csv, "file.csv", copy, separator);
    int more;
    while ((more = csv_next(&csv, &err)) == 1) {
        for (unsigned i = 0; i < csv.count; i++) {
            strcat(strcat(got, i > 0 ? "|" : ""), csv.fields[i]);
        }
        strcat(got, "/");
    }
    if (more < 0) {
        char message[1100];
        snprintf(message, sizeof message, "%d:%d: %s", err.line, err.column, err.text);
        strcat(got, message);
    }
    CHECK_TEXT(got, expected);
}

static void test_rows(void) {
    reads("a,b,c\n1,,3\n", ',', "a|b|c/1||3/");
    reads("a,b\r\n1,2", ',', "a|b/1|2/");
    reads("a;b\n1,5;2\n", ';', "a|b/1,5|2/");
    reads("\xEF\xBB\xBFname\nx\n", ',', "name/x/");
    reads("\n\na,b\n\n1,2\n\n", ',', "a|b/1|2/");
    reads("", ',', "");
    reads(",\n", ',', "|/");
    reads("a\rb,c\r", ',', "a\rb|c/");
}

static void test_quotes(void) {
    reads("\"a,b\",\"c\"\"d\",\"\"\n", ',', "a,b|c\"d|/");
    reads("\"two\nlines\",x\ny,z\n", ',', "two\nlines|x/y|z/");
    reads("5\" pipe,x\n", ',', "5\" pipe|x/");
    reads("\"open,x\ny\n", ',', "1:1: the quote that opens here is never closed");
    reads("a,b\nc,\"x\"y\n", ',',
          "a|b/2:3: text follows the closing quote; write a quote inside as \"\"");
    reads("\"l\nm\",\"x\"y\n", ',',
          "2:4: text follows the closing quote; write a quote inside as \"\"");
}

static void test_places(void) {
    char text[] = "id,name\n7,\"two\nlines\",last\n8,x\n";
    struct csv csv;
    struct error err = ERROR_INIT;
    csv_init(&csv, "file.csv", text, ',');
    CHECK_INT(csv_next(&csv, &err), 1);
    CHECK_INT(csv_find(&csv, "name"), 1);
    CHECK_INT(csv_find(&csv, "Name"), -1);
    CHECK_INT(csv_next(&csv, &err), 1);
    CHECK_INT(csv.lines[2], 3);
    CHECK_INT(csv.columns[2], 8);
    CHECK_INT(csv_error(&csv, 2, &err, "a %s", "fault"), -1);
    CHECK_INT(err.line, 3);
    CHECK_TEXT(err.source, "file.csv");
    CHECK_INT(csv_next(&csv, &err), 1);
    CHECK_INT(csv.row_line, 4);
    struct error missing = ERROR_INIT;
    csv_error(&csv, 5, &missing, "no field");
    CHECK_INT(missing.line, 4);
    CHECK_INT(missing.column, 1);
}

static void test_limit(void) {
    char text[CSV_COLUMNS_MAX + 8];
    struct csv csv;
    struct error err = ERROR_INIT;
    memset(text, ',', sizeof text);
    text[CSV_COLUMNS_MAX - 1] = '\0'; /* so many fields exactly */
    csv_init(&csv, "file.csv", text, ',');
    CHECK_INT(csv_next(&csv, &err), 1);
    CHECK_INT(csv.count, CSV_COLUMNS_MAX);
    memset(text, ',', sizeof text);
    text[CSV_COLUMNS_MAX] = '\0';
    csv_init(&csv, "file.csv", text, ',');
    CHECK_INT(csv_next(&csv, &err), -1);
    CHECK_TEXT(err.text, "more than 512 columns");
}

int main(void) {
    test_rows();
    test_quotes();
    test_places();
    test_limit();
    return test_summary();
}

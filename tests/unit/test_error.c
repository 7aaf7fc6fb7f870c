/* SPDX-License-Identifier: GPL-3.0-or-later
 * test_error.c - the first failure wins, messages look like a compiler's, and names are guessed. */
#include "core/base/error.h"

#include "tests/test.h"

static const struct place here = {"worlds/port.yml", 14, 9};

static void prints(const struct error *err, const char *expected) {
    char text[2048];
    unsigned length = error_print(err, text, sizeof text);
    CHECK_TEXT(text, expected);
    CHECK_INT(length, strlen(expected));
}

static void test_first_wins(void) {
    struct error err = ERROR_INIT;
    CHECK_INT(error_at(&err, here, "expected %d officers, got '%s'", 3, "three"), -1);
    CHECK_INT(error_set(&err, ERROR_RUN, "later"), -1);
    CHECK_INT(error_at(&err, (struct place){"other.yml", 1, 1}, "later still"), -1);
    CHECK_INT(err.code, ERROR_INPUT);
    CHECK_INT(err.line, 14);
    CHECK_INT(err.column, 9);
    CHECK_TEXT(err.source, "worlds/port.yml");
    CHECK_TEXT(err.text, "expected 3 officers, got 'three'");
    struct error run = ERROR_INIT;
    error_set(&run, ERROR_RUN, "disk full");
    error_at(&run, here, "later");
    CHECK_INT(run.code, ERROR_RUN);
    CHECK_INT(run.line, 0);
    prints(&run, "error: disk full\n");
}

static void test_print(void) {
    struct error err = ERROR_INIT;
    error_at(&err, here, "expected a whole number, got 'three'");
    prints(&err, "worlds/port.yml:14:9: error: expected a whole number, got 'three'\n");
    error_excerpt(&err, "  staff: three\n", 15);
    prints(&err, "worlds/port.yml:14:9: error: expected a whole number, got 'three'\n"
                 "    staff: three\n"
                 "          ^\n");
    struct error no_line = ERROR_INIT;
    error_at(&no_line, (struct place){"first.h5", 0, 0}, "not a result");
    error_excerpt(&no_line, "bytes", 5); /* no line, no caret */
    prints(&no_line, "first.h5: error: not a result\n");
    struct error no_source = ERROR_INIT;
    error_at(&no_source, (struct place){NULL, 0, 0}, "no seed");
    prints(&no_source, "error: no seed\n");
}

/* Continuation bytes take no room on a terminal; control characters would spoil it. */
static void test_excerpt(void) {
    struct error err = ERROR_INIT;
    error_at(&err, (struct place){"a.yml", 1, 7}, "x");
    error_excerpt(&err, "\xc3\xa9\xc3\xa9\t: y", 9); /* two letters of two bytes */
    CHECK_TEXT(err.excerpt, "\xc3\xa9\xc3\xa9 : y");
    prints(&err, "a.yml:1:7: error: x\n  \xc3\xa9\xc3\xa9 : y\n      ^\n");
    error_excerpt(&err, "one\rtwo", 7);
    CHECK_TEXT(err.excerpt, "one");
    error_excerpt(&err, "one\0two", 7);
    CHECK_TEXT(err.excerpt, "one");
    error_excerpt(&err, "abcdef", 3);
    CHECK_TEXT(err.excerpt, "abc");
    error_excerpt(&err, "", 0);
    CHECK_TEXT(err.excerpt, "");
    /* A line too long is cut between characters, whatever their length. */
    for (unsigned shift = 0; shift < 4; shift++) {
        char line[300] = "xxx";
        for (unsigned used = shift; used + 4 < sizeof line; used += 4) {
            memcpy(line + used, "\xf0\x9f\x9a\xa2", 4);
        }
        error_excerpt(&err, line, (unsigned)strlen(line));
        size_t length = strlen(err.excerpt);
        CHECK(length < sizeof err.excerpt);
        CHECK(length >= sizeof err.excerpt - 5);
        CHECK_INT((length - shift) % 4, 0);
    }
}

/* Whatever the room, it is not overrun and ends in '\0'. */
static void test_little_room(void) {
    struct error err = ERROR_INIT;
    error_at(&err, here, "expected a whole number, got 'three'");
    error_excerpt(&err, "staff: three", 12);
    char whole[2048];
    unsigned whole_length = error_print(&err, whole, sizeof whole);
    for (unsigned size = 0; size <= whole_length + 2; size++) {
        char text[2048];
        memset(text, '#', sizeof text);
        unsigned length = error_print(&err, text, size);
        CHECK(text[size] == '#');
        if (size > 0) {
            CHECK(length < size);
            CHECK_INT(strlen(text), length);
            CHECK(memcmp(text, whole, length) == 0);
        }
    }
    struct error huge = ERROR_INIT;
    char source[600];
    memset(source, 's', sizeof source - 1);
    source[sizeof source - 1] = '\0';
    error_at(&huge, (struct place){source, 1, 1}, "%2000d", 7);
    CHECK_INT(strlen(huge.source), sizeof huge.source - 1);
    CHECK_INT(strlen(huge.text), sizeof huge.text - 1);
}

static void nearest(const char *wrong, const char *expected) {
    static const char *const names[] = {
        "document_officer", "examiner", "duration", "charge", "when", "min", "release"};
    const char *found = error_nearest_name(wrong, names, sizeof names / sizeof *names);
    CHECK_TEXT(found == NULL ? "(none)" : found, expected);
}

static void test_nearest_name(void) {
    nearest("examiner", "examiner");
    nearest("examinr", "examiner");
    nearest("xaminr", "examiner");
    nearest("eexaaminer", "examiner");
    nearest("exminaer", "examiner");
    nearest("document_oficer", "document_officer");
    nearest("durations", "duration");
    nearest("realese", "release");
    nearest("wen", "when");
    nearest("mni", "min"); /* two letters swapped are two changes */
    nearest("cherge", "charge");
    nearest("chrage", "charge");
    nearest("crane", "(none)"); /* charge is three changes away */
    nearest("broker", "(none)");
    nearest("xylophone", "(none)");
    CHECK(error_nearest_name("any", NULL, 0) == NULL);
    char longest[300];
    memset(longest, 'a', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    nearest(longest, "(none)");
    const char *const ties[] = {"red", "rod"};
    CHECK_TEXT(error_nearest_name("rad", ties, 2), "red"); /* the first of equals */
}

static void test_hint(void) {
    const char *const names[] = {"check", "charge"};
    CHECK_TEXT(error_hint("chek", names, 2, "").text, "; did you mean 'check'?");
    CHECK_TEXT(error_hint("xylophone", names, 2, "; see --help").text, "; see --help");
    CHECK_TEXT(error_hint("chek", NULL, 0, "").text, "");
}

int main(void) {
    test_first_wins();
    test_print();
    test_excerpt();
    test_little_room();
    test_nearest_name();
    test_hint();
    return test_summary();
}

/* SPDX-License-Identifier: GPL-3.0-or-later
 * node_wording.c - see node_wording.h. */
#include "core/base/node_wording.h"

#include <stddef.h>
#include <string.h>

struct wording {
    const char *problem, *context; /* how they begin */
    char at;
    const char *text;
    bool at_context;
};

#define ANY '\0'
#define NO_TAB "a tab cannot be used for indentation; use spaces"
#define NO_COLON \
    "':' cannot stand here; check the indentation, and put text that contains ': ' in quotes"

/* The first row that fits counts. */
static const struct wording wordings[] = {
    {"found character that cannot start any token", "", '\t', NO_TAB, false},
    {"found character that cannot start any token", "", ANY,
     "text cannot begin with this character; put it in quotes", false},
    {"could not find expected ':'", "", ANY, "expected ':' after this key", true},
    {"block sequence entries", "", ANY, "a list item ('- ') cannot stand here; begin a new line",
     false},
    {"mapping keys are not allowed", "", ANY, "a key ('? ') cannot stand here", false},
    {"mapping values are not allowed", "", ANY, NO_COLON, false},
    {"found unexpected end of stream", "while scanning a quoted", ANY,
     "this quotation mark is never closed", true},
    {"found unexpected document indicator", "", ANY, "this quotation mark is never closed", true},
    {"found unknown escape character", "", ANY,
     "unknown escape after '\\' in double quotes; write '\\\\' for a backslash", false},
    {"did not find expected hexdecimal", "", ANY, "expected hexadecimal digits after '\\'", false},
    {"found invalid Unicode", "", ANY, "this escape names no Unicode character", false},
    {"did not find expected node content", "", ANY, "expected a value here", false},
    {"did not find expected '-'", "", ANY,
     "expected '- ' like the items above; check the indentation of this line", false},
    {"did not find expected key", "", ANY,
     "expected a key here; check the indentation, and that quotes enclose the whole value", false},
    {"did not find expected ',' or", "", ':', NO_COLON, false},
    {"did not find expected ',' or ']'", "", ANY, "this '[' has no ']'; items are separated by ','",
     true},
    {"did not find expected ',' or '}'", "", ANY, "this '{' has no '}'; keys are separated by ','",
     true},
    {"did not find expected <document start>", "", ANY,
     "the value ended before this; check the indentation", false},
    {"found a tab", "", ANY, NO_TAB, false},
    {"found unexpected ':'", "", ANY, "':' cannot stand here; put the text in quotes", false},
    {"found an indentation indicator equal to 0", "", ANY, "expected 1 to 9 after '|' or '>'",
     false},
    {"did not find expected comment or line break", "while scanning a block", ANY,
     "expected the text on the next line after '|' or '>'", false},
    {"", "while scanning an anchor", ANY, "an anchor ('&') needs a name of letters and digits",
     false},
    {"", "while scanning an alias", ANY, "an alias ('*') needs a name of letters and digits",
     false},
    {"", "while scanning a tag", ANY, "tags ('!') are not allowed", true},
    {"", "while parsing a tag", ANY, "tags ('!') are not allowed", true},
    {"found undefined tag", "", ANY, "tags ('!') are not allowed", true},
    {"", "while scanning a directive", ANY, "this '%' line cannot be read; leave it out", true},
    {"", "while scanning a %", ANY, "this '%' line cannot be read; leave it out", true},
    {"found incompatible YAML", "", ANY, "only YAML 1.1 and 1.2 are read", false},
    {"found duplicate", "", ANY, "this '%' line stands here twice", false},
};

static bool begins(const char *text, const char *with) {
    return strncmp(text, with, strlen(with)) == 0;
}

const char *node_wording(const char *problem, const char *context, char at, bool *at_context) {
    const char *of_context = context != NULL ? context : "";
    for (size_t i = 0; i < sizeof wordings / sizeof *wordings; i++) {
        const struct wording *wording = &wordings[i];
        if (begins(problem, wording->problem) && begins(of_context, wording->context) &&
            (wording->at == ANY || wording->at == at)) {
            *at_context = wording->at_context && context != NULL;
            return wording->text;
        }
    }
    *at_context = false;
    return NULL;
}

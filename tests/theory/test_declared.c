/* SPDX-License-Identifier: GPL-3.0-or-later
 * test_declared.c - goal: conditions see of a replayed declaration what its row says, whether or
 * not the world has a table of goods, and nothing that was drawn for somebody else.
 *
 * Method: a file of five rows on one day, so one arrives every 288 minutes; steps of one minute
 * whose conditions ask for what is known. The world's table lists chapter 84 only, every
 * consignment of which needs a permit. */
#define _POSIX_C_SOURCE 200809L /* open_memstream, mkstemp */
#include "tests/theory/scene.h"

#include <unistd.h>

/* Chapters 84, 22, 84, 01 and 22; values 500, 2000, 500, 90 and 7. */
static const char rows[] = "Date,Importer ID,HS6 Code,Item Price,Net Mass,Tax Rate,Fraud\n"
                           "2017-01-02,A,847130,500,12,0,0\n"
                           "2017-01-02,B,220421,2000,700,10,1\n"
                           "2017-01-02,A,847130,500,12,0,0\n"
                           "2017-01-02,C,010121,90,3,0,0\n"
                           "2017-01-02,B,220300,7,0.5,10,0\n";

static const char goods[] =
    "goods: {84: {share: 100 %, value: 1 USD, mass: 1 kg, permit: 100 %}}, ";

/* Plays the rows of `csv` in a world with `goods` or without; the procedure in flow style. */
static void play(struct scene *scene, const char *csv, const char *table, const char *others,
                 const char *procedure) {
    char path[] = "test_declared_XXXXXX", text[8192];
    int handle = mkstemp(path);
    CHECK(handle >= 0 && write(handle, csv, strlen(csv)) == (ssize_t)strlen(csv));
    close(handle);
    snprintf(text, sizeof text,
             "clearlab: 1\nexperiment: scene\nseed: 1\nreplications: 1\n"
             "study: {cohort: 1 d, limit: 4 d}\nintervals: {sojourn: {from: created, to: ended}}\n"
             "world: {clearlab: 1, world: w, %sarrivals: {a: {procedure: p, declarations: {csv: "
             "%s}}%s}}\n"
             "systems: {s: {clearlab: 1, system: s, organisations: {customs: {}}, procedures: "
             "{p: %s}}}\n",
             table, path, others, procedure);
    scene_play(scene, text);
    unlink(path);
}

/* Who is checked (when: a condition), as the letters of the five rows: x or -. */
static void check_who(const char *table, const char *condition, const char *expected) {
    static struct scene scene;
    char procedure[1024], who[6] = "-----";
    snprintf(procedure, sizeof procedure,
             "[{look: {type: work, by: customs, duration: 1 min, when: '%s'}}]", condition);
    play(&scene, rows, table, "", procedure);
    CHECK_TEXT(scene.message, "");
    for (unsigned row = 0; row < 5; row++) {
        char begin[64];
        snprintf(begin, sizeof begin, " a%u look", row + 1);
        who[row] = strstr(scene.story, begin) != NULL ? 'x' : '-';
    }
    CHECK_TEXT(who, expected);
    scene_free(&scene);
}

static void test_what_a_row_says(void) {
    static const struct {
        const char *condition, *expected;
    } cases[] = {
        {"value >= 500 USD", "xxx--"}, {"mass < 5 kg", "---xx"},         {"chapter == 22", "-x--x"},
        {"chapter == 01", "---x-"},    {"not (chapter == 84)", "-x-xx"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        check_who("", cases[i].condition, cases[i].expected);
        check_who(goods, cases[i].condition, cases[i].expected);
    }
}

/* A permit is drawn by the chapter's share; a chapter that the world does not list has none. */
static void test_permits(void) {
    check_who("", "permit", "-----");
    check_who(goods, "permit", "x-x--");
}

static void test_code_without_chapter(void) {
    static struct scene scene;
    play(&scene,
         "Date,Importer ID,HS6 Code,Item Price,Net Mass,Tax Rate,Fraud\n"
         "2017-01-02,A,8x7130,500,12,0,0\n",
         goods, "", "[{look: {type: work, by: customs, duration: 1 min}}]");
    CHECK(strstr(scene.message, ":2:14: error: '8x7130' does not begin with the two digits") !=
          NULL);
    scene_free(&scene);
}

/* Who comes otherwise (stream b, one every half hour): how many of them are checked. */
static unsigned drawn_checked(const char *table, const char *condition) {
    static struct scene scene;
    char procedure[1024];
    unsigned count = 0;
    snprintf(procedure, sizeof procedure,
             "[{look: {type: work, by: customs, duration: 1 min, when: '%s'}}]", condition);
    play(&scene, rows, table, ", b: {procedure: p, interarrival: 30 min}", procedure);
    CHECK_TEXT(scene.message, "");
    for (const char *at = scene.story; (at = strstr(at, " look begin\n")) != NULL; at++) {
        const char *line = at;
        while (line > scene.story && line[-1] != '\n') {
            line--;
        }
        count += strchr(line, 'b') < at;
    }
    scene_free(&scene);
    return count;
}

/* Goods of other streams are drawn from the world's table, never from the file's chapters. */
static void test_drawn_beside_declared(void) {
    CHECK_INT(drawn_checked(goods, "chapter == 84 and permit"), 47);
    CHECK_INT(drawn_checked(goods, "value == 1 USD"), 47);
    CHECK_INT(drawn_checked("", "visits == 0"), 47);
    CHECK_INT(drawn_checked("", "value >= 0 USD or permit"), 0);
}

int main(void) {
    test_what_a_row_says();
    test_permits();
    test_code_without_chapter();
    test_drawn_beside_declared();
    return test_summary();
}

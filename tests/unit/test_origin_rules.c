/* SPDX-License-Identifier: GPL-3.0-or-later
 * Goal: each kind of rule of origin answers yes, no or "needs a human" as it should, at its exact
 * limit too; what is missing or not understood is never guessed. Method: schemes of one rule in our
 * own layout and in the words of agreements; small tables; mistakes with their places. */
#include "core/tariff/origin.h"
#include "tests/test.h"

static struct exact number(const char *text) {
    struct exact value = {0};
    CHECK(text[0] == '\0' || exact_parse(text, &value) == 0);
    return value; /* "" is not known */
}

/* "1507 20 3.5": code, value and weight; "?" for one that is not known. */
static struct origin_material material(const char *text, enum origin_status status) {
    char code[16], value[32], weight[32];
    CHECK_INT(sscanf(text, "%15s %31s %31s", code, value, weight), 3);
    unsigned digits = (unsigned)strlen(code);
    uint64_t padded = strtoull(code, NULL, 10);
    for (unsigned i = digits; i < 10; i++) {
        padded *= 10;
    }
    return (struct origin_material){.code = padded,
                                    .digits = digits,
                                    .status = status,
                                    .value = number(value[0] == '?' ? "" : value),
                                    .weight = number(weight[0] == '?' ? "" : weight)};
}

static struct origin_material foreign(const char *text) {
    return material(text, ORIGIN_NON_ORIGINATING);
}

static struct origin_material ours(const char *text) {
    return material(text, ORIGIN_ORIGINATING);
}

static struct origin_material of_area(const char *text, const char *area) {
    struct origin_material made = material(text, ORIGIN_BY_AREA);
    made.area = area;
    return made;
}

static int read_section(struct arena *arena, const char *yaml, const char *table,
                        struct origin *origin, struct error *err) {
    const struct node *node = NULL;
    struct origin_table tables[1] = {{.name = "rules.csv"}};
    if (yaml != NULL) {
        node = node_read_text(arena, "origin.yml", yaml, strlen(yaml), err);
        if (node == NULL) {
            return -1;
        }
    }
    if (table != NULL) {
        tables[0].text = arena_text(arena, table, strlen(table));
    }
    return origin_read(node, tables, table != NULL, arena, origin, err);
}

/* Goods 1517100000, 100 ex works, 200 FOB, 10 kg, unless told otherwise. */
static const struct origin_goods margarine = {
    .code = 1517100000, .ex_works = {100, 1}, .fob = {200, 1}, .weight = {10, 1}};

static void judge_with(const char *yaml, const char *table, const struct origin_goods *goods,
                       const struct origin_material *materials, unsigned count,
                       enum origin_answer answer, const char *why) {
    struct arena arena = ARENA_INIT;
    struct origin origin;
    struct error err = ERROR_INIT;
    struct origin_judgement judgement;
    if (read_section(&arena, yaml, table, &origin, &err) < 0) {
        printf("%d:%d: %s\n", err.line, err.column, err.text);
        CHECK(false);
    } else {
        origin_judge(&origin, origin_find(&origin, "x"), goods, materials, count, &judgement);
        CHECK_TEXT(origin_answer_name(judgement.answer), origin_answer_name(answer));
        if (judgement.answer != answer || strstr(judgement.why, why) == NULL) {
            printf("of %s\n", yaml != NULL ? yaml : table);
            CHECK_TEXT(judgement.why, why);
        }
    }
    arena_free(&arena);
}

/* One rule for all goods, with up to two materials. */
static void says(const char *rule, const struct origin_goods *goods,
                 const struct origin_material *materials, unsigned count, enum origin_answer answer,
                 const char *why) {
    char yaml[2000];
    snprintf(yaml, sizeof yaml, "x: {rules: [{codes: \"01-97\", rule: %s}]}\n", rule);
    judge_with(yaml, NULL, goods, materials, count, answer, why);
}

#define ONE(...) ((const struct origin_material[]){__VA_ARGS__}), 1
#define TWO(...) ((const struct origin_material[]){__VA_ARGS__}), 2

static void test_change(void) {
    const char *heading = "{change: {of: heading}}";
    says(heading, &margarine, TWO(foreign("1507 20 1"), foreign("1512 30 1")), ORIGIN_YES,
         "every non-originating material is of another heading");
    says(heading, &margarine, TWO(foreign("1507 20 1"), foreign("1517 30 1")), ORIGIN_NO,
         "material 1517 is of the goods' own heading");
    says(heading, &margarine, TWO(foreign("1507 20 1"), ours("1517 30 1")), ORIGIN_YES, "");
    says(heading, &margarine, ONE(foreign("15 20 1")), ORIGIN_HUMAN, "material 15 may be of");
    says(heading, &margarine, ONE(foreign("16 20 1")), ORIGIN_YES, "");
    says("{change: {of: chapter}}", &margarine, ONE(foreign("1507 20 1")), ORIGIN_NO,
         "the goods' own chapter");
    says("{change: {of: chapter}}", &margarine, ONE(foreign("0405 20 1")), ORIGIN_YES, "");
    says("{change: {of: subheading}}", &margarine, ONE(foreign("15171010 20 1")), ORIGIN_NO,
         "the goods' own subheading");
    says("{change: {of: subheading}}", &margarine, ONE(foreign("151790 20 1")), ORIGIN_YES, "");
    says("{change: {of: subheading}}", &margarine, ONE(foreign("1517 20 1")), ORIGIN_HUMAN, "");
    const char *except = "{change: {of: heading, except: [\"1511-1513\", \"04\"]}}";
    says(except, &margarine, ONE(foreign("1512 1 1")), ORIGIN_NO, "a code that the rule excludes");
    says(except, &margarine, ONE(foreign("0405 1 1")), ORIGIN_NO, "material 0405 is of a code");
    says(except, &margarine, ONE(foreign("1514 1 1")), ORIGIN_YES, "");
    says("{not_from: [\"1511\"]}", &margarine, ONE(foreign("1517 1 1")), ORIGIN_YES, "");
    says("{not_from: [\"1511\"]}", &margarine, ONE(foreign("151110 1 1")), ORIGIN_NO, "");
    says("{only_from: [\"1511\"]}", &margarine, ONE(foreign("151110 1 1")), ORIGIN_YES, "");
    says("{only_from: [\"1511\"]}", &margarine, ONE(foreign("1512 1 1")), ORIGIN_HUMAN,
         "an earlier stage");
    says("{any_heading: true}", &margarine, ONE(foreign("1517 1 1")), ORIGIN_YES, "");
}

static void test_allowance(void) {
    const char *same = "{change: {of: heading, unless: {share: 20 %}}}";
    says(same, &margarine, TWO(foreign("1517 12 1"), foreign("151790 8 1")), ORIGIN_YES,
         "within the value that the rule allows");
    says(same, &margarine, TWO(foreign("1517 12 1"), foreign("151790 8.01 1")), ORIGIN_NO, "");
    says(same, &margarine, TWO(foreign("1517 12 1"), foreign("151790 ? 1")), ORIGIN_HUMAN, "");
    const char *codes = "{change: {of: chapter, unless: {share: 20 %, codes: [\"1507\"]}}}";
    says(codes, &margarine, ONE(foreign("1507 20 1")), ORIGIN_YES, "");
    says(codes, &margarine, TWO(foreign("1507 10 1"), foreign("1508 1 1")), ORIGIN_NO, "");
}

static void test_limits(void) {
    const char *most = "{value_max: {share: 70 %}}";
    says(most, &margarine, TWO(foreign("1507 30 1"), foreign("1512 40 1")), ORIGIN_YES,
         "non-originating materials are 70, not above 70 % of the ex-works price of 100");
    says(most, &margarine, TWO(foreign("1507 30 1"), foreign("1512 40.000000001 1")), ORIGIN_NO,
         "above 70 %");
    says(most, &margarine, TWO(foreign("1507 70 1"), ours("1512 1000 1")), ORIGIN_YES, "");
    says(most, &margarine, TWO(foreign("1507 30 1"), foreign("1512 ? 1")), ORIGIN_HUMAN,
         "not known well enough");
    says(most, &margarine, TWO(foreign("1507 70.5 1"), foreign("1512 ? 1")), ORIGIN_NO, "");
    struct origin_goods unpriced = {.code = 1517100000};
    says(most, &unpriced, ONE(foreign("1507 1 1")), ORIGIN_HUMAN,
         "the ex-works price is not declared");
    says("{value_max: {share: 20 %, codes: [\"17\"]}}", &margarine,
         TWO(foreign("1701 20 1"), foreign("1512 70 1")), ORIGIN_YES, "of the codes named");
    says("{value_max: {share: 20 %, codes: [\"1701\"]}}", &margarine, ONE(foreign("17 21 1")),
         ORIGIN_HUMAN, "");
    says("{value_max: {share: 20 %, base: fob}}", &margarine, ONE(foreign("1701 40 1")), ORIGIN_YES,
         "FOB value of 200");
    says("{weight_max: {share: 40 %, codes: [\"17\"]}}", &margarine, ONE(foreign("1701 1 4")),
         ORIGIN_YES, "not above 40 % of the weight of 10");
    says("{weight_max: {share: 40 %, codes: [\"17\"]}}", &margarine, ONE(foreign("1701 1 4.001")),
         ORIGIN_NO, "");
    says("{balance: true}", &margarine, TWO(foreign("1701 30 1"), ours("1512 30 1")), ORIGIN_YES,
         "");
    says("{balance: true}", &margarine, TWO(foreign("1701 30.1 1"), ours("1512 30 1")), ORIGIN_NO,
         "non-originating materials are 30.1, originating ones 30");
}

static void test_content(void) {
    const struct origin_goods meat = {.code = 1602320000, .fob = {820, 1}, .ex_works = {800, 1}};
    const char *down = "{content_min: {share: 45 %}}";
    says(down, &meat, ONE(foreign("0207 451 1")), ORIGIN_YES,
         "the regional content is 369, not below 45 % of the FOB value of 820");
    says(down, &meat, ONE(foreign("0207 451.01 1")), ORIGIN_NO, "below 45 %");
    says(down, &meat, TWO(foreign("0207 100 1"), foreign("0207 ? 1")), ORIGIN_HUMAN, "");
    says(down, &meat, TWO(foreign("0207 452 1"), foreign("0207 ? 1")), ORIGIN_NO, "");
    const char *up = "{content_min: {share: 45 %, method: build_up, base: ex_works}}";
    says(up, &meat, TWO(foreign("0207 1 1"), ours("0207 360 1")), ORIGIN_YES, "");
    says(up, &meat, TWO(foreign("0207 1 1"), ours("0207 359.99 1")), ORIGIN_NO, "");
    says(up, &meat, TWO(foreign("0207 1 1"), ours("0207 ? 1")), ORIGIN_HUMAN, "");
    const char *either = "{content_min: {share: 50 %, method: either}}";
    says(either, &meat, TWO(foreign("0207 411 1"), ours("0207 410 1")), ORIGIN_YES, "");
    says(either, &meat, TWO(foreign("0207 411 1"), ours("0207 409 1")), ORIGIN_NO, "");
}

static void test_obtained(void) {
    const char *goods = "{wholly_obtained: goods}";
    struct origin_goods fish = {.code = 302110000, .wholly_obtained = ORIGIN_NOT_SAID};
    says(goods, &fish, ONE(foreign("0302 1 1")), ORIGIN_NO, "material 0302 is not originating");
    fish.wholly_obtained = ORIGIN_TRUE;
    says(goods, &fish, NULL, 0, ORIGIN_YES, "the goods are wholly obtained");
    fish.wholly_obtained = ORIGIN_NOT_SAID;
    says(goods, &fish, NULL, 0, ORIGIN_HUMAN, "no materials are declared");
    struct origin_material milk = ours("0401 5 1");
    milk.wholly_obtained = ORIGIN_TRUE;
    const char *of_four = "{wholly_obtained: [\"04\"]}";
    says(of_four, &margarine, TWO(milk, foreign("1507 1 1")), ORIGIN_YES, "");
    says(of_four, &margarine, TWO(foreign("0401 5 1"), foreign("1507 1 1")), ORIGIN_NO,
         "material 0401 is not wholly obtained");
    says(of_four, &margarine, TWO(ours("0401 5 1"), foreign("1507 1 1")), ORIGIN_HUMAN, "");
    says("{originating: [\"04\"]}", &margarine, TWO(ours("0401 5 1"), foreign("1507 1 1")),
         ORIGIN_YES, "");
    says(of_four, &margarine, TWO(ours("0401 5 1"), ours("1507 1 1")), ORIGIN_YES,
         "originating materials only");
    struct origin_goods packed = margarine;
    packed.minimal_only = ORIGIN_TRUE;
    says("{any_heading: true}", &packed, ONE(foreign("1507 1 1")), ORIGIN_NO, "minimal operations");
    says("{any_heading: true}", &packed, ONE(ours("1507 1 1")), ORIGIN_HUMAN, "minimal operations");
}

/* Kleene's tables: what is open decides only where nothing else does. */
static void test_combinations(void) {
    struct origin_material oil = foreign("1507 50 1");
    const char *const yes = "any_heading: true", *no = "not_from: [\"15\"]", *open = "human: look";
    const struct {
        const char *first, *second;
        enum origin_answer all, any;
    } table[] = {{yes, no, ORIGIN_NO, ORIGIN_YES},         {no, no, ORIGIN_NO, ORIGIN_NO},
                 {yes, open, ORIGIN_HUMAN, ORIGIN_YES},    {open, no, ORIGIN_NO, ORIGIN_HUMAN},
                 {open, open, ORIGIN_HUMAN, ORIGIN_HUMAN}, {yes, yes, ORIGIN_YES, ORIGIN_YES}};
    for (unsigned i = 0; i < sizeof table / sizeof table[0]; i++) {
        char rule[200];
        for (int is_any = 0; is_any < 2; is_any++) {
            for (int turned = 0; turned < 2; turned++) {
                const char *a = turned ? table[i].second : table[i].first;
                const char *b = turned ? table[i].first : table[i].second;
                snprintf(rule, sizeof rule, "{%s: [{%s}, {%s}]}", is_any ? "any" : "all", a, b);
                says(rule, &margarine, &oil, 1, is_any ? table[i].any : table[i].all, "");
            }
        }
    }
}

static void test_cumulation_and_tolerance(void) {
    const char *yaml = "x:\n    parties: [GB, FR]\n    partners: [AD]\n"
                       "    tolerance:\n    - {codes: \"01-24\", share: 15 %, of: weight}\n"
                       "    - {codes: \"25-97\", share: 10 %}\n"
                       "    rules:\n    - {codes: \"01-97\", rule: {change: {of: heading}}}\n";
    struct origin_material own = foreign("1517 90 1.5"), more = foreign("1517 90 1.51");
    judge_with(yaml, NULL, &margarine, &own, 1, ORIGIN_YES, "within the tolerance of the scheme");
    judge_with(yaml, NULL, &margarine, &more, 1, ORIGIN_NO, "");
    struct origin_goods tool = margarine;
    tool.code = 8205100000;
    struct origin_material part = foreign("8205 10 9"), parts = foreign("8205 10.01 1");
    judge_with(yaml, NULL, &tool, &part, 1, ORIGIN_YES, "");
    judge_with(yaml, NULL, &tool, &parts, 1, ORIGIN_NO, "");
    struct origin_material two[] = {foreign("8481 50 1"), of_area("8205 50 1", "FR")};
    judge_with(yaml, NULL, &tool, two, 2, ORIGIN_YES, "of another heading");
    two[1].area = "AD";
    judge_with(yaml, NULL, &tool, two, 2, ORIGIN_HUMAN,
               "material 8205000000 from AD counts as originating by cumulation");
    two[1].area = "CN";
    judge_with(yaml, NULL, &tool, two, 2, ORIGIN_NO, "");
    two[0] = foreign("8205 50 1"); /* breaks whatever is said of the other */
    two[1].area = "AD";
    judge_with(yaml, NULL, &tool, two, 2, ORIGIN_NO, "");
    two[1].area = "FR";
    two[0].code = 8481000000;
    judge_with("x: {rules: [{codes: \"01-97\", rule: {change: {of: heading}}}]}\n", NULL, &tool,
               two, 2, ORIGIN_HUMAN, "cumulation"); /* nobody says who takes part */
}

/* --- the words of agreements --- */

static void words(const char *text, const struct origin_material *materials, unsigned count,
                  enum origin_answer answer) {
    char rule[1200];
    snprintf(rule, sizeof rule, "{text: \"%s\"}", text);
    says(rule, &margarine, materials, count, answer, "");
}

static void test_words(void) {
    const struct origin_material soya = foreign("1507 50 1"), own = foreign("1517 20 1"),
                                 sugar = foreign("1701 30 4");
    words("Manufacture from materials of any heading, except that of the product.", &soya, 1,
          ORIGIN_YES);
    words("Manufacture from materials of any heading, except that of the product.", &own, 1,
          ORIGIN_NO);
    words("Manufacture from materials of any heading, except that of the product. However, "
          "materials of the same heading as the product may be used, provided that their total "
          "value does not exceed 20% of the ex-works price of the product.",
          &own, 1, ORIGIN_YES);
    words("Manufacture from materials of any heading, except that of the product. However, "
          "materials of the same heading as the product may be used, provided that their total "
          "value does not exceed 19.5% of the ex-works price of the product.",
          &own, 1, ORIGIN_NO);
    words("Manufacture: - from materials of any heading, except that of the product, *and* - in "
          "which the value of all the materials used does not exceed 50% of the ex-works price of "
          "the product.",
          &soya, 1, ORIGIN_YES);
    words("Manufacture in which: - all the materials used are classified within a heading other "
          "than that of the product - the value of all the materials used does not exceed 49% of "
          "the ex\xE2\x80\x90works price of the product.",
          &soya, 1, ORIGIN_NO);
    words("Manufacture in which the value of all the materials used does not exceed 50 percent of "
          "the ex- work price of the product.",
          &soya, 1, ORIGIN_YES);
    words(
        "Manufacture in which: - the value of all the materials used does not exceed 40% of the "
        "ex-works price of the product, *and* - within the above limit, the value of all the "
        "materials of heading 1701 used does not exceed 29% of the ex-works price of the product.",
        &sugar, 1, ORIGIN_NO);
    words("Manufacture from materials of any heading, except that of the product, in which the "
          "weight of the materials of chapter 10 to chapter 12 and heading 1701 or 17.02 used does "
          "not exceed 40% of the weight of the final product.",
          &sugar, 1, ORIGIN_YES);
    words("Manufacture from materials of any heading, except those of chapter 17 or heading 1507.",
          &soya, 1, ORIGIN_NO);
    words("CTH: All non-originating materials used in the production of the good have undergone a "
          "change in tariff classification at the 4-digit level (tariff heading) except from "
          "heading 1507 to heading 1515.",
          &soya, 1, ORIGIN_NO);
    words("A change to a good of heading 1501 through 1518 from any other chapter, except from "
          "heading 1701.",
          &sugar, 1, ORIGIN_NO);
    words("A change to a good of heading 1501 through 1516 from any other chapter.", &sugar, 1,
          ORIGIN_HUMAN); /* goods of 1517 are not among them */
    words("No change in tariff classification required for a good of heading 1517, provided there "
          "is a regional value content of not less than: - a) 95% under the build-up method. - b) "
          "75% under the build-down method.",
          &soya, 1, ORIGIN_YES);
    words("No change in tariff classification required for a good of heading 1517, provided there "
          "is a regional value content of not less than: - a) 95% under the build-up method. - b) "
          "76% under the build-down method.",
          &soya, 1, ORIGIN_NO);
}

static void test_words_not_understood(void) {
    const struct origin_material soya = foreign("1507 50 1"), own = foreign("1517 20 1"),
                                 shoe = foreign("6406 1 1");
    const char *const opaque[] = {
        "Manufacture from yarn.",
        "Manufacture from materials of any heading, except that of the product, unless dyed.",
        "Manufacture in which the value of all the materials used, except natural rubber, does not "
        "exceed 90% of the ex-works price of the product.",
        "Manufacture in which the value of all the materials used does not exceed 150% of the "
        "ex-works price of the product.",
        "Manufacture from materials of any heading and / or dyeing.",
        "Manufacture from materials of heading 150.",
        "",
        "or",
        "Manufacture",
        "Manufacture from materials of any heading or dyeing.",
    };
    for (unsigned i = 0; i < sizeof opaque / sizeof opaque[0]; i++) {
        words(opaque[i][0] != '\0' ? opaque[i] : " ", &soya, 1, ORIGIN_HUMAN);
    }
    const char *except_words = "Manufacture from materials of any heading, except from assemblies "
                               "of uppers affixed to inner soles of heading 6406.";
    words(except_words, &soya, 1, ORIGIN_YES); /* no such heading at all */
    words(except_words, &shoe, 1, ORIGIN_HUMAN);
    const char *allow_words = "Manufacture from materials of any heading, except that of the "
                              "product. However, handles of base metal may be used.";
    words(allow_words, &soya, 1, ORIGIN_YES);
    words(allow_words, &own, 1, ORIGIN_HUMAN);
}

/* --- tables --- */

#define HEADER                                                                              \
    "scheme_code,heading,min_code,max_code,subdivision,rule_classes,operator,quota,import," \
    "export,rule_text\n"
#define OF_15 "x,15,1500000000,1599999999,"
#define CTH "Manufacture from materials of any heading except that of the product."
#define HALF                                                                           \
    "Manufacture in which the value of all the materials used does not exceed 50% of " \
    "the ex-works price of the product."

static void test_tables(void) {
    struct origin_material soya = foreign("1507 60 1"), own = foreign("1517 50 1"),
                           both = foreign("1507 50 1"), none = foreign("1517 51 1");
    const char *or_table = HEADER OF_15 "Fats,CTH,,0,1,1," CTH "\n" OF_15 "Fats,MAXNOM,or,0,1,1,"
                                        "\"" HALF "\"\n";
    judge_with(NULL, or_table, &margarine, &soya, 1, ORIGIN_YES, "another heading");
    judge_with(NULL, or_table, &margarine, &own, 1, ORIGIN_YES, "not above 50 %");
    judge_with(NULL, or_table, &margarine, &none, 1, ORIGIN_NO, "");
    const char *unstated =
        HEADER OF_15 "Fats,CTH,,0,1,1," CTH "\n" OF_15 "Fats,MAXNOM,,0,1,1," HALF "\n";
    judge_with(NULL, unstated, &margarine, &both, 1, ORIGIN_YES, "");
    judge_with(NULL, unstated, &margarine, &none, 1, ORIGIN_NO, "");
    judge_with(NULL, unstated, &margarine, &soya, 1, ORIGIN_HUMAN, "does not say whether all");
    const char *kinds =
        HEADER OF_15 "Fats,CTH,,0,1,1," CTH "\n" OF_15 "Oils,MAXNOM,,0,1,1," HALF "\n";
    judge_with(NULL, kinds, &margarine, &soya, 1, ORIGIN_HUMAN, "several descriptions");
    judge_with(NULL, kinds, &margarine, &both, 1, ORIGIN_YES, "");
    struct origin_goods oils = margarine;
    oils.subdivision = "Oils";
    judge_with(NULL, kinds, &oils, &soya, 1, ORIGIN_NO, "above 50 %");
    oils.subdivision = "Waxes";
    judge_with(NULL, kinds, &oils, &soya, 1, ORIGIN_HUMAN, "has the description 'Waxes'");
    judge_with(NULL, HEADER OF_15 ",CTH,,1,1,1," CTH "\n", &margarine, &soya, 1, ORIGIN_HUMAN,
               "within a yearly quota only");
    judge_with(NULL, HEADER OF_15 ",CTH,,0,0,1," CTH "\n", &margarine, &soya, 1, ORIGIN_HUMAN,
               "direction of trade");
    judge_with(NULL, HEADER OF_15 ",CTH,or,0,1,1," CTH "\n", &margarine, &own, 1, ORIGIN_HUMAN,
               "is missing");
    judge_with(NULL, HEADER OF_15 ",CC,,0,1,1," CTH "\n", &margarine, &soya, 1, ORIGIN_HUMAN,
               "the class CC is not what the rule says");
    judge_with(NULL,
               HEADER OF_15 ",CTH,,0,1,1," CTH "\n" OF_15 ",MAXNOM,,0,1,1,\"However, materials of "
                            "heading 1517 may be used, provided that their total value does not "
                            "exceed 50% of the ex-works price of the product.\"\n",
               &margarine, &own, 1, ORIGIN_YES, "within the value that the rule allows");
    struct origin_goods fish = margarine;
    fish.code = 302110000;
    judge_with(NULL, or_table, &fish, &soya, 1, ORIGIN_HUMAN, "no rule for code 0302110000");
}

static void refuses(const char *yaml, const char *table, const char *expected) {
    struct arena arena = ARENA_INIT;
    struct origin origin;
    struct error err = ERROR_INIT;
    char message[1200];
    CHECK_INT(read_section(&arena, yaml, table, &origin, &err), -1);
    snprintf(message, sizeof message, "%s:%d:%d: %s", err.source, err.line, err.column, err.text);
    CHECK_TEXT(message, expected);
    arena_free(&arena);
}

static void test_mistakes(void) {
    refuses(NULL, "", "rules.csv:1:1: the table has no header");
    refuses(NULL, "scheme_code,heading\n", "rules.csv:1:1: the column 'min_code' is missing");
    refuses(NULL, HEADER "x,15,150,1599999999,,CTH,,0,1,1,x\n",
            "rules.csv:2:6: '150' is no code of ten digits");
    refuses(NULL, HEADER "x,15,1500000000,1400000000,,CTH,,0,1,1,x\n",
            "rules.csv:2:17: the last code is below the first");
    refuses(NULL, HEADER OF_15 ",CTH,and,0,1,1,x\n",
            "rules.csv:2:33: expected 'or' or nothing, got 'and'");
    refuses(NULL, HEADER OF_15 ",CTH,,2,1,1,x\n", "rules.csv:2:34: expected 0 or 1, got '2'");
    refuses(NULL, HEADER OF_15 ",CTH\n", "rules.csv:2:1: the row has 6 fields, the header 11");
    refuses("[x]\n", NULL, "origin.yml:1:1: expected a mapping of names of schemes");
    refuses("x: {rule: []}\n", NULL,
            "origin.yml:1:5: 'rule' is no key of a scheme; did you mean 'rules'?");
    refuses("x: {rules: [{codes: \"1\", rule: {any_heading: true}}]}\n", NULL,
            "origin.yml:1:21: '1' is no code: 2, 4, 6, 8 or 10 digits, or two such with - between");
    refuses("x: {rules: [{codes: \"02-01\", rule: {any_heading: true}}]}\n", NULL,
            "origin.yml:1:21: the last code is below the first");
    refuses("x: {rules: [{codes: \"02\", rule: {chnage: true}}]}\n", NULL,
            "origin.yml:1:42: 'chnage' is no test of a rule of origin; did you mean 'change'?");
    refuses("x: {rules: [{codes: \"02\", rule: {change: {of: item}}}]}\n", NULL,
            "origin.yml:1:47: 'item' is no choice here; there is chapter, heading, subheading");
    refuses("x: {rules: [{codes: \"02\", rule: {value_max: {share: 70}}}]}\n", NULL,
            "origin.yml:1:53: expected a share in percent, such as 90 %, got '70'");
    refuses("x: {rules: [{codes: \"02\", rule: {}}]}\n", NULL,
            "origin.yml:1:33: expected one test: a mapping with one key, no deeper than 16");
    refuses("x: {tolerance: [{codes: \"02\", share: 5 %, of: value}]}\n", NULL,
            "origin.yml:1:47: 'value' is no choice here; there is ex_works, weight");
}

static void test_table_names(void) {
    struct arena arena = ARENA_INIT;
    struct error err = ERROR_INIT;
    const char *text = "eu: {table: uk.csv.gz}\nus: {table: us.csv}\njapan: {table: uk.csv.gz}\n"
                       "x: {}\n",
               *names[2];
    const struct node *node = node_read_text(&arena, "origin.yml", text, strlen(text), &err);
    CHECK_INT(origin_table_names(node, names, 2), 2);
    CHECK_TEXT(names[0], "uk.csv.gz");
    CHECK_TEXT(names[1], "us.csv");
    CHECK_INT(origin_table_names(node, names, 1), 1);
    CHECK_INT(origin_table_names(NULL, names, 2), 0);
    arena_free(&arena);
}

int main(void) {
    test_change();
    test_allowance();
    test_limits();
    test_content();
    test_obtained();
    test_combinations();
    test_cumulation_and_tolerance();
    test_words();
    test_words_not_understood();
    test_tables();
    test_mistakes();
    test_table_names();
    return test_summary();
}

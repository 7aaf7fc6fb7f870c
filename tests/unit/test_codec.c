/* SPDX-License-Identifier: GPL-3.0-or-later
 * Goal: one byte string for every value, and no value for any other. Method: bytes written out by
 * hand; random values there and back; every byte string that is accepted, altered ones included, is
 * the one that its value encodes to. */
#include "tests/test.h"
#include "tests/unit/codec_sample.h"

static struct arena arena;
static uint64_t state = 20180601;

static uint32_t draw(uint32_t below) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(state >> 33) % below;
}

static struct codec_blob draw_text(uint32_t size_max) {
    static const char *const characters[] = {
        "a", "Z", " ", "~", "\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x9a\xa2"};
    uint8_t *bytes = arena_alloc(&arena, size_max);
    uint32_t size = 0, size_wanted = draw(size_max);
    while (size + 4 <= size_wanted) {
        const char *character = characters[draw(7)];
        memcpy(bytes + size, character, strlen(character));
        size += (uint32_t)strlen(character);
    }
    return (struct codec_blob){.bytes = bytes, .size = size};
}

static struct codec_list draw_items(uint32_t count_max) {
    uint32_t count = draw(count_max + 1);
    struct sample_item *items = ARENA_ARRAY(&arena, struct sample_item, count);
    for (uint32_t i = 0; i < count; i++) {
        items[i] = (struct sample_item){.kind = (uint8_t)draw(6), .note = draw_text(40)};
    }
    return (struct codec_list){.count = count, .items = items};
}

static struct sample draw_sample(void) {
    struct sample sample = {.small = (uint8_t)draw(256),
                            .number = draw(1000001),
                            .height = (uint64_t)draw(1u << 31) << draw(33),
                            .amount = (int64_t)draw(1u << 31) - (1 << 30),
                            .is_paid = draw(2) == 1,
                            .payload = draw_text(64),
                            .name = draw_text(100),
                            .items = draw_items(9),
                            .members = draw_items(12)};
    for (unsigned i = 0; i < sizeof sample.hash; i++) {
        sample.hash[i] = (uint8_t)draw(256);
    }
    if (codec_sort(&sample_rows[9], &sample.members, &arena) != 0) {
        sample.members.count = 0; /* two equal ones: no set */
    }
    return sample;
}

/* Whether the bytes are refused, or are what their value encodes to. */
static bool is_canonical(const uint8_t *bytes, size_t size, bool *is_accepted) {
    struct sample sample;
    struct codec_fault fault = {.field = NULL};
    uint8_t again[4096];
    *is_accepted = codec_decode(sample_rows, bytes, size, &arena, &sample, &fault) == 0;
    if (!*is_accepted) {
        return fault.field != NULL && fault.reason != NULL && fault.offset <= size;
    }
    return codec_encode(sample_rows, &sample, again, sizeof again) == size &&
           memcmp(bytes, again, size) == 0;
}

static void test_round_trips(void) {
    unsigned accepted = 0, altered = 0;
    for (int round = 0; round < 4000; round++) {
        struct sample sample = draw_sample();
        uint8_t bytes[4096];
        size_t size = codec_encode(sample_rows, &sample, bytes, sizeof bytes);
        bool is_accepted;
        CHECK(size == codec_encode(sample_rows, &sample, NULL, 0));
        CHECK(is_canonical(bytes, size, &is_accepted) && is_accepted);
        CHECK(is_canonical(bytes, draw((uint32_t)size), &is_accepted) && !is_accepted);
        CHECK(is_canonical(bytes, size + 1, &is_accepted) && !is_accepted);
        for (int i = 0; i < 20; i++, altered++) {
            uint32_t at = draw((uint32_t)size);
            uint8_t kept = bytes[at];
            bytes[at] ^= (uint8_t)(1 << draw(8));
            CHECK(is_canonical(bytes, size, &is_accepted));
            accepted += is_accepted;
            bytes[at] = kept;
        }
        arena_free(&arena);
    }
    printf("%u of %u altered encodings are other values, the rest none\n", accepted, altered);
    CHECK(accepted > altered / 10 && accepted < altered);
}

static void test_layout(void) {
    static const struct codec_row rows[] = {CODEC(struct sample, number, CODEC_U32),
                                            CODEC(struct sample, amount, CODEC_I64),
                                            CODEC(struct sample, is_paid, CODEC_FLAG),
                                            CODEC(struct sample, name, CODEC_TEXT), CODEC_ROWS_END};
    struct sample sample = {.number = 0x01020304,
                            .amount = -2,
                            .is_paid = true,
                            .name = {.bytes = (const uint8_t *)"ab", .size = 2}};
    static const uint8_t expected[] = {1,    2,    3, 4, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
                                       0xff, 0xfe, 1, 0, 0,    0,    2,    'a',  'b'};
    uint8_t bytes[64];
    CHECK_INT(codec_encode(rows, &sample, bytes, sizeof bytes), sizeof expected);
    CHECK(memcmp(bytes, expected, sizeof expected) == 0);
}

/* The sample with all lists empty, whose offsets are known; one field at a time is spoilt. */
static void refuses(size_t at, uint8_t byte, const char *field, size_t offset, const char *reason) {
    static const uint8_t zero[32];
    struct sample sample = {.name = {.bytes = zero, .size = 0}}, decoded;
    struct codec_fault fault = {.field = ""};
    uint8_t bytes[256] = {0};
    size_t size = codec_encode(sample_rows, &sample, bytes, sizeof bytes);
    CHECK_INT(size, 70);
    bytes[at] = byte;
    CHECK_INT(codec_decode(sample_rows, bytes, size + (at >= size), &arena, &decoded, &fault), -1);
    CHECK_TEXT(fault.field, field);
    CHECK_INT(fault.offset, offset);
    CHECK_TEXT(fault.reason, reason);
}

static void test_faults(void) {
    refuses(2, 0xff, "number", 1, "above its limit");
    refuses(21, 2, "is_paid", 21, "above its limit");
    refuses(57, 65, "payload", 54, "above its limit");
    refuses(57, 60, "payload", 58, "the bytes end in the middle of it");
    refuses(61, 9, "name", 62, "the bytes end in the middle of it");
    refuses(61, 4, "name", 62, "no printable UTF-8 character");
    refuses(65, 10, "items", 62, "above its limit");
    refuses(65, 5, "items", 62, "more items than there are bytes");
    refuses(66, 0xff, "members", 66, "more items than there are bytes");
    refuses(70, 0, "end", 70, "bytes are left over");
}

static bool reads_text(const char *text) {
    static const struct codec_row rows[] = {CODEC(struct sample, name, CODEC_TEXT), CODEC_ROWS_END};
    struct sample sample = {
        .name = {.bytes = (const uint8_t *)text, .size = (uint32_t)strlen(text)}};
    struct codec_fault fault;
    uint8_t bytes[64];
    size_t size = codec_encode(rows, &sample, bytes, sizeof bytes);
    return codec_decode(rows, bytes, size, &arena, &sample, &fault) == 0;
}

static void test_texts(void) {
    static const char *const good[] = {"",
                                       "plain",
                                       "\xc2\xa0",
                                       "\xdf\xbf",
                                       "\xe0\xa0\x80",
                                       "\xed\x9f\xbf",
                                       "\xef\xbf\xbd",
                                       "\xf0\x90\x80\x80",
                                       "\xf4\x8f\xbf\xbf"};
    static const char *const bad[] = {"\x80",
                                      "\xc1\xbf",
                                      "\xc2",
                                      "\xe0\x9f\xbf",
                                      "\xed\xa0\x80",
                                      "\xf0\x8f\xbf\xbf",
                                      "\xf4\x90\x80\x80",
                                      "\xf5\x80\x80\x80",
                                      "\xe2\x82",
                                      "a\nb",
                                      "\x7f",
                                      "\xc2\x85",
                                      "\xff"};
    for (unsigned i = 0; i < sizeof good / sizeof *good; i++) {
        CHECK(reads_text(good[i]));
    }
    for (unsigned i = 0; i < sizeof bad / sizeof *bad; i++) {
        CHECK(!reads_text(bad[i]));
    }
}

int main(void) {
    test_layout();
    test_round_trips();
    test_faults();
    test_texts();
    arena_free(&arena);
    return test_summary();
}

/* SPDX-License-Identifier: GPL-3.0-or-later
 * test_model_file.c - goal: what was written comes back, and no file that was cut or altered is
 * taken for one. Method: every prefix and every single bit of a small file, and wrong readers. */
#include "core/risk/model_file.h"
#include "tests/test.h"

static struct model_writer written(struct arena *arena) {
    struct model_writer writer;
    static const float floats[] = {1.5f, -0.0f};
    model_file_create(&writer, arena);
    model_file_section(&writer, "first");
    model_file_put_u32(&writer, 4000000007u);
    model_file_put_text(&writer, "unit value");
    model_file_section(&writer, "eight888");
    model_file_put_u64(&writer, 0x0123456789abcdefu);
    model_file_put_f64(&writer, -2.385);
    model_file_put_f32s(&writer, floats, 2);
    model_file_finish(&writer);
    return writer;
}

static void test_round_trip(void) {
    struct arena arena = ARENA_INIT;
    struct error err = ERROR_INIT;
    struct model_writer writer = written(&arena);
    struct model_reader reader;
    CHECK_INT(writer.length % 8, 0);
    CHECK_INT(writer.bytes[8 + 24], 4000000007u & 255); /* little-endian, behind magic and head */
    CHECK_INT(model_file_open(&reader, "a", writer.bytes, writer.length, &err), 0);
    CHECK(!model_file_enter(&reader, "eight888"));
    CHECK(model_file_enter(&reader, "first"));
    CHECK(model_file_u32(&reader) == 4000000007u);
    CHECK_TEXT(model_file_text(&reader, &arena), "unit value");
    model_file_require(&reader, "eight888");
    CHECK(model_file_u64(&reader) == 0x0123456789abcdefu);
    CHECK_NEAR(model_file_f64(&reader), -2.385, 0);
    const float *floats = model_file_f32s(&reader, &arena, 2);
    CHECK(floats != NULL && floats[0] == 1.5f && __builtin_signbit(floats[1]));
    CHECK_INT(model_file_close(&reader), 0);
    arena_free(&arena);
}

static int open_fails(const unsigned char *bytes, size_t length, struct error *err) {
    struct model_reader reader;
    *err = (struct error)ERROR_INIT;
    return model_file_open(&reader, "a.model", bytes, length, err) < 0 &&
           strncmp(err->text, "offset ", 7) == 0 && strcmp(err->source, "a.model") == 0;
}

static void test_damage(void) {
    struct arena arena = ARENA_INIT;
    struct error err;
    struct model_writer writer = written(&arena);
    unsigned refused = 0;
    for (size_t length = 0; length < writer.length; length++) {
        refused += (unsigned)open_fails(writer.bytes, length, &err);
    }
    CHECK_INT(refused, writer.length);
    refused = 0;
    for (size_t bit = 0; bit < 8 * writer.length; bit++) {
        writer.bytes[bit / 8] ^= (unsigned char)(1u << bit % 8);
        refused += (unsigned)open_fails(writer.bytes, writer.length, &err);
        writer.bytes[bit / 8] ^= (unsigned char)(1u << bit % 8);
    }
    CHECK_INT(refused, 8 * writer.length);
    writer.bytes[8 + 24] ^= 1;
    CHECK(open_fails(writer.bytes, writer.length, &err));
    CHECK_TEXT(err.text, "offset 8: section 'first' was altered: its checksum differs");
    writer.bytes[8 + 24] ^= 1;
    CHECK(open_fails(writer.bytes, 60, &err));
    CHECK_TEXT(err.text, "offset 56: the file ends where a section should begin; it is cut off");
    writer.bytes[7] = 2;
    CHECK(open_fails(writer.bytes, writer.length, &err));
    CHECK_TEXT(err.text, "offset 0: version 2 of the format; this program reads version 1");
    arena_free(&arena);
}

/* Reads past the end of a section, past its beginning, and of another name. */
static void test_misreading(void) {
    struct arena arena = ARENA_INIT;
    struct error err = ERROR_INIT;
    struct model_writer writer = written(&arena);
    struct model_reader reader;
    model_file_open(&reader, "a", writer.bytes, writer.length, &err);
    model_file_require(&reader, "first");
    CHECK(model_file_u32s(&reader, &arena, 5) == NULL && reader.failed);
    CHECK_INT(model_file_u32(&reader), 0); /* nothing is read after a failure */
    err = (struct error)ERROR_INIT;
    model_file_open(&reader, "a", writer.bytes, writer.length, &err);
    model_file_require(&reader, "first");
    CHECK_INT(model_file_close(&reader), -1);
    CHECK_TEXT(err.text, "offset 32: section 'end' should stand here");
    err = (struct error)ERROR_INIT;
    model_file_open(&reader, "a", writer.bytes, writer.length, &err);
    model_file_require(&reader, "first");
    model_file_require(&reader, "eight888");
    CHECK_TEXT(err.text, "offset 32: 18 bytes of the section before 'eight888' are of no use");
    err = (struct error)ERROR_INIT;
    model_file_open(&reader, "a", writer.bytes, writer.length, &err);
    model_file_require(&reader, "forest");
    CHECK_TEXT(err.text, "offset 8: section 'forest' should stand here");
    err = (struct error)ERROR_INIT;
    model_file_open(&reader, "a", writer.bytes, writer.length, &err);
    model_file_require(&reader, "first");
    CHECK_INT(model_file_count(&reader, 1000, "trees"), 0);
    CHECK_TEXT(err.text, "offset 36: 4000000007 trees; at most 1000 are possible");
    arena_free(&arena);
}

int main(void) {
    /* The check value of CRC-64/XZ in the catalogue of parametrised CRC algorithms. */
    CHECK(model_file_checksum((const unsigned char *)"123456789", 9) == 0x995dc9bbdf1939fa);
    test_round_trip();
    test_damage();
    test_misreading();
    return test_summary();
}

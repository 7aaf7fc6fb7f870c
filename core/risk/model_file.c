/* SPDX-License-Identifier: GPL-3.0-or-later
 * model_file.c - see model_file.h. */
#include "core/risk/model_file.h"

#include "core/base/require.h"

#include <stdio.h>
#include <string.h>

enum { MAGIC_SIZE = 8, NAME_SIZE = 8, HEAD_SIZE = 24 };

static const unsigned char magic[MAGIC_SIZE] = {'C', 'L', 'R', 'R', 'I', 'S', 'K', 1};

/* ---- checksum ------------------------------------------------------------------------------ */

/* Eight tables: table[k][b] is the checksum of byte b followed by k zero bytes (slicing by eight).
 */
struct crc {
    uint64_t table[8][256];
};

static void crc_init(struct crc *crc) {
    for (uint32_t byte = 0; byte < 256; byte++) {
        uint64_t value = byte;
        for (int bit = 0; bit < 8; bit++) {
            value = value >> 1 ^ (value & 1 ? 0xc96c5795d7870f42 : 0);
        }
        crc->table[0][byte] = value;
    }
    for (uint32_t byte = 0; byte < 256; byte++) {
        for (int k = 1; k < 8; k++) {
            uint64_t before = crc->table[k - 1][byte];
            crc->table[k][byte] = before >> 8 ^ crc->table[0][before & 255];
        }
    }
}

static uint64_t little_endian(const unsigned char *bytes, unsigned size) {
    uint64_t value = 0;
    for (unsigned i = 0; i < size; i++) {
        value |= (uint64_t)bytes[i] << 8 * i;
    }
    return value;
}

static uint64_t crc_of(const struct crc *crc, uint64_t state, const unsigned char *bytes,
                       size_t length) {
    for (; length >= 8; bytes += 8, length -= 8) {
        uint64_t mixed = state ^ little_endian(bytes, 8);
        state = 0;
        for (int k = 0; k < 8; k++) {
            state ^= crc->table[7 - k][mixed >> 8 * k & 255];
        }
    }
    for (; length > 0; bytes++, length--) {
        state = state >> 8 ^ crc->table[0][(state ^ *bytes) & 255];
    }
    return state;
}

uint64_t model_file_checksum(const unsigned char *bytes, size_t length) {
    struct crc crc;
    crc_init(&crc);
    return ~crc_of(&crc, ~(uint64_t)0, bytes, length);
}

/* Of a section: its name and length stand at the head, its own sum between them and the payload. */
static uint64_t section_checksum(const struct crc *crc, const unsigned char *head, size_t length) {
    uint64_t state = crc_of(crc, ~(uint64_t)0, head, NAME_SIZE + 8);
    return ~crc_of(crc, state, head + HEAD_SIZE, length);
}

/* ---- writing ------------------------------------------------------------------------------- */

static unsigned char *extend(struct model_writer *writer, size_t size) {
    size_t needed = writer->length + size;
    if (needed > writer->capacity) {
        size_t capacity = writer->capacity < 4096 ? 4096 : writer->capacity;
        while (capacity < needed) {
            capacity *= 2;
        }
        unsigned char *bytes = arena_alloc(writer->arena, capacity);
        if (writer->length > 0) {
            memcpy(bytes, writer->bytes, writer->length);
        }
        writer->bytes = bytes;
        writer->capacity = capacity;
    }
    unsigned char *place = writer->bytes + writer->length;
    writer->length = needed;
    return place;
}

static void put_number(unsigned char *place, uint64_t value, unsigned size) {
    for (unsigned i = 0; i < size; i++) {
        place[i] = (unsigned char)(value >> 8 * i);
    }
}

void model_file_create(struct model_writer *writer, struct arena *arena) {
    *writer = (struct model_writer){.arena = arena};
    memcpy(extend(writer, MAGIC_SIZE), magic, MAGIC_SIZE);
}

static void end_section(struct model_writer *writer) {
    if (writer->section == 0) {
        return;
    }
    struct crc crc;
    crc_init(&crc);
    size_t length = writer->length - writer->section - HEAD_SIZE;
    put_number(writer->bytes + writer->section + NAME_SIZE, length, 8);
    unsigned char *head = writer->bytes + writer->section;
    put_number(head + NAME_SIZE + 8, section_checksum(&crc, head, length), 8);
    extend(writer, (8 - length % 8) % 8); /* zero: the arena's memory is */
    writer->section = 0;
}

void model_file_section(struct model_writer *writer, const char *name) {
    size_t length = strlen(name);
    REQUIRE(length >= 1 && length <= NAME_SIZE);
    end_section(writer);
    writer->section = writer->length;
    memcpy(extend(writer, HEAD_SIZE), name, length);
}

void model_file_put_u32(struct model_writer *writer, uint32_t value) {
    put_number(extend(writer, 4), value, 4);
}

void model_file_put_u64(struct model_writer *writer, uint64_t value) {
    put_number(extend(writer, 8), value, 8);
}

void model_file_put_f32(struct model_writer *writer, float value) {
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    model_file_put_u32(writer, bits);
}

void model_file_put_f64(struct model_writer *writer, double value) {
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    model_file_put_u64(writer, bits);
}

void model_file_put_text(struct model_writer *writer, const char *text) {
    size_t length = strlen(text);
    REQUIRE(length <= UINT32_MAX);
    model_file_put_u32(writer, (uint32_t)length);
    memcpy(extend(writer, length), text, length);
}

void model_file_put_u32s(struct model_writer *writer, const uint32_t *values, size_t count) {
    for (size_t i = 0; i < count; i++) {
        model_file_put_u32(writer, values[i]);
    }
}

void model_file_put_f32s(struct model_writer *writer, const float *values, size_t count) {
    for (size_t i = 0; i < count; i++) {
        model_file_put_f32(writer, values[i]);
    }
}

void model_file_put_f64s(struct model_writer *writer, const double *values, size_t count) {
    for (size_t i = 0; i < count; i++) {
        model_file_put_f64(writer, values[i]);
    }
}

void model_file_finish(struct model_writer *writer) {
    model_file_section(writer, "end");
    end_section(writer);
}

/* ---- reading ------------------------------------------------------------------------------- */

int model_file_fail(struct model_reader *reader, const char *format, ...) {
    if (!reader->failed) {
        char text[512];
        va_list arguments;
        va_start(arguments, format);
        vsnprintf(text, sizeof text, format, arguments);
        va_end(arguments);
        reader->failed = true;
        error_at(reader->err, (struct place){reader->source, 0, 0}, "offset %zu: %s", reader->next,
                 text);
    }
    return -1;
}

/* The name of the section whose head stands at `offset`, for messages. */
static const char *section_name(const struct model_reader *reader, size_t offset,
                                char name[NAME_SIZE + 1]) {
    for (int i = 0; i < NAME_SIZE; i++) {
        unsigned char byte = reader->bytes[offset + (size_t)i];
        name[i] = byte == 0 ? '\0' : byte > ' ' && byte < 127 ? (char)byte : '?';
    }
    name[NAME_SIZE] = '\0';
    return name;
}

/* Checks the section whose head stands at reader->next and passes it. 1 when it is the last. */
static int check_section(struct model_reader *reader, const struct crc *crc) {
    char name[NAME_SIZE + 1];
    size_t left = reader->length - reader->next;
    if (left < HEAD_SIZE) {
        return model_file_fail(reader, "the file ends where a section should begin; it is cut off");
    }
    const unsigned char *head = reader->bytes + reader->next;
    section_name(reader, reader->next, name);
    uint64_t length = little_endian(head + NAME_SIZE, 8);
    uint64_t padded = (length + 7) / 8 * 8;
    if (length > left - HEAD_SIZE || padded > left - HEAD_SIZE) {
        return model_file_fail(reader,
                               "section '%s' goes beyond the end of the file; it is cut off", name);
    }
    if (section_checksum(crc, head, (size_t)length) != little_endian(head + NAME_SIZE + 8, 8)) {
        return model_file_fail(reader, "section '%s' was altered: its checksum differs", name);
    }
    for (uint64_t i = length; i < padded; i++) {
        if (head[HEAD_SIZE + i] != 0) {
            return model_file_fail(reader, "section '%s' was altered: its padding is not zero",
                                   name);
        }
    }
    reader->next += HEAD_SIZE + (size_t)padded;
    return strcmp(name, "end") == 0;
}

int model_file_open(struct model_reader *reader, const char *source, const unsigned char *bytes,
                    size_t length, struct error *err) {
    struct crc crc;
    *reader = (struct model_reader){source, bytes, length, 0, 0, false, err};
    if (length < MAGIC_SIZE || memcmp(bytes, magic, MAGIC_SIZE - 1) != 0) {
        return model_file_fail(reader, "this is no model of clearlab risk");
    }
    if (bytes[MAGIC_SIZE - 1] != magic[MAGIC_SIZE - 1]) {
        return model_file_fail(reader, "version %u of the format; this program reads version %u",
                               bytes[MAGIC_SIZE - 1], magic[MAGIC_SIZE - 1]);
    }
    crc_init(&crc);
    reader->next = MAGIC_SIZE;
    int last;
    do {
        last = check_section(reader, &crc);
    } while (last == 0);
    if (last < 0) {
        return -1;
    }
    if (reader->next != length) {
        return model_file_fail(reader, "%zu bytes stand behind the end", length - reader->next);
    }
    reader->next = reader->section_end = MAGIC_SIZE;
    return 0;
}

bool model_file_enter(struct model_reader *reader, const char *name) {
    char found[NAME_SIZE + 1];
    size_t head = (reader->section_end + 7) / 8 * 8;
    if (reader->failed || head == reader->length ||
        strcmp(section_name(reader, head, found), name) != 0) {
        return false;
    }
    if (reader->next != reader->section_end) {
        model_file_fail(reader, "%zu bytes of the section before '%s' are of no use",
                        reader->section_end - reader->next, name);
        return false;
    }
    reader->next = head + HEAD_SIZE;
    reader->section_end = reader->next + (size_t)little_endian(reader->bytes + head + NAME_SIZE, 8);
    return true;
}

void model_file_require(struct model_reader *reader, const char *name) {
    if (!model_file_enter(reader, name)) {
        model_file_fail(reader, "section '%s' should stand here", name);
    }
}

int model_file_close(struct model_reader *reader) {
    model_file_require(reader, "end");
    return reader->failed ? -1 : 0;
}

/* The next `size` bytes of the section, or NULL and failure. */
static const unsigned char *take(struct model_reader *reader, size_t size) {
    if (reader->failed) {
        return NULL;
    }
    if (size > reader->section_end - reader->next) {
        model_file_fail(reader, "the section has %zu bytes left and needs %zu",
                        reader->section_end - reader->next, size);
        return NULL;
    }
    const unsigned char *bytes = reader->bytes + reader->next;
    reader->next += size;
    return bytes;
}

uint32_t model_file_u32(struct model_reader *reader) {
    const unsigned char *bytes = take(reader, 4);
    return bytes == NULL ? 0 : (uint32_t)little_endian(bytes, 4);
}

uint64_t model_file_u64(struct model_reader *reader) {
    const unsigned char *bytes = take(reader, 8);
    return bytes == NULL ? 0 : little_endian(bytes, 8);
}

float model_file_f32(struct model_reader *reader) {
    uint32_t bits = model_file_u32(reader);
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

double model_file_f64(struct model_reader *reader) {
    uint64_t bits = model_file_u64(reader);
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

const char *model_file_text(struct model_reader *reader, struct arena *arena) {
    uint32_t length = model_file_u32(reader);
    const unsigned char *bytes = take(reader, length);
    if (bytes != NULL && memchr(bytes, 0, length) != NULL) {
        model_file_fail(reader, "a text with a zero byte");
    }
    return bytes == NULL ? "" : arena_text(arena, (const char *)bytes, length);
}

/* Whether `count` elements of `size` bytes are left; fails where not. */
static bool has_room(struct model_reader *reader, size_t count, size_t size) {
    if (!reader->failed && count > (reader->section_end - reader->next) / size) {
        model_file_fail(reader, "the section has %zu bytes left and needs %zu numbers of %zu",
                        reader->section_end - reader->next, count, size);
    }
    return !reader->failed;
}

uint32_t *model_file_u32s(struct model_reader *reader, struct arena *arena, size_t count) {
    if (!has_room(reader, count, 4)) {
        return NULL;
    }
    uint32_t *values = ARENA_ARRAY(arena, uint32_t, count);
    for (size_t i = 0; i < count; i++) {
        values[i] = model_file_u32(reader);
    }
    return values;
}

float *model_file_f32s(struct model_reader *reader, struct arena *arena, size_t count) {
    if (!has_room(reader, count, 4)) {
        return NULL;
    }
    float *values = ARENA_ARRAY(arena, float, count);
    for (size_t i = 0; i < count; i++) {
        values[i] = model_file_f32(reader);
    }
    return values;
}

double *model_file_f64s(struct model_reader *reader, struct arena *arena, size_t count) {
    if (!has_room(reader, count, 8)) {
        return NULL;
    }
    double *values = ARENA_ARRAY(arena, double, count);
    for (size_t i = 0; i < count; i++) {
        values[i] = model_file_f64(reader);
    }
    return values;
}

uint32_t model_file_count(struct model_reader *reader, uint32_t most, const char *what) {
    uint32_t count = model_file_u32(reader);
    if (count > most) {
        model_file_fail(reader, "%u %s; at most %u are possible", count, what, most);
        return 0;
    }
    return count;
}

/* SPDX-License-Identifier: GPL-3.0-or-later
 * model_file.h - the one format in which trained models are kept.
 *
 *     offset  size
 *          0     8  "CLRRISK" and a byte 1, the version
 *          8        sections, one after another, in the order in which they are read again:
 *                     8  name, padded with zero bytes
 *                     8  length of the payload
 *                     8  CRC-64/XZ of name, length and payload
 *                        payload, padded with zero bytes to a multiple of 8
 *                   the last section is called "end" and is empty; nothing stands behind it
 *
 * Numbers are little-endian; u32 and f32 take 4 bytes, u64 and f64 8, a text is a u32 length and
 * its bytes, an array its elements. What the sections hold is said where they are written: those of
 * learners in learner.h. An altered or truncated file is an error with the offset of the section
 * that is not as it was written. */
#ifndef CORE_RISK_MODEL_FILE_H
#define CORE_RISK_MODEL_FILE_H

#include "core/base/arena.h"
#include "core/base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ---- writing ------------------------------------------------------------------------------- */

struct model_writer {
    struct arena *arena;
    unsigned char *bytes; /* in the arena */
    size_t length, capacity;
    size_t section; /* where the open one begins; 0: none is open */
};

void model_file_create(struct model_writer *writer, struct arena *arena);

/* Begins a section, and ends the one before. A name has one to eight characters. */
void model_file_section(struct model_writer *writer, const char *name);

void model_file_put_u32(struct model_writer *writer, uint32_t value);
void model_file_put_u64(struct model_writer *writer, uint64_t value);
void model_file_put_f32(struct model_writer *writer, float value);
void model_file_put_f64(struct model_writer *writer, double value);
void model_file_put_text(struct model_writer *writer, const char *text);
void model_file_put_u32s(struct model_writer *writer, const uint32_t *values, size_t count);
void model_file_put_f32s(struct model_writer *writer, const float *values, size_t count);
void model_file_put_f64s(struct model_writer *writer, const double *values, size_t count);

/* Ends the file: writer->length bytes at writer->bytes are it. */
void model_file_finish(struct model_writer *writer);

/* ---- reading ------------------------------------------------------------------------------- */

/* The first failure is kept in *err, and everything read after it is zero: who reads checks
 * `failed` before using a count, and once at the end. */
struct model_reader {
    const char *source; /* for errors; not owned */
    const unsigned char *bytes;
    size_t length, next;
    size_t section_end; /* of the payload that is being read */
    bool failed;
    struct error *err;
};

/* Looks at the whole file, all checksums included, and stands before the first section. `bytes` and
 * `err` live as long as the reader. 0 or -1. */
int model_file_open(struct model_reader *reader, const char *source, const unsigned char *bytes,
                    size_t length, struct error *err);

/* Enters the next section when it has that name, and says whether it does. */
bool model_file_enter(struct model_reader *reader, const char *name);

/* The same where no other section may stand here; nor may the one before have unread bytes. */
void model_file_require(struct model_reader *reader, const char *name);

uint32_t model_file_u32(struct model_reader *reader);
uint64_t model_file_u64(struct model_reader *reader);
float model_file_f32(struct model_reader *reader);
double model_file_f64(struct model_reader *reader);
const char *model_file_text(struct model_reader *reader, struct arena *arena);

/* Arrays in the arena; NULL and failure when the section has fewer bytes than they need. */
uint32_t *model_file_u32s(struct model_reader *reader, struct arena *arena, size_t count);
float *model_file_f32s(struct model_reader *reader, struct arena *arena, size_t count);
double *model_file_f64s(struct model_reader *reader, struct arena *arena, size_t count);

/* A count that is at most `most`; fails with what is counted otherwise. */
uint32_t model_file_count(struct model_reader *reader, uint32_t most, const char *what);

/* 0 where all sections were read to their ends; -1 and the reader's error otherwise. */
int model_file_close(struct model_reader *reader);

/* Sets the error at the reader's offset, where none was set before. Returns -1. */
int model_file_fail(struct model_reader *reader, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* CRC-64/XZ (ECMA-182 polynomial, reflected); of "123456789" it is 995dc9bbdf1939fa. */
uint64_t model_file_checksum(const unsigned char *bytes, size_t length);

#endif

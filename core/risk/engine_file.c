/* SPDX-License-Identifier: GPL-3.0-or-later
 * engine_file.c - an engine in a model file; the sections stand in engine.h. */
#include "core/risk/engine.h"

void engine_write(const struct engine *engine, struct model_writer *writer) {
    model_file_section(writer, "engine");
    model_file_put_u32(writer, engine->with_memory);
    model_file_put_f64(writer, engine->rate);
    model_file_put_f64(writer, engine->blend.goods_strength);
    model_file_put_f64(writer, engine->blend.price_strength);
    model_file_put_u32(writer, engine->column_count);
    model_file_put_u32s(writer, engine->columns, engine->column_count);
    model_file_put_u32(writer, engine->encoder_count);
    for (uint32_t i = 0; i < engine->encoder_count; i++) {
        model_file_section(writer, "encoder");
        encode_write(&engine->encoders[i], writer);
    }
    model_file_section(writer, "features");
    feature_write(&engine->features, writer);
    model_file_section(writer, "goods");
    memory_write(&engine->goods, writer);
    model_file_section(writer, "price");
    memory_write(&engine->goods_and_price, writer);
    learner_write(&engine->model, writer);
}

static void read_head(struct engine *engine, struct model_reader *reader, struct arena *arena) {
    model_file_require(reader, "engine");
    engine->with_memory = model_file_u32(reader) != 0;
    engine->rate = model_file_f64(reader);
    engine->blend.goods_strength = model_file_f64(reader);
    engine->blend.price_strength = model_file_f64(reader);
    engine->column_count = model_file_count(reader, ENGINE_COLUMNS_MAX, "columns");
    const uint32_t *columns = model_file_u32s(reader, arena, engine->column_count);
    engine->encoder_count = model_file_count(reader, ENCODINGS_MAX, "encoders");
    if (!(engine->rate >= 0 && engine->rate <= 1 && engine->blend.goods_strength > 0 &&
          engine->blend.price_strength > 0)) {
        model_file_fail(reader, "a rate or strength is out of range");
    }
    for (uint32_t i = 0; i < engine->column_count && !reader->failed; i++) {
        engine->columns[i] = columns[i];
        if (columns[i] >= 2 * engine->encoder_count + FEATURE_COUNT) {
            model_file_fail(reader, "there is no column %u", columns[i]);
        }
    }
}

int engine_read(struct engine *engine, struct model_reader *reader, struct arena *arena) {
    *engine = (struct engine){.rate = 0};
    read_head(engine, reader, arena);
    for (uint32_t i = 0; i < engine->encoder_count && !reader->failed; i++) {
        model_file_require(reader, "encoder");
        encode_read(&engine->encoders[i], reader, arena);
    }
    model_file_require(reader, "features");
    feature_read(&engine->features, reader, arena);
    model_file_require(reader, "goods");
    memory_read(&engine->goods, reader, arena);
    model_file_require(reader, "price");
    memory_read(&engine->goods_and_price, reader, arena);
    if (reader->failed || learner_read(reader, arena, &engine->model) < 0) {
        return -1;
    }
    if (engine->model.column_count != engine->column_count) {
        return model_file_fail(reader, "the model has other columns than the engine");
    }
    model_file_require(reader, "end");
    return reader->failed ? -1 : 0;
}

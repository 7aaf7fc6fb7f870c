/* SPDX-License-Identifier: GPL-3.0-or-later
 * risk_load.c - see risk_load.h. */
#include "sim/commands/risk_load.h"

#include "sim/scenario/input_file.h"

#include <stdlib.h>
#include <string.h>

enum { FILES_MAX = 64 };
static const size_t file_size_max = (size_t)4 << 30;

const char *risk_load_option(const struct invocation *invocation, const char *name,
                             struct error *err) {
    const char *value = command_option(invocation, name);
    if (value == NULL) {
        error_set(err, ERROR_INPUT, "risk %s needs --%s", invocation->positionals[0], name);
    }
    return value;
}

static int load_map(const struct invocation *invocation, struct column_map *map,
                    struct error *err) {
    const char *path = command_option(invocation, "columns");
    *map = column_map_usual();
    if (path == NULL) {
        return 0;
    }
    const struct node *page = input_file_node(invocation->arena, path, err);
    return page == NULL ? -1 : column_map_read(page, map, err);
}

int risk_load_table(const struct invocation *invocation, enum declaration_labels labels,
                    struct declaration_table *table, struct error *err) {
    struct declaration_source sources[FILES_MAX];
    struct column_map map;
    unsigned count = 0;
    const char *list = risk_load_option(invocation, "data", err);
    if (list == NULL || load_map(invocation, &map, err) < 0) {
        return -1;
    }
    for (const char *name = list; name != NULL;) {
        const char *comma = strchr(name, ',');
        size_t length = comma != NULL ? (size_t)(comma - name) : strlen(name);
        if (count == FILES_MAX) {
            return error_set(err, ERROR_INPUT, "--data: more than %d files", FILES_MAX);
        }
        struct declaration_source *source = &sources[count++];
        source->name = arena_text(invocation->arena, name, length);
        source->text =
            input_file_read(invocation->arena, source->name, file_size_max, &source->length, err);
        if (source->text == NULL) {
            return -1;
        }
        name = comma != NULL ? comma + 1 : NULL;
    }
    return declaration_table_read(table, &map, labels, sources, count, invocation->arena, err);
}

int risk_load_model(const struct invocation *invocation, struct engine *engine, struct error *err) {
    const char *path = risk_load_option(invocation, "model", err);
    size_t length;
    if (path == NULL) {
        return -1;
    }
    const char *bytes = input_file_read(invocation->arena, path, file_size_max, &length, err);
    struct model_reader reader;
    if (bytes == NULL ||
        model_file_open(&reader, path, (const unsigned char *)bytes, length, err) < 0) {
        return -1;
    }
    return engine_read(engine, &reader, invocation->arena);
}

int risk_load_settings(const struct invocation *invocation, struct engine_settings *settings,
                       struct error *err) {
    int64_t seed;
    *settings = engine_settings_usual();
    if (command_option_number(invocation, "seed", 0, INT64_MAX, 1, &seed, err) < 0) {
        return -1;
    }
    settings->seed = (uint64_t)seed;
    settings->with_memory = command_option(invocation, "without-memory") == NULL;
    return 0;
}

int risk_load_weight(const struct invocation *invocation, double *weight, struct error *err) {
    const char *text = command_option(invocation, "weight");
    char *end = NULL;
    *weight = text == NULL ? 0.1 : strtod(text, &end);
    if (text != NULL && (end == text || *end != '\0' || !(*weight >= 0 && *weight <= 1))) {
        return error_set(err, ERROR_INPUT, "--weight: expected a number from 0 to 1, got '%s'",
                         text);
    }
    return 0;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/scenario/tariff_file.h"
#include "core/tariff/schedule_read.h"
#include "core/tariff/schedule_season.h"
#include "sim/scenario/input_file.h"

#include <string.h>

/* `name` in the folder of `path`. */
static const char *beside(struct arena *arena, const char *path, const char *name) {
    const char *slash = strrchr(path, '/');
    if (slash == NULL || name[0] == '/') {
        return name;
    }
    return arena_format(arena, "%.*s/%s", (int)(slash - path), path, name);
}

/* Names in errors are paths as the user can open them. */
static int read_files(struct arena *arena, const char *path, const struct node *document,
                      struct schedule_file *files, struct error *err) {
    const char *names[SCHEDULE_FILES_MAX];
    unsigned count = schedule_read_files(document, names);
    for (unsigned i = 0; i < count; i++) {
        size_t length;
        files[i].name = names[i];
        files[i].shown = beside(arena, path, names[i]);
        files[i].text = input_file_read(arena, files[i].shown, TARIFF_FILE_SIZE_MAX, &length, err);
        if (files[i].text == NULL) {
            return -1;
        }
    }
    return (int)count;
}

const struct tariff *tariff_file_load(struct arena *arena, const char *path, struct error *err) {
    struct schedule_file files[SCHEDULE_FILES_MAX] = {{0}};
    const struct node *document = input_file_node(arena, path, err);
    int count = document == NULL ? -1 : read_files(arena, path, document, files, err);
    return count < 0 ? NULL : schedule_read(document, files, (unsigned)count, arena, err);
}

const struct tariff *tariff_file_foreign(struct arena *arena, enum tariff_file_kind kind,
                                         const char *document_path, const char *path,
                                         struct us_schedule_notes *notes, struct error *err) {
    size_t length;
    const struct node *document = input_file_node(arena, document_path, err);
    char *text =
        document == NULL ? NULL : input_file_read(arena, path, TARIFF_FILE_SIZE_MAX, &length, err);
    if (text == NULL) {
        return NULL;
    }
    switch (kind) {
    case TARIFF_FILE_US_SCHEDULE:
        return us_schedule_read(document, path, text, arena, notes, err);
    case TARIFF_FILE_US_DATABASE:
        return us_schedule_read_database(document, path, text, arena, notes, err);
    case TARIFF_FILE_SEASONS:
        break;
    }
    return schedule_season_read(document, path, text, arena, err);
}

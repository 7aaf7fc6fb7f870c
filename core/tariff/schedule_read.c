/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/tariff/schedule_read.h"
#include "core/tariff/entry.h"

#include <string.h>

static const char document_keys[] =
    "clearlab|tariff|summary|source|countries|areas|series|measure_types|additional_codes|"
    "certificates|"
    "footnotes|acts|nomenclature|measures|currency|exchange|facts|levies|waivers|regimes|rules|"
    "quotas|schemes|surges|american|seasons";

/* An optional first and last day. */
static int read_period(const struct node *node, int32_t *from, int32_t *to, struct error *err) {
    *from = NOMENCLATURE_EVER;
    *to = NOMENCLATURE_FOREVER;
    int64_t day;
    const struct node *first = node_get(node, "from"), *last = node_get(node, "to");
    if (first != NULL) {
        if (entry_day(first, &day, err) < 0) {
            return -1;
        }
        *from = (int32_t)day;
    }
    if (last != NULL) {
        if (entry_day(last, &day, err) < 0) {
            return -1;
        }
        *to = (int32_t)day;
    }
    return 0;
}

static int read_text(const struct node *mapping, const char *key, const char **text,
                     struct error *err) {
    const struct node *node = node_get(mapping, key);
    return node == NULL ? 0 : entry_text(node, text, err);
}

static struct place key_place(const struct node *node) {
    return (struct place){node->source->name, node->key_line, node->key_column};
}

static int need_mapping(const struct node *section, const char *what, struct error *err) {
    return section->kind == NODE_MAPPING ? 0 : node_error(section, err, "expected %s by id", what);
}

/* What is under an id: a description alone, or a mapping. */
static int read_entry(struct schedule_builder *builder, enum schedule_register which,
                      const struct node *node, const char *what, struct error *err) {
    struct tariff_entry entry = {.id = node->key,
                                 .description = "",
                                 .valid_from = NOMENCLATURE_EVER,
                                 .valid_to = NOMENCLATURE_FOREVER,
                                 .place = key_place(node)};
    if (node->kind == NODE_SCALAR) {
        entry.description = node->text;
    } else if (node->kind != NODE_NULL &&
               (entry_keys(node, "description|from|to", what, err) < 0 ||
                read_text(node, "description", &entry.description, err) < 0 ||
                read_period(node, &entry.valid_from, &entry.valid_to, err) < 0)) {
        return -1;
    }
    return schedule_build_entry(builder, which, &entry, err) < 0 ? -1 : 0;
}

static int read_registers(struct schedule_builder *builder, const struct node *document,
                          struct error *err) {
    static const struct {
        const char *key, *what;
        enum schedule_register which;
    } sections[] = {{"series", "a series", REGISTER_SERIES},
                    {"additional_codes", "an additional code", REGISTER_ADDITIONAL_CODES},
                    {"certificates", "a certificate", REGISTER_CERTIFICATES},
                    {"footnotes", "a footnote", REGISTER_FOOTNOTES},
                    {"acts", "an act", REGISTER_ACTS}};
    for (size_t i = 0; i < sizeof sections / sizeof sections[0]; i++) {
        const struct node *section = node_get(document, sections[i].key);
        if (section == NULL) {
            continue;
        }
        if (need_mapping(section, sections[i].what, err) < 0) {
            return -1;
        }
        for (const struct node *node = section->first; node != NULL; node = node->next) {
            if (read_entry(builder, sections[i].which, node, sections[i].what, err) < 0) {
                return -1;
            }
        }
    }
    return 0;
}

static int read_choice(const struct node *mapping, const char *key, const char *choices, int *index,
                       struct error *err) {
    const struct node *node = node_get(mapping, key);
    return node == NULL ? 0 : entry_choice(node, choices, index, err);
}

/* The parts of a type that say what its measures have; defaults follow the kind. */
static int read_needs(const struct node *node, struct measure_type *type, struct error *err) {
    static const char choices[] = "forbidden|permitted|required";
    bool is_money = type->kind != MEASURE_KIND_prohibition && type->kind != MEASURE_KIND_licence &&
                    type->kind != MEASURE_KIND_statistic;
    bool is_quota =
        type->kind == MEASURE_KIND_quota || type->kind == MEASURE_KIND_preferential_quota;
    int duty = is_money ? NEED_REQUIRED : NEED_FORBIDDEN;
    int order_number = is_quota ? NEED_REQUIRED : NEED_FORBIDDEN;
    int additional_code = NEED_PERMITTED;
    if (read_choice(node, "duty", choices, &duty, err) < 0 ||
        read_choice(node, "order_number", choices, &order_number, err) < 0 ||
        read_choice(node, "additional_code", choices, &additional_code, err) < 0) {
        return -1;
    }
    type->duty = (enum measure_need)duty;
    type->order_number = (enum measure_need)order_number;
    type->additional_code = (enum measure_need)additional_code;
    return 0;
}

static int read_kind(const struct node *node, enum measure_kind *kind, struct error *err) {
    static const char *const names[] = {
#define X(name, doc) #name,
        MEASURE_KINDS(X)
#undef X
    };
    const char *text;
    const struct node *at = entry_need(node, "kind", err);
    if (at == NULL || entry_text(at, &text, err) < 0) {
        return -1;
    }
    int found = measure_kind_find(text);
    *kind = (enum measure_kind)(found < 0 ? 0 : found);
    return found < 0 ? entry_unknown(at, "kind of measure", text, names, MEASURE_KIND_COUNT, err)
                     : 0;
}

static int read_series(struct schedule_builder *builder, const struct node *node, uint16_t *series,
                       struct error *err) {
    const char *text;
    const struct node *at = entry_need(node, "series", err);
    if (at == NULL || entry_text(at, &text, err) < 0) {
        return -1;
    }
    const struct schedule_names *names = &builder->registers[REGISTER_SERIES].names;
    *series = (uint16_t)schedule_names_find(names, text);
    return *series == 0 ? entry_unknown(at, "series of measures", text, schedule_names_list(names),
                                        schedule_names_list_count(names), err)
                        : 0;
}

static int read_type(struct schedule_builder *builder, const struct node *node, struct error *err) {
    struct measure_type type = {.id = node->key, .description = "", .place = key_place(node)};
    int movement = 0, level = 4;
    if (entry_keys(node,
                   "series|kind|description|levy|movement|level|duty|order_number|"
                   "additional_code|from|to",
                   "a type of measures", err) < 0 ||
        read_series(builder, node, &type.series, err) < 0 || read_kind(node, &type.kind, err) < 0 ||
        read_text(node, "description", &type.description, err) < 0 ||
        read_text(node, "levy", &type.levy, err) < 0 ||
        read_choice(node, "movement", "import|export|both", &movement, err) < 0 ||
        read_choice(node, "level", "2|4|6|8|10", &level, err) < 0 ||
        read_period(node, &type.valid_from, &type.valid_to, err) < 0 ||
        read_needs(node, &type, err) < 0) {
        return -1;
    }
    type.movement = (enum measure_movement)(movement + 1);
    type.level = (uint8_t)(2 * level + 2);
    return schedule_build_type(builder, &type, err) < 0 ? -1 : 0;
}

static int read_types(struct schedule_builder *builder, const struct node *section,
                      struct error *err) {
    if (section == NULL) {
        return 0;
    }
    if (need_mapping(section, "types of measures", err) < 0) {
        return -1;
    }
    for (const struct node *node = section->first; node != NULL; node = node->next) {
        if (read_type(builder, node, err) < 0) {
            return -1;
        }
    }
    return 0;
}

int schedule_read_begin(struct schedule_builder *builder, const struct node *document,
                        struct error *err) {
    const struct node *version = node_get(document, "clearlab");
    if (entry_keys(document, document_keys, "a tariff", err) < 0) {
        return -1;
    }
    if (version == NULL || version->kind != NODE_SCALAR || strcmp(version->text, "1") != 0) {
        return node_error(version == NULL ? document : version, err,
                          "expected 'clearlab: 1', the version of the layout");
    }
    if (entry_need(document, "tariff", err) == NULL ||
        read_text(document, "tariff", &builder->tariff->name, err) < 0 ||
        read_text(document, "summary", &builder->tariff->summary, err) < 0 ||
        read_registers(builder, document, err) < 0 ||
        schedule_read_areas(builder, node_get(document, "countries"), node_get(document, "areas"),
                            err) < 0) {
        return -1;
    }
    return read_types(builder, node_get(document, "measure_types"), err);
}

unsigned schedule_read_files(const struct node *document, const char *names[SCHEDULE_FILES_MAX]) {
    unsigned count =
        schedule_record_files(node_get(document, "nomenclature"), names, SCHEDULE_FILES_MAX);
    return count + schedule_record_files(node_get(document, "measures"), names + count,
                                         SCHEDULE_FILES_MAX - count);
}

const struct tariff *schedule_read(const struct node *document, struct schedule_file *files,
                                   unsigned file_count, struct arena *arena, struct error *err) {
    struct schedule_builder builder;
    schedule_build_init(&builder, arena, document);
    if (schedule_read_begin(&builder, document, err) < 0 ||
        schedule_read_nomenclature(&builder, node_get(document, "nomenclature"), files, file_count,
                                   err) < 0 ||
        schedule_read_measures(&builder, node_get(document, "measures"), files, file_count, err) <
            0) {
        schedule_build_drop(&builder);
        return NULL;
    }
    return schedule_build_finish(&builder);
}

/* SPDX-License-Identifier: GPL-3.0-or-later
 * schedule_read_areas.c - countries and groups of them, and who belongs to which when. */
#include "core/tariff/entry.h"
#include "core/tariff/schedule_read.h"

static int read_day(const struct node *mapping, const char *key, int32_t otherwise, int32_t *day,
                    struct error *err) {
    const struct node *node = node_get(mapping, key);
    int64_t read = otherwise;
    if (node != NULL && entry_day(node, &read, err) < 0) {
        return -1;
    }
    *day = (int32_t)read;
    return 0;
}

static int read_area(struct schedule_builder *builder, const struct node *node, struct error *err) {
    struct tariff_area area = {.id = node->key,
                               .description = "",
                               .place = {node->source->name, node->key_line, node->key_column}};
    if (node->kind == NODE_SCALAR) {
        area.description = node->text;
    } else if (node->kind != NODE_NULL) {
        const struct node *description, *everyone;
        if (entry_keys(node, "description|everyone|members", "an area", err) < 0) {
            return -1;
        }
        area.is_group = node_get(node, "members") != NULL;
        description = node_get(node, "description");
        everyone = node_get(node, "everyone");
        if ((description != NULL && entry_text(description, &area.description, err) < 0) ||
            (everyone != NULL && entry_boolean(everyone, &area.is_everyone, err) < 0)) {
            return -1;
        }
    }
    return schedule_build_area(builder, &area, err) < 0 ? -1 : 0;
}

/* A member is an area's id, or a mapping with it and the days between which it belongs. */
static int read_member(struct schedule_builder *builder, unsigned group, const struct node *node,
                       struct error *err) {
    struct tariff_member member = {.valid_from = NOMENCLATURE_EVER,
                                   .valid_to = NOMENCLATURE_FOREVER};
    const struct node *name = node;
    const char *text;
    if (node->kind == NODE_MAPPING) {
        if (entry_keys(node, "area|from|to", "a member", err) < 0 ||
            (name = entry_need(node, "area", err)) == NULL ||
            read_day(node, "from", member.valid_from, &member.valid_from, err) < 0 ||
            read_day(node, "to", member.valid_to, &member.valid_to, err) < 0) {
            return -1;
        }
    }
    if (entry_text(name, &text, err) < 0) {
        return -1;
    }
    const struct schedule_names *names = &builder->area_names;
    member.member = (uint16_t)schedule_names_find(names, text);
    if (member.member == 0) {
        return entry_unknown(name, "area", text, schedule_names_list(names),
                             schedule_names_list_count(names), err);
    }
    schedule_build_member(builder, group, &member);
    return 0;
}

static int read_members(struct schedule_builder *builder, unsigned group,
                        const struct node *members, struct error *err) {
    if (members == NULL) {
        return 0;
    }
    if (members->kind != NODE_SEQUENCE) {
        return node_error(members, err, "expected a list of areas");
    }
    for (const struct node *node = members->first; node != NULL; node = node->next) {
        if (read_member(builder, group, node, err) < 0) {
            return -1;
        }
    }
    return 0;
}

/* A list of ids: areas of which nothing more is said. */
static int read_countries(struct schedule_builder *builder, const struct node *list,
                          struct error *err) {
    if (list == NULL) {
        return 0;
    }
    if (list->kind != NODE_SEQUENCE) {
        return node_error(list, err, "expected a list of areas");
    }
    for (const struct node *node = list->first; node != NULL; node = node->next) {
        struct tariff_area area = {.description = "",
                                   .place = {node->source->name, node->line, node->column}};
        if (entry_text(node, &area.id, err) < 0 || schedule_build_area(builder, &area, err) < 0) {
            return -1;
        }
    }
    return 0;
}

int schedule_read_areas(struct schedule_builder *builder, const struct node *countries,
                        const struct node *section, struct error *err) {
    if (read_countries(builder, countries, err) < 0) {
        return -1;
    }
    if (section == NULL) {
        return 0;
    }
    unsigned group = builder->areas.count == 0 ? 1 : builder->areas.count;
    if (section->kind != NODE_MAPPING) {
        return node_error(section, err, "expected areas by id");
    }
    for (const struct node *node = section->first; node != NULL; node = node->next) {
        if (read_area(builder, node, err) < 0) {
            return -1;
        }
    }
    for (const struct node *node = section->first; node != NULL; node = node->next, group++) {
        if (node->kind == NODE_MAPPING &&
            read_members(builder, group, node_get(node, "members"), err) < 0) {
            return -1;
        }
    }
    return 0;
}

/* SPDX-License-Identifier: GPL-3.0-or-later
 * tariff_load_claim.c - goods and their materials, from a declaration. */
#include "sim/commands/tariff_load_claim.h"

#include "core/tariff/entry.h"

/* An absent number is not known: denominator 0. */
static int read_number(const struct node *mapping, const char *key, struct exact *number,
                       struct error *err) {
    const struct node *node = node_get(mapping, key);
    if (node == NULL) {
        *number = (struct exact){.numerator = 0, .denominator = 0};
        return 0;
    }
    if (exchange_number(node, number, err) != 0) {
        return -1;
    }
    return exact_sign(*number) < 0 ? node_error(node, err, "%s: expected 0 or more", key) : 0;
}

static int read_fact(const struct node *mapping, const char *key, enum origin_fact *fact,
                     struct error *err) {
    const struct node *node = node_get(mapping, key);
    bool value = false;
    *fact = ORIGIN_NOT_SAID;
    if (node == NULL) {
        return 0;
    }
    if (entry_boolean(node, &value, err) != 0) {
        return -1;
    }
    *fact = value ? ORIGIN_TRUE : ORIGIN_FALSE;
    return 0;
}

static int read_status(const struct node *node, enum origin_status *status, struct error *err) {
    int index = ORIGIN_BY_AREA;
    if (node != NULL && entry_choice(node, "by_area|originating|non_originating", &index, err)) {
        return -1;
    }
    *status = (enum origin_status)index;
    return 0;
}

static int read_material(const struct tariff *tariff, const struct node *node,
                         struct origin_material *material, struct error *err) {
    if (entry_keys(node, "code|origin|status|value|mass|wholly_obtained", "a material", err) != 0) {
        return -1;
    }
    const struct node *code = entry_need(node, "code", err), *area = node_get(node, "origin");
    if (code == NULL) {
        return -1;
    }
    if (code->kind != NODE_SCALAR ||
        nomenclature_code(code->text, &material->code, &material->digits) != 0) {
        return node_error(code, err, "expected the material's code of 2 to 10 digits");
    }
    if (area != NULL && (entry_text(area, &material->area, err) != 0)) {
        return -1;
    }
    if (area != NULL && schedule_area(tariff, area->text) == 0) {
        return node_error(area, err, "the tariff has no area '%s'", area->text);
    }
    return read_status(node_get(node, "status"), &material->status, err) != 0 ||
                   read_fact(node, "wholly_obtained", &material->wholly_obtained, err) != 0 ||
                   read_number(node, "value", &material->value, err) != 0 ||
                   read_number(node, "mass", &material->weight, err) != 0
               ? -1
               : 0;
}

static int read_materials(const struct tariff *tariff, const struct node *list, struct arena *arena,
                          struct claim *claim, struct error *err) {
    if (list->kind != NODE_SEQUENCE) {
        return node_error(list, err, "expected a list of materials");
    }
    struct origin_material *materials = ARENA_ARRAY(arena, struct origin_material, list->count + 1);
    claim->materials = materials;
    for (const struct node *node = list->first; node != NULL; node = node->next) {
        if (read_material(tariff, node, &materials[claim->material_count++], err) != 0) {
            return -1;
        }
    }
    return 0;
}

int tariff_load_claim(const struct tariff *tariff, const struct node *item, struct arena *arena,
                      struct claim *claim, struct error *err) {
    const struct node *list = node_get(item, "materials");
    const struct node *description = node_get(item, "description");
    struct origin_goods *goods = &claim->goods;
    claim->shipped_day = INT64_MAX;
    goods->code = claim->entry.facts->code;
    if (read_number(item, "licence", &claim->licence_left, err) != 0 ||
        exchange_day(node_get(item, "shipped"), &claim->shipped_day, err) != 0 ||
        read_number(item, "ex_works", &goods->ex_works, err) != 0 ||
        read_number(item, "fob", &goods->fob, err) != 0 ||
        read_number(item, "mass", &goods->weight, err) != 0 ||
        read_fact(item, "wholly_obtained", &goods->wholly_obtained, err) != 0 ||
        read_fact(item, "minimal_only", &goods->minimal_only, err) != 0 ||
        (description != NULL && entry_text(description, &goods->subdivision, err) != 0)) {
        return -1;
    }
    if (claim->licence_left.denominator == 0) {
        claim->licence_left = exact_integer(0);
    }
    claim->has_materials = list != NULL;
    if (list == NULL) {
        return 0;
    }
    if (tariff == NULL || !claim->entry.facts->preference || claim->entry.facts->scheme == 0) {
        return node_key_error(list, err,
                              "materials are judged by the rules of a scheme: claim a preference "
                              "with preference: true and scheme: NAME");
    }
    return read_materials(tariff, list, arena, claim, err);
}

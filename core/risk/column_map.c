/* SPDX-License-Identifier: GPL-3.0-or-later
 * column_map.c - see column_map.h. */
#include "core/risk/column_map.h"

#include <string.h>

static const struct {
    const char *name, *column;
    bool optional;
} roles[] = {
#define X(name, column, optional, doc) {#name, column, optional},
    COLUMN_ROLES(X)
#undef X
};

struct column_map column_map_usual(void) {
    struct column_map map = {.separator = ',', .decimal = '.'};
    for (int role = 0; role < COLUMN_ROLE_COUNT; role++) {
        map.columns[role] = roles[role].column;
    }
    return map;
}

const char *column_map_role(enum column_role role) {
    return roles[role].name;
}

static int unknown(const struct node *node, const char *what, const char *const *names,
                   unsigned count, struct error *err) {
    return node_key_error(node, err, "there is no %s '%s'%s", what, node->key,
                          error_hint(node->key, names, count, "").text);
}

static int read_columns(const struct node *columns, struct column_map *map, struct error *err) {
    const char *names[COLUMN_ROLE_COUNT];
    if (columns->kind != NODE_MAPPING) {
        return node_error(columns, err, "columns: expected a mapping from roles to columns");
    }
    for (int role = 0; role < COLUMN_ROLE_COUNT; role++) {
        names[role] = roles[role].name;
    }
    for (const struct node *node = columns->first; node != NULL; node = node->next) {
        int role = 0;
        while (role < COLUMN_ROLE_COUNT && strcmp(names[role], node->key) != 0) {
            role++;
        }
        if (role == COLUMN_ROLE_COUNT) {
            return unknown(node, "role", names, COLUMN_ROLE_COUNT, err);
        }
        if (node->kind == NODE_NULL && !roles[role].optional) {
            return node_error(node, err, "%s: every table needs this column", node->key);
        }
        if (node->kind != NODE_NULL && (node->kind != NODE_SCALAR || node->text[0] == '\0')) {
            return node_error(node, err, "%s: expected the name of a column, or null", node->key);
        }
        map->columns[role] = node->kind == NODE_NULL ? NULL : node->text;
    }
    return 0;
}

/* One character of those allowed; "tab" stands for itself. */
static int read_character(const struct node *node, const char *allowed, char *character,
                          struct error *err) {
    const char *text = node->kind == NODE_SCALAR ? node->text : "";
    if (strcmp(text, "tab") == 0) {
        text = "\t";
    }
    if (text[0] == '\0' || text[1] != '\0' || strchr(allowed, text[0]) == NULL) {
        return node_error(node, err, "%s: expected one of %s", node->key,
                          allowed[0] == '.' ? "\".\" and \",\"" : "\",\", \";\", \"|\" and tab");
    }
    *character = text[0];
    return 0;
}

int column_map_read(const struct node *page, struct column_map *map, struct error *err) {
    static const char *const keys[] = {"clearlab", "risk_columns", "separator", "decimal",
                                       "columns"};
    *map = column_map_usual();
    if (page->kind != NODE_MAPPING) {
        return node_error(page, err, "expected a map of columns, with risk_columns and columns");
    }
    for (const struct node *node = page->first; node != NULL; node = node->next) {
        int status = 0;
        if (strcmp(node->key, "separator") == 0) {
            status = read_character(node, ",;|\t", &map->separator, err);
        } else if (strcmp(node->key, "decimal") == 0) {
            status = read_character(node, ".,", &map->decimal, err);
        } else if (strcmp(node->key, "columns") == 0) {
            status = read_columns(node, map, err);
        } else if (strcmp(node->key, "clearlab") == 0) {
            if (node->kind != NODE_SCALAR || strcmp(node->text, "1") != 0) {
                status = node_error(node, err, "clearlab: this program reads language version 1");
            }
        } else if (strcmp(node->key, "risk_columns") != 0) {
            status = unknown(node, "key", keys, sizeof keys / sizeof keys[0], err);
        }
        if (status < 0) {
            return -1;
        }
    }
    if (map->separator == map->decimal && map->separator == ',') {
        return node_error(page, err, "a table separated by commas cannot have decimal commas");
    }
    return 0;
}

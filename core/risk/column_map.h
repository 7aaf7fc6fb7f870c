/* SPDX-License-Identifier: GPL-3.0-or-later
 * column_map.h - which column of somebody's table holds what.
 *
 *     clearlab: 1
 *     risk_columns: our extract
 *     separator: ";"
 *     decimal: ","
 *     columns:
 *       declaration: Nummer
 *       goods: Tarifnummer
 *       courier: null          # we have none
 *
 * A role that the page does not name keeps the column of the usual map; null says that the table
 * has no such column, and everything made of it is missing. */
#ifndef CORE_RISK_COLUMN_MAP_H
#define CORE_RISK_COLUMN_MAP_H

#include "core/base/arena.h"
#include "core/base/node.h"

/* Role, the usual column, whether the role can be left out, and what it is. Roles up to `goods` are
 * read for themselves; those from `goods` to `payment` are categories: any text, empty is missing;
 * the last are numbers. */
#define COLUMN_ROLES(X)                                                                            \
    X(declaration, "Declaration ID", false, "number of the declaration")                           \
    X(date, "Date", true, "day, 2020-01-31")                                                       \
    X(label, "Fraud", true, "result of the inspection: 1 a finding, 0 none, empty: no inspection") \
    X(goods, "HS6 Code", false, "code of the goods, four to ten digits")                           \
    X(departure, "Country of Departure", true, "country of departure")                             \
    X(origin, "Country of Origin", true, "country of origin")                                      \
    X(tax_type, "Tax Type", true, "kind of tax or preference claimed")                             \
    X(importer, "Importer ID", true, "importer")                                                   \
    X(declarant, "Declarant ID", true, "declarant or broker")                                      \
    X(seller, "Seller ID", true, "seller abroad")                                                  \
    X(courier, "Courier ID", true, "courier")                                                      \
    X(office, "Office ID", true, "customs office")                                                 \
    X(process, "Process Type", true, "kind of process")                                            \
    X(kind, "Import Type", true, "kind of import")                                                 \
    X(use, "Import Use", true, "use of the goods")                                                 \
    X(transport, "Mode of Transport", true, "mode of transport")                                   \
    X(proof, "Country of Origin Indicator", true, "how the origin is shown")                       \
    X(payment, "Payment Type", true, "kind of payment")                                            \
    X(rate, "Tax Rate", true, "rate of duty in percent")                                           \
    X(mass, "Net Mass", true, "net mass in kg; 0 is missing")                                      \
    X(value, "Item Price", true, "value of the goods, any one currency; 0 is missing")

enum column_role {
#define X(name, column, optional, doc) COLUMN_##name,
    COLUMN_ROLES(X)
#undef X
        COLUMN_ROLE_COUNT,
};

enum { COLUMN_CATEGORY_FIRST = COLUMN_goods, COLUMN_CATEGORY_LAST = COLUMN_payment };

struct column_map {
    const char *columns[COLUMN_ROLE_COUNT]; /* NULL: the table has none */
    char separator, decimal;
};

/* The columns of the published declarations of Jeong et al. (2022), separated by commas. */
struct column_map column_map_usual(void);

/* Reads a page as above. The map's texts live in the node's arena. 0, or -1 and an error. */
int column_map_read(const struct node *page, struct column_map *map, struct error *err);

/* "goods". */
const char *column_map_role(enum column_role role);

#endif

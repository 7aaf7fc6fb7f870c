/* SPDX-License-Identifier: GPL-3.0-or-later
 * dmn_xml.h - XML as a tree in which every element knows where it stands.
 *
 * libxml2 reads it, because DMN is XML and that parser is the best kept; network, document types,
 * entities of one's own and other files stay outside. Depth, size and the number of elements are
 * limited. The tree lives in the arena. */
#ifndef CORE_RULE_DMN_XML_H
#define CORE_RULE_DMN_XML_H

#include "core/base/arena.h"
#include "core/base/error.h"
#include "core/base/node.h"

enum {
    DMN_XML_SIZE_MAX = 16 * 1024 * 1024,
    DMN_XML_DEPTH_MAX = 200,
    DMN_XML_ELEMENTS_MAX = 200000,
};

struct dmn_attribute {
    const char *name, *value;
    struct dmn_attribute *next;
};

struct dmn_xml {
    const char *name;   /* without its prefix */
    const char *domain; /* the namespace; "" for none */
    const char *text;   /* of its own, without that of children; "" for none */
    int line, column;   /* of its start tag, from 1 */
    size_t begin;       /* the same in bytes of the source */
    size_t content;     /* where its content begins; 0 where it has none or that is not known */
    const struct source *source;
    struct dmn_attribute *attributes;
    struct dmn_xml *parent, *first, *last, *next;
};

/* The root. NULL and an error with its place when it is no XML or beyond a limit. `name` and `text`
 * are copied. */
const struct dmn_xml *dmn_xml_read(const char *name, const char *text, size_t length,
                                   struct arena *arena, struct error *err);

/* The value of an attribute (by its name without prefix), or NULL. */
const char *dmn_xml_attribute(const struct dmn_xml *element, const char *name);

/* The first child of that name in the namespace of its parent, and the next sibling of the same
 * name; NULL for none. */
const struct dmn_xml *dmn_xml_child(const struct dmn_xml *element, const char *name);
const struct dmn_xml *dmn_xml_next(const struct dmn_xml *element);

/* An error at an element, or at a byte of its text. Returns -1. */
int dmn_xml_error(const struct dmn_xml *element, struct error *err, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
int dmn_xml_text_error(const struct dmn_xml *element, size_t offset, struct error *err,
                       const char *format, ...) __attribute__((format(printf, 4, 5)));

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later
 * field.h - one row describes one quantity.
 *
 * Reading a scenario, range checks, defaults, the JSON Schema and the reference page all come from
 * these rows. A row says where in a parameter struct the value goes (offset), in which inside unit,
 * what is allowed and what it means. The YAML key is the name without its unit suffix.
 *
 *     static const struct field fields[] = {
 *         FIELD(struct params, share, FIELD_SHARE, .text_default = "5 %", .doc = "..."),
 *         FIELD_END}; */
#ifndef CORE_BASE_FIELD_H
#define CORE_BASE_FIELD_H

#include <stdbool.h>
#include <stddef.h>

/* The C type of the member stands first. A time without a range is not negative; a share is within
 * 0..1 in any case; min..max of a map or list is the number of its items. */
enum field_kind {
    FIELD_LAST,    /* ends a table */
    FIELD_TEXT,    /* const char *                 any text */
    FIELD_NAME,    /* const char *                 a snake_case name */
    FIELD_BOOLEAN, /* bool                         true or false */
    FIELD_INTEGER, /* int64_t                      min..max */
    FIELD_REAL,    /* double                       of `dimension`, min..max in the inside unit */
    FIELD_SHARE,   /* double                       0..1, written 5 % or 0.05 */
    FIELD_TIME,    /* int64_t ns                   min..max in seconds */
    FIELD_MONEY,   /* struct money                 in the accounting currency, min..max too */
    FIELD_CHOICE,  /* int                          index into `choices` */
    FIELD_DATE,    /* int64_t day                  2017-01-02 */
    FIELD_DATES,   /* struct field_dates           one date or a list of different dates */
    FIELD_HOURS,   /* const struct calendar *      "08:00-17:00 mon-fri" */
    FIELD_DISTRIBUTION, /* const struct distribution *  of `dimension` */
    FIELD_CONDITION,    /* const struct expression *    true or false */
    FIELD_EXPRESSION,   /* const struct expression *    a number */
    FIELD_REFERENCE,    /* struct reference             the name of something declared elsewhere */
    FIELD_REFERENCES,   /* struct references            one name or a list of names */
    FIELD_GROUP,        /* an inner struct, in place    a mapping with the rows `inner` */
    FIELD_MAP,          /* struct field_items           a mapping from names to items of `inner` */
    FIELD_LIST,         /* struct field_items           a sequence of items of `inner` */
    FIELD_NODE,         /* const struct node *          kept as it is, for a reader of its own */
};

struct field {
    const char *name; /* the YAML key */
    enum field_kind kind;
    size_t offset;
    int dimension;   /* enum dimension, for FIELD_REAL and FIELD_DISTRIBUTION */
    double min, max; /* allowed range; min == max == 0 means any; an infinite max means no limit */
    bool required;   /* in a group: when the group is given */
    const char *text_default; /* as it would be written; NULL leaves zero (or NULL) */
    const char *choices;      /* "finish|suspend|restart|discard" */
    const struct field *inner;
    size_t inner_size;
    bool has_short_form; /* `inner` may be written as the value of its first row alone */
    const char *doc;
};

#define FIELD(type, member, kind_, ...) \
    { .name = #member, .kind = (kind_), .offset = offsetof(type, member), __VA_ARGS__ }
/* The same where the member carries a unit suffix or another name than the key. */
#define FIELD_AS(type, member, key, kind_, ...) \
    { .name = (key), .kind = (kind_), .offset = offsetof(type, member), __VA_ARGS__ }
#define FIELD_END \
    { .kind = FIELD_LAST }

struct node;

struct reference {
    const char *name;        /* NULL when the key was not given */
    const struct node *node; /* for errors */
    int index;               /* what it stands for, filled by whoever resolves it; -1 before */
    int count;               /* "port.handler x 2" gives 2, else 1 */
};

struct references {
    unsigned count;
    struct reference *items;
};

/* `count` structs of the row's inner_size one after another. Every inner struct of a FIELD_MAP or
 * FIELD_LIST begins with a struct field_item. */
struct field_items {
    unsigned count;
    void *items;
};

struct field_item {
    const char *name;        /* its key in a FIELD_MAP; NULL in a FIELD_LIST */
    const struct node *node; /* its value */
};

struct field_dates {
    unsigned count;
    const long long *days; /* sorted */
};

#endif

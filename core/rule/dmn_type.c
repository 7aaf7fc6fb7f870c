/* SPDX-License-Identifier: GPL-3.0-or-later
 * dmn_type.c - item definitions: what typeRef means. */
#include "core/rule/dmn_model.h"

#include <string.h>

enum { TYPE_DEPTH_MAX = 16 };

static int resolve(struct dmn_model *model, const struct dmn_xml *at, const char *reference,
                   int depth, struct dmn_type *type);

unsigned dmn_type_values(struct dmn_model *model, const struct dmn_xml *values,
                         const struct feel_part **list) {
    struct feel_problem problem = {0};
    const struct dmn_xml *place;
    unsigned count = 0;
    if (values == NULL ||
        feel_list(dmn_text(values, &place), model->arena, list, &count, &problem) < 0) {
        return 0;
    }
    return count;
}

static bool find_base(const char *reference, struct dmn_type *type) {
    static const struct {
        const char *name;
        enum value_type base;
        const char *hindrance;
    } bases[] = {{"number", VALUE_DECIMAL, NULL},
                 {"string", VALUE_TEXT, NULL},
                 {"boolean", VALUE_BOOLEAN, NULL},
                 {"date", VALUE_DATE, NULL},
                 {"Any", VALUE_MISSING, NULL},
                 {"time", VALUE_MISSING, "a time of day"},
                 {"dateTime", VALUE_MISSING, "a date with a time of day"},
                 {"date and time", VALUE_MISSING, "a date with a time of day"},
                 {"dayTimeDuration", VALUE_MISSING, "a duration"},
                 {"yearMonthDuration", VALUE_MISSING, "a duration"},
                 {"days and time duration", VALUE_MISSING, "a duration"},
                 {"years and months duration", VALUE_MISSING, "a duration"},
                 {"context", VALUE_MISSING, "a context"},
                 {"list", VALUE_MISSING, "a list"}};
    for (size_t i = 0; i < sizeof bases / sizeof *bases; i++) {
        if (feel_same_name(bases[i].name, reference)) {
            *type = (struct dmn_type){.base = bases[i].base,
                                      .is_known = bases[i].base != VALUE_MISSING ||
                                                  bases[i].hindrance != NULL,
                                      .hindrance = bases[i].hindrance};
            return true;
        }
    }
    return false;
}

/* An <itemDefinition> or <itemComponent>. */
static int define(struct dmn_model *model, const struct dmn_xml *definition, int depth,
                  struct dmn_type *type) {
    const struct dmn_xml *reference = dmn_xml_child(definition, "typeRef");
    const struct dmn_xml *component = dmn_xml_child(definition, "itemComponent");
    const char *is_list = dmn_xml_attribute(definition, "isCollection");
    *type = (struct dmn_type){.base = VALUE_MISSING};
    if (component != NULL) {
        *type = (struct dmn_type){.is_known = true, .components = definition};
    } else if (dmn_xml_child(definition, "functionItem") != NULL) {
        *type = (struct dmn_type){.is_known = true, .hindrance = "a function"};
    } else if (reference != NULL &&
               resolve(model, reference, reference->text, depth + 1, type) < 0) {
        return -1;
    }
    const struct feel_part *allowed;
    unsigned count = dmn_type_values(model, dmn_xml_child(definition, "allowedValues"), &allowed);
    if (count > 0) {
        type->allowed = allowed;
        type->allowed_count = count;
    }
    if (is_list != NULL && strcmp(is_list, "true") == 0) {
        type->is_list = true;
    }
    return 0;
}

static int resolve(struct dmn_model *model, const struct dmn_xml *at, const char *reference,
                   int depth, struct dmn_type *type) {
    const char *colon = strrchr(reference, ':'); /* feel:string, as DMN 1.1 writes it */
    const char *name = colon != NULL ? colon + 1 : reference;
    for (const struct dmn_xml *definition = dmn_xml_child(model->root, "itemDefinition");
         definition != NULL; definition = dmn_xml_next(definition)) {
        const char *defined = dmn_xml_attribute(definition, "name");
        if (defined != NULL &&
            (feel_same_name(defined, reference) || feel_same_name(defined, name))) {
            return depth == TYPE_DEPTH_MAX
                       ? dmn_xml_error(definition, model->err,
                                       "the type '%s' is defined by itself, or too deeply", defined)
                       : define(model, definition, depth, type);
        }
    }
    if (find_base(name, type)) {
        return 0;
    }
    if (colon != NULL) { /* imported, perhaps */
        *type = (struct dmn_type){.is_known = true, .hindrance = "of a type of another file"};
        return 0;
    }
    return dmn_xml_error(at, model->err,
                         "there is no type '%s': define it with an <itemDefinition>, or take "
                         "number, string, boolean or date",
                         reference);
}

int dmn_type_find(struct dmn_model *model, const struct dmn_xml *at, const char *reference,
                  struct dmn_type *type) {
    *type = (struct dmn_type){.base = VALUE_MISSING};
    return reference == NULL || *reference == '\0' ? 0 : resolve(model, at, reference, 0, type);
}

int dmn_type_of_component(struct dmn_model *model, const struct dmn_xml *component,
                          struct dmn_type *type) {
    return define(model, component, 0, type);
}

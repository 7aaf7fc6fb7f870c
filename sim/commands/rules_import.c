/* SPDX-License-Identifier: GPL-3.0-or-later
 * rules_import.c - a model of a DMN editor as pages of rules.
 *
 *     clearlab rules import FILE.dmn [DECISION...] [--output FILE.yml]
 *     clearlab rules import FILE.dmn --set "Full Name=Ada" ...      decides the model as it is
 *
 * A model with several decisions gives one page each, which are asked for by name; a page has the
 * results of the decisions that it requires among its inputs. */
#include "core/base/units.h"
#include "core/rule/dmn.h"
#include "core/rule/dmn_xml.h"
#include "sim/commands/rules.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static char *read_whole(struct arena *arena, const char *path, size_t *length, struct error *err) {
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        error_set(err, ERROR_INPUT, "cannot open %s: %s", path, strerror(errno));
        return NULL;
    }
    char *text = arena_alloc(arena, DMN_XML_SIZE_MAX + 2);
    *length = fread(text, 1, DMN_XML_SIZE_MAX + 1, file);
    bool is_whole = ferror(file) == 0;
    fclose(file);
    if (!is_whole) {
        error_set(err, ERROR_RUN, "cannot read %s: %s", path, strerror(errno));
        return NULL;
    }
    return text;
}

/* ---- decides ---- */

static int parse_value(const struct dmn_slot *slot, const char *text, struct value *value,
                       struct error *err) {
    *value = (struct value){.type = slot->type};
    if (strcmp(text, "missing") == 0) {
        value->type = VALUE_MISSING;
    } else if (slot->hindrance != NULL) {
        return error_set(err, ERROR_INPUT, "--set: '%s' is %s: give its parts, such as '%s.PART=5'",
                         slot->name, slot->hindrance, slot->name);
    } else if (slot->type == VALUE_TEXT) {
        value->text = (struct value_text){text, (uint32_t)strlen(text)};
    } else if (slot->type == VALUE_DATE) {
        return units_parse_date(text, &value->date_day, (struct place){.source = "--set"}, err);
    } else if (slot->type == VALUE_DECIMAL && decimal_parse(text, &value->decimal) < 0) {
        return error_set(err, ERROR_INPUT, "--set: '%s' expects a number, got '%s'", slot->name,
                         text);
    } else if (slot->type == VALUE_BOOLEAN) {
        value->boolean = strcmp(text, "true") == 0;
        if (!value->boolean && strcmp(text, "false") != 0) {
            return error_set(err, ERROR_INPUT, "--set: '%s' expects true or false, got '%s'",
                             slot->name, text);
        }
    }
    return 0;
}

static int set_input(const struct dmn_model *model, const char *setting, struct value *inputs,
                     struct arena *arena, struct error *err) {
    const char *equals = strchr(setting, '='), *names[DMN_SLOTS_MAX];
    unsigned count;
    const struct dmn_slot *slots = dmn_slots(model, &count);
    if (equals == NULL) {
        return error_set(err, ERROR_INPUT, "--set %s: expected INPUT=VALUE", setting);
    }
    const char *name = arena_text(arena, setting, (size_t)(equals - setting));
    int found = dmn_find_input(model, name);
    if (found >= 0) {
        return parse_value(&slots[found], equals + 1, &inputs[found], err);
    }
    for (unsigned i = 0; i < count; i++) {
        names[i] = slots[i].name;
    }
    return error_set(err, ERROR_INPUT, "--set: the model has no input '%s'%s", name,
                     error_hint(name, names, count, "").text);
}

static void print_value(const struct dmn_value *value) {
    char text[2048];
    if (value->shape == DMN_SIMPLE) {
        value_print(value->value, NULL, text, sizeof text);
        fputs(text, stdout);
        return;
    }
    putchar(value->shape == DMN_LIST ? '[' : '{');
    for (unsigned i = 0; i < value->count; i++) {
        const struct dmn_value *item = &value->items[i];
        printf("%s%s%s", i == 0 ? "" : ", ", item->name != NULL ? item->name : "",
               item->name != NULL ? ": " : "");
        print_value(item);
    }
    putchar(value->shape == DMN_LIST ? ']' : '}');
}

static bool is_wanted(const struct invocation *invocation, const char *decision) {
    for (unsigned i = 2; i < invocation->positional_count; i++) {
        if (strcmp(invocation->positionals[i], decision) == 0) {
            return true;
        }
    }
    return invocation->positional_count == 2;
}

/* The results of all decisions, or of those named; 2 when one of those is not taken. */
static int decide(const struct invocation *invocation, const struct dmn_model *model,
                  struct error *err) {
    const char *settings[OPTION_VALUES_MAX];
    struct value inputs[DMN_SLOTS_MAX];
    unsigned setting_count = command_option_all(invocation, "set", settings), count;
    for (unsigned i = 0; i < DMN_SLOTS_MAX; i++) {
        inputs[i] = (struct value){.type = VALUE_MISSING};
    }
    for (unsigned i = 0; i < setting_count; i++) {
        if (set_input(model, settings[i], inputs, invocation->arena, err) < 0) {
            return 2;
        }
    }
    const struct dmn_decision *decisions = dmn_decisions(model, &count);
    for (unsigned i = 0; i < count; i++) {
        if (!is_wanted(invocation, decisions[i].name)) {
            continue;
        }
        if (decisions[i].state != DMN_TAKEN) {
            *err = decisions[i].problem;
            return 2;
        }
        struct dmn_value value = dmn_decide(model, i, inputs, invocation->arena);
        printf("%-16s ", decisions[i].name);
        print_value(&value);
        putchar('\n');
    }
    return 0;
}

/* ---- pages ---- */

/* The decision whose page is asked for: the only one, or the one named. */
static const struct dmn_decision *choose(const struct invocation *invocation,
                                         const struct dmn_model *model, struct error *err) {
    unsigned count;
    const struct dmn_decision *decisions = dmn_decisions(model, &count);
    const char *all = "";
    for (unsigned i = 0; i < count; i++) {
        all =
            arena_format(invocation->arena, "%s%s'%s'", all, i == 0 ? "" : ", ", decisions[i].name);
    }
    if (invocation->positional_count > 3) {
        error_set(err, ERROR_INPUT, "rules import writes one page: name one decision");
        return NULL;
    }
    if (invocation->positional_count == 2) {
        if (count != 1) {
            error_set(err, ERROR_INPUT, "%s has %u decisions%s%s: name the one that the page is of",
                      invocation->positionals[1], count, count == 0 ? "" : ", ", all);
        }
        return count == 1 ? &decisions[0] : NULL;
    }
    int found = dmn_find_decision(model, invocation->positionals[2]);
    if (found < 0) {
        error_set(err, ERROR_INPUT, "there is no decision '%s'; there are %s",
                  invocation->positionals[2], all);
    }
    return found < 0 ? NULL : &decisions[found];
}

static int write_page(const char *path, const char *page, struct error *err) {
    FILE *file = path == NULL ? stdout : fopen(path, "wb");
    if (file == NULL) {
        error_set(err, ERROR_RUN, "cannot write %s: %s", path, strerror(errno));
        return 1;
    }
    bool is_written = fputs(page, file) >= 0;
    is_written = (file == stdout ? fflush(file) : fclose(file)) == 0 && is_written;
    if (!is_written) {
        error_set(err, ERROR_RUN, "cannot write %s: %s", path == NULL ? "the page" : path,
                  strerror(errno));
    }
    return is_written ? 0 : 1;
}

int rules_import(const struct invocation *invocation, struct error *err) {
    size_t length;
    const char *path = invocation->positionals[1];
    const char *text = read_whole(invocation->arena, path, &length, err);
    const struct dmn_model *model =
        text == NULL ? NULL : dmn_read(path, text, length, invocation->arena, err);
    if (model == NULL) {
        return err->code == ERROR_RUN ? 1 : 2;
    }
    if (command_option(invocation, "set") != NULL) {
        return decide(invocation, model, err);
    }
    const struct dmn_decision *decision = choose(invocation, model, err);
    if (decision == NULL) {
        return 2;
    }
    if (decision->state != DMN_TAKEN) {
        *err = decision->problem;
        return 2;
    }
    if (decision->page == NULL) {
        error_set(err, ERROR_INPUT,
                  "%s: '%s' cannot become a page of rules (%s); --set INPUT=VALUE decides it "
                  "without one",
                  path, decision->name, decision->page_hindrance);
        return 2;
    }
    return write_page(command_option(invocation, "output"), decision->page, err);
}

/* SPDX-License-Identifier: GPL-3.0-or-later
 * system.c - the rows of a system file: organisations with staff, machines, hours and charges. */
#include "sim/scenario/compile.h"
#include "sim/scenario/ledger_section.h"

#include <stdio.h>
#include <string.h>

static const char interruption_choices[] = "finish|suspend|restart|discard";

struct shift_rows {
    struct field_item item;
    int64_t units;
    const struct calendar *hours;
};

struct breakdown_rows {
    const struct distribution *after, *repair;
    int work;
};

struct resource_rows {
    struct field_item item;
    int64_t units;
    double utilisation;
    const struct calendar *hours;
    struct field_items shifts;
    int at_shift_end, when_preempted;
    int64_t queue_limit;
    double cost_per_s;
    struct breakdown_rows breakdown;
};

struct charge_rows {
    struct field_item item;
    struct money amount;
    int64_t per_ns, free_ns;
};

struct organisation_rows {
    struct field_item item;
    struct reference party;
    const struct calendar *hours;
    const char *utc_offset;
    struct field_items staff, machines, places, charges;
};

struct system_rows {
    int64_t version;
    const char *name, *summary;
    const struct node *parameters, *procedures;
    struct references patches, inert;
    struct field_items organisations;
    struct ledger_section ledger;
};

static const struct field shift_fields[] = {
    FIELD(struct shift_rows, units, FIELD_INTEGER, .min = 0, .max = 60000, .required = true,
          .doc = "Units open in these hours."),
    FIELD(struct shift_rows, hours, FIELD_HOURS, .required = true, .doc = "When."), FIELD_END};

static const struct field breakdown_fields[] = {
    FIELD(struct breakdown_rows, after, FIELD_DISTRIBUTION, .dimension = DIMENSION_TIME,
          .required = true, .doc = "Time until a unit fails, from start or repair."),
    FIELD(struct breakdown_rows, repair, FIELD_DISTRIBUTION, .dimension = DIMENSION_TIME,
          .required = true, .doc = "Time to repair it."),
    FIELD(struct breakdown_rows, work, FIELD_CHOICE, .choices = interruption_choices,
          .text_default = "suspend", .doc = "What becomes of the work that the unit was doing."),
    FIELD_END};

static const struct field resource_fields[] = {
    FIELD(struct resource_rows, units, FIELD_INTEGER, .min = 0, .max = 60000, .text_default = "0",
          .doc = "Number of officers, machines or places."),
    FIELD(struct resource_rows, utilisation, FIELD_SHARE, .text_default = "0 %",
          .doc = "Utilisation that the number of units was solved for; `plan` checks it."),
    FIELD(struct resource_rows, hours, FIELD_HOURS,
          .doc = "When they work; absent: the organisation's hours, for places always."),
    FIELD(struct resource_rows, shifts, FIELD_LIST, .inner = shift_fields,
          .inner_size = sizeof(struct shift_rows),
          .doc = "Units by hours instead of `units` and `hours`; shifts that overlap add up."),
    FIELD(struct resource_rows, at_shift_end, FIELD_CHOICE, .choices = interruption_choices,
          .text_default = "finish",
          .doc = "What becomes of work when fewer units are open than are busy: it is finished, or "
                 "suspended, restarted or discarded."),
    FIELD(struct resource_rows, when_preempted, FIELD_CHOICE, .choices = interruption_choices,
          .text_default = "suspend",
          .doc = "What becomes of work when a step with `preempt` takes its unit."),
    FIELD(struct resource_rows, queue_limit, FIELD_INTEGER, .min = -1, .max = 100000000,
          .text_default = "-1", .doc = "How many may wait; who comes then balks. -1: no limit."),
    FIELD_AS(struct resource_rows, cost_per_s, "cost", FIELD_REAL,
             .dimension = DIMENSION_MONEY_PER_TIME, .min = 0, .max = 1e6,
             .doc = "Resource cost of one unit at work, such as 30 USD/h."),
    FIELD(struct resource_rows, breakdown, FIELD_GROUP, .inner = breakdown_fields,
          .inner_size = sizeof(struct breakdown_rows), .doc = "Each unit fails and is repaired."),
    FIELD_END};

static const struct field charge_fields[] = {
    FIELD(struct charge_rows, amount, FIELD_MONEY, .min = 0, .max = 1e9, .required = true,
          .doc = "What the importer pays."),
    FIELD_AS(struct charge_rows, per_ns, "per", FIELD_TIME, .min = 0, .max = 1e9,
             .doc = "For every such period begun; absent: once."),
    FIELD_AS(struct charge_rows, free_ns, "free", FIELD_TIME, .min = 0, .max = 1e9,
             .doc = "Time that is not charged."),
    FIELD_END};

#define RESOURCES_ROW(member, what)                                              \
    FIELD(struct organisation_rows, member, FIELD_MAP, .inner = resource_fields, \
          .inner_size = sizeof(struct resource_rows), .has_short_form = true, .doc = what)

static const struct field organisation_fields[] = {
    FIELD(struct organisation_rows, party, FIELD_REFERENCE,
          .doc = "Whose time it is (importer, broker, carrier, port, customs, agency, bank, "
                 "technology); absent: as the organisation is called."),
    FIELD(struct organisation_rows, hours, FIELD_HOURS, .text_default = "always",
          .doc = "When its staff and machines work."),
    FIELD(struct organisation_rows, utc_offset, FIELD_TEXT,
          .doc = "Its own time; absent: the world's."),
    RESOURCES_ROW(staff, "Officers, examiners, clerks: by name, a number or a mapping."),
    RESOURCES_ROW(machines, "Cranes, scanners, gates: by name, a number or a mapping."),
    RESOURCES_ROW(places, "Berths, yard slots: by name, a number or a mapping; always open."),
    FIELD(struct organisation_rows, charges, FIELD_MAP, .inner = charge_fields,
          .inner_size = sizeof(struct charge_rows), .has_short_form = true,
          .doc = "What it charges the importer, by name; a step names one under `charge`."),
    FIELD_END};

const struct field system_fields[] = {
    FIELD_AS(struct system_rows, version, "clearlab", FIELD_INTEGER, .min = 1, .max = 1,
             .required = true, .doc = "Version of the scenario language."),
    FIELD_AS(struct system_rows, name, "system", FIELD_NAME, .required = true,
             .doc = "Name of the system."),
    FIELD(struct system_rows, summary, FIELD_TEXT, .doc = "One sentence for people."),
    FIELD(struct system_rows, parameters, FIELD_NODE,
          .doc = "Named scalars with evidence, source and range."),
    FIELD(struct system_rows, organisations, FIELD_MAP, .inner = organisation_fields,
          .inner_size = sizeof(struct organisation_rows), .max = 32,
          .doc = "Who takes part, with staff, machines, places, hours and charges."),
    FIELD(struct system_rows, patches, FIELD_REFERENCES,
          .doc = "In a resolved system: the patches that are merged in it."),
    FIELD(struct system_rows, inert, FIELD_REFERENCES,
          .doc =
              "In a resolved system: patches that changed nothing, for want of what they require."),
    FIELD(struct system_rows, ledger, FIELD_GROUP, .inner = ledger_section_fields,
          .inner_size = sizeof(struct ledger_section),
          .doc = "What parties share: nothing, a database, or a chain of blocks."),
    FIELD(struct system_rows, procedures, FIELD_NODE, .required = true,
          .doc = "Lists of steps by name."),
    FIELD_END};

/* A patch has no struct of its own: merge_patch reads it as a tree, so these rows only describe it.
 */
const struct field patch_fields[] = {
    {.name = "clearlab",
     .kind = FIELD_INTEGER,
     .min = 1,
     .max = 1,
     .required = true,
     .doc = "Version of the scenario language."},
    {.name = "patch", .kind = FIELD_NAME, .required = true, .doc = "Name of the patch."},
    {.name = "summary", .kind = FIELD_TEXT, .doc = "One sentence for people."},
    {.name = "requires",
     .kind = FIELD_REFERENCES,
     .doc = "Patches that must come before; without them this one changes nothing, and says so."},
    {.name = "parameters",
     .kind = FIELD_NODE,
     .doc = "Parameters by name; `scale:` multiplies, null takes away."},
    {.name = "organisations", .kind = FIELD_NODE, .doc = "Merged by key; null takes away."},
    {.name = "ledger", .kind = FIELD_NODE, .doc = "Merged by key; null takes away."},
    {.name = "procedures",
     .kind = FIELD_NODE,
     .doc = "Steps by name; `after:` or `before:` places or moves a step, null takes it away."},
    FIELD_END};

/* ---- calendars ----------------------------------------------------------------------------- */

static const struct calendar *place_calendar(struct builder *builder, const struct calendar *hours,
                                             int64_t ahead_ns) {
    struct calendar *calendar = ARENA_NEW(builder->arena, struct calendar);
    *calendar = *hours;
    calendar->start_day = builder->scenario->world.start_day;
    calendar->ahead_ns = ahead_ns;
    /* A place that is always open keeps no holidays. */
    if (calendar_open_share(hours) < 1) {
        calendar->holiday_count = builder->holidays.count;
        int64_t *days = ARENA_ARRAY(builder->arena, int64_t, builder->holidays.count + 1);
        for (unsigned i = 0; i < builder->holidays.count; i++) {
            days[i] = builder->holidays.days[i];
        }
        calendar->holiday_days = days;
    }
    return calendar;
}

/* ---- resources ----------------------------------------------------------------------------- */

/* The most units that are ever open at once: looked up at every opening of the week. */
static int32_t units_most(const struct shift *shifts, uint32_t count) {
    int64_t most = 0;
    for (uint32_t i = 0; i < count; i++) {
        const struct calendar *calendar = shifts[i].calendar;
        for (uint32_t k = 0; k < calendar->interval_count; k++) {
            int64_t opens_ns = calendar->intervals[k].begin_ns, open = 0;
            for (uint32_t j = 0; j < count; j++) {
                const struct calendar *other = shifts[j].calendar;
                for (uint32_t m = 0; m < other->interval_count; m++) {
                    bool inside = other->intervals[m].begin_ns <= opens_ns &&
                                  opens_ns < other->intervals[m].end_ns;
                    open += inside ? shifts[j].units : 0;
                }
            }
            most = open > most ? open : most;
        }
    }
    return (int32_t)most;
}

static void compile_shifts(struct builder *builder, const struct resource_rows *rows,
                           const struct calendar *hours, int64_t ahead_ns,
                           struct resource_type *type) {
    const struct shift_rows *shift_rows = rows->shifts.items;
    uint32_t count = rows->shifts.count > 0 ? rows->shifts.count : 1;
    struct shift *shifts = ARENA_ARRAY(builder->arena, struct shift, count);
    if (rows->shifts.count == 0) {
        const struct calendar *own =
            rows->hours != NULL ? place_calendar(builder, rows->hours, ahead_ns) : hours;
        shifts[0] = (struct shift){own, (int32_t)rows->units};
    }
    for (uint32_t i = 0; i < rows->shifts.count; i++) {
        shifts[i] = (struct shift){place_calendar(builder, shift_rows[i].hours, ahead_ns),
                                   (int32_t)shift_rows[i].units};
    }
    type->shifts = shifts;
    type->shift_count = count;
    type->units_most = units_most(shifts, count);
}

static int compile_resource(struct builder *builder, const struct resource_rows *rows,
                            uint32_t organisation, const struct calendar *hours, int64_t ahead_ns,
                            struct resource_type *type, struct error *err) {
    const struct organisation *owner = &builder->scenario->organisations[organisation];
    if (rows->shifts.count > 0 && (rows->units != 0 || rows->hours != NULL)) {
        return node_error(rows->item.node, err,
                          "'%s' has shifts, so units and hours may not be given beside them",
                          rows->item.name);
    }
    *type = (struct resource_type){
        .name = arena_format(builder->arena, "%s.%s", owner->name, rows->item.name),
        .organisation = organisation,
        .party = owner->party,
        .at_shift_end = (enum interruption)rows->at_shift_end,
        .when_preempted = (enum interruption)rows->when_preempted,
        .waiting_count_max = rows->queue_limit < 0 ? UINT32_MAX : (uint32_t)rows->queue_limit,
        .cost_per_s = rows->cost_per_s,
        .utilisation = rows->utilisation,
    };
    compile_shifts(builder, rows, hours, ahead_ns, type);
    if (type->units_most == 0) {
        return node_error(rows->item.node, err, "resource '%s' never opens: no hours with units",
                          type->name);
    }
    type->interruptible = type->at_shift_end != INTERRUPT_FINISH;
    if (rows->breakdown.after != NULL) {
        type->breakdown = (struct breakdown){true, *rows->breakdown.after, *rows->breakdown.repair,
                                             (enum interruption)rows->breakdown.work};
        type->interruptible = type->interruptible || type->breakdown.rule != INTERRUPT_FINISH;
        if (distribution_mean(&type->breakdown.after) <= 0) {
            return node_error(rows->item.node, err, "'%s' would fail without time passing",
                              type->name);
        }
    }
    return 0;
}

struct resource_list {
    struct resource_type *items;
    size_t count, capacity;
};

static int compile_resources(struct builder *builder, const struct field_items *rows,
                             uint32_t organisation, const struct calendar *hours, int64_t ahead_ns,
                             struct resource_list *list, struct error *err) {
    const struct resource_rows *items = rows->items;
    for (unsigned i = 0; i < rows->count; i++) {
        list->items = arena_grow(builder->arena, list->items, list->count, &list->capacity,
                                 sizeof *list->items);
        struct resource_type *type = &list->items[list->count];
        if (compile_resource(builder, &items[i], organisation, hours, ahead_ns, type, err) != 0) {
            return -1;
        }
        for (size_t k = 0; k < list->count; k++) {
            if (strcmp(list->items[k].name, type->name) == 0) {
                return node_error(items[i].item.node, err, "'%s' has two resources '%s'",
                                  builder->scenario->organisations[organisation].name,
                                  items[i].item.name);
            }
        }
        list->count++;
    }
    return 0;
}

/* ---- organisations ------------------------------------------------------------------------- */

struct charge_list {
    struct charge *items;
    size_t count, capacity;
};

static void compile_charges(struct builder *builder, const struct field_items *rows,
                            uint32_t organisation, const char *owner, struct charge_list *list) {
    const struct charge_rows *items = rows->items;
    for (unsigned i = 0; i < rows->count; i++) {
        list->items = arena_grow(builder->arena, list->items, list->count, &list->capacity,
                                 sizeof *list->items);
        list->items[list->count++] = (struct charge){
            .name = arena_format(builder->arena, "%s.%s", owner, items[i].item.name),
            .organisation = organisation,
            .amount = items[i].amount,
            .per_ns = items[i].per_ns,
            .free_ns = items[i].free_ns,
        };
    }
}

static int find_party(const struct organisation_rows *rows, struct builder *builder,
                      enum party *party, struct error *err) {
    struct reference own = {.name = rows->item.name, .node = rows->item.node};
    const struct reference *reference = rows->party.name != NULL ? &rows->party : &own;
    if (builder_party(builder, reference, party, err) != 0) {
        return -1;
    }
    return 0;
}

static int compile_organisation(struct builder *builder, const struct organisation_rows *rows,
                                uint32_t number, struct organisation *organisation,
                                struct resource_list *resources, struct charge_list *charges,
                                struct error *err) {
    static const struct calendar_interval whole_week = {0, CALENDAR_WEEK_NS};
    static const struct calendar always = {.interval_count = 1, .intervals = &whole_week};
    int64_t ahead_ns = 0;
    if (rows->utc_offset != NULL) {
        if (compile_utc_offset(rows->utc_offset, rows->item.node, &ahead_ns, err) != 0) {
            return -1;
        }
        ahead_ns -= builder->utc_offset_ns;
    }
    organisation->name = rows->item.name;
    organisation->calendar = place_calendar(builder, rows->hours, ahead_ns);
    const struct calendar *always_open = place_calendar(builder, &always, ahead_ns);
    if (compile_resources(builder, &rows->staff, number, organisation->calendar, ahead_ns,
                          resources, err) != 0 ||
        compile_resources(builder, &rows->machines, number, organisation->calendar, ahead_ns,
                          resources, err) != 0 ||
        compile_resources(builder, &rows->places, number, always_open, ahead_ns, resources, err) !=
            0) {
        return -1;
    }
    compile_charges(builder, &rows->charges, number, organisation->name, charges);
    return 0;
}

int compile_system(struct builder *builder, const struct node *node, struct error *err) {
    struct scenario *scenario = builder->scenario;
    struct system_rows rows = {0};
    builder->reader->root = node;
    if (read_parameters(builder->reader, node_get(node, "parameters"), err) != 0 ||
        read_fields(builder->reader, node, system_fields, NULL, &rows, err) != 0) {
        return -1;
    }
    const struct organisation_rows *items = rows.organisations.items;
    uint32_t count = rows.organisations.count;
    struct organisation *organisations =
        ARENA_ARRAY(builder->arena, struct organisation, count + 1);
    struct resource_list resources = {0};
    struct charge_list charges = {0};
    scenario->organisations = organisations;
    for (uint32_t i = 0; i < count; i++) {
        if (find_party(&items[i], builder, &organisations[i].party, err) != 0 ||
            compile_organisation(builder, &items[i], i, &organisations[i], &resources, &charges,
                                 err) != 0) {
            return -1;
        }
        scenario->organisation_count = i + 1;
    }
    const char **inert = ARENA_ARRAY(builder->arena, const char *, rows.inert.count + 1);
    for (unsigned i = 0; i < rows.inert.count; i++) {
        inert[i] = rows.inert.items[i].name;
    }
    scenario->inert_patches = inert;
    scenario->inert_patch_count = rows.inert.count;
    scenario->system = rows.name;
    scenario->resource_count = (uint32_t)resources.count;
    scenario->resources = resources.items;
    scenario->charge_count = (uint32_t)charges.count;
    scenario->charges = charges.items;
    builder->resource_types = resources.items;
    if (ledger_section_compile(builder, &rows.ledger, node_get(node, "ledger"), err) != 0) {
        return -1;
    }
    return compile_procedures(builder, rows.procedures, err);
}

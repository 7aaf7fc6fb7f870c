/* SPDX-License-Identifier: GPL-3.0-or-later
 * world.c - the rows of a world file, and what they become. */
#include "sim/scenario/compile.h"
#include "sim/world/make.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

struct conduct_rows {
    struct field_item item;
    const struct distribution *time;
};

struct class_rows {
    struct field_item item;
    double share, weight;
    bool trusted;
    double before_arrival, careless, fraudulent;
    struct field_items conduct;
};

struct chapter_rows {
    struct field_item item;
    double share;
    const struct distribution *value, *mass;
    double permit, duty, illicit_factor;
};

struct weight_rows {
    struct field_item item;
    double weight;
};

struct arrival_rows {
    struct field_item item;
    struct reference procedure;
    const struct distribution *interarrival, *carries;
    double rate_per_s;
    struct field_items by_hour, by_weekday;
    struct declaration_file declarations;
};

struct people_rows {
    int64_t importers;
    struct field_items classes;
};

struct world_rows {
    int64_t version;
    const char *name, *summary, *utc_offset, *currency;
    int64_t start_day;
    struct field_dates holidays;
    double value_of_time;
    const struct node *parameters;
    struct people_rows people;
    struct field_items goods, arrivals;
};

static const struct field conduct_fields[] = {FIELD(struct conduct_rows, time, FIELD_DISTRIBUTION,
                                                    .dimension = DIMENSION_TIME, .required = true,
                                                    .doc = "How long such a trader takes."),
                                              FIELD_END};

static const struct field class_fields[] = {
    FIELD(struct class_rows, share, FIELD_SHARE, .required = true,
          .doc = "Share of all importers; the classes add up to 100 %."),
    FIELD(struct class_rows, weight, FIELD_REAL, .min = 0.001, .max = 1000, .text_default = "1",
          .doc = "Consignments of one such importer, relative to the other classes."),
    FIELD(struct class_rows, trusted, FIELD_BOOLEAN, .text_default = "false",
          .doc = "Authorised economic operators and the like."),
    FIELD(struct class_rows, before_arrival, FIELD_SHARE, .text_default = "0 %",
          .doc = "Share of consignments that they are willing to declare before arrival."),
    FIELD(struct class_rows, careless, FIELD_SHARE, .text_default = "0 %",
          .doc = "Share of consignments whose papers have an error."),
    FIELD(struct class_rows, fraudulent, FIELD_SHARE, .text_default = "0 %",
          .doc = "Share of consignments that are not what they are declared to be."),
    FIELD(struct class_rows, conduct, FIELD_MAP, .inner = conduct_fields,
          .inner_size = sizeof(struct conduct_rows), .has_short_form = true,
          .doc = "Times that such importers take, by name; a step uses one as `duration: "
                 "conduct.NAME`."),
    FIELD_END};

static const struct field people_fields[] = {
    FIELD(struct people_rows, importers, FIELD_INTEGER, .min = 1, .max = 10000000,
          .text_default = "1000", .doc = "Number of different importers."),
    FIELD(struct people_rows, classes, FIELD_MAP, .inner = class_fields,
          .inner_size = sizeof(struct class_rows), .max = CLASSES_MAX,
          .doc = "Classes of importers."),
    FIELD_END};

static const struct field chapter_fields[] = {
    FIELD(struct chapter_rows, share, FIELD_SHARE, .required = true,
          .doc = "Share of consignments; the chapters add up to 100 %."),
    FIELD(struct chapter_rows, value, FIELD_DISTRIBUTION, .dimension = DIMENSION_MONEY,
          .required = true, .doc = "Value of one consignment."),
    FIELD(struct chapter_rows, mass, FIELD_DISTRIBUTION, .dimension = DIMENSION_MASS,
          .required = true, .doc = "Mass of one consignment."),
    FIELD(struct chapter_rows, permit, FIELD_SHARE, .text_default = "0 %",
          .doc = "Share that needs another agency's permit."),
    FIELD(struct chapter_rows, duty, FIELD_SHARE, .text_default = "0 %",
          .doc = "Duty as a share of the value."),
    FIELD(struct chapter_rows, illicit_factor, FIELD_REAL, .min = 0, .max = 100,
          .text_default = "1", .doc = "Multiplies the importer's `fraudulent` share."),
    FIELD_END};

static const struct field weight_fields[] = {FIELD(struct weight_rows, weight, FIELD_REAL, .min = 0,
                                                   .max = 1e6, .required = true,
                                                   .doc = "Relative weight."),
                                             FIELD_END};

static const struct field declaration_fields[] = {
    FIELD(struct declaration_file, csv, FIELD_TEXT,
          .doc = "A CSV file with one declaration a row: beside the world's file (of a world that "
                 "stands inside an experiment: from where the program runs), or in the folder that "
                 "CLEARLAB_DATA names."),
    FIELD(struct declaration_file, date, FIELD_TEXT, .text_default = "Date",
          .doc = "Column of the date, yyyy-mm-dd; a day's rows arrive evenly over it."),
    FIELD(struct declaration_file, importer, FIELD_TEXT, .text_default = "Importer ID",
          .doc = "Column of the importer."),
    FIELD(struct declaration_file, chapter, FIELD_TEXT, .text_default = "HS6 Code",
          .doc = "Column of the goods code; its first two digits are the chapter."),
    FIELD(struct declaration_file, value, FIELD_TEXT, .text_default = "Item Price",
          .doc = "Column of the value."),
    FIELD(struct declaration_file, mass, FIELD_TEXT, .text_default = "Net Mass",
          .doc = "Column of the mass in kilograms."),
    FIELD(struct declaration_file, duty_rate, FIELD_TEXT, .text_default = "Tax Rate",
          .doc = "Column of the duty rate in percent."),
    FIELD(struct declaration_file, illicit, FIELD_TEXT, .text_default = "Fraud",
          .doc = "Column of the label, 0 or 1."),
    FIELD(struct declaration_file, exchange, FIELD_REAL, .min = 1e-9, .max = 1e9,
          .text_default = "1", .doc = "Units of the accounting currency a unit of the file's."),
    FIELD_END};

static const struct field arrival_fields[] = {
    FIELD(struct arrival_rows, procedure, FIELD_REFERENCE, .required = true,
          .doc = "The system's procedure that each arrival walks."),
    FIELD(struct arrival_rows, interarrival, FIELD_DISTRIBUTION, .dimension = DIMENSION_TIME,
          .doc = "Time between two arrivals."),
    FIELD_AS(struct arrival_rows, rate_per_s, "rate", FIELD_REAL, .dimension = DIMENSION_RATE,
             .min = 0, .max = 1e9,
             .doc = "Arrivals per time, on average over the week, at random (Poisson)."),
    FIELD(struct arrival_rows, by_hour, FIELD_LIST, .inner = weight_fields,
          .inner_size = sizeof(struct weight_rows), .has_short_form = true, .min = 24, .max = 24,
          .doc = "24 weights that spread `rate` over the hours of a day."),
    FIELD(struct arrival_rows, by_weekday, FIELD_LIST, .inner = weight_fields,
          .inner_size = sizeof(struct weight_rows), .has_short_form = true, .min = 7, .max = 7,
          .doc = "7 weights, Monday first."),
    FIELD(struct arrival_rows, carries, FIELD_DISTRIBUTION, .dimension = DIMENSION_NONE,
          .doc = "Makes the arrival a vessel with so many consignments on board, which its "
                 "procedure spawns."),
    FIELD(struct arrival_rows, declarations, FIELD_GROUP, .inner = declaration_fields,
          .inner_size = sizeof(struct declaration_file),
          .doc = "Arrivals are the rows of a file of real declarations."),
    FIELD_END};

const struct field world_fields[] = {
    FIELD_AS(struct world_rows, version, "clearlab", FIELD_INTEGER, .min = 1, .max = 1,
             .required = true, .doc = "Version of the scenario language."),
    FIELD_AS(struct world_rows, name, "world", FIELD_NAME, .required = true,
             .doc = "Name of the world."),
    FIELD(struct world_rows, summary, FIELD_TEXT, .doc = "One sentence for people."),
    FIELD_AS(struct world_rows, start_day, "start", FIELD_DATE, .text_default = "2017-01-02",
             .doc = "The date of simulated time 0."),
    FIELD(struct world_rows, utc_offset, FIELD_TEXT, .text_default = "+00:00",
          .doc = "The world's own time."),
    FIELD(struct world_rows, holidays, FIELD_DATES, .doc = "Dates on which nothing is open."),
    FIELD(struct world_rows, currency, FIELD_TEXT, .text_default = "USD",
          .doc = "The accounting currency, ISO 4217."),
    FIELD(struct world_rows, value_of_time, FIELD_SHARE, .text_default = "0 %",
          .doc = "What a day is worth to the owner, as a share of the goods' value."),
    FIELD(struct world_rows, parameters, FIELD_NODE,
          .doc = "Named scalars with evidence, source and range."),
    FIELD(struct world_rows, people, FIELD_GROUP, .inner = people_fields,
          .inner_size = sizeof(struct people_rows), .doc = "Importers."),
    FIELD(struct world_rows, goods, FIELD_MAP, .inner = chapter_fields,
          .inner_size = sizeof(struct chapter_rows), .max = 99,
          .doc = "Goods by HS chapter (two digits)."),
    FIELD(struct world_rows, arrivals, FIELD_MAP, .required = true, .inner = arrival_fields,
          .inner_size = sizeof(struct arrival_rows), .min = 1, .max = 16,
          .doc = "Streams of arrivals."),
    FIELD_END};

int compile_utc_offset(const char *text, const struct node *node, int64_t *offset_ns,
                       struct error *err) {
    int hours, minutes, used = 0;
    char sign;
    if (sscanf(text, "%c%2d:%2d%n", &sign, &hours, &minutes, &used) != 3 || text[used] != '\0' ||
        (sign != '+' && sign != '-') || hours > 14 || minutes > 59 || strlen(text) != 6) {
        return node_error(node, err, "'%s' is no UTC offset; write it as +08:00", text);
    }
    int64_t ns = ((int64_t)hours * 60 + minutes) * 60 * 1000000000;
    *offset_ns = sign == '-' ? -ns : ns;
    return 0;
}

static bool adds_up(double sum) {
    return sum > 1 - 1e-9 && sum < 1 + 1e-9;
}

/* ---- people -------------------------------------------------------------------------------- */

/* The conducts are those of the first class; the others must have the same. */
static int compile_conducts(struct builder *builder, const struct class_rows *classes,
                            uint32_t count, struct trader_class *result, struct error *err) {
    struct world *world = &builder->scenario->world;
    const struct conduct_rows *first = classes[0].conduct.items;
    const char **names = ARENA_ARRAY(builder->arena, const char *, classes[0].conduct.count + 1);
    for (unsigned i = 0; i < classes[0].conduct.count; i++) {
        names[i] = first[i].item.name;
    }
    world->conduct_count = classes[0].conduct.count;
    world->conducts = names;
    for (uint32_t c = 0; c < count; c++) {
        struct distribution *times =
            ARENA_ARRAY(builder->arena, struct distribution, world->conduct_count + 1);
        const struct conduct_rows *rows = classes[c].conduct.items;
        uint32_t found = 0;
        for (uint32_t i = 0; i < world->conduct_count; i++) {
            for (unsigned j = 0; j < classes[c].conduct.count; j++) {
                if (strcmp(rows[j].item.name, names[i]) == 0) {
                    times[i] = *rows[j].time;
                    found++;
                }
            }
        }
        if (found != world->conduct_count || classes[c].conduct.count != found) {
            return node_error(classes[c].item.node, err,
                              "class '%s' and class '%s' do not have the same names under conduct",
                              classes[c].item.name, classes[0].item.name);
        }
        result[c].conducts = times;
    }
    return 0;
}

static int compile_people(struct builder *builder, const struct world_rows *rows,
                          const struct node *node, struct error *err) {
    struct world *world = &builder->scenario->world;
    uint32_t count = rows->people.classes.count;
    const struct class_rows *classes = rows->people.classes.items;
    struct trader_class *result = ARENA_ARRAY(builder->arena, struct trader_class, count + 1);
    double *cumulative = ARENA_ARRAY(builder->arena, double, count + 1);
    uint32_t *first = ARENA_ARRAY(builder->arena, uint32_t, count + 2);
    double share = 0, weight = 0, so_far = 0, share_so_far = 0;
    for (uint32_t i = 0; i < count; i++) {
        result[i] = (struct trader_class){
            .name = classes[i].item.name,
            .share = classes[i].share,
            .weight = classes[i].weight,
            .trusted = classes[i].trusted,
            .before_arrival = classes[i].before_arrival,
            .careless = classes[i].careless,
            .fraudulent = classes[i].fraudulent,
        };
        share += classes[i].share;
        weight += classes[i].share * classes[i].weight;
    }
    if (count > 0 && !adds_up(share)) {
        return node_error(node_get(node_get(node, "people"), "classes"), err,
                          "the shares of the classes add up to %.6g %%, not to 100 %%",
                          share * 100);
    }
    for (uint32_t i = 0; i < count; i++) {
        so_far += classes[i].share * classes[i].weight / weight;
        share_so_far += classes[i].share;
        cumulative[i] = i + 1 == count ? 1 : so_far;
        first[i + 1] = i + 1 == count
                           ? (uint32_t)rows->people.importers
                           : (uint32_t)(share_so_far * (double)rows->people.importers + 0.5);
    }
    world->importer_count = (uint32_t)rows->people.importers;
    world->class_count = count;
    world->classes = result;
    world->class_cumulative = cumulative;
    world->class_first = first;
    return count == 0 ? 0 : compile_conducts(builder, classes, count, result, err);
}

/* ---- goods --------------------------------------------------------------------------------- */

static int compile_goods(struct builder *builder, const struct world_rows *rows,
                         const struct node *node, struct error *err) {
    struct world *world = &builder->scenario->world;
    uint32_t count = rows->goods.count;
    const struct chapter_rows *chapters = rows->goods.items;
    struct goods_chapter *result = ARENA_ARRAY(builder->arena, struct goods_chapter, count + 1);
    double *cumulative = ARENA_ARRAY(builder->arena, double, count + 1);
    double share = 0;
    for (uint32_t i = 0; i < count; i++) {
        result[i] = (struct goods_chapter){
            .name = chapters[i].item.name,
            .share = chapters[i].share,
            .value = *chapters[i].value,
            .mass = *chapters[i].mass,
            .permit = chapters[i].permit,
            .duty = chapters[i].duty,
            .illicit_factor = chapters[i].illicit_factor,
        };
        share += chapters[i].share;
        cumulative[i] = i + 1 == count ? 1 : share;
    }
    if (count > 0 && !adds_up(share)) {
        return node_error(node_get(node, "goods"), err,
                          "the shares of the chapters add up to %.6g %%, not to 100 %%",
                          share * 100);
    }
    world->chapter_count = world->drawn_chapter_count = count;
    world->chapters = result;
    world->chapter_cumulative = cumulative;
    return 0;
}

/* ---- arrivals ------------------------------------------------------------------------------ */

static double weight_at(const struct field_items *weights, unsigned i) {
    const struct weight_rows *rows = weights->items;
    return weights->count == 0 ? 1 : rows[i].weight;
}

/* Spreads the average rate over the hours of the week. */
static int compile_rate(const struct arrival_rows *rows, struct arrival_pattern *pattern,
                        struct error *err) {
    double sum = 0;
    for (unsigned hour = 0; hour < ARRIVAL_HOURS; hour++) {
        sum += weight_at(&rows->by_hour, hour % 24) * weight_at(&rows->by_weekday, hour / 24);
    }
    if (sum <= 0) {
        return node_error(rows->item.node, err, "all weights of '%s' are 0", rows->item.name);
    }
    for (unsigned hour = 0; hour < ARRIVAL_HOURS; hour++) {
        double weight =
            weight_at(&rows->by_hour, hour % 24) * weight_at(&rows->by_weekday, hour / 24);
        double rate = rows->rate_per_s * weight * ARRIVAL_HOURS / sum;
        pattern->rate_per_s[hour] = rate;
        pattern->rate_max_per_s = rate > pattern->rate_max_per_s ? rate : pattern->rate_max_per_s;
    }
    return 0;
}

static int compile_stream(struct builder *builder, const struct arrival_rows *rows,
                          struct stream *stream, struct error *err) {
    bool declared = rows->declarations.csv != NULL;
    if ((rows->interarrival != NULL) + (rows->rate_per_s > 0) + declared != 1) {
        return node_error(rows->item.node, err,
                          "arrivals '%s' need exactly one of interarrival, rate and declarations",
                          rows->item.name);
    }
    stream->name = rows->item.name;
    stream->purpose = random_purpose(stream->name, random_purpose("arrivals", 0));
    stream->subject = rows->carries != NULL ? SUBJECT_VESSEL : SUBJECT_CONSIGNMENT;
    stream->pattern.start_day = builder->scenario->world.start_day;
    if (rows->carries != NULL) {
        stream->count = *rows->carries;
    }
    if (declared && rows->carries != NULL) {
        return node_error(rows->item.node, err,
                          "arrivals '%s' are vessels, which have no declarations; take away "
                          "carries or declarations",
                          rows->item.name);
    }
    if (declared) {
        return declarations_read(&rows->declarations, rows->item.node, &builder->scenario->world,
                                 stream, builder->arena, err);
    }
    if (rows->interarrival != NULL) {
        stream->pattern.gap = *rows->interarrival;
        if (distribution_mean(&stream->pattern.gap) <= 0) {
            return node_error(rows->item.node, err, "interarrival times of '%s' have mean 0",
                              rows->item.name);
        }
        return 0;
    }
    return compile_rate(rows, &stream->pattern, err);
}

static int compile_arrivals(struct builder *builder, const struct world_rows *rows,
                            struct error *err) {
    struct world *world = &builder->scenario->world;
    const struct arrival_rows *arrivals = rows->arrivals.items;
    struct stream *streams = ARENA_ARRAY(builder->arena, struct stream, rows->arrivals.count + 1);
    struct reference *procedures =
        ARENA_ARRAY(builder->arena, struct reference, rows->arrivals.count + 1);
    for (uint32_t i = 0; i < rows->arrivals.count; i++) {
        procedures[i] = arrivals[i].procedure;
        if (compile_stream(builder, &arrivals[i], &streams[i], err) != 0) {
            return -1;
        }
    }
    world->stream_count = rows->arrivals.count;
    world->streams = streams;
    builder->stream_procedures = procedures;
    return 0;
}

int compile_streams(struct builder *builder, struct error *err) {
    struct world *world = &builder->scenario->world;
    struct stream *streams = ARENA_ARRAY(builder->arena, struct stream, world->stream_count + 1);
    for (uint32_t i = 0; i < world->stream_count; i++) {
        streams[i] = world->streams[i];
        if (builder_procedure(builder, &builder->stream_procedures[i], &streams[i].procedure,
                              err) != 0) {
            return -1;
        }
    }
    world->streams = streams;
    return 0;
}

static void set_purposes(struct world *world) {
    uint32_t outer = random_purpose("make", 0);
    world->purpose.trader_class = random_purpose("trader_class", outer);
    world->purpose.trader = random_purpose("trader", outer);
    world->purpose.willing = random_purpose("willing", outer);
    world->purpose.deficient = random_purpose("deficient", outer);
    world->purpose.illicit = random_purpose("illicit", outer);
    world->purpose.chapter = random_purpose("chapter", outer);
    world->purpose.value = random_purpose("value", outer);
    world->purpose.mass = random_purpose("mass", outer);
    world->purpose.permit = random_purpose("permit", outer);
}

int compile_world(struct builder *builder, const struct node *node, struct error *err) {
    struct reader *reader = builder->reader;
    struct world *world = &builder->scenario->world;
    struct world_rows rows = {0};
    reader->root = node;
    const struct node *currency = node_get(node, "currency");
    const char *code = currency != NULL && currency->text != NULL ? currency->text : "USD";
    if (strlen(code) != 3) {
        return node_error(currency, err, "'%s' is no ISO 4217 code, such as USD", code);
    }
    memcpy(reader->currency, code, sizeof reader->currency);
    if (read_parameters(reader, node_get(node, "parameters"), err) != 0 ||
        read_fields(reader, node, world_fields, NULL, &rows, err) != 0 ||
        compile_utc_offset(rows.utc_offset, node_get(node, "utc_offset"), &builder->utc_offset_ns,
                           err) != 0) {
        return -1;
    }
    world->name = rows.name;
    world->start_day = rows.start_day;
    world->currency = rows.currency;
    world->value_of_time_per_s = rows.value_of_time / 86400;
    builder->holidays = rows.holidays;
    set_purposes(world);
    if (compile_people(builder, &rows, node, err) != 0 ||
        compile_goods(builder, &rows, node, err) != 0) {
        return -1;
    }
    return compile_arrivals(builder, &rows, err);
}

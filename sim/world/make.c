/* SPDX-License-Identifier: GPL-3.0-or-later
 * make.c - see make.h. */
#include "sim/world/make.h"

#include "sim/run/walk.h"

static double uniform(const struct replication *rep, uint32_t entity, uint32_t purpose) {
    return random_uniform(rep->key, entity, purpose, 0);
}

/* The first index whose cumulative share exceeds u. */
static uint32_t pick(const double *cumulative, uint32_t count, double u) {
    uint32_t low = 0;
    while (low + 1 < count && u >= cumulative[low]) {
        low++;
    }
    return low;
}

static double draw_from(const struct replication *rep, const struct distribution *distribution,
                        uint32_t entity, uint32_t purpose) {
    struct draw draw = {.key = rep->key, .entity = entity, .purpose = purpose};
    return distribution_draw(distribution, &draw);
}

static void draw_people(const struct replication *rep, struct consignment *consignment) {
    const struct world *world = &rep->scenario->world;
    uint32_t entity = consignment->entity;
    uint32_t number = pick(world->class_cumulative, world->class_count,
                           uniform(rep, entity, world->purpose.trader_class));
    const struct trader_class *trader_class = &world->classes[number];
    uint32_t first = world->class_first[number], last = world->class_first[number + 1];
    consignment->trader_class = (uint8_t)number;
    consignment->trader =
        first + (uint32_t)(uniform(rep, entity, world->purpose.trader) * (last - first));
    consignment->trusted = trader_class->trusted;
    consignment->willing =
        uniform(rep, entity, world->purpose.willing) < trader_class->before_arrival;
    consignment->deficient =
        uniform(rep, entity, world->purpose.deficient) < trader_class->careless;
}

static void draw_goods(const struct replication *rep, struct consignment *consignment) {
    const struct world *world = &rep->scenario->world;
    uint32_t entity = consignment->entity;
    uint32_t number = pick(world->chapter_cumulative, world->drawn_chapter_count,
                           uniform(rep, entity, world->purpose.chapter));
    const struct goods_chapter *chapter = &world->chapters[number];
    consignment->chapter = (uint16_t)(number + 1);
    consignment->value = draw_from(rep, &chapter->value, entity, world->purpose.value);
    consignment->mass_kg = draw_from(rep, &chapter->mass, entity, world->purpose.mass);
    consignment->permit = uniform(rep, entity, world->purpose.permit) < chapter->permit;
    consignment->duty_share = chapter->duty;
    double fraudulent =
        world->class_count > 0 ? world->classes[consignment->trader_class].fraudulent : 0;
    consignment->illicit =
        uniform(rep, entity, world->purpose.illicit) < fraudulent * chapter->illicit_factor;
}

/* What a file of declarations says; only the need of a permit is drawn. */
static void take_declared(const struct replication *rep, struct consignment *consignment,
                          const struct declared *declared) {
    const struct world *world = &rep->scenario->world;
    consignment->chapter = (uint16_t)(declared->chapter + 1);
    consignment->permit = uniform(rep, consignment->entity, world->purpose.permit) <
                          world->chapters[declared->chapter].permit;
    consignment->trader = declared->trader;
    consignment->value = declared->value;
    consignment->mass_kg = declared->mass_kg;
    consignment->duty_share = declared->duty;
    consignment->illicit = declared->illicit;
}

static uint32_t make(struct replication *rep, uint32_t stream, uint32_t entity, int subject,
                     uint32_t procedure) {
    uint32_t index = slab_take(&rep->consignments);
    REQUIRE(index != 0); /* more consignments in flight than the slab holds */
    struct consignment *consignment = consignment_at(rep, index);
    /* What stands behind it is read only once it has been reached, and written then. */
    *consignment = (struct consignment){.entity = entity,
                                        .stream = (uint8_t)stream,
                                        .subject = (uint8_t)subject,
                                        .procedure = (uint8_t)procedure};
    rep->created[subject]++;
    const struct world *world = &rep->scenario->world;
    if (subject == SUBJECT_CONSIGNMENT) {
        const struct study *study = &rep->scenario->study;
        consignment->in_cohort = rep->now_ns >= study->warm_up_ns && rep->now_ns < study->end_ns;
        rep->cohort_inside += consignment->in_cohort;
        if (world->class_count > 0) {
            draw_people(rep, consignment);
        }
        if (world->streams[stream].declared_count > 0) {
            take_declared(rep, consignment,
                          &world->streams[stream].declared[rep->stream_next_row[stream]++]);
        } else if (world->drawn_chapter_count > 0) {
            draw_goods(rep, consignment);
        }
    }
    return index;
}

static void begin_walk(struct replication *rep, uint32_t index) {
    struct consignment *consignment = consignment_at(rep, index);
    const struct procedure *procedure = &rep->scenario->procedures[consignment->procedure];
    walk_spawn(rep, index, procedure->first);
    /* All party times are 0 now, and so are the copies of them: nothing else to do. */
    consignment->data[MILESTONE_CREATED] = rep->now_ns;
    consignment->reached = 1u << MILESTONE_CREATED;
}

int64_t make_next_arrival_ns(struct replication *rep, uint32_t number) {
    const struct stream *stream = &rep->scenario->world.streams[number];
    if (stream->declared_count > 0) {
        uint32_t row = rep->stream_next_row[number];
        return row < stream->declared_count ? stream->declared[row].time_ns : INT64_MAX;
    }
    return arrival_next_ns(&rep->streams[number], rep->now_ns);
}

void make_arrival(struct replication *rep, uint32_t number) {
    const struct stream *stream = &rep->scenario->world.streams[number];
    uint32_t entity = rep->stream_next_entity[number]++;
    uint32_t index = make(rep, number, entity, stream->subject, stream->procedure);
    struct consignment *consignment = consignment_at(rep, index);
    if (stream->subject == SUBJECT_VESSEL) {
        double count = draw_from(rep, &stream->count, entity, stream->purpose);
        consignment->carried_count = count < 1 ? 0 : (uint32_t)(count + 0.5);
        rep->stream_next_entity[number] += consignment->carried_count;
    }
    if (rep->stream_next_entity[number] >> STREAM_ENTITY_SHIFT != number) {
        walk_fail(rep, "stream '%s' made more than %d entities", stream->name,
                  1 << STREAM_ENTITY_SHIFT);
        return;
    }
    begin_walk(rep, index);
}

void make_carried(struct replication *rep, uint32_t vessel, uint32_t procedure) {
    uint32_t first = consignment_at(rep, vessel)->entity + 1;
    uint32_t count = consignment_at(rep, vessel)->carried_count;
    uint32_t stream = consignment_at(rep, vessel)->stream;
    consignment_at(rep, vessel)->carried_count = 0;
    consignment_at(rep, vessel)->carried_inside += count;
    consignment_at(rep, vessel)->carried_missing += count;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t index = make(rep, stream, first + i, SUBJECT_CONSIGNMENT, procedure);
        consignment_at(rep, index)->vessel = vessel;
        begin_walk(rep, index);
    }
}

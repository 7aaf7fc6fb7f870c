/* SPDX-License-Identifier: GPL-3.0-or-later
 * reason.c - see reason.h. */
#include "core/risk/reason.h"

#include "core/base/numeric.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct subject {
    const struct engine *engine;
    const struct declaration_table *table;
    const struct encode_row *row;
    uint32_t number; /* of the row */
};

static const char *text_of(const struct subject *subject, int role) {
    const char *text = subject->table->texts[role][subject->number];
    return text[0] != '\0' ? text : "(missing)";
}

/* ---- words of encodings -------------------------------------------------------------------- */

static void append(char text[REASON_TEXT_MAX], const char *separator, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
static void append(char text[REASON_TEXT_MAX], const char *separator, const char *format, ...) {
    size_t length = strlen(text);
    va_list arguments;
    length += (size_t)snprintf(text + length, REASON_TEXT_MAX - length, "%s", separator);
    if (length < REASON_TEXT_MAX) {
        va_start(arguments, format);
        vsnprintf(text + length, REASON_TEXT_MAX - length, format, arguments);
        va_end(arguments);
    }
}

/* The power of two below a number that is above 0, and the next. */
static void append_size(char text[REASON_TEXT_MAX], const char *separator, const char *what,
                        double number, const char *unit) {
    if (!(number > 0)) {
        append(text, separator, "no %s", what);
        return;
    }
    double low = numeric_from_bits(numeric_bits(number) >> 52 << 52);
    append(text, separator, "%s of %.6g to %.6g%s", what, low, 2 * low, unit);
}

static void append_code(const struct subject *subject, unsigned part, const char *separator,
                        char text[REASON_TEXT_MAX]) {
    static const int roles[ENCODE_PART_COUNT] = {
#define ROLE(name) [ENCODE_##name] = COLUMN_##name
        ROLE(tax_type), ROLE(importer),  ROLE(declarant), ROLE(seller),
        ROLE(courier),  ROLE(office),    ROLE(process),   ROLE(kind),
        ROLE(use),      ROLE(transport), ROLE(proof),     ROLE(payment),
#undef ROLE
    };
    static const char *const names[ENCODE_PART_COUNT] = {
#define X(name, doc) doc,
        ENCODE_PARTS(X)
#undef X
    };
    append(text, separator, "%s %.40s", names[part], text_of(subject, roles[part]));
}

static void append_part(const struct subject *subject, unsigned part, char text[REASON_TEXT_MAX]) {
    const char *separator = text[0] == '\0' ? "" : ", ";
    const char *goods = text_of(subject, COLUMN_goods);
    uint32_t i = subject->number;
    switch (part) {
    case ENCODE_chapter:
        append(text, separator, "chapter %.2s", goods);
        break;
    case ENCODE_heading:
        append(text, separator, "heading %.4s", goods);
        break;
    case ENCODE_five:
        append(text, separator, "goods %.5s", goods);
        break;
    case ENCODE_goods:
        append(text, separator, "goods %s", goods);
        break;
    case ENCODE_origin:
        append(text, separator, "from %.20s", text_of(subject, COLUMN_origin));
        break;
    case ENCODE_departure:
        append(text, separator, "by way of %.20s", text_of(subject, COLUMN_departure));
        break;
    case ENCODE_rate:
        append(text, separator, "rate %g %%", (double)subject->table->rates[i]);
        break;
    case ENCODE_mass_size:
        append_size(text, separator, "mass", subject->table->masses_kg[i], " kg");
        break;
    case ENCODE_mass_step:
    case ENCODE_mass:
        append(text, separator, "mass %.6g kg", subject->table->masses_kg[i]);
        break;
    case ENCODE_value_size:
        append_size(text, separator, "value", subject->table->values[i], "");
        break;
    case ENCODE_unit_value:
        append(text, separator, "unit value %.5g", declaration_table_unit_value(subject->table, i));
        break;
    default:
        append_code(subject, part, separator, text);
    }
}

static void say_encoding(const struct subject *subject, const struct encoder *encoder,
                         char text[REASON_TEXT_MAX]) {
    uint32_t parts = encoder->encoding->parts;
    text[0] = '\0';
    for (unsigned part = 0; part < ENCODE_PART_COUNT; part++) {
        if (parts >> part & 1) {
            append_part(subject, part, text);
        }
    }
    const struct memory_entry *entry = memory_find(&encoder->all, encode_key(subject->row, parts));
    if (entry == NULL) {
        append(text, ": ", "never inspected");
        return;
    }
    append(text, ": ", "findings in %.0f %% of %.0f inspections, as weighted",
           100 * entry->findings / entry->inspections, entry->inspections);
}

/* ---- words of features --------------------------------------------------------------------- */

static const char *ordinal(uint32_t number) {
    static const char *const words[] = {"first", "second",  "third",  "fourth", "fifth",
                                        "sixth", "seventh", "eighth", "ninth",  "tenth"};
    return number >= 1 && number <= 10 ? words[number - 1] : "more than the tenth";
}

static uint32_t count_of(float log_count) {
    double count = numeric_expm1((double)log_count);
    return count < 1e9 ? (uint32_t)(count + 0.5) : 1000000000;
}

static void say_price(const struct subject *subject, float cell, bool of_goods,
                      char text[REASON_TEXT_MAX]) {
    bool from_anywhere;
    const struct feature_price *price =
        feature_price(&subject->engine->features, subject->row, &from_anywhere);
    if (cell != cell || price == NULL) {
        append(text, "", "unit value that cannot be compared");
        return;
    }
    append(text, "", "unit value %.2f of the median for %s", numeric_exp((double)cell),
           text_of(subject, COLUMN_goods));
    if (!of_goods && !from_anywhere) {
        append(text, "", " from %.20s", text_of(subject, COLUMN_origin));
    }
}

static void say_feature(const struct subject *subject, enum feature_number feature, float cell,
                        char text[REASON_TEXT_MAX]) {
    text[0] = '\0';
    if (feature == FEATURE_price || feature == FEATURE_price_anywhere) {
        say_price(subject, cell, feature == FEATURE_price_anywhere, text);
    } else if (cell != cell) {
        append(text, "", "%s: not known", feature_names[feature]);
    } else if (feature == FEATURE_mass || feature == FEATURE_value ||
               feature == FEATURE_unit_value) {
        append(text, "", "%s %.4g", feature_names[feature], numeric_exp((double)cell));
    } else if (feature == FEATURE_rate) {
        append(text, "", "rate of duty %g %%", (double)cell);
    } else if (feature == FEATURE_trader_month) {
        append(text, "", "%s declaration of this importer this month", ordinal(count_of(cell) + 1));
    } else if (feature == FEATURE_trader_goods) {
        append(text, "", "%s declaration of these goods by this importer this month",
               ordinal(count_of(cell) + 1));
    } else if (feature == FEATURE_trader_count) {
        append(text, "", "importer with %u declarations before", count_of(cell));
    } else if (feature == FEATURE_trader_pause) {
        append(text, "", "%u days since the importer's last declaration", count_of(cell));
    } else if (feature == FEATURE_trader_route) {
        append(text, "", "%s time that this importer brings these goods this way",
               ordinal(count_of(cell) + 1));
    } else {
        append(text, "", "importer's credit %.0f of 1000", 1000 * (double)cell);
    }
}

static void say_column(const struct subject *subject, uint32_t column, float cell,
                       char text[REASON_TEXT_MAX]) {
    uint32_t encoders = subject->engine->encoder_count;
    if (column < encoders) {
        say_encoding(subject, &subject->engine->encoders[column], text);
    } else if (column < 2 * encoders) {
        snprintf(text, REASON_TEXT_MAX, "%u inspections of the same %s", count_of(cell),
                 subject->engine->encoders[column - encoders].encoding->name);
    } else {
        say_feature(subject, (enum feature_number)(column - 2 * encoders), cell, text);
    }
}

/* ---- parts --------------------------------------------------------------------------------- */

static void say_memory(const struct memory_entry *entry, const char *what,
                       char text[REASON_TEXT_MAX]) {
    snprintf(text, REASON_TEXT_MAX,
             "%s inspected before: %.0f times, with findings in %.0f (memory of repeated goods)",
             what, entry->inspections, entry->findings);
}

static void put_model(const struct subject *subject, const struct matrix *matrix, double general,
                      double share, struct reasons *reasons, struct arena *arena) {
    const struct engine *engine = subject->engine;
    float *cells = ARENA_ARRAY(arena, float, engine->column_count + 1u);
    double *parts = ARENA_ARRAY(arena, double, engine->column_count + 1u), sum = 0;
    matrix_row(matrix, subject->number, cells);
    double base_margin = learner_explain(&engine->model, cells, LEARNER_EXACT, parts);
    double base = learner_link_score(engine->model.learner->link, base_margin);
    for (uint32_t i = 0; i < engine->column_count; i++) {
        sum += parts[i];
    }
    /* Parts that cancel out leave nothing to divide: then none of them moved the probability. */
    bool cancels = sum < 1e-12 && sum > -1e-12;
    reasons->base = share * (cancels ? general : base);
    for (uint32_t i = 0; i < engine->column_count; i++) {
        struct reason *reason = &reasons->items[reasons->count++];
        reason->part = cancels ? 0 : share * (general - base) * (parts[i] / sum);
        say_column(subject, engine->columns[i], cells[i], reason->text);
    }
}

static void sort(struct reasons *reasons) {
    for (uint32_t i = 1; i < reasons->count; i++) {
        struct reason item = reasons->items[i];
        double size = item.part < 0 ? -item.part : item.part;
        uint32_t at = i;
        for (; at > 0; at--) {
            double other = reasons->items[at - 1].part;
            if ((other < 0 ? -other : other) >= size) {
                break;
            }
            reasons->items[at] = reasons->items[at - 1];
        }
        reasons->items[at] = item;
    }
}

struct reasons reason_of(const struct engine *engine, const struct declaration_table *table,
                         const struct encode_row *rows, const struct engine_score *scores,
                         const struct matrix *matrix, uint32_t row, struct arena *arena) {
    const struct engine_score *score = &scores[row];
    struct subject subject = {engine, table, &rows[row], row};
    struct reasons reasons = {.score = score->score,
                              .items =
                                  ARENA_ARRAY(arena, struct reason, engine->column_count + 2u)};
    double share = 1;
    if (engine->with_memory && score->is_seen) {
        const struct blend_evidence evidence = score->evidence;
        struct blend_parts parts = blend_explain(&engine->blend, score->general, evidence);
        share = parts.model_share;
        struct reason *goods = &reasons.items[reasons.count++];
        goods->part = parts.from_goods;
        say_memory(evidence.goods, "same goods, route, rate and mass", goods->text);
        if (evidence.goods_and_price != NULL) {
            struct reason *price = &reasons.items[reasons.count++];
            price->part = parts.from_price;
            say_memory(evidence.goods_and_price, "the same with the same unit value", price->text);
        }
    }
    put_model(&subject, matrix, score->general, share, &reasons, arena);
    sort(&reasons);
    return reasons;
}

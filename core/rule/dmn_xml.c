/* SPDX-License-Identifier: GPL-3.0-or-later
 * dmn_xml.c - see dmn_xml.h. libxml2 calls back for every tag; nothing of its own is kept. */
#include "core/rule/dmn_xml.h"

#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct reading {
    struct arena *arena;
    struct error *err;
    const struct source *source;
    xmlParserCtxt *parser;
    struct dmn_xml *root, *open;
    unsigned depth, element_count;
    char *text; /* of the element that is open, grown as it comes */
    size_t length, capacity;
};

static void stop(struct reading *reading, const char *message) {
    const xmlParserInput *input = reading->parser->input;
    int line = input != NULL ? input->line : 0, column = input != NULL ? input->col : 0;
    node_source_error(reading->source, line, column, reading->err, "%s", message);
    xmlStopParser(reading->parser);
}

static const char *copy(struct reading *reading, const xmlChar *text) {
    const char *chars = text == NULL ? "" : (const char *)text;
    return arena_text(reading->arena, chars, strlen(chars));
}

/* What has been read of the open element's own text goes to it. */
static void settle_text(struct reading *reading) {
    if (reading->open != NULL && reading->length > 0) {
        reading->open->text = *reading->open->text == '\0'
                                  ? arena_text(reading->arena, reading->text, reading->length)
                                  : arena_format(reading->arena, "%s%.*s", reading->open->text,
                                                 (int)reading->length, reading->text);
    }
    reading->length = 0;
}

static void add_attributes(struct reading *reading, struct dmn_xml *element, int count,
                           const xmlChar **attributes) {
    struct dmn_attribute **last = &element->attributes;
    for (int i = 0; i < count; i++, attributes += 5) {
        struct dmn_attribute *attribute = ARENA_NEW(reading->arena, struct dmn_attribute);
        attribute->name = copy(reading, attributes[0]);
        attribute->value = arena_text(reading->arena, (const char *)attributes[3],
                                      (size_t)(attributes[4] - attributes[3]));
        *last = attribute;
        last = &attribute->next;
    }
}

/* Where the tag that is being read stands: libxml2 knows its end, and no < is within a tag. A
 * source that is not in UTF-8 was converted, so there the end has to do. */
static void place(const struct reading *reading, struct dmn_xml *element) {
    const xmlParserInput *input = reading->parser->input;
    const char *text = reading->source->text;
    size_t end = (size_t)(input->cur - input->base) + (size_t)input->consumed;
    element->line = input->line;
    element->column = input->col;
    if (input->encoding != NULL || end >= reading->source->length ||
        (text[end] != '>' && text[end] != '/')) {
        return;
    }
    element->content = text[end] == '>' ? end + 1 : 0;
    for (element->begin = end; element->begin > 0 && text[element->begin] != '<';) {
        element->line -= text[element->begin] == '\n';
        element->begin--;
    }
    size_t line_begin = element->begin;
    while (line_begin > 0 && text[line_begin - 1] != '\n') {
        line_begin--;
    }
    element->column = 1 + (int)(element->begin - line_begin);
}

static void begin_element(void *data, const xmlChar *name, const xmlChar *prefix,
                          const xmlChar *domain, int domain_count, const xmlChar **domains,
                          int attribute_count, int default_count, const xmlChar **attributes) {
    struct reading *reading = data;
    (void)prefix, (void)domain_count, (void)domains, (void)default_count;
    if (reading->depth == DMN_XML_DEPTH_MAX || reading->element_count == DMN_XML_ELEMENTS_MAX) {
        stop(reading, reading->depth == DMN_XML_DEPTH_MAX
                          ? "elements stand more than 200 deep in one another"
                          : "there are more than 200000 elements");
        return;
    }
    settle_text(reading);
    struct dmn_xml *element = ARENA_NEW(reading->arena, struct dmn_xml);
    *element = (struct dmn_xml){.name = copy(reading, name),
                                .domain = copy(reading, domain),
                                .text = "",
                                .source = reading->source,
                                .parent = reading->open};
    place(reading, element);
    add_attributes(reading, element, attribute_count, attributes);
    if (reading->open == NULL) {
        reading->root = element;
    } else if (reading->open->last == NULL) {
        reading->open->first = reading->open->last = element;
    } else {
        reading->open->last = reading->open->last->next = element;
    }
    reading->open = element;
    reading->depth++;
    reading->element_count++;
}

static void end_element(void *data, const xmlChar *name, const xmlChar *prefix,
                        const xmlChar *domain) {
    struct reading *reading = data;
    (void)name, (void)prefix, (void)domain;
    if (reading->open != NULL) {
        settle_text(reading);
        reading->open = reading->open->parent;
        reading->depth--;
    }
}

static void add_text(void *data, const xmlChar *text, int length) {
    struct reading *reading = data;
    size_t needed = reading->length + (size_t)length;
    if (needed > reading->capacity) {
        reading->capacity = 2 * needed;
        char *larger = arena_alloc(reading->arena, reading->capacity);
        memcpy(larger, reading->length > 0 ? reading->text : "", reading->length);
        reading->text = larger;
    }
    memcpy(reading->text + reading->length, text, (size_t)length);
    reading->length = needed;
}

static void refuse_document_type(void *data, const xmlChar *name, const xmlChar *external_id,
                                 const xmlChar *system_id) {
    (void)name, (void)external_id, (void)system_id;
    stop(data, "a document type is not allowed here: take the <!DOCTYPE ...> away");
}

static void note_error(void *data, xmlError *error) {
    struct reading *reading = data;
    if (error->level < XML_ERR_ERROR || reading->err->code != ERROR_NONE) {
        return;
    }
    char text[300];
    snprintf(text, sizeof text, "%s", error->message != NULL ? error->message : "no XML");
    text[strcspn(text, "\n")] = '\0';
    node_source_error(reading->source, error->line, error->int2, reading->err,
                      "this is no well-formed XML: %s", text);
}

static void parse(struct reading *reading) {
    xmlParserCtxt *parser =
        xmlCreateMemoryParserCtxt(reading->source->text, (int)reading->source->length);
    if (parser == NULL) {
        node_source_error(reading->source, 1, 1, reading->err, "there is nothing in this file");
        return;
    }
    xmlCtxtUseOptions(parser, XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
    *parser->sax = (xmlSAXHandler){.initialized = XML_SAX2_MAGIC,
                                   .startElementNs = begin_element,
                                   .endElementNs = end_element,
                                   .characters = add_text,
                                   .cdataBlock = add_text,
                                   .internalSubset = refuse_document_type,
                                   .serror = note_error};
    parser->userData = reading;
    reading->parser = parser;
    xmlParseDocument(parser);
    if (!parser->wellFormed) {
        node_source_error(reading->source, parser->input != NULL ? parser->input->line : 1, 1,
                          reading->err, "this is no well-formed XML");
    }
    xmlFreeParserCtxt(parser);
}

const struct dmn_xml *dmn_xml_read(const char *name, const char *text, size_t length,
                                   struct arena *arena, struct error *err) {
    if (err->code != ERROR_NONE) {
        return NULL;
    }
    if (length > DMN_XML_SIZE_MAX) {
        error_set(err, ERROR_INPUT, "%s is larger than %d bytes", name, DMN_XML_SIZE_MAX);
        return NULL;
    }
    struct source *source = ARENA_NEW(arena, struct source);
    source->name = arena_text(arena, name, strlen(name));
    source->text = arena_text(arena, text, length);
    source->length = length;
    struct reading reading = {.arena = arena, .err = err, .source = source};
    parse(&reading);
    return err->code == ERROR_NONE ? reading.root : NULL;
}

const char *dmn_xml_attribute(const struct dmn_xml *element, const char *name) {
    for (const struct dmn_attribute *at = element->attributes; at != NULL; at = at->next) {
        if (strcmp(at->name, name) == 0) {
            return at->value;
        }
    }
    return NULL;
}

static const struct dmn_xml *find(const struct dmn_xml *from, const char *name,
                                  const char *domain) {
    while (from != NULL && (strcmp(from->name, name) != 0 || strcmp(from->domain, domain) != 0)) {
        from = from->next;
    }
    return from;
}

const struct dmn_xml *dmn_xml_child(const struct dmn_xml *element, const char *name) {
    return element == NULL ? NULL : find(element->first, name, element->domain);
}

const struct dmn_xml *dmn_xml_next(const struct dmn_xml *element) {
    return find(element->next, element->name, element->domain);
}

/* ---- errors ---- */

static void put_error(const struct source *source, int line, int column, struct error *err,
                      const char *format, va_list args) {
    char text[600];
    vsnprintf(text, sizeof text, format, args);
    node_source_error(source, line, column, err, "%s", text);
}

int dmn_xml_error(const struct dmn_xml *element, struct error *err, const char *format, ...) {
    va_list args;
    va_start(args, format);
    put_error(element->source, element->line, element->column, err, format, args);
    va_end(args);
    return -1;
}

/* How many bytes of source at `at` make how many bytes of text: an entity is one to four, the
 * marks of CDATA and comments are none, CR LF is one. */
static size_t step(const char *at, const char *end, size_t *made) {
    size_t left = (size_t)(end - at);
    *made = 1;
    if (*at == '&') {
        const char *semicolon = memchr(at, ';', left);
        unsigned code = 0;
        if (sscanf(at, "&#x%x;", &code) == 1 || sscanf(at, "&#%u;", &code) == 1) {
            *made = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
        }
        return semicolon == NULL ? 1 : (size_t)(semicolon - at) + 1;
    }
    const char *const marks[] = {"<![CDATA[", "]]>"};
    for (int i = 0; i < 2; i++) {
        if (left >= strlen(marks[i]) && memcmp(at, marks[i], strlen(marks[i])) == 0) {
            *made = 0;
            return strlen(marks[i]);
        }
    }
    if (left >= 4 && memcmp(at, "<!--", 4) == 0) {
        const char *close = strstr(at, "-->");
        *made = 0;
        return close == NULL ? 4 : (size_t)(close - at) + 3;
    }
    return *at == '\r' && left > 1 && at[1] == '\n' ? 2 : 1;
}

int dmn_xml_text_error(const struct dmn_xml *element, size_t offset, struct error *err,
                       const char *format, ...) {
    int line = element->line, column = element->column;
    const char *at = element->source->text + element->begin;
    const char *content = element->source->text + element->content;
    const char *end = element->source->text + element->source->length;
    for (size_t done = 0, made; element->content > 0 && at < end;) {
        size_t taken = 1;
        if (at >= content) {
            if (done >= offset) {
                break;
            }
            taken = step(at, end, &made);
            done += made;
        }
        for (; taken > 0; taken--, at++) {
            column = *at == '\n' ? 1 : column + 1;
            line += *at == '\n';
        }
    }
    va_list args;
    va_start(args, format);
    put_error(element->source, line, column, err, format, args);
    va_end(args);
    return -1;
}

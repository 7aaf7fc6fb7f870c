/* SPDX-License-Identifier: GPL-3.0-or-later
 * Goal: the published case mser5-500. Method: its rule makes the series; expected figures and
 * tolerances are read from the file of known answers, never written here.
 *
 *   test_mser5 [FILE]     default: $CLEARLAB_DATA or ../shared/data, stats-known-answers.yaml */
#include "analysis/statistics/mser.h"
#include "tests/test.h"

#include <math.h>
#include <yaml.h>

static yaml_node_t *member(yaml_document_t *document, yaml_node_t *node, const char *key) {
    if (node == NULL || node->type != YAML_MAPPING_NODE) {
        return NULL;
    }
    for (yaml_node_pair_t *pair = node->data.mapping.pairs.start;
         pair < node->data.mapping.pairs.top; pair++) {
        yaml_node_t *name = yaml_document_get_node(document, pair->key);
        if (strcmp((const char *)name->data.scalar.value, key) == 0) {
            return yaml_document_get_node(document, pair->value);
        }
    }
    return NULL;
}

static yaml_node_t *find_case(yaml_document_t *document, const char *id) {
    yaml_node_t *cases = member(document, yaml_document_get_root_node(document), "cases");
    if (cases == NULL || cases->type != YAML_SEQUENCE_NODE) {
        return NULL;
    }
    for (yaml_node_item_t *item = cases->data.sequence.items.start;
         item < cases->data.sequence.items.top; item++) {
        yaml_node_t *node = yaml_document_get_node(document, *item);
        yaml_node_t *name = member(document, node, "id");
        if (name != NULL && strcmp((const char *)name->data.scalar.value, id) == 0) {
            return node;
        }
    }
    return NULL;
}

static double figure(yaml_document_t *document, yaml_node_t *node, const char *key) {
    yaml_node_t *scalar = member(document, node, key);
    return scalar == NULL ? NAN : strtod((const char *)scalar->data.scalar.value, NULL);
}

static void check_case(yaml_document_t *document, yaml_node_t *node) {
    yaml_node_t *expected = member(document, node, "expected");
    double relative = figure(document, member(document, node, "tolerance"), "rel");
    double values[500];
    uint32_t state = 20231;
    for (int i = 0; i < 500; i++) {
        state = (1103515245u * state + 12345u) % 2147483648u;
        values[i] = 10 + 8.0 * exp(-i / 40.0) + 2 * ((double)state / 2147483648.0 - 0.5);
    }
    struct mser mser = mser_truncation(values, 500, MSER_BATCH);
    CHECK_INT(mser.batch_count, figure(document, expected, "batches"));
    CHECK_INT(mser.truncated_batches, figure(document, expected, "truncate_batches"));
    CHECK_INT(mser.truncated_count, figure(document, expected, "truncate_observations"));
    double statistic = figure(document, expected, "mser");
    CHECK_NEAR(mser.statistic, statistic, relative * statistic);
    double mean = figure(document, expected, "truncated_mean");
    CHECK_NEAR(mser.truncated_mean, mean, relative * mean);
    mean = figure(document, expected, "full_mean");
    CHECK_NEAR(mser.full_mean, mean, relative * mean);
}

int main(int argument_count, char **arguments) {
    const char *data = getenv("CLEARLAB_DATA");
    char path[1024];
    snprintf(path, sizeof path, "%s/stats-known-answers.yaml",
             data != NULL ? data : SOURCE_DIR "/../shared/data");
    FILE *file = fopen(argument_count > 1 ? arguments[1] : path, "rb");
    if (file == NULL) {
        SKIP("no file of known answers (stats-known-answers.yaml); set CLEARLAB_DATA");
    }
    yaml_parser_t parser;
    yaml_document_t document;
    yaml_parser_initialize(&parser);
    yaml_parser_set_input_file(&parser, file);
    if (!yaml_parser_load(&parser, &document)) {
        printf("the file of known answers is not YAML\n");
        return 1;
    }
    yaml_node_t *node = find_case(&document, "mser5-500");
    if (node == NULL) {
        SKIP("the file of known answers has no case mser5-500");
    }
    check_case(&document, node);
    yaml_document_delete(&document);
    yaml_parser_delete(&parser);
    fclose(file);
    return test_summary();
}

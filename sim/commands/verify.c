/* SPDX-License-Identifier: GPL-3.0-or-later
 * verify.c - the chains saved in a result, worked out anew. */
#include "sim/commands/command.h"
#include "sim/record/chain_file_verify.h"
#include "sim/record/result_file.h"

#include <inttypes.h>
#include <stdio.h>

static const struct option options[] = {
    {"threads", "N", "threads at work; absent: one a processor"},
    {"json", NULL, "prints JSON"},
    {NULL, NULL, NULL}};

static void print_head(const struct hash *head) {
    for (int i = 0; i < HASH_SIZE; i++) {
        printf("%02x", head->bytes[i]);
    }
}

/* Texts are this program's own, without quotes or control characters. */
static void print_json(const struct chain_report *report) {
    const char *separator = "\n";
    uint32_t count = report->damage_count < CHAIN_DAMAGES_MAX ? report->damage_count
                                                              : (uint32_t)CHAIN_DAMAGES_MAX;

    printf("{\n  \"valid\": %s,\n  \"chains\": %" PRIu32 ",\n  \"blocks\": %" PRIu64
           ",\n  \"transactions\": %" PRIu64 ",\n  \"signatures\": %" PRIu64
           ",\n  \"damage_count\": %" PRIu32 ",\n  \"damages\": [",
           report->damage_count == 0 ? "true" : "false", report->chain_count, report->block_count,
           report->transaction_count, report->signature_count, report->damage_count);
    for (uint32_t i = 0; i < count; i++) {
        const struct chain_fault *fault = &report->damages[i];
        printf("%s    {", separator);
        if (fault->has_chain) {
            printf("\"point\": %" PRIu32 ", \"replication\": %" PRIu32 ", ", fault->point,
                   fault->replication);
        }
        if (fault->has_height) {
            printf("\"height\": %" PRIu64 ", ", fault->height);
        }
        printf("\"field\": \"%s\", \"offset\": %" PRIu64 ", \"reason\": \"%s\"}", fault->field,
               fault->offset, fault->reason);
        separator = ",\n";
    }
    printf("%s]", count > 0 ? "\n  " : "");
    if (report->block_count > 0 && report->damage_count == 0) {
        printf(",\n  \"head\": \"");
        print_head(&report->head);
        printf("\"");
    }
    printf("\n}\n");
}

static void print_fault(const char *path, const struct chain_fault *fault) {
    printf("%s: ", path);
    if (fault->has_chain) {
        printf("point %" PRIu32 ", replication %" PRIu32 ": ", fault->point, fault->replication);
    }
    if (fault->has_height) {
        printf("height %" PRIu64 ": ", fault->height);
    }
    printf("%s: %s (at byte %" PRIu64 ")\n", fault->field, fault->reason, fault->offset);
}

static void print_text(const char *path, const struct chain_report *report) {
    for (uint32_t i = 0; i < report->damage_count && i < CHAIN_DAMAGES_MAX; i++) {
        print_fault(path, &report->damages[i]);
    }
    if (report->damage_count > CHAIN_DAMAGES_MAX) {
        printf("%" PRIu32 " more chains are damaged\n", report->damage_count - CHAIN_DAMAGES_MAX);
    }
    printf("%" PRIu32 " chains, %" PRIu64 " blocks, %" PRIu64 " transactions, %" PRIu64
           " signatures: %s\n",
           report->chain_count, report->block_count, report->transaction_count,
           report->signature_count, report->damage_count == 0 ? "valid" : "damaged");
    if (report->block_count > 0 && report->damage_count == 0) {
        printf("head of the last chain: ");
        print_head(&report->head);
        printf("\n");
    }
}

/* A result without chains can still be checked for what it has. */
static int check_result(const struct invocation *invocation, const char *path, struct error *err) {
    struct result result;
    if (result_file_read(path, &result, invocation->arena, err) != 0) {
        return 1;
    }
    if (command_option(invocation, "json") != NULL) {
        printf("{\n  \"valid\": true,\n  \"chains\": 0,\n  \"points\": %" PRIu32
               ",\n  \"replications\": %" PRIu32 "\n}\n",
               result.layout.point_count, result.replication_count);
    } else {
        printf("no chain is saved in this result; its checksum and shape are right: %" PRIu32
               " points, %" PRIu32 " replications\n",
               result.layout.point_count, result.replication_count);
    }
    return 0;
}

static int run(const struct invocation *invocation, struct error *err) {
    const char *path = invocation->positionals[0];
    struct chain_report *report = ARENA_NEW(invocation->arena, struct chain_report);
    int64_t threads;
    if (command_option_number(invocation, "threads", 1, 4096, 0, &threads, err) != 0) {
        return -1;
    }
    if (!chain_file_has_chains(path)) {
        return check_result(invocation, path, err);
    }
    if (chain_file_verify(path, (int)threads, report, err) != 0) {
        return 1;
    }
    if (command_option(invocation, "json") != NULL) {
        print_json(report);
    } else {
        print_text(path, report);
    }
    return report->damage_count == 0 ? 0 : 1;
}

const struct command command_verify = {
    .name = "verify",
    .arguments = "RESULT.h5 [options]",
    .doc = "Works the chains saved in a result out anew and names what is damaged.",
    .positionals_min = 1,
    .positionals_max = 1,
    .options = options,
    .run = run,
};

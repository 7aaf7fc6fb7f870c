/* SPDX-License-Identifier: GPL-3.0-or-later
 * trial_disk.c - where a member keeps its record: two places by turns, so that a write that fails
 * half way leaves the last one whole. */
#include "sim/consensus/trial_parts.h"

#include <stddef.h>
#include <string.h>

/* Where the next record goes: never over the newest. */
static struct disk_slot *slot_to_write(struct node *node) {
    return &node->slots[(node->sequence + 1) % 2];
}

void trial_write_record(struct trial *trial, struct node *node,
                        const struct consensus_record *record) {
    struct disk_slot *slot = slot_to_write(node);
    node->sequence++;
    slot->sequence = node->sequence;
    slot->place = (uint32_t)(node->sequence % 2);
    slot->is_torn = false;
    memcpy(&slot->record, record, offsetof(struct consensus_record, valid_proof));
    const struct consensus_certificate *proof = &record->valid_proof;
    memcpy(&slot->record.valid_proof, proof, offsetof(struct consensus_certificate, signatures));
    memcpy(slot->record.valid_proof.signatures, proof->signatures,
           proof->round < 0 ? 0 : proof->count * sizeof *proof->signatures);
    if (proof->round >= 0 && trial->plan.lies == LIES_SLEEPER) {
        trial_keep_proof(trial, proof); /* liars have heard it too */
    }
}

/* The crash comes in the middle of a write: half of it is there, or all of it in the wrong place,
 * over the record that was to be kept. */
void trial_spoil_write(struct trial *trial, struct node *node,
                       const struct consensus_record *record) {
    bool is_misdirected =
        trial->plan.broken_disks && node->has_lost_record && trial_draw_chance(trial, 0.5);
    trial_write_record(trial, node, record);
    struct disk_slot *written = &node->slots[node->sequence % 2];
    if (is_misdirected) {
        node->slots[(node->sequence + 1) % 2] = *written;
        *written = (struct disk_slot){.sequence = 0};
    } else {
        written->is_torn = true;
    }
}

/* The newest record that is whole. A whole one in the wrong place says that the one that stood
 * there is gone: then nothing is known. */
const struct consensus_record *trial_read_record(struct node *node, bool *is_lost) {
    const struct disk_slot *newest = NULL;
    *is_lost = false;
    for (uint32_t place = 0; place < 2; place++) {
        const struct disk_slot *slot = &node->slots[place];
        if (slot->sequence == 0 || slot->is_torn) {
            continue;
        }
        *is_lost = *is_lost || slot->place != place;
        if (newest == NULL || slot->sequence > newest->sequence) {
            newest = slot;
        }
    }
    node->sequence = newest != NULL ? newest->sequence : 0;
    return *is_lost || newest == NULL ? NULL : &newest->record;
}

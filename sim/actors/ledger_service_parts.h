/* SPDX-License-Identifier: GPL-3.0-or-later
 * ledger_service_parts.h - what the files of a ledger in simulated time share.
 *
 * A node takes what comes in the order of its coming, so what it will do with it can be worked out
 * at once: its clock runs ahead of the simulation's to when it has done it, and what it sends
 * leaves at that time. */
#ifndef SIM_ACTORS_LEDGER_SERVICE_PARTS_H
#define SIM_ACTORS_LEDGER_SERVICE_PARTS_H

#include "core/base/estimate.h"
#include "core/ledger/execution_kinds.h"
#include "sim/actors/ledger_service.h"
#include "sim/record/chain_file.h"
#include "sim/run/replication.h"

enum {
    LEDGER_NODE_WORDS = LEDGER_PLAN_NODES_MAX / 64,
    LEDGER_BODY_MAX = LEDGER_PLAN_DOCUMENT_MAX + RECORD_KEY_MAX + 16,
    LEDGER_ENCODING_MAX = LEDGER_BODY_MAX + 160,
    LEDGER_TASKS_MAX = 1 << 22,
    LEDGER_ENTRIES_MAX = 1 << 20,
    LEDGER_BLOCKS_MAX = 1 << 18,
    LEDGER_PROOFS_MAX = 1 << 12,
    LEDGER_SHELF_BLOCKS = 32,
};

/* What an event of the ledger is about. Simultaneous ones go by node, then in this order of their
 * making. */
enum ledger_task_kind {
    TASK_CRASH,   /* node `to`; the outage is `index` */
    TASK_RESTART, /* likewise */
    /* Messages. */
    TASK_TRANSACTION, /* the entry `index` */
    TASK_VOTE,        /* a proposal comes with the block `index` */
    TASK_ASK,         /* for the decision of `height` */
    TASK_DECISION,    /* the block `index`; the sender is at `height` */
    TASK_FETCH,       /* for the block with the hash of `vote` */
    TASK_BLOCK,       /* the block `index` */
    TASK_NOTICE,      /* by the operator of a database: the entry `index` is committed */
    /* To itself. */
    TASK_LOOK,   /* for the block with the hash of `vote`, here or at node `from` */
    TASK_TIMER,  /* of the agreement */
    TASK_BEGIN,  /* the next block */
    TASK_REMIND, /* to send again what it has submitted and nobody has committed */
    TASK_DONE,   /* the token `index` goes on, if it still waits for `ticket` */
};

struct ledger_task {
    uint32_t slab_next;
    enum ledger_task_kind kind;
    uint32_t from, to;
    uint32_t generation; /* of `to`, when it set this for itself */
    enum consensus_timer timer;
    uint32_t index, proof; /* a proof in the slab; 0 for none */
    int32_t round;
    uint64_t height, ticket; /* the entry or block at `index` is gone when it has another ticket */
    struct consensus_vote vote;
};

/* A transaction from its submission until every node has committed it. */
struct ledger_entry {
    uint32_t slab_next;
    uint32_t origin; /* node */
    uint32_t token;  /* that waits; 0 for none */
    bool is_committed;
    uint64_t ticket;                                           /* 0: free */
    uint64_t held[LEDGER_NODE_WORDS], done[LEDGER_NODE_WORDS]; /* nodes that have, have committed */
    int64_t submitted_ns;
    struct transaction transaction;
    uint8_t body[LEDGER_BODY_MAX], encoding[LEDGER_ENCODING_MAX];
};

/* A block from its making until every node has passed its height. */
struct ledger_block {
    uint32_t slab_next;
    uint32_t next;   /* in the list of all, newest first */
    uint64_t ticket; /* 0: free */
    struct ledger_shelf *shelf;
    const struct block *block;
    uint32_t *entries; /* [transaction_count] */
    uint32_t size;     /* bytes on a link */
    uint32_t committed_count;
    int64_t made_ns;
    uint64_t held[LEDGER_NODE_WORDS];
    const struct consensus_certificate *certificate; /* NULL while nobody has committed it */
};

/* Memory of some blocks, given back when the last of them is. */
struct ledger_shelf {
    struct arena arena;
    uint32_t block_count, live_count;
    struct ledger_shelf *next_free;
};

struct ledger_proof {
    uint32_t slab_next;
    uint32_t references;
    struct consensus_certificate certificate;
};

struct ledger_link {
    int64_t free_ns;
    uint32_t message_count;
};

struct ledger_node {
    uint32_t number;
    bool is_up, is_reminding;
    uint32_t generation; /* counts crashes: what it had set for itself is void */
    int64_t clock_ns;    /* when it has done all that has come so far */
    int64_t busy_ns;     /* from warm-up to end */
    int64_t committed_ns;
    int64_t begin_ns; /* when it looks for work next; INT64_MAX: not set */
    uint64_t height, sequence;
    uint64_t *committed_of; /* [node] how many of its transactions have been committed here */
    uint32_t own_count;     /* of its own transactions, not committed */
    struct ledger *ledger;
    struct consensus *consensus;
    struct consensus_record *record; /* what survives a crash; NULL when there are none */
    uint32_t *pool;                  /* entries that wait for a block, in order of their coming */
    size_t pool_count, pool_capacity;
    struct signing_key key;
    struct public_key public_key;
};

struct ledger_service {
    struct replication *rep;
    const struct ledger_plan *plan; /* NULL: this scenario has no ledger */
    struct chain_writer *writer;    /* NULL: blocks are not saved */
    uint32_t point;                 /* under which they are */
    struct arena run;               /* of one replication */
    struct ledger_pool *pool;
    struct slab tasks, entries, blocks, proofs;
    struct ledger_node *nodes;
    struct ledger_link *links; /* [from][to] */
    uint32_t first_block;
    struct ledger_shelf *shelf, *free_shelves;
    uint64_t tickets;
    bool may_lose; /* messages, by loss, partitions or crashes */
    int64_t submitted, committed;
    /* Of the time from warm-up to end. */
    int64_t window_submitted, window_committed, block_count, empty_count, round_count;
    int64_t message_count, byte_count, lost_count;
    struct tally latency_ns, agreement_ns;
    uint32_t *latency_histogram;
};

static inline bool ledger_bit(const uint64_t *bits, uint32_t node) {
    return (bits[node / 64] >> node % 64 & 1) != 0;
}

static inline void ledger_set_bit(uint64_t *bits, uint32_t node) {
    bits[node / 64] |= (uint64_t)1 << node % 64;
}

static inline struct ledger_entry *ledger_entry_at(const struct ledger_service *service,
                                                   uint32_t index) {
    return slab_at(&service->entries, index);
}

static inline struct ledger_block *ledger_block_at(const struct ledger_service *service,
                                                   uint32_t index) {
    return slab_at(&service->blocks, index);
}

/* Whether a time is from warm-up to end. */
static inline bool ledger_in_window(const struct ledger_service *service, int64_t time_ns) {
    const struct study *study = &service->rep->scenario->study;
    return time_ns >= study->warm_up_ns && time_ns < study->end_ns;
}

/* ---- ledger_network.c ----------------------------------------------------------------------- */

/* An event at a time; what is posted to a node itself is not lost. */
void ledger_network_post(struct ledger_service *service, const struct ledger_task *task,
                         int64_t time_ns);

/* Puts a message of `size` bytes on its way when its sender has done its work: at task->from's
 * clock. The proof counts one reference more if it arrives. */
void ledger_network_send(struct ledger_service *service, const struct ledger_task *task,
                         uint32_t size);

/* The same to every other node. */
void ledger_network_broadcast(struct ledger_service *service, struct ledger_task *task,
                              uint32_t size);

bool ledger_network_is_down(const struct ledger_service *service, uint32_t node, int64_t time_ns);

/* Posts the first crash of every outage. */
void ledger_network_start(struct ledger_service *service);

/* The outage begins again: posts its end and its next beginning, for node task->to. */
void ledger_network_next_crash(struct ledger_service *service, const struct ledger_task *task);

/* ---- ledger_store.c ------------------------------------------------------------------------- */

/* Signs a hash, or stands in for that, and gives the verifier the answer then. */
struct signature ledger_store_seal(struct ledger_service *service, const struct ledger_node *node,
                                   const struct hash *hash);

/* Stand-ins that the verifier may have forgotten since; nothing when signatures are real. */
void ledger_store_note_block(struct ledger_service *service, const struct block *block);
void ledger_store_note(struct ledger_service *service, enum consensus_kind kind,
                       const struct consensus_certificate *certificate);

/* A record of `value`, sealed with the node's next number. */
uint32_t ledger_store_submit(struct ledger_service *service, struct ledger_node *node,
                             const struct codec_blob *key, const struct codec_blob *value);

/* The entry has come to the node; false when it had it before. */
bool ledger_store_hold(struct ledger_service *service, struct ledger_node *node, uint32_t entry);

/* Whether some of what waits at the node has a place in the next block: of each sender only the
 * next one by number does, and that may have got lost on its way here. */
bool ledger_store_has_work(const struct ledger_service *service, const struct ledger_node *node);

/* A block of what waits at the node; its index. It is held by the node. */
uint32_t ledger_store_make(struct ledger_service *service, struct ledger_node *node,
                           uint32_t round);

/* The block with a hash that some node may still need; 0 when there is none. */
uint32_t ledger_store_find(const struct ledger_service *service, const struct hash *hash);

/* The committed block of a height; 0 when all nodes have passed it. */
uint32_t ledger_store_at_height(const struct ledger_service *service, uint64_t height);

/* Bookkeeping of a commit by one node: latencies, tokens, what waits; the last node's lets go of
 * what nobody needs any more. */
void ledger_store_commit(struct ledger_service *service, struct ledger_node *node, uint32_t block,
                         const struct consensus_certificate *certificate);

/* An entry's submitter knows that it is committed. */
void ledger_store_done(struct ledger_service *service, struct ledger_node *node,
                       struct ledger_entry *entry);

void ledger_store_release_entry(struct ledger_service *service, uint32_t entry);
void ledger_store_release_proof(struct ledger_service *service, uint32_t proof);
void ledger_store_stop(struct ledger_service *service);

/* ---- ledger_node.c -------------------------------------------------------------------------- */

/* The node takes up something that has come now, or works on for a time. */
void ledger_node_take_up(const struct ledger_service *service, struct ledger_node *node);
void ledger_node_work(const struct ledger_service *service, struct ledger_node *node,
                      int64_t duration_ns);

/* Time to hash so many bytes. */
int64_t ledger_node_hash_ns(const struct ledger_service *service, uint64_t size);

/* Sees to it that the node begins the next block in time. */
void ledger_node_look_ahead(struct ledger_service *service, struct ledger_node *node);

/* Sees to it that the node sends again what may be lost. */
void ledger_node_remember(struct ledger_service *service, struct ledger_node *node);

void ledger_node_start(struct ledger_service *service, struct ledger_node *node);
void ledger_node_event(struct ledger_service *service, const struct ledger_task *task);

/* ---- ledger_operator.c ---------------------------------------------------------------------- */

/* The events of a database. */
void ledger_operator_event(struct ledger_service *service, const struct ledger_task *task);

#endif

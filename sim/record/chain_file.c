/* SPDX-License-Identifier: GPL-3.0-or-later
 * chain_file.c - what writing and reading saved chains have in common. */
#include "sim/record/chain_file.h"

#include "core/base/require.h"
#include "sim/record/chain_file_parts.h"
#include "sim/record/checksum.h"
#include "sim/record/storage.h"

const struct chain_file_column chain_file_columns[CHAIN_FILE_COLUMNS] = {
    [COLUMN_CHAIN] = {"/chain", "1", "Number of a saved chain."},
    [COLUMN_POINT] = {"/chains/point", "1", "Point whose replication it is of."},
    [COLUMN_REPLICATION] = {"/chains/replication", "1", "Replication."},
    [COLUMN_FIRST_BLOCK] = {"/chains/first_block", "1", "Row of its genesis on the axis block."},
    [COLUMN_HEIGHT] = {"/chains/height", "1", "Height of its last block."},
    [COLUMN_BLOCK] = {"/block", "1", "Height of a block, 0 for a genesis."},
    [COLUMN_OFFSET] = {"/blocks/offset", "byte", "Where it begins in the bytes."},
    [COLUMN_LENGTH] = {"/blocks/length", "byte", "How long it is."},
    [COLUMN_CHECKSUM] = {"/blocks/checksum", "1", "CRC-64/XZ of it."},
};

/* ---- the frame: what is not in chunks of bytes ---------------------------------------------- */

static uint64_t pages_of(uint64_t size) {
    return (size + CHAIN_FILE_PAGE - 1) / CHAIN_FILE_PAGE;
}

uint64_t chain_file_page_count(const struct chain_directory *directory) {
    uint64_t count = 0, at = 0;
    for (uint64_t i = 0; i < directory->chunk_count; i++) {
        uint64_t address = directory->addresses[i];
        if (address < at || address > directory->hdf5_size ||
            directory->hdf5_size - address < CHAIN_FILE_CHUNK) {
            return UINT64_MAX;
        }
        count += pages_of(address - at);
        at = address + CHAIN_FILE_CHUNK;
    }
    return count + pages_of(directory->hdf5_size - at);
}

int chain_file_scan(int file, const char *path, const struct chain_directory *directory,
                    uint64_t *pages, uint64_t *whole, struct error *err) {
    struct arena scratch = ARENA_INIT;
    uint8_t *bytes = arena_alloc(&scratch, CHAIN_FILE_CHUNK);
    uint64_t at = 0, page = 0;
    int status = 0;
    *whole = 0;
    for (uint64_t i = 0; i <= directory->chunk_count && status == 0; i++) {
        bool is_last = i == directory->chunk_count;
        uint64_t end = is_last ? directory->hdf5_size : directory->addresses[i];
        while (at < end && status == 0) {
            size_t size = end - at < CHAIN_FILE_CHUNK ? (size_t)(end - at) : CHAIN_FILE_CHUNK;
            status = storage_read(file, bytes, size, at, path, err);
            *whole = checksum(*whole, bytes, size);
            for (size_t k = 0; k < size; k += CHAIN_FILE_PAGE) {
                size_t rest = size - k < CHAIN_FILE_PAGE ? size - k : CHAIN_FILE_PAGE;
                pages[page++] = checksum(0, bytes + k, rest);
            }
            at += size;
        }
        if (!is_last && status == 0) {
            status = storage_read(file, bytes, CHAIN_FILE_CHUNK, at, path, err);
            *whole = checksum(*whole, bytes, CHAIN_FILE_CHUNK);
            at += CHAIN_FILE_CHUNK;
        }
    }
    arena_free(&scratch);
    return status;
}

hid_t chain_file_access(void) {
    hid_t access = H5Pcreate(H5P_FILE_ACCESS);
    if (H5Pset_libver_bounds(access, H5F_LIBVER_EARLIEST, H5F_LIBVER_V18) < 0 ||
        H5Pset_fclose_degree(access, H5F_CLOSE_STRONG) < 0) {
        result_hdf5_close(access);
        return H5I_INVALID_HID;
    }
    return access;
}

/* ---- genesis -------------------------------------------------------------------------------- */

struct written_genesis {
    struct codec_blob name;
    int64_t time_ns;
    struct codec_blob members; /* a struct members */
    struct codec_blob parameters;
};

static const struct codec_row genesis_rows[] = {
    CODEC(struct written_genesis, name, CODEC_TEXT),
    CODEC(struct written_genesis, time_ns, CODEC_I64),
    CODEC(struct written_genesis, members, CODEC_BLOB),
    CODEC(struct written_genesis, parameters, CODEC_BLOB, .max = CHAIN_FILE_PARAMETERS_MAX),
    CODEC_ROWS_END,
};

static struct codec_blob encode(const struct codec_row *rows, const void *value,
                                struct arena *arena) {
    size_t size = codec_encode(rows, value, NULL, 0);
    REQUIRE(size <= UINT32_MAX);
    uint8_t *bytes = arena_alloc(arena, size);
    codec_encode(rows, value, bytes, size);
    return (struct codec_blob){.bytes = bytes, .size = (uint32_t)size};
}

struct codec_blob chain_file_encode_genesis(const struct ledger_genesis *genesis,
                                            const char *parameters, struct arena *arena) {
    struct written_genesis written = {
        .name = genesis->name,
        .time_ns = genesis->time_ns,
        .members = encode(members_rows, &genesis->members, arena),
        .parameters = {.bytes = (const uint8_t *)parameters, .size = (uint32_t)strlen(parameters)}};
    return encode(genesis_rows, &written, arena);
}

static bool keys_are_in_order(const struct member *member) {
    const struct member_key *keys = member->keys.items;
    for (uint32_t i = 0; i < member->keys.count; i++) {
        if (keys[i].from_height > keys[i].to_height ||
            (i > 0 && keys[i].from_height < keys[i - 1].to_height)) {
            return false;
        }
    }
    return true;
}

/* Why nobody could begin a ledger with this list, or NULL. */
static const char *judge_members(const struct members *members) {
    const struct member *list = members->list.items;
    for (uint32_t i = 0; i < members->list.count; i++) {
        if ((i > 0 && list[i].number <= list[i - 1].number) || !keys_are_in_order(&list[i])) {
            return "a number twice, or keys that overlap";
        }
    }
    uint32_t voters = members_voter_count(members);
    return voters == 0 || voters > CONSENSUS_MEMBERS_MAX ? "nobody or too many would decide" : NULL;
}

int chain_file_genesis(const struct chain_record *record, struct arena *arena,
                       struct chain_genesis *genesis, struct codec_fault *fault) {
    struct written_genesis written;
    if (codec_decode(genesis_rows, record->bytes.bytes, record->bytes.size, arena, &written,
                     fault) != 0) {
        return -1;
    }
    size_t at = (size_t)(written.members.bytes - record->bytes.bytes);
    genesis->parameters = written.parameters;
    genesis->ledger = (struct ledger_genesis){.name = written.name, .time_ns = written.time_ns};
    struct members *members = &genesis->ledger.members;
    if (codec_decode(members_rows, written.members.bytes, written.members.size, arena, members,
                     fault) != 0) {
        fault->offset += at;
        return -1;
    }
    const char *reason = judge_members(members);
    if (reason != NULL) {
        *fault = (struct codec_fault){.field = "members", .offset = at, .reason = reason};
        return -1;
    }
    return 0;
}

bool chain_file_is_whole(const struct chain_record *record) {
    return checksum(0, record->bytes.bytes, record->bytes.size) == record->checksum;
}

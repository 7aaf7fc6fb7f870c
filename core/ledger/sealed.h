/* SPDX-License-Identifier: GPL-3.0-or-later
 * sealed.h - payloads that only named parties can read.
 *
 *     document   32 bytes   which payload this is
 *     ephemeral  32 bytes   X25519 public key made for it
 *     locks      SET        party U32, the content key sealed to that party 32 + tag 16
 *     text       BLOB       XChaCha20-Poly1305 under the content key
 *     tag        16 bytes   over text, document and ephemeral
 *
 * A lock's key is HKDF of X25519(ephemeral, party) with both public keys as salt. All keys and
 * nonces are derived from a secret of the sender and the document, so nothing is drawn; two
 * payloads never have one document.
 *
 * The audit key opens nothing alone. What is sealed to the auditor is the content key combined with
 * a share that is sealed to a trustee, who gives it out once the ledger has a record of the use. */
#ifndef CORE_LEDGER_SEALED_H
#define CORE_LEDGER_SEALED_H

#include "core/ledger/cipher.h"
#include "core/ledger/codec.h"
#include "core/ledger/hash.h"

enum { SEALED_PARTIES_MAX = 64, SEALED_TEXT_MAX = 1 << 20 };

struct sealed_party {
    uint32_t number;
    uint8_t public_key[CIPHER_KEY_SIZE];
};

struct sealed_audit {
    struct sealed_party auditor, trustee; /* neither among the parties */
};

struct sealed_sender {
    struct hash secret; /* for this use only */
    struct hash document;
};

/* The payload for the parties, in the arena; `audit` may be NULL. NULL bytes: a party's key is of
 * small order or two have one number. */
struct codec_blob sealed_make(const struct sealed_sender *sender, const struct codec_blob *text,
                              const struct sealed_party *parties, uint32_t party_count,
                              const struct sealed_audit *audit, struct arena *arena);

/* The text for a party, in the arena. NULL; or why it can't be read. */
const char *sealed_open(const struct codec_blob *sealed, const struct hash *document,
                        uint32_t party, const uint8_t private_key[CIPHER_KEY_SIZE],
                        struct arena *arena, struct codec_blob *text);

/* The trustee's share of the audit key. */
const char *sealed_share(const struct codec_blob *sealed, const struct hash *document,
                         uint32_t trustee, const uint8_t private_key[CIPHER_KEY_SIZE],
                         struct arena *arena, uint8_t share[CIPHER_KEY_SIZE]);

/* The text for the auditor who was given the share. */
const char *sealed_audit(const struct codec_blob *sealed, const struct hash *document,
                         uint32_t auditor, const uint8_t private_key[CIPHER_KEY_SIZE],
                         const uint8_t share[CIPHER_KEY_SIZE], struct arena *arena,
                         struct codec_blob *text);

#endif

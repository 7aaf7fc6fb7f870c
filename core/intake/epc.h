/* SPDX-License-Identifier: GPL-3.0-or-later
 * epc.h - the 96 bits of an RFID tag and what they say, after the EPC Tag Data Standard (GS1).
 *
 *     | header 8 | filter 3 | partition 3 | company prefix | reference | serial | zeros |
 *
 * The partition divides the bits between prefix and reference, so that both together have the
 * digits of the GS1 key: 13 of a trade item without its check digit (SGTIN), 17 of a logistic unit
 * (SSCC), 12 of a place or an asset type (SGLN, GRAI); an individual asset (GIAI) has no serial.
 *
 * Strict both ways: a word whose partition is 7, whose fields have more digits than they may, or
 * whose zeros are none is no EPC, and so is a text with other digits than the standard writes. */
#ifndef CORE_INTAKE_EPC_H
#define CORE_INTAKE_EPC_H

#include "core/base/error.h"

#include <stdbool.h>
#include <stdint.h>

#define EPC_SCHEMES(X) X(sgtin) X(sscc) X(sgln) X(grai) X(giai)

enum epc_scheme {
#define X(name) EPC_##name,
    EPC_SCHEMES(X)
#undef X
        EPC_SCHEME_COUNT,
};

enum { EPC_BYTES = 12, EPC_TEXT_MAX = 96 };

struct epc {
    enum epc_scheme scheme;
    uint8_t filter, partition;
    uint64_t company_prefix, reference, serial; /* serial: 0 where the scheme has none */
};

/* 0, or -1 and an error without a place. */
int epc_decode(const uint8_t word[EPC_BYTES], struct epc *epc, struct error *err);
int epc_encode(const struct epc *epc, uint8_t word[EPC_BYTES], struct error *err);

/* "urn:epc:tag:sgtin-96:3.0614141.812345.6789". */
int epc_read_tag(const char *text, struct epc *epc, struct error *err);

/* The same; "urn:epc:id:sgtin:0614141.812345.6789", of the thing; "(01)80614141123458(21)6789", as
 * a barcode writes it. Of an EPC that was decoded or read. */
void epc_print_tag(const struct epc *epc, char text[EPC_TEXT_MAX]);
void epc_print_identity(const struct epc *epc, char text[EPC_TEXT_MAX]);
void epc_print_elements(const struct epc *epc, char text[EPC_TEXT_MAX]);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later
 * fuzz_intake.c - what machines send: tags, numbers, satellite sentences. Whatever is read is
 * written back the same. */
#include "core/base/require.h"
#include "core/intake/epc.h"
#include "core/intake/identifier.h"
#include "core/intake/nmea.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void try_word(const uint8_t *word) {
    struct error err = ERROR_INIT;
    struct epc epc, again;
    uint8_t back[EPC_BYTES];
    char text[EPC_TEXT_MAX];
    if (epc_decode(word, &epc, &err) == 0) {
        REQUIRE(epc_encode(&epc, back, &err) == 0 && memcmp(word, back, sizeof back) == 0);
        epc_print_tag(&epc, text);
        REQUIRE(epc_read_tag(text, &again, &err) == 0);
        REQUIRE(epc_encode(&again, back, &err) == 0 && memcmp(word, back, sizeof back) == 0);
        epc_print_identity(&epc, text);
        epc_print_elements(&epc, text);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    char text[300];
    size_t length = size < sizeof text ? size : sizeof text - 1;
    memcpy(text, data, length);
    text[length] = '\0';
    if (size >= EPC_BYTES) {
        try_word(data);
    }
    struct error err = ERROR_INIT;
    struct epc epc;
    struct nmea nmea;
    if (epc_read_tag(text, &epc, &err) == 0) {
        char again[EPC_TEXT_MAX];
        epc_print_tag(&epc, again);
        REQUIRE(strcmp(text, again) == 0);
    }
    if (nmea_read(text, &nmea)) {
        REQUIRE(nmea.position != NMEA_POSITION ||
                (nmea.latitude_deg >= -90.0 && nmea.latitude_deg <= 90.0 &&
                 nmea.longitude_deg >= -180.0 && nmea.longitude_deg <= 180.0));
    }
    for (unsigned kind = 0; kind < IDENTIFIER_KIND_COUNT; kind++) {
        (void)identifier_is_valid((enum identifier_kind)kind, text);
    }
    return 0;
}

/* SPDX-License-Identifier: GPL-3.0-or-later
 * epc.c - see epc.h. */
#include "core/intake/epc.h"

#include "core/base/wide.h"
#include "core/intake/identifier.h"

#include <stdio.h>
#include <string.h>

enum { PARTITIONS = 7, PREFIX_DIGITS_MAX = 12, SIGNS_MAX = 24 };

static const uint8_t prefix_bits[PARTITIONS] = {40, 37, 34, 30, 27, 24, 20};

/* Bits of prefix and reference together, digits likewise, and what comes behind. */
static const struct layout {
    const char *name;
    uint8_t header, key_bits, key_digits, serial_bits, zero_bits;
} layouts[EPC_SCHEME_COUNT] = {
    [EPC_sgtin] = {"sgtin", 0x30, 44, 13, 38, 0}, [EPC_sscc] = {"sscc", 0x31, 58, 17, 0, 24},
    [EPC_sgln] = {"sgln", 0x32, 41, 12, 41, 0},   [EPC_grai] = {"grai", 0x33, 44, 12, 38, 0},
    [EPC_giai] = {"giai", 0x34, 82, 25, 0, 0},
};

static unsigned prefix_digits(const struct epc *epc) {
    return PREFIX_DIGITS_MAX - epc->partition;
}

static unsigned reference_digits(const struct epc *epc) {
    return layouts[epc->scheme].key_digits - prefix_digits(epc);
}

static unsigned reference_bits(const struct epc *epc) {
    return (unsigned)layouts[epc->scheme].key_bits - prefix_bits[epc->partition];
}

static bool has_digits(uint64_t value, unsigned count) {
    uint128 limit = 1;
    for (unsigned i = 0; i < count; i++) {
        limit *= 10;
    }
    return value < limit;
}

static bool has_bits(uint64_t value, unsigned count) {
    return count >= 64 || value >> count == 0;
}

static int check(const struct epc *epc, struct error *err) {
    if (epc->scheme >= EPC_SCHEME_COUNT || epc->filter > 7) {
        return error_set(err, ERROR_INPUT, "no scheme or filter of an EPC");
    }
    if (epc->partition >= PARTITIONS) {
        return error_set(err, ERROR_INPUT, "partition %u is not in the table", epc->partition);
    }
    if (!has_digits(epc->company_prefix, prefix_digits(epc))) {
        return error_set(err, ERROR_INPUT,
                         "company prefix has more digits than partition %u allows", epc->partition);
    }
    if (!has_digits(epc->reference, reference_digits(epc)) ||
        !has_bits(epc->reference, reference_bits(epc))) {
        return error_set(err, ERROR_INPUT, "reference has more digits than partition %u allows",
                         epc->partition);
    }
    if (!has_bits(epc->serial, layouts[epc->scheme].serial_bits)) {
        return error_set(err, ERROR_INPUT, "serial number is larger than its field");
    }
    return 0;
}

/* ---- bits, the first is the highest of the first byte ---- */

static uint64_t take_bits(const uint8_t *word, unsigned *at, unsigned count) {
    uint64_t value = 0;
    for (unsigned end = *at + count; *at < end; ++*at) {
        value = value << 1 | (word[*at / 8] >> (7 - *at % 8) & 1);
    }
    return value;
}

static void put_bits(uint8_t *word, unsigned *at, unsigned count, uint64_t value) {
    for (unsigned i = count; i-- > 0; ++*at) {
        word[*at / 8] |= (uint8_t)((value >> i & 1) << (7 - *at % 8));
    }
}

int epc_decode(const uint8_t word[EPC_BYTES], struct epc *epc, struct error *err) {
    unsigned at = 8, scheme = 0;
    while (scheme < EPC_SCHEME_COUNT && layouts[scheme].header != word[0]) {
        scheme++;
    }
    *epc = (struct epc){.scheme = (enum epc_scheme)scheme};
    if (scheme == EPC_SCHEME_COUNT) {
        return error_set(err, ERROR_INPUT, "header 0x%02X is of no scheme with 96 bits", word[0]);
    }
    epc->filter = (uint8_t)take_bits(word, &at, 3);
    epc->partition = (uint8_t)take_bits(word, &at, 3);
    if (epc->partition < PARTITIONS) {
        epc->company_prefix = take_bits(word, &at, prefix_bits[epc->partition]);
        epc->reference = take_bits(word, &at, reference_bits(epc));
        epc->serial = take_bits(word, &at, layouts[scheme].serial_bits);
        if (take_bits(word, &at, layouts[scheme].zero_bits) != 0) {
            return error_set(err, ERROR_INPUT, "the last %u bits are not zero",
                             layouts[scheme].zero_bits);
        }
    }
    return check(epc, err);
}

int epc_encode(const struct epc *epc, uint8_t word[EPC_BYTES], struct error *err) {
    if (check(epc, err) < 0) {
        return -1;
    }
    unsigned at = 8;
    memset(word, 0, EPC_BYTES);
    word[0] = layouts[epc->scheme].header;
    put_bits(word, &at, 3, epc->filter);
    put_bits(word, &at, 3, epc->partition);
    put_bits(word, &at, prefix_bits[epc->partition], epc->company_prefix);
    put_bits(word, &at, reference_bits(epc), epc->reference);
    put_bits(word, &at, layouts[epc->scheme].serial_bits, epc->serial);
    return 0;
}

/* ---- texts ---- */

/* A number of exactly `count` digits, of any count without zeros before where `count` is 0; returns
 * where it ends, NULL for none. */
static const char *read_number(const char *text, unsigned count, uint64_t *number) {
    size_t length = strspn(text, "0123456789");
    if (length == 0 || length > 19 || (count != 0 && length != count) ||
        (count == 0 && length > 1 && text[0] == '0')) {
        return NULL;
    }
    *number = 0;
    for (size_t i = 0; i < length; i++) {
        *number = *number * 10 + (uint64_t)(text[i] - '0');
    }
    return text + length;
}

/* Behind the name of the scheme: FILTER.PREFIX.REFERENCE[.SERIAL]. */
static bool read_fields(const char *text, struct epc *epc) {
    uint64_t filter;
    if ((text = read_number(text, 1, &filter)) == NULL || *text++ != '.') {
        return false;
    }
    epc->filter = (uint8_t)filter;
    size_t digits = strspn(text, "0123456789");
    if (digits > PREFIX_DIGITS_MAX || digits < PREFIX_DIGITS_MAX - PARTITIONS + 1) {
        return false;
    }
    epc->partition = (uint8_t)(PREFIX_DIGITS_MAX - digits);
    text = read_number(text, (unsigned)digits, &epc->company_prefix);
    if (text == NULL || *text++ != '.') {
        return false;
    }
    unsigned count = epc->scheme == EPC_giai ? 0 : reference_digits(epc);
    if (epc->scheme == EPC_giai || count > 0) {
        text = read_number(text, count, &epc->reference);
    }
    if (text != NULL && layouts[epc->scheme].serial_bits > 0) {
        text = *text == '.' ? read_number(text + 1, 0, &epc->serial) : NULL;
    }
    return text != NULL && *text == '\0';
}

int epc_read_tag(const char *text, struct epc *epc, struct error *err) {
    static const char prefix[] = "urn:epc:tag:";
    *epc = (struct epc){.scheme = EPC_SCHEME_COUNT};
    size_t at = strncmp(text, prefix, sizeof prefix - 1) == 0 ? sizeof prefix - 1 : 0;
    for (unsigned scheme = 0; at > 0 && scheme < EPC_SCHEME_COUNT; scheme++) {
        char name[16];
        int length = snprintf(name, sizeof name, "%s-96:", layouts[scheme].name);
        if (strncmp(text + at, name, (size_t)length) == 0) {
            epc->scheme = (enum epc_scheme)scheme;
            at += (size_t)length;
            break;
        }
    }
    if (epc->scheme == EPC_SCHEME_COUNT || !read_fields(text + at, epc)) {
        return error_set(err, ERROR_INPUT,
                         "'%.96s' is no tag; expected e.g. "
                         "urn:epc:tag:sgtin-96:3.0614141.812345.6789",
                         text);
    }
    return check(epc, err);
}

static void print_key(const struct epc *epc, char prefix[SIGNS_MAX], char reference[SIGNS_MAX]) {
    snprintf(prefix, SIGNS_MAX, "%0*llu", (int)prefix_digits(epc),
             (unsigned long long)epc->company_prefix);
    int digits = epc->scheme == EPC_giai ? 1 : (int)reference_digits(epc);
    snprintf(reference, SIGNS_MAX, "%0*llu", digits, (unsigned long long)epc->reference);
    if (digits == 0) {
        reference[0] = '\0';
    }
}

static void print_fields(const struct epc *epc, char text[EPC_TEXT_MAX], const char *before) {
    char prefix[SIGNS_MAX], reference[SIGNS_MAX], serial[SIGNS_MAX] = "";
    print_key(epc, prefix, reference);
    if (layouts[epc->scheme].serial_bits > 0) {
        snprintf(serial, sizeof serial, ".%llu", (unsigned long long)epc->serial);
    }
    snprintf(text, EPC_TEXT_MAX, "%s%s.%s%s", before, prefix, reference, serial);
}

void epc_print_tag(const struct epc *epc, char text[EPC_TEXT_MAX]) {
    char before[SIGNS_MAX + 8];
    snprintf(before, sizeof before, "urn:epc:tag:%s-96:%u.", layouts[epc->scheme].name,
             epc->filter);
    print_fields(epc, text, before);
}

void epc_print_identity(const struct epc *epc, char text[EPC_TEXT_MAX]) {
    char before[SIGNS_MAX + 8];
    snprintf(before, sizeof before, "urn:epc:id:%s:", layouts[epc->scheme].name);
    print_fields(epc, text, before);
}

void epc_print_elements(const struct epc *epc, char text[EPC_TEXT_MAX]) {
    char prefix[SIGNS_MAX], reference[SIGNS_MAX], key[2 * SIGNS_MAX];
    unsigned long long serial = epc->serial;
    print_key(epc, prefix, reference);
    /* The first digit of a trade item's or logistic unit's reference stands before the prefix. */
    bool is_leading = epc->scheme == EPC_sgtin || epc->scheme == EPC_sscc;
    if (is_leading) {
        snprintf(key, sizeof key, "%c%s%s", reference[0], prefix, reference + 1);
    } else {
        snprintf(key, sizeof key, "%s%s", prefix, reference);
    }
    char digit = identifier_gs1_digit(key);
    switch (epc->scheme) {
    case EPC_sgtin:
        snprintf(text, EPC_TEXT_MAX, "(01)%s%c(21)%llu", key, digit, serial);
        break;
    case EPC_sscc:
        snprintf(text, EPC_TEXT_MAX, "(00)%s%c", key, digit);
        break;
    case EPC_sgln:
        snprintf(text, EPC_TEXT_MAX, "(414)%s%c(254)%llu", key, digit, serial);
        break;
    case EPC_grai:
        snprintf(text, EPC_TEXT_MAX, "(8003)0%s%c%llu", key, digit, serial);
        break;
    case EPC_giai:
        snprintf(text, EPC_TEXT_MAX, "(8004)%s", key);
        break;
    case EPC_SCHEME_COUNT:
        break;
    }
}

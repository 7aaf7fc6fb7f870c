/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/tariff/nomenclature.h"

#include <stdio.h>

static uint32_t hash_code(uint64_t code, unsigned suffix) {
    uint64_t mixed = (code * 128 + suffix) * 0x9E3779B97F4A7C15u;
    return (uint32_t)(mixed >> 32);
}

uint32_t *nomenclature_slot(const struct nomenclature *nomenclature, uint64_t code,
                            unsigned suffix) {
    uint32_t slot = hash_code(code, suffix) & nomenclature->slot_mask;
    for (;;) {
        uint32_t *line = &nomenclature->slots[slot];
        const struct nomenclature_line *at = &nomenclature->lines[*line];
        if (*line == 0 || (at->code == code && at->suffix == suffix)) {
            return line;
        }
        slot = (slot + 1) & nomenclature->slot_mask;
    }
}

uint32_t nomenclature_first(const struct nomenclature *nomenclature, uint64_t code,
                            unsigned suffix) {
    return nomenclature->count <= 1 ? 0 : *nomenclature_slot(nomenclature, code, suffix);
}

static bool is_valid(const struct nomenclature_line *line, int64_t day) {
    return line->valid_from <= day && day <= line->valid_to;
}

uint32_t nomenclature_find(const struct nomenclature *nomenclature, uint64_t code, unsigned suffix,
                           int64_t day) {
    uint32_t line = nomenclature_first(nomenclature, code, suffix);
    while (line != 0 && !is_valid(&nomenclature->lines[line], day)) {
        line = nomenclature->lines[line].version;
    }
    return line;
}

static bool has_child(const struct nomenclature *nomenclature, uint32_t line, int64_t day) {
    const struct nomenclature_line *lines = nomenclature->lines;
    for (uint32_t child = line + 1; child < lines[line].end; child = lines[child].end) {
        if (is_valid(&lines[child], day)) {
            return true;
        }
    }
    return false;
}

bool nomenclature_is_declarable(const struct nomenclature *nomenclature, uint32_t line,
                                int64_t day) {
    const struct nomenclature_line *at = &nomenclature->lines[line];
    if (line == 0 || at->suffix != NOMENCLATURE_SUFFIX || at->is_implied || !is_valid(at, day)) {
        return false;
    }
    if (!at->has_choices) {
        return true;
    }
    uint32_t version = nomenclature_first(nomenclature, at->code, at->suffix);
    for (; version != 0; version = nomenclature->lines[version].version) {
        if (has_child(nomenclature, version, day)) {
            return false;
        }
    }
    return true;
}

bool nomenclature_is_above(const struct nomenclature *nomenclature, uint32_t above, uint32_t line) {
    const struct nomenclature_line *lines = nomenclature->lines;
    uint64_t code = lines[above].code;
    uint8_t suffix = lines[above].suffix;
    while (line != 0 && !(lines[line].code == code && lines[line].suffix == suffix)) {
        line = lines[line].parent;
    }
    return line != 0;
}

int nomenclature_code(const char *text, uint64_t *code, unsigned *digits) {
    uint64_t number = 0;
    unsigned count = 0;
    for (; *text != '\0'; text++) {
        if (*text == '.' && count >= 2 && text[1] != '\0' && text[1] != '.') {
            continue;
        }
        if (*text < '0' || *text > '9' || count == 10) {
            return -1;
        }
        number = number * 10 + (uint64_t)(*text - '0');
        count++;
    }
    if (count < 2) {
        return -1;
    }
    *digits = count + count % 2;
    for (; count < 10; count++) {
        number *= 10;
    }
    *code = number;
    return 0;
}

unsigned nomenclature_level(uint64_t code) {
    unsigned digits = 10;
    while (digits > 2 && code % 100 == 0) {
        code /= 100;
        digits -= 2;
    }
    return digits;
}

void nomenclature_print(uint64_t code, unsigned digits, char text[16]) {
    snprintf(text, 16, "%04u.%02u.%02u.%02u", (unsigned)(code / 1000000 % 10000),
             (unsigned)(code / 10000 % 100), (unsigned)(code / 100 % 100), (unsigned)(code % 100));
    static const unsigned char lengths[] = {2, 4, 7, 10, 13};
    unsigned pairs = digits < 2 ? 1 : digits > 10 ? 5 : digits / 2;
    text[lengths[pairs - 1]] = '\0';
}

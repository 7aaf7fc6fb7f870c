/* SPDX-License-Identifier: GPL-3.0-or-later
 * nmea.c - see nmea.h. */
#include "core/intake/nmea.h"

#include <stdint.h>
#include <string.h>

static int hex_digit(char sign) {
    return sign >= '0' && sign <= '9'   ? sign - '0'
           : sign >= 'A' && sign <= 'F' ? sign - 'A' + 10
           : sign >= 'a' && sign <= 'f' ? sign - 'a' + 10
                                        : -1;
}

/* The length between '$' and '*', both left out, where the checksum behind is right; 0 else. */
static size_t checked_length(const char *sentence) {
    const char *star = strchr(sentence, '*');
    if (sentence[0] != '$' || star == NULL || star - sentence > NMEA_LENGTH_MAX) {
        return 0;
    }
    unsigned sum = 0;
    for (const char *at = sentence + 1; at < star; at++) {
        sum ^= (unsigned char)*at;
    }
    int high = hex_digit(star[1]), low = high < 0 ? -1 : hex_digit(star[2]);
    bool is_right = low >= 0 && (unsigned)(high * 16 + low) == sum &&
                    star[3 + strspn(star + 3, "\r\n")] == '\0';
    return is_right ? (size_t)(star - sentence - 1) : 0;
}

/* A decimal number without a sign; NaN for anything else. */
static double read_decimal(const char *text) {
    double value = 0.0, scale = 1.0;
    size_t whole = strspn(text, "0123456789"), at = whole + (text[whole] == '.');
    size_t part = strspn(text + at, "0123456789");
    if (whole + part == 0 || whole + part > 18 || text[at + part] != '\0') {
        return __builtin_nan("");
    }
    int64_t digits = 0;
    for (size_t i = 0; i < at + part; i++) {
        if (text[i] != '.') {
            digits = digits * 10 + (text[i] - '0');
            scale = i > whole ? scale * 10.0 : scale;
        }
    }
    value = (double)digits / scale; /* both exact below 2^53, so correctly rounded */
    return value;
}

/* Degrees of "dddmm.mmmm" and a hemisphere; sets the position to out of range where it is. */
static double read_angle(struct nmea *nmea, unsigned field, const char *hemispheres, double most) {
    double value = read_decimal(nmea->fields[field]);
    const char *side = nmea->fields[field + 1];
    if (value != value || side[0] == '\0' || side[1] != '\0' ||
        strchr(hemispheres, side[0]) == NULL) {
        nmea->position = NMEA_NO_POSITION;
        return 0.0;
    }
    double degrees = (double)(int64_t)(value / 100.0), minutes = value - 100.0 * degrees;
    double angle = degrees + minutes / 60.0;
    if (minutes > 60.0 || angle > most) {
        nmea->position = NMEA_OUT_OF_RANGE;
    }
    return side[0] == hemispheres[0] ? angle : -angle;
}

static void read_position(struct nmea *nmea, unsigned first, unsigned status) {
    if (status < nmea->field_count) {
        nmea->status = nmea->fields[status][0];
    }
    if (first + 3 >= nmea->field_count) {
        return;
    }
    nmea->position = NMEA_POSITION;
    nmea->latitude_deg = read_angle(nmea, first, "NS", 90.0);
    if (nmea->position != NMEA_NO_POSITION) {
        nmea->longitude_deg = read_angle(nmea, first + 2, "EW", 180.0);
    }
}

bool nmea_has_fix(const struct nmea *nmea) {
    return nmea->position == NMEA_POSITION && nmea->status != '\0' && nmea->status != 'V' &&
           nmea->status != '0';
}

bool nmea_read(const char *sentence, struct nmea *nmea) {
    size_t length = checked_length(sentence);
    *nmea = (struct nmea){.position = NMEA_NO_POSITION};
    if (length < 5) {
        return false;
    }
    memcpy(nmea->text, sentence + 1, length);
    if (strcspn(nmea->text, ",") != 5) {
        return false; /* a sentence of a maker's own */
    }
    memcpy(nmea->talker, nmea->text, 2);
    memcpy(nmea->type, nmea->text + 2, 3);
    for (char *at = strchr(nmea->text, ','); at != NULL; at = strchr(at, ',')) {
        if (nmea->field_count == NMEA_FIELDS_MAX) {
            return false;
        }
        *at++ = '\0';
        nmea->fields[nmea->field_count++] = at;
    }
    if (strcmp(nmea->type, "GGA") == 0) {
        read_position(nmea, 1, 5);
    } else if (strcmp(nmea->type, "RMC") == 0) {
        read_position(nmea, 2, 1);
    } else if (strcmp(nmea->type, "GLL") == 0) {
        read_position(nmea, 0, 5);
    }
    return true;
}

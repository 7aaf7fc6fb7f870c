/* SPDX-License-Identifier: GPL-3.0-or-later
 * nmea.h - one sentence of a satellite receiver (NMEA 0183): "$GPRMC,053229.4,A,...*56".
 *
 * A sentence without a right checksum says nothing. GGA, GLL and RMC give a position where they
 * have one; a receiver without a fix may leave it out, repeat an old one or send one that cannot
 * be. */
#ifndef CORE_INTAKE_NMEA_H
#define CORE_INTAKE_NMEA_H

#include <stdbool.h>

enum { NMEA_FIELDS_MAX = 40, NMEA_LENGTH_MAX = 255 };

enum nmea_position {
    NMEA_NO_POSITION,  /* none in the sentence */
    NMEA_POSITION,     /* of latitude and longitude */
    NMEA_OUT_OF_RANGE, /* beyond the poles, or more than half around, or over 60 minutes */
};

struct nmea {
    char talker[3], type[4];        /* "GP", "RMC" */
    char text[NMEA_LENGTH_MAX + 1]; /* cut into the fields */
    unsigned field_count;
    const char *fields[NMEA_FIELDS_MAX]; /* behind the type */
    enum nmea_position position;
    double latitude_deg, longitude_deg; /* north and east positive */
    char status;                        /* of GGA the quality '0' to '8', of RMC and GLL 'A' or 'V';
                                           '\0' for none */
};

/* Whether the receiver itself takes the position for good. */
bool nmea_has_fix(const struct nmea *nmea);

/* Reads a sentence, with or without an end of line. false for anything but a sentence with a right
 * checksum; what is in `nmea` then is of no use. */
bool nmea_read(const char *sentence, struct nmea *nmea);

#endif

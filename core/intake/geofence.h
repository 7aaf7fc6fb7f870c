/* SPDX-License-Identifier: GPL-3.0-or-later
 * geofence.h - from positions to arrivals and departures.
 *
 * A place is a circle on the sphere. To arrive takes `fixes_min` fixes in a row within the radius
 * less a margin; to leave, as many beyond the radius and the margin: an error that keeps to the
 * margin moves nothing. A fix that no vehicle could have reached since the last good one is left
 * out and counted, until as many in a row agree with one another: then the receiver was wrong
 * before, and either way somebody should be told. */
#ifndef CORE_INTAKE_GEOFENCE_H
#define CORE_INTAKE_GEOFENCE_H

#include <stdbool.h>
#include <stdint.h>

struct geofence {
    double latitude_deg, longitude_deg, radius_m, margin_m;
    double speed_max_m_per_s;
    uint32_t fixes_min;
};

/* One vehicle and one place; all zero at first. */
struct geofence_track {
    bool has_fix, is_inside;
    int64_t time_ns; /* of the last good fix */
    double latitude_deg, longitude_deg;
    uint32_t in_row;  /* fixes that speak for a change */
    int64_t since_ns; /* the first of them: when it happened */
    uint32_t jumps;   /* fixes left out, ever */
    bool has_jump;    /* the last fix was one */
    int64_t jump_ns;
    double jump_latitude_deg, jump_longitude_deg;
    uint32_t jumps_in_row;
};

enum geofence_event { GEOFENCE_NOTHING, GEOFENCE_ARRIVES, GEOFENCE_LEAVES, GEOFENCE_JUMPS };

/* Metres on a sphere of the Earth's mean radius, along the straight line through it: 0.02 % less
 * than on its surface at 450 km. */
double geofence_distance_m(double latitude_1_deg, double longitude_1_deg, double latitude_2_deg,
                           double longitude_2_deg);

/* A position; since_ns of the track is when the change began. Times do not run back. */
enum geofence_event geofence_fix(struct geofence_track *track, const struct geofence *fence,
                                 int64_t time_ns, double latitude_deg, double longitude_deg);

#endif

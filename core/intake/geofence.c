/* SPDX-License-Identifier: GPL-3.0-or-later
 * geofence.c - see geofence.h. */
#include "core/intake/geofence.h"

#include "core/base/numeric.h"
#include "core/base/require.h"

static const double earth_radius_m = 6371008.8; /* mean, IUGG */
static const double radians = 0.017453292519943295;

double geofence_distance_m(double latitude_1_deg, double longitude_1_deg, double latitude_2_deg,
                           double longitude_2_deg) {
    double a = latitude_1_deg * radians, b = latitude_2_deg * radians;
    double over = numeric_sin((b - a) / 2.0);
    double along = numeric_sin((longitude_2_deg - longitude_1_deg) * radians / 2.0);
    /* Half the chord squared (haversine). */
    double square = over * over + numeric_cos(a) * numeric_cos(b) * along * along;
    return 2.0 * earth_radius_m * numeric_sqrt(square);
}

static bool is_reachable(const struct geofence *fence, int64_t from_ns, double latitude_1_deg,
                         double longitude_1_deg, int64_t to_ns, double latitude_2_deg,
                         double longitude_2_deg) {
    double distance_m =
        geofence_distance_m(latitude_1_deg, longitude_1_deg, latitude_2_deg, longitude_2_deg);
    double seconds = (double)(to_ns - from_ns) / 1e9;
    return distance_m <= fence->speed_max_m_per_s * seconds + fence->margin_m;
}

/* Whether the fix is left out; keeps account of jumps. */
static bool is_jump(struct geofence_track *track, const struct geofence *fence, int64_t time_ns,
                    double latitude_deg, double longitude_deg) {
    bool reachable =
        !track->has_fix || is_reachable(fence, track->time_ns, track->latitude_deg,
                                        track->longitude_deg, time_ns, latitude_deg, longitude_deg);
    if (!reachable) {
        bool agrees = track->has_jump &&
                      is_reachable(fence, track->jump_ns, track->jump_latitude_deg,
                                   track->jump_longitude_deg, time_ns, latitude_deg, longitude_deg);
        track->jumps++;
        track->jumps_in_row = agrees ? track->jumps_in_row + 1 : 1;
        track->has_jump = true;
        track->jump_ns = time_ns;
        track->jump_latitude_deg = latitude_deg;
        track->jump_longitude_deg = longitude_deg;
        reachable = track->jumps_in_row >= fence->fixes_min; /* it was there all along */
    }
    if (reachable) {
        track->has_jump = false;
        track->jumps_in_row = 0;
    }
    return !reachable;
}

enum geofence_event geofence_fix(struct geofence_track *track, const struct geofence *fence,
                                 int64_t time_ns, double latitude_deg, double longitude_deg) {
    REQUIRE(!track->has_fix || time_ns >= track->time_ns);
    if (is_jump(track, fence, time_ns, latitude_deg, longitude_deg)) {
        return GEOFENCE_JUMPS;
    }
    track->has_fix = true;
    track->time_ns = time_ns;
    track->latitude_deg = latitude_deg;
    track->longitude_deg = longitude_deg;
    double distance_m =
        geofence_distance_m(fence->latitude_deg, fence->longitude_deg, latitude_deg, longitude_deg);
    bool speaks = track->is_inside ? distance_m > fence->radius_m + fence->margin_m
                                   : distance_m <= fence->radius_m - fence->margin_m;
    if (!speaks) {
        track->in_row = 0;
        return GEOFENCE_NOTHING;
    }
    if (track->in_row++ == 0) {
        track->since_ns = time_ns;
    }
    if (track->in_row < fence->fixes_min) {
        return GEOFENCE_NOTHING;
    }
    track->in_row = 0;
    track->is_inside = !track->is_inside;
    return track->is_inside ? GEOFENCE_ARRIVES : GEOFENCE_LEAVES;
}

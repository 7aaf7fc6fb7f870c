/* SPDX-License-Identifier: GPL-3.0-or-later
 * claim.h - whether what a declaration claims stands: a preference by the rules of origin, a lower
 * duty by what is left of a quota; and whether a surge of imports raises the rate.
 *
 * Claims are settled before the goods are assessed. A preference stands, is dropped, or needs a
 * human: then the goods are not assessed, for no answer is ever a guess. All draws on quotas are
 * settled together, as quota.h says; where one is exhausted in the middle, the goods become two
 * parts, each assessed by itself, whose values and quantities add up to the whole exactly. */
#ifndef CORE_TARIFF_CLAIM_H
#define CORE_TARIFF_CLAIM_H

#include "core/tariff/assess.h"
#include "core/tariff/origin.h"
#include "core/tariff/quota.h"
#include "core/tariff/reassess.h"
#include "core/tariff/surge.h"

/* NULL for a section that the tariff doesn't have: such claims are taken as they are declared. */
struct claim_law {
    const struct origin *origin;
    const struct quotas *quotas;
    const struct surges *surges;
    const struct surge_book *imports; /* what came in; NULL where nobody says */
};

enum claim_state {
    CLAIM_KEPT, /* or not asked about */
    CLAIM_DROPPED,
    CLAIM_SPLIT, /* the quota has a part of the quantity */
    CLAIM_HUMAN, /* not to be assessed */
};
const char *claim_state_name(enum claim_state state); /* "kept", ... */

/* An item as declared, and what became of its claims. The caller fills in what stands above the
 * line; numbers with denominator 0 are not known. */
struct claim {
    struct reassess_entry entry;
    bool has_materials; /* origin is to be judged, by the goods and materials below */
    struct origin_goods goods;
    const struct origin_material *materials;
    unsigned material_count;
    struct exact licence_left; /* of a quota */
    int64_t shipped_day;       /* INT64_MAX where it is not known */
    /* --- */
    enum claim_state preference, quota;
    enum claim_state surge; /* of the measures that a surge triggers: dropped where it doesn't */
    const char *preference_why, *quota_why; /* a sentence where something was judged, else NULL */
    const char *surge_why;
    unsigned part_count;            /* 0 where a human is needed */
    struct reassess_entry parts[2]; /* to be assessed; the second is out of quota */
};

/* Settles the claims of a run, in one book of quotas opened for it, as of the last date of goods.
 * Why and parts are in the arena. -1 and an error for a quantity that can't be drawn. */
int claim_settle(const struct levy_plan *plan, const struct claim_law *law, struct claim *claims,
                 unsigned count, int64_t known_day, struct arena *arena, struct error *err);

#endif

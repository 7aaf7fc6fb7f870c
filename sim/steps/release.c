/* SPDX-License-Identifier: GPL-3.0-or-later
 * release.c - customs lets the goods go. */
#include "sim/run/walk.h"
#include "sim/scenario/builder.h"

static const struct field fields[] = {FIELD_END};

static int resolve(struct builder *builder, struct step *step, void *params, struct error *err) {
    (void)params;
    if (step->milestone >= 0) {
        return 0;
    }
    struct reference release = {.name = "release", .node = step->node, .index = -1, .count = 1};
    uint32_t milestone;
    int status = builder_milestone(builder, &release, &milestone, err);
    step->milestone = (int32_t)milestone;
    return status;
}

const struct step_type step_type_release = {
    .name = "release",
    .doc = "Customs releases the goods; reaches the milestone `release` unless another is named.",
    .fields = fields,
    .resolve = resolve,
};

/* SPDX-License-Identifier: GPL-3.0-or-later
 * origin_yaml.h - tests of rules of origin as they are written in a tariff, see origin.h. */
#ifndef CORE_TARIFF_ORIGIN_YAML_H
#define CORE_TARIFF_ORIGIN_YAML_H

#include "core/base/error.h"
#include "core/base/node.h"
#include "core/tariff/origin_test.h"

/* NULL and an error with its place when it is no test. */
const struct origin_test *origin_yaml_test(const struct node *node, struct arena *arena,
                                           struct error *err);

/* "2501-2530", "0203" or "01": all codes that begin so. */
int origin_yaml_range(const struct node *node, struct origin_range *range, struct error *err);

#endif

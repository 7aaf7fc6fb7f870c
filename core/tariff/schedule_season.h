/* SPDX-License-Identifier: GPL-3.0-or-later
 * schedule_season.h - a table of seasonal rates as dated measures.
 *
 * CSV with the columns geographical_area_id, goods_nomenclature_item_id, measure_type_id, from, to
 * (day/month, both included, may cross the year end) and duty. A document of our own layout has
 * the areas and types of measures; it may have a nomenclature, otherwise the codes of the table
 * make one. Its section `seasons: {schemes: {AU: australia}}` names the scheme of origin of an
 * area's preferences. */
#ifndef CORE_TARIFF_SCHEDULE_SEASON_H
#define CORE_TARIFF_SCHEDULE_SEASON_H

#include "core/tariff/schedule.h"

/* The text is cut up and has to live as long as the tariff, as the document has. NULL and an error
 * with its place. */
const struct tariff *schedule_season_read(const struct node *document, const char *name, char *text,
                                          struct arena *arena, struct error *err);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later
 * xgboost.h - models of XGBoost, from the JSON that its save_model writes (1.0 and later).
 *
 * Boosters "gbtree" and "dart" with the objectives binary:logistic and reg:logistic and numerical
 * splits come in as a model of the learner boost, which gives XGBoost's probabilities within 1e-6,
 * missing cells included, and can be explained and kept as one of our own. */
#ifndef CORE_RISK_XGBOOST_H
#define CORE_RISK_XGBOOST_H

#include "core/risk/learner.h"

/* `text` ends in '\0' and may go afterwards. 0, or -1 and an error with line and column for what is
 * no JSON, no model, damaged, or of another kind. */
int xgboost_read(const char *source, const char *text, size_t length, struct arena *arena,
                 struct learner_model *model, struct error *err);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later
 * lint.h - what is odd in a tariff that can be read: one rule an oddity, in the spirit of the
 * business rules of the European tariff, in our own words.
 *
 * A tariff with findings still works; what it says may not be what its author meant. */
#ifndef CORE_TARIFF_LINT_H
#define CORE_TARIFF_LINT_H

#include "core/tariff/schedule.h"
#include "core/tariff/us_schedule.h"

#define LINT_RULES(X)                                                                         \
    X(N1, "a line ends before it begins")                                                     \
    X(N2, "a line has no description")                                                        \
    X(N3, "an indent is more than one deeper than the line above")                            \
    X(N4, "two lines with one code and suffix are valid on the same day")                     \
    X(N5, "a code does not continue the one that its indent puts it below")                   \
    X(N6, "a line is valid when the one it hangs below is not")                               \
    X(N7, "a line has no number, and none hangs below it")                                    \
    X(N8, "a line has no heading above it")                                                   \
    X(N9, "codes are out of order")                                                           \
    X(N10, "a unit to declare is unknown")                                                    \
    X(N11, "a line has a single line below it")                                               \
    X(A1, "a group has no members")                                                           \
    X(A2, "a member belongs to a group twice on the same day")                                \
    X(A3, "a membership ends before it begins")                                               \
    X(A4, "a group has a group or everyone as its member")                                    \
    X(A5, "two areas are everyone")                                                           \
    X(R1, "an entry ends before it begins")                                                   \
    X(R2, "an entry is declared and never used")                                              \
    X(T1, "a type of measures ends before it begins")                                         \
    X(T2, "a quota type whose measures have no order numbers")                                \
    X(M1, "a measure ends before it begins")                                                  \
    X(M2, "a measure is in force when its code is not valid")                                 \
    X(M3, "two measures of a type say different things about the same goods on the same day") \
    X(M4, "a measure stands twice")                                                           \
    X(M5, "a measure of the same type is inherited from a line above")                        \
    X(M6, "a measure stands deeper than its type permits")                                    \
    X(M7, "a measure stands on a line that goods are not declared on")                        \
    X(M8, "a measure ends to be known before it is known")                                    \
    X(M9, "a measure is in force when its type is not")                                       \
    X(M10, "a measure begins when its act is not in force")                                   \
    X(M11, "a measure names no act, where others do")                                         \
    X(M12, "a measure is in force when its additional code is not valid")                     \
    X(M13, "a measure is in force when its footnote is not valid")                            \
    X(M14, "two measures have one id")                                                        \
    X(M15, "an additional code is missing that the type requires")                            \
    X(M16, "an additional code is given that the type forbids")                               \
    X(M17, "a measure has a footnote twice")                                                  \
    X(G1, "an excluded area does not belong to the measure's area")                           \
    X(G2, "a measure excludes its own area")                                                  \
    X(G3, "a measure excludes an area twice")                                                 \
    X(P1, "a preference names no scheme of origin")                                           \
    X(P2, "a preference names a scheme that the document does not have")                      \
    X(P3, "a measure that is no preference names a scheme of origin")                         \
    X(P4, "a preference is for everyone")                                                     \
    X(P5, "a preference is dearer than the duty that everybody pays")                         \
    X(S1, "a season is the whole year")                                                       \
    X(S2, "a season ends on 28 February and leaves the leap day out")                         \
    X(S3, "a season lies outside of the measure's dates")                                     \
    X(D1, "a duty is missing that the type requires")                                         \
    X(D2, "a duty is given that the type forbids")                                            \
    X(D3, "a share of more than 500 %")                                                       \
    X(D4, "a floor is above the ceiling behind it")                                           \
    X(D5, "a duty is on a quantity that the code's units do not have")                        \
    X(D6, "a duty that no rule reads")                                                        \
    X(D7, "a currency that the document has no rate of")                                      \
    X(D8, "a currency has no rate on a day of the measure")                                   \
    X(Q1, "an order number is missing that the type requires")                                \
    X(Q2, "an order number is given that the type forbids")                                   \
    X(Q3, "an order number has no quota in the document")                                     \
    X(Q4, "a measure is in force outside of its quota's periods")                             \
    X(C1, "a group of documents has no condition that says what happens without them")        \
    X(C2, "a condition stands behind one that is always met")                                 \
    X(C3, "a condition stands twice in its group")                                            \
    X(C4, "the conditions of a group do not stand together")                                  \
    X(C5, "a certificate is not valid when the measure begins")                               \
    X(C6, "a licence asks for no document")                                                   \
    X(V1, "goods without the value added tax that other goods have")                          \
    X(V2, "goods without a duty that everybody pays")                                         \
    X(X1, "a surge measure is no safeguard, or a trigger is missing in the document")         \
    X(US2, "American: a text is no duty expression")                                          \
    X(US3, "American: a special column cannot be read")                                       \
    X(US4, "American: a programme is unknown")                                                \
    X(US5, "American: a special rate is for no programme")                                    \
    X(US6, "American: the text of a rate is not of the type stored beside it")                \
    X(US7, "American: the text of a rate and the rates stored beside it disagree")            \
    X(US8, "American: a text that is no sum of rates is stored as one")                       \
    X(US9, "American: a programme is marked that the special text does not name")             \
    X(US10, "American: a stored rate has its decimals cut off")

enum lint_rule {
#define X(id, doc) LINT_##id,
    LINT_RULES(X)
#undef X
        LINT_RULE_COUNT
};

const char *lint_rule_name(enum lint_rule rule);
const char *lint_rule_doc(enum lint_rule rule);

struct lint_finding {
    struct place place;
    enum lint_rule rule;
    const char *text;
};

struct lint_report {
    const struct lint_finding *findings; /* by source, line and column */
    uint32_t count;
    uint32_t counts[LINT_RULE_COUNT];
};

/* Applies every rule; `notes` (may be NULL) are a reader's own. The report is in the arena. */
struct lint_report lint_tariff(const struct tariff *tariff, const struct us_schedule_notes *notes,
                               struct arena *arena);

#endif

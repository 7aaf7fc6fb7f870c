/* SPDX-License-Identifier: GPL-3.0-or-later
 * channel.h - where a declaration goes: released, its documents looked at, its goods examined. */
#ifndef CORE_RISK_CHANNEL_H
#define CORE_RISK_CHANNEL_H

/* From the least to the most control; NONE is before anybody has chosen. */
enum channel { CHANNEL_NONE, CHANNEL_GREEN, CHANNEL_YELLOW, CHANNEL_RED, CHANNEL_COUNT };

#endif

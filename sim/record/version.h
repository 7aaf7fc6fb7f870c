/* SPDX-License-Identifier: GPL-3.0-or-later
 * version.h - which program this is. A file of its own, so that a commit compiles only this. */
#ifndef SIM_RECORD_VERSION_H
#define SIM_RECORD_VERSION_H

extern const char version_number[];   /* of the release, "0.1.0" */
extern const char version_revision[]; /* of the sources, 12 hexadecimal digits, or "unknown" */

#endif

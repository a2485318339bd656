/* What a worker gives up before it sees the first byte of a photo: docs/security.md has the list. */
#ifndef HP_BASE_CONFINE_H
#define HP_BASE_CONFINE_H

#include "hotpix.h"

/*
 * For good: no files, no network, no other programs and processes, for this process and its threads; `channel` is the
 * one descriptor that it may still send by. Fails with HP_E_UNSUPPORTED where the kernel refuses; part of it may hold
 * even so.
 */
int hp_confine(int channel, hp_error *err);

/* Whether this is a build with a sanitizer, which needs more than a confined process has: workers are not confined. */
bool hp_is_sanitized(void);

#endif

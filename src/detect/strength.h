/* From which strength on planted defects are found (docs/method.md, 5). */
#ifndef HP_DETECT_STRENGTH_H
#define HP_DETECT_STRENGTH_H

#include "hotpix.h"

/*
 * The strength of a kind, HP_HOT or HP_WEAK, of which `share` (between 0 and 1) are found, as the steps of that kind
 * say together; the least one planted where even of that more are. 0: of none so many, or none was planted.
 */
double hp_strength_of_share(const hp_selftest_step *steps, size_t count, hp_kind kind, double share);

#endif

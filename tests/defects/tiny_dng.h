/* The smallest DNG that a list can be put into. */
#ifndef TEST_TINY_DNG_H
#define TEST_TINY_DNG_H

#include "mutate.h"

#include <stdbool.h>

/*
 * A Bayer DNG with masked pixels (left 3, top 2, right 1, bottom 4) around width x height. in_sub: the raw picture is
 * described below a first directory, as real cameras do; else in the first.
 */
bytes tiny_dng(uint32_t width, uint32_t height, bool big_endian, bool in_sub);

#endif

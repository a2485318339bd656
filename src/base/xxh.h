/*
 * xxHash; where its library has them, the functions for the CPU at hand: the same hashes, several times as fast.
 */
#ifndef HP_BASE_XXH_H
#define HP_BASE_XXH_H

#include <xxhash.h>
#ifdef HP_XXH_DISPATCH
#include <xxh_x86dispatch.h>
#endif

#endif

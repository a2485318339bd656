/* Which x86-64 level this machine has: https://gitlab.com/x86-psABIs/x86-64-ABI, "micro-architecture levels". */
#ifndef HP_BASE_CPU_H
#define HP_BASE_CPU_H

#include "hotpix.h"

/* The best level for `wanted`; HP_E_ARGUMENT when the machine does not have the one asked for by name. */
int hp_cpu_choose(hp_cpu wanted, hp_cpu *chosen, hp_error *err);

#endif

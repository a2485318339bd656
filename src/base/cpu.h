/* Which x86-64 level this machine has: https://gitlab.com/x86-psABIs/x86-64-ABI, "micro-architecture levels". */
#ifndef HP_BASE_CPU_H
#define HP_BASE_CPU_H

#include "hotpix.h"

/* The best level for `wanted`; HP_E_ARGUMENT when the machine does not have the one asked for by name. */
int hp_cpu_choose(hp_cpu wanted, hp_cpu *chosen, hp_error *err);

/* Of what meson.build compiles once for each level, name_plain, name_v2 and so on, that of a level that was chosen. */
#if defined(__x86_64__)
#define HP_CPU_PICK(level, name)                                                                                       \
    ((level) == HP_CPU_V4   ? name##_v4                                                                                \
     : (level) == HP_CPU_V3 ? name##_v3                                                                                \
     : (level) == HP_CPU_V2 ? name##_v2                                                                                \
                            : name##_plain)
#else
#define HP_CPU_PICK(level, name) ((void)(level), name##_plain)
#endif

#endif

#include "stats/kernels.h"

extern const hp_kernels hp_kernels_plain;
#if defined(__x86_64__)
extern const hp_kernels hp_kernels_v2, hp_kernels_v3, hp_kernels_v4;
#endif

const hp_kernels *hp_kernels_of(hp_cpu level)
{
    switch (level) {
#if defined(__x86_64__)
    case HP_CPU_V2:
        return &hp_kernels_v2;
    case HP_CPU_V3:
        return &hp_kernels_v3;
    case HP_CPU_V4:
        return &hp_kernels_v4;
#endif
    default:
        return &hp_kernels_plain;
    }
}

#include "stats/kernels.h"

#include "base/cpu.h"

extern const hp_kernels hp_kernels_plain, hp_kernels_v2, hp_kernels_v3, hp_kernels_v4;

const hp_kernels *hp_kernels_of(hp_cpu level)
{
    return HP_CPU_PICK(level, &hp_kernels);
}

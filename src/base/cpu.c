#include "base/cpu.h"

#include "base/error.h"

static hp_cpu best_level(void)
{
#if defined(__x86_64__)
    __builtin_cpu_init();
    bool v2 = __builtin_cpu_supports("sse4.2") && __builtin_cpu_supports("ssse3") && __builtin_cpu_supports("popcnt");
    bool v3 = v2 && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2") &&
              __builtin_cpu_supports("fma");
    bool v4 = v3 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
              __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512dq") &&
              __builtin_cpu_supports("avx512vl");
    return v4 ? HP_CPU_V4 : v3 ? HP_CPU_V3 : v2 ? HP_CPU_V2 : HP_CPU_PLAIN;
#else
    return HP_CPU_PLAIN;
#endif
}

int hp_cpu_choose(hp_cpu wanted, hp_cpu *chosen, hp_error *err)
{
    static const char *const names[] = {"auto", "plain", "v2", "v3", "v4"};
    hp_cpu best = best_level();
    if ((size_t)wanted >= sizeof names / sizeof *names)
        return hp_fail(err, HP_E_ARGUMENT, "there is no CPU level %u", (unsigned)wanted);
    if (wanted > best)
        return hp_fail(err, HP_E_ARGUMENT, "this CPU has no level %s; its best is %s", names[wanted], names[best]);
    *chosen = wanted == HP_CPU_AUTO ? best : wanted;
    return HP_OK;
}

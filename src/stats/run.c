#include "base/clock.h"
#include "base/cpu.h"
#include "stats/rounds.h"

int hp_run_start(const hp_run_options *options, hp_run *run, hp_error *err)
{
    *run = (hp_run){.options = options, .started_s = hp_now_s()};
    hp_cpu level;
    int code = hp_cpu_choose(options->cpu, &level, err);
    if (!code)
        code = hp_pool_create(options->threads, &run->pool, err);
    code = hp_team_agree(options->team, code, err);
    if (code)
        hp_run_end(run);
    else
        run->kernels = hp_kernels_of(level);
    if (run->pool)
        hp_pool_isolate(run->pool, options->isolation, options->stop);
    return code;
}

void hp_run_end(hp_run *run)
{
    hp_pool_free(&run->pool);
}

bool hp_run_must_stop(const hp_run *run)
{
    return run->options->stop && *run->options->stop;
}

#include "base/clock.h"
#include "base/cpu.h"
#include "base/error.h"
#include "base/memory.h"
#include "stats/rounds.h"

#include <math.h>

int hp_similar_check(hp_similar similar, hp_error *err)
{
    if (similar == HP_SIMILAR_AUTO || similar == HP_SIMILAR_SKIP || similar == HP_SIMILAR_KEEP)
        return HP_OK;
    return hp_fail(err, HP_E_ARGUMENT, "there is no way %d with similar photos", (int)similar);
}

int hp_run_start(const hp_run_options *options, hp_run *run, hp_error *err)
{
    *run = (hp_run){.options = options, .started_s = hp_now_s()};
    hp_cpu level = HP_CPU_PLAIN;
    int code = HP_OK;
    if (!(options->false_rate >= 0 && isfinite(options->false_rate)))
        code = hp_fail(err, HP_E_ARGUMENT, "%g false detections cannot be expected", options->false_rate);
    if (!code)
        code = hp_cpu_choose(options->cpu, &level, err);
    if (!code)
        code = hp_pool_create(options->threads, &run->pool, err);
    if (run->pool)
        pthread_mutex_init(&run->progress_lock, NULL);
    code = hp_team_agree(options->team, code, err);
    if (code) {
        hp_run_end(run);
        return code;
    }
    run->kernels = hp_kernels_of(level);
    hp_pool_isolate(run->pool, options->isolation, options->stop);
    return HP_OK;
}

/* Harmless on one that did not start. */
void hp_run_end(hp_run *run)
{
    if (run->pool)
        pthread_mutex_destroy(&run->progress_lock);
    hp_pool_free(&run->pool);
}

void hp_run_expect(hp_run *run, const hp_photo *photo)
{
    run->progress.photos_total++;
    run->progress.bytes_total += photo->file_size;
}

void hp_run_report(hp_run *run, const hp_photo *photo)
{
    pthread_mutex_lock(&run->progress_lock);
    run->progress.photos_done++;
    run->progress.bytes_done += photo->file_size;
    run->progress.seconds = hp_now_s() - run->started_s;
    if (run->options->progress)
        run->options->progress(run->options->progress_context, &run->progress);
    pthread_mutex_unlock(&run->progress_lock);
}

bool hp_run_must_stop(const hp_run *run)
{
    return run->options->stop && *run->options->stop;
}

uint64_t hp_run_memory(const hp_run *run)
{
    return run->options->memory_bytes ? run->options->memory_bytes : hp_memory_of_machine();
}

/* Sums of more than half of the memory wait until it is known that the photos fit beside them. */
int hp_run_begin(const hp_run *run, hp_keeper *keeper, hp_strings *paths, hp_error *err)
{
    return hp_keeper_begin(keeper, run->kernels, hp_pool_threads(run->pool), hp_run_memory(run) / 2, paths, err);
}

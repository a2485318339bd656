#include "stats/early.h"

#include "base/memory.h"

#include <stdlib.h>

int hp_early_open(const char *path, hp_early **early, hp_error *err)
{
    *early = hp_calloc(1, sizeof **early, err);
    if (!*early)
        return HP_E_MEMORY;
    int code = hp_state_open(path, &(*early)->file, err);
    if (code)
        hp_early_close(early);
    return code;
}

int hp_early_begin(hp_early *early, const hp_kernels *kernels, unsigned threads, hp_error *err)
{
    int code = hp_pool_create(threads, &early->pool, err);
    return code ? code : hp_state_load_begin(&early->file, kernels, early->pool, &early->loading, err);
}

int hp_early_load(hp_early *early, const hp_kernels *kernels, hp_pool *pool, hp_state *state, hp_error *err)
{
    if (early->loading)
        return hp_state_load_end(&early->loading, &early->file, state, err);
    return hp_state_load(&early->file, kernels, pool, state, err);
}

void hp_early_close(hp_early **early)
{
    hp_early *old = *early;
    if (!old)
        return;
    hp_state_load_give_up(&old->loading);
    hp_pool_free(&old->pool);
    hp_state_close(&old->file);
    free(old);
    *early = NULL;
}

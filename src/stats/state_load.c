#include "base/error.h"
#include "base/memory.h"
#include "stats/numbers.h"
#include "stats/state_check.h"

#include <stdlib.h>

/* The sums on their way into memory. */
struct hp_state_loading {
    const hp_state_file *file;
    hp_pool *pool;
    hp_state state;
    hp_image images[HP_ARRAYS_MOST]; /* with places in memory and file */
    size_t image_count;
    hp_image_tally tally;
    atomic_bool given_up;
    uint8_t *buffers; /* HP_PIECE_BYTES a worker */
    hp_error *errors; /* one a worker */
};

static void load_task(void *context, size_t index, unsigned worker)
{
    hp_state_loading *work = context;
    void *buffer = work->buffers + (size_t)worker * HP_PIECE_BYTES;
    hp_piece piece = hp_piece_at(work->images, index);
    const hp_array *array = &work->images[piece.image].array;
    hp_error *err = &work->errors[worker];
    if (err->code || atomic_load(&work->given_up) || hp_read_at(work->file->fd, buffer, piece.bytes, piece.offset, err))
        return;
    char *first = (char *)array->values + piece.first * hp_number_bytes(array->number);
    hp_image_tally_decode(&work->tally, array->number, &piece, buffer, first, array->channels);
}

static int check(hp_state_loading *work, hp_error *err)
{
    for (unsigned i = 0; i < hp_pool_threads(work->pool); i++)
        if (work->errors[i].code) {
            hp_fail(err, work->errors[i].code, "%s", work->errors[i].message);
            return hp_fail_in(err, work->errors[i].code, work->file->path);
        }
    return hp_image_tally_check(&work->tally, work->file, err);
}

static int prepare(hp_state_loading *work, const hp_kernels *kernels, hp_error *err)
{
    const hp_state_file *file = work->file;
    unsigned workers = hp_pool_threads(work->pool);
    int code = hp_state_start(file->kind, &file->shape, kernels, &work->state, err);
    if (code)
        return hp_fail_in(err, code, file->path);
    work->image_count = hp_images_of(work->state.accumulator, work->images);
    for (size_t i = 0; i < work->image_count; i++)
        work->images[i].offset = file->images[i].offset;
    work->buffers = hp_calloc(workers, HP_PIECE_BYTES, err);
    work->errors = hp_calloc(workers, sizeof *work->errors, err);
    return work->buffers && work->errors ? HP_OK : HP_E_MEMORY;
}

static void release(hp_state_loading **loading)
{
    hp_state_loading *work = *loading;
    hp_state_free(&work->state);
    free(work->buffers);
    free(work->errors);
    free(work);
    *loading = NULL;
}

int hp_state_load_begin(const hp_state_file *file, const hp_kernels *kernels, hp_pool *pool, hp_state_loading **loading,
                        hp_error *err)
{
    *loading = NULL;
    hp_state_loading *work = hp_calloc(1, sizeof *work, err);
    if (!work)
        return HP_E_MEMORY;
    work->file = file;
    work->pool = pool;
    int code = prepare(work, kernels, err);
    if (code)
        release(&work);
    else
        hp_pool_start(pool, hp_pieces_of(work->images, work->image_count), load_task, work);
    *loading = work;
    return code;
}

int hp_state_load_end(hp_state_loading **loading, hp_state_file *file, hp_state *state, hp_error *err)
{
    hp_state_loading *work = *loading;
    hp_pool_wait(work->pool);
    *state = work->state;
    work->state = (hp_state){0};
    int code = check(work, err);
    release(loading);
    if (code)
        return code;
    state->album = file->album;
    state->settling = file->settling;
    state->bounds_only = file->bounds_only;
    file->album = (hp_album){0};
    state->accumulator->kind->recount(state->accumulator, &state->album);
    return HP_OK;
}

void hp_state_load_give_up(hp_state_loading **loading)
{
    if (!*loading)
        return;
    atomic_store(&(*loading)->given_up, true);
    hp_pool_wait((*loading)->pool);
    release(loading);
}

int hp_state_load(hp_state_file *file, const hp_kernels *kernels, hp_pool *pool, hp_state *state, hp_error *err)
{
    hp_state_loading *loading;
    int code = hp_state_load_begin(file, kernels, pool, &loading, err);
    return code ? code : hp_state_load_end(&loading, file, state, err);
}

#include "base/error.h"
#include "base/memory.h"
#include "stats/numbers.h"
#include "stats/state_file.h"

#include <stdatomic.h>
#include <stdlib.h>

/* The sums on their way into memory. */
typedef struct loading {
    const hp_state_file *file;
    hp_image images[HP_ARRAYS_MOST]; /* with places in memory and file */
    size_t image_count;
    atomic_uint_fast64_t sums[HP_ARRAYS_MOST], largest[HP_ARRAYS_MOST];
    uint8_t *buffers; /* HP_PIECE_BYTES a worker */
    hp_error *errors; /* one a worker */
} loading;

static void keep_largest(atomic_uint_fast64_t *most, uint64_t value)
{
    uint_fast64_t old = atomic_load(most);
    while (value > old && !atomic_compare_exchange_weak(most, &old, value)) {
    }
}

static void load_task(void *context, size_t index, unsigned worker)
{
    loading *work = context;
    void *buffer = work->buffers + (size_t)worker * HP_PIECE_BYTES;
    hp_piece piece = hp_piece_at(work->images, index);
    const hp_image *image = &work->images[piece.image];
    const hp_array *array = &image->array;
    hp_error *err = &work->errors[worker];
    if (err->code || hp_read_at(work->file->fd, buffer, piece.bytes, piece.offset, err))
        return;
    atomic_fetch_add(&work->sums[piece.image], hp_fits_sum(buffer, piece.bytes));
    hp_piece_decode(image, &piece, buffer, array->values);
    const char *first = (const char *)array->values + piece.first * hp_number_bytes(array->number);
    keep_largest(&work->largest[piece.image], hp_numbers_largest(array->number, first, array->channels, piece.count));
}

/* Checksums first: they say more than the wrong numbers that come of the same damage. */
static int check(loading *work, unsigned workers, hp_error *err)
{
    int code = HP_OK;
    for (unsigned i = 0; i < workers; i++)
        if (work->errors[i].code) {
            code = hp_fail(err, work->errors[i].code, "%s", work->errors[i].message);
            return hp_fail_in(err, code, work->file->path);
        }
    for (size_t i = 0; !code && i < work->image_count; i++)
        code = hp_state_check_image(work->file, i, atomic_load(&work->sums[i]), err);
    for (size_t i = 0; !code && i < work->image_count; i++)
        code = hp_state_check_largest(work->file, i, atomic_load(&work->largest[i]), err);
    return code;
}

int hp_state_load(hp_state_file *file, const hp_kernels *kernels, hp_pool *pool, hp_state *state, hp_error *err)
{
    unsigned workers = hp_pool_threads(pool);
    loading work = {.file = file};
    int code = hp_state_start(file->kind, &file->shape, kernels, state, err);
    if (code)
        return hp_fail_in(err, code, file->path);
    work.image_count = hp_images_of(state->accumulator, work.images);
    for (size_t i = 0; i < work.image_count; i++)
        work.images[i].offset = file->images[i].offset;
    work.buffers = hp_calloc(workers, HP_PIECE_BYTES, err);
    work.errors = hp_calloc(workers, sizeof *work.errors, err);
    code = work.buffers && work.errors ? HP_OK : HP_E_MEMORY;
    if (!code) {
        hp_pool_run(pool, hp_pieces_of(work.images, work.image_count), load_task, &work);
        code = check(&work, workers, err);
    }
    free(work.buffers);
    free(work.errors);
    if (code)
        return code;
    state->album = file->album;
    state->settling = file->settling;
    state->bounds_only = file->bounds_only;
    file->album = (hp_album){0};
    state->accumulator->kind->recount(state->accumulator, &state->album);
    return HP_OK;
}

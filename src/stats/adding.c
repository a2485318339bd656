#include "stats/adding.h"

enum { BAND_PIXELS = 1 << 17 }; /* of a task: small enough to share out evenly, large enough to cost nothing */

typedef struct adding {
    hp_accumulator *accumulator;
    const hp_shot *const *shots;
    size_t count;
    uint32_t height, band; /* rows */
} adding;

static void add_task(void *context, size_t index, unsigned worker)
{
    (void)worker;
    const adding *work = context;
    uint32_t top = (uint32_t)index * work->band;
    uint32_t bottom = work->height - top < work->band ? work->height : top + work->band;
    work->accumulator->kind->add_rows(work->accumulator, work->shots, work->count, top, bottom);
}

void hp_add_shots(hp_accumulator *accumulator, const hp_shot *const *shots, size_t count, hp_pool *pool)
{
    const hp_camera *frame = &accumulator->shape.camera;
    uint32_t band = frame->width < BAND_PIXELS ? BAND_PIXELS / frame->width : 1;
    adding work = {accumulator, shots, count, frame->height, band};
    if (count == 0)
        return;
    hp_pool_run(pool, (frame->height + band - 1) / band, add_task, &work);
    accumulator->kind->count(accumulator, shots, count);
}

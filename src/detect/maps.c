#include "detect/maps.h"

#include "base/memory.h"
#include "detect/energy.h"
#include "detect/select.h"

#include <math.h>
#include <stdlib.h>

enum {
    MCU = 16,                 /* px: the phases of a JPEG */
    SAMPLED_PIXELS = 1 << 20, /* of a map, for its medians: with 256 phases 4096 each, which leaves 2 % of a sigma */
    ROWS_A_TASK = 16,
};

#define LEAST_DEVIATION 1e-6f
/* Where most pixels never differ from their ring, of z, zt, zg, and of energy. */
#define STILL_DEVIATION 0.25f
#define STILL_DEVIATION_EN 0.5f

uint64_t hp_maps_bytes(const hp_photo_info *shape)
{
    return (uint64_t)shape->camera.width * shape->camera.height * sizeof(float) + HP_MAPS * sizeof(hp_phase_table);
}

/* Which rows of a phase are sampled for its medians, and how many values these have at most. */
typedef struct sampling {
    uint32_t period_x, period_y, every;
    size_t room;
} sampling;

static sampling sampling_of(const hp_photo_info *shape)
{
    bool blocks = hp_photo_is_developed(shape);
    size_t width = shape->camera.width, height = shape->camera.height, pixels = width * height;
    sampling s = {.period_x = blocks ? MCU : shape->cfa.width,
                  .period_y = blocks ? MCU : shape->cfa.height,
                  .every = pixels > SAMPLED_PIXELS ? (uint32_t)(pixels / SAMPLED_PIXELS) : 1};
    s.room = (height / (s.every * s.period_y) + 1) * (width / s.period_x + 1) + 1;
    return s;
}

uint64_t hp_maps_median_bytes(const hp_photo_info *shape, unsigned threads)
{
    return 2 * (uint64_t)threads * sampling_of(shape).room * sizeof(float);
}

/* The map that is held, before it is normalised; NULL where it follows from a sum. */
static const float *held(const hp_maps *maps, hp_map map)
{
    return map == HP_MAP_EN ? maps->energy : NULL;
}

static const int32_t *sums_of(const hp_maps *maps, hp_map map)
{
    const hp_sums *sums = &maps->residual->sums;
    return map == HP_MAP_Z ? sums->s1 : map == HP_MAP_ZT ? sums->st : sums->sg;
}

static float raw_value(const hp_maps *maps, hp_map map, size_t at)
{
    const float *values = held(maps, map);
    return values ? values[at] : (float)sums_of(maps, map)[at];
}

void hp_maps_row(const hp_maps *maps, hp_map map, uint32_t y, float *out)
{
    const hp_phase_table *table = &maps->phases[map];
    const float *centre = table->centre[y % maps->period_y], *scale = table->scale[y % maps->period_y];
    const hp_kernels *kernels = maps->residual->base.kernels;
    const float *values = held(maps, map);
    size_t row = (size_t)y * maps->width;
    for (uint32_t x = 0; x < maps->width; x += HP_PHASE_COLUMNS) {
        uint32_t count = maps->width - x < HP_PHASE_COLUMNS ? maps->width - x : HP_PHASE_COLUMNS;
        if (values)
            kernels->normalise_energy(values + row + x, centre, scale, count, out + x);
        else
            kernels->normalise(sums_of(maps, map) + row + x, centre, scale, count, out + x);
    }
}

float hp_maps_value(const hp_maps *maps, hp_map map, uint32_t x, uint32_t y)
{
    const hp_phase_table *table = &maps->phases[map];
    uint32_t row = y % maps->period_y, column = x % maps->period_x;
    float raw = raw_value(maps, map, (size_t)y * maps->width + x), value;
    const float *centre = &table->centre[row][column], *scale = &table->scale[row][column];
    if (map == HP_MAP_EN)
        maps->residual->base.kernels->normalise_energy(&raw, centre, scale, 1, &value);
    else
        value = (raw - *centre) * *scale;
    return value;
}

float hp_maps_scale(const hp_maps *maps, hp_map map)
{
    float scales[HP_PHASES_MOST * HP_PHASES_MOST], scratch[HP_PHASES_MOST * HP_PHASES_MOST + 1];
    size_t count = 0;
    for (uint32_t row = 0; row < maps->period_y; row++)
        for (uint32_t column = 0; column < maps->period_x; column++)
            scales[count++] = maps->phases[map].scale[row][column];
    return hp_lower_median(scales, count, scratch);
}

/* In raw units HP_Z_LIMIT times the weight. */
float hp_maps_one_photo(const hp_maps *maps, hp_map map)
{
    const hp_residual *r = maps->residual;
    int16_t weight = map == HP_MAP_ZT ? r->most_wt : map == HP_MAP_ZG ? r->most_wg : 0;
    return (float)(HP_Z_LIMIT * weight) * hp_maps_scale(maps, map);
}

float hp_maps_most(const hp_maps *maps)
{
    return HP_Z_LIMIT * (float)maps->residual->base.photos * hp_maps_scale(maps, HP_MAP_Z);
}

static void energy_task(void *context, size_t index, unsigned worker)
{
    (void)worker;
    hp_maps *maps = context;
    uint32_t top = (uint32_t)index * ROWS_A_TASK;
    uint32_t bottom = maps->height - top < ROWS_A_TASK ? maps->height : top + ROWS_A_TASK;
    for (uint32_t y = top; y < bottom; y++)
        hp_energy_row(maps->residual, y, maps->energy + (size_t)y * maps->width);
}

/* ---- medians per phase ---- */

typedef struct normalising {
    hp_maps *maps;
    uint32_t every; /* row of phases that is sampled */
    size_t room;    /* values a worker's buffer holds */
    float *buffers; /* one a worker */
} normalising;

/* Sampled values of one phase; returns their number. */
static size_t gather(const normalising *work, hp_map map, uint32_t row, uint32_t column, float *values)
{
    const hp_maps *maps = work->maps;
    const hp_border *b = &maps->border;
    size_t count = 0;
    for (uint32_t y = row; y < maps->height; y += work->every * maps->period_y)
        for (uint32_t x = column; x < maps->width; x += maps->period_x)
            if (!hp_border_has(x, b->left, b->right, maps->width) && !hp_border_has(y, b->top, b->bottom, maps->height))
                values[count++] = raw_value(maps, map, (size_t)y * maps->width + x);
    if (count == 0)
        values[count++] = raw_value(maps, map, (size_t)row * maps->width + column);
    return count;
}

/* What a raw value is multiplied by, where half of them are no further than deviation from the middle. */
static float scale_of(const hp_maps *maps, hp_map map, float deviation)
{
    const hp_residual *r = maps->residual;
    double weight2 = map == HP_MAP_Z    ? (double)r->base.photos
                     : map == HP_MAP_ZT ? (double)r->sum_wt2
                     : map == HP_MAP_ZG ? (double)r->sum_wg2
                                        : 1.0 / 256;
    float unit = (float)(16 * sqrt(weight2)); /* what is 1 in docs/method.md */
    float least = LEAST_DEVIATION * unit;
    if (deviation == 0)
        return 1.0f / ((map == HP_MAP_EN ? STILL_DEVIATION_EN : STILL_DEVIATION) * unit);
    return 1.0f / (1.4826f * (deviation > least ? deviation : least));
}

static void normalise_task(void *context, size_t index, unsigned worker)
{
    const normalising *work = context;
    hp_maps *maps = work->maps;
    hp_map map = (hp_map)(index / maps->period_y);
    uint32_t row = (uint32_t)(index % maps->period_y);
    float *values = work->buffers + 2 * worker * work->room, *scratch = values + work->room;
    for (uint32_t column = 0; column < maps->period_x; column++) {
        size_t count = gather(work, map, row, column, values);
        float centre = hp_lower_median(values, count, scratch);
        for (size_t i = 0; i < count; i++)
            values[i] = fabsf(values[i] - centre);
        float scale = scale_of(maps, map, hp_lower_median(values, count, scratch));
        for (uint32_t i = column; i < HP_PHASE_COLUMNS; i += maps->period_x) {
            maps->phases[map].centre[row][i] = centre;
            maps->phases[map].scale[row][i] = scale;
        }
    }
}

static int normalise(hp_maps *maps, hp_pool *pool, hp_error *err)
{
    sampling s = sampling_of(&maps->residual->base.shape);
    normalising work = {.maps = maps, .every = s.every, .room = s.room};
    work.buffers = hp_pages(2 * hp_pool_threads(pool) * work.room, sizeof *work.buffers, err);
    if (!work.buffers)
        return HP_E_MEMORY;
    hp_pool_run(pool, (size_t)HP_MAPS * maps->period_y, normalise_task, &work);
    hp_pages_free(work.buffers);
    return HP_OK;
}

int hp_maps_create(const hp_residual *residual, double effective_share, hp_pool *pool, hp_maps *maps, hp_error *err)
{
    const hp_photo_info *shape = &residual->base.shape;
    const sampling s = sampling_of(shape);
    *maps = (hp_maps){
        .residual = residual,
        .width = shape->camera.width,
        .height = shape->camera.height,
        .period_x = s.period_x,
        .period_y = s.period_y,
        .unchanging = hp_unchanging_prepare(residual, effective_share),
        .levels = hp_levels_of(residual),
    };
    maps->phases = hp_calloc(HP_MAPS, sizeof *maps->phases, err);
    maps->energy = hp_pages((size_t)maps->width * maps->height, sizeof *maps->energy, err);
    int code = maps->phases && maps->energy ? HP_OK : HP_E_MEMORY;
    if (!code) {
        hp_pool_run(pool, (maps->height + ROWS_A_TASK - 1) / ROWS_A_TASK, energy_task, maps);
        code = hp_border_find(residual, pool, &maps->border, err);
    }
    if (!code)
        code = normalise(maps, pool, err);
    if (code)
        hp_maps_free(maps);
    return code;
}

void hp_maps_free(hp_maps *maps)
{
    hp_pages_free(maps->energy);
    free(maps->phases);
    *maps = (hp_maps){0};
}

#include "stats/residual.h"

#include "base/error.h"
#include "base/memory.h"
#include "stats/calibration.h"
#include "stats/noise.h"
#include "stats/strip.h"

#include <stdlib.h>
#include <string.h>

enum {
    MOST_PHOTOS = 65537, /* 2^32 / 65535: Sx of 16 bit; the squares of 8 bit would allow 66 051 */
    CACHE_LINE = 64,     /* bytes */
};

static size_t pixels_of(const hp_photo_info *shape)
{
    return (size_t)shape->camera.width * shape->camera.height;
}

/* Each array begins on a cache line. */
static size_t array_bytes(const hp_photo_info *shape, size_t item)
{
    return (pixels_of(shape) * item + CACHE_LINE - 1) / CACHE_LINE * CACHE_LINE;
}

static uint64_t bytes(const hp_photo_info *shape)
{
    bool wide = shape->camera.bits > 8;
    return 7 * array_bytes(shape, 4) + 3 * array_bytes(shape, wide ? 8 : 4) + 2 * array_bytes(shape, wide ? 2 : 1);
}

static uint32_t pad(const hp_photo_info *shape)
{
    hp_ring ring;
    if (hp_ring_of(shape, &ring, NULL))
        return 0;
    return ring.reach + (hp_photo_is_developed(shape) ? 0 : HP_STRIP_PAD);
}

static void *take(char **at, size_t size)
{
    void *array = *at;
    *at += size;
    return array;
}

static void lay_out(hp_residual *r)
{
    const hp_photo_info *shape = &r->base.shape;
    bool wide = shape->camera.bits > 8;
    size_t words = array_bytes(shape, 4), squares = array_bytes(shape, wide ? 8 : 4),
           samples = array_bytes(shape, wide ? 2 : 1);
    char *at = r->memory;
    hp_sums *s = &r->sums;
    s->s1 = take(&at, words);
    s->st = take(&at, words);
    s->sg = take(&at, words);
    s->s1h = take(&at, words);
    s->s2 = take(&at, words);
    s->sx = take(&at, words);
    s->se = take(&at, words);
    s->sxx = take(&at, squares);
    s->see = take(&at, squares);
    s->sxe = take(&at, squares);
    s->max = take(&at, samples);
    s->min = take(&at, samples);
}

static void begin_minima(hp_residual *r)
{
    memset(r->sums.min, 0xff, array_bytes(&r->base.shape, r->base.shape.camera.bits > 8 ? 2 : 1));
}

static void free_residual(hp_accumulator **accumulator)
{
    hp_residual *r = (hp_residual *)*accumulator;
    if (!r)
        return;
    hp_ring_sets_free(&r->ring_sets);
    hp_pages_free(r->memory);
    free(r);
    *accumulator = NULL;
}

static int start(const hp_photo_info *shape, const hp_kernels *kernels, hp_accumulator **made, hp_error *err)
{
    *made = NULL;
    hp_residual *r = hp_calloc(1, sizeof *r, err);
    if (!r)
        return HP_E_MEMORY;
    r->base = (hp_accumulator){.kind = &hp_residual_kind, .shape = *shape, .kernels = kernels};
    int code = hp_ring_of(shape, &r->ring, err);
    if (!code)
        code = hp_ring_sets_create(&r->ring, shape->camera.bits > 8 ? 2 : 1, &r->ring_sets, err);
    if (!code) {
        r->memory = hp_pages(bytes(shape), 1, err);
        code = r->memory ? HP_OK : HP_E_MEMORY;
    }
    hp_accumulator *base = &r->base;
    if (code)
        free_residual(&base);
    else
        lay_out(r);
    if (!code && kernels)
        begin_minima(r);
    *made = base;
    return code;
}

static void measure(const hp_accumulator *accumulator, hp_shot *shot)
{
    const hp_residual *r = (const hp_residual *)accumulator;
    const hp_sample_kernels *kernels = hp_accumulator_kernels(accumulator);
    hp_plane_pad(&shot->plane, r->ring.step);
    if (!hp_noise_measure(&accumulator->shape, &r->ring_sets, &r->ring, kernels, &shot->plane, &shot->sigma,
                          &shot->noise)) {
        hp_fail(&shot->fault, HP_E_MEMORY, "no memory to measure its noise");
        return;
    }
    hp_noise_weights(&shot->photo->info, shot->sigma, &shot->wt, &shot->wg);
    hp_thumbnail_of(&shot->plane, r->base.kernels, &shot->thumbnail);
    hp_frame_kind frame = accumulator->compare_calibration ? HP_FRAME_LIGHT : hp_shot_frame(shot);
    if (frame == HP_FRAME_DARK)
        shot->thumbnail = hp_thumbnail_of_dark;
    else if (frame != HP_FRAME_LIGHT)
        shot->thumbnail = frame == HP_FRAME_BIAS ? hp_thumbnail_of_bias : hp_thumbnail_of_flat;
}

static void count_photo(hp_residual *r, hp_hash hash, int16_t wt, int16_t wg, const uint16_t black[HP_CFA_SITES])
{
    r->base.photos++;
    r->photos_odd += hp_hash_is_odd(hash);
    r->sum_wt2 += (uint64_t)(wt * wt);
    r->sum_wg2 += (uint64_t)(wg * wg);
    r->most_wt = wt > r->most_wt ? wt : r->most_wt;
    r->most_wg = wg > r->most_wg ? wg : r->most_wg;
    for (unsigned site = 0; site < HP_CFA_SITES; site++)
        r->sum_black[site] += black[site];
}

static void count(hp_accumulator *accumulator, const hp_shot *const *shots, size_t photos)
{
    for (size_t i = 0; i < photos; i++)
        count_photo((hp_residual *)accumulator, shots[i]->hash, shots[i]->wt, shots[i]->wg, shots[i]->plane.black);
}

static size_t arrays(hp_accumulator *accumulator, hp_array out[HP_ARRAYS_MOST])
{
    const hp_sums *s = &((const hp_residual *)accumulator)->sums;
    bool wide = accumulator->shape.camera.bits > 8;
    const hp_number word = HP_NUMBER_U32, square = wide ? HP_NUMBER_U64 : HP_NUMBER_U32,
                    sample = wide ? HP_NUMBER_U16 : HP_NUMBER_U8;
    const uint64_t white = wide ? UINT16_MAX : UINT8_MAX, z = HP_Z_LIMIT, weight = HP_WEIGHT_MOST;
    const hp_array all[HP_ARRAYS_MOST] = {
        {"S1", "sum of z, sixteenths of a sigma", HP_NUMBER_I32, HP_JOIN_SUM, 1, z, s->s1},
        {"ST", "sum of wt z", HP_NUMBER_I32, HP_JOIN_SUM, 1, weight * z, s->st},
        {"SG", "sum of wg z", HP_NUMBER_I32, HP_JOIN_SUM, 1, weight * z, s->sg},
        {"S1H", "sum of z over photos of odd hash", HP_NUMBER_I32, HP_JOIN_SUM, 1, z, s->s1h},
        {"S2", "sum of z^2", word, HP_JOIN_SUM, 1, z * z, s->s2},
        {"SX", "sum of the samples x, DN", word, HP_JOIN_SUM, 1, white, s->sx},
        {"SE", "sum of the ring medians e, DN", word, HP_JOIN_SUM, 1, white, s->se},
        {"SXX", "sum of x^2, DN^2", square, HP_JOIN_SUM, 1, white * white, s->sxx},
        {"SEE", "sum of e^2, DN^2", square, HP_JOIN_SUM, 1, white * white, s->see},
        {"SXE", "sum of x e, DN^2", square, HP_JOIN_SUM, 1, white * white, s->sxe},
        {"MIN", "least x, DN", sample, HP_JOIN_MIN, 1, white, s->min},
        {"MAX", "largest x, DN", sample, HP_JOIN_MAX, 1, white, s->max},
    };
    memcpy(out, all, sizeof all);
    return HP_ARRAYS_MOST;
}

static void recount(hp_accumulator *accumulator, const hp_album *album)
{
    hp_residual *r = (hp_residual *)accumulator;
    r->base.photos = r->photos_odd = r->sum_wt2 = r->sum_wg2 = 0;
    r->most_wt = r->most_wg = 0;
    memset(r->sum_black, 0, sizeof r->sum_black);
    for (size_t i = 0; i < album->count; i++) {
        const hp_record *record = &album->items[i];
        if (record->verdict == HP_PHOTO_TAKEN)
            count_photo(r, record->hash, record->wt, record->wg, record->black);
    }
}

static void clear(hp_accumulator *accumulator)
{
    hp_residual *r = (hp_residual *)accumulator;
    const hp_album none = {0};
    memset(r->memory, 0, bytes(&accumulator->shape));
    begin_minima(r);
    recount(accumulator, &none);
}

const hp_accumulator_kind hp_residual_kind = {
    "residual",           HP_VIEW_PLANE, MOST_PHOTOS, bytes,   pad,   start,         measure,
    hp_residual_add_rows, count,         arrays,      recount, clear, free_residual,
};

#include "stats/variance.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

enum {
    MOST_PHOTOS = 65537,   /* 2^32 / 65535: the sum of 16 bit */
    LARGE_CHUNK = 1 << 14, /* subpixels: few enough that their sums stay in the second level cache */
};

static size_t subpixels_of(const hp_photo_info *shape)
{
    return (size_t)shape->camera.width * shape->camera.height * shape->channels;
}

static size_t square_bytes(const hp_photo_info *shape)
{
    return shape->camera.bits > 8 ? sizeof(uint64_t) : sizeof(uint32_t);
}

static uint64_t bytes(const hp_photo_info *shape)
{
    return (uint64_t)subpixels_of(shape) * (sizeof(uint32_t) + square_bytes(shape));
}

static uint32_t pad(const hp_photo_info *shape)
{
    (void)shape;
    return 0;
}

static void free_sums(hp_accumulator **accumulator)
{
    hp_variance_sums *v = (hp_variance_sums *)*accumulator;
    if (!v)
        return;
    hp_pages_free(v->sum);
    hp_pages_free(v->squares);
    free(v);
    *accumulator = NULL;
}

static int start(const hp_photo_info *shape, const hp_kernels *kernels, hp_accumulator **made, hp_error *err)
{
    *made = NULL;
    hp_variance_sums *v = hp_calloc(1, sizeof *v, err);
    if (!v)
        return HP_E_MEMORY;
    v->base = (hp_accumulator){.kind = &hp_variance_kind, .shape = *shape, .kernels = kernels};
    v->channels = shape->channels;
    v->sum = hp_pages(subpixels_of(shape), sizeof *v->sum, err);
    v->squares = v->sum ? hp_pages(subpixels_of(shape), square_bytes(shape), err) : NULL;
    *made = &v->base;
    if (v->squares)
        return HP_OK;
    free_sums(made);
    return HP_E_MEMORY;
}

static void measure(const hp_accumulator *accumulator, hp_shot *shot)
{
    (void)accumulator;
    (void)shot;
}

static void add_part(const hp_variance_sums *v, const hp_shot *const *shots, size_t photos, size_t first, size_t count)
{
    bool wide = v->base.shape.camera.bits > 8;
    const hp_sample_kernels *kernels = hp_accumulator_kernels(&v->base);
    void *squares = (char *)v->squares + first * square_bytes(&v->base.shape);
    for (size_t p = 0; p < photos; p += HP_TOGETHER) {
        unsigned together = photos - p < HP_TOGETHER ? (unsigned)(photos - p) : HP_TOGETHER;
        const void *rows[HP_TOGETHER];
        for (unsigned k = 0; k < together; k++)
            rows[k] = (const char *)shots[p + k]->plane.samples + first * (wide ? 2 : 1);
        kernels->add_squares(rows, together, count, v->sum + first, squares);
    }
}

/* Planes have no padding: rows follow each other, here as in the sums. */
static void add_rows(hp_accumulator *accumulator, const hp_shot *const *shots, size_t count, uint32_t top,
                     uint32_t bottom)
{
    const hp_variance_sums *v = (const hp_variance_sums *)accumulator;
    size_t row = (size_t)v->base.shape.camera.width * v->channels;
    size_t end = bottom * row;
    for (size_t first = top * row; first < end; first += LARGE_CHUNK)
        add_part(v, shots, count, first, end - first < LARGE_CHUNK ? end - first : LARGE_CHUNK);
}

static void count(hp_accumulator *accumulator, const hp_shot *const *shots, size_t photos)
{
    (void)shots;
    accumulator->photos += photos;
}

static size_t arrays(hp_accumulator *accumulator, hp_array out[HP_ARRAYS_MOST])
{
    const hp_variance_sums *v = (const hp_variance_sums *)accumulator;
    bool wide = v->base.shape.camera.bits > 8;
    uint64_t white = wide ? UINT16_MAX : UINT8_MAX;
    out[0] = (hp_array){"SUM", "sum of the values, DN", HP_NUMBER_U32, HP_JOIN_SUM, v->channels, white, v->sum};
    out[1] = (hp_array){"SQUARES",
                        "sum of their squares, DN^2",
                        wide ? HP_NUMBER_U64 : HP_NUMBER_U32,
                        HP_JOIN_SUM,
                        v->channels,
                        white * white,
                        v->squares};
    return 2;
}

static void recount(hp_accumulator *accumulator, const hp_album *album)
{
    accumulator->photos = album->taken;
}

static void clear(hp_accumulator *accumulator)
{
    hp_variance_sums *v = (hp_variance_sums *)accumulator;
    memset(v->sum, 0, subpixels_of(&v->base.shape) * sizeof *v->sum);
    memset(v->squares, 0, subpixels_of(&v->base.shape) * square_bytes(&v->base.shape));
    v->base.photos = 0;
}

const hp_accumulator_kind hp_variance_kind = {
    "variance", HP_VIEW_COLOUR, MOST_PHOTOS, bytes,   pad,   start,     measure,
    add_rows,   count,          arrays,      recount, clear, free_sums,
};

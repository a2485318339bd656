/* The hot path of a scan: photos added to the sums, chunk by chunk. */
#include "stats/residual.h"
#include "stats/strip.h"

enum {
    CACHE_LINE = 64,  /* bytes */
    STRIP_PHOTOS = 12 /* at once */
};

/* The sums from pixel `first` on. */
static hp_sums sums_at(const hp_residual *r, size_t first)
{
    const hp_sums *s = &r->sums;
    size_t square = r->base.shape.camera.bits > 8 ? 8 : 4, sample = r->base.shape.camera.bits > 8 ? 2 : 1;
    return (hp_sums){
        .s1 = s->s1 + first,
        .st = s->st + first,
        .sg = s->sg + first,
        .s1h = s->s1h + first,
        .s2 = s->s2 + first,
        .sx = s->sx + first,
        .se = s->se + first,
        .sxx = (char *)s->sxx + first * square,
        .see = (char *)s->see + first * square,
        .sxe = (char *)s->sxe + first * square,
        .min = (char *)s->min + first * sample,
        .max = (char *)s->max + first * sample,
    };
}

/* What is made of a chunk of the photos added together. */
typedef struct scratch {
    uint16_t e[HP_TOGETHER][HP_CHUNK];
    uint16_t q[HP_CHUNK];
    int8_t z[HP_TOGETHER][HP_CHUNK];
} scratch;

/*
 * The ring of the next row meets one new row: it is asked for early. The CPU does not foresee it, for each photo's lies
 * elsewhere, and a chunk of it is soon at its end.
 */
static void ask_ahead(const hp_plane *plane, uint32_t y, uint32_t x, size_t count)
{
    if (plane->height - y < 2)
        return;
    const char *first = hp_plane_sample(plane, (int32_t)(y + 1 + plane->pad), (int32_t)x);
    for (size_t i = 0; i < count * plane->sample_bytes; i += CACHE_LINE)
        __builtin_prefetch(first + i);
}

static void look(const hp_residual *r, const hp_shot *shot, int32_t y, uint32_t x, size_t count, hp_strip *strip)
{
    hp_strip_look(strip, &r->ring_sets, &r->ring, hp_accumulator_kernels(&r->base), &shot->plane, y, x, count);
}

/* strip: NULL for developed pictures, in which the samples beside a pixel tell enough. */
static hp_chunk prepare(const hp_residual *r, const hp_shot *shot, uint32_t y, uint32_t x, size_t count, unsigned slot,
                        hp_strip *strip, scratch *s)
{
    const hp_plane *plane = &shot->plane;
    const void *samples = hp_plane_sample(plane, (int32_t)y, (int32_t)x), *e = s->e[slot];
    const hp_sample_kernels *kernels = hp_accumulator_kernels(&r->base);
    ask_ahead(plane, y, x, count);
    if (strip) {
        look(r, shot, (int32_t)y + 1, x, count, strip);
        e = hp_strip_e(strip, plane, y);
        hp_strip_z(strip, kernels, plane, &shot->noise, y, x, count, s->z[slot]);
    } else {
        hp_ring_sets_apply(&r->ring_sets, &r->ring, kernels, plane, (int32_t)y, (int32_t)x, count, s->e[slot], s->q);
        kernels->z_developed(samples, (ptrdiff_t)plane->stride, e, s->q, shot->sigma, count, s->z[slot]);
    }
    return (hp_chunk){samples, e, s->z[slot], shot->wt, shot->wg, hp_hash_is_odd(shot->hash)};
}

/* A chunk takes all photos of the round while its sums stay in the cache: read and written once from memory. */
static void add_chunk(const hp_residual *r, const hp_shot *const *shots, size_t photos, uint32_t y, uint32_t x,
                      size_t count, hp_strip *strips)
{
    scratch s;
    hp_sums sums = sums_at(r, (size_t)y * r->base.shape.camera.width + x);
    for (size_t first = 0; first < photos; first += HP_TOGETHER) {
        unsigned together = photos - first < HP_TOGETHER ? (unsigned)(photos - first) : HP_TOGETHER;
        hp_chunk chunks[HP_TOGETHER];
        for (unsigned p = 0; p < together; p++)
            chunks[p] = prepare(r, shots[first + p], y, x, count, p, strips ? &strips[first + p] : NULL, &s);
        hp_accumulator_kernels(&r->base)->add(chunks, together, count, &sums);
    }
}

static void add_strip(const hp_residual *r, const hp_shot *const *shots, size_t photos, uint32_t top, uint32_t bottom,
                      uint32_t x, size_t count)
{
    hp_strip strips[STRIP_PHOTOS];
    for (size_t p = 0; p < photos; p++)
        for (int32_t y = (int32_t)top - 1; y <= (int32_t)top; y++)
            look(r, shots[p], y, x, count, &strips[p]);
    for (uint32_t y = top; y < bottom; y++)
        add_chunk(r, shots, photos, y, x, count, strips);
}

static uint32_t least(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

void hp_residual_add_rows(hp_accumulator *accumulator, const hp_shot *const *shots, size_t count, uint32_t top,
                          uint32_t bottom)
{
    const hp_residual *r = (const hp_residual *)accumulator;
    uint32_t width = r->base.shape.camera.width;
    if (hp_photo_is_developed(&r->base.shape)) {
        for (uint32_t y = top; y < bottom; y++)
            for (uint32_t x = 0; x < width; x += HP_CHUNK)
                add_chunk(r, shots, count, y, x, least(width - x, HP_CHUNK), NULL);
        return;
    }
    for (size_t first = 0; first < count; first += STRIP_PHOTOS)
        for (uint32_t x = 0; x < width; x += HP_STRIP)
            add_strip(r, shots + first, least((uint32_t)(count - first), STRIP_PHOTOS), top, bottom, x,
                      least(width - x, HP_STRIP));
}

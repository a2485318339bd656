/* The hot path of a scan: photos added to the sums, chunk by chunk. */
#include "stats/residual.h"

enum { CACHE_LINE = 64 }; /* bytes */

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

/* The scratch of one chunk: medians and z of the photos added together. */
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
    const char *first = (const char *)hp_plane_row(plane, y + 1 + plane->pad) + (size_t)x * plane->sample_bytes;
    for (size_t i = 0; i < count * plane->sample_bytes; i += CACHE_LINE)
        __builtin_prefetch(first + i);
}

static hp_chunk prepare(const hp_residual *r, const hp_shot *shot, uint32_t y, uint32_t x, size_t count, unsigned slot,
                        scratch *s)
{
    const void *samples = (const char *)hp_plane_row(&shot->plane, y) + (size_t)x * shot->plane.sample_bytes;
    const hp_sample_kernels *kernels = hp_accumulator_kernels(&r->base);
    hp_ring_sets_apply(&r->ring_sets, &r->ring, kernels, &shot->plane, y, x, count, s->e[slot], s->q);
    ask_ahead(&shot->plane, y, x, count);
    if (hp_photo_is_developed(&r->base.shape))
        kernels->z_developed(samples, (ptrdiff_t)shot->plane.stride, s->e[slot], s->q, shot->sigma, count, s->z[slot]);
    else
        kernels->z(samples, s->e[slot], s->q, shot->sigma, count, s->z[slot]);
    return (hp_chunk){samples, s->e[slot], s->z[slot], shot->wt, shot->wg, hp_hash_is_odd(shot->hash)};
}

/* A chunk takes all photos of the round while its sums stay in the cache: read and written once from memory. */
static void add_chunk(const hp_residual *r, const hp_shot *const *shots, size_t photos, uint32_t y, uint32_t x,
                      size_t count)
{
    scratch s;
    hp_sums sums = sums_at(r, (size_t)y * r->base.shape.camera.width + x);
    for (size_t first = 0; first < photos; first += HP_TOGETHER) {
        unsigned together = photos - first < HP_TOGETHER ? (unsigned)(photos - first) : HP_TOGETHER;
        hp_chunk chunks[HP_TOGETHER];
        for (unsigned p = 0; p < together; p++)
            chunks[p] = prepare(r, shots[first + p], y, x, count, p, &s);
        hp_accumulator_kernels(&r->base)->add(chunks, together, count, &sums);
    }
}

void hp_residual_add_rows(hp_accumulator *accumulator, const hp_shot *const *shots, size_t count, uint32_t top,
                          uint32_t bottom)
{
    const hp_residual *r = (const hp_residual *)accumulator;
    uint32_t width = r->base.shape.camera.width;
    for (uint32_t y = top; y < bottom; y++)
        for (uint32_t x = 0; x < width; x += HP_CHUNK)
            add_chunk(r, shots, count, y, x, width - x < HP_CHUNK ? width - x : HP_CHUNK);
}

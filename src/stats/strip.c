#include "stats/strip.h"

/* Row -1 is the first. */
static unsigned slot_of(int32_t y)
{
    return (unsigned)(y + 3) % 3;
}

void hp_strip_look(hp_strip *strip, const hp_ring_sets *sets, const hp_ring *ring, const hp_sample_kernels *kernels,
                   const hp_plane *plane, int32_t y, uint32_t x, size_t count)
{
    unsigned slot = slot_of(y);
    int32_t first = (int32_t)x - HP_STRIP_PAD;
    size_t all = count + 2 * HP_STRIP_PAD;
    hp_ring_sets_apply(sets, ring, kernels, plane, y, first, all, strip->e[slot], strip->q[slot]);
    kernels->squares(hp_plane_sample(plane, y, first), strip->e[slot], all, strip->squares[slot]);
}

static const void *from_first(const uint16_t *row, const hp_plane *plane)
{
    return (const char *)row + HP_STRIP_PAD * plane->sample_bytes;
}

const void *hp_strip_e(const hp_strip *strip, const hp_plane *plane, uint32_t y)
{
    return from_first(strip->e[slot_of((int32_t)y)], plane);
}

void hp_strip_z(const hp_strip *strip, const hp_sample_kernels *kernels, const hp_plane *plane, const hp_noise *noise,
                uint32_t y, uint32_t x, size_t count, int8_t *z)
{
    const float *squares[3];
    for (int32_t k = 0; k < 3; k++)
        squares[k] = strip->squares[slot_of((int32_t)y + k - 1)] + HP_STRIP_PAD;
    const void *q = from_first(strip->q[slot_of((int32_t)y)], plane);
    kernels->z(hp_plane_sample(plane, (int32_t)y, (int32_t)x), hp_strip_e(strip, plane, y), q, squares, noise, count,
               z);
}

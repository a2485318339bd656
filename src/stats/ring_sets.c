#include "stats/ring_sets.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

enum { MASK_SAMPLES = HP_CHUNK + HP_CFA_MOST }; /* a chunk that may begin at any column of the period */

static bool same_offsets(const hp_ring *ring, unsigned a, unsigned b)
{
    return memcmp(ring->dx[a], ring->dx[b], sizeof ring->dx[a]) == 0 &&
           memcmp(ring->dy[a], ring->dy[b], sizeof ring->dy[a]) == 0;
}

/* The set of a phase among those of its row found so far; a new one when it is none of them. */
static unsigned set_of(const hp_ring *ring, unsigned row, unsigned phase, hp_ring_sets *sets)
{
    unsigned set = 0;
    while (set < sets->count[row] && !same_offsets(ring, sets->phase[row][set], phase))
        set++;
    if (set == sets->count[row])
        sets->phase[row][sets->count[row]++] = (uint8_t)phase;
    return set;
}

int hp_ring_sets_create(const hp_ring *ring, unsigned sample_bytes, hp_ring_sets *sets, hp_error *err)
{
    *sets = (hp_ring_sets){0};
    size_t mask_bytes = (size_t)MASK_SAMPLES * sample_bytes;
    sets->memory = hp_calloc((size_t)HP_CFA_MOST * HP_CFA_MOST, mask_bytes, err);
    if (!sets->memory)
        return HP_E_MEMORY;
    for (unsigned row = 0; row < ring->height; row++) {
        for (unsigned set = 0; set < HP_CFA_MOST; set++)
            sets->mask[row][set] = (char *)sets->memory + (row * HP_CFA_MOST + set) * mask_bytes;
        for (unsigned column = 0; column < ring->width; column++) {
            char *mask = sets->mask[row][set_of(ring, row, row * ring->width + column, sets)];
            for (size_t i = column; i < MASK_SAMPLES; i += ring->width)
                memset(mask + i * sample_bytes, 0xff, sample_bytes);
        }
    }
    return HP_OK;
}

/* The place in a period, of coordinates in the padding, too. */
static unsigned place_in(int32_t at, unsigned period)
{
    return (unsigned)(at + (int32_t)(HP_CFA_MOST * period)) % period;
}

/* Offsets of one of the sets of a row, and where in the row from column x on it holds. */
static const void *place_set(const hp_ring_sets *sets, const hp_ring *ring, const hp_plane *plane, unsigned row,
                             int32_t x, unsigned set, ptrdiff_t offsets[HP_RING])
{
    hp_ring_offsets(ring, sets->phase[row][set], plane->stride, offsets);
    return (const char *)sets->mask[row][set] + place_in(x, ring->width) * plane->sample_bytes;
}

/* One or two sets at once, the others over them. */
void hp_ring_sets_apply(const hp_ring_sets *sets, const hp_ring *ring, const hp_sample_kernels *kernels,
                        const hp_plane *plane, int32_t y, int32_t x, size_t count, void *e, void *q)
{
    const void *first = hp_plane_sample(plane, y, x);
    unsigned row = place_in(y, ring->height), all = sets->count[row];
    ptrdiff_t a[HP_RING], b[HP_RING];
    place_set(sets, ring, plane, row, x, 0, a);
    if (all == 1)
        kernels->ring(first, a, count, e, q);
    else
        kernels->ring_of_two(first, a, b, place_set(sets, ring, plane, row, x, 1, b), count, e, q);
    for (unsigned set = 2; set < all; set++) {
        uint16_t some_e[HP_CHUNK], some_q[HP_CHUNK];
        const void *mask = place_set(sets, ring, plane, row, x, set, a);
        kernels->ring(first, a, count, some_e, some_q);
        kernels->pick(some_e, mask, count, e);
        kernels->pick(some_q, mask, count, q);
    }
}

void hp_ring_sets_free(hp_ring_sets *sets)
{
    free(sets->memory);
    *sets = (hp_ring_sets){0};
}

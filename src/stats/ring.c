#include "stats/ring.h"

#include "base/error.h"

#include <stdlib.h>

enum { SEARCH = 4 }; /* px each way in which same-coloured neighbours are looked for */

#define WIDE 1.5 /* times the least mean squared distance of any phase */

typedef struct neighbour {
    int dx, dy;
} neighbour;

static int distance2(const neighbour *n)
{
    return n->dx * n->dx + n->dy * n->dy;
}

/* Nearest first; among equals in row order, so that the choice is fixed. */
static int compare(const void *a, const void *b)
{
    const neighbour *first = a, *second = b;
    int order = distance2(first) - distance2(second);
    order = order ? order : first->dy - second->dy;
    return order ? order : first->dx - second->dx;
}

static int colour_at(const hp_cfa *cfa, int x, int y)
{
    return cfa->colour[(y + 2 * HP_CFA_MOST * cfa->height) % cfa->height * cfa->width +
                       (x + 2 * HP_CFA_MOST * cfa->width) % cfa->width];
}

static size_t same_coloured(const hp_cfa *cfa, int x, int y, neighbour *found)
{
    size_t count = 0;
    for (int dy = -SEARCH; dy <= SEARCH; dy++)
        for (int dx = -SEARCH; dx <= SEARCH; dx++)
            if ((dx || dy) && colour_at(cfa, x + dx, y + dy) == colour_at(cfa, x, y))
                found[count++] = (neighbour){dx, dy};
    qsort(found, count, sizeof *found, compare);
    return count;
}

static void set_neighbour(hp_ring *ring, unsigned phase, unsigned k, int dx, int dy)
{
    ring->dx[phase][k] = (int8_t)dx;
    ring->dy[phase][k] = (int8_t)dy;
    uint32_t reach = (uint32_t)(abs(dx) > abs(dy) ? abs(dx) : abs(dy));
    if (reach > ring->reach)
        ring->reach = reach;
}

static void set_square(hp_ring *ring, int distance)
{
    unsigned k = 0;
    for (int dy = -distance; dy <= distance; dy += distance)
        for (int dx = -distance; dx <= distance; dx += distance)
            if (dx || dy)
                set_neighbour(ring, 0, k++, dx, dy);
}

/* Sum of the squared distances. Bayer: 24 of green, 48 of the others; X-Trans: 24 or 28, and 60. */
static int extent_of(const hp_ring *ring, unsigned phase)
{
    int sum = 0;
    for (unsigned k = 0; k < HP_RING; k++)
        sum += distance2(&(neighbour){ring->dx[phase][k], ring->dy[phase][k]});
    return sum;
}

static void tell_wide(hp_ring *ring)
{
    unsigned phases = ring->width * ring->height;
    int least = extent_of(ring, 0);
    for (unsigned phase = 1; phase < phases; phase++)
        least = extent_of(ring, phase) < least ? extent_of(ring, phase) : least;
    for (unsigned phase = 0; phase < phases; phase++)
        ring->is_wide[phase] = extent_of(ring, phase) > WIDE * least;
}

static uint32_t round_up(uint32_t value, uint32_t multiple)
{
    return (value + multiple - 1) / multiple * multiple;
}

static uint32_t common_period(const hp_ring *ring)
{
    uint32_t period = ring->width;
    while (period % ring->height != 0)
        period += ring->width;
    return period;
}

/* The step keeps the colour, so it is a multiple of both periods; twice the reach, so that no ring meets its own
 * centre. */
static uint32_t edge_step(const hp_ring *ring)
{
    return round_up(2 * ring->reach, common_period(ring));
}

int hp_ring_of(const hp_photo_info *info, hp_ring *ring, hp_error *err)
{
    const hp_cfa *cfa = &info->cfa;
    *ring = (hp_ring){.width = cfa->width, .height = cfa->height};
    if (cfa->width == 1 && cfa->height == 1) {
        set_square(ring, hp_photo_is_developed(info) ? 2 : 1);
    }
    for (unsigned phase = 0; phase < (unsigned)cfa->width * cfa->height && cfa->width * cfa->height > 1; phase++) {
        neighbour found[(2 * SEARCH + 1) * (2 * SEARCH + 1)];
        if (same_coloured(cfa, (int)(phase % cfa->width), (int)(phase / cfa->width), found) < HP_RING)
            return hp_fail(err, HP_E_UNSUPPORTED, "its CFA has a colour with fewer than %d others within %d px",
                           HP_RING, SEARCH);
        for (unsigned k = 0; k < HP_RING; k++)
            set_neighbour(ring, phase, k, found[k].dx, found[k].dy);
    }
    tell_wide(ring);
    ring->step = edge_step(ring);
    return HP_OK;
}

void hp_ring_offsets(const hp_ring *ring, unsigned phase, size_t stride, ptrdiff_t offsets[HP_RING])
{
    for (unsigned k = 0; k < HP_RING; k++)
        offsets[k] = ring->dy[phase][k] * (ptrdiff_t)stride + ring->dx[phase][k];
}

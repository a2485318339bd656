#include "detect/look.h"

#include <math.h>

/* px around a developed defect in which it may show: its smear, and the sharpening of that */
enum { SPARED_LEAST = 4 };

typedef struct place {
    uint32_t x, y;
} place;

static bool is_line(const hp_defect *d)
{
    return d->shape == HP_SHAPE_COLUMN || d->shape == HP_SHAPE_ROW;
}

/* A pixel is one place; a line shows the same all along, and many places show it above the noise of one. */
static size_t places_of(const hp_defect *d, place places[HP_PLACES_MOST])
{
    bool upright = d->shape == HP_SHAPE_COLUMN;
    uint32_t length = upright ? d->box.height : d->box.width;
    size_t count = is_line(d) && length < HP_PLACES_MOST ? length : HP_PLACES_MOST;
    places[0] = (place){d->x, d->y};
    if (!is_line(d))
        return 1;
    for (size_t i = 0; i < count; i++) {
        uint32_t along = (uint32_t)((2 * i + 1) * length / (2 * count));
        places[i] = upright ? (place){d->x, d->box.y + along} : (place){d->box.x + along, d->y};
    }
    return count;
}

static uint32_t most(uint32_t a, uint32_t b)
{
    return a > b ? a : b;
}

/* How far the defect's box reaches from it, a line's to its sides: what is outside tells the noise. */
static uint32_t spared_of(const hp_defect *d, const hp_photo_info *info)
{
    uint32_t across = most(d->x - d->box.x, d->box.x + d->box.width - 1 - d->x),
             along = most(d->y - d->box.y, d->box.y + d->box.height - 1 - d->y);
    uint32_t reach = d->shape == HP_SHAPE_COLUMN ? across : d->shape == HP_SHAPE_ROW ? along : most(across, along);
    if (hp_photo_is_developed(info))
        reach = most(reach, SPARED_LEAST);
    return reach < HP_TRACE_REACH - 1 ? reach : HP_TRACE_REACH - 1;
}

/* The mean of several; the noise of a mean falls with the square root of their number. */
static hp_sight mean_of(const hp_sight *sights, size_t count)
{
    hp_sight mean = sights[0];
    float residual = 0, level = 0, noise = 0, by = 1 / (float)count;
    for (size_t i = 0; i < count; i++) {
        residual += sights[i].residual * by;
        level += sights[i].level * by;
        noise += sights[i].noise * sights[i].noise * by * by;
    }
    mean.residual = residual;
    mean.level = level;
    mean.noise = sqrtf(noise);
    return mean;
}

size_t hp_defect_rows(const hp_defect *defect, const hp_ring *ring, uint32_t height, hp_rows *rows)
{
    place places[HP_PLACES_MOST];
    size_t count = places_of(defect, places);
    for (size_t i = 0; i < count; i++)
        rows[i] = hp_sight_rows(ring, places[i].y, height);
    return count;
}

hp_sight hp_defect_look(const hp_defect *defect, const hp_plane *plane, const hp_photo_info *info, const hp_ring *ring)
{
    hp_sight sights[HP_PLACES_MOST] = {{0}};
    place places[HP_PLACES_MOST];
    size_t count = places_of(defect, places);
    for (size_t k = 0; k < count; k++)
        sights[k] = hp_sight_take(plane, info, ring, places[k].x, places[k].y, spared_of(defect, info));
    return mean_of(sights, count);
}

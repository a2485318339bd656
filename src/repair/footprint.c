#include "repair/footprint.h"

enum { REACH = 2 }; /* px: gradient-corrected demosaicing uses samples that far away, most others no further */

/* Shares of the worst fault: wide enough for real cameras' sharpening, whose halo camsim's does not reach. */
#define AT_CORNER 0.3f /* of the box, which demosaicing reaches with its smallest weights, if at all */
#define IN_HALO 0.15f  /* sharpening, beside the box */
#define FAR_HALO 0.08f /* one sample further */

static void widen(uint32_t *start, uint32_t *length, uint32_t centre, uint32_t limit)
{
    uint32_t low = centre > REACH ? centre - REACH : 0, high = limit - centre > REACH ? centre + REACH + 1 : limit;
    uint32_t end = *start + *length;
    *start = *start < low ? *start : low;
    *length = (end > high ? end : high) - *start;
}

hp_box hp_footprint(const hp_list *list, const hp_defect *defect)
{
    hp_box box = defect->box;
    if (!hp_defect_is_smeared(list, defect))
        return box;
    widen(&box.x, &box.width, defect->x, list->camera.width);
    widen(&box.y, &box.height, defect->y, list->camera.height);
    return box;
}

hp_box hp_footprint_in_samples(hp_box p, hp_sampling s)
{
    uint32_t x = p.x / s.step_x, y = p.y / s.step_y;
    return (hp_box){x, y, (p.x + p.width - 1) / s.step_x - x + 1, (p.y + p.height - 1) / s.step_y - y + 1};
}

/* From `at` to the nearest of `length` from `start` on; 0 within. */
static uint32_t distance(uint32_t at, uint32_t start, uint32_t length)
{
    if (at < start)
        return start - at;
    return at < start + length ? 0 : at - (start + length) + 1;
}

/* Whether a sample lies in the rhombus between the middles of the box's sides, which the smear of one pixel is. */
static bool is_in_rhombus(const hp_box *box, const hp_defect *d, hp_sampling s, uint32_t x, uint32_t y)
{
    uint32_t away_x = distance(d->x, x * s.step_x, s.step_x), away_y = distance(d->y, y * s.step_y, s.step_y);
    uint32_t reach_x = x * s.step_x < d->x ? d->x - box->x : box->x + box->width - 1 - d->x;
    uint32_t reach_y = y * s.step_y < d->y ? d->y - box->y : box->y + box->height - 1 - d->y;
    reach_x = reach_x < REACH ? REACH : reach_x;
    reach_y = reach_y < REACH ? REACH : reach_y;
    return away_x * reach_y + away_y * reach_x <= reach_x * reach_y;
}

float hp_footprint_spread(const hp_list *list, const hp_defect *defect, hp_sampling sampling, uint32_t x, uint32_t y)
{
    const hp_box pixels = hp_footprint(list, defect), box = hp_footprint_in_samples(pixels, sampling);
    uint32_t away_x = distance(x, box.x, box.width), away_y = distance(y, box.y, box.height);
    uint32_t away = away_x > away_y ? away_x : away_y;
    bool smeared = hp_defect_is_smeared(list, defect);
    if (away > 0)
        return !smeared || away > HP_FOOTPRINT_HALO ? 0 : away == 1 ? IN_HALO : FAR_HALO;
    return !smeared || is_in_rhombus(&pixels, defect, sampling, x, y) ? 1 : AT_CORNER;
}

void hp_footprint_near(const hp_list *list, uint32_t top, uint32_t bottom, size_t *first, size_t *end)
{
    enum { FAR = HP_FOOTPRINT_MOST + 4 * HP_FOOTPRINT_HALO }; /* the halo in px, of samples of 4 px at most */
    *first = hp_list_find(list, 0, top > FAR ? top - FAR : 0);
    *end = hp_list_find(list, 0, bottom + FAR);
}

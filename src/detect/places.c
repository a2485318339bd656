#include "detect/places.h"

#include "base/error.h"
#include "base/memory.h"
#include "detect/random.h"

#include <math.h>
#include <stdlib.h>

enum {
    CELL = 2 * HP_PLANT_APART, /* px: one place in each, half a cell from the next at least */
    MARGIN = HP_PLANT_APART / 2,
    MOST_A_STEP = 40,
    LEAST_A_STEP = 4,
    PIXELS_A_PLACE = 8000, /* so few that thresholds are as without them */
};

/* In units of the photos' noise. */
static const double hot_steps[] = {0.35, 0.5, 0.7, 1, 1.4, 2, 2.8, 4, 5.6, 8, 11, 16, 32};
static const double weak_steps[] = {0.95, 0.9, 0.85, 0.8, 0.7, 0.6, 0.5, 0.3};
static const double stuck_steps[] = {0.1, 0.5, 0.95};

enum {
    HOT = sizeof hot_steps / sizeof *hot_steps,
    WEAK = sizeof weak_steps / sizeof *weak_steps,
    STUCK = sizeof stuck_steps / sizeof *stuck_steps,
};

/* Samples of 8 bits are steps of 1 DN; a half would be none. */
static double round_strength(double dn, unsigned bits)
{
    double unit = bits <= 8 ? 2 : 1;
    return fmax(round(dn * unit) / unit, 1 / unit);
}

int hp_places_steps(double sigma, unsigned bits, hp_selftest_step **steps, size_t *count, hp_error *err)
{
    *count = 0;
    hp_selftest_step *made = *steps = hp_calloc(HOT + WEAK + STUCK + 1, sizeof **steps, err);
    if (!made)
        return HP_E_MEMORY;
    for (size_t i = 0; i < HOT; i++) {
        double dn = round_strength(hot_steps[i] * sigma, bits);
        if (*count == 0 || dn > made[*count - 1].strength)
            made[(*count)++] = (hp_selftest_step){.kind = HP_HOT, .strength = dn};
    }
    for (size_t i = 0; i < WEAK; i++)
        made[(*count)++] = (hp_selftest_step){.kind = HP_WEAK, .strength = weak_steps[i]};
    made[(*count)++] = (hp_selftest_step){.kind = HP_DEAD};
    for (size_t i = 0; i < STUCK; i++)
        made[(*count)++] = (hp_selftest_step){.kind = HP_STUCK, .strength = stuck_steps[i]};
    return HP_OK;
}

/* ---- places ---- */

static uint64_t draw(uint64_t *state, uint64_t below)
{
    return hp_random_next(state) % below;
}

static bool is_near(const hp_box *box, uint32_t x, uint32_t y)
{
    return x + HP_PLANT_APART >= box->x && x < box->x + box->width + HP_PLANT_APART && y + HP_PLANT_APART >= box->y &&
           y < box->y + box->height + HP_PLANT_APART;
}

static bool is_free(const hp_list *list, uint32_t x, uint32_t y)
{
    for (size_t i = 0; i < list->defect_count; i++)
        if (is_near(&list->defects[i].box, x, y))
            return false;
    return true;
}

/* A random order of all cells (Fisher and Yates). */
static uint32_t *shuffle(size_t cells, uint64_t *state, hp_error *err)
{
    uint32_t *order = hp_calloc(cells, sizeof *order, err);
    for (size_t i = 0; order && i < cells; i++) {
        size_t k = (size_t)draw(state, i + 1);
        order[i] = order[k];
        order[k] = (uint32_t)i;
    }
    return order;
}

/* Steps take the cells in turn, so that each has its share of every part of the frame. */
static void fill(const hp_list *list, const uint32_t *order, size_t cells, hp_selftest_step *steps, size_t count,
                 size_t wanted, uint64_t *state, hp_planting *planting)
{
    uint32_t columns = list->camera.width / CELL;
    for (size_t i = 0; i < cells && planting->count < wanted; i++) {
        uint32_t x = order[i] % columns * CELL + MARGIN + (uint32_t)draw(state, HP_PLANT_APART);
        uint32_t y = order[i] / columns * CELL + MARGIN + (uint32_t)draw(state, HP_PLANT_APART);
        if (!is_free(list, x, y))
            continue;
        size_t step = planting->count % count;
        planting->items[planting->count++] =
            (hp_plant){.x = x, .y = y, .kind = steps[step].kind, .strength = steps[step].strength, .step = step};
        steps[step].planted++;
    }
}

int hp_places_spread(const hp_list *list, hp_selftest_step *steps, size_t count, hp_planting *planting, hp_error *err)
{
    uint32_t columns = list->camera.width / CELL, rows = list->camera.height / CELL;
    size_t cells = (size_t)columns * rows, pixels = (size_t)list->camera.width * list->camera.height;
    size_t each = pixels / PIXELS_A_PLACE / count;
    uint64_t state = 1;
    each = each > MOST_A_STEP ? MOST_A_STEP : each < LEAST_A_STEP ? LEAST_A_STEP : each;
    *planting = (hp_planting){0};
    if (cells < count)
        return hp_fail(err, HP_E_UNSUPPORTED, "photos of %u x %u px are too small to plant bad pixels in",
                       list->camera.width, list->camera.height);
    uint32_t *order = shuffle(cells, &state, err);
    planting->items = hp_calloc(each * count, sizeof *planting->items, err);
    int code = order && planting->items ? HP_OK : HP_E_MEMORY;
    if (!code)
        fill(list, order, cells, steps, count, each * count, &state, planting);
    free(order);
    if (!code && planting->count == 0)
        code = hp_fail(err, HP_E_UNSUPPORTED, "bad pixels of their own leave no place to plant others in");
    return code;
}

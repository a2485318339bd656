#include "detect/stamps.h"

#include "base/memory.h"
#include "detect/pixel.h"

#include <math.h>
#include <stdlib.h>

enum {
    CELL = 16, /* px: what is near is told by cells */
    STROKES_REACH = 2,
    OVERLAY_REACH = 1,
    STAMP_REACH = 1,
    LEAST_STROKES = 2, /* where nothing else tells of a stamp */
};

/*
 * S from which on a peak like a stroke is one: of 851 planted pixels with 2.5 and more none was like it, of 370
 * with 1.5 to 2.5 one in 25, of those of stamps 9 in 10.
 */
#define STROKE_LEAST 1.5f

typedef struct grid {
    uint32_t columns, rows;
    uint32_t *strokes; /* peaks of each cell that are like one */
    bool *overlay;     /* cells with a mark of an overlay */
    bool *stamp;
} grid;

static size_t cell_of(const grid *g, const hp_peak *peak)
{
    return (size_t)(peak->y / CELL) * g->columns + peak->x / CELL;
}

/* The cells at most `reach` away from that of a peak: rows and columns first to end - 1. */
typedef struct cells {
    uint32_t top, bottom, left, right;
} cells;

static cells cells_around(const grid *g, const hp_peak *peak, uint32_t reach)
{
    uint32_t row = peak->y / CELL, column = peak->x / CELL;
    return (cells){.top = row > reach ? row - reach : 0,
                   .bottom = row + reach + 1 < g->rows ? row + reach + 1 : g->rows,
                   .left = column > reach ? column - reach : 0,
                   .right = column + reach + 1 < g->columns ? column + reach + 1 : g->columns};
}

static bool any_around(const grid *g, const bool *flags, const hp_peak *peak, uint32_t reach)
{
    cells c = cells_around(g, peak, reach);
    for (uint32_t row = c.top; row < c.bottom; row++)
        for (uint32_t column = c.left; column < c.right; column++)
            if (flags[(size_t)row * g->columns + column])
                return true;
    return false;
}

static uint32_t strokes_around(const grid *g, const hp_peak *peak)
{
    cells c = cells_around(g, peak, STROKES_REACH);
    uint32_t sum = 0;
    for (uint32_t row = c.top; row < c.bottom; row++)
        for (uint32_t column = c.left; column < c.right; column++)
            sum += g->strokes[(size_t)row * g->columns + column];
    return sum;
}

static bool is_strong(const hp_peak *peak)
{
    return fabsf(peak->score) >= STROKE_LEAST;
}

/* One stroke alone may be a pixel with noise beside it. */
static bool is_of_stamp(const grid *g, const hp_peak *peak)
{
    return any_around(g, g->overlay, peak, OVERLAY_REACH) ||
           (is_strong(peak) && strokes_around(g, peak) >= LEAST_STROKES);
}

/* Returns whether there is a stamp. */
static bool find(const hp_peaks *peaks, const bool *like, const grid *g)
{
    bool found = false;
    for (size_t i = 0; i < peaks->count; i++)
        g->strokes[cell_of(g, &peaks->items[i])] += like[i] && is_strong(&peaks->items[i]);
    for (size_t i = 0; i < peaks->count; i++)
        if (like[i] && is_of_stamp(g, &peaks->items[i]))
            found = g->stamp[cell_of(g, &peaks->items[i])] = true;
    return found;
}

static size_t keep_others(const grid *g, hp_peak *items, size_t count)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++)
        if (!any_around(g, g->stamp, &items[i], STAMP_REACH))
            items[kept++] = items[i];
    return kept;
}

int hp_stamps_drop(const hp_residual *residual, const hp_marks *marks, hp_peaks *peaks, size_t *areas, hp_error *err)
{
    const hp_camera *camera = &residual->base.shape.camera;
    grid g = {.columns = camera->width / CELL + 1, .rows = camera->height / CELL + 1};
    size_t count = (size_t)g.columns * g.rows;
    if (!hp_photo_is_developed(&residual->base.shape))
        return HP_OK;
    bool *flags = hp_calloc(2 * count + peaks->count, sizeof *flags, err);
    g.strokes = hp_calloc(count, sizeof *g.strokes, err);
    int code = flags && g.strokes ? HP_OK : HP_E_MEMORY;
    if (!code) {
        g.overlay = flags;
        g.stamp = flags + count;
        bool *like = flags + 2 * count;
        for (size_t i = 0; i < marks->count; i++)
            if (marks->items[i].overlay)
                g.overlay[(size_t)(marks->items[i].y / CELL) * g.columns + marks->items[i].x / CELL] = true;
        for (size_t i = 0; i < peaks->count; i++)
            like[i] = hp_pixel_is_stroke(residual, peaks->items[i].x, peaks->items[i].y);
        if (find(peaks, like, &g)) {
            peaks->count = keep_others(&g, peaks->items, peaks->count);
            peaks->soft_count = keep_others(&g, peaks->soft, peaks->soft_count);
            *areas += *areas == 0;
        }
    }
    free(flags);
    free(g.strokes);
    return code;
}

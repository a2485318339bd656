#include "detect/peaks.h"

#include "base/memory.h"
#include "detect/gap.h"
#include "detect/pixel.h"

#include <math.h>
#include <stdlib.h>

enum {
    GHOST_NEAR = 3,  /* px: always a ghost */
    GHOST_BLOCK = 8, /* when below a half of the stronger one's residual */
    GHOST_MCU = 16,  /* when below a quarter */
    BOX_REACH = 6,
    BOX_SIDE = 2 * BOX_REACH + 1,
};

#define BOX_SHARE 0.15 /* of the peak's mean residual */

static int compare_strength(const void *a, const void *b)
{
    const hp_peak *first = a, *second = b;
    float one = fabsf(first->score), two = fabsf(second->score);
    if (one != two)
        return one > two ? -1 : 1;
    if (first->y != second->y)
        return first->y < second->y ? -1 : 1;
    return (first->x > second->x) - (first->x < second->x);
}

/* Where a bad pixel has spread only its middle counts; in a sensor's own samples each stands for itself. */
static int collect(const hp_residual *residual, const hp_marks *marks, float least, hp_peaks *peaks, hp_error *err)
{
    bool spread = hp_photo_is_developed(&residual->base.shape);
    size_t capacity = 0;
    for (size_t i = 0; i < marks->count; i++) {
        const hp_mark *mark = &marks->items[i];
        if (mark->overlay || mark->in_line || !(fabsf(mark->score) > least) || (spread && !hp_marks_is_peak(marks, i)))
            continue;
        if (hp_grow((void **)&peaks->items, &capacity, peaks->count + 1, sizeof *peaks->items, err))
            return HP_E_MEMORY;
        peaks->items[peaks->count++] =
            (hp_peak){mark->x, mark->y, mark->score, hp_pixel_residual(residual, mark->x, mark->y)};
    }
    if (peaks->count)
        qsort(peaks->items, peaks->count, sizeof *peaks->items, compare_strength);
    return HP_OK;
}

static bool is_ghost_of(const hp_peak *weak, const hp_peak *strong)
{
    uint32_t dx = hp_gap(weak->x, strong->x), dy = hp_gap(weak->y, strong->y);
    uint32_t distance = dx > dy ? dx : dy;
    double share = fabs(weak->residual) / fabs(strong->residual);
    return distance <= GHOST_NEAR || (distance <= GHOST_BLOCK && share < 0.5) ||
           (distance <= GHOST_MCU && share < 0.25);
}

/* The peaks kept so far, found by cells of one MCU: a ghost's origin lies in one of nine. */
typedef struct cells {
    size_t *head; /* index + 1 of the last kept peak of a cell */
    size_t *next; /* of each peak, the one kept before it in its cell */
    uint32_t columns, rows;
} cells;

static bool is_ghost(const cells *kept, const hp_peak *peaks, const hp_peak *peak)
{
    uint32_t column = peak->x / GHOST_MCU, row = peak->y / GHOST_MCU;
    for (uint32_t r = row ? row - 1 : 0; r <= row + 1 && r < kept->rows; r++)
        for (uint32_t c = column ? column - 1 : 0; c <= column + 1 && c < kept->columns; c++)
            for (size_t i = kept->head[(size_t)r * kept->columns + c]; i; i = kept->next[i - 1])
                if (is_ghost_of(peak, &peaks[i - 1]))
                    return true;
    return false;
}

static int drop_ghosts(const hp_camera *camera, hp_peaks *peaks, hp_error *err)
{
    cells kept = {.columns = camera->width / GHOST_MCU + 1, .rows = camera->height / GHOST_MCU + 1};
    kept.head = hp_calloc((size_t)kept.columns * kept.rows, sizeof *kept.head, err);
    kept.next = hp_calloc(peaks->count, sizeof *kept.next, err);
    int code = kept.head && kept.next ? HP_OK : HP_E_MEMORY;
    size_t count = 0;
    for (size_t i = 0; !code && i < peaks->count; i++) {
        if (is_ghost(&kept, peaks->items, &peaks->items[i]))
            continue;
        hp_peak peak = peaks->items[count] = peaks->items[i];
        size_t *head = &kept.head[(size_t)(peak.y / GHOST_MCU) * kept.columns + peak.x / GHOST_MCU];
        kept.next[count++] = *head;
        *head = count;
    }
    if (!code)
        peaks->count = count;
    free(kept.head);
    free(kept.next);
    return code;
}

static int set_wide_apart(const hp_residual *residual, hp_peaks *peaks, hp_error *err)
{
    size_t count = 0;
    peaks->soft = hp_calloc(peaks->count, sizeof *peaks->soft, err);
    if (!peaks->soft)
        return HP_E_MEMORY;
    for (size_t i = 0; i < peaks->count; i++)
        if (hp_pixel_is_wide(residual, peaks->items[i].x, peaks->items[i].y, (double)peaks->items[i].score))
            peaks->soft[peaks->soft_count++] = peaks->items[i];
        else if (!hp_pixel_is_corner(residual, peaks->items[i].x, peaks->items[i].y))
            peaks->items[count++] = peaks->items[i];
    peaks->count = count;
    return HP_OK;
}

int hp_peaks_find(const hp_residual *residual, const hp_marks *marks, float least, hp_peaks *peaks, hp_error *err)
{
    *peaks = (hp_peaks){0};
    int code = collect(residual, marks, least, peaks, err);
    if (!code && hp_photo_is_developed(&residual->base.shape))
        code = drop_ghosts(&residual->base.shape.camera, peaks, err);
    if (!code)
        code = set_wide_apart(residual, peaks, err);
    if (code)
        hp_peaks_free(peaks);
    return code;
}

void hp_peaks_free(hp_peaks *peaks)
{
    free(peaks->items);
    free(peaks->soft);
    *peaks = (hp_peaks){0};
}

static bool belongs(const hp_residual *residual, const hp_mark *mark, const hp_peak *peak)
{
    double own = hp_pixel_residual(residual, mark->x, mark->y);
    return (own > 0) == (peak->residual > 0) && fabs(own) >= BOX_SHARE * fabs(peak->residual);
}

/* The marks around a peak that may belong to it; [BOX_REACH][BOX_REACH] is the peak. */
static void candidates(const hp_residual *residual, const hp_marks *marks, const hp_peak *peak,
                       bool near[BOX_SIDE][BOX_SIDE])
{
    uint32_t left = peak->x > BOX_REACH ? peak->x - BOX_REACH : 0, top = peak->y > BOX_REACH ? peak->y - BOX_REACH : 0;
    for (uint32_t y = top; y <= peak->y + BOX_REACH && y < marks->height; y++)
        for (size_t i = hp_marks_from(marks, left, y); i < marks->row_start[y + 1]; i++) {
            const hp_mark *mark = &marks->items[i];
            if (mark->x > peak->x + BOX_REACH)
                break;
            near[y + BOX_REACH - peak->y][mark->x + BOX_REACH - peak->x] = belongs(residual, mark, peak);
        }
    near[BOX_REACH][BOX_REACH] = true;
}

/* Spreads from the peak to all candidates connected with it. */
static void connect(bool near[BOX_SIDE][BOX_SIDE], bool joined[BOX_SIDE][BOX_SIDE])
{
    joined[BOX_REACH][BOX_REACH] = true;
    for (bool changed = true; changed;) {
        changed = false;
        for (int y = 0; y < BOX_SIDE; y++)
            for (int x = 0; x < BOX_SIDE; x++) {
                if (!near[y][x] || joined[y][x])
                    continue;
                for (int k = 0; k < 9 && !joined[y][x]; k++) {
                    int ny = y + k / 3 - 1, nx = x + k % 3 - 1;
                    joined[y][x] = ny >= 0 && nx >= 0 && ny < BOX_SIDE && nx < BOX_SIDE && joined[ny][nx];
                }
                changed |= joined[y][x];
            }
    }
}

hp_box hp_peak_box(const hp_residual *residual, const hp_marks *marks, const hp_peak *peak)
{
    bool near[BOX_SIDE][BOX_SIDE] = {{false}}, joined[BOX_SIDE][BOX_SIDE] = {{false}};
    candidates(residual, marks, peak, near);
    connect(near, joined);
    uint32_t left = BOX_REACH, right = BOX_REACH, top = BOX_REACH, bottom = BOX_REACH;
    for (uint32_t y = 0; y < BOX_SIDE; y++)
        for (uint32_t x = 0; x < BOX_SIDE; x++) {
            if (!joined[y][x])
                continue;
            left = x < left ? x : left;
            right = x > right ? x : right;
            top = y < top ? y : top;
            bottom = y > bottom ? y : bottom;
        }
    return (hp_box){peak->x + left - BOX_REACH, peak->y + top - BOX_REACH, right - left + 1, bottom - top + 1};
}

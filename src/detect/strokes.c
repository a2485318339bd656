/* hp_lines_take_marks: which lines are strokes of a date stamp, and which marks are the others'. */
#include "detect/gap.h"
#include "detect/lines.h"
#include "detect/pixel.h"

#include <math.h>

enum {
    STAMP_REACH = 12,  /* px beside a line that are empty, unless it is a stroke of a larger thing */
    STAMP_DIVISOR = 8, /* more marks there than length / this: a stamp */
};

#define FAR_WORSE 3.0

/* Calls take for the marks at most `reach` px across from a line, along all of it. */
static size_t each_mark(const hp_line *line, uint32_t reach, hp_marks *marks,
                        size_t (*take)(const hp_maps *maps, const hp_line *line, hp_mark *mark), const hp_maps *maps)
{
    uint32_t low = line->at > reach ? line->at - reach : 0, high = line->at + reach;
    uint32_t left = line->is_row ? line->start : low, right = line->is_row ? line->end - 1 : high;
    uint32_t top = line->is_row ? low : line->start, bottom = line->is_row ? high : line->end - 1;
    size_t taken = 0;
    for (uint32_t y = top; y <= bottom && y < marks->height; y++)
        for (size_t i = hp_marks_from(marks, left, y); i < marks->row_start[y + 1] && marks->items[i].x <= right; i++)
            taken += take(maps, line, &marks->items[i]);
    return taken;
}

static uint32_t distance(const hp_line *line, const hp_mark *mark)
{
    return hp_gap(line->is_row ? mark->y : mark->x, line->at);
}

static size_t count_beside(const hp_maps *maps, const hp_line *line, hp_mark *mark)
{
    (void)maps;
    return distance(line, mark) > HP_LINE_NEAR && !mark->in_line;
}

static size_t flag(const hp_maps *maps, const hp_line *line, hp_mark *mark)
{
    bool far_worse =
        fabs(hp_pixel_residual(maps->residual, mark->x, mark->y)) > FAR_WORSE * fabs((double)line->residual);
    mark->in_line |= !far_worse;
    return !far_worse;
}

/* A bad column that is so in part mostly ends at the frame's edge, where it is read out. */
static bool is_inside(const hp_maps *maps, const hp_line *line)
{
    return line->start > 0 && line->end < (line->is_row ? maps->width : maps->height);
}

/* Strokes beside each other: each has the marks between them for its own, and none stands beside it. */
static bool has_twin(const hp_maps *maps, const hp_lines *lines, const hp_line *line)
{
    for (size_t i = 0; i < lines->count && is_inside(maps, line); i++) {
        const hp_line *other = &lines->items[i];
        uint32_t gap = hp_gap(other->at, line->at);
        if (gap > HP_LINE_NEAR && gap <= STAMP_REACH && hp_lines_overlap(other, line) && is_inside(maps, other))
            return true;
    }
    return false;
}

/* ---- borders ---- */

static void drop_those_along(const hp_maps *maps, hp_lines *lines)
{
    const hp_border *b = &maps->border;
    size_t kept = 0;
    for (size_t i = 0; i < lines->count; i++) {
        const hp_line *line = &lines->items[i];
        if (!(line->is_row ? hp_border_has(line->at, b->top, b->bottom, maps->height)
                           : hp_border_has(line->at, b->left, b->right, maps->width)))
            lines->items[kept++] = *line;
    }
    lines->count = kept;
}

static void take_marks_of_border(const hp_maps *maps, hp_marks *marks)
{
    const hp_border *b = &maps->border;
    for (size_t i = 0; i < marks->count; i++)
        marks->items[i].in_line |= hp_border_has(marks->items[i].x, b->left, b->right, maps->width) ||
                                   hp_border_has(marks->items[i].y, b->top, b->bottom, maps->height);
}

void hp_lines_take_marks(const hp_maps *maps, hp_lines *lines, hp_marks *marks)
{
    drop_those_along(maps, lines);
    size_t count = 0, all = lines->count;
    for (size_t i = 0; i < all; i++)
        each_mark(&lines->items[i], HP_LINE_NEAR, marks, flag, maps);
    for (size_t i = 0; i < all; i++) {
        hp_line *line = &lines->items[i];
        size_t beside = each_mark(line, STAMP_REACH, marks, count_beside, maps);
        line->is_stroke = beside * STAMP_DIVISOR > line->end - line->start || has_twin(maps, lines, line);
    }
    for (size_t i = 0; i < all; i++)
        if (!lines->items[i].is_stroke)
            lines->items[count++] = lines->items[i];
    lines->count = count;
    for (size_t i = 0; count < all && i < marks->count; i++)
        marks->items[i].in_line = false;
    for (size_t i = 0; count < all && i < count; i++)
        each_mark(&lines->items[i], HP_LINE_NEAR, marks, flag, maps);
    take_marks_of_border(maps, marks);
}

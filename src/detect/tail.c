#include "detect/tail.h"

#include <math.h>

enum {
    DEFECT_REACH = 8, /* px: the ghosts of a defect in its JPEG block */
    SIDE_RATIO = 4,   /* one sign is expected at most so many times as often as the other */
    PRIOR_MARKS = 50,
    BISECTIONS = 50,
};

#define LEAST 0.62 /* a little above HP_MARK_LEAST */
#define DEFECT 1.0f
#define SHAPE 1.5
#define PRIOR_SLOPE 16.0
#define LEAST_SCORE 0.7
#define MOST_SCORE 8.0

/*
 * ln(count) falls a little faster than linearly in S. Over 60 sets of 6 simulated sensors (RAW and JPEG, N = 5 to 100)
 * S^1.5 continued from all marks foresees 102 beyond 0.9 where 81 are, S 138, S^2 77.
 */
static double level(double score)
{
    return pow(score, SHAPE);
}

static bool is_at_edge(const hp_maps *maps, const hp_mark *mark)
{
    uint32_t reach = maps->residual->ring.reach;
    return mark->x < reach || mark->y < reach || mark->x >= maps->width - reach || mark->y >= maps->height - reach;
}

static bool is_near_defect(const hp_marks *marks, const hp_mark *mark)
{
    uint32_t left = mark->x > DEFECT_REACH ? mark->x - DEFECT_REACH : 0,
             top = mark->y > DEFECT_REACH ? mark->y - DEFECT_REACH : 0;
    for (uint32_t y = top; y <= mark->y + DEFECT_REACH && y < marks->height; y++)
        for (size_t i = hp_marks_from(marks, left, y); i < marks->row_start[y + 1]; i++) {
            if (marks->items[i].x > mark->x + DEFECT_REACH)
                break;
            if (fabsf(marks->items[i].score) > DEFECT)
                return true;
        }
    return false;
}

static bool belongs(const hp_maps *maps, const hp_marks *marks, size_t at)
{
    const hp_mark *mark = &marks->items[at];
    double score = (double)fabsf(mark->score);
    if (mark->overlay || mark->in_line || score <= LEAST || score > (double)DEFECT || is_at_edge(maps, mark))
        return false;
    return !hp_photo_is_developed(&maps->residual->base.shape) ||
           (hp_marks_is_peak(marks, at) && !is_near_defect(marks, mark));
}

hp_tail hp_tail_fit(const hp_maps *maps, const hp_marks *marks)
{
    hp_tail tail;
    double sums[2] = {0, 0}, counts[2] = {0, 0};
    for (size_t i = 0; i < marks->count; i++) {
        if (!belongs(maps, marks, i))
            continue;
        int side = marks->items[i].score > 0;
        counts[side]++;
        sums[side] += level((double)fabsf(marks->items[i].score)) - level(LEAST);
    }
    for (int side = 0; side < 2; side++) {
        tail.count[side] = counts[side] + 0.5;
        tail.slope[side] = (counts[side] + PRIOR_MARKS) / (sums[side] + PRIOR_MARKS / PRIOR_SLOPE);
    }
    return tail;
}

/*
 * A warm sensor has many faint hot pixels, a dirty one many weak: of one sign. What scenes leave is of both. So the
 * sign of which less is expected bounds the other.
 */
double hp_tail_expected(const hp_tail *tail, double score)
{
    double beyond = level(score) - level(LEAST);
    double dark = tail->count[0] * exp(-tail->slope[0] * beyond),
           light = tail->count[1] * exp(-tail->slope[1] * beyond);
    return dark < light ? dark + fmin(light, SIDE_RATIO * dark) : light + fmin(dark, SIDE_RATIO * light);
}

double hp_tail_score(const hp_tail *tail, double false_rate)
{
    double low = LEAST_SCORE, high = MOST_SCORE;
    for (int step = 0; step < BISECTIONS; step++) {
        double middle = (low + high) / 2;
        if (hp_tail_expected(tail, middle) > false_rate)
            low = middle;
        else
            high = middle;
    }
    return high;
}

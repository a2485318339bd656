#include "repair/samples.h"

#include "base/memory.h"
#include "repair/patch.h"

#include <math.h>
#include <stdlib.h>

enum {
    REACH = 8,       /* samples of one colour around a bad one */
    JOINT_REACH = 3, /* bad ones so near are found out together, those beyond say nothing */
    TIE_REACH = 4,   /* a good one so near tells something */
    SIDE = 2 * REACH + 1
};

#define LEVELS 16.  /* that the standard deviation around a pixel is stretched to: what a patch reckons in */
#define JOINT 0.99f /* share of the worst for the others: less than the one that is judged */
#define AWAY 200.f  /* levels that a bad one without a value is off by */

typedef enum standing { UNKNOWN, REACHED, KNOWN } standing;

typedef struct work {
    const hp_samples *samples;
    const hp_repair *repair;
    uint8_t *standing; /* of each defect: those that are known count as good ones */
    hp_patch patch;
    hp_patch_solver *solver;
    bool reached; /* the pixel in the patch's middle has good ones near it */
} work;

static bool is_bad(const work *w, int64_t x, int64_t y)
{
    const hp_list *list = w->repair->list;
    size_t i = hp_list_find(list, (uint32_t)x, (uint32_t)y);
    return i < list->defect_count && list->defects[i].x == x && list->defects[i].y == y && w->standing[i] != KNOWN;
}

static hp_cell cell_of(int i, int j, bool bad, double value)
{
    bool near = abs(i - REACH) <= JOINT_REACH && abs(j - REACH) <= JOINT_REACH;
    if (bad)
        return near ? HP_CELL_OPEN : HP_CELL_NONE;
    return isfinite(value) ? HP_CELL_GOOD : HP_CELL_NONE;
}

/* The samples of the same site of the CFA around a bad one, as a patch. */
static void load(work *w, const hp_defect *d, unsigned channel)
{
    const hp_camera *frame = &w->repair->info->camera;
    const hp_cfa *cfa = &w->repair->info->cfa;
    hp_patch *p = &w->patch;
    p->width = p->height = SIDE;
    p->block_count = 0;
    w->reached = false;
    for (int j = 0; j < SIDE; j++)
        for (int i = 0; i < SIDE; i++) {
            int at = hp_patch_at(i, j);
            int64_t x = (int64_t)d->x + (i - REACH) * cfa->width, y = (int64_t)d->y + (j - REACH) * cfa->height;
            bool inside = x >= 0 && y >= 0 && x < frame->width && y < frame->height;
            double value =
                inside ? w->samples->get(w->samples->context, (uint32_t)x, (uint32_t)y, channel) : (double)NAN;
            bool bad = inside && is_bad(w, x, y), near = abs(i - REACH) <= TIE_REACH && abs(j - REACH) <= TIE_REACH;
            p->spread[at] = !bad ? 0 : i == REACH && j == REACH ? 1 : JOINT;
            p->seen[at] = isfinite(value) ? (float)value : bad ? NAN : 0;
            p->cell[at] = (uint8_t)cell_of(i, j, bad, value);
            w->reached |= near && p->cell[at] == HP_CELL_GOOD;
        }
}

/* Shifts and stretches what is seen; any unit and any depth become alike. False without good samples. */
static bool normalise(hp_patch *p, double *mean, double *unit)
{
    double sum = 0, squares = 0;
    int count = 0;
    for (int pass = 0; pass < 2; pass++)
        for (int j = 0; j < SIDE; j++)
            for (int i = 0; i < SIDE; i++) {
                if (p->cell[hp_patch_at(i, j)] != HP_CELL_GOOD)
                    continue;
                double value = (double)p->seen[hp_patch_at(i, j)];
                sum += pass == 0 ? value : 0;
                count += pass == 0;
                squares += pass == 1 ? (value - sum / count) * (value - sum / count) : 0;
            }
    if (count == 0)
        return false;
    *mean = sum / count;
    *unit = squares > 0 ? sqrt(squares / count) / LEVELS : fabs(*mean) / 256 + 1e-6;
    for (int i = 0; i < SIDE * HP_PATCH_SIDE; i++)
        p->seen[i] = isnan(p->seen[i]) ? AWAY : (float)(((double)p->seen[i] - *mean) / *unit);
    return true;
}

/* Whether the sample is off; then *value is what it should be. */
static bool find_out(work *w, const hp_defect *d, unsigned channel, double *value)
{
    const hp_samples *s = w->samples;
    double mean, unit;
    load(w, d, channel);
    int middle = hp_patch_at(REACH, REACH);
    double before = (double)w->patch.seen[middle];
    if (!w->reached || !normalise(&w->patch, &mean, &unit) || !hp_patch_solve(w->solver, &w->patch))
        return false;
    *value = mean + unit * (double)w->patch.found[middle];
    *value = s->whole ? rint(*value) : *value;
    *value = fmin(fmax(*value, s->low), s->high);
    return *value != before; /* as one without a value is */
}

/* Finds out those that good ones are near, and returns how many; values: NaN where nothing is to be set. */
static size_t find_values(work *w, double *values)
{
    const hp_list *list = w->repair->list;
    const unsigned channels = w->samples->channels;
    size_t count = 0;
    for (size_t i = 0; i < list->defect_count; i++) {
        bool reached = false;
        for (unsigned c = 0; c < channels; c++) {
            double *value = &values[i * channels + c];
            if (w->standing[i] == KNOWN || !find_out(w, &list->defects[i], c, value))
                *value = (double)NAN;
            reached |= w->standing[i] != KNOWN && w->reached;
        }
        count += reached;
        if (reached)
            w->standing[i] = REACHED;
    }
    return count;
}

/* Returns how many pixels changed. */
static size_t set_values(work *w, const double *values)
{
    const hp_list *list = w->repair->list;
    const hp_samples *samples = w->samples;
    size_t count = 0;
    for (size_t i = 0; i < list->defect_count; i++) {
        bool changed = false;
        for (unsigned c = 0; c < samples->channels; c++) {
            double value = values[i * samples->channels + c];
            if (!isfinite(value))
                continue;
            samples->set(samples->context, list->defects[i].x, list->defects[i].y, c, value);
            changed = true;
        }
        count += changed;
        if (w->standing[i] == REACHED)
            w->standing[i] = KNOWN;
    }
    return count;
}

/* Where bad pixels stand thick the outer ones come first, and are good ones for those behind them. */
int hp_samples_repair(const hp_samples *samples, hp_repair *repair, hp_error *err)
{
    const hp_list *list = repair->list;
    int code = HP_E_MEMORY;
    double *values = hp_calloc(list->defect_count + 1, samples->channels * sizeof *values, err);
    uint8_t *standings = values ? hp_calloc(list->defect_count + 1, 1, err) : NULL;
    work *w = standings ? hp_calloc(1, sizeof *w, err) : NULL;
    hp_patch_solver *solver = w ? hp_patch_solver_create(err) : NULL;
    if (!solver)
        goto done;
    w->samples = samples;
    w->repair = repair;
    w->standing = standings;
    w->solver = solver;
    for (size_t left = list->defect_count, found = 1; left > 0 && found > 0; left -= found) {
        found = find_values(w, values);
        repair->repaired += set_values(w, values);
    }
    repair->left = list->defect_count - repair->repaired;
    code = HP_OK;
done:
    hp_patch_solver_free(&solver);
    free(w);
    free(standings);
    free(values);
    return code;
}

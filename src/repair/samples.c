#include "repair/samples.h"

#include "base/memory.h"
#include "repair/patch.h"

#include <math.h>
#include <stdlib.h>

enum {
    REACH = 8,       /* samples of one colour around a bad one */
    JOINT_REACH = 3, /* bad ones so near are found out together, those beyond say nothing */
    SIDE = 2 * REACH + 1
};

#define LEVELS 16.  /* that the standard deviation around a pixel is stretched to: what a patch reckons in */
#define JOINT 0.99f /* share of the worst for the others: less than the one that is judged */

typedef struct work {
    const hp_samples *samples;
    const hp_repair *repair;
    hp_patch patch;
    hp_patch_solver *solver;
} work;

static bool is_bad(const hp_list *list, int64_t x, int64_t y)
{
    size_t i = hp_list_find(list, (uint32_t)x, (uint32_t)y);
    return i < list->defect_count && list->defects[i].x == x && list->defects[i].y == y;
}

/* The samples of the same site of the CFA around a bad one, as a patch. */
static void load(work *w, const hp_defect *d, unsigned channel)
{
    const hp_camera *frame = &w->repair->info->camera;
    const hp_cfa *cfa = &w->repair->info->cfa;
    hp_patch *p = &w->patch;
    p->width = p->height = SIDE;
    p->block_count = 0;
    for (int j = 0; j < SIDE; j++)
        for (int i = 0; i < SIDE; i++) {
            int at = hp_patch_at(i, j);
            int64_t x = (int64_t)d->x + (i - REACH) * cfa->width, y = (int64_t)d->y + (j - REACH) * cfa->height;
            bool inside = x >= 0 && y >= 0 && x < frame->width && y < frame->height;
            double value =
                inside ? w->samples->get(w->samples->context, (uint32_t)x, (uint32_t)y, channel) : (double)NAN;
            bool bad = inside && is_bad(w->repair->list, x, y);
            bool near = abs(i - REACH) <= JOINT_REACH && abs(j - REACH) <= JOINT_REACH;
            p->spread[at] = !bad ? 0 : i == REACH && j == REACH ? 1 : JOINT;
            p->seen[at] = isfinite(value) ? (float)value : 0;
            p->cell[at] = HP_CELL_GOOD;
            if (!isfinite(value) || (bad && !near))
                p->cell[at] = HP_CELL_NONE;
            else if (bad)
                p->cell[at] = HP_CELL_OPEN;
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
        p->seen[i] = (float)(((double)p->seen[i] - *mean) / *unit);
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
    if (w->patch.cell[middle] != HP_CELL_OPEN || !normalise(&w->patch, &mean, &unit) ||
        !hp_patch_solve(w->solver, &w->patch))
        return false;
    *value = mean + unit * (double)w->patch.found[middle];
    *value = s->whole ? rint(*value) : *value;
    *value = fmin(fmax(*value, s->low), s->high);
    return *value != before;
}

int hp_samples_repair(const hp_samples *samples, hp_repair *repair, hp_error *err)
{
    const hp_list *list = repair->list;
    int code = HP_E_MEMORY;
    double *values = hp_calloc(list->defect_count + 1, samples->channels * sizeof *values, err);
    work *w = values ? hp_calloc(1, sizeof *w, err) : NULL;
    hp_patch_solver *solver = w ? hp_patch_solver_create(err) : NULL;
    if (!solver)
        goto done;
    w->samples = samples;
    w->repair = repair;
    w->solver = solver;
    for (size_t i = 0; i < list->defect_count; i++)
        for (unsigned c = 0; c < samples->channels; c++)
            if (!find_out(w, &list->defects[i], c, &values[i * samples->channels + c]))
                values[i * samples->channels + c] = (double)NAN;
    for (size_t i = 0; i < list->defect_count; i++) {
        bool changed = false;
        for (unsigned c = 0; c < samples->channels; c++) {
            double value = values[i * samples->channels + c];
            if (!isfinite(value))
                continue;
            samples->set(samples->context, list->defects[i].x, list->defects[i].y, c, value);
            changed = true;
        }
        repair->repaired += changed;
    }
    repair->left = list->defect_count - repair->repaired;
    code = HP_OK;
done:
    hp_patch_solver_free(&solver);
    free(w);
    free(values);
    return code;
}

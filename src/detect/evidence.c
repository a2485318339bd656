#include "detect/evidence.h"

#include "base/memory.h"
#include "defects/list.h"
#include "detect/pixel.h"
#include "stats/variance_rank.h"

#include <math.h>
#include <stdlib.h>

enum { SCORE_SIDE = 1200 }; /* cells of the score image along its longer side */

/* What one worker met. */
typedef struct tally {
    uint64_t brighter[HP_SCORE_BINS], darker[HP_SCORE_BINS];
    hp_ranked lowest[HP_LOWEST_SHOWN];
    size_t lowest_count;
} tally;

typedef struct gathering {
    const hp_maps *maps;
    float factors[HP_MAPS];
    hp_evidence *evidence;
    tally *tallies; /* one a worker */
    float *rows;    /* a worker: the maps, then S */
} gathering;

static uint32_t cell_of(uint32_t width, uint32_t height)
{
    uint32_t side = width > height ? width : height;
    return (side + SCORE_SIDE - 1) / SCORE_SIDE;
}

uint64_t hp_evidence_bytes(const hp_photo_info *shape, unsigned threads)
{
    uint64_t rows = (uint64_t)threads * (HP_MAPS + 1) * shape->camera.width * sizeof(float);
    return rows + (uint64_t)SCORE_SIDE * SCORE_SIDE * sizeof(float) + HP_CROPS_MOST * sizeof(hp_crop) +
           threads * sizeof(tally);
}

/* ---- scores ---- */

static void count_row(const float *scores, uint32_t width, tally *t)
{
    for (uint32_t x = 0; x < width; x++) {
        float bin = fabsf(scores[x]) * (float)(1 / HP_SCORE_BIN);
        size_t at = bin < HP_SCORE_BINS - 1 ? (size_t)bin : HP_SCORE_BINS - 1;
        (scores[x] < 0 ? t->darker : t->brighter)[at]++;
    }
}

static void reduce_row(const float *scores, uint32_t width, uint32_t cell, float *cells)
{
    for (uint32_t x = 0; x < width; x++) {
        float *largest = &cells[x / cell];
        if (fabsf(scores[x]) > fabsf(*largest))
            *largest = scores[x];
    }
}

/* ---- the article's ranking ---- */

/* Ten places: each newcomer that is low enough moves up from the end. */
static void rank(tally *t, hp_ranked r)
{
    if (t->lowest_count == HP_LOWEST_SHOWN && hp_ranked_compare(&r, &t->lowest[HP_LOWEST_SHOWN - 1]) > 0)
        return;
    size_t at = t->lowest_count < HP_LOWEST_SHOWN ? t->lowest_count++ : HP_LOWEST_SHOWN - 1;
    for (; at > 0 && hp_ranked_compare(&r, &t->lowest[at - 1]) < 0; at--)
        t->lowest[at] = t->lowest[at - 1];
    t->lowest[at] = r;
}

static void rank_row(const hp_residual *r, uint32_t y, tally *t)
{
    const hp_camera *camera = &r->base.shape.camera;
    size_t first = (size_t)y * camera->width;
    for (size_t at = first; at < first + camera->width; at++)
        rank(t, hp_ranked_of(r->sums.sx, r->sums.sxx, camera->bits, r->base.photos, at));
}

/* A task is a row of cells. */
static void gather_task(void *context, size_t index, unsigned worker)
{
    const gathering *work = context;
    const hp_maps *maps = work->maps;
    hp_evidence *e = work->evidence;
    size_t width = maps->width;
    float *rows = work->rows + worker * (HP_MAPS + 1) * width, *scores = rows + HP_MAPS * width;
    uint32_t top = (uint32_t)index * e->cell;
    uint32_t bottom = maps->height - top < e->cell ? maps->height : top + e->cell;
    for (uint32_t y = top; y < bottom; y++) {
        hp_score_row(maps, work->factors, y, rows, scores);
        count_row(scores, maps->width, &work->tallies[worker]);
        reduce_row(scores, maps->width, e->cell, e->score + index * e->score_width);
        rank_row(maps->residual, y, &work->tallies[worker]);
    }
}

static void join(const tally *tallies, unsigned workers, tally *all)
{
    for (unsigned w = 0; w < workers; w++) {
        for (size_t i = 0; i < HP_SCORE_BINS; i++) {
            all->brighter[i] += tallies[w].brighter[i];
            all->darker[i] += tallies[w].darker[i];
        }
        for (size_t i = 0; i < tallies[w].lowest_count; i++)
            rank(all, tallies[w].lowest[i]);
    }
}

static void settle(const hp_residual *r, const tally *all, hp_evidence *e)
{
    uint32_t width = r->base.shape.camera.width;
    double n = (double)r->base.photos;
    for (size_t i = 0; i < HP_SCORE_BINS; i++) {
        e->brighter[i] = all->brighter[i];
        e->darker[i] = all->darker[i];
    }
    for (size_t i = 0; i < all->lowest_count; i++) {
        size_t at = all->lowest[i].at;
        e->lowest[e->lowest_count++] = (hp_subpixel){.value = (double)all->lowest[i].value / n,
                                                     .mean = r->sums.sx[at] / n,
                                                     .x = (uint32_t)(at % width),
                                                     .y = (uint32_t)(at / width)};
    }
}

/* ---- crops ---- */

static void cut_crop(const hp_residual *r, const hp_defect *d, hp_crop *crop)
{
    const hp_camera *camera = &r->base.shape.camera;
    int64_t left = (int64_t)d->x - HP_CROP_SIDE / 2, top = (int64_t)d->y - HP_CROP_SIDE / 2;
    crop->x = d->x;
    crop->y = d->y;
    for (size_t i = 0; i < (size_t)HP_CROP_SIDE * HP_CROP_SIDE; i++) {
        int64_t x = left + (int64_t)(i % HP_CROP_SIDE), y = top + (int64_t)(i / HP_CROP_SIDE);
        bool inside = x >= 0 && y >= 0 && x < camera->width && y < camera->height;
        crop->mean[i] = inside ? (float)hp_pixel_mean(r, (uint32_t)x, (uint32_t)y) : NAN;
        crop->residual[i] = inside ? (float)hp_pixel_residual(r, (uint32_t)x, (uint32_t)y) : NAN;
    }
}

static int compare_falling(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x < y) - (x > y);
}

/* The score from which on a defect gets a crop; 0: all do. */
static int least_score(const hp_defect *defects, size_t count, double *least, hp_error *err)
{
    *least = 0;
    if (count <= HP_CROPS_MOST)
        return HP_OK;
    double *scores = hp_calloc(count, sizeof *scores, err);
    if (!scores)
        return HP_E_MEMORY;
    for (size_t i = 0; i < count; i++)
        scores[i] = defects[i].score;
    qsort(scores, count, sizeof *scores, compare_falling);
    *least = scores[HP_CROPS_MOST - 1];
    free(scores);
    return HP_OK;
}

static int cut_crops(const hp_residual *r, const hp_defect *defects, size_t count, hp_evidence *e, hp_error *err)
{
    double least;
    int code = least_score(defects, count, &least, err);
    if (code)
        return code;
    e->crops = hp_calloc(count < HP_CROPS_MOST ? count : HP_CROPS_MOST, sizeof *e->crops, err);
    if (!e->crops)
        return HP_E_MEMORY;
    for (size_t i = 0; i < count && e->crop_count < HP_CROPS_MOST; i++)
        if (defects[i].score >= least)
            cut_crop(r, &defects[i], &e->crops[e->crop_count++]);
    return HP_OK;
}

static int gather(const hp_maps *maps, gathering *work, hp_pool *pool, hp_error *err)
{
    hp_evidence *e = work->evidence;
    unsigned workers = hp_pool_threads(pool);
    e->cell = cell_of(maps->width, maps->height);
    e->score_width = (maps->width + e->cell - 1) / e->cell;
    e->score_height = (maps->height + e->cell - 1) / e->cell;
    e->score = hp_calloc((size_t)e->score_width * e->score_height, sizeof *e->score, err);
    work->tallies = hp_calloc(workers + 1, sizeof *work->tallies, err);
    work->rows = hp_calloc((size_t)workers * (HP_MAPS + 1) * maps->width, sizeof *work->rows, err);
    if (!e->score || !work->tallies || !work->rows)
        return HP_E_MEMORY;
    hp_pool_run(pool, e->score_height, gather_task, work);
    join(work->tallies, workers, &work->tallies[workers]);
    settle(maps->residual, &work->tallies[workers], e);
    return HP_OK;
}

int hp_evidence_create(const hp_maps *maps, const float thresholds[HP_MAPS], float factor, const hp_defect *defects,
                       size_t count, hp_pool *pool, hp_evidence **evidence, hp_error *err)
{
    gathering work = {.maps = maps, .evidence = hp_calloc(1, sizeof **evidence, err)};
    int code = work.evidence ? HP_OK : HP_E_MEMORY;
    for (unsigned map = 0; map < HP_MAPS && !code; map++) {
        work.factors[map] = factor / thresholds[map];
        work.evidence->thresholds[map] = (double)thresholds[map];
    }
    if (!code)
        code = gather(maps, &work, pool, err);
    if (!code)
        code = cut_crops(maps->residual, defects, count, work.evidence, err);
    free(work.tallies);
    free(work.rows);
    if (code)
        hp_evidence_free(&work.evidence);
    *evidence = work.evidence;
    return code;
}

#include "detect/threshold.h"

#include "base/error.h"
#include "base/memory.h"
#include "detect/flags.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    BINS_A_UNIT = 4096, /* a quantile is known to half of 1/4096 */
    BINS = 64 * BINS_A_UNIT,
    ROUNDS = 5,
    MASK_REACH = 4, /* px around an outlier that are left out */
    ROWS_A_TASK = 32,
    CHUNK = 256, /* px of a row */
    BLOCK = 256, /* bins that are passed over in one go */
    PARTS = 16,  /* of a histogram, which are gathered at the same time */
};

#define UPPER2 1e-2 /* shares of the pixels above the quantiles */
#define UPPER3 1e-3
#define FIRST_THRESHOLD 8.0f
#define LEAST_THRESHOLD 5.5f
#define MOST_THRESHOLD_Z 12.0f
/* Of what a pixel can reach. Darks show no scene: what is far from its ring in each of them is hot. */
#define MOST_SHARE_DARK 0.9f
#define ONE_PHOTO_MARGIN 1.25f /* one photo alone, however long exposed, must not make a defect */

typedef struct outlier {
    uint32_t x, y;
    float value;
} outlier;

/* What one worker met in one map. */
typedef struct tally {
    uint32_t *histogram; /* BINS of |value|; the first one counts what is not told apart */
    outlier *outliers;   /* |value| > LEAST_THRESHOLD */
    size_t count, capacity;
    bool failed;
} tally;

typedef struct tallying {
    const hp_maps *maps;
    tally *tallies; /* [worker * HP_MAPS + map] */
    unsigned workers;
    uint32_t *histograms; /* of the tallies, then one a map that pixels are taken out of */
    uint8_t *masks;       /* one a map: the pixels that were taken out */
    size_t mask_bytes;
    float *rows;              /* one a worker */
    uint32_t first_row, step; /* of each task's rows those that are looked at */
    int low[HP_MAPS];         /* bins below are not told apart: of a hundred values 98 */
    float *thresholds;
    float least[HP_MAPS]; /* no threshold is lower */
    float most[HP_MAPS];  /* nor higher, unless that is lower still */
    bool too_low[HP_MAPS];
} tallying;

uint64_t hp_threshold_bytes(const hp_photo_info *shape, unsigned threads)
{
    uint64_t mask = (uint64_t)shape->camera.width * shape->camera.height / 8;
    return HP_MAPS * (mask + (threads + 1) * BINS * sizeof(uint32_t));
}

/* As int, which vector instructions of every level make of floats. */
static int bin_of(float value)
{
    float bin = value * BINS_A_UNIT;
    return (int)(bin < BINS - 1 ? bin : BINS - 1);
}

/* Returns whether a value is above LEAST_THRESHOLD. */
static bool count_values(uint32_t *histogram, int low, const float *values, uint32_t count)
{
    uint8_t told[CHUNK] = {0};
    float least = (float)low / BINS_A_UNIT;
    uint32_t apart = 0;
    bool above = false;
    for (uint32_t i = 0; i < count; i++)
        told[i] = fabsf(values[i]) >= least;
    for (uint32_t i = 0; i < count; i += HP_FLAGS) {
        if (!hp_any_flag(told + i))
            continue;
        for (uint32_t k = i; k < i + HP_FLAGS; k++) {
            if (!told[k])
                continue;
            float value = fabsf(values[k]);
            histogram[bin_of(value)]++;
            above |= value > LEAST_THRESHOLD;
            apart++;
        }
    }
    histogram[0] += count - apart;
    return above;
}

static void note_outliers(tally *t, const float *row, uint32_t start, uint32_t end, uint32_t y)
{
    for (uint32_t x = start; x < end; x++) {
        float value = fabsf(row[x]);
        if (value <= LEAST_THRESHOLD)
            continue;
        if (hp_grow((void **)&t->outliers, &t->capacity, t->count + 1, sizeof *t->outliers, NULL)) {
            t->failed = true;
            return;
        }
        t->outliers[t->count++] = (outlier){x, y, value};
    }
}

static void tally_row(tally *t, int low, const float *row, uint32_t width, uint32_t y)
{
    for (uint32_t x = 0; x < width; x += CHUNK) {
        uint32_t count = width - x < CHUNK ? width - x : CHUNK;
        if (count_values(t->histogram, low, row + x, count))
            note_outliers(t, row, x, x + count, y);
    }
}

static void tally_task(void *context, size_t index, unsigned worker)
{
    const tallying *work = context;
    const hp_maps *maps = work->maps;
    float *row = work->rows + (size_t)worker * maps->width;
    uint32_t top = (uint32_t)index * ROWS_A_TASK;
    uint32_t bottom = maps->height - top < ROWS_A_TASK ? maps->height : top + ROWS_A_TASK;
    for (unsigned map = 0; map < HP_MAPS; map++) /* outside: one histogram at a time stays near */
        for (uint32_t y = top + work->first_row; y < bottom; y += work->step) {
            hp_maps_row(maps, (hp_map)map, y, row);
            tally_row(&work->tallies[worker * HP_MAPS + map], work->low[map], row, maps->width, y);
        }
}

static bool set_bit(uint8_t *bits, size_t at)
{
    uint8_t bit = (uint8_t)(1u << (at % 8));
    bool was_set = bits[at / 8] & bit;
    bits[at / 8] |= bit;
    return !was_set;
}

/* Takes the surroundings of one outlier out of the histogram, each pixel once; returns how many. */
static size_t leave_out(const tallying *work, hp_map map, const outlier *o, uint8_t *mask, uint32_t *histogram)
{
    const hp_maps *maps = work->maps;
    uint32_t left = o->x > MASK_REACH ? o->x - MASK_REACH : 0, top = o->y > MASK_REACH ? o->y - MASK_REACH : 0;
    size_t taken = 0;
    for (uint32_t y = top; y <= o->y + MASK_REACH && y < maps->height; y++)
        for (uint32_t x = left; x <= o->x + MASK_REACH && x < maps->width; x++)
            if (set_bit(mask, (size_t)y * maps->width + x)) {
                int bin = bin_of(fabsf(hp_maps_value(maps, map, x, y)));
                histogram[bin < work->low[map] ? 0 : bin]--;
                taken++;
            }
    return taken;
}

static size_t count_block(const uint32_t *bins)
{
    uint32_t count = 0; /* no more pixels than a frame has */
    for (int i = 0; i < BLOCK; i++)
        count += bins[i];
    return count;
}

/* The bin of the upper quantile: of the value of 0-based rank floor(count * share) from above. */
static int upper_quantile(const uint32_t *histogram, size_t count, double share)
{
    size_t rank = (size_t)((double)count * share), seen = 0, in_block;
    int bin = BINS;
    while (bin > BLOCK && seen + (in_block = count_block(histogram + bin - BLOCK)) <= rank) {
        seen += in_block;
        bin -= BLOCK;
    }
    for (bin--; bin > 0 && (seen += histogram[bin]) <= rank;)
        bin--;
    return bin;
}

static float continue_tail(int bin2, int bin3, float least, float most)
{
    float q2 = ((float)bin2 + 0.5f) / BINS_A_UNIT, q3 = ((float)bin3 + 0.5f) / BINS_A_UNIT;
    return fmaxf(least, fminf(most, q3 + 4 * (q3 - q2)));
}

/* Moves a part of the histograms of all workers into the first one's: part by part of one map after the other. */
static void gather_task(void *context, size_t index, unsigned worker)
{
    (void)worker;
    const tallying *work = context;
    size_t map = index / PARTS, first = index % PARTS * (BINS / PARTS);
    uint32_t *sum = work->tallies[map].histogram + first;
    for (unsigned w = 1; w < work->workers; w++) {
        uint32_t *other = work->tallies[w * HP_MAPS + map].histogram + first;
        for (size_t bin = 0; bin < BINS / PARTS; bin++)
            sum[bin] += other[bin];
        memset(other, 0, BINS / PARTS * sizeof *other);
    }
}

/* The next threshold: what stands out above the last one is taken out of the histogram. */
static float next_threshold(tallying *work, hp_map map, float threshold, uint8_t *mask, uint32_t *histogram)
{
    size_t count = (size_t)work->maps->width * work->maps->height;
    for (unsigned w = 0; w < work->workers; w++) {
        const tally *t = &work->tallies[w * HP_MAPS + map];
        for (size_t i = 0; i < t->count; i++)
            if (t->outliers[i].value > threshold)
                count -= leave_out(work, map, &t->outliers[i], mask, histogram);
    }
    int bin2 = upper_quantile(histogram, count, UPPER2), bin3 = upper_quantile(histogram, count, UPPER3);
    work->too_low[map] |= bin2 < work->low[map];
    return continue_tail(bin2, bin3, work->least[map], work->most[map]);
}

/* Each round starts from the whole histogram, and ends all if it changes nothing. */
static void threshold_task(void *context, size_t index, unsigned worker)
{
    (void)worker;
    tallying *work = context;
    hp_map map = (hp_map)index;
    uint8_t *mask = work->masks + map * work->mask_bytes;
    uint32_t *rest = work->histograms + ((size_t)work->workers * HP_MAPS + map) * BINS;
    const uint32_t *histogram = work->tallies[map].histogram;
    float last = 0, threshold = FIRST_THRESHOLD;
    for (int round = 0; round < ROUNDS && threshold != last; round++) {
        memcpy(rest, histogram, BINS * sizeof *rest);
        memset(mask, 0, work->mask_bytes);
        last = threshold;
        threshold = next_threshold(work, map, last, mask, rest);
    }
    work->thresholds[map] = threshold;
}

static int allocate(tallying *work, hp_error *err)
{
    const hp_maps *maps = work->maps;
    size_t tallies = (size_t)work->workers * HP_MAPS;
    work->mask_bytes = (size_t)maps->width * maps->height / 8 + 1;
    work->tallies = hp_calloc(tallies, sizeof *work->tallies, err);
    work->rows = hp_calloc((size_t)work->workers * maps->width, sizeof *work->rows, err);
    work->histograms = hp_pages((tallies + HP_MAPS) * BINS, sizeof *work->histograms, err);
    work->masks = hp_pages(HP_MAPS, work->mask_bytes, err);
    if (!work->tallies || !work->rows || !work->histograms || !work->masks)
        return HP_E_MEMORY;
    for (size_t i = 0; i < tallies; i++)
        work->tallies[i].histogram = work->histograms + i * BINS;
    return HP_OK;
}

static void release(tallying *work)
{
    for (size_t i = 0; work->tallies && i < (size_t)work->workers * HP_MAPS; i++)
        free(work->tallies[i].outliers);
    free(work->tallies);
    free(work->rows);
    hp_pages_free(work->histograms);
    hp_pages_free(work->masks);
}

static void count_rows(tallying *work, uint32_t first_row, uint32_t step, hp_pool *pool)
{
    work->first_row = first_row;
    work->step = step;
    hp_pool_run(pool, (work->maps->height + ROWS_A_TASK - 1) / ROWS_A_TASK, tally_task, work);
    hp_pool_run(pool, HP_MAPS * PARTS, gather_task, work);
}

/*
 * From which values on they are told apart, by the first row of each task, all of whose are: twice as many as are above
 * the lower quantile.
 */
static void choose_low(tallying *work, hp_pool *pool)
{
    const hp_maps *maps = work->maps;
    size_t rows = (maps->height + ROWS_A_TASK - 1) / ROWS_A_TASK;
    count_rows(work, 0, ROWS_A_TASK, pool);
    for (unsigned map = 0; map < HP_MAPS; map++) {
        int low = upper_quantile(work->tallies[map].histogram, rows * maps->width, 2 * UPPER2);
        work->low[map] = low < bin_of(LEAST_THRESHOLD) ? low : bin_of(LEAST_THRESHOLD);
    }
}

/* Where a quantile is among what was not told apart after all, once more with all values. */
static void find(tallying *work, hp_pool *pool)
{
    bool too_low = false;
    choose_low(work, pool);
    count_rows(work, 1, 1, pool);
    hp_pool_run(pool, HP_MAPS, threshold_task, work);
    for (unsigned map = 0; map < HP_MAPS; map++) {
        too_low |= work->too_low[map];
        work->low[map] = 0;
    }
    if (!too_low)
        return;
    memset(work->histograms, 0, HP_MAPS * BINS * sizeof *work->histograms); /* the first worker's: the others are 0 */
    for (size_t i = 0; i < (size_t)work->workers * HP_MAPS; i++)
        work->tallies[i].count = 0;
    count_rows(work, 0, 1, pool);
    hp_pool_run(pool, HP_MAPS, threshold_task, work);
}

static bool any_failed(const tallying *work)
{
    bool failed = false;
    for (size_t i = 0; i < (size_t)work->workers * HP_MAPS; i++)
        failed |= work->tallies[i].failed;
    return failed;
}

/* Where each pixel is warm in its own way, all are far from their rings, and the tail leads beyond what can be. */
static float most_of_z(const hp_maps *maps, bool dark)
{
    return dark ? fminf(MOST_THRESHOLD_Z, MOST_SHARE_DARK * hp_maps_most(maps)) : MOST_THRESHOLD_Z;
}

int hp_thresholds(const hp_maps *maps, bool dark, hp_pool *pool, float thresholds[HP_MAPS], hp_error *err)
{
    tallying work = {.maps = maps, .workers = hp_pool_threads(pool), .thresholds = thresholds};
    for (unsigned map = 0; map < HP_MAPS; map++) {
        work.least[map] = fmaxf(LEAST_THRESHOLD, ONE_PHOTO_MARGIN * hp_maps_one_photo(maps, (hp_map)map));
        work.most[map] = map == HP_MAP_Z ? most_of_z(maps, dark) : INFINITY;
    }
    int code = allocate(&work, err);
    if (!code) {
        find(&work, pool);
        if (any_failed(&work))
            code = hp_fail(err, HP_E_MEMORY, "no memory to find the thresholds");
    }
    release(&work);
    return code;
}

#include "detect/threshold.h"

#include "base/error.h"
#include "base/memory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    BINS_A_UNIT = 4096, /* a quantile is known to half of 1/4096 */
    BINS = 64 * BINS_A_UNIT,
    ROUNDS = 5,
    MASK_REACH = 4, /* px around an outlier that are left out */
    ROWS_A_TASK = 32,
    CHUNK = 256,   /* px of a row */
    ZERO_BINS = 8, /* behind the others, taken in turn: most of two maps is 0, and one counter would wait for itself */
};

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
    uint32_t *histogram; /* BINS of |value|, then ZERO_BINS of which each is part of bin 0 */
    outlier *outliers;   /* |value| > LEAST_THRESHOLD */
    size_t count, capacity;
    bool failed;
} tally;

typedef struct tallying {
    const hp_maps *maps;
    tally *tallies; /* [worker * HP_MAPS + map] */
    unsigned workers;
    float *rows; /* one a worker */
    float *thresholds;
    float least[HP_MAPS]; /* no threshold is lower */
    float most[HP_MAPS];  /* nor higher, unless that is lower still */
    bool failed[HP_MAPS];
} tallying;

uint64_t hp_threshold_bytes(const hp_photo_info *shape, unsigned threads)
{
    uint64_t mask = (uint64_t)shape->camera.width * shape->camera.height / 8;
    return HP_MAPS * (mask + (threads + 1) * (BINS + ZERO_BINS) * sizeof(uint32_t));
}

/* As int, which vector instructions of every level make of floats. */
static int bin_of(float value)
{
    float bin = value * BINS_A_UNIT;
    return (int)(bin < BINS - 1 ? bin : BINS - 1);
}

/* Bins first, many at a time; returns whether a value is above LEAST_THRESHOLD. */
static bool count_values(uint32_t *histogram, const float *values, uint32_t count)
{
    int bins[CHUNK];
    int above = 0;
    for (uint32_t i = 0; i < count; i++) {
        float value = fabsf(values[i]);
        int bin = bin_of(value);
        bins[i] = bin ? bin : BINS + (int)(i % ZERO_BINS);
        above |= value > LEAST_THRESHOLD;
    }
    for (uint32_t i = 0; i < count; i++)
        histogram[bins[i]]++;
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

static void tally_row(tally *t, const float *row, uint32_t width, uint32_t y)
{
    for (uint32_t x = 0; x < width; x += CHUNK) {
        uint32_t count = width - x < CHUNK ? width - x : CHUNK;
        if (count_values(t->histogram, row + x, count))
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
        for (uint32_t y = top; y < bottom; y++) {
            hp_maps_row(maps, (hp_map)map, y, row);
            tally_row(&work->tallies[worker * HP_MAPS + map], row, maps->width, y);
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
static size_t leave_out(const hp_maps *maps, hp_map map, const outlier *o, uint8_t *mask, uint32_t *histogram)
{
    uint32_t left = o->x > MASK_REACH ? o->x - MASK_REACH : 0, top = o->y > MASK_REACH ? o->y - MASK_REACH : 0;
    size_t taken = 0;
    for (uint32_t y = top; y <= o->y + MASK_REACH && y < maps->height; y++)
        for (uint32_t x = left; x <= o->x + MASK_REACH && x < maps->width; x++)
            if (set_bit(mask, (size_t)y * maps->width + x)) {
                histogram[bin_of(fabsf(hp_maps_value(maps, map, x, y)))]--;
                taken++;
            }
    return taken;
}

/* The upper quantile: the value of 0-based rank floor(count * share) from above. */
static float upper_quantile(const uint32_t *histogram, size_t count, double share)
{
    size_t rank = (size_t)((double)count * share), seen = 0;
    uint32_t bin = BINS - 1;
    while (bin > 0 && (seen += histogram[bin]) <= rank)
        bin--;
    return ((float)bin + 0.5f) / BINS_A_UNIT;
}

static float continue_tail(const uint32_t *histogram, size_t count, float least, float most)
{
    float q2 = upper_quantile(histogram, count, 1e-2), q3 = upper_quantile(histogram, count, 1e-3);
    return fmaxf(least, fminf(most, q3 + 4 * (q3 - q2)));
}

static void add_histograms(const tallying *work, hp_map map, uint32_t *sum)
{
    for (unsigned worker = 0; worker < work->workers; worker++) {
        const tally *t = &work->tallies[worker * HP_MAPS + map];
        for (size_t bin = 0; bin < BINS; bin++)
            sum[bin] += t->histogram[bin];
        for (size_t bin = BINS; bin < BINS + ZERO_BINS; bin++)
            sum[0] += t->histogram[bin];
    }
}

/* Each round starts from the whole histogram and takes out what stands out above the last threshold. */
static void threshold_task(void *context, size_t index, unsigned worker)
{
    (void)worker;
    tallying *work = context;
    const hp_maps *maps = work->maps;
    hp_map map = (hp_map)index;
    size_t pixels = (size_t)maps->width * maps->height, mask_bytes = pixels / 8 + 1;
    uint8_t *mask = hp_calloc(mask_bytes, 1, NULL);
    uint32_t *histogram = hp_calloc(2 * (size_t)BINS, sizeof *histogram, NULL);
    work->failed[map] = !mask || !histogram;
    float threshold = FIRST_THRESHOLD;
    if (!work->failed[map])
        add_histograms(work, map, histogram);
    for (int round = 0; round < ROUNDS && !work->failed[map]; round++) {
        uint32_t *rest = histogram + BINS;
        memcpy(rest, histogram, BINS * sizeof *rest);
        memset(mask, 0, mask_bytes);
        size_t count = pixels;
        for (unsigned w = 0; w < work->workers; w++) {
            const tally *t = &work->tallies[w * HP_MAPS + map];
            for (size_t i = 0; i < t->count; i++)
                if (t->outliers[i].value > threshold)
                    count -= leave_out(maps, map, &t->outliers[i], mask, rest);
        }
        threshold = continue_tail(rest, count, work->least[map], work->most[map]);
    }
    work->thresholds[map] = threshold;
    free(mask);
    free(histogram);
}

static int allocate(tallying *work, hp_error *err)
{
    size_t tallies = (size_t)work->workers * HP_MAPS;
    work->tallies = hp_calloc(tallies, sizeof *work->tallies, err);
    work->rows = hp_calloc((size_t)work->workers * work->maps->width, sizeof *work->rows, err);
    if (!work->tallies || !work->rows)
        return HP_E_MEMORY;
    for (size_t i = 0; i < tallies; i++) {
        work->tallies[i].histogram = hp_calloc(BINS + ZERO_BINS, sizeof(uint32_t), err);
        if (!work->tallies[i].histogram)
            return HP_E_MEMORY;
    }
    return HP_OK;
}

static bool any_failed(const tallying *work)
{
    bool failed = false;
    for (size_t i = 0; i < (size_t)work->workers * HP_MAPS; i++)
        failed |= work->tallies[i].failed;
    for (unsigned map = 0; map < HP_MAPS; map++)
        failed |= work->failed[map];
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
        hp_pool_run(pool, (maps->height + ROWS_A_TASK - 1) / ROWS_A_TASK, tally_task, &work);
        hp_pool_run(pool, HP_MAPS, threshold_task, &work);
        if (any_failed(&work))
            code = hp_fail(err, HP_E_MEMORY, "no memory to find the thresholds");
    }
    for (size_t i = 0; work.tallies && i < (size_t)work.workers * HP_MAPS; i++) {
        free(work.tallies[i].histogram);
        free(work.tallies[i].outliers);
    }
    free(work.tallies);
    free(work.rows);
    return code;
}

/* What detection passes over in pieces is nothing that counts: beside the same, slowly and by the definition. */
#include "base/memory.h"
#include "detect/halves.h"
#include "detect/line_runs.h"
#include "detect/select.h"
#include "detect/threshold.h"
#include "tests.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static int compare_floats(const void *a, const void *b)
{
    float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

/* About a normal distribution. */
static float noise(void)
{
    float sum = 0;
    for (int i = 0; i < 12; i++)
        sum += (float)(rand() % 1000) / 1000;
    return sum - 5.994f;
}

/* ---- medians ---- */

static float few_values(void)
{
    return (float)(rand() % 3);
}

static float long_tailed(void)
{
    float x = noise();
    return x * x * x * expf(3 * x);
}

static float mostly_zero(void)
{
    return rand() % 20 ? 0.0f : noise();
}

static float one_far_off(void)
{
    return rand() % 1000 ? noise() : 1e30f;
}

static float close_together(void)
{
    return 1000 + 1e-4f * (float)(rand() % 1000);
}

static float all_equal(void)
{
    return -7.5f;
}

static void medians_are_those_of_sorted_values(void **state)
{
    (void)state;
    float (*const kinds[])(void) = {noise,       few_values,     long_tailed, mostly_zero,
                                    one_far_off, close_together, all_equal};
    static const size_t counts[] = {1, 2, 23, 24, 25, 26, 127, 128, 129, 255, 256, 257, 1000, 5003};
    enum { MOST = 5003 };
    static float values[MOST], sorted[MOST], scratch[MOST + 1];
    srand(1);
    for (size_t kind = 0; kind < sizeof kinds / sizeof *kinds; kind++)
        for (size_t c = 0; c < sizeof counts / sizeof *counts; c++) {
            size_t count = counts[c];
            for (size_t i = 0; i < count; i++)
                values[i] = sorted[i] = kinds[kind]();
            qsort(sorted, count, sizeof *sorted, compare_floats);
            assert_true(hp_lower_median(values, count, scratch) == sorted[(count - 1) / 2]);
        }
}

/* ---- thresholds ---- */

enum { WIDTH = 400, HEIGHT = 320, PIXELS = WIDTH * HEIGHT, BINS_A_UNIT = 4096, REACH = 4 };

/* Maps of one phase that are what the sums are, times a hundredth. */
typedef struct bench {
    hp_residual residual;
    hp_maps maps;
    hp_phase_table phases[HP_MAPS];
    int32_t sums[HP_MAPS][PIXELS];
    float energy[PIXELS];
} bench;

static bench *set_up(void)
{
    bench *b = calloc(1, sizeof *b);
    assert_non_null(b);
    b->residual.base.kernels = hp_kernels_of(HP_CPU_PLAIN);
    b->residual.base.photos = 20;
    b->residual.base.shape.camera = (hp_camera){.width = WIDTH, .height = HEIGHT, .bits = 8};
    b->residual.sums = (hp_sums){.s1 = b->sums[0], .st = b->sums[1], .sg = b->sums[2], .s1h = b->sums[3]};
    for (size_t map = 0; map < HP_MAPS; map++)
        for (size_t i = 0; i < HP_PHASE_COLUMNS; i++)
            b->phases[map].scale[0][i] = 0.01f;
    b->maps = (hp_maps){.residual = &b->residual,
                        .width = WIDTH,
                        .height = HEIGHT,
                        .period_x = 1,
                        .period_y = 1,
                        .energy = b->energy,
                        .phases = b->phases};
    return b;
}

/* Value of 0-based rank floor(count share) from above, to the middle of its bin. */
static float quantile(const float *rising, size_t count, double share)
{
    float value = rising[count - 1 - (size_t)((double)count * share)];
    return ((float)(int)(value * BINS_A_UNIT) + 0.5f) / BINS_A_UNIT;
}

/* docs/method.md, 3.3, by sorting. */
static float slow_threshold(const hp_maps *maps, hp_map map)
{
    static float values[PIXELS], rest[PIXELS];
    float threshold = 8;
    for (uint32_t y = 0; y < HEIGHT; y++)
        for (uint32_t x = 0; x < WIDTH; x++)
            values[y * WIDTH + x] = fabsf(hp_maps_value(maps, map, x, y));
    for (int round = 0; round < 5; round++) {
        static bool out[PIXELS];
        size_t count = 0;
        memset(out, 0, sizeof out);
        for (int y = 0; y < HEIGHT; y++)
            for (int x = 0; x < WIDTH; x++)
                for (int dy = -REACH; values[y * WIDTH + x] > threshold && dy <= REACH; dy++)
                    for (int dx = -REACH; dx <= REACH; dx++)
                        if (y + dy >= 0 && y + dy < HEIGHT && x + dx >= 0 && x + dx < WIDTH)
                            out[(y + dy) * WIDTH + x + dx] = true;
        for (size_t i = 0; i < PIXELS; i++)
            if (!out[i])
                rest[count++] = values[i];
        qsort(rest, count, sizeof *rest, compare_floats);
        float q2 = quantile(rest, count, 1e-2), q3 = quantile(rest, count, 1e-3);
        threshold = fmaxf(5.5f, q3 + 4 * (q3 - q2));
        if (map == HP_MAP_Z)
            threshold = fminf(threshold, 12);
    }
    return threshold;
}

static float warm_here_and_there(size_t at)
{
    (void)at;
    return rand() % 400 ? noise() : 20 * noise();
}

/* The rows that tell which values are looked at singly are not like the others. */
static float noisy_rows(size_t at)
{
    return at / WIDTH % 32 ? noise() : 3 * noise();
}

static float quiet_rows(size_t at)
{
    return at / WIDTH % 32 ? noise() : 0.1f * noise();
}

static float hardly_ever_differs(size_t at)
{
    (void)at;
    return rand() % 300 ? 0.0f : 3 * noise();
}

static void thresholds_are_those_of_sorted_values(void **state)
{
    (void)state;
    float (*const kinds[])(size_t) = {warm_here_and_there, noisy_rows, quiet_rows, hardly_ever_differs};
    bench *b = set_up();
    srand(2);
    for (size_t map = 0; map < HP_MAPS; map++)
        for (size_t i = 0; i < PIXELS; i++) {
            float value = 100 * kinds[map](i);
            b->sums[map][i] = (int32_t)value;
            b->energy[i] = value;
        }
    for (unsigned threads = 1; threads <= 3; threads++) {
        hp_pool *pool = NULL;
        float found[HP_MAPS];
        assert_int_equal(hp_pool_create(threads, &pool, NULL), HP_OK);
        assert_int_equal(hp_thresholds(&b->maps, false, pool, found, NULL), HP_OK);
        for (unsigned map = 0; map < HP_MAPS; map++)
            assert_true(fabsf(found[map] - slow_threshold(&b->maps, (hp_map)map)) < 1e-5f);
        hp_pool_free(&pool);
    }
    free(b);
}

/* ---- lines ---- */

enum { CHUNK = 16, CHUNKS = 62, TALL = CHUNK * CHUNKS, WIDE = 1200, EVERY = 12 };

/* Column k EVERY has a run of k + 2 chunks, of one sign or the other, with this score. */
static void plant_runs(int32_t *s1, double score)
{
    for (size_t i = 0; i < (size_t)TALL * WIDE; i++)
        s1[i] = (int32_t)(100 * noise());
    for (size_t x = EVERY; x < WIDE - EVERY; x += EVERY) {
        size_t chunks = x / EVERY + 1 < CHUNKS ? x / EVERY + 1 : CHUNKS, first = (size_t)rand() % (CHUNKS - chunks + 1);
        /* 8 standard deviations of the mean of so many, each of 16 px with a deviation of 1. */
        double strength = score * 8 / sqrt((double)chunks * CHUNK) * (x / EVERY % 2 ? 100 : -100);
        for (size_t y = first * CHUNK; y < (first + chunks) * CHUNK; y++)
            s1[y * WIDE + x] += (int32_t)strength;
    }
}

static size_t count_runs(const hp_lines *lines)
{
    size_t count = 0;
    for (size_t i = 0; i < lines->count; i++)
        count += !lines->items[i].is_row && lines->items[i].at % EVERY == 0;
    return count;
}

/* Short strong runs are cut at three deviations a pixel: those of two chunks cannot stand out by more than 1.5 times.
 */
static void runs_of_all_lengths_are_found(void **state)
{
    (void)state;
    static hp_phase_table table;
    for (size_t i = 0; i < HP_PHASE_COLUMNS; i++)
        table.scale[0][i] = 0.01f;
    hp_residual r = {.base = {.kernels = hp_kernels_of(HP_CPU_PLAIN), .photos = 1}, .ring.reach = 2};
    r.sums.s1 = hp_pages((size_t)TALL * WIDE, sizeof *r.sums.s1, NULL);
    assert_non_null(r.sums.s1);
    hp_maps maps = {.residual = &r, .width = WIDE, .height = TALL, .period_x = 1, .period_y = 1, .phases = &table};
    hp_pool *pool = NULL;
    assert_int_equal(hp_pool_create(2, &pool, NULL), HP_OK);
    srand(3);
    for (int strong = 0; strong < 2; strong++) {
        hp_lines lines = {0};
        plant_runs(r.sums.s1, strong ? 1.6 : 0.4);
        assert_int_equal(hp_line_runs_find(&maps, pool, &lines, NULL), HP_OK);
        assert_int_equal(count_runs(&lines), strong ? WIDE / EVERY - 2 : 0);
        hp_lines_free(&lines);
    }
    hp_pool_free(&pool);
    hp_pages_free(r.sums.s1);
}

/* ---- halves ---- */

/* The strongest that stand alone in their 5x5, of one half; what share they have in the other. */
typedef struct found {
    float strength;
    double own, other;
} found;

static int compare_found(const void *a, const void *b)
{
    const found *x = a, *y = b;
    return (x->strength < y->strength) - (x->strength > y->strength);
}

static double mean_of(const bench *b, bool odd, size_t at)
{
    double n = (double)b->residual.base.photos, in_odd = (double)b->residual.photos_odd;
    double centre = (double)b->phases[HP_MAP_Z].centre[0][0] / n;
    return odd ? b->sums[3][at] / in_odd - centre : (b->sums[0][at] - b->sums[3][at]) / (n - in_odd) - centre;
}

static double slow_share(const bench *b, double threshold, size_t most, size_t *picked)
{
    static found all[PIXELS];
    double kept = 0, n = (double)b->residual.base.photos;
    *picked = 0;
    for (int odd = 0; odd < 2; odd++) {
        double photos = odd ? (double)b->residual.photos_odd : n - (double)b->residual.photos_odd, own = 0, other = 0;
        size_t count = 0;
        for (int y = 2; y < HEIGHT - 2; y++)
            for (int x = 2; x < WIDTH - 2; x++) {
                size_t at = (size_t)y * WIDTH + (size_t)x;
                double mean = mean_of(b, odd, at);
                float strength = fabsf((float)mean);
                bool alone = strength > (float)(threshold / (0.01 * sqrt(n * photos)));
                for (int dy = -2; alone && dy <= 2; dy++)
                    for (int dx = -2; dx <= 2; dx++)
                        alone &= fabsf((float)mean_of(b, odd, at + (size_t)(dy * WIDTH + dx))) <= strength;
                if (alone)
                    all[count++] = (found){strength, fabs(mean), mean_of(b, !odd, at) * (mean < 0 ? -1 : 1)};
            }
        qsort(all, count, sizeof *all, compare_found);
        count = count < most ? count : most;
        for (size_t i = 0; i < count; i++) {
            own += all[i].own;
            other += all[i].other;
        }
        kept += other / own * (double)count;
        *picked += count;
    }
    return kept / (double)*picked;
}

static void the_strongest_of_a_half_are_found_in_the_other(void **state)
{
    (void)state;
    bench *b = set_up();
    b->residual.photos_odd = 7;
    b->residual.ring.reach = 2;
    b->phases[HP_MAP_Z].centre[0][0] = 40;
    for (size_t i = 1; i < HP_PHASE_COLUMNS; i++)
        b->phases[HP_MAP_Z].centre[0][i] = 40;
    srand(4);
    for (size_t i = 0; i < PIXELS; i++) {
        float warm = rand() % 500 ? 0.0f : 30 * noise();
        b->sums[3][i] = (int32_t)(7 * (warm + 2) + 26 * noise());
        b->sums[0][i] = b->sums[3][i] + (int32_t)(13 * (warm + 2) + 36 * noise());
    }
    size_t *row_start = calloc(HEIGHT + 1, sizeof *row_start);
    assert_non_null(row_start);
    const hp_marks none = {.row_start = row_start, .height = HEIGHT};
    static const size_t wanted[] = {10, 60, 5000};
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
        for (unsigned threads = 1; threads <= 3; threads++) {
            hp_pool *pool = NULL;
            hp_checks checks = {.pixels = wanted[i]};
            size_t picked;
            double share = slow_share(b, 2.0, wanted[i], &picked);
            assert_int_equal(hp_pool_create(threads, &pool, NULL), HP_OK);
            assert_int_equal(hp_halves_compare(&b->maps, &none, 2.0, pool, &checks, NULL), HP_OK);
            assert_int_equal(checks.kept_count, picked);
            assert_true(fabs(checks.kept_share - share) < 1e-6);
            hp_pool_free(&pool);
        }
    free(row_start);
    free(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(medians_are_those_of_sorted_values),
        cmocka_unit_test(thresholds_are_those_of_sorted_values),
        cmocka_unit_test(runs_of_all_lengths_are_found),
        cmocka_unit_test(the_strongest_of_a_half_are_found_in_the_other),
    };
    return cmocka_run_group_tests_name("search", tests, NULL, NULL);
}

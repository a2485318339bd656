/* The kernels of detection, at every level: against their definitions, and to the bit against the plain level. */
#include "base/cpu.h"
#include "stats/kernels.h"
#include "tests.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static int compare(const void *a, const void *b)
{
    return *(const int *)a - *(const int *)b;
}

/* The kernels of detection: floating point, but the same operations in the same order, so equal to the bit. */
static void every_level_gives_the_same_maps_and_scores(void **state)
{
    (void)state;
    static uint32_t ring[HP_RING][HP_CHUNK];
    static int32_t sums[HP_CHUNK];
    static float maps[HP_MAPS * HP_CHUNK], centre[HP_CHUNK], scale[HP_CHUNK], want[4][HP_CHUNK], got[4][HP_CHUNK];
    uint32_t fourth[2][HP_CHUNK], fifth[2][HP_CHUNK];
    const uint32_t *rows[HP_RING];
    const float factors[HP_MAPS] = {0.1f, 0.2f, 0.15f, 0.12f};
    for (size_t i = 0; i < HP_CHUNK; i++) {
        for (size_t k = 0; k < HP_RING; k++)
            ring[k][i] = (uint32_t)rand() % 1000;
        sums[i] = rand() % 2000 - 1000;
        centre[i] = (float)(rand() % 100) / 7;
        scale[i] = (float)(1 + rand() % 100) / 33;
    }
    for (size_t i = 0; i < HP_MAPS * HP_CHUNK; i++)
        maps[i] = (float)(rand() % 2000 - 1000) / 50;
    for (size_t k = 0; k < HP_RING; k++)
        rows[k] = ring[k];
    for (hp_cpu level = HP_CPU_PLAIN; level <= HP_CPU_V4; level++) {
        hp_cpu chosen;
        if (hp_cpu_choose(level, &chosen, NULL))
            continue;
        const hp_kernels *kernels = hp_kernels_of(chosen);
        int n = level == HP_CPU_PLAIN ? 0 : 1;
        float(*out)[HP_CHUNK] = n ? got : want;
        kernels->middle(rows, HP_CHUNK, fourth[n], fifth[n]);
        kernels->energy(rows[0], fourth[n], fifth[n], 0.01f, HP_CHUNK, out[3]);
        kernels->normalise(sums, centre, scale, HP_CHUNK, out[0]);
        kernels->normalise_energy(maps, centre, scale, HP_CHUNK, out[1]);
        kernels->score(maps, factors, sums, HP_CHUNK, out[2]);
        if (n) {
            assert_memory_equal(want, got, sizeof want);
            assert_memory_equal(fourth[0], fourth[1], sizeof fourth[0]);
            assert_memory_equal(fifth[0], fifth[1], sizeof fifth[0]);
        }
    }
    for (size_t i = 0; i < HP_CHUNK; i++) {
        int s[HP_RING];
        for (size_t k = 0; k < HP_RING; k++)
            s[k] = (int)ring[k][i];
        qsort(s, HP_RING, sizeof *s, compare);
        assert_int_equal(fourth[0][i], s[3]);
        assert_int_equal(fifth[0][i], s[4]);
        double ln = log(ring[0][i] * 0.01 + 0.02) - (log(s[3] * 0.01 + 0.02) + log(s[4] * 0.01 + 0.02)) / 2;
        assert_true(fabs((double)want[3][i] - ln) < 2e-6);
        float best = 0;
        for (size_t m = 0; m < HP_MAPS; m++) {
            float v = maps[m * HP_CHUNK + i] * factors[m];
            v = m < 3 ? v : v > fabsf(best) ? (sums[i] < 0 ? -v : v) : 0; /* energy */
            best = fabsf(v) > fabsf(best) ? v : best;
        }
        assert_true(want[2][i] == best);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_level_gives_the_same_maps_and_scores),
    };
    return cmocka_run_group_tests_name("kernels of maps", tests, NULL, NULL);
}

/*
 * Every kernel of every level against the shortest correct C, with odd lengths and offsets; and what each costs,
 * when asked: test_kernels --bench prints ns a sample.
 */
#include "base/cpu.h"
#include "stats/kernels.h"
#include "tests.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { STRIDE = HP_CHUNK + 64, ROWS = 5, CASES = 40 };

static uint16_t image16[ROWS * STRIDE + 64];
static uint8_t image8[ROWS * STRIDE + 64];

static void fill_images(unsigned seed)
{
    srand(seed);
    for (size_t i = 0; i < sizeof image8; i++) {
        int flat = seed % 3 == 0;
        image8[i] = (uint8_t)(flat ? 100 + rand() % 3 : rand());
        image16[i] = (uint16_t)(flat ? 1000 + rand() % 3 : rand());
    }
}

static unsigned sample(bool wide, size_t at)
{
    return wide ? image16[at] : image8[at];
}

static const void *address(bool wide, size_t at)
{
    return wide ? (const void *)(image16 + at) : (const void *)(image8 + at);
}

static unsigned value(bool wide, const void *array, size_t i)
{
    return wide ? ((const uint16_t *)array)[i] : ((const uint8_t *)array)[i];
}

static int compare(const void *a, const void *b)
{
    return *(const int *)a - *(const int *)b;
}

static const ptrdiff_t offsets[HP_RING] = {-2 * STRIDE - 2, -2 * STRIDE, -2 * STRIDE + 2, -2, 2,
                                           2 * STRIDE - 2,  2 * STRIDE,  2 * STRIDE + 2};

typedef void check(const hp_sample_kernels *k, bool wide, size_t first, size_t count);

/* All levels of this machine, both types of sample, many lengths and offsets. */
static void for_all(check *run)
{
    for (hp_cpu level = HP_CPU_PLAIN; level <= HP_CPU_V4; level++) {
        hp_cpu chosen;
        if (hp_cpu_choose(level, &chosen, NULL))
            continue;
        const hp_kernels *kernels = hp_kernels_of(chosen);
        for (unsigned seed = 0; seed < CASES; seed++) {
            fill_images(seed);
            size_t count = seed == 0 ? HP_CHUNK : 1 + (size_t)rand() % HP_CHUNK,
                   first = 2 * STRIDE + 2 + (size_t)rand() % 60;
            run(&kernels->bits8, false, first, count);
            run(&kernels->bits16, true, first, count);
        }
    }
}

static void check_ring(const hp_sample_kernels *k, bool wide, size_t first, size_t count)
{
    uint16_t e[HP_CHUNK], q[HP_CHUNK];
    k->ring(address(wide, first), offsets, count, e, q);
    for (size_t i = 0; i < count; i++) {
        int s[HP_RING];
        for (int n = 0; n < HP_RING; n++)
            s[n] = (int)sample(wide, first + i + (size_t)offsets[n]);
        qsort(s, HP_RING, sizeof *s, compare);
        assert_int_equal(value(wide, e, i), (s[3] + s[4] + 1) >> 1);
        assert_int_equal(value(wide, q, i), s[6] - s[1]);
    }
}

static void check_two(const hp_sample_kernels *k, bool wide, size_t first, size_t count)
{
    uint16_t mask[HP_CHUNK], e[HP_CHUNK], q[HP_CHUNK], one_e[2][HP_CHUNK], one_q[2][HP_CHUNK];
    ptrdiff_t other[HP_RING];
    for (int n = 0; n < HP_RING; n++)
        other[n] = offsets[n] / 2;
    for (size_t i = 0; i < count; i++)
        memset((uint8_t *)mask + (wide ? 2 * i : i), i % 2 ? 0xff : 0, wide ? 2 : 1);
    k->ring(address(wide, first), offsets, count, one_e[0], one_q[0]);
    k->ring(address(wide, first), other, count, one_e[1], one_q[1]);
    k->ring_of_two(address(wide, first), offsets, other, mask, count, e, q);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(value(wide, e, i), value(wide, one_e[i % 2], i));
        assert_int_equal(value(wide, q, i), value(wide, one_q[i % 2], i));
    }
}

static void check_pick(const hp_sample_kernels *k, bool wide, size_t first, size_t count)
{
    uint16_t mask[HP_CHUNK], out[HP_CHUNK], before[HP_CHUNK];
    memcpy(before, address(wide, first + 1), count * (wide ? 2 : 1));
    memcpy(out, before, sizeof out);
    for (size_t i = 0; i < count; i++) {
        ((uint8_t *)mask)[wide ? 2 * i : i] = i % 3 ? 0xff : 0;
        ((uint8_t *)mask)[wide ? 2 * i + 1 : i] = i % 3 ? 0xff : 0;
    }
    k->pick(address(wide, first), mask, count, out);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(value(wide, out, i), i % 3 ? sample(wide, first + i) : value(wide, before, i));
}

static void check_squares(const hp_sample_kernels *k, bool wide, size_t first, size_t count)
{
    float squares[HP_CHUNK];
    k->squares(address(wide, first), address(wide, first + 3), count, squares);
    for (size_t i = 0; i < count; i++) {
        float r = (float)((int)sample(wide, first + i) - (int)sample(wide, first + i + 3));
        assert_true(squares[i] == r * r);
    }
}

/* The variance of docs/method.md, "z", for a level e; in the order of the kernel, so that all bits are alike. */
static float variance_of(const hp_noise *n, unsigned e)
{
    float light = (int)e > n->black ? (float)((int)e - n->black) : 0;
    return n->dark + light * (n->by_light + light * n->by_light2);
}

static float pair(float a, float b, float variance)
{
    return 8 * fminf(a, b) + fminf(fmaxf(a, b), 48 * variance);
}

static void check_z(const hp_sample_kernels *k, bool wide, size_t first, size_t count)
{
    uint16_t e[HP_CHUNK], q[HP_CHUNK];
    int8_t z[HP_CHUNK];
    static float rows[3][HP_CHUNK + 2];
    const float *const squares[3] = {rows[0] + 1, rows[1] + 1, rows[2] + 1};
    const hp_noise noises[] = {{1, 0, 0, 0}, {2.25f, 0.3f, 4e-4f, 101}, {900.5f, 17.1f, 4e-4f, 0}};
    k->ring(address(wide, first), offsets, count, e, q);
    for (int row = 0; row < 3; row++)
        for (size_t i = 0; i < HP_CHUNK + 2; i++)
            rows[row][i] = (float)(rand() % 4000) * (float)(rand() % 50);
    for (size_t s = 0; s < sizeof noises / sizeof *noises; s++) {
        k->z(address(wide, first), e, q, squares, &noises[s], count, z);
        for (size_t i = 0; i < count; i++) {
            const float *up = &rows[0][i], *own = &rows[1][i], *down = &rows[2][i];
            float v = variance_of(&noises[s], value(wide, e, i));
            float straight = pair(own[0], own[2], v) + pair(up[1], down[1], v);
            float around = (straight + (pair(up[0], down[2], v) + pair(up[2], down[0], v))) / 16;
            int r = (int)sample(wide, first + i) - (int)value(wide, e, i);
            float divisor = 4 * sqrtf(v + around) + (float)value(wide, q, i);
            float exact = rintf((float)(64 * r) / divisor);
            assert_int_equal(z[i], exact > 64 ? 64 : exact < -64 ? -64 : (int)exact);
        }
    }
}

static void check_z_developed(const hp_sample_kernels *k, bool wide, size_t first, size_t count)
{
    uint16_t e[HP_CHUNK], q[HP_CHUNK];
    int8_t z[HP_CHUNK];
    const size_t ways[] = {1, STRIDE - 1, STRIDE, STRIDE + 1};
    const float sigmas[] = {1.0f, 1.4826f, 7.413f, 200.5f};
    k->ring(address(wide, first), offsets, count, e, q);
    for (size_t s = 0; s < 4; s++) {
        k->z_developed(address(wide, first), STRIDE, e, q, sigmas[s], count, z);
        for (size_t i = 0; i < count; i++) {
            size_t at = first + i;
            unsigned g = 0;
            for (int w = 0; w < 4; w++)
                g += (unsigned)abs((int)sample(wide, at + ways[w]) - (int)sample(wide, at - ways[w]));
            int r = (int)sample(wide, at) - (int)value(wide, e, i);
            float exact = rintf((float)(512 * r) / (24 * sigmas[s] + (float)(12 * value(wide, q, i) + 3 * g)));
            assert_int_equal(z[i], exact > 64 ? 64 : exact < -64 ? -64 : (int)exact);
        }
    }
}

typedef struct expected {
    int64_t s1, st, sg, s1h, s2, sx, se, sxx, see, sxe;
    unsigned min, max;
} expected;

static int64_t square(bool wide, const void *sums, size_t i)
{
    return wide ? (int64_t)((const uint64_t *)sums)[i] : (int64_t)((const uint32_t *)sums)[i];
}

static void compare_sums(const hp_sums *s, const expected *want, bool wide, size_t i)
{
    assert_int_equal(s->s1[i], want->s1);
    assert_int_equal(s->st[i], want->st);
    assert_int_equal(s->sg[i], want->sg);
    assert_int_equal(s->s1h[i], want->s1h);
    assert_int_equal(s->s2[i], want->s2);
    assert_int_equal(s->sx[i], want->sx);
    assert_int_equal(s->se[i], want->se);
    assert_int_equal(square(wide, s->sxx, i), want->sxx);
    assert_int_equal(square(wide, s->see, i), want->see);
    assert_int_equal(square(wide, s->sxe, i), want->sxe);
    assert_int_equal(value(wide, s->min, i), want->min);
    assert_int_equal(value(wide, s->max, i), want->max);
}

static void add_expected(expected *want, unsigned x, unsigned e, int z, const hp_chunk *c)
{
    want->s1 += z;
    want->st += z * c->wt;
    want->sg += z * c->wg;
    want->s1h += c->odd ? z : 0;
    want->s2 += z * z;
    want->sx += x;
    want->se += e;
    want->sxx += (int64_t)x * x;
    want->see += (int64_t)e * e;
    want->sxe += (int64_t)x * e;
    want->min = x < want->min ? x : want->min;
    want->max = x > want->max ? x : want->max;
}

static uint64_t sum_memory[12][HP_CHUNK];

static hp_sums empty_sums(void)
{
    memset(sum_memory, 0, sizeof sum_memory);
    memset(sum_memory[10], 0xff, sizeof sum_memory[10]);
    return (hp_sums){(int32_t *)sum_memory[0],
                     (int32_t *)sum_memory[1],
                     (int32_t *)sum_memory[2],
                     (int32_t *)sum_memory[3],
                     (uint32_t *)sum_memory[4],
                     (uint32_t *)sum_memory[5],
                     (uint32_t *)sum_memory[6],
                     sum_memory[7],
                     sum_memory[8],
                     sum_memory[9],
                     sum_memory[10],
                     sum_memory[11]};
}

static void check_add(const hp_sample_kernels *k, bool wide, size_t first, size_t count)
{
    uint16_t e[HP_TOGETHER][HP_CHUNK];
    int8_t z[HP_TOGETHER][HP_CHUNK];
    hp_chunk chunks[HP_TOGETHER];
    for (size_t p = 0; p < HP_TOGETHER; p++) {
        for (size_t i = 0; i < HP_CHUNK; i++)
            z[p][i] = (int8_t)(p == 0 ? 64 : p == 1 ? -64 : rand() % 129 - 64); /* the extremes among them */
        memcpy(e[p], address(wide, first + 7 * p + 60), HP_CHUNK * (wide ? 2 : 1));
        chunks[p] =
            (hp_chunk){address(wide, first + 11 * p), e[p],      z[p], (int16_t)(p < 2 ? 255 : 1 + rand() % 255),
                       (int16_t)(1 + rand() % 255),   p % 2 == 1};
    }
    for (unsigned photos = 1; photos <= HP_TOGETHER; photos++) {
        hp_sums sums = empty_sums();
        k->add(chunks, photos, count, &sums);
        k->add(chunks, photos, count, &sums);
        for (size_t i = 0; i < count; i++) {
            expected want = {.min = wide ? 65535 : 255};
            for (unsigned p = 0; p < 2 * photos; p++)
                add_expected(&want, sample(wide, first + 11 * (p % photos) + i), value(wide, e[p % photos], i),
                             z[p % photos][i], &chunks[p % photos]);
            compare_sums(&sums, &want, wide, i);
        }
    }
}

static void check_add_squares(const hp_sample_kernels *k, bool wide, size_t first, size_t count)
{
    static uint32_t sum[HP_CHUNK];
    static uint64_t squares[HP_CHUNK];
    const void *rows[HP_TOGETHER];
    for (size_t p = 0; p < HP_TOGETHER; p++)
        rows[p] = address(wide, first + 13 * p);
    for (unsigned photos = 1; photos <= HP_TOGETHER; photos++) {
        memset(sum, 0, sizeof sum);
        memset(squares, 0, sizeof squares);
        k->add_squares(rows, photos, count, sum, squares);
        for (size_t i = 0; i < count; i++) {
            int64_t want = 0, want2 = 0;
            for (size_t p = 0; p < photos; p++) {
                int64_t x = sample(wide, first + 13 * p + i);
                want += x;
                want2 += x * x;
            }
            assert_int_equal(sum[i], want);
            assert_int_equal(square(wide, squares, i), want2);
        }
    }
}

static void check_sum(const hp_sample_kernels *k, bool wide, size_t first, size_t count)
{
    uint64_t want = 0;
    for (size_t i = 0; i < count; i++)
        want += sample(wide, first + i);
    assert_int_equal(k->sum(address(wide, first), count), want);
}

static void every_level_takes_the_ring_that_sorting_gives(void **state)
{
    (void)state;
    for_all(check_ring);
}

static void every_level_takes_either_ring_by_the_mask(void **state)
{
    (void)state;
    for_all(check_two);
}

static void every_level_picks_by_the_mask(void **state)
{
    (void)state;
    for_all(check_pick);
}

static void every_level_squares_what_is_beyond_the_ring(void **state)
{
    (void)state;
    for_all(check_squares);
}

static void every_level_rounds_z_to_the_nearest_even(void **state)
{
    (void)state;
    for_all(check_z);
}

static void every_level_holds_developed_pixels_to_those_beside_them(void **state)
{
    (void)state;
    for_all(check_z_developed);
}

static void every_level_adds_the_same_sums(void **state)
{
    (void)state;
    for_all(check_add);
}

static void every_level_adds_the_same_squares(void **state)
{
    (void)state;
    for_all(check_add_squares);
}

static void every_level_sums_the_same(void **state)
{
    (void)state;
    for_all(check_sum);
}

static double now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return 1e9 * (double)now.tv_sec + (double)now.tv_nsec;
}

static void bench_type(const hp_kernels *kernels, bool wide)
{
    enum { ROUNDS = 20000 };
    const hp_sample_kernels *k = wide ? &kernels->bits16 : &kernels->bits8;
    uint16_t e[HP_CHUNK], q[HP_CHUNK];
    int8_t z[HP_CHUNK];
    const void *x = address(wide, 2 * STRIDE + 2), *rows[HP_TOGETHER] = {x, x, x, x};
    hp_sums sums = empty_sums();
    hp_chunk chunks[HP_TOGETHER];
    for (int p = 0; p < HP_TOGETHER; p++)
        chunks[p] = (hp_chunk){x, e, z, 16, 17, p % 2};
    double t[7] = {now_ns()};
    for (int i = 0; i < ROUNDS; i++)
        k->ring(x, offsets, HP_CHUNK, e, q);
    t[1] = now_ns();
    static float row[HP_CHUNK + 2];
    const float *const squares[3] = {row + 1, row + 1, row + 1};
    for (int i = 0; i < ROUNDS; i++) {
        k->squares(x, e, HP_CHUNK, row + 1);
        k->z(x, e, q, squares, &(hp_noise){4, 0.1f, 4e-4f, 0}, HP_CHUNK, z);
    }
    t[2] = now_ns();
    for (int i = 0; i < ROUNDS; i++)
        k->add(chunks, 1, HP_CHUNK, &sums);
    t[3] = now_ns();
    for (int i = 0; i < ROUNDS; i++)
        k->add(chunks, HP_TOGETHER, HP_CHUNK, &sums);
    t[4] = now_ns();
    for (int i = 0; i < ROUNDS; i++)
        k->add_squares(rows, HP_TOGETHER, HP_CHUNK, (uint32_t *)sum_memory[0], sum_memory[7]);
    t[5] = now_ns();
    for (int i = 0; i < ROUNDS; i++)
        k->z_developed(x, STRIDE, e, q, 1.4826f, HP_CHUNK, z);
    t[6] = now_ns();
    double samples = (double)ROUNDS * HP_CHUNK;
    printf("%-6s %2d  %6.3f %6.3f %6.3f %6.3f %6.3f %6.3f\n", kernels->level, wide ? 16 : 8, (t[1] - t[0]) / samples,
           (t[2] - t[1]) / samples, (t[3] - t[2]) / samples, (t[4] - t[3]) / samples / HP_TOGETHER,
           (t[5] - t[4]) / samples / HP_TOGETHER, (t[6] - t[5]) / samples);
}

static int bench(void)
{
    fill_images(1);
    printf("ns a sample and photo (z with its squares)\nlevel bits   ring      z   add1   add4 squares4 z developed\n");
    for (hp_cpu level = HP_CPU_PLAIN; level <= HP_CPU_V4; level++) {
        hp_cpu chosen;
        if (hp_cpu_choose(level, &chosen, NULL))
            continue;
        bench_type(hp_kernels_of(chosen), false);
        bench_type(hp_kernels_of(chosen), true);
    }
    return 0;
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "--bench") == 0)
        return bench();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_level_takes_the_ring_that_sorting_gives),
        cmocka_unit_test(every_level_takes_either_ring_by_the_mask),
        cmocka_unit_test(every_level_picks_by_the_mask),
        cmocka_unit_test(every_level_squares_what_is_beyond_the_ring),
        cmocka_unit_test(every_level_rounds_z_to_the_nearest_even),
        cmocka_unit_test(every_level_holds_developed_pixels_to_those_beside_them),
        cmocka_unit_test(every_level_adds_the_same_sums),
        cmocka_unit_test(every_level_adds_the_same_squares),
        cmocka_unit_test(every_level_sums_the_same),
    };
    return cmocka_run_group_tests_name("kernels", tests, NULL, NULL);
}

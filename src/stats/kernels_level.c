/*
 * The kernels, written once and compiled for each level (HP_LEVEL names it): plain loops that the compiler vectorises.
 * kernels_samples.h holds the text for one type of sample.
 */
#include "stats/kernels.h"

#include <math.h>
#include <string.h>

#define HP_JOIN3(a, b, c) a##b##c
#define HP_JOIN(a, b, c) HP_JOIN3(a, b, c)
#define HP_TABLE HP_JOIN(hp_kernels_, HP_LEVEL, )
#define HP_TEXT2(x) #x
#define HP_TEXT(x) HP_TEXT2(x)

/*
 * How often `unit`, a power of 2, goes into a quotient: rounded to the nearest even integer and cut. Adding
 * 1.5 * 2^23 units leaves no bit for less than one, so that the low bits of the sum are that integer; and the bits of
 * floats of one sign are in their order. Unlike rintf it vectorises on every level.
 */
static inline int8_t in_units(float quotient, float unit)
{
    const float zero = unit * 0x1.8p23f;
    float sum = quotient + zero;
    int32_t none, bits;
    memcpy(&none, &zero, sizeof none);
    memcpy(&bits, &sum, sizeof bits);
    bits = bits < none + HP_Z_LIMIT ? bits : none + HP_Z_LIMIT;
    bits = bits > none - HP_Z_LIMIT ? bits : none - HP_Z_LIMIT;
    return (int8_t)bits;
}

/*
 * Sorts s0..s7 with Batcher's odd-even merge sort, 19 comparators (Knuth, The Art of Computer Programming 3, 5.3.4).
 * Scalars and a macro instead of an array and a function: only so does the compiler vectorise the loop around it.
 */
#define ORDER(type, a, b)                                                                                              \
    do {                                                                                                               \
        type low_ = (a) < (b) ? (a) : (b);                                                                             \
        (b) = (a) < (b) ? (b) : (a);                                                                                   \
        (a) = low_;                                                                                                    \
    } while (0)
#define ORDER4(type, a, b, c, d, e, f, g, h)                                                                           \
    ORDER(type, a, b);                                                                                                 \
    ORDER(type, c, d);                                                                                                 \
    ORDER(type, e, f);                                                                                                 \
    ORDER(type, g, h)
#define SORT_RING(type)                                                                                                \
    ORDER4(type, s0, s1, s2, s3, s4, s5, s6, s7);                                                                      \
    ORDER4(type, s0, s2, s1, s3, s4, s6, s5, s7);                                                                      \
    ORDER4(type, s1, s2, s5, s6, s0, s4, s3, s7);                                                                      \
    ORDER4(type, s1, s5, s2, s6, s1, s4, s3, s6);                                                                      \
    ORDER(type, s2, s4);                                                                                               \
    ORDER(type, s3, s5);                                                                                               \
    ORDER(type, s3, s4)

static void middle(const uint32_t *const rows[HP_RING], size_t count, uint32_t *fourth, uint32_t *fifth)
{
    const uint32_t *n0 = rows[0], *n1 = rows[1], *n2 = rows[2], *n3 = rows[3];
    const uint32_t *n4 = rows[4], *n5 = rows[5], *n6 = rows[6], *n7 = rows[7];
#pragma GCC ivdep
    for (size_t i = 0; i < count; i++) {
        uint32_t s0 = n0[i], s1 = n1[i], s2 = n2[i], s3 = n3[i], s4 = n4[i], s5 = n5[i], s6 = n6[i], s7 = n7[i];
        SORT_RING(uint32_t);
        fourth[i] = s3;
        fifth[i] = s4;
    }
}

/*
 * ln x of a positive normal number, to 1e-7 of its size: the exponent, and for the mantissa m in [0.7, 1.4]
 * ln m = 2 atanh((m - 1)/(m + 1)) by its series. Unlike logf it vectorises, and gives the same bits on every level.
 */
static inline float logarithm(float x)
{
    const int32_t sqrt_half = 0x3f3504f3; /* the bits of sqrt(1/2) */
    int32_t bits;
    memcpy(&bits, &x, sizeof bits);
    int32_t exponent = (bits - sqrt_half) >> 23;
    bits -= exponent * (1 << 23);
    float m;
    memcpy(&m, &bits, sizeof m);
    float s = (m - 1) / (m + 1), s2 = s * s;
    float series = 2 * s * (1 + s2 * (1.0f / 3 + s2 * (1.0f / 5 + s2 * (1.0f / 7 + s2 * (1.0f / 9)))));
    return (float)exponent * 0.69314718f + series;
}

/* 0.02 keeps a logarithm where z is always 0, as in clipped skies. One logarithm a pixel: of a quotient of squares. */
static void energy(const uint32_t *centre, const uint32_t *fourth, const uint32_t *fifth, float scale, size_t count,
                   float *restrict out)
{
    for (size_t i = 0; i < count; i++) {
        float v = (float)(int32_t)centre[i] * scale + 0.02f;
        float a = (float)(int32_t)fourth[i] * scale + 0.02f, b = (float)(int32_t)fifth[i] * scale + 0.02f;
        out[i] = 0.5f * logarithm(v * v / (a * b));
    }
}

static void normalise(const int32_t *sums, const float *centre, const float *scale, size_t count, float *restrict out)
{
    for (size_t i = 0; i < count; i++)
        out[i] = ((float)sums[i] - centre[i]) * scale[i];
}

static void normalise_energy(const float *energy, const float *centre, const float *scale, size_t count,
                             float *restrict out)
{
    for (size_t i = 0; i < count; i++) {
        float value = (energy[i] - centre[i]) * scale[i];
        out[i] = value > 0 ? value : 0;
    }
}

static inline float size_of(float value)
{
    return value < 0 ? -value : value;
}

static void score(const float *maps, const float factors[HP_MAPS], const int32_t *s1, size_t count, float *restrict out)
{
    const float *z = maps, *zt = maps + count, *zg = maps + 2 * count, *energy = maps + 3 * count;
    for (size_t i = 0; i < count; i++) {
        float best = z[i] * factors[0], t = zt[i] * factors[1], g = zg[i] * factors[2], e = energy[i] * factors[3];
        best = size_of(t) > size_of(best) ? t : best;
        best = size_of(g) > size_of(best) ? g : best;
        float with_sign = s1[i] < 0 ? -e : e;
        out[i] = e > size_of(best) ? with_sign : best;
    }
}

#define HP_LARGER_MOST 48 /* variances */

/* Of two pixels opposite to each other: the lesser tells the scene, the larger may be a bad pixel itself. */
static inline float restless(float a, float b, float most)
{
    float lesser = a < b ? a : b, larger = a < b ? b : a;
    return 8 * lesser + (larger < most ? larger : most);
}

#define SAMPLE uint8_t
#define PRODUCT uint16_t
#define SQUARE uint32_t
#define NAME(x) x##_8
#include "stats/kernels_samples.h"
#undef SAMPLE
#undef PRODUCT
#undef SQUARE
#undef NAME

#define SAMPLE uint16_t
#define PRODUCT uint32_t
#define SQUARE uint64_t
#define NAME(x) x##_16
#include "stats/kernels_samples.h"
#undef SAMPLE
#undef PRODUCT
#undef SQUARE
#undef NAME

extern const hp_kernels HP_TABLE;
const hp_kernels HP_TABLE = {
    HP_TEXT(HP_LEVEL),
    {ring_8, ring_of_two_8, pick_8, squares_8, z_8, z_developed_8, add_8, add_squares_8, sum_8},
    {ring_16, ring_of_two_16, pick_16, squares_16, z_16, z_developed_16, add_16, add_squares_16, sum_16},
    middle,
    energy,
    normalise,
    normalise_energy,
    score,
};

/* The kernels for one type of sample: included by kernels_level.c with SAMPLE, PRODUCT (holds
 * the product of two samples, or the sum of HP_TOGETHER), SQUARE (the sum of many) and NAME defined. */

static void NAME(ring)(const void *x, const ptrdiff_t offsets[HP_RING], size_t count, void *e, void *q)
{
    const SAMPLE *centre = x;
    const SAMPLE *n0 = centre + offsets[0], *n1 = centre + offsets[1], *n2 = centre + offsets[2],
                 *n3 = centre + offsets[3];
    const SAMPLE *n4 = centre + offsets[4], *n5 = centre + offsets[5], *n6 = centre + offsets[6],
                 *n7 = centre + offsets[7];
    SAMPLE *restrict e_out = e, *restrict q_out = q;
#pragma GCC ivdep
    for (size_t i = 0; i < count; i++) {
        SAMPLE s0 = n0[i], s1 = n1[i], s2 = n2[i], s3 = n3[i], s4 = n4[i], s5 = n5[i], s6 = n6[i], s7 = n7[i];
        SORT_RING(SAMPLE);
        e_out[i] = (SAMPLE)((s3 + s4 + 1) >> 1);
        q_out[i] = (SAMPLE)(s6 - s1);
    }
}

/* A neighbour is chosen before sorting, by three operations on bits: a conditional would not vectorise everywhere. */
#define EITHER(k) (SAMPLE)(a##k[i] ^ ((a##k[i] ^ b##k[i]) & mask_in[i]))

static void NAME(ring_of_two)(const void *x, const ptrdiff_t a[HP_RING], const ptrdiff_t b[HP_RING], const void *mask,
                              size_t count, void *e, void *q)
{
    const SAMPLE *centre = x, *mask_in = mask;
    const SAMPLE *a0 = centre + a[0], *a1 = centre + a[1], *a2 = centre + a[2], *a3 = centre + a[3];
    const SAMPLE *a4 = centre + a[4], *a5 = centre + a[5], *a6 = centre + a[6], *a7 = centre + a[7];
    const SAMPLE *b0 = centre + b[0], *b1 = centre + b[1], *b2 = centre + b[2], *b3 = centre + b[3];
    const SAMPLE *b4 = centre + b[4], *b5 = centre + b[5], *b6 = centre + b[6], *b7 = centre + b[7];
    SAMPLE *restrict e_out = e, *restrict q_out = q;
#pragma GCC ivdep
    for (size_t i = 0; i < count; i++) {
        SAMPLE s0 = EITHER(0), s1 = EITHER(1), s2 = EITHER(2), s3 = EITHER(3);
        SAMPLE s4 = EITHER(4), s5 = EITHER(5), s6 = EITHER(6), s7 = EITHER(7);
        SORT_RING(SAMPLE);
        e_out[i] = (SAMPLE)((s3 + s4 + 1) >> 1);
        q_out[i] = (SAMPLE)(s6 - s1);
    }
}
#undef EITHER

static void NAME(pick)(const void *some, const void *mask, size_t count, void *out)
{
    const SAMPLE *some_in = some, *mask_in = mask;
    SAMPLE *restrict kept = out;
#pragma GCC ivdep
    for (size_t i = 0; i < count; i++)
        kept[i] = (SAMPLE)((some_in[i] & mask_in[i]) | (kept[i] & ~mask_in[i]));
}

/* (x - e)^2 */
static void NAME(squares)(const void *x, const void *e, size_t count, float *restrict squares)
{
    const SAMPLE *x_in = x, *e_in = e;
#pragma GCC ivdep
    for (size_t i = 0; i < count; i++) {
        float r = (float)((int32_t)x_in[i] - (int32_t)e_in[i]);
        squares[i] = r * r;
    }
}

/* By 4 (docs/method.md, "z"), but for the difference itself: the units are the smaller for it. */
static void NAME(z)(const void *x, const void *e, const void *q, const float *const squares[3], const hp_noise *noise,
                    size_t count, int8_t *restrict z)
{
    const SAMPLE *x_in = x, *e_in = e, *q_in = q;
    const float *up = squares[0], *beside = squares[1], *down = squares[2];
    float dark = noise->dark, by_light = noise->by_light, by_light2 = noise->by_light2;
    int32_t black = noise->black;
#pragma GCC ivdep
    for (ptrdiff_t i = 0; i < (ptrdiff_t)count; i++) {
        float over = (float)((int32_t)e_in[i] - black), light = over > 0 ? over : 0;
        float r = (float)((int32_t)x_in[i] - (int32_t)e_in[i]);
        float variance = dark + light * (by_light + light * by_light2), most = HP_LARGER_MOST * variance;
        float straight = restless(beside[i - 1], beside[i + 1], most) + restless(up[i], down[i], most);
        float across = restless(up[i - 1], down[i + 1], most) + restless(up[i + 1], down[i - 1], most);
        float around = 0.0625f * (straight + across);
        float divisor = 4 * sqrtf(variance + around) + (float)q_in[i];
        z[i] = in_units(r / divisor, 1.0f / 64);
    }
}

/* |a - b|: the larger less the smaller of each, which vectorises for bytes, too. */
static inline SAMPLE NAME(apart)(SAMPLE a, SAMPLE b)
{
    SAMPLE larger = a > b ? a : b, smaller = a < b ? a : b;
    return (SAMPLE)(larger - smaller);
}

/* By 32 (docs/method.md, "z"), but for the difference itself: the units are the smaller for it. */
static void NAME(z_developed)(const void *x, ptrdiff_t stride, const void *e, const void *q, float sigma, size_t count,
                              int8_t *restrict z)
{
    const SAMPLE *x_in = x, *e_in = e, *q_in = q, *up = x_in - stride, *down = x_in + stride;
    const SAMPLE *left = x_in - 1, *right = x_in + 1, *up_left = up - 1, *down_right = down + 1;
    const SAMPLE *up_right = up + 1, *down_left = down - 1;
    float noise = 24 * sigma;
#pragma GCC ivdep
    for (size_t i = 0; i < count; i++) {
        PRODUCT across = (PRODUCT)(NAME(apart)(left[i], right[i]) + NAME(apart)(up[i], down[i]));
        PRODUCT diagonal = (PRODUCT)(NAME(apart)(up_left[i], down_right[i]) + NAME(apart)(up_right[i], down_left[i]));
        PRODUCT scene = (PRODUCT)(3 * (PRODUCT)((PRODUCT)(4 * (PRODUCT)q_in[i]) + (PRODUCT)(across + diagonal)));
        float r = (float)((int32_t)x_in[i] - (int32_t)e_in[i]);
        z[i] = in_units(r / (noise + (float)(int32_t)scene), 1.0f / 512);
    }
}
/* `photos` is a constant in each of the four uses: the inner loops unroll away. */
static inline __attribute__((always_inline)) void NAME(add_z)(const hp_chunk *chunks, unsigned photos, size_t count,
                                                              const hp_sums *sums)
{
    const int8_t *z[HP_TOGETHER];
    int16_t wt[HP_TOGETHER], wg[HP_TOGETHER], odd[HP_TOGETHER];
    for (unsigned p = 0; p < photos; p++) {
        z[p] = chunks[p].z;
        wt[p] = chunks[p].wt;
        wg[p] = chunks[p].wg;
        odd[p] = chunks[p].odd ? -1 : 0;
    }
    int32_t *restrict s1 = sums->s1, *restrict st = sums->st, *restrict sg = sums->sg, *restrict s1h = sums->s1h;
    uint32_t *restrict s2 = sums->s2;
#pragma GCC ivdep
    for (size_t i = 0; i < count; i++) {
        int16_t z1 = 0, z2 = 0, zh = 0;
        int32_t t = 0, g = 0;
        for (unsigned p = 0; p < photos; p++) {
            int16_t v = z[p][i];
            z1 = (int16_t)(z1 + v);
            zh = (int16_t)(zh + (v & odd[p]));
            z2 = (int16_t)(z2 + (int16_t)(v * v));
        }
        for (unsigned p = 0; p < photos; p += 2) { /* two products of at most 64 * 255 fit in 16 bits: widened once */
            bool two = p + 1 < photos;
            t += (int16_t)(z[p][i] * wt[p] + (two ? z[p + 1][i] * wt[p + 1] : 0));
            g += (int16_t)(z[p][i] * wg[p] + (two ? z[p + 1][i] * wg[p + 1] : 0));
        }
        s1[i] += z1;
        s1h[i] += zh;
        s2[i] += (uint16_t)z2;
        st[i] += t;
        sg[i] += g;
    }
}

static inline __attribute__((always_inline)) void NAME(add_samples)(const hp_chunk *chunks, unsigned photos,
                                                                    size_t count, const hp_sums *sums)
{
    const SAMPLE *x[HP_TOGETHER], *e[HP_TOGETHER];
    for (unsigned p = 0; p < photos; p++) {
        x[p] = chunks[p].x;
        e[p] = chunks[p].e;
    }
    uint32_t *restrict sx = sums->sx, *restrict se = sums->se;
    SQUARE *restrict sxx = sums->sxx, *restrict see = sums->see, *restrict sxe = sums->sxe;
    SAMPLE *restrict low = sums->min, *restrict high = sums->max;
#pragma GCC ivdep
    for (size_t i = 0; i < count; i++) {
        PRODUCT x1 = 0, e1 = 0;
        SQUARE xx = 0, ee = 0, xe = 0;
        for (unsigned p = 0; p < photos; p++) {
            PRODUCT a = x[p][i], b = e[p][i];
            x1 = (PRODUCT)(x1 + a);
            e1 = (PRODUCT)(e1 + b);
            xx += (PRODUCT)(a * a);
            ee += (PRODUCT)(b * b);
            xe += (PRODUCT)(a * b);
        }
        sx[i] += x1;
        se[i] += e1;
        sxx[i] += xx;
        see[i] += ee;
        sxe[i] += xe;
    }
#pragma GCC ivdep
    for (size_t i = 0; i < count; i++) {
        SAMPLE least = low[i], most = high[i];
        for (unsigned p = 0; p < photos; p++) {
            least = x[p][i] < least ? x[p][i] : least;
            most = x[p][i] > most ? x[p][i] : most;
        }
        low[i] = least;
        high[i] = most;
    }
}

static inline __attribute__((always_inline)) void NAME(add_photos)(const hp_chunk *chunks, unsigned photos,
                                                                   size_t count, const hp_sums *sums)
{
    NAME(add_z)(chunks, photos, count, sums);
    NAME(add_samples)(chunks, photos, count, sums);
}

static void NAME(add)(const hp_chunk *chunks, unsigned photos, size_t count, const hp_sums *sums)
{
    switch (photos) {
    case 1:
        NAME(add_photos)(chunks, 1, count, sums);
        break;
    case 2:
        NAME(add_photos)(chunks, 2, count, sums);
        break;
    case 3:
        NAME(add_photos)(chunks, 3, count, sums);
        break;
    default:
        NAME(add_photos)(chunks, 4, count, sums);
        break;
    }
}

static inline __attribute__((always_inline)) void NAME(add_rows)(const void *const *rows, unsigned photos, size_t count,
                                                                 uint32_t *restrict sum, SQUARE *restrict squares)
{
    const SAMPLE *x[HP_TOGETHER];
    for (unsigned p = 0; p < photos; p++)
        x[p] = rows[p];
#pragma GCC ivdep
    for (size_t i = 0; i < count; i++) {
        PRODUCT x1 = 0;
        SQUARE xx = 0;
        for (unsigned p = 0; p < photos; p++) {
            PRODUCT a = x[p][i];
            x1 = (PRODUCT)(x1 + a);
            xx += (PRODUCT)(a * a);
        }
        sum[i] += x1;
        squares[i] += xx;
    }
}

static void NAME(add_squares)(const void *const *rows, unsigned photos, size_t count, uint32_t *sum, void *squares)
{
    switch (photos) {
    case 1:
        NAME(add_rows)(rows, 1, count, sum, squares);
        break;
    case 2:
        NAME(add_rows)(rows, 2, count, sum, squares);
        break;
    case 3:
        NAME(add_rows)(rows, 3, count, sum, squares);
        break;
    default:
        NAME(add_rows)(rows, 4, count, sum, squares);
        break;
    }
}

static uint32_t NAME(sum)(const void *x, size_t count)
{
    const SAMPLE *samples = x;
    uint32_t sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += samples[i];
    return sum;
}

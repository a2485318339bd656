#include "repair/blocks.h"

#include <math.h>
#include <string.h>

enum { SIDE = HP_JPEG_SIDE, CELLS = HP_JPEG_CELLS, DC_MOST = 1024, AC_MOST = 1023 /* of 8 bit samples */ };

/* Measured on camsim: bench/repair.py. */
#define LEAST_ERROR_VARIANCE 0.5f /* of a coefficient: the camera rounded samples before it transformed them */
#define LEAST_SLACK 0.3f          /* quantisation steps; the estimate of the fault is not exact */
#define SLACK_OF_FAULT 0.5f
#define MOST_SLACK 0.5f

static const double pi = 3.14159265358979323846;

/* Quantising spreads the errors of a coefficient evenly over a step: variance step^2 / 12. */
void hp_transform_init(hp_transform *t, const uint16_t quant[CELLS])
{
    hp_precision *p = &t->precision;
    memset(t, 0, sizeof *t);
    for (int f = 0; f < SIDE; f++)
        for (int i = 0; i < SIDE; i++)
            p->basis[f][i] = p->turned[i][f] =
                (float)((f ? 0.5 : sqrt(0.125)) * cos((2 * i + 1) * f * pi / (2 * SIDE)));
    for (int k = 0; k < CELLS; k++) {
        t->step[k] = quant[k];
        float weight = 1 / (t->step[k] * t->step[k] / 12 + LEAST_ERROR_VARIANCE);
        p->of_coefficients[k / SIDE][k % SIDE] = weight;
        for (int i = 0; i < CELLS; i++) {
            float wave = p->basis[k / SIDE][i / SIDE] * p->basis[k % SIDE][i % SIDE];
            p->of_samples[i / SIDE][i % SIDE] += weight * wave * wave;
        }
    }
}

void hp_transform_decode(const hp_transform *t, const hp_jpeg_block block, float *samples)
{
    float half[SIDE][SIDE];
    int used = 0; /* rows of frequencies up to the last one that is not zero */
    for (int f = 0; f < SIDE; f++) {
        float sum[SIDE] = {0};
        for (int k = f * SIDE; k < (f + 1) * SIDE; k++) {
            if (block[k] == 0)
                continue;
            used = f + 1;
            float coefficient = (float)block[k] * t->step[k];
            for (int x = 0; x < SIDE; x++)
                sum[x] += t->precision.basis[k % SIDE][x] * coefficient;
        }
        memcpy(half[f], sum, sizeof sum);
    }
    for (int y = 0; y < SIDE; y++) {
        float sum[SIDE] = {0};
        for (int f = 0; f < used; f++)
            for (int x = 0; x < SIDE; x++)
                sum[x] += t->precision.basis[f][y] * half[f][x];
        memcpy(samples + hp_patch_at(0, y), sum, sizeof sum);
    }
}

static void transform(const hp_transform *t, const float *samples, float out[CELLS])
{
    float half[SIDE][SIDE] = {{0}};
    memset(out, 0, CELLS * sizeof *out);
    for (int f = 0; f < SIDE; f++)
        for (int y = 0; y < SIDE; y++)
            for (int x = 0; x < SIDE; x++)
                half[f][x] += t->precision.basis[f][y] * samples[hp_patch_at(x, y)];
    for (int f = 0; f < SIDE; f++)
        for (int g = 0; g < SIDE; g++)
            for (int x = 0; x < SIDE; x++)
                out[f * SIDE + g] += t->precision.basis[g][x] * half[f][x];
}

/*
 * A coefficient without the fault was anything that lies within half a step of what is stored less the fault: there the
 * estimate is held. So a fault that is small against the step leaves the coefficient as it is, and quantising again
 * adds no error to it.
 */
void hp_transform_encode(const hp_transform *t, const float *found, const float *fault, const hp_jpeg_block block,
                         hp_jpeg_block out)
{
    float estimate[CELLS], off[CELLS];
    transform(t, found, estimate);
    transform(t, fault, off);
    for (int k = 0; k < CELLS; k++) {
        float steps_off = off[k] / t->step[k], middle = (float)block[k] - steps_off;
        float slack = fminf(LEAST_SLACK + SLACK_OF_FAULT * fabsf(steps_off), MOST_SLACK);
        float value = fminf(fmaxf(estimate[k] / t->step[k], middle - slack), middle + slack);
        float most = k == 0 ? DC_MOST : AC_MOST;
        out[k] = (int16_t)lrintf(fminf(fmaxf(value, -most), most));
    }
}

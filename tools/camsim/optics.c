#include "optics.h"

#include <math.h>
#include <stdlib.h>

int cs_optics_open(cs_optics *optics, const cs_scene *scene, float blur_sigma, cs_error *err)
{
    size_t width = (size_t)scene->width, padded = width + 2 * CS_BLUR_REACH;
    *optics = (cs_optics){.scene = scene};
    optics->memory = malloc((3 * padded + CS_BLUR_TAPS * 3 * width) * sizeof *optics->memory);
    if (!optics->memory)
        return cs_fail(err, "no memory for rows of %d pixels", scene->width);
    for (size_t c = 0; c < 3; c++) {
        optics->padded[c] = optics->memory + c * padded;
        for (size_t i = 0; i < CS_BLUR_TAPS; i++)
            optics->ring[i][c] = optics->memory + 3 * padded + (3 * i + c) * width;
    }
    float sum = 0.0f;
    for (int i = 0; i < CS_BLUR_TAPS; i++) {
        float distance = (float)(i - CS_BLUR_REACH) / blur_sigma;
        sum += optics->tap[i] = expf(-0.5f * distance * distance);
    }
    for (int i = 0; i < CS_BLUR_TAPS; i++)
        optics->tap[i] /= sum;
    return 0;
}

/* out[x] = sum of tap[i] in[i][x]; the taps are symmetric. */
static void blend(const float *tap, const float *const in[CS_BLUR_TAPS], int width, float *restrict out)
{
    const float *a = in[0], *b = in[1], *c = in[2], *d = in[3], *e = in[4], *f = in[5], *g = in[6];
    for (int x = 0; x < width; x++)
        out[x] = tap[0] * (a[x] + g[x]) + tap[1] * (b[x] + f[x]) + tap[2] * (c[x] + e[x]) + tap[3] * d[x];
}

static void blur_along_x(cs_optics *optics, int y)
{
    int width = optics->scene->width;
    float *const inner[3] = {optics->padded[0] + CS_BLUR_REACH, optics->padded[1] + CS_BLUR_REACH,
                             optics->padded[2] + CS_BLUR_REACH};
    cs_scene_row(optics->scene, y, inner);
    for (int c = 0; c < 3; c++) {
        const float *in[CS_BLUR_TAPS];
        for (int i = 0; i < CS_BLUR_REACH; i++) {
            optics->padded[c][i] = inner[c][0];
            inner[c][width + i] = inner[c][width - 1];
        }
        for (int i = 0; i < CS_BLUR_TAPS; i++)
            in[i] = optics->padded[c] + i;
        blend(optics->tap, in, width, optics->ring[y % CS_BLUR_TAPS][c]);
    }
}

void cs_optics_row(cs_optics *optics, int y, float *const rgb[3])
{
    int last = optics->scene->height - 1;
    for (; optics->ready <= y + CS_BLUR_REACH && optics->ready <= last; optics->ready++)
        blur_along_x(optics, optics->ready);
    for (int c = 0; c < 3; c++) {
        const float *in[CS_BLUR_TAPS];
        for (int i = 0; i < CS_BLUR_TAPS; i++) {
            int row = y + i - CS_BLUR_REACH;
            row = row < 0 ? 0 : row > last ? last : row;
            in[i] = optics->ring[row % CS_BLUR_TAPS][c];
        }
        blend(optics->tap, in, optics->scene->width, rgb[c]);
    }
}

void cs_optics_close(cs_optics *optics)
{
    free(optics->memory);
    *optics = (cs_optics){0};
}

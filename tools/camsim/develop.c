#include "develop.h"

#include "demosaic.h"
#include "noise_reduction.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { TONES = 16384, LUMA_REACH = 2, LUMA_ROWS = 2 * LUMA_REACH + 1, PAD = 4 };

typedef struct developer {
    const cs_camera *camera;
    const cs_raw *raw;
    float noise_threshold;                     /* 0: no noise reduction */
    int mosaic_ready, toned_ready, luma_ready; /* rows so far */
    float *memory;
    float *mosaic[CS_DEMOSAIC_ROWS + 1]; /* balanced; row y is in [y % (CS_DEMOSAIC_ROWS + 1)] */
    float *rgb[3];
    float *toned[LUMA_ROWS + 1], *blue[LUMA_ROWS + 1], *red[LUMA_ROWS + 1];
    float *luma[LUMA_ROWS + 1]; /* toned, its noise reduced */
    float *blurred;
    float tone[TONES]; /* linear 0..1 to 0..255 */
} developer;

/* sRGB (IEC 61966-2-1), then a fifth of a smooth step for contrast. */
static void fill_tones(float tone[TONES])
{
    for (int i = 0; i < TONES; i++) {
        float v = (float)i / (TONES - 1);
        v = v <= 0.0031308f ? 12.92f * v : 1.055f * powf(v, 1.0f / 2.4f) - 0.055f;
        tone[i] = 255.0f * (0.8f * v + 0.2f * v * v * (3.0f - 2.0f * v));
    }
}

static developer *open_developer(const cs_camera *camera, const cs_raw *raw)
{
    enum { ROWS = CS_DEMOSAIC_ROWS + 1 + 3 + 4 * (LUMA_ROWS + 1) + 1 };
    size_t stride = (size_t)raw->width + 2 * PAD;
    developer *d = calloc(1, sizeof *d);
    if (d)
        d->memory = calloc(ROWS * stride, sizeof *d->memory);
    if (!d || !d->memory) {
        free(d);
        return NULL;
    }
    d->camera = camera;
    d->raw = raw;
    float *next = d->memory + PAD;
    for (int i = 0; i <= CS_DEMOSAIC_ROWS; i++, next += stride)
        d->mosaic[i] = next;
    for (int i = 0; i < 3; i++, next += stride)
        d->rgb[i] = next;
    for (int i = 0; i <= LUMA_ROWS; i++, next += 4 * stride) {
        d->toned[i] = next;
        d->blue[i] = next + stride;
        d->red[i] = next + 2 * stride;
        d->luma[i] = next + 3 * stride;
    }
    d->blurred = next;
    fill_tones(d->tone);
    return d;
}

static void close_developer(developer *d)
{
    if (!d)
        return;
    free(d->memory);
    free(d);
}

/* About the border itself: -1 is 1, -2 is 2. */
static int mirrored(int at, int size)
{
    return at < 0 ? -at : at >= size ? 2 * size - 2 - at : at;
}

static void continue_row(float *row, int width, int reach)
{
    for (int i = 1; i <= reach; i++) {
        row[-i] = row[i];
        row[width - 1 + i] = row[width - 1 - i];
    }
}

static void balance(developer *d, int y)
{
    static const float gains[4] = {CS_RED_GAIN, 1.0f, CS_BLUE_GAIN, 1.0f};
    const cs_cfa *cfa = d->camera->cfa;
    int width = d->raw->width;
    float scale = cs_camera_scale(d->camera);
    float black = CS_BLACK_DN * scale, full = (CS_WHITE_DN - CS_BLACK_DN) * scale;
    const uint16_t *value = d->raw->value + (size_t)y * (size_t)width;
    float *out = d->mosaic[y % (CS_DEMOSAIC_ROWS + 1)];
    for (int phase = 0; phase < cfa->period; phase++) {
        float gain = gains[cfa->colour[y % cfa->period][phase]] / full;
        for (int x = phase; x < width; x += cfa->period) {
            float v = ((float)value[x] - black) * gain;
            out[x] = v > 1.0f ? 1.0f : v;
        }
    }
    continue_row(out, width, CS_DEMOSAIC_REACH);
}

static inline float toned(const float tone[TONES], float linear)
{
    linear = linear < 0.0f ? 0.0f : linear > 1.0f ? 1.0f : linear;
    return tone[(int)(linear * (TONES - 1) + 0.5f)];
}

/* Camera colours to JFIF (ITU-T T.871) luma and differences, without the 128. */
static void tone_row(developer *d, float *restrict luma, float *restrict blue, float *restrict red)
{
    const float *r = d->rgb[0], *g = d->rgb[1], *b = d->rgb[2];
    float m[3][3];
    memcpy(m, d->camera->to_srgb, sizeof m);
    for (int x = 0; x < d->raw->width; x++) {
        float r8 = toned(d->tone, m[0][0] * r[x] + m[0][1] * g[x] + m[0][2] * b[x]);
        float g8 = toned(d->tone, m[1][0] * r[x] + m[1][1] * g[x] + m[1][2] * b[x]);
        float b8 = toned(d->tone, m[2][0] * r[x] + m[2][1] * g[x] + m[2][2] * b[x]);
        float y8 = 0.299f * r8 + 0.587f * g8 + 0.114f * b8;
        luma[x] = y8;
        blue[x] = 0.564334f * (b8 - y8);
        red[x] = 0.713267f * (r8 - y8);
    }
}

static void make_toned(developer *d, int y)
{
    int width = d->raw->width, height = d->raw->height, slot = y % (LUMA_ROWS + 1);
    const float *row[CS_DEMOSAIC_ROWS];
    for (; d->mosaic_ready <= y + CS_DEMOSAIC_REACH && d->mosaic_ready < height; d->mosaic_ready++)
        balance(d, d->mosaic_ready);
    for (int i = 0; i < CS_DEMOSAIC_ROWS; i++)
        row[i] = d->mosaic[mirrored(y + i - CS_DEMOSAIC_REACH, height) % (CS_DEMOSAIC_ROWS + 1)];
    cs_demosaic_row(d->camera->cfa, row, y, width, height, d->rgb);
    tone_row(d, d->toned[slot], d->blue[slot], d->red[slot]);
    continue_row(d->toned[slot], width, 1);
}

static void make_luma(developer *d, int y)
{
    int width = d->raw->width, height = d->raw->height, slot = y % (LUMA_ROWS + 1);
    const float *row[3];
    for (; d->toned_ready <= y + 1 && d->toned_ready < height; d->toned_ready++)
        make_toned(d, d->toned_ready);
    for (int i = 0; i < 3; i++)
        row[i] = d->toned[mirrored(y + i - 1, height) % (LUMA_ROWS + 1)];
    if (d->noise_threshold > 0.0f)
        cs_reduce_noise(row, d->noise_threshold, width, d->luma[slot]);
    else
        memcpy(d->luma[slot], row[1], (size_t)width * sizeof *row[1]);
    continue_row(d->luma[slot], width, LUMA_REACH);
}

/* Unsharp masking against the 5x5 binomial blur (sigma 1). */
static const float *sharpen(developer *d, int y)
{
    int width = d->raw->width, height = d->raw->height;
    float amount = d->camera->sharpening;
    const float *row[LUMA_ROWS];
    for (int i = 0; i < LUMA_ROWS; i++)
        row[i] = d->luma[mirrored(y + i - LUMA_REACH, height) % (LUMA_ROWS + 1)];
    if (amount <= 0.0f)
        return row[LUMA_REACH];
    const float *a = row[0], *b = row[1], *c = row[2], *e = row[3], *f = row[4];
    float *restrict sum = d->blurred;
    for (int x = -LUMA_REACH; x < width + LUMA_REACH; x++)
        sum[x] = a[x] + f[x] + 4.0f * (b[x] + e[x]) + 6.0f * c[x];
    float *restrict out = d->rgb[0];
    for (int x = 0; x < width; x++) {
        float blur = sum[x - 2] + sum[x + 2] + 4.0f * (sum[x - 1] + sum[x + 1]) + 6.0f * sum[x];
        out[x] = c[x] + amount * (c[x] - blur * (1.0f / 256.0f));
    }
    return out;
}

static inline uint8_t to_byte(float value)
{
    value = value < 0.0f ? 0.0f : value > 255.0f ? 255.0f : value;
    return (uint8_t)(int)(value + 0.5f);
}

static void make_row(developer *d, int y, uint8_t *row)
{
    int width = d->raw->width, height = d->raw->height, slot = y % (LUMA_ROWS + 1);
    for (; d->luma_ready <= y + LUMA_REACH && d->luma_ready < height; d->luma_ready++)
        make_luma(d, d->luma_ready);
    const float *luma = sharpen(d, y), *blue = d->blue[slot], *red = d->red[slot];
    if (d->camera->cfa->period == 1) {
        for (int x = 0; x < width; x++)
            row[x] = to_byte(luma[x]);
        return;
    }
    for (int x = 0; x < width; x++) {
        row[3 * x] = to_byte(luma[x]);
        row[3 * x + 1] = to_byte(128.0f + blue[x]);
        row[3 * x + 2] = to_byte(128.0f + red[x]);
    }
}

int cs_develop(cs_picture *picture, const cs_camera *camera, const cs_shot *shot, const cs_raw *raw,
               int has_noise_reduction, cs_error *err)
{
    *picture = (cs_picture){.width = raw->width, .height = raw->height, .components = camera->cfa->period == 1 ? 1 : 3};
    size_t row_size = (size_t)picture->width * (size_t)picture->components;
    developer *d = open_developer(camera, raw);
    picture->value = malloc(row_size * (size_t)picture->height);
    if (!d || !picture->value) {
        close_developer(d);
        cs_picture_free(picture);
        return cs_fail(err, "no memory for a picture of %dx%d pixels", raw->width, raw->height);
    }
    d->noise_threshold = has_noise_reduction ? cs_noise_threshold(shot) : 0.0f;
    for (int y = 0; y < picture->height; y++)
        make_row(d, y, picture->value + (size_t)y * row_size);
    close_developer(d);
    return 0;
}

void cs_picture_free(cs_picture *picture)
{
    free(picture->value);
    *picture = (cs_picture){0};
}

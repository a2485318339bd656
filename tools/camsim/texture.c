#include "texture.h"

#include "random.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SIZE = CS_TEXTURE_SIZE, OCTAVES = 6 };

/* Mean over 2 * radius + 1 values of a ring of SIZE values. */
static void blur_ring(const float *in, float *out, int stride, int radius)
{
    float sum = 0.0f;
    for (int i = -radius; i <= radius; i++)
        sum += in[((i + SIZE) % SIZE) * stride];
    for (int i = 0; i < SIZE; i++) {
        out[i * stride] = sum / (float)(2 * radius + 1);
        sum += in[((i + radius + 1) % SIZE) * stride] - in[((i - radius + SIZE) % SIZE) * stride];
    }
}

static void normalise(float *value, float deviation)
{
    double sum = 0.0, square = 0.0;
    for (int i = 0; i < SIZE * SIZE; i++)
        sum += value[i];
    for (int i = 0; i < SIZE * SIZE; i++)
        square += (value[i] - sum / (SIZE * SIZE)) * (value[i] - sum / (SIZE * SIZE));
    float mean = (float)(sum / (SIZE * SIZE));
    float scale = deviation / (float)sqrt(square / (SIZE * SIZE));
    for (int i = 0; i < SIZE * SIZE; i++)
        value[i] = (value[i] - mean) * scale;
}

static void add_octave(cs_texture *texture, cs_texture *scratch, cs_texture *plane, cs_random *random, int octave)
{
    int radius = (1 << octave) / 2;
    for (int y = 0; y < SIZE; y++)
        for (int x = 0; x < SIZE; x++)
            plane->value[y][x] = (float)cs_random_between(random, -1.0, 1.0);
    for (int pass = 0; pass < 2; pass++) {
        for (int y = 0; y < SIZE; y++)
            blur_ring(plane->value[y], scratch->value[y], 1, radius);
        for (int x = 0; x < SIZE; x++)
            blur_ring(&scratch->value[0][x], &plane->value[0][x], SIZE, radius);
    }
    /* Equal power in every octave is the 1/f spectrum of natural surfaces; the finest is held back. */
    normalise(&plane->value[0][0], octave == 0 ? 0.5f : 1.0f);
    for (int y = 0; y < SIZE; y++)
        for (int x = 0; x < SIZE; x++)
            texture->value[y][x] += plane->value[y][x];
}

cs_texture *cs_texture_new(uint64_t seed, cs_error *err)
{
    cs_texture *texture = calloc(1, sizeof *texture);
    cs_texture *scratch = malloc(sizeof *scratch);
    cs_texture *plane = malloc(sizeof *plane);
    if (!texture || !scratch || !plane) {
        cs_fail(err, "no memory for the texture");
        free(texture);
        texture = NULL;
        goto done;
    }
    cs_random random = cs_random_start(seed, 0, CS_FOR_TEXTURE);
    for (int octave = 0; octave < OCTAVES; octave++)
        add_octave(texture, scratch, plane, &random, octave);
    normalise(&texture->value[0][0], 1.0f);
done:
    free(scratch);
    free(plane);
    return texture;
}

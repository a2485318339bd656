/* The simulated camera: sensor geometry, colours and everything that stays the same from photo to photo.
 * Levels are in DN of a 12 bit sensor; more bits multiply them by 2^(bits-12). */
#ifndef CAMSIM_CAMERA_H
#define CAMSIM_CAMERA_H

#include "cfa.h"
#include "random.h"

#include <stdint.h>

enum { CS_DUST_SPOTS = 4 };

#define CS_BLACK_DN 128.0f
#define CS_WHITE_DN 4095.0f
#define CS_ELECTRONS_PER_DN 6.0f /* at ISO 100 */
#define CS_READ_NOISE_ELECTRONS 4.0f
#define CS_READ_NOISE_DN 1.0f
#define CS_PRNU 0.008f  /* photo response non-uniformity, share of the signal */
#define CS_DSNU_DN 0.4f /* dark signal non-uniformity */
#define CS_VIGNETTING 0.35f

/* Gains of red and blue that make a grey scene grey. */
#define CS_RED_GAIN 2.0f
#define CS_BLUE_GAIN 1.5f

typedef struct cs_dust {
    float x, y, radius, depth; /* px, px, px, share of light taken in the middle */
} cs_dust;

typedef struct cs_camera {
    const char *make, *model, *serial;
    int width, height;
    const cs_cfa *cfa;
    int bits;
    int has_noise; /* and a fixed pattern */
    uint64_t seed;
    float sharpening;
    cs_dust dust[CS_DUST_SPOTS];
    float to_srgb[3][3];   /* white-balanced camera colours to linear sRGB */
    float to_camera[4][3]; /* linear sRGB to what a red, green, blue, grey pixel sees, without white balance gains */
    cs_normal_table normals;
} cs_camera;

/* Fills in all that follows from the seed and the geometry; the fields up to seed must be set.
 * sharpening < 0: chosen by the seed. */
void cs_camera_finish(cs_camera *camera, float sharpening);

/* Factor from DN of 12 bits to DN of this camera. */
static inline float cs_camera_scale(const cs_camera *camera)
{
    return (float)(1 << (camera->bits - 12));
}

#endif

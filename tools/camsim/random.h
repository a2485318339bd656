/* Counter-based random numbers: every value is a hash of (seed, photo, purpose, count).
 * No state is shared, so a photo is the same bytes for any number of threads and photos. */
#ifndef CAMSIM_RANDOM_H
#define CAMSIM_RANDOM_H

#include <stdint.h>

typedef enum cs_purpose {
    CS_FOR_TEXTURE,
    CS_FOR_CAMERA,
    CS_FOR_FIXED_PATTERN,
    CS_FOR_DEFECTS,
    CS_FOR_ONSETS,
    CS_FOR_SHOT,
    CS_FOR_SCENE,
    CS_FOR_NOISE,
    CS_FOR_MARGIN
} cs_purpose;

typedef struct cs_random {
    uint64_t key;
    uint64_t count;
} cs_random;

/* Photo 0 stands for what belongs to the camera, not to a photo. */
uint64_t cs_random_key(uint64_t seed, uint64_t photo, cs_purpose purpose);
cs_random cs_random_start(uint64_t seed, uint64_t photo, cs_purpose purpose);

double cs_random_unit(cs_random *random); /* 0 <= u < 1 */
double cs_random_between(cs_random *random, double low, double high);
double cs_random_log_between(cs_random *random, double low, double high); /* log-uniform */
int cs_random_below(cs_random *random, int limit);                        /* 0 .. limit-1 */
double cs_random_normal(cs_random *random);

/* Means of CS_NORMALS slices of the normal distribution, all equally likely, scaled to variance 1. */
enum { CS_NORMALS = 4096 };
typedef struct cs_normal_table {
    float value[CS_NORMALS];
} cs_normal_table;

void cs_normal_table_fill(cs_normal_table *table);

/* Normal numbers for row y of a picture, one for each of the width pixels. */
void cs_normal_row(const cs_normal_table *table, uint64_t key, int y, int width, float *normal);
/* The same, two independent numbers for each pixel. */
void cs_normal_row_pair(const cs_normal_table *table, uint64_t key, int y, int width, float *first, float *second);

#endif

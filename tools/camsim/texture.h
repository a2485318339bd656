/* A square of fractal noise, mean 0, standard deviation 1, that repeats without a seam. */
#ifndef CAMSIM_TEXTURE_H
#define CAMSIM_TEXTURE_H

#include "error.h"

#include <stdint.h>

enum { CS_TEXTURE_SIZE = 512 };

typedef struct cs_texture {
    float value[CS_TEXTURE_SIZE][CS_TEXTURE_SIZE];
} cs_texture;

/* The caller frees it with free(). NULL without memory. */
cs_texture *cs_texture_new(uint64_t seed, cs_error *err);

#endif

/* The command line. */
#ifndef CAMSIM_OPTIONS_H
#define CAMSIM_OPTIONS_H

#include "cfa.h"
#include "error.h"
#include "products.h"
#include "shot.h"

typedef struct cs_options {
    int width, height;
    int number, first;
    int threads;
    float sharpening; /* < 0: by the seed */
    const char *scene_dir, *twin_dir, *defects_path;
    int defects_per_class, has_onsets, may_touch_edge;
    int columns, rows, pairs, clusters;
    const char *make, *model, *serial;
    char serial_of_seed[24];
    const cs_cfa *cfa;
    int bits, has_noise;
    cs_series series;
    int is_compressed, has_exif;
    int margins[4]; /* left, top, right, bottom */
    const char *also[CS_PRODUCTS_MAX];
    cs_product product[CS_PRODUCTS_MAX]; /* [0]: what the other options ask for; then those of --also */
    int product_count;
} cs_options;

typedef enum cs_wish { CS_WISH_RUN, CS_WISH_HELP, CS_WISH_WRONG } cs_wish;

/* CS_WISH_WRONG: err says why. The options keep pointing into argv. */
cs_wish cs_options_read(cs_options *options, int argc, char **argv, cs_error *err);

extern const char cs_options_help[];

#endif

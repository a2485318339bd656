/* The files that are made of one photo, each kind in a folder of its own. */
#ifndef CAMSIM_PRODUCTS_H
#define CAMSIM_PRODUCTS_H

#include "error.h"
#include "write_jpeg.h"

enum { CS_PRODUCTS_MAX = 16 };

typedef struct cs_product {
    const char *dir;
    int is_dng;
    int has_noise_reduction; /* of JPEG */
    cs_jpeg_options jpeg;
} cs_product;

/* "format=jpeg,quality=90,...,dir=OUTDIR": what is not named stays as it is in *product, dir must be named and may hold
 * commas, as it ends the text. Keeps pointing into text. */
int cs_product_read(const char *text, cs_product *product, cs_error *err);

/* Values of single options, 0 or -1. */
int cs_read_format(const char *text, int *is_dng);
int cs_read_subsampling(const char *text, int *subsampling);
int cs_read_on_off(const char *text, int *is_on);

#endif

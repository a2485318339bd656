/* Values of options. All return 0, or -1 when text is not such a value; then nothing is set. */
#ifndef CAMSIM_VALUES_H
#define CAMSIM_VALUES_H

#include <stdint.h>

int cs_read_whole(const char *text, int64_t low, int64_t high, int64_t *value);
int cs_read_int(const char *text, int low, int high, int *value);
int cs_read_real(const char *text, double low, double high, double *value);
int cs_read_seed(const char *text, uint64_t *seed);
/* "WIDTHxHEIGHT" */
int cs_read_size(const char *text, int side_min, int side_max, int *width, int *height);
/* "LEFT,TOP,RIGHT,BOTTOM" */
int cs_read_margins(const char *text, int margin_max, int margins[4]);
/* One of three numbers. */
int cs_read_choice(const char *text, const int choices[3], int *value);
/* A number, or "auto" for -1. */
int cs_read_sharpening(const char *text, float *sharpening);

#endif

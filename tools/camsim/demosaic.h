/* Three colours at every pixel out of one. */
#ifndef CAMSIM_DEMOSAIC_H
#define CAMSIM_DEMOSAIC_H

#include "cfa.h"

enum { CS_DEMOSAIC_REACH = 2, CS_DEMOSAIC_ROWS = 2 * CS_DEMOSAIC_REACH + 1 };

/* row[i]: mosaic row y - CS_DEMOSAIC_REACH + i, with CS_DEMOSAIC_REACH readable pixels on either side;
 * what lies outside the picture must be mirrored about the border pixel, which keeps the colours in place. */
void cs_demosaic_row(const cs_cfa *cfa, const float *const row[CS_DEMOSAIC_ROWS], int y, int width, int height,
                     float *const rgb[3]);

#endif

/* A camera's name as dcraw, LibRaw and RawTherapee spell it. */
#ifndef HP_DEFECTS_RAW_NAME_H
#define HP_DEFECTS_RAW_NAME_H

#include "hotpix.h"

/* "Nikon D80 123.badpixels", without the serial number where there is none; empty where there is no make or model. */
void hp_rawtherapee_file(const hp_camera *camera, char *out, size_t size);

#endif

/* Small pictures of indexed colours, as PNG. */
#ifndef HP_REPORT_PICTURE_H
#define HP_REPORT_PICTURE_H

#include "hotpix.h"

#include <stdio.h>

typedef struct hp_rgb {
    uint8_t red, green, blue;
} hp_rgb;

typedef struct hp_picture {
    uint32_t width, height; /* px */
    uint8_t *index;         /* height x width: colours of the palette */
    hp_rgb palette[256];
    unsigned colours; /* in use; 16 and less: the file holds 4 bits a pixel */
} hp_picture;

/* All of colour 0; the palette is the caller's to fill. Fails with HP_E_MEMORY. */
int hp_picture_create(hp_picture *picture, uint32_t width, uint32_t height, unsigned colours, hp_error *err);
void hp_picture_free(hp_picture *picture);

/* Into a file. Errors of the stream are the caller's to look at. */
int hp_picture_write(const hp_picture *picture, FILE *stream, hp_error *err);

/* "data:image/png;base64,..." */
int hp_picture_write_uri(const hp_picture *picture, FILE *stream, hp_error *err);

#endif

/* A copy of a TIFF in memory, whose strips or tiles libtiff codes again where they were changed. */
#ifndef HP_REPAIR_TIFF_COPY_H
#define HP_REPAIR_TIFF_COPY_H

#include "photo/tiff_pixels.h"

typedef struct hp_tiff_copy {
    hp_tiff_file file;  /* of which only what libtiff says counts */
    uint64_t directory; /* offset of the picture's; 0: the first that is no thumbnail */
    uint8_t *bytes;
    size_t size, room;
    uint64_t position;
    hp_tiff_layout layout;
    uint8_t *data; /* all blocks decoded, those of each channel where they are separate */
    bool *changed; /* blocks: to be coded again */
} hp_tiff_copy;

/*
 * Copies the file and decodes its picture. Fails with HP_E_UNSUPPORTED for what cannot be written again as it is,
 * HP_E_INPUT, HP_E_MEMORY. To be closed in every case.
 */
int hp_tiff_copy_open(hp_bytes file, uint64_t directory, hp_tiff_copy *copy, hp_error *err);
void hp_tiff_copy_close(hp_tiff_copy *copy);

/*
 * Codes the changed blocks again, in their places, or at the end where they became longer, and reads the copy again.
 * HP_E_UNSUPPORTED where that does not give the same samples, as in files whose blocks share bytes.
 */
int hp_tiff_copy_write(hp_tiff_copy *copy, hp_error *err);

#endif

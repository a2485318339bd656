/* Where libjpeg keeps the coefficients of a JPEG: huge pages of the kernel's. */
#ifndef HP_REPAIR_JPEG_STORE_H
#define HP_REPAIR_JPEG_STORE_H

#include "hotpix.h"

#include <stdio.h> /* jpeglib.h needs it */

#include <jpeglib.h>

enum { HP_JPEG_STORES_MOST = MAX_COMPONENTS };

/* One array of blocks, which stays in memory as a whole; all zero at first. */
typedef struct hp_jpeg_store {
    JBLOCKROW *rows; /* rows[y][x]: a block */
    JDIMENSION across, down;
    void *memory; /* its own and that of those realized along with it; NULL: one before it has it */
} hp_jpeg_store;

typedef struct hp_jpeg_stores {
    hp_jpeg_store of[HP_JPEG_STORES_MOST];
    unsigned count, realized;
} hp_jpeg_stores;

/*
 * Has a codec that jpeg_create_ has set up keep its arrays there. `stores` is the first member of what its client_data
 * points to. A second codec that writes what the first has read needs it too. Faults are errors of the codec. Freed
 * after the codecs' last call.
 */
void hp_jpeg_stores_use(hp_jpeg_stores *stores, j_common_ptr codec);
void hp_jpeg_stores_free(hp_jpeg_stores *stores);

#endif

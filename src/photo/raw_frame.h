/* Where in LibRaw's samples the visible frame lies, its colours and its black levels. For format_raw.c alone. */
#ifndef HP_PHOTO_RAW_FRAME_H
#define HP_PHOTO_RAW_FRAME_H

#include "photo/ifd.h"
#include "photo/photo.h"

#include <libraw/libraw.h>

/* px in the samples as unpacked */
typedef struct hp_raw_frame {
    uint32_t left, top, width, height;
    int ahead_x, ahead_y; /* by how much LibRaw's own frame begins later */
} hp_raw_frame;

/* The frame of an opened or unpacked file; not checked against its samples. */
hp_raw_frame hp_raw_frame_of(const libraw_data_t *raw, const hp_ifds *ifds);

/* Fails with HP_E_INPUT when a DNG's active area reaches beyond its samples. */
int hp_raw_check_area(const libraw_data_t *raw, const hp_ifds *ifds, hp_error *err);

/* The CFA from the frame's first pixel on. Fails with HP_E_UNSUPPORTED when it has no period that hp_cfa holds. */
int hp_raw_cfa(libraw_data_t *raw, const hp_raw_frame *f, hp_cfa *cfa, hp_error *err);

/* Black level of each site of the CFA, DN. LibRaw measures that of older cameras in masked pixels: only once unpacked.
 */
void hp_raw_black(libraw_data_t *raw, const hp_raw_frame *f, const hp_cfa *cfa, uint16_t *black);

#endif

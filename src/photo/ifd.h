/*
 * What the directories (IFDs) of a file built like TIFF say: TIFF itself, BigTIFF, and the raw files that are TIFF
 * inside (DNG, NEF, CR2, ARW, PEF, ORF, RW2 ...). No library and no allocation: it serves to tell raw files from
 * pictures and to see whether a file is whole, which neither LibRaw nor libtiff says.
 */
#ifndef HP_PHOTO_IFD_H
#define HP_PHOTO_IFD_H

#include "base/file.h"

typedef struct hp_ifds {
    bool found;        /* the file begins as such files do */
    bool complete;     /* all directories and all values in them lie within the bytes given */
    bool raw;          /* marks that no picture bears: a DNG version, a camera maker's compression or header */
    bool mosaic;       /* photometric interpretation CFA, which TIFF/EP files of any program may have */
    bool doubtful_cfa; /* a CFA pattern has colours that no plane stands for, or is missing beside planes */
    bool endless_cfa;  /* a CFA pattern of 36 colours that LibRaw 0.20 reads for ever: none of X-Trans */
    uint64_t data_end; /* where the last strip or tile ends, bytes; 0: none found */
    bool has_area;     /* a DNG's ActiveArea, px in its samples; not checked against their size */
    uint32_t area_left, area_top, area_right, area_bottom;
    char make[64]; /* of the first directory that has it */
    char model[64];
} hp_ifds;

/* Whether a file begins as such files do: found, without looking further. */
bool hp_ifds_begin(hp_bytes file);

/* file may be the beginning only; then *ifds holds what was met so far. */
void hp_ifds_read(hp_bytes file, hp_ifds *ifds);

#endif

/* The index of a file with several JPEG pictures one after the other (CIPA DC-007, Multi-Picture Format). */
#ifndef HP_REPAIR_JPEG_INDEX_H
#define HP_REPAIR_JPEG_INDEX_H

#include "base/file.h"

/*
 * Corrects the index, where the first picture has one, after the first picture became `by` bytes longer. picture:
 * at least its segments before the first scan, whose lengths may not be trusted.
 */
void hp_jpeg_index_move(uint8_t *picture, size_t size, size_t by);

#endif

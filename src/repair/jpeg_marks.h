/* The marker segments of a JPEG: where its scans lie, and a copy of it with other scans. */
#ifndef HP_REPAIR_JPEG_MARKS_H
#define HP_REPAIR_JPEG_MARKS_H

#include "base/file.h"

#include <stdio.h>

enum { HP_JPEG_SCANS_MOST = 256, HP_JPEG_SCAN_PLANES_MOST = 4 };

/* What the header of a scan says: planes by their ids, band of frequencies, bits. */
typedef struct hp_jpeg_scan {
    unsigned count;
    uint8_t ids[HP_JPEG_SCAN_PLANES_MOST];
    uint8_t first, last, high, low;
    unsigned restart; /* MCUs from one restart to the next; 0: none */
} hp_jpeg_scan;

typedef struct hp_jpeg_marks {
    size_t first_scan; /* offset of the first SOS marker */
    size_t end;        /* offset of the EOI marker; behind it there may be more: further pictures, a maker's own */
    hp_jpeg_scan scans[HP_JPEG_SCANS_MOST];
    unsigned scan_count;
} hp_jpeg_marks;

/* HP_E_INPUT: damaged; HP_E_UNSUPPORTED: more scans than HP_JPEG_SCANS_MOST. */
int hp_jpeg_marks_read(hp_bytes file, hp_jpeg_marks *marks, hp_error *err);

/*
 * Whether the file with the scans of `coded` is no longer than it was, so that what is behind its end keeps its place;
 * true where nothing is there.
 */
bool hp_jpeg_keeps_places(hp_bytes file, const hp_jpeg_marks *marks, hp_bytes coded);

/*
 * Writes the file with the scans of `coded`, a JPEG of the same picture: every other segment and all behind the end
 * stay as they are; Huffman tables too, unless own_tables. Where something is behind the end it keeps its place, if the
 * scans leave room; else the places in an index of several pictures (MPF) are corrected.
 */
int hp_jpeg_splice(hp_bytes file, const hp_jpeg_marks *marks, hp_bytes coded, bool own_tables, FILE *stream,
                   hp_error *err);

#endif

/* Columns and rows of the z map, summed in pieces that are short beside them (docs/method.md, 3.12). */
#ifndef HP_DETECT_LINE_CHUNKS_H
#define HP_DETECT_LINE_CHUNKS_H

#include "detect/maps.h"

enum { HP_LINE_CHUNK = 16 }; /* px along a line that are summed first: a 16th of the work */

/* All lines of one direction: line `at` has `chunks` sums, the k-th at values[at * line_step + k * chunk_step]. */
typedef struct hp_line_chunks {
    float *values;
    size_t lines, chunks;
    size_t line_step, chunk_step;
    size_t first_line, end_line, first_chunk, end_chunk; /* that are in no border: these tell what is usual */
    float centre, scale;
    double pattern2; /* variance of the lines' means beyond what their noise explains */
} hp_line_chunks;

/* What a pixel counts: three standard deviations at most. One hot pixel is no column. */
static inline float hp_line_chunks_cut(float value)
{
    const float most = 3.0f;
    return value > most ? most : value < -most ? -most : value;
}

/* In standard deviations of a chunk. */
static inline float hp_line_chunk_value(const hp_line_chunks *c, size_t line, size_t k)
{
    return (c->values[line * c->line_step + k * c->chunk_step] - c->centre) * c->scale;
}

/* Bytes that hp_line_chunks_sum takes while it runs. */
uint64_t hp_line_chunks_bytes(const hp_photo_info *shape, unsigned threads);

/*
 * Sums both directions and measures how their chunks usually are. Those of a frame that is too small have 0 chunks.
 * Fails with HP_E_MEMORY; else both are freed with hp_line_chunks_free.
 */
int hp_line_chunks_sum(const hp_maps *maps, hp_pool *pool, hp_line_chunks *columns, hp_line_chunks *rows,
                       hp_error *err);
void hp_line_chunks_free(hp_line_chunks *chunks);

#endif

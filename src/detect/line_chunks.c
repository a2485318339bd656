#include "detect/line_chunks.h"

#include "base/memory.h"
#include "detect/select.h"

#include <math.h>
#include <stdlib.h>

enum { SAMPLED_CHUNKS = 1 << 20 }; /* for their median and spread */

typedef struct summing {
    const hp_maps *maps;
    hp_line_chunks *columns, *across; /* across: the rows */
    float *rows;                      /* one a worker */
    float *usual;                     /* four times `room`: what each direction is measured by */
    size_t room;
} summing;

static size_t larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

/* Values that are looked at together: the sampled chunks of a direction, or all its lines. */
static size_t room_for(size_t width, size_t height)
{
    size_t chunks = larger(height / HP_LINE_CHUNK * width, width / HP_LINE_CHUNK * height);
    size_t sampled = 2 * (size_t)SAMPLED_CHUNKS;
    return larger(chunks < sampled ? chunks : sampled, larger(width, height)) + 1;
}

uint64_t hp_line_chunks_bytes(const hp_photo_info *shape, unsigned threads)
{
    size_t width = shape->camera.width, height = shape->camera.height;
    return (2 * (uint64_t)width * height / HP_LINE_CHUNK + (uint64_t)threads * width + 4 * room_for(width, height)) *
           sizeof(float);
}

/* One row of chunks of the columns, with the HP_LINE_CHUNK rows that it is made of. */
static void sum_task(void *context, size_t index, unsigned worker)
{
    const summing *work = context;
    const hp_maps *maps = work->maps;
    float *row = work->rows + (size_t)worker * maps->width;
    uint32_t top = (uint32_t)index * HP_LINE_CHUNK;
    uint32_t bottom = maps->height - top < HP_LINE_CHUNK ? maps->height : top + HP_LINE_CHUNK;
    bool whole = index < work->columns->chunks;
    for (uint32_t y = top; y < bottom; y++) {
        float *columns = work->columns->values + (whole ? index : 0) * maps->width;
        float *across = work->across->values + (size_t)y * work->across->line_step;
        hp_maps_row(maps, HP_MAP_Z, y, row);
        for (uint32_t x = 0; x < maps->width; x++)
            row[x] = hp_line_chunks_cut(row[x]);
        for (uint32_t x = 0; whole && x < maps->width; x++)
            columns[x] += row[x];
        for (size_t k = 0; k < work->across->chunks; k++)
            for (size_t i = 0; i < HP_LINE_CHUNK; i++)
                across[k] += row[k * HP_LINE_CHUNK + i];
    }
}

/* ---- how chunks usually are ---- */

/* Every k-th of the chunks as they lie in memory; returns how many of these are usual ones. */
static size_t sample_chunks(const hp_line_chunks *d, size_t every, size_t room, float *values)
{
    bool along = d->chunk_step == 1; /* the chunks of a line stand beside each other */
    size_t length = along ? d->chunks : d->lines, all = d->lines * d->chunks, count = 0, outer = 0, inner = 0;
    for (size_t i = 0; i < all && count < room; i += every) {
        size_t line = along ? outer : inner, k = along ? inner : outer;
        if (line >= d->first_line && line < d->end_line && k >= d->first_chunk && k < d->end_chunk)
            values[count++] = d->values[i];
        for (inner += every; inner >= length; inner -= length)
            outer++;
    }
    return count;
}

/* A border may leave lines only between those that are sampled. */
static void measure_chunks(hp_line_chunks *d, size_t room, float *values, float *scratch)
{
    size_t all = d->lines * d->chunks, every = all / SAMPLED_CHUNKS + (all < SAMPLED_CHUNKS);
    size_t count = sample_chunks(d, every, room, values);
    if (count == 0)
        count = sample_chunks(d, 1, room, values);
    d->centre = hp_lower_median(values, count, scratch);
    for (size_t i = 0; i < count; i++)
        values[i] = fabsf(values[i] - d->centre);
    float deviation = 1.4826f * hp_lower_median(values, count, scratch);
    d->scale = 1 / (deviation > 1e-3f ? deviation : 1e-3f);
}

/* Columns of a real sensor differ a little all over: that much is no defect. */
static void measure_pattern(hp_line_chunks *d, float *values, float *scratch)
{
    size_t count = 0, chunks = d->end_chunk - d->first_chunk;
    for (size_t line = d->first_line; line < d->end_line; line++) {
        double sum = 0;
        for (size_t k = d->first_chunk; k < d->end_chunk; k++)
            sum += (double)hp_line_chunk_value(d, line, k);
        values[count++] = (float)(sum / (double)chunks);
    }
    float centre = hp_lower_median(values, count, scratch);
    for (size_t i = 0; i < count; i++)
        values[i] = fabsf(values[i] - centre);
    double deviation = 1.4826 * (double)hp_lower_median(values, count, scratch);
    d->pattern2 = fmax(deviation * deviation - 1 / (double)chunks, 0);
}

static void measure_task(void *context, size_t index, unsigned worker)
{
    (void)worker;
    summing *work = context;
    hp_line_chunks *d = index ? work->across : work->columns;
    float *values = work->usual + 2 * index * work->room, *scratch = values + work->room;
    if (d->chunks == 0)
        return;
    measure_chunks(d, work->room, values, scratch);
    measure_pattern(d, values, scratch);
}

/* Whole lines and chunks within a border; all of them where it leaves none. */
static void leave_out_border(hp_line_chunks *d, uint32_t before, uint32_t after, uint32_t first, uint32_t last)
{
    size_t skipped = (first + HP_LINE_CHUNK - 1) / HP_LINE_CHUNK, cut_off = (last + HP_LINE_CHUNK - 1) / HP_LINE_CHUNK;
    d->end_line = d->lines;
    d->end_chunk = d->chunks;
    if (before + after >= d->lines || skipped + cut_off >= d->chunks)
        return;
    d->first_line = before;
    d->end_line -= after;
    d->first_chunk = skipped;
    d->end_chunk -= cut_off;
}

static int sum_all(summing *work, hp_pool *pool, hp_error *err)
{
    const hp_maps *maps = work->maps;
    work->room = room_for(maps->width, maps->height);
    work->rows = hp_calloc((size_t)hp_pool_threads(pool) * maps->width, sizeof *work->rows, err);
    work->usual = hp_pages(4 * work->room, sizeof *work->usual, err);
    int code = work->rows && work->usual ? HP_OK : HP_E_MEMORY;
    if (!code) {
        hp_pool_run(pool, (maps->height + HP_LINE_CHUNK - 1) / HP_LINE_CHUNK, sum_task, work);
        hp_pool_run(pool, 2, measure_task, work);
    }
    free(work->rows);
    hp_pages_free(work->usual);
    return code;
}

int hp_line_chunks_sum(const hp_maps *maps, hp_pool *pool, hp_line_chunks *columns, hp_line_chunks *rows, hp_error *err)
{
    const hp_border *b = &maps->border;
    size_t width = maps->width, height = maps->height, down = height / HP_LINE_CHUNK, along = width / HP_LINE_CHUNK;
    *columns = (hp_line_chunks){.lines = width, .chunks = down, .line_step = 1, .chunk_step = width};
    *rows = (hp_line_chunks){.lines = height, .chunks = along, .line_step = along, .chunk_step = 1};
    leave_out_border(columns, b->left, b->right, b->top, b->bottom);
    leave_out_border(rows, b->top, b->bottom, b->left, b->right);
    columns->values = hp_pages(width * down + 1, sizeof(float), err);
    rows->values = hp_pages(height * along + 1, sizeof(float), err);
    summing work = {.maps = maps, .columns = columns, .across = rows};
    int code = columns->values && rows->values ? sum_all(&work, pool, err) : HP_E_MEMORY;
    if (code) {
        hp_line_chunks_free(columns);
        hp_line_chunks_free(rows);
    }
    return code;
}

void hp_line_chunks_free(hp_line_chunks *chunks)
{
    hp_pages_free(chunks->values);
    *chunks = (hp_line_chunks){0};
}

#include "detect/span.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

enum { PIXELS_ABOUT = 1 << 20 }; /* enough to tell which one of 1000 is dark */

static size_t rows_in(const hp_rows *rows, size_t count)
{
    size_t sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += rows[i].end - rows[i].first;
    return sum;
}

int hp_span_create(const hp_rows *rows, size_t count, uint32_t width, hp_span *span, hp_error *err)
{
    size_t height = rows_in(rows, count);
    *span = (hp_span){.every = (uint32_t)(1 + height * width / PIXELS_ABOUT)};
    span->count = height * ((width + span->every - 1) / span->every);
    span->least = hp_calloc(span->count, sizeof *span->least, err);
    if (!span->least)
        return HP_E_MEMORY;
    memset(span->least, 0xff, span->count * sizeof *span->least);
    return HP_OK;
}

static void lower(uint16_t *least, uint16_t sample)
{
    *least = sample < *least ? sample : *least;
}

void hp_span_take(hp_span *span, const hp_rows *rows, size_t count, const hp_plane *plane)
{
    size_t at = 0;
    for (size_t i = 0; i < count; i++)
        for (uint32_t y = rows[i].first; y < rows[i].end; y++) {
            const uint16_t *row = hp_plane_row(plane, y);
            for (uint32_t x = 0; x < plane->width; x += span->every) {
                lower(&span->least[at++], row[x]);
                span->highest = row[x] > span->highest ? row[x] : span->highest;
            }
        }
}

void hp_span_join(hp_span *span, const hp_span *other)
{
    for (size_t i = 0; i < span->count; i++)
        lower(&span->least[i], other->least[i]);
    span->highest = other->highest > span->highest ? other->highest : span->highest;
}

void hp_span_free(hp_span *span)
{
    free(span->least);
    *span = (hp_span){0};
}

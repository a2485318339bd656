#include "stats/thumbnail.h"

enum {
    EVERY_ROW = 4, /* of a cell: reading all of a plane once more would cost 2 % of a scan */
};

/* The first cell tells them from others, the second from each other. */
enum { OF_FLAT, OF_DARK, OF_BIAS };
const hp_thumbnail hp_thumbnail_of_dark = {{0, OF_DARK}}, hp_thumbnail_of_bias = {{0, OF_BIAS}},
                   hp_thumbnail_of_flat = {{0, OF_FLAT}};

bool hp_thumbnail_shows_scene(const hp_thumbnail *thumbnail)
{
    return thumbnail->cell[0] != 0;
}

bool hp_thumbnail_is_dark(const hp_thumbnail *thumbnail)
{
    return thumbnail->cell[0] == 0 && thumbnail->cell[1] != OF_FLAT;
}

bool hp_thumbnail_is_bias(const hp_thumbnail *thumbnail)
{
    return thumbnail->cell[0] == 0 && thumbnail->cell[1] == OF_BIAS;
}

/*
 * Squaring the mantissa doubles its logarithm: each carry out of [1, 2) is one more binary digit. 32 bits of mantissa
 * are cut to 32 after each squaring, on every machine alike.
 */
uint32_t hp_log2_256(uint64_t value)
{
    uint32_t whole = 0;
    for (uint64_t v = value; v > 1; v >>= 1)
        whole++;
    uint64_t mantissa = whole > 31 ? value >> (whole - 31) : value << (31 - whole);
    uint32_t result = whole;
    for (int digit = 0; digit < 8; digit++) {
        mantissa = mantissa * mantissa >> 31;
        uint32_t carry = (uint32_t)(mantissa >> 32);
        mantissa >>= carry;
        result = 2 * result + carry;
    }
    return result;
}

/* A frame has at most 2^20 columns, so a cell at most 37 450. */
static uint32_t sum_of_row(const hp_plane *plane, const hp_kernels *kernels, uint32_t y, uint32_t from, uint32_t to)
{
    const char *row = hp_plane_row(plane, y);
    const hp_sample_kernels *k = plane->sample_bytes == 1 ? &kernels->bits8 : &kernels->bits16;
    return k->sum(row + (size_t)from * plane->sample_bytes, to - from);
}

static uint32_t border(uint32_t index, uint32_t length, uint32_t cells)
{
    return (uint32_t)((uint64_t)index * length / cells);
}

static uint16_t logarithm_of_mean(uint64_t sum, uint64_t count)
{
    return (uint16_t)hp_log2_256(65536 * sum / count + 65536);
}

void hp_thumbnail_of(const hp_plane *plane, const hp_kernels *kernels, hp_thumbnail *thumbnail)
{
    uint32_t edge[HP_THUMBNAIL_COLUMNS + 1];
    for (uint32_t column = 0; column <= HP_THUMBNAIL_COLUMNS; column++)
        edge[column] = border(column, plane->width, HP_THUMBNAIL_COLUMNS);
    for (uint32_t row = 0; row < HP_THUMBNAIL_ROWS; row++) {
        uint32_t top = border(row, plane->height, HP_THUMBNAIL_ROWS),
                 bottom = border(row + 1, plane->height, HP_THUMBNAIL_ROWS);
        uint64_t sums[HP_THUMBNAIL_COLUMNS] = {0};
        for (uint32_t y = top; y < bottom; y += EVERY_ROW)
            for (uint32_t column = 0; column < HP_THUMBNAIL_COLUMNS; column++)
                sums[column] += sum_of_row(plane, kernels, y, edge[column], edge[column + 1]);
        for (uint32_t column = 0; column < HP_THUMBNAIL_COLUMNS; column++) {
            uint64_t count = (uint64_t)(edge[column + 1] - edge[column]) * ((bottom - top + EVERY_ROW - 1) / EVERY_ROW);
            thumbnail->cell[row * HP_THUMBNAIL_COLUMNS + column] = logarithm_of_mean(sums[column], count);
        }
    }
}

/*
 * Integer sums, so that the verdict does not hang on the order of additions. No cell is above 256 * 32, so that the
 * products of one row fit 32 bits and the loops vectorise.
 */
void hp_scene_of(const hp_thumbnail *thumbnail, hp_scene *scene)
{
    int64_t squares = 0;
    scene->thumbnail = *thumbnail;
    scene->sum = 0;
    scene->is_shown = hp_thumbnail_shows_scene(thumbnail);
    for (size_t i = 0; i < HP_THUMBNAIL_CELLS; i++) {
        int32_t cell = thumbnail->cell[i];
        scene->sum += cell;
        squares += cell * cell;
    }
    scene->variance = HP_THUMBNAIL_CELLS * squares - scene->sum * scene->sum;
}

double hp_scene_distance(const hp_scene *a, const hp_scene *b)
{
    if (!a->is_shown || !b->is_shown)
        return HP_THUMBNAIL_UNRELATED;
    const uint16_t *of_a = a->thumbnail.cell, *of_b = b->thumbnail.cell;
    int64_t products = 0;
    for (size_t row = 0; row < HP_THUMBNAIL_ROWS; row++) {
        int32_t sum = 0;
        for (size_t i = row * HP_THUMBNAIL_COLUMNS; i < (row + 1) * HP_THUMBNAIL_COLUMNS; i++)
            sum += (int16_t)of_a[i] * (int16_t)of_b[i];
        products += sum;
    }
    int64_t covariance = HP_THUMBNAIL_CELLS * products - a->sum * b->sum;
    int64_t smaller = a->variance < b->variance ? a->variance : b->variance;
    int64_t difference = a->variance + b->variance - 2 * covariance;
    if (smaller == 0)
        return difference == 0 ? 0 : HP_THUMBNAIL_UNRELATED;
    return (double)difference / (double)smaller;
}

double hp_thumbnail_distance(const hp_thumbnail *a, const hp_thumbnail *b)
{
    hp_scene first, second;
    hp_scene_of(a, &first);
    hp_scene_of(b, &second);
    return hp_scene_distance(&first, &second);
}

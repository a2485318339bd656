#include "stats/thumbnail.h"

enum { CENTRE = 6144 }; /* cells lie between 256 * 16 and 256 * 32 */

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

static uint64_t sum_of_row(const hp_plane *plane, uint32_t y, uint32_t from, uint32_t to)
{
    uint64_t sum = 0;
    if (plane->sample_bytes == 1) {
        const uint8_t *row = hp_plane_row(plane, y);
        uint32_t part = 0; /* 2^24 samples of 8 bit fit; a frame has at most 2^20 columns */
        for (uint32_t x = from; x < to; x++)
            part += row[x];
        return part;
    }
    const uint16_t *row = hp_plane_row(plane, y);
    for (uint32_t x = from; x < to; x++)
        sum += row[x];
    return sum;
}

static uint32_t border(uint32_t index, uint32_t length, uint32_t cells)
{
    return (uint32_t)((uint64_t)index * length / cells);
}

void hp_thumbnail_of(const hp_plane *plane, hp_thumbnail *thumbnail)
{
    for (uint32_t row = 0; row < HP_THUMBNAIL_ROWS; row++) {
        uint32_t top = border(row, plane->height, HP_THUMBNAIL_ROWS), bottom = border(row + 1, plane->height, HP_THUMBNAIL_ROWS);
        uint64_t sums[HP_THUMBNAIL_COLUMNS] = {0};
        for (uint32_t y = top; y < bottom; y++)
            for (uint32_t column = 0; column < HP_THUMBNAIL_COLUMNS; column++)
                sums[column] += sum_of_row(plane, y, border(column, plane->width, HP_THUMBNAIL_COLUMNS),
                                           border(column + 1, plane->width, HP_THUMBNAIL_COLUMNS));
        for (uint32_t column = 0; column < HP_THUMBNAIL_COLUMNS; column++) {
            uint64_t width = border(column + 1, plane->width, HP_THUMBNAIL_COLUMNS) - border(column, plane->width, HP_THUMBNAIL_COLUMNS);
            uint64_t mean = 65536 * sums[column] / (width * (bottom - top));
            thumbnail->cell[row * HP_THUMBNAIL_COLUMNS + column] = (uint16_t)hp_log2_256(mean + 65536);
        }
    }
}

/*
 * Integer sums, so that the verdict does not hang on the order of additions. Cells are taken relative to CENTRE, which
 * changes no variance, so that the products of one row fit 32 bits and the inner loop vectorises.
 */
double hp_thumbnail_distance(const hp_thumbnail *a, const hp_thumbnail *b)
{
    int64_t sum_a = 0, sum_b = 0, aa = 0, bb = 0, ab = 0;
    for (size_t row = 0; row < HP_THUMBNAIL_ROWS; row++) {
        int32_t row_a = 0, row_b = 0, row_aa = 0, row_bb = 0, row_ab = 0;
        for (size_t i = row * HP_THUMBNAIL_COLUMNS; i < (row + 1) * HP_THUMBNAIL_COLUMNS; i++) {
            int32_t u = a->cell[i] - CENTRE, v = b->cell[i] - CENTRE;
            row_a += u;
            row_b += v;
            row_aa += u * u;
            row_bb += v * v;
            row_ab += u * v;
        }
        sum_a += row_a;
        sum_b += row_b;
        aa += row_aa;
        bb += row_bb;
        ab += row_ab;
    }
    const int64_t n = HP_THUMBNAIL_CELLS;
    int64_t variance_a = n * aa - sum_a * sum_a, variance_b = n * bb - sum_b * sum_b, covariance = n * ab - sum_a * sum_b;
    int64_t smaller = variance_a < variance_b ? variance_a : variance_b;
    int64_t difference = variance_a + variance_b - 2 * covariance;
    if (smaller == 0)
        return difference == 0 ? 0 : HP_THUMBNAIL_UNRELATED;
    return (double)difference / (double)smaller;
}

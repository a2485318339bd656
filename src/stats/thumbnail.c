#include "stats/thumbnail.h"

enum {
    EVERY_ROW = 4,     /* of a cell: reading all of a plane once more would cost 2 % of a scan */
    BLACK_SHARE = 128, /* of the range from the darkest to the brightest cell: so little above it is as dark */
    INNER_LEAST = HP_THUMBNAIL_CELLS / 4, /* cells that a comparison without the surround needs */
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

/* The least value of this logarithm or more. */
static uint64_t power_of_2(uint32_t logarithm)
{
    uint64_t low = 1, high = UINT64_C(1) << 32;
    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        if (hp_log2_256(middle) < logarithm)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static uint16_t black_of(const hp_thumbnail *thumbnail)
{
    uint16_t least = thumbnail->cell[0], most = least;
    for (size_t i = 0; i < HP_THUMBNAIL_CELLS; i++) {
        least = thumbnail->cell[i] < least ? thumbnail->cell[i] : least;
        most = thumbnail->cell[i] > most ? thumbnail->cell[i] : most;
    }
    uint64_t darkest = power_of_2(least), brightest = power_of_2(most);
    return (uint16_t)hp_log2_256(darkest + (brightest - darkest) / BLACK_SHARE);
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
    scene->black = black_of(thumbnail);
}

static double distance_of(int64_t variance_a, int64_t variance_b, int64_t covariance)
{
    int64_t smaller = variance_a < variance_b ? variance_a : variance_b;
    int64_t difference = variance_a + variance_b - 2 * covariance;
    if (smaller == 0)
        return difference == 0 ? 0 : HP_THUMBNAIL_UNRELATED;
    return (double)difference / (double)smaller;
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
    return distance_of(a->variance, b->variance, HP_THUMBNAIL_CELLS * products - a->sum * b->sum);
}

/* ---- without a black surround ---- */

static bool is_black(const hp_scene *a, const hp_scene *b, size_t i)
{
    return a->thumbnail.cell[i] <= a->black && b->thumbnail.cell[i] <= b->black;
}

static const size_t corners[] = {0, HP_THUMBNAIL_COLUMNS - 1, HP_THUMBNAIL_CELLS - HP_THUMBNAIL_COLUMNS,
                                 HP_THUMBNAIL_CELLS - 1};
enum { CORNERS = sizeof corners / sizeof *corners };

static bool have_surround(const hp_scene *a, const hp_scene *b)
{
    for (size_t i = 0; i < CORNERS; i++)
        if (!is_black(a, b, corners[i]))
            return false;
    return true;
}

void hp_scene_keep_black(const hp_scene *scene, bool black[HP_THUMBNAIL_CELLS])
{
    for (size_t i = 0; i < HP_THUMBNAIL_CELLS; i++)
        black[i] = black[i] && is_black(scene, scene, i);
}

double hp_surround_share(const bool black[HP_THUMBNAIL_CELLS])
{
    size_t count = 0;
    for (size_t i = 0; i < CORNERS; i++)
        if (!black[corners[i]])
            return 0;
    for (size_t i = 0; i < HP_THUMBNAIL_CELLS; i++)
        count += black[i];
    return (double)count / HP_THUMBNAIL_CELLS;
}

/* A cell beside one that is black may be so in part. */
static bool is_inner(const hp_scene *a, const hp_scene *b, size_t row, size_t column)
{
    for (size_t r = row ? row - 1 : 0; r <= row + 1 && r < HP_THUMBNAIL_ROWS; r++)
        for (size_t c = column ? column - 1 : 0; c <= column + 1 && c < HP_THUMBNAIL_COLUMNS; c++)
            if (is_black(a, b, r * HP_THUMBNAIL_COLUMNS + c))
                return false;
    return true;
}

double hp_scene_inner_distance(const hp_scene *a, const hp_scene *b)
{
    int64_t count = 0, sum_a = 0, sum_b = 0, squares_a = 0, squares_b = 0, products = 0;
    if (!a->is_shown || !b->is_shown || !have_surround(a, b))
        return hp_scene_distance(a, b);
    for (size_t i = 0; i < HP_THUMBNAIL_CELLS; i++) {
        int64_t of_a = a->thumbnail.cell[i], of_b = b->thumbnail.cell[i];
        if (!is_inner(a, b, i / HP_THUMBNAIL_COLUMNS, i % HP_THUMBNAIL_COLUMNS))
            continue;
        count++;
        sum_a += of_a;
        sum_b += of_b;
        squares_a += of_a * of_a;
        squares_b += of_b * of_b;
        products += of_a * of_b;
    }
    if (count < INNER_LEAST)
        return hp_scene_distance(a, b);
    return distance_of(count * squares_a - sum_a * sum_a, count * squares_b - sum_b * sum_b,
                       count * products - sum_a * sum_b);
}

double hp_thumbnail_distance(const hp_thumbnail *a, const hp_thumbnail *b)
{
    hp_scene first, second;
    hp_scene_of(a, &first);
    hp_scene_of(b, &second);
    return hp_scene_distance(&first, &second);
}

#include "detect/select.h"

#include "detect/flags.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum {
    BINS = 256,
    COPIES = 4, /* of the histogram: neighbours are often of one bin, and one counter would wait for itself */
    PART = 256, /* values whose bins are found at a time */
    LANES = 8,  /* values that are compared at a time */
    FEW = 24,   /* values that are put in order instead */
};

#define EQUAL 1e-35f /* the bins of a smaller range could not be told by floats */

/* The bins from `least` on, 1 / factor wide each. */
typedef struct binning {
    float least, range, factor;
} binning;

static float lesser(float a, float b)
{
    return a < b ? a : b;
}

static float greater(float a, float b)
{
    return a > b ? a : b;
}

static binning bins_of(const float *values, size_t count)
{
    float least[LANES], greatest[LANES];
    for (size_t k = 0; k < LANES; k++)
        least[k] = greatest[k] = values[0];
    size_t whole = count - count % LANES;
    for (size_t i = 0; i < whole; i += LANES)
#pragma GCC unroll 1 /* else it is unrolled before it is vectorised, and is not */
        for (size_t k = 0; k < LANES; k++) {
            least[k] = lesser(values[i + k], least[k]);
            greatest[k] = greater(values[i + k], greatest[k]);
        }
    for (size_t i = whole; i < count; i++) {
        least[0] = lesser(values[i], least[0]);
        greatest[0] = greater(values[i], greatest[0]);
    }
    for (size_t k = 1; k < LANES; k++) {
        least[0] = lesser(least[k], least[0]);
        greatest[0] = greater(greatest[k], greatest[0]);
    }
    float range = greatest[0] - least[0];
    return (binning){least[0], range, (BINS - 1) / range};
}

static int bin_of(const binning *b, float value)
{
    return (int)((value - b->least) * b->factor);
}

/* The bin that holds the value of this rank; the rank becomes the one among the values of that bin. */
static int find_bin(const binning *b, const float *values, size_t count, size_t *rank)
{
    uint32_t histogram[COPIES][BINS] = {0};
    for (size_t i = 0; i < count; i += PART) {
        int bins[PART];
        size_t part = count - i < PART ? count - i : PART;
        for (size_t k = 0; k < part; k++)
            bins[k] = bin_of(b, values[i + k]);
        for (size_t k = 0; k < part; k++)
            histogram[k % COPIES][bins[k]]++;
    }
    for (int bin = 0;; bin++) {
        size_t in_bin = 0;
        for (size_t k = 0; k < COPIES; k++)
            in_bin += histogram[k][bin];
        if (*rank < in_bin)
            return bin;
        *rank -= in_bin;
    }
}

/* Those of a bin, few of many, in the same order; `kept` may be where the values are. Returns how many. */
static size_t keep_bin(const binning *b, int bin, const float *values, size_t count, float *kept)
{
    size_t n = 0;
    for (size_t i = 0; i < count; i += PART) {
        uint8_t of_bin[PART] = {0};
        size_t part = count - i < PART ? count - i : PART;
        for (size_t k = 0; k < part; k++)
            of_bin[k] = bin_of(b, values[i + k]) == bin;
        for (size_t k = 0; k < part; k += HP_FLAGS) {
            if (!hp_any_flag(of_bin + k))
                continue;
            for (size_t at = k; at < k + HP_FLAGS; at++)
                if (of_bin[at])
                    kept[n++] = values[i + at];
        }
    }
    return n;
}

static float select_of_few(float *values, size_t count, size_t rank)
{
    for (size_t i = 1; i < count; i++) {
        float value = values[i];
        size_t at = i;
        for (; at > 0 && value < values[at - 1]; at--)
            values[at] = values[at - 1];
        values[at] = value;
    }
    return values[rank];
}

/* Again and again those of the bin that holds the median, which are fewer each time. */
float hp_lower_median(const float *values, size_t count, float *scratch)
{
    size_t rank = (count - 1) / 2;
    while (count > FEW) {
        binning b = bins_of(values, count);
        if (b.range < EQUAL)
            return b.least;
        int bin = find_bin(&b, values, count, &rank);
        count = keep_bin(&b, bin, values, count, scratch);
        values = scratch;
    }
    if (values != scratch)
        memcpy(scratch, values, count * sizeof *values);
    return select_of_few(scratch, count, rank);
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

double hp_median(double *values, size_t count)
{
    qsort(values, count, sizeof *values, compare);
    return (values[(count - 1) / 2] + values[count / 2]) / 2;
}

#include "detect/select.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { LEADING_BITS = 11 };

static void swap(float *a, float *b)
{
    float old = *a;
    *a = *b;
    *b = old;
}

/* Hoare's quickselect with the middle of three as pivot. */
static float select_rank(float *values, size_t count, size_t rank)
{
    size_t low = 0, high = count - 1;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (values[middle] < values[low])
            swap(&values[middle], &values[low]);
        if (values[high] < values[low])
            swap(&values[high], &values[low]);
        if (values[high] < values[middle])
            swap(&values[high], &values[middle]);
        float pivot = values[middle];
        size_t i = low, j = high;
        for (;;) {
            while (values[i] < pivot)
                i++;
            while (pivot < values[j])
                j--;
            if (i >= j)
                break;
            swap(&values[i++], &values[j--]);
        }
        if (rank <= j)
            high = j;
        else
            low = j + 1;
    }
    return values[rank];
}

/* The bits of a float, turned so that they order as unsigned integers do: negative ones flipped, the rest above them.
 */
static uint32_t order_of(float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits & 0x80000000u ? ~bits : bits | 0x80000000u;
}

/* A histogram of the leading bits finds the bin of the median without a branch a value; only that bin is searched. */
float hp_lower_median(const float *values, size_t count, float *scratch)
{
    uint32_t histogram[1 << LEADING_BITS] = {0};
    for (size_t i = 0; i < count; i++)
        histogram[order_of(values[i]) >> (32 - LEADING_BITS)]++;
    size_t rank = (count - 1) / 2;
    uint32_t bin = 0;
    while (rank >= histogram[bin])
        rank -= histogram[bin++];
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        scratch[kept] = values[i];
        kept += order_of(values[i]) >> (32 - LEADING_BITS) == bin;
    }
    return select_rank(scratch, kept, rank);
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

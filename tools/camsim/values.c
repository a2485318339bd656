#include "values.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int cs_read_whole(const char *text, int64_t low, int64_t high, int64_t *value)
{
    char *end;
    errno = 0;
    long long number = strtoll(text, &end, 10);
    if (errno || end == text || *end || number < low || number > high)
        return -1;
    *value = number;
    return 0;
}

int cs_read_int(const char *text, int low, int high, int *value)
{
    int64_t wide = 0;
    int result = cs_read_whole(text, low, high, &wide);
    if (result == 0)
        *value = (int)wide;
    return result;
}

int cs_read_real(const char *text, double low, double high, double *value)
{
    char *end;
    double number = strtod(text, &end);
    if (end == text || *end || !(number >= low && number <= high))
        return -1;
    *value = number;
    return 0;
}

int cs_read_size(const char *text, int side_min, int side_max, int *width, int *height)
{
    int w, h, used = 0;
    if (sscanf(text, "%6dx%6d%n", &w, &h, &used) != 2 || text[used] || w < side_min || h < side_min || w > side_max ||
        h > side_max)
        return -1;
    *width = w;
    *height = h;
    return 0;
}

int cs_read_margins(const char *text, int margin_max, int margins[4])
{
    int used = 0, m[4];
    if (sscanf(text, "%4d,%4d,%4d,%4d%n", &m[0], &m[1], &m[2], &m[3], &used) != 4 || text[used])
        return -1;
    for (int i = 0; i < 4; i++) {
        if (m[i] < 0 || m[i] > margin_max)
            return -1;
        margins[i] = m[i];
    }
    return 0;
}

int cs_read_seed(const char *text, uint64_t *seed)
{
    char *end;
    errno = 0;
    *seed = strtoull(text, &end, 10);
    return errno || end == text || *end || *text == '-' ? -1 : 0;
}

int cs_read_sharpening(const char *text, float *sharpening)
{
    double value = -1.0;
    int result = strcmp(text, "auto") == 0 ? 0 : cs_read_real(text, 0.0, 4.0, &value);
    *sharpening = (float)value;
    return result;
}

int cs_read_choice(const char *text, const int choices[3], int *value)
{
    for (int i = 0; i < 3; i++) {
        int chosen;
        if (cs_read_int(text, choices[i], choices[i], &chosen) == 0) {
            *value = chosen;
            return 0;
        }
    }
    return -1;
}

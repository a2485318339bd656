#include "noise_reduction.h"

#include <math.h>

static const float THRESHOLD = 3.0f;

float cs_noise_threshold(const cs_shot *shot)
{
    return THRESHOLD * sqrtf((float)shot->iso / 100.0f);
}

#define ORDER(a, b)                                                                                                    \
    do {                                                                                                               \
        float low_ = (a) < (b) ? (a) : (b);                                                                            \
        (b) = (a) < (b) ? (b) : (a);                                                                                   \
        (a) = low_;                                                                                                    \
    } while (0)

#define ORDER3(a, b, c)                                                                                                \
    ORDER(a, b);                                                                                                       \
    ORDER(b, c);                                                                                                       \
    ORDER(a, b)

/* The median of nine, with each column sorted: the median of the greatest low, the middle middle and the least high
 * value (Smith 1996, Implementing median filters in XC4000E FPGAs). */
void cs_reduce_noise(const float *const row[3], float threshold, int width, float *restrict out)
{
    const float *restrict up = row[0], *restrict here = row[1], *restrict down = row[2];
    float limit = threshold * threshold;
    for (int x = 0; x < width; x++) {
        float a0 = up[x - 1], a1 = here[x - 1], a2 = down[x - 1];
        float b0 = up[x], b1 = here[x], b2 = down[x];
        float c0 = up[x + 1], c1 = here[x + 1], c2 = down[x + 1];
        ORDER3(a0, a1, a2);
        ORDER3(b0, b1, b2);
        ORDER3(c0, c1, c2);
        ORDER3(a0, b0, c0);
        ORDER3(a1, b1, c1);
        ORDER3(a2, b2, c2);
        ORDER3(a2, b1, c0);
        float d = here[x] - b1, square = d * d;
        out[x] = b1 + d * (square / (square + limit));
    }
}

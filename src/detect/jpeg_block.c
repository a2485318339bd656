#include "detect/jpeg_block.h"

#include "detect/random.h"

#include <math.h>

#define PI 3.14159265358979323846
/* Coefficients rounded to 0 lie a little nearer to it than evenly spread ones do; as the truth of simulated photos has
 * it (bench/cases.py --case selftest). */
#define ZERO_SHARE 0.9

/* Rows of the orthonormal cosine transform of 8 (ITU T.81, A.3.3). */
static void fill_cosines(double cosine[8][8])
{
    for (int u = 0; u < 8; u++)
        for (int x = 0; x < 8; x++)
            cosine[u][x] = (u ? 0.5 : sqrt(0.125)) * cos((2 * x + 1) * u * PI / 16);
}

/* out = a in b^T, a forward transform with a = b = cosine; `back`: the transpose of both. */
static void transform(double cosine[8][8], const double in[64], int back, double out[64])
{
    double half[64] = {0};
    for (int u = 0; u < 8; u++)
        for (int x = 0; x < 8; x++)
            for (int k = 0; k < 8; k++)
                half[u * 8 + x] += (back ? cosine[k][u] : cosine[u][k]) * in[k * 8 + x];
    for (int u = 0; u < 8; u++)
        for (int v = 0; v < 8; v++) {
            double sum = 0;
            for (int k = 0; k < 8; k++)
                sum += half[u * 8 + k] * (back ? cosine[k][v] : cosine[v][k]);
            out[u * 8 + v] = sum;
        }
}

/* -0.5 to 0.5. */
static double draw(uint64_t *state)
{
    return (double)(hp_random_next(state) >> 11) / 9007199254740992.0 - 0.5;
}

void hp_jpeg_block_add(double samples[64], const double extra[64], const uint16_t steps[64], uint64_t seed)
{
    double cosine[8][8], stored[64], added[64], change[64], out[64];
    fill_cosines(cosine);
    transform(cosine, samples, 0, stored);
    transform(cosine, extra, 0, added);
    for (int i = 0; i < 64; i++) {
        double step = steps[i], level = nearbyint(stored[i] / step);
        seed += (uint64_t)(int64_t)(level * 1000); /* another rounding in every photo */
        double lost = draw(&seed) * (level == 0 && i > 0 ? ZERO_SHARE : 1);
        change[i] = step * (nearbyint(level + lost + added[i] / step) - level);
    }
    transform(cosine, change, 1, out);
    for (int i = 0; i < 64; i++)
        samples[i] += out[i];
}

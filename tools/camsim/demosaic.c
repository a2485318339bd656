#include "demosaic.h"

#include <stddef.h>
#include <string.h>

/* Gradient-corrected linear interpolation: Malvar, He, Cutler 2004 (High-quality linear interpolation for
 * demosaicing of Bayer-patterned color images), figure 2; the filters times 8. */
typedef struct corrected {
    float green, along, across, diagonal;
} corrected;

static inline corrected correct(const float *const row[CS_DEMOSAIC_ROWS], int x)
{
    const float *up2 = row[0], *up = row[1], *here = row[2], *down = row[3], *down2 = row[4];
    float centre = here[x];
    float near_x = here[x - 1] + here[x + 1], near_y = up[x] + down[x];
    float far_x = here[x - 2] + here[x + 2], far_y = up2[x] + down2[x];
    float corners = up[x - 1] + up[x + 1] + down[x - 1] + down[x + 1];
    return (corrected){
        .green = 0.125f * (4.0f * centre + 2.0f * (near_x + near_y) - (far_x + far_y)),
        .along = 0.125f * (5.0f * centre + 4.0f * near_x - corners - far_x + 0.5f * far_y),
        .across = 0.125f * (5.0f * centre + 4.0f * near_y - corners - far_y + 0.5f * far_x),
        .diagonal = 0.125f * (6.0f * centre + 2.0f * corners - 1.5f * (far_x + far_y)),
    };
}

static void bayer_row(const cs_cfa *cfa, const float *const row[CS_DEMOSAIC_ROWS], int y, int width,
                      float *const rgb[3])
{
    int coloured = cs_cfa_colour(cfa, 0, y) == CS_GREEN ? 1 : 0; /* first x that is not green */
    int own = cs_cfa_colour(cfa, coloured, y);
    float *restrict mine = rgb[own], *restrict green = rgb[CS_GREEN], *restrict other = rgb[CS_BLUE - own];
    for (int x = coloured; x < width; x += 2) {
        corrected c = correct(row, x);
        mine[x] = row[2][x];
        green[x] = c.green;
        other[x] = c.diagonal;
    }
    for (int x = 1 - coloured; x < width; x += 2) {
        corrected c = correct(row, x);
        mine[x] = c.along;
        green[x] = row[2][x];
        other[x] = c.across;
    }
}

/* Mean of the same colour in 5x5, weighted by 1 / distance^2: plain, but enough for X-Trans. */
static float gather(const cs_cfa *cfa, const float *const row[CS_DEMOSAIC_ROWS], const int at[2], const int size[2],
                    int colour)
{
    float sum = 0.0f, weights = 0.0f;
    for (int dy = -CS_DEMOSAIC_REACH; dy <= CS_DEMOSAIC_REACH; dy++)
        for (int dx = -CS_DEMOSAIC_REACH; dx <= CS_DEMOSAIC_REACH; dx++) {
            int x = at[0] + dx, y = at[1] + dy;
            if (x < 0 || y < 0 || x >= size[0] || y >= size[1] || cs_cfa_colour(cfa, x, y) != colour)
                continue;
            float weight = 1.0f / (float)(dx * dx + dy * dy);
            sum += weight * row[dy + CS_DEMOSAIC_REACH][x];
            weights += weight;
        }
    return sum / weights;
}

static void xtrans_row(const cs_cfa *cfa, const float *const row[CS_DEMOSAIC_ROWS], int y, int width, int height,
                       float *const rgb[3])
{
    for (int x = 0; x < width; x++) {
        const int at[2] = {x, y}, size[2] = {width, height};
        int own = cs_cfa_colour(cfa, x, y);
        for (int c = 0; c < 3; c++)
            rgb[c][x] = c == own ? row[2][x] : gather(cfa, row, at, size, c);
    }
}

void cs_demosaic_row(const cs_cfa *cfa, const float *const row[CS_DEMOSAIC_ROWS], int y, int width, int height,
                     float *const rgb[3])
{
    if (cfa->period == 2)
        bayer_row(cfa, row, y, width, rgb);
    else if (cfa->period == CS_PERIOD_MAX)
        xtrans_row(cfa, row, y, width, height, rgb);
    else
        for (int c = 0; c < 3; c++)
            memcpy(rgb[c], row[2], (size_t)width * sizeof *rgb[c]);
}

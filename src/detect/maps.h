/*
 * The four maps of docs/method.md, 3.1 and 3.2: how far each pixel stands out, normalised per phase. They are computed
 * row by row from the sums whenever needed; only energy is held, since its logarithms cost most.
 */
#ifndef HP_DETECT_MAPS_H
#define HP_DETECT_MAPS_H

#include "base/pool.h"
#include "detect/border.h"
#include "detect/levels.h"
#include "detect/unchanging.h"

typedef enum hp_map { HP_MAP_Z, HP_MAP_ZT, HP_MAP_ZG, HP_MAP_EN } hp_map;

enum {
    HP_PHASES_MOST = 16,  /* along one axis: the MCU of a JPEG */
    HP_PHASE_COLUMNS = 48 /* a multiple of every period (1, 2, 6, 16): phase tables are repeated to this length */
};

/* Centre and scale of each phase of one map: normalised value = (raw - centre) * scale. */
typedef struct hp_phase_table {
    float centre[HP_PHASES_MOST][HP_PHASE_COLUMNS];
    float scale[HP_PHASES_MOST][HP_PHASE_COLUMNS];
} hp_phase_table;

typedef struct hp_maps {
    const hp_residual *residual;
    uint32_t width, height;      /* px */
    uint32_t period_x, period_y; /* of the phases, px */
    float *energy;               /* height x width: ln of the mean z^2, less that of the ring */
    hp_phase_table *phases;      /* HP_MAPS of them */
    hp_unchanging unchanging;    /* beside the maps */
    hp_levels levels;
    hp_border border; /* which is not part of what is usual */
} hp_maps;

/* Bytes that hp_maps_create takes for a frame of this shape. */
uint64_t hp_maps_bytes(const hp_photo_info *shape);

/* Bytes that it needs meanwhile beside these, for the medians of the phases. */
uint64_t hp_maps_median_bytes(const hp_photo_info *shape, unsigned threads);

/* effective_share: n_eff/n */
int hp_maps_create(const hp_residual *residual, double effective_share, hp_pool *pool, hp_maps *maps, hp_error *err);
void hp_maps_free(hp_maps *maps);

/* Normalised values of row y in out (width of them). Energy is cut at 0 from below. */
void hp_maps_row(const hp_maps *maps, hp_map map, uint32_t y, float *out);
/* What raw values of a map are typically multiplied by: the lower median over the phases. */
float hp_maps_scale(const hp_maps *maps, hp_map map);

/*
 * What a pixel reaches in the zt or zg map by one photo alone, the one of the largest weight, at most (z limited to 4
 * sigma); 0 for the other maps.
 */
float hp_maps_one_photo(const hp_maps *maps, hp_map map);

/* What a pixel reaches in the z map that is at the limit of z in every photo. */
float hp_maps_most(const hp_maps *maps);
float hp_maps_value(const hp_maps *maps, hp_map map, uint32_t x, uint32_t y);

#endif

/* Where the fault of a bad pixel shows. */
#ifndef HP_REPAIR_FOOTPRINT_H
#define HP_REPAIR_FOOTPRINT_H

#include "defects/list.h"

/* Samples of a plane: one stands for step_x x step_y px of the photo. */
typedef struct hp_sampling {
    uint32_t step_x, step_y;
} hp_sampling;

enum { HP_FOOTPRINT_HALO = 2 }; /* samples around a footprint that may still be off a little */

/* The pixels that a repair must see to, within the frame: of a smeared defect 5x5 px at least. */
hp_box hp_footprint(const hp_list *list, const hp_defect *defect);

/* The samples that hold one of these pixels. */
hp_box hp_footprint_in_samples(hp_box pixels, hp_sampling sampling);

/*
 * How far off the sample x, y may be, as a share of the worst of this defect; 0 beyond the halo of its footprint.
 */
float hp_footprint_spread(const hp_list *list, const hp_defect *defect, hp_sampling sampling, uint32_t x, uint32_t y);

/*
 * The defects whose footprint, with its halo, may reach into rows `top` to `bottom` of the photo, bottom excluded:
 * *first to *end, end excluded, of a tidy list whose defects are all smeared or single pixels.
 */
void hp_footprint_near(const hp_list *list, uint32_t top, uint32_t bottom, size_t *first, size_t *end);

#endif

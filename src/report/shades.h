/* From values to colours: the score image, and the crops around defects. */
#ifndef HP_REPORT_SHADES_H
#define HP_REPORT_SHADES_H

#include "report/picture.h"

/* Crops side by side, HP_CROPS_A_ROW a row, those of the mean or of the residual. */
enum { HP_CROPS_A_ROW = 20 };

/* What the darkest and the lightest shade of a crop stand for, DN. */
typedef struct hp_shade_range {
    double low, high;
} hp_shade_range;

/* Which of two crops a sheet shows. */
typedef enum hp_crop_kind { HP_CROP_MEAN, HP_CROP_RESIDUAL } hp_crop_kind;

/* The score image in 16 colours: dark where nothing stands out, warm brighter, blue darker pixels. HP_E_MEMORY. */
int hp_shade_scores(const hp_evidence *evidence, hp_picture *picture, hp_error *err);

/* All crops of one kind. Each gets its own range, which hp_shade_crop_range tells. HP_E_MEMORY. */
int hp_shade_crops(const hp_list *list, hp_crop_kind kind, hp_picture *sheet, hp_error *err);
hp_shade_range hp_shade_crop_range(const hp_list *list, const hp_crop *crop, hp_crop_kind kind);

/* The colour of a kind of defect, for markers on the sensor. */
hp_rgb hp_shade_of_kind(hp_kind kind);

#endif

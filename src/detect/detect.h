/* From the sums of one camera to its bad pixels: docs/method.md, 3. */
#ifndef HP_DETECT_DETECT_H
#define HP_DETECT_DETECT_H

#include "base/pool.h"
#include "stats/residual.h"

/* Memory that hp_detect takes beside the sums, bytes. */
uint64_t hp_detect_bytes(const hp_photo_info *shape, bool evidence, unsigned threads);

typedef struct hp_detection {
    hp_defect *defects; /* ordered by y, then x */
    size_t count;
    size_t negative_count;
    size_t overlays; /* areas that were left out */
    hp_dust *dust;
    size_t dust_count;
    hp_checks checks;
    hp_evidence *evidence; /* NULL where it was not wanted */
} hp_detection;

typedef struct hp_detect_options {
    double effective_share; /* n_eff / n of the set, 0..1 */
    double false_rate;      /* false detections to be expected on the whole sensor, above 0 */
    bool dark;              /* all photos are darks or bias frames: none shows a scene */
    bool evidence;          /* fill hp_detection.evidence */
} hp_detect_options;

/* Fails with HP_E_MEMORY. Freed with hp_detection_free. */
int hp_detect(const hp_residual *residual, const hp_detect_options *options, hp_pool *pool, hp_detection *out,
              hp_error *err);
void hp_detection_free(hp_detection *detection);

#endif

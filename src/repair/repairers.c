#include "repair/repair.h"

#include <stddef.h>

#ifdef HP_TEST_FORMAT /* tests/isolation alone: photos that misbehave while they are repaired */
extern hp_repair_fn hp_repair_test;
#endif

static const struct {
    hp_source source;
    hp_repair_fn *repair;
} repairers[] = {
    {HP_SOURCE_JPEG, hp_repair_jpeg}, {HP_SOURCE_RAW, hp_repair_raw},
    {HP_SOURCE_PNG, hp_repair_png},   {HP_SOURCE_FITS, hp_repair_fits},
#ifdef HP_TEST_FORMAT
    {HP_SOURCE_TIFF, hp_repair_test},
#else
    {HP_SOURCE_TIFF, hp_repair_tiff},
#endif
};

hp_repair_fn *hp_repairer_of(hp_source source)
{
    for (size_t i = 0; i < sizeof repairers / sizeof *repairers; i++)
        if (repairers[i].source == source)
            return repairers[i].repair;
    return NULL;
}

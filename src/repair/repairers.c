#include "base/error.h"
#include "photo/format.h"
#include "repair/repair.h"

#include <string.h>

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

static hp_repair_fn *repairer_of(hp_source source)
{
    for (size_t i = 0; i < sizeof repairers / sizeof *repairers; i++)
        if (repairers[i].source == source)
            return repairers[i].repair;
    return NULL;
}

bool hp_repairs(hp_source source)
{
    return repairer_of(source) != NULL;
}

/* What stands in the stream, which has no more room than it was given. */
static int end_copy(FILE *stream, size_t *size, hp_error *err)
{
    bool whole = !fflush(stream) && !ferror(stream);
    long end = whole ? ftell(stream) : -1;
    *size = end < 0 ? 0 : (size_t)end;
    return end < 0 ? hp_fail(err, HP_E_UNSUPPORTED, "would become much longer than it is") : HP_OK;
}

static bool is_alike(const hp_photo_info *a, const hp_photo_info *b)
{
    const hp_camera *one = &a->camera, *other = &b->camera;
    return one->source == other->source && one->width == other->width && one->height == other->height &&
           a->channels == b->channels && memcmp(&a->cfa, &b->cfa, sizeof a->cfa) == 0;
}

static int check_copy(hp_bytes copy, const hp_photo_info *info, hp_error *err)
{
    const hp_format *format = hp_format_probe(copy);
    hp_photo_info again = {0};
    int code = format ? format->read_info(copy, copy.size, &again, err) : HP_E_INPUT;
    if (code == HP_E_MEMORY || (code == HP_OK && is_alike(&again, info)))
        return code;
    return hp_fail(err, HP_E_INPUT, "is damaged: with other samples it would no longer be this photo");
}

int hp_repair_copy(hp_repair *repair, void *room, size_t room_size, size_t *size, hp_error *err)
{
    *size = 0;
    FILE *stream = fmemopen(room, room_size, "w");
    if (!stream)
        return hp_fail(err, HP_E_MEMORY, "no memory to repair it");
    int code = repairer_of(repair->info->camera.source)(repair, stream, err);
    bool copied = repair->repaired || repair->masked;
    if (!code && copied)
        code = end_copy(stream, size, err);
    fclose(stream);
    return code || !copied ? code : check_copy((hp_bytes){room, *size}, repair->info, err);
}

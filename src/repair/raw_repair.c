/* Camera raws: DNG alone is written again, its samples or, where that cannot be, a list of the bad ones beside them. */
#include "repair/raw_repair.h"

#include "base/error.h"
#include "defects/opcodes.h"

int hp_raw_repair_unpack(const hp_dng *dng, hp_bytes file, libraw_data_t **raw, hp_error *err)
{
    int code = hp_raw_unpack(file, raw, err);
    if (code)
        return code;
    const libraw_image_sizes_t *s = &(*raw)->sizes;
    const uint16_t *row = (*raw)->rawdata.raw_image;
    if (!row || s->raw_width != dng->width || s->raw_height != dng->height || s->raw_pitch / 2 < s->raw_width)
        return hp_fail(err, HP_E_UNSUPPORTED, "is a DNG whose samples LibRaw takes for others");
    for (uint32_t y = 0; y < dng->height; y++, row += s->raw_pitch / 2)
        if (!hp_raw_was_written(row, dng->width))
            return hp_fail(err, HP_E_INPUT, "is a damaged RAW: samples of row %u are missing", y);
    return HP_OK;
}

int hp_raw_repair_check(const hp_dng *dng, hp_bytes copy, hp_raw_row_agrees *agrees, const void *context, hp_error *err)
{
    libraw_data_t *raw;
    int code = hp_raw_repair_unpack(dng, copy, &raw, err);
    for (uint32_t y = 0; y < dng->height && !code; y++)
        if (!agrees(context, y, raw->rawdata.raw_image + y * (size_t)(raw->sizes.raw_pitch / 2)))
            code = hp_fail(err, HP_E_UNSUPPORTED, "is a DNG in which LibRaw reads other samples than are there");
    if (raw)
        libraw_close(raw);
    return code;
}

static void start_again(hp_repair *repair, FILE *stream)
{
    repair->repaired = repair->left = 0;
    rewind(stream);
}

static int list_in_copy(hp_repair *repair, FILE *stream, hp_error *err)
{
    repair->repaired = repair->list->defect_count;
    repair->by_opcode = true;
    return hp_opcodes_write(repair->list, repair->file, stream, err);
}

int hp_repair_raw(hp_repair *repair, FILE *stream, hp_error *err)
{
    static int (*const ways[])(hp_repair *, const hp_dng *, FILE *, hp_error *) = {hp_repair_plain_dng,
                                                                                   hp_repair_ljpeg};
    hp_dng dng;
    if (hp_dng_open(repair->file, &dng, NULL))
        return hp_fail(
            err, HP_E_UNSUPPORTED,
            "is a camera raw that only its maker writes; hotpix convert LIST -o a.badpixels makes a list for "
            "dcraw -P, -o rawtherapee:FOLDER one for RawTherapee, -o a.lst one for Siril");
    if (repair->list->defect_count == 0)
        return HP_OK;
    int code = HP_E_UNSUPPORTED;
    for (size_t i = 0; i < sizeof ways / sizeof *ways && code == HP_E_UNSUPPORTED; i++) {
        code = ways[i](repair, &dng, stream, err);
        if (code == HP_E_UNSUPPORTED)
            start_again(repair, stream);
    }
    return code == HP_E_UNSUPPORTED ? list_in_copy(repair, stream, err) : code;
}

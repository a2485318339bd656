/*
 * DNG in lossless JPEG. LibRaw says what the samples are; the tiles with a bad pixel are coded again, in their places,
 * or at the end where they became longer; all else stays. LibRaw then reads the result, and only one that holds exactly
 * the samples that are wanted counts: kinds of lossless JPEG are many.
 */
#include "base/error.h"
#include "repair/ljpeg_tiles.h"
#include "repair/raw_repair.h"
#include "repair/samples.h"

#include <string.h>

typedef struct picture {
    const hp_dng *dng;
    libraw_data_t *raw;
    uint16_t *samples; /* the whole frame, LibRaw's */
    size_t pitch;      /* samples */
    hp_ljpeg_tiles tiles;
} picture;

static uint16_t *place(const picture *p, uint32_t x, uint32_t y)
{
    return p->samples + (size_t)(y + p->dng->top) * p->pitch + x + p->dng->left;
}

static double get(const void *context, uint32_t x, uint32_t y, unsigned channel)
{
    (void)channel;
    return *place(context, x, y);
}

static void set(void *context, uint32_t x, uint32_t y, unsigned channel, double value)
{
    picture *p = context;
    (void)channel;
    *place(p, x, y) = (uint16_t)value;
    hp_ljpeg_tiles_touch(&p->tiles, x + p->dng->left, y + p->dng->top);
}

static int open_picture(picture *p, const hp_camera *frame, hp_error *err)
{
    if (p->dng->camera.width != frame->width || p->dng->camera.height != frame->height)
        return hp_ljpeg_tiles_fail(err);
    int code = hp_ljpeg_tiles_open(p->dng, &p->tiles, err);
    if (!code)
        code = hp_raw_repair_unpack(p->dng, p->dng->file, &p->raw, err);
    if (!code) {
        p->samples = p->raw->rawdata.raw_image;
        p->pitch = p->raw->sizes.raw_pitch / 2;
    }
    return code;
}

static bool agrees(const void *context, uint32_t y, const uint16_t *row)
{
    const picture *p = context;
    return memcmp(row, p->samples + y * p->pitch, p->dng->width * sizeof *row) == 0;
}

/* The file itself was read: it is the copy that is damaged. */
static int check_copy(const picture *p, hp_error *err)
{
    int code = hp_raw_repair_check(p->dng, (hp_bytes){p->tiles.copy, p->tiles.copy_size}, agrees, p, err);
    return code == HP_E_INPUT ? hp_ljpeg_tiles_fail(err) : code;
}

int hp_repair_ljpeg(hp_repair *repair, const hp_dng *dng, FILE *stream, hp_error *err)
{
    picture p = {.dng = dng};
    int code = open_picture(&p, &repair->info->camera, err);
    const hp_samples samples = {.channels = 1,
                                .whole = true,
                                .high = (double)((1u << p.tiles.bits) - 1),
                                .get = get,
                                .set = set,
                                .context = &p};
    if (!code)
        code = hp_samples_repair(&samples, repair, err);
    if (!code && repair->repaired) {
        code = hp_ljpeg_tiles_copy(&p.tiles, p.samples, p.pitch, err);
        if (!code)
            hp_dng_drop_digests(dng, p.tiles.copy);
        if (!code)
            code = check_copy(&p, err);
        if (!code)
            (void)fwrite(p.tiles.copy, 1, p.tiles.copy_size, stream); /* the stream remembers a failure */
    }
    if (p.raw)
        libraw_close(p.raw);
    hp_ljpeg_tiles_close(&p.tiles);
    return code;
}

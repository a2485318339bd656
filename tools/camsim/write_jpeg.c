#include "write_jpeg.h"

#include "develop.h"
#include "exif.h"
#include "jpeg_error.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS = 16 }; /* handed to libjpeg at a time */

static void set_parameters(struct jpeg_compress_struct *jpeg, const cs_jpeg_options *options, const cs_camera *camera)
{
    int is_mono = camera->cfa->period == 1;
    jpeg->image_width = (JDIMENSION)camera->width;
    jpeg->image_height = (JDIMENSION)camera->height;
    jpeg->input_components = is_mono ? 1 : 3;
    jpeg->in_color_space = is_mono ? JCS_GRAYSCALE : JCS_YCbCr;
    jpeg_set_defaults(jpeg);
    jpeg_set_quality(jpeg, options->quality, TRUE);
    jpeg->dct_method = JDCT_ISLOW;
    if (!is_mono) {
        jpeg->comp_info[0].h_samp_factor = options->subsampling == 444 ? 1 : 2;
        jpeg->comp_info[0].v_samp_factor = options->subsampling == 420 ? 2 : 1;
    }
    if (options->is_progressive)
        jpeg_simple_progression(jpeg);
    jpeg->restart_in_rows = options->restart_rows;
    jpeg->write_JFIF_header = options->has_exif ? FALSE : TRUE;
}

static void write_rows(struct jpeg_compress_struct *jpeg, cs_developer *developer, uint8_t *pixels)
{
    size_t row_size = (size_t)jpeg->image_width * (size_t)jpeg->input_components;
    while (jpeg->next_scanline < jpeg->image_height) {
        JSAMPROW row[ROWS];
        JDIMENSION count = jpeg->image_height - jpeg->next_scanline;
        if (count > ROWS)
            count = ROWS;
        for (JDIMENSION i = 0; i < count; i++) {
            row[i] = pixels + i * row_size;
            cs_developer_row(developer, row[i]);
        }
        jpeg_write_scanlines(jpeg, row, count);
    }
}

typedef struct parts {
    cs_developer *developer;
    uint8_t *pixels;
    unsigned char *exif;
    unsigned exif_size;
    FILE *file;
} parts;

static int compress(const parts *p, const cs_jpeg_options *options, const cs_camera *camera, cs_error *err)
{
    struct jpeg_compress_struct jpeg = {0};
    cs_jpeg_errors errors;
    jpeg.err = cs_jpeg_errors_start(&errors);
    if (setjmp(errors.escape) != 0) {
        jpeg_destroy_compress(&jpeg);
        return cs_fail(err, "%s", errors.text);
    }
    jpeg_create_compress(&jpeg);
    jpeg_stdio_dest(&jpeg, p->file);
    set_parameters(&jpeg, options, camera);
    jpeg_start_compress(&jpeg, TRUE);
    if (p->exif)
        jpeg_write_marker(&jpeg, JPEG_APP0 + 1, p->exif, p->exif_size);
    write_rows(&jpeg, p->developer, p->pixels);
    jpeg_finish_compress(&jpeg);
    jpeg_destroy_compress(&jpeg);
    return 0;
}

int cs_write_jpeg(const char *path, const cs_jpeg_options *options, const cs_camera *camera, const cs_shot *shot,
                  const cs_raw *raw, cs_error *err)
{
    parts p = {0};
    cs_error why;
    int result = -1;
    p.developer = cs_developer_open(camera, raw, err);
    p.pixels = malloc((size_t)ROWS * 3 * (size_t)camera->width);
    if (!p.developer || !p.pixels) {
        cs_fail(err, "%s: no memory", path);
        goto done;
    }
    if (options->has_exif && cs_exif_build(camera, shot, &p.exif, &p.exif_size, err))
        goto done;
    p.file = fopen(path, "wb");
    if (!p.file) {
        cs_fail(err, "%s: cannot be written: %s", path, strerror(errno));
        goto done;
    }
    result = compress(&p, options, camera, &why);
    if (result)
        cs_fail(err, "%s: %s", path, why.text);
    if (fclose(p.file) != 0 && result == 0)
        result = cs_fail(err, "%s: cannot be written: %s", path, strerror(errno));
done:
    cs_developer_close(p.developer);
    free(p.pixels);
    free(p.exif);
    return result;
}

#include "write_jpeg.h"

#include "exif.h"
#include "jpeg_error.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS = 16 }; /* handed to libjpeg at a time */

static void set_parameters(struct jpeg_compress_struct *jpeg, const cs_jpeg_options *options, const cs_picture *picture)
{
    int is_mono = picture->components == 1;
    jpeg->image_width = (JDIMENSION)picture->width;
    jpeg->image_height = (JDIMENSION)picture->height;
    jpeg->input_components = picture->components;
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

static void write_rows(struct jpeg_compress_struct *jpeg, const cs_picture *picture)
{
    size_t row_size = (size_t)picture->width * (size_t)picture->components;
    while (jpeg->next_scanline < jpeg->image_height) {
        JSAMPROW row[ROWS];
        JDIMENSION count = jpeg->image_height - jpeg->next_scanline;
        if (count > ROWS)
            count = ROWS;
        for (JDIMENSION i = 0; i < count; i++)
            row[i] = picture->value + (jpeg->next_scanline + i) * row_size;
        jpeg_write_scanlines(jpeg, row, count);
    }
}

typedef struct parts {
    unsigned char *exif;
    unsigned exif_size;
    FILE *file;
} parts;

static int compress(const parts *p, const cs_jpeg_options *options, const cs_picture *picture, cs_error *err)
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
    set_parameters(&jpeg, options, picture);
    jpeg_start_compress(&jpeg, TRUE);
    if (p->exif)
        jpeg_write_marker(&jpeg, JPEG_APP0 + 1, p->exif, p->exif_size);
    write_rows(&jpeg, picture);
    jpeg_finish_compress(&jpeg);
    jpeg_destroy_compress(&jpeg);
    return 0;
}

int cs_write_jpeg(const char *path, const cs_jpeg_options *options, const cs_camera *camera, const cs_shot *shot,
                  const cs_picture *picture, cs_error *err)
{
    parts p = {0};
    cs_error why;
    int result = -1;
    if (options->has_exif && cs_exif_build(camera, shot, &p.exif, &p.exif_size, err))
        goto done;
    p.file = fopen(path, "wb");
    if (!p.file) {
        cs_fail(err, "%s: cannot be written: %s", path, strerror(errno));
        goto done;
    }
    result = compress(&p, options, picture, &why);
    if (result)
        cs_fail(err, "%s: %s", path, why.text);
    if (fclose(p.file) != 0 && result == 0)
        result = cs_fail(err, "%s: cannot be written: %s", path, strerror(errno));
done:
    free(p.exif);
    return result;
}

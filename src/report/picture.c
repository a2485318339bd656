#include "report/picture.h"

#include "base/error.h"
#include "base/memory.h"
#include "report/markup.h"

#include <spng.h>
#include <stdlib.h>
#include <string.h>

int hp_picture_create(hp_picture *picture, uint32_t width, uint32_t height, unsigned colours, hp_error *err)
{
    size_t bytes;
    *picture = (hp_picture){.width = width, .height = height, .colours = colours};
    if (!hp_multiply(width, height, 1, &bytes))
        return hp_fail(err, HP_E_MEMORY, "no memory for a picture of %ux%u", width, height);
    picture->index = hp_calloc(bytes, 1, err);
    return picture->index ? HP_OK : HP_E_MEMORY;
}

void hp_picture_free(hp_picture *picture)
{
    free(picture->index);
    *picture = (hp_picture){0};
}

/* Rows as the file has them; with 16 colours two pixels a byte, the left one in the high bits. */
static size_t pack_row(const hp_picture *picture, uint32_t y, uint8_t *row)
{
    const uint8_t *index = picture->index + (size_t)y * picture->width;
    if (picture->colours > 16) {
        memcpy(row, index, picture->width);
        return picture->width;
    }
    size_t bytes = (picture->width + 1) / 2;
    memset(row, 0, bytes);
    for (uint32_t x = 0; x < picture->width; x++)
        row[x / 2] |= (uint8_t)(index[x] << (x % 2 ? 0 : 4));
    return bytes;
}

static int write_rows(spng_ctx *png, const hp_picture *picture, uint8_t *row)
{
    int status = spng_encode_image(png, NULL, 0, SPNG_FMT_PNG, SPNG_ENCODE_PROGRESSIVE | SPNG_ENCODE_FINALIZE);
    for (uint32_t y = 0; y < picture->height && !status; y++) {
        size_t bytes = pack_row(picture, y, row);
        status = spng_encode_row(png, row, bytes);
    }
    return status == SPNG_EOI ? 0 : status;
}

static int encode(spng_ctx *png, const hp_picture *picture, uint8_t *row)
{
    struct spng_ihdr header = {.width = picture->width,
                               .height = picture->height,
                               .bit_depth = picture->colours > 16 ? 8 : 4,
                               .color_type = SPNG_COLOR_TYPE_INDEXED};
    struct spng_plte palette = {.n_entries = picture->colours};
    for (unsigned i = 0; i < picture->colours; i++) {
        palette.entries[i].red = picture->palette[i].red;
        palette.entries[i].green = picture->palette[i].green;
        palette.entries[i].blue = picture->palette[i].blue;
    }
    int status = spng_set_option(png, SPNG_FILTER_CHOICE, SPNG_DISABLE_FILTERING);
    status = status ? status : spng_set_ihdr(png, &header);
    status = status ? status : spng_set_plte(png, &palette);
    return status ? status : write_rows(png, picture, row);
}

/* stream NULL: into memory, from where *buffer, the caller's, comes. */
static int write_png(const hp_picture *picture, FILE *stream, void **buffer, size_t *size, hp_error *err)
{
    int status = 0;
    uint8_t *row = hp_calloc(picture->width, 1, err);
    spng_ctx *png = spng_ctx_new(SPNG_CTX_ENCODER);
    if (!row || !png) {
        status = SPNG_EMEM;
        goto done;
    }
    status = stream ? spng_set_png_file(png, stream) : spng_set_option(png, SPNG_ENCODE_TO_BUFFER, 1);
    status = status ? status : encode(png, picture, row);
    if (!status && !stream)
        *buffer = spng_get_png_buffer(png, size, &status);
done:
    spng_ctx_free(png);
    free(row);
    if (!status || (stream && ferror(stream))) /* the caller looks at the stream */
        return HP_OK;
    return hp_fail(err, status == SPNG_EMEM ? HP_E_MEMORY : HP_E_IO, "libspng cannot write a picture: %s",
                   spng_strerror(status));
}

int hp_picture_write(const hp_picture *picture, FILE *stream, hp_error *err)
{
    return write_png(picture, stream, NULL, NULL, err);
}

int hp_picture_write_uri(const hp_picture *picture, FILE *stream, hp_error *err)
{
    void *buffer = NULL;
    size_t size = 0;
    int code = write_png(picture, NULL, &buffer, &size, err);
    if (!code) {
        fputs("data:image/png;base64,", stream);
        hp_markup_base64(stream, buffer, size);
    }
    free(buffer);
    return code;
}

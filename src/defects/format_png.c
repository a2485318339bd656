/* A mask as a PNG picture of the photo's size: 255 bad, 0 good when written; whatever is not black is bad when read. */
#include "base/error.h"
#include "base/memory.h"
#include "base/text.h"
#include "defects/list_format.h"
#include "defects/mask.h"

#include <spng.h>
#include <stdlib.h>
#include <string.h>

enum { CHUNK_BYTES_MOST = 1 << 20, TEXTS = 5, TEXTS_MOST = 64 };

/* ---- writing ---- */

static int fail_write(int status, hp_error *err)
{
    if (status == SPNG_IO_ERROR)
        return HP_OK; /* the caller looks at the stream */
    return hp_fail(err, status == SPNG_EMEM ? HP_E_MEMORY : HP_E_IO, "libspng cannot write it: %s",
                   spng_strerror(status));
}

static int write_rows(spng_ctx *png, const hp_list *list, uint8_t *row, hp_mask_painter *painter)
{
    int status = spng_encode_image(png, NULL, 0, SPNG_FMT_PNG, SPNG_ENCODE_PROGRESSIVE | SPNG_ENCODE_FINALIZE);
    for (uint32_t y = 0; y < list->camera.height && !status; y++) {
        hp_mask_paint(painter, y, row);
        for (uint32_t x = 0; x < list->camera.width; x++)
            row[x] = row[x] ? UINT8_MAX : 0;
        status = spng_encode_row(png, row, list->camera.width);
    }
    return status == SPNG_EOI ? 0 : status;
}

/* What spng keeps the addresses of until it has written. */
typedef struct shown_texts {
    char text[TEXTS][4 * sizeof((hp_camera *)0)->make];
} shown_texts;

/* tEXt holds Latin-1; hp_printable leaves UTF-8, which most programs show all the same. */
static int write_texts(spng_ctx *png, const hp_camera *camera, shown_texts *shown)
{
    static const char *const keys[TEXTS] = {"Make", "Model", "Serial", "Source", "Software"};
    const char *values[TEXTS] = {camera->make, camera->model, camera->serial, hp_source_name(camera->source), "hotpix"};
    struct spng_text texts[TEXTS] = {0};
    uint32_t count = 0;
    for (size_t i = 0; i < TEXTS; i++) {
        struct spng_text *t = &texts[count];
        if (!values[i][0])
            continue;
        snprintf(t->keyword, sizeof t->keyword, "%s", keys[i]);
        t->type = SPNG_TEXT;
        t->text = hp_printable(values[i], shown->text[i], sizeof shown->text[i]);
        t->length = strlen(t->text);
        count++;
    }
    return spng_set_text(png, texts, count);
}

static int write_list(const hp_writing *writing, hp_error *err)
{
    const hp_list *list = &writing->result->lists[0];
    hp_mask_painter painter = {0};
    shown_texts shown;
    struct spng_ihdr header = {.width = list->camera.width,
                               .height = list->camera.height,
                               .bit_depth = 8,
                               .color_type = SPNG_COLOR_TYPE_GRAYSCALE};
    int code = HP_OK, status;
    uint8_t *row = hp_calloc(list->camera.width, 1, err);
    spng_ctx *png = spng_ctx_new(SPNG_CTX_ENCODER);
    if (!row || !png) {
        code = hp_fail(err, HP_E_MEMORY, "no memory for a PNG picture");
        goto done;
    }
    code = hp_mask_painter_start(&painter, list, err);
    if (code)
        goto done;
    status = spng_set_png_file(png, writing->stream);
    status = status ? status : spng_set_ihdr(png, &header);
    status = status ? status : write_texts(png, &list->camera, &shown);
    status = status ? status : write_rows(png, list, row, &painter);
    code = status ? fail_write(status, err) : HP_OK;
done:
    hp_mask_painter_free(&painter);
    spng_ctx_free(png);
    free(row);
    return code;
}

/* ---- reading ---- */

static int fail_read(int status, hp_error *err)
{
    return hp_fail(err, status == SPNG_EMEM ? HP_E_MEMORY : HP_E_INPUT, "is a damaged PNG picture: %s",
                   spng_strerror(status));
}

static void read_name(const struct spng_text *text, const char *key, char *out, size_t size)
{
    char shown[256];
    if (strcmp(text->keyword, key) != 0 || !text->text)
        return;
    hp_printable(text->text, shown, sizeof shown);
    hp_copy_trimmed(out, size, shown, strlen(shown));
}

static void read_camera(spng_ctx *png, hp_camera *camera)
{
    struct spng_text texts[TEXTS_MOST];
    char source[16] = "";
    uint32_t count = 0;
    if (spng_get_text(png, NULL, &count) || count > TEXTS_MOST || spng_get_text(png, texts, &count))
        return;
    for (uint32_t i = 0; i < count; i++) {
        read_name(&texts[i], "Make", camera->make, sizeof camera->make);
        read_name(&texts[i], "Model", camera->model, sizeof camera->model);
        read_name(&texts[i], "Serial", camera->serial, sizeof camera->serial);
        read_name(&texts[i], "Source", source, sizeof source);
    }
    (void)hp_source_find(source, &camera->source);
}

static int check_header(const struct spng_ihdr *header, hp_error *err)
{
    if (header->width > HP_SIDE_MOST || header->height > HP_SIDE_MOST ||
        (int64_t)header->width * header->height > HP_MASK_PIXELS_MOST)
        return hp_fail(err, HP_E_INPUT, "is a picture of %ux%u, too large for a mask", header->width, header->height);
    if (header->interlace_method)
        return hp_fail(err, HP_E_UNSUPPORTED, "is an interlaced PNG picture, which is not read");
    return HP_OK;
}

/* How a picture is decoded: grey of at most 8 bits as it is, all else with colours. Alpha does not count. */
typedef enum layout { GREY, COLOURS, WIDE } layout;

static layout layout_of(const struct spng_ihdr *header)
{
    if (header->bit_depth > 8)
        return WIDE;
    return header->color_type == SPNG_COLOR_TYPE_GRAYSCALE ? GREY : COLOURS;
}

/* The colours of pixel x as one number; 0: black. */
static double value_of(layout kind, const uint8_t *samples, uint32_t x)
{
    uint16_t wide[3];
    if (kind == GREY)
        return samples[x];
    if (kind == COLOURS)
        return samples[3 * x] << 16 | samples[3 * x + 1] << 8 | samples[3 * x + 2];
    memcpy(wide, samples + 8 * (size_t)x, sizeof wide);
    return (double)((uint64_t)wide[0] << 32 | (uint64_t)wide[1] << 16 | wide[2]);
}

static int read_rows(spng_ctx *png, const struct spng_ihdr *header, hp_mask_gatherer *gatherer, hp_error *err)
{
    static const int formats[] = {SPNG_FMT_G8, SPNG_FMT_RGB8, SPNG_FMT_RGBA16};
    static const size_t pixel_bytes[] = {1, 3, 8};
    const layout kind = layout_of(header);
    size_t bytes = header->width * pixel_bytes[kind];
    uint8_t *samples = hp_calloc(bytes, 1, err), *row = hp_calloc(header->width, 1, err);
    int code = samples && row ? HP_OK : HP_E_MEMORY;
    int status = code ? 0 : spng_decode_image(png, NULL, 0, formats[kind], SPNG_DECODE_PROGRESSIVE);
    for (uint32_t y = 0; y < header->height && !status && !code; y++) {
        status = spng_decode_row(png, samples, bytes);
        if (status == SPNG_EOI && y == header->height - 1)
            status = 0;
        for (uint32_t x = 0; x < header->width && !status; x++) {
            double value = value_of(kind, samples, x);
            row[x] = value != 0;
            if (row[x])
                hp_mask_note(gatherer, value);
        }
        if (!status)
            code = hp_mask_gather(gatherer, y, row, header->width, err);
    }
    if (!status && !code)
        code = hp_mask_gather_end(gatherer, header->height, err);
    free(samples);
    free(row);
    return status ? fail_read(status, err) : code;
}

static int read_mask(spng_ctx *png, hp_reading *reading, hp_list_maker *maker, hp_error *err)
{
    hp_mask_gatherer gatherer = {.maker = maker};
    struct spng_ihdr header;
    int status = spng_set_image_limits(png, HP_SIDE_MOST, HP_SIDE_MOST);
    status = status ? status : spng_set_chunk_limits(png, CHUNK_BYTES_MOST, CHUNK_BYTES_MOST);
    status = status ? status : spng_set_png_buffer(png, reading->file.data, reading->file.size);
    status = status ? status : spng_get_ihdr(png, &header);
    if (status)
        return fail_read(status, err);
    int code = check_header(&header, err);
    if (code)
        return code;
    read_camera(png, &maker->list.camera);
    maker->list.camera.width = header.width;
    maker->list.camera.height = header.height;
    code = hp_reading_settle(reading, &maker->list, HP_SOURCE_UNKNOWN, err);
    if (!code)
        code = read_rows(png, &header, &gatherer, err);
    if (!code)
        code = hp_reading_add(reading, &maker->list, err);
    hp_mask_gatherer_free(&gatherer);
    return code;
}

static int read_list(hp_reading *reading, hp_error *err)
{
    hp_list_maker maker = {0};
    spng_ctx *png = spng_ctx_new(0);
    int code = png ? read_mask(png, reading, &maker, err) : hp_fail(err, HP_E_MEMORY, "no memory for a PNG picture");
    spng_ctx_free(png);
    hp_list_clear(&maker.list);
    return code;
}

static bool probe(hp_bytes file)
{
    static const uint8_t signature[] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
    return file.size >= sizeof signature && !memcmp(file.data, signature, sizeof signature);
}

const hp_list_format hp_list_png = {
    .name = "png", .endings = {".png"}, .probe = probe, .read = read_list, .write = write_list};

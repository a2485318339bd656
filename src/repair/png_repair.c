/* PNG: its picture is coded again, every other chunk stays as it is. */
#include "base/error.h"
#include "base/memory.h"
#include "repair/samples.h"

#include <spng.h>
#include <stdlib.h>
#include <string.h>

enum { SIGNATURE_BYTES = 8, CHUNK_BYTES = 12 /* length, name, check */, MOST_SIDE = 1 << 20, MOST_CHUNK = 1 << 28 };

typedef struct picture {
    struct spng_ihdr head;
    unsigned samples, bytes; /* of a pixel; of a sample */
    uint8_t *data;           /* samples of 16 bits in the machine's order */
    size_t size;
} picture;

static int fail_for(int code, hp_error *err)
{
    if (code == SPNG_EMEM)
        return hp_fail(err, HP_E_MEMORY, "no memory to code it");
    return hp_fail(err, HP_E_INPUT, "is a damaged PNG: %s", spng_strerror(code));
}

/* ---- samples ---- */

static uint8_t *place(const picture *p, uint32_t x, uint32_t y, unsigned channel)
{
    return p->data + (((size_t)y * p->head.width + x) * p->samples + channel) * p->bytes;
}

static double get(const void *context, uint32_t x, uint32_t y, unsigned channel)
{
    const picture *p = context;
    const uint8_t *at = place(p, x, y, channel);
    uint16_t wide;
    if (p->bytes == 1)
        return *at;
    memcpy(&wide, at, sizeof wide);
    return wide;
}

static void set(void *context, uint32_t x, uint32_t y, unsigned channel, double value)
{
    const picture *p = context;
    const uint16_t wide = (uint16_t)value;
    if (p->bytes == 1)
        *place(p, x, y, channel) = (uint8_t)wide;
    else
        memcpy(place(p, x, y, channel), &wide, sizeof wide);
}

/* ---- reading ---- */

static int read_all(spng_ctx *png, picture *p)
{
    static const uint8_t samples[] = {1, 0, 3, 0, 2, 0, 4};
    int code = spng_get_ihdr(png, &p->head);
    code = code ? code : spng_decoded_image_size(png, SPNG_FMT_PNG, &p->size);
    if (code)
        return code;
    p->samples = p->head.color_type < sizeof samples ? samples[p->head.color_type] : 0;
    p->bytes = p->head.bit_depth / 8;
    p->data = malloc(p->size);
    if (!p->data)
        return SPNG_EMEM;
    code = spng_decode_image(png, p->data, p->size, SPNG_FMT_PNG, 0);
    return code ? code : spng_decode_chunks(png);
}

static int read_picture(hp_bytes file, picture *p, hp_error *err)
{
    spng_ctx *png = spng_ctx_new(0);
    if (!png)
        return hp_fail(err, HP_E_MEMORY, "no memory to decode it");
    int code = spng_set_image_limits(png, MOST_SIDE, MOST_SIDE);
    code = code ? code : spng_set_chunk_limits(png, MOST_CHUNK, MOST_CHUNK);
    code = code ? code : spng_set_png_buffer(png, file.data, file.size);
    code = code ? code : read_all(png, p);
    spng_ctx_free(png);
    if (code)
        return fail_for(code, err);
    return p->samples && p->bytes ? HP_OK : hp_fail(err, HP_E_UNSUPPORTED, "is a PNG with a palette");
}

/* ---- writing ---- */

static uint32_t length_at(const uint8_t *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

/* The chunk at `at`, of *size bytes in all; false at the end of the file or where it reaches beyond. */
static bool next_chunk(hp_bytes file, size_t at, size_t *size)
{
    if (at > file.size || file.size - at < CHUNK_BYTES)
        return false;
    *size = (size_t)length_at(file.data + at) + CHUNK_BYTES;
    return *size <= file.size - at;
}

static bool is_data(const uint8_t *chunk)
{
    return memcmp(chunk + 4, "IDAT", 4) == 0;
}

static void put_data(hp_bytes coded, FILE *stream)
{
    size_t size;
    for (size_t at = SIGNATURE_BYTES; next_chunk(coded, at, &size); at += size)
        if (is_data(coded.data + at))
            (void)fwrite(coded.data + at, 1, size, stream); /* the stream remembers a failure */
}

static void splice(hp_bytes file, hp_bytes coded, FILE *stream)
{
    bool put = false;
    size_t at = SIGNATURE_BYTES, size;
    (void)fwrite(file.data, 1, SIGNATURE_BYTES, stream);
    for (; next_chunk(file, at, &size); at += size) {
        if (!is_data(file.data + at))
            (void)fwrite(file.data + at, 1, size, stream);
        else if (!put)
            put_data(coded, stream);
        put |= is_data(file.data + at);
    }
    (void)fwrite(file.data + at, 1, file.size - at, stream); /* what follows the end, if anything */
}

static int write_picture(const picture *p, hp_bytes file, FILE *stream, hp_error *err)
{
    spng_ctx *png = spng_ctx_new(SPNG_CTX_ENCODER);
    struct spng_ihdr head = p->head;
    size_t size = 0;
    if (!png)
        return hp_fail(err, HP_E_MEMORY, "no memory to code it");
    int code = spng_set_option(png, SPNG_ENCODE_TO_BUFFER, 1);
    code = code ? code : spng_set_ihdr(png, &head);
    code = code ? code : spng_encode_image(png, p->data, p->size, SPNG_FMT_PNG, SPNG_ENCODE_FINALIZE);
    uint8_t *coded = code ? NULL : spng_get_png_buffer(png, &size, &code);
    if (coded)
        splice(file, (hp_bytes){coded, size}, stream);
    free(coded);
    spng_ctx_free(png);
    return code ? fail_for(code, err) : HP_OK;
}

int hp_repair_png(hp_repair *repair, FILE *stream, hp_error *err)
{
    picture p = {0};
    if (repair->list->defect_count == 0)
        return HP_OK;
    int code = read_picture(repair->file, &p, err);
    const hp_camera *frame = &repair->info->camera;
    if (!code && (p.head.width != frame->width || p.head.height != frame->height))
        code = hp_fail(err, HP_E_INPUT, "changed while it was read");
    const hp_samples samples = {.channels = p.samples >= 3 ? 3 : 1,
                                .whole = true,
                                .high = p.bytes == 1 ? UINT8_MAX : UINT16_MAX,
                                .get = get,
                                .set = set,
                                .context = &p};
    if (!code)
        code = hp_samples_repair(&samples, repair, err);
    if (!code && repair->repaired)
        code = write_picture(&p, repair->file, stream, err);
    free(p.data);
    return code;
}

#define _GNU_SOURCE /* sync_file_range */
#include "base/error.h"
#include "base/memory.h"
#include "stats/numbers.h"
#include "stats/state_file.h"
#include "stats/state_table.h"
#include "stats/variance.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef __linux__
#include <fcntl.h>
#endif

/* A file in the making: the headers of the primary HDU, of each image and of the table. */
typedef struct writing {
    hp_state *state;
    hp_fill_piece *fill;
    void *context;
    int fd;
    hp_image images[HP_ARRAYS_MOST];
    size_t image_count;
    hp_cards primary, image_cards[HP_ARRAYS_MOST], table;
    hp_table_shape table_shape;
    uint64_t table_offset; /* of the rows */
    atomic_uint_fast64_t sums[HP_ARRAYS_MOST];
    uint64_t table_sum;
    uint8_t *buffers; /* HP_PIECE_BYTES a worker */
    hp_error *errors; /* one a worker */
} writing;

static void put_text(hp_cards *cards, const char *key, const char *text, const char *comment)
{
    char escaped[512];
    hp_fits_escape(text, escaped, sizeof escaped);
    hp_cards_text(cards, key, escaped, comment);
}

static void put_camera(const hp_photo_info *shape, hp_cards *cards)
{
    const hp_camera *camera = &shape->camera;
    put_text(cards, "MAKE", camera->make, "of the camera");
    put_text(cards, "MODEL", camera->model, "");
    put_text(cards, "SERIAL", camera->serial, "");
    hp_cards_text(cards, "SOURCE", hp_source_name(camera->source), "kind of its photos");
    put_text(cards, "CFA", camera->cfa, "colours, row by row; blank: no mosaic");
    hp_cards_integer(cards, "CFACOLS", shape->cfa.width, "period of the colours, px");
    hp_cards_integer(cards, "CFAROWS", shape->cfa.height, "");
}

/* Whatever the program's locale has for a point, which may be several bytes. */
static void put_real(hp_cards *cards, const char *key, double value, const char *comment)
{
    char text[40];
    snprintf(text, sizeof text, "%.17G", value);
    char *point = text + strspn(text, "-0123456789");
    if (*point && *point != 'E') {
        char *behind = point + strcspn(point, "0123456789");
        *point = '.';
        memmove(point + 1, behind, strlen(behind) + 1);
    }
    hp_cards_number(cards, key, text, comment);
}

/* In the residual grey JPEGs are as coloured ones: what counts there is whether a pixel is made of several photosites.
 */
static void put_samples(const hp_accumulator *a, hp_cards *cards)
{
    const hp_photo_info *shape = &a->shape;
    unsigned channels = a->kind == &hp_variance_kind ? shape->channels : hp_photo_is_developed(shape) ? 3 : 1;
    hp_cards_integer(cards, "CHANNELS", channels, "of a pixel");
    hp_cards_integer(cards, "SHIFT", (int64_t)shape->scale.shift, "low bits left out");
    put_real(cards, "LOW", shape->scale.low, "value that became 0; with HIGH 0: values are as stored");
    put_real(cards, "HIGH", shape->scale.high, "value that became 65535");
}

static int make_primary(writing *work, hp_error *err)
{
    const hp_state *state = work->state;
    const hp_accumulator *a = state->accumulator;
    hp_cards *cards = &work->primary;
    hp_cards_logical(cards, "SIMPLE", true, "FITS");
    hp_cards_integer(cards, "BITPIX", 8, "");
    hp_cards_integer(cards, "NAXIS", 0, "the sums follow, one image each");
    hp_cards_logical(cards, "EXTEND", true, "");
    hp_cards_integer(cards, "HPSTATE", HP_STATE_VERSION, "a state of hotpix: version");
    hp_cards_text(cards, "HPKIND", a->kind->name, "what the sums are for");
    if (a->kind != &hp_variance_kind)
        put_camera(&a->shape, cards);
    hp_cards_integer(cards, "WIDTH", a->shape.camera.width, "px, of the frame");
    hp_cards_integer(cards, "HEIGHT", a->shape.camera.height, "px");
    hp_cards_integer(cards, "BITS", (int64_t)a->shape.camera.bits, "a sample");
    put_samples(a, cards);
    hp_cards_integer(cards, "NPHOTOS", (int64_t)state->album.taken, "in the sums");
    hp_cards_logical(cards, "SETTLING", state->settling, "similar photos are being counted after all");
    hp_cards_logical(cards, "BOUNDS", state->bounds_only, "MIN and MAX are bounds: photos were taken out");
    return hp_cards_end(cards, err);
}

static int make_image(const writing *work, const hp_image *image, hp_cards *cards, hp_error *err)
{
    const hp_camera *camera = &work->state->accumulator->shape.camera;
    const hp_array *array = &image->array;
    const char *bzero = hp_number_bzero(array->number);
    hp_cards_text(cards, "XTENSION", "IMAGE", "");
    hp_cards_integer(cards, "BITPIX", hp_number_bitpix(array->number), "");
    hp_cards_integer(cards, "NAXIS", array->channels > 1 ? 3 : 2, "");
    hp_cards_integer(cards, "NAXIS1", camera->width, "px; x");
    hp_cards_integer(cards, "NAXIS2", camera->height, "px; y, downwards");
    if (array->channels > 1)
        hp_cards_integer(cards, "NAXIS3", array->channels, "R, G, B");
    hp_cards_integer(cards, "PCOUNT", 0, "");
    hp_cards_integer(cards, "GCOUNT", 1, "");
    if (bzero[0]) {
        hp_cards_number(cards, "BZERO", bzero, "unsigned numbers");
        hp_cards_integer(cards, "BSCALE", 1, "");
    }
    hp_cards_text(cards, "EXTNAME", array->name, array->meaning);
    return hp_cards_end(cards, err);
}

static uint64_t blocks(uint64_t bytes)
{
    return (bytes + HP_FITS_BLOCK - 1) / HP_FITS_BLOCK * HP_FITS_BLOCK;
}

/* All headers, and with them all places. */
static int lay_out(writing *work, hp_error *err)
{
    const hp_state *state = work->state;
    int code = make_primary(work, err);
    uint64_t at = hp_cards_bytes(&work->primary);
    for (size_t i = 0; !code && i < work->image_count; i++) {
        code = make_image(work, &work->images[i], &work->image_cards[i], err);
        work->images[i].offset = at + hp_cards_bytes(&work->image_cards[i]);
        at = work->images[i].offset + blocks(work->images[i].bytes);
    }
    work->table_shape = hp_table_shape_of(&state->album, &state->accumulator->shape);
    hp_table_cards(&work->table_shape, state->album.count, &work->table);
    if (!code)
        code = hp_cards_end(&work->table, err);
    work->table_offset = at + hp_cards_bytes(&work->table);
    return code;
}

enum { AHEAD_PIECES = 32 };

/* The disk begins with what is written while the rest is made: about every 8 MB. */
static void begin_disk(const writing *work, size_t index, const hp_piece *piece)
{
#ifdef SYNC_FILE_RANGE_WRITE
    if (index % AHEAD_PIECES != AHEAD_PIECES - 1)
        return;
    uint64_t bytes = AHEAD_PIECES * HP_PIECE_BYTES, end = piece->offset + piece->bytes;
    uint64_t begin = end > bytes ? end - bytes : 0;
    (void)sync_file_range(work->fd, (off_t)begin, (off_t)(end - begin), SYNC_FILE_RANGE_WRITE);
#else
    (void)work, (void)index, (void)piece;
#endif
}

static void piece_task(void *context, size_t index, unsigned worker)
{
    writing *work = context;
    hp_error *err = &work->errors[worker];
    if (err->code)
        return;
    hp_piece piece = hp_piece_at(work->images, index);
    const hp_image *image = &work->images[piece.image];
    void *file = work->buffers + (size_t)worker * HP_PIECE_BYTES;
    if (!work->fill)
        hp_piece_encode(image, &piece, image->array.values, file);
    else if (work->fill(work->context, work->images, &piece, worker, file, err))
        return;
    if (hp_write_at(work->fd, file, piece.bytes, piece.offset, err))
        return;
    atomic_fetch_add(&work->sums[piece.image], hp_fits_sum(file, piece.bytes));
    begin_disk(work, index, &piece);
}

static int write_images(writing *work, hp_pool *pool, hp_error *err)
{
    unsigned workers = hp_pool_threads(pool);
    hp_pool_run(pool, hp_pieces_of(work->images, work->image_count), piece_task, work);
    for (unsigned i = 0; i < workers; i++) {
        if (work->errors[i].code)
            return hp_fail(err, work->errors[i].code, "%s", work->errors[i].message);
    }
    return HP_OK;
}

static int write_table(writing *work, hp_error *err)
{
    const hp_album *album = &work->state->album;
    const hp_table_shape *shape = &work->table_shape;
    uint8_t *rows = hp_calloc(HP_TABLE_ROWS * shape->row_bytes + HP_FITS_BLOCK, 1, err);
    int code = rows ? HP_OK : HP_E_MEMORY;
    uint64_t at = work->table_offset;
    for (size_t first = 0; !code && first < album->count; first += HP_TABLE_ROWS) {
        size_t left = album->count - first, count = left < HP_TABLE_ROWS ? left : HP_TABLE_ROWS;
        for (size_t i = 0; i < count; i++)
            hp_table_put_row(shape, &album->items[first + i], rows + i * shape->row_bytes);
        size_t bytes = count * shape->row_bytes;
        if (count == left) {
            uint64_t end = at - work->table_offset + bytes;
            size_t fill = (size_t)(blocks(end) - end);
            memset(rows + bytes, 0, fill);
            bytes += fill;
        }
        code = hp_write_at(work->fd, rows, bytes, at, err);
        work->table_sum += hp_fits_sum(rows, bytes);
        at += bytes;
    }
    free(rows);
    return code;
}

static int write_header(const writing *work, hp_cards *cards, uint64_t data_sum, uint64_t offset, hp_error *err)
{
    hp_cards_seal(cards, data_sum);
    return hp_write_at(work->fd, cards->text, hp_cards_bytes(cards), offset, err);
}

static int write_headers(writing *work, hp_error *err)
{
    int code = write_header(work, &work->primary, 0, 0, err);
    for (size_t i = 0; !code && i < work->image_count; i++) {
        hp_cards *cards = &work->image_cards[i];
        code =
            write_header(work, cards, atomic_load(&work->sums[i]), work->images[i].offset - hp_cards_bytes(cards), err);
    }
    if (!code)
        code =
            write_header(work, &work->table, work->table_sum, work->table_offset - hp_cards_bytes(&work->table), err);
    return code;
}

int hp_state_write(hp_state *state, hp_fill_piece *fill, void *context, hp_pool *pool, int fd, hp_error *err)
{
    unsigned workers = hp_pool_threads(pool);
    writing work = {.state = state, .fill = fill, .context = context, .fd = fd};
    work.image_count = hp_images_of(state->accumulator, work.images);
    work.buffers = hp_calloc(workers, HP_PIECE_BYTES, err);
    work.errors = hp_calloc(workers, sizeof *work.errors, err);
    int code = work.buffers && work.errors ? HP_OK : HP_E_MEMORY;
    if (!code)
        code = lay_out(&work, err);
    if (!code)
        code = write_images(&work, pool, err);
    if (!code)
        code = write_table(&work, err);
    if (!code)
        code = write_headers(&work, err);
    free(work.buffers);
    free(work.errors);
    hp_cards_free(&work.primary);
    for (size_t i = 0; i < work.image_count; i++)
        hp_cards_free(&work.image_cards[i]);
    hp_cards_free(&work.table);
    return code;
}

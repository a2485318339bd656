#include "repair/ljpeg_tiles.h"

#include "base/error.h"
#include "base/memory.h"
#include "repair/ljpeg.h"

#include <stdlib.h>
#include <string.h>

enum { LOSSLESS_JPEG = 7, MOST_TILE = 1 << 27 /* px */, COMPONENTS_MOST = 4, BITS_MOST = 16 };

enum {
    COMPRESSION = 259,
    STRIP_OFFSETS = 273,
    SAMPLES_PER_PIXEL = 277,
    ROWS_PER_STRIP = 278,
    STRIP_BYTE_COUNTS = 279,
    TILE_WIDTH = 322,
    TILE_LENGTH = 323,
    TILE_OFFSETS = 324,
    TILE_BYTE_COUNTS = 325,
};

static uint32_t first_of(const hp_dng *dng, uint32_t tag, uint32_t missing)
{
    hp_dng_numbers found;
    return hp_dng_find(dng, tag, &found) ? hp_dng_get(dng, &found, 0) : missing;
}

static bool read_layout(hp_ljpeg_tiles *t)
{
    const hp_dng *dng = t->dng;
    t->width = first_of(dng, TILE_WIDTH, 0);
    t->height = first_of(dng, TILE_LENGTH, 0);
    t->tiled = t->width && t->height;
    if (!t->tiled) {
        uint32_t rows = first_of(dng, ROWS_PER_STRIP, dng->height);
        t->width = dng->width;
        t->height = rows < dng->height ? rows : dng->height;
    }
    if (t->width == 0 || t->height == 0 || t->width > UINT16_MAX || t->height > UINT16_MAX ||
        (size_t)t->width * t->height > MOST_TILE)
        return false;
    t->across = (dng->width + t->width - 1) / t->width;
    t->count = t->across * ((dng->height + t->height - 1) / t->height);
    return hp_dng_find(dng, t->tiled ? TILE_OFFSETS : STRIP_OFFSETS, &t->offsets) && t->offsets.count == t->count &&
           hp_dng_find(dng, t->tiled ? TILE_BYTE_COUNTS : STRIP_BYTE_COUNTS, &t->sizes) && t->sizes.count == t->count;
}

static hp_bytes bytes_of(const hp_ljpeg_tiles *t, uint32_t tile)
{
    size_t offset = hp_dng_get(t->dng, &t->offsets, tile), size = hp_dng_get(t->dng, &t->sizes, tile);
    hp_bytes file = t->dng->file;
    bool inside = offset <= file.size && size <= file.size - offset;
    return inside ? (hp_bytes){file.data + offset, size} : (hp_bytes){0};
}

static unsigned word_at(const uint8_t *at)
{
    return (unsigned)at[0] << 8 | at[1];
}

/* The segments up to the first that describes a frame, which must be of the lossless kind. */
static bool read_kind(hp_bytes tile, hp_ljpeg_kind *kind)
{
    enum { SOI = 0xffd8, SOF3 = 0xffc3, DHT = 0xffc4, APP0 = 0xffe0, COM = 0xfffe, SOF_BYTES = 10 };
    size_t at = 2, size;
    if (tile.size < 2 || word_at(tile.data) != SOI)
        return false;
    for (; tile.size - at >= SOF_BYTES; at += size) {
        const uint8_t *segment = tile.data + at;
        unsigned mark = word_at(segment);
        size = 2 + (size_t)word_at(segment + 2);
        if (mark == SOF3) {
            *kind = (hp_ljpeg_kind){.bits = segment[4],
                                    .height = (int)word_at(segment + 5),
                                    .width = (int)word_at(segment + 7),
                                    .components = segment[9]};
            return true;
        }
        if ((mark != DHT && mark != COM && (mark & 0xfff0) != APP0) || size < 4 || size > tile.size - at)
            return false;
    }
    return false;
}

static uint32_t rows_of(const hp_ljpeg_tiles *t, uint32_t tile)
{
    uint32_t y = tile / t->across * t->height;
    return t->tiled || t->dng->height - y > t->height ? t->height : t->dng->height - y;
}

/* Whether a tile is one sample after the other as the picture's rows have them: cameras know other orders, too. */
static bool is_plain(const hp_ljpeg_tiles *t, uint32_t tile, hp_ljpeg_kind *kind)
{
    return read_kind(bytes_of(t, tile), kind) && kind->bits >= 2 && kind->bits <= BITS_MOST && kind->components >= 1 &&
           kind->components <= COMPONENTS_MOST && (uint32_t)(kind->width * kind->components) == t->width &&
           (uint32_t)kind->height == rows_of(t, tile);
}

int hp_ljpeg_tiles_open(const hp_dng *dng, hp_ljpeg_tiles *tiles, hp_error *err)
{
    hp_ljpeg_kind kind;
    *tiles = (hp_ljpeg_tiles){.dng = dng};
    if (first_of(dng, COMPRESSION, 1) != LOSSLESS_JPEG || first_of(dng, SAMPLES_PER_PIXEL, 1) != 1 ||
        !read_layout(tiles) || !is_plain(tiles, 0, &kind))
        return hp_ljpeg_tiles_fail(err);
    tiles->bits = (unsigned)kind.bits;
    tiles->changed = hp_calloc(tiles->count, sizeof *tiles->changed, err);
    return tiles->changed ? HP_OK : HP_E_MEMORY;
}

void hp_ljpeg_tiles_close(hp_ljpeg_tiles *tiles)
{
    free(tiles->changed);
    free(tiles->copy);
    *tiles = (hp_ljpeg_tiles){0};
}

int hp_ljpeg_tiles_fail(hp_error *err)
{
    return hp_fail(err, HP_E_UNSUPPORTED, "is a DNG whose samples cannot be written again");
}

void hp_ljpeg_tiles_touch(hp_ljpeg_tiles *tiles, uint32_t x, uint32_t y)
{
    tiles->changed[y / tiles->height * tiles->across + x / tiles->width] = true;
}

/* ---- the copy ---- */

/* A tile that reaches over the border goes on with the last value. */
static void load_tile(const hp_ljpeg_tiles *t, uint32_t tile, uint16_t *out)
{
    uint32_t left = tile % t->across * t->width, top = tile / t->across * t->height;
    uint32_t rows = rows_of(t, tile), rest = t->dng->width - left;
    uint32_t inside = rest < t->width ? rest : t->width;
    for (uint32_t y = 0; y < rows; y++, out += t->width) {
        uint32_t row = top + y < t->dng->height ? top + y : t->dng->height - 1;
        const uint16_t *in = t->samples + row * t->pitch + left;
        memcpy(out, in, inside * sizeof *out);
        for (uint32_t x = inside; x < t->width; x++)
            out[x] = in[inside - 1];
    }
}

/* A tile coded again, or a place in the file: bytes from `at` on. */
typedef struct piece {
    uint32_t tile;
    size_t at, size;
} piece;

typedef struct pieces {
    piece *coded, *places; /* of the tiles that changed */
    size_t count;
    uint8_t *bytes; /* of all coded ones */
    size_t room, size;
} pieces;

static int compare_sizes(const void *a, const void *b)
{
    const piece *one = a, *other = b;
    if (one->size != other->size)
        return one->size < other->size ? -1 : 1;
    return one->tile < other->tile ? -1 : one->tile > other->tile;
}

static int code_tile(const hp_ljpeg_tiles *t, uint32_t tile, uint16_t *samples, pieces *all, hp_error *err)
{
    hp_ljpeg_kind kind;
    const size_t most = hp_ljpeg_bound((size_t)t->width * t->height);
    if (!is_plain(t, tile, &kind) || (unsigned)kind.bits != t->bits)
        return hp_ljpeg_tiles_fail(err);
    int code = hp_grow((void **)&all->bytes, &all->room, all->size + most, 1, err);
    if (code)
        return code;
    load_tile(t, tile, samples);
    size_t size = hp_ljpeg_encode(samples, &kind, all->bytes + all->size);
    all->coded[all->count] = (piece){tile, all->size, size};
    all->places[all->count++] =
        (piece){tile, hp_dng_get(t->dng, &t->offsets, tile), hp_dng_get(t->dng, &t->sizes, tile)};
    all->size += size;
    return HP_OK;
}

static int code_tiles(const hp_ljpeg_tiles *t, pieces *all, hp_error *err)
{
    size_t count = 0;
    for (uint32_t i = 0; i < t->count; i++)
        count += t->changed[i];
    uint16_t *samples = hp_calloc((size_t)t->width * t->height, sizeof *samples, err);
    all->coded = samples ? hp_calloc(count, sizeof *all->coded, err) : NULL;
    all->places = all->coded ? hp_calloc(count, sizeof *all->places, err) : NULL;
    int code = all->places ? HP_OK : HP_E_MEMORY;
    for (uint32_t i = 0; i < t->count && !code; i++)
        code = t->changed[i] ? code_tile(t, i, samples, all, err) : HP_OK;
    free(samples);
    return code;
}

/* What is shorter than its place leaves the rest of that as it was. */
static int put_piece(hp_ljpeg_tiles *t, const piece *coded, const uint8_t *bytes, const piece *where, hp_error *err)
{
    size_t offset = where ? where->at : t->copy_size + t->copy_size % 2;
    if (offset > UINT32_MAX - coded->size)
        return hp_fail(err, HP_E_UNSUPPORTED, "would become longer than 4 GiB, which a DNG cannot be");
    if (!where) {
        int code = hp_grow((void **)&t->copy, &t->copy_room, offset + coded->size, 1, err);
        if (code)
            return code;
        memset(t->copy + t->copy_size, 0, offset - t->copy_size);
        t->copy_size = offset + coded->size;
    }
    memcpy(t->copy + offset, bytes + coded->at, coded->size);
    bool has_room = hp_dng_put(t->dng, &t->offsets, coded->tile, (uint32_t)offset, t->copy) &&
                    hp_dng_put(t->dng, &t->sizes, coded->tile, (uint32_t)coded->size, t->copy);
    return has_room ? HP_OK : hp_ljpeg_tiles_fail(err);
}

/*
 * With one sample less that is far off a tile is hardly shorter, and often longer: all bits behind it move, and with
 * them the bytes 0xff that must be marked. So the tiles that changed share out their places, the smallest first; what
 * finds none, the largest if any, goes to the end.
 */
static int place_tiles(hp_ljpeg_tiles *t, pieces *all, hp_error *err)
{
    const hp_bytes file = t->dng->file;
    size_t next = 0;
    int code = hp_grow((void **)&t->copy, &t->copy_room, file.size + all->size, 1, err);
    if (code)
        return code;
    memcpy(t->copy, file.data, file.size);
    t->copy_size = file.size;
    qsort(all->coded, all->count, sizeof *all->coded, compare_sizes);
    qsort(all->places, all->count, sizeof *all->places, compare_sizes);
    for (size_t i = 0; i < all->count && !code; i++) {
        while (next < all->count && all->places[next].size < all->coded[i].size)
            next++;
        const piece *where = next < all->count ? &all->places[next++] : NULL;
        code = put_piece(t, &all->coded[i], all->bytes, where, err);
    }
    return code;
}

int hp_ljpeg_tiles_copy(hp_ljpeg_tiles *t, const uint16_t *samples, size_t pitch, hp_error *err)
{
    pieces all = {0};
    t->samples = samples;
    t->pitch = pitch;
    int code = code_tiles(t, &all, err);
    if (!code)
        code = place_tiles(t, &all, err);
    free(all.coded);
    free(all.places);
    free(all.bytes);
    return code;
}

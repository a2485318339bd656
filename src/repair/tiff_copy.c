#include "repair/tiff_copy.h"

#include "base/error.h"
#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_DIRECTORIES = 16 };

#define MOST_COPY ((uint64_t)1 << 40) /* bytes */

/* ---- the copy, as libtiff sees it ---- */

static tmsize_t read_bytes(thandle_t handle, void *out, tmsize_t size)
{
    hp_tiff_copy *copy = handle;
    uint64_t left = copy->position < copy->size ? copy->size - copy->position : 0;
    size_t count = (uint64_t)size < left ? (size_t)size : (size_t)left;
    if (count)
        memcpy(out, copy->bytes + copy->position, count);
    copy->position += count;
    return (tmsize_t)count;
}

/* What lies between the end and where it is written is zero, as in a file. */
static tmsize_t write_bytes(thandle_t handle, void *in, tmsize_t size)
{
    hp_tiff_copy *copy = handle;
    if (copy->position > MOST_COPY || (uint64_t)size > MOST_COPY - copy->position)
        return -1;
    size_t end = (size_t)copy->position + (size_t)size;
    if (hp_grow((void **)&copy->bytes, &copy->room, end, 1, NULL))
        return -1;
    if (copy->position > copy->size)
        memset(copy->bytes + copy->size, 0, (size_t)copy->position - copy->size);
    memcpy(copy->bytes + copy->position, in, (size_t)size);
    copy->size = end > copy->size ? end : copy->size;
    copy->position = end;
    return size;
}

static toff_t size_of(thandle_t handle)
{
    return ((hp_tiff_copy *)handle)->size;
}

static toff_t seek_to(thandle_t handle, toff_t offset, int whence)
{
    hp_tiff_copy *copy = handle;
    uint64_t from = whence == SEEK_CUR ? copy->position : whence == SEEK_END ? copy->size : 0;
    copy->position = from + offset;
    return copy->position;
}

static int close_nothing(thandle_t handle)
{
    (void)handle;
    return 0;
}

/* Returning 1 keeps libtiff from calling its global handlers, which print. */
static int on_error(TIFF *tiff, void *context, const char *module, const char *format, va_list arguments)
{
    (void)tiff;
    (void)module;
    hp_tiff_copy *copy = context;
    if (!copy->file.message[0])
        vsnprintf(copy->file.message, sizeof copy->file.message, format, arguments);
    return 1;
}

static int on_warning(TIFF *tiff, void *context, const char *module, const char *format, va_list arguments)
{
    (void)tiff;
    (void)context;
    (void)module;
    (void)format;
    (void)arguments;
    return 1;
}

static int open_file(hp_tiff_copy *copy, const char *mode, hp_error *err)
{
    TIFFOpenOptions *options = TIFFOpenOptionsAlloc();
    copy->position = 0;
    if (!options)
        return hp_fail(err, HP_E_MEMORY, "no memory to open it");
    TIFFOpenOptionsSetErrorHandlerExtR(options, on_error, copy);
    TIFFOpenOptionsSetWarningHandlerExtR(options, on_warning, copy);
    copy->file.tiff = TIFFClientOpenExt("", mode, copy, read_bytes, write_bytes, seek_to, close_nothing, size_of, NULL,
                                        NULL, options);
    TIFFOpenOptionsFree(options);
    return copy->file.tiff ? HP_OK : hp_tiff_fail(&copy->file, err);
}

static void close_file(hp_tiff_copy *copy)
{
    if (copy->file.tiff)
        TIFFClose(copy->file.tiff);
    copy->file = (hp_tiff_file){0};
}

/* The first one that is no thumbnail, as photos are read. */
static int find_picture(hp_tiff_copy *copy, hp_error *err)
{
    if (copy->directory)
        return TIFFSetSubDirectory(copy->file.tiff, copy->directory) ? HP_OK : hp_tiff_fail(&copy->file, err);
    for (int i = 0; i < MOST_DIRECTORIES; i++) {
        uint32_t kind = 0;
        TIFFGetFieldDefaulted(copy->file.tiff, TIFFTAG_SUBFILETYPE, &kind);
        if (!(kind & (FILETYPE_REDUCEDIMAGE | FILETYPE_MASK)))
            return HP_OK;
        if (!TIFFReadDirectory(copy->file.tiff))
            break;
    }
    return hp_fail(err, HP_E_UNSUPPORTED, "is a TIFF that holds only a thumbnail");
}

static bool is_lossless(TIFF *tiff)
{
    static const uint16_t kinds[] = {COMPRESSION_NONE,    COMPRESSION_LZW,  COMPRESSION_ADOBE_DEFLATE,
                                     COMPRESSION_DEFLATE, COMPRESSION_ZSTD, COMPRESSION_PACKBITS,
                                     COMPRESSION_LZMA};
    uint16_t compression = COMPRESSION_NONE;
    TIFFGetFieldDefaulted(tiff, TIFFTAG_COMPRESSION, &compression);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (compression == kinds[i])
            return true;
    return false;
}

/* ---- blocks ---- */

static uint32_t planes_of(const hp_tiff_layout *l)
{
    return l->separate ? l->channels : 1;
}

static tmsize_t bytes_of(const hp_tiff_layout *l, uint32_t block)
{
    uint32_t y = block % l->blocks / l->across * l->block_height;
    uint32_t rows = l->tiled || l->height - y > l->block_height ? l->block_height : l->height - y;
    return (tmsize_t)(rows * l->row_bytes);
}

/*
 * Where a block that is not compressed says to have fewer bytes than its rows, libtiff takes what follows for it when
 * it reads, and leaves that behind when it writes.
 */
static int check_lengths(hp_tiff_copy *copy, hp_error *err)
{
    const hp_tiff_layout *l = &copy->layout;
    uint16_t compression = COMPRESSION_NONE;
    TIFFGetFieldDefaulted(copy->file.tiff, TIFFTAG_COMPRESSION, &compression);
    for (uint32_t i = 0; compression == COMPRESSION_NONE && i < l->blocks * planes_of(l); i++)
        if (TIFFGetStrileByteCount(copy->file.tiff, i) < (uint64_t)bytes_of(l, i))
            return hp_fail(err, HP_E_UNSUPPORTED, "is a TIFF with strips or tiles shorter than their rows");
    return HP_OK;
}

/* memory: as data. */
static int read_blocks(hp_tiff_copy *copy, uint8_t *memory, hp_error *err)
{
    const hp_tiff_layout *l = &copy->layout;
    for (uint32_t i = 0; i < l->blocks * planes_of(l); i++) {
        uint8_t *out = memory + i * l->block_bytes;
        tmsize_t wanted = bytes_of(l, i), got = l->tiled ? TIFFReadEncodedTile(copy->file.tiff, i, out, wanted)
                                                         : TIFFReadEncodedStrip(copy->file.tiff, i, out, wanted);
        if (got != wanted)
            return hp_tiff_fail(&copy->file, err);
    }
    return HP_OK;
}

/* What it is given libtiff turns into the file's order of bytes, in its place: it gets a block of its own. */
static int write_blocks(hp_tiff_copy *copy, hp_error *err)
{
    const hp_tiff_layout *l = &copy->layout;
    uint8_t *block = hp_calloc(l->block_bytes, 1, err);
    bool written = block != NULL;
    for (uint32_t i = 0; i < l->blocks * planes_of(l) && written; i++) {
        if (!copy->changed[i])
            continue;
        memcpy(block, copy->data + i * l->block_bytes, l->block_bytes);
        written = (l->tiled ? TIFFWriteEncodedTile(copy->file.tiff, i, block, bytes_of(l, i))
                            : TIFFWriteEncodedStrip(copy->file.tiff, i, block, bytes_of(l, i))) >= 0;
    }
    bool whole = written && TIFFFlush(copy->file.tiff);
    int code = whole ? HP_OK : block ? hp_tiff_fail(&copy->file, err) : HP_E_MEMORY;
    free(block);
    return code;
}

int hp_tiff_copy_open(hp_bytes file, uint64_t directory, hp_tiff_copy *copy, hp_error *err)
{
    *copy = (hp_tiff_copy){.directory = directory};
    if (hp_grow((void **)&copy->bytes, &copy->room, file.size, 1, err))
        return HP_E_MEMORY;
    memcpy(copy->bytes, file.data, file.size);
    copy->size = file.size;
    int code = open_file(copy, "r+m", err);
    if (!code)
        code = find_picture(copy, err);
    if (!code && !is_lossless(copy->file.tiff))
        code = hp_fail(err, HP_E_UNSUPPORTED, "is a TIFF whose compression loses: its samples would not stay");
    if (!code)
        code = hp_tiff_layout_read(&copy->file, file.size, &copy->layout, err);
    if (!code)
        code = check_lengths(copy, err);
    if (code)
        return code;
    size_t count = (size_t)copy->layout.blocks * planes_of(&copy->layout);
    copy->data = hp_calloc(count, copy->layout.block_bytes, err);
    copy->changed = copy->data ? hp_calloc(count, sizeof *copy->changed, err) : NULL;
    return copy->changed ? read_blocks(copy, copy->data, err) : HP_E_MEMORY;
}

void hp_tiff_copy_close(hp_tiff_copy *copy)
{
    close_file(copy);
    free(copy->bytes);
    free(copy->data);
    free(copy->changed);
    *copy = (hp_tiff_copy){0};
}

static bool same_layout(const hp_tiff_layout *a, const hp_tiff_layout *b)
{
    return a->width == b->width && a->height == b->height && a->blocks == b->blocks && a->separate == b->separate &&
           a->block_bytes == b->block_bytes && a->row_bytes == b->row_bytes && a->type == b->type;
}

static int check(hp_tiff_copy *copy, hp_error *err)
{
    const hp_tiff_layout before = copy->layout;
    size_t size = (size_t)before.blocks * planes_of(&before) * before.block_bytes;
    uint8_t *again = hp_calloc(size, 1, err);
    int code = again ? open_file(copy, "rm", err) : HP_E_MEMORY;
    if (!code)
        code = find_picture(copy, err);
    if (!code)
        code = hp_tiff_layout_read(&copy->file, copy->size, &copy->layout, err);
    if (!code && same_layout(&before, &copy->layout))
        code = read_blocks(copy, again, err);
    bool same = !code && same_layout(&before, &copy->layout) && memcmp(again, copy->data, size) == 0;
    free(again);
    if (code == HP_E_MEMORY || same)
        return code;
    return hp_fail(err, HP_E_UNSUPPORTED, "is a TIFF that is not written again as it was");
}

int hp_tiff_copy_write(hp_tiff_copy *copy, hp_error *err)
{
    int code = write_blocks(copy, err);
    close_file(copy);
    return code ? code : check(copy, err);
}

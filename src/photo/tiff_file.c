#include "photo/tiff_file.h"

#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum {
    MOST_DIRECTORIES = 16, /* that are looked through for one that is no thumbnail */
    MOST_BYTES_AT_ONCE = 1 << 30,
};

static tmsize_t read_bytes(thandle_t handle, void *out, tmsize_t size)
{
    hp_tiff_file *file = handle;
    uint64_t left = file->position < file->bytes.size ? file->bytes.size - file->position : 0;
    uint64_t count = (uint64_t)size < left ? (uint64_t)size : left;
    if (count)
        memcpy(out, file->bytes.data + file->position, count);
    file->position += count;
    return (tmsize_t)count;
}

static tmsize_t write_nothing(thandle_t handle, void *in, tmsize_t size)
{
    (void)handle;
    (void)in;
    (void)size;
    return -1;
}

static toff_t seek_to(thandle_t handle, toff_t offset, int whence)
{
    hp_tiff_file *file = handle;
    uint64_t from = whence == SEEK_CUR ? file->position : whence == SEEK_END ? file->bytes.size : 0;
    file->position = from + offset;
    return file->position;
}

static int close_nothing(thandle_t handle)
{
    (void)handle;
    return 0;
}

static toff_t size_of(thandle_t handle)
{
    return ((hp_tiff_file *)handle)->bytes.size;
}

/* libtiff only reads what it maps of a file opened for reading. */
static int map(thandle_t handle, void **base, toff_t *size)
{
    hp_tiff_file *file = handle;
    *base = (void *)file->bytes.data;
    *size = file->bytes.size;
    return 1;
}

static void unmap(thandle_t handle, void *base, toff_t size)
{
    (void)handle;
    (void)base;
    (void)size;
}

/* Returning 1 keeps libtiff from calling its global handlers, which print. */
static int on_error(TIFF *tiff, void *context, const char *module, const char *format, va_list arguments)
{
    (void)tiff;
    (void)module;
    hp_tiff_file *file = context;
    if (!file->message[0])
        vsnprintf(file->message, sizeof file->message, format, arguments);
    return 1;
}

static int on_warning(TIFF *tiff, void *context, const char *module, const char *format, va_list arguments)
{
    (void)tiff;
    (void)module;
    (void)format;
    (void)arguments;
    ((hp_tiff_file *)context)->warnings++;
    return 1;
}

int hp_tiff_fail(const hp_tiff_file *file, hp_error *err)
{
    char shown[320];
    return hp_fail(err, HP_E_INPUT, "is a damaged TIFF: %s",
                   file->message[0] ? hp_printable(file->message, shown, sizeof shown)
                                    : "its data contradict its header");
}

/* Thumbnails and masks say so in NewSubfileType. */
static bool is_picture(TIFF *tiff)
{
    uint32_t kind = 0;
    TIFFGetFieldDefaulted(tiff, TIFFTAG_SUBFILETYPE, &kind);
    return !(kind & (FILETYPE_REDUCEDIMAGE | FILETYPE_MASK));
}

/* "O": the place of a strip is looked up when it is needed, for there may be very many. */
int hp_tiff_open(hp_bytes bytes, hp_tiff_file *file, hp_error *err)
{
    *file = (hp_tiff_file){.bytes = bytes};
    TIFFOpenOptions *options = TIFFOpenOptionsAlloc();
    if (!options)
        return hp_fail(err, HP_E_MEMORY, "no memory to open it");
    TIFFOpenOptionsSetErrorHandlerExtR(options, on_error, file);
    TIFFOpenOptionsSetWarningHandlerExtR(options, on_warning, file);
    TIFFOpenOptionsSetMaxSingleMemAlloc(options, MOST_BYTES_AT_ONCE);
    file->tiff = TIFFClientOpenExt("", "rO", file, read_bytes, write_nothing, seek_to, close_nothing, size_of, map,
                                   unmap, options);
    TIFFOpenOptionsFree(options);
    if (!file->tiff)
        return hp_tiff_fail(file, err);
    for (int i = 0; i < MOST_DIRECTORIES && !is_picture(file->tiff); i++)
        if (!TIFFReadDirectory(file->tiff)) {
            hp_tiff_close(file);
            return hp_fail(err, HP_E_UNSUPPORTED, "is a TIFF that holds only a thumbnail");
        }
    file->message[0] = 0;
    file->warnings = 0;
    return HP_OK;
}

void hp_tiff_close(hp_tiff_file *file)
{
    if (file->tiff)
        TIFFClose(file->tiff);
    file->tiff = NULL;
}

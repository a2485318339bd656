#include "base/fits.h"

#include "base/error.h"
#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

enum {
    BLOCK = 2880, /* bytes: FITS standard, 3.1 */
    CARD = 80,    /* bytes: FITS standard, 4.1 */
    MOST_AXES = 99,
    ROOM = 64, /* before the copy, for its size */
};

int hp_fits_fail(int status, hp_error *err)
{
    char text[FLEN_STATUS] = "";
    fits_get_errstatus(status, text);
    fits_clear_errmsg();
    return hp_fail(err, HP_E_INPUT, "is a damaged FITS file: %s",
                   status == MEMORY_ALLOCATION ? "it ends before its data" : text);
}

/*
 * CFITSIO (4.2) does not notice that a file in memory ends before its data: it sets the size of the file to what the
 * header asks for, and reads beyond. It asks this function first. The copy exists to have the true size at hand.
 */
static void *refuse_growth(void *start, size_t size)
{
    size_t have;
    memcpy(&have, (char *)start - ROOM, sizeof have);
    return size <= have ? start : NULL;
}

/* Data that end within the last block are accepted: many programs leave out the padding. */
static int copy(hp_bytes bytes, uint64_t file_size, hp_fits_memory *file, hp_error *err)
{
    if (file_size > SIZE_MAX - ROOM - BLOCK)
        return hp_fail(err, HP_E_MEMORY, "no memory for a copy of it");
    file->size = ((size_t)file_size + BLOCK - 1) / BLOCK * BLOCK;
    file->memory = hp_pages(file->size + ROOM, 1, err);
    if (!file->memory)
        return HP_E_MEMORY;
    memcpy(file->memory, &file->size, sizeof file->size);
    file->start = (char *)file->memory + ROOM;
    memcpy(file->start, bytes.data, bytes.size);
    return HP_OK;
}

/* CFITSIO (4.2) writes beyond its arrays when a header, of any HDU, claims more axes than this; FITS allows 999. */
static int check_axes(hp_bytes bytes, hp_error *err)
{
    static const char key[] = "NAXIS   =";
    for (size_t at = 0; at + CARD <= bytes.size; at += CARD) {
        const char *card = (const char *)bytes.data + at;
        if (memcmp(card, key, sizeof key - 1) != 0)
            continue;
        char value[CARD] = "";
        memcpy(value, card + sizeof key - 1, CARD - sizeof key);
        long axes = strtol(value, NULL, 10);
        if (axes > MOST_AXES)
            return hp_fail(err, HP_E_UNSUPPORTED, "is a FITS file with %ld axes", axes);
    }
    return HP_OK;
}

int hp_fits_memory_open(hp_bytes bytes, uint64_t file_size, hp_fits_memory *file, hp_error *err)
{
    int status = 0;
    *file = (hp_fits_memory){0};
    int code = check_axes(bytes, err);
    if (!code)
        code = copy(bytes, file_size, file, err);
    if (!code && fits_open_memfile(&file->fits, "file", READONLY, &file->start, &file->size, 0, refuse_growth, &status))
        code = hp_fits_fail(status, err);
    return code;
}

void hp_fits_memory_close(hp_fits_memory *file)
{
    int status = 0;
    if (file->fits)
        fits_close_file(file->fits, &status);
    fits_clear_errmsg();
    hp_pages_free(file->memory);
    *file = (hp_fits_memory){0};
}

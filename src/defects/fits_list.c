#include "defects/fits_list.h"

#include "base/error.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

static const char creator[] = "hotpix";

enum {
    NAME_BYTES = sizeof((hp_camera *)0)->make,
    ROOM = 64, /* before a file in memory, for its size */
};

int hp_fits_list_read(hp_reading *reading, int (*read)(fitsfile *fits, hp_reading *reading, hp_error *err),
                      hp_error *err)
{
    hp_fits_memory file;
    int code = hp_fits_memory_open(reading->file, reading->file.size, &file, err);
    if (!code)
        code = read(file.fits, reading, err);
    hp_fits_memory_close(&file);
    return code;
}

/* A keyword holds printable ASCII alone. */
static void write_name(fitsfile *fits, const char *key, const char *text, const char *comment, int *status)
{
    char shown[4 * NAME_BYTES], ascii[FLEN_VALUE];
    size_t used = 0;
    hp_printable(text, shown, sizeof shown);
    for (const char *c = shown; *c && used + 5 < sizeof ascii; c++)
        used += (size_t)snprintf(ascii + used, sizeof ascii - used, *c & 0x80 ? "\\x%02x" : "%c", (unsigned char)*c);
    ascii[used] = 0;
    if (used)
        fits_update_key(fits, TSTRING, key, ascii, comment, status);
}

void hp_fits_write_camera(fitsfile *fits, const hp_camera *camera, bool with_frame, int *status)
{
    LONGLONG width = camera->width, height = camera->height;
    char own[] = "hotpix " HP_VERSION;
    fits_update_key(fits, TSTRING, "CREATOR", own, "program that wrote this file", status);
    write_name(fits, "MAKE", camera->make, "maker of the camera", status);
    write_name(fits, "MODEL", camera->model, "camera", status);
    write_name(fits, "SERIAL", camera->serial, "serial number of the camera", status);
    write_name(fits, "SOURCE", hp_source_name(camera->source), "photos that the list is for", status);
    if (with_frame) {
        fits_update_key(fits, TLONGLONG, "FRAMEX", &width, "[pixel] width of the photos", status);
        fits_update_key(fits, TLONGLONG, "FRAMEY", &height, "[pixel] height of the photos", status);
    }
}

static bool read_text(fitsfile *fits, const char *key, char value[FLEN_VALUE])
{
    int status = 0;
    bool found = fits_read_key(fits, TSTRING, key, value, NULL, &status) == 0;
    fits_clear_errmsg();
    return found;
}

static void read_name(fitsfile *fits, const char *key, char out[NAME_BYTES])
{
    char value[FLEN_VALUE] = "", shown[4 * FLEN_VALUE];
    if (!read_text(fits, key, value))
        return;
    hp_printable(value, shown, sizeof shown);
    hp_copy_trimmed(out, NAME_BYTES, shown, strlen(shown));
}

static uint32_t read_side(fitsfile *fits, const char *key)
{
    int status = 0;
    LONGLONG value = 0;
    bool found = fits_read_key(fits, TLONGLONG, key, &value, NULL, &status) == 0;
    fits_clear_errmsg();
    return found && value > 0 && value <= HP_SIDE_MOST ? (uint32_t)value : 0;
}

void hp_fits_read_camera(fitsfile *fits, hp_camera *camera)
{
    char source[FLEN_VALUE] = "";
    uint32_t width = read_side(fits, "FRAMEX"), height = read_side(fits, "FRAMEY");
    read_name(fits, "MAKE", camera->make);
    read_name(fits, "MODEL", camera->model);
    read_name(fits, "SERIAL", camera->serial);
    if (read_text(fits, "SOURCE", source))
        hp_source_find(source, &camera->source);
    if (width && height) {
        camera->width = width;
        camera->height = height;
    }
}

bool hp_fits_is_own(fitsfile *fits)
{
    char value[FLEN_VALUE] = "";
    return read_text(fits, "CREATOR", value) && !strncmp(value, creator, sizeof creator - 1);
}

/*
 * What CFITSIO (4.2) has not written yet it takes for zeros, also when it looks for compressed tiles that it could
 * decompress again: the memory that it grows into must hold them. Its size stands before it.
 */
static void *grow_zeroed(void *start, size_t size)
{
    size_t old = 0;
    char *base = start ? (char *)start - ROOM : NULL;
    if (base)
        memcpy(&old, base, sizeof old);
    char *grown = size <= SIZE_MAX - ROOM ? realloc(base, size + ROOM) : NULL;
    if (!grown)
        return NULL;
    if (size > old)
        memset(grown + ROOM + old, 0, size - old);
    memcpy(grown, &size, sizeof size);
    return grown + ROOM;
}

void hp_fits_making_start(hp_fits_making *making, int *status)
{
    enum { GROWTH = 1 << 20 };
    *making = (hp_fits_making){0};
    fits_create_memfile(&making->fits, &making->data, &making->size, GROWTH, grow_zeroed, status);
}

/* The memory is larger than the file: its end is that of the last unit. */
int hp_fits_making_end(hp_fits_making *making, FILE *stream, int status, hp_error *err)
{
    LONGLONG header, data, end = 0;
    int ignored = 0;
    if (making->fits) {
        fits_flush_file(making->fits, &status);
        fits_get_hduaddrll(making->fits, &header, &data, &end, &status);
        fits_close_file(making->fits, status ? &ignored : &status);
    }
    if (!status && end > 0 && (uint64_t)end <= making->size)
        (void)fwrite(making->data, 1, (size_t)end, stream);
    free(making->data ? (char *)making->data - ROOM : NULL);
    *making = (hp_fits_making){0};
    char text[FLEN_STATUS] = "";
    fits_clear_errmsg();
    if (status == 0)
        return HP_OK;
    fits_get_errstatus(status, text);
    return hp_fail(err, status == MEMORY_ALLOCATION ? HP_E_MEMORY : HP_E_IO, "CFITSIO cannot write it: %s", text);
}

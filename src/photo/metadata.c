#include "photo/metadata.h"

#include "base/memory.h"
#include "base/text.h"

#include <libexif/exif-data.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    TAG_BODY_SERIAL_NUMBER = 0xa431, /* EXIF 2.3; libexif of Debian 12 has no name for it */
    CANON_SERIAL_NUMBER = 0x000c,    /* maker notes, as exiftool documents them */
    NIKON_SERIAL_NUMBER = 0x001d,
    LONGEST_EXPOSURE_S = 86400,
    LARGEST_ISO = 10000000,
    LARGEST_SIDE = 1 << 20, /* px */
    MOST_EXIF_BYTES = 1 << 24,
};

static ExifEntry *find_entry(ExifData *data, int tag)
{
    for (int ifd = 0; ifd < EXIF_IFD_COUNT; ifd++) {
        ExifEntry *entry = exif_content_get_entry(data->ifd[ifd], (ExifTag)tag);
        if (entry && entry->data && entry->size > 0 && ifd != EXIF_IFD_1)
            return entry;
    }
    return NULL;
}

static void read_text(ExifData *data, int tag, char *out, size_t size)
{
    ExifEntry *entry = find_entry(data, tag);
    if (entry && entry->format == EXIF_FORMAT_ASCII)
        hp_copy_trimmed(out, size, (const char *)entry->data, entry->size);
}

static double read_number(ExifData *data, int tag)
{
    ExifEntry *entry = find_entry(data, tag);
    if (!entry || entry->components < 1 || entry->size < exif_format_get_size(entry->format))
        return 0;
    ExifByteOrder order = exif_data_get_byte_order(data);
    if (entry->format == EXIF_FORMAT_RATIONAL) {
        ExifRational value = exif_get_rational(entry->data, order);
        return value.denominator ? (double)value.numerator / (double)value.denominator : 0;
    }
    if (entry->format == EXIF_FORMAT_SHORT)
        return exif_get_short(entry->data, order);
    if (entry->format == EXIF_FORMAT_LONG)
        return exif_get_long(entry->data, order);
    return 0;
}

/* Bodies from before EXIF 2.3 write the serial into the maker note only. */
static void read_maker_serial(ExifData *data, hp_photo_info *info)
{
    unsigned wanted = strncmp(info->camera.make, "Canon", 5) == 0   ? CANON_SERIAL_NUMBER
                      : strncmp(info->camera.make, "NIKON", 5) == 0 ? NIKON_SERIAL_NUMBER
                                                                    : 0;
    ExifMnoteData *note = exif_data_get_mnote_data(data);
    if (!wanted || !note)
        return;
    for (unsigned i = 0; i < exif_mnote_data_count(note); i++) {
        char text[64] = "";
        if (exif_mnote_data_get_id(note, i) == wanted && exif_mnote_data_get_value(note, i, text, sizeof text))
            hp_copy_trimmed(info->camera.serial, sizeof info->camera.serial, text, sizeof text);
    }
}

/* Days from 1970-01-01 in the Gregorian calendar, counted from March so that the leap day comes last. */
static int64_t days_since_1970(int year, int month, int day)
{
    int64_t y = month <= 2 ? year - 1 : year;
    int64_t m = month <= 2 ? month + 9 : month - 3;
    return 365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1 - 719468;
}

int64_t hp_metadata_seconds(int year, int month, int day, int hour, int minute, int second)
{
    if (year < 1970 || year > 9999 || month < 1 || month > 12 || day < 1 || day > 31 || hour < 0 || hour > 23 ||
        minute < 0 || minute > 59 || second < 0 || second > 60)
        return 0;
    return ((days_since_1970(year, month, day) * 24 + hour) * 60 + minute) * 60 + second;
}

int64_t hp_metadata_parse_date(const char *text)
{
    int year, month, day, hour, minute, second;
    if (sscanf(text, "%4d%*1[:-]%2d%*1[:-]%2d%*1[ T]%2d:%2d:%2d", &year, &month, &day, &hour, &minute, &second) != 6)
        return 0;
    return hp_metadata_seconds(year, month, day, hour, minute, second);
}

static void read_date(ExifData *data, hp_photo_info *info)
{
    char text[32] = "";
    read_text(data, EXIF_TAG_DATE_TIME_ORIGINAL, text, sizeof text);
    if (!text[0])
        read_text(data, EXIF_TAG_DATE_TIME, text, sizeof text);
    info->taken_s = hp_metadata_parse_date(text);
}

/* What cameras write into Software is their own version; these are programs, which change pixels. */
static void read_editor(ExifData *data, hp_photo_info *info)
{
    static const char *const editors[] = {
        "Adobe",       "ACDSee",    "Affinity",      "Aperture",    "Capture One", "Corel",     "darktable",
        "digiKam",     "DxO",       "GIMP",          "ImageMagick", "Instagram",   "IrfanView", "Lightroom",
        "Luminar",     "Microsoft", "Paint",         "Photos ",     "PhotoScape",  "Photoshop", "Picasa",
        "RawTherapee", "Snapseed",  "Windows Photo", "XnView",
    };
    char software[sizeof info->editor] = "";
    read_text(data, EXIF_TAG_SOFTWARE, software, sizeof software);
    for (size_t i = 0; i < sizeof editors / sizeof *editors; i++)
        if (strncmp(software, editors[i], strlen(editors[i])) == 0)
            memcpy(info->editor, software, sizeof software);
}

static uint32_t read_side(ExifData *data, int tag)
{
    double side = read_number(data, tag);
    return side >= 1 && side <= LARGEST_SIDE ? (uint32_t)side : 0;
}

void hp_metadata_set_exposure(hp_photo_info *info, double exposure_s)
{
    if (exposure_s > 0 && exposure_s <= LONGEST_EXPOSURE_S)
        info->exposure_s = exposure_s;
}

void hp_metadata_set_iso(hp_photo_info *info, double iso)
{
    if (iso >= 1 && iso <= LARGEST_ISO)
        info->gain = iso / 100;
}

void hp_metadata_read_exif(hp_bytes exif, hp_photo_info *info)
{
    ExifData *data = exif_data_new_from_data(exif.data, (unsigned)(exif.size < UINT32_MAX ? exif.size : UINT32_MAX));
    if (!data)
        return;
    hp_camera *camera = &info->camera;
    read_text(data, EXIF_TAG_MAKE, camera->make, sizeof camera->make);
    read_text(data, EXIF_TAG_MODEL, camera->model, sizeof camera->model);
    read_text(data, TAG_BODY_SERIAL_NUMBER, camera->serial, sizeof camera->serial);
    if (!camera->serial[0])
        read_maker_serial(data, info);
    hp_metadata_set_exposure(info, read_number(data, EXIF_TAG_EXPOSURE_TIME));
    hp_metadata_set_iso(info, read_number(data, EXIF_TAG_ISO_SPEED_RATINGS));
    read_date(data, info);
    read_editor(data, info);
    info->taken_width = read_side(data, EXIF_TAG_PIXEL_X_DIMENSION);
    info->taken_height = read_side(data, EXIF_TAG_PIXEL_Y_DIMENSION);
    exif_data_unref(data);
}

void hp_metadata_read_bare_exif(hp_bytes tiff, hp_photo_info *info)
{
    static const char mark[6] = "Exif\0";
    if (tiff.size > MOST_EXIF_BYTES)
        return;
    uint8_t *exif = hp_calloc(tiff.size + sizeof mark, 1, NULL);
    if (!exif)
        return;
    memcpy(exif, mark, sizeof mark);
    if (tiff.size)
        memcpy(exif + sizeof mark, tiff.data, tiff.size);
    hp_metadata_read_exif((hp_bytes){exif, tiff.size + sizeof mark}, info);
    free(exif);
}

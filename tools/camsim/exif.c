#include "exif.h"

#include "dates.h"

#include <libexif/exif-data.h>
#include <string.h>

static const ExifByteOrder ORDER = EXIF_BYTE_ORDER_INTEL;

/* The new entry's memory for count components, or NULL; libexif owns it. */
static unsigned char *add(ExifData *data, ExifIfd ifd, ExifTag tag, ExifFormat format, unsigned count)
{
    ExifMem *memory = exif_mem_new_default();
    ExifEntry *entry = memory ? exif_entry_new_mem(memory) : NULL;
    unsigned char *bytes = NULL;
    if (!entry)
        goto done;
    entry->tag = tag;
    entry->format = format;
    entry->components = count;
    entry->size = count * exif_format_get_size(format);
    entry->data = bytes = exif_mem_alloc(memory, entry->size);
    if (bytes)
        exif_content_add_entry(data->ifd[ifd], entry);
    exif_entry_unref(entry);
done:
    if (memory)
        exif_mem_unref(memory);
    return bytes;
}

static int add_text(ExifData *data, ExifIfd ifd, ExifTag tag, const char *text)
{
    unsigned char *bytes = add(data, ifd, tag, EXIF_FORMAT_ASCII, (unsigned)strlen(text) + 1);
    if (bytes)
        memcpy(bytes, text, strlen(text) + 1);
    return bytes == NULL;
}

static int add_bytes(ExifData *data, ExifIfd ifd, ExifTag tag, const char *four)
{
    unsigned char *bytes = add(data, ifd, tag, EXIF_FORMAT_UNDEFINED, 4);
    if (bytes)
        memcpy(bytes, four, 4);
    return bytes == NULL;
}

static int add_short(ExifData *data, ExifIfd ifd, ExifTag tag, int value)
{
    unsigned char *bytes = add(data, ifd, tag, EXIF_FORMAT_SHORT, 1);
    if (bytes)
        exif_set_short(bytes, ORDER, (ExifShort)value);
    return bytes == NULL;
}

static int add_long(ExifData *data, ExifIfd ifd, ExifTag tag, int value)
{
    unsigned char *bytes = add(data, ifd, tag, EXIF_FORMAT_LONG, 1);
    if (bytes)
        exif_set_long(bytes, ORDER, (ExifLong)value);
    return bytes == NULL;
}

static int add_rational(ExifData *data, ExifIfd ifd, ExifTag tag, uint32_t numerator, uint32_t denominator)
{
    unsigned char *bytes = add(data, ifd, tag, EXIF_FORMAT_RATIONAL, 1);
    if (bytes)
        exif_set_rational(bytes, ORDER, (ExifRational){numerator, denominator});
    return bytes == NULL;
}

static int add_image_tags(ExifData *data, const cs_camera *camera, const cs_shot *shot)
{
    char date[CS_DATE_SIZE];
    cs_date_write_exif(shot->time_s, date);
    int lost = add_text(data, EXIF_IFD_0, EXIF_TAG_MAKE, camera->make);
    lost |= add_text(data, EXIF_IFD_0, EXIF_TAG_MODEL, camera->model);
    lost |= add_short(data, EXIF_IFD_0, EXIF_TAG_ORIENTATION, shot->orientation);
    lost |= add_rational(data, EXIF_IFD_0, EXIF_TAG_X_RESOLUTION, 300, 1);
    lost |= add_rational(data, EXIF_IFD_0, EXIF_TAG_Y_RESOLUTION, 300, 1);
    lost |= add_short(data, EXIF_IFD_0, EXIF_TAG_RESOLUTION_UNIT, 2);
    lost |= add_text(data, EXIF_IFD_0, EXIF_TAG_DATE_TIME, date);
    return lost | add_short(data, EXIF_IFD_0, EXIF_TAG_YCBCR_POSITIONING, 1);
}

static int add_photo_tags(ExifData *data, const cs_camera *camera, const cs_shot *shot)
{
    char date[CS_DATE_SIZE];
    cs_date_write_exif(shot->time_s, date);
    int lost = add_rational(data, EXIF_IFD_EXIF, EXIF_TAG_EXPOSURE_TIME, shot->exposure_num, shot->exposure_den);
    lost |= add_rational(data, EXIF_IFD_EXIF, EXIF_TAG_FNUMBER, CS_F_NUMBER_NUM, CS_F_NUMBER_DEN);
    lost |= add_short(data, EXIF_IFD_EXIF, EXIF_TAG_ISO_SPEED_RATINGS, shot->iso);
    lost |= add_bytes(data, EXIF_IFD_EXIF, EXIF_TAG_EXIF_VERSION, "0230");
    lost |= add_text(data, EXIF_IFD_EXIF, EXIF_TAG_DATE_TIME_ORIGINAL, date);
    lost |= add_text(data, EXIF_IFD_EXIF, EXIF_TAG_DATE_TIME_DIGITIZED, date);
    lost |= add_bytes(data, EXIF_IFD_EXIF, EXIF_TAG_COMPONENTS_CONFIGURATION, "\1\2\3\0");
    lost |= add_rational(data, EXIF_IFD_EXIF, EXIF_TAG_FOCAL_LENGTH, CS_FOCAL_LENGTH_MM, 1);
    lost |= add_bytes(data, EXIF_IFD_EXIF, EXIF_TAG_FLASH_PIX_VERSION, "0100");
    lost |= add_short(data, EXIF_IFD_EXIF, EXIF_TAG_COLOR_SPACE, 1);
    lost |= add_long(data, EXIF_IFD_EXIF, EXIF_TAG_PIXEL_X_DIMENSION, camera->width);
    lost |= add_long(data, EXIF_IFD_EXIF, EXIF_TAG_PIXEL_Y_DIMENSION, camera->height);
    if (camera->serial[0])
        lost |= add_text(data, EXIF_IFD_EXIF, EXIF_TAG_BODY_SERIAL_NUMBER, camera->serial);
    return lost;
}

int cs_exif_build(const cs_camera *camera, const cs_shot *shot, unsigned char **block, unsigned *size, cs_error *err)
{
    ExifData *data = exif_data_new();
    *block = NULL;
    if (!data)
        return cs_fail(err, "no memory for EXIF");
    exif_data_set_byte_order(data, ORDER);
    exif_data_set_data_type(data, EXIF_DATA_TYPE_COMPRESSED);
    int lost = add_image_tags(data, camera, shot) | add_photo_tags(data, camera, shot);
    if (!lost)
        exif_data_save_data(data, block, size);
    exif_data_unref(data);
    return *block ? 0 : cs_fail(err, "no memory for EXIF");
}

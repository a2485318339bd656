/* EXIF, through libexif. */
#ifndef HP_PHOTO_METADATA_H
#define HP_PHOTO_METADATA_H

#include "base/file.h"
#include "photo/photo.h"

/*
 * Make, model, serial, exposure, gain and date from an EXIF block ("Exif", two zeros, then TIFF); what is missing,
 * unreadable or impossible is left as it was. Never fails: a photo without EXIF is a photo.
 */
void hp_metadata_read_exif(hp_bytes exif, hp_photo_info *info);

/* "YYYY:MM:DD HH:MM:SS" as seconds since 1970, UTC; 0 when it is no date from 1970 to 9999. */
int64_t hp_metadata_parse_date(const char *text);

#endif

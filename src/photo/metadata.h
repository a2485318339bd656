/* EXIF, through libexif, and the values that every format has from elsewhere. */
#ifndef HP_PHOTO_METADATA_H
#define HP_PHOTO_METADATA_H

#include "base/file.h"
#include "photo/photo.h"

/*
 * Make, model, serial, exposure, gain and date from an EXIF block ("Exif", two zeros, then TIFF); what is missing,
 * unreadable or impossible is left as it was. Never fails: a photo without EXIF is a photo.
 */
void hp_metadata_read_exif(hp_bytes exif, hp_photo_info *info);

/* The same from a block that begins with the TIFF header, as PNG and HEIC have it. */
void hp_metadata_read_bare_exif(hp_bytes tiff, hp_photo_info *info);

/* Each takes the value when it is possible, and leaves info as it was when not. */
void hp_metadata_set_exposure(hp_photo_info *info, double exposure_s);
void hp_metadata_set_iso(hp_photo_info *info, double iso);

/* Seconds since 1970 of a date taken as UTC; 0 when it is none from 1970 to 9999. */
int64_t hp_metadata_seconds(int year, int month, int day, int hour, int minute, int second);

/* "YYYY:MM:DD HH:MM:SS" as seconds since 1970, UTC; 0 when it is no date from 1970 to 9999. */
int64_t hp_metadata_parse_date(const char *text);

#endif

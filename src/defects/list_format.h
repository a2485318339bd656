/*
 * The table of list formats. A new one is a file with its reader and its writer, and a line in list_format.c.
 * A format sees the bytes of a file and a stream, never a name.
 */
#ifndef HP_DEFECTS_LIST_FORMAT_H
#define HP_DEFECTS_LIST_FORMAT_H

#include "defects/reading.h"

#include <stdio.h>

typedef struct hp_writing {
    FILE *stream;            /* its errors need not be looked at: the caller does */
    const hp_result *result; /* exactly one list where the format holds one camera */
    hp_bytes photo;          /* what a list is put into a copy of; empty unless inside_photo */
} hp_writing;

typedef struct hp_list_format {
    const char *name; /* as in KIND:FILE */
    /*
     * Of file names, lower case, NULL after the last. One without a dot in front is a whole word at the end of the
     * name: "map.png" is that of map.png and a-map.png, not of bitmap.png.
     */
    const char *endings[4];
    bool many_cameras; /* one file may hold several */
    bool inside_photo; /* is written into a copy of a photo */
    bool for_raws;     /* its program repairs raws with it */
    /* The file's name that a program looks for, at most 255 bytes; NULL: any does. */
    void (*file_name)(const hp_camera *camera, char *out, size_t size);
    /* Whether the content is of this kind beyond doubt; NULL: only hp_heading_names or the ending tell. */
    bool (*probe)(hp_bytes file);
    /* Adds lists to reading->result (hp_reading_settle, hp_reading_add). The message does not name the file. */
    int (*read)(hp_reading *reading, hp_error *err);
    /* Every defect is inside its frame (hp_list_check has passed), in order, and no place is above HP_SIDE_MOST. */
    int (*write)(const hp_writing *writing, hp_error *err);
} hp_list_format;

extern const hp_list_format hp_list_json, hp_list_csv, hp_list_dcraw, hp_list_rawtherapee, hp_list_jpegpixi;
extern const hp_list_format hp_list_siril, hp_list_iraf, hp_list_ds9, hp_list_lsst, hp_list_fits, hp_list_png;
extern const hp_list_format hp_list_phd2, hp_list_opcode;

/* A table of formats that ends with NULL. */
typedef const hp_list_format *const hp_list_table;

/* All formats, in the order they are probed. */
extern hp_list_table hp_list_formats[];

/*
 * Splits KIND:FILE or FILE into its format and its file name, which points into target. The tables, the last one
 * followed by NULL, are asked in turn. *format is NULL where nothing tells it. HP_E_ARGUMENT, naming the kinds, when
 * KIND is none, or there is no name.
 */
int hp_list_target(hp_list_table *const *tables, const char *target, const hp_list_format **format, const char **file,
                   hp_error *err);

/* Whether a target is FILE.json or json:FILE, for results that have no other form; *file as above. */
bool hp_list_target_is_json(const char *target, const char **file);

/* HP_E_ARGUMENT: neither the name nor anything else tells the kind; there are these. */
int hp_list_kind_unknown(hp_list_table *const *tables, const char *target, hp_error *err);

/* The name of one file that hp_list_write makes of this file; false beyond the last, and of a name that is longer. */
bool hp_list_file(const hp_list_format *format, const hp_result *result, const char *file, size_t index, char *name,
                  size_t size);

/* Whether hp_list_write would accept the file, before the work is done. */
int hp_list_check_file(const hp_list_format *format, const char *file, bool force, hp_error *err);

/* Whether a list of this format is for raws, and was found in developed photos or FITS, whose frame may be another. */
bool hp_list_misses_frame(const hp_list_format *format, const hp_result *result);

/*
 * Writes a result into a file, or, where the format holds one camera and there are several, into one each. photo is
 * that of a format inside_photo, else empty.
 */
int hp_list_write(const hp_list_format *format, const hp_result *result, hp_bytes photo, const char *file, bool force,
                  hp_error *err);

#endif

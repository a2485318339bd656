/*
 * The photo formats. One file and one line in the table (format.c) a format; nobody else knows one by name.
 * A format sees the bytes of a file, never its name: content decides.
 */
#ifndef HP_PHOTO_FORMAT_H
#define HP_PHOTO_FORMAT_H

#include "base/file.h"
#include "photo/photo.h"

typedef struct hp_format {
    const char *name;    /* "JPEG" */
    const char *endings; /* of file names, lower case, each followed by a blank: only to tell which files were meant as
                            photos */
    bool info_needs_whole; /* read_info needs the whole file; otherwise it is tried with the beginning first */
    /*
     * Whether a file's beginning bears the mark of such files. This and admit only compare bytes, and ask no library:
     * the program itself looks, so that no worker decides what is passed over.
     */
    bool (*marked)(hp_bytes beginning);
    /* Fails with HP_E_NO_PHOTO where what bears the mark is no photo. NULL: all are. */
    int (*admit)(hp_bytes beginning, hp_error *err);
    bool (*probe)(hp_bytes file);
    /*
     * Size, camera, exposure. `file` may be the beginning only of file_size bytes. Fails with HP_E_INPUT (damaged) or
     * HP_E_UNSUPPORTED. The message does not name the file.
     */
    int (*read_info)(hp_bytes file, uint64_t file_size, hp_photo_info *info, hp_error *err);
    /*
     * All samples into the plane, whose shape is info's, and its black levels. Any damage fails with HP_E_INPUT: a
     * photo counts wholly or not at all.
     */
    int (*decode)(hp_bytes file, const hp_photo_info *info, hp_view view, hp_plane *plane, hp_error *err);
    /*
     * As decode with HP_VIEW_PLANE, where only these rows are wanted: they get the same samples, the others need not be
     * touched. `rows` are in order, apart and inside the frame. Damage anywhere fails all the same. NULL where nothing
     * is to be gained by it: hp_format_decode_rows then decodes the whole.
     */
    int (*decode_rows)(hp_bytes file, const hp_photo_info *info, const hp_rows *rows, size_t count, hp_plane *plane,
                       hp_error *err);
} hp_format;

extern const hp_format hp_format_jpeg, hp_format_raw, hp_format_tiff, hp_format_png, hp_format_fits, hp_format_heic;

/* All formats, in the order they are probed; ends with NULL. */
extern const hp_format *const hp_formats[];

/* Whether any format's mark is there. */
bool hp_format_is_marked(hp_bytes beginning);

/* Fails with HP_E_NO_PHOTO where the format that is marked does not admit it. */
int hp_format_admit(hp_bytes beginning, hp_error *err);

/* The format of this content, or NULL. */
const hp_format *hp_format_probe(hp_bytes file);

/* The rows that are wanted, and others or not, as the format does it best. */
int hp_format_decode_rows(const hp_format *format, hp_bytes file, const hp_photo_info *info, const hp_rows *rows,
                          size_t count, hp_plane *plane, hp_error *err);

/* Where it stands among them, -1 for NULL; and back, NULL for any place where none stands. */
int hp_format_place(const hp_format *format);
const hp_format *hp_format_at(int place);

/* Whether a file of this name is meant to be a photo, ".fits.gz" as well as ".fits". */
bool hp_format_knows_ending(const char *path);

/* info's size against what a plane can be: 32 px at least, so that a ring and its statistics have room. */
int hp_format_check_size(const hp_photo_info *info, hp_error *err);

#endif

/* What is known of a photo before its samples are decoded, and the plane that the samples go into. */
#ifndef HP_PHOTO_PHOTO_H
#define HP_PHOTO_PHOTO_H

#include "hotpix.h"

enum {
    HP_CFA_MOST = 6,                         /* longest period of a CFA, px */
    HP_CFA_SITES = HP_CFA_MOST * HP_CFA_MOST /* in the largest */
};

/* Colours of one period, row by row, as letters (R, G, B ...); period 1x1: every sample is alike. */
typedef struct hp_cfa {
    uint8_t width, height;
    uint8_t colour[HP_CFA_SITES];
} hp_cfa;

/* "RGGB" of such a CFA; "" where every sample is alike. */
void hp_cfa_name(const hp_cfa *cfa, char *out, size_t size);

/* Whether the period is one that cameras have, and phases are kept for: 1 to HP_CFA_MOST px, but not 5. */
bool hp_cfa_has_period(const hp_cfa *cfa);

/*
 * How stored values become samples: integers lose `shift` low bits, which are zero in all of them (10 bits in 16);
 * floating point and what has more than 16 bits is stretched so that low becomes 0 and high 65535.
 */
typedef struct hp_scale {
    uint64_t shift;   /* 64 bits: no gap after it, whose stray bytes would go to workers */
    double low, high; /* both 0: integers are kept as they are */
} hp_scale;

/* What a photo was taken for. */
typedef enum hp_frame_kind {
    HP_FRAME_LIGHT, /* or unknown */
    HP_FRAME_DARK,
    HP_FRAME_BIAS,
    HP_FRAME_FLAT
} hp_frame_kind;

typedef struct hp_photo_info {
    hp_camera camera; /* make, model, serial, size, source, cfa, bits */
    hp_cfa cfa;
    unsigned channels; /* of the colour view: 3 for RGB, 1 for grey */
    hp_frame_kind frame;
    hp_scale scale;    /* the same for all photos of a camera once hp_photo_set_open is done */
    double exposure_s; /* 0: unknown */
    double gain;       /* ISO / 100; 0: unknown */
    int64_t taken_s;   /* seconds since 1970 of the camera's clock read as UTC; 0: unknown */
    uint32_t combined; /* 0: one exposure; else made of so many frames, 1 where it is not known of how many */
    uint32_t floating; /* not 0: stored in floating point */
    uint32_t taken_width, taken_height; /* px as the camera wrote it, by EXIF; 0: unknown */
    char editor[32];                    /* the program for editing that saved it; "" where none is known to have */
} hp_photo_info;

/*
 * Whether each pixel was made from several photosites, as in a JPEG: a bad one has spread to its neighbours. Otherwise
 * samples are those of the sensor.
 */
bool hp_photo_is_developed(const hp_photo_info *info);

/* Whether camera.bits is what the samples use: TIFF, PNG and FITS of 16 bits may hold 12 or 14. */
bool hp_photo_tells_depth(const hp_photo_info *info);

/* Which samples of a photo are wanted. */
typedef enum hp_view {
    HP_VIEW_PLANE, /* one plane: Y of a JPEG, the mosaic of a RAW */
    HP_VIEW_COLOUR /* all channels of a pixel beside each other */
} hp_view;

/*
 * A frame of samples with `pad` samples on each side, which hp_plane_pad fills. Row y begins at
 * samples + y * stride (in samples); samples points to (0, 0).
 */
typedef struct hp_plane {
    void *samples;
    uint32_t width, height; /* px, without padding */
    unsigned channels;
    unsigned sample_bytes;        /* 1 or 2 */
    uint32_t pad;                 /* px */
    size_t stride;                /* samples from one row to the next */
    uint16_t black[HP_CFA_SITES]; /* DN without light at each site of the CFA, set by decoding; 0: none or unknown */
    void *memory;
    struct hp_shared *shared; /* the memory, where workers can be given it */
} hp_plane;

/* Rows first to end - 1 of a plane. */
typedef struct hp_rows {
    uint32_t first, end;
} hp_rows;

/* Memory that hp_plane_create takes for such a photo; SIZE_MAX when it does not fit a size_t. */
size_t hp_plane_bytes(const hp_photo_info *info, hp_view view, uint32_t pad);

int hp_plane_create(const hp_photo_info *info, hp_view view, uint32_t pad, hp_plane *plane, hp_error *err);

/* The same in memory that a worker can decode into (base/isolation.h). */
int hp_plane_create_shared(const hp_photo_info *info, hp_view view, uint32_t pad, hp_plane *plane, hp_error *err);

/* Lets a plane stand in other memory, which stays the caller's: as much as its own. */
void hp_plane_place(hp_plane *plane, void *memory);

/* Memory that a plane stands in, bytes. */
size_t hp_plane_size(const hp_plane *plane);
void hp_plane_free(hp_plane *plane);

/* Address of the first sample of row y, 0 <= y < height. */
void *hp_plane_row(const hp_plane *plane, uint32_t y);

/* Address of a sample, which may be one of the padding. */
void *hp_plane_sample(const hp_plane *plane, int32_t y, int32_t x);

/*
 * Fills the padding: a sample outside takes the value of the one `step` px further inside (docs/method.md, "Ring").
 * pad <= step; the frame must be larger than step + pad in both axes.
 */
void hp_plane_pad(const hp_plane *plane, uint32_t step);

#endif

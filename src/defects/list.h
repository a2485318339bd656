/* Defect lists: order, bounds, memory. A list does not know where it came from. */
#ifndef HP_DEFECTS_LIST_H
#define HP_DEFECTS_LIST_H

#include "hotpix.h"

enum {
    HP_SIDE_MOST = 1 << 20,    /* px of a frame */
    HP_DEFECTS_MOST = 1 << 20, /* of one list */
    HP_FOOTPRINT_MOST = 16,    /* px that the smear of one pixel is wide at most */
    HP_PHOTOS_GOOD = 25,       /* from here on most defects that show are found */
    HP_PIXELS_MANY = 20,       /* bad pixels from which on their shares say something */
};

/* Real bad pixels keep about 0.8 of their strength in the other half of the photos, false ones nothing. */
#define HP_KEPT_WELL 0.6

/* The largest score, mean and deviation that a list may hold. */
#define HP_NUMBER_MOST 1e12
/* Numbers of expected false detections are written as this at least. */
#define HP_SHARE_LEAST 1e-9

/* A list that grows; freed with hp_list_clear(&maker.list). */
typedef struct hp_list_maker {
    hp_list list;
    size_t capacity;
} hp_list_maker;

/* Appends a defect. Fails with HP_E_MEMORY, and with HP_E_INPUT beyond HP_DEFECTS_MOST. */
int hp_list_add(hp_list_maker *maker, const hp_defect *defect, hp_error *err);

/* Appends every pixel of a defect's box as one of its own. Fails likewise. */
int hp_list_add_pixels(hp_list_maker *maker, const hp_defect *defect, hp_error *err);

/* A hot and certain defect of one pixel, or of a box with its centre. What lists say that tell no more. */
hp_defect hp_defect_point(uint32_t x, uint32_t y);
hp_defect hp_defect_area(hp_box box);

/* What a box of which every pixel is bad is: columns and rows are longer than HP_FOOTPRINT_MOST, and not wider. */
hp_shape hp_box_shape(const hp_box *box);

/* Orders defects by y, then x: the order of every output. What else differs decides between equal places. */
void hp_defects_sort(hp_defect *defects, size_t count);

/* Sorts, and keeps the first of those that are the same pixel. */
void hp_list_tidy(hp_list *list);

/* Of a tidy list: where the first defect is that does not stand before x, y; and whether it has this same pixel. */
size_t hp_list_find(const hp_list *list, uint32_t x, uint32_t y);
bool hp_list_has(const hp_list *list, const hp_defect *defect);

/* HP_E_INPUT, naming the first defect that does not lie, with its whole box, inside the camera's frame. */
int hp_list_check(const hp_list *list, hp_error *err);

/* Whether a camera's photos are no samples of its sensor: JPEG, HEIC. */
bool hp_camera_develops(const hp_camera *camera);

/*
 * Whether a defect's box is the smear of the one pixel at x, y, as in a developed photo. Of any other box every pixel
 * is bad: a column, a cluster.
 */
bool hp_defect_is_smeared(const hp_list *list, const hp_defect *defect);

/*
 * The list for those who know single pixels only: boxes that are not smeared become their pixels. points is the
 * caller's, to be cleared; of the rest of the list it has the camera alone.
 */
int hp_list_points(const hp_list *list, hp_list *points, hp_error *err);

/* Appends a list to a result, which owns it then; the caller's is empty afterwards. */
int hp_result_add(hp_result *result, hp_list *list, hp_error *err);

void hp_evidence_free(hp_evidence **evidence);

/* Adds a warning, of at most 1023 bytes. Fails with HP_E_MEMORY. */
int hp_list_warn(hp_list *list, hp_error *err, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* Frees what the list owns, not the list itself. */
void hp_list_clear(hp_list *list);

#endif

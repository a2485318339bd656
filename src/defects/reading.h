/* What the readers of lists share: what is asked for, and what must be known of a list before it counts. */
#ifndef HP_DEFECTS_READING_H
#define HP_DEFECTS_READING_H

#include "base/file.h"
#include "defects/list.h"

typedef struct hp_reading {
    hp_bytes file;
    const hp_list_options *options; /* not NULL */
    hp_result *result;
} hp_reading;

/* Room for hp_camera_label, and for hp_camera_name. */
enum { HP_LABEL_BYTES = 256, HP_NAME_BYTES = 2 * sizeof((hp_camera *)0)->make };

/* Maker and model as they are, "NIKON D80": without the maker where the model's name has it, as many have. Returns out.
 */
const char *hp_camera_name(const hp_camera *camera, char out[HP_NAME_BYTES]);

/* "NIKON D80, serial 123", safe to show; "a camera without a name". Returns out. */
const char *hp_camera_label(const hp_camera *camera, char out[HP_LABEL_BYTES]);

/* Whether two cameras may be one: no name that both have differs. Frames do not matter. */
bool hp_camera_agrees(const hp_camera *a, const hp_camera *b);

/*
 * Whether the colours of their frames may lie alike. Where they do not, the same camera's rows or columns are stored in
 * another order, or cut elsewhere.
 */
bool hp_camera_same_mosaic(const hp_camera *a, const hp_camera *b);

/*
 * How sure it is that a list and a photo are of one camera; 0: they are not. Where neither has a name they are closer
 * than where one has, and of two lists that of the photo's depth.
 */
int hp_camera_closeness(const hp_camera *list, const hp_camera *photo);

/* Gives a camera the names that only the other has. */
void hp_camera_learn(hp_camera *camera, const hp_camera *other);

/*
 * Completes list->camera from the options. Where neither the list nor they tell the source it is `usual`.
 * HP_E_INPUT, naming both, where the list is for another camera, frame or source than asked for; HP_E_ARGUMENT where
 * nothing tells the frame.
 */
int hp_reading_settle(const hp_reading *reading, hp_list *list, hp_source usual, hp_error *err);

/* Of a file with `count` lists, of which none could be settled: why the first could not. Returns that code. */
int hp_reading_fail_none(const hp_error *first, size_t count, hp_error *err);

/* Of a file with `count` lists, of which one does not tell its frame: it would be lost among the others. HP_E_INPUT. */
int hp_reading_fail_one(const hp_error *unsettled, size_t count, hp_error *err);

/* HP_E_ARGUMENT where nothing told a list's source, on which its direction of y depends. */
int hp_reading_needs_source(const hp_list *list, hp_error *err);

/* Checks every place of a settled list, tidies it and adds it to the result. The caller clears it in any case. */
int hp_reading_add(hp_reading *reading, hp_list *list, hp_error *err);

/* The word of an enumeration; false where it is none of hp_kind_name and so on. */
bool hp_kind_find(const char *word, hp_kind *kind);
bool hp_grade_find(const char *word, hp_grade *grade);
bool hp_shape_find(const char *word, hp_shape *shape);
bool hp_source_find(const char *word, hp_source *source);

#endif

/* What repairs a photo, one file a format. */
#ifndef HP_REPAIR_REPAIR_H
#define HP_REPAIR_REPAIR_H

#include "base/file.h"
#include "defects/list.h"
#include "photo/photo.h"

#include <stdio.h>

typedef struct hp_repair {
    hp_bytes file; /* the photo, whole */
    const hp_photo_info *info;
    const hp_list *list; /* tidy; in the photo's frame; those pixels that are bad in this photo */
    bool mask;           /* FITS: the copy gets an extension MASK */
    size_t repaired;     /* result: pixels that were changed */
    size_t left;         /* result: those that are right in this photo */
    bool masked;         /* result: the copy has a mask, though no sample may have changed */
    bool by_opcode;      /* result: listed in the copy, whose samples are as they were */
} hp_repair;

/*
 * Writes the repaired photo to a stream in memory, whose position is then its length; nothing where repaired is 0 in
 * the end, and masked is not set: then the copy is the file itself. Fails with HP_E_INPUT (damaged), HP_E_UNSUPPORTED;
 * the message does not name the file.
 */
typedef int hp_repair_fn(hp_repair *repair, FILE *stream, hp_error *err);

hp_repair_fn hp_repair_jpeg, hp_repair_tiff, hp_repair_raw, hp_repair_png, hp_repair_fits;

/* Whether anything repairs photos of this kind. */
bool hp_repairs(hp_source source);

/*
 * Repairs a photo of a kind that is repaired: the copy into a room, *size its bytes; 0: the copy is the file itself.
 * Fails as hp_repair_fn does; with HP_E_UNSUPPORTED where the room is too small; and with HP_E_INPUT where the copy
 * would not be the photo that it was: in a damaged file samples may lie where the file tells of itself.
 */
int hp_repair_copy(hp_repair *repair, void *room, size_t room_size, size_t *size, hp_error *err);

#endif

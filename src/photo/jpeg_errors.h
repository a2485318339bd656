/* How libjpeg's errors come back: by longjmp. A warning is one, for it means damaged data, which libjpeg would paper
 * over.
 */
#ifndef HP_PHOTO_JPEG_ERRORS_H
#define HP_PHOTO_JPEG_ERRORS_H

#include <setjmp.h>
#include <stdio.h> /* jpeglib.h needs it */

#include <jpeglib.h>

typedef struct hp_jpeg_errors {
    struct jpeg_error_mgr manager; /* msg_code tells which */
    jmp_buf back;                  /* the caller's setjmp, before anything of libjpeg's that can fail */
    char message[JMSG_LENGTH_MAX]; /* of the last one */
} hp_jpeg_errors;

/* For the `err` of a codec, as long as that lives. */
struct jpeg_error_mgr *hp_jpeg_errors_begin(hp_jpeg_errors *errors);

#endif

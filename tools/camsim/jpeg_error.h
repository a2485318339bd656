/* libjpeg's fatal errors as a jump back and a sentence. */
#ifndef CAMSIM_JPEG_ERROR_H
#define CAMSIM_JPEG_ERROR_H

#include <stdio.h>

#include <jpeglib.h>
#include <setjmp.h>

typedef struct cs_jpeg_errors {
    struct jpeg_error_mgr manager;
    jmp_buf escape; /* setjmp here before the first libjpeg call */
    char text[JMSG_LENGTH_MAX];
} cs_jpeg_errors;

struct jpeg_error_mgr *cs_jpeg_errors_start(cs_jpeg_errors *errors);

#endif

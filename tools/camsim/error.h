/* One sentence about what went wrong, owned by the caller. */
#ifndef CAMSIM_ERROR_H
#define CAMSIM_ERROR_H

typedef struct cs_error {
    char text[640];
} cs_error;

/* Writes the sentence and returns -1, so that a caller can `return cs_fail(err, ...)`. */
#if defined(__GNUC__)
__attribute__((format(printf, 2, 3)))
#endif
int cs_fail(cs_error *err, const char *format, ...);

#endif

/* Filling the caller's hp_error. */
#ifndef HP_BASE_ERROR_H
#define HP_BASE_ERROR_H

#include "hotpix.h"

/* Sets code and message (printf format, one sentence without a full stop) and returns code. err may be NULL. */
int hp_fail(hp_error *err, int code, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* Puts "prefix: " before the message already in err, made printable; returns err's code. */
int hp_fail_in(hp_error *err, int code, const char *prefix);

#endif

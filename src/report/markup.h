/* Pieces of HTML and SVG. What comes from files is text here, whatever it holds. */
#ifndef HP_REPORT_MARKUP_H
#define HP_REPORT_MARKUP_H

#include "hotpix.h"

#include <stdio.h>

/* For a photo's or a camera's name in text and in quoted attributes. What is not shown or turns text is shown as \xNN.
 */
void hp_markup_text(FILE *stream, const char *text);

/* A number with a point, whatever the locale is; "-" where it is none. */
void hp_markup_number(FILE *stream, double value, int decimals);

/* The same with a sign in front always: a real minus, as people read it. */
void hp_markup_signed(FILE *stream, double value, int decimals);

/* "1 photo", "2 photos"; 12 345 is written with thin spaces. */
void hp_markup_count(FILE *stream, uint64_t count, const char *what);
void hp_markup_integer(FILE *stream, uint64_t value);

/* An element that says "2014-02-22". */
void hp_markup_day(FILE *stream, int64_t seconds);

/* RFC 4648. */
void hp_markup_base64(FILE *stream, const void *data, size_t size);

#endif

/* Reading the values of options, strictly: the whole text or nothing. */
#ifndef CLI_VALUES_H
#define CLI_VALUES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Decimal digits alone, within the bounds. */
bool value_number(const char *text, uint64_t least, uint64_t most, uint64_t *value);

/* A number of bytes that is not 0, with K, M, G or T for powers of 1024, and an optional B or iB behind these. */
bool value_size(const char *text, uint64_t *bytes);

/* "3872x2592": two numbers from 1 to 1048576. */
bool value_frame(const char *text, uint32_t *width, uint32_t *height);

/* A decimal number from 0.000001 to 1000000, as 0.1 or 5. */
bool value_rate(const char *text, double *value);

/* The place of text among words ("auto|plain|v2"). */
bool value_word(const char *text, const char *words, int *index);

/* How many characters to change, insert, delete or swap with the next, from text to word; for "did you mean". */
unsigned edit_distance(const char *text, size_t length, const char *word);

#endif

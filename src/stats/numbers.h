/*
 * Arrays of sums, whatever they mean: as a FITS file holds them (big-endian; unsigned numbers moved by half their
 * range, FITS standard 4.0, 5.2), joined, taken apart.
 */
#ifndef HP_STATS_NUMBERS_H
#define HP_STATS_NUMBERS_H

#include "stats/accumulator.h"

/* Bytes of one. */
size_t hp_number_bytes(hp_number number);

/* BITPIX and BZERO; BZERO is "" where none is needed. */
int hp_number_bitpix(hp_number number);
const char *hp_number_bzero(hp_number number);

/*
 * `count` numbers, `stride` from one to the next in memory, beside each other in `file`. `file` is aligned for its
 * numbers.
 */
void hp_numbers_encode(hp_number number, const void *values, size_t stride, size_t count, void *file);
void hp_numbers_decode(hp_number number, const void *file, size_t count, void *values, size_t stride);

/* The largest size among them. */
uint64_t hp_numbers_largest(hp_number number, const void *values, size_t stride, size_t count);

/* into = into and from joined; into = into - from. */
void hp_numbers_join(hp_number number, hp_join join, void *into, const void *from, size_t count);
void hp_numbers_subtract(hp_number number, void *into, const void *from, size_t count);

/*
 * Sum of the 32 bit words of a piece of a FITS file; size is a multiple of 4. Pieces add up; hp_fits_fold makes the
 * checksum of it (FITS standard, appendix J).
 */
uint64_t hp_fits_sum(const void *bytes, size_t size);
uint32_t hp_fits_fold(uint64_t sum);

#endif

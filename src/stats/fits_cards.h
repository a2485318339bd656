/*
 * Headers of FITS files, for writing. CFITSIO reads state files, but does not write them: it puts the time of day into
 * every CHECKSUM and fills what is not written yet with zeros first, while here the same photos give the same bytes and
 * the data are written by all threads.
 */
#ifndef HP_STATS_FITS_CARDS_H
#define HP_STATS_FITS_CARDS_H

#include "hotpix.h"

enum { HP_FITS_BLOCK = 2880 };

/* A header in the making; all zero is empty. After a failure further cards are ignored: hp_cards_end tells. */
typedef struct hp_cards {
    char *text; /* 80 bytes a card */
    size_t count, capacity;
    bool failed;
} hp_cards;

void hp_cards_logical(hp_cards *cards, const char *key, bool value, const char *comment);
void hp_cards_integer(hp_cards *cards, const char *key, int64_t value, const char *comment);
/* A number as it is to stand there. */
void hp_cards_number(hp_cards *cards, const char *key, const char *value, const char *comment);
/* Printable ASCII of any length; long ones go on in CONTINUE cards. */
void hp_cards_text(hp_cards *cards, const char *key, const char *value, const char *comment);

/* Adds CHECKSUM, DATASUM and END, and fills the last block. Fails with HP_E_MEMORY. */
int hp_cards_end(hp_cards *cards, hp_error *err);
size_t hp_cards_bytes(const hp_cards *cards);

/* Sets DATASUM and CHECKSUM of an ended header; data_sum is that of hp_fits_sum over the whole data unit. */
void hp_cards_seal(hp_cards *cards, uint64_t data_sum);

void hp_cards_free(hp_cards *cards);

/* Any bytes as printable ASCII without blanks at its ends: what is not that becomes \xNN, a backslash \\. */
size_t hp_fits_escaped_length(const char *text);
void hp_fits_escape(const char *text, char *out, size_t size);

/* The other way, for `length` bytes with blanks or zeros behind; false when it is no such text or does not fit. */
bool hp_fits_unescape(const char *text, size_t length, char *out, size_t size);

#endif

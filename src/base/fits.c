#include "base/fits.h"

#include "base/error.h"
#include "base/memory.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

enum {
    BLOCK = 2880,     /* bytes: FITS standard, 3.1 */
    CARD = 80,        /* bytes: FITS standard, 4.1 */
    KEYWORD = 8,      /* bytes; '=' follows: FITS standard, 4.1.2 */
    NUMBER_MOST = 28, /* bytes: one of 17 digits, with sign, point and exponent, has 24 */
    MOST_AXES = 99,
    MOST_TILED_AXES = 6, /* MAX_COMPRESS_DIM of CFITSIO */
    ROOM = 64,           /* before the copy, for its size */
};

int hp_fits_fail(int status, hp_error *err)
{
    char text[FLEN_STATUS] = "";
    fits_get_errstatus(status, text);
    fits_clear_errmsg();
    return hp_fail(err, HP_E_INPUT, "is a damaged FITS file: %s",
                   status == MEMORY_ALLOCATION ? "it ends before its data" : text);
}

/*
 * CFITSIO (4.2) does not notice that a file in memory ends before its data: it sets the size of the file to what the
 * header asks for, and reads beyond. It asks this function first. The copy exists to have the true size at hand.
 */
static void *refuse_growth(void *start, size_t size)
{
    size_t have;
    memcpy(&have, (char *)start - ROOM, sizeof have);
    return size <= have ? start : NULL;
}

/* Data that end within the last block are accepted: many programs leave out the padding. */
static int copy(hp_bytes bytes, uint64_t file_size, hp_fits_memory *file, hp_error *err)
{
    if (file_size > SIZE_MAX - ROOM - BLOCK)
        return hp_fail(err, HP_E_MEMORY, "no memory for a copy of it");
    file->size = ((size_t)file_size + BLOCK - 1) / BLOCK * BLOCK;
    file->memory = hp_pages(file->size + ROOM, 1, err);
    if (!file->memory)
        return HP_E_MEMORY;
    memcpy(file->memory, &file->size, sizeof file->size);
    file->start = (char *)file->memory + ROOM;
    memcpy(file->start, bytes.data, bytes.size);
    return HP_OK;
}

static bool is_keyword(const char *card)
{
    static const char comment[] = "COMMENT ", history[] = "HISTORY ";
    size_t length = strspn(card, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-");
    return length > 0 && length + strspn(card + length, " ") == KEYWORD && memcmp(card, comment, KEYWORD) != 0 &&
           memcmp(card, history, KEYWORD) != 0;
}

/* No string, and longer than a number: also a complex one, which ends at its bracket. */
static bool is_overlong(const char *value)
{
    value += strspn(value, " ");
    size_t length = *value == '(' ? strcspn(value, ")") : *value == '\'' ? 0 : strcspn(value, " /");
    return length > NUMBER_MOST;
}

/* A number of at least 1, without a point. */
static int check_size(const char *keyword, const char *value, long most, hp_error *err)
{
    char *end;
    long number = strtol(value, &end, 10);
    bool plain = end != value && (*end == 0 || *end == ' ' || *end == '/');
    if (plain && number >= 1 && number <= most)
        return HP_OK;
    return hp_fail(err, HP_E_INPUT, "is a damaged FITS file: its %.*s is no size of a compressed picture",
                   (int)strcspn(keyword, " ="), keyword);
}

/* is_block: by ZNAMEn, for n from 1 to 9, whether ZVALn is the samples that share a code. */
static int check_card(const char *keyword, const char *value, const bool is_block[10], hp_error *err)
{
    if (is_keyword(keyword) && is_overlong(value))
        return hp_fail(err, HP_E_INPUT, "is a damaged FITS file: its %.*s is too long for a value without quotes",
                       (int)strcspn(keyword, " "), keyword);
    long number = strtol(value, NULL, 10);
    if (memcmp(keyword, "NAXIS   ", KEYWORD) == 0 && number > MOST_AXES)
        return hp_fail(err, HP_E_UNSUPPORTED, "is a FITS file with %ld axes", number);
    if (memcmp(keyword, "ZNAXIS  ", KEYWORD) == 0)
        return check_size(keyword, value, MOST_TILED_AXES, err);
    bool is_size = memcmp(keyword, "ZTILE", 5) == 0 || memcmp(keyword, "ZNAXIS", 6) == 0 ||
                   (memcmp(keyword, "ZVAL", 4) == 0 && keyword[4] >= '1' && keyword[4] <= '9' && keyword[5] == ' ' &&
                    is_block[keyword[4] - '0']);
    return is_size ? check_size(keyword, value, LONG_MAX, err) : HP_OK;
}

/* The next card with a value from *at on, which goes beyond it. */
static bool next_card(hp_bytes bytes, size_t *at, char keyword[KEYWORD + 1], char value[CARD])
{
    for (; *at + CARD <= bytes.size; *at += CARD) {
        const char *card = (const char *)bytes.data + *at;
        if (card[KEYWORD] != '=')
            continue;
        memset(value, 0, CARD);
        memcpy(value, card + KEYWORD + 1, CARD - KEYWORD - 1);
        memcpy(keyword, card, KEYWORD);
        keyword[KEYWORD] = 0;
        *at += CARD;
        return true;
    }
    return false;
}

/*
 * With more than 99 axes (FITS allows 999) CFITSIO (4.2) writes beyond its arrays, by the sides of tiles and the
 * samples of a block it divides, and 70 characters it copies to where a column has room for 69; of what is no integer
 * 30 to where its message has room for 28.
 */
int hp_fits_check_cards(hp_bytes bytes, hp_error *err)
{
    char value[CARD], keyword[KEYWORD + 1];
    bool is_block[10] = {false};
    int code = HP_OK;
    for (size_t at = 0; next_card(bytes, &at, keyword, value);)
        if (memcmp(keyword, "ZNAME", 5) == 0 && keyword[5] >= '1' && keyword[5] <= '9' && strstr(value, "BLOCKSIZE"))
            is_block[keyword[5] - '0'] = true;
    for (size_t at = 0; !code && next_card(bytes, &at, keyword, value);)
        code = check_card(keyword, value, is_block, err);
    return code;
}

int hp_fits_memory_open(hp_bytes bytes, uint64_t file_size, hp_fits_memory *file, hp_error *err)
{
    int status = 0;
    *file = (hp_fits_memory){0};
    int code = hp_fits_check_cards(bytes, err);
    if (!code)
        code = copy(bytes, file_size, file, err);
    if (!code && fits_open_memfile(&file->fits, "file", READONLY, &file->start, &file->size, 0, refuse_growth, &status))
        code = hp_fits_fail(status, err);
    return code;
}

void hp_fits_memory_close(hp_fits_memory *file)
{
    int status = 0;
    if (file->fits)
        fits_close_file(file->fits, &status);
    fits_clear_errmsg();
    hp_pages_free(file->memory);
    *file = (hp_fits_memory){0};
}

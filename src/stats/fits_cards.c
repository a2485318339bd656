#include "stats/fits_cards.h"

#include "base/memory.h"
#include "stats/numbers.h"

#include <fitsio.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CARD = 80, VALUE_MOST = 68, SUM_TEXT = 16, VALUE_FIRST = 10, VALUE_END = 30 };

/* From the end: END and the two before it. */
enum { CHECKSUM_PLACE = 3, DATASUM_PLACE = 2 };

static char *next_card(hp_cards *cards)
{
    if (hp_grow((void **)&cards->text, &cards->capacity, (cards->count + 1) * CARD, 1, NULL)) {
        cards->failed = true;
        return NULL;
    }
    char *card = cards->text + cards->count++ * CARD;
    memset(card, ' ', CARD);
    return card;
}

/* Copies as much as the card has room for. */
static void put(char *card, size_t at, const char *text)
{
    size_t length = strlen(text);
    if (at < CARD)
        memcpy(card + at, text, length < CARD - at ? length : CARD - at);
}

static void put_comment(char *card, size_t at, const char *comment)
{
    if (!comment[0])
        return;
    put(card, at + 1, "/ ");
    put(card, at + 3, comment);
}

/* Fixed format: the value ends in column 30 (FITS standard, 4.2); free format where it is longer. */
void hp_cards_number(hp_cards *cards, const char *key, const char *value, const char *comment)
{
    char *card = next_card(cards);
    if (!card)
        return;
    put(card, 0, key);
    put(card, 8, "= ");
    size_t length = strlen(value), at = length < VALUE_END - VALUE_FIRST ? VALUE_END - length : VALUE_FIRST;
    put(card, at, value);
    put_comment(card, at + length, comment);
}

void hp_cards_logical(hp_cards *cards, const char *key, bool value, const char *comment)
{
    hp_cards_number(cards, key, value ? "T" : "F", comment);
}

void hp_cards_integer(hp_cards *cards, const char *key, int64_t value, const char *comment)
{
    char text[24];
    snprintf(text, sizeof text, "%" PRId64, value);
    hp_cards_number(cards, key, text, comment);
}

/* One card of a text; returns how much of it the card took. A quote counts twice; & tells that more follows. */
static size_t put_piece(char *card, const char *text, const char *comment)
{
    char quoted[VALUE_MOST + 3] = "'";
    size_t used = 1, taken = 0, length = strlen(text);
    while (taken < length) {
        size_t needs = text[taken] == '\'' ? 2 : 1, rest = length - taken > 1 ? 1 : 0;
        if (used - 1 + needs + rest > VALUE_MOST - 1)
            break;
        memset(quoted + used, text[taken], needs);
        used += needs;
        taken++;
    }
    if (taken < length)
        quoted[used++] = '&';
    while (used < 9)
        quoted[used++] = ' ';
    quoted[used++] = '\'';
    quoted[used] = 0;
    put(card, 10, quoted);
    if (taken == length)
        put_comment(card, used + 10 < 30 ? 30 : used + 10, comment);
    return taken;
}

void hp_cards_text(hp_cards *cards, const char *key, const char *value, const char *comment)
{
    char *card = next_card(cards);
    if (!card)
        return;
    put(card, 0, key);
    put(card, 8, "= ");
    value += put_piece(card, value, comment);
    while (*value && (card = next_card(cards))) {
        put(card, 0, "CONTINUE");
        value += put_piece(card, value, comment);
    }
}

int hp_cards_end(hp_cards *cards, hp_error *err)
{
    hp_cards_text(cards, "CHECKSUM", "0000000000000000", "of the whole HDU");
    hp_cards_text(cards, "DATASUM", "0         ", "of its data");
    char *end = next_card(cards);
    if (end)
        put(end, 0, "END");
    size_t bytes = hp_cards_bytes(cards), used = cards->count * CARD;
    if (cards->failed || hp_grow((void **)&cards->text, &cards->capacity, bytes, 1, err)) {
        hp_calloc(SIZE_MAX, 1, err); /* sets the message */
        return HP_E_MEMORY;
    }
    memset(cards->text + used, ' ', bytes - used);
    return HP_OK;
}

size_t hp_cards_bytes(const hp_cards *cards)
{
    return (cards->count * CARD + HP_FITS_BLOCK - 1) / HP_FITS_BLOCK * HP_FITS_BLOCK;
}

/* The sum of the sealed HDU is all ones: the complement of the rest stands in CHECKSUM (FITS standard, appendix J). */
void hp_cards_seal(hp_cards *cards, uint64_t data_sum)
{
    char text[SUM_TEXT + 1];
    char *datasum = cards->text + (cards->count - DATASUM_PLACE) * CARD + 11,
         *checksum = cards->text + (cards->count - CHECKSUM_PLACE) * CARD + 11;
    snprintf(text, sizeof text, "%-10" PRIu32, hp_fits_fold(data_sum));
    memcpy(datasum, text, 10);
    memset(checksum, '0', SUM_TEXT);
    uint64_t sum = hp_fits_sum(cards->text, hp_cards_bytes(cards)) + hp_fits_fold(data_sum);
    fits_encode_chksum(hp_fits_fold(sum), 1, text);
    memcpy(checksum, text, SUM_TEXT);
}

void hp_cards_free(hp_cards *cards)
{
    free(cards->text);
    *cards = (hp_cards){0};
}

/* ---- texts ---- */

static bool is_plain(const char *text, size_t i)
{
    char c = text[i];
    bool at_end = i == 0 || !text[i + 1];
    return (c > ' ' && c < 0x7f && c != '\\') || (c == ' ' && !at_end);
}

static size_t escape_one(const char *text, size_t i, char out[5])
{
    if (is_plain(text, i))
        return (size_t)snprintf(out, 5, "%c", text[i]);
    if (text[i] == '\\')
        return (size_t)snprintf(out, 5, "\\\\");
    return (size_t)snprintf(out, 5, "\\x%02x", (unsigned char)text[i]);
}

size_t hp_fits_escaped_length(const char *text)
{
    char one[5];
    size_t length = 0;
    for (size_t i = 0; text[i]; i++)
        length += escape_one(text, i, one);
    return length;
}

void hp_fits_escape(const char *text, char *out, size_t size)
{
    char one[5];
    size_t used = 0;
    for (size_t i = 0; text[i]; i++) {
        size_t length = escape_one(text, i, one);
        if (used + length >= size)
            break;
        memcpy(out + used, one, length);
        used += length;
    }
    out[used] = 0;
}

static int hex_digit(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Bytes that one character of the text takes up, 0 when it is none. */
static size_t unescape_one(const char *text, size_t left, char *c)
{
    *c = text[0];
    if (text[0] != '\\')
        return text[0] >= ' ' && text[0] < 0x7f;
    if (left >= 2 && text[1] == '\\')
        return 2;
    if (left < 4 || text[1] != 'x' || hex_digit(text[2]) < 0 || hex_digit(text[3]) < 0)
        return 0;
    *c = (char)(hex_digit(text[2]) * 16 + hex_digit(text[3]));
    return *c ? 4 : 0;
}

bool hp_fits_unescape(const char *text, size_t length, char *out, size_t size)
{
    while (length > 0 && (text[length - 1] == ' ' || text[length - 1] == 0))
        length--;
    size_t used = 0;
    for (size_t i = 0; i < length;) {
        char c;
        size_t taken = unescape_one(text + i, length - i, &c);
        if (taken == 0 || used + 1 >= size)
            return false;
        out[used++] = c;
        i += taken;
    }
    out[used] = 0;
    return true;
}

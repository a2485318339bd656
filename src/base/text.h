/* Strings: growing buffers, copies, and file names made safe to show (hp_printable is public). */
#ifndef HP_BASE_TEXT_H
#define HP_BASE_TEXT_H

#include "hotpix.h"

#include <stdarg.h>

/* A growing list of strings that it owns; all zero is empty. */
typedef struct hp_strings {
    char **items;
    size_t count;
    size_t capacity;
} hp_strings;

/* Appends a copy of text. Fails with HP_E_MEMORY. */
int hp_strings_add(hp_strings *strings, const char *text, hp_error *err);

/* Appends formatted text of at most 1023 bytes. */
int hp_strings_addf(hp_strings *strings, hp_error *err, const char *format, ...) __attribute__((format(printf, 3, 4)));
int hp_strings_vaddf(hp_strings *strings, hp_error *err, const char *format, va_list arguments)
    __attribute__((format(printf, 3, 0)));

void hp_strings_free(hp_strings *strings);

/* Copies at most size - 1 bytes of text that need not end in 0, without blanks at either end; always terminated. */
void hp_copy_trimmed(char *out, size_t size, const char *text, size_t length);

/* The same in every locale: of ASCII alone, and where the small I has a dot. */
bool hp_is_plain(char c); /* a letter or a digit */
char hp_small_letter(char c);

/* Whether two texts are one but for large and small letters, or their first `most` bytes are. */
bool hp_text_alike(const char *a, const char *b, size_t most);

/* Whether there are no other characters than letters of ASCII and digits. */
bool hp_text_is_word(const char *text);

/* All but [A-Za-z0-9._-] becomes "_": part of a file's name on any system. */
void hp_text_for_name(char *text);

enum { HP_SIZE_TEXT = 32 };

/* "5 bytes", "12 KiB", "340 MiB", the units of --memory: as it is below 10 KiB, then rounded, up or down. Returns out.
 */
const char *hp_size_text(uint64_t bytes, bool up, char out[HP_SIZE_TEXT]);

/* Length in bytes of the valid UTF-8 sequence at text (1 to 4), 0 where there is none. */
size_t hp_utf8_length(const char *text);

#endif

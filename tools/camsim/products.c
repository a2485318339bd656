#include "products.h"

#include "values.h"

#include <stdio.h>
#include <string.h>

enum { WORD_SIZE = 64 };

static int read_word(const char *text, const char *no, const char *yes, int *is_yes)
{
    if (strcmp(text, no) != 0 && strcmp(text, yes) != 0)
        return -1;
    *is_yes = strcmp(text, yes) == 0;
    return 0;
}

int cs_read_format(const char *text, int *is_dng)
{
    return read_word(text, "jpeg", "dng", is_dng);
}

int cs_read_subsampling(const char *text, int *subsampling)
{
    static const int subsamplings[3] = {444, 422, 420};
    return cs_read_choice(text, subsamplings, subsampling);
}

int cs_read_on_off(const char *text, int *is_on)
{
    return read_word(text, "off", "on", is_on);
}

static int read_setting(const char *name, const char *value, cs_product *product)
{
    if (strcmp(name, "format") == 0)
        return cs_read_format(value, &product->is_dng);
    if (strcmp(name, "quality") == 0)
        return cs_read_int(value, 1, 100, &product->jpeg.quality);
    if (strcmp(name, "subsampling") == 0)
        return cs_read_subsampling(value, &product->jpeg.subsampling);
    if (strcmp(name, "noise-reduction") == 0)
        return cs_read_on_off(value, &product->has_noise_reduction);
    return -1;
}

int cs_product_read(const char *text, cs_product *product, cs_error *err)
{
    while (strncmp(text, "dir=", 4) != 0) {
        char word[WORD_SIZE];
        size_t length = strcspn(text, ",");
        if (text[length] == '\0')
            return cs_fail(err, "--also: %s: the last setting must be dir=", text);
        snprintf(word, sizeof word, "%.*s", (int)(length < WORD_SIZE ? length : WORD_SIZE), text);
        char *value = strchr(word, '=');
        if (value)
            *value++ = '\0';
        if (!value || length >= WORD_SIZE || read_setting(word, value, product))
            return cs_fail(err, "--also: %.*s will not do", (int)(length < WORD_SIZE ? length : WORD_SIZE), text);
        text += length + 1;
    }
    product->dir = text + 4;
    return product->dir[0] ? 0 : cs_fail(err, "--also: dir= without a folder");
}

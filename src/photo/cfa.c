#include "photo/photo.h"

#include <string.h>

void hp_cfa_name(const hp_cfa *cfa, char *out, size_t size)
{
    size_t length = (size_t)cfa->width * cfa->height;
    out[0] = 0;
    if (length < 2 || length >= size)
        return;
    memcpy(out, cfa->colour, length);
    out[length] = 0;
}

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

/* detect/maps.h: tables of phases have a length that these divide. */
static bool is_period(unsigned px)
{
    return px >= 1 && px <= HP_CFA_MOST && px != 5;
}

bool hp_cfa_has_period(const hp_cfa *cfa)
{
    return is_period(cfa->width) && is_period(cfa->height);
}

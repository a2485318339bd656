#include "cfa.h"

#include <stddef.h>
#include <string.h>

enum { R = CS_RED, G = CS_GREEN, B = CS_BLUE };

static const cs_cfa ARRAYS[] = {
    {"RGGB", 2, {{R, G}, {G, B}}},
    {"BGGR", 2, {{B, G}, {G, R}}},
    {"GRBG", 2, {{G, R}, {B, G}}},
    {"GBRG", 2, {{G, B}, {R, G}}},
    {"MONO", 1, {{CS_GREY}}},
    {"XTRANS",
     6,
     {{G, B, G, G, R, G},
      {R, G, R, B, G, B},
      {G, B, G, G, R, G},
      {G, R, G, G, B, G},
      {B, G, B, R, G, R},
      {G, R, G, G, B, G}}},
};

const cs_cfa *cs_cfa_find(const char *name)
{
    for (size_t i = 0; i < sizeof ARRAYS / sizeof ARRAYS[0]; i++)
        if (strcmp(ARRAYS[i].name, name) == 0)
            return &ARRAYS[i];
    return NULL;
}

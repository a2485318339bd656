#include "failing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_IN_TURN = 200 };

static size_t asked;   /* allocations since the attempt began */
static size_t refused; /* the one that fails, from 1 on; 0: none */

bool hp_fuzz_refuses_memory(void);

bool hp_fuzz_refuses_memory(void)
{
    return ++asked == refused;
}

void fuzz_wrong(const char *what)
{
    fprintf(stderr, "does not hold: %s\n", what);
    abort();
}

const hp_format *fuzz_format(const char *name)
{
    for (size_t i = 0; hp_formats[i]; i++)
        if (strcmp(hp_formats[i]->name, name) == 0)
            return hp_formats[i];
    fuzz_wrong("a format of this name");
    return NULL;
}

static void starve(fuzz_try *attempt, const uint8_t *data, size_t size, size_t which)
{
    asked = 0;
    refused = which;
    (void)attempt(data, size, true);
    refused = 0;
}

void fuzz_with_failing_memory(fuzz_try *attempt, const uint8_t *data, size_t size)
{
    asked = refused = 0;
    bool accepted = attempt(data, size, false);
    if (!accepted && getenv("FUZZ_ACCEPTED"))
        fuzz_wrong("a seed is accepted");
    size_t count = asked, last = count < MOST_IN_TURN ? count : MOST_IN_TURN;
    if (count == 0)
        return;
    if (getenv("FUZZ_EVERY_ALLOCATION")) {
        for (size_t which = 1; which <= last; which++)
            starve(attempt, data, size, which);
        return;
    }
    size_t sum = 0;
    for (size_t i = 0; i < size; i++)
        sum = sum * 31 + data[i];
    starve(attempt, data, size, sum % count + 1);
}

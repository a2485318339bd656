/* camsim: photos of a simulated camera with known bad pixels, the ground truth for tests of hotpix.
 * The sensor model is that of docs/method.md. */
#include "options.h"
#include "series.h"

#include <stdio.h>

int main(int argc, char **argv)
{
    cs_options options;
    cs_error err;
    switch (cs_options_read(&options, argc, argv, &err)) {
    case CS_WISH_HELP:
        return fputs(cs_options_help, stdout) == EOF || fflush(stdout) ? 1 : 0;
    case CS_WISH_WRONG:
        fprintf(stderr, "camsim: %s\nTry camsim --help.\n", err.text);
        return 2;
    case CS_WISH_RUN:
        break;
    }
    if (cs_series_take(&options, &err)) {
        fprintf(stderr, "camsim: %s\n", err.text);
        return 1;
    }
    return 0;
}

/* The public header compiles alone, and without any definition of the caller's. */
#undef _POSIX_C_SOURCE
#include "hotpix.h"

int main(void)
{
    hp_scan_options options = hp_scan_defaults();
    return options.similar == HP_SIMILAR_AUTO ? 0 : 1;
}

/* Prints the targets that there must be: one a photo format, one a kind of photo that is repaired, one a kind of list,
 * and the others. */
#include "defects/list_format.h"
#include "photo/format.h"
#include "repair/repair.h"

#include <ctype.h>
#include <stdio.h>

int main(void)
{
    for (size_t i = 0; hp_formats[i]; i++) {
        fputs("photo_", stdout);
        for (const char *c = hp_formats[i]->name; *c; c++)
            putchar(tolower((unsigned char)*c));
        putchar('\n');
    }
    for (size_t i = 0; hp_list_formats[i]; i++)
        printf("list_%s\n", hp_list_formats[i]->name);
    for (int source = HP_SOURCE_UNKNOWN; source <= HP_SOURCE_HEIC; source++)
        if (hp_repairs((hp_source)source))
            printf("repair_%s\n", hp_source_name((hp_source)source));
    puts("state\noptions");
    return 0;
}

/* Style and script of the report, as src/report/embed.py puts them into the program. */
#ifndef HP_REPORT_ASSETS_H
#define HP_REPORT_ASSETS_H

#include <stddef.h>

typedef struct hp_asset {
    const unsigned char *text; /* as it stands between its tags */
    size_t size;
    const char *hash; /* "sha256-...", as a Content-Security-Policy names it */
} hp_asset;

extern const hp_asset hp_report_style, hp_report_script;

#endif

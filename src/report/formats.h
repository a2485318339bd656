/* The table of reports and maps: written as lists are, never read. A new one is a file, and a line in targets.c. */
#ifndef HP_REPORT_FORMATS_H
#define HP_REPORT_FORMATS_H

#include "defects/list_format.h"

extern const hp_list_format hp_report_html, hp_report_svg, hp_report_map;

#endif

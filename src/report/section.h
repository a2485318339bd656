/* The parts of a camera's section of the report, in their order on the page. */
#ifndef HP_REPORT_SECTION_H
#define HP_REPORT_SECTION_H

#include "hotpix.h"

#include <stdio.h>

enum { HP_SAVED_NAME = 128 };

/* One camera's section in the making. */
typedef struct hp_section {
    FILE *stream;
    const hp_list *list;
    const hp_result *result;
    size_t number;      /* of the camera */
    char prefix[24];    /* of the names of its elements: "c0" */
    const bool *marked; /* those of the defects that are shown */
    bool has_times;     /* the table has a column for them */
} hp_section;

/* "NIKON D80", and what no camera is called. */
void hp_section_camera_name(FILE *stream, const hp_camera *camera);

/* What was found, in words: camera, photos, counts, how far to trust them, what was left out. */
void hp_section_summary(const hp_section *section);

/* What to do with it: the commands, with the names of this run. */
void hp_section_next(const hp_section *section);

/* What lists are called that are saved from the page, without an ending. */
void hp_section_saved_name(const hp_section *section, char name[HP_SAVED_NAME]);

/* Every defect with its crops. Fails with HP_E_MEMORY. */
int hp_section_table(const hp_section *section, hp_error *err);

/* One defect's cell of the column for times: its strip where there is a history, and in words since when it is bad. */
void hp_section_timeline(const hp_section *section, size_t defect);

/* Folded: histogram of scores, thresholds, the article's ranking; nothing where there is no evidence. */
void hp_section_scores(const hp_section *section);

#endif

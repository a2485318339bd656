/* What lists in lines of text share: lines and their comments, numbers, and the heading that hotpix writes. */
#ifndef HP_DEFECTS_TEXT_H
#define HP_DEFECTS_TEXT_H

#include "defects/reading.h"

#include <stdio.h>

/* ---- numbers: each moves *at behind what it read, and is false, *at anywhere, where there is no such thing ---- */

/* A whole number after blanks, with a sign or none. False beyond the bounds, however long it is. */
bool hp_read_number(const char **at, int64_t least, int64_t most, int64_t *value);

/* A whole number from 0 to HP_SIDE_MOST. */
bool hp_read_place(const char **at, uint32_t *value);

/* As 12, -0.5 or 1e-09, to 15 digits; the point is a point in every locale. */
bool hp_read_decimal(const char **at, double *value);

/* This character, after blanks. */
bool hp_read_mark(const char **at, char mark);

/* Whether only blanks are left. */
bool hp_read_end(const char *at);

/* ---- lines ---- */

/*
 * Takes one line: text without its comment, not blank. comment: what stands behind its '#', "" where there is none.
 * The message does not name the line.
 */
typedef int hp_line_reader(const char *text, const char *comment, hp_list_maker *maker, hp_error *err);

/*
 * Hands every line to `line`. Comments that have a line for themselves may tell the camera, as hp_heading_write does.
 * HP_E_INPUT, naming the line, where it is no text or longer than 1023 bytes.
 */
int hp_text_parse(hp_bytes file, hp_line_reader *line, hp_list_maker *maker, hp_error *err);

/* From a program's coordinates to those of the list, whose camera is complete. */
typedef int hp_list_placer(hp_list *list, hp_error *err);

/*
 * hp_text_parse, hp_reading_settle, `place` where it is not NULL, hp_reading_add: the whole reader of a list whose
 * lines say all.
 */
int hp_text_read(hp_reading *reading, hp_line_reader *line, hp_source usual, hp_list_placer *place, hp_error *err);

/* ---- what hotpix says in comments ---- */

/* "# bad pixels for FORMAT, by hotpix" and the camera, in lines of "# " below 128 bytes. */
void hp_heading_write(FILE *stream, const char *format, const hp_camera *camera);

/* The lines that name the camera alone. */
void hp_heading_write_camera(FILE *stream, const hp_camera *camera);

/* Whether a file begins as hp_heading_write begins it for this format. */
bool hp_heading_names(hp_bytes file, const char *format);

/* One line of a heading into the camera, where it is one; text is behind the "# ". */
void hp_heading_read(const char *text, hp_camera *camera);

/* " # hot, certain" and the time that it is bad; and back again, what other comments say is ignored. */
void hp_comment_write(FILE *stream, const hp_defect *defect);
void hp_comment_read(const char *comment, hp_defect *defect);

#endif

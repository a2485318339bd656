/* Camera clock: seconds since 1970-01-01T00:00:00 in the camera's own time, no zones. */
#ifndef CAMSIM_DATES_H
#define CAMSIM_DATES_H

#include <stdint.h>

enum { CS_DATE_SIZE = 20 };

/* Reads "2024-05-01T10:00:00" (or with a blank for the T); returns 0, or -1 when it is no date. */
int cs_date_read(const char *text, int64_t *time_s);
/* Writes "2024-05-01T10:00:00". */
void cs_date_write(int64_t time_s, char text[CS_DATE_SIZE]);
/* Writes "2024:05:01 10:00:00", as EXIF wants it. */
void cs_date_write_exif(int64_t time_s, char text[CS_DATE_SIZE]);

#endif

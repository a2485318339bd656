#include "dates.h"

#include <stdio.h>

static const int64_t DAY_S = 86400;

static int is_leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int month_days(int year, int month)
{
    static const int days[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return days[month - 1] + (month == 2 && is_leap(year));
}

int cs_date_read(const char *text, int64_t *time_s)
{
    int year, month, day, hour, minute, second, used = 0;
    char between;
    if (sscanf(text, "%4d-%2d-%2d%c%2d:%2d:%2d%n", &year, &month, &day, &between, &hour, &minute, &second, &used) !=
            7 ||
        text[used] != '\0' || (between != 'T' && between != ' '))
        return -1;
    if (year < 1970 || month < 1 || month > 12 || day < 1 || day > month_days(year, month) || hour < 0 || hour > 23 ||
        minute < 0 || minute > 59 || second < 0 || second > 59)
        return -1;
    int64_t days = day - 1;
    for (int y = 1970; y < year; y++)
        days += 365 + is_leap(y);
    for (int m = 1; m < month; m++)
        days += month_days(year, m);
    *time_s = days * DAY_S + hour * 3600 + minute * 60 + second;
    return 0;
}

static void write_as(int64_t time_s, const char *format, char text[CS_DATE_SIZE])
{
    int64_t days = time_s / DAY_S;
    int rest = (int)(time_s % DAY_S), year = 1970, month = 1;
    for (; days >= 365 + is_leap(year); year++)
        days -= 365 + is_leap(year);
    for (; days >= month_days(year, month); month++)
        days -= month_days(year, month);
    char wide[96];
    snprintf(wide, sizeof wide, format, year, month, (int)days + 1, rest / 3600, rest / 60 % 60, rest % 60);
    snprintf(text, CS_DATE_SIZE, "%.19s", wide);
}

void cs_date_write(int64_t time_s, char text[CS_DATE_SIZE])
{
    write_as(time_s, "%04d-%02d-%02dT%02d:%02d:%02d", text);
}

void cs_date_write_exif(int64_t time_s, char text[CS_DATE_SIZE])
{
    write_as(time_s, "%04d:%02d:%02d %02d:%02d:%02d", text);
}

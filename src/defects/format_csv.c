/* CSV by RFC 4180 (with LF): a header, then a line for each defect, its camera first. */
#include "defects/list_format.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

static void write_text(FILE *stream, const char *text)
{
    char shown[4 * sizeof((hp_camera *)0)->make];
    hp_printable(text, shown, sizeof shown);
    if (!strpbrk(shown, ",\"")) {
        fputs(shown, stream);
        return;
    }
    fputc('"', stream);
    for (const char *c = shown; *c; c++) {
        if (*c == '"')
            fputc('"', stream);
        fputc(*c, stream);
    }
    fputc('"', stream);
}

/* Not by %f: its point is a comma in some locales, which the library neither knows nor sets. */
static void write_number(FILE *stream, double value, int decimals)
{
    if (!isfinite(value) || fabs(value) > 1e12)
        return;
    long long scale = decimals == 3 ? 1000 : 100;
    long long scaled = llround(value * (double)scale);
    long long size = scaled < 0 ? -scaled : scaled;
    fprintf(stream, "%s%lld.%0*lld", scaled < 0 ? "-" : "", size / scale, decimals, size % scale);
}

static void write_defect(FILE *stream, const hp_camera *camera, const hp_defect *defect)
{
    const char *const texts[] = {camera->make, camera->model, camera->serial};
    for (size_t i = 0; i < 3; i++) {
        write_text(stream, texts[i]);
        fputc(',', stream);
    }
    fprintf(stream, "%" PRIu32 ",%" PRIu32 ",%s,%s,", defect->x, defect->y, hp_kind_name(defect->kind),
            hp_grade_name(defect->grade));
    write_number(stream, defect->score, 3);
    fputc(',', stream);
    write_number(stream, defect->mean, 2);
    fputc(',', stream);
    write_number(stream, defect->deviation, 2);
    fprintf(stream, ",%" PRIu32 ",%" PRIu32 ",%" PRIu32 ",%" PRIu32 "\n", defect->box.x, defect->box.y,
            defect->box.width, defect->box.height);
}

int hp_write_csv(FILE *stream, const hp_result *result, hp_error *err)
{
    (void)err;
    fputs("make,model,serial,x,y,kind,grade,score,mean,deviation,box_x,box_y,box_width,box_height\n", stream);
    for (size_t i = 0; i < result->list_count; i++)
        for (size_t k = 0; k < result->lists[i].defect_count; k++)
            write_defect(stream, &result->lists[i].camera, &result->lists[i].defects[k]);
    return HP_OK;
}

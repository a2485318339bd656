#include "base/text.h"
#include "defects/list.h"
#include "defects/reading.h"
#include "report/map.h"
#include "report/markup.h"
#include "report/section.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

enum {
    SKIPPED_SHOWN = 300, /* photos that are named; the JSON names all */
    DAY_S = 86400,
    FEW_DARKER = 20, /* one defect of so many may be darker without a remark */
};

static const char *const meanings[HP_KINDS] = {
    [HP_HOT] = "brighter than they should be",
    [HP_STUCK] = "one value, whatever the light",
    [HP_DEAD] = "black, whatever the light",
    [HP_WEAK] = "darker than they should be",
};

static const char *source_text(hp_source source)
{
    static const char *const texts[] = {
        [HP_SOURCE_UNKNOWN] = "", [HP_SOURCE_JPEG] = "JPEG", [HP_SOURCE_RAW] = "RAW",  [HP_SOURCE_TIFF] = "TIFF",
        [HP_SOURCE_PNG] = "PNG",  [HP_SOURCE_FITS] = "FITS", [HP_SOURCE_HEIC] = "HEIC"};
    return texts[source];
}

void hp_section_camera_name(FILE *stream, const hp_camera *camera)
{
    char name[HP_NAME_BYTES];
    hp_camera_name(camera, name);
    hp_markup_text(stream, name[0] ? name : "A camera without a name");
}

static void write_facts(FILE *stream, const hp_camera *camera)
{
    fputs("<p class=\"facts\">", stream);
    if (camera->serial[0]) {
        fputs("<span>Serial number ", stream);
        hp_markup_text(stream, camera->serial);
        fputs("</span> ", stream);
    }
    fprintf(stream, "<span>%" PRIu32 " × %" PRIu32 " pixels</span> ", camera->width, camera->height);
    if (camera->source) {
        fprintf(stream, "<span>%s%s", source_text(camera->source), camera->cfa[0] ? ", mosaic " : "");
        hp_markup_text(stream, strlen(camera->cfa) > 4 ? "of 6 × 6" : camera->cfa);
        fputs("</span> ", stream);
    }
    if (camera->bits)
        fprintf(stream, "<span>%u bits</span>", camera->bits);
    fputs("</p>\n", stream);
}

/* "Found in 39 photos taken from 2014-02-22 to 2015-03-10." */
static void write_photos(FILE *stream, const hp_list *list)
{
    const hp_evidence *e = list->evidence;
    if (!list->photos_used)
        return;
    fputs(list->defect_count ? "Found in " : "Looked for in ", stream);
    hp_markup_count(stream, list->photos_used, "photo");
    if (e && e->first_s && e->last_s) {
        bool one_day = e->first_s / DAY_S == e->last_s / DAY_S;
        fputs(one_day ? ", taken on " : ", taken from ", stream);
        hp_markup_day(stream, e->first_s);
        if (!one_day) {
            fputs(" to ", stream);
            hp_markup_day(stream, e->last_s);
        }
    }
    fputs(". ", stream);
}

static void write_lede(FILE *stream, const hp_list *list)
{
    uint64_t pixels = (uint64_t)list->camera.width * list->camera.height;
    size_t certain = 0;
    for (size_t i = 0; i < list->defect_count; i++)
        certain += list->defects[i].grade == HP_CERTAIN;
    fputs("<p class=\"lede\"><strong>", stream);
    if (list->defect_count)
        hp_markup_count(stream, list->defect_count, "bad pixel");
    else
        fputs("No bad pixels", stream);
    fputs("</strong> among ", stream);
    if (pixels >= 1000000) {
        hp_markup_number(stream, (double)pixels / 1e6, 1);
        fputs(" million. ", stream);
    } else {
        hp_markup_integer(stream, pixels);
        fputs(". ", stream);
    }
    write_photos(stream, list);
    if (list->defect_count)
        fprintf(stream, "<span class=\"grades\"><b>%zu</b> %s certain, <b>%zu</b> probable.</span>", certain,
                certain == 1 ? "is" : "are", list->defect_count - certain);
    fputs("</p>\n", stream);
}

static void write_kinds(FILE *stream, const hp_list *list)
{
    size_t counts[HP_KINDS] = {0};
    for (size_t i = 0; i < list->defect_count; i++)
        counts[list->defects[i].kind]++;
    fputs("<ul class=\"kinds\">\n", stream);
    for (int kind = 0; kind < HP_KINDS; kind++) {
        fprintf(stream, "<li%s><svg class=\"key\" viewBox=\"-1.8 -1.8 3.6 3.6\" aria-hidden=\"true\">",
                counts[kind] ? "" : " class=\"none\"");
        hp_map_draw_sign(stream, (hp_kind)kind, HP_CERTAIN);
        fprintf(stream, "</svg> <b>%zu</b> <span class=\"name\">%s</span> <span class=\"meaning\">%s</span></li>\n",
                counts[kind], hp_kind_name((hp_kind)kind), meanings[kind]);
    }
    fputs("</ul>\n", stream);
}

static void write_grades(FILE *stream, const hp_list *list)
{
    if (list->defect_count)
        fputs("<li><em>Certain</em> ones stand out far more than good pixels can, <em>probable</em> ones just more: "
              "compare their two pictures.</li>\n",
              stream);
}

/* All that are listed are as strong as the weakest one, or stronger. */
static void write_false_alarms(FILE *stream, const hp_list *list)
{
    double most = 0;
    for (size_t i = 0; i < list->defect_count; i++)
        most = fmax(most, list->defects[i].expected_false);
    if (!(most > 0))
        return;
    fputs("<li>False alarms to be expected in the whole list by chance: ", stream);
    fputs(most < 0.1 ? "fewer than " : "about ", stream);
    hp_markup_number(stream, fmax(most, 0.1), 1);
    fputs(".</li>\n", stream);
}

static void write_negative(FILE *stream, const hp_list *list)
{
    size_t count = list->negative_count, all = list->defect_count;
    if (!all)
        return;
    if (!count) {
        fputs("<li class=\"good\">None is darker than its surroundings. False alarms would fall on both sides alike: "
              "this is a good sign.</li>\n",
              stream);
        return;
    }
    bool agree = list->checks.kept_share >= HP_KEPT_WELL;
    fputs(count * FEW_DARKER > all && !agree ? "<li class=\"care\">" : "<li>", stream);
    hp_markup_integer(stream, count);
    fputs(count == 1 ? " is darker than its surroundings." : " are darker than their surroundings.", stream);
    fputs(" Most sensors have no such pixels: look at them first, and at the faintest of the others.</li>\n", stream);
}

static void write_photo_trust(FILE *stream, const hp_list *list)
{
    const hp_evidence *e = list->evidence;
    if (list->photos_used && list->photos_used < HP_PHOTOS_GOOD)
        fprintf(stream, "<li>More photos find fainter pixels: %d different ones show most of what there is.</li>\n",
                HP_PHOTOS_GOOD);
    if (e && e->effective_share < 0.75) {
        fputs("<li class=\"care\">Many photos show the same scene: they count as ", stream);
        hp_markup_number(stream, e->effective_share * (double)list->photos_used, 0);
        fputs(" different ones, and details of that scene may pass for bad pixels.</li>\n", stream);
    }
}

/* What the pixels tell of themselves: docs/method.md, 4. A bad answer is among the warnings. */
static void write_checks(FILE *stream, const hp_checks *checks)
{
    if (checks->kept_share >= HP_KEPT_WELL) {
        fputs("<li class=\"good\">Found in one half of the photos, they keep ", stream);
        hp_markup_number(stream, 100 * checks->kept_share, 0);
        fputs(" % of their strength in the other half: real ones keep most, false ones nothing.</li>\n", stream);
    }
    if (checks->pixels >= HP_PIXELS_MANY && checks->phase_share >= 0.5) {
        fputs("<li class=\"good\">", stream);
        hp_markup_number(stream, 100 * checks->phase_share, 0);
        fputs(" % lie under one colour of the sensor, where 25 % would by chance: the mark of real pixels.</li>\n",
              stream);
    }
}

static void write_trust(FILE *stream, const hp_list *list)
{
    if (!list->photos_used && !list->warning_count)
        return;
    fputs("<div class=\"trust\"><h3>How sure is this?</h3>\n<ul>\n", stream);
    for (size_t i = 0; i < list->warning_count; i++) {
        fputs("<li class=\"care\">", stream);
        hp_markup_text(stream, list->warnings[i]);
        fputs(".</li>\n", stream);
    }
    write_grades(stream, list);
    write_false_alarms(stream, list);
    write_negative(stream, list);
    write_checks(stream, &list->checks);
    write_photo_trust(stream, list);
    fputs("</ul></div>\n", stream);
}

static void write_dust(FILE *stream, const hp_list *list)
{
    if (!list->dust_count)
        return;
    fputs("<details class=\"skipped\"><summary>", stream);
    hp_markup_count(stream, list->dust_count, "soft dark spot");
    fputs(list->dust_count == 1 ? ", dust on the sensor, is no bad pixel</summary>\n<dl>\n"
                                : ", dust on the sensor, are no bad pixels</summary>\n<dl>\n",
          stream);
    for (size_t i = 0; i < list->dust_count && i < SKIPPED_SHOWN; i++) {
        const hp_dust *d = &list->dust[i];
        fprintf(stream, "<div><dt>x %" PRIu32 ", y %" PRIu32 "</dt><dd>%" PRIu32 " px wide, ", d->x, d->y, d->diameter);
        hp_markup_signed(stream, d->mean, 1);
        fputs(" DN</dd></div>\n", stream);
    }
    fputs("</dl></details>\n", stream);
}

static void write_skipped(FILE *stream, const hp_skipped *skipped, size_t count, const char *what)
{
    size_t faults = 0;
    if (!count)
        return;
    for (size_t i = 0; i < count; i++)
        faults += !skipped[i].harmless;
    fputs("<details class=\"skipped\"><summary>", stream);
    hp_markup_count(stream, count, what);
    fputs(count == 1 ? " was not counted" : " were not counted", stream);
    if (faults && faults < count) {
        fputs(", ", stream);
        hp_markup_integer(stream, faults);
        fputs(" for a fault", stream);
    } else {
        fputs(faults ? " for a fault" : " on purpose", stream);
    }
    fputs("</summary>\n<dl>\n", stream);
    for (size_t i = 0; i < count && i < SKIPPED_SHOWN; i++) {
        fputs("<div><dt>", stream);
        hp_markup_text(stream, skipped[i].path);
        fputs("</dt><dd>", stream);
        hp_markup_text(stream, skipped[i].reason);
        fputs("</dd></div>\n", stream);
    }
    fputs("</dl>\n", stream);
    if (count > SKIPPED_SHOWN) {
        fputs("<p>and ", stream);
        hp_markup_integer(stream, count - SKIPPED_SHOWN);
        fputs(" more; the list as JSON names each.</p>\n", stream);
    }
    fputs("</details>\n", stream);
}

void hp_section_summary(const hp_section *section)
{
    FILE *stream = section->stream;
    const hp_list *list = section->list;
    fprintf(stream, "<header class=\"summary\">\n<h2 id=\"%s-name\">", section->prefix);
    hp_section_camera_name(stream, &list->camera);
    fputs("</h2>\n", stream);
    write_facts(stream, &list->camera);
    write_lede(stream, list);
    write_kinds(stream, list);
    write_trust(stream, list);
    hp_section_next(section);
    write_dust(stream, list);
    write_skipped(stream, list->skipped, list->skipped_count, "photo");
    if (section->number == 0)
        write_skipped(stream, section->result->skipped, section->result->skipped_count, "file");
    fputs("</header>\n", stream);
}

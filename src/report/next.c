/* What to do with the result: commands to copy, with the names of this run where they are known. */
#include "base/text.h"
#include "report/markup.h"
#include "report/section.h"

#include <limits.h>
#include <string.h>

enum { SAVED_MODEL_MOST = 60, FEW_PHOTOS = 5 };

/* ---- names ---- */

/* As a browser's user finds it again: runs of what is not plain in a file's name become "-". */
void hp_section_saved_name(const hp_section *section, char name[HP_SAVED_NAME])
{
    const char *model = section->list->camera.model;
    char kept[SAVED_MODEL_MOST + 1];
    size_t length = 0;
    for (model = model[0] ? model : "camera"; *model && length < SAVED_MODEL_MOST; model++) {
        bool plain = hp_is_plain(*model) || strchr("._-", *model);
        if (plain || length == 0 || kept[length - 1] != '-')
            kept[length++] = plain ? *model : '-';
    }
    kept[length] = 0;
    if (section->result->list_count > 1)
        snprintf(name, HP_SAVED_NAME, "badpixels-%s-%zu", kept, section->number + 1);
    else
        snprintf(name, HP_SAVED_NAME, "badpixels-%s", kept);
}

/* What a page does not show as it is cannot be copied from it. */
static bool is_shown_as_it_is(const char *text)
{
    char shown[PATH_MAX];
    size_t length = strlen(text);
    return length > 0 && 4 * length < sizeof shown && strcmp(hp_printable(text, shown, sizeof shown), text) == 0;
}

static bool is_plain_word(const char *text)
{
    for (; *text; text++)
        if (!hp_is_plain(*text) && !strchr("._/+:@%,=-", *text))
            return false;
    return true;
}

/* One word of a shell's command, by the rules of POSIX; `otherwise` stands where it is for the reader to fill in. */
static void write_word(FILE *stream, const char *text, const char *otherwise)
{
    char word[PATH_MAX + 8];
    size_t length = 0;
    if (!text || !is_shown_as_it_is(text)) {
        fprintf(stream, "<i>%s</i>", otherwise);
        return;
    }
    fputs(text[0] == '-' ? "./" : "", stream);
    if (is_plain_word(text)) {
        hp_markup_text(stream, text);
        return;
    }
    word[length++] = '\'';
    for (; *text; text++) {
        memcpy(word + length, *text == '\'' ? "'\\''" : text, *text == '\'' ? 4 : 1);
        length += *text == '\'' ? 4 : 1;
    }
    word[length++] = '\'';
    word[length] = 0;
    hp_markup_text(stream, word);
}

static void write_list_name(const hp_section *s)
{
    char saved[HP_SAVED_NAME], file[HP_SAVED_NAME + 8];
    hp_section_saved_name(s, saved);
    snprintf(file, sizeof file, "%s.json", saved);
    write_word(s->stream, s->result->list_file ? s->result->list_file : file, "LIST");
}

/* ---- steps ---- */

static void write_looking(const hp_section *s)
{
    if (s->list->photos_used && s->list->photos_used < FEW_PHOTOS)
        fputs(
            "<li><b>Scan more photos first</b>, of different scenes, if you have them: from so few, details of a scene "
            "may pass for bad pixels.</li>\n",
            s->stream);
    size_t probable = 0;
    for (size_t i = 0; i < s->list->defect_count; i++)
        probable += s->list->defects[i].grade == HP_PROBABLE;
    fprintf(s->stream, "<li><b>Look.</b> <a href=\"#%s-pixels\">Each is shown below</a>: reject what is no bad pixel",
            s->prefix);
    if (probable)
        fprintf(s->stream, ", the probable one%s first", probable > 1 ? "s" : "");
    fputs(".</li>\n", s->stream);
}

static void write_keeping(const hp_section *s)
{
    fputs("<li><b>Keep the list.</b> ", s->stream);
    if (s->result->list_file) {
        fputs("<code>", s->stream);
        write_list_name(s);
        fprintf(s->stream,
                "</code> has them all. If you rejected some, press <a href=\"#%s-pixels\">Save the list</a> "
                "and name that file in what follows.",
                s->prefix);
    } else {
        fprintf(s->stream, "Press <a href=\"#%s-pixels\">Save the list</a>: it becomes <code>", s->prefix);
        write_list_name(s);
        fputs("</code> where your browser keeps what it saves.", s->stream);
    }
    fputs("</li>\n", s->stream);
}

static void write_fix(const hp_section *s, const char *title, const char *remark)
{
    const hp_evidence *e = s->list->evidence;
    fprintf(s->stream, "<li><b>%s</b> %s\n<pre><code>hotpix fix -d ", title, remark);
    write_list_name(s);
    fputs(" -o repaired ", s->stream);
    write_word(s->stream, e ? e->folder : NULL, "FOLDER");
    fputs("</code></pre></li>\n", s->stream);
}

/* Remark and target are markup. */
static void write_convert(const hp_section *s, const char *remark, const char *target)
{
    fprintf(s->stream, "<p>%s</p><pre><code>hotpix convert ", remark);
    write_list_name(s);
    fprintf(s->stream, " -o %s</code></pre>\n", target);
}

static void write_for_raws(const hp_section *s)
{
    fputs("<li><b>Give the list to your raw converter</b>, which then repairs as it develops.\n", s->stream);
    write_convert(s, "RawTherapee; <i>FOLDER</i> is the one in its Preferences, Image Processing, Dark-Frame:",
                  "rawtherapee:<i>FOLDER</i>");
    write_convert(s, "dcraw and LibRaw, with <code>-P bad.badpixels</code>:", "bad.badpixels");
    fputs("</li>\n", s->stream);
    write_fix(s, "Or repair DNGs.",
              "Copies go to the folder <code>repaired</code>, your photos stay as they are. Other raws cannot be "
              "written.");
}

static void write_by_source(const hp_section *s)
{
    static const char copies[] =
        "Repaired copies go to the folder <code>repaired</code>, your photos stay as they are.";
    switch (s->list->camera.source) {
    case HP_SOURCE_RAW:
        write_for_raws(s);
        break;
    case HP_SOURCE_HEIC:
        fputs("<li><b>HEIC photos cannot be repaired</b> by hotpix. If the camera can write raws or JPEGs, scan "
              "these.</li>\n",
              s->stream);
        break;
    case HP_SOURCE_FITS:
        write_fix(s, "Repair the photos.", copies);
        fputs("<li><b>Or give the list to Siril.</b>\n", s->stream);
        write_convert(s, "It is read there by <code>cosme bad.lst</code>:", "bad.lst");
        fputs("</li>\n", s->stream);
        break;
    case HP_SOURCE_JPEG:
        write_fix(s, "Repair the photos.", copies);
        fputs("<li><b>Raws of this camera?</b> Scan them, too: their frame may be another, and this list is for its "
              "JPEGs.</li>\n",
              s->stream);
        break;
    default:
        write_fix(s, "Repair the photos.", copies);
    }
}

static void write_nothing_found(const hp_section *s)
{
    bool doubtful = s->list->photos_used < FEW_PHOTOS || s->list->warning_count;
    fputs(doubtful ? "<p>Scan more photos, of different scenes, before you take it that there are none.</p>\n"
                   : "<p>Nothing: there is no bad pixel to repair.</p>\n",
          s->stream);
}

void hp_section_next(const hp_section *section)
{
    FILE *stream = section->stream;
    fputs("<div class=\"next\"><h3>What to do now</h3>\n", stream);
    if (section->list->defect_count) {
        fputs("<ol>\n", stream);
        write_looking(section);
        write_keeping(section);
        write_by_source(section);
        fputs("</ol>\n<p class=\"note\">Commands are for a terminal, in the folder that hotpix was started in.</p>\n",
              stream);
    } else {
        write_nothing_found(section);
    }
    fputs("</div>\n", stream);
}

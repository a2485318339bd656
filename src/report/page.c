/*
 * One HTML file that needs nothing else and asks for nothing: style, script and pictures stand in it, and its own
 * policy forbids the browser to load anything. All is readable without the script, which adds sorting, zoom and saving.
 */
#include "base/error.h"
#include "defects/raw_name.h"
#include "report/assets.h"
#include "report/formats.h"
#include "report/map.h"
#include "report/markup.h"
#include "report/section.h"

#include <inttypes.h>
#include <stdlib.h>

/* ---- the list as data ---- */

/* JSON as hotpix writes it, without the blanks between its parts, which the script puts in again; '<' would end it. */
static void write_compact(FILE *stream, const char *json, size_t size)
{
    bool text = false;
    for (size_t i = 0; i < size; i++) {
        char c = json[i];
        if (text && c == '\\') {
            fputc(c, stream);
            c = json[++i];
        } else if (c == '"') {
            text = !text;
        }
        if (c == '<')
            fputs("\\u003c", stream);
        else if (text || (c != ' ' && c != '\n'))
            fputc(c, stream);
    }
}

static int write_data(FILE *stream, const hp_result *result, hp_error *err)
{
    char *json = NULL;
    size_t size = 0;
    FILE *memory = open_memstream(&json, &size);
    if (!memory)
        return hp_fail(err, HP_E_MEMORY, "no memory for the list in the report");
    const hp_writing writing = {.stream = memory, .result = result};
    int code = hp_list_json.write(&writing, err);
    if (fclose(memory) && !code)
        code = hp_fail(err, HP_E_MEMORY, "no memory for the list in the report");
    if (!code) {
        fputs("<script type=\"application/json\" id=\"data\">", stream);
        write_compact(stream, json, size);
        fputs("</script>\n", stream);
    }
    free(json);
    return code;
}

/* ---- head ---- */

static void write_asset(FILE *stream, const char *element, const hp_asset *asset)
{
    fprintf(stream, "<%s>", element);
    fwrite(asset->text, 1, asset->size, stream);
    fprintf(stream, "</%s>\n", element);
}

static void write_title(FILE *stream, const hp_result *result)
{
    fputs("<title>Bad pixels of ", stream);
    if (result->list_count == 1)
        hp_section_camera_name(stream, &result->lists[0].camera);
    else
        hp_markup_count(stream, result->list_count, "camera");
    fputs("</title>\n", stream);
}

static void write_head(FILE *stream, const hp_result *result)
{
    fprintf(stream,
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; style-src '%s'; "
            "script-src '%s'; base-uri 'none'; form-action 'none'\">\n"
            "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
            "<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"referrer\" content=\"no-referrer\">\n"
            "<meta name=\"generator\" content=\"hotpix " HP_VERSION "\">\n<link rel=\"icon\" href=\"data:,\">\n",
            hp_report_style.hash, hp_report_script.hash);
    write_title(stream, result);
    write_asset(stream, "style", &hp_report_style);
    fputs("</head>\n", stream);
}

/* ---- body ---- */

/* The signs that the table's rows show. */
static void define_keys(FILE *stream)
{
    fputs("<svg class=\"sheets\" width=\"0\" height=\"0\" aria-hidden=\"true\"><defs>", stream);
    for (int kind = 0; kind < HP_KINDS; kind++) {
        fprintf(stream, "<g id=\"k-%s\">", hp_kind_name((hp_kind)kind));
        hp_map_draw_sign(stream, (hp_kind)kind, HP_CERTAIN);
        fputs("</g>", stream);
    }
    fputs("</defs></svg>\n", stream);
}

static void write_contents(FILE *stream, const hp_result *result)
{
    if (result->list_count < 2)
        return;
    fputs("<nav class=\"cameras\" aria-label=\"Cameras\"><ul>\n", stream);
    for (size_t i = 0; i < result->list_count; i++) {
        const hp_list *list = &result->lists[i];
        fprintf(stream, "<li><a href=\"#c%zu\">", i);
        hp_section_camera_name(stream, &list->camera);
        fprintf(stream, "</a> <span>%s, ", hp_source_name(list->camera.source));
        hp_markup_count(stream, list->defect_count, "bad pixel");
        fputs("</span></li>\n", stream);
    }
    fputs("</ul></nav>\n", stream);
}

/* The sensor with every defect. */
static int draw_map(const hp_section *s, hp_error *err)
{
    const hp_camera *camera = &s->list->camera;
    if (!s->list->defect_count && !s->list->evidence)
        return HP_OK;
    fprintf(
        s->stream,
        "<div class=\"sensor\"><figure class=\"map\"><div class=\"tools\"></div>\n<svg class=\"frame\" viewBox=\"0 0 "
        "%" PRIu32 " %" PRIu32 "\" role=\"group\" aria-label=\"The sensor and its bad pixels\">\n",
        camera->width, camera->height);
    int code = hp_map_draw(s->stream, s->list, s->prefix, true, s->marked, err);
    fputs("</svg>\n<figcaption>The whole sensor, as the file has it", s->stream);
    if (s->list->evidence)
        fputs(". What glows stands out from its neighbours in photo after photo: <span class=\"swatch "
              "brighter\"></span> brighter, <span class=\"swatch darker\"></span> darker",
              s->stream);
    fputs(". Dashed signs are only probable.</figcaption></figure></div>\n", s->stream);
    return code;
}

static bool has_times(const hp_list *list)
{
    bool any = list->history != NULL;
    for (size_t i = 0; i < list->defect_count; i++)
        any |= list->defects[i].since_s || list->defects[i].until_s;
    return any;
}

static int write_section(FILE *stream, const hp_result *result, size_t number, hp_error *err)
{
    const hp_list *list = &result->lists[number];
    bool *marked = hp_map_strongest(list, err);
    if (!marked)
        return HP_E_MEMORY;
    hp_section s = {.stream = stream,
                    .list = list,
                    .result = result,
                    .number = number,
                    .marked = marked,
                    .has_times = has_times(list)};
    snprintf(s.prefix, sizeof s.prefix, "c%zu", number);
    char file[256], saved[HP_SAVED_NAME];
    hp_rawtherapee_file(&list->camera, file, sizeof file);
    fprintf(stream, "<section class=\"camera\" id=\"%s\" aria-labelledby=\"%s-name\" data-rawtherapee=\"", s.prefix,
            s.prefix);
    hp_markup_text(stream, file);
    hp_section_saved_name(&s, saved);
    fprintf(stream, "\" data-saved=\"%s\">\n", saved);
    hp_section_summary(&s);
    int code = draw_map(&s, err);
    if (!code)
        code = hp_section_table(&s, err);
    if (!code)
        hp_section_scores(&s);
    fputs("</section>\n", stream);
    free(marked);
    return code;
}

static int write_page(const hp_writing *writing, hp_error *err)
{
    FILE *stream = writing->stream;
    const hp_result *result = writing->result;
    int code = HP_OK;
    write_head(stream, result);
    fputs(
        "<body>\n<main>\n<h1>hotpix report</h1>\n<noscript><p class=\"note\">Without JavaScript everything is here to "
        "read; sorting, zoom and saving need it.</p></noscript>\n",
        stream);
    define_keys(stream);
    write_contents(stream, result);
    for (size_t i = 0; i < result->list_count && !code; i++)
        code = write_section(stream, result, i, err);
    fputs("</main>\n<footer>Made by hotpix " HP_VERSION ". x and y count from 0 at the top left of the stored photo, "
          "whatever its orientation; DN are the values in the file.</footer>\n",
          stream);
    if (!code)
        code = write_data(stream, result, err);
    write_asset(stream, "script", &hp_report_script);
    fputs("</body>\n</html>\n", stream);
    return code;
}

const hp_list_format hp_report_html = {
    .name = "html", .endings = {".html", ".htm"}, .many_cameras = true, .write = write_page};

/* The comments of lists in text: the camera above, kind and time behind each place. docs/lists.md has the words. */
#include "defects/text.h"

#include <inttypes.h>
#include <string.h>

static const char opening[] = "# bad pixels for ";

enum { NAME_BYTES = sizeof((hp_camera *)0)->make }; /* make, model and serial alike */

static void write_name(FILE *stream, const char *what, const char *text)
{
    char shown[NAME_BYTES + 32]; /* keeps a line below the 128 bytes of dcraw */
    if (text[0])
        fprintf(stream, "# %s: %s\n", what, hp_printable(text, shown, sizeof shown));
}

void hp_heading_write_camera(FILE *stream, const hp_camera *camera)
{
    write_name(stream, "make", camera->make);
    write_name(stream, "model", camera->model);
    write_name(stream, "serial", camera->serial);
    fprintf(stream, "# frame: %" PRIu32 "x%" PRIu32 " of %s photos\n", camera->width, camera->height,
            hp_source_name(camera->source));
}

void hp_heading_write(FILE *stream, const char *format, const hp_camera *camera)
{
    fprintf(stream, "%s%s, by hotpix " HP_VERSION "\n", opening, format);
    hp_heading_write_camera(stream, camera);
}

bool hp_heading_names(hp_bytes file, const char *format)
{
    size_t head = sizeof opening - 1, length = strlen(format);
    return file.size > head + length && !memcmp(file.data, opening, head) &&
           !memcmp(file.data + head, format, length) && file.data[head + length] == ',';
}

/* What follows "word: ", or NULL. */
static const char *after(const char *text, const char *word)
{
    size_t length = strlen(word);
    return !strncmp(text, word, length) && !strncmp(text + length, ": ", 2) ? text + length + 2 : NULL;
}

/* As it is shown, so that what is read is written again in the same way. */
static bool read_name(const char *text, const char *word, char *out)
{
    const char *name = after(text, word);
    if (!name)
        return false;
    hp_printable(name, out, NAME_BYTES);
    for (size_t length = strlen(out); length > 0 && (out[length - 1] == ' ' || out[length - 1] == '\t'); length--)
        out[length - 1] = 0;
    return true;
}

static void read_frame(const char *text, hp_camera *camera)
{
    uint32_t width, height;
    char word[16];
    const char *at = after(text, "frame");
    if (!at || !hp_read_place(&at, &width) || !hp_read_mark(&at, 'x') || !hp_read_place(&at, &height))
        return;
    camera->width = width;
    camera->height = height;
    if (strncmp(at, " of ", 4) != 0)
        return;
    at += 4;
    size_t length = strcspn(at, " ");
    if (length >= sizeof word)
        return;
    memcpy(word, at, length);
    word[length] = 0;
    hp_source_find(word, &camera->source);
}

void hp_heading_read(const char *text, hp_camera *camera)
{
    if (read_name(text, "make", camera->make) || read_name(text, "model", camera->model) ||
        read_name(text, "serial", camera->serial))
        return;
    read_frame(text, camera);
}

void hp_comment_write(FILE *stream, const hp_defect *defect)
{
    fprintf(stream, " # %s, %s", hp_kind_name(defect->kind), hp_grade_name(defect->grade));
    if (defect->since_s)
        fprintf(stream, ", since %" PRId64, defect->since_s);
    if (defect->until_s)
        fprintf(stream, ", until %" PRId64, defect->until_s);
}

static bool next_word(const char **at, char *out, size_t size)
{
    *at += strspn(*at, ", \t");
    size_t length = strcspn(*at, ", \t");
    if (length == 0 || length >= size)
        return false;
    memcpy(out, *at, length);
    out[length] = 0;
    *at += length;
    return true;
}

void hp_comment_read(const char *comment, hp_defect *defect)
{
    char word[16];
    while (next_word(&comment, word, sizeof word)) {
        if (!strcmp(word, "since")) {
            if (!hp_read_number(&comment, 0, INT64_MAX, &defect->since_s))
                return;
        } else if (!strcmp(word, "until")) {
            if (!hp_read_number(&comment, 0, INT64_MAX, &defect->until_s))
                return;
        } else if (!hp_kind_find(word, &defect->kind) && !hp_grade_find(word, &defect->grade)) {
            return;
        }
    }
}

#include "defects/raw_name.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>

/* "Nikon" and "D80" of "NIKON CORPORATION" and "NIKON D80", both made from the camera's make and model. */
typedef struct raw_name {
    char make[64];
    char model[64];
} raw_name;

/* dcraw.c 9.28, identify(): what a make that holds one of these words becomes. */
static const char *const makers[] = {
    "AgfaPhoto", "Canon", "Casio",     "Epson",   "Fujifilm", "Mamiya", "Minolta",
    "Motorola",  "Kodak", "Konica",    "Leica",   "Nikon",    "Nokia",  "Olympus",
    "Pentax",    "Ricoh", "Phase One", "Samsung", "Sigma",    "Sinar",  "Sony",
};

static void cut_front(char *text, size_t length)
{
    memmove(text, text + length, strlen(text + length) + 1);
}

static bool begins(const char *text, const char *word)
{
    return hp_text_alike(text, word, strlen(word));
}

/* Where a word begins, in any case; NULL: nowhere. */
static char *find(char *text, const char *word)
{
    while (*text && !begins(text, word))
        text++;
    return *text ? text : NULL;
}

static void trim(char *text)
{
    size_t length = strlen(text);
    while (length > 0 && text[length - 1] == ' ')
        text[--length] = 0;
}

static void cut_model(raw_name *name)
{
    char *model = name->model;
    char *end = NULL;
    if (!strcmp(name->make, "Kodak") || !strcmp(name->make, "Leica")) {
        end = find(model, " DIGITAL CAMERA");
        end = end ? end : strstr(model, "FILE VERSION");
    }
    if (end)
        *end = 0;
    if (begins(model, "PENTAX"))
        snprintf(name->make, sizeof name->make, "Pentax");
    trim(name->make);
    trim(model);
    size_t length = strlen(name->make);
    if (length && begins(model, name->make) && model[length] == ' ')
        cut_front(model, length + 1);
    if (!strncmp(model, "FinePix ", 8))
        cut_front(model, 8);
    if (!strncmp(model, "Digital Camera ", 15))
        cut_front(model, 15);
}

static raw_name name_of(const hp_camera *camera)
{
    raw_name name;
    snprintf(name.make, sizeof name.make, "%s", camera->make);
    snprintf(name.model, sizeof name.model, "%s", camera->model);
    for (size_t i = 0; i < sizeof makers / sizeof *makers; i++)
        if (find(name.make, makers[i]))
            snprintf(name.make, sizeof name.make, "%s", makers[i]);
    cut_model(&name);
    return name;
}

void hp_rawtherapee_file(const hp_camera *camera, char *out, size_t size)
{
    raw_name name = name_of(camera);
    char whole[256];
    out[0] = 0;
    if (!name.make[0] || !name.model[0])
        return;
    snprintf(whole, sizeof whole, "%s %s%s%s.badpixels", name.make, name.model, camera->serial[0] ? " " : "",
             camera->serial);
    for (char *c = whole; *c; c++)
        if (*c == '/')
            *c = '_';
    hp_printable(whole, out, size);
}

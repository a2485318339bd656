#include "defects/list_format.h"

#include "base/error.h"
#include "base/text.h"

#include <string.h>

hp_list_table hp_list_formats[] = {
    &hp_list_json,   &hp_list_csv, &hp_list_dcraw, &hp_list_rawtherapee, &hp_list_jpegpixi, &hp_list_siril,
    &hp_list_iraf,   &hp_list_ds9, &hp_list_lsst,  &hp_list_fits,        &hp_list_png,      &hp_list_phd2,
    &hp_list_opcode, NULL};

/* "json (.json), csv (.csv), dcraw (.badpixels .txt)" */
static const char *name_kinds(hp_list_table *const *tables, char *out, size_t size)
{
    size_t used = 0;
    for (; *tables; tables++)
        for (size_t i = 0; (*tables)[i] && used < size; i++) {
            const hp_list_format *f = (*tables)[i];
            used += (size_t)snprintf(out + used, size - used, "%s%s", used ? ", " : "", f->name);
            for (size_t k = 0; f->endings[k] && used < size; k++)
                used += (size_t)snprintf(out + used, size - used, "%s%s%s", k ? " " : " (", f->endings[k],
                                         f->endings[k + 1] ? "" : ")");
        }
    return out;
}

static const hp_list_format *find_by_name(hp_list_table *const *tables, const char *name, size_t length)
{
    for (; *tables; tables++)
        for (size_t i = 0; (*tables)[i]; i++)
            if (strlen((*tables)[i]->name) == length && !strncmp((*tables)[i]->name, name, length))
                return (*tables)[i];
    return NULL;
}

static bool ends_with(const char *text, const char *ending)
{
    size_t length = strlen(text);
    size_t tail = strlen(ending);
    if (length < tail || !hp_text_alike(text + length - tail, ending, SIZE_MAX))
        return false;
    return ending[0] == '.' || length == tail || !hp_is_plain(text[length - tail - 1]);
}

static const hp_list_format *find_by_ending(hp_list_table *const *tables, const char *file)
{
    for (; *tables; tables++)
        for (size_t i = 0; (*tables)[i]; i++)
            for (const char *const *ending = (*tables)[i]->endings; *ending; ending++)
                if (ends_with(file, *ending))
                    return (*tables)[i];
    return NULL;
}

/* Length of the word before a colon, 0 where the target does not begin with one. */
static size_t kind_length(const char *target)
{
    size_t length = 0;
    while (hp_is_plain(target[length]))
        length++;
    return target[length] == ':' ? length : 0;
}

int hp_list_target(hp_list_table *const *tables, const char *target, const hp_list_format **format, const char **file,
                   hp_error *err)
{
    char kinds[512];
    char shown[256];
    size_t length = kind_length(target);
    *file = length ? target + length + 1 : target;
    *format = length ? find_by_name(tables, target, length) : find_by_ending(tables, target);
    hp_printable(target, shown, sizeof shown);
    if (!*format && length)
        return hp_fail(err, HP_E_ARGUMENT,
                       "'%.*s' in '%s' is no kind of list (a file of that name is ./%s); there are %s", (int)length,
                       target, shown, shown, name_kinds(tables, kinds, sizeof kinds));
    if (length && !strcmp(*file, "-"))
        return hp_fail(err, HP_E_ARGUMENT, "'%s': results go to files, what is printed is a table", shown);
    if (!**file && length)
        return hp_fail(err, HP_E_ARGUMENT, "'%s' names no file", shown);
    return HP_OK;
}

bool hp_list_target_is_json(const char *target, const char **file)
{
    hp_list_table *const tables[] = {hp_list_formats, NULL};
    const hp_list_format *format;
    return !hp_list_target(tables, target, &format, file, NULL) && format == &hp_list_json;
}

int hp_list_kind_unknown(hp_list_table *const *tables, const char *target, hp_error *err)
{
    char kinds[512];
    char shown[256];
    return hp_fail(err, HP_E_ARGUMENT,
                   "the name '%s' does not tell the kind of list; there are %s, and KIND:FILE takes any name",
                   hp_printable(target, shown, sizeof shown), name_kinds(tables, kinds, sizeof kinds));
}

#include "base/file_kind.h"

#include <string.h>

typedef struct mark {
    size_t at, length;
    const char *bytes, *kind;
} mark;

static const char photo[] = "a photo";

/* TIFF's mark is that of DNG, NEF, CR2 and others too. */
static const mark marks[] = {
    {0, 3, "\xff\xd8\xff", photo},
    {0, 4, "II*\0", photo},
    {0, 4, "MM\0*", photo},
    {0, 4, "IIU\0", photo},
    {0, 3, "IIR", photo},
    {0, 4, "MMOR", photo},
    {0, 15, "FUJIFILMCCD-RAW", photo},
    {0, 4, "FOVb", photo},
    {0, 4, "\0MRM", photo},
    {6, 8, "HEAPCCDR", photo},
    {4, 4, "ftyp", "a photo or film"},
    {0, 4, "<svg", "a picture to look at"},
    {0, 5, "<?xml", "an XML file"},
    {0, 5, "<html", "a page to look at in a browser"},
    {0, 14, "<!DOCTYPE html", "a page to look at in a browser"},
};

const char *hp_file_kind(hp_bytes beginning)
{
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        const mark *m = &marks[i];
        if (beginning.size >= m->at + m->length && !memcmp(beginning.data + m->at, m->bytes, m->length))
            return m->kind;
    }
    return NULL;
}

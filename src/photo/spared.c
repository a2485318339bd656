#include "photo/spared.h"

#include "base/error.h"
#include "photo/format.h"

#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { HEAD_BYTES = 8 * 2880, CARD = 80, PALETTE = 3 };

static bool says_hotpix(const uint8_t *head, size_t size)
{
    static const char text[] = "Software\0hotpix";
    for (size_t i = 0; i + sizeof text <= size; i++)
        if (!memcmp(head + i, text, sizeof text - 1))
            return true;
    return false;
}

static const char *judge_fits(const uint8_t *head, size_t size)
{
    const char *what = "is a picture that hotpix did not write";
    for (size_t at = 0; at + CARD <= size; at += CARD) {
        if (!memcmp(head + at, "HPSTATE =", 9))
            return "is a state";
        if (!memcmp(head + at, "CREATOR = 'hotpix ", 18))
            return NULL;
    }
    return what;
}

/* A map has a palette, a mask its text before the picture. */
static const char *judge_png(const uint8_t *head, size_t size)
{
    bool own = size > 25 && (head[25] == PALETTE || says_hotpix(head, size));
    return own ? NULL : "is a picture that hotpix did not write";
}

/* Boxes that are no picture that is read: a camera's films, and what HEIC may still become. */
static bool is_film(const uint8_t *head, size_t size)
{
    return size >= 8 && !memcmp(head + 4, "ftyp", 4);
}

static const char *judge(const uint8_t *head, size_t size)
{
    if (size >= CARD && !memcmp(head, "SIMPLE  =", 9))
        return judge_fits(head, size);
    if (size >= 8 && !memcmp(head, "\x89PNG\r\n\x1a\n", 8))
        return judge_png(head, size);
    return hp_format_is_marked((hp_bytes){head, size}) || is_film(head, size) ? "is a photo" : NULL;
}

int hp_spare(const char *target, hp_error *err)
{
    struct stat status;
    uint8_t head[HEAD_BYTES];
    int fd = open(target, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return HP_OK; /* opening it to write tells what is wrong */
    ssize_t got = !fstat(fd, &status) && S_ISREG(status.st_mode) ? read(fd, head, sizeof head) : 0;
    close(fd);
    const char *what = got > 0 ? judge(head, (size_t)got) : NULL;
    if (!what)
        return HP_OK;
    hp_fail(err, HP_E_IO, "%s, which no result replaces", what);
    return hp_fail_in(err, HP_E_IO, target);
}

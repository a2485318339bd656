#include "output.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int cs_output_start(cs_output *output, const char *dir, const char *name, cs_error *err)
{
    int whole = snprintf(output->path, sizeof output->path, "%s/%s", dir, name);
    int temporary = snprintf(output->temporary, sizeof output->temporary, "%s/.%s.%ld", dir, name, (long)getpid());
    if (whole < 0 || temporary < 0 || (size_t)temporary >= sizeof output->temporary)
        return cs_fail(err, "%s: path too long", name);
    return 0;
}

int cs_output_finish(cs_output *output, int result, cs_error *err)
{
    if (result == 0 && rename(output->temporary, output->path) == 0)
        return 0;
    if (result == 0)
        cs_fail(err, "%s: cannot be written: %s", output->path, strerror(errno));
    unlink(output->temporary);
    return -1;
}

int cs_make_dir(const char *dir, cs_error *err)
{
    struct stat info;
    if (mkdir(dir, 0777) == 0)
        return 0;
    if (errno == EEXIST && stat(dir, &info) == 0 && S_ISDIR(info.st_mode))
        return 0;
    return cs_fail(err, "%s: cannot make this folder: %s", dir, strerror(errno == EEXIST ? ENOTDIR : errno));
}

/*
 * A format for tests alone: photos that make their decoder misbehave. A file is one line, "HPTEST DEED SEED"; a deed
 * that begins with "info-" is done while metadata are read, with "fix-" while it is repaired, any other while pixels
 * are decoded. What a deed came to is told as
 * the photo's fault; "good" gives a picture of 1600 x 1400 px: large enough that workers decode into the planes
 * themselves.
 */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */
#include "base/error.h"
#include "photo/format.h"
#include "repair/repair.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <unistd.h>

extern const hp_format hp_format_test;
hp_repair_fn hp_repair_test;

enum { WIDTH = 1600, HEIGHT = 1400, BLOCK = 16, CHUNK = 64 << 20, LINE = 128 };

static bool spoilt;      /* by a photo before */
static hp_bytes at_hand; /* the file */
static hp_plane *plane_at_hand;

static bool parse(hp_bytes file, char deed[LINE], unsigned *seed)
{
    char line[LINE] = "";
    memcpy(line, file.data, file.size < LINE - 1 ? file.size : LINE - 1);
    return sscanf(line, "HPTEST %99s %u", deed, seed) == 2;
}

static bool probe(hp_bytes file)
{
    return file.size > 7 && memcmp(file.data, "HPTEST ", 7) == 0;
}

/* ---- deeds ---- */

static int tell(hp_error *err, const char *what, bool done)
{
    return hp_fail(err, HP_E_INPUT, "%s: %s", what, done ? "done" : strerror(errno));
}

static int crash(hp_error *err)
{
    (void)err;
    volatile int *volatile nowhere = NULL;
    *nowhere = 1;
    return HP_OK;
}

static int give_up(hp_error *err)
{
    (void)err;
    abort();
}

static int loop(hp_error *err)
{
    (void)err;
    for (volatile unsigned i = 0; i < 1;)
        ;
    return HP_OK;
}

/* Until there is none, which it bears. */
static int allocate(hp_error *err)
{
    for (char *chunk; (chunk = malloc(CHUNK));)
        memset(chunk, 1, CHUNK);
    return hp_fail(err, HP_E_MEMORY, "no memory to decode it");
}

/* The same, which it does not bear. */
static int devour(hp_error *err)
{
    allocate(err);
    abort();
}

static int leave(hp_error *err)
{
    (void)err;
    _exit(0);
}

static int read_file(hp_error *err)
{
    return tell(err, "reading a file", open("/etc/hostname", O_RDONLY) >= 0);
}

static int write_file(hp_error *err)
{
    return tell(err, "writing a file", open("written-by-a-photo", O_WRONLY | O_CREAT, 0600) >= 0);
}

static int use_socket(hp_error *err)
{
    return tell(err, "a socket", socket(AF_INET, SOCK_STREAM, 0) >= 0);
}

static int execute(hp_error *err)
{
    static char *const none[] = {NULL};
    execve("/bin/true", none, none);
    return tell(err, "another program", false);
}

static int split(hp_error *err)
{
    pid_t child = fork();
    if (child == 0)
        _exit(0);
    return tell(err, "a process", child > 0);
}

static int shoot(hp_error *err)
{
    return tell(err, "a signal to another process", kill(getppid(), 0) == 0);
}

static int spy(hp_error *err)
{
    return tell(err, "tracing another process", ptrace(PTRACE_ATTACH, getppid(), NULL, NULL) == 0);
}

static int make_code(hp_error *err)
{
    void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return tell(err, "memory that is code", page != MAP_FAILED);
}

/* The program looks at them, too. */
static int overwrite(hp_error *err)
{
    return tell(err, "writing into its file",
                mprotect((void *)(uintptr_t)at_hand.data, at_hand.size, PROT_READ | PROT_WRITE) == 0);
}

static int shrink(hp_error *err)
{
    return tell(err, "removing a file", unlink("kept") == 0);
}

static void *nothing(void *argument)
{
    return argument;
}

/* What decoders of AVIF do, and may. */
static int start_thread(hp_error *err)
{
    pthread_t thread;
    int code = pthread_create(&thread, NULL, nothing, NULL);
    if (code)
        return hp_fail(err, HP_E_INPUT, "a thread: %s", strerror(code));
    return pthread_join(thread, NULL);
}

static void *write_on(void *plane)
{
    for (unsigned i = 0;; i++)
        memset(((hp_plane *)plane)->memory, (int)i, hp_plane_size(plane));
    return NULL;
}

/* Answers, and goes on writing into its samples while the program reads them. */
static int linger(hp_error *err)
{
    (void)err;
    static hp_plane plane;
    pthread_t thread;
    plane = *plane_at_hand;
    return pthread_create(&thread, NULL, write_on, &plane);
}

/* Does well itself, and the next photo of the same process will be the one that dies. */
static int spoil(hp_error *err)
{
    (void)err;
    spoilt = true;
    return HP_OK;
}

static int behave(hp_error *err)
{
    (void)err;
    return HP_OK;
}

static const struct {
    const char *name;
    int (*run)(hp_error *err);
} deeds[] = {
    {"good", behave},   {"crash", crash},         {"abort", give_up},  {"loop", loop},           {"allocate", allocate},
    {"devour", devour}, {"leave", leave},         {"read", read_file}, {"write", write_file},    {"socket", use_socket},
    {"exec", execute},  {"fork", split},          {"kill", shoot},     {"trace", spy},           {"code", make_code},
    {"unlink", shrink}, {"thread", start_thread}, {"spoil", spoil},    {"overwrite", overwrite}, {"linger", linger},
};

static int do_deed(const char *name, hp_error *err)
{
    if (spoilt)
        crash(err);
    for (size_t i = 0; i < sizeof deeds / sizeof *deeds; i++)
        if (strcmp(deeds[i].name, name) == 0)
            return deeds[i].run(err);
    return HP_OK;
}

/* ---- the format ---- */

/* What decoder.c has beside the metadata, where code that took the process over would find it. */
typedef struct identify_job {
    size_t size;
    uint64_t file_size;
    int format;
    hp_photo_info info;
} identify_job;

static int deny(hp_photo_info *info)
{
    identify_job *job = (identify_job *)((char *)info - offsetof(identify_job, info));
    job->format = -1;
    return HP_OK;
}

static void describe(hp_photo_info *info)
{
    snprintf(info->camera.make, sizeof info->camera.make, "HPTEST");
    info->camera.width = WIDTH;
    info->camera.height = HEIGHT;
    info->camera.source = HP_SOURCE_TIFF;
    info->camera.bits = 8;
    info->channels = 1;
    info->cfa = (hp_cfa){.width = 1, .height = 1};
}

static int read_info(hp_bytes file, uint64_t file_size, hp_photo_info *info, hp_error *err)
{
    (void)file_size;
    char deed[LINE];
    unsigned seed;
    if (!probe(file)) /* the zeros that libraries are opened with */
        return hp_fail(err, HP_E_INPUT, "is no such file");
    if (!parse(file, deed, &seed))
        return hp_fail(err, HP_E_INPUT, "has no deed");
    at_hand = file;
    describe(info);
    if (strcmp(deed, "info-lie") == 0) {
        memset(&info->camera, 'A', sizeof info->camera);
        return HP_OK;
    }
    if (strcmp(deed, "info-hide") == 0)
        return hp_fail(err, HP_E_NO_PHOTO, "is no photo, it says");
    if (strcmp(deed, "info-deny") == 0)
        return deny(info);
    return strncmp(deed, "info-", 5) == 0 ? do_deed(deed + 5, err) : HP_OK;
}

static uint8_t noise(uint32_t seed, uint32_t x, uint32_t y)
{
    uint32_t h = seed * 2654435761U ^ x * 2246822519U ^ y * 3266489917U;
    h ^= h >> 15;
    h *= 2654435761U;
    return (uint8_t)(h >> 24);
}

/* Blocks that differ from photo to photo, and noise. */
static void paint(const hp_plane *plane, unsigned seed)
{
    for (uint32_t y = 0; y < plane->height; y++) {
        uint8_t *row = hp_plane_row(plane, y);
        for (uint32_t x = 0; x < plane->width; x++)
            row[x] = (uint8_t)(40 + noise(seed, x / BLOCK, y / BLOCK) / 2 + noise(seed + 1000, x, y) / 32);
    }
}

static int decode(hp_bytes file, const hp_photo_info *info, hp_view view, hp_plane *plane, hp_error *err)
{
    (void)info;
    (void)view;
    char deed[LINE];
    unsigned seed;
    if (!parse(file, deed, &seed))
        return hp_fail(err, HP_E_INPUT, "has no deed");
    at_hand = file;
    plane_at_hand = plane;
    paint(plane, seed);
    return do_deed(deed, err);
}

const hp_format hp_format_test = {
    .name = "test", .endings = "hptest ", .marked = probe, .probe = probe, .read_info = read_info, .decode = decode};

/* ---- its repair ---- */

static void write_without_end(FILE *stream)
{
    static const char block[BLOCK * BLOCK];
    while (fwrite(block, 1, sizeof block, stream) == sizeof block)
        ;
}

/* The copy is the file and a word. */
int hp_repair_test(hp_repair *repair, FILE *stream, hp_error *err)
{
    char deed[LINE];
    unsigned seed;
    if (!parse(repair->file, deed, &seed))
        return hp_fail(err, HP_E_INPUT, "has no deed");
    int code = strncmp(deed, "fix-", 4) == 0 ? do_deed(deed + 4, err) : HP_OK;
    repair->repaired = repair->list->defect_count + (strcmp(deed, "fix-lie") == 0);
    (void)fwrite(repair->file.data, 1, repair->file.size, stream);
    fputs("repaired\n", stream);
    if (strcmp(deed, "fix-long") == 0)
        write_without_end(stream);
    return code;
}

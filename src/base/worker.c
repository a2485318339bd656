#include "base/worker.h"

#include "base/confine.h"
#include "base/memory.h"
#include "base/shared.h"

#include <limits.h>
#include <malloc.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

typedef struct mapping {
    void *memory;
    size_t size;
} mapping;

static uint64_t address_space(void)
{
    unsigned long pages = 0;
    FILE *file = fopen("/proc/self/statm", "re");
    if (file) {
        if (fscanf(file, "%lu", &pages) != 1)
            pages = 0;
        fclose(file);
    }
    return (uint64_t)pages * (uint64_t)sysconf(_SC_PAGESIZE);
}

/*
 * A place stays for the next photo where that is to be decoded into the same one: to map it anew in small pages costs
 * 3 % of decoding. A new one comes before the old one goes, so that it has another address: what a decoder remembers
 * leads nowhere.
 */
static bool put(mapping *m, const hp_part *part, int fd)
{
    mapping old = *m;
    *m = (mapping){hp_shared_map(fd, part->size, part->writable, part->roomy), part->size};
    if (old.memory)
        munmap(old.memory, old.size);
    return m->memory != NULL;
}

static bool open_parts(mapping *mappings, const hp_request *request, const int *fds, void **memory)
{
    size_t next_fd = 0;
    bool all = true;
    for (size_t i = 0; i < request->part_count; i++) {
        if (request->parts[i].is_new)
            all &= put(&mappings[i], &request->parts[i], fds[next_fd++]);
        memory[i] = mappings[i].memory;
    }
    return all;
}

static int work_on(mapping *mappings, const hp_request *request, void *arguments, const int *fds, hp_error *err)
{
    void *memory[HP_WORKER_REGIONS] = {NULL};
    int code = HP_E_MEMORY;
    if (open_parts(mappings, request, fds, memory))
        code = request->work(arguments, memory, err);
    else
        snprintf(err->message, sizeof err->message, "no memory for the photo");
    return code;
}

/* With what the decoders gave back, which malloc keeps for the next photo. */
static void forget_all(mapping *mappings)
{
    for (size_t i = 0; i < HP_WORKER_REGIONS; i++)
        if (mappings[i].memory)
            munmap(mappings[i].memory, mappings[i].size);
    memset(mappings, 0, HP_WORKER_REGIONS * sizeof *mappings);
    hp_memory_trim();
}

static bool answer(int channel, mapping *mappings, const hp_request *request, void *arguments, hp_letter *letter)
{
    hp_reply reply = {0};
    if (!request->work) {
        forget_all(mappings);
        return true;
    }
    reply.fault.code = work_on(mappings, request, arguments, letter->fds, &reply.fault);
    hp_letter_close(letter);
    hp_message message = {
        .head = &reply, .head_size = sizeof reply, .body = arguments, .body_size = request->argument_size};
    return hp_channel_send(channel, &message);
}

/*
 * Samples that a decoder leaves unwritten where a file lacks them are the same every time, and can be told
 * (HP_UNWRITTEN). glibc fills what malloc gives with the complement of the byte.
 */
static void mark_fresh_memory(void)
{
#ifdef M_PERTURB
    (void)mallopt(M_PERTURB, ~HP_UNWRITTEN & UINT8_MAX);
#endif
}

/*
 * Samples of one photo go where those of the last one were: glibc would give arrays beyond 32 MiB back at once, and a
 * RAW of 24 Mpx would have its 48 MB supplied and cleared by the kernel anew, 11 500 page faults a photo.
 */
static void keep_freed_memory(void)
{
#if defined(M_MMAP_MAX) && defined(M_TRIM_THRESHOLD)
    (void)mallopt(M_MMAP_MAX, 0);
    (void)mallopt(M_TRIM_THRESHOLD, INT_MAX);
#endif
}

/* _exit: what the program had to do at its end is not this process's. */
_Noreturn void hp_worker_serve(int channel, bool confined)
{
    static _Alignas(max_align_t) unsigned char arguments[HP_WORKER_ARGUMENT_BYTES];
    mapping mappings[HP_WORKER_REGIONS] = {0};
    mark_fresh_memory();
    keep_freed_memory();
    hp_hello hello = {.memory_bytes = address_space()};
    if (confined)
        hello.refused.code = hp_confine(channel, &hello.refused);
    hp_message greeting = {.head = &hello, .head_size = sizeof hello};
    bool heard = hp_channel_send(channel, &greeting);
    while (heard) {
        hp_request request = {0};
        hp_letter letter = {
            .head = &request, .head_size = sizeof request, .body = arguments, .body_size = sizeof arguments};
        heard = hp_channel_receive(channel, &letter, HP_CHANNEL_FOREVER) >= (ssize_t)sizeof request &&
                answer(channel, mappings, &request, arguments, &letter);
    }
    _exit(0);
}

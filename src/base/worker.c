#include "base/worker.h"

#include "base/confine.h"
#include "base/memory.h"
#include "base/shared.h"

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
 * Mapping a plane costs 3 % of decoding it, so that mappings stay for the next photo. Between tasks they allow nothing,
 * and a decoder that runs wild reaches nothing but its own photo.
 */
static bool put(mapping *m, const hp_part *part, int fd)
{
    if (m->memory)
        munmap(m->memory, m->size);
    *m = (mapping){hp_shared_map(fd, part->size), part->size};
    return m->memory != NULL;
}

static bool open_parts(mapping *mappings, const hp_request *request, const int *fds, void **memory)
{
    size_t next_fd = 0;
    bool all = true;
    for (size_t i = 0; i < request->part_count; i++) {
        const hp_part *part = &request->parts[i];
        mapping *m = &mappings[part->mapping];
        if (part->is_new)
            all &= put(m, part, fds[next_fd++]);
        int rights = part->writable ? PROT_READ | PROT_WRITE : PROT_READ;
        all = all && mprotect(m->memory, m->size, rights) == 0;
        memory[i] = m->memory;
    }
    return all;
}

static void close_parts(const mapping *mappings, const hp_request *request)
{
    for (size_t i = 0; i < request->part_count; i++) {
        const mapping *m = &mappings[request->parts[i].mapping];
        if (m->memory)
            (void)mprotect(m->memory, m->size, PROT_NONE);
    }
}

static int work_on(mapping *mappings, const hp_request *request, void *arguments, const int *fds, hp_error *err)
{
    void *memory[HP_WORKER_REGIONS] = {NULL};
    int code = HP_E_MEMORY;
    if (open_parts(mappings, request, fds, memory))
        code = request->work(arguments, memory, err);
    else
        snprintf(err->message, sizeof err->message, "no memory for the photo");
    close_parts(mappings, request);
    return code;
}

static void forget_all(mapping *mappings)
{
    for (size_t i = 0; i < HP_WORKER_MAPPINGS; i++)
        if (mappings[i].memory)
            munmap(mappings[i].memory, mappings[i].size);
    memset(mappings, 0, HP_WORKER_MAPPINGS * sizeof *mappings);
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

/* _exit: what the program had to do at its end is not this process's. */
_Noreturn void hp_worker_serve(int channel, bool confined)
{
    static _Alignas(max_align_t) unsigned char arguments[HP_WORKER_ARGUMENT_BYTES];
    mapping mappings[HP_WORKER_MAPPINGS] = {0};
    mark_fresh_memory();
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

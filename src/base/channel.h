/* Messages, with descriptors in them, between a process and one that it forked. */
#ifndef HP_BASE_CHANNEL_H
#define HP_BASE_CHANNEL_H

#include "hotpix.h"

#include <sys/types.h>

enum {
    HP_CHANNEL_FDS = 4,      /* most descriptors a message */
    HP_CHANNEL_LATE = -2,    /* nothing came in time */
    HP_CHANNEL_FOREVER = -1, /* as a time to wait */
};

/* A message in two parts, which arrive as one. */
typedef struct hp_message {
    const void *head;
    size_t head_size;
    const void *body; /* may be NULL */
    size_t body_size;
    int fds[HP_CHANNEL_FDS]; /* they stay open here too */
    size_t fd_count;
} hp_message;

/* The two ends, both closed on exec. False: errno tells. */
bool hp_channel_open(int ends[2]);

/* Whole or not at all, and at once; false where the other end is gone, and then no signal, or does not listen. */
bool hp_channel_send(int end, const hp_message *message);

/* Where the parts of a message go; the second may get fewer bytes than it has room for. */
typedef struct hp_letter {
    void *head;
    size_t head_size;
    void *body; /* may be NULL */
    size_t body_size;
    int fds[HP_CHANNEL_FDS]; /* its descriptors, to be closed; the rest are -1 */
} hp_letter;

/*
 * The next message: its length; 0 where the other end is gone, HP_CHANNEL_LATE after wait_ms, -1 for anything else, as
 * a message longer than its place.
 */
ssize_t hp_channel_receive(int end, hp_letter *letter, int wait_ms);

void hp_letter_close(hp_letter *letter);

#endif

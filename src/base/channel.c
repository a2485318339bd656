#define _GNU_SOURCE /* MSG_CMSG_CLOEXEC */
#include "base/channel.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

/* Room for the descriptors, aligned as the header before them must be. */
typedef union control {
    struct cmsghdr header;
    char bytes[CMSG_SPACE(HP_CHANNEL_FDS * sizeof(int))];
} control;

/* Packets keep their borders, and a reader sees the end when the other process dies. */
bool hp_channel_open(int ends[2])
{
    return socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) == 0;
}

/*
 * Whoever is told something waits for it, so that there is always room. Not where a hostile photo has a worker answer
 * without listening: to wait for that one would be for ever.
 */
bool hp_channel_send(int end, const hp_message *message)
{
    struct iovec parts[2] = {{(void *)message->head, message->head_size}, {(void *)message->body, message->body_size}};
    struct msghdr header = {.msg_iov = parts, .msg_iovlen = message->body_size ? 2 : 1};
    control c = {0};
    if (message->fd_count > 0) {
        size_t bytes = message->fd_count * sizeof(int);
        header.msg_control = c.bytes;
        header.msg_controllen = CMSG_SPACE(bytes);
        struct cmsghdr *rights = CMSG_FIRSTHDR(&header);
        *rights = (struct cmsghdr){.cmsg_len = CMSG_LEN(bytes), .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS};
        memcpy(CMSG_DATA(rights), message->fds, bytes);
    }
    ssize_t sent;
    do
        sent = sendmsg(end, &header, MSG_NOSIGNAL | MSG_DONTWAIT);
    while (sent < 0 && errno == EINTR);
    return sent == (ssize_t)(message->head_size + message->body_size);
}

static void take_fds(struct msghdr *header, int fds[HP_CHANNEL_FDS])
{
    for (struct cmsghdr *c = CMSG_FIRSTHDR(header); c; c = CMSG_NXTHDR(header, c))
        if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS && c->cmsg_len > CMSG_LEN(0))
            memcpy(fds, CMSG_DATA(c), c->cmsg_len - CMSG_LEN(0));
}

static ssize_t receive(int end, hp_letter *letter)
{
    struct iovec parts[2] = {{letter->head, letter->head_size}, {letter->body, letter->body_size}};
    control c;
    struct msghdr header = {
        .msg_iov = parts, .msg_iovlen = 2, .msg_control = c.bytes, .msg_controllen = sizeof c.bytes};
    ssize_t got;
    do
        got = recvmsg(end, &header, MSG_CMSG_CLOEXEC);
    while (got < 0 && errno == EINTR);
    if (got < 0)
        return errno == ECONNRESET ? 0 : -1;
    take_fds(&header, letter->fds);
    return header.msg_flags & (MSG_TRUNC | MSG_CTRUNC) ? -1 : got;
}

ssize_t hp_channel_receive(int end, hp_letter *letter, int wait_ms)
{
    for (size_t i = 0; i < HP_CHANNEL_FDS; i++)
        letter->fds[i] = -1;
    if (wait_ms != HP_CHANNEL_FOREVER) {
        struct pollfd one = {.fd = end, .events = POLLIN};
        int ready = poll(&one, 1, wait_ms);
        if (ready == 0 || (ready < 0 && errno == EINTR))
            return HP_CHANNEL_LATE;
    }
    return receive(end, letter);
}

void hp_letter_close(hp_letter *letter)
{
    for (size_t i = 0; i < HP_CHANNEL_FDS; i++)
        if (letter->fds[i] >= 0)
            close(letter->fds[i]);
}

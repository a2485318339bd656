#include "base/isolation.h"

#include "base/error.h"
#include "base/memory.h"
#include "base/seats.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int hp_isolation_create(void (*prepare)(void), hp_isolation **made, hp_error *err)
{
    *made = NULL;
    hp_isolation *isolation = hp_calloc(1, sizeof *isolation, err);
    if (!isolation)
        return HP_E_MEMORY;
    int code = hp_zygote_start(prepare, &isolation->zygote, err);
    if (code) {
        free(isolation);
        return code;
    }
    isolation->options.photo_timeout_s = HP_PHOTO_TIMEOUT_S;
    pthread_mutex_init(&isolation->lock, NULL);
    *made = isolation;
    return HP_OK;
}

void hp_isolation_set(hp_isolation *isolation, const hp_isolation_options *options)
{
    isolation->options = *options;
    if (options->photo_timeout_s == 0)
        isolation->options.photo_timeout_s = HP_PHOTO_TIMEOUT_S;
}

bool hp_isolation_is_confined(hp_isolation *isolation, hp_error *err)
{
    pthread_mutex_lock(&isolation->lock);
    *err = isolation->refused;
    pthread_mutex_unlock(&isolation->lock);
    return err->code == HP_OK;
}

static void free_seat(hp_seat *seat)
{
    for (size_t i = 0; i < HP_WORKER_REGIONS; i++)
        hp_shared_free(&seat->scratch[i]);
    free(seat);
}

/* A worker ends by itself when its channel does: all at the same time, 1 ms each; those that do not are ended. */
void hp_isolation_end(hp_isolation **isolation)
{
    hp_isolation *old = *isolation;
    if (!old)
        return;
    for (const hp_seat *seat = old->waiting; seat; seat = seat->next)
        if (seat->worker > 0)
            close(seat->channel);
    while (old->waiting) {
        hp_seat *seat = old->waiting;
        old->waiting = seat->next;
        if (seat->worker > 0)
            (void)hp_zygote_bury(&old->zygote, seat->worker);
        free_seat(seat);
    }
    hp_zygote_end(&old->zygote);
    pthread_mutex_destroy(&old->lock);
    free(old);
    *isolation = NULL;
}

static hp_seat *take_waiting(hp_isolation *isolation)
{
    pthread_mutex_lock(&isolation->lock);
    hp_seat *seat = isolation->waiting;
    if (seat)
        isolation->waiting = seat->next;
    pthread_mutex_unlock(&isolation->lock);
    return seat;
}

int hp_seat_open(hp_isolation *isolation, const volatile sig_atomic_t *stop, hp_seat **seat, hp_error *err)
{
    *seat = NULL;
    if (!isolation)
        return HP_OK;
    *seat = take_waiting(isolation);
    if (!*seat)
        *seat = hp_calloc(1, sizeof **seat, err);
    if (!*seat)
        return HP_E_MEMORY;
    (*seat)->isolation = isolation;
    (*seat)->stop = stop;
    return HP_OK;
}

void hp_seat_close(hp_seat **seat)
{
    hp_seat *old = *seat;
    if (!old)
        return;
    hp_seat_forget(old);
    pthread_mutex_lock(&old->isolation->lock);
    old->next = old->isolation->waiting;
    old->isolation->waiting = old;
    pthread_mutex_unlock(&old->isolation->lock);
    *seat = NULL;
}

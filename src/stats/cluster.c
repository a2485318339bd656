/*
 * A team of processes by MPI: the only file that knows it. Built into hotpix-mpi alone (docs/scale.md).
 * A member that ends without leaving ends the job: MPI's error handler and the launcher see to that.
 */
#include "base/error.h"
#include "base/memory.h"
#include "base/team.h"
#include "stats/numbers.h"

#include <limits.h>
#include <mpi.h>
#include <stdlib.h>
#include <time.h>

enum {
    TILE = 1 << 20, /* numbers of one message: never one of a whole state */
    LEAST_PAUSE_NS = 20 * 1000,
    MOST_PAUSE_NS = 1000 * 1000,
};

/*
 * Waits for the others asleep. MPI's own waiting looks again and again, and so takes from those who still work: the
 * half of a core that they share with it, or the processor time of their other threads.
 */
static void meet(void)
{
    struct timespec pause = {.tv_nsec = LEAST_PAUSE_NS};
    MPI_Request meeting;
    int all_here = 0;
    MPI_Ibarrier(MPI_COMM_WORLD, &meeting);
    for (MPI_Test(&meeting, &all_here, MPI_STATUS_IGNORE); !all_here;
         MPI_Test(&meeting, &all_here, MPI_STATUS_IGNORE)) {
        nanosleep(&pause, NULL);
        if (pause.tv_nsec < MOST_PAUSE_NS)
            pause.tv_nsec *= 2;
    }
}

static int displace(const size_t *sizes, unsigned count, int *counts, int *places, hp_error *err)
{
    size_t total = 0;
    for (unsigned i = 0; i < count; i++) {
        if (sizes[i] > INT_MAX - total)
            return hp_fail(err, HP_E_MEMORY, "the processes have more than 2 GB to tell each other at once");
        counts[i] = (int)sizes[i];
        places[i] = (int)total;
        total += sizes[i];
    }
    return HP_OK;
}

static int gather(const hp_team *team, const void *mine, size_t bytes, void **all, hp_error *err)
{
    size_t total = 0, *sizes = team->sizes;
    int *counts = hp_calloc(team->size, 2 * sizeof *counts, err);
    if (!counts)
        MPI_Abort(MPI_COMM_WORLD, EXIT_FAILURE); /* the others wait for this one */
    meet();
    MPI_Allgather(&bytes, sizeof bytes, MPI_BYTE, sizes, sizeof *sizes, MPI_BYTE, MPI_COMM_WORLD);
    int code = displace(sizes, team->size, counts, counts + team->size, err);
    for (unsigned i = 0; i < team->size; i++)
        total += sizes[i];
    *all = code ? NULL : hp_calloc(total, 1, err);
    if (!code && !*all)
        MPI_Abort(MPI_COMM_WORLD, EXIT_FAILURE);
    if (!code)
        MPI_Allgatherv(mine, (int)bytes, MPI_BYTE, *all, counts, counts + team->size, MPI_BYTE, MPI_COMM_WORLD);
    free(counts);
    return code;
}

static MPI_Datatype type_of(int number)
{
    switch ((hp_number)number) {
    case HP_NUMBER_U8:
        return MPI_UINT8_T;
    case HP_NUMBER_U16:
        return MPI_UINT16_T;
    case HP_NUMBER_I32:
        return MPI_INT32_T;
    case HP_NUMBER_U32:
        return MPI_UINT32_T;
    case HP_NUMBER_U64:
        return MPI_UINT64_T;
    }
    return MPI_DATATYPE_NULL;
}

/* MPICH 4.0.2 compares MPI_UINT8_T as signed numbers in MPI_MIN and MPI_MAX: these are one's own. */
static void join(hp_join how, void *from, void *into, int count, MPI_Datatype type)
{
    hp_numbers_join(type == MPI_UINT8_T ? HP_NUMBER_U8 : HP_NUMBER_U16, how, into, from, (size_t)count);
}

static void keep_least(void *from, void *into, int *count, MPI_Datatype *type)
{
    join(HP_JOIN_MIN, from, into, *count, *type);
}

static void keep_largest(void *from, void *into, int *count, MPI_Datatype *type)
{
    join(HP_JOIN_MAX, from, into, *count, *type);
}

static void reduce(const hp_team *team, void *numbers, size_t count, int number, int how)
{
    MPI_Datatype type = type_of(number);
    MPI_Op operation = MPI_SUM;
    int bytes;
    if (how != HP_JOIN_SUM)
        MPI_Op_create(how == HP_JOIN_MIN ? keep_least : keep_largest, 1, &operation);
    MPI_Type_size(type, &bytes);
    for (size_t first = 0; first < count; first += TILE) {
        int part = (int)(count - first < TILE ? count - first : TILE);
        void *at = (char *)numbers + first * (size_t)bytes;
        MPI_Reduce(team->rank == 0 ? MPI_IN_PLACE : at, at, part, type, operation, 0, MPI_COMM_WORLD);
    }
    if (how != HP_JOIN_SUM)
        MPI_Op_free(&operation);
}

int hp_team_join(int *argc, char ***argv, hp_team **team, hp_error *err)
{
    int given, rank, size;
    *team = NULL;
    if (MPI_Init_thread(argc, argv, MPI_THREAD_FUNNELED, &given) || given < MPI_THREAD_FUNNELED)
        return hp_fail(err, HP_E_UNSUPPORTED, "MPI cannot be used beside threads");
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &size);
    hp_team *made = hp_calloc(1, sizeof *made, err);
    size_t *sizes = made ? hp_calloc((size_t)size, sizeof *sizes, err) : NULL;
    if (!sizes) {
        free(made);
        return HP_E_MEMORY;
    }
    *made = (hp_team){(unsigned)rank, (unsigned)size, sizes, gather, reduce};
    *team = made;
    return HP_OK;
}

void hp_team_leave(hp_team **team)
{
    free((*team)->sizes);
    free(*team);
    *team = NULL;
    meet();
    MPI_Finalize();
}

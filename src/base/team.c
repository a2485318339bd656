#include "base/team.h"

#include "base/error.h"
#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

enum { ITEMS_AT_ONCE = 1 << 12 }; /* of one member */

unsigned hp_team_rank(const hp_team *team)
{
    return team ? team->rank : 0;
}

unsigned hp_team_size(const hp_team *team)
{
    return team ? team->size : 1;
}

bool hp_team_leads(const hp_team *team)
{
    return hp_team_rank(team) == 0;
}

bool hp_team_is_mine(const hp_team *team, size_t index)
{
    return index % hp_team_size(team) == hp_team_rank(team);
}

static size_t share_of(const hp_team *team, unsigned rank, size_t count)
{
    return count / team->size + (rank < count % team->size ? 1 : 0);
}

/* Packs this member's items, gathers, and deals everybody's back to their places. */
static int exchange_some(const hp_team *team, char *items, size_t count, size_t size, char *mine, hp_error *err)
{
    void *all = NULL;
    size_t packed = 0;
    for (size_t i = team->rank; i < count; i += team->size)
        memcpy(mine + packed++ * size, items + i * size, size);
    int code = team->gather(team, mine, packed * size, &all, err);
    const char *at = all;
    for (unsigned rank = 0; !code && rank < team->size; rank++) {
        if (team->sizes[rank] != share_of(team, rank, count) * size)
            code = hp_fail(err, HP_E_INPUT, "process %u works on other photos than process 0", rank);
        for (size_t i = rank; !code && i < count; i += team->size, at += size)
            memcpy(items + i * size, at, size);
    }
    free(all);
    return code;
}

int hp_team_exchange(const hp_team *team, void *items, size_t count, size_t size, hp_error *err)
{
    if (!team)
        return HP_OK;
    size_t most = (size_t)ITEMS_AT_ONCE * team->size; /* a multiple of the size, so that the dealing stays the same */
    char *mine = hp_calloc(ITEMS_AT_ONCE, size, err);
    int code = hp_team_agree(team, mine ? HP_OK : HP_E_MEMORY, err);
    for (size_t first = 0; !code && first < count; first += most) {
        size_t left = count - first;
        code = exchange_some(team, (char *)items + first * size, left < most ? left : most, size, mine, err);
    }
    free(mine);
    return code;
}

int hp_team_share(const hp_team *team, void **bytes, size_t *size, hp_error *err)
{
    if (!team)
        return HP_OK;
    bool leads = hp_team_leads(team);
    void *all = NULL;
    int code = team->gather(team, leads ? *bytes : NULL, leads ? *size : 0, &all, err);
    if (!code && !leads) {
        *bytes = all;
        *size = team->sizes[0];
        all = NULL;
    }
    free(all);
    return code;
}

int hp_team_least(const hp_team *team, size_t *value, hp_error *err)
{
    if (!team)
        return HP_OK;
    void *all = NULL;
    int code = team->gather(team, value, sizeof *value, &all, err);
    for (unsigned i = 0; !code && i < team->size; i++) {
        size_t other;
        memcpy(&other, (const char *)all + i * sizeof other, sizeof other);
        *value = other < *value ? other : *value;
    }
    free(all);
    return code;
}

/* What one member has to say of how it went: the code alone where all is well. */
typedef struct verdict {
    int code;
    char message[sizeof((hp_error *)0)->message];
} verdict;

int hp_team_agree(const hp_team *team, int code, hp_error *err)
{
    if (!team)
        return code;
    verdict mine = {.code = code};
    if (code && err)
        memcpy(mine.message, err->message, sizeof mine.message);
    void *all = NULL;
    int failed = team->gather(team, &mine, code ? sizeof mine : sizeof mine.code, &all, err);
    const char *at = all;
    for (unsigned rank = 0; !failed && rank < team->size; at += team->sizes[rank++]) {
        verdict other = {0};
        memcpy(&other, at, team->sizes[rank] < sizeof other ? team->sizes[rank] : sizeof other);
        if (other.code)
            failed = hp_fail(err, other.code, "%s", other.message);
    }
    free(all);
    return failed;
}

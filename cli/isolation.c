#include "isolation.h"

#include "say.h"
#include "together.h"

#include <stddef.h>
#include <sys/resource.h>

enum { MOST_FILES = 4096 }; /* of as many threads as can be asked for, each with three: channel, photo, samples */

static hp_isolation *isolation;
static hp_error failure;
static bool begun, asked, sandboxed;

/* The usual limit, 1024, would not do for 400 CPUs. Whoever means a limit sets that which cannot be raised, too. */
static void allow_files(void)
{
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) || files.rlim_cur >= MOST_FILES)
        return;
    files.rlim_cur = files.rlim_max < MOST_FILES ? files.rlim_max : MOST_FILES;
    (void)setrlimit(RLIMIT_NOFILE, &files);
}

void isolation_begin(void)
{
    if (begun)
        return;
    allow_files();
    (void)hp_isolation_start(&isolation, &failure);
    begun = true;
}

hp_isolation *isolation_for(const cli_settings *settings)
{
    if (settings->no_isolation)
        return NULL;
    isolation_begin();
    asked = true;
    sandboxed = !settings->no_sandbox;
    const hp_isolation_options options = {
        .photo_timeout_s = (unsigned)settings->photo_timeout_s,
        .photo_memory_bytes = settings->photo_memory_bytes,
        .unconfined = settings->no_sandbox,
    };
    if (isolation)
        hp_isolation_set(isolation, &options);
    return isolation;
}

/* Workers of all processes of a team run on machines of one kind: what the leader met stands for all. */
void isolation_report(void)
{
    hp_error refused;
    if (!asked || !hp_team_leads(together_team()))
        return;
    if (!isolation)
        say(0, "warning: photos were decoded in the program itself: %s", failure.message);
    else if (sandboxed && !hp_isolation_is_confined(isolation, &refused))
        say(0, "warning: the processes that decoded photos could not be confined: %s", refused.message);
}

void isolation_end(void)
{
    hp_isolation_end(&isolation);
}

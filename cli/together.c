#include "together.h"

#include "isolation.h"
#include "say.h"

#include <stdio.h>

static hp_team *team;

/* What the others have to say the leader says too: hp_team_agree tells it. */
int together_start(int *argc, char ***argv)
{
    hp_error err = {0};
    isolation_begin(); /* MPI starts threads */
    if (hp_team_join(argc, argv, &team, &err))
        return say_error(&err);
    if (!hp_team_leads(team) && (!freopen("/dev/null", "w", stdout) || !freopen("/dev/null", "w", stderr)))
        return say(1, "/dev/null cannot be opened");
    return 0;
}

void together_end(void)
{
    hp_team_leave(&team);
}

const hp_team *together_team(void)
{
    return team;
}

/* What the processes of a team tell each other about photos and sums; nothing for a process alone (team NULL). */
#ifndef HP_STATS_TEAM_WORK_H
#define HP_STATS_TEAM_WORK_H

#include "base/team.h"
#include "stats/shot.h"
#include "stats/state.h"

/*
 * Deals a round's shots, which stand in the order of decisions, out: `order` gets all of them so that members have
 * about as many bytes to decode, each its largest first (no thread is left with one at the end); those at the places of
 * this member (hp_team_is_mine) are marked as its own. Returns their number.
 */
size_t hp_team_deal(const hp_team *team, hp_shot *shots, size_t count, hp_shot **order);

/* Of shots in that order each member decoded its own: all get all that decisions need. HP_E_MEMORY. */
int hp_team_exchange_shots(const hp_team *team, hp_shot *const *order, size_t count, hp_error *err);

/* Whether any member says so. */
int hp_team_any(const hp_team *team, bool *value, hp_error *err);

/* All sums of the members become the leader's; the others begin anew. */
void hp_team_collect_sums(const hp_team *team, hp_state *state);

/* What the leader loaded, without its sums, for all: *state's album and flags, and the shape's scale. */
int hp_team_share_state(const hp_team *team, hp_state *state, hp_photo_info *shape, bool *loaded, hp_error *err);

#endif

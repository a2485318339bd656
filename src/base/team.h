/*
 * Several processes that do one run together, and what they tell each other. Only the cluster (stats/cluster.c) makes
 * a team; everywhere NULL is a process alone, for which all of this is nothing.
 *
 * Every member calls the same functions in the same order. What is exchanged are bytes as they lie in memory: members
 * are one program on machines of one kind.
 */
#ifndef HP_BASE_TEAM_H
#define HP_BASE_TEAM_H

#include "hotpix.h"

struct hp_team {
    unsigned rank; /* 0: the leader, who reads states, prints and writes */
    unsigned size;
    size_t *sizes; /* of what each member gave to gather, bytes */
    /* Everybody's bytes one after the other in *all (to be freed), in order of rank. */
    int (*gather)(const hp_team *team, const void *mine, size_t bytes, void **all, hp_error *err);
    /* `count` numbers of each member joined into the leader's. */
    void (*reduce)(const hp_team *team, void *numbers, size_t count, int number, int join);
};

unsigned hp_team_rank(const hp_team *team);
unsigned hp_team_size(const hp_team *team);

/* Whether item `index` of a list is this member's to work on: they are dealt out in turn. */
bool hp_team_is_mine(const hp_team *team, size_t index);

/*
 * Items of one size that were dealt out: items holds those of this member in place and gets the others'. Fails with
 * HP_E_MEMORY, at all members.
 */
int hp_team_exchange(const hp_team *team, void *items, size_t count, size_t size, hp_error *err);

/* The leader's bytes for everybody, in *bytes (to be freed). On the leader *bytes stays as it is. */
int hp_team_share(const hp_team *team, void **bytes, size_t *size, hp_error *err);

/* The least of everybody's values. */
int hp_team_least(const hp_team *team, size_t *value, hp_error *err);

#endif

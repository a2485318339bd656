/*
 * The processes that do one run. alone.c: hotpix, one process; together.c: hotpix-mpi, those that mpirun started, of
 * which the leader alone is heard.
 */
#ifndef CLI_TOGETHER_H
#define CLI_TOGETHER_H

#include <hotpix.h>

/* At the beginning and at the end of the program. Returns 0 or an exit code, with the message printed. */
int together_start(int *argc, char ***argv);
void together_end(void);

/* For hp_run_options.team. */
const hp_team *together_team(void);

#endif

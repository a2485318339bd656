/* Which of the solvers that were compiled this machine runs. */
#include "base/cpu.h"
#include "base/memory.h"
#include "repair/patch_solver.h"

#include <stdlib.h>

const hp_patch_direction hp_patch_directions[HP_PATCH_DIRECTIONS] = {{1, 0}, {0, 1}, {1, 1}, {1, -1}};

hp_patch_solver *hp_patch_solver_create(hp_error *err)
{
    hp_cpu level = HP_CPU_PLAIN;
    hp_patch_solver *solver = hp_calloc(1, sizeof *solver, err);
    if (solver && !hp_cpu_choose(HP_CPU_AUTO, &level, err))
        solver->solve = HP_CPU_PICK(level, hp_patch_solve);
    return solver;
}

void hp_patch_solver_free(hp_patch_solver **solver)
{
    free(*solver);
    *solver = NULL;
}

bool hp_patch_solve(hp_patch_solver *solver, hp_patch *patch)
{
    return solver->solve(solver, patch);
}

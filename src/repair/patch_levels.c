/* Which of the solvers that were compiled this machine runs. */
#include "base/cpu.h"
#include "base/memory.h"
#include "repair/patch_solver.h"

#include <stdlib.h>

const hp_patch_direction hp_patch_directions[HP_PATCH_DIRECTIONS] = {{1, 0}, {0, 1}, {1, 1}, {1, -1}};

static hp_patch_solve_fn *solve_of(hp_cpu level)
{
    switch (level) {
#if defined(__x86_64__)
    case HP_CPU_V2:
        return hp_patch_solve_v2;
    case HP_CPU_V3:
        return hp_patch_solve_v3;
    case HP_CPU_V4:
        return hp_patch_solve_v4;
#endif
    default:
        return hp_patch_solve_plain;
    }
}

hp_patch_solver *hp_patch_solver_create(hp_error *err)
{
    hp_cpu level = HP_CPU_PLAIN;
    hp_patch_solver *solver = hp_calloc(1, sizeof *solver, err);
    if (solver && !hp_cpu_choose(HP_CPU_AUTO, &level, err))
        solver->solve = solve_of(level);
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

#include "base/cpu.h"
#include "repair/blocks.h"
#include "repair/patch_solver.h"
#include "tests.h"

#include <stdlib.h>
#include <string.h>

/* Three blocks across and down, of which the middle one has a bad pixel with its smear. */
static void fill(hp_patch *p, const hp_precision *precision)
{
    memset(p, 0, sizeof *p);
    p->width = p->height = 3 * HP_PATCH_BLOCK;
    p->precision = precision;
    p->blocks[p->block_count++] = hp_patch_at(HP_PATCH_BLOCK, HP_PATCH_BLOCK);
    for (int y = 0; y < p->height; y++)
        for (int x = 0; x < p->width; x++) {
            int at = hp_patch_at(x, y);
            bool open = x / HP_PATCH_BLOCK == 1 && y / HP_PATCH_BLOCK == 1;
            bool bad = abs(x - 12) <= 2 && abs(y - 12) <= 2;
            p->cell[at] = (uint8_t)(open ? HP_CELL_OPEN : HP_CELL_GOOD);
            p->seen[at] = (float)(3 * x - y + (x * y * 7 + x * 5) % 11) + (bad ? 60.F : 0);
            p->spread[at] = bad ? 1 : 0;
        }
}

static void every_level_repairs_to_the_same_bits(void **state)
{
    hp_patch_solve_fn *const levels[] = {
        hp_patch_solve_plain,
#if defined(__x86_64__)
        hp_patch_solve_v2,
        hp_patch_solve_v3,
        hp_patch_solve_v4
#endif
    };
    (void)state;
    hp_error err = {0};
    uint16_t quant[HP_JPEG_CELLS];
    static hp_transform transform;
    static hp_patch plain, other;
    for (int i = 0; i < HP_JPEG_CELLS; i++)
        quant[i] = (uint16_t)(2 + i / 4);
    hp_transform_init(&transform, quant);
    hp_patch_solver *solver = hp_patch_solver_create(&err);
    assert_non_null(solver);
    fill(&plain, &transform.precision);
    assert_true(levels[0](solver, &plain));
    assert_true(plain.fault[hp_patch_at(12, 12)] > 40);
    for (size_t i = 1; i < sizeof levels / sizeof *levels; i++) {
        hp_cpu level;
        if (hp_cpu_choose((hp_cpu)(HP_CPU_PLAIN + i), &level, &err))
            continue; /* this machine has it not */
        fill(&other, &transform.precision);
        assert_true(levels[i](solver, &other));
        assert_memory_equal(other.found, plain.found, sizeof plain.found);
        assert_memory_equal(other.fault, plain.fault, sizeof plain.fault);
    }
    hp_patch_solver_free(&solver);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_level_repairs_to_the_same_bits)};
    return cmocka_run_group_tests_name("repair", tests, NULL, NULL);
}

/*
 * state_loop [-j N] STATE COPY: nothing but loading a state and saving it again, to measure the two. Prints
 * "load S, write S, disk S": seconds to read it into sums, to write it beside COPY, and to wait for the disk and
 * rename.
 */
#include "base/clock.h"
#include "stats/keeper.h"
#include "stats/rounds.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static int load_and_save(const hp_run *run, const char *from, const char *to, hp_error *err)
{
    hp_state_file file;
    hp_state state = {0};
    hp_keeper keeper = {.lock = -1, .new_file = -1};
    double began_s = hp_now_s(), loaded_s = 0, written_s = 0;
    int code = hp_state_open(from, &file, err);
    if (!code)
        code = hp_state_load(&file, run->kernels, run->pool, &state, err);
    loaded_s = hp_now_s();
    if (!code)
        code = hp_keeper_open(to, -1, &keeper, err);
    if (!code)
        code = hp_keeper_write(&keeper, &state, NULL, NULL, run->pool, err);
    written_s = hp_now_s();
    if (!code)
        code = hp_keeper_commit(&keeper, err);
    if (!code)
        printf("load %.3f, write %.3f, disk %.3f, cpu %.3f\n", loaded_s - began_s, written_s - loaded_s,
               hp_now_s() - written_s, (double)clock() / CLOCKS_PER_SEC);
    hp_keeper_close(&keeper);
    hp_state_close(&file);
    hp_state_free(&state);
    return code;
}

int main(int argc, char **argv)
{
    hp_run run;
    hp_error err = {0};
    hp_run_options options = {0};
    char **names = argv + 1;
    if (argc == 5 && !strcmp(argv[1], "-j")) {
        options.threads = (unsigned)strtoul(argv[2], NULL, 10);
        names += 2;
    } else if (argc != 3) {
        fputs("usage: state_loop [-j N] STATE COPY\n", stderr);
        return 2;
    }
    int code = hp_run_start(&options, &run, &err);
    if (!code) {
        code = load_and_save(&run, names[0], names[1], &err);
        hp_run_end(&run);
    }
    if (code)
        fprintf(stderr, "state_loop: %s\n", err.message);
    return code != 0;
}

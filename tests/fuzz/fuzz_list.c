/* A list of one kind: TARGET is its name. What is accepted is inside its frame, in order, and round-trips. */
#include "../defects/round_trip.h"
#include "failing.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const hp_list_format *target(void)
{
    for (size_t i = 0; hp_list_formats[i]; i++)
        if (strcmp(hp_list_formats[i]->name, TARGET) == 0)
            return hp_list_formats[i];
    fuzz_wrong("a kind of this name");
    return NULL;
}

static bool try_options(const uint8_t *data, size_t size, const hp_list_options *options, bool starved)
{
    uint8_t *copy = malloc(size + 1);
    if (!copy)
        return false;
    memcpy(copy, data, size);
    const bytes file = {copy, size};
    hp_error err = {0};
    const char *why = "";
    hp_result *result = calloc(1, sizeof *result);
    hp_reading reading = {{file.data, file.size}, options, result};
    int code = result ? target()->read(&reading, &err) : HP_E_MEMORY;
    if (code && !starved && (code != err.code || !err.message[0]))
        fuzz_wrong("a failure has its code and a message");
    bool accepted = !code;
    if (accepted && !starved && result->list_count > 0 && !list_round_trips(target(), result, &why))
        fuzz_wrong(why);
    hp_result_free(&result);
    free(copy);
    return accepted;
}

static bool attempt(const uint8_t *data, size_t size, bool starved)
{
    static const hp_list_options none, known = {.width = 64, .height = 48, .source = HP_SOURCE_RAW};
    if (target()->probe)
        (void)target()->probe((hp_bytes){data, size});
    bool without = try_options(data, size, &none, starved), with = try_options(data, size, &known, starved);
    return without || with;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_with_failing_memory(attempt, data, size);
    return 0;
}

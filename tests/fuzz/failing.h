/* In builds for fuzzing the library's own allocations can be made to fail: src/base/memory.c asks here. */
#ifndef FUZZ_FAILING_H
#define FUZZ_FAILING_H

#include "photo/format.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What is tried on every input; true: it was accepted. What does not hold aborts. */
typedef bool fuzz_try(const uint8_t *data, size_t size, bool starved);

/*
 * Tries the input with all the memory there is, then again with the n-th allocation failing, where n follows from the
 * input; or, where FUZZ_EVERY_ALLOCATION is in the environment, with each of them in turn. Where
 * FUZZ_ACCEPTED is in it, an input that is not accepted is a fault: a seed that nothing reads tests nothing.
 */
void fuzz_with_failing_memory(fuzz_try *attempt, const uint8_t *data, size_t size);

/* The format of this name, which there is. */
const hp_format *fuzz_format(const char *name);

/* Says what does not hold, and aborts. */
void fuzz_wrong(const char *what);

#endif

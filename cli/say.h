/* Messages to the user, on stderr, each "hotpix: ..." on a line of its own. */
#ifndef CLI_SAY_H
#define CLI_SAY_H

#include <hotpix.h>

enum { SHOWN_BYTES = 256 };

/* Prints the message and returns code, so that a failure is one line where it happens. */
int say(int code, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Prints the message and where help is (command NULL: hotpix itself); returns EXIT_USAGE. */
int say_usage(const char *command, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Prints an error of the library and returns the exit code that belongs to it. */
int say_error(const hp_error *err);

/* "s", but behind 1. */
const char *plural(size_t count);

#endif

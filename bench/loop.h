/*
 * What the plain loops that hotpix is measured against have in common: threads that draw paths from one list, each with
 * buffers it keeps from photo to photo, and the line they print. A fault ends the program, as a benchmark may.
 */
#ifndef LOOP_H
#define LOOP_H

#include <stddef.h>

typedef struct loop_buffer {
    unsigned char *bytes;
    size_t size;
} loop_buffer;

/* One thread's own: the bytes of a file and of an image. */
typedef struct loop_room {
    loop_buffer file, image;
} loop_room;

/* Opens one photo; choice is what loop_run was given. */
typedef void (*loop_open)(const char *path, int choice, loop_room *room);

/* Names the program in what loop_fail says. */
extern const char *const loop_name;

_Noreturn void loop_fail(const char *path, const char *why);

/* Room for size bytes; what was in it is lost when it grows. */
unsigned char *loop_reserve(loop_buffer *buffer, size_t size);

/* Reads the whole file into room->file. Returns the number of its bytes. */
size_t loop_read_file(const char *path, loop_room *room);

/*
 * Opens every photo of arguments ("[-j N] PHOTO...", ended by NULL) and prints the seconds and the milliseconds a
 * photo. Returns the exit status: 0, or 2 where the arguments are not of this form.
 */
int loop_run(char **arguments, loop_open open, int choice);

#endif

/* stdin, stdout and stderr at the two ends of the program. */
#ifndef CLI_STANDARD_STREAMS_H
#define CLI_STANDARD_STREAMS_H

/*
 * Where the caller closed one of the three, a photo or a result would get its number and be read or written as
 * that stream. They are opened so that using them fails. SIGPIPE is ignored: files are written, whoever reads stdout.
 * So is SIGXFSZ: a file that a limit (ulimit -f) keeps from growing is a write that fails, and is told of.
 */
void streams_start(void);

/* From now on a reader of stdout that goes away ends the program; to be called when all files are written. */
void streams_end_by_pipe(void);

/* Flushes stdout. Returns code, or EXIT_FAILED with a message where not all could be written. */
int streams_finish(int code);

#endif

/* Ctrl-C and SIGTERM ask a run to stop; the program then ends by that very signal, as its caller expects. */
#ifndef CLI_INTERRUPT_H
#define CLI_INTERRUPT_H

#include <signal.h>

/* Installs the handlers (unless the caller has the signals ignored) and returns the flag for hp_run_options.stop. */
const volatile sig_atomic_t *interrupt_watch(void);

/* Has what is said next on a line of its own where the terminal shows "^C". */
void interrupt_end_line(void);

/* Ends the program by the signal that came. */
_Noreturn void interrupt_finish(void);

/* Ends the program by a signal with its default effect. */
_Noreturn void die_by(int number);

#endif

/* Elapsed time. */
#ifndef HP_BASE_CLOCK_H
#define HP_BASE_CLOCK_H

/* Seconds on a clock that only runs forward; the zero means nothing. */
double hp_now_s(void);

#endif

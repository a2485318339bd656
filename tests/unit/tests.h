/* What every unit test includes; cmocka wants these four before it. */
#ifndef HP_TESTS_H
#define HP_TESTS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#endif

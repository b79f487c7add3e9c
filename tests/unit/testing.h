/* What every unit test includes: cmocka with its prerequisites. */
#ifndef TESTING_H
#define TESTING_H
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on
#endif

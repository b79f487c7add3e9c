/* libintelrdfpmath behind one door: its headers are not clean under our warnings,
 * and the three settings must agree with the library that is linked (bidgcc000:
 * arguments by value, rounding mode and flags passed to each call). */
#ifndef BASE_BID_H
#define BASE_BID_H
#define DECIMAL_CALL_BY_REFERENCE 0
#define DECIMAL_GLOBAL_ROUNDING 0
#define DECIMAL_GLOBAL_EXCEPTION_FLAGS 0
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wundef"
#pragma GCC diagnostic ignored "-Wstrict-prototypes"
#pragma GCC diagnostic ignored "-Wconversion"
#include <bid_conf.h>
#include <bid_functions.h>
#pragma GCC diagnostic pop

enum { BID_NEAREST_EVEN = 0, BID_WAS_INEXACT = 0x20 };
#endif

/* A loop over many rows in two halves, on two threads where the machine and the setting PARETO_THREADS let it have
 * them. What the halves write must not meet; then it is the same on one thread and on two. */
#ifndef BASE_HALVES_H
#define BASE_HALVES_H
#include <stddef.h>

/* Rows [from, to) are half 0 or half 1. Signals stay with the thread that asked. */
typedef void (*HalfFn)(void *ctx, int half, size_t from, size_t to);
/* Below `least` rows all of them are half 0. The second half begins at a multiple of `unit`. */
void in_halves(size_t n, size_t least, size_t unit, HalfFn fn, void *ctx);
#endif

/* The record beside the data (history of fields, published metrics, messages): what the journals of runs leave of it. */
#ifndef RUN_ORIGIN_PAST_H
#define RUN_ORIGIN_PAST_H
#include "run/origin.h"

bool past_verify(Store *s, StoreFaultFn fn, void *ctx, Err *e);
/* Its tables; NULL behind the last. */
const char *past_table(size_t i);
#endif

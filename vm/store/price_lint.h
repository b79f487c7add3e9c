/* Policies kept as rows (authority, volume, agreement, price) looked at whole: levels turned upside down, edges at
 * which more costs less, rows under cost, levels that are never reached. In force on `day`. */
#ifndef STORE_PRICE_LINT_H
#define STORE_PRICE_LINT_H
#include "store/store.h"

/* Called for each finding, in order: the table, the kind ("inversion", "cliff" …), the sentence. */
typedef bool (*PriceLintFn)(void *ctx, Str table, Str kind, Str what, Err *e);
bool price_lint(Store *s, Day day, PriceLintFn fn, void *ctx, Err *e);
#endif

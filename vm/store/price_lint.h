/* Policies kept as rows (authority, volume, agreement, price) looked at whole: levels turned upside down, edges at
 * which more costs less, rows under cost, levels that are never reached. In force on `day`. */
#ifndef STORE_PRICE_LINT_H
#define STORE_PRICE_LINT_H
#include "store/store.h"

/* Called for each finding, in order: the table, the kind ("inversion", "cliff" …), the sentence. */
typedef bool (*PriceLintFn)(void *ctx, Str table, Str kind, Str what, Err *e);
bool price_lint(Store *s, Day day, PriceLintFn fn, void *ctx, Err *e);

/* What a discount of `part` off list leaves, on the products of the lines that one of `cell` lists ("A, B"; none lists any: on
 * all): how many are left with less than `margin` of their price above cost, and the worst of them. */
typedef struct PriceDepth {
  int64_t below, of; /* products; with a list price and a cost in force */
  const char *product;
  double left;       /* of the worst: what is above cost, as a part of its price */
} PriceDepth;
bool price_depth(Store *s, Day day, double part, double margin, const Str *cell, size_t ncell, Arena *a, PriceDepth *out, Err *e);
#endif

/* The columns of what prices are made of and judged by: quotes, lists, costs, agreements, authority. Data of the catalog
 * (catalog.c), which alone includes this; sizes are said here so that the catalog can count them. */
#ifndef STORE_CATALOG_PRICE_H
#define STORE_CATALOG_PRICE_H
#include "store/catalog.h"

#define ACCOUNT(plural)                                                                             \
  { .name = "account", .type = COL_REF, .ref = "account", .flags = CAT_REQUIRED | CAT_INDEX,        \
    .back = (plural), .about = "the customer" }
#define ID_OF(entity, plural, text)                                                                 \
  { .name = (entity), .type = COL_REF, .ref = (entity), .back = (plural), .about = (text) }
#define CURRENCY                                                                                             \
  { .name = "currency", .since = 6, .about = "empty = the company's; another one is refused" }
#define FROM_DAY                                                                                             \
  { .name = "from_day", .type = COL_DATE, .flags = CAT_REQUIRED, .about = "holds from this day" }
#define TO_DAY { .name = "to_day", .type = COL_DATE, .about = "holds until before this day; empty = still" }

extern const char *const waterfall_reads; /* what the steps of the waterfall read, as `reads` of a column */
extern const CatColumn price_col[6], cost_col[5], agreement_col[10], quote_col[37], quote_line_col[13], authority_col[11], signature_col[10],
    volume_col[6], delegation_col[4];
#endif

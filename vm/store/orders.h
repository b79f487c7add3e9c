/* Order lines are found by day: the id of a line is its day, yyyymmdd, followed by seven digits that
 * number the lines of the day, so that a window of time is one range of ids and needs no index.
 * The column `day` is the same yyyymmdd; a CHECK keeps the two together, so a new day is a new id. */
#ifndef STORE_ORDERS_H
#define STORE_ORDERS_H
#include "base/date.h"

#define ORDERS_A_DAY INT64_C(10000000)

/* The last number of the days [?1, ?2) that was given, in the log; and there or in the table: no number is given twice. */
#define ORDERS_LAST_LOGGED "SELECT max(row) FROM change WHERE tbl = 'orders' AND row >= ?1 AND row < ?2"
#define ORDERS_LAST                                                                                        \
  "SELECT nullif(max(coalesce((SELECT max(id) FROM orders WHERE id >= ?1 AND id < ?2), 0), coalesce((" \
  ORDERS_LAST_LOGGED "), 0)), 0)"

static inline int64_t orders_day(Day d) { /* 20261101 */
  int y, m, day;
  day_parts(d, &y, &m, &day);
  return (int64_t)y * 10000 + m * 100 + day;
}
/* Ids of d are this and the ORDERS_A_DAY - 1 that follow. */
static inline int64_t orders_first_id(Day d) { return orders_day(d) * ORDERS_A_DAY; }
static inline Day orders_day_of(int64_t yyyymmdd) {
  return day_of((int)(yyyymmdd / 10000), (int)(yyyymmdd / 100 % 100), (int)(yyyymmdd % 100));
}
#endif

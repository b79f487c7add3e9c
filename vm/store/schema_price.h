/* Prices in the schema: SQL fragments that the catalog's computed columns and the triggers share, the
 * triggers that hold the floor (no grant below cost, lines frozen once granted), and their invariants.
 *
 * The cost of a line stands on it, and is never less than what is in force in table cost on the day that the
 * quote is decided; missing, zero, or older than setting `cost_fresh` (days; 90) counts as none. Discounts on the
 * whole are spread over the lines, each share rounded up here, rebates and freight taken off. Freight that nobody recorded
 * is not known, and nothing is granted on it, unless setting `freight` says that the customer pays it. A line of no product
 * has no cost, whatever it says of itself: nothing in force holds it. */
#ifndef STORE_SCHEMA_PRICE_H
#define STORE_SCHEMA_PRICE_H
#include "base/str.h"
#include "store/schema.h"

/* An amount in minor units, rounded half away from zero; too large to be exact: null. */
#define PRICE_AMOUNT(x) "CASE WHEN abs(" x ") < 9e15 THEN CAST(round(" x ") AS INTEGER) END"
#define PRICE_HOLDS(row, day) row ".from_day <= " day " AND (" row ".to_day IS NULL OR " row ".to_day > " day ")"
#define PRICE_COST_ROW(what, line, day)                                                                      \
  "(SELECT c." what " FROM cost c WHERE c.product = " line ".product AND " PRICE_HOLDS("c", day)             \
  " ORDER BY c.from_day DESC, c.unit_cost DESC LIMIT 1)"
#define PRICE_COST(line, day) PRICE_COST_ROW("unit_cost", line, day)
#define PRICE_COST_DAY(line, day) "coalesce(" line ".cost_day, " PRICE_COST_ROW("from_day", line, day) ")"
#define PRICE_FRESH "coalesce((SELECT CAST(value AS INTEGER) FROM setting WHERE name = 'cost_fresh'), 90)"

/* What keeps a quote from being granted, as SQL text. */
#define PRICE_NO_LINES "'it has no lines, so no costs: nothing is granted without them'"
#define PRICE_NO_DAY "'it has no day (decided, or requested_on), so no costs in force'"
#define PRICE_REVERSED "'its dates are reversed'"
#define PRICE_BAD_TERMS "'its bundle discount, rebate, freight or payment days make no sense'"
#define PRICE_NO_QTY "'the quantity of a line is not above zero'"
#define PRICE_NO_PRICE "'a line has no price'"
#define PRICE_NO_COST "'a line has no cost'"
#define PRICE_STALE "'the cost of a line is too old, or of a day to come'"
#define PRICE_BELOW "'a line would be below cost'"
#define PRICE_HUGE "'an amount is too large to be exact'"
#define PRICE_BELOW_ALL "'the whole of it would be below cost'"
#define PRICE_NO_FREIGHT                                                                                        \
  "'its freight is not known: it is recorded for each line or for the whole, or the customer pays it (setting freight)'"

#define PRICE_REBATE(q, day)                                                                                   \
  "coalesce(" q ".rebate, (SELECT max(g.rebate) FROM agreement g WHERE g.account = " q ".account AND "          \
  PRICE_HOLDS("g", day) "), 0)"
/* A line with the day of its cost and the cost in force; with a limit SQLite works them out once. */
#define PRICE_LINES(q, day)                                                                                    \
  "(SELECT l.*, " PRICE_COST_DAY("l", day) " AS of_day, " PRICE_COST("l", day) " AS cost_now"                      \
  " FROM quote_line l WHERE l.quote = " q ".id LIMIT -1)"
#define PRICE_LINE_BREACH(day)                                                                                 \
  "CASE WHEN typeof(l.qty) NOT IN ('integer', 'real') OR l.qty <= 0 THEN " PRICE_NO_QTY                         \
  " WHEN l.net_price IS NULL OR l.net_price < 0 OR l.freight < 0 THEN " PRICE_NO_PRICE                          \
  " WHEN l.product IS NULL OR l.unit_cost IS NULL OR l.unit_cost <= 0 OR julianday(l.of_day) IS NULL THEN " PRICE_NO_COST \
  " WHEN julianday(" day ") - julianday(l.of_day) NOT BETWEEN 0 AND " PRICE_FRESH " THEN " PRICE_STALE          \
  " WHEN l.net_price < l.unit_cost OR l.net_price < l.cost_now THEN " PRICE_BELOW                               \
  " WHEN abs(l.net_price * l.qty) >= 9e14 OR abs(l.list_price * l.qty) >= 9e14 THEN " PRICE_HUGE " END"
/* A line's part of the discount on the whole: at most its share rounded up. */
#define PRICE_LINE_LEFT(q)                                                                                     \
  "(" PRICE_AMOUNT("l.net_price * l.qty") " - (coalesce(" q ".bundle, 0) * l.net_price * l.qty + t.net - 1)"      \
  " / t.net - round(t.rebate * l.net_price * l.qty) - coalesce(l.freight, 0)"                                  \
  " - max(l.unit_cost, coalesce(l.cost_now, 0)) * l.qty)"
/* What is recorded for the whole stands for lines without their own; what nobody recorded is not known. */
#define PRICE_FREIGHT_PAID "coalesce((SELECT value = 'customer' FROM setting WHERE name = 'freight'), 0)"
#define PRICE_FREIGHT_OPEN(q)                                                                                  \
  q ".freight IS NULL AND EXISTS(SELECT 1 FROM quote_line l WHERE l.quote = " q ".id AND l.freight IS NULL)"      \
  " AND NOT " PRICE_FREIGHT_PAID
/* The words for what keeps quote q from being granted on `day`, or null. */
#define PRICE_BREACH(q, day)                                                                                    \
  "CASE WHEN julianday(" day ") IS NULL THEN " PRICE_NO_DAY                                                                \
  " WHEN " q ".decided < " q ".requested_on OR " q ".requested_on > " day " OR " q ".expires < " q ".decided"    \
  " THEN " PRICE_REVERSED                                                                                       \
  " WHEN " q ".bundle < 0 OR " q ".freight < 0 OR " q ".payment_days < 0 OR " q ".rebate < 0 OR " q ".rebate >= 1" \
  " OR typeof(" q ".rebate) = 'text' THEN " PRICE_BAD_TERMS                                                     \
  " WHEN NOT EXISTS(SELECT 1 FROM quote_line l WHERE l.quote = " q ".id) THEN"                                   \
  " CASE WHEN " q ".status IS 'won' AND " q ".verdict IS NOT 'grant' THEN NULL ELSE " PRICE_NO_LINES " END"      \
  " ELSE (SELECT coalesce((SELECT why FROM (SELECT l.id, " PRICE_LINE_BREACH(day) " AS why FROM " PRICE_LINES(q, day) " l)" \
  " WHERE why IS NOT NULL ORDER BY id LIMIT 1),"                                                               \
  " CASE WHEN coalesce(" q ".bundle, 0) <> 0 OR coalesce(" q ".freight, 0) <> 0 OR t.rebate <> 0 OR t.freight THEN"  \
  " (SELECT CASE WHEN min(left_over) < 0 THEN " PRICE_BELOW                                                      \
  " WHEN sum(left_over) - coalesce(" q ".freight, 0) < 0 THEN " PRICE_BELOW_ALL                                  \
  " WHEN sum(left_over) IS NULL THEN " PRICE_HUGE " END FROM (SELECT " PRICE_LINE_LEFT(q) " AS left_over"         \
  " FROM " PRICE_LINES(q, day) " l)) END,"                                                                      \
  " CASE WHEN " PRICE_FREIGHT_OPEN(q) " THEN " PRICE_NO_FREIGHT " END) FROM (SELECT max(1, sum("                 \
  PRICE_AMOUNT("m.net_price * m.qty") ")) AS net, max(coalesce(m.freight <> 0, 0)) AS freight,"                 \
  " " PRICE_REBATE(q, day) " AS rebate FROM quote_line m WHERE m.quote = " q ".id) t) END"

void price_schema(Buf *sql);                            /* the triggers of schema version 6 but the floor (schema_held.h) */
const SchemaInvariant *price_invariant(size_t i);       /* NULL past the end */
#endif

/* Who may grant a price, in the schema: SQL fragments that the catalog's computed columns and the triggers share, the
 * triggers that hold authority, signatures and the life cycle of a quote whoever writes, and their invariant.
 *
 * Authority is rows of table authority, dated: up to how many percent and how much a level may give away, there, for
 * such accounts and product lines. What is given away is taken together with what the account was granted within
 * setting `split` days (30). The lowest level with a row that covers it suffices, and every level above it; no row is
 * no authority. A level counts for staff of the account's region, and for those to whom it is delegated that day. */
#ifndef STORE_SCHEMA_GRANT_H
#define STORE_SCHEMA_GRANT_H
#include "store/schema_price.h"

#define GRANT_RANK(level)                                                                                       \
  "CASE " level " WHEN '总部' THEN 1 WHEN '省' THEN 2 WHEN '地市' THEN 3 WHEN '客户经理' THEN 4 END"
#define GRANT_NAME(rank) "CASE " rank " WHEN 1 THEN '总部' WHEN 2 THEN '省' WHEN 3 THEN '地市' WHEN 4 THEN '客户经理' END"
#define GRANT_SPLIT "coalesce((SELECT CAST(value AS INTEGER) FROM setting WHERE name = 'split'), 30)"
#define GRANT_STANDS(q)                                                                                        \
  "(coalesce(" q ".status IN ('approved', 'granted') OR (" q ".verdict IS 'grant' AND coalesce(" q ".status, '') NOT IN " \
  "('refused', 'expired', 'withdrawn', 'lost')) OR (" q ".status IS 'won' AND " q ".approver IS NOT NULL), 0))"

/* At list price: of the line, or the price in force when that is higher, so that a low "list price" hides nothing. */
#define GRANT_LINE_LIST(l, account, day)                                                                        \
  "max(" l ".list_price, coalesce((SELECT p.unit_price FROM price p WHERE p.product = " l ".product AND "          \
  PRICE_HOLDS("p", day) " AND (p.region IS NULL OR p.region = (SELECT a.region FROM account a WHERE a.id = " account \
  ")) ORDER BY p.region IS NULL, p.from_day DESC, p.id DESC LIMIT 1), 0))"
/* What a quote gives away beside the prices of its lines, which amount to `net`. */
#define GRANT_BESIDE(q, net)                                                                                    \
  "(coalesce(" q ".bundle, 0) + CAST(round(coalesce(" q ".rebate, 0) * (" net " - coalesce(" q ".bundle, 0))) AS INTEGER))"
/* What was granted to the account within the days of a split. */
#define GRANT_LATELY(day)                                                                                       \
  GRANT_STANDS("o") " AND abs(julianday(coalesce(o.decided, o.requested_on)) - julianday(" day ")) < " GRANT_SPLIT
/* "A, B" or "A，B" holds x; empty holds everything. */
#define GRANT_LISTED(list, x)                                                                                   \
  "(" list " IS NULL OR instr(',' || replace(replace(replace(" list ", ', ', ','), '，', ','), '、', ',') || ','," \
  " ',' || " x " || ',') > 0)"
#define GRANT_COVERS(a, q, day)                                                                                  \
  PRICE_HOLDS(a, day) " AND " GRANT_LISTED(a ".region", "c.region") " AND " GRANT_LISTED(a ".tier", "c.tier")     \
  " AND (" a ".reason IS NULL OR " a ".reason = " q ".reason) AND (" a ".product_line IS NULL OR NOT EXISTS(SELECT 1" \
  " FROM quote_line m LEFT JOIN product p ON p.id = m.product WHERE m.quote = " q ".id AND NOT coalesce("         \
  GRANT_LISTED(a ".product_line", "p.line") ", 0)))"
/* The quote and the others of its account that `others` holds for: at list, and given away. */
#define GRANT_ROWS(q, day, others)                                                                              \
  "(SELECT self, late, list, CASE WHEN known THEN list - net + " GRANT_BESIDE("u", "net") " END"  \
  " AS given FROM (SELECT o.id = " q ".id AS self, (" GRANT_LATELY(day) ") AS late, o.bundle AS bundle, o.rebate AS rebate," \
  " sum(" GRANT_LINE_LIST("l", "o.account", day) " * l.qty) AS list, sum(l.net_price * l.qty) AS net,"             \
  " count(l.list_price * l.net_price * l.qty) = count(*) AS known"                                              \
  " FROM quote o JOIN quote_line l ON l.quote = o.id WHERE o.id = " q ".id OR (o.account = " q ".account AND ("    \
  others ")) GROUP BY o.id) u LIMIT -1)"
/* The rank of the lowest level that suffices for each of k: the quote alone; with what was granted lately; with all of its
 * rows. One that gives nothing away makes up for none that does, and one that is not known makes its sum unknown. Null
 * when none suffices, or a figure is unknown. */
#define GRANT_SUFFICES(q, day, others, k, most)                                                                 \
  "(SELECT CASE WHEN count(rank) = " most " THEN min(rank) END FROM (SELECT CASE WHEN given <= 0 THEN 4 ELSE (SELECT max(" \
  GRANT_RANK("a.level") ") FROM authority a LEFT JOIN account c ON c.id = " q ".account WHERE given <="            \
  " round(CAST(a.max_percent AS REAL) * list, 4) AND (a.max_amount IS NULL OR given <= a.max_amount) AND"         \
  " (a.max_deal IS NULL OR list < a.max_deal) AND " GRANT_COVERS("a", q, day) ") END AS rank FROM (SELECT sum(list) AS list," \
  " CASE WHEN count(given) = count(*) THEN sum(CASE WHEN self THEN given ELSE max(given, 0) END) END AS given FROM " \
  GRANT_ROWS(q, day, others) " r, (VALUES " k ") k WHERE self OR k.column1 > 2 OR (k.column1 > 1 AND late) GROUP BY k.column1)))"
/* … so that a large shallow deal does not make up for a deep one. */
#define GRANT_LEVEL(q, day) GRANT_SUFFICES(q, day, GRANT_LATELY(day), "(1), (2)", "2")
/* … and with the requests that are open as well, so that twenty judged together are one. */
#define GRANT_LEVEL_OPEN(q, day)                                                                                \
  GRANT_SUFFICES(q, day, GRANT_LATELY(day) " OR o.status IN ('requested', 'judged')", "(1), (2), (3)", "3")
/* The rank of what `person` may on that day for the quote's account: own, or of those they stand in for. */
#define GRANT_OF(q, person, day)                                                                                \
  "(SELECT min(" GRANT_RANK("s.level") ") FROM staff s WHERE (s.id = " person " OR s.id IN (SELECT d.staff FROM"   \
  " delegation d WHERE d.deputy = " person " AND " PRICE_HOLDS("d", day) "))"                                     \
  " AND EXISTS(SELECT 1 FROM staff x WHERE x.id = " person " AND coalesce(x.active, 1))"                          \
  " AND (s.region IS NULL OR s.level = '总部' OR s.region IS (SELECT a.region FROM account a WHERE a.id = " q ".account)))"
#define GRANT_DAY(q) "coalesce(" q ".decided, " q ".requested_on)"

/* A condition for quote q: all that must sign it have, for these figures, and nobody refused. */
#define GRANT_FIGURES(q)                                                                                        \
  "(SELECT CAST(round(sum(l.net_price * l.qty)) AS INTEGER) - coalesce(" q ".bundle, 0) FROM quote_line l WHERE l.quote = " q ".id)"
#define GRANT_UNSIGNED(q)                                                                                       \
  "EXISTS(SELECT 1 FROM signature g WHERE g.quote = " q ".id AND (g.answer IS NULL OR g.answer = 'no' OR"          \
  " (g.answer = 'yes' AND g.figures IS NOT " GRANT_FIGURES(q) ")))"

void grant_schema(Buf *sql);                            /* the triggers of the version that brought table authority … */
void grant_schema_won(Buf *sql);                        /* … and of the one that keeps what was won */
const SchemaInvariant *grant_invariant(size_t i);       /* NULL past the end */
#endif

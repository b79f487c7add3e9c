#include "store/price_lint.h"

#include <string.h>

#include "base/lang.h"
#include "base/num.h"
#include "store/schema_grant.h"

#define IN_FORCE(row) PRICE_HOLDS(row, "?1")
#define SHARE(x) "round(CAST(" x " AS REAL) * 100, 2) || ' %'"
#define MINOR "CAST((SELECT value FROM setting WHERE name = 'minor') AS INTEGER)"
#define MONEY(x) "printf('%,.*f', " MINOR ", " x " / pow(10, " MINOR "))"
#define SAME(a, b)                                                                                                \
  a ".region IS " b ".region AND " a ".tier IS " b ".tier AND " a ".product_line IS " b ".product_line AND "        \
  a ".reason IS " b ".reason"
#define FOR(a)                                                                                                    \
  "trim(coalesce(' in ' || " a ".region, '') || coalesce(' for ' || " a ".tier, '') || coalesce(' on ' || " a       \
  ".product_line, '') || coalesce(' when ' || " a ".reason, '')) || CASE WHEN coalesce(" a ".region, " a ".tier, " a \
  ".product_line, " a ".reason) IS NULL THEN 'everywhere' ELSE '' END"
#define OF_WHAT(v) "coalesce((SELECT code FROM product WHERE id = " v ".product), " v ".product_line, 'everything')"
#define ONE_OR_MORE(n, what) n " || CASE WHEN " n " = 1 THEN ' " what "' ELSE ' " what "s' END"

/* Products with their list price and cost in force. */
#define PRICED                                                                                                    \
  "(SELECT p.id, p.code, p.line, (SELECT r.unit_price FROM price r WHERE r.product = p.id AND r.region IS NULL AND " \
  IN_FORCE("r") " ORDER BY r.from_day DESC, r.id DESC LIMIT 1) AS list, (SELECT c.unit_cost FROM cost c WHERE"       \
  " c.product = p.id AND " IN_FORCE("c") " ORDER BY c.from_day DESC, c.unit_cost DESC LIMIT 1) AS cost FROM product p)"
#define BELOW(percent, lines)                                                                                     \
  " JOIN " PRICED " p ON " GRANT_LISTED(lines, "p.line") " AND p.list * (1 - CAST(" percent " AS REAL)) < p.cost - 0.5"
#define EXAMPLE "'; ' || min(p.code) || ' is one of ' || " ONE_OR_MORE("count(*)", "product")

static const struct { const char *table, *kind, *sql; } look[] = {
  {"authority", N_("inversion"),
   "SELECT x.level || ' may give less than ' || y.level || ' ' || " FOR("x") " || ': ' ||"
   " CASE WHEN CAST(x.max_percent AS REAL) < CAST(y.max_percent AS REAL) THEN " SHARE("x.max_percent") " || ' against ' || "
   SHARE("y.max_percent") " ELSE coalesce(" MONEY("x.max_amount") ", '-') || ' against ' || coalesce(" MONEY("y.max_amount")
   ", 'any amount') END FROM authority x JOIN authority y ON " SAME("x", "y") " AND " GRANT_RANK("x.level") " < "
   GRANT_RANK("y.level") " AND (CAST(x.max_percent AS REAL) < CAST(y.max_percent AS REAL) OR"
   " (x.max_amount IS NOT NULL AND x.max_amount < coalesce(y.max_amount, 9e18))) WHERE " IN_FORCE("x") " AND " IN_FORCE("y")
   " ORDER BY x.id, y.id"},
  {"authority", N_("never reached"),
   "SELECT x.level || ' is never asked ' || " FOR("x") " || ': ' || y.level || ' may give as much' FROM authority x JOIN authority y"
   " ON " SAME("x", "y") " AND " GRANT_RANK("x.level") " < " GRANT_RANK("y.level") " AND CAST(y.max_percent AS REAL) >="
   " CAST(x.max_percent AS REAL) AND coalesce(y.max_amount, 9e18) >= coalesce(x.max_amount, 9e18) AND coalesce(y.max_deal, 9e18)"
   " >= coalesce(x.max_deal, 9e18) WHERE " IN_FORCE("x") " AND " IN_FORCE("y") " ORDER BY x.id, y.id"},
  {"authority", N_("no row"),
   "SELECT column1 || ' holds no row: nobody of that level may give anything' FROM (VALUES('总部'), ('省'), ('地市'), ('客户经理'))"
   " WHERE EXISTS(SELECT 1 FROM staff WHERE level = column1 AND coalesce(active, 1)) AND EXISTS(SELECT 1 FROM authority) AND"
   " NOT EXISTS(SELECT 1 FROM authority a WHERE " GRANT_RANK("a.level") " >= " GRANT_RANK("column1") " AND " IN_FORCE("a") ")"},
  {"authority", N_("never reached"),
   "SELECT DISTINCT a.level || ' has rows, and nobody active is of that level' FROM authority a WHERE " IN_FORCE("a")
   " AND NOT EXISTS(SELECT 1 FROM staff s WHERE s.level = a.level AND coalesce(s.active, 1)) ORDER BY 1"},
  {"authority", N_("cliff"),
   "SELECT x.level || ' ' || " FOR("x") " || ': just below ' || " MONEY("x.max_deal") " || ' up to ' || " SHARE("x.max_percent")
   " || ' may be given, from there ' || " SHARE("max(CAST(y.max_percent AS REAL))") " FROM authority x JOIN authority y ON "
   SAME("x", "y") " AND x.level = y.level AND coalesce(y.max_deal, 9e18) > x.max_deal WHERE " IN_FORCE("x") " AND " IN_FORCE("y")
   " GROUP BY x.id HAVING max(CAST(y.max_percent AS REAL)) < CAST(x.max_percent AS REAL) - 0.05 ORDER BY x.id"},
  {"authority", N_("under cost"),
   "SELECT a.level || ' ' || " FOR("a") " || ': ' || " SHARE("a.max_percent") " || ' off list is below cost' || " EXAMPLE
   " FROM authority a" BELOW("a.max_percent", "a.product_line") " WHERE " IN_FORCE("a") " GROUP BY a.id ORDER BY a.id"},
  {"agreement", N_("under cost"),
   "SELECT a.code || ': ' || " SHARE("a.discount") " || ' off list is below cost' || " EXAMPLE " FROM agreement a"
   BELOW("a.discount", "a.product_line") " WHERE " IN_FORCE("a") " GROUP BY a.id ORDER BY a.id LIMIT 20"},
  {"volume", N_("inversion"),
   "SELECT " OF_WHAT("y") " || ' from ' || y.min_qty || ' on ' || " SHARE("y.discount") " || ' is off, from ' || x.min_qty || ' on ' || "
   SHARE("x.discount") " FROM volume x JOIN volume y ON x.product IS y.product AND x.product_line IS y.product_line AND y.min_qty >"
   " x.min_qty AND CAST(y.discount AS REAL) < CAST(x.discount AS REAL) WHERE " IN_FORCE("x") " AND " IN_FORCE("y")
   " ORDER BY x.id, y.id"},
  {"volume", N_("cliff"),
   "SELECT " OF_WHAT("y") " || ' from ' || y.min_qty || ' on: ' || y.min_qty || ' cost less than ' || (y.min_qty - 1) || ' (' || " SHARE("y.discount")
   " || ' off against ' || " SHARE("y.before") " || ')' FROM (SELECT v.*, coalesce((SELECT max(CAST(x.discount AS REAL)) FROM volume x"
   " WHERE x.product IS v.product AND x.product_line IS v.product_line AND x.min_qty < v.min_qty AND " IN_FORCE("x")
   "), 0) AS before FROM volume v WHERE " IN_FORCE("v") ") y WHERE y.min_qty > 1 AND"
   " (y.min_qty - 1) * (1 - y.before) > y.min_qty * (1 - CAST(y.discount AS REAL)) + 1e-9 ORDER BY y.id"},
  {"volume", N_("under cost"),
   "SELECT " OF_WHAT("v") " || ' from ' || v.min_qty || ' on: ' || " SHARE("v.discount") " || ' off list is below cost; ' || min(p.code) || ' is one of ' || "
   ONE_OR_MORE("count(*)", "product") " FROM volume v JOIN " PRICED " p ON (v.product IS NULL OR v.product = p.id) AND"
   " (v.product_line IS NULL OR v.product_line = p.line) AND p.list * (1 - CAST(v.discount AS REAL)) < p.cost - 0.5 WHERE "
   IN_FORCE("v") " GROUP BY v.id ORDER BY v.id"},
  {"price", N_("under cost"),
   "SELECT p.code || ': its list price of ' || " MONEY("p.list") " || ' is below its cost of ' || " MONEY("p.cost") " FROM " PRICED
   " p WHERE p.list < p.cost ORDER BY p.code LIMIT 20"},
  {"price", N_("twice"),
   "SELECT p.code || ' has ' || count(*) || ' list prices in force' || coalesce(' in ' || r.region, '') FROM price r JOIN product p ON"
   " p.id = r.product WHERE " IN_FORCE("r") " GROUP BY r.product, r.region HAVING count(DISTINCT r.unit_price) > 1 AND"
   " sum(r.to_day IS NULL) > 1 ORDER BY p.code LIMIT 20"},
};

/* Texts within the statements, each a literal there. */
static const char *const said[] = {
  N_(" in "), N_(" for "), N_(" on "), N_(" when "),
  N_("everywhere"), N_("everything"), N_(" may give less than "), N_(" against "),
  N_("any amount"), N_(" is never asked "), N_(" may give as much"), N_(" holds no row: nobody of that level may give anything"),
  N_(" has rows, and nobody active is of that level"), N_(": just below "), N_(" up to "), N_(" may be given, from there "),
  N_(" off list is below cost"), N_(" is one of "), N_(" product"), N_(" products"),
  N_(" from "), N_(" is off, from "), N_(" off list is below cost; "), N_(": its list price of "),
  N_(" is below its cost of "), N_(" has "), N_(" list prices in force"), N_(" off against "),
  N_(" cost less than "),
};

static const char *meant(Str literal) {
  for (size_t i = 0; i < sizeof said / sizeof *said; i++)
    if (str_is(literal, said[i])) return said[i];
  return NULL;
}

/* The statement with its texts in the language of the reader. */
static void in_words(const char *sql, Buf *out) {
  for (const char *p = sql; *p;) {
    const char *end = *p == '\'' ? strchr(p + 1, '\'') : NULL;
    if (!end) {
      buf_char(out, *p++);
      continue;
    }
    const char *text = meant((Str){p + 1, (size_t)(end - p - 1)});
    if (text) buf_printf(out, "'%s'", _(text));
    else buf_add(out, p, (size_t)(end + 1 - p));
    p = end + 1;
  }
}

typedef struct Look {
  size_t at;
  PriceLintFn fn;
  void *ctx;
} Look;

static bool found(void *ctx, int ncol, const Str *name, const Val *val, Err *e) {
  (void)ncol, (void)name;
  Look *l = ctx;
  if (val[0].t != V_TEXT) return true;
  return l->fn(l->ctx, str_of(look[l->at].table), str_of(look[l->at].kind), val_str(val[0]), e);
}

bool price_lint(Store *s, Day day, PriceLintFn fn, void *ctx, Err *e) {
  Val bind = val_date(day);
  Buf sql = {0};
  bool ok = true;
  for (size_t i = 0; ok && i < sizeof look / sizeof *look; i++) {
    Look l = {i, fn, ctx};
    buf_clear(&sql);
    in_words(look[i].sql, &sql);
    ok = store_query(s, sql.p, &bind, 1, found, &l, e);
  }
  buf_free(&sql);
  return ok;
}

/* --- rows of tables ------------------------------------------------------------------------------ */

/* `"A", "B"` or `['A', 'B']` as the list that a row of authority holds. */
static Val plain_list(Str cell, Arena *a) {
  char *p = arena_alloc(a, cell.n + 1);
  size_t n = 0;
  for (size_t i = 0; i < cell.n; i++)
    if (!strchr("\"'[]", cell.p[i])) p[n++] = cell.p[i];
  return val_text(str_trim((Str){p, n}));
}

#define LINES "SELECT DISTINCT p.line FROM product p WHERE p.line IS NOT NULL AND "
static bool lists_lines(Store *s, Val list, Arena *a, bool *is, Err *e) {
  Val v = val_null();
  if (!store_value(s, "SELECT EXISTS(" LINES GRANT_LISTED("?1", "p.line") ")", &list, 1, a, &v, e)) return false;
  *is = v.t == V_NUM && v.u.i;
  return true;
}

typedef struct Depth { PriceDepth *out; Arena *a; } Depth;

static bool take_depth(void *ctx, int ncol, const Str *name, const Val *val, Err *e) {
  (void)ncol, (void)name, (void)e;
  const Depth *to = ctx;
  PriceDepth *d = to->out;
  d->of = val[0].u.i;
  d->below = val_is_num(val[1]) ? val[1].u.i : 0;
  d->left = val_is_num(val[3]) ? num_double(val[3]) : 0;
  d->product = val[2].t == V_TEXT ? arena_strndup(to->a, val[2].u.s, val[2].n) : NULL;
  return true;
}

bool price_depth(Store *s, Day day, double part, double margin, const Str *cell, size_t ncell, Arena *a, PriceDepth *out, Err *e) {
  static const char sql[] =
      "SELECT count(*), sum(left < ?4 - 1e-9), (SELECT code FROM w ORDER BY left, code LIMIT 1), min(left) FROM w";
  static const char priced[] =
      "WITH w AS (SELECT p.code, CASE WHEN p.list * (1 - ?3) > 0 THEN 1 - p.cost / (p.list * (1 - ?3)) ELSE -1 END AS left FROM " PRICED
      " p WHERE p.list > 0 AND p.cost > 0 AND " GRANT_LISTED("?2", "p.line") ") ";
  Val bind[] = {val_date(day), val_null(), val_real(part), val_real(margin)};
  for (size_t i = 0; i < ncell && bind[1].t == V_NULL; i++) {
    Val list = plain_list(cell[i], a);
    bool is = false;
    if (!lists_lines(s, list, a, &is, e)) return false;
    if (is) bind[1] = list;
  }
  *out = (PriceDepth){0};
  Depth to = {out, a};
  return store_query(s, arena_printf(a, "%s%s", priced, sql), bind, 4, take_depth, &to, e);
}

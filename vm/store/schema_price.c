#include "store/schema_price.h"

#include "base/mem.h"

#define HAS_LINES(q) "EXISTS(SELECT 1 FROM quote_line l WHERE l.quote = " q ".id)"
/* A quote won elsewhere may come without lines: then it is a fact, and no grant of ours. */
#define GRANTED(q)                                                                                              \
  "(" q ".status IN ('approved', 'granted') OR " q ".verdict IS 'grant' OR (" q ".status IS 'won' AND " HAS_LINES(q) "))"
#define LOCKED(q) "coalesce(" q ".status IN ('approved', 'granted', 'won') OR " q ".verdict IS 'grant', 0)"
#define APPROVED(q) "coalesce(" q ".status IN ('approved', 'granted') OR " q ".verdict IS 'grant', 0)"

#define FROZEN "'lines and terms of a granted quote are frozen; it goes back to requested first, without a verdict'"
#define OF_LOCKED(line) "EXISTS(SELECT 1 FROM quote q WHERE q.id = " line ".quote AND " LOCKED("q") ")"
#define DIFFERS(c) "OLD." c " IS NOT NEW." c
#define LINE_COLUMNS "id, quote, product, qty, list_price, net_price, unit_cost, freight, currency, cost_day"
#define LINE_DIFFERS                                                                                                \
  "(" DIFFERS("id") " OR " DIFFERS("quote") " OR " DIFFERS("product") " OR " DIFFERS("qty") " OR "                   \
  DIFFERS("list_price") " OR " DIFFERS("net_price") " OR " DIFFERS("unit_cost") " OR " DIFFERS("freight") " OR "     \
  DIFFERS("currency") " OR " DIFFERS("cost_day") ")"
#define TERM_COLUMNS                                                                                                \
  "bundle, rebate, freight, payment_days, currency, exception, exception_by, exception_evidence, exception_until, "  \
  "reason, requester, product, requested_on, decided, expires, net_total, list_total"
#define TERM_DIFFERS                                                                                                 \
  "(" DIFFERS("bundle") " OR " DIFFERS("rebate") " OR " DIFFERS("freight") " OR " DIFFERS("payment_days") " OR "      \
  DIFFERS("currency") " OR " DIFFERS("exception") " OR " DIFFERS("exception_by") " OR "                               \
  DIFFERS("exception_evidence") " OR " DIFFERS("exception_until") " OR " DIFFERS("reason") " OR "                     \
  DIFFERS("requester") " OR " DIFFERS("product") " OR " DIFFERS("requested_on") " OR "                                \
  DIFFERS("net_total") " OR " DIFFERS("list_total") " OR (OLD.decided IS NOT NULL AND " DIFFERS("decided") ")"        \
  " OR coalesce(NEW.expires > OLD.expires, OLD.expires IS NOT NULL AND NEW.expires IS NULL))"

/* OR REPLACE fires no DELETE trigger: a row that exists already counts as changed. */
static const char floors[] =
    "CREATE TRIGGER quote_replace BEFORE INSERT ON quote WHEN EXISTS(\n"
    "  SELECT 1 FROM quote q WHERE (q.id = NEW.id OR q.code = NEW.code) AND (q.status IS NOT NULL OR q.verdict IS NOT NULL))\n"
    "BEGIN SELECT RAISE(ABORT, 'this quote exists: it is changed, not replaced'); END;\n"
    "CREATE TRIGGER quote_renumber BEFORE UPDATE OF id, code ON quote WHEN OLD.id IS NOT NEW.id OR EXISTS(\n"
    "  SELECT 1 FROM quote q WHERE q.code = NEW.code AND q.id <> OLD.id)\n"
    "BEGIN SELECT RAISE(ABORT, 'a quote keeps its number, and takes nobody else''s code'); END;\n"
    "CREATE TRIGGER quote_kept BEFORE DELETE ON quote WHEN " APPROVED("OLD") "\n"
    "BEGIN SELECT RAISE(ABORT, " FROZEN "); END;\n"
    "CREATE TRIGGER quote_terms BEFORE UPDATE OF " TERM_COLUMNS " ON quote\n"
    "WHEN " APPROVED("OLD") " AND " APPROVED("NEW") " AND " TERM_DIFFERS "\n"
    "BEGIN SELECT RAISE(ABORT, " FROZEN "); END;\n"
    "CREATE TRIGGER quote_line_insert BEFORE INSERT ON quote_line WHEN " OF_LOCKED("NEW") " OR EXISTS(\n"
    "  SELECT 1 FROM quote_line o JOIN quote q ON q.id = o.quote WHERE o.id = NEW.id AND " LOCKED("q") ")\n"
    "BEGIN SELECT RAISE(ABORT, " FROZEN "); END;\n"
    "CREATE TRIGGER quote_line_update BEFORE UPDATE OF " LINE_COLUMNS " ON quote_line\n"
    "WHEN " LINE_DIFFERS " AND (" OF_LOCKED("OLD") " OR " OF_LOCKED("NEW") ")\n"
    "BEGIN SELECT RAISE(ABORT, " FROZEN "); END;\n"
    "CREATE TRIGGER quote_line_renumber BEFORE UPDATE OF id ON quote_line WHEN OLD.id IS NOT NEW.id\n"
    "BEGIN SELECT RAISE(ABORT, 'a line keeps its number'); END;\n"
    "CREATE TRIGGER quote_line_delete BEFORE DELETE ON quote_line WHEN " OF_LOCKED("OLD") "\n"
    "BEGIN SELECT RAISE(ABORT, " FROZEN "); END;\n";

static const char *const in_currency[] = {"price", "cost", "quote", "quote_line", "competitor"};
static const char *const dated[] = {"price", "cost", "agreement", "volume", "delegation"};
static const struct { const char *table, *column; } not_negative[] = {{"price", "unit_price"}, {"cost", "unit_cost"}};

#define COUNT(a) (sizeof(a) / sizeof *(a))

static void refuse(Buf *sql, const char *table, const char *name, const char *columns, const char *when,
                   const char *why) {
  static const char *const event[] = {"INSERT", "UPDATE OF "};
  for (int k = 0; k < 2; k++)
    buf_printf(sql, "CREATE TRIGGER %s_%s_%s BEFORE %s%s ON %s WHEN %s\nBEGIN SELECT RAISE(ABORT, '%s'); END;\n", table,
               name, k ? "update" : "insert", event[k], k ? columns : "", table, when, why);
}

void price_schema(Buf *sql) {
  buf_puts(sql, floors);
  for (size_t i = 0; i < COUNT(in_currency); i++)
    refuse(sql, in_currency[i], "currency", "currency",
           "NEW.currency IS NOT NULL AND NEW.currency IS NOT (SELECT value FROM setting WHERE name = 'currency')",
           "money is kept in one currency (setting currency): convert it first");
  for (size_t i = 0; i < COUNT(dated); i++)
    refuse(sql, dated[i], "dates", "from_day, to_day", "NEW.to_day <= NEW.from_day",
           "from_day and to_day are reversed");
  for (size_t i = 0; i < COUNT(not_negative); i++) {
    Buf when = {0};
    buf_printf(&when, "NEW.%s < 0", not_negative[i].column);
    refuse(sql, not_negative[i].table, "negative", not_negative[i].column, when.p, "it is below zero");
    buf_free(&when);
  }
}

/* Costs may be entered later for a day long past; what was granted then is held against the cost that stands
 * on its lines, which must be there. */
#define STILL_BELOW                                                                                                 \
  "SELECT coalesce(q.code, 'quote #' || q.id) FROM quote q WHERE " GRANTED("q") " AND (NOT (q.status IS 'won' OR "   \
  HAS_LINES("q") ") OR EXISTS(SELECT 1 FROM quote_line l WHERE l.quote = q.id AND NOT coalesce(l.unit_cost > 0 AND " \
  "l.net_price >= l.unit_cost AND l.qty > 0, 0))) LIMIT 1"

#define BELOW_SAYS "a granted quote stands below cost, or a cost, price or quantity of it is missing"

static const SchemaInvariant invariant[] = {
    {"quote", NULL, STILL_BELOW, BELOW_SAYS},
    {"quote_line", NULL, STILL_BELOW, BELOW_SAYS},
};

const SchemaInvariant *price_invariant(size_t i) {
  return i < sizeof invariant / sizeof *invariant ? &invariant[i] : NULL;
}

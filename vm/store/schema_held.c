#include "store/schema_held.h"

#include "store/schema_grant.h"

#define STATUS_GRANTED(q) q ".status IN ('approved', 'granted')"
#define APPROVED(q) "coalesce(" STATUS_GRANTED(q) " OR " q ".verdict IS 'grant', 0)"
#define SAYS(text) "RAISE(ABORT, '" text "')"
/* What was granted under rules that hold no more stands as it was granted: only becoming granted is judged. */
#define BECOMES "(" APPROVED("NEW") " AND NOT " APPROVED("OLD") ")"
/* A quote won elsewhere may come without lines: then it is a fact, and no grant of ours. */
#define GRANTED(q)                                                                                              \
  "(" q ".status IN ('approved', 'granted') OR " q ".verdict IS 'grant' OR (" q ".status IS 'won' AND EXISTS("      \
  "SELECT 1 FROM quote_line l WHERE l.quote = " q ".id)))"

void held_views(Buf *sql) {
  static const char views[] =
      "CREATE VIEW IF NOT EXISTS quote_floor(id, becomes) AS SELECT 0, 0 WHERE 0;\n"
      "CREATE VIEW IF NOT EXISTS quote_authority(id) AS SELECT 0 WHERE 0;\n"
      "CREATE VIEW IF NOT EXISTS signature_signed(id) AS SELECT 0 WHERE 0;\n";
  buf_puts(sql, views);
}

/* --- the floor --------------------------------------------------------------------------- */

/* The rule language shows the same words (quote.floor_breach). */
#define REASONS(X)                                                                                            \
  X(PRICE_NO_LINES) X(PRICE_NO_DAY) X(PRICE_REVERSED) X(PRICE_BAD_TERMS) X(PRICE_NO_QTY) X(PRICE_NO_PRICE)      \
  X(PRICE_NO_COST) X(PRICE_STALE) X(PRICE_BELOW) X(PRICE_HUGE) X(PRICE_BELOW_ALL)
#define RAISED(why) " WHEN " why " THEN RAISE(ABORT, " why ")"

static const char floor_body[] =
    "CREATE TRIGGER quote_floor_held INSTEAD OF INSERT ON quote_floor BEGIN\n"
    "SELECT CASE why" REASONS(RAISED) " WHEN " PRICE_NO_FREIGHT " THEN CASE WHEN NEW.becomes THEN RAISE(ABORT, "
    PRICE_NO_FREIGHT ") END END FROM (SELECT " PRICE_BREACH("q", "q.today") " AS why FROM (SELECT *, " GRANT_DAY("quote")
    " AS today FROM quote WHERE id = NEW.id) q); END;\n";
static const char floor_held[] =
    "CREATE TRIGGER quote_floor_insert AFTER INSERT ON quote WHEN " GRANTED("NEW") "\n"
    "BEGIN INSERT INTO quote_floor(id, becomes) VALUES(NEW.id, " APPROVED("NEW") "); END;\n"
    "CREATE TRIGGER quote_floor_update AFTER UPDATE ON quote WHEN " GRANTED("NEW") "\n"
    "BEGIN INSERT INTO quote_floor(id, becomes) VALUES(NEW.id, " BECOMES "); END;\n";

/* --- authority ---------------------------------------------------------------------------- */

#define NOT_ENOUGH                                                                                               \
  "SELECT CASE WHEN NOT EXISTS(SELECT 1 FROM quote_line l WHERE l.quote = NEW.id) THEN " SAYS("it has no lines, so no "   \
  "costs: nothing is granted without them; lines that come later in another file are imported first")             \
  " WHEN q.verdict IN ('refuse', 'offer-first') OR q.审批人 IS '拒绝' THEN"                                         \
  " " SAYS("it was judged, and not granted: it is approved when another judgement says so")                       \
  " WHEN q.approver IS NULL AND (q.verdict IS NOT 'grant' OR q.requester IS NULL) THEN"                            \
  " " SAYS("nobody stands for this approval: it needs an approver, or a verdict that grants and who asked")        \
  " WHEN q.level IS NULL THEN"                                                                                   \
  " " SAYS("no row of table authority covers what it gives away: nobody may grant it")                            \
  " WHEN NOT coalesce(" GRANT_OF("q", "q.who", "q.today") " <= min(q.level, CASE WHEN q.approver IS NULL OR"         \
  " q.审批人 IS NULL THEN 4 ELSE " GRANT_RANK("q.审批人") " END), 0) THEN"                                            \
  " " SAYS("beyond the authority of whoever grants it (approver, else requester)")                                \
  " WHEN " STATUS_GRANTED("q") " AND " GRANT_UNSIGNED("q") " THEN"                                                 \
  " " SAYS("a signature is missing, was refused, or was given for other figures") " END"                          \
  " FROM (SELECT q.*, " GRANT_LEVEL("q", "q.today") " AS level FROM (SELECT *, "            \
  GRANT_DAY("quote") " AS today, coalesce(approver, requester) AS who FROM quote WHERE id = NEW.id) q LIMIT 1) q LIMIT 1"

static const char authority_held[] =
    "CREATE TRIGGER quote_authority_held INSTEAD OF INSERT ON quote_authority BEGIN\n"
    NOT_ENOUGH "; END;\n"
    "CREATE TRIGGER quote_authority_insert AFTER INSERT ON quote WHEN " APPROVED("NEW") "\n"
    "BEGIN INSERT INTO quote_authority(id) VALUES(NEW.id); END;\n"
    "CREATE TRIGGER quote_authority_update AFTER UPDATE OF status, verdict ON quote WHEN " BECOMES "\n"
    " OR (" STATUS_GRANTED("NEW") " AND NOT coalesce(" STATUS_GRANTED("OLD") ", 0) AND NEW.verdict IS NOT 'grant')\n"
    "BEGIN INSERT INTO quote_authority(id) VALUES(NEW.id); END;\n";

/* --- signatures ---------------------------------------------------------------------------- */

/* Steps are signed in order, those of one step in any. */
static const char signed_held[] =
    "CREATE TRIGGER signature_held INSTEAD OF INSERT ON signature_signed BEGIN\n"
    "SELECT CASE WHEN s.staff IS NULL OR s.signed IS NULL OR s.figures IS NULL THEN"
    " " SAYS("a signature has who signs, the day, and the figures signed")
    " WHEN EXISTS(SELECT 1 FROM signature x WHERE x.quote = s.quote AND x.id <> s.id AND x.step < s.step"
    " AND (x.answer IS NULL OR x.answer = 'no')) THEN " SAYS("an earlier step of the chain has not signed")
    " WHEN s.figures IS NOT (SELECT " GRANT_FIGURES("q") " FROM quote q WHERE q.id = s.quote) THEN"
    " " SAYS("the quote has other figures than those signed")
    " WHEN s.level IS NOT NULL AND NOT coalesce((SELECT " GRANT_OF("q", "s.staff", "s.signed") " FROM quote q"
    " WHERE q.id = s.quote) <= " GRANT_RANK("s.level") ", 0) THEN"
    " " SAYS("whoever signs has not the level this signature needs, there and on that day")
    " WHEN s.department IS NOT NULL AND NOT EXISTS(SELECT 1 FROM staff w WHERE (w.id = s.staff OR w.id IN"
    " (SELECT d.staff FROM delegation d WHERE d.deputy = s.staff AND " PRICE_HOLDS("d", "s.signed") "))"
    " AND w.department = s.department) THEN " SAYS("whoever signs is of another department") " END"
    " FROM signature s WHERE s.id = NEW.id; END;\n"
    "CREATE TRIGGER signature_sign AFTER UPDATE ON signature WHEN NEW.answer IN ('yes', 'no') AND OLD.answer IS NULL\n"
    "BEGIN INSERT INTO signature_signed(id) VALUES(NEW.id); END;\n"
    "CREATE TRIGGER signature_add AFTER INSERT ON signature WHEN NEW.answer IN ('yes', 'no')\n"
    "BEGIN INSERT INTO signature_signed(id) VALUES(NEW.id); END;\n";

/* Databases of earlier versions have them on the tables themselves, those of today never had. */
static const char no_more[] =
    "DROP TRIGGER IF EXISTS quote_floor_insert; DROP TRIGGER IF EXISTS quote_floor_update;\n"
    "DROP TRIGGER IF EXISTS quote_authority_insert; DROP TRIGGER IF EXISTS quote_authority_update;\n"
    "DROP TRIGGER IF EXISTS signature_sign; DROP TRIGGER IF EXISTS signature_add;\n";

void held_schema(Buf *sql) {
  buf_puts(sql, no_more);
  held_views(sql);
  buf_puts(sql, floor_body);
  buf_puts(sql, floor_held);
  buf_puts(sql, authority_held);
  buf_puts(sql, signed_held);
}

void held_schema_days(Buf *sql) {
  buf_puts(sql, "DROP TRIGGER quote_floor_held;\n");
  buf_puts(sql, floor_body);
}

#include "store/schema_grant.h"

#define STATUS_GRANTED(q) q ".status IN ('approved', 'granted')"
#define APPROVED(q) "coalesce(" STATUS_GRANTED(q) " OR " q ".verdict IS 'grant', 0)"
#define DIFFERS(c) "OLD." c " IS NOT NEW." c
#define SAYS(text) "RAISE(ABORT, '" text "')"

/* Where a quote may go from where it stands. */
#define FROM(status, to) " WHEN '" status "' THEN ' " to " '"
#define NEXT                                                                                                     \
  "CASE OLD.status" FROM("prospecting", "engaging requested won lost withdrawn past")                              \
  FROM("engaging", "prospecting requested won lost withdrawn past")                                               \
  FROM("requested", "judged approved granted refused expired withdrawn lost")                                      \
  FROM("judged", "requested approved granted refused expired withdrawn lost")                                      \
  FROM("approved", "granted requested expired withdrawn won lost")                                                \
  FROM("granted", "approved requested expired withdrawn won lost")                                                \
  FROM("refused", "requested withdrawn lost") FROM("expired", "requested withdrawn lost")                          \
  FROM("withdrawn", "requested lost") FROM("lost", "prospecting engaging requested past") FROM("won", "") FROM("past", "") \
  " ELSE ' ' || NEW.status || ' ' END"

static const char life[] =
    "CREATE TRIGGER quote_authority_kept BEFORE UPDATE OF account, approver, 审批人, in_return ON quote\n"
    "WHEN " APPROVED("OLD") " AND " APPROVED("NEW") " AND coalesce(" STATUS_GRANTED("OLD") ", 0) AND\n"
    " (" DIFFERS("account") " OR " DIFFERS("approver") " OR " DIFFERS("审批人") " OR " DIFFERS("in_return") ")\n"
    "BEGIN SELECT " SAYS("who approved it for whom, and for what, is frozen; it goes back to requested first") "; END;\n"
    "CREATE TRIGGER quote_life BEFORE UPDATE OF status ON quote WHEN OLD.status IS NOT NULL AND OLD.status IS NOT NEW.status\n"
    " AND instr(" NEXT ", ' ' || coalesce(NEW.status, '?') || ' ') = 0\n"
    "BEGIN SELECT " SAYS("a quote goes from requested to judged, approved or refused, from approved to won, expired or "
                         "withdrawn, and back to requested before it is approved again; won and past are for good") "; END;\n"
    "CREATE TRIGGER quote_life_when BEFORE UPDATE OF status ON quote WHEN OLD.status IS NOT NEW.status AND (\n"
    " (NEW.status IN ('approved', 'granted', 'refused') AND NEW.decided IS NULL) OR\n"
    " (NEW.status = 'expired' AND OLD.status IN ('approved', 'granted') AND NEW.expires IS NULL))\n"
    "BEGIN SELECT " SAYS("what is approved or refused has the day it was decided, what expired the day it lapsed") "; END;\n"
    "CREATE TRIGGER quote_life_again BEFORE UPDATE OF status ON quote WHEN NEW.status = 'requested' AND\n"
    " OLD.status IS NOT 'requested' AND NEW.verdict IS 'grant'\n"
    "BEGIN SELECT " SAYS("it goes back to requested without its verdict") "; END;\n"
    "CREATE TRIGGER quote_life_won BEFORE UPDATE OF status ON quote WHEN NEW.status = 'won' AND\n"
    " OLD.status IN ('prospecting', 'engaging') AND EXISTS(SELECT 1 FROM quote_line l WHERE l.quote = NEW.id\n"
    "  AND NOT coalesce(l.net_price >= l.list_price, 0))\n"
    "BEGIN SELECT " SAYS("it has lines under list price: it is requested and approved before it is won") "; END;\n";

/* Steps are signed in order, those of one step in any; what is signed stays. */
#define SIGNED_SAYS "what was signed is kept; a new judgement asks for new signatures"
static const char signatures[] =
    "CREATE TRIGGER signature_kept BEFORE UPDATE ON signature WHEN OLD.answer IS NOT NULL AND (NEW.answer IS NOT 'void' OR\n"
    " " DIFFERS("quote") " OR " DIFFERS("step") " OR " DIFFERS("staff") " OR " DIFFERS("signed") " OR " DIFFERS("figures") ")\n"
    "BEGIN SELECT " SAYS(SIGNED_SAYS) "; END;\n"
    "CREATE TRIGGER signature_voided BEFORE UPDATE OF answer ON signature WHEN NEW.answer = 'void' AND EXISTS(SELECT 1\n"
    " FROM quote q WHERE q.id = OLD.quote AND q.status NOT IN ('requested', 'withdrawn', 'refused', 'expired', 'lost'))\n"
    "BEGIN SELECT " SAYS("signatures are void once the quote is requested again, withdrawn, refused or expired") "; END;\n"
    "CREATE TRIGGER signature_chain BEFORE UPDATE OF quote, step, level, department ON signature WHEN\n"
    " " DIFFERS("quote") " OR " DIFFERS("step") " OR " DIFFERS("level") " OR " DIFFERS("department") "\n"
    "BEGIN SELECT " SAYS("who must sign is not changed: a new judgement asks anew") "; END;\n"
    "CREATE TRIGGER signature_delete BEFORE DELETE ON signature BEGIN SELECT " SAYS(SIGNED_SAYS) "; END;\n"
    "CREATE TRIGGER signature_replace BEFORE INSERT ON signature WHEN EXISTS(SELECT 1 FROM signature x WHERE x.id = NEW.id)\n"
    "BEGIN SELECT " SAYS(SIGNED_SAYS) "; END;\n";

static const char authority[] =
    "CREATE TRIGGER authority_dates_insert BEFORE INSERT ON authority WHEN NEW.to_day <= NEW.from_day OR\n"
    " NOT coalesce(CAST(NEW.max_percent AS REAL) BETWEEN 0 AND 1, 0) OR NEW.max_amount < 0 OR NEW.max_deal < 0\n"
    "BEGIN SELECT " SAYS("a row of authority has dates in order, 0 to 100 %, and amounts that are not below zero") "; END;\n"
    "CREATE TRIGGER authority_dates_update BEFORE UPDATE ON authority WHEN NEW.to_day <= NEW.from_day OR\n"
    " NOT coalesce(CAST(NEW.max_percent AS REAL) BETWEEN 0 AND 1, 0) OR NEW.max_amount < 0 OR NEW.max_deal < 0\n"
    "BEGIN SELECT " SAYS("a row of authority has dates in order, 0 to 100 %, and amounts that are not below zero") "; END;\n";

void grant_schema(Buf *sql) {
  buf_puts(sql, "DROP TRIGGER IF EXISTS quote_approval_insert; DROP TRIGGER IF EXISTS quote_approval_update;\n"
                "DROP TRIGGER IF EXISTS quote_life;\n");
  buf_puts(sql, life);
  buf_puts(sql, signatures);
  buf_puts(sql, authority);
}

/* What was won on a grant stays as it was granted; what was won elsewhere is a fact that may be put right. */
static const char won[] =
    "CREATE TRIGGER quote_won_kept BEFORE UPDATE ON quote WHEN OLD.status IS 'won' AND (OLD.approver IS NOT NULL OR OLD.verdict IS 'grant')\n"
    " AND (" DIFFERS("account") " OR " DIFFERS("approver") " OR " DIFFERS("requester") " OR " DIFFERS("审批人") " OR " DIFFERS("decided")
    " OR " DIFFERS("verdict") " OR " DIFFERS("requested_on") " OR " DIFFERS("bundle") " OR " DIFFERS("rebate") " OR " DIFFERS("freight")
    " OR " DIFFERS("payment_days") " OR " DIFFERS("reason") " OR " DIFFERS("in_return") " OR " DIFFERS("list_total") " OR " DIFFERS("net_total") ")\n"
    "BEGIN SELECT " SAYS("what was won stays as it was granted") "; END;\n"
    "CREATE TRIGGER quote_won_deleted BEFORE DELETE ON quote WHEN OLD.status IS 'won' AND (OLD.approver IS NOT NULL OR OLD.verdict IS 'grant')\n"
    "BEGIN SELECT " SAYS("what was won stays as it was granted") "; END;\n";

void grant_schema_won(Buf *sql) { buf_puts(sql, won); }

/* Each by itself: what else was granted to the account later takes nothing from what stood then. A company without
 * rows of authority has none to hold it against; what it granted was before they came. */
static const SchemaInvariant invariant[] = {
    {"authority", NULL, /* staff move on: undoing something else is not refused for it */
     "SELECT coalesce(q.code, 'quote #' || q.id) FROM quote q WHERE q.status IN ('approved', 'granted') AND"
     " EXISTS(SELECT 1 FROM authority) AND NOT coalesce(" GRANT_OF("q", "coalesce(q.approver, q.requester)", GRANT_DAY("q"))
     " <= (SELECT CASE WHEN t.given <= 0 THEN 4 ELSE (SELECT max(" GRANT_RANK("a.level") ") FROM authority a LEFT JOIN"
     " account c ON c.id = q.account WHERE " GRANT_COVERS("a", "q", GRANT_DAY("q")) " AND t.given <= round(CAST(a.max_percent"
     " AS REAL) * t.list, 4) AND (a.max_amount IS NULL OR t.given <= a.max_amount)) END FROM (SELECT sum(l.list_price * l.qty)"
     " AS list, sum(l.list_price * l.qty) - sum(l.net_price * l.qty) + " GRANT_BESIDE("q", "sum(l.net_price * l.qty)")
     " AS given FROM quote_line l WHERE l.quote = q.id) t), 0) LIMIT 1",
     "an approved quote is beyond the authority of whoever granted it (approver, else requester)"},
    {"quote", NULL,
     "SELECT coalesce(q.code, 'quote #' || q.id) FROM quote q WHERE q.status IN ('approved', 'granted') AND "
     GRANT_UNSIGNED("q") " LIMIT 1",
     "an approved quote lacks a signature, or one was given for other figures"},
};

const SchemaInvariant *grant_invariant(size_t i) {
  return i < sizeof invariant / sizeof *invariant ? &invariant[i] : NULL;
}

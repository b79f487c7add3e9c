#include "store/sign.h"

#include "base/mem.h"
#include "store/schema_grant.h"

/* ?1 the quote, ?2 who, ?3 the day. Ranks as in the triggers, which look again. */
#define PERSON                                                                                                   \
  "(s.id = ?2 OR s.id IN (SELECT d.staff FROM delegation d WHERE d.deputy = ?2 AND d.from_day <= ?3 AND "          \
  "(d.to_day IS NULL OR d.to_day > ?3)))"
static const char within_reach[] =
    "SELECT g.id FROM signature g JOIN quote q ON q.id = g.quote LEFT JOIN account a ON a.id = q.account"
    " WHERE g.quote = ?1 AND g.answer IS NULL AND g.step = (SELECT min(step) FROM signature WHERE quote = ?1 AND answer IS NULL)"
    " AND EXISTS(SELECT 1 FROM staff s WHERE " PERSON " AND (g.level IS NULL OR (" GRANT_RANK("s.level") " <= " GRANT_RANK("g.level")
    " AND (s.region IS NULL OR s.level = '总部' OR s.region IS a.region))) AND (g.department IS NULL OR s.department = g.department))"
    " ORDER BY g.id";
static const char figures[] =
    "SELECT CAST(round(sum(l.net_price * l.qty)) AS INTEGER) - coalesce((SELECT bundle FROM quote WHERE id = ?1), 0)"
    " FROM quote_line l WHERE l.quote = ?1";
static const char waiting[] =
    "SELECT group_concat(coalesce(level, '') || coalesce(department, ''), ' + ') FROM signature WHERE quote = ?1 AND"
    " answer IS NULL AND step = (SELECT min(step) FROM signature WHERE quote = ?1 AND answer IS NULL)";

typedef struct Sign {
  const Signing *what;
  Signed *out;
  Arena *a;
  int64_t *id;
  size_t n, cap;
} Sign;

static bool take_id(void *ctx, int ncol, const Str *name, const Val *val, Err *e) {
  (void)ncol, (void)name, (void)e;
  Sign *g = ctx;
  mem_grow(g->id, g->cap, g->n + 1);
  g->id[g->n++] = val[0].u.i;
  return true;
}

static bool still_waits(Sign *g, Store *s, Str *out, Err *e) {
  Val v, bind = val_int(g->what->quote);
  if (!store_value(s, waiting, &bind, 1, g->a, &v, e)) return false;
  *out = v.t == V_TEXT ? val_str(v) : (Str){0};
  return true;
}

static bool text_of(Store *s, const char *sql, int64_t id, Arena *a, Str *out, Err *e) {
  Val v, bind = val_int(id);
  if (!store_value(s, sql, &bind, 1, a, &v, e)) return false;
  *out = v.t == V_TEXT ? val_str(v) : (Str){0};
  return true;
}

/* No chain was asked for: one signature of whoever it is, whom the triggers hold against the rows of authority. */
static bool add_one(Sign *g, Store *s, Err *e) {
  Val bind[] = {val_int(g->what->quote), val_date(g->what->day)};
  return store_exec(s,
                    "INSERT INTO signature(quote, step, level, asked) SELECT ?1, 1, CASE WHEN 审批人 <> '拒绝' THEN 审批人 END, ?2"
                    " FROM quote WHERE id = ?1 AND NOT EXISTS(SELECT 1 FROM signature WHERE quote = ?1 AND answer IS NOT 'void')",
                    bind, 2, e);
}

static bool nobody(Sign *g, Store *s, Err *e) {
  Str waits, who;
  if (!still_waits(g, s, &waits, e) ||
      !text_of(s, "SELECT code || coalesce(' (' || level || ')', ' (no level)') FROM staff WHERE id = ?1", g->what->staff, g->a, &who, e))
    return false;
  if (!waits.n) return err_set(e, ERR_FAIL, "quote %s waits for no signature", g->what->code);
  err_set(e, ERR_FAIL, "quote %s waits for %.*s; %.*s may not sign for that", g->what->code, STR_ARG(waits), STR_ARG(who));
  return err_todo(e, "a deputy signs while a delegation lasts: pareto query --of delegation");
}

static bool give(Sign *g, Store *s, Err *e) {
  Val find[] = {val_int(g->what->quote), val_int(g->what->staff), val_date(g->what->day)}, net;
  if (!add_one(g, s, e) || !store_query(s, within_reach, find, 3, take_id, g, e) ||
      !store_value(s, figures, find, 1, g->a, &net, e))
    return false;
  if (!g->n) return nobody(g, s, e);
  for (size_t i = 0; i < g->n; i++) {
    Val bind[] = {val_int(g->id[i]), val_int(g->what->staff), val_date(g->what->day), net,
                  val_text(g->what->refuse ? STR("no") : STR("yes")),
                  g->what->text ? val_text(str_of(g->what->text)) : val_null()};
    if (!store_exec(s, "UPDATE signature SET staff = ?2, signed = ?3, figures = ?4, answer = ?5, text = ?6 WHERE id = ?1", bind, 6, e))
      return false;
  }
  g->out->given = g->n;
  return true;
}

/* The highest of those who signed stands for it. */
static const char approve[] =
    "UPDATE quote SET status = 'approved', decided = ?2, approver = (SELECT g.staff FROM signature g JOIN staff s ON s.id = g.staff"
    " WHERE g.quote = ?1 AND g.answer = 'yes' ORDER BY (SELECT min(" GRANT_RANK("t.level") ") FROM staff t WHERE t.id = s.id OR"
    " t.id IN (SELECT d.staff FROM delegation d WHERE d.deputy = s.id AND d.from_day <= ?2 AND"
    " (d.to_day IS NULL OR d.to_day > ?2))), g.step DESC, g.id LIMIT 1) WHERE id = ?1";

static bool lapses(Sign *g, Store *s, Err *e) {
  Val days, when;
  size_t changed;
  if (!store_value(s, "SELECT coalesce((SELECT CAST(value AS INTEGER) FROM setting WHERE name = 'good_for'), 30)", NULL, 0, g->a, &days, e))
    return false;
  when = val_date(g->what->day + (Day)days.u.i);
  return store_assign(s, "quote", "expires", g->what->day, &g->what->quote, &when, 1, &changed, e);
}

static bool sign(Sign *g, Store *s, Err *e) {
  Str status;
  Val bind[] = {val_int(g->what->quote), val_date(g->what->day)};
  if (!text_of(s, "SELECT status FROM quote WHERE id = ?1", g->what->quote, g->a, &status, e)) return false;
  if (!str_is(status, "judged") && !str_is(status, "requested"))
    return err_set(e, ERR_FAIL, "quote %s is %.*s: only what is requested or judged is approved", g->what->code,
                   STR_ARG(status.n ? status : STR("without a status")));
  if (!give(g, s, e) || !still_waits(g, s, &g->out->waits, e)) return false;
  g->out->refused = g->what->refuse;
  if (g->what->refuse)
    return store_exec(s, "UPDATE quote SET status = 'refused', decided = ?2 WHERE id = ?1", bind, 2, e);
  if (g->out->waits.n) return true;
  g->out->approved = true;
  return lapses(g, s, e) && store_exec(s, approve, bind, 2, e);
}

bool store_sign(Store *s, const Signing *what, Arena *a, Signed *out, Err *e) {
  *out = (Signed){0};
  Sign g = {.what = what, .out = out, .a = a};
  bool ok = sign(&g, s, e);
  mem_free(g.id);
  return ok;
}

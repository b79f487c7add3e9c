/* whynot: what kept a field from a value, an account from a segment. The inputs of the decision and
 * the rules that made it are both in the log, so neither today's data nor today's playbook matters. */
#include "run/whynot.h"

#include "base/num.h"
#include "feel/src.h"
#include "run/json.h"
#include "run/recall.h"
#include "run/personal.h"
#include "run/run.h"

#include <string.h>

static bool output_column(const TableInfo *t, Str field, size_t *col) {
  for (*col = 0; *col < t->nout; ++*col)
    if (str_eq(t->out[*col], field)) return true;
  return false;
}

/* The value asked for as the table would give it: a number where it gave numbers. */
static Val wanted_value(Str value, Val given, Arena *a) {
  Val n;
  return val_is_num(given) && num_parse(value, &n, a) ? n : val_text(value);
}

static bool explain(Store *s, const DecisionRef *d, Str field, Str value, Arena *a, Buf *out, Err *e) {
  Recalled r;
  size_t col;
  bool ok = recall(s, d, a, &r, e);
  if (ok && output_column(r.table, field, &col))
    decision_whynot(r.ev, r.table, col, wanted_value(value, why_output(d, field, a), a), (int32_t)d->hit, r.in, out);
  else if (ok)
    ok = err_set(e, ERR_FAIL, "the decision of run %lld is damaged", (long long)d->run.id);
  recall_free(&r);
  return ok;
}

static void by_run(const RunRef *r, Buf *out) {
  if (out->n && out->p[out->n - 1] != '\n') buf_char(out, '\n');
  buf_say(out, "  decided by ");
  why_run(r, out);
  buf_char(out, '\n');
}

static bool same_text(Val v, Str value) {
  Buf b = {0};
  fmt_data(v, &b);
  bool same = v.t != V_NULL && str_eq(buf_view(&b), value);
  buf_free(&b);
  return same;
}

/* A value that the field can never have is a slip of the hand. */
static bool in_set(Store *s, const CatEntity *ent, Str field, Str value, Err *e) {
  const FeelHost *h = store_host(s);
  const HostField *f = h->field(h->ctx, ent->number, field);
  const Domain *d = f ? f->type.domain : NULL;
  if (!d || !d->n) return true;
  for (size_t i = 0; i < d->n; i++)
    if (str_eq(d->value[i], value)) return true;
  Buf list = {0};
  for (size_t i = 0; i < d->n; i++) buf_printf(&list, "%s%.*s", i ? ", " : "", STR_ARG(d->value[i]));
  err_set(e, ERR_FAIL, "%.*s is one of %s, never %.*s", STR_ARG(field), list.p, STR_ARG(value));
  src_suggest(e, value, d->value, d->n);
  buf_free(&list);
  return false;
}

static bool whynot_field(Store *s, const RowRef *row, Str field, Str value, Day day, Arena *a, Buf *out, Err *e) {
  DecisionRef d;
  if (!value.p) {
    err_set(e, ERR_USAGE, "whynot %.*s: from which value?", STR_ARG(field));
    return err_todo(e, "usage: pareto whynot ACCOUNT FIELD VALUE");
  }
  if (!lookup_decision(s, row, field, 0, day, a, &d, e)) return false;
  if (!d.run.id) {
    if (!lookup_field(s, row->ent, field, e)) return false;
    buf_say(out, "no table has decided %.*s of this %s; who set it: pareto why\n", STR_ARG(field), row->ent->name);
    return true;
  }
  if (d.masked) return err_set(e, ERR_FAIL, "run %lld: %.*s", (long long)d.run.id, STR_ARG(d.why));
  if (!in_set(s, row->ent, field, value, e)) return false;
  if (same_text(why_output(&d, field, a), value)) {
    buf_say(out, "%.*s it is\n", STR_ARG(value));
    by_run(&d.run, out);
    return true;
  }
  Err gone = {0};
  if (!explain(s, &d, field, value, a, out, &gone)) {
    err_set(e, ERR_FAIL, "the rules of run %lld %.*s cannot be read any more: %s", (long long)d.run.id,
            STR_ARG(d.run.what), gone.what);
    err_todo(e, "decided then: %.*s", STR_ARG(d.why));
    err_free(&gone);
    return false;
  }
  by_run(&d.run, out);
  return true;
}

/* --- segments --------------------------------------------------------------- */

enum { MEMBER_VALUES = 6 };

typedef struct Values {
  Arena *a;
  Val v[MEMBER_VALUES + 1];
  size_t n;
} Values;

static bool take_value(void *ctx, int ncol, const Str *name, const Val *val, Err *e) {
  (void)ncol;
  (void)name;
  (void)e;
  Values *w = ctx;
  if (w->n <= MEMBER_VALUES) w->v[w->n++] = val_copy(val[0], w->a);
  return true;
}

/* Which values of this output the members have that the same table decided in the same run. */
static bool members_have(Store *s, const DecisionRef *d, Str output, int64_t segment, Values *w, Err *e) {
  Buf path = {0};
  buf_puts(&path, "$.");
  json_text(output, &path);
  Val bind[] = {val_int(d->run.id), val_text(d->table), val_int(segment), val_text(buf_view(&path))};
  bool ok = store_query(s,
                        "SELECT DISTINCT json_extract(" PERSONAL_TEXT("d.outputs") ", ?4) FROM decisions d"
                        " JOIN segment_member m ON m.account = d.row AND m.segment = ?3"
                        " WHERE d.run = ?1 AND d.tbl = ?2 AND m.from_day <= d.asof AND (m.to_day IS NULL OR m.to_day > d.asof)"
                        " ORDER BY 1 LIMIT 7",
                        bind, 4, take_value, w, e);
  buf_free(&path);
  return ok;
}

/* An output that sets this account apart from all members: few values there, and not this one's. */
static bool set_apart(Store *s, const DecisionRef *d, int64_t segment, Arena *a, Buf *out, Err *e) {
  Str *name;
  Val *val;
  size_t n;
  if (!json_read(d->outputs, a, &name, &val, &n)) return true;
  for (size_t i = 0; i < n; i++) {
    Values w = {.a = a};
    if (!members_have(s, d, name[i], segment, &w, e)) return false;
    bool apart = w.n > 0 && w.n <= MEMBER_VALUES;
    for (size_t k = 0; k < w.n; k++) apart = apart && val_order(w.v[k], val[i]) != 0;
    if (!apart) continue;
    buf_say(out, "%s%.*s is ", out->n ? "\n" : "", STR_ARG(name[i]));
    fmt_data(val[i], out);
    buf_say(out, "; the segment takes ");
    for (size_t k = 0; k < w.n; k++) {
      if (k) buf_puts(out, ", ");
      fmt_data(w.v[k], out);
    }
    return true; /* what follows from the first output (its reason, say) sets apart as well */
  }
  return true;
}

/* The run that moved the account; of one that was never a member, the last that moved anybody. */
static bool run_of_segment(Store *s, int64_t segment, Arena *a, RunRef *run, Err *e) {
  Val id, bind = val_int(segment);
  if (!store_value(s,
                   "SELECT m.id FROM segment_member m JOIN change c ON c.tbl = 'segment_member' AND c.row = m.id"
                   " WHERE m.segment = ?1 ORDER BY c.run DESC LIMIT 1",
                   &bind, 1, a, &id, e))
    return false;
  return id.t != V_NUM || lookup_touch(s, "segment_member", id.u.i, a, run, e);
}

static bool whynot_segment(Store *s, const RowRef *row, Str segment, Arena *a, Buf *out, Err *e) {
  Membership m = {0};
  RunRef run = {0};
  DecisionRef *d = NULL;
  size_t n = 0;
  if (!why_member(s, row, segment, a, &m, &run, e)) return false;
  if (m.row && !m.to.n) {
    buf_say(out, "in segment %.*s since %.*s\n", STR_ARG(segment), STR_ARG(m.from));
    return true;
  }
  if (!run.id && !run_of_segment(s, m.segment, a, &run, e)) return false;
  if (run.id && !lookup_decisions(s, row, run.id, a, &d, &n, e)) return false;
  Buf reason = {0};
  bool ok = true;
  for (size_t i = 0; ok && i < n; i++) ok = set_apart(s, &d[i], m.segment, a, &reason, e);
  if (m.row)
    buf_say(out, "left on %.*s", STR_ARG(m.to));
  else
    buf_say(out, "never in segment %.*s", STR_ARG(segment));
  if (run.id) buf_say(out, " (run %lld)", (long long)run.id);
  bool several = reason.p && memchr(reason.p, '\n', reason.n);
  if (reason.n && !several) buf_printf(out, ": %s", reason.p);
  buf_char(out, '\n');
  if (several) why_indented(out, buf_view(&reason), 2);
  buf_free(&reason);
  return ok;
}

bool run_whynot_on(Store *s, const char *entity, Str key, Str field, Str value, Day day, Buf *out, Err *e) {
  RowRef row;
  if (!lookup_row(s, entity, key, &row, e)) return false;
  Arena a = {0};
  bool ok = str_starts(field, "segment:") ? whynot_segment(s, &row, str_sub(field, 8, field.n), &a, out, e)
                                          : whynot_field(s, &row, field, value, day, &a, out, e);
  arena_free(&a);
  return ok;
}

bool run_whynot(Store *s, const char *entity, Str key, Str field, Str value, Buf *out, Err *e) {
  return run_whynot_on(s, entity, key, field, value, DAY_ANY, out, e);
}

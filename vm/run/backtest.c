#include "run/backtest.h"

#include "base/num.h"
#include "base/stop.h"
#include "store/past.h"

static Val part(size_t of, size_t all) { return all ? val_real((double)of / (double)all) : val_null(); }
static size_t read_of(const BacktestCount *c) { return c->cases - c->unread; }

Val backtest_flagged(const BacktestCount *c) { return part(c->flagged, read_of(c)); }
Val backtest_base(const BacktestCount *c) { return part(c->came, read_of(c)); }
Val backtest_precision(const BacktestCount *c) { return part(c->caught, c->flagged); }
Val backtest_recall(const BacktestCount *c) { return part(c->caught, c->came); }

Val backtest_lift(const BacktestCount *c) {
  if (!c->flagged || !c->came) return val_null();
  return val_real((double)c->caught / (double)c->flagged / ((double)c->came / (double)read_of(c)));
}

Val backtest_saved(const BacktestCount *c) {
  if (!val_is_num(c->worth) || num_double(c->worth) <= 0) return val_null();
  return val_real(num_double(c->saved) / num_double(c->worth));
}

bool backtest_days(const Backtest *b, Day last, Arena *a, Day **day, size_t *n, Err *e) {
  *n = 0;
  while (day_later(day_later(b->since, b->every, (int)*n), b->horizon, 1) <= last) ++*n;
  if (!*n) {
    Buf since = {0}, end = {0};
    day_print(day_later(b->since, b->horizon, 1), &since);
    day_print(last, &end);
    err_set(e, ERR_USAGE, "no as-of day of the backtest has its outcome yet: the first is known on %s, as of is %s", since.p,
            end.p);
    buf_free(&since);
    buf_free(&end);
    return err_todo(e, "begin earlier (since), or shorten the horizon");
  }
  *day = arena_alloc(a, *n * sizeof **day);
  for (size_t i = 0; i < *n; i++) (*day)[i] = day_later(b->since, b->every, (int)i);
  return true;
}

/* --- one day --------------------------------------------------------------------------- */

typedef struct Asked {
  Eval *then, *later;
  const int64_t *id;
  size_t n;
  Val *predict, *outcome, *value;
} Asked;

static bool yes(Val v) { return v.t == V_BOOL && v.u.i; }

static void count_case(const Asked *q, size_t i, BacktestCount *c, Arena *a) {
  bool flagged = yes(q->predict[i]), came = yes(q->outcome[i]);
  c->cases++;
  c->silent += q->predict[i].t == V_NULL;
  if (q->outcome[i].t == V_NULL) {
    c->unread++;
    return;
  }
  c->flagged += flagged;
  c->came += came;
  c->caught += flagged && came;
  if (!came || !q->value) return;
  Val v = q->value[i];
  if (!val_is_num(v) || num_double(v) <= 0) {
    c->worthless++;
    return;
  }
  c->worth = val_copy(num_add(c->worth, v, a), a);
  if (flagged) c->saved = val_copy(num_add(c->saved, v, a), a);
}

static bool ask(Asked *q, const Backtest *b, Arena *temp, Err *e) {
  if (!eval_scope(q->then, &q->id, &q->n, e)) return false;
  q->predict = arena_alloc(temp, (q->n + 1) * sizeof *q->predict);
  q->outcome = arena_alloc(temp, (q->n + 1) * sizeof *q->outcome);
  if (b->value) q->value = arena_alloc(temp, (q->n + 1) * sizeof *q->value);
  return eval_expr(q->then, b->predict, q->id, q->n, q->predict, e) &&
         (!b->value || eval_expr(q->then, b->value, q->id, q->n, q->value, e)) &&
         eval_expr(q->later, b->outcome, q->id, q->n, q->outcome, e);
}

static BacktestCount nothing(const Backtest *b) {
  BacktestCount c = {0};
  if (b->value) c.worth = c.saved = val_int(0);
  return c;
}

static void count_driver(const Asked *q, const Val *part, size_t width, BacktestPart *p) {
  for (size_t i = 0; i < q->n; i++) {
    if (q->outcome[i].t == V_NULL || part[i * width].t == V_NULL) continue;
    bool fired = num_double(part[i * width]) > 0;
    p->known++;
    p->fired += fired;
    p->came += fired && yes(q->outcome[i]);
  }
}

/* What each driver did, and what the score would have done without it. */
static bool drivers(const Asked *q, const Backtest *b, BacktestResult *out, Arena *temp, Err *e) {
  size_t width = out->npart;
  Val *part = arena_alloc(temp, (q->n * width + 1) * sizeof *part), *without = arena_alloc(temp, (q->n + 1) * sizeof *without);
  if (width) backtest_parts(q->then, b, q->id, q->n, part);
  for (size_t k = 0; k < width; k++) {
    count_driver(q, part + k, width, &out->part[k]);
    if (!backtest_without(q->then, b, k, q->id, q->n, without, e)) return false;
    for (size_t i = 0; i < q->n; i++) out->part[k].caught += yes(without[i]) && yes(q->outcome[i]);
  }
  return true;
}

static bool one_day(Rules *r, const Backtest *b, size_t nth, BacktestResult *out, Arena *a, Err *e) {
  Day day = out->day[nth];
  Asked q = {.then = eval_new(r, day), .later = eval_new(r, day_later(day, b->horizon, 1))};
  Arena temp = {0};
  BacktestCount *count = &out->each[nth];
  bool ok = ask(&q, b, &temp, e);
  *count = nothing(b);
  for (size_t i = 0; ok && i < q.n; i++) count_case(&q, i, count, a);
  ok = ok && drivers(&q, b, out, &temp, e);
  arena_free(&temp);
  eval_free(q.later);
  eval_free(q.then);
  return ok;
}

static void add(BacktestCount *to, const BacktestCount *c, Arena *a) {
  to->cases += c->cases;
  to->silent += c->silent;
  to->unread += c->unread;
  to->flagged += c->flagged;
  to->came += c->came;
  to->caught += c->caught;
  to->worthless += c->worthless;
  to->worth = num_add(to->worth, c->worth, a);
  to->saved = num_add(to->saved, c->saved, a);
}

/* --- what is not known of the past -------------------------------------------------------- */

static bool look(Store *s, const HostField *f, BacktestResult *r, Arena *a, Err *e) {
  /* what a row is called and the days it carries do not change with time */
  if (f->type.kind == T_DATE || f->published || str_is(f->name, "code") || str_is(f->name, "id")) return true;
  BacktestPast past = {.name = {arena_strndup(a, f->name.p, f->name.n), f->name.n}, .since = DAY_NONE, .days = r->n};
  if (f->history && !store_known_since(s, f, &past.since, e)) return false;
  if (past.since != DAY_NONE) {
    for (past.days = 0; past.days < r->n && r->day[past.days] < past.since;) past.days++;
    if (!past.days) return true;
  }
  for (size_t i = 0; i < r->npast; i++)
    if (str_eq(r->past[i].name, past.name) && r->past[i].since == past.since) return true;
  r->past[r->npast++] = past;
  return true;
}

static bool find_past(Store *s, const Rules *r, const Backtest *b, BacktestResult *out, Arena *a, Err *e) {
  const HostField **field;
  size_t n = backtest_reads(r, b, a, &field);
  bool ok = true;
  out->past = arena_zalloc(a, n + 1, sizeof *out->past);
  for (size_t i = 0; ok && i < n; i++) ok = look(s, field[i], out, a, e);
  return ok;
}

bool backtest_run(Store *s, Rules *r, const Backtest *b, Day last, Arena *a, BacktestResult *out, Err *e) {
  *out = (BacktestResult){.all = nothing(b)};
  if (!backtest_days(b, last, a, &out->day, &out->n, e)) return false;
  out->each = arena_zalloc(a, out->n, sizeof *out->each);
  BacktestDriver *driver;
  out->npart = backtest_drivers(b, a, &driver);
  out->part = arena_zalloc(a, out->npart + 1, sizeof *out->part);
  for (size_t k = 0; k < out->npart; k++) out->part[k].driver = driver[k];
  for (size_t i = 0; i < out->n; i++) {
    if (!stop_check(e) || !one_day(r, b, i, out, a, e)) return false;
    add(&out->all, &out->each[i], a);
  }
  return find_past(s, r, b, out, a, e);
}

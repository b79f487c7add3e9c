/* Tables whose changes are logged row by row in `change`. */
#include "run/origin_table.h"

#include "base/lang.h"
#include "base/num.h"
#include "base/stop.h"
#include "run/actor.h"
#include "run/chain.h"
#include "run/origin_past.h"
#include "run/personal.h"
#include "run/rawtext.h"
#include "run/record.h"

#include <string.h>

/* One row of `change`; its texts are read when they are needed. */
typedef struct Logged {
  int64_t id, run;
  char op;
  Str was, now;
} Logged;

typedef struct Expected {
  Str name;
  bool set;    /* the log says what it should be: */
  Val should;
  int64_t run; /* whose word it is */
} Expected;

typedef struct Span {
  int64_t first, last;
} Span;

enum { HOLES = 20, NAMED = 8 };

/* Rows of a range that are not as they came, by their marks. */
typedef struct Marked {
  uint16_t *mark; /* of each id from the range's first on; rows met are taken out; NULL: none were kept */
  int64_t n, id[NAMED];
} Marked;

typedef struct Walk {
  OriginTable *t;
  const OriginRange *range; /* the one that is read, or NULL between them */
  Logged *ev;               /* of a window of ids, in order */
  size_t nev, cap, at;
  Expected *col;
  size_t ncol;
  AddedSum sum, found;      /* of the range's rows as they came; what it was, while a row is sought */
  int64_t gone;             /* of these: reported already */
  bool unsure;              /* a value that counts was erased */
  /* While a row is sought: the id after the last, ids that are missing, the row that explains the sum. */
  int64_t next, odd, nhole;
  Span hole[HOLES];
  uint64_t odd_hash, odd_was;
  Val *odd_val;
  Marked changed;
  Arena window, row, columns;
} Walk;

/* --- what the log says ------------------------------------------------------------------ */

static bool take_event(void *ctx, int ncol, const Str *name, const Val *val, Err *e) {
  (void)ncol, (void)name, (void)e;
  Walk *w = ctx;
  mem_grow(w->ev, w->cap, w->nev + 1);
  w->ev[w->nev++] = (Logged){val[0].u.i, val[1].u.i, val[2].u.s[0], val_str(val_copy(val[3], &w->window)),
                             val_str(val_copy(val[4], &w->window))};
  return true;
}

/* Windows hold so many changes, and those of their last row. */
static bool load_window(Walk *w, int64_t first, int64_t last, int64_t *end, Err *e) {
  enum { CHANGES = 20000 };
  OriginTable *t = w->t;
  arena_free(&w->window);
  w->nev = w->at = 0;
  Val v, bind[] = {val_text(str_of(t->name)), val_int(first), val_int(last), val_int(t->since), val_int(CHANGES)};
  if (!store_value(t->s, "SELECT row FROM change WHERE tbl = ?1 AND row BETWEEN ?2 AND ?3 AND run > ?4 ORDER BY row LIMIT 1 OFFSET ?5",
                   bind, 5, &w->window, &v, e))
    return false;
  *end = v.t == V_NUM ? v.u.i : last;
  bind[2] = val_int(*end);
  return store_query(t->s,
                     "SELECT row, run, op, was, now FROM change WHERE tbl = ?1 AND row BETWEEN ?2 AND ?3 AND run > ?4"
                     " ORDER BY row, run, id",
                     bind, 4, take_event, w, e);
}

static Expected *column(Walk *w, Str name) {
  for (size_t i = 0; i < w->ncol; i++)
    if (str_eq(w->col[i].name, name)) return &w->col[i];
  return NULL;
}

/* The cells of a logged row, personal ones as they were; one that was erased is V_NEVER. */
static bool cells(Walk *w, Str text, Str **name, Val **val, size_t *n, Err *e) {
  *n = 0;
  if (!record_cells(text, &w->row, name, val, n)) return true; /* the chain says that it was altered */
  for (size_t i = 0; i < *n; i++) {
    bool erased = false;
    if ((*val)[i].t == V_TEXT && personal_column(str_of(w->t->name), (*name)[i]) &&
        !personal_value(w->t->s, (*val)[i], &w->row, &(*val)[i], &erased, e))
      return false;
    if (erased) (*val)[i] = val_never();
  }
  return true;
}

static bool should(Walk *w, const Logged *ev, size_t n, Err *e) {
  for (size_t c = 0; c < w->ncol; c++)
    w->col[c].set = false;
  for (size_t i = 0; i < n; i++) {
    Str *name;
    Val *val;
    size_t k;
    if (!cells(w, ev[i].now, &name, &val, &k, e)) return false;
    for (size_t c = 0; ev[i].op == 'I' && c < w->ncol; c++) /* nulls are not written down */
      w->col[c].set = true, w->col[c].should = val_null(), w->col[c].run = ev[i].run;
    for (size_t c = 0; c < k; c++) {
      Expected *col = column(w, name[c]);
      if (col) col->set = true, col->should = val[c], col->run = ev[i].run;
    }
  }
  return true;
}

/* --- one row ---------------------------------------------------------------------------- */

static bool same(Val x, Val y) {
  if (x.t == V_TEXT && y.t == V_TEXT) return str_eq(val_str(x), val_str(y));
  if (val_is_num(x) && val_is_num(y)) return num_cmp(x, y) == 0;
  return x.t == y.t;
}

static void say(const Walk *w, Str name, Val v, Buf *out) {
  if (personal_column(str_of(w->t->name), name)) buf_say(out, "(masked)");
  else if (w->t->ent) raw_print(w->t->s, NULL, w->t->ent, name, v, out);
  else if (v.t == V_NULL) buf_say(out, "(none)");
  else fmt_data(v, out);
}

static bool cell_fault(const Walk *w, int64_t id, const Expected *c, Val now, Err *e) {
  Buf text = {0};
  origin_row(w->t, id, &text);
  buf_printf(&text, " %.*s: ", STR_ARG(c->name));
  origin_run(w->t, c->run, &text);
  buf_say(&text, " left ");
  say(w, c->name, c->should, &text);
  buf_say(&text, ", it is ");
  say(w, c->name, now, &text);
  bool ok = origin_fault(w->t, e, "%s; it was changed past pareto", text.p);
  buf_free(&text);
  return ok;
}

static bool row_fault(const Walk *w, int64_t id, int64_t run, const char *what, Err *e) {
  Buf text = {0};
  const char *name = w->t->ent ? w->t->ent->name : w->t->name;
  origin_run(w->t, run, &text);
  bool ok = origin_fault(w->t, e, "%s #%lld: %s %s", name, (long long)id, text.p, what);
  buf_free(&text);
  return ok;
}

static bool compare(Walk *w, int64_t id, const Val *now, Err *e) {
  bool ok = true;
  for (size_t c = 0; ok && c < w->ncol; c++) {
    const Expected *col = &w->col[c];
    if (!col->set || col->should.t == V_NEVER || same(col->should, now[c])) continue;
    if (col->should.t == V_NULL && str_is(col->name, "run")) continue; /* noted before the run had a number */
    ok = cell_fault(w, id, col, now[c], e);
  }
  return ok;
}

static void count_row(Walk *w, int64_t id, uint64_t hash, const Val *now) {
  if (!w->t->seeking) {
    added_row(&w->sum, hash);
    return;
  }
  uint64_t was = 0;
  uint16_t *mark = w->changed.mark ? &w->changed.mark[id - w->range->first] : NULL;
  if (mark && *mark != added_mark(hash) && w->changed.n++ < NAMED) w->changed.id[w->changed.n - 1] = id;
  if (mark) *mark = 0;
  bool extra = w->found.n > w->range->n;
  if (extra ? !added_extra(w->range->want, w->found.sum, hash) : !added_odd(w->range->want, w->found.sum, hash, &was)) return;
  w->odd = id, w->odd_hash = hash, w->odd_was = was;
  w->odd_val = NULL;
  if (!now) return;
  w->odd_val = arena_alloc(&w->columns, w->ncol * sizeof *w->odd_val);
  for (size_t c = 0; c < w->ncol; c++) w->odd_val[c] = val_copy(now[c], &w->columns);
}

static uint64_t cell_hash(Walk *w, Str name, Val v) {
  if (v.t == V_NEVER) w->unsure = true;
  return v.t == V_NEVER ? 0 : added_val(v, added_seed(name.p));
}

/* The hash of the row as it came: as it is, or was when it went, less what the changes in between did. */
static bool count_as_it_came(Walk *w, int64_t id, const Val *now, const Logged *ev, size_t n, Err *e) {
  uint64_t hash = 0;
  size_t end = 0, k;
  Str *name;
  Val *val;
  while (end < n && ev[end].op != 'D') end++;
  if (n && ev[0].op == 'I') return true;
  if (end < n) {
    if (!cells(w, ev[end].was, &name, &val, &k, e)) return false;
    for (size_t i = 0; i < k; i++) hash += cell_hash(w, name[i], val[i]);
  } else if (now) {
    for (size_t c = 0; c < w->ncol; c++) {
      const Expected *col = &w->col[c];
      hash += cell_hash(w, col->name, n && col->set && col->should.t != V_NULL ? col->should : now[c]);
    }
  } else {
    w->gone++;
    if (w->t->seeking && w->changed.mark) w->changed.mark[id - w->range->first] = 0; /* that it is gone is said */
    return true;
  }
  for (size_t i = 0; i < end; i++) {
    if (!cells(w, ev[i].now, &name, &val, &k, e)) return false;
    for (size_t c = 0; c < k; c++) hash -= cell_hash(w, name[c], val[c]);
    if (!cells(w, ev[i].was, &name, &val, &k, e)) return false;
    for (size_t c = 0; c < k; c++) hash += cell_hash(w, name[c], val[c]);
  }
  count_row(w, id, hash, now);
  return true;
}

static bool given_at_init(const Walk *w, const Val *now) {
  if (strcmp(w->t->name, "setting") != 0) return false;
  for (size_t c = 0; c < w->ncol; c++)
    if (str_is(w->col[c].name, "name")) return str_is(val_str(now[c]), "currency") || str_is(val_str(now[c]), "minor");
  return false;
}

static void note_hole(Walk *w, int64_t id) {
  if (w->t->seeking && w->range && w->next < id && w->nhole++ < HOLES) w->hole[w->nhole - 1] = (Span){w->next, id - 1};
  w->next = id + 1;
}

/* now: the row, or NULL; its changes. */
static bool look(Walk *w, int64_t id, const Val *now, const Logged *ev, size_t n, Err *e) {
  bool known = w->range != NULL, there;
  size_t from = 0, later = 0;
  note_hole(w, id);
  bool earlier = n > 0;
  for (; w->range && n && ev->run < w->range->run; ev++) n--; /* from before note was taken of the range, or the number */
  if (earlier && !n && !now) return true;
  for (size_t i = 0; i < n; i++)
    if (ev[i].op == 'I') known = true, from = i;
  there = n ? ev[n - 1].op != 'D' : w->range != NULL;
  if (n && there && now && !(should(w, ev + from, n - from, e) && compare(w, id, now, e))) return false;
  if (n && there && !now && !row_fault(w, id, ev[n - 1].run, "left it, and it is gone", e)) return false;
  if (n && !there && now && !row_fault(w, id, ev[n - 1].run, "took it away, and it is there again", e)) return false;
  if (!known && now && (there || !n) && !given_at_init(w, now)) origin_stranger(w->t, id);
  if ((known || !now) && !origin_strangers_end(w->t, e)) return false;
  if (!w->range) return true;
  while (later < n && ev[later].run == w->range->run) later++;
  return count_as_it_came(w, id, now, ev + later, n - later, e);
}

static bool look_logged(Walk *w, int64_t id, const Val *now, Err *e) {
  size_t from = w->at;
  while (w->at < w->nev && w->ev[w->at].id == id) w->at++;
  bool ok = look(w, id, now, w->ev + from, w->at - from, e);
  if (w->row.total > 1 << 16) arena_free(&w->row);
  return ok;
}

static bool absent_until(Walk *w, int64_t id, Err *e) {
  bool ok = true;
  while (ok && w->at < w->nev && w->ev[w->at].id < id) ok = look_logged(w, w->ev[w->at].id, NULL, e);
  return ok;
}

static bool present(void *ctx, int ncol, const Str *name, const Val *val, Err *e) {
  Walk *w = ctx;
  if (!w->ncol) {
    w->ncol = (size_t)ncol;
    w->col = arena_zalloc(&w->columns, w->ncol, sizeof *w->col);
    for (size_t c = 0; c < w->ncol; c++)
      w->col[c].name = (Str){arena_strndup(&w->columns, name[c].p, name[c].n), name[c].n};
  }
  return absent_until(w, val[0].u.i, e) && look_logged(w, val[0].u.i, val, e);
}

static bool look_at_all(Walk *w, int64_t first, int64_t last, Err *e) {
  Buf sql = {0};
  bool ok = true;
  int64_t end = first;
  buf_printf(&sql, "SELECT * FROM \"%s\" WHERE id BETWEEN ?1 AND ?2 ORDER BY id", w->t->name);
  w->sum = (AddedSum){0};
  w->gone = 0;
  w->unsure = false;
  w->next = first;
  for (int64_t at = first; ok; at = end + 1) {
    ok = stop_check(e) && load_window(w, at, last, &end, e);
    Val bind[] = {val_int(at), val_int(end)};
    ok = ok && store_query(w->t->s, sql.p, bind, 2, present, w, e) && absent_until(w, INT64_MAX, e);
    if (end >= last) break;
  }
  ok = ok && origin_strangers_end(w->t, e);
  buf_free(&sql);
  return ok;
}

/* --- ranges ----------------------------------------------------------------------------- */

/* With the hash that the row had, a whole number that one of its columns had. */
static void say_odd_cell(const Walk *w, Buf *out) {
  for (size_t c = 0; w->odd_val && c < w->ncol; c++) {
    uint64_t seed = added_seed(w->col[c].name.p), had = added_val(w->odd_val[c], seed) + w->odd_was - w->odd_hash;
    int64_t was = 0;
    if (had && !added_whole(had, seed, &was)) continue;
    buf_say(out, ": %.*s was ", STR_ARG(w->col[c].name));
    say(w, w->col[c].name, had ? val_int(was) : val_null(), out);
    buf_say(out, ", is ");
    say(w, w->col[c].name, w->odd_val[c], out);
    return;
  }
}

static bool tell_odd(Walk *w, bool extra, Err *e) {
  Buf text = {0};
  origin_row(w->t, w->odd, &text);
  buf_say(&text, extra ? ": is not of " : N_(", which came by "));
  origin_run(w->t, w->range->run, &text);
  if (extra) {
    buf_say(&text, ", among whose rows it stands; it was written past pareto");
  } else {
    buf_say(&text, ", was changed past pareto");
    say_odd_cell(w, &text);
  }
  bool ok = origin_fault(w->t, e, "%s", text.p);
  buf_free(&text);
  return ok;
}

static bool tell_holes(Walk *w, Err *e) {
  bool ok = true;
  Buf run = {0};
  const char *name = w->t->ent ? w->t->ent->name : w->t->name;
  origin_run(w->t, w->range->run, &run);
  for (int64_t i = 0; ok && i < w->nhole && i < HOLES; i++) {
    Span h = w->hole[i];
    ok = h.first == h.last ? origin_fault(w->t, e, "%s #%lld, which came by %s, is gone", name, (long long)h.first, run.p)
                           : origin_fault(w->t, e, "%lld rows of %s (#%lld to #%lld), which came by %s, are gone",
                                          (long long)(h.last - h.first + 1), name, (long long)h.first, (long long)h.last, run.p);
  }
  buf_free(&run);
  return ok;
}

/* Marks that are left are of rows that are gone. */
static void add_gone(Walk *w) {
  const OriginRange *r = w->range;
  for (int64_t id = r->first; w->changed.mark && id <= r->last; id++)
    if (w->changed.mark[id - r->first] && w->changed.n++ < NAMED) w->changed.id[w->changed.n - 1] = id;
}

static bool tell_marked(Walk *w, Err *e) {
  Marked *m = &w->changed;
  bool all = w->found.n + w->gone == w->range->n;
  if (all && m->n == 1) {
    w->odd = m->id[0];
    w->odd_val = NULL;
    return tell_odd(w, false, e);
  }
  Buf text = {0};
  const char *name = w->t->ent ? w->t->ent->name : w->t->name;
  buf_printf(&text, "%lld row%s of %s, which came by ", (long long)m->n, m->n == 1 ? "" : "s", name);
  origin_run(w->t, w->range->run, &text);
  buf_printf(&text, ", %s changed%s past pareto: ", m->n == 1 ? "was" : "were",
             all ? "" : ", added or taken away");
  for (int64_t i = 0; i < m->n && i < NAMED; i++) {
    if (i) buf_puts(&text, ", ");
    if (w->t->ent) row_label(w->t->s, NULL, w->t->ent, m->id[i], &text);
    else buf_printf(&text, "#%lld", (long long)m->id[i]);
  }
  if (m->n > NAMED) buf_printf(&text, " and %lld more", (long long)(m->n - NAMED));
  bool ok = origin_fault(w->t, e, "%s", text.p);
  buf_free(&text);
  return ok;
}

static bool take_marks(Walk *w, Err *e) {
  const OriginRange *r = w->range;
  size_t size = (size_t)(r->last - r->first + 1) * sizeof *w->changed.mark;
  Val v, bind[] = {val_int(r->run), val_text(str_of(w->t->name)), val_int(r->first)};
  w->changed = (Marked){0};
  if (!store_value(w->t->s, "SELECT marks FROM added WHERE run = ?1 AND tbl = ?2 AND first = ?3", bind, 3, &w->columns, &v, e))
    return false;
  if (v.t != V_TEXT || (size_t)v.n != size) return true;
  w->changed.mark = arena_alloc(&w->columns, size);
  memcpy(w->changed.mark, v.u.s, size);
  return true;
}

static bool tell_range(Walk *w, int64_t found, Err *e) {
  Buf run = {0};
  const OriginRange *r = w->range;
  origin_run(w->t, r->run, &run);
  bool ok = found == r->n
                ? origin_fault(w->t, e, "rows #%lld to #%lld of %s, which came by %s: more than one was changed past pareto",
                               (long long)r->first, (long long)r->last, w->t->ent ? w->t->ent->name : w->t->name, run.p)
                : origin_fault(w->t, e, "rows #%lld to #%lld of %s, which came by %s: there are %lld and were %lld",
                               (long long)r->first, (long long)r->last, w->t->ent ? w->t->ent->name : w->t->name, run.p,
                               (long long)found, (long long)r->n);
  buf_free(&run);
  return ok;
}

/* The sum is not what it was: the rows are looked at once more for the one that explains it. */
static bool explain(Walk *w, Err *e) {
  const OriginRange *r = w->range;
  w->found = w->sum;
  w->odd = -1;
  w->nhole = 0;
  w->t->seeking = true;
  bool ok = take_marks(w, e) && look_at_all(w, r->first, r->last, e);
  note_hole(w, r->last + 1);
  w->t->seeking = false;
  if (!ok) return false;
  if (w->odd >= 0 && !w->gone) return tell_odd(w, w->found.n > r->n, e);
  bool contiguous = r->last - r->first + 1 == r->n;
  if (w->gone && w->found.n + w->gone == r->n) return !w->changed.n || tell_marked(w, e);
  if (!w->changed.n && w->found.n < r->n && contiguous) return tell_holes(w, e);
  add_gone(w);
  return w->changed.n ? tell_marked(w, e) : tell_range(w, w->found.n, e);
}

static bool any(Walk *w, const char *sql, const OriginRange *r, bool *yes, Err *e) {
  Arena a = {0};
  Val v, bind[] = {val_int(r->first), val_int(r->last), val_text(str_of(w->t->name)), val_int(r->run)};
  bool ok = store_value(w->t->s, sql, bind, strstr(sql, "?4") ? 4 : 2, &a, &v, e);
  *yes = ok && v.t != V_NULL;
  arena_free(&a);
  return ok;
}

static bool any_row(Walk *w, const OriginRange *r, bool *yes, Err *e) {
  Buf sql = {0};
  buf_printf(&sql, "SELECT 1 FROM \"%s\" WHERE id BETWEEN ?1 AND ?2 LIMIT 1", w->t->name);
  bool ok = any(w, sql.p, r, yes, e);
  buf_free(&sql);
  return ok;
}

/* Rows that nobody has touched since are not looked at one by one. */
static bool as_they_came(Walk *w, const OriginRange *r, bool *yes, Err *e) {
  static const char changed[] = "SELECT 1 FROM change WHERE tbl = ?3 AND row BETWEEN ?1 AND ?2 AND run >= ?4 LIMIT 1";
  char digest[ADDED_DIGEST];
  AddedSum sum;
  if (!any(w, changed, r, yes, e)) return false;
  *yes = !*yes;
  if (!*yes) return true;
  if (!store_added_digest(w->t->s, w->t->name, r->first, r->last, &sum.n, digest, e)) return false;
  *yes = sum.n == r->n && added_read(str_of(digest), sum.sum) &&
         (!r->summed || (sum.sum[0] == r->want[0] && sum.sum[1] == r->want[1]));
  return true;
}

static bool look_at_range(Walk *w, const OriginRange *r, OriginCount *out, Err *e) {
  bool yes;
  if (r->undone) return any_row(w, r, &yes, e) && (!yes || look_at_all(w, r->first, r->last, e));
  if (!as_they_came(w, r, &yes, e)) return false;
  if (yes) return true;
  w->range = r;
  bool ok = look_at_all(w, r->first, r->last, e);
  if (ok && w->sum.n + w->gone == r->n && (w->unsure || !r->summed)) out->counted += w->unsure;
  else if (ok && (w->sum.n + w->gone != r->n || w->sum.sum[0] != r->want[0] || w->sum.sum[1] != r->want[1])) ok = explain(w, e);
  w->range = NULL;
  return ok;
}

static void walk_free(Walk *w) {
  mem_free(w->ev);
  arena_free(&w->window);
  arena_free(&w->row);
  arena_free(&w->columns);
}

static bool look_at_table(Store *s, const char *table, StoreFaultFn fn, void *ctx, OriginCount *out, Err *e) {
  OriginTable t = {.s = s, .name = table, .fn = fn, .ctx = ctx};
  Walk w = {.t = &t};
  bool ok = origin_open(&t, e);
  int64_t from = INT64_MIN;
  for (size_t i = 0; ok && i < t.n; i++) {
    const OriginRange *r = &t.range[i];
    ok = (from >= r->first || look_at_all(&w, from, r->first - 1, e)) && look_at_range(&w, r, out, e);
    from = r->last + 1;
  }
  ok = ok && look_at_all(&w, from, INT64_MAX, e);
  walk_free(&w);
  origin_close(&t);
  return ok;
}

/* --- all tables --------------------------------------------------------------------------- */

static const char *const of_host[] = {"setting", "setting_day", "rolegrant", "alias"};

typedef bool (*TableFn)(Store *s, const char *table, void *ctx, Err *e);

static bool each_table(Store *s, TableFn fn, void *ctx, Err *e) {
  const CatEntity *ent;
  for (size_t i = 0; (ent = catalog_at(i)); i++)
    if (!fn(s, ent->table, ctx, e)) return false;
  for (size_t i = 0; i < sizeof of_host / sizeof *of_host; i++)
    if (!fn(s, of_host[i], ctx, e)) return false;
  return true;
}

typedef struct Looking {
  StoreFaultFn fn;
  void *ctx;
  OriginCount *out;
} Looking;

static bool look_at(Store *s, const char *table, void *ctx, Err *e) {
  Looking *l = ctx;
  return look_at_table(s, table, l->fn, l->ctx, l->out, e);
}

bool origin_verify(Store *s, StoreFaultFn fn, void *ctx, OriginCount *out, Err *e) {
  Looking l = {fn, ctx, out};
  *out = (OriginCount){0};
  return each_table(s, look_at, &l, e) && past_verify(s, fn, ctx, e);
}

static bool count_fault(void *ctx, const char *text, Err *e) {
  (void)text, (void)e;
  ++*(int64_t *)ctx;
  return true;
}

bool origin_range(Store *s, const char *table, int64_t row, int64_t *first, int64_t *last, Err *e) {
  int64_t faults = 0;
  OriginCount count = {0};
  OriginTable t = {.s = s, .name = table, .fn = count_fault, .ctx = &faults};
  Walk w = {.t = &t};
  bool ok = origin_open(&t, e);
  *first = 1, *last = 0;
  for (size_t i = 0; ok && i < t.n; i++) {
    const OriginRange *r = &t.range[i];
    if (row < r->first || row > r->last || r->undone) continue;
    ok = look_at_range(&w, r, &count, e);
    if (!faults && !count.counted) *first = r->first, *last = r->last;
  }
  walk_free(&w);
  origin_close(&t);
  return ok;
}

static bool note(Store *s, const char *table, void *ctx, Err *e) {
  return store_added_all(s, *(int64_t *)ctx, table, false, e);
}

bool origin_note(Store *s, int64_t run, Err *e) {
  bool ok = each_table(s, note, &run, e);
  for (size_t i = 0; ok && past_table(i); i++) ok = store_added_all(s, run, past_table(i), true, e);
  return ok;
}

/* --- adopting ------------------------------------------------------------------------------- */

static bool adopt(Store *s, Day asof, int64_t *run_id, int64_t *faults, Err *e) {
  OriginCount count = {0};
  if (!origin_verify(s, count_fault, faults, &count, e)) return false;
  if (!*faults && !count.counted) return true;
  RunRow row = {.what = "adopt", .asof = asof, .seed = 1, .detail = "took note of the rows as they are"};
  return record_run(s, &row, run_id, e) && origin_note(s, *run_id, e) && chain_append(s, *run_id, e);
}

bool origin_adopt(Store *s, Day asof, int64_t *run_id, int64_t *faults, Err *e) {
  *run_id = *faults = 0;
  if (!actor_may_write(s, e) || !store_begin(s, e)) return false;
  bool ok = adopt(s, asof, run_id, faults, e);
  if (ok && *run_id) ok = store_commit(s, e);
  else store_rollback(s);
  return ok || err_left(e, "nothing was written");
}

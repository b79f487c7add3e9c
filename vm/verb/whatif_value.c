/* What a what-if found, as a value of a session. */
#include "verb/whatif.h"

#include "base/lang.h"
#include "base/num.h"
#include "lua/found.h"
#include "run/hash.h"
#include "run/rawtext.h"

#include <stdlib.h>
#include <string.h>

static Str kept(Arena *a, Str s) { return (Str){arena_strndup(a, s.p ? s.p : "", s.n), s.n}; }

/* --- rows that change ---------------------------------------------------------------------- */

static int by_row(const void *a, const void *b) {
  const WhatIfChange *x = *(const WhatIfChange *const *)a, *y = *(const WhatIfChange *const *)b;
  return (x->id > y->id) - (x->id < y->id);
}

static TypeKind kind_of(const Val *v, size_t n) {
  for (size_t i = 0; i < n; i++) {
    if (v[i].t == V_NULL) continue;
    return val_is_num(v[i]) ? T_NUM : v[i].t == V_BOOL ? T_BOOL : v[i].t == V_DATE ? T_DATE : T_TEXT;
  }
  return T_TEXT;
}

/* The playbook's metrics that are one figure, as columns asked as it stands. */
static bool metrics(What *w, Expr ***x, size_t *n, Err *e) {
  Rules *r = playbook_rules(w->was.playbook);
  const MetricInfo *m;
  size_t nm = rules_metric_list(r, &m);
  Buf text = {0};
  *n = 0;
  for (size_t i = 0; i < nm; i++) buf_printf(&text, "%s%.*s", i ? ", " : "", STR_ARG(m[i].name));
  bool ok = !nm || rules_columns(r, NULL, (Src){.text = buf_view(&text), .line = 1, .col = 1}, false, NULL, 0, x, n, e);
  buf_free(&text);
  size_t kept_n = 0;
  for (size_t i = 0; ok && i < *n; i++) {
    TypeKind k = expr_type((*x)[i]).kind;
    if (k == T_NUM || k == T_TEXT || k == T_BOOL || k == T_DATE) (*x)[kept_n++] = (*x)[i];
  }
  *n = ok ? kept_n : 0;
  return ok;
}

static FoundColumn column_of(Arena *a, const Val *v, size_t n, size_t step, const Expr *x) {
  Val *val = arena_alloc(a, (n + 1) * sizeof *val);
  for (size_t i = 0; i < n; i++) val[i] = val_copy(v[i * step], a);
  Type t = expr_type(x);
  return (FoundColumn){.name = kept(a, expr_text(x)), .kind = t.kind, .unit = t.unit, .val = val};
}

/* Rows that go from one value of an output to another; of the playbook's own entity with its metrics, the first total
 * in front. */
static bool rows_of(What *w, size_t table, Str output, Arena *a, FoundRows *out, Err *e) {
  const WhatIf *f = &w->found;
  const WhatIfChange **list = arena_alloc(&w->c->arena, (f->nchange + 1) * sizeof *list);
  const FeelHost *host = store_host(w->c->store);
  size_t n = 0, nx = 0;
  for (size_t i = 0; i < f->nchange; i++)
    if (f->change[i].table == table && str_eq(f->change[i].column, output)) list[n++] = &f->change[i];
  qsort(list, n, sizeof *list, by_row);
  int64_t *id = arena_alloc(a, (n + 1) * sizeof *id);
  Val *was = arena_alloc(a, (n + 1) * sizeof *was), *now = arena_alloc(a, (n + 1) * sizeof *now);
  for (size_t i = 0; i < n; i++) {
    id[i] = list[i]->id;
    was[i] = val_copy(list[i]->was, a);
    now[i] = val_copy(list[i]->now, a);
  }
  bool own = host->entity(host->ctx, f->table[table].entity) == rules_entity(playbook_rules(w->was.playbook));
  Expr **x = NULL;
  Val *value = NULL;
  if (own && (!metrics(w, &x, &nx, e) || !whatif_figures(w, x, nx, id, n, &value, e))) return false;
  FoundColumn *col = arena_zalloc(a, nx + w->ntotal + 2, sizeof *col);
  TypeKind kind = kind_of(was, n);
  if (kind == T_TEXT) kind = kind_of(now, n);
  size_t nc = 0, shown = 2;
  col[nc++] = (FoundColumn){STR("was"), kept(a, output), kind, UNIT_NONE, was};
  col[nc++] = (FoundColumn){STR("now"), kept(a, output), kind, UNIT_NONE, now};
  for (size_t k = 0; k < nx; k++) { /* the total that stands for the rows first */
    if (!w->ntotal || !str_eq(expr_text(x[k]), expr_text(w->total[0]))) continue;
    col[nc++] = column_of(a, value + k, n, nx, x[k]);
    shown = nc;
  }
  for (size_t k = 0; k < nx; k++)
    if (shown < 3 || !str_eq(expr_text(x[k]), col[2].name)) col[nc++] = column_of(a, value + k, n, nx, x[k]);
  *out = (FoundRows){.name = kept(a, output), .entity = arena_strndup(a, f->table[table].entity.p, f->table[table].entity.n),
                     .n = n, .ncol = nc, .nshown = shown, .id = id, .col = col};
  return true;
}

/* One for each output that changes anywhere; of a playbook that changes nothing an empty one. */
static bool put_rows(What *w, Found *out, Err *e) {
  const WhatIf *f = &w->found;
  Arena *a = &out->arena;
  FoundRows *rows = arena_zalloc(a, f->nchange + 2, sizeof *rows);
  bool ok = true;
  out->rows = rows;
  for (size_t i = 0; ok && i < f->nchange; i++) {
    const WhatIfChange *c = &f->change[i];
    bool met = i > 0 && f->change[i - 1].table == c->table && str_eq(f->change[i - 1].column, c->column);
    if (!met) ok = rows_of(w, c->table, c->column, a, &rows[out->nrows++], e);
  }
  if (ok && !out->nrows && f->ntable) ok = rows_of(w, 0, f->table[0].name, a, &rows[out->nrows++], e);
  return ok;
}

/* --- tables ---------------------------------------------------------------------------------- */

enum { MOVE_COLUMNS = 4 };

static void put_moves(What *w, Found *out) {
  static const char *const title[MOVE_COLUMNS] = {N_("output"), N_("was"), N_("now"), N_("count")};
  const WhatIf *f = &w->found;
  Arena *a = &out->arena;
  size_t ncol = MOVE_COLUMNS + w->ntotal, n = 0;
  UiColumn *col = arena_zalloc(a, ncol, sizeof *col);
  TypeKind *kind = arena_zalloc(a, ncol, sizeof *kind);
  for (size_t c = 0; c < MOVE_COLUMNS; c++) {
    col[c] = (UiColumn){str_of(title[c]), UNIT_NONE, FMT_NONE};
    kind[c] = c == MOVE_COLUMNS - 1 ? T_NUM : T_TEXT;
  }
  for (size_t k = 0; k < w->ntotal; k++) {
    const char *sum = arena_printf(a, "sum(%.*s)", STR_ARG(expr_text(w->total[k])));
    col[MOVE_COLUMNS + k] = (UiColumn){str_of(sum), expr_type(w->total[k]).unit, expr_fmt(w->total[k])};
    kind[MOVE_COLUMNS + k] = T_NUM;
  }
  Val *cell = arena_zalloc(a, (f->nchange + 1) * ncol, sizeof *cell);
  for (size_t t = 0; t < f->ntable; t++) {
    Move *move;
    size_t nmove = whatif_moves(w, t, &move);
    for (size_t i = 0; i < nmove; i++, n++) {
      const WhatIfChange *c = move[i].first;
      Val *at = cell + n * ncol;
      at[0] = val_copy(val_text(c->column), a);
      at[1] = val_copy(c->was, a);
      at[2] = val_copy(c->now, a);
      at[3] = val_int((int64_t)move[i].n);
      for (size_t k = 0; k < w->ntotal; k++) at[MOVE_COLUMNS + k] = val_copy(move[i].sum[k], a);
    }
  }
  out->table[out->ntable++] = (FoundTable){"moves", ncol, n, col, kind, cell, true};
}

static int64_t *kept_ids(Arena *a, const int64_t *id, size_t n) {
  int64_t *copy = arena_alloc(a, (n + 1) * sizeof *copy);
  if (n) memcpy(copy, id, n * sizeof *copy);
  return copy;
}

static void put_segments(const What *w, Found *out) {
  Arena *a = &out->arena;
  FoundMoves *m = arena_zalloc(a, w->found.nsegment + 1, sizeof *m);
  for (size_t i = 0; i < w->found.nsegment; i++) {
    const WhatIfSegment *s = &w->found.segment[i];
    m[i] = (FoundMoves){kept(a, s->name), kept_ids(a, s->joined, s->njoined), kept_ids(a, s->left, s->nleft), s->njoined, s->nleft};
  }
  out->moves = m;
  out->nmoves = w->found.nsegment;
}

static void put_values(What *w, Found *out) {
  FoundValue *v = arena_zalloc(&out->arena, 3, sizeof *v);
  int64_t cases = 0, changes = 0;
  for (size_t i = 0; i < w->found.ntable; i++) {
    cases += (int64_t)w->found.table[i].cases;
    changes += (int64_t)w->found.table[i].changed;
  }
  v[0] = (FoundValue){"cases", val_int(cases), UNIT_NONE};
  v[1] = (FoundValue){"changes", val_int(changes), UNIT_NONE};
  v[2] = (FoundValue){"written", val_int((int64_t)plan_changes(w->after)), UNIT_NONE};
  out->value = v;
  out->nvalue = 3;
}

/* --- in words ----------------------------------------------------------------------------------- */

enum { LINE = 96, MOVES_SAID = 9 };

/* The run that wrote what the playbook decides as it stands, for this day; 0: none. */
static int64_t its_run(What *w) {
  const Playbook *p = w->was.playbook;
  char hash[65];
  hash_hex(playbook_source(p), hash);
  Val bind[] = {val_text(str_of(playbook_name(p))), val_date(w->c->asof), val_text(str_of(hash)), val_text(buf_view(&w->was.args))};
  Val id = val_null();
  Err none = {0};
  bool ok = store_value(w->c->store,
                        "SELECT max(id) FROM run r WHERE what = ?1 AND asof = ?2 AND script_hash = ?3 AND coalesce(args, '') = ?4"
                        " AND status = 'applied' AND NOT EXISTS(SELECT 1 FROM run u WHERE u.undoes = r.id)",
                        bind, 4, &w->c->arena, &id, &none);
  err_free(&none);
  return ok && id.t == V_NUM ? id.u.i : 0;
}

static void headline(What *w, Buf *out) {
  Buf given = {0};
  int64_t run = its_run(w);
  whatif_given(w, &given);
  if (run) {
    buf_say(out, "as run %lld", (long long)run);
  } else {
    buf_say(out, "%s as of ", playbook_name(w->was.playbook));
    day_print(w->c->asof, out);
  }
  if (given.n) buf_say(out, ", with %s", given.p);
  else buf_say(out, ", with nothing changed");
  buf_free(&given);
}

static void value_said(const What *w, Val v, Buf *out) {
  FmtEnv env = store_host(w->c->store)->fmt;
  env.null = "–";
  env.cell = false;
  fmt_val(v, UNIT_NONE, FMT_NONE, &env, out);
}

/* Parts side by side as long as the line has room. */
static void put_part(Str part, int *at, Buf *out) {
  int wide = utf8_width(part);
  if (*at && *at + 3 + wide > LINE) *at = 0;
  if (!*at) buf_puts(out, "\n  ");
  else buf_puts(out, "   ");
  buf_str(out, part);
  *at += wide + 3;
}

static void say_moves(What *w, size_t table, Buf *out) {
  Move *move;
  size_t n = whatif_moves(w, table, &move), said = n > MOVES_SAID ? MOVES_SAID : n;
  Buf part = {0};
  int at = 0;
  for (size_t i = 0; i < said; i++, buf_clear(&part)) {
    const WhatIfChange *c = move[i].first;
    if (!str_eq(c->column, w->found.table[table].name)) buf_printf(&part, "%.*s: ", STR_ARG(c->column));
    value_said(w, c->was, &part);
    buf_puts(&part, " → ");
    value_said(w, c->now, &part);
    buf_puts(&part, "  ");
    count_print(move[i].n, &part);
    put_part(buf_view(&part), &at, out);
  }
  if (n > said) {
    buf_say(&part, "… %zu more: _:moves()", n - said);
    put_part(buf_view(&part), &at, out);
  }
  buf_free(&part);
}

static bool sum_of(What *w, const int64_t *id, size_t n, int sign, Val *sum, Err *e) {
  Val *v;
  if (!whatif_figures(w, w->total, 1, id, n, &v, e)) return false;
  for (size_t i = 0; i < n; i++) {
    if (!val_is_num(v[i])) continue;
    Val one = sign < 0 ? num_neg(v[i], &w->c->arena) : v[i];
    *sum = sum->t == V_NULL ? one : num_add(*sum, one, &w->c->arena);
  }
  return true;
}

/* valid-key 4,152 → 4,309   earned in them +1,702.4万 */
static bool say_segment(What *w, const WhatIfSegment *s, Buf *out, Err *e) {
  FmtEnv env = store_host(w->c->store)->fmt;
  env.cell = false;
  buf_printf(out, "\n  %.*s  ", STR_ARG(s->name));
  count_print((size_t)s->was, out);
  buf_puts(out, " → ");
  count_print((size_t)s->now, out);
  const CatEntity *account = catalog_entity(STR("account"));
  if (!w->ntotal || rules_entity(playbook_rules(w->was.playbook)) != account->number || (!s->njoined && !s->nleft)) return true;
  Val sum = val_null();
  if (!sum_of(w, s->joined, s->njoined, 1, &sum, e) || !sum_of(w, s->left, s->nleft, -1, &sum, e)) return false;
  if (sum.t == V_NULL) return true;
  buf_say(out, "   %.*s in them ", STR_ARG(expr_title(w->total[0])));
  if (num_cmp(sum, val_int(0)) >= 0) buf_char(out, '+');
  bool money = expr_type(w->total[0]).unit == UNIT_MONEY;
  fmt_val(sum, expr_type(w->total[0]).unit, money ? (Fmt){FMT_WAN, -1} : FMT_NONE, &env, out);
  return true;
}

static bool say(What *w, Buf *out, Err *e) {
  const WhatIf *f = &w->found;
  headline(w, out);
  for (size_t i = 0; i < f->ntable; i++) {
    const WhatIfTable *t = &f->table[i];
    buf_puts(out, i ? "\n" : ":  ");
    count_print(t->changed, out);
    buf_say(out, " of ");
    count_print(t->cases, out);
    buf_printf(out, " %.*s", STR_ARG(t->name));
    buf_say(out, " change");
    if (t->gone) buf_say(out, ", %zu no longer decided", t->gone);
    if (t->come) buf_say(out, ", %zu newly decided", t->come);
    say_moves(w, i, out);
  }
  for (size_t i = 0; i < f->nsegment; i++)
    if (!say_segment(w, &f->segment[i], out, e)) return false;
  size_t was = plan_changes(w->before), now = plan_changes(w->after);
  if (!was && !now) return true;
  buf_char(out, '\n');
  buf_say(out, "a run would change ");
  count_print(now, out);
  buf_say(out, " row%s (", now == 1 ? "" : "s");
  count_print(was, out);
  buf_say(out, " as it stands)");
  return true;
}

bool whatif_value(What *w, Found **out, Err *e) {
  Found *f = found_new("whatif", playbook_name(w->was.playbook));
  Buf text = {0};
  put_moves(w, f);
  put_segments(w, f);
  put_values(w, f);
  bool ok = put_rows(w, f, e) && say(w, &text, e);
  found_says(f, buf_view(&text));
  buf_free(&text);
  if (ok) *out = f;
  else found_free(f);
  return ok;
}

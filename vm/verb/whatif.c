#include "verb/out.h"
#include "verb/play.h"
#include "verb/verbs.h"

#include "base/lang.h"
#include "base/num.h"
#include "run/rawtext.h"
#include "run/whatif.h"

#include <stdlib.h>
#include <string.h>

enum { TOTALS_MOST = 3 };

typedef struct What {
  Cli *c;
  Play was, now;
  Plan *before, *after;
  WhatIf found;
  Expr **total; /* columns of the rows, asked under the playbook as it stands */
  size_t ntotal;
  Report rep;
} What;

/* --- what was changed, in words ------------------------------------------------------------ */

static void arg_words(const ArgInfo *now, const ArgInfo *was, const FmtEnv *env, Buf *out) {
  Buf to = {0}, from = {0};
  fmt_val(now->val, now->unit, FMT_NONE, env, &to);
  fmt_val(was->val, was->unit, FMT_NONE, env, &from);
  buf_say(out, "%s%.*s %s for %s", out->n ? ", " : "", STR_ARG(now->name), to.p, from.p);
  buf_free(&to);
  buf_free(&from);
}

static void given_words(const Cli *c, const char *option, const char *what, Buf *out) {
  const char *given;
  for (size_t i = 0; (given = cli_opt_at(c, option, i)); i++) {
    const char *eq = strchr(given, '='), *dot = strchr(given, '.');
    if (!eq || (!*what && (!dot || dot > eq))) continue; /* own args have words of their own */
    buf_printf(out, "%s%s%.*s %s", out->n ? ", " : "", what, (int)(eq - given), given, eq + 1);
  }
}

static void headline(What *w) {
  FmtEnv env = out_env(w->c);
  const ArgInfo *was, *now;
  size_t n = rules_arg_list(playbook_rules(w->was.playbook), &was);
  rules_arg_list(playbook_rules(w->now.playbook), &now);
  Buf out = {0}, line = {0};
  for (size_t i = 0; i < n; i++)
    if (val_order(was[i].val, now[i].val) != 0) arg_words(&now[i], &was[i], &env, &out);
  given_words(w->c, "set", "", &out);
  given_words(w->c, "table", _("table "), &out);
  given_words(w->c, "book", _("rulebook "), &out);
  buf_say(&line, "%s as of ", playbook_name(w->was.playbook));
  day_print(w->c->asof, &line);
  if (out.n) buf_say(&line, ", with %s", out.p);
  else buf_say(&line, ", with nothing changed");
  report_note(&w->rep, buf_view(&line));
  buf_free(&out);
  buf_free(&line);
}

/* --- columns that are added up -------------------------------------------------------------- */

/* Without --total: the playbook's own figures in money, the first few. */
static bool totals(What *w, Err *e) {
  const Playbook *p = w->was.playbook;
  Rules *r = playbook_rules(p);
  Buf text = {0};
  const char *asked = cli_opt(w->c, "total");
  if (asked) buf_puts(&text, asked);
  const MetricInfo *metric;
  size_t n = rules_metric_list(r, &metric), taken = 0;
  for (size_t i = 0; !asked && i < n && taken < TOTALS_MOST; i++) {
    if (metric[i].unit != UNIT_MONEY) continue;
    buf_printf(&text, "%s%.*s", taken++ ? ", " : "", STR_ARG(metric[i].name));
  }
  bool ok = true;
  if (text.n) {
    Src src = {.text = buf_view(&text), .file = asked ? "--total" : NULL, .line = 1, .col = 1};
    ok = rules_columns(r, NULL, src, false, NULL, 0, &w->total, &w->ntotal, e);
  }
  for (size_t i = 0; ok && i < w->ntotal; i++)
    if (expr_type(w->total[i]).kind != T_NUM)
      ok = err_set(e, ERR_USAGE, "--total %.*s is no figure to add up", STR_ARG(expr_text(w->total[i])));
  buf_free(&text);
  return ok;
}

/* --- from what to what ------------------------------------------------------------------------ */

typedef struct Move {
  const WhatIfChange *first;
  size_t n;
  Val *sum; /* ntotal */
} Move;

static int by_move(const void *a, const void *b) {
  const WhatIfChange *x = a, *y = b;
  if (x->table != y->table) return x->table < y->table ? -1 : 1;
  int c = val_order(val_text(x->column), val_text(y->column));
  if (!c) c = val_order(x->was, y->was);
  if (!c) c = val_order(x->now, y->now);
  return c ? c : x->id < y->id ? -1 : x->id > y->id;
}

static bool same_move(const WhatIfChange *x, const WhatIfChange *y) {
  return x->table == y->table && str_eq(x->column, y->column) && val_order(x->was, y->was) == 0 &&
         val_order(x->now, y->now) == 0;
}

static int by_size(const void *a, const void *b) {
  const Move *x = a, *y = b;
  if (x->n != y->n) return x->n > y->n ? -1 : 1;
  return by_move(x->first, y->first);
}

/* One value a change and total column: nchange × ntotal. Tables of other entities have none. */
static bool figures(What *w, Val **out, Err *e) {
  const WhatIf *f = &w->found;
  Arena *a = &w->c->arena;
  Rules *r = playbook_rules(w->was.playbook);
  const FeelHost *host = store_host(w->c->store);
  *out = arena_zalloc(a, f->nchange * w->ntotal + 1, sizeof **out);
  if (!w->ntotal || !f->nchange) return true;
  int64_t *id = arena_alloc(a, f->nchange * sizeof *id);
  size_t *at = arena_alloc(a, f->nchange * sizeof *at), n = 0;
  for (size_t i = 0; i < f->nchange; i++) {
    if (host->entity(host->ctx, f->table[f->change[i].table].entity) != rules_entity(r)) continue;
    id[n] = f->change[i].id;
    at[n++] = i;
  }
  Val *column = arena_alloc(a, (n + 1) * sizeof *column);
  Eval *ev = eval_new(r, w->c->asof);
  bool ok = true;
  for (size_t k = 0; ok && k < w->ntotal; k++) {
    ok = eval_expr(ev, w->total[k], id, n, column, e);
    for (size_t i = 0; ok && i < n; i++) (*out)[at[i] * w->ntotal + k] = val_copy(column[i], a);
  }
  eval_free(ev);
  return ok;
}

static size_t moves_of(What *w, size_t table, const Val *value, Move **out) {
  const WhatIf *f = &w->found;
  Arena *a = &w->c->arena;
  Move *list = arena_zalloc(a, f->nchange + 1, sizeof *list);
  size_t n = 0;
  for (size_t i = 0; i < f->nchange; i++) {
    const WhatIfChange *c = &f->change[i];
    if (c->table != table) continue;
    if (!n || !same_move(list[n - 1].first, c)) {
      list[n] = (Move){.first = c, .sum = arena_zalloc(a, w->ntotal + 1, sizeof(Val))};
      n++;
    }
    Move *m = &list[n - 1];
    m->n++;
    for (size_t k = 0; k < w->ntotal; k++) {
      Val v = value[i * w->ntotal + k];
      if (val_is_num(v)) m->sum[k] = m->sum[k].t == V_NULL ? v : num_add(m->sum[k], v, a);
    }
  }
  if (n) qsort(list, n, sizeof *list, by_size);
  *out = list;
  return n;
}

static UiColumn plain(const char *title) { return (UiColumn){str_of(title), UNIT_NONE, FMT_NONE}; }

static size_t total_columns(const What *w, const char *prefix, UiColumn *col) {
  for (size_t k = 0; k < w->ntotal; k++) {
    Str title = expr_title(w->total[k]);
    const char *text = *prefix ? arena_printf(&w->c->arena, "%s(%.*s)", prefix, STR_ARG(title)) : NULL;
    col[k] = (UiColumn){text ? str_of(text) : title, expr_type(w->total[k]).unit, expr_fmt(w->total[k])};
  }
  return w->ntotal;
}

static void put_moves(What *w, size_t table, const Val *value) {
  const WhatIfTable *t = &w->found.table[table];
  Move *move;
  size_t n = moves_of(w, table, value, &move), ncol = 4 + w->ntotal;
  Buf title = {0};
  buf_printf(&title, "%.*s: ", STR_ARG(t->name));
  count_print(t->changed, &title);
  buf_say(&title, " of ");
  count_print(t->cases, &title);
  buf_say(&title, " change");
  if (t->gone || t->come) {
    buf_puts(&title, "; ");
    count_print(t->gone, &title);
    buf_say(&title, " no longer decided, ");
    count_print(t->come, &title);
    buf_say(&title, " newly");
  }
  if (!n) {
    report_note(&w->rep, buf_view(&title));
    buf_free(&title);
    return;
  }
  UiColumn *col = arena_alloc(&w->c->arena, ncol * sizeof *col);
  col[0] = plain("output"), col[1] = plain("was"), col[2] = plain("now"), col[3] = plain("count");
  total_columns(w, "sum", col + 4);
  Val *cell;
  report_table(&w->rep, buf_view(&title), col, ncol, n, &cell)->table.words = true;
  for (size_t i = 0; i < n; i++, cell += ncol) {
    const WhatIfChange *c = move[i].first;
    cell[0] = val_text(c->column), cell[1] = c->was, cell[2] = c->now, cell[3] = val_int((int64_t)move[i].n);
    for (size_t k = 0; k < w->ntotal; k++) cell[4 + k] = move[i].sum[k];
    for (size_t k = 0; k < ncol; k++) cell[k] = val_copy(cell[k], &w->rep.arena);
  }
  buf_free(&title);
}

/* --- who ---------------------------------------------------------------------------------------- */

typedef struct Line { size_t change; Val by; } Line;

/* The largest first figure first, unknown last; then as they stand. */
static int by_figure(const void *a, const void *b) {
  const Line *x = a, *y = b;
  bool nx = x->by.t == V_NULL, ny = y->by.t == V_NULL;
  if (nx != ny) return nx ? 1 : -1;
  int c = nx ? 0 : -val_order(x->by, y->by);
  return c ? c : x->change < y->change ? -1 : 1;
}

static bool put_changed(What *w, const Val *value, Err *e) {
  const WhatIf *f = &w->found;
  int64_t top = -1;
  if (!cli_opt_int(w->c, "top", 0, &top, e)) return false;
  Line *line = arena_alloc(&w->c->arena, (f->nchange + 1) * sizeof *line);
  for (size_t i = 0; i < f->nchange; i++) line[i] = (Line){i, w->ntotal ? value[i * w->ntotal] : val_null()};
  if (f->nchange) qsort(line, f->nchange, sizeof *line, by_figure);
  size_t n = top >= 0 && (size_t)top < f->nchange ? (size_t)top : f->nchange, ncol = 4 + w->ntotal;
  UiColumn *col = arena_alloc(&w->c->arena, ncol * sizeof *col);
  col[0] = plain("row"), col[1] = plain("output"), col[2] = plain("was"), col[3] = plain("now");
  total_columns(w, "", col + 4);
  Val *cell;
  report_table(&w->rep, STR(N_("Changed")), col, ncol, n, &cell)->table.words = true;
  Buf label = {0};
  for (size_t i = 0; i < n; i++, cell += ncol) {
    const WhatIfChange *c = &f->change[line[i].change];
    buf_clear(&label);
    row_label(w->c->store, NULL, catalog_entity(f->table[c->table].entity), c->id, &label);
    cell[0] = val_text(buf_view(&label)), cell[1] = val_text(c->column), cell[2] = c->was, cell[3] = c->now;
    for (size_t k = 0; k < w->ntotal; k++) cell[4 + k] = value[line[i].change * w->ntotal + k];
    for (size_t k = 0; k < ncol; k++) cell[k] = val_copy(cell[k], &w->rep.arena);
  }
  buf_free(&label);
  return true;
}

static void put_segments(What *w) {
  const WhatIf *f = &w->found;
  if (!f->nsegment) return;
  const UiColumn col[] = {plain("segment"), plain("was"), plain("now")};
  Val *cell;
  report_table(&w->rep, STR(N_("Members")), col, 3, f->nsegment, &cell)->table.words = true;
  for (size_t i = 0; i < f->nsegment; i++, cell += 3) {
    cell[0] = val_copy(val_text(f->segment[i].name), &w->rep.arena);
    cell[1] = val_int(f->segment[i].was);
    cell[2] = val_int(f->segment[i].now);
  }
}

static void put_written(What *w) {
  size_t was = plan_changes(w->before), now = plan_changes(w->after);
  if (!was && !now) return;
  Buf out = {0};
  buf_say(&out, "a run would change ");
  count_print(now, &out);
  buf_say(&out, " row%s (", now == 1 ? "" : "s");
  count_print(was, &out);
  buf_say(&out, " as it stands)");
  report_note(&w->rep, buf_view(&out));
  buf_free(&out);
}

static bool tell(What *w, Err *e) {
  WhatIf *f = &w->found;
  Val *value;
  if (f->nchange) qsort(f->change, f->nchange, sizeof *f->change, by_move);
  if (!totals(w, e) || !figures(w, &value, e)) return false;
  headline(w);
  for (size_t i = 0; i < f->ntable; i++) put_moves(w, i, value);
  put_segments(w);
  put_written(w);
  return (!cli_flag(w->c, "list") || put_changed(w, value, e)) && out_report(w->c, &w->rep, UI_TABLE, e);
}

static bool whatif(Cli *c, Err *e) {
  What w = {.c = c};
  const char *name = c->arg[0];
  bool ok = cli_store(c, STORE_READ, e) && play_vary(c, name, false, &w.was, e) && play_vary(c, name, true, &w.now, e) &&
            play_quietly(c, &w.was, &w.before, e) && play_quietly(c, &w.now, &w.after, e) &&
            whatif_compare(c->store, w.before, w.after, &c->arena, &w.found, e) && tell(&w, e);
  report_free(&w.rep);
  plan_free(w.after);
  plan_free(w.before);
  play_close(&w.now);
  play_close(&w.was);
  return ok;
}

static const OptDef options[] = {
  {"table", "TABLE=FILE", "another grid (.csv, or text as in a playbook) for a decision table; kam.cadence: of a rulebook", true},
  {"book", "NAME=FILE", "another rulebook for the one of this name", true},
  {"total", "COLUMNS", "figures added up over the rows that change (default: the playbook's own in money)", false},
  {"list", NULL, "each row that changes, the largest figure first", false},
  {"top", "N", "of the list only the first N rows", false},
  {NULL, NULL, NULL, false},
};

const Verb verb_whatif = {
  .name = "whatif",
  .summary = "which decisions other args, tables or rulebooks would change, over the same data",
  .usage = (const char *const[]){"whatif NAME [--set ARG=VALUE]… [--set RULEBOOK.ARG=VALUE]… [--table TABLE=FILE]… "
                                 "[--book NAME=FILE]… [--list [--top N]]",
                                 NULL},
  .about = "The playbook is planned twice, as it stands and with what you change, and the decisions are held side by\n"
           "side: how many differ, from what to what, and what the rows are worth (figures as it stands). Settings of\n"
           "the company (--set kam.red=50%) can only be varied here; pareto set changes them. Nothing is written.\n"
           "  pareto whatif profit-types --set fade=3% --list --top 3",
  .opt = options,
  .least = 1,
  .most = 1,
  .run = whatif,
};

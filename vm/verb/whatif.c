#include "verb/whatif.h"

#include "verb/out.h"
#include "verb/verbs.h"

#include "base/lang.h"
#include "base/num.h"

#include <stdlib.h>
#include <string.h>

enum { TOTALS_MOST = 3 };

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

void whatif_given(const What *w, Buf *out) {
  FmtEnv env = out_env(w->c);
  const ArgInfo *was, *now;
  size_t n = rules_arg_list(playbook_rules(w->was.playbook), &was);
  rules_arg_list(playbook_rules(w->now.playbook), &now);
  for (size_t i = 0; i < n; i++)
    if (val_order(was[i].val, now[i].val) != 0) arg_words(&now[i], &was[i], &env, out);
  given_words(w->c, "set", "", out);
  given_words(w->c, "table", _("table "), out);
  given_words(w->c, "book", _("rulebook "), out);
}

/* --- columns that are added up -------------------------------------------------------------- */

static bool total_columns(What *w, Err *e) {
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

bool whatif_figures(What *w, Expr *const *x, size_t n, const int64_t *id, size_t nid, Val **out, Err *e) {
  Arena *a = &w->c->arena;
  Rules *r = playbook_rules(w->was.playbook);
  *out = arena_zalloc(a, nid * n + 1, sizeof **out);
  if (!nid || !n) return true;
  Val *column = arena_alloc(a, nid * sizeof *column);
  Eval *ev = eval_new(r, w->c->asof);
  bool ok = true;
  for (size_t k = 0; ok && k < n; k++) {
    ok = eval_expr(ev, x[k], id, nid, column, e);
    for (size_t i = 0; ok && i < nid; i++) (*out)[i * n + k] = val_copy(column[i], a);
  }
  eval_free(ev);
  return ok;
}

/* One value a change and total column. */
static bool of_changes(What *w, Err *e) {
  const WhatIf *f = &w->found;
  Arena *a = &w->c->arena;
  const FeelHost *host = store_host(w->c->store);
  w->figure = arena_zalloc(a, f->nchange * w->ntotal + 1, sizeof *w->figure);
  int64_t *id = arena_alloc(a, (f->nchange + 1) * sizeof *id);
  size_t *at = arena_alloc(a, (f->nchange + 1) * sizeof *at), n = 0;
  Val *value;
  for (size_t i = 0; i < f->nchange; i++) {
    if (host->entity(host->ctx, f->table[f->change[i].table].entity) != rules_entity(playbook_rules(w->was.playbook))) continue;
    id[n] = f->change[i].id;
    at[n++] = i;
  }
  if (!whatif_figures(w, w->total, w->ntotal, id, n, &value, e)) return false;
  for (size_t i = 0; i < n; i++)
    for (size_t k = 0; k < w->ntotal; k++) w->figure[at[i] * w->ntotal + k] = value[i * w->ntotal + k];
  return true;
}

bool whatif_totals(What *w, Err *e) {
  WhatIf *f = &w->found;
  if (f->nchange) qsort(f->change, f->nchange, sizeof *f->change, by_move);
  return total_columns(w, e) && of_changes(w, e);
}

size_t whatif_moves(const What *w, size_t table, Move **out) {
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
      Val v = w->figure[i * w->ntotal + k];
      if (val_is_num(v)) m->sum[k] = m->sum[k].t == V_NULL ? v : num_add(m->sum[k], v, a);
    }
  }
  if (n) qsort(list, n, sizeof *list, by_size);
  *out = list;
  return n;
}

/* In a session the answer is a value, unless it is asked for in another form. */
static bool tell(What *w, Err *e) {
  const Cli *c = w->c;
  bool value = c->found && !c->format_given && !c->output && !cli_flag(c, "list");
  return value ? whatif_value(w, c->found, e) : whatif_show(w, e);
}

static bool whatif(Cli *c, Err *e) {
  What w = {.c = c};
  const char *name = c->arg[0];
  bool ok = cli_store(c, STORE_READ, e) && play_vary(c, name, false, &w.was, e) && play_vary(c, name, true, &w.now, e) &&
            play_quietly(c, &w.was, &w.before, e) && play_quietly(c, &w.now, &w.after, e) &&
            whatif_compare(c->store, w.before, w.after, &c->arena, &w.found, e) && whatif_totals(&w, e) && tell(&w, e);
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

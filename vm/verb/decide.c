#include "verb/decide_file.h"
#include "verb/decide_input.h"
#include "verb/out.h"
#include "verb/verbs.h"

#include "base/lang.h"

#include "ui/report.h"

#include <string.h>
#include <unistd.h>

typedef struct Work {
  Cli *c;
  Dmn *m;
  const DmnItem **target;     /* decisions and services to decide, in order */
  size_t ntarget;
  DecideInputs in;
  Val *result;                /* rows × targets */
  Arena values;               /* results and what they are shown as */
  size_t room;                /* of values, behind which the result at hand is too large */
  bool cut;                   /* something is too long to be shown as text */
  Buf why;
} Work;

/* --- what is decided */

static bool no_such(Work *w, const char *what, const char *name, DmnKind kind, Err *e) {
  const DmnItem *const *all;
  size_t n = dmn_items(w->m, &all), k = 0;
  Str *names = arena_zalloc(&w->c->arena, n + 1, sizeof *names);
  for (size_t i = 0; i < n; i++)
    if (dmn_kind(all[i]) == kind) names[k++] = dmn_item_name(all[i]);
  err_set(e, ERR_USAGE, "the model has no %s %s", what, name);
  src_suggest(e, str_of(name), names, k);
  for (size_t i = 0; i < k && !e->todo; i++)
    err_todo(e, "%ss: %.*s%s", what, STR_ARG(names[i]), k > 1 ? " …" : "");
  return false;
}

static bool named_targets(Work *w, const char *option, DmnKind kind, Err *e) {
  const char *name;
  for (size_t i = 0; (name = cli_opt_at(w->c, option, i)); i++) {
    const DmnItem *item = dmn_find(w->m, str_of(name), 1U << kind);
    if (!item) return no_such(w, option, name, kind, e);
    w->target[w->ntarget++] = item;
  }
  return true;
}

/* Without a name: the decisions that no other one needs. */
static bool choose(Work *w, Err *e) {
  const DmnItem *const *all;
  size_t n = dmn_items(w->m, &all), given = 0;
  while (cli_opt_at(w->c, "decision", given) || cli_opt_at(w->c, "service", given)) given++;
  w->target = arena_zalloc(&w->c->arena, n + 2 * given + 1, sizeof(DmnItem *));
  if (!named_targets(w, "decision", DMN_DECISION, e) || !named_targets(w, "service", DMN_SERVICE, e))
    return false;
  for (size_t i = 0; i < n && !given; i++)
    if (dmn_kind(all[i]) == DMN_DECISION && !dmn_is_needed(w->m, all[i])) w->target[w->ntarget++] = all[i];
  return w->ntarget || err_set(e, ERR_FAIL, "%s has no decision", w->c->arg[0]);
}

/* --- why */

static void why_row(const DmnTableTrace *t, size_t row, Buf *out) {
  uint32_t failed = t->failed[row];
  if (failed == UINT32_MAX) return;
  buf_say(out, "  row %zu %s", row + 1, failed ? _("no ") : "hit");
  if (failed) {
    buf_say(out, "   %.*s is ", STR_ARG(t->in[failed - 1]));
    standard_print(t->value[failed - 1], out);
    buf_say(out, ", wanted %.*s", STR_ARG(t->cell[row * t->nin + failed - 1]));
  }
  buf_char(out, '\n');
}

static void why(Work *w, const DmnRun *r, const char *where) {
  const DmnTableTrace *t;
  size_t n = dmn_traces(r, &t);
  for (size_t i = 0; i < n; i++) {
    buf_say(&w->why, "%stable %.*s gives ", where ? where : "", STR_ARG(t[i].name));
    standard_print(t[i].out, &w->why);
    buf_char(&w->why, '\n');
    for (size_t row = 0; row < t[i].nrow; row++) why_row(&t[i], row, &w->why);
  }
}

/* --- deciding */

enum { RESULT_MOST = 64 << 20, ALL_MOST = 1 << 30 }; /* bytes of one result, parts written out, and of all */

/* A result that outlives its run; functions do not, so they become their text. Parts that a value holds many
 * times in little memory are written out here: beyond the room it is not finished. */
static Val keep(Work *w, Val v) {
  if (w->values.total > w->room) return val_null();
  if (v.t == V_FUNC) return val_text(STR("function"));
  if (v.t == V_LIST) {
    Val *item = arena_zalloc(&w->values, v.n + 1, sizeof *item);
    for (uint32_t i = 0; i < v.n; i++) item[i] = keep(w, v.u.v[i]);
    return val_list(item, v.n);
  }
  if (v.t != V_CONTEXT) return val_copy(v, &w->values);
  const ValContext *c = v.u.p;
  ValEntry *entry = arena_zalloc(&w->values, c->n + 1, sizeof *entry);
  for (size_t i = 0; i < c->n; i++) {
    entry[i].key = (Str){arena_strndup(&w->values, c->entry[i].key.p, c->entry[i].key.n), c->entry[i].key.n};
    entry[i].val = keep(w, c->entry[i].val);
  }
  return standard_context(entry, c->n, &w->values);
}

static bool keep_result(Work *w, Val v, const DmnItem *item, Val *out, Err *e) {
  size_t one = w->values.total + RESULT_MOST;
  w->room = one < ALL_MOST ? one : ALL_MOST;
  *out = keep(w, v);
  if (w->values.total <= w->room) return true;
  if (w->room < one)
    return err_set(e, ERR_FAIL, "the results take more than %d MiB: decide fewer cases at a time",
                   ALL_MOST >> 20);
  Str name = dmn_item_name(item);
  err_set(e, ERR_FAIL, "the value of %.*s takes more than %d MiB when it is written out", STR_ARG(name),
          RESULT_MOST >> 20);
  err_todo(e, "does a list hold itself over and over, as in for … return [partial]?");
  return false;
}

/* With the first reason that came up since there were `before`. */
static void told_null(const DmnRun *r, const DmnItem *item, const char *where, size_t before) {
  const char *const *note;
  size_t n = dmn_notes(r, &note);
  Str name = dmn_item_name(item);
  bool why = n > before;
  out_say("%s%s%.*s is null%s%s", where ? where : "", where ? ": " : "", STR_ARG(name), why ? ": " : "",
          why ? note[before] : "");
}

static bool decide_row(Work *w, DmnRun *r, size_t row, Err *e) {
  const DecideRow *in = &w->in.row[row];
  bool ok = true;
  for (size_t i = 0; i < w->in.nitem && ok; i++) ok = dmn_give(r, w->in.item[i], in->value[i], e);
  if (!ok && e->kind == ERR_FAIL) e->kind = ERR_USAGE;
  for (size_t i = 0; i < w->ntarget && ok; i++) {
    Val v;
    const char *const *note;
    size_t noted = dmn_notes(r, &note);
    ok = dmn_kind(w->target[i]) == DMN_SERVICE ? dmn_serve(r, w->target[i], &v, e)
                                               : dmn_decide(r, w->target[i], &v, e);
    ok = ok && keep_result(w, v, w->target[i], &w->result[row * w->ntarget + i], e);
    if (ok && v.t == V_NULL) told_null(r, w->target[i], in->where, noted);
  }
  if (ok && cli_flag(w->c, "why")) why(w, r, in->where ? arena_printf(&w->values, "%s: ", in->where) : NULL);
  if (!ok && in->where && !e->file) err_at(e, in->where, 0, 0);
  return ok;
}

static bool decide_all(Work *w, Err *e) {
  ValClock now = {.days = w->c->asof, .offset = VAL_NO_ZONE};
  w->result = arena_zalloc(&w->values, w->in.nrow * w->ntarget + 1, sizeof *w->result);
  bool ok = true;
  for (size_t i = 0; i < w->in.nrow && ok; i++) {
    DmnRun *r = dmn_run_new(w->m, now);
    if (cli_flag(w->c, "why")) dmn_run_trace(r);
    ok = decide_row(w, r, i, e);
    dmn_run_free(r);
  }
  return ok;
}

/* --- showing */

typedef struct Shown { /* a column of results: a target, or an entry of its contexts */
  size_t target;
  Str key;              /* empty: the whole value */
} Shown;

static const ValContext *context_of(Val v) { return v.t == V_CONTEXT ? v.u.p : NULL; }

/* The entries that the results of a target have, when all that are not null are contexts with the same ones:
 * such a target is shown entry by entry. */
static const ValContext *entries(const Work *w, size_t target) {
  const ValContext *first = NULL;
  for (size_t row = 0; row < w->in.nrow; row++) {
    Val v = w->result[row * w->ntarget + target];
    const ValContext *c = context_of(v);
    if (v.t == V_NULL) continue;
    if (!c || !c->n || (first && c->n != first->n)) return NULL;
    for (size_t i = 0; first && i < c->n; i++)
      if (!str_eq(c->entry[i].key, first->entry[i].key)) return NULL;
    first = c;
  }
  return first;
}

static size_t columns(Work *w, bool nested, Shown **out) {
  size_t n = 0, cap = 1;
  Shown *list = mem_zalloc(1, sizeof *list);
  for (size_t i = 0; i < w->ntarget; i++) {
    const ValContext *c = nested ? NULL : entries(w, i);
    for (size_t k = 0; k < (c ? c->n : 1); k++) {
      mem_grow(list, cap, n + 1);
      list[n++] = (Shown){i, c ? c->entry[k].key : (Str){0}};
    }
  }
  *out = list;
  return n;
}

static Str title_of(Work *w, const Shown *s) {
  Str name = dmn_item_name(w->target[s->target]);
  if (!s->key.n) return name;
  return w->ntarget == 1 ? s->key
                         : str_of(arena_printf(&w->values, "%.*s.%.*s", STR_ARG(name), STR_ARG(s->key)));
}

/* What tables have no form for is shown as FEEL writes it; JSON keeps lists and contexts. */
static Val shown_value(Work *w, Val v, bool nested) {
  bool plain = v.t == V_NULL || v.t == V_BOOL || val_is_num(v) || v.t == V_TEXT || v.t == V_DATE;
  if (plain) return v;
  if (nested && v.t == V_LIST) {
    Val *item = arena_zalloc(&w->values, v.n + 1, sizeof *item);
    for (uint32_t i = 0; i < v.n; i++) item[i] = shown_value(w, v.u.v[i], true);
    return val_list(item, v.n);
  }
  const ValContext *c = nested ? context_of(v) : NULL;
  if (c) {
    ValEntry *entry = arena_zalloc(&w->values, c->n + 1, sizeof *entry);
    for (size_t i = 0; i < c->n; i++)
      entry[i] = (ValEntry){c->entry[i].key, shown_value(w, c->entry[i].val, true)};
    return standard_context(entry, c->n, &w->values);
  }
  Buf text = {0};
  standard_print(v, &text);
  w->cut = w->cut || text.n > STD_TEXT;
  Str kept = {arena_strndup(&w->values, text.p ? text.p : "", text.n), text.n};
  buf_free(&text);
  return val_text(kept);
}

static Val cell_of(Work *w, size_t row, const Shown *s, bool nested) {
  Val v = w->result[row * w->ntarget + s->target];
  const ValContext *c = s->key.n ? context_of(v) : NULL;
  for (size_t i = 0; c && i < c->n; i++)
    if (str_eq(c->entry[i].key, s->key)) v = c->entry[i].val;
  return shown_value(w, v, nested);
}

static bool show(Work *w, Err *e) {
  UiFormat f = w->c->format_given ? w->c->format : w->in.ncol && w->c->output ? UI_CSV : UI_TABLE;
  bool nested = f == UI_JSON || f == UI_JSONL;
  Report rep = {0};
  Shown *shown;
  size_t n = columns(w, nested, &shown), ncol = w->in.ncol + n;
  UiColumn *col = arena_zalloc(&w->values, ncol + 1, sizeof *col);
  for (size_t i = 0; i < ncol; i++)
    col[i] = (UiColumn){.title = i < w->in.ncol ? w->in.col[i] : title_of(w, &shown[i - w->in.ncol]),
                        .fmt = FMT_NONE};
  Val *cell;
  report_table(&rep, (Str){0}, col, ncol, w->in.nrow, &cell);
  for (size_t row = 0; row < w->in.nrow; row++)
    for (size_t i = 0; i < ncol; i++)
      cell[row * ncol + i] = i < w->in.ncol ? val_text(w->in.cell[row * w->in.ncol + i])
                                            : cell_of(w, row, &shown[i - w->in.ncol], nested);
  if (w->why.n) report_note(&rep, str_trim(buf_view(&w->why)));
  bool ok = !w->cut || err_set(e, ERR_FAIL, "a value is a text of more than %d MiB", STD_TEXT >> 20);
  if (!ok) err_todo(e, "--format json writes lists and contexts whole");
  ok = ok && out_report(w->c, &rep, f, e);
  report_free(&rep);
  mem_free(shown);
  return ok;
}

/* --input NAME=VALUE is an input as one without --input is, unless a file is called so; all others name the one file. */
static bool sort_inputs(Cli *c, const char **file, char ***given, size_t *n, Err *e) {
  size_t option = 0;
  while (cli_opt_at(c, "input", option)) option++;
  *given = arena_alloc(&c->arena, ((size_t)c->narg + option) * sizeof **given);
  *n = 0;
  for (int i = 1; i < c->narg; i++) (*given)[(*n)++] = c->arg[i];
  for (size_t i = 0; i < option; i++) {
    const char *one = cli_opt_at(c, "input", i);
    if (strchr(one, '=') && access(one, F_OK) != 0) {
      (*given)[(*n)++] = arena_strndup(&c->arena, one, strlen(one));
      continue;
    }
    if (*file) return err_set(e, ERR_USAGE, "two files of cases: %s and %s", *file, one);
    *file = one;
  }
  return true;
}

static bool decide(Cli *c, Err *e) {
  Work w = {.c = c};
  const DmnItem *const *need;
  const char *file = NULL;
  char **given = NULL;
  size_t ngiven = 0;
  if (!sort_inputs(c, &file, &given, &ngiven, e)) return err_left(e, "nothing was decided");
  bool ok = (w.m = decide_load(c->arg[0], &c->arena, e)) != NULL && choose(&w, e);
  size_t n = ok ? dmn_needs(w.m, w.target, w.ntarget, &c->arena, &need) : 0;
  ok =
    ok &&
    decide_inputs(w.m, need, n, file, given, ngiven, &c->arena, &w.in, e) &&
    decide_all(&w, e) && show(&w, e);
  if (!ok) err_left(e, "nothing was decided");
  dmn_free(w.m);
  arena_free(&w.values);
  buf_free(&w.why);
  return ok;
}

static const OptDef options[] = {
  {"decision", "NAME", "decide this one (default: those that no other decision needs)", true},
  {"service", "NAME", "decide the outputs of this decision service", true},
  {"input", "FILE|INPUT=VALUE", "cases: a JSON object or a list of them, or CSV with a column for each input; or one input",
   true},
  {"why", NULL, "show of every table which row hit and what the others failed on", false},
  {NULL, NULL, NULL, false},
};

const Verb verb_decide = {
  .name = "decide",
  .summary = "decide cases with a DMN model",
  .usage =
    (const char *const[]){"decide MODEL.dmn [--decision NAME] [--service NAME] [--input FILE|INPUT=VALUE] [INPUT=VALUE…]",
                          NULL},
  .about =
    "Expressions are FEEL to the letter of the standard (DMN 1.5); models it imports are sought beside it.\n"
    "INPUT=VALUE gives one input, of every case; Applicant.Age=34 one entry of it. Texts need no quotes,\n"
    "lists and contexts are FEEL: 'Items=[1, 2]'. An input that is missing, misspelt, of another type or\n"
    "outside its allowed values is refused with exit code 2; a model with a fault, or a table that breaks\n"
    "its hit policy, with 1, as is a value too large to write (64 MiB). today() is the day of --as-of.\n"
    "  pareto decide discount.dmn tier=A churn=0.9\n"
    "  pareto decide discount.dmn --input cases.csv --format csv --output decided.csv",
  .opt = options,
  .least = 1,
  .most = -1,
  .run = decide,
};

#include "feel/score.h"

#include "base/num.h"
#include "feel/grid.h"

#include <string.h>

enum { COL_DRIVER, COL_POINTS, COL_WHEN, COL_SAY };

static Str said(Str s) { return str_trim(s); }

/* "100%" and "60%" as shares, "100" as a number. */
static bool read_number(Rules *r, const Src *src, Val *out, bool *percent, Err *e) {
  Str s = said(src->text);
  *percent = s.n > 1 && s.p[s.n - 1] == '%';
  if (*percent) s = said(str_sub(s, 0, s.n - 1));
  if (!num_parse(s, out, &r->arena)) return src_err(e, src, 0, src->text.n, "%.*s is no number", STR_ARG(src->text));
  if (*percent) *out = num_div(*out, val_int(100), &r->arena);
  return true;
}

static bool positive(Val v) { return num_cmp(v, val_int(0)) > 0; }

/* --- reading ------------------------------------------------------------- */

static bool read_scale(Rules *r, Score *s, const ScoreSpec *spec, Err *e) {
  s->out_of = val_int(100);
  if (spec->out_of.text.n && !read_number(r, &spec->out_of, &s->out_of, &s->share, e)) return false;
  if (!positive(s->out_of))
    return src_err(e, &spec->out_of, 0, spec->out_of.text.n, "out_of is what the full score is: 100, or \"100%%\"");
  if (!spec->min_known.text.n) return true;
  bool percent;
  if (!read_number(r, &spec->min_known, &s->least, &percent, e)) return false;
  if (percent && num_cmp(s->least, val_int(0)) >= 0 && num_cmp(s->least, val_int(1)) <= 0) return true;
  src_err(e, &spec->min_known, 0, spec->min_known.text.n, "min_known is the share of the points that has to be known");
  return err_todo(e, "such as min_known = \"60%%\"");
}

static bool headed(const Grid *g, const Src *grid, Err *e) {
  bool fine = (g->nin == 3 || g->nin == 4) && g->nout == 0 && str_is(said(g->in[COL_WHEN].text), "when") &&
              (g->nin == 3 || str_is(said(g->in[COL_SAY].text), "say"));
  if (fine) return true;
  const Src *at = g->nin ? &g->in[0] : grid;
  src_err(e, at, 0, at->text.n, "a score has the columns driver | points | when | say");
  return err_todo(e, "the first two may be called otherwise; say may be left out");
}

static bool read_driver(Rules *r, const Table *t, Driver *d, const Src *cell, size_t columns, Err *e) {
  bool percent;
  *d = (Driver){.name = said(cell[COL_DRIVER].text), .points_src = cell[COL_POINTS], .when = cell[COL_WHEN]};
  if (columns > COL_SAY && !str_is(said(cell[COL_SAY].text), "-")) d->say = cell[COL_SAY];
  if (!d->name.n)
    return src_err(e, &cell[COL_DRIVER], 0, 0, "a driver of score %.*s has no name", STR_ARG(t->info.name));
  if (!said(d->when.text).n) {
    src_err(e, &d->when, 0, 0, "driver %.*s has no rule", STR_ARG(d->name));
    return err_todo(e, "when: a condition, or a part 0..1 such as scale(x, 0, 5)");
  }
  Err none = {0};
  bool number = read_number(r, &d->points_src, &d->points, &percent, &none) && !percent && positive(d->points);
  err_free(&none);
  if (number) return true;
  src_err(e, &d->points_src, 0, d->points_src.text.n, "points of %.*s: %.*s is no number of points",
          STR_ARG(d->name), STR_ARG(said(d->points_src.text).n ? said(d->points_src.text) : STR("a blank")));
  return err_todo(e, "a number above 0, such as 25");
}

static bool read_drivers(Rules *r, Table *t, Score *s, const ScoreSpec *spec, Err *e) {
  const Grid *g = &t->grid;
  s->ndriver = g->nrow;
  s->driver = arena_zalloc(&r->arena, g->nrow, sizeof *s->driver);
  s->total = val_int(0);
  for (size_t i = 0; i < g->nrow; i++) {
    Driver *d = &s->driver[i];
    if (!read_driver(r, t, d, &g->cell[i * g->nin], g->nin, e)) return false;
    for (size_t k = 0; k < i; k++)
      if (str_eq(s->driver[k].name, d->name))
        return src_err(e, &g->cell[i * g->nin], 0, d->name.n, "driver %.*s stands twice in score %.*s",
                       STR_ARG(d->name), STR_ARG(t->info.name));
    s->total = num_add(s->total, d->points, &r->arena);
  }
  if (!spec->weights.text.n) return true;
  if (!str_is(said(spec->weights.text), "sum to 100")) {
    src_err(e, &spec->weights, 0, spec->weights.text.n, "weights knows one value: \"sum to 100\"");
    return false;
  }
  if (num_cmp(s->total, val_int(100)) == 0) return true;
  Buf b = {0};
  num_print(s->total, &b);
  src_err(e, &g->in[COL_POINTS], 0, g->in[COL_POINTS].text.n, "the weights of %.*s sum to %s, not to 100",
          STR_ARG(t->info.name), b.p);
  buf_free(&b);
  return false;
}

/* caps: a line each, `condition : most`. */
static bool read_caps(Rules *r, Table *t, Score *s, const Src *block, Err *e) {
  size_t most = 1;
  for (size_t i = 0; i < block->text.n; i++) most += block->text.p[i] == '\n';
  s->cap = arena_zalloc(&r->arena, most, sizeof *s->cap);
  for (size_t at = 0; at < block->text.n;) {
    const char *nl = memchr(block->text.p + at, '\n', block->text.n - at);
    size_t end = nl ? (size_t)(nl - block->text.p) : block->text.n;
    size_t stop = block_comment(block->text, at, end), colon = stop;
    Str line = said(str_sub(block->text, at, stop));
    size_t from = at + (line.n ? (size_t)(line.p - (block->text.p + at)) : 0);
    at = end + 1;
    if (!line.n) continue;
    while (colon > from && block->text.p[colon - 1] != ':') colon--;
    Cap *cap = &s->cap[s->ncap];
    bool percent = false;
    if (colon > from) {
      Src value = src_sub(block, colon, from + line.n);
      cap->cond = src_sub(block, from, colon - 1);
      if (!read_number(r, &value, &cap->most, &percent, e)) return false;
    }
    if (colon == from || !said(cap->cond.text).n || percent != s->share) {
      src_err(e, block, from, line.n, "a cap is a condition and the most that the score may then be");
      return err_todo(e, "such as  trust_low < 2 : %s", s->share ? "40%" : "40");
    }
    s->ncap++;
  }
  if (s->ncap) return true;
  return src_err(e, block, 0, 0, "caps of %.*s holds none", STR_ARG(t->info.name));
}

static void name_inputs(Rules *r, Table *t, const Score *s) {
  size_t n = score_said(s, s->ndriver);
  Str *head = arena_zalloc(&r->arena, n, sizeof *head), *name = arena_zalloc(&r->arena, s->ndriver, sizeof *name);
  t->in = arena_zalloc(&r->arena, n, sizeof *t->in);
  for (size_t i = 0; i < s->ndriver; i++) {
    name[i] = head[i] = s->driver[i].name;
    head[score_said(s, i)] = str_of(arena_printf(&r->arena, "%.*s says", STR_ARG(name[i])));
    t->in[i].src = s->driver[i].when;
    t->in[score_said(s, i)].src = s->driver[i].say;
  }
  for (size_t i = 0; i < s->ncap; i++) {
    head[s->ndriver + i] = said(s->cap[i].cond.text);
    t->in[s->ndriver + i].src = s->cap[i].cond;
  }
  t->info.nin = n;
  t->info.in = head;
  Domain *d = arena_zalloc(&r->arena, 1, sizeof *d);
  *d = (Domain){.n = s->ndriver, .value = name};
  t->score->names = d;
}

static void name_output(Rules *r, Table *t, const Src *name) {
  t->out = arena_zalloc(&r->arena, 1, sizeof *t->out);
  Str *head = arena_zalloc(&r->arena, 1, sizeof *head);
  head[0] = t->info.name;
  Sym *sym = sym_add(r, SYM_OUTPUT, t->info.name, *name);
  sym->entity = t->info.entity;
  sym->table = t;
  t->out[0].src = *name;
  t->out[0].sym = sym;
  t->info.nout = 1;
  t->info.out = head;
}

bool rules_score(Rules *r, const ScoreSpec *given, const char *of, Err *e) {
  ScoreSpec spec = *given;
  Src *const copied[] = {&spec.name, &spec.grid, &spec.out_of, &spec.min_known, &spec.weights, &spec.caps};
  for (size_t i = 0; i < sizeof copied / sizeof *copied; i++) *copied[i] = rules_copy_src(r, *copied[i]);
  Table *t = arena_zalloc(&r->arena, 1, sizeof *t);
  Score *s = arena_zalloc(&r->arena, 1, sizeof *s);
  t->home = r;
  t->score = s;
  t->info.score = true;
  t->info.name = spec.name.text;
  t->info.policy = HIT_SUM;
  t->info.entity = of ? host_entity(r->host, str_of(of)) : r->entity;
  if (of && !t->info.entity)
    return src_err(e, &spec.name, 0, spec.name.text.n, "score %.*s: there is no entity %s", STR_ARG(t->info.name), of);
  if (!spec.grid.what) spec.grid.what = arena_say(&r->arena, "score %.*s", STR_ARG(t->info.name));
  t->text = spec.grid;
  t->spec = arena_zalloc(&r->arena, 1, sizeof *t->spec);
  *t->spec = spec;
  t->else_row = t->unknown_row = -1;
  if (!grid_parse_cases(&t->text, &r->arena, &t->grid, e) || !headed(&t->grid, &t->text, e)) return false;
  t->info.line = t->grid.in[0].line;
  if (!read_scale(r, s, &spec, e) || !read_drivers(r, t, s, &spec, e)) return false;
  if (spec.caps.text.n && !read_caps(r, t, s, &t->spec->caps, e)) return false;
  t->grid = (Grid){.policy = t->grid.in[0]}; /* read: from here on it is a table without rows */
  name_inputs(r, t, s);
  name_output(r, t, &t->spec->name);
  mem_grow(r->score, r->capscore, r->nscore + 1);
  r->score[r->nscore++] = t;
  return true;
}

/* --- what others see ------------------------------------------------------ */

size_t rules_score_list(const Rules *r, const TableInfo *const **list) {
  *list = r->score_list;
  return r->checked ? r->nscore : 0;
}

void score_about(const TableInfo *info, Buf *out) {
  const Table *t = (const Table *)(const void *)info;
  const Score *s = t->score;
  for (size_t i = 0; i < s->ndriver; i++) {
    buf_printf(out, "%s%.*s ", i ? ", " : "", STR_ARG(s->driver[i].name));
    num_print(s->driver[i].points, out);
  }
  buf_puts(out, " → ");
  FmtEnv env = t->home->host->fmt;
  fmt_val(s->out_of, s->share ? UNIT_PERCENT : UNIT_POINTS, FMT_NONE, &env, out);
  if (s->least.t == V_NULL) return;
  buf_say(out, "; null when under ");
  fmt_val(s->least, UNIT_PERCENT, FMT_NONE, &env, out);
  buf_say(out, " of the points are known");
}

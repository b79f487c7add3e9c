#include "feel/save.h"

#include "base/num.h"
#include "feel/space.h"
#include "feel/window.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The text is a sequence of parts, "name length" on a line and then so many bytes and a newline. */
static void put(Buf *out, const char *part, Str body) {
  buf_printf(out, "%s %zu\n", part, body.n);
  if (body.n) buf_str(out, body);
  buf_char(out, '\n');
}

static void put_seconds(Val v, Buf *out) {
  if (v.e == 0 && v.u.i % 86400 == 0)
    buf_printf(out, "%lldd", (long long)(v.u.i / 86400));
  else if (v.e == 0 && v.u.i % 60 == 0)
    buf_printf(out, "%lldmin", (long long)(v.u.i / 60));
}

/* Appends nothing when rules have no literal for the value. */
static void put_literal(Val v, const Sym *s, Buf *out) {
  Arena a = {0};
  if (val_is_num(v) && s->type.unit == UNIT_PERCENT) {
    num_print(num_mul(v, val_int(100), &a), out);
    buf_char(out, '%');
  } else if (val_is_num(v)) {
    num_print(v, out);
  } else if (v.t == V_SECS) {
    put_seconds(v, out);
  } else if (v.t == V_MONTHS) {
    buf_printf(out, "%lldm", (long long)v.u.i);
  } else if (v.t == V_WINDOW) {
    window_print(v, out);
  } else if (v.t == V_DATE) {
    day_print((Day)v.u.i, out);
  } else if (v.t == V_BOOL) {
    buf_puts(out, v.u.i ? "true" : "false");
  } else if (v.t == V_TEXT && !memchr(v.u.s, '\'', v.n) && !memchr(v.u.s, '\\', v.n)) {
    buf_printf(out, "'%.*s'", STR_ARG(val_str(v)));
  }
  arena_free(&a);
}

static void put_arg(const Sym *s, Buf *out) {
  Buf value = {0};
  put_literal(s->val, s, &value);
  buf_printf(out, "%.*s : %.*s = ", STR_ARG(s->name), STR_ARG(s->type_text));
  buf_str(out, value.n ? buf_view(&value) : s->rule.text);
  buf_char(out, '\n');
  buf_free(&value);
}

static void put_metric(const Sym *s, Buf *out) {
  buf_str(out, s->name);
  if (s->declared) buf_printf(out, " : %s", unit_name(s->unit));
  buf_printf(out, " = %.*s\n", STR_ARG(s->rule.text));
}

static void put_symbols(const Rules *r, SymKind kind, const char *part, Buf *out) {
  Buf block = {0};
  for (size_t i = 0; i < r->nsym; i++) {
    if (r->sym[i]->kind != kind) continue;
    if (kind == SYM_ARG)
      put_arg(r->sym[i], &block);
    else
      put_metric(r->sym[i], &block);
  }
  if (block.n) put(out, part, buf_view(&block));
  buf_free(&block);
}

static void put_table(const Rules *r, const Table *t, Buf *out) {
  put(out, "table", t->info.name);
  put(out, "of", entity_name(r->host, t->info.entity));
  const char *slash = t->text.file ? strrchr(t->text.file, '/') : NULL; /* where it lay is no part of the rules */
  put(out, "file", str_of(slash ? slash + 1 : t->text.file));
  put(out, t->csv ? "csv" : "grid", t->text.text);
}

static void put_score(const Rules *r, const Table *t, Buf *out) {
  const ScoreSpec *s = t->spec;
  put(out, "score", t->info.name);
  put(out, "of", entity_name(r->host, t->info.entity));
  put(out, "out_of", s->out_of.text);
  put(out, "min_known", s->min_known.text);
  put(out, "caps", s->caps.text);
  put(out, "drivers", s->grid.text);
}

static void save(const Rules *r, Buf *out) {
  for (size_t i = 0; i < r->nuse; i++) save(r->use[i], out);
  put(out, "rules", str_of(r->name));
  put(out, "entity", str_of(r->entity_text));
  for (size_t i = 0; i < r->nuse; i++) put(out, "uses", str_of(r->use[i]->name));
  put_symbols(r, SYM_ARG, "args", out);
  put_symbols(r, SYM_METRIC, "metrics", out);
  for (size_t i = 0; i < r->ntable; i++) put_table(r, r->table[i], out);
  for (size_t i = 0; i < r->nscore; i++) put_score(r, r->score[i], out);
  put(out, "end", (Str){0});
}

void rules_save(const TableInfo *t, Buf *out) { save(((const Table *)t)->home, out); }

/* --- and back --------------------------------------------------------------- */

typedef struct Loader {
  const FeelHost *host;
  Str rest;
  SavedRules *out;
  Arena a;
} Loader;

static bool damaged(Err *e) { return err_set(e, ERR_FAIL, "the rules kept in the log are damaged"); }

static bool next_part(Loader *l, Str *name, Str *body, Err *e) {
  char *end;
  Str line = str_split(l->rest, '\n', &l->rest);
  Str length = {0};
  *name = str_split(line, ' ', &length);
  char digits[24] = {0};
  if (!length.p || !l->rest.p || length.n == 0 || length.n >= sizeof digits) return damaged(e);
  memcpy(digits, length.p, length.n);
  unsigned long long n = strtoull(digits, &end, 10);
  if (*end || n >= l->rest.n || l->rest.p[n] != '\n') return damaged(e);
  *body = (Str){l->rest.p, (size_t)n};
  l->rest = str_sub(l->rest, (size_t)n + 1, l->rest.n);
  return true;
}

static const char *text_of(Loader *l, Str s) { return arena_strndup(&l->a, s.p, s.n); }

static Rules *loaded(const Loader *l, Str name) {
  for (size_t i = 0; i < l->out->n; i++)
    if (str_is(name, rules_name(l->out->rules[i]))) return l->out->rules[i];
  return NULL;
}

typedef struct TablePart { /* a table's or a score's, until its grid comes */
  Str name, of, file;
  ScoreSpec score;
} TablePart;

static bool take_grid(Loader *l, Rules *r, const TablePart *t, Str part, Src src, Err *e) {
  const char *name = text_of(l, t->name), *of = text_of(l, t->of);
  if (t->file.n) src.file = text_of(l, t->file);
  if (str_is(part, "csv")) return rules_table_csv(r, name, of, src, e);
  if (str_is(part, "grid")) return rules_table(r, name, of, src, e);
  ScoreSpec s = t->score;
  s.name.text = t->name;
  s.grid = src;
  return rules_score(r, &s, of, e);
}

static bool take_part(Loader *l, Rules *r, TablePart *t, Str name, Str body, Err *e) {
  Src src = {.text = body, .file = "the log", .line = 1, .col = 1};
  if (str_is(name, "args")) return rules_args(r, src, e);
  if (str_is(name, "metrics")) return rules_metrics(r, src, e);
  if (str_is(name, "table") || str_is(name, "score")) {
    *t = (TablePart){.name = body};
  } else if (str_is(name, "of")) {
    t->of = body;
  } else if (str_is(name, "file")) {
    t->file = body;
  } else if (str_is(name, "out_of")) {
    t->score.out_of = src;
  } else if (str_is(name, "min_known")) {
    t->score.min_known = src;
  } else if (str_is(name, "caps")) {
    t->score.caps = src;
  } else if (str_is(name, "grid") || str_is(name, "csv") || str_is(name, "drivers")) {
    return take_grid(l, r, t, name, src, e);
  } else if (str_is(name, "uses")) {
    Rules *other = loaded(l, body);
    return other ? rules_use(r, other, e) : damaged(e);
  } else {
    return damaged(e);
  }
  return true;
}

static bool load_one(Loader *l, Err *e) {
  Str name = {0}, body = {0}, entity = {0};
  TablePart t = {0};
  if (!next_part(l, &name, &body, e) || !str_is(name, "rules")) return damaged(e);
  Str title = body;
  if (!next_part(l, &name, &entity, e) || !str_is(name, "entity")) return damaged(e);
  Rules *r = rules_new(l->host, DIALECT_RULES, text_of(l, title), text_of(l, entity));
  mem_grow(l->out->rules, l->out->cap, l->out->n + 1);
  l->out->rules[l->out->n++] = r;
  for (;;) {
    if (!next_part(l, &name, &body, e)) return false;
    if (str_is(name, "end")) return rules_check(r, e);
    if (!take_part(l, r, &t, name, body, e)) return false;
  }
}

bool rules_restore(const FeelHost *host, Str saved, SavedRules *out, Err *e) {
  Loader l = {.host = host, .rest = saved, .out = out};
  *out = (SavedRules){0};
  bool ok = saved.n > 0 || damaged(e);
  while (ok && l.rest.n) ok = load_one(&l, e);
  arena_free(&l.a);
  if (!ok) saved_free(out);
  return ok;
}

void saved_free(SavedRules *s) {
  for (size_t i = s->n; i-- > 0;) rules_free(s->rules[i]);
  mem_free(s->rules);
  *s = (SavedRules){0};
}

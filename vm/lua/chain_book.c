/* Chains: their args, and whether what their steps name is there. */
#include "lua/namespace.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "feel/rules.h"
#include "lua/find.h"

static const Str COUNTS[] = {{"rows", 4}, {"added", 5}, {"changed", 7}, {"unchanged", 9}, {"rejected", 8}};

/* --- months as text */

typedef struct MonthArg { /* month : text = month(as_of - 1d) */
  Str name, of;           /* of: what stands between the brackets */
} MonthArg;

/* Is this line one? Its head is what stands before the rule. */
static bool month_line(Str line, MonthArg *out, Str *head) {
  Str rest, type_rest, left = str_split(line, '=', &rest), type;
  if (!rest.p) return false;
  out->name = str_trim(str_split(left, ':', &type));
  if (!type.p || !str_is(str_trim(type), "text")) return false;
  for (size_t i = 0; i + 1 < rest.n; i++)
    if (rest.p[i] == '/' && rest.p[i + 1] == '/') rest.n = i;
  type_rest = str_trim(rest);
  if (!str_starts(type_rest, "month(") || type_rest.p[type_rest.n - 1] != ')') return false;
  out->of = str_sub(type_rest, 6, type_rest.n - 1);
  *head = (Str){line.p, left.n};
  return true;
}

/* The block with such rules as texts that are still to be written; places stay as they are. */
static Src plain_args(Playbook *p) {
  Header *h = p->header;
  Buf b = {0};
  for (Str rest = h->args.text; rest.p;) {
    Str line = str_split(rest, '\n', &rest), head;
    MonthArg m;
    if (month_line(line, &m, &head)) buf_printf(&b, "%.*s= ''", STR_ARG(head));
    else buf_str(&b, line);
    if (rest.p) buf_char(&b, '\n');
  }
  Src src = h->args;
  src.text = (Str){arena_strndup(&h->arena, b.p ? b.p : "", b.n), b.n};
  src.whole = (Str){0};
  buf_free(&b);
  return src;
}

static bool set_by_hand(const Playbook *p, Str name) {
  for (size_t i = 0; i < p->nset; i++)
    if (str_is(name, p->set[i].name)) return true;
  return false;
}

static bool write_month(Playbook *p, const MonthArg *m, Day asof, Err *e) {
  Src src = src_sub(&p->header->args, (size_t)(m->of.p - p->header->args.text.p), (size_t)(m->of.p - p->header->args.text.p) + m->of.n);
  Expr *x = rules_expr(p->rules, NULL, src, WANT_ANY, NULL, 0, e);
  if (!x) return false;
  if (expr_type(x).kind != T_DATE) return src_err(e, &src, 0, src.text.n, "month(…) is asked of a day");
  Eval *ev = eval_new(p->rules, asof);
  int64_t none = 0;
  Val v;
  bool ok = eval_expr(ev, x, &none, 1, &v, e);
  if (ok && v.t == V_DATE) {
    int year, month, day;
    char text[32];
    day_parts((Day)v.u.i, &year, &month, &day);
    snprintf(text, sizeof text, "%04d-%02d", year, month);
    ok = rules_set_arg(p->rules, m->name, str_of(text), e);
  }
  eval_free(ev);
  return ok;
}

bool chain_begin(Playbook *p, Day asof, Err *e) {
  for (Str rest = p->header->args.text; rest.p;) {
    MonthArg m;
    Str line = str_split(rest, '\n', &rest), head;
    if (month_line(line, &m, &head) && !set_by_hand(p, m.name) && !write_month(p, &m, asof, e)) return false;
  }
  return true;
}

/* --- the day */

bool chain_day(const Playbook *p, Day day, Day *out, Err *e) {
  const char *as_of = p->header->as_of;
  int year, month, d;
  day_parts(day, &year, &month, &d);
  *out = day;
  if (!as_of || strcmp(as_of, "day") == 0) return true;
  if (strcmp(as_of, "start of month") == 0) *out = day_of(year, month, 1);
  else if (strcmp(as_of, "start of quarter") == 0) *out = day_of(year, (month - 1) / 3 * 3 + 1, 1);
  else if (strcmp(as_of, "start of year") == 0) *out = day_of(year, 1, 1);
  else {
    const Key *at = scan_key(&p->header->scan, STR("as_of"));
    err_set(e, ERR_FAIL, "as_of of a chain is day, start of month, start of quarter or start of year, not %s", as_of);
    return err_at(e, p->header->path, at ? at->line : 0, at ? at->col : 0);
  }
  return true;
}

/* --- texts and conditions */

bool chain_text(Playbook *p, Src text, Day asof, Buf *out, Err *e) {
  Expr *x = rules_expr(p->rules, NULL, text, WANT_TEMPLATE, NULL, 0, e);
  if (!x) return false;
  Eval *ev = eval_new(p->rules, asof);
  int64_t none = 0;
  Val v;
  bool ok = eval_expr(ev, x, &none, 1, &v, e);
  if (ok && v.t == V_TEXT) buf_str(out, val_str(v));
  eval_free(ev);
  return ok;
}

bool chain_holds(Playbook *p, Src rule, const Param *param, size_t n, Day asof, bool *yes, Err *e) {
  Expr *x = rules_expr(p->rules, NULL, rule, WANT_CONDITION, param, n, e);
  if (!x) return false;
  if (expr_varies(x)) return src_err(e, &rule, 0, rule.text.n, "this differs from account to account: a step runs or not");
  Eval *ev = eval_new(p->rules, asof);
  int64_t none = 0;
  Val v;
  bool ok = eval_expr(ev, x, &none, 1, &v, e);
  *yes = ok && v.t == V_BOOL && v.u.i;
  eval_free(ev);
  return ok;
}

/* --- what steps name */

bool chain_playbook(const Playbook *p, const ChainStep *step, Buf *path, Err *e) { return namespace_find(p->header, step->what, path, e); }

bool chain_mapping(const Playbook *p, const char *name, Buf *path, Err *e) {
  static const char *const within[] = {"", "mappings/"};
  Str beside = find_folder(p->header->path);
  for (int place = 0; place < 2; place++)
    for (int i = 0; i < 2; i++) {
      buf_clear(path);
      if (place == 0) buf_str(path, beside);
      buf_printf(path, "%s%s.map", within[i], name);
      if (access(path->p, R_OK) == 0) return true;
    }
  err_set(e, ERR_FAIL, "there is no mapping %s", name);
  err_todo(e, "it is read from %s.map, beside the chain or in mappings/ there: the options of pareto import, a line each", name);
  return err_todo(e, "such as   map: revenue = amount * 100");
}

static bool at_step(const Playbook *p, const ChainStep *st, Err *e) { return err_at(e, p->header->path, st->name.line, st->name.col); }

/* All playbooks that are missing, in one message. */
static bool all_there(const Playbook *p, Err *e) {
  Buf missing = {0}, path = {0};
  const ChainStep *first = NULL;
  Err one = {0}, kept = {0};
  size_t n = 0;
  for (size_t i = 0; i < p->header->nstep; i++) {
    const ChainStep *st = &p->header->step[i];
    buf_clear(&path);
    if (st->kind != STEP_PLAYBOOK || chain_playbook(p, st, &path, &one)) continue;
    if (!first) err_move(&kept, &one);
    if (!first) first = st;
    buf_printf(&missing, "%s%s", n++ ? ", " : "", st->what);
    err_free(&one);
  }
  if (n == 1) err_move(e, &kept);
  if (n > 1) {
    err_set(e, ERR_FAIL, "%zu playbooks that %s names are not there: %s", n, p->header->name, missing.p);
    if (kept.todo) err_todo(e, "%s", kept.todo);
  }
  if (first) at_step(p, first, e);
  err_free(&kept);
  buf_free(&missing);
  buf_free(&path);
  return !first;
}

/* Fields that the playbook brings and that are not there yet: later steps may read them. */
static bool brings_fields(const Playbook *step) { return step->header->fields.text.n > 0; }

static bool check_playbook(const Playbook *p, const ChainStep *st, Store *s, bool *fields, Err *e) {
  Buf path = {0};
  Playbook *step = NULL;
  bool ok = chain_playbook(p, st, &path, e) && playbook_load(path.p, &step, e);
  if (ok && step->header->kind != PLAYBOOK) ok = err_set(e, ERR_FAIL, "%s is no playbook: a step runs one", st->what);
  Err own = {0};
  if (ok && !playbook_check(step, s, &own)) {
    if (!*fields) {
      err_move(e, &own);
      ok = false;
    }
    err_free(&own); /* what an earlier step brings is there when its turn comes, and it is checked again then */
  } else if (ok) {
    for (const char **v = st->set; ok && v && *v; v++) {
      const char *eq = strchr(*v, '=');
      char *name = mem_strndup(*v, (size_t)(eq - *v));
      ok = playbook_set_arg(step, name, eq + 1, e);
      mem_free(name);
    }
  }
  if (ok) *fields = *fields || brings_fields(step);
  playbook_free(step);
  buf_free(&path);
  return ok || at_step(p, st, e);
}

static bool check_import(Playbook *p, const ChainStep *st, Err *e) {
  Buf path = {0};
  if (!catalog_entity(str_of(st->as))) {
    err_set(e, ERR_FAIL, "there is no entity %s", st->as);
    return at_step(p, st, e);
  }
  bool ok = !st->mapping || chain_mapping(p, st->mapping, &path, e) || at_step(p, st, e);
  buf_free(&path);
  if (!ok || !st->must.text.n) return ok;
  Param count[sizeof COUNTS / sizeof *COUNTS];
  for (size_t i = 0; i < sizeof COUNTS / sizeof *COUNTS; i++) count[i] = (Param){.name = COUNTS[i], .val = val_int(0)};
  return rules_expr(p->rules, NULL, st->must, WANT_CONDITION, count, sizeof COUNTS / sizeof *COUNTS, e) != NULL;
}

static bool check_step(Playbook *p, const ChainStep *st, Store *s, bool *fields, Err *e) {
  if (st->when.text.n && !rules_expr(p->rules, NULL, st->when, WANT_CONDITION, NULL, 0, e)) return false;
  if (st->file.text.n && !rules_expr(p->rules, NULL, st->file, WANT_TEMPLATE, NULL, 0, e)) return false;
  if (st->kind == STEP_IMPORT) return check_import(p, st, e);
  return st->kind == STEP_REPORT || check_playbook(p, st, s, fields, e);
}

bool chain_check(Playbook *p, Store *s, Err *e) {
  const Header *h = p->header;
  bool fields = false;
  Day day;
  p->rules = rules_new(store_host(s), DIALECT_RULES, h->name, "account");
  if (h->args.text.n && !rules_args(p->rules, plain_args(p), e)) return false;
  if (!rules_check(p->rules, e) || !chain_day(p, day_of(2026, 1, 1), &day, e)) return false;
  for (size_t i = 0; i < p->nset; i++)
    if (!rules_set_arg(p->rules, str_of(p->set[i].name), str_of(p->set[i].text), e)) return false;
  if (!all_there(p, e)) return false;
  for (size_t i = 0; i < h->nstep; i++)
    if (!check_step(p, &h->step[i], s, &fields, e)) return false;
  return true;
}

size_t chain_steps(const Playbook *p, const ChainStep **list) {
  *list = p->header->step;
  return p->header->nstep;
}

#include "feel/check.h"

#include "base/lang.h"
#include "base/num.h"
#include "feel/window.h"

#include <string.h>

static const struct { const char *name; ArgKind kind; Type type; } kinds[] = {
    {"number", ARG_NUMBER, {.kind = T_NUM}},
    {"count", ARG_COUNT, {.kind = T_NUM}},
    {"percent", ARG_PERCENT, {.kind = T_NUM, .unit = UNIT_PERCENT}},
    {"money", ARG_MONEY, {.kind = T_NUM, .unit = UNIT_MONEY}},
    {"days", ARG_DAYS, {.kind = T_NUM, .unit = UNIT_DAYS}},
    {"duration", ARG_DURATION, {.kind = T_SECS}},
    {"window", ARG_WINDOW, {.kind = T_WINDOW}},
    {"date", ARG_DATE, {.kind = T_DATE}},
    {"text", ARG_TEXT, {.kind = T_TEXT}},
    {"account", ARG_ACCOUNT, {.kind = T_TEXT}},
    {"filter", ARG_FILTER, {.kind = T_TEXT}},
    {"file", ARG_FILE, {.kind = T_TEXT}},
    {"folder", ARG_FOLDER, {.kind = T_TEXT}},
    {"yes/no", ARG_BOOL, {.kind = T_BOOL}},
    {"list", ARG_LIST, {.kind = T_LIST}}};

static bool raw(ArgKind k) {
  return k == ARG_ACCOUNT || k == ARG_FILTER || k == ARG_FILE || k == ARG_FOLDER || k == ARG_ONE_OF;
}

static Str unquoted(Str s) {
  s = str_trim(s);
  bool quoted = s.n >= 2 && (s.p[0] == '"' || s.p[0] == '\'') && s.p[s.n - 1] == s.p[0];
  return quoted ? str_sub(s, 1, s.n - 1) : s;
}

static const Domain *read_values(Rules *r, Str text, bool ranked) {
  Domain *d = arena_zalloc(&r->arena, 1, sizeof *d);
  size_t most = 1;
  for (size_t i = 0; i < text.n; i++) most += text.p[i] == ',';
  Str *value = arena_zalloc(&r->arena, most, sizeof *value);
  for (Str rest = text; rest.p;) {
    Str v = unquoted(str_split(rest, ',', &rest));
    if (v.n) value[d->n++] = v;
  }
  d->value = value;
  d->ranked = ranked;
  return d;
}

static bool read_kind(Rules *r, Sym *s, Src type, Err *e) {
  Str text = str_trim(type.text), rest;
  s->type_text = text;
  if (str_starts(text, "one of ")) {
    s->arg = ARG_ONE_OF;
    s->domain = read_values(r, str_sub(text, 7, text.n), false);
    s->type = (Type){.kind = T_TEXT, .domain = s->domain};
    return true;
  }
  Str first = str_trim(str_split(text, '|', &rest)); /* account | filter: read as the first, used as either */
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
    if (str_is(first, kinds[i].name)) {
      s->arg = kinds[i].kind;
      s->type = kinds[i].type;
      return true;
    }
  src_err(e, &type, 0, type.text.n, "%.*s is no type of an arg", STR_ARG(text));
  return err_todo(
      e,
      "types: number count percent money days duration window date text account filter file folder, one of A, B");
}

bool args_add(Rules *r, Src block, Err *e) {
  Def *def;
  size_t n;
  if (!block_defs(&block, &r->arena, &def, &n, e)) return false;
  for (size_t i = 0; i < n; i++) {
    Sym *s = sym_add(r, SYM_ARG, def[i].name.text, def[i].name);
    s->rule = def[i].rule;
    s->about = def[i].about;
    if (!def[i].rule.text.n)
      return src_err(e, &def[i].name, 0, def[i].name.text.n, "arg %.*s has no default: write %.*s = …",
                     STR_ARG(s->name), STR_ARG(s->name));
    if (def[i].type.text.n && !read_kind(r, s, def[i].type, e)) return false;
  }
  return true;
}

/* The kind that a default shows. */
static bool infer(Sym *s, const Op *op) {
  static const struct { TypeKind type; Unit unit; ArgKind kind; const char *name; } shown[] = {
      {T_NUM, UNIT_NONE, ARG_NUMBER, "number"}, {T_NUM, UNIT_PERCENT, ARG_PERCENT, "percent"},
      {T_NUM, UNIT_MONEY, ARG_MONEY, "money"},  {T_NUM, UNIT_DAYS, ARG_DAYS, "days"},
      {T_NUM, UNIT_PART, ARG_NUMBER, "number"}, {T_NUM, UNIT_POINTS, ARG_NUMBER, "number"},
      {T_SECS, 0, ARG_DURATION, "duration"},    {T_MONTHS, 0, ARG_DURATION, "duration"},
      {T_WINDOW, 0, ARG_WINDOW, "window"},      {T_DATE, 0, ARG_DATE, "date"},
      {T_TEXT, 0, ARG_TEXT, "text"},            {T_BOOL, 0, ARG_BOOL, "yes/no"},
      {T_LIST, 0, ARG_LIST, "list"}};
  for (size_t i = 0; i < sizeof shown / sizeof *shown; i++)
    if (op->type.kind == shown[i].type && (op->type.kind != T_NUM || op->type.unit == shown[i].unit)) {
      s->arg = shown[i].kind;
      s->inferred = true;
      s->type_text = str_of(shown[i].name);
      s->type = op->type;
      return true;
    }
  return false;
}

bool op_depends(const Op *op) {
  if (op->kind == K_ASOF || op->kind == K_ARG || op->dated) return true;
  for (uint32_t i = 0; i < op->nkid; i++)
    if (op_depends(op->kid[i])) return true;
  return false;
}

static bool wrong(const Sym *s, const Src *src, Err *e, const char *needs, const char *example) {
  src_err(e, src, 0, src->text.n, "arg %.*s is %s, not %.*s", STR_ARG(s->name), _(needs),
          STR_ARG(str_trim(src->text)));
  return err_todo(e, "such as %.*s=%s", STR_ARG(s->name), example);
}

static const char *said_unit(Unit u) {
  switch (u) {
    case UNIT_PERCENT: return N_("a percentage");
    case UNIT_MONEY: return N_("an amount of money");
    case UNIT_DAYS: return N_("a number of days");
    case UNIT_POINTS: return N_("a number of points");
    default: return N_("a number");
  }
}

/* A figure of another unit than the arg's; a bare number is of any. */
static bool mixes(const Sym *s, const Type *have, const Src *src, Err *e) {
  Unit want = s->arg == ARG_COUNT || s->arg == ARG_DAYS || s->arg == ARG_NUMBER ? s->type.unit : UNIT_NONE;
  if (!have || have->kind != T_NUM || !have->unit || have->unit == want) return false;
  src_err(e, src, 0, src->text.n, "%.*s is %s, not %s", STR_ARG(s->name), _(said_unit(want)), _(said_unit(have->unit)));
  err_todo(e, "such as %.*s=%s", STR_ARG(s->name), want == UNIT_DAYS ? "30" : "12");
  return true;
}

/* 3万, 1.2亿: no share of anything. */
static bool amount(const Src *src) {
  Str s = str_trim(src->text);
  return s.n && (str_is(str_sub(s, s.n < 3 ? 0 : s.n - 3, s.n), "万") || str_is(str_sub(s, s.n < 3 ? 0 : s.n - 3, s.n), "亿"));
}

/* Does the value fit the arg's kind? */
static bool suits(const Sym *s, Val v, const Type *have, const Src *src, Err *e) {
  int64_t whole;
  bool number = val_is_num(v);
  switch (s->arg) {
    case ARG_NUMBER:
      if (number && mixes(s, have, src, e)) return false;
      return number || wrong(s, src, e, "a number", "12");
    case ARG_COUNT:
      if (number && mixes(s, have, src, e)) return false;
      return (number && num_int(v, &whole) && whole >= 0) || wrong(s, src, e, "a whole number from 0", "4");
    case ARG_DAYS:
      if (number && mixes(s, have, src, e)) return false;
      return number || v.t == V_SECS || wrong(s, src, e, "a number of days", "30");
    case ARG_PERCENT:
      if (amount(src)) return wrong(s, src, e, "a percentage", "15%");
      if (number && have && have->unit != UNIT_PERCENT &&
          num_cmp(num_abs(v, &s->home->arena), val_int(1)) > 0) {
        src_err(e, src, 0, src->text.n, "%.*s would be %.*s00 %%", STR_ARG(str_trim(src->text)),
                STR_ARG(str_trim(src->text)));
        return err_todo(e, "write %.*s=%.*s%%", STR_ARG(s->name), STR_ARG(str_trim(src->text)));
      }
      return (number && (!have || have->unit == UNIT_PERCENT || have->unit == UNIT_NONE)) ||
             wrong(s, src, e, "a percentage", "15%");
    case ARG_MONEY:
      return (number && (!have || !have->unit || have->unit == UNIT_MONEY)) ||
             wrong(s, src, e, "an amount of money", "50万");
    case ARG_DURATION:
      if (v.t == V_SECS || v.t == V_MONTHS) return true;
      if (v.t == V_WINDOW && s->inferred && s->as_window && !s->as_span) return true;
      wrong(s, src, e, "a duration", "90d");
      if (v.t == V_WINDOW)
        err_todo(e, "declared as %.*s : window it could be a calendar window", STR_ARG(s->name));
      return false;
    case ARG_WINDOW: {
      Day from, to;
      return window_days(v, day_of(2026, 1, 1), &from, &to) || wrong(s, src, e, "a window", "12m");
    }
    case ARG_DATE: return v.t == V_DATE || wrong(s, src, e, "a date", "2026-11-01");
    case ARG_BOOL: return v.t == V_BOOL || wrong(s, src, e, "true or false", "true");
    case ARG_LIST: return v.t == V_LIST || wrong(s, src, e, "a list", "[1, 2]");
    case ARG_ONE_OF:
      if (v.t == V_TEXT && domain_rank(s->domain, val_str(v)) >= 0) return true;
      {
        Buf b = {0};
        domain_list(s->domain, ", ", &b);
        src_err(e, src, 0, src->text.n, "arg %.*s is one of %.*s, not %.*s", STR_ARG(s->name), (int)b.n, b.p,
                STR_ARG(str_trim(src->text)));
        buf_free(&b);
        return src_suggest(e, unquoted(src->text), s->domain->value, s->domain->n);
      }
    default: return v.t == V_TEXT || wrong(s, src, e, "text", "'…'");
  }
}

static bool in_limits(Rules *r, const Sym *s, const Src *src, Err *e) {
  if (!s->limit) return true;
  Val holds;
  if (!op_constant(r, s->limit, &holds, e)) return false;
  if (holds.t == V_BOOL && holds.u.i) return true;
  src_err(e, src, 0, src->text.n, "arg %.*s is %.*s, outside its limits", STR_ARG(s->name),
          STR_ARG(str_trim(src->text)));
  return err_todo(e, "allowed: %.*s", STR_ARG(str_trim(s->limit_src.text)));
}

static Op *read_op(Rules *r, const Node *node, Err *e) {
  Check c = {.r = r, .e = e};
  Op *op = check_node(&c, node);
  mem_free(c.name);
  return op;
}

static bool set_val(Sym *s, Val v, const Type *have, const Src *src, Err *e) {
  if (v.t == V_NULL) {
    src_err(e, src, 0, src->text.n, "arg %.*s needs a value; %.*s gives none", STR_ARG(s->name),
            STR_ARG(str_trim(src->text)));
    return err_todo(e, "a division by 0 is unknown; give %.*s a figure", STR_ARG(s->name));
  }
  if (!suits(s, v, have, src, e)) return false;
  if (s->arg == ARG_DAYS && v.t == V_SECS) v = val_dec(v.u.i / 86400, 0);
  s->val = v;
  return true;
}

static bool limits(Rules *r, Sym *s, const Node *in, Err *e) {
  Check c = {.r = r, .e = e};
  Op *arg = op_new(&c, K_ARG, in, s->type);
  arg->ref = s;
  Op *all = NULL;
  for (uint32_t i = 1; i < in->nkid; i++) {
    Op *one = check_test(&c, arg, in->kid[0], in->kid[i]);
    if (!one) return false;
    all = all ? op_bool(&c, K_OR, in, all, one) : one;
  }
  const Node *first = in->kid[1], *last = in->kid[in->nkid - 1];
  s->limit = all;
  s->limit_src = src_sub(&s->rule, first->at, last->at + last->len);
  s->rule = src_sub(&s->rule, in->kid[0]->at, in->kid[0]->at + in->kid[0]->len);
  return true;
}

static bool default_check(Rules *r, Sym *s, Err *e) {
  if (s->type_text.n && raw(s->arg)) return set_val(s, val_text(unquoted(s->rule.text)), NULL, &s->rule, e);
  const Node *node = feel_parse(&s->rule, r->dialect, &r->arena, e);
  if (!node) return false;
  const Node *in = node->kind == N_IN ? node : NULL;
  Op *op = read_op(r, in ? in->kid[0] : node, e);
  if (!op) return false;
  if (!s->type_text.n && !infer(s, op))
    return src_err(e, &s->rule, 0, s->rule.text.n, "arg %.*s: what type is this? write %.*s : TYPE = …",
                   STR_ARG(s->name), STR_ARG(s->name));
  if (s->arg == ARG_DURATION && (op->type.kind == T_MONTHS || op->type.kind == T_SECS)) s->type = op->type;
  if (in && !limits(r, s, in, e)) return false;
  if (op_depends(op)) {
    if (!type_fits(s->type, op->type)) return wrong(s, &s->rule, e, _(type_name(s->type.kind)), "…");
    s->op = op;
    return true;
  }
  Val v;
  return op_constant(r, op, &v, e) && set_val(s, val_copy(v, &r->arena), &op->type, &s->rule, e) &&
         in_limits(r, s, &s->rule, e);
}

bool args_check(Rules *r, Err *e) {
  for (size_t i = 0; i < r->nsym; i++)
    if (r->sym[i]->kind == SYM_ARG && !default_check(r, r->sym[i], e)) return false;
  return true;
}

static Sym *arg_named(Rules *r, Str name, Err *e) {
  Sym *s = sym_find(r, 0, name);
  if (s && s->home == r) return s;
  if (s) { /* one value for all: no playbook has its own */
    err_set(e, ERR_USAGE, "%.*s is an arg of rulebook %s: one value for the whole company", STR_ARG(name),
            s->home->name);
    err_todo(e, "pareto set %s.%.*s VALUE changes it; pareto whatif --set %s.%.*s=VALUE varies it", s->home->name,
             STR_ARG(name), s->home->name, STR_ARG(name));
    return NULL;
  }
  err_set(e, ERR_USAGE, "%s has no arg %.*s", r->name, STR_ARG(name));
  Str *known = mem_alloc((r->nsym + 1) * sizeof *known);
  size_t n = 0;
  for (size_t i = 0; i < r->nsym; i++)
    if (r->sym[i]->kind == SYM_ARG) known[n++] = r->sym[i]->name;
  src_suggest(e, name, known, n);
  mem_free(known);
  return NULL;
}

bool rules_set_arg(Rules *r, Str name, Str text, Err *e) {
  Sym *s = arg_named(r, name, e);
  if (!s) return false;
  Src src = {.text = rules_copy(r, text), .file = "--set", .line = 0};
  Sym before = *s;
  bool ok;
  s->op = NULL;
  if (raw(s->arg) || s->arg == ARG_TEXT) {
    ok = set_val(s, val_text(unquoted(src.text)), NULL, &src, e);
  } else {
    const Node *node = feel_parse(&src, r->dialect, &r->arena, e);
    Op *op = node ? read_op(r, node, e) : NULL;
    Val v;
    ok = op && op_constant(r, op, &v, e) && set_val(s, val_copy(v, &r->arena), &op->type, &src, e);
  }
  ok = ok && in_limits(r, s, &src, e);
  if (!ok) *s = before;
  return ok;
}

bool rules_set_arg_val(Rules *r, Str name, Val v, Err *e) {
  Sym *s = arg_named(r, name, e);
  if (!s) return false;
  if (v.t == V_TEXT && s->arg != ARG_TEXT && !raw(s->arg)) return rules_set_arg(r, name, val_str(v), e);
  Buf b = {0};
  fmt_val(v, UNIT_NONE, FMT_NONE, &r->host->fmt, &b);
  Src src = {.text = rules_copy(r, buf_view(&b)), .line = 0};
  buf_free(&b);
  Sym before = *s;
  s->op = NULL;
  bool ok = set_val(s, val_copy(v, &r->arena), NULL, &src, e) && in_limits(r, s, &src, e);
  if (!ok) *s = before;
  return ok;
}

/* --- fields ------------------------------------------------------------- */

static bool number_limits(Rules *r, Sym *s, Str text) {
  for (size_t i = 0; i + 1 < text.n; i++) {
    if (text.p[i] != '.' || text.p[i + 1] != '.') continue;
    Str lo = str_trim(str_sub(text, 0, i)), hi = str_trim(str_sub(text, i + 2, text.n));
    return (!lo.n || num_parse(lo, &s->low, &r->arena)) && (!hi.n || num_parse(hi, &s->high, &r->arena));
  }
  return false;
}

static bool field_type(Rules *r, Sym *s, Src type, Err *e) {
  Str t = str_trim(type.text);
  bool ranked = str_starts(t, "ranked ");
  if (ranked || str_starts(t, "one of ")) {
    const Domain *d = read_values(r, str_sub(t, 7, t.n), ranked);
    s->type = (Type){.kind = T_TEXT, .domain = d};
    for (size_t i = 0; i < d->n; i++)
      if (domain_rank(d, d->value[i]) != (ptrdiff_t)i)
        return src_err(e, &type, 0, type.text.n, "%.*s stands twice among the values", STR_ARG(d->value[i]));
    return d->n > 0 || src_err(e, &type, 0, type.text.n, "%.*s has no values", STR_ARG(s->name));
  }
  static const struct { const char *name; Type type; } plain[] = {
      {"number", {.kind = T_NUM}}, {"date", {.kind = T_DATE}}, {"text", {.kind = T_TEXT}},
      {"money", {.kind = T_NUM, .unit = UNIT_MONEY}}, {"percent", {.kind = T_NUM, .unit = UNIT_PERCENT}}};
  for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
    if (str_is(t, plain[i].name)) {
      s->type = plain[i].type;
      return true;
    }
  if (str_starts(t, "number ")) {
    s->type = type_num(UNIT_NONE);
    if (number_limits(r, s, str_sub(t, 7, t.n))) return true;
    return src_err(e, &type, 0, type.text.n, "limits of a number are written 0..100");
  }
  src_err(e, &type, 0, type.text.n, "%.*s is no type of a field", STR_ARG(t));
  return err_todo(
      e,
      "types: one of A, B · ranked highest, …, lowest · number 0..100 · number · date · text · money · percent");
}

bool fields_add(Rules *r, Src block, Err *e) {
  Def *def;
  size_t n;
  if (!block_defs(&block, &r->arena, &def, &n, e)) return false;
  for (size_t i = 0; i < n; i++) {
    Str name = def[i].name.text, rest, head = str_split(name, '.', &rest);
    int entity = r->entity;
    if (rest.p) {
      entity = host_entity(r->host, str_trim(head));
      if (!entity) return src_err(e, &def[i].name, 0, head.n, "there is no entity %.*s", STR_ARG(head));
      name = str_trim(rest);
    }
    Sym *s = sym_add(r, SYM_FIELD, name, def[i].name);
    s->entity = entity;
    s->about = def[i].about;
    s->state = SYM_DONE;
    if (!def[i].type.text.n)
      return src_err(e, &def[i].name, 0, def[i].name.text.n, "field %.*s has no type: write %.*s : text",
                     STR_ARG(name), STR_ARG(name));
    if (!field_type(r, s, def[i].type, e)) return false;
  }
  return true;
}

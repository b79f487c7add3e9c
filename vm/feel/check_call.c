#include "feel/score.h"

#include "base/lang.h"

#include "feel/window.h"

#include <string.h>

static Str text_of(const Node *n) { return (Str){n->src->text.p + n->at, n->len}; }

/* --- arguments ---------------------------------------------------------- */

static bool param_at(const Func *f, size_t i, char *letter, bool *optional) {
  bool opt = false;
  size_t k = 0;
  char last = 0;
  for (const char *p = f->params; *p; p++) {
    if (*p == '?') {
      opt = true;
      continue;
    }
    if (*p == '+') {
      *letter = last;
      *optional = true;
      return true;
    }
    last = *p;
    if (k++ == i) {
      *letter = *p;
      *optional = opt;
      return true;
    }
  }
  return false;
}

static bool arity(Check *c, const Node *n, const Func *f, size_t narg) {
  char letter;
  bool optional;
  size_t least = 0;
  while (param_at(f, least, &letter, &optional) && !optional) least++;
  bool most = narg == 0 || param_at(f, narg - 1, &letter, &optional) || (least == 1 && f->params[0] == 'm');
  if (narg >= least && most) return true;
  check_fail(c, n, narg < least ? "%s has too few arguments" : N_("%s has too many arguments"), f->name);
  err_todo(c->e, "%s", f->usage);
  return false;
}

static TypeKind kind_of(char letter) {
  switch (letter) {
    case 'n': return T_NUM;
    case 't': return T_TEXT;
    case 'b': return T_BOOL;
    case 'd': return T_DATE;
    case 'l': case 'm': return T_LIST;
    default: return T_ANY;
  }
}

static bool suits(char letter, Type t) {
  if (t.kind == T_ANY || t.kind == T_NULL || letter == 'a') return true;
  if (letter == 'u') return t.kind == T_SECS || t.kind == T_MONTHS;
  if (letter == 'n') return t.kind == T_NUM;
  return type_fits(type_of(kind_of(letter)), t);
}

static bool arg_suits(Check *c, const Func *f, char letter, const Op *o, const Node *n) {
  if (suits(letter, o->type)) return true;
  Buf b = {0};
  type_say(c->r->host, o->type, &b);
  static const char *const want[] = {
      ['n'] = N_("a number"),   ['t'] = N_("text"),   ['b'] = N_("true or false"), ['d'] = N_("a date"),
      ['u'] = N_("a duration"), ['l'] = N_("a list"), ['m'] = N_("a list"),        ['w'] = N_("a window")};
  check_fail(c, n, "%s needs %s here, this is %.*s", f->name, _(want[(unsigned char)letter]), (int)b.n, b.p);
  buf_free(&b);
  if (letter == 't' && o->type.kind == T_NUM) err_todo(c->e, "a number becomes text with string(…)");
  else if (letter == 'n' && o->type.kind == T_TEXT) err_todo(c->e, "text becomes a number with number(…)");
  else if (letter == 'm' && o->type.kind == T_NUM)
    err_todo(c->e, "%s(list), %s(a, b), or a measure and a window: %s(revenue, 12m)", f->name, f->name,
             f->name);
  else err_todo(c->e, "%s", f->usage);
  return false;
}

static Type result_type(Check *c, const Func *f, Op **arg, size_t narg) {
  switch (f->result[0]) {
    case '1': return narg ? arg[0]->type : type_of(T_ANY);
    case 'e': return narg ? type_element(arg[0]->type) : type_of(T_ANY);
    case 'L': {
      Type of = narg ? type_element(arg[0]->type) : type_of(T_ANY);
      return type_list(c, of);
    }
    case 'T': return type_list(c, type_of(T_TEXT));
    case 'N': return type_list(c, type_num(UNIT_NONE));
    case 'n': return type_num(f->unit);
    case 'u': return type_of(T_SECS);
    default: return type_of(kind_of(f->result[0]));
  }
}

/* max(a, b): several values are a list of them. */
static Op *packed(Check *c, const Node *n, Op **arg, size_t narg) {
  Type t = arg[0]->type;
  for (size_t i = 1; i < narg; i++) {
    if (t.kind == T_NUM && arg[i]->type.kind == T_NUM && !unit_class_same(t.unit, arg[i]->type.unit))
      return check_fail(c, n, "%.*s puts %s beside %s", STR_ARG(text_of(n)), unit_name(t.unit),
                        unit_name(arg[i]->type.unit));
    t = type_join(c, t, arg[i]->type);
  }
  return op_make(c, K_LIST, n, type_list(c, t), narg, arg);
}

static Op *into_each(Check *c, const Node *n, Op *o) {
  if (o->kind == K_EACH) return o->kid[1];
  if (!o->varies) return o;
  Op *outer = op_new(c, K_OUTER, n, (Type){.kind = T_ROW});
  outer->num = c->scope ? c->scope->level : 0;
  return op2(c, K_AT, n, o->type, outer, o);
}

/* A function of values, given a list of the same rows' values: element by element. */
static Op *call_each(Check *c, const Node *n, const Func *f, Op **arg, const Node *const *an, size_t narg,
                     Op *each) {
  Op **inner = arena_zalloc(&c->r->arena, narg, sizeof *inner);
  for (size_t i = 0; i < narg; i++) {
    if (arg[i]->kind == K_EACH && !op_same(arg[i]->kid[0], each->kid[0]))
      return check_fail(c, n, "%.*s puts two lists of different rows together", STR_ARG(text_of(n)));
    inner[i] = into_each(c, n, arg[i]);
  }
  Op *o = call_func(c, n, f, inner, an, narg);
  return o ? op2(c, K_EACH, n, type_list(c, o->type), each->kid[0], o) : NULL;
}

static bool dated(const char *name) {
  static const char *const by_day[] = {"age", "days_since", "scale", "default"};
  for (size_t i = 0; i < sizeof by_day / sizeof *by_day; i++)
    if (strcmp(by_day[i], name) == 0) return true;
  return false;
}

Op *call_func(Check *c, const Node *n, const Func *f, Op **arg, const Node *const *an, size_t narg) {
  if (!arity(c, n, f, narg)) return NULL;
  bool many = f->params[0] == 'm';
  Op **kid = arena_zalloc(&c->r->arena, narg, sizeof *kid);
  for (size_t i = 0; i < narg; i++) kid[i] = op_is_rows(arg[i]) ? op_list_of_rows(c, arg[i]) : arg[i];
  if (many && narg > 1) {
    Op *list = packed(c, n, kid, narg);
    if (!list) return NULL;
    kid[0] = list;
    narg = 1;
  }
  for (size_t i = 0; i < narg; i++) {
    char letter = 'a';
    bool optional;
    param_at(f, i, &letter, &optional);
    if (letter != 'l' && letter != 'm' && kid[i]->kind == K_EACH)
      return call_each(c, n, f, kid, an, narg, kid[i]);
    if (!arg_suits(c, f, letter, kid[i], an[many ? 0 : i])) return NULL;
  }
  if (f->result[0] == 'e' && narg && type_element(kid[0]->type).kind == T_TEXT && strcmp(f->name, "sum") == 0)
    return check_fail(c, n, "text does not add up");
  if (narg > FUNC_ARGS) return check_fail(c, n, "%s takes at most %d arguments", f->name, FUNC_ARGS);
  Op *o = op_make(c, K_CALL, n, result_type(c, f, kid, narg), narg, kid);
  o->ref = f;
  o->dated |= dated(f->name);
  return o;
}

/* --- functions that the checker knows ----------------------------------- */

static Op *as_days(Check *c, const Node *n, Op *o) {
  if (o->type.kind != T_SECS && o->type.kind != T_MONTHS) return o;
  Op *d = op1(c, K_DAYS, n, type_num(UNIT_DAYS), o);
  d->dated = true;
  return d;
}

/* default(x, y) and scale(x, lo, hi): values that stand for one another, durations beside days too. */
static Op *check_alike(Check *c, const Node *n, const Func *f) {
  Op *arg[3] = {0};
  bool number = false;
  if (n->nkid > 3) return check_fail(c, n, "%s: %s", f->name, f->usage);
  for (uint32_t i = 0; i < n->nkid; i++) {
    if (!(arg[i] = check_node(c, n->kid[i]))) return NULL;
    number |= arg[i]->type.kind == T_NUM;
  }
  for (uint32_t i = 0; number && i < n->nkid; i++) arg[i] = as_days(c, n->kid[i], arg[i]);
  for (uint32_t i = 1; i < n->nkid; i++) {
    const Op *o = arg[i]->kind == K_EACH ? arg[i]->kid[1] : arg[i],
             *first = arg[0]->kind == K_EACH ? arg[0]->kid[1] : arg[0];
    if (o->type.kind == T_NUM && first->type.kind == T_NUM &&
        !unit_class_same(first->type.unit, o->type.unit))
      return check_fail(c, n, "%.*s puts %s beside %s", STR_ARG(text_of(n)), unit_name(first->type.unit),
                        unit_name(o->type.unit));
    if (f->name[0] == 'd' && type_join(c, first->type, o->type).kind == T_ANY && first->type.kind != T_ANY &&
        o->type.kind != T_ANY) {
      Buf a = {0}, b = {0};
      type_say(c->r->host, first->type, &a);
      type_say(c->r->host, o->type, &b);
      check_fail(c, n->kid[i], "default: %.*s cannot stand for %.*s", (int)b.n, b.p, (int)a.n, a.p);
      buf_free(&a);
      buf_free(&b);
      return NULL;
    }
  }
  Op *o = call_func(c, n, f, arg, (const Node *const *)n->kid, n->nkid);
  if (o && o->kind == K_CALL && f->name[0] == 'd') o->type = type_join(c, o->kid[0]->type, o->kid[1]->type);
  return o;
}

static Op *check_known(Check *c, const Node *n) {
  if (n->nkid != 1) return check_fail(c, n, "known(x) takes one value");
  Op *a = check_node(c, n->kid[0]);
  if (!a) return NULL;
  if (op_is_rows(a)) a = op_list_of_rows(c, a);
  Op *o = op1(c, K_ISNULL, n, type_of(T_BOOL), a);
  o->code = 1;
  return o;
}

static Op *check_count(Check *c, const Node *n, Op *rows, bool any) {
  const Op *named = rows;
  while (named->kind == K_AT_ROWS || named->kind == K_FLAT) named = named->kid[1];
  if (!any && named->kind == K_MANY && measure_of(named->ref)) return count_bare(c, n->kid[0]);
  Op *o = op1(c, K_COUNT, n, any ? type_of(T_BOOL) : type_num(UNIT_NONE), rows);
  o->code = any;
  return o;
}

static Op *check_since(Check *c, const Node *n, const Func *f, Op *x) {
  if (x->type.kind == T_SERIES || (x->kind == K_MANY && measure_of(x->ref)))
    return check_series_call(c, n, f, x);
  if (!op_is_rows(x)) return call_func(c, n, f, (Op *[]){x}, (const Node *const *)n->kid, n->nkid);
  const HostEntity *info = host_info(c->r->host, x->type.entity);
  if (!info || !info->day.n)
    return check_fail(c, n->kid[0], "%.*s have no day of their own",
                      STR_ARG(entity_plural(c->r->host, x->type.entity)));
  Op *day = name_of_row(c, n, x->type.entity, info->day);
  return day ? op2(c, K_SINCE, n, type_num(UNIT_DAYS), x, day) : NULL;
}

static Op *check_segment(Check *c, const Node *n) {
  if (!c->r->host->in_segment) return check_fail(c, n, "segments are not available here");
  Op *a = n->nkid == 1 ? check_node(c, n->kid[0])
                       : check_fail(c, n, "in_segment('name') takes the name of a segment");
  if (!a) return NULL;
  if (a->varies || a->type.kind != T_TEXT)
    return check_fail(c, n->kid[0], "the name of a segment is text, the same for every row");
  const Scope *row = scope_row(c);
  if (!row) return check_fail(c, n, "there is no row here that could be a member");
  return at_scope(c, row, op1(c, K_SEGMENT, n, type_of(T_BOOL), a), n);
}

static Op *check_changed(Check *c, const Node *n) {
  if (!c->r->host->changed_by) return check_fail(c, n, "there is no log of runs here");
  Op *a = n->nkid == 1 ? check_node(c, n->kid[0]) : check_fail(c, n, "changed_by(131) takes the number of a run");
  if (!a) return NULL;
  if (a->varies || a->type.kind != T_NUM) return check_fail(c, n->kid[0], "a run is a number, the same for every row: pareto history");
  const Scope *row = scope_row(c);
  if (!row) return check_fail(c, n, "there is no row here that a run could have changed");
  Op *o = op1(c, K_CHANGED, n, type_of(T_BOOL), a);
  o->num = row->entity;
  return at_scope(c, row, o, n);
}

static Op *check_forecast(Check *c, const Node *n) {
  if (!c->r->host->forecast) return check_fail(c, n, "forecast is not available");
  if (n->nkid != 2) return check_fail(c, n, "forecast(measure, 12m) takes a measure and how far ahead");
  Op *m = check_any(c, n->kid[0]);
  Op *w = m ? check_node(c, n->kid[1]) : NULL;
  if (!w) return NULL;
  const HostField *f = m->kind == K_FIELD || m->kind == K_MANY ? measure_of(m->ref) : NULL;
  if (!f) return check_fail(c, n->kid[0], "forecast needs a measure, such as profit");
  if (!f->flow)
    return check_fail(c, n->kid[0], "%.*s does not add up from month to month: forecast takes measures such as profit",
                      STR_ARG(f->name));
  if (w->type.kind != T_MONTHS || w->varies)
    return check_fail(c, n->kid[1], "how far ahead is a number of months: 12m");
  Op *o = op1(c, K_FORECAST, n, type_num(f->type.unit), w);
  o->ref = f;
  return o;
}

static Op *no_function(Check *c, const Node *n) {
  if (str_is(n->name, "within")) {
    check_fail(c, n, "within(…) is no function; a crowd is an option of rank");
    if (n->nkid == 2 && n->kid[1]->kind == N_CALL) {
      Str call = text_of(n->kid[1]);
      err_todo(c->e, "write %.*s, within %.*s)", (int)(call.n - 1), call.p, STR_ARG(text_of(n->kid[0])));
    }
    return NULL;
  }
  if (str_is(n->name, "today") || str_is(n->name, "now")) {
    check_fail(c, n, "rules have no clock");
    err_todo(c->e, "write as_of");
    return NULL;
  }
  Node at = *n;
  at.len = (uint32_t)n->name.n;
  check_fail(c, &at, "%.*s(…) is no function", STR_ARG(n->name));
  size_t count;
  const Func *f = func_list(&count);
  Str *name = mem_alloc(count * sizeof *name);
  for (size_t i = 0; i < count; i++) name[i] = str_of(f[i].name);
  src_suggest(c->e, n->name, name, count);
  mem_free(name);
  return NULL;
}

/* pocket_margin(quote): a field of the row at hand, written as a function of it. */
static Op *check_field_of(Check *c, const Node *n) {
  const Scope *row = scope_row(c);
  const FeelHost *h = c->r->host;
  if (!row || n->nkid != 1 || n->kid[0]->kind != N_NAME || !h->entity_info) return NULL;
  const HostEntity *ent = h->entity_info(h->ctx, row->entity);
  if (!ent || !str_eq(ent->name, n->kid[0]->name) || !h->field(h->ctx, row->entity, n->name)) return NULL;
  Node *name = arena_zalloc(&c->r->arena, 1, sizeof *name);
  *name = *n;
  name->kind = N_NAME;
  name->nkid = 0;
  return check_node(c, name);
}

static bool is(const Func *f, const char *name) { return strcmp(f->name, name) == 0; }

static Op *check_special(Check *c, const Node *n, const Func *f) {
  if (is(f, "known")) return check_known(c, n);
  if (is(f, "default") || is(f, "scale")) return check_alike(c, n, f);
  if (is(f, "in_segment")) return check_segment(c, n);
  if (is(f, "changed_by")) return check_changed(c, n);
  if (is(f, "forecast")) return check_forecast(c, n);
  if (is(f, "nearly")) return check_nearly(c, n);
  if (is(f, "need_match")) return check_domain(c, n, f);
  if (is(f, "ago") || is(f, "yoy") || is(f, "pop")) return check_ago(c, n, n->name);
  if (is(f, "not")) {
    Op *a = n->nkid == 1 ? check_condition(c, n->kid[0]) : check_fail(c, n, "not(…) takes one condition");
    return a ? op_bool(c, K_NOT, n, a, NULL) : NULL;
  }
  return check_fail(c, n, "%s", f->usage);
}

/* share(rows, condition): the part of them for which it holds. */
static Op *share_of_rows(Check *c, const Node *n, Op *rows) {
  Scope inner = {
      .level = c->scope ? c->scope->level + 1 : 1, .row = true, .entity = rows->type.entity, .up = c->scope};
  c->scope = &inner;
  Op *cond = check_condition(c, n->kid[1]);
  c->scope = inner.up;
  if (!cond) return NULL;
  Op *list = op2(c, K_EACH, n, type_list(c, type_of(T_BOOL)), rows, cond);
  return call_func(c, n, func_find(STR("share_true")), (Op *[]){list}, (const Node *[]){n}, 1);
}

static bool has_options(const Node *n) {
  for (uint32_t i = 0; i < n->nkid; i++)
    if (n->kid[i]->kind == N_OPT) return true;
  return false;
}

Op *check_call(Check *c, const Node *n) {
  if (n->op == CALL_EXPR) {
    Node *callee = n->kid[0];
    Op *drivers = score_call(c, n);
    if (drivers || c->e->kind) return drivers;
    return check_fail(c, n, "%.*s(…) is no function", STR_ARG(text_of(callee)));
  }
  const Func *f = func_find(n->name);
  if (!f) {
    Op *field = check_field_of(c, n);
    return field || c->e->kind ? field : no_function(c, n);
  }
  if (n->names) return check_fail(c, n, "%s takes its arguments by position", f->name);
  if (c->grouped) {
    Op *o = check_grouped_call(c, n, f);
    if (o || c->e->kind) return o;
  }
  Op *first = NULL;
  if (f->kind == FN_SET && n->nkid) {
    static const struct { const char *name; SetFn fn; } sets[] = {
        {"rank", SET_RANK}, {"share", SET_SHARE}, {"running_share", SET_RUNNING}, {"share_ahead", SET_AHEAD},
        {"quantile", SET_QUANTILE}, {"classes", SET_CLASSES}, {"zscore", SET_ZSCORE}, {"tied", SET_TIED},
        {"gini", SET_GINI}, {"hhi", SET_HHI}, {"top_share", SET_TOP_SHARE}, {"carriers", SET_CARRIERS}};
    if (is(f, "share") && n->nkid == 2 && n->kid[1]->kind != N_OPT) {
      if (!(first = check_any(c, n->kid[0]))) return NULL;
      if (op_is_rows(first)) return share_of_rows(c, n, first);
    }
    for (size_t i = 0; i < sizeof sets / sizeof *sets; i++)
      if (is(f, sets[i].name)) return check_set_call(c, n, sets[i].fn);
  }
  if (has_options(n)) {
    check_fail(c, n, "%s takes no within or among", f->name);
    err_todo(c->e, "rank share running_share share_ahead quantile classes zscore do");
    return NULL;
  }
  if (f->kind == FN_SPECIAL) return check_special(c, n, f);
  Op **arg = arena_zalloc(&c->r->arena, n->nkid, sizeof *arg);
  for (uint32_t i = 0; i < n->nkid; i++) {
    arg[i] = first = check_any(c, n->kid[i]);
    if (!first) return NULL;
    if (i == 0 && is(f, "days_since"))
      return n->nkid == 1 || first->type.kind == T_SERIES ? check_since(c, n, f, first)
                                                          : check_series_call(c, n, f, first);
    bool history =
        first->type.kind == T_SERIES || (f->kind == FN_SERIES && n->nkid > 1 && op_is_rows(first) &&
                                         (first->kind == K_MANY || first->kind == K_AT_ROWS || first->kind == K_FLAT));
    if (i == 0 && history) return check_series_call(c, n, f, first);
    if (first->type.kind == T_SERIES) return measure_bare(c, n->kid[i], n->kid[i]);
  }
  if (n->nkid == 1 && is(f, "latest") && (arg[0]->kind == K_EACH || op_is_rows(arg[0]))) return check_latest(c, n, arg[0]);
  if (!f->fn) {
    check_fail(c, n, "%s needs a measure, such as revenue", f->name);
    err_todo(c->e, "%s", f->usage);
    return NULL;
  }
  if (n->nkid == 1 && op_is_rows(arg[0])) {
    if (is(f, "count")) return check_count(c, n, arg[0], false);
    if (is(f, "any")) return check_count(c, n, arg[0], true);
  }
  return call_func(c, n, f, arg, (const Node *const *)n->kid, n->nkid);
}

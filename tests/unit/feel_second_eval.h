/* The second evaluator of the standard dialect: trees into values, with some of the built-in functions. */
#ifndef FEEL_SECOND_EVAL_H
#define FEEL_SECOND_EVAL_H
#include "feel_second.h"

static S s_eval(const Node *x, const Env *env);

/* --- functions: arguments fitted as 10.3.4 says, then the figure */

typedef struct SFunction {
  const char *name, *takes; /* a letter a parameter, as std.h has them; '*': a list, or its items */
  S (*of)(const S *arg, size_t n);
} SFunction;

#define FUNCTION(name) static S name(const S *arg, size_t n)
#define UNUSED (void)n

FUNCTION(f_not) { UNUSED; return arg[0].k == STD_BOOLEAN ? s_truth(arg[0].n == 0) : none(); }
FUNCTION(f_abs) { UNUSED; return s_of(arg[0].k, fabsl(arg[0].n)); }
FUNCTION(f_floor) { UNUSED; return s_number(floorl(arg[0].n + 1e-12L)); }
FUNCTION(f_ceiling) { UNUSED; return s_number(ceill(arg[0].n - 1e-12L)); }
/* Random texts are of ASCII. */
FUNCTION(f_length) { UNUSED; return s_number((long double)arg[0].s.n); }
FUNCTION(f_odd) { UNUSED; return s_truth(fabsl(fmodl(arg[0].n, 2)) == 1); }
FUNCTION(f_even) { UNUSED; return s_truth(fmodl(arg[0].n, 2) == 0); }
FUNCTION(f_count) { UNUSED; return s_number((long double)arg[0].len); }

FUNCTION(f_modulo) {
  UNUSED;
  if (s_sign(arg[1].n, 0) == 0) return none();
  return s_number(arg[0].n - arg[1].n * floorl(arg[0].n / arg[1].n + 1e-12L));
}

static long find(Str in, Str what) {
  for (size_t i = 0; i + what.n <= in.n; i++)
    if (what.n == 0 || memcmp(in.p + i, what.p, what.n) == 0) return (long)i;
  return -1;
}
static Str part(Str s, long from, long to) { return (Str){s.p + from, (size_t)(to - from)}; }

FUNCTION(f_contains) { UNUSED; return s_truth(find(arg[0].s, arg[1].s) >= 0); }
FUNCTION(f_before) {
  UNUSED;
  long at = find(arg[0].s, arg[1].s);
  return s_text(part(arg[0].s, 0, at < 0 ? 0 : at));
}
FUNCTION(f_after) {
  UNUSED;
  long at = find(arg[0].s, arg[1].s), all = (long)arg[0].s.n;
  return s_text(part(arg[0].s, at < 0 ? all : at + (long)arg[1].s.n, all));
}
FUNCTION(f_starts) {
  UNUSED;
  return s_truth(arg[1].s.n <= arg[0].s.n && memcmp(arg[0].s.p, arg[1].s.p, arg[1].s.n) == 0);
}
FUNCTION(f_substring) {
  long from = (long)arg[1].n, all = (long)arg[0].s.n, length = n > 2 ? (long)arg[2].n : all;
  if (from == 0 || from > all || from < -all || length < 1) return none();
  from = from > 0 ? from - 1 : all + from;
  return s_text(part(arg[0].s, from, from + length < all ? from + length : all));
}

static bool numbers(S list) {
  bool all = list.len > 0;
  for (size_t i = 0; i < list.len; i++) all = all && list.v[i].k == STD_NUMBER;
  return all;
}
static long double total(S list) {
  long double t = 0;
  for (size_t i = 0; i < list.len; i++) t += list.v[i].n;
  return t;
}
FUNCTION(f_sum) { UNUSED; return numbers(arg[0]) ? s_number(total(arg[0])) : none(); }
FUNCTION(f_mean) {
  UNUSED;
  return numbers(arg[0]) ? s_number(total(arg[0]) / (long double)arg[0].len) : none();
}
FUNCTION(f_product) {
  UNUSED;
  long double p = 1;
  for (size_t i = 0; i < arg[0].len; i++) p *= arg[0].v[i].n;
  return numbers(arg[0]) ? s_number(p) : none();
}
static S extreme(S list, int sign) {
  int o;
  if (!list.len || !s_order(list.v[0], list.v[0], &o)) return none();
  S best = list.v[0];
  for (size_t i = 1; i < list.len; i++) {
    if (!s_order(list.v[i], best, &o)) return none();
    if (o * sign > 0) best = list.v[i];
  }
  return best;
}
FUNCTION(f_min) { UNUSED; return extreme(arg[0], -1); }
FUNCTION(f_max) { UNUSED; return extreme(arg[0], 1); }
static S truth_of(S list, S t, S (*join)(S a, S b)) {
  for (size_t i = 0; i < list.len; i++) {
    if (list.v[i].k != STD_NULL && list.v[i].k != STD_BOOLEAN) return none();
    t = join(t, list.v[i]);
  }
  return t;
}
FUNCTION(f_all) { UNUSED; return truth_of(arg[0], s_truth(true), s_and); }
FUNCTION(f_any) { UNUSED; return truth_of(arg[0], s_truth(false), s_or); }

static bool holds(S list, S v) {
  for (size_t i = 0; i < list.len; i++)
    if (is_true(s_equal(list.v[i], v))) return true;
  return false;
}
FUNCTION(f_list_contains) { UNUSED; return s_truth(holds(arg[0], arg[1])); }
FUNCTION(f_append) {
  S out = arg[0];
  for (size_t i = 1; i < n; i++) out = with(out, arg[i]);
  return out;
}
static S joined(const S *arg, size_t n, bool once) {
  S out = s_list(NULL, 0);
  for (size_t i = 0; i < n; i++) {
    if (arg[i].k == STD_NULL) return none();
    S one = arg[i].k == STD_LIST ? arg[i] : s_list(&arg[i], 1);
    for (size_t k = 0; k < one.len; k++)
      if (!once || !holds(out, one.v[k])) out = with(out, one.v[k]);
  }
  return out;
}
FUNCTION(f_concatenate) { return joined(arg, n, false); }
FUNCTION(f_union) { return joined(arg, n, true); }
FUNCTION(f_distinct) { UNUSED; return joined(arg, 1, true); }
FUNCTION(f_reverse) {
  UNUSED;
  S out = s_list(NULL, 0);
  for (size_t i = arg[0].len; i > 0; i--) out = with(out, arg[0].v[i - 1]);
  return out;
}
FUNCTION(f_index_of) {
  UNUSED;
  S out = s_list(NULL, 0);
  for (size_t i = 0; i < arg[0].len; i++)
    if (is_true(s_equal(arg[0].v[i], arg[1]))) out = with(out, s_number((long double)i + 1));
  return out;
}
static bool place(S list, S at, size_t *out) { /* from 1, or from the end */
  long i = (long)at.n, n = (long)list.len;
  if (i == 0 || i > n || i < -n) return false;
  *out = (size_t)(i > 0 ? i - 1 : n + i);
  return true;
}
FUNCTION(f_remove) {
  UNUSED;
  size_t at;
  S out = s_list(NULL, 0);
  if (!place(arg[0], arg[1], &at)) return none();
  for (size_t i = 0; i < arg[0].len; i++)
    if (i != at) out = with(out, arg[0].v[i]);
  return out;
}
FUNCTION(f_insert) {
  UNUSED;
  size_t at;
  S out = s_list(NULL, 0);
  if (!place(arg[0], arg[1], &at)) return none();
  for (size_t i = 0; i < arg[0].len; i++) {
    if (i == at) out = with(out, arg[2]);
    out = with(out, arg[0].v[i]);
  }
  return out;
}
FUNCTION(f_sublist) {
  size_t at;
  if (!place(arg[0], arg[1], &at)) return none();
  long rest = (long)(arg[0].len - at), length = n > 2 ? (long)arg[2].n : rest;
  return length < 1 || length > rest ? none() : s_list(arg[0].v + at, (size_t)length);
}
static S flat(S out, S v) {
  if (v.k != STD_LIST) return with(out, v);
  for (size_t i = 0; i < v.len; i++) out = flat(out, v.v[i]);
  return out;
}
FUNCTION(f_flatten) { UNUSED; return flat(s_list(NULL, 0), arg[0]); }

FUNCTION(f_date) {
  UNUSED;
  long y = (long)arg[0].n, m = (long)arg[1].n, d = (long)arg[2].n;
  bool real = m >= 1 && m <= 12 && d >= 1 && d <= month_days((int)y, (int)m);
  return real ? s_of(STD_DATE, day_number((Civil){(int)y, (int)m, (int)d})) : none();
}
static long days_of(S v) { return v.k == STD_DATE ? (long)v.n : (long)floorl(v.n / 86400); }
FUNCTION(f_day_of_year) {
  UNUSED;
  return s_number(days_of(arg[0]) - day_number((Civil){civil_of(days_of(arg[0])).y, 1, 1}) + 1);
}
FUNCTION(f_date_of) { UNUSED; return s_of(STD_DATE, days_of(arg[0])); }
FUNCTION(f_get_value) {
  bool found;
  UNUSED;
  return entry_of(arg[0], arg[1].s, &found);
}
FUNCTION(f_includes) { UNUSED; return s_within(arg[1], arg[0].v[0], arg[0].v[1], arg[0].bits); }
FUNCTION(f_is_before) { UNUSED; return s_compare(OP_LT, arg[0], arg[1]); }

static const SFunction functions[] = {
  {"not", "a", f_not}, {"abs", "n", f_abs}, {"abs", "u", f_abs}, {"floor", "n", f_floor},
  {"ceiling", "n", f_ceiling}, {"modulo", "nn", f_modulo}, {"odd", "n", f_odd}, {"even", "n", f_even},
  {"string length", "s", f_length}, {"contains", "ss", f_contains}, {"starts with", "ss", f_starts},
  {"substring before", "ss", f_before}, {"substring after", "ss", f_after}, {"substring", "sn", f_substring},
  {"substring", "snn", f_substring}, {"count", "l", f_count}, {"sum", "*", f_sum}, {"mean", "*", f_mean},
  {"product", "*", f_product}, {"min", "*", f_min}, {"max", "*", f_max}, {"all", "*", f_all},
  {"any", "*", f_any}, {"list contains", "la", f_list_contains}, {"append", "la", f_append},
  {"append", "laa", f_append}, {"concatenate", "aa", f_concatenate}, {"union", "aa", f_union},
  {"distinct values", "l", f_distinct}, {"reverse", "l", f_reverse}, {"index of", "la", f_index_of},
  {"remove", "ln", f_remove}, {"insert before", "lna", f_insert}, {"sublist", "ln", f_sublist},
  {"sublist", "lnn", f_sublist}, {"flatten", "l", f_flatten}, {"date", "nnn", f_date},
  {"date", "p", f_date_of},
  {"day of year", "p", f_day_of_year}, {"get value", "cs", f_get_value}, {"includes", "rq", f_includes},
  {"before", "qq", f_is_before}};
enum { FUNCTIONS = sizeof functions / sizeof *functions };

static bool suits(char letter, S v) {
  switch (letter) {
    case 'a': return true;
    case 'n': return v.k == STD_NUMBER;
    case 's': return v.k == STD_STRING;
    case 'p': return s_moment(v);
    case 'u': return s_span(v);
    case 'l': return v.k == STD_LIST;
    case 'c': return v.k == STD_CONTEXT;
    case 'r': return v.k == STD_RANGE;
    case 'q': return v.k != STD_RANGE && v.k != STD_LIST && v.k != STD_CONTEXT;
    default: return false;
  }
}

static bool suit(char letter, S v, S *out) {
  *out = v;
  if (v.k == STD_NULL) return letter == 'a';
  if (suits(letter, v)) return true;
  if (letter == 'l') {
    *out = s_list(&v, 1);
    return true;
  }
  if (v.k != STD_LIST || v.len != 1) return false;
  *out = v.v[0];
  return out->k != STD_NULL && suits(letter, *out);
}

static S s_call(const Node *x, const Env *env) {
  S given[8], arg[8];
  for (uint32_t i = 0; i < x->nkid; i++) given[i] = s_eval(x->kid[i], env);
  for (size_t i = 0; i < FUNCTIONS; i++) {
    const SFunction *f = &functions[i];
    bool spread = f->takes[0] == '*', fits = true;
    if (!str_is(x->name, f->name)) continue;
    if (spread && x->nkid > 1) {
      arg[0] = s_list(given, x->nkid);
      return f->of(arg, 1);
    }
    if (strlen(f->takes) != x->nkid) continue;
    for (uint32_t k = 0; k < x->nkid && fits; k++) fits = suit(spread ? 'l' : f->takes[k], given[k], &arg[k]);
    if (fits) return f->of(arg, x->nkid);
  }
  return none();
}

/* --- expressions */

static S s_literal(const Node *x) {
  Val v = x->lit;
  switch (v.t) {
    case V_NUM: return s_number(s_scaled(v));
    case V_TEXT: return s_text(val_str(v));
    case V_BOOL: return s_truth(v.u.i);
    case V_DATE: return s_of(STD_DATE, v.u.i);
    case V_DATETIME: {
      const ValClock *k = v.u.p;
      return s_of(STD_DATE_TIME, (long double)k->days * 86400 + (long double)(k->nanos / 1000000000));
    }
    case V_SECS: return s_of(STD_DAYS_DURATION, s_scaled(v));
    case V_MONTHS: return s_of(STD_MONTHS_DURATION, v.u.i);
    default: return none();
  }
}

static S s_test(const Node *x, S v, const Env *env) {
  if (x->kind == N_TEST) return s_compare((NodeOp)x->op, v, s_eval(x->kid[0], env));
  bool pair = x->kind == N_RANGE && x->kid[0] && x->kid[1] && x->op <= 3;
  if (pair && v.k != STD_RANGE)
    return s_within(v, s_eval(x->kid[0], env), s_eval(x->kid[1], env), x->op);
  S e = s_eval(x, env);
  if (e.k == STD_RANGE && v.k != STD_RANGE) return s_within(v, e.v[0], e.v[1], e.bits);
  if (e.k != STD_LIST) return s_equal(v, e);
  bool in = is_true(s_equal(v, e));
  for (size_t i = 0; i < e.len; i++) {
    S item = e.v[i];
    bool range = item.k == STD_RANGE && v.k != STD_RANGE;
    in = in || is_true(range ? s_within(v, item.v[0], item.v[1], item.bits) : s_equal(v, item));
  }
  return s_truth(in);
}

static S s_range(const Node *x, const Env *env) {
  int o, open = (x->kid[0] ? 0 : NO_LOW) | (x->kid[1] ? 0 : NO_HIGH);
  S end[] = {x->kid[0] ? s_eval(x->kid[0], env) : none(), x->kid[1] ? s_eval(x->kid[1], env) : none()};
  if (open ? end[open & NO_LOW ? 1 : 0].k == STD_NULL : !s_order(end[0], end[1], &o) || o > 0) return none();
  S r = s_list(end, 2);
  r.k = STD_RANGE, r.bits = x->op | open;
  return r;
}

/* The values that an iteration goes through; false: null. */
static bool s_course(const Node *x, const Env *env, S *out) {
  if (x->kind != N_RANGE || !(x->op & N_RANGE_STEPS)) {
    S v = s_eval(x, env);
    if (v.k == STD_RANGE) { /* by name: rising, from one end to the other */
      *out = s_list(NULL, 0);
      if (v.v[0].k != STD_NUMBER && v.v[0].k != STD_DATE) return false;
      for (long double n = v.v[0].n; s_sign(n, v.v[1].n) <= 0; n++) {
        S at = s_of(v.v[0].k, n);
        if (is_true(s_within(at, v.v[0], v.v[1], v.bits))) *out = with(*out, at);
      }
      return true;
    }
    *out = v.k == STD_LIST ? v : s_list(&v, 1);
    return v.k != STD_NULL;
  }
  S low = s_eval(x->kid[0], env), high = s_eval(x->kid[1], env);
  *out = s_list(NULL, 0);
  if (low.k != high.k || (low.k != STD_NUMBER && low.k != STD_DATE)) return false;
  int step = low.n > high.n ? -1 : 1;
  for (long double n = low.n; step * s_sign(n, high.n) <= 0; n += step) {
    bool at_low = s_sign(n, low.n) == 0, at_high = s_sign(n, high.n) == 0;
    if ((at_low && !(x->op & VAL_RANGE_LOW_IN)) || (at_high && !(x->op & VAL_RANGE_HIGH_IN))) continue;
    *out = with(*out, s_of(low.k, n));
  }
  return true;
}

static S s_iterate(const Node *x, const Env *env) {
  S course, out = x->kind == N_FOR ? s_list(NULL, 0) : s_truth(x->kind == N_EVERY);
  if (!s_course(x->kid[0], env, &course)) return none();
  for (size_t i = 0; i < course.len; i++) {
    Env in = {env, x->names[0], course.v[i]};
    S v = s_eval(x->kid[1], &in);
    out = x->kind == N_FOR ? with(out, v) : x->kind == N_SOME ? s_or(out, v) : s_and(out, v);
  }
  return out;
}

static S s_filter(const Node *x, const Env *env) {
  S list = s_eval(x->kid[0], env), out = s_list(NULL, 0);
  size_t at;
  if (list.k == STD_NULL) return list;
  if (list.k != STD_LIST) list = s_list(&list, 1);
  bool literal = x->kid[1]->kind == N_LIT || x->kid[1]->kind == N_NEG;
  S fixed = literal ? s_eval(x->kid[1], env) : none();
  if (fixed.k == STD_NUMBER) return place(list, fixed, &at) ? list.v[at] : none();
  for (size_t i = 0; i < list.len; i++) {
    S item = list.v[i];
    Env named = {env, STR("item"), item};
    const Env *in = &named;
    for (size_t k = 0; item.k == STD_CONTEXT && k < item.len; k++) {
      Env *entry = arena_zalloc(&pages, 1, sizeof *entry);
      *entry = (Env){in, item.key[k], item.v[k]};
      in = entry;
    }
    if (is_true(s_eval(x->kid[1], in))) out = with(out, item);
  }
  return out;
}

static S s_parts(const Node *x, const Env *env) {
  S out = s_list(NULL, 0);
  Env *in = arena_zalloc(&pages, x->nkid + 1, sizeof *in);
  for (uint32_t i = 0; i < x->nkid; i++) {
    S v = s_eval(x->kid[i], env);
    out = with(out, v);
    if (x->kind != N_CONTEXT) continue;
    in[i] = (Env){env, x->names[i], v};
    env = &in[i];
  }
  if (x->kind == N_CONTEXT) out.k = STD_CONTEXT, out.key = x->names;
  return out;
}

static S s_eval(const Node *x, const Env *env) {
  switch ((NodeKind)x->kind) {
    case N_LIT: return s_literal(x);
    case N_NAME:
      for (; env; env = env->up)
        if (str_eq(env->name, x->name)) return env->value;
      return none();
    case N_PATH: return s_path(s_eval(x->kid[0], env), x->name);
    case N_CALL: return s_call(x, env);
    case N_NEG: {
      S v = s_eval(x->kid[0], env);
      return v.k == STD_NUMBER || s_span(v) ? s_of(v.k, -v.n) : none();
    }
    case N_BIN: {
      S a = s_eval(x->kid[0], env), b = s_eval(x->kid[1], env);
      if (x->op == OP_AND) return s_and(a, b);
      if (x->op == OP_OR) return s_or(a, b);
      return x->op <= OP_GE ? s_compare((NodeOp)x->op, a, b) : s_arith((NodeOp)x->op, a, b);
    }
    case N_BETWEEN: {
      S v = s_eval(x->kid[0], env);
      int both = VAL_RANGE_LOW_IN | VAL_RANGE_HIGH_IN;
      return s_within(v, s_eval(x->kid[1], env), s_eval(x->kid[2], env), both);
    }
    case N_IN: {
      S v = s_eval(x->kid[0], env), in = s_truth(false);
      for (uint32_t i = 1; i < x->nkid; i++) in = s_or(in, s_test(x->kid[i], v, env));
      return in;
    }
    case N_RANGE: return s_range(x, env);
    case N_IF: return s_eval(x->kid[is_true(s_eval(x->kid[0], env)) ? 1 : 2], env);
    case N_FOR:
    case N_SOME:
    case N_EVERY: return s_iterate(x, env);
    case N_FILTER: return s_filter(x, env);
    case N_LIST:
    case N_CONTEXT: return s_parts(x, env);
    default: fail_msg("a node of kind %d", x->kind); return none();
  }
}
#endif

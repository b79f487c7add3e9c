/* Random expressions of the standard dialect, right and wrong in type: two evaluators give the same. */
#include "feel_dice.h"
#include "feel_second_eval.h"
#include "feel_standard.h"

#include "base/num.h"

/* --- expressions: of a kind, and now and then of another */

enum { NUMBERS, TEXTS, TRUTHS, DATES, MOMENTS, SPANS, LISTS, CONTEXTS, KINDS };
static const char letters[] = "nsbdpulc";

static void expression(Buf *b, int kind, int d);

static void of_kind(Buf *b, char letter, int d) {
  const char *at = strchr(letters, letter);
  expression(b, at ? (int)(at - letters) : (int)roll(KINDS), d);
}

static void call(Buf *b, int d) {
  const SFunction *f = &functions[roll(FUNCTIONS)];
  bool spread = f->takes[0] == '*', list = spread && roll(2);
  size_t n = spread ? (list ? 1 : 1 + roll(3)) : strlen(f->takes);
  static const char some[] = "nnnbdu";
  if (strcmp(f->takes, "nnn") == 0) d = 1; /* parts of a date stay small */
  char kind = some[roll(sizeof some - 1)];
  if (strcmp(f->name, "all") == 0 || strcmp(f->name, "any") == 0) kind = 'b';
  buf_printf(b, "%s(", f->name);
  for (size_t i = 0; i < n; i++) {
    if (i) buf_puts(b, ", ");
    if (f->takes[0] == 'r' && i == 0) buf_puts(b, roll(2) ? "[1..4)" : "(@\"2026-01-01\"..@\"2026-06-30\"]");
    else of_kind(b, list ? 'l' : spread ? kind : f->takes[i], d - 1);
  }
  buf_char(b, ')');
}

static void leaf(Buf *b, int kind) {
  static const char *const leaves[KINDS][9] = {
    [NUMBERS] = {"0", "1", "2", "3", "-4", "0.5", "1.25", "n", NULL},
    [TEXTS] = {"\"\"", "\"a\"", "\"ab\"", "\"bab\"", "\"B\"", "t", NULL},
    [TRUTHS] = {"true", "false", "b", NULL},
    [DATES] = {"@\"2026-01-31\"", "@\"2024-02-29\"", "@\"2025-12-31\"", "d", NULL},
    [MOMENTS] = {"@\"2026-01-31T10:30:00\"", "@\"2025-03-01T00:00:00\"", "@\"2026-02-28\"", NULL},
    [SPANS] = {"@\"P1D\"", "@\"PT36H\"", "@\"P1M\"", "@\"P1Y1M\"", "@\"-P2M\"", "@\"P0D\"", NULL},
    [LISTS] = {"[]", "[1, 2, 3]", "[1, null, 2]", "[\"a\", \"b\"]", "[true, null, false]", "[[1], [2, 3]]",
               "rows", NULL},
    [CONTEXTS] = {"{}", "{a: 1}", "{a: null, b: \"a\"}", "{a: 2, b: \"b\"}", "c", NULL}};
  buf_puts(b, roll(12) ? one_of(leaves[kind]) : "null");
}

static const char *compare_sign(void) {
  static const char *const list[] = {"=", "!=", "<", "<=", ">", ">=", NULL};
  return one_of(list);
}

static void join(Buf *b, int left, const char *sign, int right, int d) {
  buf_char(b, '(');
  expression(b, left, d - 1);
  buf_printf(b, " %s ", sign);
  expression(b, right, d - 1);
  buf_char(b, ')');
}

static void arithmetic(Buf *b, int kind, int d) {
  static const char *const signs[] = {"+", "-", "*", NULL};
  if (kind == NUMBERS && !roll(4)) {
    buf_char(b, '(');
    expression(b, roll(3) ? NUMBERS : SPANS, d - 1);
    buf_printf(b, " / %s)", (const char *[]){"2", "4", "-5", "0", "@\"PT12H\""}[roll(5)]);
  } else if (kind == NUMBERS) {
    join(b, NUMBERS, one_of(signs), NUMBERS, d);
  } else if (kind == SPANS) {
    if (roll(2)) join(b, MOMENTS, "-", MOMENTS, d);
    else join(b, SPANS, one_of(signs), roll(2) ? SPANS : NUMBERS, d);
  } else {
    join(b, kind, roll(3) ? "+" : "-", kind == TEXTS ? TEXTS : SPANS, d);
  }
}

static void ends(Buf *b, int kind, int d) {
  buf_char(b, roll(2) ? '[' : '(');
  expression(b, kind, d - 1);
  buf_puts(b, "..");
  expression(b, kind, d - 1);
  buf_char(b, roll(2) ? ']' : ')');
}

static void halves(Buf *b, int kind, int d) {
  for (size_t i = 0, n = 1 + roll(2); i < n; i++) {
    buf_printf(b, "%s(%s ", i ? ", " : "[", compare_sign());
    expression(b, kind, d - 1);
    buf_char(b, ')');
  }
  buf_char(b, ']');
}

static void condition(Buf *b, int d) {
  static const int ordered[] = {NUMBERS, TEXTS, DATES, MOMENTS, SPANS, NUMBERS};
  int kind = roll(5) ? ordered[roll(6)] : (int)roll(KINDS);
  switch (roll(8)) {
    case 0: join(b, TRUTHS, roll(2) ? "and" : "or", TRUTHS, d); return;
    case 1:
    case 2: join(b, kind, compare_sign(), kind, d); return;
    case 3:
      buf_char(b, '(');
      expression(b, kind, d - 1);
      buf_puts(b, " between ");
      expression(b, kind, 0);
      buf_puts(b, " and ");
      expression(b, kind, 0);
      buf_char(b, ')');
      return;
    case 4:
      buf_char(b, '(');
      expression(b, kind, d - 1);
      buf_puts(b, " in ");
      if (!roll(3)) halves(b, kind, d);
      else if (roll(2)) ends(b, kind, d);
      else expression(b, LISTS, d - 1);
      buf_char(b, ')');
      return;
    case 5:
      buf_char(b, '(');
      expression(b, kind, d - 1);
      buf_printf(b, " in (%s ", (const char *[]){"<", ">=", "<=", ">"}[roll(4)]);
      expression(b, kind, 0);
      buf_puts(b, ", ");
      expression(b, kind, 0);
      buf_puts(b, "))");
      return;
    case 6:
      buf_printf(b, "(%s x in ", roll(2) ? "some" : "every");
      if (roll(4)) expression(b, LISTS, d - 1);
      else ends(b, roll(4) ? NUMBERS : DATES, 1);
      buf_printf(b, " satisfies x %s ", compare_sign());
      expression(b, NUMBERS, d - 1);
      buf_char(b, ')');
      return;
    default: join(b, kind, roll(2) ? "=" : "!=", (int)roll(KINDS), d);
  }
}

static void filter(Buf *b, int d) {
  expression(b, roll(6) ? LISTS : (int)roll(KINDS), 0);
  switch (roll(4)) {
    case 0: buf_printf(b, "[%d]", (int)roll(7) - 3); return;
    case 1: buf_printf(b, "[a %s ", compare_sign()); break;
    case 2: buf_puts(b, "[b = \"b\" or item "); buf_printf(b, "%s ", compare_sign()); break;
    default: buf_printf(b, "[item %s ", compare_sign());
  }
  expression(b, NUMBERS, d - 1);
  buf_puts(b, " and true]");
}

static void list(Buf *b, int d) {
  switch (roll(4)) {
    case 0:
      buf_puts(b, "(for x in ");
      if (roll(3)) expression(b, LISTS, d - 1);
      else if (roll(4)) buf_puts(b, roll(2) ? "[0..3)" : "(2..-2]");
      else buf_puts(b, "@\"2026-02-26\"..@\"2026-03-01\"");
      buf_puts(b, " return ");
      if (roll(2)) buf_printf(b, "x %s ", roll(2) ? "*" : compare_sign());
      expression(b, NUMBERS, d - 1);
      buf_char(b, ')');
      return;
    case 1: filter(b, d); return;
    case 2: expression(b, roll(2) ? LISTS : CONTEXTS, 0); buf_printf(b, ".%s", roll(2) ? "a" : "b"); return;
    default:
      buf_char(b, '[');
      for (uint32_t i = roll(4); i > 0; i--) {
        expression(b, (int)roll(KINDS), d - 1);
        if (i > 1) buf_puts(b, ", ");
      }
      buf_char(b, ']');
  }
}

static void expression(Buf *b, int kind, int d) {
  static const char *const parts[] = {"year", "month", "day", "weekday", "days", "hours", "years", "months",
                                      "a", NULL};
  if (!roll(14)) kind = (int)roll(KINDS);
  if (d <= 0) {
    leaf(b, kind);
    return;
  }
  switch (roll(9)) {
    case 0:
      buf_puts(b, "(if ");
      condition(b, d - 1);
      buf_puts(b, " then ");
      expression(b, kind, d - 1);
      buf_puts(b, " else ");
      expression(b, kind, d - 1);
      buf_char(b, ')');
      return;
    case 1: leaf(b, kind); return;
    case 2:
    case 3: call(b, d); return;
    case 4:
      buf_char(b, '(');
      expression(b, (const int[]){DATES, MOMENTS, SPANS, CONTEXTS}[roll(4)], d - 1);
      buf_printf(b, ").%s", one_of(parts));
      return;
    default: break;
  }
  if (kind == TRUTHS) condition(b, d);
  else if (kind == LISTS) list(b, d);
  else if (kind == CONTEXTS) buf_puts(b, "{a: "), expression(b, NUMBERS, d - 1), buf_puts(b, ", b: a}");
  else arithmetic(b, kind, d);
}

/* --- comparing */

static bool agrees(S a, Val v) {
  static const StdKind of[] = {[V_NUM] = STD_NUMBER, [V_BIG] = STD_NUMBER, [V_TEXT] = STD_STRING,
                               [V_BOOL] = STD_BOOLEAN, [V_DATE] = STD_DATE, [V_DATETIME] = STD_DATE_TIME,
                               [V_SECS] = STD_DAYS_DURATION, [V_MONTHS] = STD_MONTHS_DURATION,
                               [V_LIST] = STD_LIST, [V_CONTEXT] = STD_CONTEXT, [V_RANGE] = STD_RANGE};
  bool found = true;
  if (v.t == V_NULL || a.k == STD_NULL) return v.t == V_NULL && a.k == STD_NULL;
  if (v.t >= sizeof of / sizeof *of || of[v.t] != a.k) return false;
  const ValClock *k = v.t == V_DATETIME ? v.u.p : NULL;
  const ValContext *c = v.t == V_CONTEXT ? v.u.p : NULL;
  switch (a.k) {
    case STD_NUMBER: return s_sign(a.n, (long double)num_double(v)) == 0 ||
                            fabsl(a.n - (long double)num_double(v)) <= 1e-15L * fabsl(a.n);
    case STD_STRING: return str_eq(a.s, val_str(v));
    case STD_DATE_TIME:
      return a.n == (long double)k->days * 86400 + (long double)k->nanos / 1000000000;
    case STD_DAYS_DURATION: return fabsl(a.n - s_scaled(v)) < 1e-8L;
    case STD_LIST:
    case STD_RANGE:
      if (a.k == STD_LIST ? a.len != v.n : a.bits != v.e) return false;
      for (size_t i = 0; i < a.len; i++)
        if (!agrees(a.v[i], v.u.v[i])) return false;
      return true;
    case STD_CONTEXT:
      if (a.len != c->n) return false;
      for (size_t i = 0; i < c->n; i++)
        if (!agrees(entry_of(a, c->entry[i].key, &found), c->entry[i].val) || !found) return false;
      return true;
    default: return a.n == (long double)v.u.i;
  }
}

static const char *const frame =
  "{n: 7, t: \"abc\", b: null, d: @\"2026-11-01\", c: {a: 5, b: \"b\"}, "
  "rows: [{a: 1, b: \"a\"}, {a: null, b: \"b\"}, {a: 3, b: null}]}";

static Node *parsed(const char *text, const Str *known, size_t n, Arena *a) {
  Err e = {0};
  Src src = {.text = str_of(text), .line = 1, .col = 1};
  Node *x = standard_parse(&src, known, n, a, &e);
  if (!x) fail_msg("%s: %s", text, e.what);
  return x;
}

static void both_evaluators_of_the_standard_agree(void **state) {
  (void)state;
  enum { EXPRESSIONS = 60000 };
  size_t nulls = 0, truths = 0, wrong = 0;
  for (int i = 0; i < EXPRESSIONS && wrong < 10; i++) {
    Buf b = {0};
    Arena a = {0};
    Err e = {0};
    expression(&b, (int)roll(KINDS), 1 + (int)roll(4));
    Standard s = standard_at(&a, &e);
    const Node *shape = parsed(frame, NULL, 0, &a);
    const ValContext *names = standard_eval(&s, shape, NULL).u.p;
    Scope scope = {.entry = names->entry, .n = names->n};
    S values = s_eval(shape, NULL);
    Env env[8];
    for (size_t k = 0; k < values.len; k++)
      env[k] = (Env){k ? &env[k - 1] : NULL, values.key[k], values.v[k]};
    const Node *x = parsed(b.p, NULL, 0, &a);
    Val got = standard_eval(&s, x, &scope);
    S want = s_eval(x, &env[values.len - 1]);
    nulls += want.k == STD_NULL, truths += is_true(want);
    if (e.kind || !agrees(want, got)) {
      Buf text = {0};
      standard_print(got, &text);
      print_error("%s\n  gives %s (%s), the second evaluator a value of kind %d, %.15Lg, %.*s\n", b.p,
                  text.p ? text.p : "", standard_kind(got), want.k, want.n, STR_ARG(want.s));
      buf_free(&text);
      wrong++;
    }
    err_free(&e);
    buf_free(&b);
    arena_free(&a);
    arena_free(&pages);
  }
  assert_int_equal(wrong, 0);
  assert_in_range(nulls, EXPRESSIONS / 10, EXPRESSIONS * 7 / 10);
  assert_true(truths > EXPRESSIONS / 50);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(both_evaluators_of_the_standard_agree)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}

/* A null argument never makes a condition true: asked of every function in the tables of both dialects and of
 * every operator, so that a new one is asked as well. */
#include "feel_fake.h"
#include "feel_standard.h"

#include "feel/func.h"
#include "feel/std.h"

/* --- the standard dialect */

static const char *sample(char letter, bool other) {
  switch (letter) {
    case 'n': return "1";
    case 's': return "\"a\"";
    case 'b': return "true";
    case 'd':
    case 'p':
    case 'e': return "@\"2026-01-02\"";
    case 't': return "@\"10:00:00\"";
    case 'u':
    case 'D': return "@\"PT1H\"";
    case 'l': return other ? "[true]" : "[1, 2]";
    case 'c': return "{a: 1}";
    case 'r': return "[1..1]";
    case 'f': return "function(a, b) true";
    default: return "1";
  }
}

typedef struct Parameter {
  char letter;
  bool null;   /* may be null as far as the table says */
  bool unsaid; /* … which is the same as leaving it out: no flags, no separator */
  char name[40];
} Parameter;

static size_t parameters(const char *text, Parameter *out, bool *list_or_items) {
  size_t n = 0;
  *list_or_items = false;
  for (const char *p = text; *p;) {
    size_t len = strcspn(p, ",");
    const char *end = p + len;
    if (*p == '?') p++;
    Parameter *one = &out[n++];
    *one = (Parameter){.letter = *p, .null = *p == 'a'};
    if (*++p == '!') one->null = one->unsaid = true, p++;
    size_t most = (size_t)(end - p);
    if (end[-1] == '*') *list_or_items = true, most--;
    if (end[-1] == '+') one->null = true, most--;
    snprintf(one->name, sizeof one->name, "%.*s", (int)most, p);
    p = *end ? end + 1 : end;
  }
  return n;
}

/* What gives true where an argument is null, because that is what is asked. */
static bool asks_for_null(const char *name) { return strcmp(name, "is") == 0; }

static Val standard_value(const char *text, Arena *a) {
  Err e = {0};
  Val v = value_of(text, NULL, a, &e);
  if (e.kind) fail_msg("%s: %s", text, e.what);
  return v;
}

static void functions_of_null_are_never_true(void **state) {
  (void)state;
  size_t n, asked = 0;
  const Builtin *const *all = std_builtin_list(&n);
  for (size_t i = 0; i < n; i++) {
    Parameter p[STD_PARAMS];
    bool items;
    size_t np = parameters(all[i]->params, p, &items);
    for (size_t k = 0; k < np; k++)
      for (int way = 0; way < 4; way++) { /* by place and by name, with one list or another */
        Buf b = {0};
        Arena a = {0};
        buf_printf(&b, "%s(", all[i]->name);
        for (size_t j = 0; j < np; j++) {
          if (way & 1) buf_printf(&b, "%s%s: ", j ? ", " : "", p[j].name);
          else if (j) buf_puts(&b, ", ");
          buf_puts(&b, j == k ? "null" : sample(p[j].letter, way & 2));
        }
        buf_char(&b, ')');
        Val v = standard_value(b.p, &a);
        if (std_is_true(v) && !p[k].unsaid) fail_msg("%s is true", b.p);
        if (!p[k].null && v.t != V_NULL) fail_msg("%s is a %s", b.p, standard_kind(v));
        asked++;
        arena_free(&a);
        buf_free(&b);
      }
  }
  assert_true(asked > 4 * 130);
}

static void functions_of_nothing_but_null_are_never_true(void **state) {
  (void)state;
  static const char *const lists[] = {"null", "[null]", "[null, null]", "1, null", "null, 1", "true, null",
                                      "[true, null]", "[false, null]", "null, null, null"};
  size_t n;
  const Builtin *const *all = std_builtin_list(&n);
  for (size_t i = 0; i < n; i++)
    for (size_t k = 0; k < sizeof lists / sizeof *lists; k++) {
      Buf b = {0};
      Arena a = {0};
      buf_printf(&b, "%s(%s)", all[i]->name, lists[k]);
      Val v = standard_value(b.p, &a);
      bool one_is_true = strcmp(all[i]->name, "any") == 0 && strstr(lists[k], "true");
      if (std_is_true(v) && !asks_for_null(all[i]->name) && !one_is_true) fail_msg("%s is true", b.p);
      arena_free(&a);
      buf_free(&b);
    }
}

static const char *const sign[] = {[OP_OR] = "or", [OP_AND] = "and", [OP_EQ] = "=",  [OP_NE] = "!=",
                                   [OP_LT] = "<",  [OP_LE] = "<=",   [OP_GT] = ">",  [OP_GE] = ">=",
                                   [OP_ADD] = "+", [OP_SUB] = "-",   [OP_MUL] = "*", [OP_DIV] = "/",
                                   [OP_POW] = "**"};

static void operators_of_null_are_never_true(void **state) {
  (void)state;
  static const char values[] = "nsbdtuDlcrf";
  size_t wrong = 0;
  for (NodeOp op = OP_OR; op <= OP_POW; op++)
    for (const char *l = values; *l; l++)
      for (int left = 0; left < 2; left++) {
        Buf b = {0};
        Arena a = {0};
        const char *v = sample(*l, false);
        buf_printf(&b, "(%s) %s (%s)", left ? "null" : v, sign[op], left ? v : "null");
        Val got = standard_value(b.p, &a);
        bool reckons = op >= OP_LT || op == OP_AND;
        if (reckons ? got.t != V_NULL : op == OP_EQ && std_is_true(got)) print_error("%s\n", b.p), wrong++;
        if (op == OP_OR && std_is_true(got) && *l != 'b') print_error("%s\n", b.p), wrong++;
        buf_clear(&b);
        static const char *const tests[] = {"null in (%s)",       "null in [%s]",   "null in (< (%s))",
                                            "null in [(%s)..(%s)]",   "(%s) in [null]", "not(null in (%s))",
                                            "null between (%s) and (%s)"};
        for (size_t k = 0; k < sizeof tests / sizeof *tests && op == OP_OR; k++) {
          buf_clear(&b);
          for (const char *p = tests[k]; *p; p++)
            if (*p == '%') buf_puts(&b, v), p++;
            else buf_char(&b, *p);
          bool not = tests[k][0] == 'n' && tests[k][1] == 'o';
          if (!not && std_is_true(standard_value(b.p, &a))) print_error("%s\n", b.p), wrong++;
        }
        arena_free(&a);
        buf_free(&b);
      }
  assert_int_equal(wrong, 0);
}

/* --- the rules dialect */

static const char *rule_sample(char letter, bool null) {
  switch (letter) {
    case 't': return null ? "region" : "'ab'";
    case 'b': return null ? "none_b" : "true";
    case 'd': return null ? "none_d" : "2026-01-02";
    case 'u': return null ? "none_u" : "3d";
    case 'l': return null ? "none_l" : "[1, 2]";
    case 'w': return "12m";
    default: return null ? "none_n" : "1";
  }
}

/* Every function of the table, whatever its kind, with a null in every place that takes a value. */
static void rules_of_null_are_never_true(void **state) {
  (void)state;
  Fake *f = fake_new();
  Err e = {0};
  fake_num(f, ACCOUNT, "none_n", UNIT_NONE);
  fake_of(f, ACCOUNT, "none_b", T_BOOL);
  fake_of(f, ACCOUNT, "none_d", T_DATE);
  fake_of(f, ACCOUNT, "none_u", T_SECS);
  fake_of(f, ACCOUNT, "none_l", T_LIST);
  fake_row(f, ACCOUNT, "C1");
  Rules *r = rules_new(&f->host, DIALECT_RULES, "t", "account");
  assert_true(rules_check(r, &e));
  size_t n, asked = 0, wrong = 0;
  const Func *fn = func_list(&n);
  for (size_t i = 0; i < n; i++) {
    char letter[FUNC_ARGS];
    size_t np = 0;
    for (const char *p = fn[i].params; *p; p++)
      if (*p != '?' && *p != '+') letter[np++] = *p;
    for (size_t k = 0; k < np; k++) {
      Buf b = {0};
      if (letter[k] == 'w') continue;
      buf_printf(&b, "%s(", fn[i].name);
      for (size_t j = 0; j < np; j++) buf_printf(&b, "%s%s", j ? ", " : "", rule_sample(letter[j], j == k));
      buf_char(&b, ')');
      char *got = fake_ask(f, r, "account", b.p, WANT_ANY);
      if (strcmp(got, "true") == 0) print_error("%s is true\n", b.p), wrong++;
      asked += strcmp(got, "null") == 0;
      mem_free(got);
      buf_free(&b);
    }
  }
  for (NodeOp op = OP_EQ; op <= OP_POW; op++)
    for (const char *l = "ntbdul"; *l; l++)
      for (int left = 0; left < 2; left++) {
        Buf b = {0};
        buf_printf(&b, "%s %s %s", rule_sample(*l, left), sign[op], rule_sample(*l, !left));
        char *got = fake_ask(f, r, "account", b.p, WANT_ANY);
        bool refused = strchr(got, ' '); /* a sentence: no such comparison */
        if (strcmp(got, "null") != 0 && !refused) print_error("%s is %s\n", b.p, got), wrong++;
        asked += !refused;
        mem_free(got);
        buf_free(&b);
      }
  assert_int_equal(wrong, 0);
  assert_true(asked > 130);
  rules_free(r);
  fake_free(f);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(functions_of_null_are_never_true),
      cmocka_unit_test(functions_of_nothing_but_null_are_never_true),
      cmocka_unit_test(operators_of_null_are_never_true),
      cmocka_unit_test(rules_of_null_are_never_true),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

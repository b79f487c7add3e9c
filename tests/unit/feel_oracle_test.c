#include "feel_oracle.h"
#include "feel_random.h"

#include "feel/frame.h"

/* --- comparing --------------------------------------------------------------- */

static const char *const args_text = "k = 3\nwin = 6m";
static const char *const metric_text =
    "spent = sum(revenue, win) + 1\nquiet_days = if spent > 100 then headcount else count(visits)";

static void define(Oracle *w, const char *name, const char *rule, bool arg) {
  Err e = {0};
  Src src = fake_src(rule, NULL);
  Node *n = feel_parse(&src, DIALECT_RULES, &w->arena, &e);
  assert_non_null(n);
  w->def[w->ndef++] = (ODef){name, n, arg};
}

static Rules *make_rules(Fake *f, Oracle *w) {
  Err e = {0};
  Rules *r = rules_new(&f->host, DIALECT_RULES, "book", "account");
  assert_true(rules_args(r, fake_src(args_text, "a"), &e));
  assert_true(rules_metrics(r, fake_src(metric_text, "m"), &e));
  assert_true(rules_scope(r, fake_src("status = 'active' or headcount > 0", "s"), &e));
  assert_true(rules_check(r, &e));
  define(w, "k", "3", true);
  define(w, "win", "6m", true);
  define(w, "spent", "sum(revenue, 6m) + 1", false);
  define(w, "quiet_days", "if spent > 100 then headcount else count(visits)", false);
  define(w, "revenue_12m", "sum(revenue, 12m)", false);
  define(w, "orders_90d", "sum(orders, 90d)", false);
  Src scope = fake_src("status = 'active' or headcount > 0", NULL);
  w->scope = feel_parse(&scope, DIALECT_RULES, &w->arena, &e);
  return r;
}

static void say(const char *text, int row, const O *a, Val v) {
  Buf b = {0};
  fake_show(v, &b);
  print_error("%s\n  row %d: evaluated %s (type %d), the oracle has kind %d %.12Lg %.*s\n", text, row, b.p,
              v.t, a->k, a->n, a->k == O_TEXT ? (int)a->s.n : 0, a->k == O_TEXT ? a->s.p : "");
  buf_free(&b);
}

typedef struct Tally {
  int rules, refused, values, nulls;
} Tally;

/* One rule on all rows, by both; false when they differ. */
static bool compare(Fake *f, Rules *r, Oracle *w, int entity, const char *rule, Tally *t) {
  Err e = {0};
  Expr *x = rules_expr(r, f->entity[entity].info.name.p, fake_src(rule, NULL), WANT_ANY, NULL, 0, &e);
  t->rules++;
  if (!x) { /* random rules may break a rule of the checker: a thing beside itself, say */
    t->refused++;
    bool known = strstr(e.what, "itself") || strstr(e.what, "beside a percentage") ||
                 strstr(e.what, "compares") || strstr(e.what, "then gives") ||
                 strstr(e.what, "adds") || strstr(e.what, "takes") || strstr(e.what, "puts") ||
                 strstr(e.what, "over all time");
    if (!known) print_error("%s\n  refused: %s\n", rule, e.what);
    err_free(&e);
    return known;
  }
  Src src = fake_src(rule, NULL);
  Node *n = feel_parse(&src, DIALECT_RULES, &w->arena, &e);
  const FakeEntity *ent = &f->entity[entity];
  static const size_t batch[] = {1024, 1, 5};
  bool same = true;
  Val first[FAKE_ROWS], v[FAKE_ROWS];
  for (size_t b = 0; b < 3 && same; b++) {
    Eval *ev = eval_new(r, AS_OF);
    ev->batch = batch[b];
    int64_t id[FAKE_ROWS];
    size_t m = ent->n;
    for (size_t i = 0; i < m; i++)
      id[i] = ent->id[b == 2 ? m - 1 - i : i]; /* the order asked for changes nothing either */
    if (!eval_expr(ev, x, id, m, v, &e)) {
      print_error("%s\n  %s\n", rule, e.what);
      err_free(&e);
      same = false;
    }
    for (size_t i = 0; i < m && same; i++) {
      if (b == 0) {
        Here here = {.w = w, .asof = AS_OF, .entity = entity, .id = id[i]};
        O o = o_eval(&here, n);
        first[i] = val_copy(v[i], &w->arena);
        t->values++;
        t->nulls += o.k == O_NULL;
        same = o_agrees(o, v[i], w);
        if (!same) say(rule, (int)i, &o, v[i]);
      } else {
        Val was = first[b == 2 ? m - 1 - i : i];
        same = val_order(was, v[i]) == 0;
        if (!same) print_error("%s\n  batch of %zu: row %zu differs\n", rule, batch[b], i);
      }
    }
    eval_free(ev);
  }
  return same;
}

static void both_evaluators_agree(void **s) {
  (void)s;
  enum { COMPANIES = 12, RULES = 400 };
  Tally t = {0};
  int wrong = 0;
  for (int c = 0; c < COMPANIES && wrong < 10; c++) {
    Fake *f = random_company();
    Oracle w = {.f = f};
    Rules *r = make_rules(f, &w);
    for (int i = 0; i < RULES && wrong < 10; i++) {
      Buf b = {0};
      static const int entities[] = {ACCOUNT, ACCOUNT, ACCOUNT, CONTACT, VISIT, QUOTE};
      Gen g = {.out = &b, .entity = entities[roll(6)]};
      int d = 1 + (int)roll(4);
      switch (roll(5)) {
        case 0: g.entity = ACCOUNT; figure(&g); break;
        case 1: text(&g, d); break;
        case 2: num(&g, d); break;
        default: cond(&g, d);
      }
      wrong += !compare(f, r, &w, g.entity, b.p, &t);
      buf_free(&b);
    }
    rules_free(r);
    arena_free(&w.arena);
    fake_free(f);
  }
  assert_int_equal(wrong, 0);
  assert_true(t.rules - t.refused > 4000);
  assert_true(t.values > 80000);
  assert_in_range(t.nulls, t.values / 20, t.values * 3 / 4);
}

/* Rules with a few bytes changed: an error or a value, never anything worse. */
static void mangled_rules_end_in_errors(void **s) {
  (void)s;
  static const char *const bits[] = {"(",    ")",     "[",     "]",     "{",       "'",        " in ",
                                     ".",    "..",    "null",  "this",  "item",    "within",   ",",
                                     "-",    "%",     "12m",   " and ", "revenue", "contacts", "count(",
                                     "ago(", "rank(", "owner", "=",     "among",   NULL};
  Fake *f = random_company();
  Oracle w = {.f = f};
  Rules *r = make_rules(f, &w);
  int fine = 0;
  for (int i = 0; i < 6000; i++) {
    Buf b = {0}, cut = {0};
    Gen g = {.out = &b, .entity = roll(2) ? ACCOUNT : VISIT};
    if (roll(4)) cond(&g, 3);
    else g.entity = ACCOUNT, figure(&g);
    for (size_t k = 0; k < b.n; k++) {
      if (roll(30)) buf_char(&cut, b.p[k]);
      else if (roll(2)) buf_puts(&cut, one_of(bits));
    }
    Err e = {0};
    Expr *x = rules_expr(r, f->entity[g.entity].info.name.p,
                         (Src){.text = buf_view(&cut), .file = "t", .line = 1, .col = 1},
                         roll(2)   ? WANT_ANY
                         : roll(2) ? WANT_CONDITION
                                   : WANT_TEMPLATE,
                         NULL, 0, &e);
    assert_int_equal(x == NULL, e.kind != ERR_NONE);
    if (x) {
      Eval *ev = eval_new(r, AS_OF);
      Val v[FAKE_ROWS];
      fine += eval_expr(ev, x, f->entity[g.entity].id, f->entity[g.entity].n, v, &e);
      eval_free(ev);
    }
    err_free(&e);
    buf_free(&b);
    buf_free(&cut);
  }
  assert_in_range(fine, 600, 5400);
  rules_free(r);
  arena_free(&w.arena);
  fake_free(f);
}

/* --- cost --------------------------------------------------------------------- */

static void related_rows_are_asked_once(void **s) {
  (void)s;
  Fake *f = random_company();
  Err e = {0};
  Rules *r = rules_new(&f->host, DIALECT_RULES, "t", "account");
  assert_true(rules_check(r, &e));
  static const struct { const char *rule; int many, series, most; } asked[] = {
      {"count(contacts[active]) + count(contacts[decision_role = 'buyer'])", 2, 0, 0},
      {"sum(quotes.lines.price * quotes.lines.qty)", 4, 0, 0},
      {"sum(owner.accounts.revenue_12m)", 1, 1, 0},
      {"tier = 'A' and revenue_12m > 100", 0, 1, SMALL - 1}, /* only those of tier A */
      {"false and revenue_12m > 100", 0, 0, 0},
      {"if k = 3 then 1 else revenue_12m", 0, 0, 0},
      {"revenue_12m > 5 or revenue_12m < 3", 0, 2, SMALL}};
  for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
    f->calls_many = f->calls_series = f->most_ids = 0;
    Param k = {.name = STR("k"), .val = val_int(3)};
    Expr *x = rules_expr(r, NULL, fake_src(asked[i].rule, NULL), WANT_ANY, &k, 1, &e);
    assert_non_null(x);
    Eval *ev = eval_new(r, AS_OF);
    Val v[SMALL];
    assert_true(eval_expr(ev, x, f->entity[ACCOUNT].id, SMALL, v, &e));
    eval_free(ev);
    if (f->calls_many > asked[i].many || f->calls_series > asked[i].series ||
        (asked[i].most && f->most_ids > asked[i].most))
      fail_msg("%s: %d times rows, %d times histories, %d ids at most", asked[i].rule, f->calls_many,
               f->calls_series, f->most_ids);
  }
  rules_free(r);
  fake_free(f);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(both_evaluators_agree),
      cmocka_unit_test(mangled_rules_end_in_errors),
      cmocka_unit_test(related_rows_are_asked_once),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

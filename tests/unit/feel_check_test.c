#include "feel_fake.h"

/* --- one rule, one message ------------------------------------------------ */

typedef struct Wrong {
  const char *rule, *said; /* what · todo */
} Wrong;

static void all_wrong(const char *entity, ExprWant want, const Wrong *w, size_t n) {
  Fake *f = fake_company();
  Rules *r = rules_new(&f->host, DIALECT_RULES, "t", entity);
  Err e = {0};
  assert_true(rules_check(r, &e));
  int wrong = 0;
  for (size_t i = 0; i < n; i++) {
    char *got = fake_ask(f, r, entity, w[i].rule, want);
    const char *text = strncmp(got, ":0:0: ", 6) == 0 ? got + 6 : got;
    if (strcmp(text, w[i].said) != 0) {
      print_error("%s\n  got  %s\n  want %s\n", w[i].rule, text, w[i].said);
      wrong++;
    }
    mem_free(got);
  }
  rules_free(r);
  fake_free(f);
  assert_int_equal(wrong, 0);
}
#define WRONG(entity, want, list) all_wrong(entity, want, list, sizeof(list) / sizeof *(list))

static void a_mistyped_name_is_suggested(void **s) {
  (void)s;
  static const Wrong w[] = {
      {"teir = 'A'", "unknown name teir · did you mean tier (field of account)?"},
      {"Tier = 'A'", "unknown name Tier · did you mean tier (field of account)?"},
      {"owner.nmae = 'x'", "staff has no nmae · did you mean name (field of staff)?"},
      {"revenu_12m > 5", "unknown name revenu_12m · did you mean revenue_12m?"},
      {"rnak(headcount) = 1", "rnak(…) is no function · did you mean rank?"},
      {"level > '省'", "unknown name level · staff has one: write owner.level"},
  };
  WRONG("account", WANT_ANY, w);
}

static void a_bare_measure_needs_a_window(void **s) {
  (void)s;
  static const Wrong w[] = {
      {"revenue > 5万 and tier = 'A'",
       "revenue is a history of order lines, not one figure: over which window? · revenue_12m > 5万    sum(revenue, ytd) > 5万    "
       "last(revenue) > 5万"},
      {"5 < profit",
       "profit is a history, not one figure: over which window? · 5 < profit_12m    5 < sum(profit, ytd)    5 < last(profit)"},
      {"sum(revenue)",
       "revenue is a history of order lines, not one figure: over which window? · revenue_12m    sum(revenue, ytd)    last(revenue)"},
      {"revenue",
       "revenue is a history of order lines, not one figure: over which window? · revenue_12m    sum(revenue, ytd)    last(revenue)"},
  };
  WRONG("account", WANT_ANY, w);
}

static void units_do_not_mix(void **s) {
  (void)s;
  static const Wrong w[] = {
      {"revenue_12m >= 60%", "revenue_12m >= 60% compares ¥ with %"},
      {"revenue_12m + 10%", "revenue_12m + 10% adds % to ¥"},
      {"5万 + 3%", "5万 + 3% adds % to an amount · a part of 5万 is 5万 * 3%"},
      {"3% + 5万", "3% + 5万 adds % to an amount · a part of 5万 is 5万 * 3%"},
      {"1.2亿 - 3%", "1.2亿 - 3% takes % from an amount · a part of 1.2亿 is 1.2亿 * 3%"},
      {"3% - 5万", "3% - 5万 takes an amount from % · a part of 5万 is 5万 * 3%"},
      {"revenue_12m - days_since(orders)", "revenue_12m - days_since(orders) takes d from ¥"},
      {"revenue_12m * profit_12m", "revenue_12m * profit_12m multiplies ¥ by ¥"},
      {"days_since(orders) > 15%", "days_since(orders) > 15% compares d with %"},
      {"days_since(orders) > 5万", "false | false | false | true"},
      {"revenue_12m / profit_12m > 20%", "true | true | true | null"},
      {"revenue_12m / headcount > profit_12m", "false | false | false | null"},
      {"max(revenue_12m, 15%)", "max(revenue_12m, 15%) puts ¥ beside %"},
      {"default(yoy(revenue_12m), revenue_12m)", "default(yoy(revenue_12m), revenue_12m) puts % beside ¥"},
      {"if true then 15% else revenue_12m", "then gives %, else gives ¥"},
  };
  WRONG("account", WANT_ANY, w);
}

static void a_value_outside_the_set_is_refused(void **s) {
  (void)s;
  static const Wrong w[] = {
      {"tier = 'a'", "tier is one of A, B, C, D; 'a' never occurs · did you mean 'A'?"},
      {"tier in ('A', 'Z')", "tier is one of A, B, C, D; 'Z' never occurs"},
      {"tier in ['A', 'Z']", "tier is one of A, B, C, D; 'Z' never occurs"},
      {"'E' = tier", "tier is one of A, B, C, D; 'E' never occurs"},
      {"owner.level > '市'", "owner.level is one of 总部, 省, 地市, 客户经理; '市' never occurs · did you mean '地市'?"},
      {"region > '广东'",
       "region is text without an order · Ranked fields have one: owner.level > '省' (总部 > 省 > 地市 > 客户经理)"},
  };
  WRONG("account", WANT_ANY, w);
}

static void types_are_checked_before_anything_runs(void **s) {
  (void)s;
  static const Wrong w[] = {
      {"name + 1",
       "name + 1: cannot add text and a number · text becomes a number with number(…), a number text with string(…)"},
      {"tier = 1", "tier is one of A, B, C, D; '1' never occurs"},
      {"name = 1", "name = 1 compares text with a number · text becomes a number with number(…)"},
      {"contacts > 1",
       "contacts > 1 compares a list of row with a number · of a list ask: any(…), count(…), some x in … satisfies …, or 'value' in the list"},
      {"contacts and true",
       "contacts is contacts (rows), not a condition · is there one? write any(contacts)"},
      {"headcount and true",
       "headcount is a number, not a condition · compare it with something: = != < <= > >= in between"},
      {"upper_case(headcount)",
       "upper_case needs text here, this is a number · a number becomes text with string(…)"},
      {"sum(headcount)",
       "sum needs a list here, this is a number · sum(list), sum(a, b), or a measure and a window: sum(revenue, 12m)"},
      {"substring(name)", "substring has too few arguments · substring(text, from [, length])"},
      {"abs(1, 2)", "abs has too many arguments · abs(x)"},
      {"today()", "rules have no clock · write as_of"},
      {"within(region, rank(headcount)) <= 3",
       "within(…) is no function; a crowd is an option of rank · write  rank(headcount, within region) <= 3"},
      {"visits[staff = staff]", "staff = staff compares a thing with itself · the outer one is this.staff"},
      {"contacts[name = 'x']",
       "contact.name is masked for you · ask for grant contact.name, or search by code"},
      {"sum(revenue, headcount)",
       "a window is needed here, this is a number · windows: 12m 90d 4q 2y ytd last_month last_quarter last_year 2025 2025Q3 all"},
      {"forecast(revenue, 12m)", "forecast is not available"},
      {"classes(headcount, 5, 'cuts')", "classes are cut by 'quantile' or by 'ntile'"},
      {"pop(headcount)",
       "pop compares with the window before: which window? · pop(sum(revenue, 3m)) has one; otherwise x / ago(x, 3m) - 1"},
      {"quotes.lines.qty * contacts.active",
       "quotes.lines.qty * contacts.active puts two lists of different rows together · add each list up first: sum(…) of one and sum(…) of the other"},
      {"sum(revenue, 12)", "12 what? · write 12m, 12w or 12d; a year as a window is 1900 to 2199"},
      {"sum(revenue, 202) > 0", "202 what? · write 202m, 202w or 202d; a year as a window is 1900 to 2199"},
      {"any(contacts[met within 6])", "6 what? · write 6m, 6w or 6d; a year as a window is 1900 to 2199"},
      {"reveneu_12m > 1", "unknown name reveneu_12m · did you mean revenue_12m?"},
      {"revenue_12 > 5", "unknown name revenue_12 · did you mean revenue_12m?"},
      {"proft_ytd > 5", "unknown name proft_ytd · did you mean profit_ytd?"},
      {"trend(profit, 12m, fortnight)", "the steps are day, week, month, quarter or year"},
      {"count(contacts, 12m)", "count works on a measure itself, not on selected rows"},
  };
  WRONG("account", WANT_ANY, w);
}

static void rows_that_are_a_history_too_are_counted_either_way(void **s) {
  (void)s;
  Fake *f = fake_company();
  fake_field(f, ACCOUNT, "complaints")->host.measure = &fake_field(f, ACCOUNT, "orders")->host;
  Rules *r = rules_new(&f->host, DIALECT_RULES, "t", "account");
  Err e = {0};
  assert_true(rules_check(r, &e));
  static const Wrong w[] = {
      {"count(complaints) > 5",
       "complaints are rows and a history: which is counted? · count(complaints, 12m) counts complaints in a window; count(complaints[…]) counts rows"},
      {"count(owner.accounts.complaints)",
       "owner.accounts.complaints are rows and a history: which is counted? · count(owner.accounts.complaints, 12m) counts owner.accounts.complaints in a window; count(owner.accounts.complaints[…]) counts rows"},
      {"count(complaints[status = 'open'])", "1 | 0 | 0 | 0"},
      {"count(complaints, 12m)", "12 | 12 | 4 | 0"},
      {"days_since(complaints)", "22 | 22 | 83 | never"},
      {"any(complaints)", "true | false | false | false"},
      {"count(contacts)", "2 | 1 | 1 | 0"},
  };
  for (size_t i = 0; i < sizeof w / sizeof *w; i++) {
    char *got = fake_ask(f, r, "account", w[i].rule, WANT_ANY);
    assert_string_equal(got, w[i].said);
    mem_free(got);
  }
  rules_free(r);
  fake_free(f);
}

static void a_code_is_no_condition(void **s) {
  (void)s;
  static const Wrong w[] = {
      {"C0042",
       "'C0042' is no condition · One account: account \"C0042\". A set: accounts \"code = 'C0042'\""},
      {"'C0042'",
       "'C0042' is no condition · One account: account \"C0042\". A set: accounts \"code = 'C0042'\""},
      {"teir", "unknown name teir · did you mean tier (field of account)?"},
      {"tier", "tier is text, not a condition · compare it with something: = != < <= > >= in between"},
  };
  WRONG("account", WANT_CONDITION, w);
}

/* --- namespaces ------------------------------------------------------------ */

typedef struct Space {
  const char *args, *metrics, *fields, *scope, *table, *grid, *said;
} Space;

static char *define(Fake *f, const Space *x, Rules **out) {
  Err e = {0};
  Buf b = {0};
  Rules *kam = rules_new(&f->host, DIALECT_RULES, "kam", "account");
  assert_true(rules_args(kam, fake_src("red = 60%   // counts as at risk, everywhere", "kam.lua"), &e));
  assert_true(rules_metrics(
      kam, fake_src("at_risk : ¥ = revenue_12m   // value at risk\nrisk : % = 50%", "kam.lua"), &e));
  assert_true(rules_check(kam, &e));
  Rules *r = rules_new(&f->host, DIALECT_RULES, "book", "account");
  bool ok = rules_use(r, kam, &e);
  if (x->args) ok = ok && rules_args(r, fake_src(x->args, "a.lua"), &e);
  if (x->metrics) ok = ok && rules_metrics(r, fake_src(x->metrics, "m.lua"), &e);
  if (x->fields) ok = ok && rules_fields(r, fake_src(x->fields, "f.lua"), &e);
  if (x->scope) ok = ok && rules_scope(r, fake_src(x->scope, "s.lua"), &e);
  if (x->table) ok = ok && rules_table(r, x->table, NULL, fake_src(x->grid, "t.lua"), &e);
  ok = ok && rules_check(r, &e);
  if (!ok) fake_error(&e, &b);
  if (out) {
    out[0] = r;
    out[1] = kam;
  } else {
    rules_free(r);
    rules_free(kam);
  }
  err_free(&e);
  return buf_take(&b);
}

static void all_spaces(const Space *x, size_t n) {
  Fake *f = fake_company();
  int wrong = 0;
  for (size_t i = 0; i < n; i++) {
    char *got = define(f, &x[i], NULL);
    if (strcmp(got, x[i].said) != 0) {
      print_error("%zu\n  got  %s\n  want %s\n", i, got, x[i].said);
      wrong++;
    }
    mem_free(got);
  }
  fake_free(f);
  assert_int_equal(wrong, 0);
}

static void a_name_means_one_thing(void **s) {
  (void)s;
  static const Space x[] = {
      {.args = "at_risk = 60%",
       .said = "a.lua:1:1: at_risk is already a metric of rulebook kam (kam.lua:1, ¥, value at risk) · "
               "choose another name; did you mean kam.red (60 %, \"counts as at risk, everywhere\")?"},
      {.args = "tier = 1", .said = "a.lua:1:1: tier is already a field of account · choose another name"},
      {.metrics = "revenue = 1",
       .said =
           "m.lua:1:1: revenue is already a measure of account (¥, revenue of order lines) · choose another name"},
      {.metrics = "contacts = 1",
       .said = "m.lua:1:1: contacts is already a relation of account · choose another name"},
      {.metrics = "kam = 1", .said = "m.lua:1:1: kam is already a rulebook · choose another name"},
      {.metrics = "revenue_3m = 1",
       .said = "m.lua:1:1: revenue_3m already means a sum over a window · choose another name"},
      {.args = "x = 1",
       .metrics = "x = 2",
       .said = "m.lua:1:1: x is already an arg (a.lua:1) · choose another name"},
      {.metrics = "this = 2", .said = "m.lua:1:1: this is a word of the language · choose another name"},
      {.metrics = "grade = 1",
       .table = "t",
       .grid = "first | tier || grade\n | - || x",
       .said = "t.lua:1:17: grade is already a metric (m.lua:1) · choose another name"},
      {.fields = "grade : one of x, y", .table = "t", .grid = "first | tier || grade\n | - || x", .said = ""},
      {.metrics = "ok = risk > red", .said = ""},
      {.metrics = "ok = risk > kam.red", .said = ""},
      {.metrics = "ok = kam.rod", .said = "m.lua:1:6: rulebook kam has no rod"},
      {.metrics = "ok = risk >= at_risk", .said = "m.lua:1:6: risk >= at_risk compares % with ¥"},
      {.metrics = "ok = chrisk",
       .said = "m.lua:1:6: unknown name chrisk · did you mean risk (metric in rulebook kam)?"},
  };
  all_spaces(x, sizeof x / sizeof *x);
}

static void metrics_hold_what_they_declare(void **s) {
  (void)s;
  static const Space x[] = {
      {.metrics =
           "margin : % = profit_12m / revenue_12m\nq : d = days_since(orders)\nold : d = 90d\nn : pts = 100 * (20% - 10%)",
       .said = ""},
      {.metrics = "m : % = revenue_12m", .said = "m.lua:1:1: m is declared %, but its rule gives ¥"},
      {.metrics = "m : ¥ = name", .said = "m.lua:1:1: m is declared ¥, but its rule gives text"},
      {.metrics = "m : € = 1", .said = "m.lua:1:5: € is no unit; units are ¥ % d pts 0..1"},
      {.metrics = "a = b + 1\nb = c\nc = a",
       .said =
           "m.lua:1:1: a needs itself: a -> b -> c -> a · break the ring: one of them has to stand on figures alone"},
      {.metrics = "recent = quotes[verdict = 'grant']\nn = count(recent)\nall_lines = recent.lines",
       .said = ""},
      {.metrics = "x = contacts[tier = 'A']",
       .said = "m.lua:1:14: unknown name tier · did you mean this.tier (of account)?"},
      {.args = "role = 'buyer'", .metrics = "n = count(contacts[decision_role = role])", .said = ""},
      {.args = "active = true",
       .metrics = "n = count(contacts[active])",
       .said =
           "m.lua:1:20: active is both a name of contact and an arg: which is meant? · give the arg another name"},
      {.scope = "tier = 'A' and rank(headcount) < 3",
       .said =
           "s.lua:1:1: the scope cannot rank or share: those look at the scope itself · select by figures here, and rank in a metric"},
      {.scope = "tier",
       .said =
           "s.lua:1:1: tier is text, not a condition · compare it with something: = != < <= > >= in between"},
  };
  all_spaces(x, sizeof x / sizeof *x);
}

static void tables_are_checked_cell_by_cell(void **s) {
  (void)s;
  static const Space x[] = {
      {.metrics = "m : % = 10%",
       .table = "t",
       .grid = "first | chrun || out\n | > 1 || x",
       .said = "t.lua:1:9: unknown name chrun · text is written in quotes: 'chrun'"},
      {.metrics = "m : % = 10%",
       .table = "t",
       .grid = "first | m || out\n | > revenue_12m || x",
       .said = "t.lua:2:4: > revenue_12m compares % with ¥"},
      {.table = "t",
       .grid = "first | tier || out\n | A, E || x",
       .said = "t.lua:2:7: tier is one of A, B, C, D; 'E' never occurs"},
      {.table = "t",
       .grid = "first | tier || out\n | || x",
       .said = "t.lua:2:4: table t, row 1: the cell under tier is blank · write - for any value"},
      {.table = "t",
       .grid = "frist | tier || out\n | - || x",
       .said =
           "t.lua:1:1: frist is no hit policy · policies: unique any priority first rule-order output-order collect (collect + < > #)"},
      {.fields = "g : one of x, y",
       .table = "t",
       .grid = "first | tier || g\n | - || z",
       .said = "t.lua:2:9: g is one of x, y; 'z' never occurs"},
      {.fields = "g : number 0..10",
       .table = "t",
       .grid = "first | tier || g\n | - || 11",
       .said = "t.lua:2:9: 11 is outside the limits of g"},
      {.fields = "g : number 0..10",
       .table = "t",
       .grid = "first | tier || g\n | - || name",
       .said = "t.lua:2:9: g takes a number, this is text"},
      {.table = "t",
       .grid = "first | x || x\n | - || 1",
       .said =
           "t.lua:1:1: table t needs its own output · break the ring: an input has to stand on figures that the table does not make"},
      {.metrics = "a = out + 1",
       .table = "t",
       .grid = "first | a || out\n | - || 1",
       .said =
           "m.lua:1:1: a needs itself: a -> table t -> a · break the ring: one of them has to stand on figures alone"},
  };
  all_spaces(x, sizeof x / sizeof *x);
}

/* b0 = 1, b1 = b0 + 1, … and the same the other way round. */
static void towers_of_metrics_end(void **s) {
  (void)s;
  for (int down = 0; down < 2; down++)
    for (int high = 150; high < 20000; high += 19000) {
      Fake *f = fake_company();
      Buf b = {0};
      for (int i = 0; i < high; i++) {
        int at = down ? high - 1 - i : i;
        if (at) buf_printf(&b, "b%d = b%d + 1\n", at, at - 1);
        else buf_puts(&b, "b0 = 1\n");
      }
      Space x = {.metrics = b.p};
      Rules *r[2];
      char *said = define(f, &x, r);
      assert_int_equal(said[0] != 0, high > 200);
      if (said[0]) assert_non_null(strstr(said, "stands on more than 200 metrics one upon the other"));
      else {
        char *v = fake_ask(f, r[0], "account", "b149", WANT_ANY);
        assert_string_equal(v, "150 | 150 | 150 | 150");
        mem_free(v);
      }
      mem_free(said);
      rules_free(r[0]);
      rules_free(r[1]);
      buf_free(&b);
      fake_free(f);
    }
}

static void two_rulebooks_may_not_disagree(void **s) {
  (void)s;
  Fake *f = fake_company();
  Err e = {0};
  Rules *a = rules_new(&f->host, DIALECT_RULES, "kam", "account"),
        *b = rules_new(&f->host, DIALECT_RULES, "prices", "account"),
        *r = rules_new(&f->host, DIALECT_RULES, "book", "account");
  assert_true(rules_args(a, fake_src("red = 60%", "kam.lua"), &e));
  assert_true(rules_args(b, fake_src("red = 1万", "prices.lua"), &e));
  assert_true(rules_use(r, a, &e) && rules_use(r, b, &e));
  assert_false(rules_check(r, &e));
  assert_string_equal(e.what, "red is already an arg of rulebook kam (kam.lua:1, %)");
  assert_string_equal(e.left, "nothing has run");
  err_free(&e);
  rules_free(r);
  rules_free(a);
  rules_free(b);
  fake_free(f);
}

static void args_are_read_by_their_type(void **s) {
  (void)s;
  Fake *f = fake_company();
  static const Space x = {
      .args =
          "good = 15%\nwindow = 12m\nby = 'quantile' in ['quantile', 'ntile']\nsize = 5万 in [1万..10万]\n"
          "from : date = next_monday(as_of)\nn : count = 4\nkind : one of A, B = A\nperiod : window = last_quarter\n"
          "who : account | filter = \"tier = 'A'\"\non = true\nlate = 2 * good"};
  Rules *r[2];
  char *said = define(f, &x, r);
  assert_string_equal(said, "");
  mem_free(said);
  const ArgInfo *a;
  assert_int_equal(rules_arg_list(r[0], &a), 11);
  static const char *const type[] = {"percent", "duration",    "text",   "number",           "date",
                                     "count",   "one of A, B", "window", "account | filter", "yes/no",
                                     "percent"};
  for (int i = 0; i < 11; i++) assert_int_equal(str_cmp(a[i].type, str_of(type[i])), 0);
  static const struct { const char *name, *text, *said;
  } set[] = {
      {"good", "20%", ""},
      {"good", "0.2", ""},
      {"good", "20", "20 would be 2000 % · write good=20%"},
      {"good", "abc", "unknown name abc"},
      {"window", "90d", ""},
      {"window", "ytd",
       "arg window is a duration, not ytd · such as window=90d · declared as window : window it could be a calendar window"},
      {"period", "ytd", ""},
      {"period", "3m", ""},
      {"by", "ntile", ""},
      {"by", "cuts", "arg by is cuts, outside its limits · allowed: ['quantile', 'ntile']"},
      {"size", "20万", "arg size is 20万, outside its limits · allowed: [1万..10万]"},
      {"from", "2026-13-01", NULL},
      {"from", "2026-12-01", ""},
      {"size", "15%", "size is a number, not a percentage · such as size=12"},
      {"n", "400%", "n is a number, not a percentage · such as n=12"},
      {"size", "1/0", "arg size needs a value; 1/0 gives none · a division by 0 is unknown; give size a figure"},
      {"n", "2.5", "arg n is a whole number from 0, not 2.5 · such as n=4"},
      {"kind", "B", ""},
      {"kind", "C", "arg kind is one of A, B, not C"},
      {"goood", "1%", "book has no arg goood · did you mean good?"},
  };
  int wrong = 0;
  for (size_t i = 0; i < sizeof set / sizeof *set; i++) {
    Err e = {0};
    Buf b = {0};
    bool ok = rules_set_arg(r[0], str_of(set[i].name), str_of(set[i].text), &e);
    assert_int_equal(ok, e.kind == ERR_NONE);
    if (!ok) fake_error(&e, &b);
    if (set[i].said && strcmp(b.p ? b.p : "", set[i].said) != 0) {
      print_error("%s=%s\n  got  %s\n  want %s\n", set[i].name, set[i].text, b.p, set[i].said);
      wrong++;
    }
    if (!set[i].said) assert_false(ok);
    buf_free(&b);
  }
  char *late = fake_ask(f, r[0], "account", "late", WANT_ANY),
       *day = fake_ask(f, r[0], "account", "from", WANT_ANY);
  assert_string_equal(late, "0.4 | 0.4 | 0.4 | 0.4"); /* follows good */
  assert_string_equal(day, "2026-12-01 | 2026-12-01 | 2026-12-01 | 2026-12-01");
  mem_free(late);
  mem_free(day);
  rules_free(r[0]);
  rules_free(r[1]);
  fake_free(f);
  assert_int_equal(wrong, 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_mistyped_name_is_suggested),
      cmocka_unit_test(a_bare_measure_needs_a_window),
      cmocka_unit_test(units_do_not_mix),
      cmocka_unit_test(a_value_outside_the_set_is_refused),
      cmocka_unit_test(types_are_checked_before_anything_runs),
      cmocka_unit_test(rows_that_are_a_history_too_are_counted_either_way),
      cmocka_unit_test(a_code_is_no_condition),
      cmocka_unit_test(a_name_means_one_thing),
      cmocka_unit_test(metrics_hold_what_they_declare),
      cmocka_unit_test(tables_are_checked_cell_by_cell),
      cmocka_unit_test(args_are_read_by_their_type),
      cmocka_unit_test(towers_of_metrics_end),
      cmocka_unit_test(two_rulebooks_may_not_disagree),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "feel_fake.h"

#include "feel/save.h"

static const Day AS_OF = 20758; /* 2026-11-01 */

/* C1 headcount 100, tier A; C2 200, A; C3 300, B; C4 nothing is known. C1, C2, C4 have contacts or not: see feel_fake.h */
static const char drivers[] = "driver | points | when                      | say\n"
                              "size   |     50 | scale(headcount, 100, 300) | {headcount} people\n"
                              "tier   |     30 | tier = 'A'                 | tier {tier}\n"
                              "place  |     20 | region = '上海'            | -\n";

static Rules *space(Fake *f, const char *args, const char *metrics, const char *fields) {
  Err e = {0};
  Rules *r = rules_new(&f->host, DIALECT_RULES, "t", "account");
  if (args) assert_true(rules_args(r, fake_src(args, "a.lua"), &e));
  if (fields) assert_true(rules_fields(r, fake_src(fields, "f.lua"), &e));
  if (metrics) assert_true(rules_metrics(r, fake_src(metrics, "m.lua"), &e));
  return r;
}

typedef struct How {
  const char *out_of, *min_known, *weights, *caps;
} How;

static bool add_score(Rules *r, const char *name, const char *grid, How how, Err *e) {
  ScoreSpec s = {.name = {.text = str_of(name), .file = "s.lua", .line = 7, .col = 12}, .grid = fake_src(grid, "s.lua")};
  if (how.out_of) s.out_of = fake_src(how.out_of, "s.lua");
  if (how.min_known) s.min_known = fake_src(how.min_known, "s.lua");
  if (how.weights) s.weights = fake_src(how.weights, "s.lua");
  if (how.caps) s.caps = fake_src(how.caps, "s.lua");
  return rules_score(r, &s, NULL, e);
}

static Rules *scored(Fake *f, How how, const char *metrics) {
  Err e = {0};
  Rules *r = space(f, NULL, metrics, NULL);
  bool ok = add_score(r, "grade", drivers, how, &e) && rules_check(r, &e);
  if (!ok) {
    Buf b = {0};
    err_print(&e, &b);
    fail_msg("%s", b.p);
  }
  return r;
}

static void asks(Fake *f, Rules *r, const char *rule, const char *want) {
  char *got = fake_ask(f, r, "account", rule, WANT_ANY);
  if (strcmp(got, want) != 0) print_error("%s\n", rule);
  assert_string_equal(got, want);
  mem_free(got);
}

/* C1: 0 + 30 + 20 of 100. C2: 25 + 30 + 0 of 100. C3: 50 + 0 + 20 of 100. C4: no headcount, tier, region. */
static void points_are_shared_out_over_what_is_known(void **state) {
  (void)state;
  Fake *f = fake_company();
  Rules *r = scored(f, (How){0}, NULL);
  asks(f, r, "grade", "50 | 55 | 70 | null");
  asks(f, r, "grade.known", "1 | 1 | 1 | 0");
  asks(f, r, "grade.parts", "[0 1 1] | [0.5 1 0] | [1 0 1] | [null null null]");
  asks(f, r, "grade.top(1)", "[tier] | [tier] | [size] | null");
  asks(f, r, "grade.drivers", "[tier place] | [tier size] | [size place] | null");
  rules_free(r);
  fake_free(f);
}

static void an_unknown_driver_is_left_out_not_counted_as_nothing(void **state) {
  (void)state;
  Fake *f = fake_company();
  fake_set(f, ACCOUNT, f->entity[ACCOUNT].id[0], "region", val_null());
  Rules *r = scored(f, (How){.out_of = "100%", .min_known = "81%"}, NULL);
  asks(f, r, "grade.known", "0.8 | 1 | 1 | 0");
  asks(f, r, "grade", "null | 0.55 | 0.7 | null");
  rules_free(r);
  r = scored(f, (How){.out_of = "100%", .min_known = "80%"}, NULL);
  asks(f, r, "grade", "0.375 | 0.55 | 0.7 | null"); /* 30 of 80 */
  rules_free(r);
  fake_free(f);
}

static void a_share_is_a_percentage_and_points_are_points(void **state) {
  (void)state;
  Fake *f = fake_company();
  Rules *r = scored(f, (How){.out_of = "100%"}, "stake : ¥ = grade * revenue_12m");
  asks(f, r, "grade > 50%", "false | true | true | null");
  asks(f, r, "stake > 0", "true | true | true | null");
  asks(f, r, "grade > revenue_12m", "grade > revenue_12m compares % with ¥");
  rules_free(r);
  r = scored(f, (How){.out_of = "10"}, NULL);
  asks(f, r, "grade", "5 | 5.5 | 7 | null");
  asks(f, r, "grade > 50%", "grade > 50% compares pts with %");
  rules_free(r);
  fake_free(f);
}

static void a_cap_holds_the_whole_down(void **state) {
  (void)state;
  Fake *f = fake_company();
  Rules *r = scored(f, (How){.caps = "tier = 'B' : 40   // the weakest link\n  headcount > 150 : 52\n"}, NULL);
  asks(f, r, "grade", "50 | 52 | 40 | null");
  rules_free(r);
  fake_free(f);
}

static void drivers_are_shown_with_points_and_told_with_sentences(void **state) {
  (void)state;
  Fake *f = fake_company();
  Rules *r = scored(f, (How){0}, "worst = grade.top(1)");
  Err e = {0};
  Expr **x;
  size_t n;
  assert_true(rules_columns(r, NULL, fake_src("grade.top(2) as a, grade.drivers, worst", NULL), false, NULL, 0, &x, &n, &e));
  Eval *ev = eval_new(r, AS_OF);
  Val v[4];
  static const char *const want[][2] = {{"tier 30, place 20", "tier 30, size 25"},
                                        {"tier 30: tier A; place 20", "tier 30: tier A; size 25: 200 people"}};
  for (size_t i = 0; i < 2; i++) {
    assert_true(eval_expr(ev, x[i], f->entity[ACCOUNT].id, 4, v, &e));
    for (size_t k = 0; k < 2; k++) assert_true(str_is(val_str(v[k]), want[i][k]));
    assert_int_equal(v[3].t, V_NULL);
  }
  assert_true(eval_expr(ev, x[2], f->entity[ACCOUNT].id, 4, v, &e)); /* compared, not shown: the names alone */
  assert_int_equal(v[0].t, V_LIST);
  assert_true(str_is(val_str(v[0].u.v[0]), "tier"));
  eval_free(ev);
  rules_free(r);
  fake_free(f);
}

static void a_score_is_decided_and_explained_driver_by_driver(void **state) {
  (void)state;
  Fake *f = fake_company();
  Rules *r = scored(f, (How){.caps = "tier = 'B' : 40"}, NULL);
  Err e = {0};
  const Decision *d;
  Eval *ev = eval_new(r, AS_OF);
  assert_true(eval_decide(ev, STR("grade"), f->entity[ACCOUNT].id, 4, &d, &e));
  assert_true(d->table->score);
  Buf b = {0};
  for (size_t i = 1; i < 4; i++) decision_why(ev, d->table, d->row[i], d->blocked[i], d->in + i * d->table->nin, &b);
  assert_string_equal(b.p, "  grade 55: 55 of 100 points known\n"
                           "  size     25 of 50   200 people\n"
                           "  tier     30 of 30   tier A\n"
                           "  place     0 of 20\n"
                           "  grade 40: 70 of 100 points known\n"
                           "  size     50 of 50   300 people\n"
                           "  tier      0 of 30\n"
                           "  place    20 of 20\n"
                           "  capped at 40: tier = 'B'\n"
                           "  grade unknown: 0 of 0 points known, of 100 in all (0 %)\n"
                           "  size      – of 50   not known\n"
                           "  tier      – of 30   not known\n"
                           "  place     – of 20   not known\n");
  buf_free(&b);
  eval_free(ev);
  rules_free(r);
  fake_free(f);
}

static void tables_lean_on_scores_and_cells_know_the_drivers(void **state) {
  (void)state;
  Fake *f = fake_company();
  Err e = {0};
  Rules *r = space(f, NULL, "worst = grade.top(1)", NULL);
  assert_true(add_score(r, "grade", drivers, (How){0}, &e));
  assert_true(rules_table(r, "act", NULL, fake_src("first | grade | worst      || act\n"
                                                   "      | > 60  | -          || grow\n"
                                                   "      | -     | tier, size || keep {grade.known:%}\n"
                                                   "unknown | |                || ask\n", "t.lua"), &e));
  assert_true(rules_check(r, &e));
  assert_int_equal(rules_table_info(r, STR("act"))->nlean, 1);
  asks(f, r, "act", "keep 100 % | keep 100 % | grow | ask");
  rules_free(r);
  r = space(f, NULL, "worst = grade.top(1)", NULL);
  assert_true(add_score(r, "grade", drivers, (How){0}, &e));
  assert_true(rules_table(r, "act", NULL, fake_src("first | worst || act\n | teir || x\n", "t.lua"), &e));
  assert_false(rules_check(r, &e));
  assert_non_null(strstr(e.what, "teir"));
  assert_non_null(strstr(e.todo, "tier"));
  err_free(&e);
  rules_free(r);
  fake_free(f);
}

static void another_days_score_is_counted_from_that_days_figures(void **state) {
  (void)state;
  Fake *f = fake_company(); /* C1 was tier B until June */
  Rules *r = scored(f, (How){0}, NULL);
  asks(f, r, "ago(grade, 6m)", "20 | 55 | 70 | null");
  rules_free(r);
  fake_free(f);
}

static void a_score_fills_the_field_of_its_name_when_it_is_decided(void **state) {
  (void)state;
  Fake *f = fake_company();
  fake_num(f, ACCOUNT, "grade", UNIT_NONE);
  fake_set(f, ACCOUNT, f->entity[ACCOUNT].id[0], "grade", val_int(7));
  Rules *r = scored(f, (How){0}, NULL);
  asks(f, r, "grade", "7 | null | null | null"); /* what is on record, until it is decided */
  asks(f, r, "grade.known", "1 | 1 | 1 | 0");
  Err e = {0};
  const Decision *d;
  Eval *ev = eval_new(r, AS_OF);
  Val v[4];
  assert_true(eval_decide(ev, STR("grade"), f->entity[ACCOUNT].id, 4, &d, &e));
  Expr *x = rules_expr(r, NULL, fake_src("grade", NULL), WANT_ANY, NULL, 0, &e);
  assert_true(eval_expr(ev, x, f->entity[ACCOUNT].id, 4, v, &e));
  assert_int_equal(num_cmp(v[0], val_int(50)), 0);
  eval_free(ev);
  rules_free(r);
  fake_free(f);
}

static void a_score_kept_in_the_log_is_read_back_the_same(void **state) {
  (void)state;
  Fake *f = fake_company();
  Rules *r = scored(f, (How){.out_of = "100%", .min_known = "50%", .caps = "tier = 'B' : 40%"}, "worst = grade.top(1)");
  Buf text = {0}, again = {0};
  Err e = {0};
  SavedRules back;
  rules_save(rules_table_info(r, STR("grade")), &text);
  assert_true(rules_restore(&f->host, buf_view(&text), &back, &e));
  asks(f, back.rules[back.n - 1], "grade", "0.5 | 0.55 | 0.4 | null");
  rules_save(rules_table_info(back.rules[back.n - 1], STR("grade")), &again);
  assert_string_equal(again.p, text.p);
  saved_free(&back);
  buf_free(&text);
  buf_free(&again);
  rules_free(r);
  fake_free(f);
}

static void faults_of_a_score_are_told_when_it_is_read(void **state) {
  (void)state;
  static const struct {
    const char *grid;
    How how;
    const char *want;
  } bad[] = {
      {"driver | points | when\n a | 5 | true\n a | 5 | true\n", {0}, "s.lua:3:2: driver a stands twice in score grade"},
      {"driver | points | when\n a | ten | true\n", {0}, "s.lua:2:6: points of a: ten is no number of points · a number above 0, such as 25"},
      {"driver | points | when\n a | | true\n", {0}, "s.lua:2:6: points of a: a blank is no number of points · a number above 0, such as 25"},
      {"driver | points | when\n a | -5 | true\n", {0}, "s.lua:2:6: points of a: -5 is no number of points · a number above 0, such as 25"},
      {"driver | points | when\n a | 5 | tier\n", {0},
       "s.lua:2:10: driver a: this is text, neither true or false nor a part 0..1 · compare it, or write how much of it "
       "counts: scale(tier, from, to)"},
      {"driver | points | when\n a | 5 | revenue_12m\n", {0},
       "s.lua:2:10: driver a: this is ¥, neither true or false nor a part 0..1 · compare it, or write how much of it "
       "counts: scale(revenue_12m, from, to)"},
      {"driver | points | when\n a | 5 | contacts\n", {0},
       "s.lua:2:10: driver a: this is contacts (rows), neither true or false nor a part 0..1 · is there one? write "
       "any(contacts)"},
      {"driver | points | when\n a | 5 | grade > 1\n", {0},
       "s.lua:1:1: score grade needs its own output · break the ring: an input has to stand on figures that the table "
       "does not make"},
      {"driver | points | when\n a | 5 | revenue_12m > 5d\n", {0}, "s.lua:2:10: revenue_12m > 5d compares ¥ with d"},
      {"driver | points | when\n a | 5 | headcuont > 5\n", {0},
       "s.lua:2:10: unknown name headcuont · did you mean headcount (field of account)?"},
      {"driver | points | when | say\n a | 5 | true | {headcuont}\n", {0},
       "s.lua:2:18: unknown name headcuont · did you mean headcount (field of account)?"},
      {"driver | points\n a | 5\n", {0},
       "s.lua:1:1: a score has the columns driver | points | when | say · the first two may be called otherwise; say may "
       "be left out"},
      {"part | weight | when\n a | 60 | true\n b | 35 | true\n", {.weights = "sum to 100"},
       "s.lua:1:8: the weights of grade sum to 95, not to 100"},
      {"part | weight | when\n a | 60 | true\n", {.weights = "any"}, "s.lua:1:1: weights knows one value: \"sum to 100\""},
      {"a | b | when\n a | 60 | true\n", {.out_of = "much"}, "s.lua:1:1: much is no number"},
      {"a | b | when\n a | 60 | true\n", {.out_of = "0"}, "s.lua:1:1: out_of is what the full score is: 100, or \"100%\""},
      {"a | b | when\n a | 60 | true\n", {.min_known = "60"},
       "s.lua:1:1: min_known is the share of the points that has to be known · such as min_known = \"60%\""},
      {"a | b | when\n a | 60 | true\n", {.caps = "tier = 'A'"},
       "s.lua:1:1: a cap is a condition and the most that the score may then be · such as  trust_low < 2 : 40"},
      {"a | b | when\n a | 60 | true\n", {.caps = "tier = 'A' : 40%"},
       "s.lua:1:1: a cap is a condition and the most that the score may then be · such as  trust_low < 2 : 40"},
      {"a | b | when\n a | 60 | true\n", {.caps = "headcount : 40"}, "s.lua:1:1: headcount is a number, not a condition · "
       "compare it with something: = != < <= > >= in between"},
  };
  Fake *f = fake_company();
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    Err e = {0};
    Buf b = {0};
    Rules *r = space(f, NULL, NULL, NULL);
    bool ok = add_score(r, "grade", bad[i].grid, bad[i].how, &e) && rules_check(r, &e);
    if (ok) fail_msg("taken for good: %s", bad[i].grid);
    fake_error(&e, &b);
    if (strcmp(b.p, bad[i].want) != 0) print_error("%s\n", bad[i].grid);
    assert_string_equal(b.p, bad[i].want);
    buf_free(&b);
    rules_free(r);
  }
  fake_free(f);
}

static void names_of_scores_are_names_like_others(void **state) {
  (void)state;
  Fake *f = fake_company();
  Err e = {0};
  Rules *r = space(f, NULL, "grade : % = 5%", NULL);
  assert_true(add_score(r, "grade", drivers, (How){0}, &e));
  assert_false(rules_check(r, &e));
  Buf b = {0};
  fake_error(&e, &b);
  assert_string_equal(b.p, "s.lua:7:12: grade is already a metric (m.lua:1, %) · choose another name");
  buf_free(&b);
  rules_free(r);
  Rules *book = scored(f, (How){0}, NULL);
  r = space(f, NULL, "x = graed > 5", NULL);
  assert_true(rules_use(r, book, &e));
  assert_false(rules_check(r, &e));
  fake_error(&e, &b);
  assert_string_equal(b.p, "m.lua:1:5: unknown name graed · did you mean grade (score in rulebook t)?");
  buf_free(&b);
  rules_free(r);
  r = space(f, NULL, NULL, NULL);
  assert_true(rules_use(r, book, &e) && rules_check(r, &e));
  asks(f, r, "grade.knwon", "score grade has no knwon · a score has .known .parts .drivers .top(3)");
  asks(f, r, "grade.top", "top(n): how many drivers? · a score has .known .parts .drivers .top(3)");
  asks(f, r, "grade.top(headcount)", "top(3) takes the number of drivers wanted");
  asks(f, r, "grade.top(0)", "top(3) takes the number of drivers wanted");
  asks(f, r, "t.grade", "50 | 55 | 70 | null");
  asks(f, r, "owner.accounts.grade", "[50 70] | [55] | [50 70] | []");
  rules_free(r);
  rules_free(book);
  fake_free(f);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(points_are_shared_out_over_what_is_known),
      cmocka_unit_test(an_unknown_driver_is_left_out_not_counted_as_nothing),
      cmocka_unit_test(a_share_is_a_percentage_and_points_are_points),
      cmocka_unit_test(a_cap_holds_the_whole_down),
      cmocka_unit_test(drivers_are_shown_with_points_and_told_with_sentences),
      cmocka_unit_test(a_score_is_decided_and_explained_driver_by_driver),
      cmocka_unit_test(tables_lean_on_scores_and_cells_know_the_drivers),
      cmocka_unit_test(another_days_score_is_counted_from_that_days_figures),
      cmocka_unit_test(a_score_fills_the_field_of_its_name_when_it_is_decided),
      cmocka_unit_test(a_score_kept_in_the_log_is_read_back_the_same),
      cmocka_unit_test(faults_of_a_score_are_told_when_it_is_read),
      cmocka_unit_test(names_of_scores_are_names_like_others),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

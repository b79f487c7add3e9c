#include "run_home.h"

#include "feel/save.h"
#include "run/run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char ARGS[] = "big = 100   // heads from which a company is large\n"
                           "near : one of 上海, 广东 = 上海\n"
                           "back : window = 12m\n"
                           "cut = 15%\n";
static const char METRICS[] = "heads = headcount\n"
                              "bought : ¥ = sum(revenue, back)\n";
static const char GRID[] = "first   | heads     | region     || tier | why\n"
                           "        | > big     | -          || A    | {heads} heads, more than {big}\n"
                           "        | [50..100] | {near}     || B    | {heads} heads, near\n"
                           "        | < 50      | -          || C    | few\n"
                           "else    |           |            || D    | far\n"
                           "unknown |           |            || D    | nobody has counted\n";

static const char *grid, *segment; /* the table now; the tier whose accounts make segment key */

static Src src(const char *text) { return (Src){.text = str_of(text), .file = "sorter.lua", .line = 1, .col = 1}; }

static Rules *rules_of(Store *s, const char *table, Err *e) {
  Rules *r = rules_new(store_host(s), DIALECT_RULES, "sorter", "account");
  if (rules_args(r, src(ARGS), e) && rules_metrics(r, src(METRICS), e) &&
      rules_table(r, "tier", NULL, src(table), e) && rules_check(r, e))
    return r;
  rules_free(r);
  return NULL;
}

static int setup(void **state) {
  static const struct { const char *code, *name, *region; int64_t heads; } row[] = {
    {"C1", "华东仪表", "上海", 240}, {"C2", "金石电气", "广东", 60}, {"C3", "北方重工", "上海", 60}, {"C4", "长河能源", "上海", -1},
  };
  Fixture *f = home_open();
  grid = GRID;
  segment = "A";
  ok(f, store_begin(f->s, &f->e));
  for (int i = 0; i < 4; i++) {
    Str name[] = {STR("code"), STR("name"), STR("status"), STR("region"), STR("headcount")};
    Val val[] = {val_text(str_of(row[i].code)), val_text(str_of(row[i].name)), val_text(STR("active")),
                 val_text(str_of(row[i].region)), row[i].heads < 0 ? val_null() : val_int(row[i].heads)};
    ok(f, store_insert(f->s, catalog_entity(STR("account")), name, val, 5, &f->id[i], &f->e));
  }
  ok(f, store_commit(f->s, &f->e));
  *state = f;
  return 0;
}

static bool write_decided(Run *r, const Decision *d, Err *e) {
  Val tier[4];
  int64_t member[4];
  size_t n = 0;
  Arena a = {0};
  SegmentMove move;
  for (size_t i = 0; i < d->n; i++) {
    tier[i] = d->out[i * d->table->nout];
    if (str_is(val_str(tier[i]), segment)) member[n++] = d->id[i];
  }
  bool good = run_assign(r, "account", "tier", d->id, tier, d->n, e) && run_segment(r, "key", member, n, &a, &move, e);
  arena_free(&a);
  return good;
}

static bool sorts(void *ctx, Run *r, Err *e) {
  Fixture *f = ctx;
  Rules *rules = rules_of(run_store(r), grid, e);
  if (!rules) return false;
  Eval *ev = eval_new(rules, run_spec(r)->asof);
  const Decision *d;
  bool good = eval_decide(ev, STR("tier"), f->id, 4, &d, e) && run_decided(r, ev, d, e) && write_decided(r, d, e);
  eval_free(ev);
  rules_free(rules);
  return good;
}

static void run_once(Fixture *f, const char *day) {
  static const char *const writes[] = {"account.tier", "segment:key", NULL}, *const none[] = {NULL};
  Day asof;
  assert_true(day_parse(str_of(day), &asof));
  RunSpec spec = {.what = "sorter", .script = STR("x"), .args = "", .asof = asof, .seed = 1, .writes = writes,
                  .grants = none, .max_percent = -1, .max_changes = -1, .seconds = 20};
  Plan *p;
  int64_t run;
  ok(f, run_plan(f->s, &spec, sorts, f, &p, &f->e));
  ok(f, run_apply(f->s, p, &run, &f->e));
  plan_free(p);
}

static void says(const Buf *b, const char *text) {
  if (!b->p || !strstr(b->p, text)) fail_msg("\"%s\" does not say \"%s\"", b->p ? b->p : "", text);
}

static void samples_carry_the_reason_the_table_gave(void **state) {
  Fixture *f = *state;
  static const char *const writes[] = {"account.tier", "segment:key", NULL}, *const none[] = {NULL};
  RunSpec spec = {.what = "sorter", .asof = day_of(2026, 11, 1), .writes = writes, .grants = none, .max_percent = -1,
                  .max_changes = -1, .seconds = 20};
  Plan *p;
  ok(f, run_plan(f->s, &spec, sorts, f, &p, &f->e));
  Buf b = {0};
  plan_print(p, f->s, &b);
  says(&b, "    C1 华东仪表  (none) → A   240 heads, more than 100\n");
  says(&b, "    C4 长河能源  (none) → D   nobody has counted; heads is not known: headcount is missing\n");
  buf_free(&b);
  plan_free(p);
}

static void why_gives_run_row_and_figures(void **state) {
  Fixture *f = *state;
  run_once(f, "2026-11-01");
  Buf b = {0};
  ok(f, run_why(f->s, "account", STR("C1"), STR("tier"), &b, &f->e));
  assert_true(str_starts(buf_view(&b), "A · set by run 1 sorter, 2026-11-01, by "));
  says(&b, "row 1");
  says(&b, "240");
  buf_clear(&b);
  ok(f, run_why(f->s, "account", STR("C1"), STR("segment:key"), &b, &f->e));
  assert_true(str_starts(buf_view(&b), "in segment key since 2026-11-01 · set by run 1 sorter"));
  says(&b, "row 1");
  buf_free(&b);
}

static void why_of_a_value_found_again_names_both_runs(void **state) {
  Fixture *f = *state;
  run_once(f, "2026-11-01");
  run_once(f, "2026-12-01");
  Buf b = {0};
  ok(f, run_why(f->s, "account", STR("C1"), STR("tier"), &b, &f->e));
  says(&b, "set by run 1 sorter, 2026-11-01");
  says(&b, "decided again by run 2 sorter, 2026-12-01");
  buf_free(&b);
}

static void whynot_says_which_test_failed(void **state) {
  Fixture *f = *state;
  run_once(f, "2026-11-01");
  Buf b = {0};
  ok(f, run_whynot(f->s, "account", STR("C2"), STR("tier"), STR("A"), &b, &f->e));
  says(&b, "row 1");
  says(&b, "heads");
  says(&b, "60");
  says(&b, "100");
  says(&b, "decided by run 1 sorter, 2026-11-01\n");
  buf_clear(&b);
  ok(f, run_whynot(f->s, "account", STR("C2"), STR("tier"), STR("B"), &b, &f->e));
  says(&b, "广东");
  buf_clear(&b);
  ok(f, run_whynot(f->s, "account", STR("C1"), STR("tier"), STR("A"), &b, &f->e));
  says(&b, "A it is");
  buf_free(&b);
}

static void whynot_answers_by_the_rules_of_then_when_the_playbook_has_changed(void **state) {
  Fixture *f = *state;
  run_once(f, "2026-11-01");
  Buf then = {0}, now = {0};
  ok(f, run_whynot(f->s, "account", STR("C2"), STR("tier"), STR("A"), &then, &f->e));
  grid = "first | region || tier | why\n"
            "      | 北京   || A    | capital\n"
            "else  |        || D    | not\n"; /* a new text of the playbook that has not run yet */
  ok(f, run_whynot(f->s, "account", STR("C2"), STR("tier"), STR("A"), &now, &f->e));
  assert_string_equal(then.p, now.p);
  run_once(f, "2026-12-01");
  buf_clear(&now);
  ok(f, run_whynot(f->s, "account", STR("C2"), STR("tier"), STR("A"), &now, &f->e));
  says(&now, "北京");
  buf_free(&then);
  buf_free(&now);
}

static void whynot_of_a_segment_compares_with_its_members(void **state) {
  Fixture *f = *state;
  segment = "D";
  run_once(f, "2026-11-01");
  Buf b = {0};
  ok(f, run_whynot(f->s, "account", STR("C1"), STR("segment:key"), (Str){0}, &b, &f->e));
  assert_string_equal(b.p, "never in segment key (run 1): tier is A; the segment takes D\n");
  buf_clear(&b);
  segment = "A";
  run_once(f, "2026-12-01");
  ok(f, run_whynot(f->s, "account", STR("C4"), STR("segment:key"), (Str){0}, &b, &f->e));
  assert_string_equal(b.p, "left on 2026-12-01 (run 2): tier is D; the segment takes A\n");
  buf_clear(&b);
  ok(f, run_whynot(f->s, "account", STR("C1"), STR("segment:key"), (Str){0}, &b, &f->e));
  assert_string_equal(b.p, "in segment key since 2026-12-01\n");
  buf_clear(&b);
  assert_false(run_whynot(f->s, "account", STR("C1"), STR("segment:kye"), (Str){0}, &b, &f->e));
  assert_string_equal(f->e.what, "there is no segment 'kye'");
  buf_free(&b);
}

static void rules_are_kept_once(void **state) {
  Fixture *f = *state;
  run_once(f, "2026-11-01");
  run_once(f, "2026-12-01");
  Arena a = {0};
  Val v;
  ok(f, store_value(f->s, "SELECT count(*) FROM definition", NULL, 0, &a, &v, &f->e));
  assert_int_equal(v.u.i, 1);
  ok(f, store_value(f->s, "SELECT count(*) FROM decision", NULL, 0, &a, &v, &f->e));
  assert_int_equal(v.u.i, 8);
  arena_free(&a);
}

static void saved_rules_come_back_the_same(void **state) {
  Fixture *f = *state;
  Rules *r = rules_of(f->s, GRID, &f->e);
  ok(f, r != NULL);
  ok(f, rules_set_arg(r, STR("big"), STR("250"), &f->e) && rules_set_arg(r, STR("near"), STR("广东"), &f->e) &&
            rules_set_arg(r, STR("back"), STR("ytd"), &f->e) && rules_set_arg(r, STR("cut"), STR("7.5%"), &f->e));
  Buf once = {0}, again = {0};
  rules_save(rules_table_info(r, STR("tier")), &once);
  rules_free(r);
  SavedRules saved;
  ok(f, rules_restore(store_host(f->s), buf_view(&once), &saved, &f->e));
  assert_int_equal(saved.n, 1);
  const ArgInfo *arg;
  assert_int_equal(rules_arg_list(saved.rules[0], &arg), 4);
  assert_int_equal(arg[0].val.u.i, 250);
  assert_true(str_is(val_str(arg[1].val), "广东"));
  assert_int_equal(arg[2].val.t, V_WINDOW);
  rules_save(rules_table_info(saved.rules[0], STR("tier")), &again);
  assert_string_equal(once.p, again.p);
  saved_free(&saved);
  for (size_t cut = 0; cut + 1 < once.n; cut += 7) {
    assert_false(rules_restore(store_host(f->s), str_sub(buf_view(&once), 0, cut), &saved, &f->e));
    err_free(&f->e);
  }
  buf_free(&once);
  buf_free(&again);
}

#define CLAIM(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void) {
  const struct CMUnitTest tests[] = {
    CLAIM(samples_carry_the_reason_the_table_gave),
    CLAIM(why_gives_run_row_and_figures),
    CLAIM(why_of_a_value_found_again_names_both_runs),
    CLAIM(whynot_says_which_test_failed),
    CLAIM(whynot_answers_by_the_rules_of_then_when_the_playbook_has_changed),
    CLAIM(whynot_of_a_segment_compares_with_its_members),
    CLAIM(rules_are_kept_once),
    CLAIM(saved_rules_come_back_the_same),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

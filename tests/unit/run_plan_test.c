#include "run_home.h"

#include "base/stop.h"
#include "run/run.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const char *const tier[] = {"account.tier", "segment:key", "task", NULL};
static const char *const nothing[] = {NULL};

static RunSpec spec_of(const char *const *writes) {
  return (RunSpec){.what = "sorter",      .script = STR("return playbook {}"), .args = "window=12m", .asof = day_of(2026, 11, 1),
                   .seed = 1,             .writes = writes,                    .grants = nothing,    .max_percent = -1,
                   .max_changes = -1,     .seconds = 20};
}

static void begin(Fixture *f) { ok(f, store_begin(f->s, &f->e)); }
static void commit(Fixture *f) { ok(f, store_commit(f->s, &f->e)); }

static int64_t add_account(Fixture *f, const char *code, const char *name) {
  Str names[] = {STR("code"), STR("name"), STR("status"), STR("tier")};
  Val vals[] = {val_text(str_of(code)), val_text(str_of(name)), val_text(STR("active")), val_text(STR("B"))};
  int64_t id = 0;
  ok(f, store_insert(f->s, catalog_entity(STR("account")), names, vals, 4, &id, &f->e));
  return id;
}

static int setup(void **state) {
  Fixture *f = home_open();
  begin(f);
  f->id[0] = add_account(f, "C1", "华东仪表");
  f->id[1] = add_account(f, "C2", "金石电气");
  f->id[2] = add_account(f, "C3", "北方重工");
  f->id[3] = add_account(f, "C4", "长河能源");
  commit(f);
  *state = f;
  return 0;
}

static int64_t number(Fixture *f, const char *sql) {
  Arena a = {0};
  Val v;
  ok(f, store_value(f->s, sql, NULL, 0, &a, &v, &f->e));
  int64_t n = v.t == V_NUM ? v.u.i : -1;
  arena_free(&a);
  return n;
}

/* --- bodies ---------------------------------------------------------------- */

static bool assign_tier(Run *r, const int64_t *id, size_t n, const char *value, Err *e) {
  Val v[4];
  for (size_t i = 0; i < n; i++) v[i] = val_text(str_of(value));
  return run_assign(r, "account", "tier", id, v, n, e);
}

static bool two_to_a(void *ctx, Run *r, Err *e) {
  Fixture *f = ctx;
  run_log(r, "said %d", 1);
  report_note(run_report(r), STR("two accounts are A now"));
  return assign_tier(r, f->id, 2, "A", e);
}

static bool all_to_b(void *ctx, Run *r, Err *e) { return assign_tier(r, ((Fixture *)ctx)->id, 4, "B", e); }

static bool asks_nobody(void *ctx, Run *r, Err *e) {
  Fixture *f = ctx;
  Val v = val_text(STR("closed"));
  return run_assign(r, "accounts", "status", f->id, &v, 1, e);
}

static bool fills_segment(void *ctx, Run *r, Err *e) {
  Fixture *f = ctx;
  Arena a = {0};
  SegmentMove move;
  bool good = run_segment(r, "key", f->id + 1, 2, &a, &move, e);
  if (good) run_log(r, "%zu joined", move.njoined);
  arena_free(&a);
  return good;
}

static bool gives_task(void *ctx, Run *r, Err *e) {
  (void)ctx;
  Str name[] = {STR("account"), STR("title")};
  Val val[] = {val_text(STR("C1")), val_text(STR("visit"))};
  return run_insert(r, "task", name, val, 2, e);
}

static bool wrong_value(void *ctx, Run *r, Err *e) {
  Fixture *f = ctx;
  Val v[] = {val_text(STR("A")), val_text(STR("Z"))}; /* the first would do */
  return run_assign(r, "account", "tier", f->id, v, 2, e);
}

static bool wrong_value_caught(void *ctx, Run *r, Err *e) {
  Err caught = {0};
  if (wrong_value(ctx, r, &caught)) return err_set(e, ERR_FAIL, "Z is no tier");
  err_free(&caught);
  return true;
}

static volatile int endless = 1;
static bool never_ends(void *ctx, Run *r, Err *e) {
  if (!two_to_a(ctx, r, e)) return false;
  signal(SIGTERM, SIG_IGN);
  while (endless)
    ;
  return true;
}

static bool crashes(void *ctx, Run *r, Err *e) {
  if (!two_to_a(ctx, r, e)) return false;
  signal(SIGSEGV, SIG_DFL);
  raise(SIGSEGV);
  return true;
}

/* --- claims ---------------------------------------------------------------- */

static Plan *planned(Fixture *f, RunBody body) {
  RunSpec spec = spec_of(tier);
  Plan *p = NULL;
  ok(f, run_plan(f->s, &spec, body, f, &p, &f->e));
  return p;
}

static void refused(Fixture *f, RunSpec spec, RunBody body, ErrKind kind, const char *says) {
  Plan *p = NULL;
  assert_false(run_plan(f->s, &spec, body, f, &p, &f->e));
  assert_null(p);
  assert_int_equal(f->e.kind, kind);
  if (!strstr(f->e.what, says)) fail_msg("\"%s\" does not say \"%s\"", f->e.what, says);
  assert_string_equal(f->e.left, "nothing was written");
  err_free(&f->e);
}

static void read_file(const char *path, Buf *out) {
  FILE *in = fopen(path, "rb");
  if (!in) return;
  char part[4096];
  size_t n;
  while ((n = fread(part, 1, sizeof part, in)) > 0) buf_add(out, part, n);
  fclose(in);
}

static void a_plan_leaves_the_file_byte_for_byte(void **state) {
  Fixture *f = *state;
  char wal[128];
  snprintf(wal, sizeof wal, "%s-wal", f->path);
  Buf before = {0}, after = {0};
  read_file(f->path, &before);
  read_file(wal, &before);
  Plan *p = planned(f, two_to_a);
  assert_int_equal(plan_changes(p), 2);
  plan_free(p);
  read_file(f->path, &after);
  read_file(wal, &after);
  assert_int_equal(before.n, after.n);
  assert_memory_equal(before.p, after.p, before.n);
  assert_int_equal(number(f, "SELECT count(*) FROM account WHERE tier = 'A'"), 0);
  buf_free(&before);
  buf_free(&after);
}

static void apply_writes_the_changes_and_their_record(void **state) {
  Fixture *f = *state;
  Plan *p = planned(f, two_to_a);
  int64_t run = 0;
  ok(f, run_apply(f->s, p, &run, &f->e));
  assert_int_equal(run, 1);
  assert_int_equal(number(f, "SELECT count(*) FROM account WHERE tier = 'A'"), 2);
  assert_int_equal(number(f, "SELECT count(*) FROM history WHERE run = 1 AND value = 'A'"), 2);
  assert_int_equal(number(f, "SELECT count(*) FROM change WHERE run = 1 AND tbl = 'account' AND op = 'U' "
                             "AND was ->> '$.tier' = 'B' AND now ->> '$.tier' = 'A'"), 2);
  assert_int_equal(number(f, "SELECT changes FROM run WHERE what = 'sorter' AND seed = 1 AND asof = '2026-11-01' "
                             "AND length(digest) = 64 AND length(script_hash) = 64 AND log = 'said 1' || char(10)"), 2);
  assert_false(run_apply(f->s, p, &run, &f->e));
  assert_int_equal(f->e.kind, ERR_STALE);
  plan_free(p);
}

static void assigning_what_is_there_is_no_change(void **state) {
  Fixture *f = *state;
  Plan *p = planned(f, all_to_b);
  assert_true(plan_empty(p));
  Buf b = {0};
  plan_print(p, f->s, &b);
  assert_string_equal(b.p, "nothing would change\n");
  buf_free(&b);
  plan_free(p);
}

static void the_difference_names_accounts_and_values(void **state) {
  Fixture *f = *state;
  Plan *p = planned(f, two_to_a);
  Buf b = {0};
  plan_print(p, f->s, &b);
  assert_string_equal(b.p, "would change 2 rows\n"
                           "  account.tier: 2 changes\n"
                           "    B → A 2\n"
                           "    C1 华东仪表  B → A\n"
                           "    C2 金石电气  B → A\n");
  assert_int_equal(plan_report(p)->n, 1);
  assert_true(str_is(plan_report(p)->item[0].text, "two accounts are A now"));
  buf_free(&b);
  plan_free(p);
}

static void a_write_outside_writes_is_refused(void **state) {
  Fixture *f = *state;
  refused(f, spec_of(tier), asks_nobody, ERR_FAIL,
          "sorter would change account.status of 1 account: not in writes { \"account.tier\", \"segment:key\", \"task\" }");
  refused(f, spec_of(nothing), two_to_a, ERR_FAIL, "sorter would change account.tier of 2 accounts: writes is empty");
  refused(f, spec_of(nothing), fills_segment, ERR_FAIL, "segment:key");
  refused(f, spec_of(nothing), gives_task, ERR_FAIL, "task");
}

static void a_wrong_value_fails_the_run_unless_the_script_catches_it(void **state) {
  Fixture *f = *state;
  refused(f, spec_of(tier), wrong_value, ERR_FAIL, "Z");
  Plan *p = planned(f, wrong_value_caught);
  assert_true(plan_empty(p));
  plan_free(p);
}

static void guards_stop_before_commit_and_give_the_counts(void **state) {
  Fixture *f = *state;
  RunSpec spec = spec_of(tier);
  spec.max_changes = 1;
  refused(f, spec, two_to_a, ERR_FAIL, "would change 2 rows (guard max_changes 1): stopped before commit");
  spec = spec_of(tier);
  spec.max_percent = 49;
  refused(f, spec, two_to_a, ERR_FAIL,
          "would change 50 % of account.tier (2 of 4; guard max_percent 49): stopped before commit");
  spec.max_percent = 50;
  spec.max_changes = 2;
  Plan *p = NULL;
  ok(f, run_plan(f->s, &spec, two_to_a, f, &p, &f->e));
  plan_free(p);
}

static void an_endless_body_ends_within_limit_and_two_seconds(void **state) {
  Fixture *f = *state;
  RunSpec spec = spec_of(tier);
  spec.seconds = 0.4;
  time_t from = time(NULL);
  refused(f, spec, never_ends, ERR_TIMEOUT, "0.4 s");
  assert_true(time(NULL) - from <= 3);
  assert_int_equal(number(f, "SELECT count(*) FROM account WHERE tier = 'A'"), 0);
}

static void a_crash_leaves_the_database_usable(void **state) {
  Fixture *f = *state;
  refused(f, spec_of(tier), crashes, ERR_FAIL, "sorter ended in the middle");
  Plan *p = planned(f, two_to_a);
  int64_t run;
  ok(f, run_apply(f->s, p, &run, &f->e));
  plan_free(p);
  assert_int_equal(number(f, "SELECT count(*) FROM account WHERE tier = 'A'"), 2);
}

static void the_same_plan_has_the_same_digest(void **state) {
  Fixture *f = *state;
  Plan *p = planned(f, two_to_a), *q;
  char first[65];
  strcpy(first, plan_digest(p));
  plan_free(p);
  q = planned(f, two_to_a);
  assert_string_equal(first, plan_digest(q));
  plan_free(q);
  q = planned(f, all_to_b);
  assert_string_not_equal(first, plan_digest(q));
  plan_free(q);
  RunSpec other = spec_of(tier);
  other.args = "window=24m";
  ok(f, run_plan(f->s, &other, two_to_a, f, &q, &f->e));
  assert_string_not_equal(first, plan_digest(q));
  plan_free(q);
}

static void ids_given_to_others_meanwhile_do_not_change_the_digest(void **state) {
  Fixture *f = *state;
  Plan *p = planned(f, gives_task);
  char first[65];
  strcpy(first, plan_digest(p));
  plan_free(p);
  begin(f);
  Str name[] = {STR("account"), STR("title")};
  Val val[] = {val_text(STR("C2")), val_text(STR("call"))};
  int64_t id;
  ok(f, store_insert(f->s, catalog_entity(STR("task")), name, val, 2, &id, &f->e));
  commit(f);
  p = planned(f, gives_task);
  assert_string_equal(first, plan_digest(p));
  plan_free(p);
}

static void someone_elses_change(Fixture *f) {
  Store *other;
  ok(f, store_open(f->path, STORE_WRITE, &other, &f->e));
  ok(f, store_begin(other, &f->e));
  Val v = val_text(STR("C"));
  size_t n;
  ok(f, store_assign(other, "account", "tier", day_of(2026, 11, 1), f->id, &v, 1, &n, &f->e));
  RunSpec spec = spec_of(nothing);
  spec.what = "import accounts";
  int64_t run;
  ok(f, run_record(other, &spec, 1, "1 changed", &run, &f->e));
  ok(f, store_commit(other, &f->e));
  store_close(other);
}

static void a_plan_on_old_data_is_refused_and_says_what_came_between(void **state) {
  Fixture *f = *state;
  Plan *p = planned(f, two_to_a);
  someone_elses_change(f);
  int64_t run = 0;
  assert_false(run_apply(f->s, p, &run, &f->e));
  assert_int_equal(f->e.kind, ERR_STALE);
  assert_string_equal(f->e.what, "the plan of sorter has aged: since it was made, run 1 (import accounts) changed 1 row");
  assert_string_equal(f->e.left, "nothing was written");
  err_free(&f->e);
  plan_free(p);
  assert_int_equal(number(f, "SELECT count(*) FROM account WHERE tier = 'A'"), 0);
  assert_int_equal(number(f, "SELECT count(*) FROM run"), 1);
  p = planned(f, two_to_a);
  ok(f, run_apply(f->s, p, &run, &f->e));
  plan_free(p);
}

static void *roll_back_soon(void *store) {
  usleep(300000);
  store_rollback(store);
  return NULL;
}

static void another_writer_is_waited_for(void **state) {
  Fixture *f = *state;
  Store *other;
  pthread_t t;
  ok(f, store_open(f->path, STORE_WRITE, &other, &f->e));
  Plan *p = planned(f, two_to_a);
  ok(f, store_begin(other, &f->e));
  assert_int_equal(pthread_create(&t, NULL, roll_back_soon, other), 0);
  int64_t run = 0;
  ok(f, run_apply(f->s, p, &run, &f->e));
  pthread_join(t, NULL);
  plan_free(p);
  store_close(other);
  assert_int_equal(number(f, "SELECT count(*) FROM account WHERE tier = 'A'"), 2);
}

static void segments_and_new_rows_are_counted_and_shown(void **state) {
  Fixture *f = *state;
  Plan *p = planned(f, fills_segment);
  Buf b = {0};
  plan_print(p, f->s, &b);
  assert_non_null(strstr(b.p, "  segment key: 2 join, 0 leave\n    join   C2 金石电气, C3 北方重工\n"));
  buf_clear(&b);
  int64_t run;
  ok(f, run_apply(f->s, p, &run, &f->e));
  plan_free(p);
  ok(f, run_why(f->s, "account", STR("C2"), STR("segment:key"), &b, &f->e));
  assert_non_null(strstr(b.p, "in segment key since 2026-11-01 · set by run 1 sorter, 2026-11-01, by "));
  buf_clear(&b);
  ok(f, run_why(f->s, "account", STR("C1"), STR("segment:key"), &b, &f->e));
  assert_string_equal(b.p, "was never in segment key\n");
  buf_free(&b);
}

static void history_shows_the_latest_first(void **state) {
  Fixture *f = *state;
  RunBody body[] = {two_to_a, gives_task};
  int64_t run;
  for (int i = 0; i < 2; i++) {
    Plan *p = planned(f, body[i]);
    ok(f, run_apply(f->s, p, &run, &f->e));
    plan_free(p);
  }
  Report r = {0};
  ok(f, run_history(f->s, 10, &r, &f->e));
  assert_int_equal(r.n, 1);
  const UiTable *t = &r.item[0].table;
  assert_int_equal(t->nrow, 2);
  assert_int_equal(t->cell[0].u.i, 2);
  assert_true(str_is(val_str(t->cell[5]), "1 new task"));
  assert_true(str_is(val_str(t->cell[t->ncol + 5]), "2 account.tier"));
  report_free(&r);
  ok(f, run_show(f->s, 1, &r, &f->e));
  assert_true(str_starts(r.item[0].text, "run 1 sorter · "));
  assert_true(str_is(r.item[1].text, "two accounts are A now"));
  report_free(&r);
  assert_false(run_show(f->s, 3, &r, &f->e));
  assert_string_equal(f->e.what, "there is no run 3");
  report_free(&r);
}

static void why_names_the_run_and_the_value_before(void **state) {
  Fixture *f = *state;
  Plan *p = planned(f, two_to_a);
  int64_t run;
  ok(f, run_apply(f->s, p, &run, &f->e));
  plan_free(p);
  Buf b = {0};
  ok(f, run_why(f->s, "account", STR("C1"), STR("tier"), &b, &f->e));
  assert_true(str_starts(buf_view(&b), "A · set by run 1 sorter, 2026-11-01, by "));
  assert_non_null(strstr(b.p, "(was B)\n"));
  buf_clear(&b);
  ok(f, run_why(f->s, "account", STR("C4"), STR("tier"), &b, &f->e));
  assert_string_equal(b.p, "B · no run set it: it came with the data\n");
  buf_clear(&b);
  assert_false(run_why(f->s, "account", STR("C5"), STR("tier"), &b, &f->e));
  assert_string_equal(f->e.what, "there is no account 'C5'");
  err_free(&f->e);
  assert_false(run_why(f->s, "account", STR("C1"), STR("teir"), &b, &f->e));
  assert_non_null(strstr(f->e.what, "account has no field 'teir'"));
  assert_non_null(strstr(f->e.todo, "tier"));
  err_free(&f->e);
  buf_free(&b);
}

static void a_reading_run_refuses_every_write(void **state) {
  Fixture *f = *state;
  RunSpec spec = spec_of(tier);
  spec.what = "eval";
  Run *r = run_reading(f->s, &spec);
  assert_false(assign_tier(r, f->id, 1, "A", &f->e));
  assert_string_equal(f->e.what, "eval only reads: account.tier of 1 account cannot be changed here");
  run_reading_free(r);
}

static void ctrl_c_before_the_end_writes_nothing(void **state) {
  Fixture *f = *state;
  stop_raise();
  refused(f, spec_of(tier), two_to_a, ERR_INTERRUPT, "interrupted");
  stop_clear();
}

#define CLAIM(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void) {
  const struct CMUnitTest tests[] = {
    CLAIM(a_plan_leaves_the_file_byte_for_byte),
    CLAIM(apply_writes_the_changes_and_their_record),
    CLAIM(assigning_what_is_there_is_no_change),
    CLAIM(the_difference_names_accounts_and_values),
    CLAIM(a_write_outside_writes_is_refused),
    CLAIM(a_wrong_value_fails_the_run_unless_the_script_catches_it),
    CLAIM(guards_stop_before_commit_and_give_the_counts),
    CLAIM(an_endless_body_ends_within_limit_and_two_seconds),
    CLAIM(a_crash_leaves_the_database_usable),
    CLAIM(the_same_plan_has_the_same_digest),
    CLAIM(ids_given_to_others_meanwhile_do_not_change_the_digest),
    CLAIM(a_plan_on_old_data_is_refused_and_says_what_came_between),
    CLAIM(another_writer_is_waited_for),
    CLAIM(segments_and_new_rows_are_counted_and_shown),
    CLAIM(history_shows_the_latest_first),
    CLAIM(why_names_the_run_and_the_value_before),
    CLAIM(a_reading_run_refuses_every_write),
    CLAIM(ctrl_c_before_the_end_writes_nothing),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

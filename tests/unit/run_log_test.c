#include "run_home.h"

#include "run/chain.h"
#include "run/direct.h"
#include "run/erase.h"
#include "run/hash.h"
#include "run/personal.h"
#include "run/planfile.h"
#include "run/undo.h"
#include "run/wire.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool exec_body(void *ctx, Store *s, Err *e) { return store_exec(s, ctx, NULL, 0, e); }

static int64_t change(Fixture *f, const char *sql) {
  int64_t run, n;
  ok(f, run_direct(f->s, "change", NULL, day_of(2026, 11, 1), exec_body, (void *)sql, &run, &n, &f->e));
  return run;
}

static int setup(void **state) {
  Fixture *f = home_open();
  change(f, "INSERT INTO account(id, code) VALUES(1, 'C1'), (2, 'C2')");
  change(f, "INSERT INTO contact(id, code, account, name) VALUES(1, 'P1', 1, '王建国')");
  *state = f;
  return 0;
}

static int64_t undo(Fixture *f, int64_t run) {
  int64_t by = 0, n;
  Buf said = {0};
  bool good = run_undo(f->s, run, day_of(2026, 11, 2), &by, &n, &said, &f->e);
  buf_free(&said);
  return good ? by : 0;
}

static Verified verified(Fixture *f) {
  Verified v = {0};
  ok(f, chain_verify(f->s, &v, &f->e));
  buf_free(&v.text);
  return v;
}

static bool holds(Fixture *f, const char *sql) {
  Arena a = {0};
  Val v;
  ok(f, store_value(f->s, sql, NULL, 0, &a, &v, &f->e));
  bool yes = v.t == V_NUM && v.u.i == 1;
  arena_free(&a);
  return yes;
}

/* --- the chain ------------------------------------------------------------------------ */

static void each_run_is_a_link_and_the_head_moves(void **state) {
  Fixture *f = *state;
  change(f, "UPDATE account SET city = 'a' WHERE id = 1");
  Verified one = verified(f);
  change(f, "UPDATE account SET city = 'b' WHERE id = 1");
  Verified two = verified(f);
  assert_int_equal(one.faults, 0);
  assert_int_equal(two.faults, 0);
  assert_int_equal(two.runs, one.runs + 1);
  assert_string_not_equal(one.head, two.head);
}

static void what_changes_nothing_is_no_run(void **state) {
  Fixture *f = *state;
  assert_int_equal(change(f, "UPDATE account SET city = NULL"), 0);
  assert_int_equal(verified(f).runs, 2);
}

static void pruning_leaves_a_checkpoint_that_the_rest_hangs_on(void **state) {
  Fixture *f = *state;
  int64_t run, n;
  change(f, "UPDATE account SET city = 'a' WHERE id = 1");
  change(f, "UPDATE account SET city = 'b' WHERE id = 1");
  ok(f, chain_prune(f->s, day_of(2020, 1, 1), day_of(2026, 11, 3), &run, &n, &f->e));
  assert_int_equal(run, 0);
  ok(f, chain_prune(f->s, day_of(2999, 1, 1), day_of(2026, 11, 3), &run, &n, &f->e));
  assert_int_equal(n, 4);
  change(f, "UPDATE account SET city = 'c' WHERE id = 1");
  Verified v = verified(f);
  assert_int_equal(v.faults, 0);
  assert_int_equal(v.runs, 2);
  assert_true(holds(f, "SELECT count(*) = 0 FROM change WHERE run < 5"));
  assert_true(holds(f, "SELECT count(*) = 1 FROM sqlite_schema WHERE name = 'run_no_delete'"));
}

/* --- undo --------------------------------------------------------------------------------- */

static void an_undo_of_any_depth_knows_what_stands(void **state) {
  Fixture *f = *state;
  int64_t run = change(f, "UPDATE account SET city = 'a' WHERE id = 1");
  int64_t last = run;
  for (int i = 0; i < 5; i++) {
    last = undo(f, last);
    assert_true(last > 0);
    assert_true(holds(f, i % 2 ? "SELECT city = 'a' FROM account WHERE id = 1" : "SELECT city IS NULL FROM account WHERE id = 1"));
  }
  assert_int_equal(undo(f, run), 0);
  assert_int_equal(f->e.kind, ERR_STALE);
  assert_non_null(strstr(f->e.what, "undone already"));
  assert_int_equal(verified(f).faults, 0);
}

static void a_conflict_touches_nothing(void **state) {
  Fixture *f = *state;
  int64_t run = change(f, "UPDATE account SET city = 'a'");
  change(f, "UPDATE account SET city = 'b' WHERE id = 2");
  assert_int_equal(undo(f, run), 0);
  assert_int_equal(f->e.kind, ERR_STALE);
  assert_true(holds(f, "SELECT city = 'a' FROM account WHERE id = 1"));
}

static void a_run_that_is_not_there_is_said(void **state) {
  Fixture *f = *state;
  assert_int_equal(undo(f, 99), 0);
  assert_int_equal(f->e.kind, ERR_USAGE);
}

/* --- people --------------------------------------------------------------------------------- */

static void the_log_holds_hashes_of_people_until_they_are_erased(void **state) {
  Fixture *f = *state;
  RowRef row = {catalog_entity(STR("contact")), 1};
  Erased done;
  int64_t run = change(f, "UPDATE contact SET name = '李四' WHERE id = 1");
  assert_true(holds(f, "SELECT count(*) = 0 FROM change WHERE instr(was, '王建国') OR instr(now, '李四')"));
  assert_true(holds(f, "SELECT count(*) = 3 FROM personal"));
  ok(f, run_erase(f->s, &row, "contact P1", day_of(2026, 11, 2), &done, &f->e));
  assert_int_equal(done.fields, 1);
  assert_int_equal(done.values, 4); /* both names, one twice, and the one just emptied */
  assert_true(holds(f, "SELECT count(*) = 0 FROM personal"));
  assert_true(holds(f, "SELECT name IS NULL FROM contact WHERE id = 1"));
  assert_int_equal(verified(f).faults, 0);
  assert_int_equal(undo(f, run), 0);
  assert_non_null(strstr(f->e.what, "erased"));
}

static void rows_without_personal_fields_cannot_be_erased(void **state) {
  Fixture *f = *state;
  RowRef row = {catalog_entity(STR("account")), 1};
  Erased done;
  assert_false(run_erase(f->s, &row, "account C1", day_of(2026, 11, 2), &done, &f->e));
  assert_int_equal(f->e.kind, ERR_USAGE);
}

static void a_value_altered_behind_its_hash_is_found(void **state) {
  Fixture *f = *state;
  change(f, "UPDATE contact SET name = '李四' WHERE id = 1");
  ok(f, store_begin(f->s, &f->e));
  ok(f, store_exec(f->s, "UPDATE personal SET value = '王五' WHERE id = 1", NULL, 0, &f->e));
  ok(f, store_commit(f->s, &f->e));
  assert_int_equal(verified(f).faults, 1);
}

/* --- bytes ------------------------------------------------------------------------------------ */

static void a_reader_that_runs_past_its_end_says_so_and_gives_nothing(void **state) {
  (void)state;
  Buf b = {0};
  wire_put_int(&b, 7);
  wire_put_str(&b, STR("text"));
  for (size_t cut = 0; cut < b.n; cut++) {
    Wire w = {.rest = {b.p, cut}};
    bool whole = wire_int(&w) == 7 && str_is(wire_str(&w), "text");
    assert_false(whole);
    assert_true(w.broken);
    assert_int_equal(wire_int(&w), 0);
  }
  Wire w = {.rest = buf_view(&b)};
  assert_int_equal(wire_int(&w), 7);
  assert_true(str_is(wire_str(&w), "text"));
  assert_false(w.broken);
  buf_clear(&b);
  wire_put_int(&b, -1); /* a length that is none */
  w = (Wire){.rest = buf_view(&b)};
  assert_int_equal(wire_str(&w).n, 0);
  assert_true(w.broken);
  buf_free(&b);
}

static void errors_travel_whole_or_not_at_all(void **state) {
  (void)state;
  Err e = {0}, got = {0};
  err_set(&e, ERR_STALE, "row %d", 7);
  err_at(&e, "book.lua", 3, 4);
  err_todo(&e, "mend it");
  Buf b = {0};
  wire_put_err(&b, &e);
  for (size_t cut = 0; cut < b.n; cut++) {
    Wire w = {.rest = {b.p, cut}};
    assert_false(wire_err(&w, &got));
  }
  Wire w = {.rest = buf_view(&b)};
  assert_true(wire_err(&w, &got));
  assert_string_equal(got.what, "row 7");
  assert_int_equal(got.line, 3);
  err_free(&e);
  err_free(&got);
  buf_free(&b);
}

static void the_hash_is_sha_256(void **state) {
  (void)state;
  char hash[65], a[33], b[33];
  hash_hex(STR("abc"), hash); /* FIPS 180-2, B.1 */
  assert_string_equal(hash, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  hash_random(a);
  hash_random(b);
  assert_string_not_equal(a, b);
}

static void a_file_that_is_no_plan_is_refused(void **state) {
  Fixture *f = *state;
  char path[128];
  static const char *const text[] = {"", "x", "pareto plan 1\n",
                                     ("pareto plan 1\nshort and of no use whatsoever, far too short"
                                      " to hold what a plan holds, with a hash that is none: 0000000000000000000000000000")};
  for (size_t i = 0; i < sizeof text / sizeof *text; i++) {
    Plan *p = NULL;
    snprintf(path, sizeof path, "%s/plan%zu", f->dir, i);
    FILE *out = fopen(path, "we");
    assert_non_null(out);
    fputs(text[i], out);
    fclose(out);
    assert_false(plan_load(f->path, path, &p, &f->e));
    assert_null(p);
    assert_non_null(f->e.what);
    err_free(&f->e);
  }
}

#define WITH(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
int main(void) {
  const struct CMUnitTest tests[] = {
      WITH(each_run_is_a_link_and_the_head_moves),
      WITH(what_changes_nothing_is_no_run),
      WITH(pruning_leaves_a_checkpoint_that_the_rest_hangs_on),
      WITH(an_undo_of_any_depth_knows_what_stands),
      WITH(a_conflict_touches_nothing),
      WITH(a_run_that_is_not_there_is_said),
      WITH(the_log_holds_hashes_of_people_until_they_are_erased),
      WITH(rows_without_personal_fields_cannot_be_erased),
      WITH(a_value_altered_behind_its_hash_is_found),
      cmocka_unit_test(a_reader_that_runs_past_its_end_says_so_and_gives_nothing),
      cmocka_unit_test(errors_travel_whole_or_not_at_all),
      cmocka_unit_test(the_hash_is_sha_256),
      WITH(a_file_that_is_no_plan_is_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

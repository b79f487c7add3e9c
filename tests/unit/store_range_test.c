/* Many changes at once: those that one statement writes, and those that are journalled before they are made, are what row
 * by row would have given. */
#include "store_db.h"

#include "store/db.h"

enum { ROWS = 300 };
static Store *copy;
static Journal recorded;

static int given(void **state) {
  if (db_setup(state)) return -1;
  db_exec(db, "WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300)"
              " INSERT INTO account(id, code, name, tier, headcount) SELECT i, 'C' || i, 'n' || i % 7, 'B', i % 5 FROM n WHERE i % 50");
  Err e = {0};
  if (!store_commit(db, &e) || !store_copy(db, &copy, &e) || !store_begin(copy, &e) || !store_journal_start(copy, &recorded, &e))
    fail_msg("%s", e.what);
  return 0;
}

static int cleared(void **state) {
  if (copy) store_journal_stop(copy);
  store_close(copy);
  copy = NULL;
  journal_free(&recorded);
  return db_teardown(state);
}

static void apply(Err *e) {
  journal_compact(&recorded);
  if (!store_begin(db, e)) return;
  if (!store_apply(db, &recorded, e)) store_rollback(db);
  else store_commit(db, e);
}

static void applied(void) {
  Err e = {0};
  apply(&e);
  if (e.kind) fail_msg("%s", e.what);
}

static int64_t sum(Store *s) {
  return db_number(s, "SELECT sum(id * 31 + headcount * 7 + length(name) * 3 + unicode(tier) + length(code)) FROM account");
}

static void rows_that_lie_together_are_written_as_one_by_one(void **state) {
  (void)state;
  db_exec(copy, "UPDATE account SET headcount = id * 3, name = CASE WHEN id % 3 THEN 'long ' || id END WHERE id % 11");
  db_exec(copy, "DELETE FROM account WHERE id = 120");
  db_exec(copy, "UPDATE account SET tier = NULL WHERE id > 250");
  applied();
  assert_int_equal(sum(db), sum(copy));
  assert_int_equal(db_number(db, "SELECT count(*) FROM account WHERE headcount = id * 3 AND id % 11"), ROWS - 6 - 27 - 1);
  assert_int_equal(db_number(db, "SELECT count(*) FROM account WHERE tier IS NULL"), 49);
}

static void a_row_among_them_that_changed_meanwhile_is_named(void **state) {
  (void)state;
  static const struct { const char *meanwhile, *said; } conflict[] = {
    {"UPDATE account SET headcount = 77 WHERE id = 151", "account C151: headcount should be 1 and is 77"},
    {"DELETE FROM account WHERE id = 299", "account 299 is no longer there"},
    {"UPDATE account SET headcount = NULL WHERE id = 2", "account C2: headcount should be 2 and is empty"},
  };
  for (size_t i = 0; i < sizeof conflict / sizeof *conflict; i++) {
    Err e = {0};
    if (i) given(state);
    db_exec(copy, "UPDATE account SET headcount = 1000 + id");
    assert_true(store_begin(db, &e));
    db_exec(db, conflict[i].meanwhile);
    assert_true(store_commit(db, &e));
    int64_t before = sum(db);
    apply(&e);
    db_refused(!e.kind, &e, ERR_STALE, conflict[i].said);
    assert_int_equal(sum(db), before);
    cleared(state);
  }
  given(state);
}

static void codes_that_change_places_find_theirs(void **state) {
  (void)state;
  db_exec(copy, "UPDATE account SET code = 'x' || code");
  db_exec(copy, "UPDATE account SET code = 'C' || (300 - id)");
  applied();
  assert_int_equal(db_number(db, "SELECT count(*) FROM account WHERE code = 'C' || (300 - id)"), ROWS - 6);
}

/* --- journalled before --------------------------------------------------- */

static int64_t id[ROWS];
static Val val[ROWS];

static size_t rows_to_assign(Val v) {
  size_t n = 0;
  for (int64_t i = 1; i <= ROWS; i++)
    if (i % 50) id[n] = i, val[n++] = v;
  return n;
}

static void assigned(const char *field, Val v) {
  Err e = {0};
  size_t changed, n = rows_to_assign(v);
  if (!store_assign(copy, "account", field, 0, id, val, n, &changed, &e)) fail_msg("%s", e.what);
}

static char *journal_of(void) {
  Buf b = {0};
  journal_compact(&recorded);
  journal_encode(&recorded, &b);
  for (size_t i = 0; i < b.n; i++)
    if (!b.p[i]) b.p[i] = '0';
  return buf_take(&b);
}

static void again(void **state) {
  cleared(state);
  given(state);
}

static void a_value_for_all_is_journalled_as_the_hook_does(void **state) {
  static const char *const update[] = {"UPDATE account SET region = 'north' WHERE id % 50", "UPDATE account SET headcount = 3",
                                       "UPDATE account SET headcount = NULL"};
  for (size_t i = 0; i < sizeof update / sizeof *update; i++) {
    if (i) again(state);
    db_exec(copy, update[i]);
    char *hook = journal_of();
    again(state);
    if (i == 0) assigned("region", val_text(STR("north")));
    if (i == 1) assigned("headcount", val_int(3));
    if (i == 2) assigned("headcount", val_null());
    char *ours = journal_of();
    assert_string_equal(hook, ours);
    assert_int_not_equal(recorded.n, 0);
    mem_free(hook);
    mem_free(ours);
  }
}

static void a_trigger_that_writes_too_is_journalled(void **state) {
  (void)state;
  Err e = {0};
  if (!sql_host(copy, "CREATE TEMP TRIGGER busy BEFORE UPDATE OF region ON account BEGIN"
                      " UPDATE account SET region = 'between', headcount = 9 WHERE id = OLD.id; END", &e))
    fail_msg("%s", e.what);
  assigned("region", val_text(STR("north")));
  applied();
  assert_int_equal(db_number(db, "SELECT count(*) FROM account WHERE region = 'north' AND headcount = 9"), ROWS - 6);
}

static void a_row_that_is_not_there_leaves_the_journal_as_it_was(void **state) {
  (void)state;
  Err e = {0};
  size_t changed, n = rows_to_assign(val_int(12));
  id[40] = 50; /* there is none, and the stretch goes on over it */
  db_refused(store_assign(copy, "account", "headcount", 0, id, val, n, &changed, &e), &e, ERR_FAIL, "not there");
  assert_int_equal(recorded.n, 0);
  assert_int_equal(sum(copy), sum(db));
}

int main(void) {
#define TEST(f) cmocka_unit_test_setup_teardown(f, given, cleared)
  const struct CMUnitTest tests[] = {
      TEST(rows_that_lie_together_are_written_as_one_by_one),
      TEST(a_row_among_them_that_changed_meanwhile_is_named),
      TEST(codes_that_change_places_find_theirs),
      TEST(a_value_for_all_is_journalled_as_the_hook_does),
      TEST(a_trigger_that_writes_too_is_journalled),
      TEST(a_row_that_is_not_there_leaves_the_journal_as_it_was),
  };
  return cmocka_run_group_tests(tests, NULL, db_finish);
}

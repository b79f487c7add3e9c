/* Imports feed the monthly columns: the first question afterwards builds nothing, whatever order lines came in. */
#include "store_db.h"

#include "store/columns.h"
#include "store/explain.h"
#include "store/import.h"

static char csv_path[160];

typedef struct Line { int account, order, day; long revenue; } Line; /* day: since 2025-01-01 */

static void write_csv(const Line *line, size_t n) {
  snprintf(csv_path, sizeof csv_path, "%s/lines.csv", db_folder);
  FILE *f = fopen(csv_path, "w");
  assert_non_null(f);
  fputs("account,order_no,line_no,day,quantity,revenue,cost\n", f);
  for (size_t i = 0; i < n; i++) {
    Buf day = {0};
    day_print(day_of(2025, 1, 1) + line[i].day, &day);
    fprintf(f, "C%03d,%d,%zu,%s,%s,%ld.25,%ld.10\n", line[i].account, line[i].order, i, day.p, i % 3 ? "2" : "0.125", line[i].revenue,
            line[i].revenue / 2);
    buf_free(&day);
  }
  fclose(f);
}

static void import_csv(const char *key) {
  static const char *const create[] = {"account", NULL};
  Err e = {0};
  Import *im;
  ImportSpec spec = {.file = {.path = csv_path}, .entity = "orders", .create = create, .key = key, .asof = day_of(2026, 1, 1)};
  if (!import_open(db, &spec, &im, &e) || !import_stage(im, &e) || !store_commit(db, &e)) fail_msg("%s", e.what);
  assert_int_equal(import_counts(im)->rejected, 0);
  import_close(im);
}

static bool differs(void *ctx, const char *table, int yyyymm, Err *e) {
  (void)ctx;
  return err_set(e, ERR_FAIL, "%s %d", table, yyyymm);
}

/* The first question finds every month built, and what is built is right. */
static void warm(int months) {
  Err e = {0};
  Arena a = {0};
  MeasureLog log = {0};
  static const char *const measure[] = {"revenue", "orders", "quantity"};
  const FeelHost *h = store_host(db);
  int64_t id = 1, verified;
  store_explain(db, &log);
  for (size_t i = 0; i < 3; i++) {
    Val v;
    const HostField *f = h->field(h->ctx, 1, str_of(measure[i]));
    if (f->kind != HOST_MEASURE) f = f->measure;
    if (!h->series(h->ctx, 1, f, AGG_SUM, day_of(2025, 1, 1), day_of(2026, 1, 1), &id, 1, &a, &v, &e)) fail_msg("%s", e.what);
  }
  store_explain(db, NULL);
  for (size_t i = 0; i < log.n; i++) {
    assert_int_equal(log.use[i].built, 0);
    assert_int_equal(log.use[i].edge_rows, 0);
  }
  measure_log_free(&log);
  arena_free(&a);
  if (!store_columns_verify(db, differs, NULL, &verified, &e)) fail_msg("not what the rows say: %s", e.what);
  assert_true(verified >= months);
}

enum { N = 3000 };
static Line some[N];

static void make_lines(int days) {
  uint64_t x = 42;
  for (int i = 0; i < N; i++) {
    x = x * 6364136223846793005u + 1442695040888963407u;
    uint32_t r = (uint32_t)(x >> 33);
    some[i] = (Line){(int)(r % 50) + 1, (int)(r / 64 % 400), i * days / N, (long)(r % 9000)};
  }
}

static void lines_in_order_of_their_days(void **state) {
  (void)state;
  assert_true(store_commit(db, &(Err){0}));
  make_lines(360);
  write_csv(some, N);
  import_csv(NULL);
  warm(12);
}

static void lines_in_no_order(void **state) {
  (void)state;
  assert_true(store_commit(db, &(Err){0}));
  make_lines(360);
  for (int i = 0; i < N; i++) { /* 1009 has no factor in common with N */
    int k = (int)((long)i * 1009 % N);
    Line swap = some[i];
    some[i] = some[k];
    some[k] = swap;
  }
  write_csv(some, N);
  import_csv(NULL);
  warm(12);
}

static void a_second_file_into_the_same_months_and_one_more(void **state) {
  (void)state;
  assert_true(store_commit(db, &(Err){0}));
  make_lines(200);
  write_csv(some, N);
  import_csv(NULL);
  make_lines(330);
  write_csv(some + N / 2, N / 2);
  import_csv(NULL);
  warm(11);
}

static void lines_that_are_known_and_change_their_day(void **state) {
  (void)state;
  assert_true(store_commit(db, &(Err){0}));
  make_lines(200);
  write_csv(some, N);
  import_csv("line_no");
  for (int i = 0; i < N; i += 7) some[i].day = (some[i].day + 45) % 200;
  write_csv(some, N);
  import_csv("line_no");
  warm(7);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(lines_in_order_of_their_days, db_setup, db_teardown),
      cmocka_unit_test_setup_teardown(lines_in_no_order, db_setup, db_teardown),
      cmocka_unit_test_setup_teardown(a_second_file_into_the_same_months_and_one_more, db_setup, db_teardown),
      cmocka_unit_test_setup_teardown(lines_that_are_known_and_change_their_day, db_setup, db_teardown),
  };
  int failed = cmocka_run_group_tests(tests, NULL, NULL);
  unlink(csv_path);
  db_finish(NULL);
  return failed;
}

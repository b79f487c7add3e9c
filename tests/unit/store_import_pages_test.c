#include "store_rows.h"

#include "store/added.h"
#include "store/import.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Lines that go in as pages are the same lines: a file large enough for it is imported twice, once while another
 * connection keeps the database in its log, which leaves the way of statements alone. */

static char folder[64];

static char *path_of(const char *name) {
  static char path[4][128];
  static int turn;
  turn = (turn + 1) % 4;
  snprintf(path[turn], sizeof path[turn], "%s/%s", folder, name);
  return path[turn];
}

static Store *open_fresh(const char *name) {
  Err e = {0};
  Store *s = NULL;
  char *path = strdup(path_of(name));
  unlink(path);
  assert_true(store_init(path, (StoreInit){"CNY", 2}, &e));
  assert_true(store_open(path, STORE_WRITE, &s, &e));
  free(path);
  return s;
}

/* Every row and every monthly column of both is the same. */
static void assert_same(Store *a, Store *b) {
  static const char *const table[] = {"orders", "account", "month_fact", "month_stale", "month_column", "added"};
  for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
    int64_t n[2];
    char digest[2][ADDED_DIGEST];
    Err e = {0};
    assert_true(store_added_digest(a, table[i], INT64_MIN, INT64_MAX, &n[0], digest[0], &e));
    assert_true(store_added_digest(b, table[i], INT64_MIN, INT64_MAX, &n[1], digest[1], &e));
    if (n[0] != n[1] || strcmp(digest[0], digest[1]) != 0) fail_msg("%s differs: %lld and %lld rows", table[i], (long long)n[0], (long long)n[1]);
  }
}

typedef enum Oddity { NONE, LONG_TEXT, DECIMALS, DAY_BEFORE, WIDE_TEXT } Oddity;

/* Some 9 MB; in the middle a line that pages cannot hold, or that comes before its day. */
static void write_lines(const char *name, Oddity odd) {
  FILE *f = fopen(path_of(name), "w");
  assert_non_null(f);
  fputs("account,order_no,line_no,day,quantity,revenue,cost\n", f);
  uint64_t seed = 7;
  for (int i = 0; i < 200000; i++) {
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    int day = i / 600, month = 1 + day / 28, at = 1 + day % 28;
    unsigned r = (unsigned)(seed >> 33);
    bool here = i == 120000;
    if (here && odd == DAY_BEFORE) month--;
    fprintf(f, "A%05u,%s%d,%d,2026-%02d-%02d,%u%s,%s%u.%02u,", r % 3000, r % 7 ? "no-" : "", i / 4, i % 4 + 1, month, at,
            r % 50, here && odd == DECIMALS ? ".25" : "", r % 11 ? "" : "-", r % 100003, r % 100);
    if (r % 13) fprintf(f, "%u.5", r % 1009);
    fputs("\n", f);
    if (here && (odd == LONG_TEXT || odd == WIDE_TEXT)) {
      fprintf(f, "A1,");
      for (int k = 0; k < (odd == LONG_TEXT ? 20000 : 900); k++) fputc('x', f);
      fprintf(f, ",,2026-%02d-%02d,,9000000000000.00,-70368744177665.00\n", month, at);
    }
  }
  fclose(f);
}

static void import_lines(Store *s, const char *name, bool commit) {
  static const char *const create[] = {"account", NULL};
  ImportSpec spec = {.file = {.path = path_of(name)}, .entity = "orders", .create = create, .asof = day_of(2026, 11, 1)};
  Import *im = NULL;
  Err e = {0};
  if (!import_open(s, &spec, &im, &e) || !import_stage(im, &e)) fail_msg("%s", e.what);
  assert_true(import_added(im, 1, &e));
  if (commit) assert_true(store_commit(s, &e));
  else store_rollback(s);
  import_close(im);
}

static void both_ways(Oddity odd) {
  write_lines("o.csv", odd);
  Store *pages = open_fresh("p.db"), *statements = open_fresh("s.db"), *other = NULL;
  Err e = {0};
  assert_true(store_open(path_of("s.db"), STORE_READ, &other, &e));
  assert_rows(other, "SELECT count(*) FROM orders", "0\n");
  import_lines(pages, "o.csv", true);
  import_lines(statements, "o.csv", true);
  assert_same(pages, statements);
  assert_rows(pages, "SELECT count(*) >= 200000, sum(day <> id / 10000000) FROM orders", "1|0\n");
  store_close(other);
  store_close(statements);
  store_close(pages);
}

static void lines_in_the_order_of_their_days(void **state) { (void)state; both_ways(NONE); }
static void a_text_longer_than_a_page(void **state) { (void)state; both_ways(LONG_TEXT); }
static void a_text_that_takes_much_of_one_and_large_figures(void **state) { (void)state; both_ways(WIDE_TEXT); }
static void a_decimal_where_numbers_were_whole(void **state) { (void)state; both_ways(DECIMALS); }
static void a_line_that_comes_before_its_day(void **state) { (void)state; both_ways(DAY_BEFORE); }

static bool sound(Store *s) {
  char *path = strdup(path_of("p.db"));
  (void)s;
  Buf command = {0};
  buf_printf(&command, "test \"$(sqlite3 '%s' 'PRAGMA integrity_check')\" = ok", path);
  bool ok = system(command.p) == 0;
  buf_free(&command);
  free(path);
  return ok;
}

static void the_file_is_sound_and_a_plan_that_is_dropped_leaves_nothing(void **state) {
  (void)state;
  write_lines("o.csv", NONE);
  Store *s = open_fresh("p.db");
  import_lines(s, "o.csv", false);
  assert_rows(s, "SELECT count(*) FROM orders", "0\n");
  assert_true(sound(s));
  import_lines(s, "o.csv", true);
  assert_rows(s, "SELECT count(*) FROM orders", "200000\n");
  assert_rows(s, "SELECT count(*) FROM orders WHERE id BETWEEN 202603010000000 AND 202603019999999", "600\n");
  assert_true(sound(s));
  import_lines(s, "o.csv", true); /* into lines that are there */
  assert_rows(s, "SELECT count(*) FROM orders", "400000\n");
  assert_true(sound(s));
  store_close(s);
}

static int make_folder(void **state) {
  (void)state;
  strcpy(folder, "/tmp/pareto-pages-test-XXXXXX");
  return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state) {
  (void)state;
  static const char *const name[] = {"o.csv", "p.db", "p.db-wal", "p.db-shm", "s.db", "s.db-wal", "s.db-shm"};
  for (size_t i = 0; i < sizeof name / sizeof *name; i++) unlink(path_of(name[i]));
  return rmdir(folder);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(lines_in_the_order_of_their_days),
    cmocka_unit_test(a_text_longer_than_a_page),
    cmocka_unit_test(a_text_that_takes_much_of_one_and_large_figures),
    cmocka_unit_test(a_decimal_where_numbers_were_whole),
    cmocka_unit_test(a_line_that_comes_before_its_day),
    cmocka_unit_test(the_file_is_sound_and_a_plan_that_is_dropped_leaves_nothing),
  };
  return cmocka_run_group_tests(tests, make_folder, remove_folder);
}

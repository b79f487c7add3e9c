#include "base/num.h"
#include "testing.h"
#include "ui/progress.h"
#include "ui/table.h"

#include <string.h>

static Arena A;
static Buf B;
static const FmtEnv env = {.currency_sign = "¥", .minor = 2, .null = "?"};

static const char *spark(const double *d, size_t n) {
  Val v[16];
  for (size_t i = 0; i < n; i++) v[i] = d[i] < -1e9 ? val_null() : val_real(d[i]);
  buf_clear(&B);
  buf_puts(&B, "");
  ui_spark(v, n, &B);
  return B.p;
}

static void a_spark_runs_from_least_to_most(void **state) {
  (void)state;
  const double none = -1e10;
  assert_string_equal(spark((double[]){0, 1, 2, 3, 4, 5, 6, 7}, 8), "▁▂▃▄▅▆▇█");
  assert_string_equal(spark((double[]){18, none, 72}, 3), "▁ █");
  assert_string_equal(spark((double[]){-5, 5}, 2), "▁█");
  assert_string_equal(spark((double[]){0, 0}, 2), "▁▁");
  assert_string_equal(spark((double[]){3, 3}, 2), "▅▅");
  assert_string_equal(spark((double[]){none}, 1), " ");
  assert_string_equal(spark(NULL, 0), "");
}

static const char *bar(double part, int width) {
  buf_clear(&B);
  buf_puts(&B, "");
  ui_bar(part, width, &B);
  return B.p;
}

static void a_bar_is_as_long_as_its_part(void **state) {
  (void)state;
  assert_string_equal(bar(0.5, 9), "████▌");
  assert_string_equal(bar(1, 3), "███");
  assert_string_equal(bar(7, 3), "███");
  assert_string_equal(bar(0, 3), "");
  assert_string_equal(bar(-1, 3), "");
  assert_string_equal(bar(0.0 / 0.0, 3), "");
  assert_string_equal(bar(1.0 / 16, 4), "▎");
}

static const char *lorenz(const Val *v, size_t n) {
  buf_clear(&B);
  ui_lorenz(v, n, 10, 3, &B);
  return B.p;
}

static void a_lorenz_curve_says_what_it_shows(void **state) {
  (void)state;
  Val v[11];
  for (int i = 0; i < 10; i++) v[i] = val_int(i == 4 ? 91 : 1);
  v[10] = val_null();
  assert_string_equal(lorenz(v, 11), "100 % ┤▆▆▆▇▇▇▇███   the first 20 % hold 92.0 %\n"
                                     " 67 % ┤██████████   80 % is carried by 1 of 10 (10.0 %) · Gini 0.810\n"
                                     "    0 ┼██████████   the largest alone: 91.0 % · 1 unknown left out\n");
}

static void equal_shares_are_a_straight_line(void **state) {
  (void)state;
  Val v[10];
  for (int i = 0; i < 10; i++) v[i] = val_int(5);
  const char *out = lorenz(v, 10);
  assert_non_null(strstr(out, "the first 20 % hold 20.0 %"));
  assert_non_null(strstr(out, "80 % is carried by 8 of 10 (80.0 %) · Gini 0.000"));
}

static void shares_of_nothing_are_refused_in_words(void **state) {
  (void)state;
  Val zero[] = {val_int(0), val_null()}, loss[] = {val_int(5), val_int(-6)};
  assert_string_equal(lorenz(zero, 2), "no shares: the total is not positive\n");
  assert_string_equal(lorenz(loss, 2), "no shares: the total is not positive\n");
  assert_string_equal(lorenz(zero + 1, 1), "no shares: no value is known\n");
  Val mixed[] = {val_int(10), val_int(-1)};
  assert_null(strstr(lorenz(mixed, 2), "Gini")); /* not defined with losses */
}

static void a_matrix_marks_what_is_large(void **state) {
  (void)state;
  static const UiColumn col[] = {{{"r \\ f", 5}, UNIT_NONE, {FMT_AUTO, -1}},
                                 {{"1", 1}, UNIT_NONE, {FMT_AUTO, -1}},
                                 {{"重点", 6}, UNIT_NONE, {FMT_AUTO, -1}}};
  Val cell[] = {val_text(STR("1")), val_int(1204), val_null(), val_text(STR("二")), val_int(0), val_int(301)};
  UiTable t = {.title = STR("money"), .ncol = 3, .nrow = 2, .col = col, .cell = cell};
  UiStyle style = {.env = &env};
  buf_clear(&B);
  ui_matrix(&t, &style, &B);
  assert_string_equal(B.p, "money\n"
                           "  r \\ f      1     重点\n"
                           "  1      1,204 █      –\n"
                           "  二         0      301 ▂\n");
}

static const char *progress(Progress p, double seconds, int width) {
  buf_clear(&B);
  progress_line(&p, seconds, width, &B);
  return B.p;
}

static void progress_says_how_much_is_left(void **state) {
  (void)state;
  Progress p = {.what = "reading orders.csv", .unit = "rows", .total = 541909, .done = 216763};
  assert_string_equal(progress(p, 2, 100),
                      "reading orders.csv  39 %  216,763 of 541,909 rows  108,382/s  3 s left");
  p.total = 0;
  assert_string_equal(progress(p, 2, 100), "reading orders.csv  216,763 rows  108,382/s");
  p.done = 0;
  assert_string_equal(progress(p, 2, 100), "reading orders.csv  0 rows");
  assert_string_equal(progress(p, 2, 10), "reading o…");
  Progress b = {.what = "copying", .unit = "B", .total = 400000000, .done = 1000000};
  assert_string_equal(progress(b, 2, 100), "copying  0 %  1.0 of 400.0 MB  0.5 MB/s  13 min 18 s left");
  Progress evil = {.what = "a\033[2Jb", .unit = "rows"};
  assert_string_equal(progress(evil, 2, 100), "a\\x1b[2Jb  0 rows");
}

static int free_all(void **state) {
  (void)state;
  arena_free(&A);
  buf_free(&B);
  return 0;
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_spark_runs_from_least_to_most),
      cmocka_unit_test(a_bar_is_as_long_as_its_part),
      cmocka_unit_test(a_lorenz_curve_says_what_it_shows),
      cmocka_unit_test(equal_shares_are_a_straight_line),
      cmocka_unit_test(shares_of_nothing_are_refused_in_words),
      cmocka_unit_test(a_matrix_marks_what_is_large),
      cmocka_unit_test(progress_says_how_much_is_left),
  };
  return cmocka_run_group_tests(tests, NULL, free_all);
}

#include "base/num.h"
#include "testing.h"
#include "ui/histogram.h"

#include <stdio.h>
#include <string.h>

static Buf B;
static const FmtEnv env = {.currency_sign = "¥", .minor = 2, .null = "?"};

static const char *shown(const Val *v, size_t n, Unit unit, int width) {
  buf_clear(&B);
  ui_histogram(&(Histogram){.v = v, .n = n, .unit = unit, .fmt = FMT_NONE, .env = &env, .width = width}, &B);
  return B.p;
}

static void values_are_counted_in_classes_of_equal_width(void **state) {
  (void)state;
  Val v[] = {val_int(1), val_int(2), val_int(2), val_int(39), val_int(40), val_null(), val_dec(155, -1)};
  assert_string_equal(shown(v, 7, UNIT_NONE, 40), "    0 … 5  ███████████████████ 3\n"
                                                  "   5 … 10  0\n"
                                                  "  10 … 15  0\n"
                                                  "  15 … 20  ██████▍ 1\n"
                                                  "  20 … 25  0\n"
                                                  "  25 … 30  0\n"
                                                  "  30 … 35  0\n"
                                                  "  35 … 40  ████████████▋ 2\n"
                                                  "  6 values · 1 unknown left out\n");
}

static void figures_are_in_their_unit(void **state) {
  (void)state;
  Val v[] = {val_dec(5, -2), val_dec(15, -2)};
  assert_non_null(strstr(shown(v, 2, UNIT_PERCENT, 60), "5 % … 6 %"));
}

static void whole_numbers_have_classes_of_whole_width(void **state) {
  (void)state;
  Val v[] = {val_int(0), val_int(2), val_int(2), val_int(3)};
  assert_string_equal(shown(v, 4, UNIT_NONE, 32), "  0 … 1  ████▍ 1\n"
                                                  "  1 … 2  0\n"
                                                  "  2 … 3  █████████████ 3\n"
                                                  "  4 values\n");
}

static void one_value_and_none_are_said_too(void **state) {
  (void)state;
  Val v[] = {val_int(7), val_null()};
  assert_non_null(strstr(shown(v, 1, UNIT_NONE, 60), "  1 value\n"));
  assert_string_equal(shown(v + 1, 1, UNIT_NONE, 60), "no value is known\n");
  assert_string_equal(shown(v, 0, UNIT_NONE, 60), "no value is known\n");
}

/* Nobody is lost, whatever the spread, and there are never more than a dozen classes. */
static void every_value_is_in_one_class(void **state) {
  (void)state;
  uint64_t dice = 5;
  for (int round = 0; round < 300; round++) {
    Val v[50];
    size_t n = 1 + (size_t)(round % 50);
    for (size_t i = 0; i < n; i++) {
      dice = dice * 6364136223846793005u + 1442695040888963407u;
      v[i] = val_dec((int64_t)(dice >> 40) - (round % 3 ? 0 : 8388608), round % 25 - 12);
    }
    const char *line = shown(v, n, UNIT_NONE, 60);
    size_t sum = 0, lines = 0, one;
    for (const char *end; (end = strchr(line, '\n')) && strstr(line, " … ") && strstr(line, " … ") < end; line = end + 1, lines++) {
      const char *last = end;
      while (last[-1] >= '0' && last[-1] <= '9') last--;
      assert_int_equal(sscanf(last, "%zu", &one), 1);
      sum += one;
    }
    assert_int_equal(sum, n);
    assert_true(lines >= 1 && lines <= 12);
  }
}

static int free_all(void **state) {
  (void)state;
  buf_free(&B);
  return 0;
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(values_are_counted_in_classes_of_equal_width),
      cmocka_unit_test(figures_are_in_their_unit),
      cmocka_unit_test(whole_numbers_have_classes_of_whole_width),
      cmocka_unit_test(one_value_and_none_are_said_too),
      cmocka_unit_test(every_value_is_in_one_class),
  };
  return cmocka_run_group_tests(tests, NULL, free_all);
}

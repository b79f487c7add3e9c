#include "testing.h"

#include "base/num.h"
#include "store/import_cell.h"
#include "store/import_judge.h"
#include "store/import_names.h"
#include "store/import_shape.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* --- numbers ------------------------------------------------------------------ */

static void a_number_in_a_column_that_wants_one_is_read_as_people_write_it(void **state) {
  (void)state;
  static const struct { const char *cell; char decimal; const char *is;
  } cases[] = {
      {"12", '.', "12"},
      {"-3.50", '.', "-3.5"},
      {"007", '.', "7"},
      {"+5", '.', "5"},
      {".5", '.', "0.5"},
      {"1,234.50", '.', "1234.5"},
      {"1.234,50", ',', "1234.5"},
      {"3,5", ',', "3.5"},
      {"¥1,200", '.', "1200"},
      {"￥ 12.5", '.', "12.5"},
      {"15%", '.', "0.15"},
      {"12.5 %", '.', "0.125"},
      {"1.5E-05", '.', "0.000015"},
      {"123456789012345678901234567890", '.', "123456789012345678901234567890"},
      {"12a", '.', NULL},
      {"1,23", '.', NULL},
      {"", '.', NULL},
      {"-", '.', NULL},
      {"1.2.3", '.', NULL},
      {"1,2345", '.', NULL},
      {"2026-01-31", '.', NULL},
      {"--5", '.', NULL},
      {"五", '.', NULL},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    Arena a = {0};
    Val v;
    bool ok = cell_number(str_of(cases[i].cell), cases[i].decimal, &a, &v);
    if (ok != (cases[i].is != NULL)) fail_msg("%s", cases[i].cell);
    Buf b = {0};
    if (ok) {
      num_print(v, &b);
      assert_string_equal(b.p, cases[i].is);
    }
    buf_free(&b);
    arena_free(&a);
  }
}

static void what_only_looks_like_a_number_stays_text(void **state) {
  (void)state;
  static const char *const number[] = {"0",       "12",  "-1.50", "0.001", "1,234", "123456789012345",
                                       "1.5E+06", "2e-3"};
  static const char *const text[] = {
      "007", "00",  "+8613800138000", "1234567890123456", "12E34", "1 2", "", "-", "1.", "12,34", "0x1F", "∞",
      "NaN", "-007"};
  for (size_t i = 0; i < sizeof number / sizeof *number; i++)
    if (!cell_looks_number(str_of(number[i]), '.')) fail_msg("%s is a number", number[i]);
  for (size_t i = 0; i < sizeof text / sizeof *text; i++)
    if (cell_looks_number(str_of(text[i]), '.')) fail_msg("%s is text", text[i]);
}

static void any_bytes_are_a_number_or_not_but_never_more(void **state) {
  (void)state;
  static const char alphabet[] = "0123456789.,-+eE% ¥";
  uint64_t seed = 3;
  for (int round = 0; round < 50000; round++) {
    char text[40];
    size_t n = (size_t)(round % 40);
    for (size_t i = 0; i < n; i++) {
      seed = seed * 6364136223846793005u + 1442695040888963407u;
      text[i] = alphabet[(seed >> 33) % (sizeof alphabet - 1)];
    }
    Arena a = {0};
    Val v;
    Str cell = {text, n};
    /* what is judged a number is read as one */
    if (cell_looks_number(cell, '.')) assert_true(cell_number(cell, '.', &a, &v));
    else cell_number(cell, '.', &a, &v);
    arena_free(&a);
  }
}

/* --- dates -------------------------------------------------------------------- */

static void a_date_is_read_in_the_order_that_was_said(void **state) {
  (void)state;
  static const struct { const char *cell, *pattern, *is;
  } cases[] = {
      {"2026-01-31", "y-m-d", "2026-01-31"},
      {"2026/1/5", "y-m-d", "2026-01-05"},
      {"2026年1月5日", "y年m月d日", "2026-01-05"},
      {"2010-12-01 08:26:00", "y-m-d", "2010-12-01"},
      {"1996-07-04 00:00:00.000", "y-m-d", "1996-07-04"},
      {"2026-01-31T23:59:59Z", "y-m-d", "2026-01-31"},
      {"2026-01-31T23:59:59+08:00", "y-m-d", "2026-01-31"},
      {"10/20/2016", "m/d/y", "2016-10-20"},
      {"3/1/2017", "m/d/y", "2017-03-01"},
      {"3/1/17", "m/d/y", "2017-03-01"},
      {"3/1/2017 5:07 PM", "m/d/y", "2017-03-01"},
      {"20.10.2016", "d.m.y", "2016-10-20"},
      {"1.2.69", "d.m.yy", "2069-02-01"},
      {"1.2.70", "d.m.yy", "1970-02-01"},
      {"20260131", "yyyymmdd", "2026-01-31"},
      {"31012026", "ddmmyyyy", "2026-01-31"},
      {"20/10/2016", "m/d/y", "unreal"},
      {"2026-02-30", "y-m-d", "unreal"},
      {"2025-02-29", "y-m-d", "unreal"},
      {"20260230", "yyyymmdd", "unreal"},
      {"2026-01-31x", "y-m-d", NULL},
      {"2026-01", "y-m-d", NULL},
      {"10/20/2016", "y-m-d", NULL},
      {"26-1-31", "y-m-d", NULL},
      {"12", "y-m-d", NULL},
      {"2026-01/31", "y-m-d", NULL},
      {"2026-01-31 25:00", "y-m-d", NULL},
      {"", "y-m-d", NULL},
      {"yesterday", "y-m-d", NULL},
      {"2026013", "yyyymmdd", NULL},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    Err e = {0};
    unsigned dates;
    assert_true(cell_dates_parse(str_of(cases[i].pattern), &dates, &e));
    Day day = 0;
    CellDate got = cell_date(str_of(cases[i].cell), dates, &day);
    Buf b = {0};
    if (got == CELL_DAY) day_print(day, &b);
    else if (got == CELL_UNREAL) buf_puts(&b, "unreal");
    const char *text = b.p ? b.p : "no date", *want = cases[i].is ? cases[i].is : "no date";
    if (strcmp(text, want)) fail_msg("%s as %s: %s, not %s", cases[i].cell, cases[i].pattern, text, want);
    buf_free(&b);
  }
}

static void a_day_that_does_not_exist_is_named(void **state) {
  (void)state;
  Buf b = {0};
  cell_date_unreal(STR("2026-02-30"), DATES_YMD, &b);
  assert_string_equal(b.p, "30 February");
  buf_clear(&b);
  cell_date_unreal(STR("20/10/2016"), DATES_MDY, &b);
  assert_string_equal(b.p, "month 20");
  buf_free(&b);
}

static void a_date_pattern_names_day_month_and_year_once(void **state) {
  (void)state;
  static const char *const bad[] = {"", "m/d", "y-m-d-y", "ymd", "dmy/", "x", "yyyymm", "y/d/m"};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    Err e = {0};
    unsigned dates;
    if (cell_dates_parse(str_of(bad[i]), &dates, &e)) fail_msg("%s", bad[i]);
    assert_int_equal(e.kind, ERR_USAGE);
    err_free(&e);
  }
}

static void yes_and_no_have_many_names(void **state) {
  (void)state;
  bool yes;
  assert_true(cell_bool(STR("Yes"), &yes) && yes);
  assert_true(cell_bool(STR("否"), &yes) && !yes);
  assert_false(cell_bool(STR("maybe"), &yes));
}

/* --- columns ------------------------------------------------------------------ */

typedef struct Judgement { const char *cells[8]; const char *is; } Judgement;

static void judge_one(const Judgement *c, const char *dates, char *out, size_t cap) {
  Buf text = {0}, b = {0};
  for (size_t i = 0; i < 8 && c->cells[i]; i++) {
    CsvShape shape = {.sep = {",", 1}, .quote = '"'};
    csv_put(&shape, str_of(c->cells[i]), &text);
    buf_puts(&text, ",x\n");
  }
  Judge j = {.decimal = '.', .nulls = {.judged = true}};
  Err e = {0};
  if (dates) assert_true(cell_dates_parse(str_of(dates), &j.dates, &e));
  judge_start(&j, 2);
  CsvRows rows = {0};
  CsvPlace place = {1};
  size_t used;
  CsvShape shape = {.sep = {",", 1}, .quote = '"'};
  assert_true(csv_scan(&shape, buf_view(&text), true, SIZE_MAX, &place, &rows, &used, &e));
  judge_rows(&j, &rows);
  judge_end(&j);
  judged_describe(&j.column[0], &b);
  if (j.column[0].kind == JUDGED_DATE) buf_printf(&b, " %s", cell_dates_name(j.column[0].dates));
  strncpy(out, b.p, cap - 1);
  buf_free(&b);
  buf_free(&text);
  csv_free(&rows);
  judge_free(&j);
}

static void a_column_is_what_all_of_its_cells_are(void **state) {
  (void)state;
  static const Judgement cases[] = {
      {{"1", "2.5", "", "-3"}, "number"},
      {{"1", "2.5", "NULL"}, "number"},
      {{"", "NULL"}, "empty"},
      {{"17850", "0123"}, "text (numbers, until line 2 says '0123')"},
      {{"536365", "C536379", "1"}, "text (numbers, until line 2 says 'C536379')"},
      {{"8613800138000", "+8613800138000"}, "text (numbers, until line 2 says '+8613800138000')"},
      {{"110101199003077475", "1"}, "text"},
      {{"2026-01-31", "2026-02-30"}, "date y-m-d"},
      {{"2026-01-31", "soon"}, "text (dates, until line 2 says 'soon')"},
      {{"10/20/2016", "3/1/2017"}, "date m/d/y"},
      {{"20/10/2016", "3/1/2017"}, "date d/m/y"},
      {{"1/2/2017", "3/1/2017"},
       "text (dates, but day and month could be exchanged: say --dates m/d/y or d/m/y)"},
      {{"10/20/2016", "20/10/2016"}, "text (dates, until line 2 says '20/10/2016')"},
      {{"abc"}, "text"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char got[200] = "";
    judge_one(&cases[i], NULL, got, sizeof got);
    assert_string_equal(got, cases[i].is);
  }
  char got[200] = "";
  judge_one(&(Judgement){{"1/2/2017", "3/1/2017"}, ""}, "d/m/y", got, sizeof got);
  assert_string_equal(got, "date d/m/y");
  judge_one(&(Judgement){{"20170102", "20170103"}, ""}, "yyyymmdd", got, sizeof got);
  assert_string_equal(got, "date yyyymmdd");
  judge_one(&(Judgement){{"20170102", "7"}, ""}, "yyyymmdd", got, sizeof got);
  assert_string_equal(got, "number");
}

static void the_words_for_null_can_be_said(void **state) {
  (void)state;
  static const char *const words[] = {"N/A", "-", NULL};
  NullWords given = {.word = words, .n = 2}, judged = {.judged = true};
  assert_true(cell_is_null(&given, STR("N/A")));
  assert_true(cell_is_null(&given, STR("")));
  assert_false(cell_is_null(&given, STR("NULL")));
  assert_true(cell_is_null(&judged, STR("NULL")));
  assert_false(cell_is_null(&judged, STR("null")));
}

static void columns_are_known_by_the_names_the_world_has_for_them(void **state) {
  (void)state;
  const CatEntity *orders = catalog_entity(STR("orders")), *account = catalog_entity(STR("account"));
  assert_int_equal(import_name_fits(orders, "account", STR("Account")), 2);
  assert_int_equal(import_name_fits(orders, "order_no", STR("Order No")), 2);
  assert_int_equal(import_name_fits(orders, "account", STR("客户编码")), 1);
  assert_int_equal(import_name_fits(orders, "account", STR("CustomerID")), 1);
  assert_int_equal(import_name_fits(orders, "revenue", STR("金额")), 1);
  assert_int_equal(import_name_fits(account, "name", STR("客户名称")), 1);
  assert_int_equal(import_name_fits(account, "industry", STR("行业")), 1);
  assert_int_equal(import_name_fits(orders, "day", STR("Country")), 0);
}

/* --- bytes --------------------------------------------------------------------- */

static void broken_utf8_is_found_at_its_byte(void **state) {
  (void)state;
  static const struct { const char *text; size_t n; long bad; } cases[] = {
    {"plain ascii text", 16, -1}, {"12345678客户\n", 15, -1}, {"\xF0\x9F\x98\x80", 4, -1},
    {"abc\x92xyz", 7, 3}, {"12345678\xC0\x80", 10, 8}, {"\xED\xA0\x80", 3, 0}, {"a\0bcdefghi", 10, 1},
    {"abcdefgh\xE5\xAE", 10, 8}, {"\xF4\x90\x80\x80", 4, 0}, {"\xE0\x80\x80", 3, 0},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    size_t bad = 0;
    bool ok = shape_utf8((Str){cases[i].text, cases[i].n}, &bad);
    assert_int_equal(ok, cases[i].bad < 0);
    if (!ok) assert_int_equal(bad, cases[i].bad);
  }
}

static void a_heading_holds_no_numbers(void **state) {
  (void)state;
  assert_true(shape_is_data(STR("12.5")));
  assert_true(shape_is_data(STR("2026-01-31")));
  assert_false(shape_is_data(STR("Order ID")));
  assert_false(shape_is_data(STR("")));
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_number_in_a_column_that_wants_one_is_read_as_people_write_it),
    cmocka_unit_test(what_only_looks_like_a_number_stays_text),
    cmocka_unit_test(any_bytes_are_a_number_or_not_but_never_more),
    cmocka_unit_test(a_date_is_read_in_the_order_that_was_said),
    cmocka_unit_test(a_day_that_does_not_exist_is_named),
    cmocka_unit_test(a_date_pattern_names_day_month_and_year_once),
    cmocka_unit_test(yes_and_no_have_many_names),
    cmocka_unit_test(a_column_is_what_all_of_its_cells_are),
    cmocka_unit_test(the_words_for_null_can_be_said),
    cmocka_unit_test(columns_are_known_by_the_names_the_world_has_for_them),
    cmocka_unit_test(broken_utf8_is_found_at_its_byte),
    cmocka_unit_test(a_heading_holds_no_numbers),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

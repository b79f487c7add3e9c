#include "ui/packed.h"
#include "ui/report.h"
#include "base/num.h"
#include "testing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const FmtEnv env = {.currency_sign = "¥", .minor = 2, .null = "?"};
static const UiStyle style = {.env = &env};
static const UiColumn col[] = {{{"name", 4}, UNIT_NONE, {FMT_AUTO, -1}},
                               {{"earned", 6}, UNIT_MONEY, {FMT_WAN, -1}}};

static Report small(void) {
  Report r = {0};
  Val *cell;
  ReportItem *item = report_table(&r, STR("Types"), col, 2, 2, &cell);
  item->table.foot = STR("2 accounts");
  cell[0] = val_text(STR("P1"));
  cell[1] = val_int(482135000);
  cell[2] = val_text(STR("=P2"));
  report_note(&r, STR("Cut by quantile;\n<equal> values share."));
  ReportItem *chart = report_add(&r, ITEM_CHART);
  chart->title = STR("curve");
  chart->text = STR("▁▂▃\n```\n");
  return r;
}

static const char *printed(const Report *r, UiFormat f) {
  static Buf b;
  buf_clear(&b);
  report_print(r, f, &style, &b);
  return b.p;
}

static void a_report_reads_top_to_bottom(void **state) {
  (void)state;
  Report r = small();
  assert_string_equal(printed(&r, UI_TABLE),
                      "Types\n  name  earned, 万\n  P1      48,213.5\n  =P2            –\n2 accounts\n"
                      "\nCut by quantile;\n<equal> values share.\n"
                      "\ncurve\n▁▂▃\n```\n");
  report_free(&r);
}

static void programs_get_the_tables_only(void **state) {
  (void)state;
  Report r = small();
  assert_string_equal(printed(&r, UI_CSV), "name,earned\nP1,482135000\n=P2,\n");
  assert_string_equal(printed(&r, UI_JSONL),
                      "{\"name\": \"P1\", \"earned\": 482135000}\n{\"name\": \"=P2\", \"earned\": null}\n");
  Val *cell;
  report_table(&r, STR("More"), col, 1, 1, &cell);
  assert_string_equal(printed(&r, UI_TSV), "name\tearned\nP1\t482135000\n=P2\t\n\nname\n\n");
  assert_string_equal(printed(&r, UI_JSONL),
                      "{\"table\": \"Types\", \"name\": \"P1\", \"earned\": 482135000}\n"
                      "{\"table\": \"Types\", \"name\": \"=P2\", \"earned\": null}\n"
                      "{\"table\": \"More\", \"name\": null}\n");
  report_free(&r);
}

static void json_of_one_table_is_its_rows(void **state) {
  (void)state;
  Report r = small();
  assert_string_equal(printed(&r, UI_JSON),
                      "[\n{\"title\": \"Types\", \"rows\": [\n  {\"name\": \"P1\", \"earned\": 482135000},\n"
                      "  {\"name\": \"=P2\", \"earned\": null}\n], \"foot\": \"2 accounts\"},\n"
                      "{\"title\": \"\", \"note\": \"Cut by quantile;\\n<equal> values share.\"},\n"
                      "{\"title\": \"curve\", \"chart\": \"▁▂▃\\n```\\n\"}\n]\n");
  r.n = 1;
  assert_string_equal(
      printed(&r, UI_JSON),
      "[\n  {\"name\": \"P1\", \"earned\": 482135000},\n  {\"name\": \"=P2\", \"earned\": null}\n]\n");
  r.n = 0;
  assert_string_equal(printed(&r, UI_JSON), "[]\n");
  report_free(&r);
}

static void markup_holds_all_items_escaped(void **state) {
  (void)state;
  Report r = small();
  assert_string_equal(printed(&r, UI_MD),
                      "## Types\n\n| name | earned, 万 |\n| --- | ---: |\n| P1 | 48,213.5 |\n| =P2 | – |\n"
                      "\n2 accounts\n\nCut by quantile;<br>&lt;equal> values share.\n"
                      "\n## curve\n\n    ▁▂▃\n    ```\n");
  const char *html = printed(&r, UI_HTML);
  assert_ptr_equal(strstr(html, "<!DOCTYPE html>\n<html"), html);
  assert_non_null(strstr(html, "<title>Types</title>"));
  assert_non_null(strstr(html, "&lt;equal&gt; values"));
  assert_non_null(strstr(html, "<pre>▁▂▃\n```\n</pre>"));
  assert_null(strstr(html, "http"));
  assert_non_null(strstr(html, "</body>\n</html>\n"));
  report_free(&r);
}

static void titles_of_columns_are_the_reports_own(void **state) {
  (void)state;
  Report r = {0};
  char title[] = "gone";
  UiColumn mine = {.title = str_of(title)};
  Val *cell;
  report_table(&r, str_of(title), &mine, 1, 1, &cell);
  memset(title, 'x', 4);
  assert_int_equal(cell[0].t, V_NULL);
  assert_string_equal(printed(&r, UI_TABLE), "gone\n  gone\n  –\n");
  report_free(&r);
}

/* One value of every kind. */
static Report every_kind(void) {
  Report r = small();
  Arena *a = &r.arena;
  Val *cell;
  report_table(&r, STR("all"), col, 1, 18, &cell);
  Val *pair = arena_alloc(a, 2 * sizeof *pair);
  pair[0] = val_int(1);
  pair[1] = val_text(STR("x"));
  ValEntry *entry = arena_alloc(a, sizeof *entry);
  *entry = (ValEntry){STR("key"), val_list(pair, 2)};
  ValContext *ctx = arena_alloc(a, sizeof *ctx);
  *ctx = (ValContext){1, entry};
  ValClock *clock = arena_alloc(a, sizeof *clock);
  *clock = (ValClock){.days = 20000, .nanos = 1, .offset = VAL_NO_ZONE, .zone = STR("Asia/Shanghai")};
  cell[1] = val_bool(true);
  cell[2] = val_dec(-1234, -2);
  cell[3] = num_div(val_int(1), val_int(3), a);
  cell[4] = val_real(0.1);
  cell[5] = val_text(STR("北\0京"));
  cell[6] = val_date(day_of(2026, 11, 1));
  cell[7] = (Val){.t = V_TIME, .u.p = clock};
  cell[8] = (Val){.t = V_DATETIME, .u.p = clock};
  cell[9] = val_days(-4);
  cell[10] = val_months(12);
  cell[11] = val_never();
  cell[12] = (Val){.t = V_WINDOW, .u.i = 77};
  cell[13] = val_list(pair, 2);
  cell[14] = (Val){.t = V_RANGE, .e = VAL_RANGE_LOW_IN, .u.v = pair};
  cell[15] = (Val){.t = V_CONTEXT, .u.p = ctx};
  cell[16] = val_row(3, 42);
  cell[17] = val_list(NULL, 0);
  return r;
}

static void decoding_undoes_encoding(void **state) {
  (void)state;
  Report r = every_kind(), back = {0};
  Buf one = {0}, two = {0};
  Err e = {0};
  report_encode(&r, &one);
  assert_true(report_decode(buf_view(&one), &back, &e));
  report_encode(&back, &two);
  assert_true(str_eq(buf_view(&one), buf_view(&two)));
  const UiTable *x = &r.item[3].table, *y = &back.item[3].table;
  for (size_t i = 0; i < 18; i++) assert_int_equal(val_order(x->cell[i], y->cell[i]), 0);
  Buf shown = {0};
  report_print(&r, UI_TABLE, &style, &shown);
  assert_string_equal(printed(&back, UI_TABLE), shown.p);
  buf_free(&shown);
  buf_free(&one);
  buf_free(&two);
  report_free(&r);
  report_free(&back);
}

/* Four columns of three rows: one type with and without what is unknown, texts, and a mixture. */
static Report in_columns(void) {
  static const UiColumn four[] = {{{"a", 1}, UNIT_MONEY, FMT_NONE}, {{"b", 1}, UNIT_NONE, FMT_NONE},
                                 {{"c", 1}, UNIT_NONE, FMT_NONE},  {{"d", 1}, UNIT_NONE, FMT_NONE}};
  Report r = {0};
  Val *cell;
  report_table(&r, STR("t"), four, 4, 3, &cell);
  cell[0] = val_dec(-1234, -2), cell[8] = val_dec(5, -2);
  cell[1] = val_real(0.5), cell[5] = val_real(-1e300), cell[9] = val_real(0);
  cell[2] = val_text(STR("北")), cell[10] = val_text(STR(""));
  cell[3] = val_int(7), cell[7] = num_div(val_int(1), val_int(3), &r.arena), cell[11] = val_dec(7, -1);
  return r;
}

static void columns_come_back_as_they_were(void **state) {
  (void)state;
  Report r = in_columns(), back;
  Buf b = {0};
  Err e = {0};
  report_encode(&r, &b);
  assert_true(report_decode(buf_view(&b), &back, &e));
  const Val *x = r.item[0].table.cell, *y = back.item[0].table.cell;
  for (size_t i = 0; i < 12; i++) {
    assert_int_equal(x[i].t, y[i].t);
    assert_int_equal(x[i].e, y[i].e);
    assert_int_equal(val_order(x[i], y[i]), 0);
  }
  for (size_t n = 0; n < b.n; n++) {
    char *cut = mem_strndup(b.p, n);
    assert_false(report_decode((Str){cut, n}, &(Report){0}, &e));
    err_free(&e);
    mem_free(cut);
  }
  buf_free(&b);
  report_free(&r);
  report_free(&back);
}

/* Seven columns of 5,000 rows, every kind of part among them. */
static Report long_table(void) {
  enum { COLS = 7, LINES = 5000 };
  UiColumn seven[COLS] = {0};
  static const char name[COLS][2] = {"a", "b", "c", "d", "e", "f", "g"};
  for (size_t j = 0; j < COLS; j++) seven[j].title = (Str){name[j], 1};
  Report r = {0};
  Val *cell;
  report_table(&r, STR("t"), seven, COLS, LINES, &cell);
  for (int64_t i = 0; i < LINES; i++, cell += COLS) {
    cell[0] = val_text((Str){arena_printf(&r.arena, "C%05d", (int)i), 6});
    cell[1] = val_dec(i * 7 - 999, -2);
    if (i % 3) cell[2] = val_int(i);
    cell[3] = num_div(val_int(i), val_int(7), &r.arena);
    if (i % 1000 < 900) cell[4] = val_real((double)i / 3);
    cell[5] = i < 2000 ? val_bool(i % 2) : val_never();
    if (i > 4900) cell[6] = val_text(i % 2 ? STR("") : STR("a,b"));
  }
  return r;
}

static void same_text(const Report *x, const Report *y, UiFormat f) {
  Buf one = {0};
  report_print(x, f, &style, &one);
  if (strcmp(one.p, printed(y, f)) != 0) fail_msg("format %d differs", (int)f);
  buf_free(&one);
}

static void a_long_table_stays_in_its_bytes_and_prints_the_same(void **state) {
  (void)state;
  Report r = long_table(), back;
  Buf b = {0}, again = {0};
  Err e = {0};
  report_encode(&r, &b);
  assert_true(report_decode_in_place(buf_view(&b), &back, &e));
  assert_non_null(back.item[0].table.packed);
  const UiFormat all[] = {UI_CSV, UI_TSV, UI_JSON, UI_TABLE};
  for (size_t i = 0; i < 4; i++) same_text(&r, &back, all[i]);
  report_encode(&back, &again);
  assert_true(str_eq(buf_view(&b), buf_view(&again)));
  const size_t cut[] = {4999, 2561, 2560, 511, 1, 0}; /* the first rows alone */
  for (size_t i = 0; i < sizeof cut / sizeof *cut; i++) {
    r.item[0].table.nrow = back.item[0].table.nrow = cut[i];
    same_text(&r, &back, UI_CSV);
    same_text(&r, &back, UI_JSONL);
    Report third = {0};
    Buf apart = {0};
    report_encode(&back, &apart);
    assert_true(report_decode(buf_view(&apart), &third, &e));
    same_text(&r, &third, UI_CSV);
    report_free(&third);
    buf_free(&apart);
  }
  buf_free(&b);
  buf_free(&again);
  report_free(&r);
  report_free(&back);
}

static void plain_columns_are_written_as_their_values_are(void **state) {
  (void)state;
  int64_t i[PACKED_ROWS];
  Val v[PACKED_ROWS];
  for (int64_t k = 0; k < PACKED_ROWS; k++) i[k] = k * 977 - 40000, v[k] = val_dec(i[k], -2);
  Buf one = {0}, two = {0};
  packed_put(&one, v, PACKED_ROWS);
  packed_put_plain(&two, val_dec(0, -2), i, PACKED_ROWS);
  assert_true(str_eq(buf_view(&one), buf_view(&two)));
  buf_free(&one);
  buf_free(&two);
}

static void a_damaged_long_table_is_refused_or_prints(void **state) {
  (void)state;
  Report r = long_table();
  Buf b = {0};
  report_encode(&r, &b);
  uint64_t seed = 11;
  for (int i = 0; i < 300; i++) {
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    size_t n = i % 3 ? b.n : (seed >> 20) % b.n;
    char *bad = mem_strndup(b.p, n);
    if (n) bad[(seed >> 33) % n] = (char)(seed >> 24);
    Report back;
    Err e = {0};
    if (report_decode_in_place((Str){bad, n}, &back, &e)) {
      assert_non_null(printed(&back, UI_CSV));
      report_free(&back);
    } else {
      assert_string_equal(e.what, "the report is damaged or of another version");
    }
    err_free(&e);
    mem_free(bad);
  }
  buf_free(&b);
  report_free(&r);
}

static void word(Buf *b, uint64_t n) {
  for (int i = 0; i < 8; i++) buf_char(b, (char)(n >> 8 * i));
}

/* As runs recorded before tables were written by columns have it. */
static void records_by_rows_are_read(void **state) {
  (void)state;
  Buf b = {0};
  buf_puts(&b, "ProtRep1");
  word(&b, 1);           /* one item: a table, without title and text, twice */
  for (int i = 0; i < 5; i++) word(&b, 0);
  word(&b, 1), word(&b, 2);
  word(&b, 1), buf_char(&b, 'x'), word(&b, 0), word(&b, 0), word(&b, 0);
  buf_char(&b, V_NUM), buf_char(&b, -2), word(&b, 150);
  buf_char(&b, V_TEXT), buf_char(&b, 0), word(&b, 2), buf_puts(&b, "hi");
  Report back;
  Err e = {0};
  assert_true(report_decode(buf_view(&b), &back, &e));
  assert_int_equal(back.item[0].table.nrow, 2);
  assert_int_equal(val_order(back.item[0].table.cell[0], val_dec(15, -1)), 0);
  assert_true(str_is(val_str(back.item[0].table.cell[1]), "hi"));
  report_free(&back);
  buf_free(&b);
}

static void every_truncation_is_refused(void **state) {
  (void)state;
  Report r = every_kind();
  Buf b = {0};
  report_encode(&r, &b);
  for (size_t n = 0; n < b.n; n++) {
    Report back;
    Err e = {0};
    char *cut = mem_strndup(b.p, n); /* its own block, so that reading past it is seen */
    if (report_decode((Str){cut, n}, &back, &e)) fail_msg("%zu of %zu bytes were taken", n, b.n);
    assert_string_equal(e.what, "the report is damaged or of another version");
    mem_free(cut);
    err_free(&e);
  }
  buf_free(&b);
  report_free(&r);
}

static void damaged(Report r) {
  Buf b = {0};
  report_encode(&r, &b);
  uint64_t seed = 7;
  for (int i = 0; i < 20000; i++) {
    char *bad = mem_strndup(b.p, b.n);
    for (int k = 0; k < 3; k++) {
      seed = seed * 6364136223846793005u + 1442695040888963407u;
      bad[(seed >> 33) % b.n] = (char)(seed >> 24);
    }
    Report back;
    Err e = {0};
    if (report_decode((Str){bad, b.n}, &back, &e)) {
      assert_non_null(printed(&back, UI_TABLE));
      assert_non_null(printed(&back, UI_JSON));
      report_free(&back);
    }
    err_free(&e);
    mem_free(bad);
  }
  buf_free(&b);
  report_free(&r);
}

static void damaged_bytes_never_crash(void **state) {
  (void)state;
  damaged(every_kind());
  damaged(in_columns());
}

static Str file_bytes(const char *path) {
  FILE *f = fopen(path, "rb");
  assert_non_null(f);
  Buf b = {0};
  char chunk[4096];
  for (size_t n; (n = fread(chunk, 1, sizeof chunk, f)) > 0;) buf_add(&b, chunk, n);
  fclose(f);
  size_t n = b.n;
  return (Str){buf_take(&b), n};
}

static void a_workbook_is_the_same_bytes_each_time(void **state) {
  (void)state;
  char dir[] = "/tmp/ui-report-XXXXXX";
  assert_non_null(mkdtemp(dir));
  char path[64], other[64];
  snprintf(path, sizeof path, "%s/a.xlsx", dir);
  snprintf(other, sizeof other, "%s/b.xlsx", dir);
  Report r = every_kind();
  UiTable t[] = {r.item[0].table, r.item[3].table, r.item[0].table};
  t[1].title = STR("a/b:c*[Types] that is far too long for a sheet");
  Err e = {0};
  assert_true(ui_xlsx(t, 3, path, &env, &e));
  sleep(2); /* a zip's clock ticks every two seconds */
  assert_true(ui_xlsx(t, 3, other, &env, &e));
  Str x = file_bytes(path), y = file_bytes(other);
  assert_true(x.n > 4 && memcmp(x.p, "PK\3\4", 4) == 0);
  assert_true(str_eq(x, y));
  mem_free((char *)x.p);
  mem_free((char *)y.p);
  unlink(path);
  unlink(other);
  assert_int_equal(rmdir(dir), 0); /* nothing was left beside them */
  report_free(&r);
}

static void a_workbook_that_cannot_be_written_is_an_error(void **state) {
  (void)state;
  Report r = small();
  Err e = {0};
  assert_false(ui_xlsx(&r.item[0].table, 1, "/nowhere/a.xlsx", &env, &e));
  assert_string_equal(e.what, "cannot write /nowhere/a.xlsx: No such file or directory");
  err_free(&e);
  UiTable tall = r.item[0].table;
  tall.nrow = 1048576;
  char path[] = "/tmp/ui-tall-XXXXXX";
  close(mkstemp(path));
  assert_false(ui_xlsx(&tall, 1, path, &env, &e));
  assert_string_equal(e.what, "a sheet holds 1048575 rows and 16384 columns, the table has 1048576 and 2");
  struct stat st;
  assert_int_equal(stat(path, &st), 0);
  assert_int_equal(st.st_size, 0); /* what stood there still stands */
  unlink(path);
  err_free(&e);
  report_free(&r);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_report_reads_top_to_bottom),
      cmocka_unit_test(programs_get_the_tables_only),
      cmocka_unit_test(json_of_one_table_is_its_rows),
      cmocka_unit_test(markup_holds_all_items_escaped),
      cmocka_unit_test(titles_of_columns_are_the_reports_own),
      cmocka_unit_test(decoding_undoes_encoding),
      cmocka_unit_test(columns_come_back_as_they_were),
      cmocka_unit_test(a_long_table_stays_in_its_bytes_and_prints_the_same),
      cmocka_unit_test(a_damaged_long_table_is_refused_or_prints),
      cmocka_unit_test(plain_columns_are_written_as_their_values_are),
      cmocka_unit_test(records_by_rows_are_read),
      cmocka_unit_test(every_truncation_is_refused),
      cmocka_unit_test(damaged_bytes_never_crash),
      cmocka_unit_test(a_workbook_is_the_same_bytes_each_time),
      cmocka_unit_test(a_workbook_that_cannot_be_written_is_an_error),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

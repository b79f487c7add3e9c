#include "testing.h"

#include "store/csv.h"
#include "store/import_shape.h"

#include <stdlib.h>
#include <string.h>

/* All rows of text as "field|field\n", read in pieces of at most `piece` new bytes. */
static char *scanned(const CsvShape *shape, Str text, size_t piece, Err *e) {
  Buf out = {0};
  CsvRows rows = {0};
  CsvPlace place = {1};
  size_t from = 0, to = 0, used;
  bool ok = true;
  while (ok && (from < text.n || to < text.n)) {
    to = to + piece < text.n ? to + piece : text.n;
    csv_clear(&rows);
    /* A private copy, so that a read past the end is seen by the sanitizer. */
    char *copy = malloc(to - from + 1);
    memcpy(copy, text.p + from, to - from);
    copy = realloc(copy, to - from ? to - from : 1);
    ok = csv_scan(shape, (Str){copy, to - from}, to == text.n, SIZE_MAX, &place, &rows, &used, e);
    for (size_t i = 0; ok && i < rows.n; i++) {
      buf_printf(&out, "%d:", (int)rows.row[i].line);
      for (uint32_t k = 0; k < rows.row[i].n; k++) {
        if (k) buf_char(&out, '|');
        Str f = rows.field[rows.row[i].first + k];
        for (size_t c = 0; c < f.n; c++) {
          if (f.p[c] == '\n') buf_puts(&out, "\\n");
          else if (f.p[c] == '\r') buf_puts(&out, "\\r");
          else buf_char(&out, f.p[c]);
        }
      }
      if (rows.row[i].torn) buf_printf(&out, " torn %u", rows.row[i].torn);
      buf_char(&out, '\n');
    }
    free(copy);
    from += used;
    if (to == text.n) {
      if (ok) assert_int_equal(from, text.n);
      break;
    }
  }
  csv_free(&rows);
  return buf_take(&out);
}

static const CsvShape COMMA = {.sep = {",", 1}, .quote = '"'};

typedef struct Case { const char *text, *rows; } Case;

static void check(const CsvShape *shape, const Case *c, size_t n) {
  for (size_t i = 0; i < n; i++)
    for (size_t piece = 1; piece <= strlen(c[i].text) + 1; piece++) {
      Err e = {0};
      char *got = scanned(shape, str_of(c[i].text), piece, &e);
      assert_int_equal(e.kind, ERR_NONE);
      if (strcmp(got, c[i].rows)) print_message("case %zu in pieces of %zu\n", i, piece);
      assert_string_equal(got, c[i].rows);
      mem_free(got);
    }
}

static void rows_are_cut_as_the_rfc_says_however_the_bytes_arrive(void **state) {
  (void)state;
  static const Case cases[] = {
    {"", ""},
    {"a,b,c\n1,2,3\n", "1:a|b|c\n2:1|2|3\n"},
    {"a,b\r\n1,2\r\n", "1:a|b\n2:1|2\n"},
    {"a,b\n1,2", "1:a|b\n2:1|2\n"},
    {"a,b\n1,2\r", "1:a|b\n2:1|2\n"},
    {"a,\n,b\n,\n", "1:a|\n2:|b\n3:|\n"},
    {"\"a,b\",c\n", "1:a,b|c\n"},
    {"\"say \"\"hi\"\"\",x\n", "1:say \"hi\"|x\n"},
    {"\"two\nlines\",x\nnext,y\n", "1:two\\nlines|x\n3:next|y\n"},
    {"\"two\r\nlines\",\"x\"\r\nnext,y\r\n", "1:two\\r\\nlines|x\n3:next|y\n"},
    {"\"\",\"\"\n", "1:|\n"},
    {"\"\"\"\"\n", "1:\"\n"},
    {"\"last\"", "1:last\n"},
    {"\"last\"\r", "1:last\n"},
    {"客户,日期\n华东\"钢,2026\n", "1:客户|日期\n2:华东\"钢|2026\n"},
  };
  check(&COMMA, cases, sizeof cases / sizeof *cases);
}

static void what_the_world_writes_is_read_too(void **state) {
  (void)state;
  static const Case cases[] = {
    {"\n\r\na,b\n\n1,2\n\n", "3:a|b\n5:1|2\n"},              /* blank lines */
    {"6\" pipe,x\n", "1:6\" pipe|x\n"},                       /* a quote inside plain text */
    {"\"a\" ,b\n\"c\"\t\n", "1:a|b\n2:c\n"},                  /* blanks behind a quote */
    {"x,\"3 inch\" nail,y\n", "1:x|\"3 inch\" nail|y torn 2\n"}, /* text behind a quote */
    {"a\rb,c\n", "1:a\\rb|c\n"},
  };
  check(&COMMA, cases, sizeof cases / sizeof *cases);
}

static void a_separator_may_have_several_bytes(void **state) {
  (void)state;
  static const CsvShape odd = {.sep = {"|+|", 3}, .quote = '"'};
  static const Case cases[] = {
    {"9|+|a|+||+|b\n", "1:9|a||b\n"},
    {"a|b|+|c|+d\n", "1:a|b|c|+d\n"},
    {"a|+", "1:a|+\n"},
    {"\"x|+|y\"|+|z\n|+|\n", "1:x|+|y|z\n2:|\n"},
  };
  check(&odd, cases, sizeof cases / sizeof *cases);
}

static void quotes_can_be_switched_off_and_old_macs_read(void **state) {
  (void)state;
  static const CsvShape plain = {.sep = {"\t", 1}};
  static const Case none[] = {{"\"a\tb\n", "1:\"a|b\n"}};
  check(&plain, none, 1);
  static const CsvShape mac = {.sep = {",", 1}, .quote = '"', .lone_cr = true};
  static const Case cr[] = {{"a,b\r1,\"x\r2\"\r3,4", "1:a|b\n2:1|x\\r2\n4:3|4\n"}};
  check(&mac, cr, 1);
}

static void half_a_file_names_the_line_of_the_open_quote(void **state) {
  (void)state;
  for (size_t piece = 1; piece < 30; piece++) {
    Err e = {0};
    mem_free(scanned(&COMMA, STR("a,b\n1,2\n3,\"open,\n4,5\n"), piece, &e));
    assert_int_equal(e.kind, ERR_FAIL);
    assert_int_equal(e.line, 3);
    assert_string_equal(e.what, "the quote opened in column 2 is never closed: half a file?");
    err_free(&e);
  }
}

static void a_field_above_the_limit_names_line_and_column(void **state) {
  (void)state;
  for (int quoted = 0; quoted < 2; quoted++) {
    Buf b = {0};
    buf_puts(&b, quoted ? "a,b\n1,\"" : "a,b\n1,");
    buf_fill(&b, 'x', CSV_FIELD_MAX + 2);
    CsvRows rows = {0};
    CsvPlace place = {1};
    size_t used;
    Err e = {0};
    bool ok = csv_scan(&COMMA, buf_view(&b), false, SIZE_MAX, &place, &rows, &used, &e);
    assert_false(ok);
    assert_int_equal(e.line, 2);
    assert_string_equal(e.what, "column 2 holds more than 1048576 bytes");
    err_free(&e);
    csv_free(&rows);
    buf_free(&b);
  }
}

static void raw_is_the_record_as_it_stood(void **state) {
  (void)state;
  CsvRows rows = {0};
  CsvPlace place = {1};
  size_t used;
  Err e = {0};
  assert_true(csv_scan(&COMMA, STR("a,\"b\"\"c\"\r\n1,2"), true, SIZE_MAX, &place, &rows, &used, &e));
  assert_true(str_is(rows.row[0].raw, "a,\"b\"\"c\""));
  assert_true(str_is(rows.row[1].raw, "1,2"));
  csv_free(&rows);
}

static void what_is_put_is_read_back(void **state) {
  (void)state;
  static const char alphabet[] = "ab\",\n\r |+ \xe5\x8d\x8e";
  uint64_t seed = 7;
  for (int round = 0; round < 3000; round++) {
    Buf fields[4] = {0};
    Buf text = {0}, want = {0};
    for (int k = 0; k < 4; k++) {
      seed = seed * 6364136223846793005u + 1442695040888963407u;
      size_t n = (seed >> 33) % 7;
      for (size_t i = 0; i < n; i++) {
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        buf_char(&fields[k], alphabet[(seed >> 33) % (sizeof alphabet - 1)]);
      }
      if (k) buf_char(&text, ',');
      csv_put(&COMMA, buf_view(&fields[k]), &text);
    }
    buf_puts(&text, round % 2 ? "\r\n" : "\n");
    CsvRows rows = {0};
    CsvPlace place = {1};
    size_t used;
    Err e = {0};
    assert_true(csv_scan(&COMMA, buf_view(&text), true, SIZE_MAX, &place, &rows, &used, &e));
    assert_int_equal(rows.n, 1);
    assert_int_equal(rows.row[0].n, 4);
    for (int k = 0; k < 4; k++) {
      assert_true(str_eq(rows.field[k], buf_view(&fields[k])));
      buf_free(&fields[k]);
    }
    csv_free(&rows);
    buf_free(&text);
    buf_free(&want);
  }
}

static void any_bytes_in_any_pieces_give_the_same_rows_or_the_same_error(void **state) {
  (void)state;
  static const char alphabet[] = "a1\"\",,\n\r|+ ";
  uint64_t seed = 11;
  for (int round = 0; round < 4000; round++) {
    char text[24];
    size_t n = (size_t)(round % 24);
    for (size_t i = 0; i < n; i++) {
      seed = seed * 6364136223846793005u + 1442695040888963407u;
      text[i] = alphabet[(seed >> 33) % (sizeof alphabet - 1)];
    }
    Err whole_err = {0};
    char *whole = scanned(&COMMA, (Str){text, n}, n + 1, &whole_err);
    for (size_t piece = 1; piece < 6; piece++) {
      Err e = {0};
      char *got = scanned(&COMMA, (Str){text, n}, piece, &e);
      assert_int_equal(e.kind, whole_err.kind);
      assert_int_equal(e.line, whole_err.line);
      if (!e.kind) assert_string_equal(got, whole);
      mem_free(got);
      err_free(&e);
    }
    mem_free(whole);
    err_free(&whole_err);
  }
}

/* Long texts are cut sixty-four bytes at a time, short pieces are not. */
static void long_texts_are_cut_as_their_pieces_are(void **state) {
  (void)state;
  static const char alphabet[] = "abc123456789,,,,\n\n\r \"";
  uint64_t seed = 23;
  for (int round = 0; round < 3000; round++) {
    char text[600];
    size_t n = (size_t)(round % 600), letters = sizeof alphabet - 1 - (round % 3 == 0);
    for (size_t i = 0; i < n; i++) {
      seed = seed * 6364136223846793005u + 1442695040888963407u;
      text[i] = alphabet[(seed >> 33) % letters];
      if (text[i] == '"' && (seed >> 20) % 8) text[i] = 'x';
    }
    Err long_err = {0}, e = {0};
    char *whole = scanned(&COMMA, (Str){text, n}, n + 1, &long_err), *got = scanned(&COMMA, (Str){text, n}, 5, &e);
    assert_int_equal(e.kind, long_err.kind);
    assert_int_equal(e.line, long_err.line);
    if (!e.kind) assert_string_equal(got, whole);
    mem_free(whole);
    mem_free(got);
    err_free(&e);
    err_free(&long_err);
  }
}

static void the_separator_is_judged_by_agreement_of_lines(void **state) {
  (void)state;
  static const struct { const char *text; char sep; } cases[] = {
    {"a,b\n1,2\n", ','},
    {"a;b\n1,5;2\n2,5;3\n", ';'},
    {"a\tb\tc\n1, x\t2\t3\n", '\t'},
    {"a|b\n\"x,y\"|2\n", '|'},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char sep = 0;
    assert_true(shape_separator(str_of(cases[i].text), true, '"', &sep));
    assert_int_equal(sep, cases[i].sep);
  }
  char sep = 0;
  assert_false(shape_separator(STR("name\nx\ny\n"), true, '"', &sep));
  assert_false(shape_separator(STR("name\nx\ny, z\n"), true, '"', &sep));
  assert_false(shape_separator(STR(""), true, '"', &sep));
}

static void a_separator_of_several_characters_is_suspected(void **state) {
  (void)state;
  Buf b = {0};
  assert_true(shape_compound(STR("9|+|a|+|b\n11|+|c|+||+|d\n"), true, '|', &b));
  assert_string_equal(b.p, "|+|");
  assert_false(shape_compound(STR("a|b|c\n1|x|3\n"), true, '|', &b));
  buf_free(&b);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(rows_are_cut_as_the_rfc_says_however_the_bytes_arrive),
    cmocka_unit_test(what_the_world_writes_is_read_too),
    cmocka_unit_test(a_separator_may_have_several_bytes),
    cmocka_unit_test(quotes_can_be_switched_off_and_old_macs_read),
    cmocka_unit_test(half_a_file_names_the_line_of_the_open_quote),
    cmocka_unit_test(a_field_above_the_limit_names_line_and_column),
    cmocka_unit_test(raw_is_the_record_as_it_stood),
    cmocka_unit_test(what_is_put_is_read_back),
    cmocka_unit_test(any_bytes_in_any_pieces_give_the_same_rows_or_the_same_error),
    cmocka_unit_test(long_texts_are_cut_as_their_pieces_are),
    cmocka_unit_test(the_separator_is_judged_by_agreement_of_lines),
    cmocka_unit_test(a_separator_of_several_characters_is_suspected),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

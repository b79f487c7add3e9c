#include "ui/table.h"
#include "base/num.h"
#include "testing.h"

#include <string.h>

static Arena A;
static const FmtEnv env = {.currency_sign = "¥", .minor = 2, .null = "?"};
static const UiStyle style = {.env = &env};

static Val num(const char *s) {
  Val v;
  assert_true(num_parse(str_of(s), &v, &A));
  return v;
}

static Val text(const char *s) { return val_text(str_of(s)); }

#define COLUMN(name, unit, kind) {{name, sizeof(name) - 1}, unit, {kind, -1}}

/* The second table of the session in the language's book. */
static const UiColumn risk_col[] = {
    COLUMN("code", UNIT_NONE, FMT_AUTO),    COLUMN("name", UNIT_NONE, FMT_AUTO),
    COLUMN("owner", UNIT_NONE, FMT_AUTO),   COLUMN("churn_risk", UNIT_PERCENT, FMT_PERCENT),
    COLUMN("at_risk", UNIT_MONEY, FMT_WAN), COLUMN("drivers", UNIT_NONE, FMT_AUTO)};

static UiTable risk(void) {
  Val *c = arena_alloc(&A, 18 * sizeof *c);
  const Val cells[] = {text("C1177"), text("北方重工集团"), text("李敏"),
                       num("0.64"),   num("12045000"),      text("silence 25, slide 18"),
                       text("C0042"), text("华东仪表"),     text("李敏"),
                       num("0.72"),   num("2861000"),       text("complaint 15"),
                       text("C0318"), text("金石电气"),     val_null(),
                       val_null(),    num("1907000"),       text("season 10")};
  memcpy(c, cells, sizeof cells);
  return (UiTable){.ncol = 6, .nrow = 3, .col = risk_col, .cell = c};
}

static const char *shown(const UiTable *t, UiFormat f, UiStyle s) {
  static Buf b;
  buf_clear(&b);
  buf_puts(&b, "");
  ui_table(t, f, &s, &b);
  return b.p;
}

static void columns_stand_under_each_other_in_chinese_too(void **state) {
  (void)state;
  UiTable t = risk();
  t.foot = STR("3 accounts");
  assert_string_equal(shown(&t, UI_TABLE, style),
                      "  code   name          owner  churn_risk  at_risk, 万  drivers\n"
                      "  C1177  北方重工集团  李敏         64 %      1,204.5  silence 25, slide 18\n"
                      "  C0042  华东仪表      李敏         72 %        286.1  complaint 15\n"
                      "  C0318  金石电气      –               –        190.7  season 10\n"
                      "3 accounts\n");
}

static void combining_marks_and_emoji_keep_the_columns(void **state) {
  (void)state;
  static const UiColumn col[] = {COLUMN("n", UNIT_NONE, FMT_AUTO), COLUMN("x", UNIT_NONE, FMT_AUTO)};
  Val cell[] = {text("e\xCC\x81"), val_int(1), text("ｱ"), val_int(2),
                text("漢"),        val_int(3), text("😀"), val_int(4)};
  UiTable t = {.ncol = 2, .nrow = 4, .col = col, .cell = cell};
  assert_string_equal(shown(&t, UI_TABLE, style), "  n   x\n"
                                                  "  e\xCC\x81   1\n"
                                                  "  ｱ   2\n"
                                                  "  漢  3\n"
                                                  "  😀  4\n");
}

static void a_column_of_percent_has_one_form(void **state) {
  (void)state;
  static const UiColumn col[] = {COLUMN("p", UNIT_PERCENT, FMT_AUTO), COLUMN("q", UNIT_PERCENT, FMT_AUTO)};
  Val cell[] = {num("0.12"), num("0.12"), num("0.096"), num("0.5")};
  UiTable t = {.ncol = 2, .nrow = 2, .col = col, .cell = cell};
  assert_string_equal(shown(&t, UI_TABLE, style), "       p     q\n"
                                                  "  12.0 %  12 %\n"
                                                  "   9.6 %  50 %\n");
}

static void control_characters_cannot_move_the_cursor(void **state) {
  (void)state;
  static const UiColumn col[] = {COLUMN("n", UNIT_NONE, FMT_AUTO)};
  Val cell[] = {text("a\nb\tc\r"), text("\033[2J\x7f"),
                text("\xC2\x9B"
                     "31m"),
                text("\xE2\x80\xAE"
                     "gpj"),
                text("\xff\xfe")};
  UiTable t = {.ncol = 1, .nrow = 5, .col = col, .cell = cell};
  assert_string_equal(shown(&t, UI_TABLE, style), "  n\n"
                                                  "  a\\nb\\tc\\r\n"
                                                  "  \\x1b[2J\\x7f\n"
                                                  "  \\x9b31m\n"
                                                  "  \\u202egpj\n"
                                                  "  \\xff\\xfe\n");
  assert_null(strpbrk(shown(&t, UI_LINE, style), "\033\x7f\t\r"));
  assert_null(strpbrk(shown(&t, UI_HTML, style), "\033\x7f\t\r"));
}

static void long_texts_are_clipped_to_the_terminal_only(void **state) {
  (void)state;
  UiTable t = risk();
  UiStyle narrow = style;
  narrow.width = 60;
  const char *out = shown(&t, UI_TABLE, narrow);
  for (Str rest = str_of(out); rest.p;) {
    Str line = str_split(rest, '\n', &rest);
    assert_true(utf8_width(line) <= 60);
  }
  assert_non_null(strstr(out, "…"));
  assert_non_null(strstr(out, "1,204.5"));
  assert_null(strstr(shown(&t, UI_TABLE, style), "…"));
}

static void rows_beyond_the_most_are_counted(void **state) {
  (void)state;
  UiTable t = risk();
  UiStyle few = style;
  few.max_rows = 1;
  t.foot = STR("3 accounts");
  assert_string_equal(shown(&t, UI_TABLE, few),
                      "  code   name          owner  churn_risk  at_risk, 万  drivers\n"
                      "  C1177  北方重工集团  李敏         64 %      1,204.5  silence 25, slide 18\n"
                      "  … 2 more rows\n3 accounts\n");
  assert_non_null(strstr(shown(&t, UI_MD, few), "… 2 more rows\n"));
  few.max_rows = 2; /* a line that says "1 more" takes as much room as the row */
  assert_null(strstr(shown(&t, UI_TABLE, few), "…"));
}

static void an_empty_table_says_so(void **state) {
  (void)state;
  UiTable t = {.ncol = 2, .col = risk_col, .title = STR("Red")};
  assert_string_equal(shown(&t, UI_TABLE, style), "Red\n  code  name\n  (none)\n");
  assert_string_equal(shown(&t, UI_CSV, style), "code,name\n");
  assert_string_equal(shown(&t, UI_JSON, style), "[]");
  assert_string_equal(shown(&t, UI_JSONL, style), "");
}

static void colour_marks_the_heading_only_when_asked(void **state) {
  (void)state;
  UiTable t = risk();
  UiStyle color = style;
  color.color = true;
  assert_true(strncmp(shown(&t, UI_TABLE, color), "\033[1m  code", 10) == 0);
  assert_null(strchr(shown(&t, UI_TABLE, style), '\033'));
}

static const UiColumn odd_col[] = {COLUMN("a,b", UNIT_NONE, FMT_AUTO), COLUMN("x", UNIT_MONEY, FMT_AUTO),
                                   COLUMN("x", UNIT_PERCENT, FMT_AUTO)};
static UiTable odd(void) {
  Val *c = arena_alloc(&A, 15 * sizeof *c);
  const Val cells[] = {text("say \"hi\"\n, you"), num("12345678.90"), num("0.162"),
                       text("=1+1"), val_null(), num("-0.000000000000000000000000000001"),
                       text("@cmd"), val_int(0), val_bool(false),
                       text(""), val_date(day_of(2026, 2, 28)), val_days(47),
                       text("tab\tback\\slash"), val_never(), text("-2+3")};
  memcpy(c, cells, sizeof cells);
  return (UiTable){.ncol = 3, .nrow = 5, .col = odd_col, .cell = c};
}

static void csv_quotes_and_keeps_figures_exact(void **state) {
  (void)state;
  UiTable t = odd();
  assert_string_equal(shown(&t, UI_CSV, style), "\"a,b\",x,x\n"
                                                "\"say \"\"hi\"\"\n, you\",12345678.9,0.162\n"
                                                "=1+1,,-0.000000000000000000000000000001\n"
                                                "@cmd,0,false\n"
                                                "\"\",2026-02-28,47\n"
                                                "tab\tback\\slash,never,-2+3\n");
}

static void tsv_escapes_what_would_end_a_cell(void **state) {
  (void)state;
  UiTable t = odd();
  assert_string_equal(shown(&t, UI_TSV, style), "a,b\tx\tx\n"
                                                "say \"hi\"\\n, you\t12345678.9\t0.162\n"
                                                "=1+1\t\t-0.000000000000000000000000000001\n"
                                                "@cmd\t0\tfalse\n"
                                                "\t2026-02-28\t47\n"
                                                "tab\\tback\\\\slash\tnever\t-2+3\n");
}

static void json_is_an_array_of_objects(void **state) {
  (void)state;
  UiTable t = odd();
  assert_string_equal(shown(&t, UI_JSON, style),
                      "[\n"
                      "  {\"a,b\": \"say \\\"hi\\\"\\n, you\", \"x\": 12345678.9, \"x_2\": 0.162},\n"
                      "  {\"a,b\": \"=1+1\", \"x\": null, \"x_2\": -0.000000000000000000000000000001},\n"
                      "  {\"a,b\": \"@cmd\", \"x\": 0, \"x_2\": false},\n"
                      "  {\"a,b\": \"\", \"x\": \"2026-02-28\", \"x_2\": 47},\n"
                      "  {\"a,b\": \"tab\\tback\\\\slash\", \"x\": \"never\", \"x_2\": \"-2+3\"}\n"
                      "]");
  t.nrow = 1;
  assert_string_equal(shown(&t, UI_JSONL, style),
                      "{\"a,b\": \"say \\\"hi\\\"\\n, you\", \"x\": 12345678.9, \"x_2\": 0.162}\n");
}

/* A checker of RFC 8259 grammar, as small as that allows. */
static const char *json_value(const char *p);
static const char *blanks(const char *p) { return p + strspn(p, " \n\t\r"); }

static const char *json_string(const char *p) {
  if (*p++ != '"') return NULL;
  for (; *p != '"'; p++) {
    if ((unsigned char)*p < 0x20) return NULL;
    if (*p != '\\') continue;
    p++;
    if (*p == 'u') {
      if (strspn(p + 1, "0123456789abcdefABCDEF") < 4) return NULL;
      p += 4;
    } else if (!*p || !strchr("\"\\/bfnrt", *p)) {
      return NULL;
    }
  }
  return p + 1;
}

static const char *json_number(const char *p) {
  static const char digits[] = "0123456789";
  if (*p == '-') p++;
  size_t n = strspn(p, digits);
  if (n == 0 || (n > 1 && *p == '0')) return NULL;
  p += n;
  if (*p == '.') {
    n = strspn(++p, digits);
    if (n == 0) return NULL;
    p += n;
  }
  if (*p == 'e' || *p == 'E') {
    p++;
    if (*p == '-' || *p == '+') p++;
    n = strspn(p, digits);
    if (n == 0) return NULL;
    p += n;
  }
  return p;
}

static const char *json_many(const char *p, char end, bool keyed) {
  p = blanks(p + 1);
  if (*p == end) return p + 1;
  for (;;) {
    if (keyed) {
      p = json_string(blanks(p));
      if (!p || *(p = blanks(p)) != ':') return NULL;
      p++;
    }
    p = json_value(p);
    if (!p) return NULL;
    p = blanks(p);
    if (*p == end) return p + 1;
    if (*p++ != ',') return NULL;
  }
}

static const char *json_value(const char *p) {
  p = blanks(p);
  if (*p == '{') return json_many(p, '}', true);
  if (*p == '[') return json_many(p, ']', false);
  if (*p == '"') return json_string(p);
  if (strncmp(p, "true", 4) == 0 || strncmp(p, "null", 4) == 0) return p + 4;
  if (strncmp(p, "false", 5) == 0) return p + 5;
  return json_number(p);
}

static void json_of_any_bytes_parses(void **state) {
  (void)state;
  static const UiColumn col[] = {COLUMN("\"\\\n", UNIT_NONE, FMT_AUTO)};
  uint64_t seed = 88172645463325252u;
  for (int i = 0; i < 2000; i++) {
    char bytes[24];
    for (size_t k = 0; k < sizeof bytes; k++) {
      seed = seed * 6364136223846793005u + 1442695040888963407u;
      bytes[k] = (char)(seed >> 56 & (k % 2 ? 0xff : 0x3f));
    }
    Val list[] = {val_text((Str){bytes, sizeof bytes}), val_real((double)(int64_t)seed * 1e-300), val_null(),
                  val_dec((int64_t)seed, (int)(seed % 37) - 18)};
    Val cell[] = {val_list(list, 4)};
    UiTable t = {.ncol = 1, .nrow = 1, .col = col, .cell = cell};
    const char *json = shown(&t, UI_JSON, style), *end = json_value(json);
    if (!end || *blanks(end)) fail_msg("%s", json);
    assert_true(utf8_valid(str_of(json), NULL));
  }
}

static void markdown_cells_stay_cells(void **state) {
  (void)state;
  static const UiColumn col[] = {COLUMN("a|b", UNIT_NONE, FMT_AUTO), COLUMN("n", UNIT_MONEY, FMT_AUTO)};
  Val cell[] = {text("x | y\n<b>&"), num("1234.5"), text("[l](u)*`"), val_null()};
  UiTable t = {.title = STR("T"), .ncol = 2, .nrow = 2, .col = col, .cell = cell, .foot = STR("end")};
  assert_string_equal(shown(&t, UI_MD, style), "## T\n\n"
                                               "| a\\|b | n, ¥ |\n"
                                               "| --- | ---: |\n"
                                               "| x \\| y<br>&lt;b>&amp; | 1,234.50 |\n"
                                               "| \\[l\\](u)\\*\\` | – |\n\nend\n");
}

static void html_shows_markup_instead_of_obeying_it(void **state) {
  (void)state;
  static const UiColumn col[] = {COLUMN("<th>", UNIT_NONE, FMT_AUTO)};
  Val cell[] = {text("<script>alert('1')</script> & \"q\""), text("=1+1")};
  UiTable t = {.title = STR("a<b"), .ncol = 1, .nrow = 2, .col = col, .cell = cell};
  assert_string_equal(
      shown(&t, UI_HTML, style),
      "<table>\n<caption>a&lt;b</caption>\n<thead><tr><th>&lt;th&gt;</th></tr>\n</thead>\n<tbody>\n"
      "<tr><td>&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt; &amp; &quot;q&quot;</td></tr>\n"
      "<tr><td>=1+1</td></tr>\n</tbody>\n</table>\n");
}

static void line_form_has_a_field_a_line(void **state) {
  (void)state;
  UiTable t = risk();
  t.nrow = 2;
  t.ncol = 6;
  const char *out = shown(&t, UI_LINE, style);
  assert_ptr_equal(strstr(out, "         code = C1177\n         name = 北方重工集团\n"), out);
  assert_non_null(strstr(out, "\n  at_risk, 万 = 286.1\n"));
  assert_non_null(strstr(out, "\n\n         code = C0042\n"));
}

static void formats_are_known_by_name(void **state) {
  (void)state;
  UiFormat f;
  assert_true(ui_format_parse(STR("jsonl"), &f) && f == UI_JSONL);
  assert_true(ui_format_parse(STR("xlsx"), &f) && f == UI_XLSX);
  assert_false(ui_format_parse(STR("JSON"), &f));
  assert_false(ui_format_parse(STR(""), &f));
}

static int free_arena(void **state) {
  (void)state;
  arena_free(&A);
  return 0;
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(columns_stand_under_each_other_in_chinese_too),
      cmocka_unit_test(combining_marks_and_emoji_keep_the_columns),
      cmocka_unit_test(a_column_of_percent_has_one_form),
      cmocka_unit_test(control_characters_cannot_move_the_cursor),
      cmocka_unit_test(long_texts_are_clipped_to_the_terminal_only),
      cmocka_unit_test(rows_beyond_the_most_are_counted),
      cmocka_unit_test(an_empty_table_says_so),
      cmocka_unit_test(colour_marks_the_heading_only_when_asked),
      cmocka_unit_test(csv_quotes_and_keeps_figures_exact),
      cmocka_unit_test(tsv_escapes_what_would_end_a_cell),
      cmocka_unit_test(json_is_an_array_of_objects),
      cmocka_unit_test(json_of_any_bytes_parses),
      cmocka_unit_test(markdown_cells_stay_cells),
      cmocka_unit_test(html_shows_markup_instead_of_obeying_it),
      cmocka_unit_test(line_form_has_a_field_a_line),
      cmocka_unit_test(formats_are_known_by_name),
  };
  return cmocka_run_group_tests(tests, NULL, free_arena);
}

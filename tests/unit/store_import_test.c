#include "store_rows.h"

#include "base/mem.h"
#include "base/stop.h"
#include "store/import.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[64];

static char *path_of(const char *name) {
  static char path[2][128];
  static int turn;
  turn = !turn;
  snprintf(path[turn], sizeof path[turn], "%s/%s", folder, name);
  return path[turn];
}

static void put_bytes(const char *name, const char *text, size_t n) {
  FILE *f = fopen(path_of(name), "wb");
  assert_non_null(f);
  assert_int_equal(fwrite(text, 1, n, f), n);
  fclose(f);
}

static void put(const char *name, const char *text) { put_bytes(name, text, strlen(text)); }

static Store *fresh(int minor) {
  Err e = {0};
  Store *s = NULL;
  unlink(path_of("t.db"));
  unlink(path_of("t.db-wal"));
  unlink(path_of("t.db-shm"));
  assert_true(store_init(path_of("t.db"), (StoreInit){"CNY", minor}, &e));
  assert_true(store_open(path_of("t.db"), STORE_WRITE, &s, &e));
  return s;
}

static ImportSpec orders(const char *file) {
  return (ImportSpec){.file = {.path = file}, .entity = "orders", .asof = day_of(2026, 11, 1)};
}

/* Imports and commits. What is wrong goes to e: a failure, or too many rejected rows. */
static bool take(Store *s, const ImportSpec *spec, ImportCounts *count, Err *e) {
  Import *im = NULL;
  bool ok = import_open(s, spec, &im, e) && import_stage(im, e);
  if (ok) *count = *import_counts(im);
  if (ok && import_refused(im, e)) {
    Buf why = {0};
    import_rejected(im, &why);
    err_todo(e, "%s", why.p);
    buf_free(&why);
    ok = false;
  }
  bool kept;
  ok = ok && store_commit(s, e) && import_keep_rejects(im, &kept, e);
  if (!ok) store_rollback(s);
  import_close(im);
  return ok;
}

static ImportCounts taken(Store *s, const ImportSpec *spec) {
  ImportCounts count = {0};
  Err e = {0};
  if (!take(s, spec, &count, &e)) {
    Buf b = {0};
    err_print(&e, &b);
    fail_msg("%s", b.p);
  }
  return count;
}

/* The whole message of an import that has to fail, and its kind. */
static char *refused(Store *s, const ImportSpec *spec, ErrKind kind) {
  ImportCounts count = {0};
  Err e = {0};
  Buf b = {0};
  assert_false(take(s, spec, &count, &e));
  err_print(&e, &b);
  if (e.kind != kind) fail_msg("kind %d: %s", (int)e.kind, b.p);
  err_free(&e);
  return buf_take(&b);
}

static void assert_refused(Store *s, const ImportSpec *spec, ErrKind kind, const char *says) {
  char *got = refused(s, spec, kind);
  if (!strstr(got, says)) fail_msg("\"%s\" is not in:\n%s", says, got);
  mem_free(got);
}

static const char *const *list(const char *a, const char *b) {
  static const char *pool[64][3];
  static int n;
  const char **l = pool[n++ % 64];
  l[0] = a, l[1] = b, l[2] = NULL;
  return l;
}

static void make_accounts(Store *s, const char *codes) {
  put("accounts.csv", codes);
  taken(s, &(ImportSpec){
               .file = {.path = path_of("accounts.csv")}, .entity = "account", .asof = day_of(2026, 1, 1)});
}

/* --- what goes in -------------------------------------------------------------- */

static void order_lines_are_computed_selected_and_stored_by_day(void **state) {
  (void)state;
  Store *s = fresh(3);
  put("o.csv", "InvoiceNo,StockCode,Quantity,InvoiceDate,UnitPrice,CustomerID\n"
               "536365,85123A,6,2010-12-01 08:26:00,2.55,17850\n"
               "C536379,D,-1,2010-12-02 09:41:00,27.50,14527\n"
               "536370,22728,24,2010-12-01 08:45:00,3.75,12583\n"
               "536414,22139,56,2010-12-03 11:52:00,0,\n"
               "536365,71053,6,2010-12-01 08:26:00,3.395,17850\n");
  ImportSpec spec = orders(path_of("o.csv"));
  spec.map = list("revenue = Quantity * UnitPrice", "product = null");
  spec.where = "CustomerID != null and not(starts_with(InvoiceNo, 'C')) and Quantity > 0 and UnitPrice > 0";
  spec.create = list("account", NULL);
  ImportCounts n = taken(s, &spec);
  assert_int_equal(n.rows, 5);
  assert_int_equal(n.left_out, 2);
  assert_int_equal(n.unknown, 0);
  assert_int_equal(n.added, 3);
  assert_int_equal(n.made, 2);
  assert_rows(s,
              "SELECT o.id, code, order_no, day, quantity, revenue FROM orders o JOIN account a ON a.id = "
              "account ORDER BY o.id",
              "201012010000000|17850|536365|20101201|6|15300\n"
              "201012010000001|12583|536370|20101201|24|90000\n"
              "201012010000002|17850|536365|20101201|6|20370\n");
  store_close(s);
}

static void lines_of_a_day_go_on_behind_those_that_are_there(void **state) {
  (void)state;
  Store *s = fresh(2);
  make_accounts(s, "code\nA\n");
  put("o.csv", "account,day,revenue\nA,2026-03-02,1\nA,2026-03-01,2\nA,2026-03-02,3\n");
  ImportSpec spec = orders(path_of("o.csv"));
  taken(s, &spec);
  taken(s, &spec);
  assert_rows(s, "SELECT id, revenue FROM orders ORDER BY id",
              "202603010000000|200\n202603010000001|200\n202603020000000|100\n202603020000001|300\n"
              "202603020000002|100\n202603020000003|300\n");
  store_close(s);
}

static void keys_tell_new_changed_and_unchanged_rows_apart(void **state) {
  (void)state;
  Store *s = fresh(2);
  make_accounts(s, "code,name\nA,Alpha\nB,Beta\n");
  put("o.csv", "order_no,line_no,account,day,revenue\n1,1,A,2026-03-01,10\n1,2,A,2026-03-01,20\n2,1,B,2026-"
               "03-02,30\n");
  ImportSpec spec = orders(path_of("o.csv"));
  spec.key = "order_no, line_no";
  ImportCounts n = taken(s, &spec);
  assert_int_equal(n.added, 3);
  put("o.csv", "order_no,line_no,account,day,revenue\n1,1,A,2026-03-01,10\n1,2,A,2026-03-01,25\n2,1,B,2026-"
               "03-05,30\n2,2,B,2026-03-05,7\n");
  n = taken(s, &spec);
  assert_int_equal(n.added, 1);
  assert_int_equal(n.changed, 2);
  assert_int_equal(n.unchanged, 1);
  assert_rows(s, "SELECT id, order_no, line_no, revenue FROM orders ORDER BY id",
              "202603010000000|1|1|1000\n202603010000001|1|2|2500\n202603050000000|2|1|3000\n202603050000001|"
              "2|2|700\n");
  store_close(s);
}

static void an_entity_with_a_key_of_its_own_is_updated_by_it(void **state) {
  (void)state;
  Store *s = fresh(2);
  make_accounts(s, "客户编码,客户名称,行业,tier\nA,甲,钢铁,A\nB,乙,化工,B\n");
  put("accounts.csv", "code,name,tier\nB,乙,A\nA,甲公司,A\nC,丙,\n");
  ImportCounts n = taken(s, &(ImportSpec){.file = {.path = path_of("accounts.csv")},
                                          .entity = "account",
                                          .asof = day_of(2026, 6, 1)});
  assert_int_equal(n.added, 1);
  assert_int_equal(n.changed, 2);
  assert_rows(s, "SELECT code, name, industry, tier FROM account ORDER BY code",
              "A|甲公司|钢铁|A\nB|乙|化工|A\nC|丙||\n");
  assert_rows(
      s, "SELECT a.code, h.day, h.value FROM history h JOIN account a ON a.id = h.row ORDER BY a.code, h.day",
      "A|0001-01-01|A\nB|0001-01-01|B\nB|2026-06-01|A\n" /* what is first known always held */);
  n = taken(s, &(ImportSpec){.file = {.path = path_of("accounts.csv")},
                             .entity = "account",
                             .asof = day_of(2026, 6, 1)});
  assert_int_equal(n.unchanged, 3);
  store_close(s);
}

static void subsidiaries_may_stand_before_their_parents(void **state) {
  (void)state;
  Store *s = fresh(2);
  make_accounts(s, "code,parent\nB,A\nC,B\nA,\n");
  assert_rows(s, "SELECT x.code, y.code FROM account x JOIN account y ON y.id = x.parent ORDER BY 1",
              "B|A\nC|B\n");
  put("accounts.csv", "code,parent\nD,E\nE,\nF,Z\n");
  ImportSpec spec = {
      .file = {.path = path_of("accounts.csv")}, .entity = "account", .asof = day_of(2026, 1, 1)};
  assert_refused(s, &spec, ERR_REJECTED, "accounts.csv:4: parent: 'Z' is no account that is known");
  assert_rows(s, "SELECT count(*) FROM account", "3\n");
  store_close(s);
}

static void a_second_file_brings_its_columns(void **state) {
  (void)state;
  Store *s = fresh(4);
  put("heads.csv", "orderID,customerID,orderDate,note\n10,VINET,1996-07-04 "
                   "00:00:00.000,x\n11,TOMSP,1996-07-05 00:00:00.000,NULL\n");
  put("lines.csv", "orderID,unitPrice,quantity,discount\n10,14.00,12,0\n11,9.80,10,0.05\n");
  ImportSpec spec = orders(path_of("lines.csv"));
  spec.join = path_of("heads.csv");
  spec.on = "orderID";
  spec.map = list("revenue = unitPrice * quantity * (1 - discount), order_no = orderID", NULL);
  spec.create = list("account", NULL);
  taken(s, &spec);
  assert_rows(
      s, "SELECT code, order_no, day, revenue FROM orders JOIN account a ON a.id = account ORDER BY order_no",
      "VINET|10|19960704|1680000\nTOMSP|11|19960705|931000\n");
  put("lines.csv", "orderID,unitPrice,quantity,discount\n10,14.00,12,0\n12,9.80,10,0.05\n");
  assert_refused(s, &spec, ERR_REJECTED, "heads.csv has this orderID");
  put("heads.csv", "orderID,customerID,orderDate\n10,VINET,1996-07-04\n10,TOMSP,1996-07-05\n");
  assert_refused(s, &spec, ERR_FAIL, "orderID '10' is there twice: lines 2 and 3");
  store_close(s);
}

static void a_heading_that_is_no_name_is_reached_by_a_rule_all_the_same(void **state) {
  (void)state;
  Store *s = fresh(2);
  put("o.csv", "Customer ID;Order.Date;2024;单价(元)\nA;31.12.2026;2,5;3\n");
  ImportSpec spec = orders(path_of("o.csv"));
  spec.decimal = ",";
  spec.dates = "d.m.y";
  spec.map = list("account = Customer ID, day = Order.Date, revenue = c_2024 * 单价_元", "quantity = c3");
  spec.create = list("account", NULL);
  taken(s, &spec);
  assert_rows(s, "SELECT day, quantity, revenue FROM orders", "20261231|2.5|750\n");
  store_close(s);
}

static void gb18030_separators_bom_crlf_and_files_without_heading_are_read(void **state) {
  (void)state;
  Store *s = fresh(2);
  put("gb.csv",
      "\xBF\xCD\xBB\xA7\xB1\xE0\xC2\xEB,\xBF\xCD\xBB\xA7\xC3\xFB\xB3\xC6\r\nA,\xB9\xAB\xCB\xBE\r\n");
  ImportSpec spec = {.file = {.path = path_of("gb.csv")}, .entity = "account", .asof = day_of(2026, 1, 1)};
  assert_refused(s, &spec, ERR_FAIL, "gb.csv:1: byte 1 of the file (0xBF) is not UTF-8");
  spec.file.encoding = "GB18030";
  taken(s, &spec);
  put("odd.csv", "\xEF\xBB\xBF" "9|+|Bothell|+|2002-07-01\r\n11|+|Kenmore|+|2003-04-01\r\n");
  spec = (ImportSpec){.file = {.path = path_of("odd.csv")}, .entity = "account", .asof = day_of(2026, 1, 1)};
  assert_refused(s, &spec, ERR_FAIL, "--sep '|+|'");
  spec.file.sep = "|+|";
  assert_refused(s, &spec, ERR_FAIL, "its columns: c1, c2, c3");
  spec.map = list("code = c1, city = c2, since = c3", NULL);
  taken(s, &spec);
  assert_rows(s, "SELECT code, name, city, since FROM account ORDER BY id",
              "A|公司||\n9||Bothell|2002-07-01\n11||Kenmore|2003-04-01\n");
  store_close(s);
}

/* --- what does not ---------------------------------------------------------------- */

static void bad_rows_are_named_and_nothing_is_written(void **state) {
  (void)state;
  static const struct { const char *text; ErrKind kind; const char *says;
  } cases[] = {
      {"account,day,revenue\nA,2026-02-30,1\n", ERR_REJECTED,
       "o.csv:2: day: '2026-02-30' is no date: there is no 30 February"},
      {"account,day,revenue\nA,2026-02-01,1\nA,12,1\n", ERR_REJECTED,
       "o.csv:3: day: '12' is no date (y-m-d)"},
      {"account,day,revenue\nA,2/13/2026,1\nA,x,1\n", ERR_REJECTED, "o.csv:3: day: 'x' is no date"},
      {"account,day,revenue\nA,2026-02-01,1\nA,2026-02\nA,2026-02-01,1\n", ERR_REJECTED,
       "o.csv:3: 2 columns where the heading has 3"},
      {"account,day,revenue\nA,2026-02-01,1\nA,2026-0", ERR_REJECTED, "it is the last: is the file cut off?"},
      {"account,day,revenue\nA,2026-02-01,1,000\n", ERR_REJECTED, "4 columns where the heading has 3"},
      {"account,day,revenue\nA,2026-02-01,\"1\n", ERR_FAIL,
       "o.csv:2: the quote opened in column 3 is never closed"},
      {"account,day,revenue\nA,2026-02-01,\"1\"0\n", ERR_REJECTED, "has text behind its closing quote"},
      {"account,day,revenue\nZ9,2026-02-01,1\n", ERR_REJECTED, "'Z9' is no account that is known"},
      {"account,day,revenue\n,2026-02-01,1\n", ERR_REJECTED, "account: is empty"},
      {"account,day,revenue\nA,2026-02-01,1.005\n", ERR_REJECTED, "'1.005' has more than 2 decimals"},
      {"account,day,revenue\nA,2026-02-01,\"1,5\"\n", ERR_REJECTED,
       "is the comma a decimal sign? --decimal ,"},
      {"account,day,revenue\nA,2026-02-01,1\nA,3/14/2026,1\nA,3/15/2026,1\n", ERR_REJECTED,
       "is no date (m/d/y)"},
      {"account,day,revenue\nA,1/2/2026,1\n", ERR_REJECTED, "could be m/d/y or d/m/y"},
      {"account,when,revenue\nA,2026-02-01,1\n", ERR_FAIL, "--map \"day = when\""},
      {"", ERR_FAIL, "o.csv: is empty: not even a heading"},
      {"PK\003\004xxxx", ERR_FAIL, "is a spreadsheet or an archive, not CSV"},
      {"a,b\nx,\xFF\n", ERR_FAIL, "o.csv:2: byte 7 of the file (0xFF) is not UTF-8"},
  };
  Store *s = fresh(2);
  make_accounts(s, "code\nA\n");
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    put("o.csv", cases[i].text);
    ImportSpec spec = orders(path_of("o.csv"));
    assert_refused(s, &spec, cases[i].kind, cases[i].says);
    assert_rows(s, "SELECT count(*) FROM orders", "0\n");
  }
  store_close(s);
}

static void a_heading_alone_is_no_error(void **state) {
  (void)state;
  Store *s = fresh(2);
  put("o.csv", "account,day,revenue\n");
  ImportSpec spec = orders(path_of("o.csv"));
  ImportCounts n = taken(s, &spec);
  assert_int_equal(n.rows, 0);
  assert_int_equal(n.added, 0);
  store_close(s);
}

static void a_key_twice_in_the_file_rejects_both_lines(void **state) {
  (void)state;
  Store *s = fresh(2);
  put("accounts.csv", "code,name\nA,x\nB,y\nA,z\n");
  ImportSpec spec = {
      .file = {.path = path_of("accounts.csv")}, .entity = "account", .asof = day_of(2026, 1, 1)};
  char *text = refused(s, &spec, ERR_REJECTED);
  assert_non_null(strstr(text, "accounts.csv:2: code 'A' is on line 4 too"));
  assert_non_null(strstr(text, "accounts.csv:4: code 'A' is on line 2 too"));
  mem_free(text);
  put("o.csv", "order_no,account,day\n1,N1,2026-01-01\n2,N2,2026-01-01\n1,N1,2026-01-02\n");
  spec = orders(path_of("o.csv"));
  spec.create = list("account", NULL);
  spec.key = "account, order_no"; /* accounts that are not there when the keys are read */
  assert_refused(s, &spec, ERR_REJECTED, "o.csv:4: account 'N1', order_no '1' is on line 2 too");
  store_close(s);
}

static void rows_that_say_the_same_of_their_key_are_taken_once(void **state) {
  (void)state;
  Store *s = fresh(2);
  put("accounts.csv", "code,name,x\nA,x,1\nB,y,2\nA,x,3\nA,x,4\n");
  ImportSpec spec = {.file = {.path = path_of("accounts.csv")}, .entity = "account", .asof = day_of(2026, 1, 1)};
  ImportCounts n = taken(s, &spec);
  assert_int_equal(n.rows, 4);
  assert_int_equal(n.added, 2);
  assert_int_equal(n.copies, 2);
  put("accounts.csv", "code,name\nA,x\nB,y\nA,x\nA,z\n");
  assert_refused(s, &spec, ERR_REJECTED, "accounts.csv:5: code 'A' is on line 2 too");
  store_close(s);
}

static void a_value_outside_its_set_is_counted_and_can_be_given_a_meaning(void **state) {
  (void)state;
  Store *s = fresh(2);
  make_accounts(s, "code\nA\n");
  put("p.csv", "code\nGTX Pro\nMG Special\n");
  taken(s,
        &(ImportSpec){.file = {.path = path_of("p.csv")}, .entity = "product", .asof = day_of(2026, 1, 1)});
  put("q.csv",
      "code,account,product,status\nQ1,A,GTXPro,Won\nQ2,A,GTXPro,lost\nQ3,A,MG Special,Zu\nQ4,,GTXPro,Won\n");
  ImportSpec spec = {.file = {.path = path_of("q.csv")}, .entity = "quote", .asof = day_of(2026, 1, 1)};
  char *text = refused(s, &spec, ERR_REJECTED);
  assert_non_null(strstr(text, "product 'GTXPro' is not known: 3 rows, first on line 2"));
  assert_non_null(strstr(text, "did you mean GTX Pro? --alias \"product: GTXPro = GTX Pro\""));
  assert_non_null(strstr(text, "status 'Zu' is not one of"));
  assert_non_null(strstr(text, "4 of 4 rows"));
  mem_free(text);
  spec.alias = list("product: GTXPro = GTX Pro", "status: Zu = won");
  spec.where = "account != null";
  ImportCounts n = taken(s, &spec);
  assert_int_equal(n.added, 3);
  assert_rows(s, "SELECT q.code, p.code, status FROM quote q JOIN product p ON p.id = product ORDER BY 1",
              "Q1|GTX Pro|won\nQ2|GTX Pro|lost\nQ3|MG Special|won\n");
  store_close(s);
}

static void some_rows_may_be_rejected_when_it_is_said_and_go_to_a_file(void **state) {
  (void)state;
  Store *s = fresh(2);
  make_accounts(s, "code\nA\n");
  put("o.csv", "account,day,revenue\nA,2026-01-01,1\nB,2026-01-01,\"1,000\"\nA,2026-01-02,x\n");
  ImportSpec spec = orders(path_of("o.csv"));
  spec.rejects = strdup(path_of("rejects.csv"));
  spec.max_errors = 1;
  assert_refused(s, &spec, ERR_REJECTED, "2 of 3 rows");
  assert_int_equal(access(spec.rejects, F_OK), -1);
  spec.max_errors = 2;
  ImportCounts n = taken(s, &spec);
  assert_int_equal(n.added, 1);
  assert_int_equal(n.rejected, 2);
  char text[400] = "";
  FILE *f = fopen(spec.rejects, "r");
  assert_non_null(f);
  text[fread(text, 1, sizeof text - 1, f)] = 0;
  fclose(f);
  assert_string_equal(text, "account,day,revenue,line,reason\n"
                            "B,2026-01-01,\"1,000\",3,account: 'B' is no account that is known\n"
                            "A,2026-01-02,x,4,revenue: 'x' is no number\n");
  free((char *)spec.rejects);
  store_close(s);
}

static void what_cannot_be_asked_for_is_refused_with_what_can(void **state) {
  (void)state;
  Store *s = fresh(2);
  put("o.csv", "account,day,revenue\nA,2026-01-01,1\n");
  ImportSpec base = orders(path_of("o.csv"));
  static const struct { const char *what, *value; ErrKind kind; const char *says;
  } cases[] = {
      {"entity", "order", ERR_USAGE, "did you mean orders?"},
      {"map", "revenu = 1", ERR_FAIL, "did you mean revenue?"},
      {"map", "revenue", ERR_FAIL, "this maps nothing"},
      {"map", "revenue = 1, revenue = 2", ERR_FAIL, "revenue is mapped twice"},
      {"map", "revenue = reveneu * 2", ERR_FAIL,
       "the file's columns, as rules name them: account, day, revenue"},
      {"map", "revenue = day", ERR_REJECTED, "'2026-01-01' is no number"},
      {"map", "revenue = account", ERR_REJECTED, "'A' is no number"},
      {"map", "day = revenue + 1", ERR_FAIL, "day is a date, but this is a number"},
      {"where", "account > 5", ERR_FAIL, "account is text"},
      {"key", "quantity", ERR_USAGE, "no column of"},
      {"create", "contact", ERR_USAGE, "there is --create account"},
      {"alias", "city: a = b", ERR_USAGE, "names no field that is imported"},
      {"dates", "m/d", ERR_USAGE, "is no order of day, month and year"},
      {"encoding", "KLINGON", ERR_USAGE, "--encoding: 'KLINGON' is not known"},
      {"header", "maybe", ERR_USAGE, "--header is yes or no"},
      {"join", "x.csv", ERR_USAGE, "--join and --on go together"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    ImportSpec spec = base;
    const char *what = cases[i].what, *v = cases[i].value;
    if (!strcmp(what, "entity")) spec.entity = v;
    if (!strcmp(what, "map")) spec.map = list(v, NULL);
    if (!strcmp(what, "where")) spec.where = v;
    if (!strcmp(what, "key")) spec.key = v;
    if (!strcmp(what, "create")) spec.create = list(v, NULL);
    if (!strcmp(what, "alias")) spec.alias = list(v, NULL);
    if (!strcmp(what, "dates")) spec.dates = v;
    if (!strcmp(what, "encoding")) spec.file.encoding = v;
    if (!strcmp(what, "header")) spec.file.header = v;
    if (!strcmp(what, "join")) spec.join = v;
    assert_refused(s, &spec, cases[i].kind, cases[i].says);
  }
  store_close(s);
}

/* --- limits ------------------------------------------------------------------------ */

static void a_field_of_two_gigabytes_is_refused_in_little_memory(void **state) {
  (void)state;
  Store *s = fresh(2);
  FILE *f = fopen(path_of("big.csv"), "wb");
  fputs("account,day,revenue\nA,2026-01-01,\"", f);
  fclose(f);
  assert_int_equal(truncate(path_of("big.csv"), 2147483647), 0); /* sparse: zero bytes to the end */
  struct rusage before, after;
  getrusage(RUSAGE_SELF, &before);
  ImportSpec spec = orders(path_of("big.csv"));
  assert_refused(s, &spec, ERR_FAIL, "big.csv:2: column 3 holds more than 1048576 bytes");
  getrusage(RUSAGE_SELF, &after);
  assert_true(after.ru_maxrss - before.ru_maxrss < 64 * 1024);
  unlink(path_of("big.csv"));
  store_close(s);
}

static void ctrl_c_leaves_the_database_as_it_was(void **state) {
  (void)state;
  Store *s = fresh(2);
  make_accounts(s, "code\nA\n");
  Buf b = {0};
  buf_puts(&b, "account,day,revenue\n");
  for (int i = 0; i < 100000; i++) buf_puts(&b, "A,2026-01-01,1.50\n");
  put_bytes("o.csv", b.p, b.n);
  buf_free(&b);
  ImportSpec spec = orders(path_of("o.csv"));
  Import *im = NULL;
  Err e = {0};
  assert_true(import_open(s, &spec, &im, &e));
  stop_raise();
  assert_false(import_stage(im, &e));
  stop_clear();
  assert_int_equal(e.kind, ERR_INTERRUPT);
  err_free(&e);
  import_close(im);
  assert_rows(s, "SELECT count(*) FROM orders", "0\n");
  store_close(s);
}

static void rows_in_any_order_of_days_give_the_same_lines(void **state) {
  (void)state;
  Store *s = fresh(2);
  make_accounts(s, "code\nA\n");
  Buf b = {0};
  buf_puts(&b, "account,day,revenue\n");
  uint64_t seed = 5;
  int64_t sum = 0;
  for (int i = 0; i < 60000; i++) {
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    int day = (int)((seed >> 33) % 28) + 1, month = (int)((seed >> 40) % 12) + 1;
    int amount = (int)((seed >> 20) % 100000);
    sum += amount;
    buf_printf(&b, "A,2026-%02d-%02d,%d.%02d\n", month, day, amount / 100, amount % 100);
  }
  put_bytes("o.csv", b.p, b.n);
  ImportSpec spec = orders(path_of("o.csv"));
  taken(s, &spec);
  buf_clear(&b);
  buf_printf(&b, "60000|%lld|0\n", (long long)sum);
  assert_rows(s, "SELECT count(*), sum(revenue), sum(day <> id / 10000000) FROM orders", b.p);
  assert_rows(s,
              "SELECT count(*) FROM (SELECT day, max(id) - min(id) + 1 - count(*) AS gap FROM orders GROUP "
              "BY day) WHERE gap <> 0",
              "0\n");
  buf_free(&b);
  store_close(s);
}

static int make_folder(void **state) {
  (void)state;
  strcpy(folder, "/tmp/pareto-import-test-XXXXXX");
  return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state) {
  (void)state;
  static const char *const name[] = {"t.db",      "t.db-wal",    "t.db-shm", "o.csv",   "accounts.csv",
                                     "heads.csv", "lines.csv",   "gb.csv",   "odd.csv", "p.csv",
                                     "q.csv",     "rejects.csv", "big.csv"};
  for (size_t i = 0; i < sizeof name / sizeof *name; i++) unlink(path_of(name[i]));
  return rmdir(folder);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(order_lines_are_computed_selected_and_stored_by_day),
    cmocka_unit_test(lines_of_a_day_go_on_behind_those_that_are_there),
    cmocka_unit_test(keys_tell_new_changed_and_unchanged_rows_apart),
    cmocka_unit_test(an_entity_with_a_key_of_its_own_is_updated_by_it),
    cmocka_unit_test(subsidiaries_may_stand_before_their_parents),
    cmocka_unit_test(a_second_file_brings_its_columns),
    cmocka_unit_test(a_heading_that_is_no_name_is_reached_by_a_rule_all_the_same),
    cmocka_unit_test(gb18030_separators_bom_crlf_and_files_without_heading_are_read),
    cmocka_unit_test(bad_rows_are_named_and_nothing_is_written),
    cmocka_unit_test(a_heading_alone_is_no_error),
    cmocka_unit_test(a_key_twice_in_the_file_rejects_both_lines),
      cmocka_unit_test(rows_that_say_the_same_of_their_key_are_taken_once),
    cmocka_unit_test(a_value_outside_its_set_is_counted_and_can_be_given_a_meaning),
    cmocka_unit_test(some_rows_may_be_rejected_when_it_is_said_and_go_to_a_file),
    cmocka_unit_test(what_cannot_be_asked_for_is_refused_with_what_can),
    cmocka_unit_test(a_field_of_two_gigabytes_is_refused_in_little_memory),
    cmocka_unit_test(ctrl_c_leaves_the_database_as_it_was),
    cmocka_unit_test(rows_in_any_order_of_days_give_the_same_lines),
  };
  return cmocka_run_group_tests(tests, make_folder, remove_folder);
}

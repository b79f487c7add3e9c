/* Names, types and values: rules checked against a real schema and evaluated over a small company. The text has
 * sections between lines of ---: an expression, columns, args, metrics, a decision table. Whatever they hold, they are
 * refused with a message or evaluated, and one row at a time gives what all rows at once give. */
#include "fuzz.h"

#include "base/stop.h"
#include "feel/rules.h"
#include "store/store.h"

#include <string.h>
#include <unistd.h>

enum { ROWS = 4, SECTIONS = 5 };
static const int64_t rows[ROWS] = {1, 2, 3, 4};
static Store *db;

static void give_up(Err *e) {
  fprintf(stderr, "%s\n", e->what);
  abort();
}

static void open_company(void) {
  static const char *const sql[] = {
      "INSERT INTO account(id, code, name, status, tier, industry, credit_limit, headcount, since, parent) VALUES"
      "(1, 'C1', '华东仪表', 'active', 'A', '电信', 12345, 10, '2024-02-29', NULL),"
      "(2, 'C2', '金石电气', 'closed', 'B', NULL, NULL, 0, NULL, 1), (3, 'C3', NULL, NULL, NULL, NULL, NULL, NULL, NULL, 2),"
      "(4, 'C4', '', 'active', 'C', '电信', -5, 99999999, '2026-01-31', NULL)",
      "INSERT INTO staff(id, code, name, grade) VALUES(1, 'S1', '李敏', 'manager'), (2, 'S2', '周航', 'director')",
      "INSERT INTO assignment(account, staff, role, from_day) VALUES(1, 1, 'owner', '2025-01-01'), (2, 2, 'owner', '2026-03-01')",
      "INSERT INTO contact(id, code, account, decision_role, attitude) VALUES(1, 'P1', 1, 'decider', 'neutral'), (2, 'P2', 1, NULL, NULL),"
      "(3, 'P3', 2, 'user', 'supporter')",
      "INSERT INTO visit(id, account, staff, contact, day, status) VALUES(1, 2, 1, 3, '2026-01-05', 'done'), (2, 1, 2, 1, '2026-01-31', 'done')",
      "INSERT INTO orders(id, account, order_no, day, quantity, revenue) VALUES(202401020000000, 2, '1', 20240102, 1, 100),"
      "(202512310000000, 1, '2', 20251231, 1.5, 9999), (202601310000000, 2, '3', 20260131, 2, -50), (202601310000001, 4, '3', 20260131, 2, NULL)",
  };
  static char folder[] = "/tmp/pareto-fuzz-XXXXXX";
  char path[64];
  Err e = {0};
  if (!mkdtemp(folder)) abort();
  snprintf(path, sizeof path, "%s/a.db", folder);
  if (!store_init(path, (StoreInit){"CNY", 2}, &e) || !store_open(path, STORE_WRITE, &db, &e) || !store_begin(db, &e)) give_up(&e);
  for (size_t i = 0; i < sizeof sql / sizeof *sql; i++)
    if (!store_exec(db, sql[i], NULL, 0, &e)) give_up(&e);
  if (!store_commit(db, &e)) give_up(&e);
  /* It lives on without a name. */
  static const char *const ends[] = {"", "-wal", "-shm"};
  for (size_t i = 0; i < 3; i++) {
    char name[80];
    snprintf(name, sizeof name, "%s%s", path, ends[i]);
    unlink(name);
  }
  rmdir(folder);
}

static bool same(Val a, Val b) {
  if (a.t == V_NULL || b.t == V_NULL) return a.t == b.t;
  Buf x = {0}, y = {0};
  fmt_data(a, &x);
  fmt_data(b, &y);
  bool equal = str_eq(buf_view(&x), buf_view(&y));
  buf_free(&x);
  buf_free(&y);
  return equal;
}

/* Batches go through other code than single rows. */
static void evaluate(Rules *r, const Expr *x, Err *e) {
  Eval *all = eval_new(r, day_of(2026, 2, 1)), *each = eval_new(r, day_of(2026, 2, 1));
  Val batch[ROWS], one;
  if (eval_expr(all, x, rows, ROWS, batch, e))
    for (size_t i = 0; i < ROWS; i++) {
      if (!eval_expr(each, x, &rows[i], 1, &one, e)) break;
      claim(same(batch[i], one), "one row at a time gives what all rows at once give");
    }
  eval_free(all);
  eval_free(each);
}

static void decide(Rules *r, Err *e) {
  Eval *ev = eval_new(r, day_of(2026, 2, 1));
  const Decision *d;
  if (eval_decide(ev, STR("t"), rows, ROWS, &d, e)) {
    Buf why = {0};
    for (size_t i = 0; i < ROWS; i++) decision_why(ev, d->table, d->row[i], d->blocked[i], d->in + i * d->table->nin, &why);
    buf_free(&why);
  }
  eval_free(ev);
}

static void print(Err *e) {
  Buf text = {0};
  if (e->kind) err_print(e, &text);
  claim(!e->kind || utf8_valid(buf_view(&text), NULL), "errors are valid text");
  buf_free(&text);
  err_free(e);
}

static Str section(Str *rest) {
  static const char mark[] = "\n---\n";
  for (size_t i = 0; i + sizeof mark - 1 <= rest->n; i++)
    if (memcmp(rest->p + i, mark, sizeof mark - 1) == 0) {
      Str out = str_sub(*rest, 0, i);
      *rest = str_sub(*rest, i + sizeof mark - 1, rest->n);
      return out;
    }
  Str out = *rest;
  *rest = (Str){"", 0};
  return out;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (!db) open_company();
  Str rest = {(const char *)data, size};
  Src src[SECTIONS];
  for (int i = 0; i < SECTIONS; i++) src[i] = (Src){.text = section(&rest), .file = "fuzz", .line = 1, .col = 1};
  stop_at(2);
  Err e = {0};
  Rules *r = rules_new(store_host(db), DIALECT_RULES, "fuzz", "account");
  bool ok = (!src[2].text.n || rules_args(r, src[2], &e)) && (!src[3].text.n || rules_metrics(r, src[3], &e)) &&
            (!src[4].text.n || rules_table(r, "t", NULL, src[4], &e)) && rules_check(r, &e);
  if (ok) {
    Expr *x = rules_expr(r, NULL, src[0], WANT_ANY, NULL, 0, &e);
    if (x) evaluate(r, x, &e);
    print(&e);
    Expr **column;
    size_t n;
    if (src[1].text.n && rules_columns(r, NULL, src[1], false, NULL, 0, &column, &n, &e))
      for (size_t i = 0; i < n; i++) evaluate(r, column[i], &e);
    print(&e);
    if (src[4].text.n) decide(r, &e);
  }
  print(&e);
  rules_free(r);
  return 0;
}

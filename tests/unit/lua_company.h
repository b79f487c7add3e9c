/* A small company in a database of its own, for tests of the bindings. */
#ifndef LUA_COMPANY_H
#define LUA_COMPANY_H
#include "store/catalog.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ASOF "2026-11-01"

typedef struct Company {
  char folder[64];
  char path[96];
  Store *store;
} Company;

static void company_row(Store *s, const char *entity, const char *names, const char *values) {
  Str name[16], rest = str_of(names), text = str_of(values);
  Val val[16];
  size_t n = 0;
  Err e = {0};
  while (rest.p && rest.n) {
    Str one = str_trim(str_split(rest, ',', &rest)), v = str_trim(str_split(text, ',', &text));
    Day d;
    if (!v.n) continue;
    name[n] = one;
    bool number = v.p[0] >= '0' && v.p[0] <= '9';
    val[n] = day_parse(v, &d) ? val_date(d) : number ? val_int(strtol(v.p, NULL, 10)) : val_text(v);
    n++;
  }
  int64_t id;
  if (!store_insert(s, catalog_entity(str_of(entity)), name, val, n, &id, &e)) fail_msg("%s: %s", values, e.what);
}

static void company_open(Company *c) {
  static const char *const ACCOUNT[] = {"C1,华东仪表,active,A,电信", "C2,金石电气,active,B,电信", "C3,宏图光电,active,A,医疗",
                                        "C4,天工机床,active,,医疗",  "C5,老客户,closed,C,",      "C6,新客户,active,C,电信"};
  Err e = {0};
  snprintf(c->folder, sizeof c->folder, "/tmp/pareto-company-XXXXXX");
  assert_non_null(mkdtemp(c->folder));
  snprintf(c->path, sizeof c->path, "%s/test.db", c->folder);
  if (!store_init(c->path, (StoreInit){"CNY", 2}, &e) || !store_open(c->path, STORE_WRITE, &c->store, &e) ||
      !store_begin(c->store, &e))
    fail_msg("%s", e.what);
  company_row(c->store, "staff", "code, name", "S1, 李敏");
  for (size_t i = 0; i < sizeof ACCOUNT / sizeof *ACCOUNT; i++)
    company_row(c->store, "account", "code, name, status, tier, industry", ACCOUNT[i]);
  for (int month = 1; month <= 10; month++)
    for (int a = 1; a <= 4; a++) {
      char row[96];
      snprintf(row, sizeof row, "C%d, N%d-%d, 1, 2026-%02d-01, 3, %d, %d", a, a, month, month, a * 1000, a * 800);
      company_row(c->store, "orders", "account, order_no, line_no, day, quantity, revenue, cost", row);
    }
  company_row(c->store, "contact", "code, account, name, decision_role", "K1, C1, 王建国, decider");
  company_row(c->store, "contact", "code, account, name, decision_role", "K2, C1, 陈立, buyer");
  company_row(c->store, "contact", "code, account, name, decision_role", "K3, C2, 周明, decider");
  company_row(c->store, "assignment", "account, staff, role, from_day", "C1, S1, owner, 2024-03-01");
  company_row(c->store, "visit", "account, staff, day, status", "C1, S1, 2026-09-14, done");
  if (!store_commit(c->store, &e)) fail_msg("%s", e.what);
}

static void company_close(Company *c) {
  static const char *const TAIL[] = {"", "-wal", "-shm"};
  store_close(c->store);
  for (int i = 0; i < 3; i++) {
    char path[128];
    snprintf(path, sizeof path, "%s%s", c->path, TAIL[i]);
    unlink(path);
  }
  assert_int_equal(rmdir(c->folder), 0);
}

static Day company_asof(void) {
  Day d = DAY_NONE;
  day_parse(STR(ASOF), &d);
  return d;
}
#endif

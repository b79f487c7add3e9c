/* What the product does with five million order lines in the layout chosen: the cold twelve-month window, a trend
 * by months, distinct orders, a column, a private copy.   usage: layout_read [LINES [ACCOUNTS [FILE]]]
 * The file is made when it is not there. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "store/catalog.h"
#include "store/orders.h"

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static _Noreturn void stop(Err *e) {
  Buf b = {0};
  err_print(e, &b);
  fputs(b.p, stderr);
  exit(1);
}

static uint64_t seed = 88172645463325252u;
static uint32_t pick(uint32_t below) { /* xorshift64* (Vigna 2016) */
  seed ^= seed >> 12;
  seed ^= seed << 25;
  seed ^= seed >> 27;
  return (uint32_t)(((seed * 2685821657736338717u) >> 32) % below);
}

static void fill(Store *s, long lines, uint32_t accounts, Err *e) {
  for (uint32_t i = 1; i <= accounts; i++) {
    char code[16];
    snprintf(code, sizeof code, "C%06u", i);
    Val v[] = {val_int(i), val_text(str_of(code)), val_text(STR("active"))};
    if (!store_exec(s, "INSERT INTO account(id, code, status) VALUES(?1, ?2, ?3)", v, 3, e)) stop(e);
  }
  Day from = day_of(2024, 1, 1), to = day_of(2027, 1, 1);
  long done = 0, order = 100000;
  for (Day d = from; d < to; d++) {
    long until = (long)((double)lines * (d - from + 1) / (to - from)), first = done;
    while (done < until) {
      char no[24];
      snprintf(no, sizeof no, "%ld", order++);
      uint32_t n = 1 + pick(7), account = pick(accounts) + 1;
      for (uint32_t k = 1; k <= n && done < until; k++, done++) {
        Val v[] = {val_int(orders_first_id(d) + done - first),
                   val_int(account),
                   val_text(str_of(no)),
                   val_int(k),
                   val_int(orders_day(d)),
                   val_int(pick(40) + 1),
                   val_int(pick(1000000)),
                   val_int(pick(800000))};
        if (!store_exec(s, "INSERT INTO orders(id, account, order_no, line_no, day, quantity, revenue, cost) "
                           "VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)", v, 8, e)) stop(e);
      }
    }
  }
}

int main(int argc, char **argv) {
  long lines = argc > 1 ? atol(argv[1]) : 5000000;
  uint32_t accounts = argc > 2 ? (uint32_t)atol(argv[2]) : 20000;
  const char *path = argc > 3 ? argv[3] : "/tmp/layout-read.db";
  Err e = {0};
  Store *s = NULL, *copy = NULL;
  if (access(path, F_OK) != 0) {
    double t = now();
    if (!store_init(path, (StoreInit){"CNY", 2}, &e) || !store_open(path, STORE_WRITE, &s, &e) ||
        !store_begin(s, &e))
      stop(&e);
    fill(s, lines, accounts, &e);
    if (!store_commit(s, &e)) stop(&e);
    store_close(s);
    printf("%-40s %8.0f ms\n", "fill, row by row", (now() - t) * 1e3);
  }
  double t = now();
  if (!store_open(path, STORE_READ, &s, &e)) stop(&e);
  printf("%-40s %8.1f ms\n", "open", (now() - t) * 1e3);
  const FeelHost *h = store_host(s);
  Arena a = {0};
  const int64_t *id;
  size_t n;
  t = now();
  if (!h->all(h->ctx, 1, 0, &a, &id, &n, &e)) stop(&e);
  printf("%-40s %8.1f ms\n", "all accounts by code", (now() - t) * 1e3);
  Val *out = arena_alloc(&a, n * 12 * sizeof *out);
  t = now();
  if (!h->column(h->ctx, 1, h->field(h->ctx, 1, STR("status")), 0, id, n, &a, out, &e)) stop(&e);
  printf("%-40s %8.1f ms\n", "a text column", (now() - t) * 1e3);
  static const struct { const char *measure; Agg agg; Day from, to; } job[] = {
      {"profit", AGG_SUM, 20454, 20819},  /* 2026 */
      {"revenue", AGG_SUM, 20454, 20819},
      {"profit", AGG_SUM, 20089, 20454},
      {"orders", AGG_COUNT, 20454, 20819},
      {"orders", AGG_LAST_DAY, DAY_NONE, 20819},
      {"quantity", AGG_MAX, 20454, 20819},
  };
  for (size_t i = 0; i < sizeof job / sizeof *job; i++) {
    const HostField *f = h->field(h->ctx, 1, str_of(job[i].measure));
    if (f->kind != HOST_MEASURE) f = f->measure;
    t = now();
    if (!h->series(h->ctx, 1, f, job[i].agg, job[i].from, job[i].to, id, n, &a, out, &e)) stop(&e);
    printf("%-24s agg %d [%5d %5d) %8.1f ms\n", job[i].measure, (int)job[i].agg,
           job[i].from == DAY_NONE ? 0 : job[i].from, job[i].to, (now() - t) * 1e3);
  }
  Day edge[13];
  for (int k = 0; k <= 12; k++) edge[k] = day_add_months(20454, k);
  t = now();
  if (!h->steps(h->ctx, 1, h->field(h->ctx, 1, STR("profit")), AGG_SUM, edge, 12, id, n, &a, out, &e))
    stop(&e);
  printf("%-40s %8.1f ms\n", "profit by month, twelve months", (now() - t) * 1e3);
  t = now();
  if (!store_copy(s, &copy, &e)) stop(&e);
  printf("%-40s %8.1f ms\n", "private copy", (now() - t) * 1e3);
  store_close(copy);
  store_close(s);
  struct rusage u;
  getrusage(RUSAGE_SELF, &u);
  printf("%-40s %8.1f MiB\n", "peak memory", (double)u.ru_maxrss / 1024);
  arena_free(&a);
  return 0;
}

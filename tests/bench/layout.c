/* How should `orders` be laid out? Generates the same order lines into several layouts and times what the
 * product does with them: the first load, a twelve-month scan of all accounts, one account's lines, and one
 * more month. Prints a table.   usage: layout [LINES [ACCOUNTS [FOLDER]]] */
#include <sqlite3.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/date.h"

typedef struct Layout {
  const char *name, *create, *insert, *window, *account;
  int id; /* 0 none: the third column of the key; 1: day << 24 | n; 2: yyyymmdd × 10^7 + n */
  int day; /* 0: days since 1970, 1: yyyymmdd, 2: ISO text, 3: no column */
} Layout;

#define COLUMNS "account INTEGER NOT NULL, order_no TEXT, line_no INTEGER, "
#define FIGURES "product INTEGER, quantity ANY, revenue INTEGER, cost INTEGER"
#define WITH_ID "CREATE TABLE o(id INTEGER PRIMARY KEY, " COLUMNS
static const Layout layout[] = {
    {"id = day<<24|n, day in days", WITH_ID "day INTEGER NOT NULL, " FIGURES ") STRICT",
     "INSERT INTO o VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9)",
     "SELECT account, revenue, cost FROM o WHERE id >= ?1 AND id < ?2",
     "SELECT revenue FROM o WHERE account = ?1 AND id >= ?2", 1, 0},
    {"id = yyyymmdd,n, day yyyymmdd", WITH_ID "day INTEGER NOT NULL, " FIGURES ") STRICT",
     "INSERT INTO o VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9)",
     "SELECT account, revenue, cost FROM o WHERE id >= ?1 AND id < ?2",
     "SELECT revenue FROM o WHERE account = ?1 AND id >= ?2", 2, 1},
    {"  the same with a CHECK",
     WITH_ID "day INTEGER NOT NULL, " FIGURES ", CHECK(day = id / 10000000)) STRICT",
     "INSERT INTO o VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9)",
     "SELECT account, revenue, cost FROM o WHERE id >= ?1 AND id < ?2",
     "SELECT revenue FROM o WHERE account = ?1 AND id >= ?2", 2, 1},
    {"  the same, day as ISO text", WITH_ID "day TEXT NOT NULL, " FIGURES ") STRICT",
     "INSERT INTO o VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9)",
     "SELECT account, revenue, cost FROM o WHERE id >= ?1 AND id < ?2",
     "SELECT revenue FROM o WHERE account = ?1 AND id >= ?2", 2, 2},
    {"  the same without day", WITH_ID FIGURES ") STRICT", "INSERT INTO o VALUES(?1,?2,?3,?4,?6,?7,?8,?9)",
     "SELECT account, revenue, cost FROM o WHERE id >= ?1 AND id < ?2",
     "SELECT revenue FROM o WHERE account = ?1 AND id >= ?2", 2, 3},
    {"id = yyyymmdd,n, index (account)",
     WITH_ID "day INTEGER NOT NULL, " FIGURES ") STRICT; CREATE INDEX oa ON o(account)",
     "INSERT INTO o VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9)",
     "SELECT account, revenue, cost FROM o WHERE id >= ?1 AND id < ?2",
     "SELECT revenue FROM o WHERE account = ?1 AND id >= ?2", 2, 1},
    {"WITHOUT ROWID (account, day, n)",
     "CREATE TABLE o(n INTEGER, " COLUMNS "day INTEGER NOT NULL, " FIGURES
     ", PRIMARY KEY(account, day, n)) STRICT, WITHOUT ROWID",
     "INSERT INTO o VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9)",
     "SELECT account, revenue, cost FROM o WHERE day >= ?1 AND day < ?2",
     "SELECT revenue FROM o WHERE account = ?1 AND day >= ?2", 0, 1},
};

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void check(sqlite3 *db, int rc) {
  if (rc == SQLITE_OK || rc == SQLITE_DONE || rc == SQLITE_ROW) return;
  fprintf(stderr, "layout: %s\n", sqlite3_errmsg(db));
  exit(1);
}

static int64_t yyyymmdd(Day d) {
  int y, m, day;
  day_parts(d, &y, &m, &day);
  return (int64_t)y * 10000 + m * 100 + day;
}

static int64_t id_of(const Layout *l, Day d, int64_t n) {
  return l->id == 1 ? ((int64_t)d << 24) + n : l->id == 2 ? yyyymmdd(d) * 10000000 + n : n;
}
static int64_t edge(const Layout *l, Day d) { return l->id ? id_of(l, d, 0) : yyyymmdd(d); }

static uint64_t seed;
static uint32_t pick(uint32_t below) { /* xorshift64* (Vigna 2016) */
  seed ^= seed >> 12;
  seed ^= seed << 25;
  seed ^= seed >> 27;
  return (uint32_t)(((seed * 2685821657736338717u) >> 32) % below);
}

static void insert(sqlite3 *db, const Layout *l, Day from, Day to, long lines, uint32_t accounts) {
  sqlite3_stmt *q = NULL;
  check(db, sqlite3_prepare_v2(db, l->insert, -1, &q, NULL));
  long order = 0, done = 0;
  for (Day d = from; d < to; d++) {
    long until = lines * (d - from + 1) / (to - from);
    int64_t first = done;
    char iso[16], no[24];
    Buf b = {0};
    day_print(d, &b);
    snprintf(iso, sizeof iso, "%s", b.p);
    buf_free(&b);
    while (done < until) {
      uint32_t account = pick(accounts) + 1, n = 1 + pick(7);
      snprintf(no, sizeof no, "%ld", 100000 + (long)from * 1000 + order++);
      for (uint32_t k = 1; k <= n && done < until; k++, done++) {
        sqlite3_bind_int64(q, 1, id_of(l, d, done - first));
        sqlite3_bind_int64(q, 2, account);
        sqlite3_bind_text(q, 3, no, -1, SQLITE_STATIC);
        sqlite3_bind_int(q, 4, (int)k);
        if (l->day == 2) sqlite3_bind_text(q, 5, iso, -1, SQLITE_STATIC);
        else sqlite3_bind_int64(q, 5, l->day ? yyyymmdd(d) : d);
        sqlite3_bind_int(q, 6, (int)pick(500) + 1);
        sqlite3_bind_int(q, 7, (int)pick(40) + 1);
        sqlite3_bind_int(q, 8, (int)pick(1000000));
        sqlite3_bind_int(q, 9, (int)pick(800000));
        check(db, sqlite3_step(q));
        sqlite3_reset(q);
      }
    }
  }
  sqlite3_finalize(q);
}

static double scan(sqlite3 *db, const char *sql, int64_t a, int64_t b, int64_t *sum) {
  sqlite3_stmt *q = NULL;
  double t = now();
  check(db, sqlite3_prepare_v2(db, sql, -1, &q, NULL));
  sqlite3_bind_int64(q, 1, a);
  sqlite3_bind_int64(q, 2, b);
  int cols = sqlite3_column_count(q), rc;
  while ((rc = sqlite3_step(q)) == SQLITE_ROW)
    for (int i = 0; i < cols; i++) *sum += sqlite3_column_int64(q, i);
  check(db, rc);
  sqlite3_finalize(q);
  return now() - t;
}

int main(int argc, char **argv) {
  long lines = argc > 1 ? atol(argv[1]) : 5000000;
  uint32_t accounts = argc > 2 ? (uint32_t)atol(argv[2]) : 20000;
  const char *folder = argc > 3 ? argv[3] : "/tmp";
  Day from = day_of(2024, 1, 1), to = day_of(2027, 1, 1), year = day_of(2026, 1, 1);
  printf("%ld lines of %u accounts over three years\n%-34s %7s %7s %9s %9s %9s\n", lines, accounts, "layout",
         "load s", "MB", "12m ms", "account ms", "month ms");
  for (size_t i = 0; i < sizeof layout / sizeof *layout; i++) {
    const Layout *l = &layout[i];
    char path[512];
    snprintf(path, sizeof path, "%s/layout-%zu.db", folder, i);
    remove(path);
    seed = 88172645463325252u;
    sqlite3 *db = NULL;
    check(db, sqlite3_open(path, &db));
    check(db, sqlite3_exec(db, "PRAGMA page_size=8192; PRAGMA journal_mode=DELETE; PRAGMA synchronous=FULL; "
                               "PRAGMA cache_size=-8192", NULL, NULL, NULL));
    double t = now();
    check(db, sqlite3_exec(db, "BEGIN", NULL, NULL, NULL));
    check(db, sqlite3_exec(db, l->create, NULL, NULL, NULL));
    insert(db, l, from, to, lines, accounts);
    check(db, sqlite3_exec(db, "COMMIT; PRAGMA journal_mode=WAL", NULL, NULL, NULL));
    double load = now() - t;
    struct stat st = {0};
    stat(path, &st);
    int64_t sum = 0;
    double best = 1e9;
    for (int k = 0; k < 3; k++) {
      double ms = scan(db, l->window, edge(l, year), edge(l, to), &sum);
      if (ms < best) best = ms;
    }
    double one = scan(db, l->account, 7, edge(l, year), &sum);
    t = now();
    check(db, sqlite3_exec(db, "BEGIN", NULL, NULL, NULL));
    insert(db, l, to, to + 31, lines / 36, accounts);
    check(db, sqlite3_exec(db, "COMMIT", NULL, NULL, NULL));
    printf("%-34s %7.2f %7.1f %9.0f %9.1f %9.0f\n", l->name, load, (double)st.st_size / 1e6, best * 1e3,
           one * 1e3, (now() - t) * 1e3);
    fflush(stdout);
    sqlite3_close(db);
    remove(path);
  }
  return 0;
}

/* Monthly columns into the file. They say nothing that the rows do not say, so that no figure changes by it. */
#include "base/stop.h"
#include "store/window.h"

#include <string.h>

bool month_exec(Store *s, const char *sql, const Val *bind, size_t n, Err *e) {
  sqlite3_stmt *q = sql_prepare(s, sql, e);
  if (!q) return false;
  bool row = true, ok = true;
  for (size_t i = 0; ok && i < n; i++) ok = sql_bind(s, q, (int)i + 1, bind[i], e);
  while (ok && row) ok = sql_step(s, q, &row, e);
  sql_done(s, q);
  return ok;
}

bool month_put(Store *s, int64_t fact_month, int part, Str bytes, Err *e) {
  sqlite3_stmt *q = sql_prepare(s, "INSERT OR REPLACE INTO month_column(id, data) VALUES(?1, ?2)", e);
  if (!q) return false;
  bool row;
  int rc = sqlite3_bind_blob64(q, 2, bytes.n ? bytes.p : "", bytes.n, SQLITE_STATIC);
  bool ok = rc == SQLITE_OK || sql_err(s, rc, e);
  ok = ok && sql_bind(s, q, 1, val_int(fact_month * 100 + part), e) && sql_step(s, q, &row, e);
  sql_done(s, q);
  return ok;
}

bool month_put_fact(Store *s, int64_t fact_month, const MonthSummary *sum, bool extremes, Err *e) {
  const Val bind[] = {val_int(fact_month),     val_int(sum->rows),      val_int((int64_t)sum->accounts),
                      val_int(extremes),       val_int(sum->first_day), val_int(sum->last_day)};
  return month_exec(s,
                    "INSERT OR REPLACE INTO month_fact(id, rows, accounts, extremes, first_day, last_day) "
                    "VALUES(?1, ?2, ?3, ?4, ?5, ?6)",
                    bind, 6, e);
}

static bool forget_orders(Store *s, Err *e) {
  const Val id = val_int(fact_month_id(&(Fact){.number = FACT_LINES}, 0));
  return month_exec(s, "DELETE FROM month_fact WHERE id = ?1", &id, 1, e);
}

/* A month that was stale is so for every fact of its table: what is not built now will be when it is asked for. */
static bool unmark(Months *m, const Fact *f, int yyyymm, Err *e) {
  int64_t mark = (int64_t)f->table->number * 1000000 + yyyymm;
  size_t i = 0;
  while (i < m->nstale && m->stale[i] != mark) i++;
  if (i == m->nstale) return true;
  memmove(&m->stale[i], &m->stale[i + 1], (--m->nstale - i) * sizeof *m->stale);
  bool ok = true;
  for (size_t k = 0; ok && fact_at(k); k++)
    if (fact_at(k)->table == f->table) {
      const Val id = val_int(fact_month_id(fact_at(k), yyyymm));
      ok = month_exec(m->s, "DELETE FROM month_fact WHERE id = ?1", &id, 1, e);
    }
  const Val bind[] = {val_int(mark), val_int(yyyymm)};
  if (ok && f->number > FACT_OBSERVED)
    ok = month_exec(m->s, "DELETE FROM month_fact WHERE id > 1000000000 AND id % 1000000 = ?2 AND ?1", bind, 2, e);
  return ok && month_exec(m->s, "DELETE FROM month_stale WHERE id = ?1", bind, 1, e);
}

static bool save_month(Months *m, const FactMonths *f, FactMonth *fm, int month, Err *e) {
  int64_t id = fact_month_id(f->fact, month_number(month));
  const Val range[] = {val_int(id * 100), val_int(id * 100 + 99)};
  Day start = month_start(month);
  const MonthSummary sum = {fm->rows, fm->n, fm->first - start + 1, fm->last - start + 1};
  bool ok = month_exec(m->s, "DELETE FROM month_column WHERE id >= ?1 AND id <= ?2", range, 2, e) &&
            month_put_fact(m->s, id, &sum, fm->extremes, e);
  for (int part = 0; ok && part < PARTS; part++)
    if (fm->built[part].p) ok = month_put(m->s, id, part, buf_view(&fm->built[part]), e);
  return ok;
}

static bool save_spans(Months *m, Err *e) {
  int64_t id = fact_month_id(&(Fact){.number = FACT_LINES}, 0);
  Buf bytes = {0};
  for (size_t i = 0; i < m->nspan; i++) {
    put_u64(&bytes, m->span[i].key, 8);
    put_u64(&bytes, (uint64_t)m->span[i].account, 8);
    put_u64(&bytes, (uint64_t)month_number(m->span[i].month), 8);
  }
  const MonthSummary sum = {.rows = (int64_t)m->nspan};
  bool ok = month_put_fact(m->s, id, &sum, false, e) && month_put(m->s, id, 0, buf_view(&bytes), e);
  buf_free(&bytes);
  return ok;
}

bool months_save(Months *m, Err *e) {
  bool ok = true, lines = false;
  for (FactMonths *f = m->fact; ok && f; f = f->next)
    for (size_t i = 0; ok && i < f->n; i++)
      if (f->month[i].built) {
        lines |= fact_is_lines(f->fact);
        ok = unmark(m, f->fact, month_number(f->low + (int)i), e);
      }
  if (ok && lines && !m->spans_known) ok = forget_orders(m->s, e);
  for (FactMonths *f = m->fact; ok && f; f = f->next)
    for (size_t i = 0; ok && i < f->n; i++) {
      FactMonth *fm = &f->month[i];
      if (!fm->built) continue;
      ok = save_month(m, f, fm, f->low + (int)i, e);
      for (int part = 0; ok && part < PARTS; part++) buf_free(&fm->built[part]);
      if (ok) mem_free(fm->built);
      if (ok) fm->built = NULL;
    }
  if (ok && m->spans_unsaved) ok = save_spans(m, e);
  if (ok) m->unsaved = m->spans_unsaved = false;
  return ok;
}

/* --- when it may be done ------------------------------------------------------------------ */

static bool quietly(Store *s, const char *sql) {
  return sqlite3_exec(s->db, sql, NULL, NULL, NULL) == SQLITE_OK;
}

/* The host's own small transaction, or one that grows out of the snapshot; given up as soon as it had to wait. */
static void write_aside(Store *s, const char *begin, bool (*body)(Store *, Err *)) {
  if (sqlite3_db_readonly(s->db, "main") != 0) return;
  Err ignored = {0};
  bool before = s->host_sql;
  s->host_sql = s->ending = true;
  sqlite3_busy_timeout(s->db, 0);
  bool ok = (s->mode == STORE_WRITE || quietly(s, "PRAGMA query_only = OFF")) && quietly(s, begin);
  if (ok) {
    bool writing = s->writing;
    s->writing = true;
    ok = body(s, &ignored) && quietly(s, "COMMIT");
    s->writing = writing;
    if (!ok && !sqlite3_get_autocommit(s->db)) quietly(s, "ROLLBACK");
  }
  if (s->mode == STORE_READ) quietly(s, "PRAGMA query_only = ON");
  sqlite3_busy_timeout(s->db, BUSY_MS);
  s->ending = false;
  s->host_sql = before;
  err_free(&ignored);
}

static bool save_known(Store *s, Err *e) { return months_save(known_months(s->known), e); }

bool measure_unkept(Store *s) { return s->known && known_months(s->known)->unsaved; }

void measure_keep(Store *s) {
  if (!measure_unkept(s)) return;
  write_aside(s, "UPDATE setting SET value = value WHERE 0", save_known);
}

/* Facts that have columns: all their months. */
static bool build_all(Store *s, Err *e) {
  Known *k = known_of(s, e);
  bool ok = k;
  for (size_t i = 0; ok && measure_in(s, i); i++)
    for (const Source *src = measure_in(s, i)->source; ok && src->fact; src++) {
      if (!src->fact->number) continue;
      FactMonths *f = months_of(known_months(k), src->fact, e);
      ok = f && (!f->built_before || months_ready(known_months(k), f, INT32_MIN, INT32_MAX, false, e));
    }
  return ok && stop_check(e);
}

void measure_refresh(Store *s) {
  Err ignored = {0};
  Arena a = {0};
  Val v;
  bool any = s->mode == STORE_WRITE && !s->copy &&
             store_value(s, "SELECT EXISTS(SELECT 1 FROM month_stale) AND EXISTS(SELECT 1 FROM month_fact)", NULL, 0, &a, &v,
                         &ignored) &&
             v.u.i;
  if (any) write_aside(s, "BEGIN IMMEDIATE", build_all);
  arena_free(&a);
  err_free(&ignored);
}

#include "store/month_sql.h"

#include <stdio.h>

#include "store/month.h"

static const char tables[] =
    "CREATE TABLE month_stale(id INTEGER PRIMARY KEY) STRICT;\n"
    "CREATE TABLE month_fact(id INTEGER PRIMARY KEY, rows INTEGER NOT NULL, accounts INTEGER NOT NULL,\n"
    "  extremes INTEGER NOT NULL, first_day INTEGER NOT NULL, last_day INTEGER NOT NULL) STRICT;\n"
    "CREATE TABLE month_column(id INTEGER PRIMARY KEY, data BLOB NOT NULL) STRICT;\n"
    "CREATE TABLE month_name(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;\n"
    "INSERT INTO month_name(name) SELECT DISTINCT measure FROM observation ORDER BY measure;\n"
    "CREATE INDEX activity_day ON activity(day);\n"
    "CREATE INDEX visit_day ON visit(day);\n"
    "CREATE INDEX survey_day ON survey(day);\n"
    "CREATE INDEX complaint_opened ON complaint(opened);\n"
    "CREATE INDEX observation_measure ON observation(measure, day);\n";

/* SQL for the id of the mark of a row. */
static void put_id(const FactTable *t, const char *row, Buf *sql) {
  if (t->number == fact_table[0].number) buf_printf(sql, "%d000000 + %s.day / 100", t->number, row);
  else
    buf_printf(sql, "%d000000 + CAST(substr(%s.%s, 1, 4) || substr(%s.%s, 6, 2) AS INTEGER)", t->number, row, t->day, row,
               t->day);
}

static void put_mark(const FactTable *t, const char *row, Buf *sql) {
  buf_puts(sql, "  INSERT INTO month_stale(id) SELECT ");
  put_id(t, row, sql);
  buf_puts(sql, " WHERE NOT EXISTS(SELECT 1 FROM month_stale WHERE id = ");
  put_id(t, row, sql);
  buf_puts(sql, ");\n");
}

/* Marks months of rows of the table that `where` names, each once. */
static void put_marks(const FactTable *t, const char *where, Buf *sql) {
  buf_puts(sql, "  INSERT INTO month_stale(id) SELECT DISTINCT ");
  put_id(t, "x", sql);
  buf_printf(sql, " FROM %s x WHERE (%s) AND NOT EXISTS(SELECT 1 FROM month_stale WHERE id = ", t->name, where);
  put_id(t, "x", sql);
  buf_puts(sql, ");\n");
}

static void put_name(const char *value, Buf *sql) {
  buf_printf(sql, "  INSERT INTO month_name(name) SELECT %s WHERE NOT EXISTS(SELECT 1 FROM month_name WHERE name = %s);\n",
             value, value);
}

static void put_trigger(const FactTable *t, const char *when, const char *what, Buf *sql) {
  buf_printf(sql, "CREATE TRIGGER month_%s_%s %s ON %s", t->name, what, when, t->name);
}

static void put_triggers(const FactTable *t, Buf *sql) {
  bool lines = t == &fact_table[0], names = strcmp(t->name, "observation") == 0;
  char same[80] = "x.id = NEW.id";
  if (t->key) snprintf(same, sizeof same, "x.id = NEW.id OR x.%s = NEW.%s", t->key, t->key);
  put_trigger(t, "AFTER INSERT", "insert", sql);
  buf_puts(sql, "\nBEGIN\n");
  put_mark(t, "NEW", sql);
  if (names) put_name("NEW.measure", sql);
  buf_puts(sql, "END;\n");
  put_trigger(t, "AFTER UPDATE", "update", sql);
  buf_puts(sql, "\nBEGIN\n");
  put_mark(t, "OLD", sql);
  put_mark(t, "NEW", sql);
  if (names) put_name("NEW.measure", sql);
  buf_puts(sql, "END;\n");
  put_trigger(t, "AFTER DELETE", "delete", sql);
  buf_puts(sql, "\nBEGIN\n");
  put_mark(t, "OLD", sql);
  buf_puts(sql, "END;\n");
  if (lines) return; /* the id holds the month, and there is no other key: what goes is of the month of what comes */
  static const char *const before[] = {"BEFORE INSERT", "BEFORE UPDATE"}, *const what[] = {"replace", "push"};
  for (int i = 0; i < 2; i++) {
    put_trigger(t, before[i], what[i], sql);
    buf_printf(sql, " WHEN EXISTS(SELECT 1 FROM %s x WHERE %s)\nBEGIN\n", t->name, same);
    put_marks(t, same, sql);
    buf_puts(sql, "END;\n");
  }
}

void month_schema(Buf *sql) {
  buf_puts(sql, tables);
  for (int i = 0; i < FACT_TABLES; i++) put_triggers(&fact_table[i], sql);
}

/* --- where triggers are off ------------------------------------------------------------ */

bool month_mark(Store *s, int table, int yyyymm, Err *e) {
  const Val id = val_int((int64_t)table * 1000000 + yyyymm);
  return month_exec(s, "INSERT OR IGNORE INTO month_stale(id) VALUES(?1)", &id, 1, e);
}

static const FactTable *table_of(Str name) {
  for (int i = 0; i < FACT_TABLES; i++)
    if (str_is(name, fact_table[i].name)) return &fact_table[i];
  return NULL;
}

static bool mark_range(Store *s, const FactTable *t, int64_t first, int64_t last, Err *e) {
  Buf sql = {0};
  put_marks(t, "x.id >= ?1 AND x.id <= ?2", &sql);
  const Val bind[] = {val_int(first), val_int(last)};
  bool ok = month_exec(s, sql.p, bind, 2, e);
  buf_free(&sql);
  if (ok && strcmp(t->name, "observation") == 0)
    ok = month_exec(s, "INSERT INTO month_name(name) SELECT DISTINCT measure FROM observation WHERE id >= ?1 AND id <= ?2 "
                       "AND measure NOT IN (SELECT name FROM month_name)",
                    bind, 2, e);
  return ok;
}

bool month_mark_rows(Store *s, const char *table, int64_t first, int64_t last, Err *e) {
  const FactTable *t = table_of(str_of(table));
  return !t || mark_range(s, t, first, last, e);
}

bool month_mark_changes(Store *s, const Journal *j, Err *e) {
  const FactTable *t = NULL;
  Str name = {0};
  int64_t marked = 0;
  bool ok = true;
  for (size_t i = 0; ok && i < j->n; i++) {
    const Change *c = &j->change[i];
    if (!name.p || !str_eq(name, c->table)) t = table_of(name = c->table);
    if (!t) continue;
    if (t != &fact_table[0]) {
      ok = mark_range(s, t, c->id, c->id, e);
    } else if (c->id / INT64_C(1000000000) != marked) { /* the id of a line begins with its day */
      marked = c->id / INT64_C(1000000000);
      ok = month_mark(s, t->number, (int)marked, e);
    }
  }
  return ok;
}

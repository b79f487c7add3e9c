#include "store/schema.h"

#include <string.h>

#include "store/month_sql.h"
#include "store/schema_held.h"
#include "store/schema_job.h"
#include "store/schema_grant.h"
#include "store/schema_visit.h"

static const char host_tables[] =
    "CREATE TABLE setting(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, value TEXT NOT NULL) STRICT;\n"
    "CREATE TABLE field(id INTEGER PRIMARY KEY, entity TEXT NOT NULL, name TEXT NOT NULL, type TEXT NOT NULL,\n"
    "  ranked INTEGER NOT NULL, domain TEXT, about TEXT, added INTEGER NOT NULL, UNIQUE(entity, name)) STRICT;\n"
    "CREATE TABLE history(id INTEGER PRIMARY KEY, field INTEGER NOT NULL REFERENCES field(id),\n"
    "  row INTEGER NOT NULL, day TEXT NOT NULL, value ANY, run INTEGER) STRICT;\n"
    "CREATE INDEX history_row ON history(field, row, day);\n"
    "CREATE TABLE metric(id INTEGER PRIMARY KEY, entity TEXT NOT NULL, name TEXT NOT NULL, unit TEXT NOT NULL,\n"
    "  UNIQUE(entity, name)) STRICT;\n"
    "CREATE TABLE metric_value(id INTEGER PRIMARY KEY, metric INTEGER NOT NULL REFERENCES metric(id),\n"
    "  day TEXT NOT NULL, row INTEGER NOT NULL, value ANY, run INTEGER, UNIQUE(metric, day, row)) STRICT;\n"
    "CREATE TABLE run(id INTEGER PRIMARY KEY, at TEXT NOT NULL, what TEXT NOT NULL, actor TEXT NOT NULL,\n"
    "  asof TEXT NOT NULL, seed INTEGER NOT NULL, script_hash TEXT, args TEXT, status TEXT NOT NULL,\n"
    "  changes INTEGER NOT NULL, detail TEXT, digest TEXT, report BLOB, log TEXT, journal BLOB) STRICT;\n"
    "CREATE TABLE change(id INTEGER PRIMARY KEY, run INTEGER NOT NULL REFERENCES run(id), seq INTEGER NOT NULL,\n"
    "  tbl TEXT NOT NULL, row INTEGER NOT NULL, op TEXT NOT NULL, was TEXT, now TEXT) STRICT;\n"
    "CREATE INDEX change_run ON change(run, seq);\n"
    "CREATE INDEX change_row ON change(tbl, row, run);\n"
    "CREATE TABLE definition(id INTEGER PRIMARY KEY, hash TEXT NOT NULL UNIQUE, text BLOB NOT NULL) STRICT;\n"
    "CREATE TABLE decision(id INTEGER PRIMARY KEY, run INTEGER NOT NULL REFERENCES run(id), tbl TEXT NOT NULL,\n"
    "  entity TEXT NOT NULL, row INTEGER NOT NULL, asof TEXT NOT NULL, hit INTEGER NOT NULL,\n"
    "  blocked INTEGER NOT NULL, inputs TEXT, outputs TEXT, why TEXT,\n"
    "  definition INTEGER REFERENCES definition(id)) STRICT;\n"
    "CREATE INDEX decision_row ON decision(entity, row, tbl, run);\n"
    "CREATE INDEX decision_run ON decision(run);\n";

/* What makes runs accountable: undone, chained, approved; what leaves the house; other names of merged rows. */
static const char trust_tables[] =
    "ALTER TABLE run ADD COLUMN undoes INTEGER;\n"
    "ALTER TABLE run ADD COLUMN plan TEXT;\n"
    "ALTER TABLE run ADD COLUMN grants TEXT;\n"
    "ALTER TABLE run ADD COLUMN books TEXT;\n"
    "CREATE TABLE chain(id INTEGER PRIMARY KEY, run INTEGER NOT NULL, rows BLOB, hash TEXT NOT NULL) STRICT;\n"
    "CREATE TABLE personal(id INTEGER PRIMARY KEY, run INTEGER NOT NULL, hash TEXT NOT NULL UNIQUE,\n"
    "  salt BLOB NOT NULL, value ANY) STRICT;\n"
    "CREATE INDEX personal_run ON personal(run);\n"
    "CREATE TABLE added(id INTEGER PRIMARY KEY, run INTEGER NOT NULL, tbl TEXT NOT NULL, first INTEGER NOT NULL,\n"
    "  last INTEGER NOT NULL, n INTEGER NOT NULL, digest TEXT) STRICT;\n"
    "CREATE INDEX added_run ON added(run);\n"
    "CREATE TABLE outbox(id INTEGER PRIMARY KEY, run INTEGER, seq INTEGER NOT NULL, kind TEXT NOT NULL,\n"
    "  target TEXT NOT NULL, name TEXT NOT NULL, body BLOB NOT NULL) STRICT;\n"
    "CREATE TABLE delivery(id INTEGER PRIMARY KEY, outbox INTEGER NOT NULL, at TEXT NOT NULL,\n"
    "  state TEXT NOT NULL, detail TEXT) STRICT;\n"
    "CREATE INDEX delivery_outbox ON delivery(outbox);\n"
    "CREATE TABLE alias(id INTEGER PRIMARY KEY, entity TEXT NOT NULL, code TEXT NOT NULL, row INTEGER NOT NULL,\n"
    "  UNIQUE(entity, code)) STRICT;\n"
    "CREATE TABLE rolegrant(id INTEGER PRIMARY KEY, role TEXT NOT NULL, name TEXT NOT NULL,\n"
    "  UNIQUE(role, name)) STRICT;\n"
    "CREATE TABLE setting_day(id INTEGER PRIMARY KEY, name TEXT NOT NULL, day TEXT NOT NULL, value TEXT NOT NULL,\n"
    "  UNIQUE(name, day)) STRICT;\n";

static const char *const host_table[] = {
    "setting", "field",    "history", "metric", "metric_value", "run",   "change",    "definition", "decision",
    "chain",   "personal", "added",   "outbox", "delivery",     "alias", "rolegrant", "setting_day",
    "month_stale", "month_fact", "month_column", "month_name", "job", "job_run", "job_step"};
static const struct { const char *name; int since; } log_table[] = {
    {"history", 1}, {"run", 1},   {"change", 1}, {"definition", 1}, {"decision", 1},
    {"chain", 2},   {"added", 2}, {"outbox", 2}, {"delivery", 2},
};

/* No FOREIGN KEY: five million lines pay for one (the importer and the host check the account), and no
 * index on the account: it more than doubles the import, and windows of all accounts are what is asked. */
static const char orders_table[] =
    "CREATE TABLE orders(id INTEGER PRIMARY KEY, account INTEGER NOT NULL, order_no TEXT, line_no INTEGER,\n"
    "  day INTEGER NOT NULL, product INTEGER, quantity ANY, revenue INTEGER, cost INTEGER,\n"
    "  CHECK(day = id / 10000000)) STRICT;\n";

/* Two spans [from, to) meet. */
#define SPANS_MEET(a, b)                                                                            \
  a ".from_day < coalesce(" b ".to_day, '~') AND " b ".from_day < coalesce(" a ".to_day, '~')"

static const char guards[] =
    "CREATE TRIGGER assignment_owner_insert BEFORE INSERT ON assignment WHEN NEW.role = 'owner' AND EXISTS(\n"
    "  SELECT 1 FROM assignment a WHERE a.account = NEW.account AND a.role = 'owner' AND a.id <> NEW.id AND\n"
    "  " SPANS_MEET("a", "NEW") ")\n"
    "BEGIN SELECT RAISE(ABORT, 'an account has one main owner at any date'); END;\n"
    "CREATE TRIGGER assignment_owner_update BEFORE UPDATE ON assignment WHEN NEW.role = 'owner' AND EXISTS(\n"
    "  SELECT 1 FROM assignment a WHERE a.account = NEW.account AND a.role = 'owner' AND a.id <> OLD.id AND\n"
    "  " SPANS_MEET("a", "NEW") ")\n"
    "BEGIN SELECT RAISE(ABORT, 'an account has one main owner at any date'); END;\n"
    "CREATE TRIGGER complaint_first_owner BEFORE UPDATE ON complaint\n"
    "WHEN OLD.first_owner IS NOT NULL AND NEW.first_owner IS NOT OLD.first_owner\n"
    "BEGIN SELECT RAISE(ABORT, 'the first responder keeps the complaint'); END;\n"
    "CREATE TRIGGER complaint_first_owner_insert BEFORE INSERT ON complaint WHEN EXISTS(\n"
    "  SELECT 1 FROM complaint c WHERE (c.id = NEW.id OR c.code = NEW.code) AND\n"
    "  c.first_owner IS NOT NULL AND c.first_owner IS NOT NEW.first_owner)\n"
    "BEGIN SELECT RAISE(ABORT, 'the first responder keeps the complaint'); END;\n"
    "CREATE TRIGGER account_has_orders BEFORE DELETE ON account WHEN EXISTS(\n"
    "  SELECT 1 FROM orders WHERE account = OLD.id)\n"
    "BEGIN SELECT RAISE(ABORT, 'the account has order lines'); END;\n";

/* Whoever stands above a row, and above that one, is never the row itself. Checked after the row is there: a new one
 * has no id before. */
#define RING_SAYS "this would close a ring: the row it names as the one above stands below it"
#define RING(table, column, event, name)                                                                   \
  "CREATE TRIGGER " table "_" column "_ring_" name " AFTER " event " ON " table                            \
  " WHEN NEW." column " IS NOT NULL AND EXISTS(\n"                                                         \
  "  WITH RECURSIVE up(id) AS (SELECT NEW." column " UNION SELECT t." column " FROM " table               \
  " t JOIN up ON t.id = up.id WHERE t." column " IS NOT NULL)\n"                                           \
  "  SELECT 1 FROM up WHERE id = NEW.id)\n"                                                                \
  "BEGIN SELECT RAISE(ABORT, '" RING_SAYS "'); END;\n"
#define RINGS(table, column) RING(table, column, "INSERT", "insert") RING(table, column, "UPDATE OF " column, "update")
#define RING_FOUND(table, column)                                                                         \
  "WITH RECURSIVE up(start, id) AS (SELECT id, " column " FROM " table " WHERE " column " IS NOT NULL"    \
  " UNION SELECT up.start, t." column " FROM up JOIN " table " t ON t.id = up.id WHERE t." column         \
  " IS NOT NULL) SELECT coalesce(code, '" table " #' || id) FROM " table " WHERE id = (SELECT min(start)" \
  " FROM up WHERE start = id)"

static const char rings[] = RINGS("account", "parent") RINGS("contact", "reports_to") RINGS("staff", "manager");

static const SchemaInvariant invariant[] = {
    {"account", "parent", RING_FOUND("account", "parent"), RING_SAYS},
    {"contact", "reports_to", RING_FOUND("contact", "reports_to"), RING_SAYS},
    {"staff", "manager", RING_FOUND("staff", "manager"), RING_SAYS},
    {"assignment", NULL,
     "SELECT x.code FROM assignment a JOIN assignment b ON b.account = a.account AND b.id > a.id "
     "JOIN account x ON x.id = a.account "
     "WHERE a.role = 'owner' AND b.role = 'owner' AND " SPANS_MEET("a", "b") " LIMIT 1",
     "an account has one main owner at any date"},
};

const SchemaInvariant *schema_invariant(size_t i) {
  size_t n = sizeof invariant / sizeof *invariant;
  if (i < n) return &invariant[i];
  size_t prices = 0;
  while (price_invariant(prices)) prices++;
  if (i - n < prices) return price_invariant(i - n);
  size_t grants = 0;
  while (grant_invariant(grants)) grants++;
  return i - n - prices < grants ? grant_invariant(i - n - prices) : visit_invariant(i - n - prices - grants);
}

const char *schema_table(size_t i) {
  const CatEntity *ent = catalog_at(i);
  if (ent) return ent->table;
  size_t n = 0;
  while (catalog_at(n)) n++;
  return i - n < sizeof host_table / sizeof *host_table ? host_table[i - n] : NULL;
}

const char *schema_sql_type(ColType type) {
  switch (type) {
    case COL_TEXT:
    case COL_DATE: return "TEXT";
    case COL_NUM:
    case COL_PERCENT: return "ANY";
    case COL_INT:
    case COL_MONEY:
    case COL_BOOL:
    case COL_REF:
    case COL_DAYS: break;
  }
  return "INTEGER";
}

static void column_sql(const CatColumn *c, bool in_create, Buf *sql) {
  buf_printf(sql, "%s %s", c->name, schema_sql_type(c->type));
  if (in_create && (c->flags & CAT_REQUIRED)) buf_puts(sql, " NOT NULL");
  if (in_create && (c->flags & CAT_KEY)) buf_puts(sql, " UNIQUE");
  if (c->type == COL_REF) buf_printf(sql, " REFERENCES %s(id)", catalog_entity(str_of(c->ref))->table);
  if (c->type == COL_DATE) /* without a modifier date() lets 30 February through */
    buf_printf(sql, " CHECK(%s IS date(%s, '+0 days'))", c->name, c->name);
  if (c->type == COL_BOOL) buf_printf(sql, " CHECK(%s IN (0, 1))", c->name);
}

static void index_sql(const CatEntity *ent, const CatColumn *c, Buf *sql) {
  buf_printf(sql, "CREATE INDEX %s_%s ON %s(%s);\n", ent->table, c->name, ent->table, c->name);
}

/* From this version on no id is given twice. */
enum { IDS_ONCE = 7 };

static void create_table(const CatEntity *ent, int version, Buf *sql) {
  buf_printf(sql, "CREATE TABLE %s(id INTEGER PRIMARY KEY%s", ent->table, version < IDS_ONCE ? "" : " AUTOINCREMENT");
  for (size_t i = 0; i < ent->ncol; i++) {
    if (ent->col[i].sql || ent->col[i].since > version) continue;
    buf_puts(sql, ", ");
    column_sql(&ent->col[i], true, sql);
  }
  buf_puts(sql, ") STRICT;\n");
  for (size_t i = 0; i < ent->ncol; i++)
    if ((ent->col[i].flags & CAT_INDEX) && ent->col[i].since <= version) index_sql(ent, &ent->col[i], sql);
}

/* Fields that keep a history are known to table `field` by number. */
static void register_history(const CatEntity *ent, const CatColumn *c, Buf *sql) {
  buf_printf(sql, "INSERT INTO field(entity, name, type, ranked, added) VALUES('%s', '%s', '', 0, 0);\n",
             ent->name, c->name);
}

static void catalog_migration(int version, Buf *sql) {
  const CatEntity *ent;
  for (size_t i = 0; (ent = catalog_at(i)); i++) {
    int born = ent->since ? ent->since : 1;
    if (born == version && strcmp(ent->table, "orders") != 0) create_table(ent, version, sql);
    for (size_t k = 0; k < ent->ncol; k++) {
      const CatColumn *c = &ent->col[k];
      bool added = c->since == version && born < version;
      if (added && !c->sql) {
        buf_printf(sql, "ALTER TABLE %s ADD COLUMN ", ent->table);
        column_sql(c, false, sql);
        buf_puts(sql, ";\n");
        if (c->flags & CAT_INDEX) index_sql(ent, c, sql);
      }
    }
  }
  for (size_t i = 0; (ent = catalog_at(i)); i++)
    for (size_t k = 0; k < ent->ncol; k++) {
      int born = ent->col[k].since ? ent->col[k].since : ent->since ? ent->since : 1;
      if (born == version && (ent->col[k].flags & CAT_HISTORY)) register_history(ent, &ent->col[k], sql);
    }
}

static void never(const char *table, const char *what, const char *event, Buf *sql) {
  buf_printf(sql,
             "CREATE TRIGGER %s_no_%s BEFORE %s ON %s\n"
             "BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;\n",
             table, what, event, table);
}

static void append_only(const char *table, Buf *sql) {
  never(table, "update", "UPDATE", sql);
  never(table, "delete", "DELETE", sql);
  buf_printf(sql, /* OR REPLACE fires no DELETE trigger: an id that exists already counts as a delete */
             "CREATE TRIGGER %s_no_replace BEFORE INSERT ON %s WHEN EXISTS(SELECT 1 FROM %s WHERE id = NEW.id)\n"
             "BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;\n",
             table, table, table);
}

/* SQLite's own way to take a NOT NULL back; the index made anew tells other connections that the schema changed. */
static const char quote_without_account[] =
    "PRAGMA writable_schema = ON;\n"
    "UPDATE sqlite_schema SET sql = replace(sql, 'account INTEGER NOT NULL REFERENCES', 'account INTEGER REFERENCES')\n"
    "  WHERE type = 'table' AND name = 'quote';\n"
    "PRAGMA writable_schema = RESET;\n"
    "DROP INDEX quote_account; CREATE INDEX quote_account ON quote(account);\n";

static void table_ids_once(const char *table, Buf *sql) {
  buf_printf(sql,
             "UPDATE sqlite_schema SET sql = replace(sql, '(id INTEGER PRIMARY KEY,', "
             "'(id INTEGER PRIMARY KEY AUTOINCREMENT,') WHERE type = 'table' AND name = '%s';\n"
             "INSERT INTO sqlite_sequence(name, seq) SELECT '%s', max(coalesce((SELECT max(id) FROM %s), 0), "
             "coalesce((SELECT max(row) FROM change WHERE tbl = '%s'), 0), "
             "coalesce((SELECT max(last) FROM added WHERE tbl = '%s'), 0));\n",
             table, table, table, table, table);
}

/* The numbers of rows that are gone are taken from the log. SQLite searches sqlite_sequence from its beginning: what
 * runs write most stands there first. The table made and dropped makes sqlite_sequence, and tells other connections. */
static void ids_once(Buf *sql) {
  static const char *const host[] = {"history", "metric_value", "outbox", "field", "metric",
                                     "alias", "setting", "rolegrant", "setting_day"};
  const CatEntity *ent;
  buf_puts(sql, "CREATE TABLE numbered(id INTEGER PRIMARY KEY AUTOINCREMENT) STRICT; DROP TABLE numbered;\n"
                "PRAGMA writable_schema = ON;\n");
  for (size_t i = 0; i < sizeof host / sizeof *host; i++) table_ids_once(host[i], sql);
  for (size_t i = 0; (ent = catalog_at(i)); i++)
    if (ent->since < IDS_ONCE && strcmp(ent->table, "orders") != 0) table_ids_once(ent->table, sql);
  buf_puts(sql, "PRAGMA writable_schema = RESET;\n");
}

void schema_next_id(const char *table, Buf *sql) {
  buf_printf(sql,
             "SELECT 1 + max(coalesce((SELECT max(id) FROM %s), 0), "
             "coalesce((SELECT max(seq) FROM sqlite_sequence WHERE name = '%s'), 0))",
             table, table);
}

/* All money in the database is in these: changed, every sum would be another. OR REPLACE counts as a change. */
static const char money_stays[] =
    "CREATE TRIGGER setting_money_update BEFORE UPDATE ON setting WHEN OLD.name IN ('currency', 'minor')\n"
    "BEGIN SELECT RAISE(ABORT, 'the currency and its decimals are for good'); END;\n"
    "CREATE TRIGGER setting_money_delete BEFORE DELETE ON setting WHEN OLD.name IN ('currency', 'minor')\n"
    "BEGIN SELECT RAISE(ABORT, 'the currency and its decimals are for good'); END;\n"
    "CREATE TRIGGER setting_money_insert BEFORE INSERT ON setting WHEN EXISTS(SELECT 1 FROM setting\n"
    "  WHERE name IN ('currency', 'minor') AND (id = NEW.id OR name = NEW.name))\n"
    "BEGIN SELECT RAISE(ABORT, 'the currency and its decimals are for good'); END;\n";

/* A code that was merged away means another row from then on. */
static void merged_codes(Buf *sql) {
  static const char *const event[][2] = {{"INSERT", "insert"}, {"UPDATE OF", "update"}};
  const CatEntity *ent;
  for (size_t i = 0; (ent = catalog_at(i)); i++) {
    const CatColumn *key = catalog_key(ent);
    if (!key || (ent->since && ent->since > 5)) continue;
    for (int k = 0; k < 2; k++)
      buf_printf(sql,
                 "CREATE TRIGGER %s_merged_%s BEFORE %s%s%s ON %s WHEN EXISTS(\n"
                 "  SELECT 1 FROM alias WHERE entity = '%s' AND code = NEW.%s)\n"
                 "BEGIN SELECT RAISE(ABORT, 'this code was merged and means another %s'); END;\n",
                 ent->table, event[k][1], event[k][0], k ? " " : "", k ? key->name : "", ent->table, ent->name,
                 key->name, ent->name);
  }
}

/* Decisions of many rows stand together, a block a row: `row` to `last` are its ids, `hit` and `blocked` say nothing.
 * The view has a row a decision; JSON by functions that every SQLite with STRICT tables knows. */
static const char decision_blocks[] =
    "ALTER TABLE decision ADD COLUMN last INTEGER;\n"
    "ALTER TABLE decision ADD COLUMN n INTEGER;\n"
    "ALTER TABLE decision ADD COLUMN cases TEXT;\n"
    "CREATE INDEX decision_block ON decision(entity, row, last) WHERE n IS NOT NULL;\n"
    "CREATE VIEW decisions(id, run, tbl, entity, row, asof, hit, blocked, inputs, outputs, why, definition) AS\n"
    "  SELECT id, run, tbl, entity, row, asof, hit, blocked, inputs, outputs, why, definition FROM decision\n"
    "  WHERE n IS NULL UNION ALL SELECT d.id, d.run, d.tbl, d.entity, json_extract(c.value, '$[0]'), d.asof,\n"
    "  json_extract(c.value, '$[1]'), json_extract(c.value, '$[2]'),\n"
    "  (SELECT json_group_object(i.value, json_extract(c.value, '$[' || (i.key + 3) || ']')) FROM json_each(d.inputs) i),\n"
    "  (SELECT json_group_object(o.value, json_extract(c.value, '$[' || (o.key + 3 + json_array_length(d.inputs)) || ']'))\n"
    "  FROM json_each(d.outputs) o), NULL, d.definition FROM decision d, json_each(d.cases) c WHERE d.n IS NOT NULL;\n";
enum { DECISION_BLOCKS = 10 };

/* Has a field changed since a day? Asked for every column of one with a history. */
static const char history_days[] = "CREATE INDEX history_day ON history(field, day);\n";

/* Which rows of a range are not as they came; a delivery that nobody but Pareto has written. Earlier ones stand as they are. */
static const char marks_and_seals[] =
    "ALTER TABLE added ADD COLUMN marks BLOB;\n"
    "ALTER TABLE delivery ADD COLUMN seal TEXT;\n"
    "DROP TRIGGER delivery_no_update;\n"
    "UPDATE delivery SET seal = '';\n";
enum { MARKS_AND_SEALS = 15 };

void schema_migration(int version, Buf *sql) {
  if (version == 1) {
    buf_puts(sql, orders_table);
    buf_puts(sql, host_tables);
  }
  catalog_migration(version, sql);
  if (version == 1) buf_puts(sql, guards);
  if (version == 2) buf_puts(sql, trust_tables);
  if (version == 3) month_schema(sql);
  if (version == 4) buf_puts(sql, quote_without_account);
  if (version == 5) {
    buf_puts(sql, rings);
    merged_codes(sql);
    buf_puts(sql, "CREATE INDEX run_undoes ON run(undoes) WHERE undoes IS NOT NULL;\n");
  }
  if (version == 6) price_schema(sql);
  if (version == 7) buf_puts(sql, money_stays);
  if (version == IDS_ONCE) ids_once(sql);
  if (version == 8) grant_schema(sql);
  if (version == 13) grant_schema_won(sql);
  if (version == 9) job_schema(sql);
  if (version == VISIT_SCHEMA) visit_schema(sql);
  if (version == VISIT_PLAN_SCHEMA) visit_schema_plan(sql);
  if (version == DECISION_BLOCKS) buf_puts(sql, decision_blocks);
  if (version == HELD_SCHEMA) held_schema(sql);
  if (version == HELD_DAYS_SCHEMA) held_schema_days(sql);
  if (version == MARKS_AND_SEALS) {
    buf_puts(sql, marks_and_seals);
    never("delivery", "update", "UPDATE", sql);
  }
  if (version == 11) buf_puts(sql, history_days);
  for (size_t i = 0; i < sizeof log_table / sizeof *log_table; i++)
    if (log_table[i].since == version) append_only(log_table[i].name, sql);
}

#include "store/log.h"

#include "store/db.h"

/* Deferred: a change refers to its run. */
static bool unguarded(Store *s, bool (*body)(Store *, void *, Err *), void *ctx, Err *e) {
  if (!sql_host(s, "PRAGMA defer_foreign_keys = ON", e)) return false;
  sqlite3_db_config(s->db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
  bool ok = sql_atomically(s, body, ctx, e);
  sqlite3_db_config(s->db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 1, NULL);
  return ok;
}

typedef struct Prune {
  int64_t before, n;
} Prune;

static bool prune(Store *s, void *ctx, Err *e) {
  static const char *const sql[] = {
      "DELETE FROM decision WHERE run < ?1",
      "DELETE FROM change WHERE run < ?1",
      "DELETE FROM added WHERE run < ?1",
      "DELETE FROM personal WHERE run < ?1",
      "DELETE FROM outbox WHERE run < ?1 AND id IN (SELECT outbox FROM delivery WHERE state = 'delivered')",
      "DELETE FROM delivery WHERE ?1 AND outbox NOT IN (SELECT id FROM outbox)",
      "DELETE FROM definition WHERE ?1 AND id NOT IN (SELECT definition FROM decision WHERE definition IS NOT NULL)",
      "DELETE FROM run WHERE id < ?1",
  };
  Prune *p = ctx;
  Val bind = val_int(p->before);
  bool ok = true;
  for (size_t i = 0; ok && i < sizeof sql / sizeof *sql; i++) ok = store_exec(s, sql[i], &bind, 1, e);
  p->n = ok ? store_changes(s) : 0;
  return ok;
}

bool store_log_prune(Store *s, int64_t before, int64_t *n, Err *e) {
  Prune p = {before, 0};
  bool ok = unguarded(s, prune, &p, e);
  *n = p.n;
  return ok;
}

static bool prune_chain(Store *s, void *ctx, Err *e) {
  return store_exec(s, "DELETE FROM chain WHERE run < ?1", ctx, 1, e);
}

bool store_log_prune_chain(Store *s, int64_t before, Err *e) {
  Val bind = val_int(before);
  return unguarded(s, prune_chain, &bind, e);
}

typedef struct Forget {
  Val text;
  int64_t n;
} Forget;

static bool forget(Store *s, void *ctx, Err *e) {
  Forget *f = ctx;
  bool ok = store_exec(s,
                       "UPDATE outbox SET body = x'', name = '', target = '' WHERE (instr(CAST(body AS BLOB), CAST(?1 AS BLOB))"
                       " OR instr(name, ?1) OR instr(target, ?1))"
                       " AND id IN (SELECT outbox FROM delivery WHERE state = 'delivered')",
                       &f->text, 1, e);
  f->n = ok ? store_changes(s) : 0;
  return ok;
}

bool store_log_forget(Store *s, Val text, int64_t *n, Err *e) {
  Forget f = {text, 0};
  bool ok = unguarded(s, forget, &f, e);
  *n += f.n;
  return ok;
}

bool store_overwrite(Store *s, Err *e) { return sql_host(s, "PRAGMA secure_delete = ON", e); }

void store_fold(Store *s) { sqlite3_wal_checkpoint_v2(s->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL); }

#include "store/merge.h"

#include <string.h>

#include "base/stop.h"
#include "store/cell.h"

typedef struct Merge {
  const CatEntity *ent;
  int64_t from, into;
  Arena a;
} Merge;

int64_t store_alias(Store *s, const CatEntity *ent, Str code) {
  Arena a = {0};
  Err ignored = {0};
  Val v, bind[] = {val_text(str_of(ent->name)), val_text(code)};
  store_value(s, "SELECT row FROM alias WHERE entity = ?1 AND code = ?2", bind, 2, &a, &v, &ignored);
  int64_t id = v.t == V_NUM ? v.u.i : 0;
  err_free(&ignored);
  arena_free(&a);
  return id;
}

/* What SQLite or a trigger says, and of which rows. */
static bool explain(Store *s, Merge *m, const CatEntity *other, Err *own, Err *e) {
  const char *from = cell_row_name(s, m->ent, m->from, &m->a),
             *into = cell_row_name(s, m->ent, m->into, &m->a);
  int rc = sqlite3_errcode(s->db) & 0xff;
  if (own->kind != ERR_FAIL || (rc != SQLITE_CONSTRAINT && rc != SQLITE_OK)) {
    err_move(e, own);
    return false;
  }
  err_set(e, ERR_FAIL, "%s and %s both have rows of %s that cannot stand side by side: %s", from, into,
          other->name, own->what);
  err_todo(e, "end or remove one of them, and merge again");
  err_free(own);
  return false;
}

/* Those of a segment, or with a unique key, may be the same on both sides: row by row it can be said which. */
static bool move_refs(Store *s, Merge *m, const CatEntity *other, const char *column, Err *e) {
  Val bind[] = {val_int(m->into), val_int(m->from)};
  Err own = {0};
  const char *sql =
      arena_printf(&m->a, "UPDATE %s SET \"%s\" = ?1 WHERE \"%s\" = ?2", other->table, column, column);
  return stop_check(e) && (store_exec(s, sql, bind, 2, &own) || explain(s, m, other, &own, e));
}

/* An account in a segment by both codes is in it once. */
static bool fold_segments(Store *s, Merge *m, Err *e) {
  if (strcmp(m->ent->name, "account") != 0) return true;
  Val bind[] = {val_int(m->into), val_int(m->from)};
  return store_exec(s,
                    "DELETE FROM segment_member WHERE account = ?2 AND EXISTS(SELECT 1 FROM segment_member o "
                    "WHERE o.account = ?1"
                    " AND o.segment = segment_member.segment AND o.from_day <= segment_member.from_day"
                    " AND coalesce(o.to_day, '~') >= coalesce(segment_member.to_day, '~'))",
                    bind, 2, e);
}

/* Where INTO stands below FROM it takes FROM's own place in the tree: else it would come to stand below itself. */
static bool step_up(Store *s, Merge *m, const char *column, Err *e) {
  Val bind[] = {val_int(m->into), val_int(m->from)};
  const char *table = m->ent->table;
  return store_exec(s,
                    arena_printf(&m->a,
                                 "UPDATE %s SET \"%s\" = (SELECT \"%s\" FROM %s WHERE id = ?2) WHERE id = ?1 AND EXISTS("
                                 "WITH RECURSIVE up(id) AS (SELECT \"%s\" FROM %s WHERE id = ?1 UNION SELECT t.\"%s\" FROM"
                                 " %s t JOIN up ON t.id = up.id) SELECT 1 FROM up WHERE id = ?2)",
                                 table, column, column, table, column, table, column, table),
                    bind, 2, e);
}

static bool move_all(Store *s, Merge *m, Err *e) {
  const CatEntity *other;
  for (size_t i = 0; (other = catalog_at(i)); i++)
    for (size_t k = 0; k < other->ncol; k++) {
      const CatColumn *c = &other->col[k];
      if (c->type != COL_REF || c->sql || strcmp(c->ref, m->ent->name) != 0) continue;
      if (other == m->ent && !step_up(s, m, c->name, e)) return false;
      if (!move_refs(s, m, other, c->name, e)) return false;
    }
  return true;
}

static bool keep_alias(Store *s, Merge *m, Str code, Err *e) {
  Val moved[] = {val_text(str_of(m->ent->name)), val_int(m->from), val_int(m->into)};
  Val add[] = {moved[0], val_text(code), moved[2]};
  return store_exec(s, "UPDATE alias SET row = ?3 WHERE entity = ?1 AND row = ?2", moved, 3, e) &&
         store_exec(s, "INSERT INTO alias(entity, code, row) VALUES(?1, ?2, ?3)", add, 3, e);
}

static bool merge(Store *s, void *ctx, Err *e) {
  Merge *m = ctx;
  const CatColumn *key = catalog_key(m->ent);
  Val code, from = val_int(m->from);
  if (!store_value(s, arena_printf(&m->a, "SELECT \"%s\" FROM %s WHERE id = ?1", key->name, m->ent->table),
                   &from, 1, &m->a, &code, e))
    return false;
  return fold_segments(s, m, e) && move_all(s, m, e) &&
         store_exec(s, arena_printf(&m->a, "DELETE FROM %s WHERE id = ?1", m->ent->table), &from, 1, e) &&
         (code.t != V_TEXT || keep_alias(s, m, val_str(code), e));
}

bool store_merge(Store *s, const CatEntity *ent, int64_t from, int64_t into, Err *e) {
  Merge m = {.ent = ent, .from = from, .into = into};
  if (!catalog_key(ent))
    return err_set(e, ERR_FAIL, "rows of %s have no code and cannot be merged", ent->name);
  if (from == into) return err_set(e, ERR_FAIL, "these are one %s already", ent->name);
  bool ok = sql_atomically(s, merge, &m, e);
  arena_free(&m.a);
  return ok;
}

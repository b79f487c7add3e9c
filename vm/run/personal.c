#include "run/personal.h"

#include "run/hash.h"
#include "run/state.h"

#include <string.h>

static const char mark[] = "personal:";

bool personal_column(Str table, Str column) {
  const CatEntity *ent = entity_of_table(table);
  const CatColumn *c = ent ? catalog_column(ent, column) : NULL;
  return c && (c->flags & CAT_PERSONAL);
}

static void salted(Str salt, Val v, char out[65]) {
  Buf b = {0};
  buf_str(&b, salt);
  buf_char(&b, (char)('a' + v.t));
  if (v.t == V_TEXT) buf_str(&b, val_str(v));
  else fmt_data(v, &b);
  hash_hex(buf_view(&b), out);
  buf_free(&b);
}

bool personal_keep(Store *s, int64_t run, Val value, Arena *a, Val *token, Err *e) {
  char salt[33], hash[65];
  hash_random(salt);
  salted(str_of(salt), value, hash);
  Val blob = val_text(str_of(salt));
  blob.flags = VAL_BLOB;
  Val bind[] = {val_int(run), val_text(str_of(hash)), blob, value};
  if (!store_exec(s,
                  "INSERT INTO personal(run, hash, salt, value) VALUES(iif(?1 > 0, ?1, (SELECT "
                  "coalesce(max(id), 0) + 1"
                  " FROM run)), ?2, ?3, ?4)",
                  bind, 4, e))
    return false;
  char *text = arena_printf(a, "%s%s", mark, hash);
  *token = val_text(str_of(text));
  return true;
}

static bool replace(Store *s, const Change *c, const Val *cells, Arena *a, const Val **out, Err *e) {
  *out = cells;
  Val *copy = NULL;
  for (size_t k = 0; cells && k < c->ncol; k++) {
    if (cells[k].t == V_NULL || !personal_column(c->table, c->col[k])) continue;
    if (!copy) {
      copy = arena_alloc(a, c->ncol * sizeof *copy);
      memcpy(copy, cells, c->ncol * sizeof *copy);
      *out = copy;
    }
    if (!personal_keep(s, 0, cells[k], a, &copy[k], e)) return false;
  }
  return true;
}

bool personal_tokens(Store *s, const Journal *j, Journal *out, Err *e) {
  *out = (Journal){.n = j->n, .cap = j->n, .change = mem_alloc((j->n + 1) * sizeof *out->change)};
  bool ok = true;
  for (size_t i = 0; ok && i < j->n; i++) {
    const Change *c = &j->change[i];
    out->change[i] = *c;
    ok = replace(s, c, c->was, &out->arena, &out->change[i].was, e) &&
         replace(s, c, c->now, &out->arena, &out->change[i].now, e);
  }
  return ok;
}

static bool restore(Store *s, Journal *j, const Change *c, const Val *cells, Err *e) {
  for (size_t k = 0; cells && k < c->ncol; k++) {
    if (cells[k].t != V_TEXT || !personal_column(c->table, c->col[k]) || !str_starts(val_str(cells[k]), mark))
      continue;
    Val v, bind = val_text(str_sub(val_str(cells[k]), sizeof mark - 1, cells[k].n));
    if (!store_value(s, "SELECT value FROM personal WHERE hash = ?1", &bind, 1, &j->arena, &v, e))
      return false;
    if (v.t == V_NULL) {
      err_set(e, ERR_STALE, "%.*s.%.*s of row %lld was erased from the log and cannot be put back",
              STR_ARG(c->table), STR_ARG(c->col[k]), (long long)c->id);
      return err_left(e, "nothing was touched");
    }
    ((Val *)cells)[k] = v;
  }
  return true;
}

bool personal_restore(Store *s, Journal *j, Err *e) {
  bool ok = true;
  for (size_t i = 0; ok && i < j->n; i++) {
    const Change *c = &j->change[i];
    ok = restore(s, j, c, c->was, e) && restore(s, j, c, c->now, e);
  }
  return ok;
}

bool personal_erase(Store *s, const char *table, int64_t row, int64_t *n, Err *e) {
  Val bind[] = {val_text(str_of(table)), val_int(row)};
  bool ok = store_exec(
      s,
      "DELETE FROM personal WHERE run IN (SELECT run FROM change WHERE tbl = ?1 AND row = ?2) AND EXISTS("
      "SELECT 1 FROM change c WHERE c.tbl = ?1 AND c.row = ?2 AND c.run = personal.run AND"
      " (instr(c.was, personal.hash) OR instr(c.now, personal.hash)))",
      bind, 2, e);
  *n = ok ? store_changes(s) : 0;
  return ok;
}

static bool check_value(void *ctx, int ncol, const Str *name, const Val *val, Err *e) {
  (void)ncol, (void)name, (void)e;
  char hash[65];
  salted(val_str(val[1]), val[2], hash);
  if (!str_is(val_str(val[0]), hash)) buf_printf(ctx, "%.*s\n", STR_ARG(val_str(val[0])));
  return true;
}

bool personal_verify(Store *s, Buf *out, Err *e) {
  return store_query(s, "SELECT hash, salt, value FROM personal ORDER BY id", NULL, 0, check_value, out, e);
}

#include "run/personal.h"

#include "run/hash.h"
#include "run/state.h"
#include "store/log.h"

#include <string.h>

static const char mark[] = "personal:";

bool personal_column(Str table, Str column) {
  if (str_is(table, "outbox")) return str_is(column, "target") || str_is(column, "name") || str_is(column, "body");
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

/* The columns of a change; those after it mostly have the same, and share the names. */
enum { KNOWN = 16 };
typedef struct Columns {
  struct { const char *table, *name; bool personal; } column[KNOWN];
} Columns;

static bool is_personal(Columns *known, const Change *c, size_t k) {
  size_t i = k % KNOWN;
  if (known->column[i].table != c->table.p || known->column[i].name != c->col[k].p) {
    known->column[i].table = c->table.p, known->column[i].name = c->col[k].p;
    known->column[i].personal = personal_column(c->table, c->col[k]);
  }
  return known->column[i].personal;
}

static bool replace(Store *s, Columns *known, const Change *c, const Val *cells, Arena *a, const Val **out, Err *e) {
  *out = cells;
  Val *copy = NULL;
  for (size_t k = 0; cells && k < c->ncol; k++) {
    if (cells[k].t == V_NULL || !is_personal(known, c, k)) continue;
    if (!copy) {
      copy = arena_alloc(a, c->ncol * sizeof *copy);
      memcpy(copy, cells, c->ncol * sizeof *copy);
      *out = copy;
    }
    if (!personal_keep(s, 0, cells[k], a, &copy[k], e)) return false;
  }
  return true;
}

static void stand_alone(Journal *j) {
  Change *own = mem_alloc(j->n * sizeof *own);
  memcpy(own, j->change, j->n * sizeof *own);
  j->change = own, j->cap = j->n, j->leans = false;
}

bool personal_tokens(Store *s, const Journal *j, Journal *out, Err *e) {
  *out = (Journal){.n = j->n, .change = j->change, .leans = true};
  Columns known = {0};
  bool ok = true;
  for (size_t i = 0; ok && i < j->n; i++) {
    const Change *c = &j->change[i];
    Change with = *c;
    ok = replace(s, &known, c, c->was, &out->arena, &with.was, e) && replace(s, &known, c, c->now, &out->arena, &with.now, e);
    if (!ok || (with.was == c->was && with.now == c->now)) continue;
    if (out->leans) stand_alone(out);
    out->change[i] = with;
  }
  return ok;
}

bool personal_value(Store *s, Val stored, Arena *a, Val *out, bool *erased, Err *e) {
  *out = stored;
  *erased = false;
  if (stored.t != V_TEXT || stored.n != sizeof mark - 1 + 64 || !str_starts(val_str(stored), mark)) return true;
  Val bind = val_text(str_sub(val_str(stored), sizeof mark - 1, stored.n));
  if (!store_value(s, "SELECT value FROM personal WHERE hash = ?1", &bind, 1, a, out, e)) return false;
  *erased = out->t == V_NULL;
  return true;
}

static bool restore(Store *s, Journal *j, Columns *known, const Change *c, const Val *cells, Err *e) {
  for (size_t k = 0; cells && k < c->ncol; k++) {
    Val v;
    bool erased;
    if (!is_personal(known, c, k)) continue;
    if (!personal_value(s, cells[k], &j->arena, &v, &erased, e)) return false;
    bool sent = str_is(c->table, "outbox") && cells == c->now; /* undone it is taken out, or has left and stays */
    if (erased && sent) v = val_text(STR(""));
    else if (erased) {
      err_set(e, ERR_STALE, "%.*s.%.*s of row %lld was erased from the log and cannot be put back",
              STR_ARG(c->table), STR_ARG(c->col[k]), (long long)c->id);
      return err_left(e, "nothing was touched");
    }
    ((Val *)cells)[k] = v;
  }
  return true;
}

bool personal_restore(Store *s, Journal *j, Err *e) {
  Columns known = {0};
  bool ok = true;
  for (size_t i = 0; ok && i < j->n; i++) {
    const Change *c = &j->change[i];
    ok = restore(s, j, &known, c, c->was, e) && restore(s, j, &known, c, c->now, e);
  }
  return ok;
}

#define OF_ROW                                                                                                \
  " FROM personal WHERE run IN (SELECT run FROM change WHERE tbl = ?1 AND row = ?2) AND EXISTS("              \
  "SELECT 1 FROM change c WHERE c.tbl = ?1 AND c.row = ?2 AND c.run = personal.run AND"                       \
  " (instr(c.was, personal.hash) OR instr(c.now, personal.hash)))"

typedef struct Values {
  Val *val;
  size_t n, cap;
  Arena a;
} Values;

static bool add_value(void *ctx, int ncol, const Str *name, const Val *val, Err *e) {
  (void)ncol, (void)name, (void)e;
  Values *l = ctx;
  if (val[0].t != V_TEXT || !val[0].n) return true;
  mem_grow(l->val, l->cap, l->n + 1);
  l->val[l->n++] = val_copy(val[0], &l->a);
  return true;
}

/* Texts that a value is part of; the same value of somebody else stands alone and stays. */
static bool erase_around(Store *s, Val value, int64_t *texts, Err *e) {
  if (!store_exec(s,
                  "DELETE FROM personal WHERE typeof(value) IN ('text', 'blob') AND length(CAST(value AS BLOB)) >"
                  " length(CAST(?1 AS BLOB)) AND instr(CAST(value AS BLOB), CAST(?1 AS BLOB))",
                  &value, 1, e))
    return false;
  *texts += store_changes(s);
  return true;
}

bool personal_erase(Store *s, const char *table, int64_t row, const Val *live, size_t nlive, int64_t *n, int64_t *texts,
                    Err *e) {
  Val bind[] = {val_text(str_of(table)), val_int(row)};
  Values l = {0};
  *texts = 0;
  bool ok = store_query(s, "SELECT DISTINCT value" OF_ROW, bind, 2, add_value, &l, e) &&
            store_exec(s, "DELETE" OF_ROW, bind, 2, e);
  *n = ok ? store_changes(s) : 0;
  for (size_t i = 0; ok && i < nlive; i++) ok = add_value(&l, 1, NULL, &live[i], e);
  for (size_t i = 0; ok && i < l.n; i++) ok = erase_around(s, l.val[i], texts, e);
  for (size_t i = 0; ok && i < l.n; i++) ok = store_log_forget(s, l.val[i], texts, e);
  mem_free(l.val);
  arena_free(&l.a);
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

#include "run/rawtext.h"

#include "base/num.h"
#include "run/state.h"

void count_print(size_t n, Buf *out) { num_fixed(val_int((int64_t)n), 0, true, out); }

Val change_cell(const Change *c, const Val *cells, const char *column) {
  for (size_t i = 0; cells && i < c->ncol; i++)
    if (str_is(c->col[i], column)) return cells[i];
  return val_null();
}

/* The change by which the row came or went. */
static const Change *whole_row(const Journal *j, Str table, int64_t id) {
  for (size_t i = 0; j && i < j->n; i++)
    if (j->change[i].op != CHANGE_UPDATE && j->change[i].id == id && str_eq(j->change[i].table, table))
      return &j->change[i];
  return NULL;
}

static bool select_one(Store *s, const CatEntity *ent, const char *column, int64_t id, Arena *a, Val *out) {
  Err ignored = {0};
  Val bind = val_int(id);
  char *sql = arena_printf(a, "SELECT \"%s\" FROM \"%s\" WHERE id = ?1", column, ent->table);
  bool ok = store_value(s, sql, &bind, 1, a, out, &ignored);
  err_free(&ignored);
  return ok && out->t != V_NULL;
}

static bool cell_of(Store *s, const Journal *j, const CatEntity *ent, const char *column, int64_t id, Arena *a,
                    Val *out) {
  if (select_one(s, ent, column, id, a, out)) return true;
  const Change *c = whole_row(j, str_of(ent->table), id);
  *out = c ? change_cell(c, c->now ? c->now : c->was, column) : val_null();
  return out->t != V_NULL;
}

enum { TEXT_MOST = 200 }; /* bytes of a value that a difference shows */

/* Data is shown, never obeyed by the terminal; a long text is cut. */
static void seen(Val v, Buf *out) {
  Buf b = {0};
  fmt_data(v, &b);
  Str s = buf_view(&b);
  size_t n = s.n;
  if (n > TEXT_MOST)
    for (n = TEXT_MOST; n > 0 && ((unsigned char)s.p[n] & 0xC0) == 0x80;) n--;
  str_visible(str_sub(s, 0, n), false, out);
  if (n < s.n) buf_puts(out, "…");
  buf_free(&b);
}

void row_key(Store *s, const Journal *j, const CatEntity *ent, int64_t id, Buf *out) {
  Arena a = {0};
  Val v;
  const CatColumn *key = catalog_key(ent);
  if (key && cell_of(s, j, ent, key->name, id, &a, &v))
    seen(v, out);
  else
    buf_printf(out, "#%lld", (long long)id);
  arena_free(&a);
}

void row_label(Store *s, const Journal *j, const CatEntity *ent, int64_t id, Buf *out) {
  Arena a = {0};
  Val v;
  row_key(s, j, ent, id, out);
  const CatColumn *name = catalog_column(ent, STR("name"));
  bool open = name && !(name->flags & (CAT_PERSONAL | CAT_KEY));
  if (open && cell_of(s, j, ent, "name", id, &a, &v)) {
    buf_char(out, ' ');
    seen(v, out);
  }
  arena_free(&a);
}

/* Fields that playbooks add are not in the catalog but in table `field`. */
static Unit added_unit(Store *s, const Journal *j, const CatEntity *ent, Str column) {
  Arena a = {0};
  Err ignored = {0};
  Val v, bind[2] = {val_text(str_of(ent->name)), val_text(column)};
  if (!store_value(s, "SELECT type FROM field WHERE entity = ?1 AND name = ?2", bind, 2, &a, &v, &ignored))
    v = val_null();
  for (size_t i = 0; v.t == V_NULL && j && i < j->n; i++) {
    const Change *c = &j->change[i];
    if (c->op != CHANGE_INSERT || !str_is(c->table, "field")) continue;
    if (val_order(change_cell(c, c->now, "name"), bind[1]) == 0) v = change_cell(c, c->now, "type");
  }
  Unit u = UNIT_NONE;
  if (v.t == V_TEXT && str_is(val_str(v), "money")) u = UNIT_MONEY;
  if (v.t == V_TEXT && str_is(val_str(v), "percent")) u = UNIT_PERCENT;
  err_free(&ignored);
  arena_free(&a);
  return u;
}

void raw_print(Store *s, const Journal *j, const CatEntity *ent, Str column, Val raw, Buf *out) {
  if (raw.t == V_NULL) {
    buf_say(out, "(none)");
    return;
  }
  const CatColumn *col = ent ? catalog_column(ent, column) : NULL;
  if (col && (col->flags & CAT_PERSONAL)) {
    buf_say(out, "(masked)");
    return;
  }
  Unit unit = UNIT_NONE;
  if (!col && ent) unit = added_unit(s, j, ent, column);
  if (col && col->type == COL_MONEY) unit = UNIT_MONEY;
  if (col && col->type == COL_PERCENT) unit = UNIT_PERCENT;
  if (col && col->type == COL_REF && raw.t == V_NUM) {
    row_label(s, j, catalog_entity(str_of(col->ref)), raw.u.i, out);
    return;
  }
  if (col && col->type == COL_BOOL && raw.t == V_NUM) {
    buf_puts(out, raw.u.i ? "true" : "false");
    return;
  }
  if (raw.t == V_TEXT) {
    seen(raw, out);
    return;
  }
  if (unit == UNIT_MONEY && raw.t == V_NUM) raw = val_dec(raw.u.i, -store_minor(s));
  FmtEnv env = store_host(s)->fmt;
  env.null = "(none)";
  fmt_val(raw, unit, (Fmt){.kind = FMT_AUTO, .decimals = -1}, &env, out);
}

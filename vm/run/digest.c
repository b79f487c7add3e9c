#include "run/digest.h"

#include "base/num.h"
#include "run/hash.h"
#include "run/state.h"
#include "run/wire.h"

/* Columns of the host's own tables that hold ids of rows; those of entities are in the catalog. */
static const struct { const char *table, *column, *target; } host_ref[] = {
  {"history", "field", "field"},
  {"metric_value", "metric", "metric"},
};

static Str ref_target(Str table, Str column) {
  const CatEntity *ent = entity_of_table(table);
  const CatColumn *col = ent ? catalog_column(ent, column) : NULL;
  if (col && col->type == COL_REF) return str_of(catalog_entity(str_of(col->ref))->table);
  for (size_t i = 0; i < sizeof host_ref / sizeof *host_ref; i++)
    if (str_is(table, host_ref[i].table) && str_is(column, host_ref[i].column)) return str_of(host_ref[i].target);
  return (Str){0};
}

Symbols symbols_of(const Journal *j) {
  Symbols r = {.j = j, .nth = mem_zalloc(j->n + 1, sizeof *r.nth)};
  int64_t nth = 0;
  for (size_t i = 0; i < j->n; i++) {
    if (i && !str_eq(j->change[i].table, j->change[i - 1].table)) nth = 0;
    if (j->change[i].op == CHANGE_INSERT) r.nth[i] = ++nth;
  }
  return r;
}

static int64_t new_row(const Symbols *r, Str table, int64_t id) {
  size_t i = change_at(r->j, table, id);
  return i < r->j->n ? r->nth[i] : 0;
}

static void put_nth(int64_t nth, int64_t id, Buf *out) {
  if (nth) buf_char(out, '+');
  num_print(val_int(nth ? nth : id), out);
}

/* Names of a journal are shared by its changes. */
static const SymbolColumn *column_of(Symbols *r, const Change *c, size_t k) {
  SymbolColumn *s = &r->column[k % SYMBOL_COLUMNS];
  if (s->table == c->table.p && s->name == c->col[k].p) return s;
  *s = (SymbolColumn){c->table.p, c->col[k].p, ref_target(c->table, c->col[k]), str_is(c->col[k], "run") || str_is(c->col[k], "id")};
  return s;
}

static void put_cell(const Symbols *r, const SymbolColumn *col, Val v, Buf *out) {
  if (col->target.n && v.t == V_NUM && v.e == 0) {
    put_nth(new_row(r, col->target, v.u.i), v.u.i, out);
    return;
  }
  buf_char(out, (char)('a' + v.t));
  fmt_data(v, out);
}

void symbols_put(Symbols *r, const Change *c, Buf *out) {
  wire_put_str(out, c->table);
  buf_char(out, (char)c->op);
  put_nth(r->nth[c - r->j->change], c->id, out);
  for (size_t i = 0; i < c->ncol; i++) {
    const SymbolColumn *col = column_of(r, c, i);
    if (col->left_out) continue;
    wire_put_str(out, c->col[i]);
    size_t at = wire_open(out);
    if (c->was) put_cell(r, col, c->was[i], out);
    buf_char(out, '\0');
    if (c->now) put_cell(r, col, c->now[i], out);
    wire_close(out, at);
  }
}

void symbols_free(Symbols *r) {
  mem_free(r->nth);
  r->nth = NULL;
}

void plan_digest_of(const Plan *p, const Journal *j, char out[65]) {
  Buf bytes = {0};
  wire_put_str(&bytes, str_of(p->script_hash));
  wire_put_str(&bytes, str_of(p->args));
  wire_put_int(&bytes, p->asof);
  wire_put_int(&bytes, (int64_t)p->seed);
  plan_books(p, &bytes);
  if (p->limit) wire_put_str(&bytes, str_of(p->limit));
  Symbols r = symbols_of(j);
  for (size_t i = 0; i < j->n; i++) symbols_put(&r, &j->change[i], &bytes);
  symbols_free(&r);
  hash_hex(buf_view(&bytes), out);
  buf_free(&bytes);
}

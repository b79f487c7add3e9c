/* Fields that playbooks add, and the metrics they publish. */
#include <utf8proc.h>

#include "base/num.h"
#include "store/cell.h"
#include "store/schema.h"

#include "base/lang.h"

/* --- added fields -------------------------------------------------------- */

static bool name_char(uint32_t c, bool first) {
  if (c < 0x80)
    return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (!first && c >= '0' && c <= '9');
  switch (utf8proc_category((utf8proc_int32_t)c)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_NL: return true;
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_ND: return !first;
    default: return false;
  }
}

static bool name_ok(Str name) {
  for (size_t i = 0; i < name.n;) {
    bool first = i == 0;
    if (!name_char(utf8_next(name, &i), first)) return false;
  }
  return name.n > 0 && name.n <= 120;
}

typedef struct AddField {
  const CatEntity *ent;
  Str name;
  Type type;
  const char *type_name, *about;
  Arena arena;
} AddField;

static Val domain_text(const Domain *d, Arena *a) {
  if (!d || !d->n) return val_null();
  Buf b = {0};
  for (size_t i = 0; i < d->n; i++) {
    if (i) buf_char(&b, '\n');
    buf_str(&b, d->value[i]);
  }
  Val v = val_text((Str){arena_strndup(a, b.p, b.n), b.n});
  buf_free(&b);
  return v;
}

static bool same_domain(const Domain *x, const Domain *y) {
  size_t n = x ? x->n : 0;
  if (n != (y ? y->n : 0) || (n && x->ranked != y->ranked)) return false;
  for (size_t i = 0; i < n; i++)
    if (!str_eq(x->value[i], y->value[i])) return false;
  return true;
}

/* A value that stands in the table and that the new set would not have. */
static bool domain_covers(Store *s, AddField *w, const Field *f, Err *e) {
  Buf sql = {0};
  size_t n = w->type.domain ? w->type.domain->n : 0;
  Val *bind = arena_alloc(&w->arena, n * sizeof *bind), out;
  buf_printf(&sql, "SELECT %s FROM %s WHERE %s NOT IN (", f->value, w->ent->table, f->value);
  for (size_t i = 0; i < n; i++) {
    bind[i] = val_text(w->type.domain->value[i]);
    buf_printf(&sql, "%s?%zu", i ? ", " : "", i + 1);
  }
  buf_puts(&sql, ") LIMIT 1");
  bool ok = !n || store_value(s, sql.p, bind, n, &w->arena, &out, e);
  buf_free(&sql);
  if (!ok || !n || out.t == V_NULL) return ok;
  err_set(e, ERR_FAIL, "%s.%.*s has the value '%.*s', which is not among the new ones", w->ent->name,
          STR_ARG(w->name), STR_ARG(val_str(out)));
  return err_todo(e, "keep it in the list of the field");
}

static bool field_again(Store *s, AddField *w, const Field *f, Err *e) {
  bool added = f->from == FROM_COLUMN && !f->column;
  bool same = f->pub.type.kind == w->type.kind && f->pub.type.unit == w->type.unit;
  if (f->column && same && same_domain(f->pub.type.domain, w->type.domain)) return true; /* a playbook may name it all the same */
  if (!added || f->pub.type.kind != w->type.kind || f->pub.type.unit != w->type.unit) {
    err_set(e, ERR_FAIL, "%s has a field %.*s already: %s%s", w->ent->name, STR_ARG(w->name),
            _(type_name(f->pub.type.kind)), added ? "" : _(", built in"));
    return err_todo(e, "choose another name");
  }
  if (same_domain(f->pub.type.domain, w->type.domain)) return true;
  if (!domain_covers(s, w, f, e)) return false;
  Val bind[] = {val_int(f->history), domain_text(w->type.domain, &w->arena),
                val_bool(w->type.domain && w->type.domain->ranked)};
  s->named = true;
  host_forget(s);
  return store_exec(s, "UPDATE field SET domain = ?2, ranked = ?3 WHERE id = ?1", bind, 3, e);
}

bool field_column(Store *s, const char *table, Str name, ColType type, Err *e) {
  Arena a = {0};
  Val v, bind[] = {val_text(str_of(table)), val_text(name)};
  Buf sql = {0};
  bool before = s->host_sql;
  s->host_sql = true;
  bool ok = store_value(s, "SELECT 1 FROM pragma_table_info(?1) WHERE name = ?2", bind, 2, &a, &v, e);
  if (ok && v.t == V_NULL) { /* a run undone leaves its column, empty */
    buf_printf(&sql, "ALTER TABLE %s ADD COLUMN ", table);
    sql_name(&sql, name);
    buf_printf(&sql, " %s", schema_sql_type(type));
    ok = sql_run(s, sql.p, e) && taps_read(s, e);
  }
  s->host_sql = before;
  s->named = true;
  s->version++;
  host_forget(s);
  buf_free(&sql);
  arena_free(&a);
  return ok;
}

static bool field_new(Store *s, void *ctx, Err *e) {
  AddField *w = ctx;
  const ViewEntity *v = &s->host->ent[w->ent->number];
  for (size_t i = 0; i < v->n; i++) /* SQL does not tell a from A */
    if (v->list[i]->name.n == w->name.n &&
        sqlite3_strnicmp(v->list[i]->name.p, w->name.p, (int)w->name.n) == 0)
      return err_set(e, ERR_FAIL, "%s: field %.*s differs from %.*s only in capitals", w->ent->name,
                     STR_ARG(w->name), STR_ARG(v->list[i]->name));
  const Domain *d = w->type.domain;
  Val bind[] = {val_text(str_of(w->ent->name)), val_text(w->name), val_text(str_of(w->type_name)),
                val_bool(d && d->ranked), domain_text(d, &w->arena),
                w->about && *w->about ? val_text(str_of(w->about)) : val_null()};
  return field_column(s, w->ent->table, w->name, view_col_type(w->type), e) &&
         store_exec(s, "INSERT INTO field(entity, name, type, ranked, domain, about, added) "
                       "VALUES(?1, ?2, ?3, ?4, ?5, ?6, 1)", bind, 6, e);
}

/* SQLite's names of a row: a column called so would hide it. */
static bool names_row(const char *name) {
  return sqlite3_stricmp(name, "rowid") == 0 || sqlite3_stricmp(name, "oid") == 0 ||
         sqlite3_stricmp(name, "_rowid_") == 0;
}

bool store_add_field(Store *s, const char *entity, const char *name, Type type, const char *about, Err *e) {
  AddField w = {.ent = catalog_entity(str_of(entity)), .name = str_of(name), .type = type, .about = about,
                .type_name = view_type_name(type)};
  if (!w.ent) return err_set(e, ERR_FAIL, "there is no entity %s", entity);
  if (!w.type_name) return err_set(e, ERR_FAIL, "a field cannot hold a %s", _(type_name(type.kind)));
  if (!name_ok(w.name)) return err_set(e, ERR_FAIL, "'%s' is no name for a field", name);
  if (names_row(name)) {
    err_set(e, ERR_FAIL, "%s: %s is a reserved name", entity, name);
    return err_todo(e, "choose another name: the database calls its own row numbers so");
  }
  if (!view_refresh(s, e)) return false;
  const Field *f = view_field(s->host, w.ent->number, w.name);
  bool ok = f && f->from != FROM_PUBLISHED ? field_again(s, &w, f, e) : sql_atomically(s, field_new, &w, e);
  arena_free(&w.arena);
  return ok;
}

bool store_drop_field(Store *s, const char *entity, const char *name, Err *e) {
  Arena a = {0};
  Val n, bind[] = {val_text(str_of(entity)), val_text(str_of(name))};
  bool ok = store_value(s,
                        "SELECT (SELECT count(*) FROM history h WHERE h.field = f.id) FROM field f"
                        " WHERE entity = ?1 AND name = ?2 AND added = 1",
                        bind, 2, &a, &n, e);
  if (ok && n.t != V_NUM) {
    err_set(e, ERR_USAGE, "%s.%s is no field that was added", entity, name);
    ok = err_todo(e, "the fields: pareto field");
  } else if (ok && n.u.i) {
    err_set(e, ERR_FAIL, "%s.%s is part of the log: its history holds %lld value%s", entity, name, (long long)n.u.i,
            n.u.i == 1 ? "" : "s");
    ok = err_todo(e, "undo the runs that set it first: pareto history");
  }
  s->named = true;
  host_forget(s);
  ok = ok && store_exec(s, "DELETE FROM field WHERE entity = ?1 AND name = ?2 AND added = 1", bind, 2, e);
  arena_free(&a);
  return ok;
}

static Val range_text(Val low, Val high, Arena *a) {
  if (low.t == V_NULL && high.t == V_NULL) return val_null();
  Buf b = {0};
  if (low.t != V_NULL) num_print(low, &b);
  buf_puts(&b, "..");
  if (high.t != V_NULL) num_print(high, &b);
  Val v = val_text((Str){arena_strndup(a, b.p, b.n), b.n});
  buf_free(&b);
  return v;
}

static bool same_bound(Val x, Val y) {
  return x.t == V_NULL || y.t == V_NULL ? x.t == y.t : val_order(x, y) == 0;
}

bool store_field_range(Store *s, const char *entity, const char *name, Val low, Val high, Err *e) {
  const CatEntity *ent = catalog_entity(str_of(entity));
  const Field *f = ent && view_refresh(s, e) ? view_field(s->host, ent->number, str_of(name)) : NULL;
  if (!f || f->from != FROM_COLUMN || f->pub.type.kind != T_NUM || (same_bound(f->low, low) && same_bound(f->high, high)))
    return e->kind == ERR_NONE;
  Arena a = {0};
  Val out, bound[] = {low, high}, bind[] = {val_int(f->history), range_text(low, high, &a)};
  bool ok = store_value(s, arena_printf(&a, "SELECT %s FROM %s WHERE %s < ?1 OR %s > ?2 LIMIT 1", f->value, ent->table,
                                        f->value, f->value), bound, 2, &a, &out, e);
  if (ok && out.t != V_NULL) {
    ok = err_set(e, ERR_FAIL, "%s.%s has a value that is not in %.*s", entity, name, STR_ARG(val_str(bind[1])));
    err_todo(e, "widen the range of the field, or change the value first");
  }
  s->named = true;
  host_forget(s);
  ok = ok && store_exec(s, "UPDATE field SET domain = ?2 WHERE id = ?1", bind, 2, e);
  arena_free(&a);
  return ok;
}

/* --- published metrics --------------------------------------------------- */

typedef struct Publish {
  const char *entity, *metric;
  Unit unit;
  Day day;
  const int64_t *id;
  const Val *val;
  size_t n;
  Arena arena;
} Publish;

static bool metric_id(Store *s, Publish *w, int64_t *id, Err *e) {
  Val v, bind[] = {val_text(str_of(w->entity)), val_text(str_of(w->metric)),
                   val_text(str_of(unit_name(w->unit)))};
  if (!store_value(s, "SELECT id FROM metric WHERE entity = ?1 AND name = ?2", bind, 2, &w->arena, &v, e))
    return false;
  if (v.t == V_NUM) {
    *id = v.u.i;
    if (!store_value(s, "SELECT unit FROM metric WHERE entity = ?1 AND name = ?2", bind, 2, &w->arena, &v, e))
      return false;
    if (str_eq(val_str(v), val_str(bind[2]))) return true;
    err_set(e, ERR_FAIL, "metric %s was published with the unit '%.*s', not '%s'", w->metric,
            STR_ARG(val_str(v)), unit_name(w->unit));
    return err_todo(e, "publish it under another name");
  }
  if (!store_exec(s, "INSERT INTO metric(entity, name, unit) VALUES(?1, ?2, ?3)", bind, 3, e)) return false;
  *id = store_last_id(s);
  s->named = true;
  host_forget(s);
  return true;
}

static bool publish_rows(Store *s, void *ctx, Err *e) {
  Publish *w = ctx;
  int64_t metric;
  if (!metric_id(s, w, &metric, e)) return false;
  IdMap map;
  idmap_build(&map, w->id, w->n, &w->arena);
  Val day[] = {val_int(metric), val_date(w->day)};
  sqlite3_stmt *q = sql_prepare(s, "SELECT row FROM metric_value WHERE metric = ?1 AND day = ?2", e);
  bool row = true, ok = q && sql_bind(s, q, 1, day[0], e) && sql_bind(s, q, 2, day[1], e);
  int64_t *gone = NULL;
  size_t ngone = 0, cap = 0;
  while (ok && (ok = sql_step(s, q, &row, e)) && row) { /* an earlier snapshot of the same day is replaced */
    int64_t id = sqlite3_column_int64(q, 0);
    uint32_t at = idmap_at(&map, id);
    if (at != IDMAP_NONE && w->val[at].t != V_NULL) continue;
    mem_grow(gone, cap, ngone + 1);
    gone[ngone++] = id;
  }
  sql_done(s, q);
  for (size_t i = 0; ok && i < ngone; i++) {
    Val bind[] = {day[0], day[1], val_int(gone[i])};
    ok = store_exec(s, "DELETE FROM metric_value WHERE metric = ?1 AND day = ?2 AND row = ?3", bind, 3, e);
  }
  mem_free(gone);
  Val run = s->run ? val_int(s->run) : val_null();
  for (size_t i = 0; ok && i < w->n; i++) {
    if (w->val[i].t == V_NULL) continue;
    if (!val_is_num(w->val[i]))
      return err_set(e, ERR_FAIL, "metric %s: a published metric is a number", w->metric);
    Val bind[] = {day[0], day[1], val_int(w->id[i]), w->val[i], run};
    ok = store_exec(s,
                    "INSERT INTO metric_value(metric, day, row, value, run) VALUES(?1, ?2, ?3, ?4, ?5) "
                    "ON CONFLICT(metric, day, row) DO UPDATE SET value = excluded.value, run = excluded.run "
                    "WHERE value IS NOT excluded.value",
                    bind, 5, e);
  }
  return ok;
}

bool store_publish(Store *s, const char *entity, const char *metric, Unit unit, Day day, const int64_t *id,
                   const Val *val, size_t n, Err *e) {
  Publish w = {.entity = entity, .metric = metric, .unit = unit, .day = day, .id = id, .val = val, .n = n};
  if (!catalog_entity(str_of(entity))) return err_set(e, ERR_FAIL, "there is no entity %s", entity);
  if (!name_ok(str_of(metric))) return err_set(e, ERR_FAIL, "'%s' is no name for a metric", metric);
  bool ok = sql_atomically(s, publish_rows, &w, e);
  arena_free(&w.arena);
  return ok;
}

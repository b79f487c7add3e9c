/* Changes to rows of the catalog: find, assign, insert. */
#include <string.h>

#include "base/num.h"
#include "base/stop.h"
#include "feel/src.h"
#include "store/assign.h"
#include "store/cell.h"
#include "store/merge.h"
#include "store/orders.h"

static bool whole_number(Str s, int64_t *out) {
  Arena a = {0};
  Val v;
  bool ok = num_parse(s, &v, &a) && num_int(v, out);
  arena_free(&a);
  return ok;
}

bool store_find_row(Store *s, const CatEntity *ent, Str key, int64_t *out, Err *e) {
  const CatColumn *c = catalog_key(ent);
  int64_t id = 0;
  *out = 0;
  if (!c && !whole_number(key, &id)) return true;
  Arena a = {0};
  Val v, bind = c ? val_text(key) : val_int(id);
  bool ok = store_value(s, arena_printf(&a, "SELECT id FROM %s WHERE %s = ?1", ent->table, c ? c->name : "id"), &bind,
                        1, &a, &v, e);
  if (ok) *out = v.t == V_NUM ? v.u.i : c ? store_alias(s, ent, key) : 0;
  arena_free(&a);
  return ok;
}

int64_t store_find(Store *s, const CatEntity *ent, Str key) {
  Err ignored = {0};
  int64_t id;
  store_find_row(s, ent, key, &id, &ignored);
  err_free(&ignored);
  return id;
}

static bool no_field(const Host *h, const CatEntity *ent, Str name, Err *e) {
  const ViewEntity *v = &h->ent[ent->number];
  Str *names = mem_alloc(v->n * sizeof *names);
  for (size_t i = 0; i < v->n; i++) names[i] = v->list[i]->name;
  err_set(e, ERR_FAIL, "%s has no field %.*s", ent->name, STR_ARG(name));
  src_suggest(e, name, names, v->n);
  mem_free(names);
  return false;
}

/* A field that is a column of its own in the table. */
static const Field *stored_field(Store *s, const CatEntity *ent, Str name, Err *e) {
  if (!view_refresh(s, e)) return NULL;
  const Field *f = view_field(s->host, ent->number, name);
  if (!f) {
    no_field(s->host, ent, name, e);
    return NULL;
  }
  bool computed = f->from != FROM_COLUMN || (f->column && f->column->sql) || str_is(f->pub.name, "id");
  if (!computed) return f;
  err_set(e, ERR_FAIL, "%s.%.*s cannot be written", ent->name, STR_ARG(name));
  if (f->from == FROM_OWNER)
    err_todo(e, "the main account manager is an assignment: add a row to assignment");
  else err_todo(e, "it is computed from other rows");
  return NULL;
}

/* --- assigning ----------------------------------------------------------- */

typedef struct Assign {
  const CatEntity *ent;
  const Field *f;
  Day day;
  const int64_t *id;
  const Val *val;
  size_t n, changed;
  bool astray; /* triggers write too: the hook has to see each row */
  Arena arena;
} Assign;

static bool log_value(Store *s, const Assign *w, int64_t row, Val day, Val value, Err *e) {
  Val run = s->run ? val_int(s->run) : val_null();
  Val bind[] = {val_int(w->f->history), val_int(row), day, value, run};
  return store_exec(s, "INSERT INTO history(field, row, day, value, run) VALUES(?1, ?2, ?3, ?4, ?5)", bind, 5,
                    e);
}

/* The value from `day` on. What stood in the table before any history holds since ever; a later entry keeps
 * the table's place. */
static bool log_change(Store *s, Assign *w, int64_t row, Val value, bool *later, Err *e) {
  static const char since_ever[] = "0001-01-01";
  Val bind[] = {val_int(w->f->history), val_int(row), val_date(w->day)};
  Val logged, was;
  if (!store_value(s, "SELECT max(day) > ?3 FROM history WHERE field = ?1 AND row = ?2", bind, 3, &w->arena,
                   &logged, e))
    return false;
  *later = logged.t == V_NUM && logged.u.i;
  if (logged.t == V_NULL) {
    const char *sql = arena_printf(&w->arena, "SELECT %s FROM %s WHERE id = ?2", w->f->value, w->ent->table);
    if (!store_value(s, sql, bind, 2, &w->arena, &was, e)) return false;
    if (was.t != V_NULL && !log_value(s, w, row, val_text(str_of(since_ever)), was, e)) return false;
  }
  return log_value(s, w, row, val_date(w->day), value, e);
}

/* Rows that follow each other and get the same value are one statement. */
typedef struct Stretch {
  int64_t first, n;
  Val value;
} Stretch;

/* Is the value what will stand in the column, so that the journal may have it before? */
static bool as_stored(const Field *f, Val v) {
  switch (f->type) {
    case COL_TEXT: return v.t == V_NULL || v.t == V_TEXT;
    case COL_INT:
    case COL_MONEY:
    case COL_REF: return v.t == V_NULL || (v.t == V_NUM && v.e == 0);
    default: return v.t == V_NULL;
  }
}

static bool assign_stretch(Store *s, Assign *w, const char *update, Stretch *x, Err *e) {
  enum { MANY = 16 };
  int64_t n = x->n, last = x->first + n - 1;
  Val bind[] = {x->value, val_int(x->first), val_int(last)};
  x->n = 0;
  if (!n) return true;
  bool ok, known = n >= MANY && !w->astray && as_stored(w->f, x->value);
  s->sets = str_of(w->f->value);
  if (known) ok = journal_update(s, w->ent->table, w->f->value, update, x->value, x->first, last, &w->astray, e);
  else ok = store_exec(s, update, bind, 3, e);
  s->sets = (Str){0};
  if (!ok || store_changes(s) == n) return ok;
  if (n == 1) return err_set(e, ERR_FAIL, "%s %lld is not there", w->ent->name, (long long)x->first);
  return err_set(e, ERR_FAIL, "some of %s %lld to %lld are not there", w->ent->name, (long long)x->first,
                 (long long)(x->first + n - 1));
}

static bool assign_row(Store *s, Assign *w, const char *update, Stretch *x, int64_t row, Val value, Err *e) {
  bool later = false;
  if (w->f->history && !log_change(s, w, row, value, &later, e)) return false;
  if (later) return true;
  if (x->n && (row != x->first + x->n || !raw_same(value, x->value)) && !assign_stretch(s, w, update, x, e)) return false;
  if (!x->n++) x->first = row, x->value = value;
  return true;
}

/* The same stored value? Both are ready for the column, `now` as the rule language reads it. */
static bool unchanged(const Store *s, const Field *f, Val now, Val ready) {
  if (now.t == V_NULL || ready.t == V_NULL) return now.t == ready.t;
  int64_t minor;
  if (f->type == COL_MONEY) return num_minor(now, s->minor, &minor, NULL) && minor == ready.u.i;
  return val_order(now, ready) == 0;
}

/* More statements than a few, row by row? */
static bool scattered(const Assign *w, const int64_t *id, const Val *ready, size_t n) {
  enum { STATEMENTS_MOST = 16 };
  size_t statements = w->f->history ? n : 0;
  for (size_t i = 0; i < n && statements <= STATEMENTS_MOST; i++)
    statements += !i || id[i] != id[i - 1] + 1 || !raw_same(ready[i], ready[i - 1]);
  return statements > STATEMENTS_MOST;
}

static bool assign_rows(Store *s, void *ctx, Err *e) {
  Assign *w = ctx;
  size_t n = w->n;
  Val *now = arena_zalloc(&w->arena, n, sizeof *now);
  if (w->f->type == COL_REF) {
    int64_t *target = arena_alloc(&w->arena, n * sizeof *target);
    if (!view_one(s->host, w->ent->number, &w->f->pub, w->day, w->id, n, target, e)) return false;
    for (size_t i = 0; i < n; i++) now[i] = target[i] ? val_int(target[i]) : val_null();
  } else if (!view_column(s->host, w->ent->number, &w->f->pub, w->day, w->id, n, &w->arena, now, e)) {
    return false;
  }
  int64_t *id = arena_alloc(&w->arena, (n + 1) * sizeof *id);
  Val *ready = arena_alloc(&w->arena, (n + 1) * sizeof *ready);
  size_t changed = 0;
  for (size_t i = 0; i < n; i++) {
    Val *to = &ready[changed];
    if (i % 4096 == 0 && !stop_check(e)) return false;
    if (!cell_ready(s, w->f, "", w->val[i], to, e)) { /* once more, for the words */
      err_free(e);
      return cell_ready(s, w->f, cell_row_name(s, w->ent, w->id[i], &w->arena), w->val[i], to, e);
    }
    if (!unchanged(s, w->f, now[i], *to)) id[changed++] = w->id[i];
  }
  w->changed = changed;
  if (scattered(w, id, ready, changed)) return assign_many(s, &(Assigned){w->ent, w->f, w->day, id, ready, changed}, e);
  const char *update =
      arena_printf(&w->arena, "UPDATE %s SET %s = ?1 WHERE id BETWEEN ?2 AND ?3", w->ent->table, w->f->value);
  Stretch stretch = {0};
  for (size_t i = 0; i < changed; i++)
    if (!assign_row(s, w, update, &stretch, id[i], ready[i], e)) return false;
  return assign_stretch(s, w, update, &stretch, e);
}

bool store_assign(Store *s, const char *entity, const char *field, Day day, const int64_t *id, const Val *val,
                  size_t n, size_t *changed, Err *e) {
  *changed = 0;
  Assign w = {.ent = catalog_entity(str_of(entity)), .day = day, .id = id, .val = val, .n = n};
  if (!w.ent) return err_set(e, ERR_FAIL, "there is no entity %s", entity);
  w.f = stored_field(s, w.ent, str_of(field), e);
  if (!w.f) return false;
  if (strcmp(w.ent->table, "orders") == 0 && w.f->type == COL_DATE)
    return err_set(e, ERR_FAIL,
                   "the day of an order line is part of its number; delete the line and add it anew");
  bool ok = sql_atomically(s, assign_rows, &w, e);
  if (!ok && w.astray) {
    err_free(e);
    w.changed = 0;
    ok = sql_atomically(s, assign_rows, &w, e);
  }
  arena_free(&w.arena);
  if (ok) *changed = w.changed;
  return ok;
}

/* --- inserting ----------------------------------------------------------- */

typedef struct Insert {
  const CatEntity *ent;
  const Str *name;
  const Val *val;
  size_t n;
  int64_t id;
  Arena arena;
} Insert;

static bool required_there(const Insert *w, Err *e) {
  for (size_t k = 0; k < w->ent->ncol; k++) {
    const CatColumn *c = &w->ent->col[k];
    if (!(c->flags & CAT_REQUIRED)) continue;
    size_t i = 0;
    while (i < w->n && catalog_column(w->ent, w->name[i]) != c) i++;
    if (i == w->n)
      return err_set(e, ERR_FAIL, "a new row of %s needs %s: %s", w->ent->name, c->name, c->about);
  }
  return true;
}

/* The next free number of its day. */
static bool next_line(Store *s, Insert *w, Day day, int64_t *id, Err *e) {
  Val last, bind[] = {val_int(orders_first_id(day)), val_int(orders_first_id(day) + ORDERS_A_DAY)};
  if (!store_value(s, ORDERS_LAST, bind, 2, &w->arena, &last, e))
    return false;
  *id = last.t == V_NUM ? last.u.i + 1 : bind[0].u.i;
  return *id < bind[1].u.i ||
         err_set(e, ERR_FAIL, "a day holds %lld order lines and no more", (long long)ORDERS_A_DAY);
}

static bool check_line(Store *s, Insert *w, const Field *f, Val v, Err *e) {
  if (f->type != COL_REF || v.t == V_NULL) return true;
  const CatEntity *to = catalog_at((size_t)f->pub.target - 1);
  Val found, bind = v;
  if (!store_value(s, arena_printf(&w->arena, "SELECT 1 FROM %s WHERE id = ?1", to->table), &bind, 1,
                   &w->arena, &found, e))
    return false;
  return found.t == V_NUM || err_set(e, ERR_FAIL, "there is no %s %lld", to->name, (long long)v.u.i);
}

static bool insert_row(Store *s, void *ctx, Err *e) {
  Insert *w = ctx;
  bool lines =
      strcmp(w->ent->table, "orders") == 0; /* without foreign keys of its own; its id holds its day */
  Val *bind = arena_alloc(&w->arena, (w->n + 1) * sizeof *bind);
  Buf cols = {0}, marks = {0};
  size_t n = 0;
  bool ok = required_there(w, e);
  for (size_t i = 0; ok && i < w->n; i++) {
    const Field *f = stored_field(s, w->ent, w->name[i], e);
    ok = f && cell_ready(s, f, arena_printf(&w->arena, "new %s", w->ent->name), w->val[i], &bind[n], e);
    if (ok && lines) ok = check_line(s, w, f, bind[n], e);
    if (!ok) break;
    if (lines && f->type == COL_DATE) {
      Day day = (Day)bind[n].u.i;
      ok = next_line(s, w, day, &w->id, e);
      bind[n] = val_int(orders_day(day));
    }
    n++;
    buf_printf(&cols, "%s%s", n > 1 ? ", " : "", f->value);
    buf_printf(&marks, "%s?%zu", n > 1 ? ", " : "", n);
  }
  if (ok && lines) {
    bind[n++] = val_int(w->id);
    buf_puts(&cols, ", id");
    buf_printf(&marks, ", ?%zu", n);
  }
  if (ok) {
    const char *sql =
        n ? arena_printf(&w->arena, "INSERT INTO %s(%s) VALUES(%s)", w->ent->table, cols.p, marks.p)
          : arena_printf(&w->arena, "INSERT INTO %s DEFAULT VALUES", w->ent->table);
    ok = store_exec(s, sql, bind, n, e);
    w->id = store_last_id(s);
  }
  buf_free(&cols);
  buf_free(&marks);
  return ok;
}

bool store_insert(Store *s, const CatEntity *ent, const Str *name, const Val *val, size_t n, int64_t *id,
                  Err *e) {
  Insert w = {.ent = ent, .name = name, .val = val, .n = n};
  bool ok = sql_atomically(s, insert_row, &w, e);
  arena_free(&w.arena);
  *id = ok ? w.id : 0;
  return ok;
}

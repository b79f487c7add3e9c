#include "store/cell.h"

#include <string.h>

#include "base/lang.h"
#include "base/num.h"
#include "feel/src.h"

static bool wrong(const Field *f, const char *where, const char *want, Err *e) {
  return err_set(e, ERR_FAIL, "%s: %.*s takes %s", where, STR_ARG(f->pub.name), _(want));
}

static bool in_domain(const Field *f, const char *where, Val v, Err *e) {
  const Domain *d = f->pub.type.domain;
  if (!d) return true;
  for (size_t i = 0; i < d->n; i++)
    if (str_eq(d->value[i], val_str(v))) return true;
  Buf list = {0};
  for (size_t i = 0; i < d->n; i++) {
    buf_puts(&list, i ? ", " : "");
    buf_str(&list, d->value[i]);
  }
  err_set(e, ERR_FAIL, "%s: %.*s is one of %s; '%.*s' is none of them", where, STR_ARG(f->pub.name), list.p,
          STR_ARG(val_str(v)));
  buf_free(&list);
  return src_suggest(e, val_str(v), d->value, d->n);
}

static bool ready_ref(Store *s, const Field *f, const char *where, Val v, Val *out, Err *e) {
  const CatEntity *ent = catalog_at((size_t)f->pub.target - 1);
  if (v.t == V_ROW && (int)v.n == f->pub.target) {
    *out = val_int(v.u.i);
    return true;
  }
  if (v.t != V_TEXT)
    return wrong(f, where, arena_say(&s->host->arena, "the key of a row of %s", ent->name), e);
  int64_t id = store_find(s, ent, val_str(v));
  *out = val_int(id);
  return id || err_set(e, ERR_FAIL, "%s: %.*s: there is no %s %.*s", where, STR_ARG(f->pub.name), ent->name,
                       STR_ARG(val_str(v)));
}

static bool in_range(const Field *f, const char *where, Val v, Err *e) {
  bool low = f->low.t != V_NULL, high = f->high.t != V_NULL;
  if ((!low || val_order(v, f->low) >= 0) && (!high || val_order(v, f->high) <= 0)) return true;
  Buf value = {0}, range = {0};
  num_print(v, &value);
  if (low) num_print(f->low, &range);
  buf_puts(&range, "..");
  if (high) num_print(f->high, &range);
  err_set(e, ERR_FAIL, "%s: %.*s is a number %s, not %s", where, STR_ARG(f->pub.name), range.p, value.p);
  buf_free(&value);
  buf_free(&range);
  return false;
}

bool cell_ready(Store *s, const Field *f, const char *where, Val v, Val *out, Err *e) {
  *out = v;
  if (v.t == V_NULL) {
    if (!f->column || !(f->column->flags & CAT_REQUIRED)) return true;
    return err_set(e, ERR_FAIL, "%s: %.*s cannot be empty", where, STR_ARG(f->pub.name));
  }
  bool rounded;
  int64_t whole;
  switch (f->type) {
    case COL_TEXT: return v.t == V_TEXT ? in_domain(f, where, v, e) : wrong(f, where, "text", e);
    case COL_NUM:
    case COL_PERCENT: return val_is_num(v) ? in_range(f, where, v, e) : wrong(f, where, "a number", e);
    case COL_INT:
      if (!val_is_num(v) || !num_int(v, &whole)) return wrong(f, where, "a whole number", e);
      *out = val_int(whole);
      return true;
    case COL_MONEY:
      if (!val_is_num(v)) return wrong(f, where, "an amount of money", e);
      if (!num_minor(v, s->minor, &whole, &rounded)) return wrong(f, where, "a smaller amount of money", e);
      *out = val_int(whole);
      return true;
    case COL_DATE: return v.t == V_DATE || wrong(f, where, "a date", e);
    case COL_BOOL: return v.t == V_BOOL || wrong(f, where, "true or false", e);
    case COL_REF: return ready_ref(s, f, where, v, out, e);
    case COL_DAYS: break;
  }
  return err_set(e, ERR_FAIL, "%s: %.*s is computed and cannot be written", where, STR_ARG(f->pub.name));
}

const char *cell_row_name(Store *s, const CatEntity *ent, int64_t id, Arena *a) {
  const CatColumn *key = catalog_key(ent);
  Val v = val_null(), bind = val_int(id);
  Err ignored = {0};
  if (key)
    store_value(s, arena_printf(a, "SELECT %s FROM %s WHERE id = ?1", key->name, ent->table), &bind, 1, a, &v,
                &ignored);
  err_free(&ignored);
  if (v.t == V_TEXT) return arena_printf(a, "%s %.*s", ent->name, STR_ARG(val_str(v)));
  return arena_printf(a, "%s %lld", ent->name, (long long)id);
}

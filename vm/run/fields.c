#include "run/fields.h"

#include "base/lang.h"

#include "run/rawtext.h"

enum { MOST_COLUMNS = 5 };

typedef struct Rows {
  Store *s;
  Report *report;
  const CatEntity *ent; /* of the history */
  Str field;
  Val *cell;
  size_t n, ncol;
} Rows;

static Val kept(Rows *r, Buf *b) {
  Val v = val_copy(val_text(buf_view(b)), &r->report->arena);
  buf_free(b);
  return v;
}

static void add_domain(const Domain *d, Buf *out) {
  for (size_t i = 0; d && i < d->n; i++)
    buf_printf(out, "%s%.*s", i ? ", " : d->ranked ? "ranked " : "one of ", STR_ARG(d->value[i]));
}

/* entity, name, about, values, added */
static bool list_row(void *ctx, int ncol, const Str *name, const Val *val, Err *e) {
  (void)ncol, (void)name, (void)e;
  Rows *r = ctx;
  Val *row = r->cell + r->n++ * r->ncol;
  const CatEntity *ent = catalog_entity(val_str(val[0]));
  const FeelHost *h = store_host(r->s);
  const HostField *f = ent ? h->field(h->ctx, ent->number, val_str(val[1])) : NULL;
  Buf full = {0}, what = {0};
  buf_printf(&full, "%.*s.%.*s", STR_ARG(val_str(val[0])), STR_ARG(val_str(val[1])));
  if (f && f->type.domain) add_domain(f->type.domain, &what);
  else if (f) buf_puts(&what, f->type.unit ? unit_name(f->type.unit) : type_name(f->type.kind));
  row[0] = kept(r, &full);
  row[1] = kept(r, &what);
  row[2] = val[3];
  row[3] = val_text(val[4].u.i ? STR("users") : STR("Pareto"));
  row[4] = val_copy(val[2].t == V_TEXT ? val[2] : val_text(STR("")), &r->report->arena);
  return true;
}

static bool count(Store *s, const char *sql, const Val *bind, size_t nbind, size_t *n, Err *e) {
  Arena a = {0};
  Val v;
  bool ok = store_value(s, sql, bind, nbind, &a, &v, e);
  *n = ok && v.t == V_NUM ? (size_t)v.u.i : 0;
  arena_free(&a);
  return ok;
}

bool fields_list(Store *s, Report *out, Err *e) {
  static const UiColumn col[] = {UI_WORD("field"), UI_WORD("holds"), UI_WORD("values"),
                                 UI_WORD("added by"),  UI_WORD("about")};
  Rows r = {.s = s, .report = out, .ncol = sizeof col / sizeof *col};
  size_t n;
  if (!count(s, "SELECT count(*) FROM field", NULL, 0, &n, e)) return false;
  report_table(out, (Str){0}, col, r.ncol, n, &r.cell)->table.words = true;
  return store_query(s,
                     "SELECT entity, name, about, (SELECT count(*) FROM history h WHERE h.field = f.id), added"
                     " FROM field f ORDER BY added, entity, name",
                     NULL, 0, list_row, &r, e);
}

/* day, value, run, what, actor */
static bool history_row(void *ctx, int ncol, const Str *name, const Val *val, Err *e) {
  (void)ncol, (void)name, (void)e;
  Rows *r = ctx;
  Val *row = r->cell + r->n++ * r->ncol;
  Buf value = {0};
  Arena *a = &r->report->arena;
  raw_print(r->s, NULL, r->ent, r->field, val[1], &value);
  row[0] = str_is(val_str(val[0]), "0001-01-01") ? val_text(STR("ever")) : val_copy(val[0], a);
  row[1] = kept(r, &value);
  row[2] = val[2];
  row[3] = val_copy(val[3], a);
  row[4] = val_copy(val[4], a);
  return true;
}

#define OF_ROW                                                                                             \
  " FROM history h JOIN field f ON f.id = h.field LEFT JOIN run r ON r.id = h.run"                         \
  " WHERE f.entity = ?1 AND f.name = ?2 AND h.row = ?3"

bool fields_history(Store *s, const RowRef *row, Str field, Report *out, Err *e) {
  static const UiColumn col[] = {UI_WORD("from"), UI_WORD("value"), UI_WORD("run"),
                                 UI_WORD("what"), UI_WORD("by")};
  if (!lookup_field(s, row->ent, field, e)) return false;
  if (!lookup_dated(s, row->ent, field)) {
    err_set(e, ERR_USAGE, "%s.%.*s keeps no history", row->ent->name, STR_ARG(field));
    return err_todo(e, "those that do: pareto field     who set it last: pareto why");
  }
  const CatColumn *c = catalog_column(row->ent, field);
  Rows r = {.s = s, .report = out, .ent = row->ent, .field = c ? str_of(c->name) : field, .ncol = MOST_COLUMNS};
  Val bind[] = {val_text(str_of(row->ent->name)), val_text(r.field), val_int(row->id)};
  size_t n;
  if (!count(s, "SELECT count(*)" OF_ROW, bind, 3, &n, e)) return false;
  ReportItem *item = report_table(out, (Str){0}, col, r.ncol, n, &r.cell);
  item->table.words = true;
  if (!n) item->table.foot = str_of(_("it was never set"));
  return store_query(s, "SELECT h.day, h.value, h.run, r.what, r.actor" OF_ROW " ORDER BY h.day DESC, h.id DESC", bind, 3,
                     history_row, &r, e);
}

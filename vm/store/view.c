#include "store/view.h"

#include <string.h>

#include "base/lang.h"
#include "base/num.h"
#include "store/later.h"
#include "store/orders.h"

/* --- names --------------------------------------------------------------- */

static NameSlot *slot_of(const ViewEntity *v, Str name) {
  size_t k = str_hash(name) & (v->slots - 1);
  while (v->slot[k].field && !str_eq(v->slot[k].name, name)) k = (k + 1) & (v->slots - 1);
  return &v->slot[k];
}

static void name_field(ViewEntity *v, Str name, Field *f) {
  NameSlot *slot = slot_of(v, name);
  if (!slot->field) *slot = (NameSlot){name, f};
}

Field *view_field(const Host *h, int entity, Str name) {
  if (entity < 1 || (size_t)entity > h->n) return NULL;
  return slot_of(&h->ent[entity], name)->field;
}

static Field *add_field(Host *h, int entity, Field f, const char *also) {
  ViewEntity *v = &h->ent[entity];
  Field *own = arena_alloc(&h->arena, sizeof *own);
  *own = f;
  own->pub.id = (int)v->n;
  if (v->n == v->cap) {
    const HostField **more = arena_alloc(&h->arena, (v->cap ? v->cap * 2 : 32) * sizeof *more);
    if (v->n) memcpy(more, v->list, v->n * sizeof *more);
    v->list = more;
    v->cap = v->cap ? v->cap * 2 : 32;
  }
  v->list[v->n++] = &own->pub;
  name_field(v, own->pub.name, own);
  if (also) name_field(v, str_of(also), own);
  return own;
}

/* --- types --------------------------------------------------------------- */

static const Domain *domain_of(Host *h, Str text, char sep, bool ranked) {
  Domain *d = arena_zalloc(&h->arena, 1, sizeof *d);
  d->ranked = ranked;
  size_t most = 1;
  for (size_t i = 0; i < text.n; i++) most += text.p[i] == sep;
  Str *value = arena_alloc(&h->arena, most * sizeof *value), rest = text;
  while (rest.p) {
    Str one = str_trim(str_split(rest, sep, &rest));
    value[d->n++] = (Str){arena_strndup(&h->arena, one.p, one.n), one.n};
  }
  d->value = value;
  return d;
}

static const Domain *values_domain(Host *h, const char *values) {
  static const char ranked[] = "ranked:";
  if (!values) return NULL;
  bool is = str_starts(str_of(values), ranked);
  return domain_of(h, str_of(is ? values + sizeof ranked - 1 : values), ',', is);
}

static Type type_of(ColType type, const Domain *domain) {
  switch (type) {
    case COL_TEXT: return (Type){.kind = T_TEXT, .domain = domain};
    case COL_MONEY: return (Type){.kind = T_NUM, .unit = UNIT_MONEY};
    case COL_PERCENT: return (Type){.kind = T_NUM, .unit = UNIT_PERCENT};
    case COL_DATE: return (Type){.kind = T_DATE};
    case COL_BOOL: return (Type){.kind = T_BOOL};
    case COL_DAYS: return (Type){.kind = T_SECS, .unit = UNIT_DAYS};
    case COL_INT:
    case COL_NUM:
    case COL_REF: break;
  }
  return (Type){.kind = T_NUM};
}

typedef struct TypeName { const char *name; TypeKind kind; Unit unit; ColType col; } TypeName;
static const TypeName type_names[] = {
    {"text", T_TEXT, UNIT_NONE, COL_TEXT},          {"number", T_NUM, UNIT_NONE, COL_NUM},
    {"percent", T_NUM, UNIT_PERCENT, COL_PERCENT},  {"money", T_NUM, UNIT_MONEY, COL_MONEY},
    {"days", T_NUM, UNIT_DAYS, COL_NUM},            {"points", T_NUM, UNIT_POINTS, COL_NUM},
    {"part", T_NUM, UNIT_PART, COL_NUM},            {"date", T_DATE, UNIT_NONE, COL_DATE},
    {"bool", T_BOOL, UNIT_NONE, COL_BOOL},
};

static const TypeName *type_entry(Type t) {
  for (size_t i = 0; i < sizeof type_names / sizeof *type_names; i++)
    if (type_names[i].kind == t.kind && (t.kind != T_NUM || type_names[i].unit == t.unit))
      return &type_names[i];
  return NULL;
}

const char *view_type_name(Type t) {
  const TypeName *found = type_entry(t);
  return found ? found->name : NULL;
}

ColType view_col_type(Type t) {
  const TypeName *found = type_entry(t);
  return found ? found->col : COL_TEXT;
}

static const TypeName *type_named(Str name) {
  for (size_t i = 0; i < sizeof type_names / sizeof *type_names; i++)
    if (str_is(name, type_names[i].name)) return &type_names[i];
  return &type_names[0];
}

ColType view_col_named(Str name) { return type_named(name)->col; }

static Val text_of(sqlite3_value *v) { /* its bytes as they lie, without a copy that ends in zero */
  const char *p = sqlite3_value_blob(v);
  return val_text((Str){p ? p : "", (size_t)sqlite3_value_bytes(v)});
}

static bool decimal(sqlite3_value *v, int kind, Arena *a, Val *out) {
  switch (kind) {
    case SQLITE_INTEGER: *out = val_int(sqlite3_value_int64(v)); return true;
    case SQLITE_FLOAT: *out = num_of_double(sqlite3_value_double(v), a); return true;
    case SQLITE_TEXT: return num_parse(val_str(text_of(v)), out, a);
    default: return false;
  }
}

bool view_stored(sqlite3_value *v, ColType type, int minor, Arena *a, Val *out) {
  int kind = sqlite3_value_type(v);
  *out = val_null();
  if (kind == SQLITE_NULL) return true;
  bool whole = kind == SQLITE_INTEGER;
  int64_t i = whole ? sqlite3_value_int64(v) : 0;
  switch (type) {
    case COL_TEXT:
      if (kind != SQLITE_TEXT) return false;
      *out = val_copy(text_of(v), a);
      return true;
    case COL_NUM:
    case COL_PERCENT: return decimal(v, kind, a, out);
    case COL_DATE: {
      Day d;
      if (whole) d = i > 0 && i <= 99991231 ? orders_day_of(i) : DAY_NONE;
      else if (kind != SQLITE_TEXT || !day_parse(val_str(text_of(v)), &d)) d = DAY_NONE;
      *out = val_date(d);
      return d != DAY_NONE;
    }
    case COL_DAYS:
      *out = val_days(whole ? i : (int64_t)sqlite3_value_double(v));
      return true;
    case COL_INT:
    case COL_REF: *out = val_int(i); return whole;
    case COL_MONEY: *out = val_dec(i, -minor); return whole;
    case COL_BOOL: *out = val_bool(i != 0); return whole;
  }
  return false;
}

/* Connections have no mutex, so that a statement's values may be looked at as they are. */
bool view_value(sqlite3_stmt *q, int col, ColType type, int minor, Arena *a, Val *out) {
  return view_stored(sqlite3_column_value(q, col), type, minor, a, out);
}

/* --- building ------------------------------------------------------------ */

static const char *quoted(Host *h, Str name) {
  Buf b = {0};
  sql_name(&b, name);
  char *z = arena_strndup(&h->arena, b.p, b.n);
  buf_free(&b);
  return z;
}

static void add_column(Host *h, int entity, const CatColumn *c) {
  Field f = {.from = FROM_COLUMN, .type = c->type, .column = c, .value = c->sql ? c->sql : c->name};
  f.pub = (HostField){.name = str_of(c->name),
                      .kind = c->type == COL_REF ? HOST_ONE : HOST_FIELD,
                      .type = type_of(c->type, values_domain(h, c->values)),
                      .personal = c->flags & CAT_PERSONAL,
                      .derived = c->sql != NULL,
                      .about = c->about};
  if (c->type == COL_REF) {
    f.pub.target = catalog_entity(str_of(c->ref))->number;
    f.pub.type = (Type){.kind = T_ROW, .entity = f.pub.target};
  }
  add_field(h, entity, f, c->also);
}

static void add_many(Host *h, int entity, const char *name, int target, FieldFrom from, const CatEntity *of,
                     const char *ref_or_about) {
  Field f = {.from = from, .of = of, .ref = of ? ref_or_about : NULL};
  f.pub = (HostField){.name = str_of(name),
                      .kind = HOST_MANY,
                      .target = target,
                      .type = {.kind = T_ROWS, .entity = target},
                      .about = of ? of->about : ref_or_about};
  add_field(h, entity, f, NULL);
}

static void add_catalog(Host *h) {
  static const CatColumn id = {.name = "id", .type = COL_INT, .about = N_("number of the row in its table")};
  const CatEntity *ent;
  for (size_t i = 0; (ent = catalog_at(i)); i++) {
    ViewEntity *v = &h->ent[i + 1];
    const CatColumn *key = catalog_key(ent), *day = catalog_day(ent);
    v->cat = ent;
    v->pub = (HostEntity){ent->number, str_of(ent->name), str_of(ent->plural), str_of(key ? key->name : "id"),
                          str_of(day ? day->name : NULL), day && (day->flags & CAT_AHEAD)};
    v->dated = catalog_column(ent, STR("from_day")) && catalog_column(ent, STR("to_day"));
    for (size_t k = 0; k < ent->ncol; k++)
      if (!(ent->col[k].flags & CAT_HIDDEN)) add_column(h, ent->number, &ent->col[k]);
    add_column(h, ent->number, &id);
  }
  for (size_t i = 0; (ent = catalog_at(i)); i++)
    for (size_t k = 0; k < ent->ncol; k++) {
      const CatColumn *c = &ent->col[k];
      if (c->back)
        add_many(h, catalog_entity(str_of(c->ref))->number, c->back, ent->number, FROM_BACK, ent, c->name);
    }
  int account = catalog_entity(STR("account"))->number, staff = catalog_entity(STR("staff"))->number;
  Field owner = {.from = FROM_OWNER};
  owner.pub = (HostField){.name = STR("owner"), .kind = HOST_ONE, .target = staff,
                          .type = {.kind = T_ROW, .entity = staff}, .about = N_("main account manager")};
  add_field(h, account, owner, NULL);
  add_many(h, staff, "accounts", account, FROM_OWNED, NULL, "accounts looked after, as main owner");
  add_many(h, account, "group", account, FROM_GROUP, NULL, N_("the account and all its subsidiaries, at any depth"));
}

static void add_waterfall(Host *h, const char *entity, bool of_line) {
  Field f = {.from = FROM_WATERFALL};
  for (; view_waterfall_step(f.step, of_line, &f.pub); f.step++)
    add_field(h, catalog_entity(str_of(entity))->number, f, NULL);
}

static void add_measures(Host *h) {
  int account = catalog_entity(STR("account"))->number;
  const Measure *m;
  for (size_t i = 0; (m = measure_at(i)); i++) {
    Field f = {.from = FROM_MEASURE, .measure = m};
    measure_describe(m, &f.pub);
    Field *rows = view_field(h, account, f.pub.name);
    if (rows) { /* rows and a history by one name */
      Field *own = arena_alloc(&h->arena, sizeof *own);
      *own = f;
      rows->pub.measure = &own->pub;
    } else {
      add_field(h, account, f, NULL);
    }
  }
}

/* They give way to every name that is there. */
static void add_own_measures(Host *h) {
  int account = catalog_entity(STR("account"))->number;
  for (size_t i = 0; i < h->nown; i++) {
    Field f = {.from = FROM_MEASURE, .measure = h->own[i]};
    measure_describe(h->own[i], &f.pub);
    if (!view_field(h, account, f.pub.name)) add_field(h, account, f, NULL);
  }
}

/* "0..10", "0.." */
static void read_range(Host *h, Str text, Field *f) {
  const char *dots = memmem(text.p, text.n, "..", 2);
  if (!dots) return;
  size_t at = (size_t)(dots - text.p);
  if (!num_parse(str_sub(text, 0, at), &f->low, &h->arena)) f->low = val_null();
  if (!num_parse(str_sub(text, at + 2, text.n), &f->high, &h->arena)) f->high = val_null();
}

static void add_registered(Host *h, const ViewEntity *v, sqlite3_stmt *q) {
  Str name = val_str(sql_raw(q, 1));
  int64_t id = sqlite3_column_int64(q, 2);
  if (!sqlite3_column_int(q, 7)) {
    Field *f = view_field(h, v->pub.number, name);
    if (f) f->history = id, f->pub.history = true;
    return;
  }
  const TypeName *t = type_named(val_str(sql_raw(q, 3)));
  bool has_domain = sqlite3_column_type(q, 5) == SQLITE_TEXT,
       about = sqlite3_column_type(q, 6) == SQLITE_TEXT;
  name.p = arena_strndup(&h->arena, name.p, name.n);
  Field f = {.from = FROM_COLUMN, .type = t->col, .value = quoted(h, name), .history = id};
  f.pub = (HostField){.name = name,
                      .kind = HOST_FIELD,
                      .history = true,
                      .type = {.kind = t->kind, .unit = t->unit}};
  if (has_domain && t->kind == T_NUM) read_range(h, val_str(sql_raw(q, 5)), &f);
  else if (has_domain) f.pub.type.domain = domain_of(h, val_str(sql_raw(q, 5)), '\n', sqlite3_column_int(q, 4));
  if (about) f.pub.about = arena_strndup(&h->arena, sql_raw(q, 6).u.s, sql_raw(q, 6).n);
  add_field(h, v->pub.number, f, NULL);
}

static void add_published(Host *h, const ViewEntity *v, sqlite3_stmt *q) {
  Str name = val_str(sql_raw(q, 1));
  if (view_field(h, v->pub.number, name)) return;
  Unit unit = UNIT_NONE;
  unit_parse(val_str(sql_raw(q, 3)), &unit);
  name.p = arena_strndup(&h->arena, name.p, name.n);
  Field f = {.from = FROM_PUBLISHED, .type = COL_NUM, .metric = sqlite3_column_int64(q, 2)};
  f.pub = (HostField){.name = name, .kind = HOST_FIELD, .history = true, .published = true,
                      .type = {.kind = T_NUM, .unit = unit}, .about = N_("published metric")};
  add_field(h, v->pub.number, f, NULL);
}

static bool read_names(Host *h, const char *sql, void (*add)(Host *, const ViewEntity *, sqlite3_stmt *),
                       Err *e) {
  sqlite3_stmt *q = sql_prepare(h->s, sql, e);
  if (!q) return false;
  bool row, ok;
  while ((ok = sql_step(h->s, q, &row, e)) && row) {
    const CatEntity *ent = catalog_entity(val_str(sql_raw(q, 0)));
    if (ent) add(h, &h->ent[ent->number], q);
  }
  sql_done(h->s, q);
  return ok;
}

static bool read_registered(Host *h, Err *e) {
  return read_names(h, "SELECT entity, name, id, type, ranked, domain, about, added FROM field ORDER BY id",
                    add_registered, e) &&
         read_names(h, "SELECT entity, name, id, unit FROM metric ORDER BY id", add_published, e);
}

static bool count_names(Store *s, size_t *n, Err *e) {
  Arena a = {0};
  Val v;
  bool ok = store_value(s, "SELECT (SELECT count(*) FROM field) + (SELECT count(*) FROM metric) + (SELECT count(*) FROM month_name) + "
                           "(SELECT count(*) FROM sqlite_schema WHERE type = 'view')",
                        NULL, 0, &a, &v, e);
  *n = ok ? (size_t)v.u.i : 0;
  arena_free(&a);
  return ok;
}

/* --- the callbacks about names ------------------------------------------- */

static int entity_named(void *ctx, Str name) {
  (void)ctx;
  const CatEntity *ent = catalog_entity(name);
  return ent ? ent->number : 0;
}

static const HostEntity *entity_info(void *ctx, int entity) {
  const Host *h = ctx;
  return entity < 1 || (size_t)entity > h->n ? NULL : &h->ent[entity].pub;
}

static const HostField *field_named(void *ctx, int entity, Str name) {
  Field *f = view_field(ctx, entity, name);
  return f ? &f->pub : NULL;
}

static size_t field_list(void *ctx, int entity, const HostField *const **list) {
  const Host *h = ctx;
  if (entity < 1 || (size_t)entity > h->n) return 0;
  *list = h->ent[entity].list;
  return h->ent[entity].n;
}

static bool granted(void *ctx, int entity, const HostField *f) {
  const Host *h = ctx;
  if (!f->personal) return true;
  Buf want = {0};
  buf_printf(&want, "%.*s.%.*s", STR_ARG(h->ent[entity].pub.name), STR_ARG(f->name));
  bool found = false;
  for (size_t i = 0; i < h->s->ngrant && !found; i++) found = strcmp(h->s->grant[i], want.p) == 0;
  buf_free(&want);
  return found;
}

typedef struct Sign { const char *currency, *sign; } Sign;
static const char *currency_sign(Host *h) {
  static const Sign signs[] = {{"CNY", "¥"}, {"JPY", "¥"}, {"USD", "$"}, {"EUR", "€"}, {"GBP", "£"},
                               {"KRW", "₩"}, {"INR", "₹"}, {"HKD", "HK$"}, {"TWD", "NT$"}};
  const char *currency = store_setting(h->s, "currency");
  for (size_t i = 0; currency && i < sizeof signs / sizeof *signs; i++)
    if (strcmp(currency, signs[i].currency) == 0) return signs[i].sign;
  return arena_printf(&h->arena, "%s ", currency ? currency : "");
}

static Host *host_new(Store *s, size_t registered) {
  Host *h = mem_zalloc(1, sizeof *h);
  h->s = s;
  while (catalog_at(h->n)) h->n++;
  h->ent = arena_zalloc(&h->arena, h->n + 1, sizeof *h->ent);
  size_t slots = 256;
  while (slots < registered * 4) slots *= 2;
  for (size_t i = 1; i <= h->n; i++) {
    h->ent[i].slots = i == 1 ? slots : 256;
    while (i > 1 && h->ent[i].slots < registered * 2 + 64) h->ent[i].slots *= 2;
    h->ent[i].slot = arena_zalloc(&h->arena, h->ent[i].slots, sizeof *h->ent[i].slot);
  }
  h->feel = (FeelHost){.ctx = h, .entity = entity_named, .entity_info = entity_info, .field = field_named,
                       .fields = field_list, .granted = granted, .all = view_all, .column = view_column, .columns = view_columns,
                       .one = view_one, .many = view_many, .series = view_series, .plain = view_plain, .steps = view_steps,
                       .span = view_span, .in_segment = view_in_segment, .changed_by = view_changed_by, .forecast = view_forecast,
                       .fmt = {.currency_sign = currency_sign(h), .minor = s->minor, .null = "–"}};
  return h;
}

static void host_free(Host *h) {
  while (h) {
    Host *older = h->older;
    arena_free(&h->arena);
    mem_free(h);
    h = older;
  }
}

bool view_data_version(Store *s, int64_t *out, Err *e) {
  bool before = s->host_sql;
  s->host_sql = true;
  sqlite3_stmt *q = sql_prepare(s, "PRAGMA data_version", e);
  bool row = false, ok = q && sql_step(s, q, &row, e);
  *out = ok && row ? sqlite3_column_int64(q, 0) + (s->version << 32) : 0;
  sql_done(s, q);
  s->host_sql = before;
  return ok;
}

bool view_refresh(Store *s, Err *e) {
  int64_t seen;
  size_t registered;
  if (!view_data_version(s, &seen, e)) return false;
  seen &= 0xFFFFFFFF; /* names change by our own hand through host_forget only */
  if (s->host && !s->host_stale && s->host->seen == seen) return true;
  if (!count_names(s, &registered, e)) return false;
  Host *h = host_new(s, registered);
  add_catalog(h);
  add_waterfall(h, "quote", false);
  add_waterfall(h, "quote_line", true);
  add_measures(h);
  if (!read_registered(h, e) || !measure_read_own(h, e)) {
    host_free(h);
    return false;
  }
  add_own_measures(h);
  h->seen = seen;
  h->older = s->host;
  s->host = h;
  s->host_stale = false;
  return true;
}

const FeelHost *store_host(Store *s) {
  Err ignored = {0};
  if (s->asleep && !later_open(s, &ignored)) {
    err_free(&ignored);
    return later_host(s);
  }
  view_refresh(s, &ignored); /* when it fails the last view still stands; reading through it says why */
  err_free(&ignored);
  return &s->host->feel;
}

const FeelHost *store_host_later(Store *s) { return later_host(s); }

void host_forget(Store *s) { s->host_stale = true; }

void host_close(Store *s) {
  host_free(s->host);
  s->host = NULL;
}

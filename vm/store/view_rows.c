/* Columns and relations: one statement over the table and a map from ids to places, or, for a few rows, one
 * lookup a row. */
#include <string.h>

#include "base/num.h"
#include "base/stop.h"
#include "store/quotes.h"
#include "store/sink.h"
#include "store/view.h"

#include "base/lang.h"

enum { FEW = 256 }; /* rows up to which single lookups are quicker than a scan */

static bool bind_day(Store *s, sqlite3_stmt *q, Day d, Err *e) {
  if (sqlite3_bind_parameter_count(q) < 1) return true;
  return sql_bind(s, q, 1, val_date(d), e);
}

/* ?1 is the as-of day wherever it is asked for. */
#define HOLDS "from_day <= ?1 AND (to_day IS NULL OR to_day > ?1)"

bool view_all(void *ctx, int entity, Day asof, Arena *a, const int64_t **id, size_t *n, Err *e) {
  Host *h = ctx;
  const ViewEntity *v = &h->ent[entity];
  bool known;
  if (!keys_all(h, entity, a, id, n, &known, e)) return false;
  if (known) return true;
  const char *sql = arena_printf(a, "SELECT id FROM %s%s ORDER BY %.*s", v->cat->table,
                                 v->dated ? " WHERE " HOLDS : "", STR_ARG(v->pub.key));
  sqlite3_stmt *q = sql_prepare(h->s, sql, e);
  if (!q) return false;
  int64_t *list = NULL;
  size_t count = 0, cap = 0;
  bool row = true, ok = bind_day(h->s, q, asof, e);
  while (ok && (ok = sql_step(h->s, q, &row, e)) && row) {
    mem_grow(list, cap, count + 1);
    list[count++] = sqlite3_column_int64(q, 0);
  }
  sql_done(h->s, q);
  if (ok) {
    int64_t *kept = arena_alloc(a, count * sizeof *kept);
    if (count) memcpy(kept, list, count * sizeof *kept);
    *id = kept;
    *n = count;
  }
  mem_free(list);
  return ok;
}

/* --- reading pairs (row id, value) --------------------------------------- */

typedef struct Reader {
  Host *h;
  const ViewEntity *v;
  const Field *f;
  Arena *a;
  Err *e;
  size_t step; /* from one row's value to the next one's */
} Reader;

static bool bad_value(const Reader *r, int64_t id) {
  err_set(r->e, ERR_FAIL, "%s, row %lld: column %.*s holds a value that is no %s", r->v->cat->table,
          (long long)id, STR_ARG(r->f->pub.name), _(type_name(r->f->pub.type.kind)));
  return err_todo(r->e, "correct it with the tool that wrote it; nothing has run");
}

static bool take(const Reader *r, sqlite3_stmt *q, int64_t id, int col, Val *out) {
  return view_value(q, col, r->f->type, r->h->s->minor, r->a, out) || bad_value(r, id);
}

static bool read_few(const Reader *r, Day asof, const int64_t *id, size_t n, Val *out) {
  Store *s = r->h->s;
  const char *sql = arena_printf(r->a, "SELECT ?2, %s FROM %s WHERE id = ?2", r->f->value,
                                 r->v->cat->table);
  sqlite3_stmt *q = sql_prepare(s, sql, r->e);
  if (!q) return false;
  bool row, ok = bind_day(s, q, asof, r->e);
  for (size_t i = 0; ok && i < n; i++) {
    sqlite3_reset(q);
    out[i] = val_null();
    ok = sql_bind(s, q, 2, val_int(id[i]), r->e) && sql_step(s, q, &row, r->e) &&
         (!row || take(r, q, id[i], 1, &out[i]));
  }
  sql_done(s, q);
  return ok;
}

enum { TOGETHER = 32 }; /* columns of one statement */

/* Texts of a column tend to be few words: one that came lately is not copied again. */
enum { WORDS = 64, WORD_MOST = 32 };
typedef struct Words { Val v[WORDS]; } Words;

static Val *word_slot(Words *w, const char *p, size_t n) {
  return &w->v[((uint8_t)p[0] * 31U + (uint8_t)p[n / 2] * 7U + (uint8_t)p[n - 1] + n) % WORDS];
}

/* Figures too: the decimal of a double takes divisions to find. */
enum { FIGURE_BITS = 10 };
typedef struct Figures {
  uint64_t of[1 << FIGURE_BITS]; /* its bits */
  Val v[1 << FIGURE_BITS]; /* V_NUM where `of` was met */
} Figures;

typedef struct Scan {
  const Reader *r;
  size_t nf;
  Val *const *out;
  const IdMap *map;
  Words *words;
  Figures *figures;
} Scan;

static Val figure(Figures *known, double d, Arena *a) {
  uint64_t bits;
  memcpy(&bits, &d, sizeof bits);
  size_t at = (bits * UINT64_C(0x9E3779B97F4A7C15)) >> (64 - FIGURE_BITS);
  if (known->v[at].t == V_NUM && known->of[at] == bits) return known->v[at];
  Val v = num_of_double(d, a);
  if (v.t == V_NUM) known->of[at] = bits, known->v[at] = v;
  return v;
}

static bool take_text(const Scan *s, size_t c, sqlite3_value *v, Val *out) {
  const char *p = sqlite3_value_blob(v);
  size_t n = (size_t)sqlite3_value_bytes(v);
  if (!n || n > WORD_MOST) return view_stored(v, COL_TEXT, 0, s->r[c].a, out);
  Val *known = word_slot(&s->words[c], p, n);
  if (known->t != V_TEXT || known->n != n || memcmp(known->u.s, p, n) != 0) *known = val_copy(val_text((Str){p, n}), s->r[c].a);
  *out = *known;
  return true;
}

static bool take_value(const Scan *s, size_t c, sqlite3_value *v, Val *out) {
  const Reader *r = &s->r[c];
  ColType type = r->f->type;
  int kind = sqlite3_value_type(v);
  if (type == COL_TEXT && kind == SQLITE_TEXT) return take_text(s, c, v, out);
  if ((type != COL_NUM && type != COL_PERCENT) || kind != SQLITE_FLOAT) return view_stored(v, type, r->h->s->minor, r->a, out);
  *out = figure(&s->figures[c], sqlite3_value_double(v), r->a);
  return true;
}

/* The id, and the value of each field. */
static bool take_row(void *ctx, sqlite3_value **v, Err *e) {
  (void)e;
  const Scan *s = ctx;
  int64_t id = sqlite3_value_int64(v[0]);
  uint32_t k = idmap_at(s->map, id);
  if (k == IDMAP_NONE) return true;
  for (size_t c = 0; c < s->nf; c++) {
    const Reader *r = &s->r[c];
    Val *to = &s->out[c][k * r->step];
    if (!take_value(s, c, v[c + 1], to)) return bad_value(r, id);
    for (uint32_t same = idmap_next(s->map, k); same != IDMAP_NONE; same = idmap_next(s->map, same)) s->out[c][same * r->step] = *to;
  }
  return true;
}

/* Expressions over the row are stepped through: within an aggregate their own would be taken for its. */
static bool step_rows(const Scan *scan, const char *sql, Day asof, Err *e) {
  Store *s = scan->r->h->s;
  sqlite3_value **v = arena_alloc(scan->r->a, (scan->nf + 1) * sizeof *v);
  sqlite3_stmt *q = sql_prepare(s, sql, e);
  if (!q) return false;
  bool row = true, ok = bind_day(s, q, asof, e);
  while (ok && (ok = sql_step(s, q, &row, e)) && row) {
    for (size_t c = 0; c <= scan->nf; c++) v[c] = sqlite3_column_value(q, (int)c);
    ok = take_row((void *)scan, v, e);
  }
  sql_done(s, q);
  return ok;
}

/* The rows of nf readers' fields, all of one entity. */
static bool read_scan(const Reader *r, size_t nf, Day asof, const int64_t *id, size_t n, Val *const *out) {
  IdMap map;
  idmap_build(&map, id, n, r->a);
  Scan scan = {.r = r, .nf = nf, .out = out, .map = &map, .words = arena_zalloc(r->a, nf, sizeof *scan.words),
               .figures = arena_zalloc(r->a, nf, sizeof *scan.figures)};
  bool plain = true;
  Buf columns = {0};
  buf_puts(&columns, "id");
  for (size_t c = 0; c < nf; c++) {
    buf_printf(&columns, ", %s", r[c].f->value);
    plain = plain && !(r[c].f->column && r[c].f->column->sql);
    for (size_t i = 0; i < n; i++) out[c][i * r[c].step] = val_null();
  }
  bool ok = plain ? sink_scan(r->h->s, columns.p, r->v->cat->table, take_row, &scan, r->e)
                  : step_rows(&scan, arena_printf(r->a, "SELECT %s FROM %s", columns.p, r->v->cat->table), asof, r->e);
  buf_free(&columns);
  return ok;
}

/* Figures of price requests: what is not plain is read by its expression. */
static bool read_figure(const Reader *r, Day asof, const int64_t *id, size_t n, Val *out) {
  bool *plain = arena_zalloc(r->a, n + 1, sizeof *plain);
  if (!quotes_column(r->h->s, (QuoteFigure)r->f->column->figure, asof, id, n, r->a, out, plain, r->e)) return false;
  int64_t *odd = arena_alloc(r->a, (n + 1) * sizeof *odd);
  size_t k = 0;
  for (size_t i = 0; i < n; i++)
    if (!plain[i]) odd[k++] = id[i];
  Val *v = arena_alloc(r->a, (k + 1) * sizeof *v);
  if (!k) return true;
  if (!read_few(r, asof, odd, k, v)) return false;
  for (size_t i = k = 0; i < n; i++)
    if (!plain[i]) out[i] = v[k++];
  return true;
}

static bool read_now(const Reader *r, Day asof, const int64_t *id, size_t n, Val *out) {
  int figure = r->f->column ? r->f->column->figure : 0;
  if (figure && (n > FEW || figure >= QUOTE_COVERED_BY)) return read_figure(r, asof, id, n, out);
  return n <= FEW ? read_few(r, asof, id, n, out) : read_scan(r, 1, asof, id, n, &out);
}

/* --- as it was ----------------------------------------------------------- */

static bool changed_since(const Reader *r, Day asof, bool *any) {
  Val v, bind[] = {val_int(r->f->history), val_date(asof)};
  bool ok = store_value(r->h->s, "SELECT EXISTS(SELECT 1 FROM history WHERE field = ?1 AND day > ?2)", bind,
                        2, r->a, &v, r->e);
  *any = ok && v.u.i;
  return ok;
}

/* Rows with an entry after as-of had another value then: the last one up to as-of, or none. A row whose
 * entries are all earlier, or that has none, shows what stands in the table. */
static bool put_back(const Reader *r, Day asof, const int64_t *id, size_t n, Val *out) {
  Store *s = r->h->s;
  bool any;
  if (!changed_since(r, asof, &any)) return false;
  if (!any) return true;
  IdMap map;
  idmap_build(&map, id, n, r->a);
  sqlite3_stmt *q =
      sql_prepare(s, "SELECT row, value, day > ?2 FROM history WHERE field = ?1 ORDER BY row, day, id", r->e);
  if (!q) return false;
  bool row = true, done = false;
  bool ok = sql_bind(s, q, 1, val_int(r->f->history), r->e) && sql_bind(s, q, 2, val_date(asof), r->e);
  int64_t of = 0;
  bool first = true;
  Val then = val_null();
  while (ok && (ok = sql_step(s, q, &row, r->e)) && row) {
    int64_t at = sqlite3_column_int64(q, 0);
    if (first || at != of) {
      of = at;
      first = done = false;
      then = val_null();
    }
    uint32_t k = idmap_at(&map, at);
    if (k == IDMAP_NONE || done) continue;
    if (!sqlite3_column_int(q, 2)) {
      ok = take(r, q, at, 1, &then);
      continue;
    }
    for (; k != IDMAP_NONE; k = idmap_next(&map, k)) out[k * r->step] = then;
    done = true;
  }
  sql_done(s, q);
  return ok;
}

static bool read_published(const Reader *r, Day asof, const int64_t *id, size_t n, Val *out) {
  Store *s = r->h->s;
  IdMap map;
  idmap_build(&map, id, n, r->a);
  for (size_t i = 0; i < n; i++) out[i] = val_null();
  /* the newest snapshot not after as-of; a row it leaves out has no value then */
  sqlite3_stmt *q = sql_prepare(s,
                                "SELECT row, value FROM metric_value WHERE metric = ?2 AND day = "
                                "(SELECT max(day) FROM metric_value WHERE metric = ?2 AND day <= ?1)",
                                r->e);
  if (!q) return false;
  bool row = true, ok = bind_day(s, q, asof, r->e) && sql_bind(s, q, 2, val_int(r->f->metric), r->e);
  while (ok && (ok = sql_step(s, q, &row, r->e)) && row) {
    int64_t at = sqlite3_column_int64(q, 0);
    uint32_t k = idmap_at(&map, at);
    if (k == IDMAP_NONE) continue;
    Val v;
    ok = view_value(q, 1, COL_NUM, 0, r->a, &v) || bad_value(r, at);
    for (; k != IDMAP_NONE; k = idmap_next(&map, k)) out[k] = v;
  }
  sql_done(s, q);
  return ok;
}

bool view_column(void *ctx, int entity, const HostField *pub, Day asof, const int64_t *id, size_t n, Arena *a,
                 Val *out, Err *e) {
  Host *h = ctx;
  const Reader r = {h, &h->ent[entity], field_of(pub), a, e, 1};
  if (!stop_check(e)) return false;
  if (r.f->from == FROM_PUBLISHED) return read_published(&r, asof, id, n, out);
  if (r.f->from == FROM_WATERFALL)
    return view_waterfall(h, r.f, strcmp(r.v->cat->name, "quote_line") == 0, asof, id, n, a, out, e);
  bool known = false;
  if (n > FEW && !keys_column(h, entity, r.f, id, n, a, out, &known, e)) return false;
  if (known) return true;
  return read_now(&r, asof, id, n, out) && (!r.f->history || put_back(&r, asof, id, n, out));
}

/* One column to its place among others. */
static bool column_among(void *ctx, int entity, const HostField *pub, Day asof, const int64_t *id, size_t n, Arena *a,
                         Val *out, size_t step, Err *e) {
  Val *v = step == 1 ? out : arena_alloc(a, n * sizeof *v);
  if (!view_column(ctx, entity, pub, asof, id, n, a, v, e)) return false;
  for (size_t i = 0; i < n && v != out; i++) out[i * step] = v[i];
  return true;
}

/* Plain columns of many rows are read in one pass over them. */
bool view_columns(void *ctx, int entity, const HostField *const *pub, size_t nf, Day asof, const int64_t *id, size_t n,
                  Arena *a, Val *const *out, size_t step, Err *e) {
  Host *h = ctx;
  Reader *r = arena_alloc(a, (nf + 1) * sizeof *r);
  Val **of = arena_alloc(a, (nf + 1) * sizeof *of);
  size_t plain = 0;
  bool ok = true;
  for (size_t c = 0; c < nf && ok; c++) {
    if (n > FEW && field_of(pub[c])->from == FROM_COLUMN && !pub[c]->derived && plain < TOGETHER) {
      r[plain] = (Reader){h, &h->ent[entity], field_of(pub[c]), a, e, step};
      of[plain++] = out[c];
    } else {
      ok = column_among(ctx, entity, pub[c], asof, id, n, a, out[c], step, e);
    }
  }
  ok = ok && stop_check(e) && (!plain || read_scan(r, plain, asof, id, n, of));
  for (size_t c = 0; c < plain && ok; c++) ok = !r[c].f->history || put_back(&r[c], asof, id, n, of[c]);
  return ok;
}

/* --- relations ----------------------------------------------------------- */

#define OWNER_ROWS "assignment WHERE role = 'owner' AND " HOLDS

static bool read_owner(Host *h, Day asof, const int64_t *id, size_t n, int64_t *target, Err *e) {
  Arena a = {0};
  IdMap map;
  idmap_build(&map, id, n, &a);
  for (size_t i = 0; i < n; i++) target[i] = 0;
  sqlite3_stmt *q = sql_prepare(h->s, "SELECT account, staff FROM " OWNER_ROWS, e);
  bool row = true, ok = q && bind_day(h->s, q, asof, e);
  while (ok && (ok = sql_step(h->s, q, &row, e)) && row) {
    uint32_t k = idmap_at(&map, sqlite3_column_int64(q, 0));
    for (; k != IDMAP_NONE; k = idmap_next(&map, k)) target[k] = sqlite3_column_int64(q, 1);
  }
  sql_done(h->s, q);
  arena_free(&a);
  return ok;
}

bool view_one(void *ctx, int entity, const HostField *pub, Day asof, const int64_t *id, size_t n,
              int64_t *target, Err *e) {
  Host *h = ctx;
  const Field *f = field_of(pub);
  if (f->from == FROM_OWNER) return read_owner(h, asof, id, n, target, e);
  Arena a = {0};
  Val *v = arena_alloc(&a, n * sizeof *v);
  const Reader r = {h, &h->ent[entity], f, &a, e, 1};
  bool ok = read_now(&r, asof, id, n, v);
  for (size_t i = 0; ok && i < n; i++) target[i] = v[i].t == V_NUM ? v[i].u.i : 0;
  arena_free(&a);
  return ok;
}

typedef struct Pairs {
  uint32_t *parent;
  int64_t *id;
  size_t n, parents_cap, id_cap;
} Pairs;

static void pair_add(Pairs *p, uint32_t parent, int64_t id) {
  mem_grow(p->parent, p->parents_cap, p->n + 1);
  mem_grow(p->id, p->id_cap, p->n + 1);
  p->parent[p->n] = parent;
  p->id[p->n++] = id;
}

/* Sorted by parent, in the order read within one: a counting sort. */
static void pairs_sorted(const Pairs *p, size_t parents, Arena *a, HostRows *out) {
  uint32_t *start = mem_zalloc(parents + 1, sizeof *start), *parent = arena_alloc(a, p->n * sizeof *parent);
  int64_t *id = arena_alloc(a, p->n * sizeof *id);
  for (size_t i = 0; i < p->n; i++) start[p->parent[i] + 1]++;
  for (size_t i = 0; i < parents; i++) start[i + 1] += start[i];
  for (size_t i = 0; i < p->n; i++) {
    uint32_t at = start[p->parent[i]]++;
    id[at] = p->id[i];
    parent[at] = p->parent[i];
  }
  mem_free(start);
  *out = (HostRows){p->n, id, parent};
}

static bool many_few(Store *s, sqlite3_stmt *q, const int64_t *id, size_t n, Pairs *p, Err *e) {
  bool row = true, ok = true;
  for (size_t i = 0; ok && i < n; i++) {
    sqlite3_reset(q);
    ok = sql_bind(s, q, 2, val_int(id[i]), e);
    while (ok && (ok = sql_step(s, q, &row, e)) && row) pair_add(p, (uint32_t)i, sqlite3_column_int64(q, 1));
  }
  return ok;
}

static bool many_scan(Store *s, sqlite3_stmt *q, const int64_t *id, size_t n, Pairs *p, Err *e) {
  Arena a = {0};
  IdMap map;
  idmap_build(&map, id, n, &a);
  bool row = true, ok = true;
  while (ok && (ok = sql_step(s, q, &row, e)) && row) {
    uint32_t k = idmap_at(&map, sqlite3_column_int64(q, 0));
    for (; k != IDMAP_NONE; k = idmap_next(&map, k)) pair_add(p, k, sqlite3_column_int64(q, 1));
  }
  arena_free(&a);
  return ok;
}

static bool indexed(const Field *f) {
  if (f->from == FROM_OWNED) return true;
  return catalog_column(f->of, str_of(f->ref))->flags & CAT_INDEX;
}

bool view_many(void *ctx, int entity, const HostField *pub, Day asof, const int64_t *id, size_t n, Arena *a,
               HostRows *out, Err *e) {
  (void)entity;
  Host *h = ctx;
  const Field *f = field_of(pub);
  if (f->from == FROM_GROUP) return view_group(h, id, n, a, out, e);
  bool few = n <= FEW && indexed(f);
  bool dated = f->from == FROM_BACK && h->ent[f->of->number].dated;
  Buf sql = {0};
  if (f->from == FROM_OWNED)
    buf_printf(&sql, "SELECT staff, account FROM " OWNER_ROWS "%s ORDER BY account",
               few ? " AND staff = ?2" : "");
  else
    buf_printf(&sql, "SELECT %s, id FROM %s WHERE %s%s%s%s", f->ref, f->of->table, f->ref,
               few ? " = ?2" : " IS NOT NULL", dated ? " AND " HOLDS : "",
               few || !indexed(f) ? " ORDER BY id" : "");
  if (f->from == FROM_BACK && !few && indexed(f)) buf_printf(&sql, " ORDER BY %s, id", f->ref);
  Pairs p = {0};
  sqlite3_stmt *q = sql_prepare(h->s, sql.p, e);
  bool ok = q && bind_day(h->s, q, asof, e) && stop_check(e);
  if (ok) ok = few ? many_few(h->s, q, id, n, &p, e) : many_scan(h->s, q, id, n, &p, e);
  sql_done(h->s, q);
  if (ok) pairs_sorted(&p, n, a, out);
  mem_free(p.parent);
  mem_free(p.id);
  buf_free(&sql);
  return ok;
}

bool view_in_segment(void *ctx, Str segment, Day asof, const int64_t *id, size_t n, Val *out, Err *e) {
  Host *h = ctx;
  Arena a = {0};
  const CatEntity *ent = catalog_entity(STR("segment"));
  int64_t seg = store_find(h->s, ent, segment);
  bool ok = seg != 0;
  if (!ok) {
    err_set(e, ERR_FAIL, "there is no segment '%.*s'", STR_ARG(segment));
    err_todo(e, "a playbook makes one with segment(\"%.*s\"):becomes(…)", STR_ARG(segment));
  }
  int64_t *member = NULL;
  size_t members = 0;
  if (ok)
    ok = store_segment_members(h->s, arena_strndup(&a, segment.p, segment.n), asof, &a, &member, &members, e);
  IdMap map;
  if (ok) idmap_build(&map, member, members, &a);
  for (size_t i = 0; ok && i < n; i++) out[i] = val_bool(idmap_at(&map, id[i]) != IDMAP_NONE);
  arena_free(&a);
  return ok;
}

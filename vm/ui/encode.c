#include "base/dec.h"
#include "ui/report.h"

#include <endian.h>
#include <math.h>
#include <string.h>

/* Little-endian numbers of 8 bytes, texts with their length before them. The first 8 bytes name
 * the form, so that a record of another version is refused, not misread. */
static const uint64_t MAGIC = 0x31706552746f7250; /* "ProtRep1" */
enum { DEEPEST = 500, VAL_LEAST = 2 /* bytes of the smallest value */ };

static void put(Buf *b, uint64_t n) {
  n = htole64(n);
  buf_add(b, (const char *)&n, 8);
}

static void put_str(Buf *b, Str s) {
  put(b, s.n);
  buf_str(b, s);
}

static void put_val(Buf *b, Val v);

static void put_clock(Buf *b, const ValClock *c) {
  put(b, (uint64_t)c->days);
  put(b, (uint64_t)c->nanos);
  put(b, (uint64_t)(int64_t)c->offset);
  put_str(b, c->zone);
}

static void put_val(Buf *b, Val v) {
  if (v.t == V_FUNC) v = val_text(STR("function")); /* means nothing in another process */
  buf_char(b, (char)v.t);
  buf_char(b, (char)v.e);
  switch ((ValType)v.t) {
  case V_NULL:
  case V_NEVER:
  case V_FUNC: break;
  case V_BIG:
    put(b, ((const ValBig *)v.u.p)->w[0]);
    put(b, ((const ValBig *)v.u.p)->w[1]);
    break;
  case V_REAL: {
    uint64_t bits;
    memcpy(&bits, &v.u.d, sizeof bits);
    put(b, bits);
    break;
  }
  case V_TEXT: put_str(b, val_str(v)); break;
  case V_TIME:
  case V_DATETIME: put_clock(b, v.u.p); break;
  case V_RANGE: v.n = 2; /* fall through */
  case V_LIST:
    put(b, v.n);
    for (size_t i = 0; i < v.n; i++) put_val(b, v.u.v[i]);
    break;
  case V_CONTEXT: {
    const ValContext *c = v.u.p;
    put(b, c->n);
    for (size_t i = 0; i < c->n; i++) {
      put_str(b, c->entry[i].key);
      put_val(b, c->entry[i].val);
    }
    break;
  }
  case V_ROW: put(b, v.n); /* fall through */
  case V_BOOL:
  case V_NUM:
  case V_DATE:
  case V_SECS:
  case V_MONTHS:
  case V_WINDOW: put(b, (uint64_t)v.u.i); break;
  }
}

void report_encode(const Report *r, Buf *out) {
  put(out, MAGIC);
  put(out, r->n);
  for (size_t i = 0; i < r->n; i++) {
    const ReportItem *item = &r->item[i];
    const UiTable *t = &item->table;
    put(out, (uint64_t)item->kind);
    put_str(out, item->title);
    put_str(out, item->text);
    if (item->kind != ITEM_TABLE) continue;
    put_str(out, t->title);
    put_str(out, t->foot);
    put(out, t->ncol);
    put(out, t->ncol ? t->nrow : 0);
    for (size_t j = 0; j < t->ncol; j++) {
      put_str(out, t->col[j].title);
      put(out, (uint64_t)t->col[j].unit);
      put(out, (uint64_t)t->col[j].fmt.kind);
      put(out, (uint64_t)(int64_t)t->col[j].fmt.decimals);
    }
    for (size_t k = 0; k < t->ncol * t->nrow; k++) put_val(out, t->cell[k]);
  }
}

/* Reads until something is wrong; from then on everything is empty and `broken` stays. */
typedef struct Reader {
  Str rest;
  bool broken;
  Arena *a;
} Reader;

static uint64_t get(Reader *r) {
  if (r->broken || r->rest.n < 8) {
    r->broken = true;
    return 0;
  }
  uint64_t n;
  memcpy(&n, r->rest.p, 8);
  n = le64toh(n);
  r->rest = str_sub(r->rest, 8, r->rest.n);
  return n;
}

/* A number below `limit`, else broken: no count is believed before there are bytes for it. */
static uint64_t get_below(Reader *r, uint64_t limit) {
  uint64_t n = get(r);
  if (n < limit) return n;
  r->broken = true;
  return 0;
}

static size_t get_count(Reader *r, size_t least) { return (size_t)get_below(r, r->rest.n / least + 1); }

static Str get_str(Reader *r) {
  size_t n = (size_t)get_count(r, 1);
  if (n > r->rest.n) r->broken = true;
  if (r->broken) return (Str){"", 0};
  Str s = {arena_strndup(r->a, r->rest.p, n), n};
  r->rest = str_sub(r->rest, n, r->rest.n);
  return s;
}

static Val get_val(Reader *r, int depth);

static const Val *get_vals(Reader *r, size_t n, int depth) {
  Val *v = arena_zalloc(r->a, n, sizeof *v);
  for (size_t i = 0; i < n && !r->broken; i++) v[i] = get_val(r, depth);
  return v;
}

static const ValContext *get_context(Reader *r, int depth) {
  ValContext *c = arena_zalloc(r->a, 1, sizeof *c);
  c->n = get_count(r, 8 + VAL_LEAST);
  c->entry = arena_zalloc(r->a, c->n, sizeof *c->entry);
  for (size_t i = 0; i < c->n && !r->broken; i++) {
    c->entry[i].key = get_str(r);
    c->entry[i].val = get_val(r, depth);
  }
  return c;
}

static const ValClock *get_clock(Reader *r) {
  ValClock *c = arena_zalloc(r->a, 1, sizeof *c);
  c->days = (int64_t)get(r);
  c->nanos = (int64_t)get_below(r, 86400000000000);
  int64_t offset = (int64_t)get(r);
  c->zone = get_str(r);
  c->offset = (int32_t)offset;
  if (offset != VAL_NO_ZONE && (offset < -86400 || offset > 86400)) r->broken = true;
  if (c->days < INT32_MIN / 2 || c->days > INT32_MAX / 2) r->broken = true;
  return c;
}

static void get_big(Reader *r, Val *v) {
  ValBig *b = arena_alloc(r->a, sizeof *b);
  b->w[0] = get(r);
  b->w[1] = get(r);
  Dec d;
  if (!dec_unpack(*b, &d) || d.c >= dec_ten(DEC_DIGITS)) r->broken = true;
  v->u.p = b;
}

static void get_real(Reader *r, Val *v) {
  uint64_t bits = get(r);
  memcpy(&v->u.d, &bits, sizeof bits);
  if (!isfinite(v->u.d)) r->broken = true;
}

static Val get_val(Reader *r, int depth) {
  if (depth > DEEPEST || r->rest.n < VAL_LEAST) r->broken = true;
  if (r->broken) return val_null();
  Val v = {.t = (uint8_t)r->rest.p[0], .e = (int8_t)r->rest.p[1]};
  r->rest = str_sub(r->rest, VAL_LEAST, r->rest.n);
  if (v.e < -18 || v.e > 18) r->broken = true;
  switch ((ValType)v.t) {
  case V_NULL:
  case V_NEVER: break;
  case V_BIG: get_big(r, &v); break;
  case V_REAL: get_real(r, &v); break;
  case V_TEXT: {
    Str s = get_str(r);
    if (s.n > UINT32_MAX) r->broken = true;
    v.n = (uint32_t)s.n;
    v.u.s = s.p;
    break;
  }
  case V_TIME:
  case V_DATETIME: v.u.p = get_clock(r); break;
  case V_RANGE:
  case V_LIST:
    v.n = (uint32_t)get_count(r, VAL_LEAST);
    if (v.t == V_RANGE && v.n != 2) r->broken = true;
    if (r->broken) return val_null();
    v.u.v = get_vals(r, v.n, depth + 1);
    if (v.t == V_RANGE) v.n = 0;
    break;
  case V_CONTEXT: v.u.p = get_context(r, depth + 1); break;
  case V_ROW: v.n = (uint32_t)get_below(r, UINT32_MAX); /* fall through */
  case V_BOOL:
  case V_NUM:
  case V_SECS:
  case V_MONTHS:
  case V_WINDOW: v.u.i = (int64_t)get(r); break;
  case V_DATE:
    v.u.i = (int64_t)get(r);
    if (v.u.i < INT32_MIN / 2 || v.u.i > INT32_MAX / 2) r->broken = true;
    break;
  case V_FUNC:
  default: r->broken = true;
  }
  return r->broken ? val_null() : v;
}

static void get_table(Reader *r, UiTable *t) {
  enum { COLUMN_LEAST = 32 };
  t->title = get_str(r);
  t->foot = get_str(r);
  t->ncol = get_count(r, COLUMN_LEAST);
  t->nrow = (size_t)get(r);
  UiColumn *col = arena_zalloc(r->a, t->ncol, sizeof *col);
  for (size_t j = 0; j < t->ncol && !r->broken; j++) {
    col[j].title = get_str(r);
    col[j].unit = (Unit)get_below(r, UNIT_PART + 1);
    col[j].fmt.kind = (FmtKind)get_below(r, FMT_DATE + 1);
    int64_t decimals = (int64_t)get(r);
    if (decimals < -1 || decimals > 18) r->broken = true;
    col[j].fmt.decimals = (int)decimals;
  }
  t->col = col;
  if (t->ncol ? t->nrow > r->rest.n / VAL_LEAST / t->ncol : t->nrow > 0) r->broken = true;
  if (!r->broken) t->cell = get_vals(r, t->ncol * t->nrow, 0);
}

bool report_decode(Str bytes, Report *out, Err *e) {
  enum { ITEM_LEAST = 24 };
  *out = (Report){0};
  Reader r = {.rest = bytes, .a = &out->arena};
  if (get(&r) != MAGIC) r.broken = true;
  size_t n = get_count(&r, ITEM_LEAST);
  for (size_t i = 0; i < n && !r.broken; i++) {
    ReportItem *item = report_add(out, (ItemKind)get_below(&r, ITEM_PAGE + 1));
    item->title = get_str(&r);
    item->text = get_str(&r);
    if (item->kind == ITEM_TABLE) get_table(&r, &item->table);
  }
  if (!r.broken && r.rest.n == 0) return true;
  report_free(out);
  return err_set(e, ERR_FAIL, "the report is damaged or of another version");
}

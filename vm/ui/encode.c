#include "base/dec.h"
#include "ui/packed.h"
#include "ui/report.h"

#include <endian.h>
#include <math.h>
#include <string.h>

/* Little-endian numbers of 8 bytes, texts with their length before them. The first 8 bytes name
 * the form, so that a record of another version is refused, not misread. */
static const uint64_t MAGIC = 0x33706552746f7250;       /* "ProtRep3": the cells of a table column by column */
static const uint64_t MAGIC_PARTS = 0x32706552746f7250; /* "ProtRep2": so for some rows at a time */
static const uint64_t MAGIC_ROWS = 0x31706552746f7250;  /* "ProtRep1": row by row, as records made before have them */
/* A column is its length and then parts of PACKED_ROWS rows. A part: cells one by one; or of one type and exponent, 8
 * bytes each, and bits for those that are null if there are any; or texts, their lengths first. */
enum { FORM_CELLS, FORM_PLAIN, FORM_PLAIN_NULLS, FORM_TEXT };
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
  char head[2 + sizeof(ValBig)] = {(char)v.t, (char)v.e};
  if (v.t == V_BIG || v.t == V_NUM) { /* what there is most of: in one piece */
    bool big = v.t == V_BIG;
    const ValBig *w = v.u.p;
    uint64_t word[2] = {htole64(big ? w->w[0] : (uint64_t)v.u.i), big ? htole64(w->w[1]) : 0};
    memcpy(head + 2, word, sizeof word);
    buf_add(b, head, big ? sizeof head : 10);
    return;
  }
  buf_add(b, head, 2);
  switch ((ValType)v.t) {
  case V_NULL:
  case V_NEVER:
  case V_BIG:
  case V_FUNC: break;
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

static bool is_plain(ValType t) {
  return t == V_NUM || t == V_BOOL || t == V_REAL || t == V_DATE || t == V_SECS || t == V_MONTHS;
}

typedef struct Part { /* some rows of a table */
  const Val *cell;
  size_t ncol, nrow;
} Part;

static int form_of(const Part *t, size_t col, Val *like) {
  bool nulls = false;
  *like = val_null();
  for (size_t i = 0; i < t->nrow; i++) {
    Val v = t->cell[i * t->ncol + col];
    if (v.t == V_NULL) {
      nulls = true;
      continue;
    }
    if (like->t == V_NULL) *like = v;
    if (v.t != like->t || v.e != like->e) return FORM_CELLS;
  }
  if (like->t == V_NULL) *like = val_int(0);
  return like->t == V_TEXT ? FORM_TEXT : !is_plain(like->t) ? FORM_CELLS : nulls ? FORM_PLAIN_NULLS : FORM_PLAIN;
}

static char *room(Buf *out, size_t n) {
  size_t from = out->n;
  buf_fill(out, 0, n);
  return out->p + from;
}

static void put_plain(Buf *out, const Part *t, size_t col, bool nulls) {
  size_t n = t->nrow;
  if (nulls) {
    unsigned char *bit = (unsigned char *)room(out, (n + 7) / 8);
    for (size_t i = 0; i < n; i++) bit[i / 8] |= (unsigned char)((t->cell[i * t->ncol + col].t == V_NULL) << i % 8);
  }
  char *p = room(out, n * 8);
  for (size_t i = 0; i < n; i++) {
    uint64_t bits = htole64((uint64_t)t->cell[i * t->ncol + col].u.i); /* a double too is its 64 bits */
    memcpy(p + i * 8, &bits, 8);
  }
}

static void put_texts(Buf *out, const Part *t, size_t col) {
  size_t n = t->nrow, all = 0;
  char *p = room(out, n * 4);
  for (size_t i = 0; i < n; i++) {
    Val v = t->cell[i * t->ncol + col];
    uint32_t length = htole32(v.t == V_NULL ? UINT32_MAX : v.n);
    memcpy(p + i * 4, &length, 4);
    all += v.t == V_NULL ? 0 : v.n;
  }
  p = room(out, all);
  for (size_t i = 0; i < n; i++) {
    Val v = t->cell[i * t->ncol + col];
    if (v.t == V_NULL || !v.n) continue;
    memcpy(p, v.u.s, v.n);
    p += v.n;
  }
}

static void put_column(Buf *out, const Part *t, size_t col) {
  Val like;
  int form = form_of(t, col, &like);
  const char head[] = {(char)form, (char)like.t, (char)like.e};
  buf_add(out, head, sizeof head);
  if (form == FORM_TEXT) put_texts(out, t, col);
  else if (form != FORM_CELLS) put_plain(out, t, col, form == FORM_PLAIN_NULLS);
  else
    for (size_t i = 0; i < t->nrow; i++) put_val(out, t->cell[i * t->ncol + col]);
}

void packed_put(Buf *column, const Val *v, size_t n) { put_column(column, &(Part){v, 1, n}, 0); }

void packed_put_plain(Buf *column, Val like, const int64_t *v, size_t n) {
  const char head[] = {FORM_PLAIN, (char)like.t, (char)like.e};
  buf_add(column, head, sizeof head);
  char *p = room(column, n * 8);
  for (size_t i = 0; i < n; i++) {
    uint64_t bits = htole64((uint64_t)v[i]);
    memcpy(p + i * 8, &bits, 8);
  }
}

static size_t rows_from(size_t nrow, size_t from) { return nrow - from < PACKED_ROWS ? nrow - from : PACKED_ROWS; }

static void put_cells(Buf *out, const UiTable *t) {
  for (size_t j = 0; j < t->ncol; j++) {
    size_t at = out->n;
    put(out, 0);
    for (size_t from = 0; from < t->nrow; from += PACKED_ROWS)
      put_column(out, &(Part){t->cell + from * t->ncol, t->ncol, rows_from(t->nrow, from)}, j);
    uint64_t bytes = htole64(out->n - at - sizeof bytes);
    memcpy(out->p + at, &bytes, sizeof bytes);
  }
}

static void put_packed(Buf *out, const UiTable *t) {
  size_t all = 0;
  for (size_t j = 0; j < t->ncol; j++) all += 8 + t->packed[j].n;
  buf_reserve(out, all);
  for (size_t j = 0; j < t->ncol; j++) put_str(out, t->packed[j]);
}

static void put_table(Buf *out, const UiTable *t) {
  Arena own = {0};
  UiTable cut = *t;
  if (t->packed && t->packed_rows != t->nrow) cut = packed_whole(t, &own);
  if (cut.packed) {
    put_packed(out, &cut);
  } else {
    buf_reserve(out, t->ncol * (t->nrow * 9 + 8));
    put_cells(out, &cut);
  }
  arena_free(&own);
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
    put_table(out, t);
  }
}

/* Reads until something is wrong; from then on everything is empty and `broken` stays. */
typedef struct Reader {
  Str rest;
  bool broken;
  bool by_row, by_part;  /* the older forms */
  bool in_place;         /* the bytes outlive what is read from them */
  Arena *a;
} Reader;

static uint64_t get(Reader *r) {
  if (r->broken || !r->rest.p || r->rest.n < 8) {
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

/* The next n bytes, or NULL. */
static const char *get_bytes(Reader *r, size_t n) {
  if (r->broken || r->rest.n < n) {
    r->broken = true;
    return NULL;
  }
  const char *p = r->rest.p;
  r->rest = (Str){p + n, r->rest.n - n};
  return p;
}

static bool plain_ok(Val v) {
  return v.t == V_REAL ? isfinite(v.u.d) : v.t != V_DATE || (v.u.i >= INT32_MIN / 2 && v.u.i <= INT32_MAX / 2);
}

static void get_plain(Reader *r, Val like, bool nulls, Val *cell, size_t nrow, size_t ncol) {
  const unsigned char *bit = nulls ? (const unsigned char *)get_bytes(r, (nrow + 7) / 8) : NULL;
  const char *p = get_bytes(r, nrow * 8);
  if (r->broken || !is_plain(like.t)) {
    r->broken = true;
    return;
  }
  bool ok = true;
  for (size_t i = 0; i < nrow; i++) {
    if (bit && bit[i / 8] >> i % 8 & 1) {
      cell[i * ncol] = val_null();
      continue;
    }
    uint64_t bits;
    memcpy(&bits, p + i * 8, 8);
    like.u.i = (int64_t)le64toh(bits);
    ok = ok && plain_ok(like);
    cell[i * ncol] = like;
  }
  r->broken = !ok;
}

static uint32_t text_length(const char *lengths, size_t i) {
  uint32_t length;
  memcpy(&length, lengths + i * 4, 4);
  return le32toh(length); /* UINT32_MAX: null */
}

/* The texts of a part; their lengths stand before them. */
static const char *text_bytes(Reader *r, size_t nrow, const char **lengths, size_t *all) {
  const char *p = *lengths = get_bytes(r, nrow * 4);
  *all = 0;
  for (size_t i = 0; p && i < nrow; i++) *all += text_length(p, i) == UINT32_MAX ? 0 : text_length(p, i);
  return get_bytes(r, *all);
}

static void get_texts(Reader *r, Val *cell, size_t nrow, size_t ncol) {
  size_t all;
  const char *lengths, *text = text_bytes(r, nrow, &lengths, &all);
  if (!text) return;
  text = arena_strndup(r->a, text, all);
  for (size_t i = 0; i < nrow; i++) {
    uint32_t n = text_length(lengths, i);
    cell[i * ncol] = n == UINT32_MAX ? val_null() : val_text((Str){text, n});
    text += n == UINT32_MAX ? 0 : n;
  }
}

static void get_column(Reader *r, Val *cell, size_t nrow, size_t ncol) {
  const char *head = get_bytes(r, 3);
  if (!head) return;
  Val like = {.t = (uint8_t)head[1], .e = (int8_t)head[2]};
  if (like.e < -18 || like.e > 18) r->broken = true;
  switch (head[0]) {
  case FORM_CELLS:
    for (size_t i = 0; i < nrow && !r->broken; i++) cell[i * ncol] = get_val(r, 0);
    return;
  case FORM_PLAIN:
  case FORM_PLAIN_NULLS: get_plain(r, like, head[0] == FORM_PLAIN_NULLS, cell, nrow, ncol); return;
  case FORM_TEXT: get_texts(r, cell, nrow, ncol); return;
  default: r->broken = true;
  }
}

static const Val *get_cells(Reader *r, size_t nrow, size_t ncol) {
  if (r->by_row) return get_vals(r, nrow * ncol, 0);
  Val *cell = arena_zalloc(r->a, nrow * ncol, sizeof *cell);
  for (size_t from = 0; r->by_part && from < nrow; from += PACKED_ROWS)
    for (size_t j = 0; j < ncol && !r->broken; j++) get_column(r, cell + from * ncol + j, rows_from(nrow, from), ncol);
  for (size_t j = 0; !r->by_part && j < ncol && !r->broken; j++) {
    size_t bytes = get_count(r, 1), rest = r->rest.n;
    for (size_t from = 0; from < nrow && !r->broken; from += PACKED_ROWS)
      get_column(r, cell + from * ncol + j, rows_from(nrow, from), ncol);
    if (rest - r->rest.n != bytes) r->broken = true;
  }
  return cell;
}

/* Past a part, without its values where any bytes will do for them. */
static void skip_part(Reader *r, Val *cell, size_t nrow) {
  const char *p = r->rest.n >= 3 ? r->rest.p : "\0\0";
  bool plain = p[0] == FORM_PLAIN || p[0] == FORM_PLAIN_NULLS, in_range = p[2] >= -18 && p[2] <= 18;
  if (p[0] == FORM_TEXT && in_range) {
    size_t all;
    get_bytes(r, 3);
    text_bytes(r, nrow, &p, &all);
  } else if (plain && (p[1] == V_NUM || p[1] == V_BOOL) && in_range) {
    get_bytes(r, 3 + (p[0] == FORM_PLAIN_NULLS ? (nrow + 7) / 8 : 0) + nrow * 8);
  } else {
    memset(cell, 0, nrow * sizeof *cell);
    get_column(r, cell, nrow, 1);
  }
}

/* Reads nothing but whether it could be read. */
static bool packed_reads(Str column, size_t nrow) {
  Val *cell = mem_alloc(PACKED_ROWS * sizeof *cell);
  Arena own = {0};
  Reader r = {.rest = column, .a = &own};
  for (size_t from = 0; from < nrow && !r.broken; from += PACKED_ROWS) {
    skip_part(&r, cell, rows_from(nrow, from));
    arena_free(&own);
  }
  mem_free(cell);
  return !r.broken && r.rest.n == 0;
}

static void get_packed(Reader *r, UiTable *t) {
  Str *column = arena_zalloc(r->a, t->ncol, sizeof *column);
  for (size_t j = 0; j < t->ncol && !r->broken; j++) {
    size_t bytes = get_count(r, 1);
    const char *p = get_bytes(r, bytes);
    column[j] = (Str){p, bytes};
    if (p && !packed_reads(column[j], t->nrow)) r->broken = true;
  }
  t->packed = column;
  t->packed_rows = t->nrow;
}

struct Unpack {
  UiTable t;
  size_t row;
  Reader *column;
  Val *cell;
  Arena own;
};

static size_t unpack_part(Unpack *u) {
  size_t n = rows_from(u->t.packed_rows, u->row), ncol = u->t.ncol;
  arena_free(&u->own);
  for (size_t j = 0; j < ncol; j++) {
    get_column(&u->column[j], u->cell + j, n, ncol);
    for (size_t i = 0; u->column[j].broken && i < n; i++) u->cell[i * ncol + j] = val_null(); /* never */
  }
  u->row += n;
  return n;
}

Unpack *unpack_open(const UiTable *t, size_t from) {
  Unpack *u = mem_zalloc(1, sizeof *u);
  u->t = *t;
  u->column = mem_zalloc(t->ncol + 1, sizeof *u->column);
  u->cell = mem_alloc((PACKED_ROWS * t->ncol + 1) * sizeof *u->cell);
  for (size_t j = 0; j < t->ncol; j++) u->column[j] = (Reader){.rest = t->packed[j], .a = &u->own};
  for (; u->row < from && u->row < t->packed_rows; u->row += rows_from(t->packed_rows, u->row)) {
    for (size_t j = 0; j < t->ncol; j++) skip_part(&u->column[j], u->cell, rows_from(t->packed_rows, u->row));
    arena_free(&u->own);
  }
  return u;
}

size_t unpack_next(Unpack *u, const Val **cell) {
  size_t from = u->row;
  if (from >= u->t.nrow) return 0;
  size_t n = unpack_part(u);
  *cell = u->cell;
  return n < u->t.nrow - from ? n : u->t.nrow - from;
}

void unpack_close(Unpack *u) {
  arena_free(&u->own);
  mem_free(u->column);
  mem_free(u->cell);
  mem_free(u);
}

UiTable packed_whole(const UiTable *t, Arena *a) {
  UiTable whole = *t;
  if (!t->packed) return whole;
  Val *cell = arena_zalloc(a, t->packed_rows * t->ncol + 1, sizeof *cell);
  for (size_t j = 0; j < t->ncol; j++) {
    Reader r = {.rest = t->packed[j], .a = a};
    for (size_t from = 0; from < t->packed_rows; from += PACKED_ROWS)
      get_column(&r, cell + from * t->ncol + j, rows_from(t->packed_rows, from), t->ncol);
  }
  whole.cell = cell;
  whole.packed = NULL;
  whole.packed_rows = 0;
  return whole;
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
  if (r->broken) return;
  if (r->in_place && !r->by_row && !r->by_part && t->nrow * t->ncol >= PACKED_LEAST) get_packed(r, t);
  else t->cell = get_cells(r, t->nrow, t->ncol);
}

static bool decode(Str bytes, bool in_place, Report *out, Err *e) {
  enum { ITEM_LEAST = 24 };
  *out = (Report){0};
  Reader r = {.rest = bytes, .a = &out->arena, .in_place = in_place};
  uint64_t form = get(&r);
  r.by_row = form == MAGIC_ROWS;
  r.by_part = form == MAGIC_PARTS;
  if (!r.by_row && !r.by_part && form != MAGIC) r.broken = true;
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

bool report_decode(Str bytes, Report *out, Err *e) { return decode(bytes, false, out, e); }
bool report_decode_in_place(Str bytes, Report *out, Err *e) { return decode(bytes, true, out, e); }

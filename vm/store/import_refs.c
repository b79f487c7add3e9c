#include "store/import_refs.h"

#include "store/schema.h"

#include <ctype.h>
#include <string.h>

static inline uint64_t stir(uint64_t h) {
  h *= UINT64_C(0xD6E8FEB86659FD93);
  return h ^ h >> 32;
}

/* The last bytes of a key, up to eight. */
static inline uint64_t tail(const char *p, size_t n) {
  uint64_t word = 0;
  if (n) memcpy(&word, p, n);
  return word;
}

/* Codes are looked up once for each order, among a million of them: one of up to eight bytes stands in the index itself, a
 * longer one by its hash. */
static inline uint64_t word_of(Str key) {
  const char *p = key.p;
  size_t n = key.n;
  if (n <= 8) return tail(p, n);
  uint64_t h = 0, word;
  for (; n > 8; p += 8, n -= 8) {
    memcpy(&word, p, 8);
    h = stir(h ^ word);
  }
  return stir(h ^ tail(p, n));
}

static inline size_t place(const Refs *r, uint64_t word, size_t n) { return (size_t)stir(stir(word ^ n)) & r->mask; }

static void insert(Refs *r, size_t at) {
  Str key = r->row[at].key;
  uint64_t word = word_of(key);
  size_t i = place(r, word, key.n);
  while (r->index[i].row) i = (i + 1) & r->mask;
  r->index[i] = (struct RefIndex){word, (uint32_t)at + 1, (uint32_t)key.n};
}

static void grow_index(Refs *r, size_t rows) {
  size_t size = r->mask ? (r->mask + 1) * 2 : 64;
  while (size < rows * 2) size *= 2;
  mem_free(r->index);
  r->index = mem_zalloc(size, sizeof *r->index);
  r->mask = size - 1;
  for (size_t i = 0; i < r->n; i++) insert(r, i);
}

static void add_row(Refs *r, Str key, int64_t id) {
  mem_grow(r->row, r->cap, r->n + 1);
  r->row[r->n++] = (struct RefRow){{arena_strndup(&r->arena, key.p, key.n), key.n}, id};
  if (r->n * 2 > r->mask + 1) grow_index(r, r->n);
  else insert(r, r->n - 1);
}

/* Rows are mostly numbered from 1 on. */
static void expect(Refs *r, int64_t rows) {
  enum { MOST = 1 << 20 };
  size_t n = rows < 0 ? 0 : rows > MOST ? MOST : (size_t)rows;
  mem_grow(r->row, r->cap, n + 1);
  grow_index(r, n);
}

static bool take_row(void *ctx, int ncol, const Str *name, const Val *val, Err *e) {
  (void)ncol, (void)name, (void)e;
  Refs *r = ctx;
  add_row(r, val[1].t == V_TEXT ? val_str(val[1]) : STR(""), val[0].u.i);
  return true;
}

bool refs_load(Refs *r, Store *s, const CatEntity *ent, Err *e) {
  r->ent = ent;
  r->next = 1;
  Buf sql = {0};
  Val most;
  buf_printf(&sql, "SELECT max(id) FROM %s", ent->table);
  bool ok = store_value(s, sql.p, NULL, 0, &r->arena, &most, e);
  if (ok) expect(r, most.t == V_NUM ? most.u.i : 0);
  buf_clear(&sql);
  buf_printf(&sql, "SELECT id, %s FROM %s ORDER BY id", catalog_key(ent)->name, ent->table);
  ok = ok && store_query(s, sql.p, NULL, 0, take_row, r, e);
  r->known = r->n;
  buf_clear(&sql);
  schema_next_id(ent->table, &sql);
  Val next;
  ok = ok && store_value(s, sql.p, NULL, 0, &r->arena, &next, e);
  if (ok) r->next = next.u.i;
  r->first = r->next;
  Val name = val_text(str_of(ent->name)); /* codes of rows that were merged into another mean that one */
  ok = ok && store_query(s, "SELECT row, code FROM alias WHERE entity = ?1 ORDER BY id", &name, 1, take_row, r, e);
  r->made = r->n;
  buf_free(&sql);
  return ok;
}

int64_t refs_find(const Refs *r, Str key) {
  uint64_t word = word_of(key);
  for (size_t i = place(r, word, key.n); r->index[i].row; i = (i + 1) & r->mask) {
    const struct RefIndex *x = &r->index[i];
    if (x->word != word || x->n != key.n || (key.n > 8 && !str_eq(r->row[x->row - 1].key, key))) continue;
    return x->row > r->made ? r->first + (int64_t)(x->row - 1 - r->made) : r->row[x->row - 1].id;
  }
  return 0;
}

void refs_soon(const Refs *r, Str key) { __builtin_prefetch(&r->index[place(r, word_of(key), key.n)]); }

int64_t refs_add(Refs *r, Str key) {
  add_row(r, key, r->next);
  return r->next++;
}

/* Letters and digits alone, small: "GTX Pro" and "GTXPro" are the same. */
static Str bare(Str s, Buf *b) {
  buf_clear(b);
  for (size_t i = 0; i < s.n; i++) {
    unsigned char c = (unsigned char)s.p[i];
    if (c >= 0x80 || isalnum(c)) buf_char(b, (char)tolower(c));
  }
  return buf_view(b);
}

Str refs_nearest(const Refs *r, Str key) {
  enum { SEARCHED = 50000 };
  Buf a = {0}, b = {0};
  Str want = bare(key, &a), best = {"", 0};
  int least = want.n <= 2 ? 0 : want.n <= 5 ? 1 : 2;
  for (size_t i = 0; i < want.n; i++)
    if (isdigit((unsigned char)want.p[i])) least = 0; /* C009 is not a slip for C001 */
  for (size_t i = 0; i < r->known; i++) {
    Str other = bare(r->row[i].key, &b);
    if (want.n && str_eq(want, other)) {
      best = r->row[i].key;
      break;
    }
    if (i >= SEARCHED || !least) continue;
    int d = str_distance(want, other, least);
    if (d <= least) best = r->row[i].key, least = d - 1;
  }
  buf_free(&a);
  buf_free(&b);
  return best;
}

void refs_free(Refs *r) {
  mem_free(r->row);
  mem_free(r->index);
  arena_free(&r->arena);
  *r = (Refs){0};
}

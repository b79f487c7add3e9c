#include "run/block.h"

#include "run/json.h"

#include <stdlib.h>
#include <string.h>

/* --- writing ------------------------------------------------------------------------- */

void block_names(const Str *name, size_t n, Buf *out) {
  buf_char(out, '[');
  for (size_t i = 0; i < n; i++) {
    if (i) buf_char(out, ',');
    json_text(name[i], out);
  }
  buf_char(out, ']');
}

enum { DIGIT_BITS = 11, DIGITS = 1 << DIGIT_BITS };

static uint64_t key(int64_t id) { return (uint64_t)id ^ UINT64_C(1) << 63; } /* unsigned in the order of ids */

/* One digit of the ids, in the order they are in: by the last digit first, they end up sorted. */
static void by_digit(const int64_t *id, size_t n, int shift, const uint32_t *from, uint32_t *to) {
  size_t start[DIGITS + 1] = {0};
  for (size_t i = 0; i < n; i++) start[(key(id[i]) >> shift) % DIGITS + 1]++;
  for (size_t k = 0; k < DIGITS; k++) start[k + 1] += start[k];
  for (size_t i = 0; i < n; i++) to[start[(key(id[from[i]]) >> shift) % DIGITS]++] = from[i];
}

uint32_t *block_order(const Decision *d) {
  uint32_t *order = mem_alloc((d->n + 1) * sizeof *order), *other = mem_alloc((d->n + 1) * sizeof *other);
  bool sorted = true;
  uint64_t differ = 0;
  for (size_t i = 0; i < d->n; i++) {
    order[i] = (uint32_t)i;
    differ |= (uint64_t)(d->id[i] ^ d->id[0]);
    sorted = sorted && (i == 0 || d->id[i - 1] <= d->id[i]);
  }
  for (int shift = 0; !sorted && shift < 64; shift += DIGIT_BITS) {
    if ((differ >> shift) % DIGITS == 0) continue;
    by_digit(d->id, d->n, shift, order, other);
    uint32_t *swap = order;
    order = other;
    other = swap;
  }
  mem_free(other);
  return order;
}

/* The common values are written into room that is there already; the rest go through json_val. */
enum { NUMBER_MOST = 32 };

/* i x 10^e, -18 <= e <= 0, as num_print has it; takes NUMBER_MOST bytes of room. */
static char *put_number(char *p, int64_t i, int e) {
  char text[NUMBER_MOST * 2] = {0}, *end = text + NUMBER_MOST, *at = end;
  uint64_t c = i < 0 ? 0 - (uint64_t)i : (uint64_t)i;
  if (c == 0) e = 0;
  for (; e < 0 && c % 10 == 0; c /= 10) e++;
  for (; e < 0; c /= 10) {
    *--at = (char)('0' + c % 10);
    if (++e == 0) *--at = '.';
  }
  for (; c > UINT32_MAX; c /= 10) *--at = (char)('0' + c % 10);
  uint32_t low = (uint32_t)c; /* 32-bit division is cheaper */
  do *--at = (char)('0' + low % 10);
  while (low /= 10);
  if (i < 0) *--at = '-';
  memcpy(p, at, NUMBER_MOST); /* a whole one is quicker than as many as there are */
  return p + (end - at);
}

/* Text without anything to escape; NULL: it has. */
static char *put_plain(char *p, Str s) {
  *p++ = '"';
  for (size_t i = 0; i < s.n; i++) {
    unsigned char c = (unsigned char)s.p[i];
    if (c < 0x20 || c == 0x7f || c == '"' || c == '\\') return NULL;
    *p++ = (char)c;
  }
  *p++ = '"';
  return p;
}

static char *put_word(char *p, const char *word, size_t n) {
  memcpy(p, word, n);
  return p + n;
}

/* NULL: not one of the common kinds. */
static char *put_common(char *p, Val v) {
  switch ((ValType)v.t) {
    case V_NULL: return put_word(p, "null", 4);
    case V_BOOL: return v.u.i ? put_word(p, "true", 4) : put_word(p, "false", 5);
    case V_NUM: return v.e <= 0 ? put_number(p, v.u.i, v.e) : NULL;
    case V_TEXT: return put_plain(p, val_str(v));
    default: return NULL;
  }
}

/* Values come again and again: what was written for one is kept under its two words, a text's under where it stands. */
enum { SAID_BITS = 12, SAID_MOST = 32, HEAD_MOST = 4 * NUMBER_MOST };
typedef struct Said {
  Val v;
  size_t n; /* 0: nothing yet */
  char text[SAID_MOST];
} Said;
struct BlockSaid {
  Said of[1 << SAID_BITS];
};

BlockSaid *block_said_new(void) { return mem_zalloc(1, sizeof(BlockSaid)); }

static void put_new(Val v, Said *s, size_t room, Buf *out) {
  size_t from = out->n;
  buf_reserve(out, 1 + (v.t == V_TEXT ? v.n + 2 : NUMBER_MOST));
  char *p = out->p + from;
  *p = ',';
  char *end = put_common(p + 1, v);
  out->n += end ? (size_t)(end - p) : 1;
  if (!end) json_val(v, out);
  s->n = out->n - from <= SAID_MOST ? out->n - from : 0;
  s->v = v;
  memcpy(s->text, out->p + from, s->n);
  buf_reserve(out, room);
}

/* `room` is there, which is enough for a whole case of short values. */
static inline void put_value(Val v, BlockSaid *said, size_t room, Buf *out) {
  uint64_t w[2], k[2];
  memcpy(w, &v, sizeof w);
  Said *s = &said->of[((w[0] << 7 ^ w[1]) * UINT64_C(0x9E3779B97F4A7C15)) >> (64 - SAID_BITS)];
  memcpy(k, &s->v, sizeof k);
  if (!s->n || k[0] != w[0] || k[1] != w[1]) {
    put_new(v, s, room, out);
    return;
  }
  memcpy(out->p + out->n, s->text, SAID_MOST); /* a whole one is quicker than as many as there are */
  out->n += s->n;
}

static char *put_small(char *p, int64_t i) {
  if ((uint64_t)i >= 100) return put_number(p, i, 0);
  if (i >= 10) *p++ = (char)('0' + i / 10);
  *p++ = (char)('0' + i % 10);
  return p;
}

/* Ids come one after the other, mostly: then one digit differs. */
typedef struct Count {
  int64_t id;
  size_t n; /* 0: none yet */
  char text[NUMBER_MOST];
} Count;

static char *put_id(char *p, int64_t id, Count *last) {
  bool next = last->n && last->id >= 0 && id - 1 == last->id && last->text[last->n - 1] != '9';
  if (next) last->text[last->n - 1]++;
  else last->n = (size_t)(put_number(last->text, id, 0) - last->text);
  last->id = id;
  memcpy(p, last->text, NUMBER_MOST);
  return p + last->n;
}

void block_put(const Decision *d, const uint32_t *order, size_t n, BlockSaid *said, Buf *out) {
  const TableInfo *t = d->table;
  Count count = {0};
  size_t room = HEAD_MOST + (t->nin + t->nout + 1) * SAID_MOST;
  buf_char(out, '[');
  buf_reserve(out, room);
  for (size_t k = 0; k < n; k++) {
    size_t i = order[k];
    char *p = out->p + out->n;
    if (k) *p++ = ',';
    *p++ = '[';
    p = put_id(p, d->id[i], &count);
    *p++ = ',';
    p = put_small(p, d->row[i]);
    *p++ = ',';
    p = put_small(p, d->blocked[i]);
    out->n = (size_t)(p - out->p);
    for (size_t c = 0; c < t->nin; c++) put_value(d->in[i * t->nin + c], said, room, out);
    for (size_t c = 0; c < t->nout; c++) put_value(d->out[i * t->nout + c], said, room, out);
    out->p[out->n++] = ']';
    if (out->cap - out->n < room + 1) buf_reserve(out, room);
  }
  buf_char(out, ']');
}

/* --- reading ------------------------------------------------------------------------- */

static bool one_number(Str *rest, int64_t *out) {
  char *end = NULL;
  char text[24] = {0};
  Str item;
  if (!json_item(rest, &item) || item.n == 0 || item.n >= sizeof text) return false;
  memcpy(text, item.p, item.n);
  *out = strtoll(text, &end, 10);
  return *end == 0;
}

bool block_next(Str *rest, BlockCase *out) {
  if (!json_item(rest, &out->text) || !out->text.n || out->text.p[0] != '[') return false;
  Str in = out->text;
  if (!one_number(&in, &out->id) || !one_number(&in, &out->hit) || !one_number(&in, &out->blocked)) return false;
  out->values = in.n > 1 ? (Str){in.p + 1, in.n - 2} : (Str){in.p, 0}; /* without comma and bracket */
  return true;
}

bool block_find(Str cases, int64_t id, BlockCase *out) {
  while (block_next(&cases, out))
    if (out->id == id) return true;
  return false;
}

Str block_root(Str roots, int64_t id, Arena *a) {
  Str *of;
  Val *root;
  size_t n;
  const char *key = arena_printf(a, "%lld", (long long)id);
  if (!roots.n || !json_read(roots, a, &of, &root, &n)) return (Str){0};
  for (size_t i = 0; i < n; i++)
    if (str_is(of[i], key) && root[i].t == V_TEXT) return val_str(root[i]);
  return (Str){0};
}

/* Takes as many values as there are names. */
static bool one_object(Str *values, Str names, Buf *out) {
  Str name, value;
  bool first = true;
  buf_char(out, '{');
  while (json_item(&names, &name)) {
    if (!json_item(values, &value)) return false;
    if (!first) buf_char(out, ',');
    first = false;
    buf_str(out, name);
    buf_char(out, ':');
    buf_str(out, value);
  }
  buf_char(out, '}');
  return names.n == 1; /* its bracket: nothing was left unread */
}

bool block_objects(Str values, Str inputs, Str outputs, Buf *in, Buf *out) {
  Buf list = {0};
  buf_char(&list, '[');
  buf_str(&list, values);
  buf_char(&list, ']');
  Str rest = buf_view(&list), spare;
  bool ok = one_object(&rest, inputs, in) && one_object(&rest, outputs, out) && !json_item(&rest, &spare) && rest.n == 1;
  buf_free(&list);
  return ok;
}

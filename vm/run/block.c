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

void block_put(const Decision *d, const uint32_t *order, size_t n, Buf *out) {
  const TableInfo *t = d->table;
  buf_char(out, '[');
  for (size_t k = 0; k < n; k++) {
    size_t i = order[k];
    buf_add(out, k ? ",[" : "[", k ? 2 : 1);
    json_val(val_int(d->id[i]), out);
    buf_char(out, ',');
    json_val(val_int(d->row[i]), out);
    buf_char(out, ',');
    json_val(val_int(d->blocked[i]), out);
    for (size_t c = 0; c < t->nin + t->nout; c++) {
      buf_char(out, ',');
      json_val(c < t->nin ? d->in[i * t->nin + c] : d->out[i * t->nout + c - t->nin], out);
    }
    buf_char(out, ']');
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

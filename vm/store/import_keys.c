#include "store/import_keys.h"

#include "base/num.h"

static void insert(Keys *k, size_t at) {
  size_t i = str_hash(k->entry[at].key) & k->mask;
  while (k->index[i]) i = (i + 1) & k->mask;
  k->index[i] = (uint32_t)at + 1;
}

static void grow_index(Keys *k) {
  size_t size = k->mask ? (k->mask + 1) * 2 : 1024;
  mem_free(k->index);
  k->index = mem_zalloc(size, sizeof *k->index);
  k->mask = size - 1;
  for (size_t i = 0; i < k->n; i++) insert(k, i);
}

/* Numbers by value, whether the database holds them as INTEGER, REAL or TEXT; days as ISO text. */
void key_put(Buf *key, Val v) {
  Buf text = {0};
  if (v.t == V_DATE) day_print((Day)v.u.i, &text);
  else if (v.t == V_BOOL) buf_printf(&text, "%lld", (long long)v.u.i);
  else if (v.t == V_TEXT) buf_str(&text, val_str(v));
  else if (v.t == V_REAL) {
    Arena a = {0};
    num_print(num_of_double(v.u.d, &a), &text);
    arena_free(&a);
  } else if (v.t != V_NULL) {
    num_print(v, &text);
  }
  buf_printf(key, "%zu:", text.n);
  buf_str(key, buf_view(&text));
  buf_free(&text);
}

KeyEntry *keys_find(const Keys *k, Str key) {
  if (!k->mask) return NULL;
  for (size_t i = str_hash(key) & k->mask; k->index[i]; i = (i + 1) & k->mask)
    if (str_eq(k->entry[k->index[i] - 1].key, key)) return &k->entry[k->index[i] - 1];
  return NULL;
}

void keys_add(Keys *k, Str key, uint64_t line, uint64_t sum) {
  KeyEntry *there = keys_find(k, key);
  if (there) {
    if (!there->again && (!sum || sum != there->sum)) there->again = line;
    return;
  }
  mem_grow(k->entry, k->cap, k->n + 1);
  k->entry[k->n++] = (KeyEntry){.key = {arena_strndup(&k->arena, key.p, key.n), key.n}, .line = line, .sum = sum};
  if (!k->mask || k->n * 2 > k->mask + 1) grow_index(k);
  else insert(k, k->n - 1);
}

void keys_free(Keys *k) {
  mem_free(k->entry);
  mem_free(k->index);
  arena_free(&k->arena);
  *k = (Keys){0};
}

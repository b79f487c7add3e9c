/* The keys of the rows of a file: which line has which, which stand twice, and
 * which row of the database each already is. */
#ifndef STORE_IMPORT_KEYS_H
#define STORE_IMPORT_KEYS_H
#include "base/mem.h"
#include "base/val.h"

typedef struct KeyEntry {
  Str key;
  uint64_t line, again;  /* of its first and its second row; again = 0: there is none, or it says the same */
  uint64_t sum;          /* of what the first row says */
  int64_t id;            /* row of the database, 0 = none */
  bool many;             /* several rows of the database have this key */
} KeyEntry;

typedef struct Keys {
  KeyEntry *entry;
  size_t n, cap;
  uint32_t *index;
  size_t mask;
  Arena arena;
} Keys;

/* Appends v to a key in the making: equal values as stored give equal bytes. */
void key_put(Buf *key, Val v);
KeyEntry *keys_find(const Keys *k, Str key);       /* NULL = none */
/* … or marks the entry as there twice. sum: of all that the row says; 0 = like no other row's. */
void keys_add(Keys *k, Str key, uint64_t line, uint64_t sum);
void keys_free(Keys *k);
#endif

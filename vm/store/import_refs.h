/* The rows of an entity by their key, in memory: what a column that names rows of
 * another entity (account, product, staff) is looked up in, for a whole file.
 * Rows that the import itself makes get their ids here, before they are written. */
#ifndef STORE_IMPORT_REFS_H
#define STORE_IMPORT_REFS_H
#include "store/catalog.h"

typedef struct Refs {
  const CatEntity *ent;
  bool create;            /* make what is not there */
  struct RefRow { Str key; int64_t id; } *row;
  size_t n, cap;
  size_t known;           /* row[0 .. known) were in the database, … */
  size_t made;            /* … up to row[made) stand codes of merged ones, from there on the new */
  struct RefIndex { uint64_t word; uint32_t row, n; } *index; /* open addressing: row + 1, 0 = free */
  size_t mask;
  int64_t first, next;    /* ids of the first and of the next new row */
  Arena arena;
} Refs;

bool refs_load(Refs *r, Store *s, const CatEntity *ent, Err *e);
int64_t refs_find(const Refs *r, Str key);        /* 0 = none */
void refs_soon(const Refs *r, Str key);           /* it will be looked for: its place comes nearer meanwhile */
int64_t refs_add(Refs *r, Str key);               /* key is not there yet; copies it */
/* The nearest key in the database: blanks, case and signs aside, else, when it is a word, by edit distance.
 * Empty = none near. */
Str refs_nearest(const Refs *r, Str key);
void refs_free(Refs *r);
#endif

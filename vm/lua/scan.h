/* Where the literals of a Lua file stand: a scanner that knows strings, long
 * brackets, comments and names, and nothing else of Lua. So a rule's error can
 * point into the text block it came from.
 *
 * Views point into the source or into the Scan's own arena; both must outlive
 * its users. Scanning never fails: what is no Lua yields fewer literals. */
#ifndef LUA_SCAN_H
#define LUA_SCAN_H
#include "base/err.h"
#include "base/mem.h"

typedef struct Literal {
  Str text;         /* as Lua reads it: escapes done, first newline of [[ left out */
  Str key;          /* the name in front: key = "…"; empty when none */
  int line, col;    /* of the first byte of text in the file, 1-based, col in code points */
  int open_line;    /* of the opening quote or bracket */
  int close_line;
  size_t close_at;  /* byte offset of the closing quote or bracket in the source */
  int level;        /* of the long bracket; -1 = a quoted string */
} Literal;

typedef struct Key { /* name = */
  Str name;
  int line, col;
} Key;

typedef struct Scan {
  Str source;
  Literal *lit;
  size_t nlit;
  Key *key;
  size_t nkey;
  Arena arena;
} Scan;

void scan_file(Str source, Scan *out);
void source_scan_free(Scan *s);
/* The literal with this text: under this key when there is one, else any. NULL = computed, not written. */
const Literal *scan_find(const Scan *s, Str key, Str text);
/* The literal with this text nearest to a line. */
const Literal *scan_nearest(const Scan *s, Str text, int line);
const Key *scan_key(const Scan *s, Str wanted);

/* After a syntax error at `line`: when a block opened with [[ ended inside a rule, at a "]]" that was
 * meant as two brackets, replaces *e by an error that says so. */
void scan_closed_early(const Scan *s, const char *file, int line, Err *e);
#endif

/* The header of a playbook, rulebook, chain or test file, read as data: in an empty
 * environment where an unknown name is an error, under a tiny budget. No code of the
 * file runs but the building of its tables.
 *
 * Every text keeps its place in the file (Src), so that rule errors point into it.
 * All memory is the Header's; texts live until header_free. */
#ifndef LUA_HEADER_H
#define LUA_HEADER_H
#include "feel/src.h"
#include "lua/playbook.h"
#include "lua/scan.h"

typedef struct HeaderTable {
  const char *name, *of; /* of: NULL = the playbook's own entity */
  Src grid;
  bool csv, dmn;
  int line;              /* where its name stands */
} HeaderTable;

typedef struct HeaderScore {
  ScoreSpec spec;
  const char *of;        /* NULL = the playbook's own entity */
} HeaderScore;

typedef struct NamedText { /* key = text */
  const char *name;
  Src text;
} NamedText;

typedef enum TestKind { TEST_DECIDE, TEST_CASE, TEST_PROPERTY } TestKind;
typedef struct Test {
  TestKind kind;
  Str name;            /* table of decide, sentence of the others */
  int line;
  Src grid;            /* decide */
  /* case; property takes args too */
  NamedText *rows;     /* entity = grid of rows */
  size_t nrows;
  Src monthly;
  NamedText *segment, *after; /* members given, members expected */
  size_t nsegment, nafter;
  NamedText *arg;
  size_t narg;
  Src changed, values, untouched, fails;
  NamedText *why;      /* code = what why has to say */
  size_t nwhy;
  Src accounts, holds; /* property */
} Test;

typedef struct Header {
  PlaybookKind kind;
  const char *path;
  Buf source;
  Scan scan;
  Arena arena;
  const char *name, *title, *about, *of;
  const char **tags, **uses, **writes, **grants, **publish; /* NULL-terminated */
  double max_percent;
  int64_t max_changes;
  bool skip_errors, has_run;
  Src scope, fields, args, metrics, backtest;
  HeaderTable *table;
  size_t ntable;
  HeaderScore *score;
  size_t nscore;
  const char *unsupported; /* a key this version cannot run: "pairs" */
  int unsupported_line;
  const char *every, *catch_up; /* when it runs by itself: the defaults of pareto schedule add */
  const char *as_of;       /* tests; chains: "start of month" */
  Test *test;
  size_t ntest;
  ChainStep *step;         /* chains */
  size_t nstep;
} Header;

bool header_read(const char *path, Header **out, Err *e);
void header_free(Header *h);

/* --- parts of the reading, inside a protected call --------------------------- */
struct lua_State;
/* An error at the place where the file writes `key =`. Never returns. */
int header_fault(struct lua_State *L, const Header *h, const char *key, const char *fmt, ...)
    __attribute__((format(printf, 4, 5), noreturn));
/* The text on top of the stack, copied, with its place. Anything else is an error. Pops it. */
Src header_src(struct lua_State *L, Header *h, const char *key);
/* Every key of the table on top has to be one of these (NULL-terminated); `in` names the table. Integer
 * keys are let pass when `list`. */
void header_known(struct lua_State *L, const Header *h, const char *in, const char *const *known, bool list);
/* The items of tests { … }, on top of the stack. */
void header_tests(struct lua_State *L, Header *h);
#endif

/* Errors are sentences: where, what, the source with a caret, what to do, what
 * was left untouched.
 *
 * A function that can fail takes an Err * last, returns bool and, on failure,
 * `return err_set(e, ERR_…, "…")`, one line. The first failure stays: setting an
 * Err that is already set changes nothing. Formats are translated here (lang.h). A zeroed Err is "no error". All
 * fields are the Err's own and are given back with err_free. */
#ifndef BASE_ERR_H
#define BASE_ERR_H
#include "base/str.h"

typedef enum ErrKind { /* the value is the exit code of the command */
  ERR_NONE = 0,
  ERR_FAIL = 1,       /* playbook, rule, data or test failed */
  ERR_USAGE = 2,
  ERR_PENDING = 3,    /* plan --detailed-exitcode: changes pending */
  ERR_STALE = 4,      /* stale plan, undo conflict */
  ERR_BUSY = 5,       /* database busy */
  ERR_REJECTED = 6,   /* rows rejected */
  ERR_TIMEOUT = 124,
  ERR_INTERRUPT = 130
} ErrKind;

typedef struct Err {
  ErrKind kind;
  char *file;   /* or NULL: file, table or command at fault */
  int line, col;/* 1-based; 0 = not known */
  char *what;   /* what is wrong, without a full stop */
  char *source; /* or NULL: the line at fault and, below it, the caret */
  char *todo;   /* or NULL: what to do; may have several lines */
  char *left;   /* or NULL: what was left untouched ("nothing has run") */
} Err;

bool err_set(Err *e, ErrKind kind, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
bool err_vset(Err *e, ErrKind kind, const char *fmt, va_list ap) __attribute__((format(printf, 3, 0)));
/* Add to an error that is set; return false, so that they can end a failing path. */
bool err_at(Err *e, const char *file, int line, int col); /* keeps a place already known */
bool err_source(Err *e, Str line, size_t at, size_t len); /* bytes; caret width is terminal columns */
bool err_above(Err *e, Str line, int width); /* a line above the source, cut to so many columns */
bool err_todo(Err *e, const char *fmt, ...) __attribute__((format(printf, 2, 3)));  /* appends a line */
bool err_left(Err *e, const char *fmt, ...) __attribute__((format(printf, 2, 3)));  /* keeps the first */
void err_print(const Err *e, Buf *out);    /* the whole message, ends in a newline */
void err_move(Err *to, Err *from);         /* from becomes "no error" */
void err_free(Err *e);
#endif

/* A piece of rule text and where it came from, so that every error knows its
 * file, line and column. The text is not owned and must outlive all that was
 * parsed from it (Rules copies what it is given into its own arena). */
#ifndef FEEL_SRC_H
#define FEEL_SRC_H
#include "base/err.h"

typedef struct Src {
  Str text;
  const char *file; /* "scripts/churn-warning.lua", "--where", "line 3" of a session; NULL = none */
  int line, col;    /* of text's first byte in the file, 1-based (col counts code points) */
  const char *what; /* "heading of table risk_grade, column 1", or NULL */
  Str whole;        /* set by src_sub: the text this is a part of, so that carets show whole lines.
                       Read only while `text` points into it */
} Src;

/* An error of kind ERR_FAIL about text[at, at+len): place, line and caret filled in.
 * With `what` set the caret line is headed by it. Always false. */
bool src_err(Err *e, const Src *src, size_t at, size_t len, const char *fmt, ...)
    __attribute__((format(printf, 5, 6)));
/* The part [from, to) of src as a Src of its own (line and column carried on). */
Src src_sub(const Src *src, size_t from, size_t to);
/* Adds "did you mean X?" for the nearest of the n names, if any is near. False always. */
bool src_suggest(Err *e, Str wrong, const Str *name, size_t n);
#endif

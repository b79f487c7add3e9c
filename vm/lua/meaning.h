/* What a name of the company's rules means, for ?name: a metric, a score, a setting or a table of a rulebook, a figure. */
#ifndef LUA_MEANING_H
#define LUA_MEANING_H
#include "feel/rules.h"

/* As one namespace knows it; false: it knows no such name. */
bool meaning_of(const Rules *r, Str word, Buf *out);
/* What the word says as an expression of its own: revenue_12m. False: it is none, or a value as it stands. */
bool meaning_figure(Rules *r, Str word, Buf *out);
#endif

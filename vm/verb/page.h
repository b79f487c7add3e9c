/* Results for a person at a terminal: what is taller than the screen goes through a pager ($PAGER, or less). */
#ifndef VERB_PAGE_H
#define VERB_PAGE_H
#include "verb/verb.h"

/* Lines and columns of the terminal on stdout; false when there is none. */
bool page_size(int *rows, int *cols);
bool page_text(Cli *c, Str text, Err *e);
#endif

/* Lines of a terminal, edited by GNU readline (loaded when a person is there to type).
 *
 * An entry may have several lines: Enter ends it when `whole` says so and begins a new line otherwise; Alt-Enter always
 * begins one. Arrow keys move within the lines of an entry first, then through the history, where an entry stays one.
 * What is pasted is text, its tabs too. ~/.inputrc holds, under the application name "pareto". */
#ifndef VERB_EDIT_H
#define VERB_EDIT_H
#include "base/err.h"
#include "base/str.h"

typedef struct EditOffer { /* what could stand at the cursor */
  size_t from;             /* where in the line the word begins */
  bool files;              /* names of files: readline knows them itself */
  char **word;             /* n words; mem_alloc'ed, as is the list: given back by edit */
  size_t n;
  char close;              /* what ends the only match: a quote, a blank; 0 = nothing */
} EditOffer;

typedef struct EditHooks {
  void *ctx;
  bool (*whole)(void *ctx, const char *text);                     /* can it run as it is? */
  void (*offer)(void *ctx, Str before_cursor, EditOffer *out);    /* `out` is zeroed */
} EditHooks;

/* `history` is a file of former entries, mode 0600, or NULL for none: what cannot be read or written there is left. */
bool edit_open(const EditHooks *hooks, const char *history, Err *e);
/* An entry, the caller's (free); NULL at the end of input. `start` stands there already to be edited, or is NULL. */
char *edit_read(const char *prompt, const char *start);
/* Into the history, unless it begins with a blank or is the one before again. */
void edit_keep(const char *entry);
#endif

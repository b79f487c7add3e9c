/* A namespace as text and back again: what the log of a run keeps of the rules that decided, so
 * that its decisions can be explained when the playbook has changed since. Definitions are kept as
 * written, args with the value in force; abouts, scope and fields (the host has them by then) are not. */
#ifndef FEEL_SAVE_H
#define FEEL_SAVE_H
#include "feel/rules.h"

/* The namespace that this table stands in, and before it those it uses. */
void rules_save(const TableInfo *t, Buf *out);

typedef struct SavedRules {
  Rules **rules; /* checked; the last is the namespace, the others are those it uses */
  size_t n, cap;
} SavedRules;
/* False and an error when the text is damaged or names what the host does not know any more. */
bool rules_restore(const FeelHost *host, Str saved, SavedRules *out, Err *e);
void saved_free(SavedRules *s);
#endif

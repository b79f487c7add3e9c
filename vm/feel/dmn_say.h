/* Trees of the rules dialect as standard FEEL text. What the standard has no form for (windows, sets of
 * accounts, related rows) cannot be said. */
#ifndef FEEL_DMN_SAY_H
#define FEEL_DMN_SAY_H
#include "feel/ast.h"

typedef struct Say {
  Buf *out;
  TypeKind want;              /* of the column: days as a number or as a duration; T_ANY: as written */
  bool (*is_arg)(void *ctx, Str word); /* is the bare word of a text column the name of an arg? */
  /* The name that an expression goes by, when it is the heading of a column; empty: none. */
  Str (*heading)(void *ctx, Str text);
  void *ctx;
  Str *name;                  /* what the tree leans on, each once; mem_free */
  size_t nname, capname;
} Say;

/* False when it cannot be said; then some of it is in the buffer. */
bool say_expr(Say *s, const Node *x);
bool say_tests(Say *s, const Node *x);    /* N_ANY or N_TESTS */
bool say_template(Say *s, const Node *x); /* N_TEMPLATE as texts and string(…) put together */
bool say_val(Val v, Buf *out);
void say_text(Str text, Buf *out);        /* quoted */
#endif

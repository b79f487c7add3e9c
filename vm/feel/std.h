/* Inside of the standard dialect: what its std_*.c share. Others include standard.h.
 * Functions that give a Val give null after standard_null or after s->e was set. */
#ifndef FEEL_STD_H
#define FEEL_STD_H
#include "feel/moment.h"
#include "feel/standard.h"

/* --- values */

StdKind std_kind(Val v);
Val std_text(Standard *s, Buf *b);                    /* takes the buffer: freed */
Val std_list(Standard *s, const Val *v, size_t n);    /* copies the n values */
static inline bool std_is_true(Val v) { return v.t == V_BOOL && v.u.i; }
static inline bool std_is_false(Val v) { return v.t == V_BOOL && !v.u.i; }
Val std_and(Val a, Val b);                            /* ternary; what is no boolean counts as null */
Val std_or(Val a, Val b);
Val std_not(Val a);
Val std_ordered(Val a, Val b, NodeOp op);             /* OP_LT … OP_GE as V_BOOL, or null */
bool std_context_get(Val context, Str key, Val *out); /* false: v is no context, or has no such entry */
bool std_identical(Val a, Val b);                     /* FEEL's is() */

/* A list that grows in the arena. */
typedef struct Items {
  Val *v;
  size_t n, cap;
} Items;
bool items_add(Standard *s, Items *list, Val v);      /* false: the work has to end */
Val items_val(Standard *s, const Items *l);
/* A list or context just made, with how deep it is nested; null when that is too deep: the work ends. */
Val std_made(Standard *s, Val v);
Val std_made_list(Standard *s, const Val *v, size_t n);
bool std_end(Standard *s, const char *what);          /* sets s->e; false */
bool std_room(Standard *s, size_t more);              /* may a text have so many bytes? false: work ends */

/* --- evaluating */

Val std_arith(Standard *s, NodeOp op, Val a, Val b);  /* + - * / ** */
Val std_negate(Standard *s, Val v);
Val std_property(Standard *s, Val v, Str name);       /* .year, .start …; null and a note: there is none */
Val std_path(Standard *s, Val v, Str name);
Val std_loop(Standard *s, const Node *x, const Scope *scope);       /* N_FOR */
Val std_quantify(Standard *s, const Node *x, const Scope *scope);   /* N_SOME, N_EVERY */
Val std_filter(Standard *s, const Node *x, const Scope *scope);
Val std_in(Standard *s, const Node *x, const Scope *scope);
Val std_range(Standard *s, const Node *x, const Scope *scope);      /* N_RANGE */
Val std_in_range(Standard *s, Val v, Val range);      /* V_BOOL or null */
Val std_invoke(Standard *s, const Node *x, const Scope *scope);     /* N_CALL */
Val std_closure(Standard *s, const Node *x, const Scope *scope);    /* N_FUNCTION */
/* The i-th item of list (1-based, negative from the end) as an index; false: there is none. */
bool std_index(Val number, size_t n, size_t *out);
/* The whole number that `number` begins with; false when it does not fit. */
bool std_whole(Val number, int64_t *out);

/* --- built-in functions */

enum { STD_PARAMS = 7 };

/* One way to call a function. `params`: "sstring,nstart position,?nlength": parameters behind one another,
 * each a letter and its name: n number, s string, b boolean, d date, t time, p date or date and time, e any
 * of the three, D days and time duration, u either duration, l list, c context, r range, f function, q none
 * of these four (a point), a anything. '?' before the letter: may be left out; '!' behind it: may be null (as
 * may an 'a'). Any other null makes the result null. '*' at the end of the only parameter, a list: or its
 * items as so many arguments. '+' at the end of the last: it takes all further arguments, one at least, as
 * a list.
 * Ways of the same name stand together; the first that fits is taken. */
typedef struct Builtin {
  const char *name, *params;
  StdCall call; /* n: how many were given; those left out are null */
  const char *about;
} Builtin;

extern const Builtin std_text_table[], std_number_table[], std_list_table[], std_items_table[],
    std_time_table[], std_range_table[], std_context_table[], std_convert_table[];
extern const size_t std_text_n, std_number_n, std_list_n, std_items_n, std_time_n, std_range_n, std_context_n,
    std_convert_n;
const Builtin *const *std_builtin_list(size_t *n); /* all of them */
Val std_builtin_call(Standard *s, Str name, const Val *arg, const Str *names, size_t n);
bool std_is_function(Val v, size_t params); /* a function that takes so many */
#endif

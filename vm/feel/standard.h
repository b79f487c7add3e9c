/* The standard dialect at run time: FEEL as OMG's DMN 1.5 (chapter 10) has it, dynamically typed.
 *
 * Values are Val (base/val.h) with V_REAL, V_NEVER, V_WINDOW and V_ROW never among them. A V_LIST is
 * u.v[0..n), a V_CONTEXT a ValContext in order of definition, a V_RANGE two endpoints (null = none) and
 * VAL_RANGE_* bits in e, a V_FUNC a StdFunc. Everything a value points to lives in the Arena of its
 * Standard, or longer; nobody frees a value. Two values are not compared with val_order (that is for
 * grouping) but with standard_equal. The flags of a list or context say how deep it is nested: values that a
 * host makes may leave them 0.
 *
 * What the standard calls an error is null here, and `note` is told why. An Err is set only when the work
 * had to end: too many steps, too much memory, too deep, asked to stop (base/stop.h). After that every
 * result is null and the caller gives up. */
#ifndef FEEL_STANDARD_H
#define FEEL_STANDARD_H
#include "base/err.h"
#include "feel/ast.h"

/* --- types (DMN 1.5, 10.3.2.9) */

typedef enum StdKind {
  STD_ANY,
  STD_NULL,
  STD_NUMBER,
  STD_STRING,
  STD_BOOLEAN,
  STD_DATE,
  STD_TIME,
  STD_DATE_TIME,
  STD_DAYS_DURATION,   /* days and time */
  STD_MONTHS_DURATION, /* years and months */
  STD_LIST,
  STD_RANGE,
  STD_CONTEXT,
  STD_FUNCTION
} StdKind;

typedef struct StdType {
  StdKind kind;
  Str name;                         /* of the item definition it came from, or empty; only told in notes */
  const struct StdType *of;         /* element of a list or range, result of a function; NULL = Any */
  size_t n;
  bool open;                        /* STD_FUNCTION: parameters not declared, any function conforms;
                                       STD_CONTEXT: any context */
  const Str *key;                   /* STD_CONTEXT: names of the n entries */
  const struct StdType *const *part;/* STD_CONTEXT: types of the entries; STD_FUNCTION: of the n parameters */
  const Node *allowed;              /* allowed values as unary tests, or NULL: of a value or a list's items */
  const Node *constraint;           /* the same of the value as a whole (typeConstraint), or NULL */
} StdType;

/* "number", "date and time", "Any", …; NULL: none of these. */
const StdType *standard_builtin_type(Str name);

struct Standard;
/* Finds types by name that a text may mention: the item definitions of a model ("tPerson", "imp.tPerson"). */
typedef struct StdTypes {
  const StdType *(*find)(void *ctx, Str name);
  void *ctx;
} StdTypes;
/* "list<tPerson>", "context<a: number>", "function<number>->string", "range<date>", a name. NULL: unknown. */
const StdType *standard_type(Str text, const StdTypes *types, Arena *a);

/* --- names and values at hand */

/* A frame of names; looked up from the inner to the outer. The built-in functions lie outside of all.
 * The implied value of unary tests is an entry named "?". */
typedef struct Scope {
  const struct Scope *up;
  const ValEntry *entry;
  size_t n;
  bool kept; /* it, its entries and what is above live as long as the arena: functions made in it need no copy */
} Scope;
bool standard_find(const Scope *s, Str name, Val *out);

/* --- parsing */

/* Names with blanks or signs that a text may use: keys of the frames and, at any depth, of contexts in them. */
void standard_names(const Scope *s, Arena *a, const Str **out, size_t *n);
/* One expression, whole text. `known`: names with blanks or signs that are in scope (variables and the
 * entries below them); plain names need not be told. NULL and an error that points into the text. */
Node *standard_parse(const Src *src, const Str *known, size_t n, Arena *a, Err *e);
/* Unary tests of a decision table's cell, of allowed values: root N_ANY for "-", else N_TESTS. */
Node *standard_parse_tests(const Src *src, const Str *known, size_t n, Arena *a, Err *e);

/* --- evaluating */

typedef struct Standard {
  Arena *arena;
  Err *e;
  ValClock now;            /* what now() and today() say, with its zone or offset: given, never the clock */
  const StdTypes *types;   /* or NULL */
  /* Why a null came: where (src may be NULL: a built-in called by the host) and a sentence. May be NULL. */
  void (*note)(void *ctx, const Src *src, size_t at, size_t len, const char *text);
  void *note_ctx;
  uint64_t steps;          /* how many are left; standard_init gives STD_STEPS */
  size_t memory;           /* most bytes of the arena */
  unsigned depth;          /* of calls and expressions in one another, now */
  const Node *at;          /* what is being evaluated, for notes */
} Standard;
/* STD_NEST: lists and contexts in one another, so that walkers of values may recurse. STD_TEXT: bytes that a
 * value is printed in. */
enum { STD_STEPS = 50000000, STD_MEMORY = 512 << 20, STD_DEPTH = 4000, STD_NEST = 500, STD_TEXT = 8 << 20 };
void standard_init(Standard *s, Arena *a, Err *e);

Val standard_eval(Standard *s, const Node *x, const Scope *scope);
/* Do the tests accept `input`? V_BOOL or null. The input is "?" inside them. N_ANY: true. */
Val standard_test(Standard *s, const Node *tests, Val input, const Scope *scope);
/* Notes why a null came. Always null, so that callers return it. */
Val standard_null(Standard *s, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* False when the work has to end (s->e is set). Hosts' loops ask it too. */
bool standard_step(Standard *s);

/* --- functions as values */

typedef struct StdFunc StdFunc;
/* arg[0..n) in order of the parameters; n is f->nparam for a host's function. */
typedef Val (*StdCall)(Standard *s, const StdFunc *f, const Val *arg, size_t n);
struct StdFunc {
  Str name;                    /* or empty */
  size_t nparam;
  const Str *param;
  const StdType *const *type;  /* of the parameters: arguments are coerced; NULL, or any of them NULL: Any */
  const StdType *result;       /* the result is coerced; NULL: Any */
  StdCall call;                /* host and built-in functions: n arguments in order of the parameters */
  const void *ctx;             /* call's own */
  const Node *body;            /* or a FEEL body, evaluated in `scope` and the parameters; NULL with
                                  call == NULL: an external function, whose call is null */
  const Scope *scope;
  bool variadic;               /* a built-in, found by its name; hosts leave it false */
};
Val standard_func(const StdFunc *f); /* f lives as long as the value */
/* Calls a V_FUNC. names: parameter names of the arguments, or NULL when by position; parameters that are not
 * named are null. A wrong number, an unknown name or an argument that does not conform gives null and a note. */
Val standard_call(Standard *s, Val callee, const Val *arg, const Str *names, size_t n);
/* The same for a built-in by its name ("sum"), for hosts. Null when there is none. */
bool standard_builtin(Str name, Val *out);
bool standard_is_builtin(Str name);

/* --- comparing, converting, printing */

/* FEEL's "=": V_BOOL, or null when kinds differ. null = null is true. */
Val standard_equal(Standard *s, Val a, Val b);
/* <0, 0, >0 in *order; false: not comparable (null, kinds differ, a kind without order). */
bool standard_compare(Val a, Val b, int *order);
/* Equal to the last entry, as a test case means it: the order of a context's entries does not count,
 * numbers by value. Never null-propagating: null is the same as null only. */
bool standard_same(Val a, Val b);
/* Allowed values included. */
bool standard_conforms(Standard *s, Val v, const StdType *t, const Scope *scope);
/* v as t wants it: itself, [v], the item of a list of one, a date's midnight in UTC where t is date and time;
 * null and a note when it does not conform. t == NULL: v. `scope` is for allowed values; may be NULL. */
Val standard_coerce(Standard *s, Val v, const StdType *t, const Scope *scope);
/* What string(v) gives, also for values inside lists and contexts. null: "null". "…" stands for what is behind
 * STD_TEXT bytes: more of them than STD_TEXT mean that it was cut. */
void standard_print(Val v, Buf *out);
/* Text of a test case's or model's typed value: type "xsd:decimal", "xsd:date" … (the prefix does not count;
 * feel's names too). False: no such type, or the text is none of it. */
bool standard_read(Str type, Str text, Arena *a, Val *out);
const char *standard_kind(Val v); /* "number", "list", "null" … for notes */
Val standard_context(const ValEntry *entry, size_t n, Arena *a);
#endif
